//! The files of a book, sorted by their role.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Inputs, chapters, fixed, strays};
use crate::card::Fonts;
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::html;
use crate::model::Dialect;
use crate::parse::DocKind;
use crate::parse::include;
use crate::parse::summary::{self, Entry};
use crate::text::{Place, SitePath, SourceMap, SourceText, Span};
use crate::theme;

/// The maximum size of a text or template in bytes.
pub const LARGEST_TEXT: usize = 4 * 1024 * 1024;
/// The maximum size of a bibliography in bytes.
pub const LARGEST_BIBLIOGRAPHY: usize = 32 * 1024 * 1024;

/// A document, or the part of its text that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub kind: DocKind,
    pub text: SourceText,
}

/// The book's files by their role.
pub struct Shelf {
    /// The source folder.
    pub source: SitePath,
    /// Documents in the order of their paths.
    pub documents: Vec<Document>,
    pub dialect: Dialect,
    /// The entries of `SUMMARY.md`, if there is one.
    pub entries: Vec<Entry>,
    pub summary: Option<SitePath>,
    /// Markdown files that a plain book does not list.
    pub unlisted: Vec<SitePath>,
    /// The text of the 404 page of a plain book.
    pub not_found: Option<SitePath>,
    /// The titles that files set for their pages.
    pub titles: BTreeMap<SitePath, String>,
    pub bibliographies: Vec<SourceText>,
    /// The book's own templates, by name.
    pub templates: BTreeMap<String, Arc<str>>,
    /// Files that are copied unchanged, by address.
    pub copied: BTreeMap<SitePath, Arc<[u8]>>,
    /// Files in `static`, by name.
    pub own_static: BTreeMap<SitePath, Arc<[u8]>>,
    /// Their places.
    pub fixed: BTreeMap<SitePath, Place>,
    /// The sizes of the images among the copied files.
    pub sizes: BTreeMap<SitePath, html::Size>,
    /// Style sheets of the book, by address, in the order of their links.
    pub styles: Vec<SitePath>,
    /// Scripts of the book, by address, in the order of their links.
    pub scripts: Vec<SitePath>,
    /// Fonts of the book for cards.
    pub fonts: Vec<Arc<[u8]>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// True if the whole folder of the book is an Obsidian vault.
fn is_vault_itself(inputs: &Inputs) -> bool {
    inputs.options.vault.as_ref().is_some_and(SitePath::is_root)
}

/// True if the texts are notes of a vault.
pub fn is_vault(inputs: &Inputs, config: &Config) -> bool {
    config.obsidian.unwrap_or(inputs.options.vault.is_some())
}

/// True if a file of a vault is a template for notes, or a drawing, whose text is for an Obsidian
/// plugin only.
fn is_no_note(below: &SitePath) -> bool {
    let folder = below.parent().unwrap_or("");
    let mut folders = folder.split('/').map(|name| name.trim_start_matches('_'));
    let is_template = folders.any(|name| name.eq_ignore_ascii_case("templates"));
    let name = below.as_str();
    name.ends_with(".excalidraw.md") || is_template && name.ends_with(".md")
}

/// Returns the text folder.
pub fn source(inputs: &Inputs, config: &Config) -> SitePath {
    let content = fixed("content");
    let mut files = inputs.files.keys();
    let has_content = files.any(|path| path.below(&content).is_some());
    config.source_folder(has_content, is_vault_itself(inputs))
}

/// Sorts the files of a book, expands includes, and uses the results of preprocessors.
pub fn sort(inputs: &Inputs, config: &Config) -> Shelf {
    let mut shelf = unexpanded(inputs, config);
    let rework = inputs.options.rework.as_deref();
    if let Some(raw) = rework.and_then(|rework| rework.raw.as_deref()) {
        shelf.rework(raw);
    }
    if config.expand_includes {
        shelf.include(inputs);
    }
    if let Some(expanded) = rework.and_then(|rework| rework.expanded.as_deref()) {
        shelf.rework(expanded);
    }
    if is_vault(inputs, config) {
        shelf.read_notes();
    }
    shelf
}

/// Sorts the files of a book, with unchanged texts.
pub fn unexpanded(inputs: &Inputs, config: &Config) -> Shelf {
    let source = source(inputs, config);
    let mut shelf = Shelf {
        source: source.clone(),
        documents: Vec::new(),
        dialect: chapters::dialect(inputs, config, &source),
        entries: Vec::new(),
        summary: None,
        unlisted: Vec::new(),
        not_found: None,
        titles: BTreeMap::new(),
        bibliographies: Vec::new(),
        templates: BTreeMap::new(),
        copied: BTreeMap::new(),
        own_static: BTreeMap::new(),
        fixed: BTreeMap::new(),
        sizes: BTreeMap::new(),
        styles: Vec::new(),
        scripts: Vec::new(),
        fonts: Vec::new(),
        diagnostics: Vec::new(),
    };
    let templates = fixed(theme::FOLDER);
    let own_static = fixed("static");
    let is_vault = is_vault(inputs, config);
    // Files around the book can be included, but are not part of it.
    let files = inputs.files.iter();
    for (path, bytes) in files.filter(|(path, _)| path.around().is_none()) {
        let is_ours = path.below(&templates).or(path.below(&own_static)).is_some();
        if let Some(below) = path
            .below(&source)
            .filter(|_| !source.is_root() || !is_ours)
        {
            if is_vault && is_no_note(&below) {
                continue;
            }
            shelf.source_file(path, below, bytes, config);
        } else if let Some(name) = path.below(&templates) {
            // Templates for notes are not page templates.
            if is_vault && name.extension() == "md" {
                continue;
            }
            if let Some(text) = shelf.text(path, bytes) {
                shelf.templates.insert(name.to_string(), text);
            }
        } else if let Some(name) = path.below(&own_static) {
            let place = Place::whole(path);
            shelf.fixed.insert(name.clone(), place);
            shelf.own_static.insert(name, bytes.clone());
        } else if path.as_str() == "theme.css" {
            shelf.copied.insert(path.clone(), bytes.clone());
        }
    }
    if shelf.dialect == Dialect::Plain {
        shelf.take_chapters(inputs, config);
    }
    shelf.add(inputs, config);
    shelf.sizes = shelf.image_sizes();
    let documents = shelf.documents.iter().map(|it| it.text.file().clone());
    let copied = shelf.copied.keys().map(|path| path.within(&source));
    let named = strays::unportable(documents.chain(copied));
    shelf.diagnostics.extend(named);
    for path in &config.bibliography {
        if !shelf
            .bibliographies
            .iter()
            .any(|text| *text.file() == path.within(&source))
        {
            shelf.diagnostics.push(missing_bibliography(config, path));
        }
    }
    shelf
}

impl Shelf {
    /// Removes documents that are not published from the summary.
    pub fn leave_out_of_summary(&mut self, files: &[SitePath]) {
        if let Some(summary) = &self.summary {
            self.entries
                .retain(|entry| !is_one_of(entry, summary, files));
        }
    }

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
            self.copied.insert(below, bytes.clone());
            return;
        }
        if self.dialect == Dialect::Plain && below.as_str() != "SUMMARY.md" {
            self.unlisted.push(path.clone());
            return;
        }
        let Some(text) = self.text(path, bytes) else {
            return;
        };
        // A new file, before its author has written into it.
        if text.trim().is_empty() && self.dialect == Dialect::Annotated {
            self.diagnostics.push(empty_file(path));
            return;
        }
        if below.as_str() == "SUMMARY.md" {
            let mut summary = summary::read(&SourceText::new(path, text));
            self.diagnostics.append(&mut summary.diagnostics);
            self.entries = summary.entries;
            self.summary = Some(path.clone());
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
                        self.copied.insert(path.clone(), bytes.clone());
                        found.push(path.clone());
                    }
                }
            }
            found
        };
        let styles = there(&config.additional_css);
        self.scripts = there(&config.additional_js);
        let own = self.copied.contains_key(&theme).then_some(theme);
        self.styles = styles.into_iter().chain(own).collect();
        for path in &config.card_fonts {
            match inputs.files.get(path) {
                None => self.diagnostics.push(missing_addition(config, path)),
                Some(bytes) if Fonts::reads(bytes) => self.fonts.push(bytes.clone()),
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
        let files = self.copied.iter().filter(|(path, _)| is_image(path));
        let sized = files.filter_map(|(path, bytes)| Some((path.clone(), html::size(bytes)?)));
        sized.collect()
    }

    /// Expands the includes of documents.
    fn include(&mut self, inputs: &Inputs) {
        // A file that is included often is copied once.
        let known: RefCell<HashMap<SitePath, Option<Arc<str>>>> = RefCell::default();
        let read = |path: &SitePath| {
            let mut known = known.borrow_mut();
            let text = known.entry(path.clone()).or_insert_with(|| {
                let text = std::str::from_utf8(inputs.files.get(path)?).ok()?;
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
                self.titles.insert(path.clone(), title);
            }
            self.diagnostics.append(&mut expanded.diagnostics);
            *text = expanded.text;
        }
    }

    /// Returns the file as text, or reports a diagnostic.
    pub fn text(&mut self, path: &SitePath, bytes: &Arc<[u8]>) -> Option<Arc<str>> {
        self.text_within(LARGEST_TEXT, path, bytes)
    }

    fn text_within(&mut self, most: usize, path: &SitePath, bytes: &Arc<[u8]>) -> Option<Arc<str>> {
        if bytes.len() > most {
            self.diagnostics.push(too_large(path, bytes.len(), most));
            return None;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.into()),
            Err(error) => {
                self.diagnostics.push(not_utf8(path, error.valid_up_to()));
                None
            }
        }
    }
}

