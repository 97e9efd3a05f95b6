//! Footnotes that a text refers to and does not have.

use std::ops::Range;

use super::Builder;
use crate::diag::{Code, Diagnostic};
use crate::text::Place;

impl Builder<'_> {
    /// Tells of a bracket `[^label]` that means nothing else: one whose note is written is no
    /// text.
    pub(super) fn told_of_footnote(&mut self, bracket: Range<usize>) {
        let source = self.masked.source;
        let inside = source.get(bracket.start + 1..bracket.end - 1);
        let label = inside.and_then(|inside| inside.strip_prefix('^'));
        let Some(label) = label.filter(|label| is_label(label)) else {
            return;
        };
        // What opens behind it makes it something else.
        if !source[bracket.end..].starts_with(['(', '[', '{', ':']) {
            let place = self.place(bracket);
            self.diagnostics.push(unwritten(place, label));
        }
    }
}

/// Whether somebody may have meant a footnote: a word or number, and no set of letters as
/// patterns have them, `[^0-9]`.
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
        format!("the footnote `{label}` is written nowhere in this text"),
    )
    .label("shown as it stands")
    .hint(format!(
        "write `[^{label}]: …` on a line of its own, or `\\[^{label}]` if none is meant"
    ))
}
