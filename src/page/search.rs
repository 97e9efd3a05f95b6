//! The search page: a field for its script, and the lists of the book for whoever has none.

use serde::Serialize;

use super::at::At;
use super::home::SiteCounts;
use super::lists::HeadlineCount;
use super::parts::*;
use super::routes;

/// What `search.html` shows.
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
    pub contents: Option<String>,
    /// The style sheet and the script of this page alone.
    pub style: String,
    pub script: String,
}

pub fn view(at: &At<'_>) -> SearchView {
    let words = match at.is_plain() {
        true => "Find the chapters that hold a word.",
        false => "Find an actor, a claim, a passage of a briefing, a source or a tag.",
    };
    SearchView {
        page: at.head("Search", words),
        site: at.site_head(),
        is_annotated: !at.is_plain(),
        counts: SiteCounts::of(at),
        headlines: at.facts.orders.headlines.clone(),
        style: at.to_loaded(&routes::path("search.css")),
        script: at.to_loaded(&routes::path("search.js")),
        contents: at.is_plain().then(|| at.to_page(routes::CONTENTS)),
    }
}
