//! The chapters of a plain book, and how a plain book is told from an annotated one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::shelf::Shelf;
use super::{Inputs, order};
use crate::config::Config;
use crate::diag::{Code, Diagnostic, Level};
use crate::model::Dialect;
use crate::parse::summary::Entry;
use crate::parse::{DocKind, include};
use crate::text::{Place, SitePath, Span};

/// Which language a book speaks.
///
/// A plain one has a `SUMMARY.md` and nothing of ours: no actor, claim or source file, which
/// begin with front matter, no key of `[whosaid]` that speaks of annotations, and a text folder
/// that it did not get by the name `content`. `raw-html` and other keys about the site may stand
/// in its `[whosaid]` all the same.
pub fn dialect(inputs: &Inputs, config: &Config, source: &SitePath) -> Dialect {
    let summary = super::fixed("SUMMARY.md").within(source);
    let has_summary = inputs.files.contains_key(&summary);
    let is_ours = config.is_annotated
        || super::shelf::is_vault(inputs, config)
        || config.src.is_none() && source.as_str() == "content";
    let folders = [&config.actors, &config.claims, &config.sources];
    let is_entity = |(path, bytes): (&SitePath, &Arc<[u8]>)| {
        let below = path.below(source).filter(|below| below.extension() == "md");
        let lies_there =
            below.is_some_and(|below| folders.iter().any(|folder| below.below(folder).is_some()));
        let begins = |front: &str| bytes.starts_with(front.as_bytes());
        lies_there && (begins("---\n") || begins("+++\n") || begins("<!-- whosaid"))
    };
    match !has_summary || is_ours || inputs.files.iter().any(is_entity) {
        true => Dialect::Annotated,
        false => Dialect::Plain,
    }
}

/// Whether a book is a plain one, for who has read its files but not yet what they include.
pub fn is_plain(inputs: &Inputs, config: &Config) -> bool {
    let source = super::shelf::source(inputs, config);
    dialect(inputs, config, &source) == Dialect::Plain
}

/// The files that texts include, and that are not among `files`: they lie elsewhere in the book,
/// or around it ([`SitePath::around`]). None whose name begins with a dot, or in a folder of such
/// a name.
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

/// What mdBook publishes all the same weighs as a warning in a book for mdBook, unless the book
/// says otherwise: it reads as it is.
pub fn forgive(config: &mut Config) {
    let forgiven = [
        Code::UnknownFragment,
        Code::DuplicateAnchor,
        Code::BrokenLink,
        Code::MissingImage,
        Code::MissingInclude,
        Code::ForbiddenScheme,
        Code::BeyondLimit,
    ];
    for code in forgiven {
        config.lints.entry(code).or_insert(Level::Warn);
    }
}

/// In a folder of notes much is still to be written: what leads nowhere weighs as a warning.
pub fn forgive_notes(config: &mut Config) {
    let forgiven = [
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
    for code in forgiven {
        config.lints.entry(code).or_insert(Level::Warn);
    }
    // A note is called as its file is.
    config.lints.entry(Code::MissingKey).or_insert(Level::Allow);
}

/// Templates of a theme of mdBook's that lie where mdBook looks for them by itself.
pub fn idle_theme(inputs: &Inputs, config: &Config) -> Option<Diagnostic> {
    let theme = super::fixed("theme");
    let is_template = |path: &&SitePath| path.extension() == "hbs" && path.below(&theme).is_some();
    let found: Vec<&SitePath> = inputs.files.keys().filter(is_template).collect();
    let first = found.first().filter(|_| !config.names_theme)?;
    let names: Vec<String> = found.iter().map(|path| format!("`{path}`")).collect();
    let message = match names.as_slice() {
        [name] => format!("{name} has no effect here"),
        names => format!("{} have no effect here", names.join(", ")),
    };
    let said = Diagnostic::new(
        Code::IdleConfigKey,
        Place::new(first, Span::default()),
        message,
    );
    Some(
        said.label("mdBook's own, passed over")
            .hint(crate::config::HANDLEBARS),
    )
}

impl Shelf {
    /// Takes up the chapters that the summary lists, in its order. One without a file is a page
    /// with its title alone, as mdBook makes it, unless the book wants none.
    pub fn take_chapters(&mut self, inputs: &Inputs, config: &Config) {
        let mut taken: BTreeSet<SitePath> = BTreeSet::new();
        for entry in std::mem::take(&mut self.entries) {
            if let Entry::Chapter {
                title,
                path: Some((written, span)),
                ..
            } = &entry
            {
                let summary = super::fixed("SUMMARY.md").within(&self.source);
                let place = Place::new(&summary, *span);
                self.take_chapter(inputs, config, (title, written), place, &mut taken);
            }
            self.entries.push(entry);
        }
        let not_found = config.input_404.as_ref();
        if let Some(path) = not_found.map(|path| path.within(&self.source))
            && let Some(bytes) = inputs.files.get(&path)
            && !taken.contains(&path)
            && let Some(text) = self.text(&path, bytes)
        {
            self.documents.push((path.clone(), DocKind::Briefing, text));
            self.not_found = Some(path);
        }
        self.unlisted.retain(|path| !taken.contains(path));
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
                .push(order::no_chapter(place, written).hint(order::TO_COME));
        };
        if !taken.insert(path.clone()) {
            return self.diagnostics.push(listed_twice(place, written));
        }
        let text = match inputs.files.get(&path) {
            Some(bytes) => self.text(&path, bytes),
            None => {
                let meant = unescaped(inputs, &path);
                let meant = meant.map(|file| file.below(&self.source).unwrap_or(file));
                let hint = match config.create_missing {
                    _ if meant.is_some() => "mdBook reads `%20` alone in an address of SUMMARY.md",
                    true => "write the file; until then its page holds the title alone",
                    false => order::TO_COME,
                };
                let meant = meant.map(|file| format!("did you mean `<{file}>`?"));
                let told = order::no_chapter(place, written)
                    .maybe_hint(meant)
                    .hint(hint);
                self.diagnostics.push(told);
                config
                    .create_missing
                    .then(|| format!("# {}\n", title.replace('<', "&lt;")).into())
            }
        };
        if let Some(text) = text {
            self.documents.push((path, DocKind::Briefing, text));
        }
    }
}

/// The file that an escaped address of the summary means, below the folder of the summary.
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
        format!("`{written}` in SUMMARY.md is an address elsewhere"),
    )
    .label("a chapter is a file of the book")
    .hint("link to it in the text of a chapter")
}

pub(super) fn listed_twice(place: Place, written: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableSummary,
        place,
        format!("`{written}` is listed twice in SUMMARY.md"),
    )
    .label("a chapter has one place in the book")
    .hint("take one of the two out")
}
