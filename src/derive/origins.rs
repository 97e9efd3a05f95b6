//! Counts the origins of a claim: parties whose statements depend on each other have one origin.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::parties::Party;
use super::ties::Representatives;
use super::{Ties, spoken_for};
use crate::model::{
    Actor, Claim, Doc, Id, MarkNo, MarkRole, Position, Side, Site, Source, Support,
};

/// The reason why two parties have one origin. `member-of` is never a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bond {
    /// Both have this `part-of` root.
    Root(Id<Actor>),
    /// One speaks for the other, or for the other's root.
    Spokesman,
    /// They share a `joint` word in statements that support the claim.
    Joint,
    /// One mark names both.
    Mark,
    /// Their own sources are `based-on` this document, directly or indirectly.
    Source(Id<Source>),
}

/// The reason why two parties, by their index in the standing's parties, have one origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Join {
    pub one: usize,
    pub other: usize,
    pub bond: Bond,
}

/// One origin of a claim.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The indices of its parties in the standing's parties, in order.
    pub parties: Vec<usize>,
    /// One reason for each party that joined the others.
    pub joins: Vec<Join>,
}

/// Groups the named parties of `parties` whose current position supports the claim on their own
/// authority. Unnamed parties are left out.
pub(super) fn origins(
    site: &Site,
    ties: &Ties,
    claim: &Claim,
    heard: &[(usize, &Position)],
    parties: &[Party],
) -> Vec<Origin> {
    let own: Vec<usize> = (0..parties.len())
        .filter(|at| {
            let party = &parties[*at];
            party.stance.side() == Side::Own && !site.actors()[party.actor].is_unnamed
        })
        .collect();
    if own.is_empty() {
        return Vec::new();
    }
    let mut groups = Groups::new(own.len());
    if own.len() > 1 {
        let actors: Vec<Id<Actor>> = own.iter().map(|at| parties[*at].actor).collect();
        join_by_house(site, ties, &actors, &mut groups);
        join_by_statement(site, claim, heard, &actors, &mut groups);
        join_by_source(site, heard, &actors, &mut groups);
    }
    groups.into_origins(&own)
}

/// Returns the support of the claim from `origins` and the other current positions.
pub(super) fn support(ties: &Ties, parties: &[Party], origins: &[Origin]) -> Support {
    let has = |side: Side| parties.iter().any(|party| party.stance.side() == side);
    match origins {
        [] if has(Side::Own) => Support::UnnamedOnly,
        [] if has(Side::Endorsing) => Support::EndorsedOnly,
        [] => Support::None,
        [origin] => {
            let actors = origin.parties.iter().map(|at| parties[*at].actor);
            let roots: BTreeSet<_> = actors.map(|actor| ties.root(actor)).collect();
            if roots.len() == 1 {
                Support::Single
            } else {
                Support::Joint(roots.len())
            }
        }
        several => Support::Corroborated(several.len()),
    }
}

/// Joins parties with the same root, and parties with those that they speak for.
fn join_by_house(site: &Site, ties: &Ties, actors: &[Id<Actor>], groups: &mut Groups) {
    let mut of_root: HashMap<Id<Actor>, usize> = HashMap::new();
    let mut of_actor: HashMap<Id<Actor>, usize> = HashMap::new();
    for (at, actor) in actors.iter().enumerate() {
        let root = ties.root(*actor);
        let first = *of_root.entry(root).or_insert(at);
        groups.join(first, at, Bond::Root(root));
        of_actor.insert(*actor, at);
    }
    for (at, actor) in actors.iter().enumerate() {
        for principal in spoken_for(site, *actor) {
            // The principal is a party, or the root of parties.
            let parties = [of_actor.get(&principal), of_root.get(&principal)];
            for party in parties.into_iter().flatten() {
                groups.join(*party, at, Bond::Spokesman);
            }
        }
    }
}

