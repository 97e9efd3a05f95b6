//! The way back: this program as a preprocessor of mdBook.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::lower::{Written, lowered};
use super::record::Record;
use super::words::Shelf;
use crate::compile::{self, Cache, Chapter, Inputs, Piece, Rework};
use crate::config::Override;
use crate::derive;
use crate::diag::{Code, Diagnostic, Severity};
use crate::model::{Doc, Entity, Site};
use crate::text::SitePath;

/// What mdBook asks for.
pub struct Request {
    /// The book's folder.
    pub root: PathBuf,
    /// Where its texts lie, as a setting for whoever reads the folder.
    pub source: Option<Override>,
    book: Value,
}

/// What mdBook is given back.
pub struct Response {
    /// The book, of the generation that the request was of.
    pub book: String,
    /// What is wrong with the annotations.
    pub diagnostics: Vec<Diagnostic>,
}

impl Request {
    /// Reads `[context, book]`.
    ///
    /// # Errors
    /// What is wrong with it, for a person who started this by hand.
    pub fn read(bytes: &[u8]) -> Result<Request, String> {
        let mut request: Value = serde_json::from_slice(bytes)
            .map_err(|error| format!("the standard input holds no book in JSON: {error}"))?;
        let root = request.pointer("/0/root").and_then(Value::as_str);
        let root = PathBuf::from(root.ok_or("the standard input holds no context of mdBook's")?);
        let source = request
            .pointer("/0/config/book/src")
            .and_then(Value::as_str);
        let source = Override::new("MDBOOK_BOOK__SRC", source.unwrap_or("src"));
        let book = request.get_mut(1).map(Value::take);
        let book = book.filter(|book| lists(book).next().is_some());
        let book =
            book.ok_or("the standard input holds no chapters: neither `items` nor `sections`")?;
        Ok(Request { root, source, book })
    }

    /// Lowers the annotations of the chapters, and adds those of actors, claims and sources.
    /// `inputs` is the folder as it was read.
    pub fn lower(mut self, mut inputs: Inputs) -> Response {
        let config = inputs.config();
        let source = compile::source(&inputs, &config);
        let mut pieces = Vec::new();
        for list in lists(&self.book).take(1) {
            each(list, &mut |chapter| pieces.extend(piece(&source, chapter)));
        }
        let settled = config.plugins.iter().map(|plugin| plugin.name.clone());
        inputs.options.rework = Some(Arc::new(Rework {
            expanded: Some(pieces),
            settled: settled.collect(),
            ..Rework::default()
        }));
        let mut cache = Cache::for_one_run();
        let edition = compile::understand(&inputs, &mut cache);
        let diagnostics = forgiven(edition.diagnostics());
        let site = edition.site();
        let shelf = Shelf {
            site,
            source: &source,
            config: edition.config(),
        };
        let as_of = config.as_of.map(|date| date.last_day());
        let standings = derive::standings(site, as_of);
        let record = Record {
            shelf: &shelf,
            standings: &standings,
            mentions: &derive::mentions(site),
        };
        let texts = texts(&shelf, &record, compile::manuscript(&inputs, true));
        for name in ["items", "sections"] {
            if let Some(list) = self.book.get_mut(name).and_then(Value::as_array_mut) {
                let mut here = texts.clone();
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

/// Whether this program has something to do for a renderer: for all that show chapters.
pub fn supports(renderer: &str) -> bool {
    renderer != "whosaid"
}

fn lists(book: &Value) -> impl Iterator<Item = &Vec<Value>> {
    let named = ["items", "sections"].into_iter();
    named.filter_map(|name| book.get(name).and_then(Value::as_array))
}

/// Every chapter of a list, at any depth. JSON is read to a depth that ends this recursion.
fn each(items: &[Value], read: &mut dyn FnMut(&Value)) {
    for chapter in items.iter().filter_map(|item| item.get("Chapter")) {
        read(chapter);
        let below = chapter.get("sub_items").and_then(Value::as_array);
        each(below.map_or(&[][..], Vec::as_slice), read);
    }
}

/// The file that a chapter was read from.
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

/// What each file becomes: its chapter, its text, and what it is called.
type Texts = BTreeMap<SitePath, (Entity, String)>;

fn texts(shelf: &Shelf<'_>, record: &Record<'_>, manuscript: Vec<Piece>) -> Texts {
    let site = shelf.site;
    // A claim without a file has its place in the text of another document.
    let has_file = |doc: &Doc| shelf.doc(*doc).0.within(shelf.source) == *place(site, *doc);
    let docs = site.docs().filter(has_file);
    let docs: BTreeMap<&SitePath, Doc> = docs.map(|doc| (place(site, doc), doc)).collect();
    let mut texts = Texts::new();
    for piece in &manuscript {
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
        Doc::Actor(id) => &site.actors()[id].place.file,
        Doc::Claim(id) => &site.claims()[id].place.file,
    }
}

/// Gives the chapters of a list their texts, and takes these out of `texts`.
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

/// Adds the chapters that nobody listed, below one for each kind.
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

/// What is said of annotations alone: a book's links, images and HTML are mdBook's to judge.
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
