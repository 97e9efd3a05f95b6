//! What a link to a page looks like where somebody shares it.

use super::at::At;
use super::parts::{Preview, PreviewImage};
use super::position::headline;
use super::routes::Route;
use crate::card;
use crate::model::PartialDate;

impl At<'_> {
    /// What others show of this page. A claim never goes without its headline, since a preview is
    /// often all that is read.
    pub fn preview(&self, title: &str) -> Preview {
        let of = match self.route {
            Route::Claim(id) | Route::Embed(id) => {
                let text = &self.site.claims()[*id].text;
                let headline = headline(self.standing(*id).headline);
                return Preview {
                    kind: "article",
                    title: format!("{headline}: {text}"),
                    published: None,
                    modified: None,
                    image: self.preview_image(),
                };
            }
            Route::Briefing(id) => Some(*id),
            Route::Home => self.facts.home,
            Route::Actor(_)
            | Route::Actors
            | Route::Claims
            | Route::Source(_)
            | Route::Sources
            | Route::Timeline
            | Route::Network
            | Route::Print
            | Route::Exports
            | Route::Tag(_)
            | Route::Tags
            | Route::Search
            | Route::NotFound
            | Route::Redirect(_)
            | Route::Chapter(_)
            | Route::Contents
            | Route::Moved(_) => None,
        };
        let briefing = of.map(|id| &self.site.briefings()[id]);
        let day = |date: &PartialDate| date.machine();
        Preview {
            kind: match *self.route == Route::Home || briefing.is_none() {
                true => "website",
                false => "article",
            },
            title: title.to_owned(),
            published: briefing.and_then(|it| it.date.as_ref().map(day)),
            modified: briefing.and_then(|it| it.updated.as_ref().map(day)),
            image: self.preview_image(),
        }
    }

    fn preview_image(&self) -> Option<PreviewImage> {
        let (card, fonts) = (self.card.as_ref()?, self.book.fonts?);
        let home = self.book.config.whole_site_url()?;
        Some(PreviewImage {
            url: format!("{home}{}", card.address(fonts).address()),
            width: card::WIDTH,
            height: card::HEIGHT,
            alt: card.alt(),
        })
    }
}
