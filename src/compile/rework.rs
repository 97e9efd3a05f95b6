//! Chapters for preprocessors, and their results.
//!
//! The core runs no program. [`manuscript()`] returns the chapters of a book as [`Piece`]s, and the
//! result of the preprocessors comes back as [`Rework`], one of the options of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::shelf::{self, Document, Shelf};
use super::{Inputs, edition};
use crate::config::{Config, Plugin};
use crate::diag::{Code, Diagnostic};
use crate::model::Dialect;
use crate::parse::summary::Entry;
use crate::parse::{DocKind, body_at};
use crate::text::{Place, SitePath, SourceText};

/// An entry of a book's contents, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    Chapter(Chapter),
    /// A heading between chapters.
    Part(String),
    Separator,
}

/// A chapter with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    pub title: String,
    /// `[1, 2]` for chapter 1.2; empty where it has none.
    pub number: Vec<u32>,
    /// The number of chapters above it.
    pub level: usize,
    /// Its file, in the book's folder; `None` for a draft chapter.
    pub file: Option<SitePath>,
    pub text: Arc<str>,
    /// The byte offset of the text after the front matter.
    pub body_at: usize,
}

/// The result of preprocessing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rework {
    /// The chapters after preprocessing before includes are expanded, if they changed.
    pub raw: Option<Vec<Piece>>,
    /// The chapters after preprocessing after that, if they changed.
    pub expanded: Option<Vec<Piece>>,
    /// The preprocessors that have run, or need not run.
    pub settled: BTreeSet<String>,
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

/// Returns the chapters of a book for preprocessors: those in `SUMMARY.md`, and in an annotated
/// book also all other documents, except kept texts of sources. With `is_expanded`, includes are
/// expanded.
pub fn manuscript(inputs: &Inputs, is_expanded: bool) -> Vec<Piece> {
    let config = edition::config(inputs, &mut Vec::new());
    let shelf = if is_expanded {
        shelf::sort(inputs, &config)
    } else {
        shelf::unexpanded(inputs, &config)
    };
    let documents = shelf.documents.iter();
    let documents = documents.filter(|it| it.kind != DocKind::Source);
    let mut left: BTreeMap<&SitePath, &Document> = documents
        .filter(|it| shelf.not_found.as_ref() != Some(it.text.file()))
        .map(|it| (it.text.file(), it))
        .collect();
    let chapter = |title: &str, number: &[u32], document: &Document| Chapter {
        title: title.to_owned(),
        number: number.to_owned(),
        level: number.len().saturating_sub(1),
        file: Some(document.text.file().clone()),
        text: document.text.shared().clone(),
        body_at: body_at(document.kind, &document.text, shelf.dialect),
    };
    let mut pieces = Vec::new();
    for entry in &shelf.entries {
        pieces.push(match entry {
            Entry::Part(title) => Piece::Part(title.clone()),
            Entry::Separator => Piece::Separator,
            Entry::Chapter {
                title,
                path,
                number,
            } => {
                let summary = shelf.summary.as_ref();
                let written = path.as_ref().map(|(written, _)| written.as_str());
                let file = summary.zip(written);
                let file = file.and_then(|(summary, path)| summary.sibling(path).ok());
                let found = file.and_then(|file| left.remove(&file));
                Piece::Chapter(match found {
                    Some(document) => chapter(title, number, document),
                    None => Chapter {
                        title: title.clone(),
                        number: number.clone(),
                        level: number.len().saturating_sub(1),
                        file: None,
                        text: "".into(),
                        body_at: 0,
                    },
                })
            }
        });
    }
    let unlisted = shelf
        .documents
        .iter()
        .filter(|it| left.contains_key(it.text.file()));
    pieces.extend(unlisted.map(|document| {
        let mut lines = document.text.as_str().lines();
        let heading = lines.find_map(|line| line.strip_prefix("# "));
        let title = heading.unwrap_or(document.text.file().stem());
        Piece::Chapter(chapter(title, &[], document))
    }));
    pieces
}

