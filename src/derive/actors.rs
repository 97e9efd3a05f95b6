//! Computes the content of actor pages, for all actors in one pass over the claims.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::{Entry, Happening, Mention, Standing, Standings, ancestors, spoken_for};
use crate::model::{Actor, Claim, Doc, Entity, Id, Reply, Side, Site, Source};

/// A position: the claim, and the index in its positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Said {
    pub claim: Id<Claim>,
    pub position: usize,
}

/// A claim against an actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accusation {
    pub claim: Id<Claim>,
    /// The index of its reply in the standing's replies.
    pub reply: usize,
}

/// The numbers of replies of an actor to accusations, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReplyCounts {
    /// It replied itself.
    pub replied: usize,
    pub by_representative: usize,
    pub declined: usize,
    pub no_response: usize,
    pub unanswered: usize,
    /// No party makes the claim, or makes it any more, so no reply is expected.
    pub not_stated: usize,
}

/// The number of claims on which two actors agree or disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    pub actor: Id<Actor>,
    /// How many claims.
    pub claims: usize,
}

/// The facts about one actor. Lists are in the order of the claims unless stated otherwise; they
/// contain nothing after the standings' date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActorFacts {
    /// Its positions, including those that it changed later, and its reports.
    pub says: Vec<Said>,
    /// The positions of actors that are part of it, directly or indirectly, or speak for it.
    pub organs_say: Vec<Said>,
    /// Positions of other parties for which it was the speaker.
    pub voiced: Vec<Said>,
    /// Reports of its statements.
    pub reported: Vec<Said>,
    pub accused_in: Vec<Accusation>,
    /// Claims that are about it.
    pub subject_of: Vec<Id<Claim>>,
    /// The numbers of its replies to accusations; they add up to the length of `accused_in`.
    pub replies: ReplyCounts,
    /// All actors that can answer for it, in the order of the site.
    pub spoken_for_by: Vec<Id<Actor>>,
    /// The actors that are directly part of it.
    pub parts: Vec<Id<Actor>>,
    pub members: Vec<Id<Actor>>,
    /// The actors that it is part of, the nearest first.
    pub ancestors: Vec<Id<Actor>>,
    /// Claims whose relation names it.
    pub relations: Vec<Id<Claim>>,
    /// Actors on its side of claims, the most frequent first.
    pub agrees: Vec<Shared>,
    /// Actors on the other side, the most frequent first.
    pub disagrees: Vec<Shared>,
    /// Indices in the timeline: its statements and events, and statements on claims about it.
    pub timeline: Vec<usize>,
    pub sources: Vec<Id<Source>>,
    /// Indices in the mentions, except those on its own page.
    pub mentions: Vec<usize>,
}

impl ActorFacts {
    /// Returns the length of the longest list of statements by or about the actor.
    pub fn longest_list(&self) -> usize {
        let lists = [
            self.says.len(),
            self.organs_say.len(),
            self.voiced.len(),
            self.reported.len(),
            self.accused_in.len(),
            self.subject_of.len(),
            self.timeline.len(),
            self.sources.len(),
            self.mentions.len(),
        ];
        lists.into_iter().max().unwrap_or(0)
    }
}

/// Returns the facts of every actor, in the order of the actors. `mentions` and `timeline` are the
/// results of the functions of that name.
pub fn actors(
    site: &Site,
    standings: &Standings,
    mentions: &[Arc<Mention>],
    timeline: &[Entry],
) -> Vec<ActorFacts> {
    let mut facts = vec![ActorFacts::default(); site.actors().len()];
    lineage(site, &mut facts);
    positions(site, &mut facts);
    subjects(site, standings, &mut facts);
    agreement(site, standings, &mut facts);
    for (at, entry) in timeline.iter().enumerate() {
        for actor in concerned(site, entry) {
            facts[actor.index()].timeline.push(at);
        }
    }
    for (id, source) in site.sources().iter() {
        for author in source.authors.iter().collect::<BTreeSet<_>>() {
            facts[author.index()].sources.push(id);
        }
    }
    for (at, mention) in mentions.iter().enumerate() {
        match mention.entity {
            Entity::Actor(actor) if mention.doc != Doc::Actor(actor) => {
                facts[actor.index()].mentions.push(at);
            }
            Entity::Actor(_) | Entity::Claim(_) | Entity::Source(_) | Entity::Briefing(_) => {}
        }
    }
    facts
}

/// Collects parts, members and representatives.
fn lineage(site: &Site, facts: &mut [ActorFacts]) {
    let mut heralds: Vec<Vec<Id<Actor>>> = vec![Vec::new(); facts.len()];
    for (id, actor) in site.actors().iter() {
        if let Some(parent) = actor.part_of {
            facts[parent.index()].parts.push(id);
        }
        for group in actor.member_of.iter().collect::<BTreeSet<_>>() {
            facts[group.index()].members.push(id);
        }
        for reached in spoken_for(site, id) {
            heralds[reached.index()].push(id);
        }
        facts[id.index()].ancestors = ancestors(site, id);
    }
    for id in site.actors().ids() {
        let above = facts[id.index()].ancestors.iter();
        let house = above.chain(std::iter::once(&id));
        let mut all: BTreeSet<_> = house.flat_map(|x| heralds[x.index()].iter()).collect();
        all.extend(&facts[id.index()].ancestors);
        all.remove(&id);
        facts[id.index()].spoken_for_by = all.into_iter().copied().collect();
    }
}

