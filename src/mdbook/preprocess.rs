//! whosaid as a preprocessor of mdBook.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::lower::{Written, lowered};
use super::record::Record;
use super::words::Shelf;
use crate::compile::{self, Cache, Chapter, Inputs, Piece, Preprocessed};
use crate::config::Override;
use crate::derive;
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::{Doc, Entity, Site};
use crate::text::SitePath;

/// A request of mdBook.
pub struct Request {
    /// The book's folder.
    pub root: PathBuf,
    /// The text folder, as a setting for reading the book.
    pub source: Option<Override>,
    book: Value,
}

/// The response to mdBook.
pub struct Response {
    /// The book, in the format of the request's version.
    pub book: String,
    /// The diagnostics of the annotations.
    pub diagnostics: Vec<Diagnostic>,
}

impl Request {
    /// Parses `[context, book]`.
    ///
    /// # Errors
    /// Returns the problem, for a person who started this command manually.
    pub fn read(bytes: &[u8]) -> Result<Request, String> {
        let mut request: Value = serde_json::from_slice(bytes)
            .map_err(|error| format!("standard input is not a book in JSON: {error}"))?;
        let root = request.pointer("/0/root").and_then(Value::as_str);
        let root = PathBuf::from(root.ok_or("standard input has no mdBook context")?);
        let source = request
            .pointer("/0/config/book/src")
            .and_then(Value::as_str);
        let source = Override::new("MDBOOK_BOOK__SRC", source.unwrap_or("src"));
        let book = request.get_mut(1).map(Value::take);
        let book = book.filter(|book| lists(book).next().is_some());
        let book = book.ok_or("standard input has no chapters: expected `items` or `sections`")?;
        Ok(Request { root, source, book })
    }

    /// Converts the annotations of the chapters, and adds chapters for actors, claims and sources.
    /// `inputs` is the book's folder.
    pub fn lower(mut self, mut inputs: Inputs) -> Response {
        let config = inputs.config();
        let source = compile::source(&inputs, &config);
        let mut pieces = Vec::new();
        for list in lists(&self.book).take(1) {
            each(list, &mut |chapter| pieces.extend(piece(&source, chapter)));
        }
        let settled = config.plugins.iter().map(|plugin| plugin.name.clone());
        inputs.options.preprocessed = Some(Arc::new(Preprocessed {
            expanded: Some(pieces),
            settled: settled.collect(),
            ..Preprocessed::default()
        }));
        let mut cache = Cache::for_one_run();
        let edition = compile::analyze(&inputs, &mut cache);
        let diagnostics = forgiven(edition.diagnostics());
        let site = edition.site();
        let shelf = Shelf {
            site,
            source: &source,
            config: edition.config(),
        };
        let standings = derive::standings(site);
        let record = Record {
            shelf: &shelf,
            standings: &standings,
            mentions: &derive::mentions(site),
        };
        let redacted = edition.redacted();
        let mut chapters = compile::chapters_for_preprocessors(&inputs, true);
        for piece in &mut chapters {
            if let Piece::Chapter(chapter) = piece
                && let Some(text) = chapter.file.as_ref().and_then(|it| redacted.texts.get(it))
            {
                chapter.text = text.shared().clone();
            }
        }
        let texts = texts(&shelf, &record, chapters);
        for name in ["items", "sections"] {
            if let Some(list) = self.book.get_mut(name).and_then(Value::as_array_mut) {
                let mut here = texts.clone();
                leave_out(list, &source, &redacted.files);
                put(list, &source, &mut here);
                add(list, &record, here);
            }
        }
        Response {
            book: self.book.to_string(),
            diagnostics,
        }
    }
}

/// True if this program supports a renderer: all that show chapters.
pub fn supports(renderer: &str) -> bool {
    renderer != "whosaid"
}

fn lists(book: &Value) -> impl Iterator<Item = &Vec<Value>> {
    let named = ["items", "sections"].into_iter();
    named.filter_map(|name| book.get(name).and_then(Value::as_array))
}

/// Visits every chapter of a list, at any depth. The recursion is bounded by the depth limit of the
/// JSON parser.
fn each(items: &[Value], read: &mut dyn FnMut(&Value)) {
    for chapter in items.iter().filter_map(|item| item.get("Chapter")) {
        read(chapter);
        let below = chapter.get("sub_items").and_then(Value::as_array);
        each(below.map_or(&[][..], Vec::as_slice), read);
    }
}

/// Returns the file of a chapter.
fn file(source: &SitePath, chapter: &Value) -> Option<SitePath> {
    let text = |key: &str| chapter.get(key).and_then(Value::as_str);
    let path = text("source_path").or_else(|| text("path"))?;
    Some(SitePath::new(&path.replace('\\', "/")).ok()?.within(source))
}

fn piece(source: &SitePath, chapter: &Value) -> Option<Piece> {
    Some(Piece::Chapter(Chapter {
        title: String::new(),
        number: Vec::new(),
        level: 0,
        file: Some(file(source, chapter)?),
        text: chapter.get("content")?.as_str()?.into(),
        body_at: 0,
    }))
}

