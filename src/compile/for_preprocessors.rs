//! The chapters of a book as preprocessors get them.

use std::collections::BTreeMap;

use super::book_files::Document;
use super::preprocessed::{Chapter, Piece};
use super::{Inputs, settings, sort};
use crate::parse::summary::Entry;
use crate::parse::{DocKind, body_at};
use crate::text::{SitePath, Spellings};

/// Returns the chapters of a book for preprocessors: those in `SUMMARY.md`, and in an annotated
/// book also all other documents, except kept texts of sources. With `is_expanded`, includes are
/// expanded.
pub fn chapters_for_preprocessors(inputs: &Inputs, is_expanded: bool) -> Vec<Piece> {
    let config = settings::config(inputs, &mut Vec::new());
    let files = if is_expanded {
        sort::sort(inputs, &config)
    } else {
        sort::unexpanded(inputs, &config)
    };
    let documents = files.documents.iter();
    let documents = documents.filter(|it| it.kind != DocKind::Source);
    let mut left: BTreeMap<&SitePath, &Document> = documents
        .filter(|it| files.contents.not_found.as_ref() != Some(it.text.file()))
        .map(|it| (it.text.file(), it))
        .collect();
    let chapter = |title: &str, number: &[u32], document: &Document| Chapter {
        title: title.to_owned(),
        number: number.to_owned(),
        level: number.len().saturating_sub(1),
        file: Some(document.text.file().clone()),
        text: document.text.shared().clone(),
        body_at: body_at(document.kind, &document.text, files.contents.dialect),
    };
    let spellings = Spellings::new(files.documents.iter().map(|it| it.text.file()));
    let mut pieces = Vec::new();
    for entry in &files.contents.entries {
        pieces.push(match entry {
            Entry::Part(title) => Piece::Part(title.clone()),
            Entry::Separator => Piece::Separator,
            Entry::Chapter {
                title,
                path,
                number,
            } => {
                let summary = files.contents.summary.as_ref();
                let written = path.as_ref().map(|(written, _)| written.as_str());
                let file = summary.zip(written);
                let file = file.and_then(|(summary, path)| summary.sibling(path).ok());
                let file = file.map(|file| spellings.of(file));
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
    let unlisted = files
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
