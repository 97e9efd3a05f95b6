//! The chapters of a plain book, and the distinction between plain and annotated books.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Inputs;
use super::book_files::{BookFiles, Document};
use crate::config::Config;
use crate::diag::{Code, Diagnostic, Level};
use crate::model::Dialect;
use crate::parse::summary::Entry;
use crate::parse::{DocKind, include};
use crate::text::{Place, SitePath, SourceText, Spellings};

/// Returns the dialect of a book.
///
/// A plain book has a `SUMMARY.md` and nothing of whosaid: no actor, claim or source file with
/// front matter, no key of `[whosaid]` that concerns annotations, and no text folder that is found
/// only by the name `content`. Keys about the site, such as `raw-html`, can be in its `[whosaid]`.
pub fn dialect(inputs: &Inputs, config: &Config, source: &SitePath) -> Dialect {
    let summary = super::fixed("SUMMARY.md").within(source);
    let has_summary = inputs.files.contains_key(&summary);
    let is_ours = config.is_annotated
        || super::settings::is_vault(inputs, config)
        || config.src.is_none() && source.as_str() == "content";
    let folders = [&config.actors, &config.claims, &config.sources];
    let is_entity = |(path, bytes): (&SitePath, &Arc<[u8]>)| {
        let below = path.below(source).filter(|below| below.extension() == "md");
        let lies_there =
            below.is_some_and(|below| folders.iter().any(|folder| below.below(folder).is_some()));
        let begins = |front: &str| bytes.starts_with(front.as_bytes());
        lies_there && (begins("---\n") || begins("+++\n") || begins("<!-- whosaid"))
    };
    if !has_summary || is_ours || inputs.files.iter().any(is_entity) {
        Dialect::Annotated
    } else {
        Dialect::Plain
    }
}

/// True if a book is plain. For callers that have read its files, but not yet the files that these
/// include.
pub fn is_plain(inputs: &Inputs, config: &Config) -> bool {
    let source = super::settings::source(inputs, config);
    dialect(inputs, config, &source) == Dialect::Plain
}

/// Returns the files that texts include and that are not in `files`: elsewhere in the book, or in
/// its project ([`SitePath::around`]). Hidden files, and files in hidden folders, are left out.
pub fn included(files: &BTreeMap<SitePath, Arc<[u8]>>) -> BTreeSet<SitePath> {
    let holds = |bytes: &[u8]| memchr::memmem::find(bytes, b"{{").is_some();
    let texts = files.iter().filter(|(_, bytes)| holds(bytes));
    let texts = texts.filter_map(|(path, bytes)| Some((path, std::str::from_utf8(bytes).ok()?)));
    let named = texts.flat_map(|(path, text)| include::named(path, text));
    let is_hidden = |path: &SitePath| match path.around() {
        Some((_, path)) => path.is_hidden(),
        None => path.is_hidden(),
    };
    named
        .filter(|path| !files.contains_key(path) && !is_hidden(path))
        .collect()
}

/// Sets diagnostics for problems that mdBook ignores to warnings in a plain book, unless the book
/// sets other levels.
pub fn relax_levels(config: &mut Config) {
    let relaxed = [
        Code::UnknownFragment,
        Code::DuplicateAnchor,
        Code::BrokenLink,
        Code::MissingImage,
        Code::MissingInclude,
        Code::ForbiddenScheme,
        Code::BeyondLimit,
        Code::UnportableName,
    ];
    for code in relaxed {
        config.lints.entry(code).or_insert(Level::Warn);
    }
}

/// Sets diagnostics for broken links to warnings in a vault, because many notes are not written
/// yet.
pub fn relax_levels_of_notes(config: &mut Config) {
    let relaxed = [
        Code::UnknownPage,
        Code::UnknownFragment,
        Code::DuplicateAnchor,
        Code::BrokenLink,
        Code::MissingImage,
        Code::ForbiddenScheme,
        Code::UnreadableValue,
        Code::ImpossibleDate,
        Code::UnreadableFrontMatter,
    ];
    for code in relaxed {
        config.lints.entry(code).or_insert(Level::Warn);
    }
    // The title of a note is its file name.
    config.lints.entry(Code::MissingKey).or_insert(Level::Allow);
}

