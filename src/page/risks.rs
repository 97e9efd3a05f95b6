//! What is known about a page before it is created: its template, and whether its text can cause
//! diagnostics.

use super::Route;
use crate::model::{Body, Dialect, Doc, Node, Site, Tag, Target};

impl Route {
    /// Returns the template of the page.
    pub fn template(&self, site: &Site) -> &'static str {
        match self {
            Route::Home => match site.dialect() {
                Dialect::Annotated => "home.html",
                Dialect::Plain if site.chapters().next().is_some() => "chapter.html",
                Dialect::Plain => "404.html",
            },
            Route::Briefing(_) => "briefing.html",
            Route::Actor(_) => "actor.html",
            Route::Actors => "actors.html",
            Route::Claim(_) => "claim.html",
            Route::Claims => "claims.html",
            Route::Embed(_) => "embed.html",
            Route::Source(_) => "source.html",
            Route::Sources => "sources.html",
            Route::Timeline => "timeline.html",
            Route::Network => "network.html",
            Route::Print => "print.html",
            Route::Tag(_) => "tag.html",
            Route::Tags => "tags.html",
            Route::Search => "search.html",
            Route::Exports => "data.html",
            Route::Chapter(_) | Route::Contents => "chapter.html",
            Route::NotFound if site.not_found().is_some() => "chapter.html",
            Route::NotFound => "404.html",
            Route::Redirect(_) | Route::Moved(_) => "redirect.html",
        }
    }

    /// True if the text of the page has raw HTML, which can be refused.
    pub(super) fn holds_html(&self, site: &Site) -> bool {
        let doc = match self {
            Route::Home => match site.dialect() {
                Dialect::Annotated => crate::index::routes::home(site).map(Doc::Briefing),
                Dialect::Plain => site.chapters().next().map(Doc::Briefing),
            },
            Route::Briefing(id) | Route::Chapter(id) => Some(Doc::Briefing(*id)),
            Route::Actor(id) => Some(Doc::Actor(*id)),
            Route::Claim(id) => Some(Doc::Claim(*id)),
            Route::NotFound => site.not_found().map(Doc::Briefing),
            // The content of these pages is also on one of those above, or is a kept text, which
            // the author cannot correct.
            Route::Actors
            | Route::Claims
            | Route::Embed(_)
            | Route::Source(_)
            | Route::Sources
            | Route::Timeline
            | Route::Network
            | Route::Print
            | Route::Tag(_)
            | Route::Tags
            | Route::Search
            | Route::Exports
            | Route::Contents
            | Route::Redirect(_)
            | Route::Moved(_) => return false,
        };
        let astray = site.astray().filter(|_| *self == Route::NotFound);
        doc.is_some_and(|doc| holds_html(&site.prose(doc).body))
            || astray.is_some_and(|text| holds_html(&text.body))
    }
}

fn holds_html(body: &Body<Target>) -> bool {
    let mut nodes = body.items.iter().map(|item| &item.node);
    nodes.any(|node| matches!(node, Node::Html(_) | Node::Start(Tag::HtmlBlock)))
}
