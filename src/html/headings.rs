//! Anchors of headings and definition terms, and links to themselves.

use super::body::Writer;
use super::{escape, escape_address};

impl Writer<'_> {
    pub(super) fn id(&mut self, anchor: &str) {
        if !anchor.is_empty() {
            self.html.push_str(" id=\"");
            escape(&self.setting.id(anchor), &mut self.html);
            self.html.push('"');
        }
    }

    /// Returns the start of a heading's words in the output and its anchor, for a link to itself.
    pub(super) fn permalink(&self, anchor: &str) -> Option<(usize, Box<str>)> {
        let wanted = self.setting.is_plain() && !anchor.is_empty();
        wanted.then(|| (self.html.len(), anchor.into()))
    }

    /// Turns what was written since then into a link, unless it already contains one.
    pub(super) fn end_permalink(&mut self, permalink: Option<(usize, Box<str>)>) {
        let Some((start, anchor)) = permalink else {
            return;
        };
        let words = self.html.split_off(start);
        if words.contains("<a") || words.contains("<A") {
            self.html.push_str(&words);
            return;
        }
        self.html.push_str("<a class=\"header\" href=\"#");
        escape_address(&anchor, &mut self.html);
        self.html.push_str("\">");
        self.html.push_str(&words);
        self.html.push_str("</a>");
    }
}

/// Returns the element name of a heading.
pub(super) fn element(level: u8) -> &'static str {
    match level {
        1 => "h1",
        2 => "h2",
        3 => "h3",
        4 => "h4",
        5 => "h5",
        _ => "h6",
    }
}
