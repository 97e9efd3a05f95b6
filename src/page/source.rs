//! The page of a source: its data, and what cites it.

use std::borrow::Cow;

use serde::Serialize;

use super::actor::SaidView;
use super::components::{
    ActorLink, CiteView, Link, PageHead, PositionView, SiteHead, SourceLine, TimelineEntry,
};
use super::context::PageContext;
use super::shared::Shared;
use crate::config::RawHtml;
use crate::derive::Said;
use crate::html::{self, Face, Html, RenderContext};
use crate::model::{Id, MarkNo, Source, Target};
use crate::text::isolated;

/// The view of `source.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SourceView {
    pub page: PageHead,
    pub site: SiteHead,
    pub source: SourceLine,
    /// Its publisher for the title of the page, isolated if it is written from right to left.
    pub publisher_in_title: Option<String>,
    pub sha256: Option<String>,
    /// The claims that cite it, with the words. This source is in the list of their sources only if
    /// a place in it is given.
    pub rests: Vec<SaidView>,
    pub events: Vec<TimelineEntry>,
    /// Texts that cite it.
    pub cited_in: Vec<Shared<Link>>,
    /// The sources that it is based on, and those based on it.
    pub based_on: Vec<SourceLine>,
    pub base_of: Vec<SourceLine>,
    /// Names and legal statuses for which it is the source.
    pub names: Vec<Shared<ActorLink>>,
    pub statuses: Vec<Shared<ActorLink>>,
    /// The kept text.
    pub kept: Vec<Html>,
}

pub fn view(at: &PageContext<'_>, id: Id<Source>) -> SourceView {
    let source = &at.site.sources()[id];
    let uses = &at.facts.sources[id.index()];
    // Diagnostics in a kept text are dropped, because it is the text of somebody else, which the
    // author cannot correct.
    let kept = Unmarked {
        at,
        raw_html: RawHtml::Escape,
    };
    let written = html::segments(&source.kept, &kept, at.book.highlighter);
    let line = at.source(id);
    // The entries need not name the source of this page, except for the place in it.
    let said = |said: &Said| {
        let position = at.position(said.claim, said.position);
        let told = |cite: &&CiteView| cite.href != line.href || !cite.locator.is_empty();
        let sources = position.sources.iter().filter(told).cloned();
        SaidView {
            claim: at.claim(said.claim),
            position: Shared::new(PositionView {
                sources: Shared::new(sources.collect()),
                ..PositionView::clone(&position)
            }),
        }
    };
    let publisher = line.publisher.as_deref().map(isolated);
    let who = publisher.clone().unwrap_or_default();
    let description = format!("What rests on this source. {who}");
    SourceView {
        page: at.head(&source.title, description.trim()),
        site: at.site_head(),
        sha256: source.sha256.clone(),
        rests: at.part.slice(&uses.positions).iter().map(said).collect(),
        events: at
            .part
            .slice(&uses.events)
            .iter()
            .map(|event| at.event(*event))
            .collect(),
        cited_in: at
            .part
            .slice(&uses.cited_in)
            .iter()
            .map(|doc| at.doc(*doc))
            .collect(),
        based_on: source
            .based_on
            .iter()
            .map(|source| at.source(*source))
            .collect(),
        base_of: uses
            .base_of
            .iter()
            .map(|source| at.source(*source))
            .collect(),
        names: at.actors(&uses.names),
        statuses: at.actors(&uses.statuses),
        kept: written
            .segments
            .into_iter()
            .map(|segment| segment.html)
            .collect(),
        publisher_in_title: publisher.map(Cow::into_owned),
        source: line,
    }
}

/// A text without marks and citations.
pub struct Unmarked<'a> {
    pub at: &'a PageContext<'a>,
    pub raw_html: RawHtml,
}

impl RenderContext for Unmarked<'_> {
    fn link(&self, target: &Target) -> html::Link {
        self.at.target(target)
    }

    fn mark(&self, _: MarkNo) -> Face {
        Face::default()
    }

    fn cited(&self, _: Id<Source>) -> (usize, String) {
        (0, String::new())
    }

    fn raw_html(&self) -> RawHtml {
        self.raw_html
    }
}
