//! Extends the cuts in a text to everything that only the removed words need, so that the rest
//! reads as if they had never been written: their citations and footnotes, definitions, white
//! space, and list items, rows and lines that become empty.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::model::Node;
use crate::parse::Draft;

/// Returns all bytes to remove from the text of `draft`, if `cuts` are removed.
pub fn extended(draft: &Draft, cuts: &[Range<usize>]) -> Vec<Range<usize>> {
    let text = draft.text.as_str();
    let mut removed = Removed::new(text, draft.body_at);
    for cut in cuts {
        removed.cut(cut.clone());
    }
    for cut in citations(draft, cuts) {
        removed.cut(cut);
    }
    // A reference that follows removed words at once is theirs.
    for item in &draft.body.items {
        let at = item.span.start as usize;
        if matches!(item.node, Node::Footnote(_)) && at > 0 && removed.is_gone(at - 1) {
            removed.cut(item.span.range());
        }
    }
    loop {
        removed.tidy();
        if !removed.cut_definitions() {
            break;
        }
    }
    removed.ranges()
}

/// The citations that serve only marks in the cuts.
fn citations(draft: &Draft, cuts: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut served: BTreeSet<usize> = BTreeSet::new();
    let mut kept: BTreeSet<usize> = BTreeSet::new();
    for mark in &draft.marks {
        let at = mark.span.start as usize;
        if cuts.iter().any(|cut| cut.contains(&at)) {
            served.extend(&mark.cites)
        } else {
            kept.extend(&mark.cites)
        }
    }
    let items = draft.body.items.iter();
    let cites = items.filter(|item| matches!(item.node, Node::Cite(_)));
    let cites = cites.enumerate();
    // A group that follows removed words at once is about them, whatever else it serves.
    let follows = |at: usize| {
        let before = draft.text.as_str()[..at].trim_end();
        cuts.iter().any(|cut| cut.end == before.len())
    };
    let cites = cites.filter(|(number, item)| {
        served.contains(number) && (!kept.contains(number) || follows(item.span.start as usize))
    });
    cites.map(|(_, item)| item.span.range()).collect()
}

/// A text with bytes to remove.
struct Removed<'a> {
    text: &'a str,
    body_at: usize,
    /// The text in lower case, byte by byte, to find labels.
    lower: String,
    /// For each byte, whether it is removed.
    is_gone: Vec<bool>,
}

/// A line of the text without the removed bytes.
struct Line {
    /// From its first byte to the one after its line end, in the whole text.
    range: Range<usize>,
    /// What remains of it, without its line end.
    rest: String,
    /// Whether something was removed from it.
    is_cut: bool,
}

impl<'a> Removed<'a> {
    fn new(text: &'a str, body_at: usize) -> Removed<'a> {
        Removed {
            text,
            body_at,
            lower: text.to_ascii_lowercase(),
            is_gone: vec![false; text.len()],
        }
    }

    fn cut(&mut self, range: Range<usize>) {
        let end = range.end.min(self.text.len());
        for at in range.start.min(end)..end {
            self.is_gone[at] = true;
        }
    }

    fn is_gone(&self, at: usize) -> bool {
        self.is_gone.get(at).copied().unwrap_or(false)
    }

    fn ranges(&self) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for (at, _) in self.is_gone.iter().enumerate().filter(|(_, gone)| **gone) {
            match ranges.last_mut() {
                Some(last) if last.end == at => last.end = at + 1,
                _ => ranges.push(at..at + 1),
            }
        }
        ranges
    }

    /// Removes white space at the edges of cuts, then lines that hold nothing any more.
    fn tidy(&mut self) {
        for range in self.ranges() {
            self.tidy_edge(&range);
        }
        for line in self.lines() {
            let is_empty = is_empty(&line.rest) && line.range.start >= self.body_at;
            if line.is_cut && is_empty {
                self.cut(line.range);
            }
        }
    }

