//! GitHub's alerts, and Obsidian's callouts, which can be foldable.

use std::fmt::Write as _;

use super::body::{Closing, Writer};
use super::escape;
use crate::model::Alert;

/// The icon before the title of an alert.
const SIGN: &str = "<svg viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\">\
    <path d=\"M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM7 4h2v5H7Zm0 6h2v2H7Z\"/></svg> ";

impl Writer<'_> {
    pub(super) fn alert(&mut self, alert: Option<Alert>) -> (Closing, &'static str) {
        let word = alert.map_or("note", Alert::word);
        let _ = writeln!(
            self.html,
            "<blockquote class=\"alert {word}\">\n<p class=\"alert-title blockquote-tag-title\">{SIGN}{}{}</p>",
            word[..1].to_uppercase(),
            &word[1..]
        );
        (Closing::Text("</blockquote>\n"), "blockquote")
    }

    pub(super) fn callout(&mut self, kind: &str, is_open: Option<bool>) -> (Closing, &'static str) {
        let class = match look(kind) {
            Some(alert) => format!("alert {}", alert.word()),
            None => kind.to_owned(),
        };
        let (element, fold) = match is_open {
            None => ("blockquote", ""),
            Some(true) => ("details", " open"),
            Some(false) => ("details", ""),
        };
        let _ = write!(self.html, "<{element}{fold} class=\"");
        escape(&class, &mut self.html);
        self.html.push_str("\" data-callout=\"");
        escape(kind, &mut self.html);
        self.html.push_str("\">\n");
        match is_open {
            None => (Closing::Text("</blockquote>\n"), "blockquote"),
            Some(_) => (Closing::Details, "details"),
        }
    }

    pub(super) fn callout_title(&mut self) -> (Closing, &'static str) {
        match self.open.last() {
            Some(Closing::Details) => {
                self.html.push_str("<summary class=\"alert-title\">");
                (Closing::Text("</summary>\n"), "summary")
            }
            _ => {
                self.html.push_str("<p class=\"alert-title\">");
                (Closing::Paragraph, "p")
            }
        }
    }
}

/// Returns the alert whose style a callout type gets; `None` for embeds and quotations.
fn look(kind: &str) -> Option<Alert> {
    Some(match kind {
        "tip" | "hint" | "success" | "check" | "done" => Alert::Tip,
        "important" | "question" | "help" | "faq" | "example" => Alert::Important,
        "warning" | "caution" | "attention" => Alert::Warning,
        "danger" | "error" | "bug" | "failure" | "fail" | "missing" => Alert::Caution,
        "embed" | "quote" | "cite" => return None,
        _ => Alert::Note,
    })
}
