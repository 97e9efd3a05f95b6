//! Derived facts of a site, computed once for all pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::routes;
use super::sort_orders::Orders;
use crate::derive::{
    self, ActorFacts, Entry, Happening, Mention, Network, Passages, SourceUse, Standings,
};
use crate::model::{Briefing, Claim, Doc, Entity, Event, Id, PartialDate, Site, Stance};

/// The maximum number of claims with the same event on a claim's page.
const MOST_OF_AN_EVENT: usize = 24;

/// The derived facts for pages.
pub struct Facts {
    pub standings: Standings,
    /// The mentions in `passages`, in page order.
    pub mentions: Vec<Arc<Mention>>,
    pub timeline: Vec<Entry>,
    pub network: Network,
    pub actors: Vec<ActorFacts>,
    pub sources: Vec<SourceUse>,
    /// The last day of the record: `--as-of`, or the last day in the book. Waiting times count to
    /// it, so that a page does not depend on the clock.
    pub record_day: Option<Date>,
    /// The briefing that is the home page.
    pub home: Option<Id<Briefing>>,
    /// True if a text of the book has the address of the search page.
    pub is_search_taken: bool,
    /// Every tag by its slug.
    pub tags: BTreeMap<String, routes::Tagged>,
    pub orders: Orders,
    /// The number of claims on which each actor has a position; `no-response` does not count.
    pub spoken_to: Vec<usize>,
    /// The indices of each claim in the timeline.
    pub stories: Vec<Vec<usize>>,
    /// The related claims of each claim, and how; a claim can be related in two ways.
    pub ties: Vec<Vec<(Id<Claim>, &'static str)>>,
    /// The edges of the network for each actor.
    pub edges: Vec<Vec<usize>>,
    passages: Vec<Passages>,
    briefings: usize,
    actor_count: usize,
    mentions_of: BTreeMap<Entity, Vec<usize>>,
}

impl Facts {
    /// Computes all facts, with independent documents in parallel.
    pub fn new(site: &Site, standings: Standings) -> Facts {
        let docs: Vec<Doc> = site.docs().collect();
        let passages: Vec<Passages> = docs
            .par_iter()
            .map(|doc| derive::passages(site, *doc))
            .collect();
        let mentions: Vec<Arc<Mention>> = passages
            .iter()
            .flat_map(|p| p.mentions.iter().cloned())
            .collect();
        let timeline = derive::timeline(site);
        let network = derive::network(site, &standings);
        let actors = derive::actors(site, &standings, &mentions, &timeline);
        let mut mentions_of: BTreeMap<Entity, Vec<usize>> = Default::default();
        for (at, mention) in mentions.iter().enumerate() {
            mentions_of.entry(mention.entity).or_default().push(at);
        }
        let record_day = site.as_of().or_else(|| last_day(site, &timeline));
        Facts {
            record_day,
            home: routes::home(site),
            is_search_taken: site.briefings().iter().any(|(_, briefing)| {
                briefing.address.as_str() == routes::search_page(site.dialect())
            }),
            tags: routes::tags(site),
            orders: Orders::new(site, &standings, &actors, &network, record_day),
            spoken_to: actors.iter().map(|facts| spoken_to(site, facts)).collect(),
            stories: stories(site, &timeline),
            ties: ties(site),
            edges: edges(site, &network),
            network,
            sources: derive::source_uses(site),
            briefings: site.briefings().len(),
            actor_count: site.actors().len(),
            standings,
            mentions,
            timeline,
            actors,
            passages,
            mentions_of,
        }
    }

    /// Returns the passages of a document.
    pub fn passages(&self, doc: Doc) -> &Passages {
        // In the order of `Site::docs`: briefings, actors, claims.
        let at = match doc {
            Doc::Briefing(id) => id.index(),
            Doc::Actor(id) => self.briefings + id.index(),
            Doc::Claim(id) => self.briefings + self.actor_count + id.index(),
        };
        &self.passages[at]
    }

