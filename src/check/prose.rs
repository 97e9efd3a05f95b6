//! What the running text says without a mark: attribution to nobody, and names left unmarked.

use std::collections::HashSet;
use std::ops::Range;

use rayon::prelude::*;

use super::unused::mentioned;
use super::{names, weasels};
use crate::derive::{Block, blocks};
use crate::diag::Diagnostic;
use crate::model::{Body, Doc, Node, Site, Tag, Target};
use crate::text::Span;

/// Every document, once through.
pub(super) fn check(site: &Site, unmarked_names: bool, found: &mut Vec<Diagnostic>) {
    let names = unmarked_names.then(|| names::Names::of(site)).flatten();
    let docs: Vec<Doc> = site.docs().collect();
    let of_docs: Vec<Vec<Diagnostic>> = docs
        .into_par_iter()
        .map(|doc| of_doc(site, doc, names.as_ref()))
        .collect();
    found.extend(of_docs.into_iter().flatten());
}

/// One document. Without `names`, unmarked ones are not looked for.
pub(super) fn of_doc(site: &Site, doc: Doc, names: Option<&names::Names>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let body = &site.prose(doc).body;
    let mut named = HashSet::new();
    if let (Some(_), false) = (&names, body.is_empty()) {
        named.extend(mentioned(body));
    }
    for block in blocks(body) {
        weasels::look(site, doc, &block, &mut found);
        if let Some(names) = names {
            names.look(site, doc, &block, &mut named, &mut found);
        }
    }
    found
}

/// Stretches of a text that may overlap, to be asked about many times.
pub(super) struct Closed {
    /// Sorted by start, joined where they touch.
    ranges: Vec<Range<usize>>,
}

impl Closed {
    /// `ranges` in order of their starts.
    pub(super) fn new(ranges: Vec<Range<usize>>) -> Closed {
        let mut joined: Vec<Range<usize>> = Vec::new();
        for range in ranges {
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                Some(_) | None => joined.push(range),
            }
        }
        Closed { ranges: joined }
    }

    /// Whether any of it reaches into `range`.
    pub(super) fn touches(&self, range: &Range<usize>) -> bool {
        let after = self
            .ranges
            .partition_point(|closed| closed.end <= range.start);
        let next = self.ranges.get(after);
        next.is_some_and(|closed| closed.start < range.end)
    }
}

/// What code and the tags that `closes` picks cover of a block, in order of their starts.
pub(super) fn covered(
    body: &Body<Target>,
    block: &Block,
    closes: impl Fn(&Tag<Target>) -> bool,
) -> Vec<Range<usize>> {
    let tags = block.inlines.iter().filter(|inline| {
        let Node::Start(tag) = &body.items[inline.item].node else {
            return false;
        };
        closes(tag)
    });
    let code = block.runs.iter().filter(|run| run.is_code);
    let mut covered: Vec<_> = tags
        .map(|inline| inline.range.clone())
        .chain(code.map(|run| run.range.clone()))
        .collect();
    covered.sort_unstable_by_key(|range| (range.start, range.end));
    covered
}

/// Whether `range` begins and ends at the edges of words.
pub(super) fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Where `range` of a block was written. Exact where the items' spans cover just their words;
/// where an escape or a curled quote made them longer, the whole of those items.
pub(super) fn written(body: &Body<Target>, block: &Block, range: &Range<usize>) -> Span {
    let edge = |at: usize| {
        let run = block.run_at(at)?;
        let item = &body.items[run.item];
        let is_exact = match &item.node {
            Node::Text(text) => text.len() == item.span.range().len(),
            Node::Code(_)
            | Node::Start(_)
            | Node::End
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => false,
        };
        let start = item.span.start as usize + at - run.range.start;
        Some(if is_exact {
            Span::new(start..start + 1)
        } else {
            item.span
        })
    };
    let (first, last) = (edge(range.start), edge(range.end.saturating_sub(1)));
    Span {
        start: first.unwrap_or_default().start,
        end: last.or(first).unwrap_or_default().end,
    }
}
