//! The frame that shows a claim on other sites, always with its status and the replies of the
//! accused.

use serde::Serialize;

use super::Book;
use super::components::{ClaimLine, Day, FirstSaid, PageHead, ReplyView, SiteHead};
use super::context::PageContext;
use super::shared::Shared;
use crate::derive::legal_sentences_of;
use crate::index::routes;
use crate::model::{Claim, Id};
use crate::text::{Markup, escaped};

/// The view of `embed.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct EmbedView {
    pub page: PageHead,
    pub site: SiteHead,
    pub claim: Shared<ClaimLine>,
    /// The replies of the accused.
    pub replies: Vec<ReplyView>,
    /// Why several parties have one origin, one sentence each without its full stop.
    pub origins: Vec<String>,
    /// The legal status of each person that it concerns, one sentence each without its full stop.
    pub legal: Vec<String>,
    /// Who made it first, and when.
    pub first: Option<FirstSaid>,
    /// The last day of the record.
    pub as_of: Option<Day>,
}

/// The data for embedding a claim in another page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct EmbedLink {
    /// The HTML of the frame, which shows the current state of the claim.
    pub code: String,
    /// The oEmbed address of the same.
    pub oembed: String,
}

pub fn view(at: &PageContext<'_>, id: Id<Claim>) -> EmbedView {
    let line = at.claim(id);
    let legal = legal_sentences_of(at.site, &at.site.claims()[id]);
    let mut description = format!(
        "{}: {}.",
        at.standing(id).status.label(),
        line.signature_words
    );
    for sentence in &legal {
        description.push_str(&format!(" {sentence}."));
    }
    let day = at.facts.record_day.map(crate::model::PartialDate::on);
    EmbedView {
        page: at.head(&at.with_owner(id), &description),
        site: at.site_head(),
        replies: at.replies(id),
        origins: crate::derive::origin_words(at.site, at.standing(id)),
        legal,
        first: at.first(id),
        as_of: day.map(|day| at.day(&day)),
        claim: line,
    }
}

impl PageContext<'_> {
    /// Returns the data for embedding a claim, if the site has an absolute `site-url`.
    pub fn embed(&self, id: Id<Claim>) -> Option<EmbedLink> {
        let claim = &self.site.claims()[id];
        let home = self.book.config.whole_site_url()?;
        Some(EmbedLink {
            code: frame(self.book, &home, id),
            oembed: format!("{home}{}", routes::oembed_address(&claim.id).address()),
        })
    }
}

/// Returns the HTML of the frame. Unlike copied text, it includes later replies.
pub fn frame(book: &Book<'_>, home: &str, id: Id<Claim>) -> String {
    let claim = &book.site.claims()[id];
    let address = format!("{home}{}", routes::embed_address(&claim.id).address());
    let title = crate::derive::with_owner(book.site, claim, &book.facts.standings[id]);
    format!(
        "<iframe src=\"{}\" title=\"{}\" width=\"{}\" height=\"{}\" loading=\"lazy\"></iframe>",
        escaped(&address, Markup::Attribute),
        escaped(&title, Markup::Attribute),
        WIDTH,
        HEIGHT,
    )
}

/// The size of the frame in CSS pixels; longer content scrolls.
pub const WIDTH: u32 = 600;
pub const HEIGHT: u32 = 320;