    pub fn actor(&self, id: Id<crate::model::Actor>) -> &ActorFacts {
        &self.actors[id.index()]
    }

    /// Returns the mentions of an entity, in page order.
    pub fn mentions_of(&self, entity: Entity) -> impl Iterator<Item = &Mention> {
        let found = self.mentions_of.get(&entity).map_or(&[][..], Vec::as_slice);
        found.iter().map(|at| &*self.mentions[*at])
    }
}

/// Returns the number of claims on which an actor has a position.
fn spoken_to(site: &Site, facts: &ActorFacts) -> usize {
    let said = facts.says.iter().filter(|said| {
        let position = &site.claims()[said.claim].positions[said.position];
        position.stance != Stance::NoResponse
    });
    said.map(|said| said.claim).collect::<BTreeSet<_>>().len()
}

/// Returns the indices of each claim's dated positions and its event in the timeline.
fn stories(site: &Site, timeline: &[Entry]) -> Vec<Vec<usize>> {
    let mut stories = vec![Vec::new(); site.claims().len()];
    let mut of_event: BTreeMap<Id<Event>, Vec<Id<Claim>>> = BTreeMap::new();
    for (id, claim) in site.claims().iter() {
        if let Some(event) = claim.event {
            of_event.entry(event).or_default().push(id);
        }
    }
    for (place, entry) in timeline.iter().enumerate() {
        match entry.what {
            Happening::Event(event) => {
                for claim in of_event.get(&event).into_iter().flatten() {
                    stories[claim.index()].push(place);
                }
            }
            Happening::Position { claim, .. } | Happening::Report { claim, .. } => {
                stories[claim.index()].push(place);
            }
        }
    }
    stories
}

/// Returns the relations between claims: parts, support, contradiction, a common event.
fn ties(site: &Site) -> Vec<Vec<(Id<Claim>, &'static str)>> {
    let claims = site.claims();
    let mut ties: Vec<Vec<(Id<Claim>, &'static str)>> = vec![Vec::new(); claims.len()];
    let mut of_event: BTreeMap<Id<Event>, Vec<Id<Claim>>> = BTreeMap::new();
    for (id, claim) in claims.iter() {
        let kinds = [
            (&claim.part, "has the part", "is part of"),
            (&claim.supports, "supports", "is supported by"),
            (&claim.contradicts, "contradicts", "is contradicted by"),
        ];
        for (others, forth, back) in kinds {
            for other in others.iter().filter(|other| **other != id) {
                ties[id.index()].push((*other, forth));
                ties[other.index()].push((id, back));
            }
        }
        if let Some(event) = claim.event {
            of_event.entry(event).or_default().push(id);
        }
    }
    for (id, claim) in claims.iter() {
        for other in claim.positions.iter().filter_map(|it| it.with) {
            if other != id {
                ties[id.index()].push((other, "is replaced by"));
                ties[other.index()].push((id, "replaces"));
            }
        }
    }
    for together in of_event.values() {
        for id in together {
            let others = together
                .iter()
                .filter(|other| *other != id)
                .take(MOST_OF_AN_EVENT);
            ties[id.index()].extend(others.map(|other| (*other, "same event")));
        }
    }
    ties
}

fn edges(site: &Site, network: &Network) -> Vec<Vec<usize>> {
    let mut edges = vec![Vec::new(); site.actors().len()];
    for (at, edge) in network.edges.iter().enumerate() {
        edges[edge.speaker.index()].push(at);
        if edge.subject != edge.speaker {
            edges[edge.subject.index()].push(at);
        }
    }
    edges
}

fn last_day(site: &Site, timeline: &[Entry]) -> Option<Date> {
    let closed = |date: &PartialDate| (date.last_day() != Date::MAX).then(|| date.last_day());
    let briefings = site.briefings().iter().flat_map(|(_, briefing)| {
        [briefing.date, briefing.updated, briefing.as_of]
            .into_iter()
            .flatten()
    });
    let said = timeline.iter().map(|entry| entry.on);
    briefings.chain(said).filter_map(|date| closed(&date)).max()
}
