//! The files of a book, sorted by what they are.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::{Inputs, chapters, fixed};
use crate::card::Fonts;
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::html;
use crate::model::Dialect;
use crate::parse::DocKind;
use crate::parse::include::{self, Expanded};
use crate::parse::summary::{self, Entry};
use crate::text::{Place, SitePath, Span};
use crate::theme;

/// A text or template larger than this, in bytes, is not read.
pub const LARGEST_TEXT: usize = 4 * 1024 * 1024;
/// A bibliography larger than this, in bytes, is not read.
pub const LARGEST_BIBLIOGRAPHY: usize = 32 * 1024 * 1024;

/// The book's files by their role.
pub struct Shelf {
    /// The source folder.
    pub source: SitePath,
    /// Documents in the order of their paths.
    pub documents: Vec<(SitePath, DocKind, Arc<str>)>,
    /// What documents include, so that a diagnostic can be told of the file it belongs to.
    pub expanded: BTreeMap<SitePath, Expanded>,
    /// What notes embed, as bytes of their texts: it is told of where it was written.
    pub embedded: BTreeMap<SitePath, Vec<Range<usize>>>,
    pub dialect: Dialect,
    /// What `SUMMARY.md` lists, where there is one.
    pub entries: Vec<Entry>,
    pub summary: Option<SitePath>,
    /// Markdown that a plain book does not list.
    pub unlisted: Vec<SitePath>,
    /// The text for an address that leads nowhere, of a plain book.
    pub not_found: Option<SitePath>,
    /// The titles that files give their pages.
    pub titles: BTreeMap<SitePath, String>,
    pub bibliographies: Vec<(SitePath, Arc<str>)>,
    /// Own templates, by name.
    pub templates: BTreeMap<String, Arc<str>>,
    /// Files that are copied as they are, by address.
    pub copied: BTreeMap<SitePath, Arc<[u8]>>,
    /// Own files of the theme, by name.
    pub own_static: BTreeMap<SitePath, Arc<[u8]>>,
    /// Where these were written.
    pub fixed: BTreeMap<SitePath, Place>,
    /// How large the images are among the files that are copied.
    pub sizes: BTreeMap<SitePath, html::Size>,
    /// Style sheets of the book, by address, in the order of their links.
    pub styles: Vec<SitePath>,
    /// Scripts of the book, by address, in the order of their links.
    pub scripts: Vec<SitePath>,
    /// Fonts of the book for cards.
    pub fonts: Vec<Arc<[u8]>>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether the book's folder is one of Obsidian's, as a whole.
fn is_vault_itself(inputs: &Inputs) -> bool {
    inputs.options.vault.as_ref().is_some_and(SitePath::is_root)
}

/// Whether the texts are notes of Obsidian's.
pub fn is_vault(inputs: &Inputs, config: &Config) -> bool {
    config.obsidian.unwrap_or(inputs.options.vault.is_some())
}

/// Whether a file in a folder of Obsidian's is one to begin notes with, or a drawing, whose text is
/// for a plugin of Obsidian's alone.
fn is_no_note(below: &SitePath) -> bool {
    let folder = below.parent().unwrap_or("");
    let mut folders = folder.split('/').map(|name| name.trim_start_matches('_'));
    let is_template = folders.any(|name| name.eq_ignore_ascii_case("templates"));
    let name = below.as_str();
    name.ends_with(".excalidraw.md") || is_template && name.ends_with(".md")
}

/// The folder of the text.
pub fn source(inputs: &Inputs, config: &Config) -> SitePath {
    let content = fixed("content");
    let mut files = inputs.files.keys();
    let has_content = files.any(|path| path.below(&content).is_some());
    config.source_folder(has_content, is_vault_itself(inputs))
}

/// Sorts the files of a book, and puts in place what texts include and what programs made of
/// them.
pub fn sort(inputs: &Inputs, config: &Config) -> Shelf {
    let mut shelf = unexpanded(inputs, config);
    let rework = inputs.options.rework.as_deref();
    if let Some(raw) = rework.and_then(|rework| rework.raw.as_deref()) {
        shelf.rework(raw);
    }
    if config.puts_includes {
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

/// Sorts the files of a book, every text as it lies in its file.
pub fn unexpanded(inputs: &Inputs, config: &Config) -> Shelf {
    let source = source(inputs, config);
    let mut shelf = Shelf {
        source: source.clone(),
        documents: Vec::new(),
        expanded: BTreeMap::new(),
        embedded: BTreeMap::new(),
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
    // What lies around the book is included, and no part of it.
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
            // Notes to begin others with are no templates of pages.
            if is_vault && name.extension() == "md" {
                continue;
            }
            if let Some(text) = shelf.text(path, bytes) {
                shelf.templates.insert(name.to_string(), text);
            }
        } else if let Some(name) = path.below(&own_static) {
            let place = Place::new(path, Span::default());
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
    for path in &config.bibliography {
        if !shelf
            .bibliographies
            .iter()
            .any(|(found, _)| *found == path.within(&source))
        {
            shelf.diagnostics.push(missing_bibliography(config, path));
        }
    }
    shelf
}

impl Shelf {
    fn source_file(
        &mut self,
        path: &SitePath,
        below: SitePath,
        bytes: &Arc<[u8]>,
        config: &Config,
    ) {
        if config.bibliography.contains(&below) {
            if let Some(text) = self.text_within(LARGEST_BIBLIOGRAPHY, path, bytes) {
                self.bibliographies.push((path.clone(), text));
            }
            return;
        }
        // A folder of notes is its own book, but what is said of the book is none of its texts.
        if self.source.is_root()
            && self.dialect == Dialect::Annotated
            && below.as_str() == "book.toml"
        {
            return;
        }
        if below.extension() != "md" {
            // A book that is its own text folder does not show its settings; mdBook copies them.
            let is_settings = path.as_str() == "book.toml";
            if !is_settings || self.dialect == Dialect::Plain {
                self.copied.insert(below, bytes.clone());
            }
            return;
        }
        if self.dialect == Dialect::Plain && below.as_str() != "SUMMARY.md" {
            self.unlisted.push(path.clone());
            return;
        }
        let Some(text) = self.text(path, bytes) else {
            return;
        };
        if below.as_str() == "SUMMARY.md" {
            let mut summary = summary::read(path, &text);
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
        self.documents.push((path.clone(), kind, text));
    }

    /// The style sheets and scripts that the book adds to every page. `theme.css` comes last.
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

    /// A diagnostic with its places in the files that its words came from; nothing where it is of
    /// what another note embeds, which has its own.
    pub fn told(&self, mut said: Diagnostic) -> Option<Diagnostic> {
        if self.expanded.is_empty() {
            return Some(said);
        }
        let embedded = self.embedded.get(&said.place.file).into_iter().flatten();
        let start = said.place.span.start as usize;
        if embedded.clone().any(|range| range.contains(&start)) {
            return None;
        }
        let others = said.others.iter_mut().map(|(place, _)| place);
        for place in std::iter::once(&mut said.place).chain(others) {
            let expanded = self.expanded.get(&place.file);
            if let Some(origin) = expanded.and_then(|expanded| expanded.origin(place.span)) {
                *place = origin;
            }
        }
        Some(said)
    }

    /// How large the images are that texts may show.
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

    /// Puts what documents include into them.
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
        for (path, _, text) in &mut self.documents {
            let Some(left) = room else {
                if !include::named(path, text).is_empty() {
                    self.diagnostics.push(include::too_much_together(path));
                }
                continue;
            };
            let mut expanded = include::expand(path, text, &read);
            if !Arc::ptr_eq(&expanded.text, text) {
                room = left.checked_sub(expanded.text.len().saturating_sub(text.len()));
                if room.is_none() {
                    self.diagnostics.push(include::too_much_together(path));
                    continue;
                }
                *text = expanded.text.clone();
                if let Some(title) = expanded.title.take() {
                    self.titles.insert(path.clone(), title);
                }
                let mut said = std::mem::take(&mut expanded.diagnostics);
                if let Some(before) = self.expanded.get(path) {
                    for said in said.iter_mut().filter(|said| said.place.file == *path) {
                        said.place = before.origin(said.place.span).unwrap_or(said.place.clone());
                    }
                    expanded = expanded.made_from(path, before);
                }
                self.diagnostics.append(&mut said);
                self.expanded.insert(path.clone(), expanded);
            }
        }
    }

    /// The file as text, or a diagnostic and nothing.
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

/// A file that is not UTF-8, for whoever reads texts.
pub fn not_utf8(path: &SitePath, at: usize) -> Diagnostic {
    let place = Place::new(path, Span::new(at..at + 1));
    Diagnostic::new(Code::NotUtf8, place, format!("`{path}` is not UTF-8"))
        .label(format!("byte {at} is part of no character"))
        .hint("save the file as UTF-8")
}

fn too_large(path: &SitePath, size: usize, most: usize) -> Diagnostic {
    let place = Place::new(path, Span::default());
    let most = most / 1024 / 1024;
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("`{path}` is too large: {size} bytes"),
    )
    .label(format!("at most {most} MiB are read"))
    .hint("take it apart")
}

/// Where `book.toml` names a file.
fn named(config: &Config, path: &SitePath) -> Place {
    let place = config.additional_places.get(path).cloned();
    place.unwrap_or_else(|| Place::new(&fixed("book.toml"), Span::default()))
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

fn missing_bibliography(config: &Config, path: &SitePath) -> Diagnostic {
    let place = config
        .bibliography_place
        .clone()
        .unwrap_or_else(|| Place::new(&fixed("book.toml"), Span::default()));
    Diagnostic::new(
        Code::UnreadableBibliography,
        place,
        format!("there is no bibliography `{path}`"),
    )
    .label("no such file below the source folder")
    .hint("write its path relative to the source folder")
}