    fn tidy_edge(&mut self, range: &Range<usize>) {
        let is_blank = |c: char| c == ' ' || c == '\t';
        let before = self.text[..range.start].char_indices().rev();
        let before: Vec<(usize, char)> = before
            .filter(|(at, _)| !self.is_gone(*at))
            .take_while(|(_, c)| is_blank(*c))
            .collect();
        let mut after = self.text[range.end..].char_indices();
        let next = after.find(|(at, _)| !self.is_gone(range.end + at));
        let next = next.map_or('\n', |(_, c)| c);
        let closes = is_blank(next)
            || matches!(
                next,
                '\n' | '\r' | '.' | ',' | ';' | ':' | '!' | '?' | ')' | '…' | '|'
            );
        let start = before.last().map_or(range.start, |(at, _)| *at);
        let previous = self.text[..start].char_indices().rev();
        let mut previous = previous.filter(|(at, _)| !self.is_gone(*at));
        let begins_line = previous
            .next()
            .is_none_or(|(_, c)| matches!(c, '\n' | '\r'));
        if closes && !begins_line && !before.is_empty() {
            // The blank of a cell stays, and so does that of a marker: `| a |`, `- a`.
            let keeps = usize::from(next == '|');
            for (at, _) in before.iter().skip(keeps) {
                self.is_gone[*at] = true;
            }
        } else if before.is_empty() && begins_line && is_blank(next) {
            let blanks = self.text[range.end..].char_indices();
            let blanks: Vec<usize> = blanks
                .map(|(at, c)| (range.end + at, c))
                .filter(|(at, _)| !self.is_gone(*at))
                .take_while(|(_, c)| is_blank(*c))
                .map(|(at, _)| at)
                .collect();
            blanks.into_iter().for_each(|at| self.is_gone[at] = true);
        }
    }

    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut start = 0;
        let mut rest = String::new();
        let mut is_cut = false;
        for (at, c) in self.text.char_indices() {
            if self.is_gone[at] {
                is_cut = true;
                // A line that is gone as a whole leaves the next one alone.
                if c == '\n' && rest.is_empty() {
                    (start, is_cut) = (at + 1, false);
                }
            } else if c == '\n' {
                let rest = std::mem::take(&mut rest);
                let range = start..at + 1;
                lines.push(Line {
                    range,
                    rest,
                    is_cut,
                });
                (start, is_cut) = (at + 1, false);
            } else {
                rest.push(c);
            }
        }
        let range = start..self.text.len();
        lines.push(Line {
            range,
            rest,
            is_cut,
        });
        lines
    }

    /// Removes definitions of links and footnotes that were used before, and are not any more.
    /// Returns whether there were any.
    fn cut_definitions(&mut self) -> bool {
        let definitions = self.definitions();
        let mut is_changed = false;
        for (label, range) in definitions {
            if self.is_gone(range.start) {
                continue;
            }
            let needle = format!("[{label}]");
            let uses = |is_there: &dyn Fn(usize) -> bool| {
                let mut found = self.lower.match_indices(&needle).map(|(at, _)| at);
                found.any(|at| !range.contains(&at) && is_there(at))
            };
            if uses(&|_| true) && !uses(&|at| !self.is_gone(at)) {
                self.cut(range);
                is_changed = true;
            }
        }
        is_changed
    }

    /// The labels of definitions in lower case, such as `^n`, with their lines.
    fn definitions(&self) -> Vec<(String, Range<usize>)> {
        let mut definitions: Vec<(String, Range<usize>)> = Vec::new();
        let mut start = 0;
        let mut is_open = false;
        for line in self.text.split_inclusive('\n') {
            let range = start..start + line.len();
            start = range.end;
            let trimmed = line.trim_start_matches(' ');
            let label = trimmed
                .strip_prefix('[')
                .and_then(|rest| rest.split_once("]:"))
                .map(|(label, _)| label.to_ascii_lowercase());
            let is_deep = line.starts_with("    ") || line.starts_with('\t');
            match label.filter(|label| !label.contains(['[', ']'])) {
                Some(label) if range.start >= self.body_at && !is_deep => {
                    definitions.push((label, range));
                    is_open = true;
                }
                _ => {
                    // What is indented below belongs to it.
                    is_open &= line.trim().is_empty() || line.starts_with([' ', '\t']);
                    if let Some((_, last)) = definitions.last_mut().filter(|_| is_open)
                        && !line.trim().is_empty()
                    {
                        last.end = range.end;
                    }
                }
            }
        }
        definitions
    }
}