/// Joins parties that share a `joint` word or a mark in any statement in support, current or not: a
/// party that later repeats a joint statement alone is still not a separate origin.
fn join_by_statement(
    site: &Site,
    claim: &Claim,
    heard: &[(usize, &Position)],
    actors: &[Id<Actor>],
    groups: &mut Groups,
) {
    let of_actor: HashMap<Id<Actor>, usize> = actors.iter().copied().zip(0..).collect();
    let mut of_tag: HashMap<&str, usize> = HashMap::new();
    let mut of_mark: HashMap<(Doc, MarkNo), usize> = HashMap::new();
    for (_, position) in heard
        .iter()
        .filter(|(_, position)| position.stance.is_support())
    {
        let Some(at) = of_actor.get(&position.by).copied() else {
            continue;
        };
        if let Some(tag) = position.joint.as_deref() {
            groups.join(*of_tag.entry(tag).or_insert(at), at, Bond::Joint);
        }
        let mark = (position.doc, position.mark);
        groups.join(*of_mark.entry(mark).or_insert(at), at, Bond::Mark);
    }
    // A mark that repeats earlier positions adds none, but still names its parties together. Its
    // date is that of a position that counts.
    for appearance in &claim.appearances {
        let role = &site.mark(appearance.doc, appearance.mark).role;
        let MarkRole::Position { stance, by, .. } = role else {
            continue;
        };
        if !stance.is_support() || by.len() < 2 {
            continue;
        }
        let mut together = by.iter().filter_map(|actor| of_actor.get(actor).copied());
        if let Some(first) = together.next() {
            for at in together {
                groups.join(first, at, Bond::Mark);
            }
        }
    }
}

/// Joins parties whose own sources have a common `based-on` source. Each source is visited once in
/// total: a walk that reaches a source of another walk joins the two and stops there.
fn join_by_source(
    site: &Site,
    heard: &[(usize, &Position)],
    actors: &[Id<Actor>],
    groups: &mut Groups,
) {
    let mut walked_by: HashMap<Id<Source>, usize> = HashMap::new();
    for (at, actor) in actors.iter().enumerate() {
        let mut open = own_sources(site, heard, *actor);
        let mut seen = HashSet::new();
        while let Some(source) = open.pop() {
            if !seen.insert(source) {
                continue;
            }
            match walked_by.get(&source) {
                Some(other) => groups.join(*other, at, Bond::Source(source)),
                None => {
                    walked_by.insert(source, at);
                    open.extend(&site.sources()[source].based_on);
                }
            }
        }
    }
}

/// Returns the sources of the statements by which `actor` supports the claim: those that it or a
/// representative wrote, or all if there are none.
fn own_sources(site: &Site, heard: &[(usize, &Position)], actor: Id<Actor>) -> Vec<Id<Source>> {
    let statements = heard
        .iter()
        .filter(|(_, position)| position.by == actor && position.stance.is_support());
    let all: Vec<Id<Source>> = statements
        .flat_map(|(_, position)| position.sources.iter().map(|cited| cited.source))
        .collect();
    let mut representatives = Representatives::of(site, actor);
    let mut is_own = |source: &Id<Source>| {
        let mut authors = site.sources()[*source].authors.iter();
        authors.any(|author| representatives.hold(*author))
    };
    let own: Vec<Id<Source>> = all.iter().copied().filter(|it| is_own(it)).collect();
    if own.is_empty() { all } else { own }
}

/// A union-find structure over `0..n` that stores the reason of each union.
struct Groups {
    above: Vec<usize>,
    joins: Vec<(usize, usize, Bond)>,
}

impl Groups {
    fn new(len: usize) -> Groups {
        Groups {
            above: (0..len).collect(),
            joins: Vec::new(),
        }
    }

    fn top(&mut self, mut at: usize) -> usize {
        while self.above[at] != at {
            self.above[at] = self.above[self.above[at]];
            at = self.above[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize, bond: Bond) {
        let (a, b) = (self.top(one), self.top(other));
        if a != b {
            self.above[a.max(b)] = a.min(b);
            self.joins.push((one, other, bond));
        }
    }

    /// Returns the groups in the order of their first members; `own[member]` is the caller's number
    /// of a member.
    fn into_origins(mut self, own: &[usize]) -> Vec<Origin> {
        let mut origin_of: HashMap<usize, usize> = HashMap::new();
        let mut origins: Vec<Origin> = Vec::new();
        for (at, party) in own.iter().enumerate() {
            let top = self.top(at);
            let origin = *origin_of.entry(top).or_insert_with(|| {
                origins.push(Origin::default());
                origins.len() - 1
            });
            origins[origin].parties.push(*party);
        }
        for (one, other, bond) in std::mem::take(&mut self.joins) {
            let top = self.top(one);
            origins[origin_of[&top]].joins.push(Join {
                one: own[one],
                other: own[other],
                bond,
            });
        }
        origins
    }
}
