//! The search page: a field for the script, and the lists of the book for readers without
//! JavaScript.

use serde::Serialize;

use super::chapter::{ContentsEntry, contents};
use super::components::{PageHead, SiteHead, StatusCount, status_counts};
use super::context::PageContext;
use super::home::SiteCounts;
use crate::index::routes;

/// The view of the search page: `search.html`, in a plain book `toc.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SearchView {
    pub page: PageHead,
    pub site: SiteHead,
    /// True if the book has actors and claims, by which results can be filtered.
    pub is_annotated: bool,
    pub counts: SiteCounts,
    /// The number of claims with each status; statuses without claims are left out.
    pub statuses: Vec<StatusCount>,
    /// The table of contents of a plain book.
    pub contents: Vec<ContentsEntry>,
    /// The style sheet and the script of this page only.
    pub style: String,
    pub script: String,
}

pub fn view(at: &PageContext<'_>) -> SearchView {
    let (title, words) = if at.is_plain() {
        (
            "Contents",
            "The chapters of this book, and where a word stands.",
        )
    } else {
        (
            "Search",
            "Find an actor, a claim, a passage of a briefing, a source or a tag.",
        )
    };
    SearchView {
        page: at.head(title, words),
        site: at.site_head(),
        is_annotated: !at.is_plain(),
        counts: SiteCounts::of(at),
        statuses: status_counts(&at.facts.orders.statuses),
        style: at.to_loaded(&routes::path("search.css")),
        script: at.to_loaded(&routes::path("search.js")),
        contents: if at.is_plain() {
            contents(at, None)
        } else {
            Vec::new()
        },
    }
}
