//! The notes of an Obsidian vault.

use std::collections::{BTreeMap, BTreeSet};

use super::book_files::{BookFiles, Document};
use crate::diag::{Code, Diagnostic};
use crate::model::Dialect;
use crate::parse::vault::{self, Left, Notes};
use crate::parse::{DocKind, body_at};
use crate::text::{Place, SitePath};

impl BookFiles {
    /// Rewrites Obsidian syntax as ordinary Markdown. Unsupported syntax is reported once for all
    /// notes.
    pub fn read_notes(&mut self) {
        let source = self.contents.source.clone();
        let texts = self.documents.iter();
        let texts: BTreeMap<_, _> = texts
            .map(|Document { kind, text }| {
                let from = body_at(*kind, text, Dialect::Annotated);
                (text.file().clone(), (text.shared().clone(), from))
            })
            .collect();
        let files = self.assets.copied.keys();
        let notes = Notes {
            texts,
            files: files.map(|file| file.within(&source)).collect(),
            source: &source,
        };
        let mut told: BTreeSet<Left> = BTreeSet::new();
        for Document { kind, text } in &mut self.documents {
            if *kind == DocKind::Source {
                continue;
            }
            let from = notes.texts.get(text.file()).map_or(0, |(_, from)| *from);
            let note = vault::rewritten(*kind, text, from, &notes);
            for (left, place) in note.left {
                if told.insert(left) {
                    self.diagnostics.push(stays(place, left));
                }
            }
            if note.text.as_str() != text.as_str() {
                *text = note.text;
            }
        }
        self.take_canvases(&mut told);
    }

    /// Reports files that only Obsidian can show; they are copied like any other file.
    fn take_canvases(&mut self, told: &mut BTreeSet<Left>) {
        let is_canvas = |file: &&SitePath| matches!(file.extension(), "canvas" | "base");
        let canvas = self.assets.copied.keys().find(is_canvas);
        if let Some(file) = canvas
            && told.insert(Left::Canvas)
        {
            let place = Place::whole(&file.within(&self.contents.source));
            self.diagnostics.push(stays(place, Left::Canvas));
        }
    }
}

fn stays(place: Place, left: Left) -> Diagnostic {
    Diagnostic::new(
        Code::ObsidianOnly,
        place,
        format!("{} is shown as source text", left.words()),
    )
    .label("only Obsidian can show it; more of the same kind are not reported")
    .hint(
        "leave the note out with `publish: false`, or write `obsidian-only = \"allow\"` below \
         `[whosaid.lints]` if readers can see it",
    )
}
