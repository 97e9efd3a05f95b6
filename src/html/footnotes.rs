//! Footnotes: numbered by their first reference, listed after the text.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::body::Writer;
use super::{Html, RenderContext, escape, escape_address};

#[derive(Default)]
pub(super) struct Footnotes {
    /// The number and the count of references, by label.
    pub(super) numbers: HashMap<Box<str>, (usize, usize)>,
    pub(super) labels: Vec<Box<str>>,
    pub(super) texts: HashMap<Box<str>, String>,
    /// While a definition is written: its label, and the HTML before it.
    pub(super) open: Option<(Box<str>, String)>,
}

impl Writer<'_> {
    pub(super) fn footnote(&mut self, label: &str) {
        self.references();
        if self.setting.is_plain() && self.html.ends_with("</a></sup>") {
            self.html.push(' ');
        }
        let footnotes = &mut self.footnotes;
        let next = footnotes.labels.len() + 1;
        let entry = footnotes.numbers.entry(label.into()).or_insert_with(|| {
            footnotes.labels.push(label.into());
            (next, 0)
        });
        entry.1 += 1;
        let (number, count) = *entry;
        let (reference, note) = (reference(label, count), note(label));
        self.html
            .push_str("<sup class=\"footnote-reference\" id=\"");
        escape(&self.setting.id(&reference), &mut self.html);
        self.html.push_str("\"><a href=\"#");
        escape_address(&self.setting.id(&note), &mut self.html);
        let _ = write!(self.html, "\">{number}</a></sup>");
    }
}

impl Footnotes {
    /// Returns the list. In a plain mdBook book it exists as soon as a footnote is defined.
    pub(super) fn html(mut self, setting: &dyn RenderContext) -> Option<Html> {
        let is_plain = setting.is_plain();
        if self.labels.is_empty() && (!is_plain || self.texts.is_empty()) {
            return None;
        }
        let class = if is_plain {
            "footnote-definition"
        } else {
            "footnotes"
        };
        let mut html = format!("<ol class=\"{class}\">\n");
        for label in &self.labels {
            let (_, count) = self.numbers[label];
            let Some(text) = self.texts.remove(label) else {
                continue;
            };
            html.push_str("<li id=\"");
            escape(&setting.id(&note(label)), &mut html);
            html.push_str("\">");
            // The link back is in the last paragraph, if there is one.
            let text = text.trim_end();
            let (text, end) = match text.strip_suffix("</p>") {
                Some(text) => (text, "</p>"),
                None => (text, ""),
            };
            html.push_str(text);
            for number in 1..=count {
                html.push_str(" <a class=\"back\" href=\"#");
                escape_address(&setting.id(&reference(label, number)), &mut html);
                html.push_str("\" aria-label=\"Back to the text\">↩");
                if number > 1 {
                    let _ = write!(html, "{number}");
                }
                html.push_str("</a>");
            }
            html.push_str(end);
            html.push_str("</li>\n");
        }
        html.push_str("</ol>\n");
        Some(Html(html))
    }
}

/// The anchor of a footnote.
fn note(label: &str) -> String {
    format!("footnote-{label}")
}

/// The anchor of a reference to a footnote, by its number among them.
fn reference(label: &str, number: usize) -> String {
    format!("fr-{label}-{number}")
}
