//! Reports footnote references without a footnote, and footnotes without a reference.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Builder;
use crate::diag::{Code, Diagnostic};
use crate::model::{Node, Tag};
use crate::text::{Place, Span};

impl Builder<'_> {
    /// Reports a bracket `[^label]` that is only text, because the footnote does not exist.
    pub(super) fn told_of_footnote(&mut self, bracket: Range<usize>) {
        let source = self.masked.source;
        let inside = source.get(bracket.start + 1..bracket.end - 1);
        let label = inside.and_then(|inside| inside.strip_prefix('^'));
        let Some(label) = label.filter(|label| is_label(label)) else {
            return;
        };
        // Other syntax follows.
        if !source[bracket.end..].starts_with(['(', '[', '{', ':']) {
            let place = self.place(bracket);
            self.diagnostics.push(unwritten(place, label));
        }
    }

    /// Reports footnotes that readers never see: without a reference, or with the label of another
    /// one.
    pub(super) fn told_of_notes(&mut self) {
        if !self.reading.annotated {
            return;
        }
        let mut notes: BTreeMap<&str, bool> = BTreeMap::new();
        for item in &self.out.body.items {
            if let Node::Footnote(label) = &item.node {
                notes.insert(label, false);
            }
        }
        let mut told = Vec::new();
        for item in &self.out.body.items {
            let Node::Start(Tag::FootnoteDefinition(label)) = &item.node else {
                continue;
            };
            // The label with its brackets and colon, `[^label]:`.
            let Span { start, .. } = item.span;
            let span = Span {
                start,
                end: start + label.len() as u32 + 3,
            };
            let place = self.map.place(span);
            match notes.get_mut(label.as_ref()) {
                None => told.push(unused(place, label)),
                Some(is_written) if *is_written => told.push(twice(place, label)),
                Some(is_written) => *is_written = true,
            }
        }
        self.diagnostics.extend(told);
    }
}

/// True if it looks like a footnote: a word or number, and not a character set of a pattern,
/// `[^0-9]`.
fn is_label(label: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_range = label
        .split('-')
        .zip(label.split('-').skip(1))
        .any(|(one, other)| one.chars().count() == 1 && other.chars().count() == 1);
    !label.is_empty() && label.chars().all(is_word) && !is_range
}

fn unwritten(place: Place, label: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UndefinedFootnote,
        place,
        format!("undefined footnote `{label}`"),
    )
    .label("shown as plain text")
    .hint(format!(
        "write `[^{label}]: …` on a line of its own, or `\\[^{label}]` for plain text"
    ))
}

fn unused(place: Place, label: &str) -> Diagnostic {
    let message = format!("unused footnote `{label}`");
    Diagnostic::new(Code::UnusedFootnote, place, message)
        .label("no text refers to it, so readers do not see it")
        .hint(format!(
            "write `[^{label}]` after the words that it explains, or remove the footnote"
        ))
}

fn twice(place: Place, label: &str) -> Diagnostic {
    let message = format!("duplicate footnote `{label}`");
    Diagnostic::new(Code::UnusedFootnote, place, message)
        .label("readers see only the first one")
        .hint("change the label of one of them")
}
