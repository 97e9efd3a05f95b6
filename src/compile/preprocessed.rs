//! The results of preprocessors.
//!
//! The core runs no program. [`super::chapters_for_preprocessors()`] returns the chapters of a book as [`Piece`]s, and the
//! result of the preprocessors comes back as [`Preprocessed`], one of the options of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::book_files::{BookFiles, Document};
use crate::config::{Config, Plugin};
use crate::diag::{Code, Diagnostic};
use crate::model::Dialect;
use crate::parse::DocKind;
use crate::parse::summary::Entry;
use crate::text::{Place, SitePath, SourceText};

/// An entry of a book's contents, in reading order.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece {
    /// A chapter, with or without a file.
    Chapter(Chapter),
    /// A heading between chapters.
    Part(String),
    /// A line between groups of chapters.
    Separator,
}

/// A chapter with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    /// The title in the summary, else that of the document.
    pub title: String,
    /// `[1, 2]` for chapter 1.2; empty where it has none.
    pub number: Vec<u32>,
    /// The number of chapters above it.
    pub level: usize,
    /// Its file, in the book's folder; `None` for a draft chapter.
    pub file: Option<SitePath>,
    /// The whole text, with the front matter.
    pub text: Arc<str>,
    /// The byte offset of the text after the front matter.
    pub body_at: usize,
}

/// The result of preprocessing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preprocessed {
    /// The chapters after preprocessing before includes are expanded, if they changed.
    pub raw: Option<Vec<Piece>>,
    /// The chapters after preprocessing after that, if they changed.
    pub expanded: Option<Vec<Piece>>,
    /// The preprocessors that have run, or need not run.
    pub settled: BTreeSet<String>,
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl BookFiles {
    /// Uses the chapters as a preprocessor returned them. In a plain book they replace the book,
    /// independent of `SUMMARY.md`; in an annotated book, only their texts are used.
    pub fn use_preprocessed(&mut self, pieces: &[Piece]) {
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
        if self.contents.dialect == Dialect::Plain {
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
        for entry in &self.contents.entries {
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
        let source = self.contents.source.clone();
        let summary = Place::whole(&super::fixed("SUMMARY.md").within(&source));
        self.contents.entries = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let chapter = match piece {
                Piece::Part(title) => {
                    self.contents.entries.push(Entry::Part(title.clone()));
                    continue;
                }
                Piece::Separator => {
                    self.contents.entries.push(Entry::Separator);
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
            self.contents
                .unlisted
                .retain(|unlisted| chapter.file.as_ref() != Some(unlisted));
            self.documents.extend(document);
            self.contents.entries.push(Entry::Chapter {
                title: chapter.title.clone(),
                path,
                number: chapter.number.clone(),
            });
        }
        for (path, document) in documents {
            if self.contents.not_found.as_ref() == Some(&path) {
                self.documents.push(document)
            } else {
                self.contents.unlisted.push(path)
            }
        }
    }
}

/// Returns the diagnostics of the book's preprocessors: failures, and those that did not run.
pub fn diagnostics(config: &Config, preprocessed: Option<&Preprocessed>) -> Vec<Diagnostic> {
    let is_settled = |plugin: &&Plugin| {
        let settled = preprocessed.map(|preprocessed| &preprocessed.settled);
        !plugin.is_for_html() || settled.is_some_and(|names| names.contains(&plugin.name))
    };
    let unrun = config.plugins.iter().filter(|plugin| !is_settled(plugin));
    let unrun = unrun.map(not_run);
    let failed = preprocessed.map_or(&[][..], |preprocessed| &preprocessed.diagnostics);
    unrun.chain(failed.iter().cloned()).collect()
}

fn not_run(plugin: &Plugin) -> Diagnostic {
    let name = &plugin.name;
    Diagnostic::new(
        Code::PluginNotRun,
        plugin.place.clone(),
        format!("the preprocessor `{name}` was not run"),
    )
    .label("programs in `book.toml` run only with your permission")
    .hint(
        "review and allow it with `whosaid trust`, or allow it for one run with `--allow-plugins`",
    )
}
