//! The whole book on one page, for printing: its briefings in reading order, and its sources once.

use rayon::prelude::*;
use serde::Serialize;

use super::briefing::{CorrectionView, Strip, corrections, strip};
use super::components::{Day, PageHead, SiteHead, SourceLine};
use super::context::{PageContext, chapter_anchor};
use super::source_numbers;
use super::text::{self, TextView};
use crate::model::{Briefing, Doc, Id};

/// The view of `print.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PrintView {
    pub page: PageHead,
    pub site: SiteHead,
    /// True if each chapter begins on a new sheet.
    pub breaks: bool,
    pub chapters: Vec<ChapterView>,
    /// The sources cited in all chapters, in the order of their numbers.
    pub sources: Vec<SourceLine>,
}

/// A briefing on the print page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ChapterView {
    /// Its anchor on this page, which is also the prefix of all ids in its text, followed by a dot.
    pub id: String,
    pub title: String,
    /// The anchor of its first heading, if it is the title.
    pub anchor: Option<String>,
    pub subtitle: Option<String>,
    pub summary: Option<String>,
    pub authors: Vec<String>,
    pub date: Option<Day>,
    pub updated: Option<Day>,
    pub as_of: Option<Day>,
    pub is_draft: bool,
    pub strip: Option<Strip>,
    pub text: TextView,
    pub corrections: Vec<CorrectionView>,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

pub fn view(at: &PageContext<'_>) -> PrintView {
    let ids: Vec<Id<Briefing>> = at.site.briefings().ids().collect();
    let numbers = source_numbers::cited(at, ids.iter().copied().map(Doc::Briefing));
    let at = at.numbering(numbers, false);
    PrintView {
        page: at.head(
            "The whole book",
            "Every briefing on one page, with its notes and sources.",
        ),
        site: at.site_head(),
        breaks: at.book.config.print_breaks,
        // In parallel, because this one page is as much work as all briefings together.
        chapters: ids.into_par_iter().map(|id| chapter(&at, id)).collect(),
        sources: source_numbers::sources(&at),
    }
}

fn chapter(at: &PageContext<'_>, id: Id<Briefing>) -> ChapterView {
    let briefing = &at.site.briefings()[id];
    let at = at.in_chapter(id);
    // Diagnostics are reported for the page of the briefing.
    let laid = text::laid(&at, Doc::Briefing(id), &briefing.title, &mut Vec::new());
    ChapterView {
        id: chapter_anchor(id),
        title: briefing.title.clone(),
        anchor: laid.title_anchor,
        subtitle: briefing.subtitle.clone(),
        summary: briefing.summary.clone(),
        authors: briefing.authors.clone(),
        date: briefing.date.as_ref().map(|date| at.day(date)),
        updated: briefing.updated.as_ref().map(|date| at.day(date)),
        as_of: briefing.as_of.as_ref().map(|date| at.day(date)),
        is_draft: briefing.is_draft,
        strip: strip(&at, briefing),
        text: laid.view,
        corrections: corrections(&at, briefing),
        tlp: at.part_label(at.levels().briefing(briefing)),
    }
}