/// Returns the diagnostic for a file that is not UTF-8.
pub fn not_utf8(path: &SitePath, at: usize) -> Diagnostic {
    let place = SourceMap::new(path).place(Span::new(at..at + 1));
    Diagnostic::new(Code::NotUtf8, place, format!("`{path}` is not UTF-8"))
        .label(format!("byte {at} is part of no character"))
        .hint("save the file as UTF-8")
}

fn too_large(path: &SitePath, size: usize, most: usize) -> Diagnostic {
    let place = Place::whole(path);
    let most = most / 1024 / 1024;
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("`{path}` is too large: {size} bytes"),
    )
    .label(format!("at most {most} MiB are read"))
    .hint("take it apart")
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
    .label("neither TrueType nor OpenType")
    .hint("name a `.ttf` or `.otf` file; a web font has to be converted")
}

fn missing_addition(config: &Config, path: &SitePath) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableConfig,
        named(config, path),
        format!("there is no file `{path}`"),
    )
    .label("no such file in the book")
    .hint("write its path relative to `book.toml`")
}

/// True if a chapter of the summary is one of `files`.
fn is_one_of(entry: &Entry, summary: &SitePath, files: &[SitePath]) -> bool {
    match entry {
        Entry::Chapter {
            path: Some((written, _)),
            ..
        } => summary
            .sibling(written)
            .is_ok_and(|file| files.contains(&file)),
        Entry::Chapter { path: None, .. } | Entry::Part(_) | Entry::Separator => false,
    }
}

fn empty_file(path: &SitePath) -> Diagnostic {
    Diagnostic::new(
        Code::EmptyFile,
        Place::whole(path),
        format!("`{path}` is empty, so it has no page"),
    )
    .label("an empty file")
    .hint("write a first line such as `# Title`, or delete the file")
}

fn missing_bibliography(config: &Config, path: &SitePath) -> Diagnostic {
    let place = config
        .bibliography_place
        .clone()
        .unwrap_or_else(|| Place::whole(&fixed("book.toml")));
    Diagnostic::new(
        Code::UnreadableBibliography,
        place,
        format!("there is no bibliography `{path}`"),
    )
    .label("no such file below the source folder")
    .hint("write its path relative to the source folder")
}
