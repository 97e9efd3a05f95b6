//! Chapters as programs of others are given them, and what comes back.
//!
//! The core runs no program. It gives out a book's chapters as [`Piece`]s by [`manuscript()`],
//! and takes what the edge made of them as [`Rework`], among the options of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::shelf::{self, Shelf};
use super::{Inputs, edition};
use crate::config::{Config, Plugin};
use crate::diag::{Code, Diagnostic};
use crate::model::Dialect;
use crate::parse::summary::Entry;
use crate::parse::{DocKind, body_at, include};
use crate::text::SitePath;

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
    /// How many chapters it stands below.
    pub level: usize,
    /// Its file, in the book's folder; none for one that is still to be written.
    pub file: Option<SitePath>,
    pub text: Arc<str>,
    /// Where the text begins behind its front matter, in bytes.
    pub body_at: usize,
}

/// What programs made of a book.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rework {
    /// The chapters as they were changed before includes were put in place, if they were.
    pub raw: Option<Vec<Piece>>,
    /// The chapters as they were changed after that, if they were.
    pub expanded: Option<Vec<Piece>>,
    /// The preprocessors that had their turn, or have none.
    pub settled: BTreeSet<String>,
    /// What went wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// The chapters of a book as a program may change them: what `SUMMARY.md` lists, and in an
/// annotated book all other documents behind it but the kept texts of sources. Where
/// `is_expanded`, what they include stands in its place.
pub fn manuscript(inputs: &Inputs, is_expanded: bool) -> Vec<Piece> {
    let config = edition::config(inputs, &mut Vec::new());
    let shelf = match is_expanded {
        true => shelf::sort(inputs, &config),
        false => shelf::unexpanded(inputs, &config),
    };
    let documents = shelf.documents.iter();
    let documents = documents.filter(|(_, kind, _)| *kind != DocKind::Source);
    let mut left: BTreeMap<&SitePath, (DocKind, &Arc<str>)> = documents
        .filter(|(path, ..)| shelf.not_found.as_ref() != Some(path))
        .map(|(path, kind, text)| (path, (*kind, text)))
        .collect();
    let chapter = |title: &str, number: &[u32], file: &SitePath, kind, text: &Arc<str>| Chapter {
        title: title.to_owned(),
        number: number.to_owned(),
        level: number.len().saturating_sub(1),
        file: Some(file.clone()),
        text: text.clone(),
        body_at: body_at(file, kind, text, shelf.dialect),
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
                let found = file.and_then(|file| left.remove_entry(&file));
                Piece::Chapter(match found {
                    Some((file, (kind, text))) => chapter(title, number, file, kind, text),
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
        .filter(|(path, ..)| left.contains_key(path));
    pieces.extend(unlisted.map(|(path, kind, text)| {
        let heading = text.lines().find_map(|line| line.strip_prefix("# "));
        Piece::Chapter(chapter(
            heading.unwrap_or(path.stem()),
            &[],
            path,
            *kind,
            text,
        ))
    }));
    pieces
}

impl Shelf {
    /// Takes chapters as a program left them. In a plain book they are the book, whatever
    /// `SUMMARY.md` says; in an annotated one, which is more than its chapters, their texts are
    /// taken.
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
        for (path, _, text) in &mut self.documents {
            let Some(new) = texts.remove(path).filter(|new| **new != *text) else {
                continue;
            };
            let before = self.expanded.get(path);
            let rewritten = include::rewritten(path, text, new.clone(), before);
            *text = new.clone();
            self.expanded.insert(path.clone(), rewritten);
        }
        if self.dialect == Dialect::Plain {
            let added = texts.into_iter();
            self.documents
                .extend(added.map(|(path, text)| (path.clone(), DocKind::Briefing, text.clone())));
            self.list(pieces);
        }
    }

    /// Puts the documents of a plain book in the order of `pieces`, and lists these alone.
    fn list(&mut self, pieces: &[Piece]) {
        let mut spans = BTreeMap::new();
        for entry in &self.entries {
            if let Entry::Chapter {
                path: Some((written, span)),
                ..
            } = entry
            {
                spans.insert(written.clone(), *span);
            }
        }
        let mut documents: BTreeMap<SitePath, _> = std::mem::take(&mut self.documents)
            .into_iter()
            .map(|document| (document.0.clone(), document))
            .collect();
        let source = self.source.clone();
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
            let below = document.as_ref().and_then(|(file, ..)| file.below(&source));
            let path = below.map(|below| {
                let written = below.to_string();
                let span = spans.get(&written).copied().unwrap_or_default();
                (written, span)
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
            match self.not_found.as_ref() == Some(&path) {
                true => self.documents.push(document),
                false => self.unlisted.push(path),
            }
        }
    }
}

/// What is to be said of the book's preprocessors: what went wrong, and which of them nobody ran.
pub fn said(config: &Config, rework: Option<&Rework>) -> Vec<Diagnostic> {
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
    .label("a program named in a book's configuration runs with permission only")
    .hint(format!(
        "give it by `--allow-plugins`, or once and for all by `allow-plugins = [\"{name}\"]` in \
         `[whosaid]`"
    ))
}