/// Reports templates of an mdBook theme in its default folder.
pub fn unused_theme(inputs: &Inputs, config: &Config) -> Option<Diagnostic> {
    let theme = super::fixed("theme");
    let is_template = |path: &&SitePath| path.extension() == "hbs" && path.below(&theme).is_some();
    let found: Vec<&SitePath> = inputs.files.keys().filter(is_template).collect();
    let first = found.first().filter(|_| !config.names_theme)?;
    let names: Vec<String> = found.iter().map(|path| format!("`{path}`")).collect();
    let message = match names.as_slice() {
        [name] => format!("{name} has no effect here"),
        names => format!("{} have no effect here", names.join(", ")),
    };
    let said = Diagnostic::new(Code::IdleConfigKey, Place::whole(first), message);
    Some(
        said.label("only mdBook uses this file; whosaid ignores it")
            .hint(crate::config::HANDLEBARS),
    )
}

impl BookFiles {
    /// Adds the chapters of the summary, in its order. A chapter without a file is a page with only
    /// its title, as in mdBook, unless the book turns that off.
    pub fn take_chapters(&mut self, inputs: &Inputs, config: &Config) {
        let mut taken: BTreeSet<SitePath> = BTreeSet::new();
        for entry in std::mem::take(&mut self.contents.entries) {
            if let Entry::Chapter {
                title,
                path: Some((written, place)),
                ..
            } = &entry
            {
                let place = place.clone();
                self.take_chapter(inputs, config, (title, written), place, &mut taken);
            }
            self.contents.entries.push(entry);
        }
        let not_found = config.input_404.as_ref();
        if let Some(path) = not_found.map(|path| path.within(&self.contents.source))
            && let Some(bytes) = inputs.files.get(&path)
            && !taken.contains(&path)
            && let Some(text) = self.text(&path, bytes)
        {
            let text = SourceText::new(&path, text);
            let kind = DocKind::Briefing;
            self.documents.push(Document { kind, text });
            self.contents.not_found = Some(path);
        }
        self.contents.unlisted.retain(|path| !taken.contains(path));
    }

    fn take_chapter(
        &mut self,
        inputs: &Inputs,
        config: &Config,
        (title, written): (&str, &str),
        place: Place,
        taken: &mut BTreeSet<SitePath>,
    ) {
        let is_elsewhere = written.contains("://") || written.starts_with("mailto:");
        if is_elsewhere {
            return self.diagnostics.push(external(place, written));
        }
        let Ok(path) = place.file.sibling(written) else {
            return self
                .diagnostics
                .push(no_chapter(place, written).hint(TO_COME));
        };
        let path = if inputs.files.contains_key(&path) {
            path
        } else {
            Spellings::new(inputs.files.keys()).of(path)
        };
        if !taken.insert(path.clone()) {
            return self.diagnostics.push(listed_twice(place, written));
        }
        let text = match inputs.files.get(&path) {
            Some(bytes) => self.text(&path, bytes),
            None => {
                let meant = unescaped(inputs, &path);
                let meant = meant.map(|file| file.below(&self.contents.source).unwrap_or(file));
                let hint = match config.create_missing {
                    _ if meant.is_some() => {
                        "escape only spaces, as `%20`: mdBook decodes no \
                                             other escape in SUMMARY.md"
                    }
                    true => "create the file; until then its page contains only the title",
                    false => TO_COME,
                };
                let meant = meant.map(|file| format!("did you mean `<{file}>`?"));
                let told = no_chapter(place, written).maybe_hint(meant).hint(hint);
                self.diagnostics.push(told);
                config
                    .create_missing
                    .then(|| format!("# {}\n", title.replace('<', "&lt;")).into())
            }
        };
        if let Some(text) = text {
            let text = SourceText::new(&path, text);
            let kind = DocKind::Briefing;
            self.documents.push(Document { kind, text });
        }
    }
}

/// Returns the file for an escaped address in the summary, relative to the folder of the summary.
fn unescaped(inputs: &Inputs, path: &SitePath) -> Option<SitePath> {
    if !path.as_str().contains('%') {
        return None;
    }
    let mut files = inputs.files.keys();
    files.find(|file| file.address() == path.as_str()).cloned()
}

fn external(place: Place, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableSummary,
        place,
        format!("external address `{written}` in SUMMARY.md"),
    )
    .label("expected a file of the book")
    .hint("link to the address in the text of a chapter")
}

pub(super) fn listed_twice(place: Place, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableSummary,
        place,
        format!("duplicate chapter `{written}` in SUMMARY.md"),
    )
    .label("already listed above")
    .hint("remove one of the two lines")
}

/// The hint for a line of the summary without a file.
pub(super) const TO_COME: &str =
    "create the file, or leave the address empty for a planned chapter";

/// Returns the diagnostic for a line of the summary that leads to no file.
pub(super) fn no_chapter(place: Place, target: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BrokenLink,
        place,
        format!("chapter `{target}` not found"),
    )
    .label("no such file below the source folder")
}
