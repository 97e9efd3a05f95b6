//! The anchors of a document: of its headings, spans, marks and raw HTML.

use std::collections::{BTreeMap, BTreeSet};

use super::headings::raw_ids;
use crate::diag::{Code, Diagnostic};
use crate::model::{Node, Stance, Tag};
use crate::parse::vault::{block_anchor, heading_key};
use crate::parse::{Draft, RawMark, Verb};
use crate::text::{Place, slug};

/// The anchors of a document, computed before anything is resolved.
///
/// The anchor of a mark is made from its content, so that edits elsewhere do not change it. It
/// contains a dot, which the anchor of a heading never does.
pub struct Anchors {
    pub headings: Vec<String>,
    pub marks: Vec<String>,
    all: BTreeSet<String>,
    /// The anchors of headings by their words, in Obsidian's comparison.
    by_words: BTreeMap<String, String>,
    faults: Vec<Diagnostic>,
}

impl Anchors {
    pub fn new(draft: &Draft) -> Anchors {
        let mut anchors = Anchors {
            headings: Vec::new(),
            marks: Vec::new(),
            all: BTreeSet::new(),
            by_words: BTreeMap::new(),
            faults: Vec::new(),
        };
        // The page's own anchor for the skip link.
        anchors.all.insert("main".into());
        let mut repeats = BTreeMap::new();
        for mark in &draft.marks {
            let anchor = numbered(mark_anchor(mark), ".", &mut anchors.all, &mut repeats);
            anchors.marks.push(anchor);
        }
        // The author's anchors take precedence over generated ones.
        let mut chosen = Vec::new();
        for heading in &draft.headings {
            if let Some((anchor, span)) = &heading.anchor {
                chosen.push((anchor.as_str(), *span));
            }
        }
        for item in &draft.body.items {
            if let Node::Start(Tag::Span(span)) = &item.node
                && let Some(id) = &span.id
            {
                chosen.push((id, item.span));
            }
        }
        for (anchor, span) in chosen {
            if !anchors.all.insert(anchor.to_string()) {
                let place = draft.place(span);
                anchors.faults.push(duplicate_anchor(place, anchor));
            }
        }
        for heading in &draft.headings {
            let anchor = match &heading.anchor {
                Some((anchor, _)) => anchor.clone(),
                None => numbered(
                    heading_anchor(&heading.text),
                    "-",
                    &mut anchors.all,
                    &mut repeats,
                ),
            };
            let words = heading_key(&heading.text);
            anchors
                .by_words
                .entry(words)
                .or_insert_with(|| anchor.clone());
            anchors.headings.push(anchor);
        }
        // Last, so that they change no address of a heading.
        for item in &draft.body.items {
            if let Node::Html(html) = &item.node {
                let ids = raw_ids(html).map(str::to_owned);
                anchors.all.extend(ids);
            }
        }
        anchors
    }

    /// Returns the anchor for the fragment of a Markdown link. In an Obsidian note it can be the
    /// text of a heading, or the id of a block.
    pub fn written(&self, fragment: String, is_note: bool) -> String {
        if is_note {
            self.meant(&fragment).unwrap_or(fragment)
        } else {
            fragment
        }
    }

    pub fn holds(&self, anchor: &str) -> bool {
        self.all.contains(anchor)
    }

    /// Returns the anchor for `fragment`: an existing one, `^id` of a block, or the words of a
    /// heading, of nested headings the last one.
    pub fn meant(&self, fragment: &str) -> Option<String> {
        if self.holds(fragment) {
            return Some(fragment.to_owned());
        }
        let last = fragment.rsplit('#').next().unwrap_or(fragment).trim();
        match last.strip_prefix('^') {
            Some(id) => Some(block_anchor(id)).filter(|anchor| self.holds(anchor)),
            None => self.by_words.get(&heading_key(last)).cloned(),
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(String::as_str)
    }

    pub fn faults(&self) -> &[Diagnostic] {
        &self.faults
    }
}

/// Returns the first free one of `base`, `base-1`, `base-2` …; a counter per base keeps it linear.
pub fn numbered(
    base: String,
    joint: &str,
    all: &mut BTreeSet<String>,
    repeats: &mut BTreeMap<String, usize>,
) -> String {
    let mut anchor = base.clone();
    while !all.insert(anchor.clone()) {
        let repeat = repeats.entry(base.clone()).or_insert(0);
        *repeat += 1;
        anchor = format!("{base}{joint}{repeat}");
    }
    anchor
}

/// Returns the anchor as in mdBook, but never empty, and never like one of the theme's, which begin
/// with `ws-`.
fn heading_anchor(text: &str) -> String {
    let anchor = super::headings::anchor(text);
    if anchor.is_empty() || anchor.starts_with("ws-") {
        format!("section{anchor}")
    } else {
        anchor
    }
}

/// `c.CLAIM.BY`, `c.CLAIM.VERB.BY` or `e.EVENT`.
fn mark_anchor(mark: &RawMark) -> String {
    let words = || slug(&mark.words).chars().take(48).collect::<String>();
    let id = mark
        .ids
        .first()
        .map_or_else(words, |name| name.text.to_string());
    let id = slug(&id);
    let by: Vec<String> = mark
        .attrs
        .by
        .iter()
        .flatten()
        .map(|name| slug(&name.text))
        .collect();
    let mut anchor = match mark.verb {
        Verb::Event => return format!("e.{id}"),
        Verb::Position(Stance::Claims) => format!("c.{id}"),
        Verb::Position(stance) => format!("c.{id}.{}", stance.verb()),
    };
    if !by.is_empty() {
        anchor.push('.');
        anchor.push_str(&by.join("-"));
    }
    anchor
}

fn duplicate_anchor(place: Place, anchor: &str) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateAnchor,
        place,
        format!("duplicate anchor `{anchor}`"),
    )
    .label("another anchor of the page has this name")
    .hint(format!("write another anchor: `#{anchor}-2`"))
}