/// Collects positions by party, ancestor, speaker and reported party.
fn positions(site: &Site, facts: &mut [ActorFacts]) {
    let mut heard_through: HashMap<Id<Actor>, BTreeSet<Id<Actor>>> = HashMap::new();
    for (claim, of) in site.claims().iter() {
        for (at, position) in of.positions.iter().enumerate() {
            let said = Said {
                claim,
                position: at,
            };
            facts[position.by.index()].says.push(said);
            let principals = heard_through.entry(position.by).or_insert_with(|| {
                let above = ancestors(site, position.by).into_iter();
                above.chain(spoken_for(site, position.by)).collect()
            });
            for principal in principals.iter() {
                facts[principal.index()].organs_say.push(said);
            }
            if let Some(voice) = position.voice.filter(|voice| *voice != position.by) {
                facts[voice.index()].voiced.push(said);
            }
            for quoted in position.said_by.iter().collect::<BTreeSet<_>>() {
                facts[quoted.index()].reported.push(said);
            }
        }
    }
}

/// Collects claims by subject, and replies.
fn subjects(site: &Site, standings: &Standings, facts: &mut [ActorFacts]) {
    for (claim, of) in site.claims().iter() {
        for (reply, answered) in standings[claim].replies.iter().enumerate() {
            let facts = &mut facts[answered.accused.index()];
            facts.accused_in.push(Accusation { claim, reply });
            let replies = &mut facts.replies;
            *match answered.reply {
                Reply::Replied => &mut replies.replied,
                Reply::ByRepresentative(_) => &mut replies.by_representative,
                Reply::Declined => &mut replies.declined,
                Reply::NoResponse | Reply::Unanswered
                    if !standings[claim].is_stated() || answered.is_withheld =>
                {
                    &mut replies.not_stated
                }
                Reply::NoResponse => &mut replies.no_response,
                Reply::Unanswered => &mut replies.unanswered,
            } += 1;
        }
        for subject in of.about.iter().collect::<BTreeSet<_>>() {
            facts[subject.index()].subject_of.push(claim);
        }
        if let Some(relation) = &of.relation {
            for end in BTreeSet::from([relation.subject, relation.object]) {
                facts[end.index()].relations.push(claim);
            }
        }
    }
}

/// Counts agreements and disagreements, by current stances.
fn agreement(site: &Site, standings: &Standings, facts: &mut [ActorFacts]) {
    let mut met: HashMap<(Id<Actor>, Id<Actor>), (usize, usize)> = HashMap::new();
    for (claim, _) in site.claims().iter() {
        let sides = sides(site, &standings[claim]);
        for (at, (one, one_is_for)) in sides.iter().enumerate() {
            for (other, other_is_for) in &sides[at + 1..] {
                let pair = (*one.min(other), *one.max(other));
                let (with, against) = met.entry(pair).or_default();
                if one_is_for == other_is_for {
                    *with += 1
                } else {
                    *against += 1
                }
            }
        }
    }
    for ((one, other), (with, against)) in met {
        for (here, there) in [(one, other), (other, one)] {
            let shared = |claims: usize| Shared {
                actor: there,
                claims,
            };
            let facts = &mut facts[here.index()];
            facts.agrees.extend((with > 0).then(|| shared(with)));
            facts
                .disagrees
                .extend((against > 0).then(|| shared(against)));
        }
    }
    for facts in facts {
        for list in [&mut facts.agrees, &mut facts.disagrees] {
            list.sort_unstable_by_key(|shared| (std::cmp::Reverse(shared.claims), shared.actor));
        }
    }
}

/// Returns the named parties with a side, and whether they are for the claim.
fn sides(site: &Site, standing: &Standing) -> Vec<(Id<Actor>, bool)> {
    let named = standing.parties.iter();
    named
        .filter(|party| !site.actors()[party.actor].is_unnamed)
        .filter_map(|party| match party.stance.side() {
            Side::Own | Side::Endorsing => Some((party.actor, true)),
            Side::Con => Some((party.actor, false)),
            Side::Neither | Side::Relayed | Side::Cleared => None,
        })
        .collect()
}

/// Returns the actors whose timeline has the entry: its parties, and the subjects of the claim.
fn concerned(site: &Site, entry: &Entry) -> BTreeSet<Id<Actor>> {
    match entry.what {
        Happening::Event(event) => site.events()[event].who.iter().copied().collect(),
        Happening::Position { claim, position } | Happening::Report { claim, position } => {
            let claim = &site.claims()[claim];
            let position = &claim.positions[position];
            let spoken_of = claim.against.iter().chain(&claim.about);
            let speakers = position.said_by.iter().chain([&position.by]);
            let voice = position.voice.iter();
            spoken_of.chain(speakers).chain(voice).copied().collect()
        }
    }
}
