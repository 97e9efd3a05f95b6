//! Reports mentions, citations, links, code blocks and comments that are never closed. Markdown
//! takes the first three for plain text, and lets the others swallow the rest of the text, without
//! an error.

use std::ops::Range;

use pulldown_cmark::TagEnd;

use super::Builder;
use crate::diag::{Code, Diagnostic};
use crate::text::Place;

impl Builder<'_> {
    /// Reports a bracket at `at` that is never closed, if it begins a mention or a citation.
    pub(super) fn told_of_bracket(&mut self, at: usize) {
        let source = self.masked.source;
        let rest = source.get(at..).unwrap_or("");
        let (what, close) = match rest.as_bytes() {
            [b'[', b'[', ..] if self.reading.wikilinks => ("mention", "]]"),
            [b'[', b'@', ..] => ("citation", "]"),
            _ => return,
        };
        let begins = rest.get(2..).and_then(|rest| rest.chars().next());
        if !begins.is_some_and(char::is_alphanumeric) {
            return;
        }
        let place = self.place(at..at + 2);
        let hint = format!("write `{close}` after it, or `\\[` for plain text");
        self.diagnostics.push(unclosed(place, what, &hint));
    }

    /// Reports an address after `[words]` that is never closed or contains a space; its parenthesis
    /// is at `at`.
    pub(super) fn told_of_address(&mut self, at: usize) {
        let rest = self.masked.source.get(at..).unwrap_or("");
        let Some(inside) = rest.strip_prefix('(') else {
            return;
        };
        // A later bracket belongs to another link.
        let line = inside.split(['\n', '[']).next().unwrap_or("").trim_end();
        let word = line.split([' ', '\t']).next().unwrap_or("");
        let place = self.place(at..at + 1 + word.len());
        match line.split_once(')') {
            None if is_address(word) => {
                let hint = "write `)` after it, or `\\[` for plain text";
                self.diagnostics.push(unclosed(place, "link", hint));
            }
            Some((address, _))
                if address.contains(' ')
                    && !address.contains(['"', '\'', '<'])
                    && is_address(address) =>
            {
                let hint = format!("write `[…](<{address}>)`, or `%20` for each space");
                let place = self.place(at..at + 1 + address.len());
                let told = Diagnostic::new(
                    Code::UnclosedMarkup,
                    place,
                    "space in the address of a link",
                )
                .label("shown as plain text")
                .hint(hint);
                self.diagnostics.push(told);
            }
            None | Some(_) => {}
        }
    }

    /// Reports a code block or comment that continues to the end of the text.
    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of pulldown-cmark")]
    pub(super) fn told_of_block(&mut self, tag: &TagEnd, range: &Range<usize>) {
        let source = self.masked.source;
        if !self.reading.annotated || !source[range.end.min(source.len())..].trim().is_empty() {
            return;
        }
        let block = source.get(range.clone()).unwrap_or("");
        let (what, open, hint) = match tag {
            TagEnd::CodeBlock if is_fence_open(block) => {
                let hint = "add a line with the same number of backticks or tildes after it";
                ("code block", 3, hint)
            }
            TagEnd::HtmlBlock if block.starts_with("<!--") && !block.contains("-->") => {
                ("comment", 4, "write `-->` after it")
            }
            _ => return,
        };
        let place = self.place(range.start..range.start + open);
        self.diagnostics.push(unclosed(place, what, hint));
    }
}

/// True if the text looks like an address: a file with an extension, or a scheme.
fn is_address(text: &str) -> bool {
    let path = text.split(['#', '?']).next().unwrap_or("");
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_file = matches!(
        extension.to_ascii_lowercase().as_str(),
        "md" | "html" | "htm" | "pdf" | "png" | "jpg" | "jpeg" | "svg" | "gif" | "webp"
    );
    is_file || text.starts_with("https://") || text.starts_with("http://")
}

/// True if a fenced code block has no closing fence.
fn is_fence_open(block: &str) -> bool {
    let head = block.trim_start();
    let Some(sign) = head.chars().next().filter(|sign| matches!(sign, '`' | '~')) else {
        return false;
    };
    let length = head.chars().take_while(|c| *c == sign).count();
    let mut lines = head.lines();
    lines.next();
    let closes = |line: &str| {
        // Inside a quotation, each line begins with its marker.
        let line = line.trim_start_matches([' ', '>', '\t']).trim_end();
        line.chars().all(|c| c == sign) && line.chars().count() >= length
    };
    length >= 3 && !lines.any(closes)
}

fn unclosed(place: Place, what: &str, hint: &str) -> Diagnostic {
    let message = format!("unclosed {what}");
    Diagnostic::new(Code::UnclosedMarkup, place, message)
        .label("opened here")
        .hint(hint.to_owned())
}
