//! The page for an address that leads nowhere, of an annotated book.

use serde::Serialize;

use super::at::At;
use super::parts::*;
use super::source::Unmarked;
use super::text;
use crate::diag::Diagnostic;
use crate::html::{self, Html};
use crate::model::Doc;
use crate::text::Place;

/// The page for an address that leads nowhere.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NotFoundView {
    pub page: PageHead,
    pub site: SiteHead,
    /// The title that `404.md` gives it.
    pub title: Option<String>,
    /// The text of `404.md`; none where the book brings none.
    pub text: Vec<Html>,
    /// Pages among which script finds those of the nearest address; none in a large book.
    pub near: Vec<Link>,
}

/// What stands there if the book says nothing of its own.
const TITLE: &str = "Page not found";

pub fn view(at: &At<'_>, refused: &mut Vec<Diagnostic>) -> NotFoundView {
    let own = at.site.astray();
    let mut text = Vec::new();
    if let Some(own) = own {
        let setting = Unmarked {
            at,
            raw_html: at.book.raw_html,
        };
        let written = html::segments(&own.body, &setting, at.book.highlighter);
        let told = written.refused.iter();
        refused.extend(told.map(|(tag, span)| text::raw_html(Place::new(&own.file, *span), tag)));
        text.extend(written.segments.into_iter().map(|segment| segment.html));
        text.extend(written.footnotes);
    }
    let title = own
        .map(|own| own.title.clone())
        .filter(|title| !title.is_empty());
    NotFoundView {
        page: at.head(title.as_deref().unwrap_or(TITLE), "That page is not here."),
        site: at.site_head(),
        title,
        text,
        near: near(at),
    }
}

/// Pages that the page for an address that leads nowhere lists for its script, at most: beyond
/// this the list would be more than the page.
const NEAR: usize = 500;

/// Every page of a briefing, actor, claim or source, where these are not too many.
fn near(at: &At<'_>) -> Vec<Link> {
    let site = at.site;
    let count =
        site.briefings().len() + site.actors().len() + site.claims().len() + site.sources().len();
    if count > NEAR {
        return Vec::new();
    }
    let briefings = site.briefings().ids().map(|id| at.briefing(id));
    let actors = site.actors().iter().filter(|(_, actor)| !actor.is_unnamed);
    let actors = actors.map(|(id, _)| at.doc_link(Doc::Actor(id)));
    let claims = site.claims().ids().map(|id| at.doc_link(Doc::Claim(id)));
    let sources = site.sources().ids().map(|id| at.source_link(id));
    briefings
        .chain(actors)
        .chain(claims)
        .chain(sources)
        .collect()
}
