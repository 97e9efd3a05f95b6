//! The page of a chapter in a plain mdBook book: its text, and the table of contents.

use serde::Serialize;

use super::components::{BlockView, Link, PageHead, SiteHead};
use super::context::PageContext;
use super::text;
use crate::diag::Diagnostic;
use crate::html::Html;
use crate::model::{Briefing, Chapter, Id, Listed};

/// With more chapters, a page shows only the part of the contents around its chapter; otherwise the
/// contents would be most of every page. The contents page has all of them.
const MOST_LISTED: usize = 250;

/// The view of `chapter.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PlainView {
    pub page: PageHead,
    pub site: SiteHead,
    /// The title of the document: that of the chapter, then that of the book.
    pub title: String,
    pub blocks: Vec<BlockView>,
    /// The footnotes; the text ends with a horizontal rule before them.
    pub footnotes: Option<Html>,
    pub contents: Vec<ContentsEntry>,
    /// True for the contents page, which has no other text.
    pub is_contents: bool,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    /// Anchors that were moved from this page, with their new addresses.
    pub moved: Vec<MovedAnchor>,
}

/// An entry of the table of contents. The entries form nested lists, whose starts and ends are
/// marked.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ContentsEntry {
    /// `chapter`, `part` or `separator`.
    pub kind: &'static str,
    /// `1.2.`; none if it has no number or numbers are off.
    pub number: Option<String>,
    pub title: String,
    /// None for a draft chapter.
    pub href: Option<String>,
    pub is_current: bool,
    /// True if a nested list of chapters follows.
    pub is_parent: bool,
    /// For a parent: whether its list can be folded, and is open.
    pub is_foldable: bool,
    pub is_open: bool,
    /// One for each nested list that ends after this entry: whether it can be folded.
    pub ends: Vec<bool>,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// An anchor that was moved.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct MovedAnchor {
    pub anchor: String,
    pub href: String,
    /// Its new address, as in `book.toml`.
    pub to: String,
}

pub fn view(at: &PageContext<'_>, id: Id<Briefing>, refused: &mut Vec<Diagnostic>) -> PlainView {
    let briefing = &at.site.briefings()[id];
    let text = text::plain(at, id, refused);
    let is_not_found = at.site.not_found() == Some(id);
    let words = if is_not_found {
        "Page not found"
    } else {
        &briefing.title
    };
    let chapters: Vec<Id<Briefing>> = at.site.chapters().collect();
    let here = chapters.iter().position(|chapter| *chapter == id);
    let neighbor = |step: isize| {
        let at_index = here?.checked_add_signed(step)?;
        chapters.get(at_index).map(|chapter| at.briefing(*chapter))
    };
    let description = at.book.config.description.clone();
    PlainView {
        page: at.head(words, description.as_deref().unwrap_or(words)),
        site: at.site_head(),
        title: title(at, id, words),
        blocks: text.blocks,
        footnotes: text.footnotes,
        contents: contents(at, Some(id).filter(|_| !is_not_found)),
        is_contents: false,
        previous: neighbor(-1),
        next: neighbor(1),
        moved: at.moved_anchors(),
    }
}

/// Returns the contents page, with all entries.
pub fn contents_view(at: &PageContext<'_>) -> PlainView {
    let book = at.book.config.title.clone().unwrap_or_default();
    PlainView {
        page: at.head("Contents", "The chapters of this book."),
        site: at.site_head(),
        title: if book.is_empty() {
            "Contents".to_owned()
        } else {
            format!("Contents - {book}")
        },
        blocks: Vec::new(),
        footnotes: None,
        contents: contents(at, None),
        is_contents: true,
        previous: None,
        next: None,
        moved: Vec::new(),
    }
}

/// Returns the title from `{{#title …}}` in the file, or that of the chapter and of the book.
fn title(at: &PageContext<'_>, id: Id<Briefing>, words: &str) -> String {
    if let Some(title) = at.book.titles.get(&at.site.briefings()[id].file) {
        return title.clone();
    }
    match at.book.config.title.as_deref() {
        None | Some("") => words.to_owned(),
        Some(book) => format!("{words} - {book}"),
    }
}

/// Returns the nesting level of an entry: 1 outside of lists and in the outermost list.
fn level(listed: &Listed) -> usize {
    match listed {
        Listed::Chapter(chapter) => chapter.number.len().max(1),
        Listed::Part(_) | Listed::Separator => 1,
    }
}

/// Returns all contents, or the part for the page of a chapter.
pub fn contents(at: &PageContext<'_>, current: Option<Id<Briefing>>) -> Vec<ContentsEntry> {
    let all = at.site.contents();
    let is_whole = current.is_none() || all.len() <= MOST_LISTED;
    let current = current.and_then(|id| all.iter().position(|listed| is_of(listed, id)));
    // The current chapter and its ancestors.
    let mut path = vec![false; all.len()];
    if let Some(current) = current {
        path[current] = true;
        let mut wanted = level(&all[current]);
        for index in (0..current).rev() {
            if level(&all[index]) < wanted {
                wanted = level(&all[index]);
                path[index] = true;
            }
        }
    }
    let shown = shown(all, &path, is_whole);
    let config = at.book.config;
    let mut entries = Vec::with_capacity(shown.len());
    // For each open list: whether it can be folded.
    let mut open: Vec<bool> = Vec::new();
    for (place, index) in shown.iter().enumerate() {
        let listed = &all[*index];
        let next = shown.get(place + 1).map_or(1, |next| level(&all[*next]));
        let here = level(listed);
        let is_parent = next > here;
        if is_parent {
            open.push(config.fold);
        }
        let ends = if here > next {
            open.split_off(open.len() + next - here)
        } else {
            Vec::new()
        };
        let (kind, number, title, link) = match listed {
            Listed::Part(title) => ("part", None, title.clone(), None),
            Listed::Separator => ("separator", None, String::new(), None),
            Listed::Chapter(chapter) => {
                let link = chapter.briefing.map(|id| at.briefing(id));
                let number = number(chapter).filter(|_| !config.no_section_label);
                ("chapter", number, chapter.title.clone(), link)
            }
        };
        let (href, tlp) = link.map_or((None, None), |link| (Some(link.href), link.tlp));
        entries.push(ContentsEntry {
            tlp,
            kind,
            number,
            title,
            href,
            is_current: current == Some(*index),
            is_parent,
            is_foldable: config.fold,
            is_open: path[*index] || here <= config.fold_level,
            ends: ends.into_iter().rev().collect(),
        });
    }
    entries
}

fn is_of(listed: &Listed, id: Id<Briefing>) -> bool {
    match listed {
        Listed::Chapter(chapter) => chapter.briefing == Some(id),
        Listed::Part(_) | Listed::Separator => false,
    }
}

/// Returns the indices of the shown entries: all, or those at the first level and on the path to
/// the current chapter.
fn shown(all: &[Listed], path: &[bool], is_whole: bool) -> Vec<usize> {
    let mut parents: Vec<usize> = Vec::new();
    let mut shown = Vec::new();
    for (index, listed) in all.iter().enumerate() {
        parents.truncate(level(listed) - 1);
        let is_near = parents.last().is_none_or(|parent| path[*parent]);
        parents.push(index);
        if is_whole || is_near {
            shown.push(index);
        }
    }
    shown
}

/// `1.2.`
fn number(chapter: &Chapter) -> Option<String> {
    let parts = chapter.number.iter();
    let number: String = parts.map(|part| format!("{part}.")).collect();
    (!number.is_empty()).then_some(number)
}
