//! Cards: preview images of 1200 × 630 pixels for links to a page, as PNG.
//!
//! A [`Card`] is only text, and its address has a hash of it: equal cards have the same address and
//! the same bytes on every machine. So a build that finds a file with this name need not draw it
//! again, which takes longer than rendering a page. A card with a character that no font has is not
//! drawn, because a gap in a title could change its meaning.
//!
//! No font of the machine is used. Without the feature `cards` there are no [`Fonts`], and so no
//! cards.

#[cfg(feature = "cards")]
mod draw;
#[cfg(feature = "cards")]
mod fonts;
#[cfg(feature = "cards")]
mod lines;
#[cfg(not(feature = "cards"))]
mod without;

use crate::text::{self, SitePath};
#[cfg(feature = "cards")]
pub use fonts::Fonts;
#[cfg(not(feature = "cards"))]
pub use without::Fonts;

/// The width of a card in pixels, as recommended for Open Graph images.
pub const WIDTH: u32 = 1200;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 630;

/// Version of the card renderer. Bump it when the drawing code, its crates or the fonts change, so
/// that old cards are not reused.
const DRAWING: u32 = 1;

/// The maximum length of the page's address in the file name, in bytes.
const NAME: usize = 80;

/// The content of a card.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Card {
    /// The page that the card is for.
    pub page: SitePath,
    /// The title of the site.
    pub site: String,
    /// The kind of the page: `Claim`, `Briefing`.
    pub kind: String,
    /// The text next to the kind, such as a date or a TLP label; may be empty.
    pub aside: String,
    /// The title, or the words of the claim.
    pub title: String,
    pub rule: Rule,
    /// One sign per party, or counts by sign; empty if there is no signature.
    pub signature: String,
    /// The highlighted words below the underline.
    pub head: String,
    /// The text next to the highlighted words.
    pub words: String,
    /// The text at the bottom: the replies of the accused.
    pub foot: String,
}

/// The underline of the title, as for claims in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// A party opposes the claim.
    Double,
    /// An accused party has not replied.
    Dotted,
    Single,
}

impl Card {
    /// Returns the path of the card: `cards/NAME.HASH.png`.
    pub fn address(&self, fonts: &Fonts) -> SitePath {
        let hash = self.hash(fonts);
        let page = self.page.as_str().trim_end_matches(".html");
        let mut name = text::slug(page);
        name.truncate(NAME);
        let path = format!("cards/{name}.{hash:016x}.png");
        SitePath::known(&path)
    }

    /// Returns all texts of the card, in reading order.
    fn texts(&self) -> [&str; 8] {
        [
            &self.site,
            &self.kind,
            &self.aside,
            &self.title,
            &self.signature,
            &self.head,
            &self.words,
            &self.foot,
        ]
    }

    /// Returns the first character that no font has.
    pub fn lacking(&self, fonts: &Fonts) -> Option<char> {
        let mut texts = self.texts().into_iter();
        texts.find_map(|text| fonts.lacking(text))
    }

    /// Returns the alternative text.
    pub fn alt(&self) -> String {
        let texts = [&self.title, &self.head, &self.words, &self.foot];
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        let ended = texts.map(|text| {
            if text.ends_with(['.', '?', '!', '…']) {
                text.clone()
            } else {
                format!("{text}.")
            }
        });
        let sentences: Vec<String> = ended.collect();
        sentences.join(" ")
    }

    /// Returns a hash of the content, the fonts and the version of the renderer.
    fn hash(&self, fonts: &Fonts) -> u64 {
        let rule = match self.rule {
            Rule::Double => "double",
            Rule::Dotted => "dotted",
            Rule::Single => "single",
        };
        let drawing = [DRAWING.to_string(), fonts.name()];
        let drawing = drawing.iter().map(String::as_str);
        let texts = self.texts().into_iter().chain([rule, self.page.as_str()]);
        let texts = texts.chain(drawing);
        // 0xff never occurs in UTF-8, so it separates the texts unambiguously.
        text::hash(texts.flat_map(|text| text.as_bytes().iter().chain(&[0xff])))
    }
}

#[cfg(all(test, feature = "cards"))]
mod tests;
