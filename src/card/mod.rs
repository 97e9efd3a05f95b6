//! The picture that others show beside a link: a card of 1200 × 630 pixels, as PNG.
//!
//! A [`Card`] is words alone, and its address is made of them: a card that says the same has the
//! same address and the same bytes on every machine, so that whoever has a file of that name need
//! not have it drawn again. Drawing costs more than making a page. A card that the fonts cannot
//! write in full is not drawn at all: a title with holes would say something else.
//!
//! No font of the machine is used. Without the feature `cards` there are no [`Fonts`], and so no
//! card.

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

/// The size of a card in pixels, as those who show previews ask for it.
pub const WIDTH: u32 = 1200;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 630;

/// Stands for how cards are drawn. It changes with every change of the drawing, of the crates
/// that draw or of their fonts, so that no card drawn otherwise is taken for one of these.
const DRAWING: u32 = 1;

/// How much of the page's address the name of the file tells, in bytes.
const NAME: usize = 80;

/// What stands on a card.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Card {
    /// The page that it stands for.
    pub page: SitePath,
    /// The title of the site.
    pub site: String,
    /// What the title is: `Claim`, `Briefing`.
    pub kind: String,
    /// The line beside it, such as a date or a TLP label; may be empty.
    pub aside: String,
    /// The title, or the words of the claim.
    pub title: String,
    pub rule: Rule,
    /// One sign per party, or counts by sign; empty where there is none.
    pub signature: String,
    /// The word or the few that stand out below the rule.
    pub head: String,
    /// What is said beside the head.
    pub words: String,
    /// What must not be left out below: what the accused answered.
    pub foot: String,
}

/// How the title is underlined, as claims are in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Somebody contradicts it.
    Double,
    /// The accused have not answered.
    Dotted,
    Single,
}

impl Card {
    /// Where the card lies: `cards/NAME.HASH.png`.
    pub fn address(&self, fonts: &Fonts) -> SitePath {
        let hash = self.hash(fonts);
        let page = self.page.as_str().trim_end_matches(".html");
        let mut name = text::slug(page);
        name.truncate(NAME);
        let path = format!("cards/{name}.{hash:016x}.png");
        SitePath::new(&path).expect("letters, digits, hyphens and dots")
    }

    /// All that is written on it, in the order in which it is read.
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

    /// The first character that none of the fonts has, if there is one.
    pub fn lacking(&self, fonts: &Fonts) -> Option<char> {
        let mut texts = self.texts().into_iter();
        texts.find_map(|text| fonts.lacking(text))
    }

    /// What stands on it, for whoever cannot see it.
    pub fn alt(&self) -> String {
        let texts = [&self.title, &self.head, &self.words, &self.foot];
        let texts = texts.into_iter().filter(|text| !text.is_empty());
        let ended = texts.map(|text| match text.ends_with(['.', '?', '!', '…']) {
            true => text.clone(),
            false => format!("{text}."),
        });
        let sentences: Vec<String> = ended.collect();
        sentences.join(" ")
    }

    /// A number that says what stands on the card and how it is drawn.
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
        // No byte of UTF-8 is 0xff: the borders of the texts count too.
        text::hash(texts.flat_map(|text| text.as_bytes().iter().chain(&[0xff])))
    }
}

#[cfg(all(test, feature = "cards"))]
mod tests;
