//! The home page: briefings, open replies, and recent changes.

use std::collections::BTreeSet;

use serde::Serialize;

use super::chapter::{ContentsEntry, contents};
use super::components::{
    BriefingLine, ClaimLine, Link, PageHead, ReplyView, SiteHead, TimelineEntry,
};
use super::context::PageContext;
use super::shared::Shared;
use super::source_numbers;
use super::text::{self, TextView};
use crate::derive::Happening;
use crate::diag::Diagnostic;
use crate::model::{Briefing, Doc, Id, MarkRole, Stance};

/// The maximum number of entries in `changed`.
const LATELY: usize = 8;

/// The view of `home.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct HomeView {
    pub page: PageHead,
    pub site: SiteHead,
    pub title: String,
    /// The anchor of the first heading, if it is the title.
    pub anchor: Option<String>,
    pub subtitle: Option<String>,
    pub summary: Option<String>,
    /// The text of `index.md` or `README.md`.
    pub text: TextView,
    /// The table of contents of the book, if it has a `SUMMARY.md`.
    pub contents: Vec<ContentsEntry>,
    /// The briefings that are not in the contents.
    pub briefings: Vec<BriefingLine>,
    pub waiting: Vec<Waiting>,
    /// The claims with the latest positions, each with that position.
    pub changed: Vec<TimelineEntry>,
    pub counts: SiteCounts,
    pub tags: Vec<Link>,
    /// The URL for editing its text.
    pub edit: Option<String>,
}

/// An accused party that has not replied.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Waiting {
    /// Days from the accusation to the last day of the record.
    pub days: Option<i32>,
    pub claim: Shared<ClaimLine>,
    pub reply: ReplyView,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SiteCounts {
    pub briefings: usize,
    pub actors: usize,
    pub claims: usize,
    pub sources: usize,
}

impl SiteCounts {
    pub fn of(at: &PageContext<'_>) -> SiteCounts {
        let site = at.site;
        let named = site.actors().iter().filter(|(_, it)| !it.is_unnamed);
        SiteCounts {
            briefings: site.briefings().len() - usize::from(at.facts.home.is_some()),
            actors: named.count(),
            claims: site.claims().len(),
            sources: site.sources().len(),
        }
    }
}

pub fn view(at: &PageContext<'_>, refused: &mut Vec<Diagnostic>) -> HomeView {
    let home = at.facts.home;
    let mut page_title = at.site_title();
    let (mut subtitle, mut summary) = (None, at.book.config.description.clone());
    let mut text = TextView::default();
    let mut anchor = None;
    if let Some(id) = home
        && at.part.is_first()
    {
        let briefing = &at.site.briefings()[id];
        let numbers = source_numbers::cited(at, std::iter::once(Doc::Briefing(id)));
        let laid = text::laid(
            &at.numbering(numbers, true),
            Doc::Briefing(id),
            &briefing.title,
            refused,
        );
        (text, anchor) = (laid.view, laid.title_anchor);
        page_title = briefing.title.clone();
        subtitle = briefing.subtitle.clone();
        summary = briefing.summary.clone().or(summary);
    }
    HomeView {
        page: at.head(
            &page_title,
            summary
                .as_deref()
                .unwrap_or("Who said what about whom, on what source."),
        ),
        site: at.site_head(),
        title: page_title,
        anchor,
        subtitle,
        summary,
        text,
        contents: if at.part.is_first() {
            contents(at, None)
        } else {
            Vec::new()
        },
        briefings: at
            .part
            .slice(&at.facts.orders.briefings)
            .iter()
            .map(|id| briefing_line(at, *id))
            .collect(),
        waiting: waiting(at),
        changed: if at.part.is_first() {
            changed(at)
        } else {
            Vec::new()
        },
        counts: SiteCounts::of(at),
        edit: home.and_then(|id| at.edit(&at.site.briefings()[id])),
        tags: at
            .facts
            .tags
            .values()
            .map(|tagged| at.tag(&tagged.tag))
            .collect(),
    }
}

/// Returns a briefing for lists.
pub fn briefing_line(at: &PageContext<'_>, id: Id<Briefing>) -> BriefingLine {
    let briefing = &at.site.briefings()[id];
    let claims = source_numbers::numbered(&briefing.prose);
    let mut actors = std::collections::BTreeSet::new();
    for mark in &briefing.prose.marks {
        if let MarkRole::Position { by, .. } = &mark.role {
            actors.extend(by.iter().copied());
        }
    }
    let link = at.briefing(id);
    BriefingLine {
        title: link.text,
        href: link.href,
        subtitle: briefing.subtitle.clone(),
        summary: briefing.summary.clone(),
        date: briefing.date.as_ref().map(|date| at.day(date)),
        updated: briefing.updated.as_ref().map(|date| at.day(date)),
        claims: claims.len(),
        statuses: at.statuses(claims.iter().copied()),
        actors: actors.len(),
        tags: at.tags(&briefing.tags),
        tlp: link.tlp,
    }
}

fn waiting(at: &PageContext<'_>) -> Vec<Waiting> {
    let waiting = at.part.slice(&at.facts.orders.waiting).iter();
    let waiting = waiting.map(|wait| Waiting {
        days: wait.days,
        claim: at.claim(wait.claim),
        reply: at.reply(wait.claim, &at.standing(wait.claim).replies[wait.reply]),
    });
    waiting.collect()
}

/// Returns the claims with the latest positions, newest first, each with its last position.
/// `no-response` is left out, because the list of open replies has it.
fn changed(at: &PageContext<'_>) -> Vec<TimelineEntry> {
    let mut seen = BTreeSet::new();
    let entries = at.facts.timeline.iter().rev();
    let latest: Vec<_> = entries
        .filter(|entry| match entry.what {
            Happening::Position { claim, position } => {
                let stance = at.site.claims()[claim].positions[position].stance;
                stance != Stance::NoResponse && seen.insert(claim)
            }
            Happening::Event(_) | Happening::Report { .. } => false,
        })
        .take(LATELY)
        .collect();
    let mut entries = super::timeline::entries(at, latest);
    for entry in &mut entries {
        entry.gap = None;
    }
    entries
}
