//! A chapter of a book for mdBook: its text as it is, the contents of the book beside it.

use serde::Serialize;

use super::at::At;
use super::parts::*;
use super::text;
use crate::diag::Diagnostic;
use crate::html::Html;
use crate::model::{Briefing, Chapter, Id, Listed};

/// A book of more chapters shows beside a page what is near to it only, or the contents would be
/// most of every page; they stand as a whole on a page of their own.
const MOST_LISTED: usize = 250;

/// What `chapter.html` shows.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PlainView {
    pub page: PageHead,
    pub site: SiteHead,
    /// The title of the document: of the chapter, and of the book behind it.
    pub title: String,
    pub blocks: Vec<BlockView>,
    /// The footnotes; the text ends with a rule before them.
    pub footnotes: Option<Html>,
    pub contents: Vec<ContentsEntry>,
    /// Whether the page is that of the contents, and has no other text.
    pub is_contents: bool,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    /// Anchors that this page had once, and where each one is now.
    pub moved: Vec<MovedAnchor>,
}

/// A line of the contents. The lines are nested lists, told by where lists begin and end.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ContentsEntry {
    /// `chapter`, `part` or `separator`.
    pub kind: &'static str,
    /// `1.2.`; none where it has none, or the book wants none.
    pub number: Option<String>,
    pub title: String,
    /// None for a chapter to come.
    pub href: Option<String>,
    pub is_current: bool,
    /// Whether a list of chapters below this one follows.
    pub is_parent: bool,
    /// For a parent: whether its list can be folded, and is open.
    pub is_foldable: bool,
    pub is_open: bool,
    /// One for each list of parents that ends behind this line: whether it can be folded.
    pub ends: Vec<bool>,
}

/// An anchor that has moved.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct MovedAnchor {
    pub anchor: String,
    pub href: String,
    /// Where it is now, as `book.toml` says it.
    pub to: String,
}

pub fn view(at: &At<'_>, id: Id<Briefing>, refused: &mut Vec<Diagnostic>) -> PlainView {
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

/// The contents of the book as a page of their own: all of them, however many.
pub fn contents_view(at: &At<'_>) -> PlainView {
    let book = at.book.config.title.clone().unwrap_or_default();
    PlainView {
        page: at.head("Contents", "The chapters of this book."),
        site: at.site_head(),
        title: match book.is_empty() {
            true => "Contents".to_owned(),
            false => format!("Contents - {book}"),
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

/// As the file says by `{{#title …}}`, else the chapter's and the book's.
fn title(at: &At<'_>, id: Id<Briefing>, words: &str) -> String {
    if let Some(title) = at.book.titles.get(&at.site.briefings()[id].file) {
        return title.clone();
    }
    match at.book.config.title.as_deref() {
        None | Some("") => words.to_owned(),
        Some(book) => format!("{words} - {book}"),
    }
}

/// The level of an entry: 1 for what is in no list, or in the outermost one.
fn level(listed: &Listed) -> usize {
    match listed {
        Listed::Chapter(chapter) => chapter.number.len().max(1),
        Listed::Part(_) | Listed::Separator => 1,
    }
}

/// All contents, or those that are shown beside the page of a chapter.
pub fn contents(at: &At<'_>, current: Option<Id<Briefing>>) -> Vec<ContentsEntry> {
    let all = at.site.contents();
    let is_whole = current.is_none() || all.len() <= MOST_LISTED;
    let current = current.and_then(|id| all.iter().position(|listed| is_of(listed, id)));
    // The chapters that hold the current one, and itself.
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
    // Of each list that is open: whether it can be folded.
    let mut open: Vec<bool> = Vec::new();
    for (place, index) in shown.iter().enumerate() {
        let listed = &all[*index];
        let next = shown.get(place + 1).map_or(1, |next| level(&all[*next]));
        let here = level(listed);
        let is_parent = next > here;
        if is_parent {
            open.push(config.fold);
        }
        let ends = match here > next {
            true => open.split_off(open.len() + next - here),
            false => Vec::new(),
        };
        let (kind, number, title, href) = match listed {
            Listed::Part(title) => ("part", None, title.clone(), None),
            Listed::Separator => ("separator", None, String::new(), None),
            Listed::Chapter(chapter) => {
                let href = chapter.briefing.map(|id| at.briefing(id).href);
                let number = number(chapter).filter(|_| !config.no_section_label);
                ("chapter", number, chapter.title.clone(), href)
            }
        };
        entries.push(ContentsEntry {
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

/// Which entries are shown: all, or what lies at the first level and on the way to the page.
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
