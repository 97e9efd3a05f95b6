//! The 404 page of an annotated book.

use serde::Serialize;

use super::components::{Link, PageHead, SiteHead};
use super::context::PageContext;
use super::source::Unmarked;
use super::text;
use crate::diag::Diagnostic;
use crate::html::{self, Html};
use crate::model::Doc;

/// The view of the 404 page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NotFoundView {
    pub page: PageHead,
    pub site: SiteHead,
    /// The title in `404.md`.
    pub title: Option<String>,
    /// The text of `404.md`; empty if the book has none.
    pub text: Vec<Html>,
    /// Pages among which a script finds similar addresses; empty in a large book.
    pub near: Vec<Link>,
}

/// The default title.
const TITLE: &str = "Page not found";

pub fn view(at: &PageContext<'_>, refused: &mut Vec<Diagnostic>) -> NotFoundView {
    let own = at.site.astray();
    let mut text = Vec::new();
    if let Some(own) = own {
        let setting = Unmarked {
            at,
            raw_html: at.book.raw_html,
        };
        let written = html::segments(&own.body, &setting, at.book.highlighter);
        let told = written.refused.iter();
        refused.extend(told.map(|(tag, span)| text::raw_html(own.map.place(*span), tag)));
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

/// The maximum number of pages in the list for the script: a longer list would be larger than the
/// page.
const NEAR: usize = 500;

/// Returns all pages of briefings, actors, claims and sources, if there are not too many.
fn near(at: &PageContext<'_>) -> Vec<Link> {
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
