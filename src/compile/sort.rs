//! Sorts the files of a book by their role.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::book_files::{BookFiles, Document, LARGEST_BIBLIOGRAPHY};
use super::settings::{is_vault, source};
use super::{Inputs, chapters, fixed, strays};
use crate::card::Fonts;
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::html;
use crate::model::Dialect;
use crate::parse::DocKind;
use crate::parse::include;
use crate::parse::summary;
use crate::text::{Place, SitePath, SourceText, Spellings};
use crate::theme;

/// True if a file of a vault is a template for notes, or a drawing, whose text is for an Obsidian
/// plugin only.
fn is_no_note(below: &SitePath) -> bool {
    let folder = below.parent().unwrap_or("");
    let mut folders = folder.split('/').map(|name| name.trim_start_matches('_'));
    let is_template = folders.any(|name| name.eq_ignore_ascii_case("templates"));
    let name = below.as_str();
    name.ends_with(".excalidraw.md") || is_template && name.ends_with(".md")
}

/// Sorts the files of a book, expands includes, and uses the results of preprocessors.
pub fn sort(inputs: &Inputs, config: &Config) -> BookFiles {
    let mut files = unexpanded(inputs, config);
    let preprocessed = inputs.options.preprocessed.as_deref();
    if let Some(raw) = preprocessed.and_then(|preprocessed| preprocessed.raw.as_deref()) {
        files.use_preprocessed(raw);
    }
    if config.expand_includes {
        files.include(inputs);
    }
    if let Some(expanded) = preprocessed.and_then(|preprocessed| preprocessed.expanded.as_deref()) {
        files.use_preprocessed(expanded);
    }
    if is_vault(inputs, config) {
        files.read_notes();
    }
    files
}

/// Sorts the files of a book, with unchanged texts.
pub fn unexpanded(inputs: &Inputs, config: &Config) -> BookFiles {
    let source = source(inputs, config);
    let mut files = BookFiles::new(source.clone(), chapters::dialect(inputs, config, &source));
    let templates = fixed(theme::FOLDER);
    let own_static = fixed("static");
    let is_vault = is_vault(inputs, config);
    // Files around the book can be included, but are not part of it.
    let own = inputs.files.iter();
    for (path, bytes) in own.filter(|(path, _)| path.around().is_none()) {
        let is_ours = path.below(&templates).or(path.below(&own_static)).is_some();
        if let Some(below) = path
            .below(&source)
            .filter(|_| !source.is_root() || !is_ours)
        {
            if is_vault && is_no_note(&below) {
                continue;
            }
            files.source_file(path, below, bytes, config);
        } else if let Some(name) = path.below(&templates) {
            // Templates for notes are not page templates.
            if is_vault && name.extension() == "md" {
                continue;
            }
            if let Some(text) = files.text(path, bytes) {
                files.assets.templates.insert(name.to_string(), text);
            }
        } else if let Some(name) = path.below(&own_static) {
            let place = Place::whole(path);
            files.assets.fixed.insert(name.clone(), place);
            files.assets.own_static.insert(name, bytes.clone());
        } else if path.as_str() == "theme.css" {
            files.assets.copied.insert(path.clone(), bytes.clone());
        }
    }
    if files.contents.dialect == Dialect::Plain {
        files.take_chapters(inputs, config);
    }
    files.add(inputs, config);
    files.assets.sizes = files.image_sizes();
    let documents = files.documents.iter().map(|it| it.text.file().clone());
    let copied = files.assets.copied.keys().map(|path| path.within(&source));
    let named = strays::unportable(documents.chain(copied));
    files.diagnostics.extend(named);
    for path in &config.bibliography {
        if !files
            .bibliographies
            .iter()
            .any(|text| *text.file() == path.within(&source))
        {
            files.diagnostics.push(missing_bibliography(config, path));
        }
    }
    files
}

impl BookFiles {
    fn source_file(
        &mut self,
        path: &SitePath,
        below: SitePath,
        bytes: &Arc<[u8]>,
        config: &Config,
    ) {
        if config.bibliography.contains(&below) {
            if let Some(text) = self.text_within(LARGEST_BIBLIOGRAPHY, path, bytes) {
                self.bibliographies.push(SourceText::new(path, text));
            }
            return;
        }
        if strays::is_never_published(&below) {
            return;
        }
        if below.extension() != "md" {
            self.assets.copied.insert(below, bytes.clone());
            return;
        }
        if self.contents.dialect == Dialect::Plain && below.as_str() != "SUMMARY.md" {
            self.contents.unlisted.push(path.clone());
            return;
        }
        let Some(text) = self.text(path, bytes) else {
            return;
        };
        // A new file, before its author has written into it.
        if text.trim().is_empty() && self.contents.dialect == Dialect::Annotated {
            self.diagnostics.push(empty_file(path));
            return;
        }
        if below.as_str() == "SUMMARY.md" {
            let mut summary = summary::read(&SourceText::new(path, text));
            self.diagnostics.append(&mut summary.diagnostics);
            self.contents.entries = summary.entries;
            self.contents.summary = Some(path.clone());
            return;
        }
        let folders = [
            (&config.actors, DocKind::Actor),
            (&config.claims, DocKind::Claim),
            (&config.sources, DocKind::Source),
        ];
        let kind = folders
            .into_iter()
            .find(|(folder, _)| below.below(folder).is_some());
        let kind = match kind {
            _ if config.input_404.as_ref() == Some(&below) => DocKind::Astray,
            Some((_, kind)) => kind,
            None => DocKind::Briefing,
        };
        let text = SourceText::new(path, text);
        self.documents.push(Document { kind, text });
    }

