//! The sort orders of long lists, computed once for all pages of each list.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::routes;
use crate::derive::{ActorFacts, Network, Standings};
use crate::model::{
    Actor, ActorKind, Briefing, Claim, Id, PartialDate, Reply, Site, Source, Status,
};

/// The maximum number of names on each side of the diagram.
pub const DRAWN: usize = 40;

/// The contents of the lists of a book, over all pages of each.
pub struct Orders {
    /// The briefings that the home page lists: all except its own text and those in the contents.
    /// The newest first; one without a date keeps its place in the reading order.
    pub briefings: Vec<Id<Briefing>>,
    /// Accused parties without a reply of their own or of a representative, the longest wait first.
    pub waiting: Vec<Wait>,
    /// The indices of the edges in the diagram of the network.
    pub drawn: Vec<usize>,
    /// The names and aliases of all actors, from A to Z.
    pub glossary: Vec<Name>,
    /// The actors of each kind, from A to Z.
    pub kinds: BTreeMap<ActorKind, Vec<Id<Actor>>>,
    /// Claims by their first mark in a text; claims without a mark are last.
    pub claims: Vec<Id<Claim>>,
    /// The number of claims with each status; statuses without claims are left out.
    pub statuses: Vec<(Status, usize)>,
    /// Sources by date, those without a date last.
    pub sources: Vec<Id<Source>>,
    /// The actors on the timeline, those with the most entries first.
    pub parties: Vec<Id<Actor>>,
}

/// An open reply of an accused party.
pub struct Wait {
    /// Days from the accusation to the last day of the record.
    pub days: Option<i32>,
    pub claim: Id<Claim>,
    /// The index of the missing reply among the replies to the claim.
    pub reply: usize,
}

/// A name in the glossary.
pub struct Name {
    pub name: String,
    /// The name in Latin script, without accents and case, as sort key.
    pub key: String,
    pub is_alias: bool,
    pub actor: Id<Actor>,
}

impl Orders {
    pub fn new(
        site: &Site,
        standings: &Standings,
        facts: &[ActorFacts],
        network: &Network,
        record_day: Option<Date>,
    ) -> Orders {
        let mut glossary: Vec<Name> = Vec::new();
        let mut kinds: BTreeMap<ActorKind, Vec<(String, Id<Actor>)>> = BTreeMap::new();
        let named = site.actors().iter().filter(|(_, actor)| !actor.is_unnamed);
        for (id, actor) in named {
            glossary.extend(names(actor).into_iter().map(|(name, is_alias)| Name {
                name: name.to_owned(),
                key: key(name),
                is_alias,
                actor: id,
            }));
            let kind = kinds.entry(actor.kind).or_default();
            kind.push((key(&actor.name), id));
        }
        glossary.sort_by(|a, b| {
            let id_of = |name: &Name| &site.actors()[name.actor].id;
            (&a.key, &a.name, id_of(a)).cmp(&(&b.key, &b.name, id_of(b)))
        });
        let sorted = |(kind, mut actors): (ActorKind, Vec<(String, Id<Actor>)>)| {
            actors.sort();
            (kind, actors.into_iter().map(|(_, id)| id).collect())
        };
        let mut claims: Vec<Id<Claim>> = site.claims().ids().collect();
        claims.sort_by_key(|id| {
            let first = site.claims()[*id].appearances.first();
            first.map_or((true, None), |place| (false, Some((place.doc, place.mark))))
        });
        let mut sources: Vec<Id<Source>> = site.sources().ids().collect();
        sources.sort_by_cached_key(|id| {
            let source = &site.sources()[*id];
            let date = source.date.map(|date| date.first_day());
            (date.is_none(), date, key(&source.title), *id)
        });
        let on = |id: Id<Actor>| facts[id.index()].timeline.len();
        let ids = site.actors().ids();
        let mut parties: Vec<Id<Actor>> = ids.filter(|id| on(*id) > 0).collect();
        parties.sort_by_key(|id| (Reverse(on(*id)), *id));
        Orders {
            briefings: briefings(site),
            waiting: waiting(site, standings, record_day),
            drawn: drawn(network),
            glossary,
            kinds: kinds.into_iter().map(sorted).collect(),
            claims,
            statuses: statuses(site.claims().ids().map(|id| standings[id].status)),
            sources,
            parties,
        }
    }
}

/// Returns the number of claims with each status, in the order of statuses; statuses without claims
/// are left out.
pub fn statuses(of: impl Iterator<Item = Status>) -> Vec<(Status, usize)> {
    let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
    for status in of {
        *counts.entry(status).or_default() += 1;
    }
    counts.into_iter().collect()
}

/// Returns the sort key of a name in the glossary.
pub fn key(name: &str) -> String {
    crate::text::slug(name)
}

fn briefings(site: &Site) -> Vec<Id<Briefing>> {
    let left_out: BTreeSet<_> = site.chapters().chain(routes::home(site)).collect();
    let ids = site.briefings().ids();
    let mut briefings: Vec<Id<Briefing>> = ids.filter(|id| !left_out.contains(id)).collect();
    briefings.sort_by_key(|id| {
        let briefing = &site.briefings()[*id];
        let date = briefing.updated.or(briefing.date);
        Reverse(date.map(|date| date.first_day()))
    });
    briefings
}

fn waiting(site: &Site, standings: &Standings, record_day: Option<Date>) -> Vec<Wait> {
    let today = record_day.map(PartialDate::on);
    let mut waiting = Vec::new();
    for claim in site.claims().ids() {
        let standing = &standings[claim];
        // No reply is expected to a claim that no party makes, or makes any more.
        if !standing.is_stated() {
            continue;
        }
        let since = standing.first_on.as_ref();
        for (reply, of) in standing.replies.iter().enumerate() {
            if of.reply.is_answer() || of.reply == Reply::Declined || of.is_withheld {
                continue;
            }
            let days = since
                .zip(today.as_ref())
                .and_then(|(since, today)| since.days_until(today))
                .filter(|days| *days >= 0);
            waiting.push(Wait { days, claim, reply });
        }
    }
    waiting.sort_by_key(|wait| Reverse(wait.days));
    waiting
}

/// Returns the edges between the actors with the most claims.
fn drawn(network: &Network) -> Vec<usize> {
    let mut weight: BTreeMap<Id<Actor>, usize> = BTreeMap::new();
    for edge in &network.edges {
        *weight.entry(edge.speaker).or_default() += edge.claims.len();
        *weight.entry(edge.subject).or_default() += edge.claims.len();
    }
    let heaviest = weight.into_iter().map(|(id, weight)| (Reverse(weight), id));
    let heaviest: BTreeSet<_> = heaviest.collect();
    let kept: BTreeSet<Id<Actor>> = heaviest.into_iter().take(DRAWN).map(|(_, id)| id).collect();
    let edges = network.edges.iter().enumerate();
    edges
        .filter(|(_, edge)| kept.contains(&edge.speaker) && kept.contains(&edge.subject))
        .map(|(place, _)| place)
        .collect()
}

/// Returns the names of an actor for the glossary: its name and its aliases, with a flag for
/// aliases.
fn names(actor: &Actor) -> Vec<(&str, bool)> {
    let mut names: Vec<(&str, bool)> = vec![(&actor.name, false)];
    let aliases = actor.aliases.iter();
    let aliases = aliases.chain(actor.named_by.iter().map(|naming| &naming.alias));
    for alias in aliases {
        if !names.iter().any(|(name, _)| name == alias) {
            names.push((alias, true));
        }
    }
    names
}
