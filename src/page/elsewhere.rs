//! Link previews of a page.

use super::components::{Preview, PreviewImage};
use super::context::PageContext;
use crate::card;
use crate::index::Route;
use crate::index::profile::{Structured, Subject};
use crate::model::PartialDate;

impl PageContext<'_> {
    /// Returns the preview metadata of this page. A claim always has its owner and its status,
    /// because many readers see only the preview.
    pub fn preview(&self, title: &str) -> Preview {
        let profile = self.route.profile();
        let is_article = profile.structured == Structured::Subject;
        let of = match profile.subject {
            Some(Subject::Claim(id)) => {
                return Preview {
                    kind: "article",
                    title: self.with_owner(id),
                    published: None,
                    modified: None,
                    image: self.preview_image(),
                };
            }
            Some(Subject::Briefing(id)) => Some(id).filter(|_| is_article),
            Some(Subject::Actor(_) | Subject::Source(_) | Subject::Tag(_)) => None,
            None => self.facts.home.filter(|_| *self.route == Route::Home),
        };
        let briefing = of.map(|id| &self.site.briefings()[id]);
        let day = |date: &PartialDate| date.machine();
        Preview {
            kind: if *self.route == Route::Home || briefing.is_none() {
                "website"
            } else {
                "article"
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
            alt: match self.route.profile().own_subject() {
                // As on the image: who says it comes first.
                Some(Subject::Claim(_)) => format!("{}: {}", card.kind, card.alt()),
                Some(
                    Subject::Briefing(_) | Subject::Actor(_) | Subject::Source(_) | Subject::Tag(_),
                )
                | None => card.alt(),
            },
        })
    }
}
