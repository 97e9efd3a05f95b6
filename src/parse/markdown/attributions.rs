//! The attribution of a block quotation, in its last paragraph.

use super::Builder;
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{Item, Node, Tag};
use crate::parse::Attribution;
use crate::parse::name::Name;
use crate::text::{Place, Span};

impl Builder<'_> {
    /// Reads a last paragraph of a dash and a mark or mention as the attribution of the quotation.
    pub(super) fn attribute(&mut self, number: usize, quote: usize, paragraph: usize) {
        let items = &self.out.body.items;
        let Some(start) = behind_dash(items, paragraph + 1) else {
            return self.attribution_in_paragraph(paragraph);
        };
        match &items[start].node {
            Node::Start(Tag::Mark(mark)) => {
                let mark = mark.0 as usize;
                self.out.attributions[number] = Attribution::Mark(mark);
                let words = Span {
                    start: items[quote].span.start,
                    end: items[paragraph].span.start,
                };
                self.out.marks[mark].whole_quote = Some((quote, paragraph));
                self.out.marks[mark].words_span = words;
                self.out.marks[mark].attrs.quote = true;
                self.out.marks[mark].quote = None;
            }
            Node::Start(Tag::Mention(to)) => {
                self.out.attributions[number] = Attribution::Mention((**to).clone());
            }
            Node::Start(_)
            | Node::End
            | Node::Text(_)
            | Node::Code(_)
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
    }

    /// Reports an attribution on the last line of a paragraph of the quotation.
    fn attribution_in_paragraph(&mut self, paragraph: usize) {
        let items = &self.out.body.items;
        let breaks = items[paragraph..]
            .iter()
            .rposition(|item| matches!(item.node, Node::SoftBreak | Node::HardBreak));
        let Some(line) = breaks.map(|at| paragraph + at + 1) else {
            return;
        };
        let Some(start) = behind_dash(items, line).filter(|start| ends_with(items, *start)) else {
            return;
        };
        let span = Span {
            start: items[line].span.start,
            end: items[start].span.end,
        };
        let source = self.masked.source;
        let at = span.start as usize - self.shift;
        let line_start = source[..at].rfind('\n').map_or(0, |end| end + 1);
        let fix = match source[line_start..at].trim_end() {
            // A line without `>` that continues the paragraph.
            "" => Fix::replace(self.place(at..at), ">\n> "),
            prefix => Fix::replace(self.place(line_start..line_start), format!("{prefix}\n")),
        };
        let told = detached(
            self.map.place(span),
            "this line is read as part of the quotation",
        );
        self.diagnostics.push(
            told.hint("add a line that contains only `>` before it")
                .fix(fix),
        );
    }

    /// Reports a paragraph after a quotation that should be its last one; it begins at item
    /// `start`.
    pub(super) fn attribution_outside(&mut self, start: usize) {
        let Some((item, end)) = self.last_quote.filter(|(item, _)| *item == start) else {
            return;
        };
        let items = &self.out.body.items;
        let Some(mark) = behind_dash(items, item + 1).filter(|mark| ends_with(items, *mark)) else {
            return;
        };
        let span = Span {
            start: items[start].span.start,
            end: items[mark].span.end,
        };
        let (from, to) = (end, span.start as usize - self.shift);
        let told = detached(
            self.map.place(span),
            "this line is outside of the quotation",
        )
        .hint("write `>` before it and before the empty line above");
        // In a list or another quotation, lines have other prefixes.
        let between = self.masked.source.get(from..to).unwrap_or("-");
        self.diagnostics.push(if between.trim().is_empty() {
            told.fix(Fix::replace(self.place(from..to), "\n>\n> "))
        } else {
            told
        });
    }
}

/// Returns the item of a mark or mention after a dash, from item `from`.
fn behind_dash(items: &[Item<Name>], from: usize) -> Option<usize> {
    // A dash typed as `---` is a separate text from the space after it.
    let texts = items
        .get(from..)?
        .iter()
        .map_while(|item| match &item.node {
            Node::Text(text) => Some(text.as_ref()),
            Node::Start(_)
            | Node::End
            | Node::Code(_)
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => None,
        });
    let texts: Vec<&str> = texts.take(3).collect();
    let is_dash = matches!(texts.concat().trim_end(), "—" | "―" | "–");
    let start = from + texts.len();
    let is_party = items
        .get(start)
        .is_some_and(|item| matches!(item.node, Node::Start(Tag::Mark(_) | Tag::Mention(_))));
    (is_dash && is_party).then_some(start)
}

/// True if only citations and punctuation follow the tag at item `start`.
fn ends_with(items: &[Item<Name>], start: usize) -> bool {
    let mut depth = 0_usize;
    for item in &items[start..] {
        match &item.node {
            Node::Start(_) => depth += 1,
            Node::End if depth == 0 => return true,
            Node::End => depth -= 1,
            Node::Cite(_) => {}
            Node::Text(text) if depth == 0 => {
                if text.chars().any(char::is_alphanumeric) {
                    return false;
                }
            }
            Node::Text(_)
            | Node::Code(_)
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_) => {
                if depth == 0 {
                    return false;
                }
            }
        }
    }
    true
}

fn detached(place: Place, label: &str) -> Diagnostic {
    Diagnostic::new(
        Code::DetachedAttribution,
        place,
        "attribution outside of its quotation",
    )
    .label(label)
}
