//! The ends of elements.

use std::fmt::Write as _;

use super::Writer;
use crate::model::MarkNo;

/// The end tag for an `End` item.
pub(in crate::html) enum Closing {
    /// Nothing.
    None,
    /// A constant tag, after the references of its words.
    Text(&'static str),
    /// A constant tag within words, whose references come after it.
    Emphasis(&'static str),
    Paragraph,
    TableHead,
    /// A foldable callout.
    Details,
    /// A raw element of the author.
    Raw(Box<str>),
    Mark(MarkNo),
    Link,
    /// The level, the start of the permalink, and the label after the words.
    Heading(u8, Option<(usize, Box<str>)>, String),
    Term(Option<(usize, Box<str>)>),
    Code,
    Image,
    Footnote,
    Row,
    Cell(&'static str),
}

impl Writer<'_> {
    /// Writes an end tag after the references that wait for the end of words.
    fn close(&mut self, tag: &str) {
        self.references();
        self.html.push_str(tag);
    }

    pub(super) fn end(&mut self) {
        if let Some((block, span)) = self.raw_block.take() {
            self.raw(&block, span);
        }
        // Raw elements end with their container.
        while let Some(Closing::Raw(name)) = self.open.last() {
            let _ = write!(self.html, "</{name}>");
            self.open.pop();
        }
        let Some(closing) = self.open.pop() else {
            return;
        };
        self.depth = self.depth.saturating_sub(1);
        match closing {
            Closing::None => self.references(),
            Closing::Text(close) => self.close(close),
            Closing::Emphasis(close) => self.html.push_str(close),
            Closing::Paragraph => self.close("</p>\n"),
            Closing::TableHead => self.close("</tr></thead><tbody>\n"),
            Closing::Details => self.close("</details>\n"),
            Closing::Raw(name) => {
                let _ = write!(self.html, "</{name}>");
            }
            Closing::Heading(level, permalink, label) => {
                self.references();
                self.end_permalink(permalink);
                let _ = writeln!(self.html, "{label}</h{level}>");
            }
            Closing::Term(permalink) => {
                self.end_permalink(permalink);
                self.html.push_str("</dt>\n");
            }
            Closing::Link => {
                self.html.push_str("</a>");
                self.in_link -= 1;
            }
            Closing::Mark(number) => {
                let face = self.setting.mark(number);
                self.html.push_str(&face.end());
                self.pending.extend(face.references);
            }
            Closing::Code => self.code_end(),
            Closing::Image => {}
            Closing::Row => self.html.push_str("</tr>\n"),
            Closing::Cell(close) => {
                self.references();
                self.html.push_str(close);
            }
            Closing::Footnote => {
                if let Some((label, before)) = self.footnotes.open.take() {
                    let text = std::mem::replace(&mut self.html, before);
                    self.footnotes.texts.entry(label).or_insert(text);
                }
            }
        }
        self.end_of_segment();
    }
}