impl Shelf {
    /// Uses the chapters as a preprocessor returned them. In a plain book they replace the book,
    /// independent of `SUMMARY.md`; in an annotated book, only their texts are used.
    pub fn rework(&mut self, pieces: &[Piece]) {
        let mut texts: BTreeMap<&SitePath, &Arc<str>> = BTreeMap::new();
        for piece in pieces {
            if let Piece::Chapter(Chapter {
                file: Some(file),
                text,
                ..
            }) = piece
            {
                texts.entry(file).or_insert(text);
            }
        }
        for Document { text, .. } in &mut self.documents {
            let new = texts.remove(text.file());
            if let Some(new) = new.filter(|new| **new != *text.shared()) {
                *text = text.changed_to(new);
            }
        }
        if self.dialect == Dialect::Plain {
            let added = texts.into_iter();
            self.documents.extend(added.map(|(path, text)| Document {
                kind: DocKind::Briefing,
                text: SourceText::new(path, text.clone()),
            }));
            self.list(pieces);
        }
    }

    /// Sorts the documents of a plain book in the order of `pieces`, and lists only these.
    fn list(&mut self, pieces: &[Piece]) {
        let mut places = BTreeMap::new();
        for entry in &self.entries {
            if let Entry::Chapter {
                path: Some((written, place)),
                ..
            } = entry
            {
                places.insert(written.clone(), place.clone());
            }
        }
        let mut documents: BTreeMap<SitePath, _> = std::mem::take(&mut self.documents)
            .into_iter()
            .map(|document| (document.text.file().clone(), document))
            .collect();
        let source = self.source.clone();
        let summary = Place::whole(&super::fixed("SUMMARY.md").within(&source));
        self.entries = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let chapter = match piece {
                Piece::Part(title) => {
                    self.entries.push(Entry::Part(title.clone()));
                    continue;
                }
                Piece::Separator => {
                    self.entries.push(Entry::Separator);
                    continue;
                }
                Piece::Chapter(chapter) => chapter,
            };
            let document = chapter
                .file
                .as_ref()
                .and_then(|file| documents.remove(file));
            let below = document
                .as_ref()
                .and_then(|it| it.text.file().below(&source));
            let path = below.map(|below| {
                let written = below.to_string();
                let place = places.get(&written).cloned();
                (written, place.unwrap_or_else(|| summary.clone()))
            });
            self.unlisted
                .retain(|unlisted| chapter.file.as_ref() != Some(unlisted));
            self.documents.extend(document);
            self.entries.push(Entry::Chapter {
                title: chapter.title.clone(),
                path,
                number: chapter.number.clone(),
            });
        }
        for (path, document) in documents {
            if self.not_found.as_ref() == Some(&path) {
                self.documents.push(document)
            } else {
                self.unlisted.push(path)
            }
        }
    }
}

/// Returns the diagnostics of the book's preprocessors: failures, and those that did not run.
pub fn diagnostics(config: &Config, rework: Option<&Rework>) -> Vec<Diagnostic> {
    let is_settled = |plugin: &&Plugin| {
        let settled = rework.map(|rework| &rework.settled);
        !plugin.is_for_html() || settled.is_some_and(|names| names.contains(&plugin.name))
    };
    let unrun = config.plugins.iter().filter(|plugin| !is_settled(plugin));
    let unrun = unrun.map(not_run);
    let failed = rework.map_or(&[][..], |rework| &rework.diagnostics);
    unrun.chain(failed.iter().cloned()).collect()
}

fn not_run(plugin: &Plugin) -> Diagnostic {
    let name = &plugin.name;
    Diagnostic::new(
        Code::PluginNotRun,
        plugin.place.clone(),
        format!("the preprocessor `{name}` is not run"),
    )
    .label("a program that a book names runs only with your permission")
    .hint(
        "`whosaid trust` shows what it would run and asks; `--allow-plugins` gives permission for \
         one run",
    )
}
