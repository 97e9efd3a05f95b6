//! Renders a linked body as safe HTML, with highlighted code and an allow-list for raw HTML.
//!
//! [`Html`] is the only text that templates do not escape, and only this room creates it: every
//! constructor escapes. [`RenderContext`] provides what a page knows about links, marks and citations, so
//! that the same body can be rendered in several places.

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
mod tongue;

use std::borrow::Cow;

use crate::config::{Listings, RawHtml};
use crate::model::{Id, MarkNo, Source, Target};
use crate::text::{self, Encoding, Markup, percent_encoded};
pub use body::{Rendered, Segment, segments};
use code::Highlighting;
pub use code::{EFFORT, Highlighter, cost};
pub use size::{Size, size};
pub use tongue::Tongue;

/// Text that is safe HTML.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Html(String);

impl Html {
    /// Its name in serde, by which the theme distinguishes it from plain text.
    pub const NAME: &'static str = "whosaid::Html";

    /// Plain text, escaped.
    pub fn text(text: &str) -> Html {
        let mut html = String::with_capacity(text.len());
        escape(text, &mut html);
        Html(html)
    }

    /// Returns data for a `<script>` element with data. No text in it can end the element, because
    /// every `<` is written as an escape.
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

/// The context of a body: everything that depends on the page.
pub trait RenderContext {
    /// Returns the link to `target`, relative to this page.
    fn link(&self, target: &Target) -> Link;
    /// Returns the appearance of a mark on this page.
    fn mark(&self, mark: MarkNo) -> Face;
    /// Returns the language of the block quotation that the mark attributes, if it differs from the
    /// page's.
    fn quotation(&self, _mark: MarkNo) -> Option<Tongue> {
        None
    }
    /// Returns the language of the page.
    fn tongue(&self) -> Tongue {
        Tongue::default()
    }
    /// Returns the number of a cited source on this page, and the anchor of its entry.
    fn cited(&self, source: Id<Source>) -> (usize, String);
    fn raw_html(&self) -> RawHtml;
    /// Returns the id of an anchor on this page: unchanged, unless the page has several bodies.
    fn id<'a>(&self, anchor: &'a str) -> Cow<'a, str> {
        anchor.into()
    }
    /// Returns the settings for code blocks.
    fn listings(&self) -> &Listings {
        static PLAIN: Listings = Listings::PLAIN;
        &PLAIN
    }
    /// True for a plain mdBook book, which is rendered as by mdBook: headings link to themselves,
    /// and footnotes are at the end.
    fn is_plain(&self) -> bool {
        false
    }
    /// Returns an address in raw HTML relative to this page; `None` if it does not change.
    fn rebased(&self, _address: &str) -> Option<String> {
        None
    }
    /// Returns by how many levels headings are lowered: 1 if the page has its own title.
    fn demotion(&self) -> u8 {
        0
    }
    /// Returns the Traffic Light Protocol label of the section with this anchor, if it needs one.
    fn heading_level(&self, _anchor: &str) -> Option<String> {
        None
    }
}

/// A link, resolved for one page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Link {
    pub href: String,
    /// The kind of the target: `actor`, `claim` …; empty for an ordinary link.
    pub class: &'static str,
    /// The id of the hover card, if the page has one.
    pub card: Option<String>,
    /// Whether it leaves the site.
    pub is_external: bool,
    /// The size, if the target is an image of the book.
    pub size: Option<Size>,
}

/// The appearance of a mark: its element and the references after it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Face {
    pub anchor: String,
    /// Class names, by stance and status.
    pub class: String,
    /// One for each claim; empty for an event.
    pub references: Vec<Reference>,
    pub is_event: bool,
    /// A note after the marked words.
    pub flag: Option<&'static str>,
    /// The Traffic Light Protocol label of the words, if they need one.
    pub tlp: Option<String>,
    /// The language of the words, if it differs from the page's.
    pub tongue: Option<Tongue>,
}

impl Face {
    /// Returns the end tag of the mark, with its flag.
    fn end(&self) -> String {
        let end = if self.is_event { "</span>" } else { "</mark>" };
        let flag = self
            .flag
            .map(|flag| format!(" <small class=\"flag\">[{flag}]</small>"));
        let flag = flag.unwrap_or_default();
        format!("{end}{flag}{}", level(self.tlp.as_deref()))
    }
}

/// Returns a Traffic Light Protocol label as HTML, after a space.
fn level(label: Option<&str>) -> String {
    label.map_or_else(String::new, |label| {
        format!(" <span class=\"tlp\">{label}</span>")
    })
}

/// The reference after a mark: number and signature, as a link to its note.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    pub number: usize,
    pub signature: String,
    /// The class of the underline: `contested`, `unanswered` or `plain`.
    pub line: &'static str,
    /// The id of the note.
    pub note: String,
    /// The accessible name, which begins with the visible number.
    pub label: String,
}

/// Appends `text` escaped for attributes.
pub(crate) fn escape(text: &str, html: &mut String) {
    text::escape(text, Markup::Attribute, html);
}

/// Appends text between tags, like pulldown-cmark: quotes are not escaped.
pub(crate) fn escape_text(text: &str, html: &mut String) {
    text::escape(text, Markup::Content, html);
}

/// Appends an address for an attribute, percent-encoded.
pub(crate) fn escape_address(address: &str, html: &mut String) {
    for c in percent_encoded(address, Encoding::Address).chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '\'' => html.push_str("&#x27;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests;