/// Whether a line has nothing but the signs of quotations, lists, tables and tasks.
fn is_empty(line: &str) -> bool {
    let mut rest = line.trim();
    while let Some(inner) = rest.strip_prefix('>') {
        rest = inner.trim_start();
    }
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = if digits.len() < rest.len() {
        digits.strip_prefix(['.', ')'])
    } else {
        rest.strip_prefix(['-', '*', '+'])
    };
    if let Some(inner) = item.filter(|inner| inner.is_empty() || inner.starts_with(' ')) {
        rest = inner.trim();
        for task in ["[ ]", "[x]", "[X]"] {
            rest = rest.strip_prefix(task).unwrap_or(rest).trim();
        }
    }
    // An attribution without its speaker, and the hashes of a heading.
    let rest = rest.trim_matches(['—', '–']).trim();
    let rest = rest.trim_start_matches('#').trim();
    rest.chars().all(|c| c == '|' || c == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dialect;
    use crate::parse::{self, DocKind, Reading};
    use crate::text::{SitePath, SourceText};

    /// The text of a briefing without its red marks and sections.
    fn green(text: &str) -> String {
        let file = SitePath::new("a.md").expect("a path");
        let source = SourceText::new(&file, text);
        let reading = Reading {
            dialect: Dialect::Annotated,
            annotated: true,
            wikilinks: true,
            smart_punctuation: false,
            definition_lists: true,
            alerts: true,
            is_vault: false,
        };
        let draft = parse::draft(DocKind::Briefing, source.clone(), &reading);
        let is_red = |it: &&parse::RawMark| it.attrs.tlp.is_some();
        let marks = draft.marks.iter().filter(is_red);
        let cuts: Vec<_> = marks.map(|mark| mark.span.range()).collect();
        let cuts = extended(&draft, &cuts);
        source.without(&cuts).as_str().to_owned()
    }

    const RED: &str = "[x](claim:cc \"by=aa tlp=red\")";

    #[test]
    fn nothing_tells_where_a_mark_was() {
        for (with, without) in [
            ("A RED [@memo, p. 7].\n", "A.\n"),
            ("RED [@memo] B.\n", "B.\n"),
            ("A RED B.\n", "A B.\n"),
            ("A RED, B RED.\n", "A, B.\n"),
            ("A\nRED\nB\n", "A\nB\n"),
            ("A (RED) B\n", "A () B\n"),
            ("- a\n- RED\n- b\n", "- a\n- b\n"),
            ("1. a\n2. RED [@memo]\n", "1. a\n"),
            ("- [ ] RED\n- [x] b\n", "- [x] b\n"),
            (
                "| a | b |\n|---|---|\n| RED | RED |\n| c | d |\n",
                "| a | b |\n|---|---|\n| c | d |\n",
            ),
            (
                "| a | b |\n|---|---|\n| RED | d |\n",
                "| a | b |\n|---|---|\n| | d |\n",
            ),
            ("> RED\n\nB\n", "\nB\n"),
            ("A RED[^n].\n\n[^n]: Why\n    more\n\nB\n", "A.\n\n\nB\n"),
            ("A[^n] RED[^n].\n\n[^n]: Why\n", "A[^n].\n\n[^n]: Why\n"),
            (
                "A [x][l].\n\n[l]: claim:cc \"by=aa tlp=red\"\n\nB\n",
                "A.\n\n\nB\n",
            ),
            (
                "A RED [@memo] and [y](claim:dd \"by=aa\") [@memo].\n",
                "A and [y](claim:dd \"by=aa\") [@memo].\n",
            ),
        ] {
            // How many empty lines there are means nothing in Markdown.
            let plain = |text: &str| text.replace("\n\n\n", "\n\n");
            let green = green(&with.replace("RED", RED));
            assert_eq!(plain(&green), plain(without), "{with}");
        }
    }
}
