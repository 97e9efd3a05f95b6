//! Checks text without marks: vague attribution, and names that are not marked.

use std::collections::HashSet;
use std::ops::Range;

use rayon::prelude::*;

use super::unused::mentioned;
use super::{names, vague_attribution};
use crate::derive::{Block, blocks};
use crate::diag::Diagnostic;
use crate::model::{Body, Doc, Node, Site, Tag, Target};
use crate::text::Span;

/// Checks every document.
pub(super) fn check(site: &Site, unmarked_names: bool, found: &mut Vec<Diagnostic>) {
    let names = unmarked_names.then(|| names::Names::of(site)).flatten();
    let docs: Vec<Doc> = site.docs().collect();
    let of_docs: Vec<Vec<Diagnostic>> = docs
        .into_par_iter()
        .map(|doc| of_doc(site, doc, names.as_ref()))
        .collect();
    found.extend(of_docs.into_iter().flatten());
}

/// Checks one document. Without `names`, unmarked names are not reported.
pub(super) fn of_doc(site: &Site, doc: Doc, names: Option<&names::Names>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let body = &site.prose(doc).body;
    let mut named = HashSet::new();
    if let (Some(_), false) = (&names, body.is_empty()) {
        named.extend(mentioned(body));
    }
    for block in blocks(body) {
        vague_attribution::look(site, doc, &block, &mut found);
        if let Some(names) = names {
            names.look(site, doc, &block, &mut named, &mut found);
        }
    }
    found
}

/// A set of ranges that can overlap, for many queries.
pub(super) struct Closed {
    /// Sorted by start; adjacent and overlapping ones are joined.
    ranges: Vec<Range<usize>>,
}

impl Closed {
    /// Creates the set.
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

    /// True if any of its ranges overlaps `range`.
    pub(super) fn touches(&self, range: &Range<usize>) -> bool {
        let after = self
            .ranges
            .partition_point(|closed| closed.end <= range.start);
        let next = self.ranges.get(after);
        next.is_some_and(|closed| closed.start < range.end)
    }
}

/// Returns the ranges of a block that are code or in tags selected by `closes`, sorted by start.
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

/// Returns the source range of `range` in a block. It is exact if the items' spans cover exactly
/// their words, also with typographic quotes and dashes. If an escape made an item longer, it
/// covers the whole item.
pub(super) fn written(body: &Body<Target>, block: &Block, range: &Range<usize>) -> Span {
    let edge = |at: usize| {
        let run = block.run_at(at)?;
        let item = &body.items[run.item];
        let in_run = at - run.range.start;
        let offset = match &item.node {
            Node::Text(text) => typed_offset(text, item.span.range().len(), in_run),
            Node::Code(_)
            | Node::Start(_)
            | Node::End
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => None,
        };
        Some(match offset {
            Some(offset) => {
                let start = item.span.start as usize + offset;
                Span::new(start..start + 1)
            }
            None => item.span,
        })
    };
    let (first, last) = (edge(range.start), edge(range.end.saturating_sub(1)));
    Span {
        start: first.unwrap_or_default().start,
        end: last.or(first).unwrap_or_default().end,
    }
}

/// Returns the offset among the `typed` source bytes for the byte `at` of `text`: both are equal,
/// or straight quotes and hyphens became typographic ones. `None` otherwise.
fn typed_offset(text: &str, typed: usize, at: usize) -> Option<usize> {
    if text.len() == typed {
        return Some(at);
    }
    let length = |text: &str| -> usize {
        let lengths = text.chars().map(|c| match c {
            '‘' | '’' | '“' | '”' => 1,
            '–' => 2,
            '—' | '…' => 3,
            c => c.len_utf8(),
        });
        lengths.sum()
    };
    (length(text) == typed).then(|| length(&text[..text.floor_char_boundary(at)]))
}
