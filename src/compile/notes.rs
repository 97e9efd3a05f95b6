//! The notes of a folder of Obsidian's.

use std::collections::{BTreeMap, BTreeSet};

use super::shelf::Shelf;
use crate::diag::{Code, Diagnostic};
use crate::model::Dialect;
use crate::parse::vault::{self, Left, Notes};
use crate::parse::{DocKind, body_at, include};
use crate::text::{Place, SitePath};

impl Shelf {
    /// Puts what only Obsidian writes into words that every briefing has. What stays is told of
    /// once for all notes.
    pub fn read_notes(&mut self) {
        let source = self.source.clone();
        let texts = self.documents.iter();
        let texts: BTreeMap<_, _> = texts
            .map(|(path, kind, text)| {
                let from = body_at(path, *kind, text, Dialect::Annotated);
                (path.clone(), (text.clone(), from))
            })
            .collect();
        let files = self.copied.keys();
        let notes = Notes {
            texts,
            files: files.map(|file| file.within(&source)).collect(),
            source: &source,
        };
        let mut told: BTreeSet<Left> = BTreeSet::new();
        for (path, kind, text) in &mut self.documents {
            if *kind == DocKind::Source {
                continue;
            }
            let from = notes.texts.get(path).map_or(0, |(_, from)| *from);
            let note = vault::rewritten(path, *kind, text, from, &notes);
            let before = self.expanded.get(path);
            for (left, span) in note.left {
                if told.insert(left) {
                    let origin = before.and_then(|before| before.origin(span));
                    let place = origin.unwrap_or_else(|| Place::new(path, span));
                    self.diagnostics.push(stays(place, left));
                }
            }
            if !note.embedded.is_empty() {
                self.embedded.insert(path.clone(), note.embedded);
            }
            if note.text == **text {
                continue;
            }
            let new = include::rewritten(path, text, note.text.into(), before);
            *text = new.text.clone();
            self.expanded.insert(path.clone(), new);
        }
        self.take_canvases(&mut told);
    }

    /// Tells of files that only Obsidian can show; they are copied like any other.
    fn take_canvases(&mut self, told: &mut BTreeSet<Left>) {
        let is_canvas = |file: &&SitePath| matches!(file.extension(), "canvas" | "base");
        let canvas = self.copied.keys().find(is_canvas);
        if let Some(file) = canvas
            && told.insert(Left::Canvas)
        {
            let place = Place::new(&file.within(&self.source), Default::default());
            self.diagnostics.push(stays(place, Left::Canvas));
        }
    }
}

fn stays(place: Place, left: Left) -> Diagnostic {
    Diagnostic::new(
        Code::ObsidianOnly,
        place,
        format!("{} stays as it is written", left.words()),
    )
    .label("only Obsidian shows more; others of its kind are not told of")
    .hint(
        "leave the note out by `publish: false`, or write `obsidian-only = \"allow\"` below \
         `[whosaid.lints]` if readers may see it",
    )
}
