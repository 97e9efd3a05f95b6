//! The search page: a field for its script, and the lists of the book for whoever has none.

use serde::Serialize;

use super::at::At;
use super::chapter::{ContentsEntry, contents};
use super::home::SiteCounts;
use super::lists::HeadlineCount;
use super::parts::*;
use super::routes;

/// What the search page shows: `search.html`, in a plain book `toc.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SearchView {
    pub page: PageHead,
    pub site: SiteHead,
    /// Whether the book has actors and claims, to which results can be narrowed.
    pub is_annotated: bool,
    pub counts: SiteCounts,
    /// How many claims have each headline; those that none has are left out.
    pub headlines: Vec<HeadlineCount>,
    /// The contents of a plain book.
    pub contents: Vec<ContentsEntry>,
    /// The style sheet and the script of this page alone.
    pub style: String,
    pub script: String,
}

pub fn view(at: &At<'_>) -> SearchView {
    let (title, words) = match at.is_plain() {
        true => (
            "Contents",
            "The chapters of this book, and where a word stands.",
        ),
        false => (
            "Search",
            "Find an actor, a claim, a passage of a briefing, a source or a tag.",
        ),
    };
    SearchView {
        page: at.head(title, words),
        site: at.site_head(),
        is_annotated: !at.is_plain(),
        counts: SiteCounts::of(at),
        headlines: at.facts.orders.headlines.clone(),
        style: at.to_loaded(&routes::path("search.css")),
        script: at.to_loaded(&routes::path("search.js")),
        contents: match at.is_plain() {
            true => contents(at, None),
            false => Vec::new(),
        },
    }
}
