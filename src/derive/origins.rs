//! How many origins a claim has: positions that hang together are one.

use std::collections::{BTreeSet, HashMap};

use super::{Support, Ties};
use crate::model::{Actor, Doc, Id, MarkNo, Position, Site, Source};

/// What can make two positions one origin. `member-of` never does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bond {
    /// The same actor, or actors under one `part-of` root.
    Root,
    /// The same `joint` tag.
    Joint,
    /// The same marked words.
    Mark,
    /// Sources that meet somewhere over `based-on`.
    Sources,
}

impl Bond {
    /// Every bond: what the language counts by.
    pub const ALL: &[Bond] = &[Bond::Root, Bond::Joint, Bond::Mark, Bond::Sources];
}

/// The number of the origin of each of `positions`, from 0 in order of first appearance,
/// when only `bonds` tie positions together.
pub fn origins(site: &Site, ties: &Ties, positions: &[&Position], bonds: &[Bond]) -> Vec<usize> {
    let mut groups = Groups::new(positions.len());
    for bond in bonds {
        match bond {
            Bond::Root => groups.join_by(positions, |position| Some(ties.root(position.by))),
            Bond::Joint => groups.join_by(positions, |position| position.joint.as_deref()),
            Bond::Mark => groups.join_by(positions, |position| {
                Some::<(Doc, MarkNo)>((position.doc, position.mark))
            }),
            Bond::Sources => join_by_sources(site, &mut groups, positions),
        }
    }
    groups.numbered()
}

/// How strongly `own`, the current positions on a party's own authority, support a claim.
///
/// The unnamed party is heard but is never an origin beside others, nor one of a joint number.
pub(super) fn support(site: &Site, ties: &Ties, own: &[&Position]) -> Support {
    let numbers = origins(site, ties, own, Bond::ALL);
    let mut roots: Vec<BTreeSet<Id<Actor>>> = vec![BTreeSet::new(); own.len()];
    for (position, number) in own.iter().zip(numbers) {
        if !site.actors()[position.by].is_unnamed {
            roots[number].insert(ties.root(position.by));
        }
    }
    let named: Vec<_> = roots.iter().filter(|roots| !roots.is_empty()).collect();
    match named.as_slice() {
        [] => Support::Single,
        [one] if one.len() == 1 => Support::Single,
        [one] => Support::Joint(one.len()),
        several => Support::Corroborated(several.len()),
    }
}

/// Joins positions whose sources meet. Each source is walked once for all of them: whoever comes
/// to a source that was walked before joins the one who walked it, and need go no further.
fn join_by_sources(site: &Site, groups: &mut Groups, positions: &[&Position]) {
    let mut walked_by: HashMap<Id<Source>, usize> = HashMap::new();
    for (at, position) in positions.iter().enumerate() {
        let mut open: Vec<_> = position.sources.iter().map(|cited| cited.source).collect();
        while let Some(source) = open.pop() {
            match walked_by.get(&source) {
                Some(other) => groups.join(at, *other),
                None => {
                    walked_by.insert(source, at);
                    open.extend(&site.sources()[source].based_on);
                }
            }
        }
    }
}

/// Union-find over the numbers `0..n`.
struct Groups {
    above: Vec<usize>,
}

impl Groups {
    fn new(len: usize) -> Groups {
        Groups {
            above: (0..len).collect(),
        }
    }

    fn top(&mut self, mut at: usize) -> usize {
        while self.above[at] != at {
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.top(a), self.top(b));
        self.above[a.max(b)] = a.min(b);
    }

    fn join_by<'a, K: Eq + std::hash::Hash>(
        &mut self,
        positions: &[&'a Position],
        key: impl Fn(&'a Position) -> Option<K>,
    ) {
        let mut first: HashMap<K, usize> = HashMap::new();
        for (at, position) in positions.iter().enumerate() {
            if let Some(key) = key(position) {
                let first = *first.entry(key).or_insert(at);
                self.join(first, at);
            }
        }
    }

    fn numbered(mut self) -> Vec<usize> {
        let mut number_of: HashMap<usize, usize> = HashMap::new();
        (0..self.above.len())
            .map(|at| {
                let next = number_of.len();
                *number_of.entry(self.top(at)).or_insert(next)
            })
            .collect()
    }
}
