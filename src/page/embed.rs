//! A claim as others show it on pages of theirs: never without how it stands and what the accused
//! answered.

use serde::Serialize;

use super::Book;
use super::at::At;
use super::parts::*;
use super::position::headline;
use super::routes;
use super::shared::Shared;
use crate::model::{Claim, Id};

/// What `embed.html` shows.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct EmbedView {
    pub page: PageHead,
    pub site: SiteHead,
    pub claim: Shared<ClaimLine>,
    /// The accused, and what each answered.
    pub replies: Vec<ReplyView>,
    /// Who said it first, and when.
    pub first: Option<Shared<PositionView>>,
    /// The day up to which the record goes.
    pub as_of: Option<Day>,
}

/// How a claim is shown on a page elsewhere.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct EmbedLink {
    /// What an author pastes there: a frame that shows the claim as it stands at that time.
    pub code: String,
    /// Where a program asks for the same, as oEmbed.
    pub oembed: String,
}

pub fn view(at: &At<'_>, id: Id<Claim>) -> EmbedView {
    let claim = &at.site.claims()[id];
    let line = at.claim(id);
    let description = format!(
        "{}: {}.",
        headline(at.standing(id).headline),
        line.signature_words
    );
    let day = at.facts.record_day.map(crate::model::PartialDate::on);
    EmbedView {
        page: at.head(&claim.text, &description),
        site: at.site_head(),
        replies: at.replies(id),
        first: super::position::first(claim).map(|place| at.position(id, place)),
        as_of: day.map(|day| at.day(&day)),
        claim: line,
    }
}

impl At<'_> {
    /// How a claim is shown elsewhere, where the site says where it lies.
    pub fn embed(&self, id: Id<Claim>) -> Option<EmbedLink> {
        let claim = &self.site.claims()[id];
        let home = self.book.config.whole_site_url()?;
        Some(EmbedLink {
            code: frame(self.book, &home, id),
            oembed: format!("{home}{}", routes::oembed_address(&claim.id).address()),
        })
    }
}

/// The frame as HTML. It stays true when somebody answers later, as copied words would not.
pub fn frame(book: &Book<'_>, home: &str, id: Id<Claim>) -> String {
    let claim = &book.site.claims()[id];
    let address = format!("{home}{}", routes::embed_address(&claim.id).address());
    let headline = headline(book.facts.standings[id].headline);
    let title = format!("{headline}: {}", claim.text);
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\"></iframe>",
        escaped(&address),
        escaped(&title),
        WIDTH,
        HEIGHT,
    )
}

/// The size of the frame in CSS pixels; a browser scrolls in it where a text is longer.
pub const WIDTH: u32 = 600;
pub const HEIGHT: u32 = 320;

fn escaped(text: &str) -> String {
    crate::html::Html::text(text).as_str().to_owned()
}
