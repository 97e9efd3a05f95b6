//! A linked body becomes safe HTML; code is highlighted; raw HTML is let through by name.
//!
//! [`Html`] is the only text that templates do not escape, and it can only be made here: every
//! constructor escapes. What a page knows about links, marks and citations comes in by
//! [`Setting`], so that the same body reads right wherever it stands.

mod balance;
mod body;
mod code;
mod footnotes;
mod headings;
mod links;
mod listing;
mod quotes;
mod raw;
mod size;

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::config::{Listings, RawHtml};
use crate::model::{Id, MarkNo, Source, Target};
pub use body::{Segment, Written, segments};
use code::Highlighting;
pub use code::{EFFORT, Highlighter, cost};
pub use size::{Size, size};

/// Text that is HTML already, and safe.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Html(String);

impl Html {
    /// The name under which serde carries it, so that the theme knows it from plain text.
    pub const NAME: &'static str = "whosaid::Html";

    /// Plain text, escaped.
    pub fn text(text: &str) -> Html {
        let mut html = String::with_capacity(text.len());
        escape(text, &mut html);
        Html(html)
    }

    /// Data for the inside of a `<script>` that holds no script. No text in it can end the element:
    /// every `<` is told by its number, which is the same to who reads the data.
    pub fn data(data: &impl serde::Serialize) -> Html {
        let json = serde_json::to_string(data).expect("data has texts for keys");
        Html(json.replace('<', "\\u003c"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl serde::Serialize for Html {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Html::NAME, &self.0)
    }
}

/// What the page around a body knows and the body does not.
pub trait Setting {
    /// The address of `target` as seen from this page, and what stands there.
    fn link(&self, target: &Target) -> Link;
    /// How the mark shows on this page.
    fn mark(&self, mark: MarkNo) -> Face;
    /// The number of a cited source on this page, and the anchor of its entry.
    fn cited(&self, source: Id<Source>) -> (usize, String);
    fn raw_html(&self) -> RawHtml;
    /// The id that an anchor of the body has on this page: itself, unless several bodies stand
    /// there.
    fn id<'a>(&self, anchor: &'a str) -> Cow<'a, str> {
        anchor.into()
    }
    /// How blocks of code are read.
    fn listings(&self) -> &Listings {
        static PLAIN: Listings = Listings::PLAIN;
        &PLAIN
    }
    /// Whether the text is one for mdBook alone, and written as mdBook writes it: headings lead
    /// to themselves, and footnotes end the text.
    fn is_plain(&self) -> bool {
        false
    }
    /// An address of raw HTML as it reads on this page; none where it is the same.
    fn rebased(&self, _address: &str) -> Option<String> {
        None
    }
    /// How many levels headings go down: 1 where the page has a title of its own.
    fn demotion(&self) -> u8 {
        0
    }
}

/// A link, resolved for one page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    pub href: String,
    /// `actor`, `claim` …: what it leads to; empty for an ordinary link.
    pub class: &'static str,
    /// The id of the card that says who this is, if the page has one.
    pub card: Option<String>,
    /// Whether it leaves the site.
    pub is_external: bool,
    /// How large it is, if it leads to an image of the book.
    pub size: Option<Size>,
}

/// How a mark shows: its own element and the references behind it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Face {
    pub anchor: String,
    /// Class names, by stance and status.
    pub class: String,
    /// One for each claim it speaks of; none for an event.
    pub references: Vec<Reference>,
    pub is_event: bool,
    /// The language of the words, where it is not the page's.
    pub lang: Option<String>,
}

/// The reference behind a mark: number and signature, leading to its note.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    pub number: usize,
    pub signature: String,
    /// How its claim is underlined: `contested`, `unanswered` or `plain`.
    pub line: &'static str,
    /// The id of the note.
    pub note: String,
    /// What a screen reader says: begins with the visible number.
    pub label: String,
}

/// Appends `text` with the five characters that mean something to HTML replaced: for attributes.
pub(crate) fn escape(text: &str, html: &mut String) {
    escape_where(text, html, |byte| match byte {
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        byte => entity(byte),
    });
}

/// Appends text that stands between tags, as pulldown-cmark does: quotes stay.
pub(crate) fn escape_text(text: &str, html: &mut String) {
    escape_where(text, html, entity);
}

fn escape_where(text: &str, html: &mut String, entity: impl Fn(u8) -> Option<&'static str>) {
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(entity) = entity(byte) {
            html.push_str(&text[from..at]);
            html.push_str(entity);
            from = at + 1;
        }
    }
    html.push_str(&text[from..]);
}

fn entity(byte: u8) -> Option<&'static str> {
    match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        // XML and HTML have no place for other control characters.
        0x00..=0x08 | 0x0b | 0x0c | 0x0e..=0x1f | 0x7f => Some("\u{fffd}"),
        _ => None,
    }
}

/// Appends an address for an attribute: what may not stand in an address is percent-encoded.
pub(crate) fn escape_address(address: &str, html: &mut String) {
    for c in address.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '\'' => html.push_str("&#x27;"),
            'a'..='z' | 'A'..='Z' | '0'..='9' => html.push(c),
            '-' | '_' | '.' | '~' | '!' | '*' | '(' | ')' | ';' | ':' | '@' | '=' | '+' | '$'
            | ',' | '/' | '?' | '#' | '%' => html.push(c),
            c => {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    let _ = write!(html, "%{byte:02X}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
