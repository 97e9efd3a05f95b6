//! The page of a briefing: its head, its text with marks and notes, its claims and parties.

use serde::Serialize;

use super::chapter::{ContentsEntry, contents};
use super::components::{
    ClaimLine, Day, Link, Matrix, PageHead, PositionView, SiteHead, TimelineEntry, TocEntry,
};
use super::context::PageContext;
use super::shared::Shared;
use super::source_numbers;
use super::text::{self, TextView};
use crate::diag::Diagnostic;
use crate::model::{Briefing, Claim, Doc, Id};

/// The view of `briefing.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct BriefingView {
    pub page: PageHead,
    pub site: SiteHead,
    pub title: String,
    /// The anchor of the first heading, if it is the title.
    pub anchor: Option<String>,
    pub subtitle: Option<String>,
    pub summary: Option<String>,
    pub authors: Vec<String>,
    pub tags: Vec<Link>,
    pub date: Option<Day>,
    pub updated: Option<Day>,
    pub as_of: Option<Day>,
    pub is_draft: bool,
    /// The claim in `question`, with its positions, below the title.
    pub strip: Option<Strip>,
    pub event: Option<TimelineEntry>,
    /// The table of contents of the book, if it has a `SUMMARY.md`.
    pub contents: Vec<ContentsEntry>,
    pub toc: Vec<TocEntry>,
    pub text: TextView,
    pub corrections: Vec<CorrectionView>,
    /// Claims × parties.
    pub matrix: Option<Matrix>,
    /// The URL for editing its text.
    pub edit: Option<String>,
    pub previous: Option<Link>,
    pub next: Option<Link>,
}

/// The strip of positions below a title.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Strip {
    pub claim: Shared<ClaimLine>,
    pub positions: Vec<Shared<PositionView>>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct CorrectionView {
    pub on: Option<Day>,
    pub text: String,
}

pub fn view(at: &PageContext<'_>, id: Id<Briefing>, refused: &mut Vec<Diagnostic>) -> BriefingView {
    let briefing = &at.site.briefings()[id];
    let at = &at.numbering(
        source_numbers::cited(at, std::iter::once(Doc::Briefing(id))),
        true,
    );
    let laid = text::laid(at, Doc::Briefing(id), &briefing.title, refused);
    let claims: Vec<Id<Claim>> = source_numbers::numbered(&briefing.prose)
        .into_iter()
        .collect();
    let summary = briefing
        .summary
        .clone()
        .or_else(|| briefing.subtitle.clone());
    let neighbor = |step: isize| {
        let index = id.index().checked_add_signed(step)?;
        let next = at.site.briefings().ids().nth(index)?;
        (Some(next) != at.facts.home).then(|| at.briefing(next))
    };
    BriefingView {
        page: at.head(
            &briefing.title,
            summary.as_deref().unwrap_or(&briefing.title),
        ),
        site: at.site_head(),
        title: briefing.title.clone(),
        anchor: laid.title_anchor,
        subtitle: briefing.subtitle.clone(),
        summary: briefing.summary.clone(),
        authors: briefing.authors.clone(),
        tags: at.tags(&briefing.tags),
        date: briefing.date.as_ref().map(|date| at.day(date)),
        updated: briefing.updated.as_ref().map(|date| at.day(date)),
        as_of: briefing.as_of.as_ref().map(|date| at.day(date)),
        is_draft: briefing.is_draft,
        strip: strip(at, briefing),
        event: briefing.event.map(|event| at.event(event)),
        contents: contents(at, Some(id)),
        toc: laid.toc,
        text: laid.view,
        corrections: corrections(at, briefing),
        matrix: at.matrix(&claims),
        edit: at.edit(briefing),
        previous: neighbor(-1),
        next: neighbor(1),
    }
}

/// Returns the strip of the claim in `question`.
pub fn strip(at: &PageContext<'_>, briefing: &Briefing) -> Option<Strip> {
    briefing.question.map(|claim| Strip {
        claim: at.claim(claim),
        positions: at.current_positions(claim),
    })
}

pub fn corrections(at: &PageContext<'_>, briefing: &Briefing) -> Vec<CorrectionView> {
    let corrections = briefing.corrections.iter();
    corrections
        .map(|correction| CorrectionView {
            on: correction.on.as_ref().map(|on| at.day(on)),
            text: correction.text.clone(),
        })
        .collect()
}