/// The chapter, text and title for each file.
type Texts = BTreeMap<SitePath, (Entity, String)>;

fn texts(shelf: &Shelf<'_>, record: &Record<'_>, chapters: Vec<Piece>) -> Texts {
    let site = shelf.site;
    // A claim without a file has its place in another document.
    let has_file = |doc: &Doc| shelf.doc(*doc).0.within(shelf.source) == *place(site, *doc);
    let docs = site.docs().filter(has_file);
    let docs: BTreeMap<&SitePath, Doc> = docs.map(|doc| (place(site, doc), doc)).collect();
    let mut texts = Texts::new();
    for piece in &chapters {
        let Piece::Chapter(Chapter {
            file: Some(file),
            text,
            body_at,
            ..
        }) = piece
        else {
            continue;
        };
        let Some(doc) = docs.get(file).copied() else {
            continue;
        };
        let here = shelf.doc(doc).0;
        let written = Written {
            text,
            body_at: *body_at,
            doc,
            here: &here,
        };
        let own = lowered(shelf, &written);
        let (entity, text) = match doc {
            Doc::Briefing(id) => (Entity::Briefing(id), own),
            Doc::Actor(id) => (Entity::Actor(id), record.actor(id, &own)),
            Doc::Claim(id) => (Entity::Claim(id), record.claim(id, &own)),
        };
        texts.insert(here.within(shelf.source), (entity, text));
    }
    for (_, _, entities) in record.all() {
        for entity in entities {
            let here = shelf.chapter(entity).within(shelf.source);
            texts.entry(here).or_insert_with(|| {
                let text = match entity {
                    Entity::Actor(id) => record.actor(id, ""),
                    Entity::Claim(id) => record.claim(id, ""),
                    Entity::Source(id) => record.source(id),
                    Entity::Briefing(_) => String::new(),
                };
                (entity, text)
            });
        }
    }
    texts
}

fn place(site: &Site, doc: Doc) -> &SitePath {
    match doc {
        Doc::Briefing(id) => &site.briefings()[id].file,
        Doc::Actor(id) => site.actors()[id].place.document(),
        Doc::Claim(id) => site.claims()[id].place.document(),
    }
}

/// Removes the chapters of files that are not published, with those below them.
fn leave_out(items: &mut Vec<Value>, source: &SitePath, files: &[SitePath]) {
    items.retain_mut(|item| {
        let Some(chapter) = item.get_mut("Chapter") else {
            return true;
        };
        if let Some(below) = chapter.get_mut("sub_items").and_then(Value::as_array_mut) {
            leave_out(below, source, files);
        }
        file(source, chapter).is_none_or(|file| !files.contains(&file))
    });
}

/// Sets the texts of the chapters in a list, and removes them from `texts`.
fn put(items: &mut [Value], source: &SitePath, texts: &mut Texts) {
    for chapter in items.iter_mut().filter_map(|item| item.get_mut("Chapter")) {
        let text = file(source, chapter).and_then(|file| texts.remove(&file));
        if let Some((_, text)) = text {
            chapter["content"] = text.into();
        }
        let below = chapter.get_mut("sub_items").and_then(Value::as_array_mut);
        put(below.map_or(&mut [][..], Vec::as_mut_slice), source, texts);
    }
}

/// Adds the chapters that are not listed, below one for each kind.
fn add(items: &mut Vec<Value>, record: &Record<'_>, mut texts: Texts) {
    let shelf = record.shelf;
    for (title, folder, entities) in record.all() {
        let list = SitePath::new(&format!("{folder}/index.md"));
        let list = list.unwrap_or_else(|_| folder.clone());
        let below = entities.iter().filter_map(|entity| {
            let here = shelf.chapter(*entity);
            let (_, text) = texts.remove(&here.within(shelf.source))?;
            let path = here.as_str();
            Some(chapter(
                &record.title(*entity),
                &text,
                path,
                &[title],
                Vec::new(),
            ))
        });
        let below: Vec<Value> = below.collect();
        if !below.is_empty() {
            let text = record.list(&list, &entities, title);
            items.push(chapter(title, &text, list.as_str(), &[], below));
        }
    }
}

fn chapter(name: &str, content: &str, path: &str, parents: &[&str], below: Vec<Value>) -> Value {
    json!({ "Chapter": {
        "name": name,
        "content": content,
        "number": null,
        "sub_items": below,
        "path": path,
        "source_path": null,
        "parent_names": parents,
    } })
}

/// Returns only the diagnostics of annotations: links, images and HTML are left to mdBook.
fn forgiven(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    const MDBOOKS: [Code; 5] = [
        Code::BrokenLink,
        Code::MissingImage,
        Code::MissingInclude,
        Code::ForbiddenScheme,
        Code::UnknownFragment,
    ];
    let mut kept = Vec::with_capacity(diagnostics.len());
    for mut said in diagnostics {
        if MDBOOKS.contains(&said.code) {
            said.severity = Severity::Warning;
        }
        if said.code != Code::RawHtml {
            kept.push(said);
        }
    }
    kept
}