    /// Adds the style sheets and scripts that the book links on every page. `theme.css` is last.
    fn add(&mut self, inputs: &Inputs, config: &Config) {
        let theme = fixed("theme.css");
        let mut there = |files: &[SitePath]| -> Vec<SitePath> {
            let mut found: Vec<SitePath> = Vec::new();
            for path in files {
                match inputs.files.get(path) {
                    None => self.diagnostics.push(missing_addition(config, path)),
                    Some(_) if *path == theme || found.contains(path) => {}
                    Some(bytes) => {
                        self.assets.copied.insert(path.clone(), bytes.clone());
                        found.push(path.clone());
                    }
                }
            }
            found
        };
        let styles = there(&config.additional_css);
        self.assets.scripts = there(&config.additional_js);
        let own = self.assets.copied.contains_key(&theme).then_some(theme);
        self.assets.styles = styles.into_iter().chain(own).collect();
        for path in &config.card_fonts {
            match inputs.files.get(path) {
                None => self.diagnostics.push(missing_addition(config, path)),
                Some(bytes) if Fonts::reads(bytes) => self.assets.fonts.push(bytes.clone()),
                Some(_) => self.diagnostics.push(no_font(config, path)),
            }
        }
    }

    /// Returns the sizes of the images that texts can show.
    fn image_sizes(&self) -> BTreeMap<SitePath, html::Size> {
        const IMAGES: [&str; 6] = ["gif", "jpeg", "jpg", "png", "svg", "webp"];
        let is_image = |path: &SitePath| {
            let extension = path.extension().to_ascii_lowercase();
            IMAGES.contains(&extension.as_str())
        };
        let files = self.assets.copied.iter().filter(|(path, _)| is_image(path));
        let sized = files.filter_map(|(path, bytes)| Some((path.clone(), html::size(bytes)?)));
        sized.collect()
    }

    /// Expands the includes of documents.
    fn include(&mut self, inputs: &Inputs) {
        // A file that is included often is copied once.
        let known: RefCell<HashMap<SitePath, Option<Arc<str>>>> = RefCell::default();
        let spellings = Spellings::new(inputs.files.keys());
        let read = |path: &SitePath| {
            let mut known = known.borrow_mut();
            let text = known.entry(path.clone()).or_insert_with(|| {
                let own = inputs.files.get(path);
                let bytes = own.or_else(|| inputs.files.get(&spellings.of(path.clone())));
                let text = std::str::from_utf8(bytes?).ok()?;
                Some(Arc::from(text))
            });
            text.clone()
        };
        let mut room = Some(include::BOOK);
        for Document { text, .. } in &mut self.documents {
            let path = text.file();
            let Some(left) = room else {
                if !include::named(path, text.as_str()).is_empty() {
                    self.diagnostics.push(include::too_much_together(path));
                }
                continue;
            };
            let mut expanded = include::expand(text, &read);
            let growth = expanded.text.as_str().len();
            let growth = growth.saturating_sub(text.as_str().len());
            room = left.checked_sub(growth);
            if room.is_none() {
                self.diagnostics.push(include::too_much_together(path));
                continue;
            }
            if let Some(title) = expanded.title.take() {
                self.contents.titles.insert(path.clone(), title);
            }
            self.diagnostics.append(&mut expanded.diagnostics);
            *text = expanded.text;
        }
    }
}

/// Returns the place at which `book.toml` names a file.
fn named(config: &Config, path: &SitePath) -> Place {
    let place = config.additional_places.get(path).cloned();
    place.unwrap_or_else(|| Place::whole(&fixed("book.toml")))
}

fn no_font(config: &Config, path: &SitePath) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableConfig,
        named(config, path),
        format!("`{path}` is not a font"),
    )
    .label("expected TrueType or OpenType")
    .hint("use a `.ttf` or `.otf` file; convert web fonts to one of these")
}

fn missing_addition(config: &Config, path: &SitePath) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableConfig,
        named(config, path),
        format!("file `{path}` not found"),
    )
    .label("no such file in the book")
    .hint("write the path relative to `book.toml`")
}

fn empty_file(path: &SitePath) -> Diagnostic {
    Diagnostic::new(
        Code::EmptyFile,
        Place::whole(path),
        format!("`{path}` is empty, so it has no page"),
    )
    .label("an empty file")
    .hint("add a first line such as `# Title`, or delete the file")
}

fn missing_bibliography(config: &Config, path: &SitePath) -> Diagnostic {
    let place = config
        .bibliography_place
        .clone()
        .unwrap_or_else(|| Place::whole(&fixed("book.toml")));
    Diagnostic::new(
        Code::UnreadableBibliography,
        place,
        format!("bibliography `{path}` not found"),
    )
    .label("no such file below the source folder")
    .hint("write the path relative to the source folder")
}
