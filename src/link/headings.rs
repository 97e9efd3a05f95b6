//! Anchors of headings and definition terms, made from their words like in mdBook.

use std::collections::{BTreeMap, BTreeSet};

use super::plain::duplicate;
use crate::diag::Diagnostic;
use crate::model::{Node, Tag};
use crate::parse::Draft;
use crate::text::tags::{self, Piece};

/// Lower case; letters, digits, `_` and `-` are kept; spaces become hyphens.
pub fn anchor(words: &str) -> String {
    let lower = words.trim().to_lowercase();
    let kept = lower.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}

/// Returns the anchors of the headings and terms of a plain text in order, and all of its anchors.
///
/// Generated anchors are unique, but an author can set one that exists, which is reported.
pub fn plain(draft: &Draft, faults: &mut Vec<Diagnostic>) -> (Vec<String>, BTreeSet<String>) {
    let mut gathered = Gathered::default();
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut words: Vec<(Option<String>, String)> = Vec::new();
    let mut spans = Vec::new();
    let mut images = 0;
    for item in &draft.body.items {
        match &item.node {
            Node::Start(tag) => {
                let own = |anchor: &str| (!anchor.is_empty()).then(|| anchor.to_owned());
                if let Tag::FootnoteDefinition(label) = tag {
                    gathered.all.insert(format!("footnote-{label}"));
                }
                let given = if let Tag::Heading(heading) = tag {
                    Some(own(&heading.anchor))
                } else if let Tag::DefinitionTitle { anchor } = tag {
                    Some(own(anchor))
                } else {
                    None
                };
                images += usize::from(images > 0 || matches!(tag, Tag::Image(_)));
                open.push(given.is_some().then_some(words.len()));
                if let Some(given) = given {
                    spans.push(item.span);
                    words.push((given, String::new()));
                }
            }
            Node::End => {
                open.pop();
                images = images.saturating_sub(1);
            }
            Node::Html(html) => {
                for id in raw_ids(html) {
                    gathered.raw(draft, id, item.span, faults);
                }
            }
            Node::Text(text) | Node::Code(text) if images == 0 => {
                push_words(&open, &mut words, text);
            }
            Node::SoftBreak => push_words(&open, &mut words, " "),
            Node::Footnote(label) => {
                let number = gathered.reference(label);
                push_words(&open, &mut words, &number.to_string());
            }
            Node::Text(_)
            | Node::Code(_)
            | Node::HardBreak
            | Node::Rule
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
    }
    // As in mdBook, a generated anchor avoids only earlier generated ones.
    let mut made = BTreeSet::new();
    let mut repeats = BTreeMap::new();
    let mut anchors = Vec::with_capacity(words.len());
    for ((given, words), span) in words.into_iter().zip(spans) {
        let anchor = given.unwrap_or_else(|| {
            super::anchors::numbered(anchor(&words), "-", &mut made, &mut repeats)
        });
        if !gathered.all.insert(anchor.clone()) {
            faults.push(duplicate(draft.place(span), &anchor));
        }
        anchors.push(anchor);
    }
    (anchors, gathered.all)
}

#[derive(Default)]
struct Gathered<'a> {
    all: BTreeSet<String>,
    /// The number of each footnote, and the count of its references.
    notes: BTreeMap<&'a str, (usize, usize)>,
}

impl<'a> Gathered<'a> {
    /// Adds an anchor of raw HTML.
    fn raw(
        &mut self,
        draft: &Draft,
        id: &str,
        span: crate::text::Span,
        faults: &mut Vec<Diagnostic>,
    ) {
        if !self.all.insert(id.to_owned()) {
            faults.push(duplicate(draft.place(span), id));
        }
    }

    /// Returns the number of a footnote reference.
    fn reference(&mut self, label: &'a str) -> usize {
        let next = self.notes.len() + 1;
        let (number, count) = self.notes.entry(label).or_insert((next, 0));
        *count += 1;
        self.all.insert(format!("fr-{label}-{count}"));
        *number
    }
}

fn push_words(open: &[Option<usize>], words: &mut [(Option<String>, String)], text: &str) {
    for heading in open.iter().flatten() {
        words[*heading].1.push_str(text);
    }
}

/// Returns the anchors in raw HTML.
pub(super) fn raw_ids(html: &str) -> impl Iterator<Item = &str> {
    tags::pieces(html)
        .into_iter()
        .flat_map(|piece| {
            let Piece::Open(tag) = piece else {
                return [None, None];
            };
            let id = tag.attribute("id").map(|id| id.value);
            let name = tag.attribute("name").filter(|_| tag.is("a"));
            [
                id,
                name.map(|name| name.value).filter(|name| Some(*name) != id),
            ]
        })
        .flatten()
        .filter(|id| !id.is_empty())
}
