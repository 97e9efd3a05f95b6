//! Reports text that looks like our syntax but was not read as such, so that nothing the author
//! marked is lost silently.

use std::ops::Range;

use super::{Bracket, Builder, FrameKind};
use crate::diag::{Code, Diagnostic, Fix};
use crate::parse::mask::{self, BlockKind};
use crate::parse::mend::{self, Fault};
use crate::text::{Place, fold, nearest};

impl Builder<'_> {
    /// Reports such text in a run of plain text.
    pub(super) fn look_alikes(&mut self, range: &Range<usize>) {
        let source = self.masked.source;
        if !self.reading.annotated {
            return;
        }
        let bytes = source.as_bytes();
        let Some(text) = bytes.get(range.clone()) else {
            return;
        };
        for found in memchr::memchr3_iter(b':', b'=', b'{', text) {
            let at = range.start + found;
            if at < self.lost_until {
                continue;
            }
            if mask::is_escaped(bytes, at) {
                // `\{.verb of=id}` is text as a whole.
                if bytes[at] == b'{' {
                    self.lost_until = mend::extent(source, at);
                }
                continue;
            }
            let Some(lost) = mend::look_alike(source, at, self.is_in_heading()) else {
                continue;
            };
            self.lost_until = mend::extent(source, lost.start).max(at + 1);
            if self.is_escaped_open(lost.start) {
                continue;
            }
            let told = self.not_read(lost);
            self.diagnostics.push(told);
        }
    }

    pub(super) fn is_in_heading(&self) -> bool {
        let mut frames = self.frames.iter();
        frames.any(|frame| matches!(frame.kind, FrameKind::Heading { .. }))
    }

    /// True if the syntax at `open` is text because it, or the bracket of its words, is escaped.
    fn is_escaped_open(&self, open: usize) -> bool {
        let bytes = self.masked.source.as_bytes();
        mask::is_escaped(bytes, open)
            || (open > 0 && bytes[open - 1] == b']' && self.is_escaped_mark(open))
    }

    fn not_read(&self, lost: Range<usize>) -> Diagnostic {
        let source = self.masked.source;
        let (bytes, open) = (source.as_bytes(), lost.start);
        let place = self.place(lost.clone());
        let told = |label: &str, hint: String| {
            Diagnostic::new(
                Code::UnreadableAttributes,
                place.clone(),
                "this looks like a mark, but is not one",
            )
            .label(label)
            .hint(hint)
        };
        let edit = |range: Range<usize>, text: &str| Fix::replace(self.place(range), text);
        let before = source[..open].trim_end_matches([' ', '\t']);
        match bytes[open] {
            b'(' if before.len() < open && before.ends_with(']') => told(
                "unexpected space before it",
                "write `](` without the space between".to_owned(),
            )
            .fix(edit(before.len()..open, "")),
            b'(' if self.brackets.last().is_some() && !before.ends_with(']') => {
                let told = told(
                    "no `]` after the words",
                    "write `]` after the words that it marks".to_owned(),
                );
                match mask::saying(source, open + 1, b')') {
                    Some(_) => told.fix(edit(before.len()..open, "]")),
                    None => told,
                }
            }
            b'{' if !source[open..mend::extent(source, open)].ends_with('}') => {
                let fault = mend::braces(source, open);
                told(&fault.why, fault.hint.clone()).fix(self.fix(&fault))
            }
            b'{' if before.ends_with(']') && before.len() == open => {
                let fault = mend::braces(source, open);
                let told = told(&fault.why, fault.hint.clone());
                if fault.edits.is_empty() {
                    told
                } else {
                    told.fix(self.fix(&fault))
                }
            }
            _ => told(
                "no words use this label",
                "write `[words](verb:id \"by=us\")`, or `\\` before it for plain text".to_owned(),
            ),
        }
    }

    /// Converts the edits of a fault to a fix.
    fn fix(&self, fault: &Fault) -> Fix {
        let edits = fault.edits.iter();
        Fix {
            edits: edits
                .map(|(range, text)| (self.place(range.clone()), text.clone()))
                .collect(),
        }
    }

    /// Reports attributes that cannot be read, at the character where reading stopped.
    pub(super) fn unreadable(&mut self, fault: &Fault) {
        let told = Diagnostic::new(
            Code::UnreadableAttributes,
            self.place_at(fault.at),
            "unreadable attributes of a mark",
        )
        .label(fault.why.clone())
        .hint(fault.hint.clone());
        let told = if fault.edits.is_empty() {
            told
        } else {
            told.fix(self.fix(fault))
        };
        self.diagnostics.push(told);
    }

    /// Reports `[words][label]` if the label has no definition. `source[words]` is the bracket of
    /// the words, and that of the label begins at its end.
    pub(super) fn undefined_label(&mut self, words: Range<usize>) {
        let source = self.masked.source;
        let rest = &source[words.end..];
        let Some(inside) = rest.strip_prefix('[').filter(|_| !self.reading.is_vault) else {
            return;
        };
        let Some(length) = inside.find([']', '[']) else {
            return;
        };
        let label = &inside[..length];
        let is_label = inside[length..].starts_with(']')
            && !label.trim().is_empty()
            && !label.starts_with(['^', '@', '!']);
        let marked = source[words.clone()].trim_matches(['[', ']']);
        let is_note = marked.bytes().all(|byte| byte.is_ascii_digit());
        // `a[0][1]` is code without backticks.
        let before = source[..words.start].chars().next_back();
        let is_index = before.is_some_and(|c| c.is_ascii_alphanumeric());
        if self.defined.contains(&fold(label))
            || !is_label
            || is_note
            || is_index
            || mask::is_escaped(source.as_bytes(), words.start)
        {
            return;
        }
        let span = words.end..words.end + length + 2;
        let near = nearest(label, self.masked.labels.keys().map(String::as_str));
        let told = Diagnostic::new(
            Code::UndefinedLabel,
            self.place(span.clone()),
            format!("undefined label `[{label}]`"),
        )
        .label("no link or mark is defined with this label");
        self.diagnostics.push(match near {
            Some(near) => told
                .hint(format!("did you mean `[{near}]`?"))
                .fix(Fix::replace(self.place(span), format!("[{near}]"))),
            None => told.hint(format!(
                "add a line `[{label}]: claim:ID \"by=ACTOR\"` below the paragraph, or write \
                 `\\[` for a plain bracket"
            )),
        });
    }

    /// Reports a reference mark whose words are its label and follow another word directly: a
    /// bracket around its words is missing.
    pub(super) fn label_without_words(&mut self, range: &Range<usize>) {
        let before = self.masked.source[..range.start].chars().next_back();
        let touches =
            before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, ']' | ')' | '}'));
        if touches {
            let told = Diagnostic::new(
                Code::UnreadableAttributes,
                self.place(range.clone()),
                "label of a mark without words",
            )
            .label("the label itself becomes the marked words")
            .hint("write `[words][label]`, with both brackets around the words");
            self.diagnostics.push(told);
        }
    }

    /// Reports `[words [[mention]]](address)`, which is text in Markdown, because links cannot be
    /// nested.
    pub(super) fn link_around_link(&mut self, bracket: &Bracket, end: usize) {
        let rest = &self.masked.source[end..];
        let Some(inside) = rest.strip_prefix('(') else {
            return;
        };
        let holds_link = self.links > bracket.links
            || self.out.marks.len() > bracket.marks
            || self.out.cites.len() > bracket.cites;
        let is_told = self.lost_until > end;
        // The title can continue after a line end.
        let block = &self.masked.source[end..mend::extent(self.masked.source, end)];
        let length = block.strip_suffix(')').map_or(0, |block| block.len() - 1);
        let (address, title) = inside[..length]
            .split_once(' ')
            .unwrap_or((&inside[..length], ""));
        let has_title = title.is_empty() || title.trim_start().starts_with(['"', '\'', '(']);
        let is_address = !address.is_empty() && has_title;
        if !holds_link || !is_address || is_told || self.is_escaped_mark(end) {
            return;
        }
        let place = self.place(end..end + length + 2);
        let told = Diagnostic::new(Code::UnclosedMarkup, place, "link inside another link")
            .label("shown as text, because links cannot be nested")
            .hint("end the outer link before the inner one, or write `verb:id` for a mark");
        self.diagnostics.push(told);
    }

    /// Records that the definition of a label is used by a mark.
    pub(super) fn uses_label(&mut self, label: &str) {
        self.used_labels.insert(fold(label));
    }

    /// Reports what the text never used: definitions without a use, and marks in parts that
    /// Markdown drops, such as extra cells in a table row.
    pub(super) fn told_of_unused(&mut self) {
        let mut first: Vec<&str> = Vec::new();
        for (start, label) in std::mem::take(&mut self.definitions) {
            let Some(label) = label else {
                continue;
            };
            let is_again = first.contains(&label);
            first.push(label);
            if !is_again && self.used_labels.contains(&fold(label)) {
                continue;
            }
            let place = self.place(start..start + label.len() + 2);
            self.diagnostics
                .push(unused_definition(place, label, is_again));
        }
        for number in 0..self.masked.blocks.len() {
            let block = self.masked.blocks[number];
            let span = block.span.range();
            if self.claimed[number] || self.seen[number] || block.kind == BlockKind::Heading {
                continue;
            }
            if self.says_verb(number) && !self.is_escaped_mark(span.start) {
                let place = self.place(span);
                self.diagnostics.push(left_out(place));
            }
        }
    }
}

fn unused_definition(place: Place, label: &str, is_again: bool) -> Diagnostic {
    let told = Diagnostic::new(
        Code::UnusedDefinition,
        place,
        format!("unused definition `[{label}]`"),
    );
    if is_again {
        told.label("an earlier definition has the same label")
            .hint("change the label of one of them")
    } else {
        told.label("no words use this label").hint(format!(
            "write `[words][{label}]` in the text, or delete the line"
        ))
    }
}

fn left_out(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableAttributes,
        place,
        "mark in text that Markdown drops",
    )
    .label("not shown on the page")
    .hint("write as many cells as the table head has, and `\\|` for a bar in a cell")
}
