//! What is derived from a site, computed once for all pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::orders::Orders;
use super::routes;
use super::shared::FacesByFolder;
use crate::derive::{
    self, ActorFacts, Entry, Happening, Mention, Network, Passages, SourceUse, Standings,
};
use crate::model::{Briefing, Claim, Doc, Entity, Event, Id, PartialDate, Site, Stance};

/// Claims of one event that a claim's page lists next to it, at most.
const MOST_OF_AN_EVENT: usize = 24;

/// The derived facts that pages show.
pub struct Facts {
    pub standings: Standings,
    /// The same that stand in `passages`, in page order.
    pub mentions: Vec<Arc<Mention>>,
    pub timeline: Vec<Entry>,
    pub network: Network,
    pub actors: Vec<ActorFacts>,
    pub sources: Vec<SourceUse>,
    /// The day up to which the record goes: `--as-of`, else the last day that the book speaks of.
    /// Waiting times count to it, so that a page does not change with the clock.
    pub record_day: Option<Date>,
    /// The briefing that is the home page.
    pub home: Option<Id<Briefing>>,
    /// Whether a text of the book has the address of the search page.
    pub is_search_taken: bool,
    /// Every tag by its slug.
    pub tags: BTreeMap<String, routes::Tagged>,
    pub orders: Orders,
    /// For each actor the number of claims it speaks to; a silence that others recorded is no
    /// speech.
    pub spoken_to: Vec<usize>,
    /// For each claim its places in the timeline.
    pub stories: Vec<Vec<usize>>,
    /// For each claim the claims it is tied to, and how; a claim may be tied twice.
    pub ties: Vec<Vec<(Id<Claim>, &'static str)>>,
    /// For each actor the edges of the network that it is an end of.
    pub edges: Vec<Vec<usize>>,
    /// Actors as the pages of each folder show them.
    pub(super) faces: FacesByFolder,
    passages: Vec<Passages>,
    briefings: usize,
    actor_count: usize,
    mentions_of: BTreeMap<Entity, Vec<usize>>,
}

impl Facts {
    /// Derives everything, in parallel where documents do not touch each other.
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
        let timeline = derive::timeline(site, standings.as_of());
        let network = derive::network(site, &standings);
        let actors = derive::actors(site, &standings, &mentions, &timeline);
        let mut mentions_of: BTreeMap<Entity, Vec<usize>> = Default::default();
        for (at, mention) in mentions.iter().enumerate() {
            mentions_of.entry(mention.entity).or_default().push(at);
        }
        let record_day = standings.as_of().or_else(|| last_day(site, &timeline));
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
            faces: FacesByFolder::default(),
        }
    }

    /// What stands around the marks of a document.
    pub fn passages(&self, doc: Doc) -> &Passages {
        // Documents come as `Site::docs` has them: briefings, actors, claims.
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

    /// Where an entity is mentioned, in page order.
    pub fn mentions_of(&self, entity: Entity) -> impl Iterator<Item = &Mention> {
        let found = self.mentions_of.get(&entity).map_or(&[][..], Vec::as_slice);
        found.iter().map(|at| &*self.mentions[*at])
    }
}

/// How many claims an actor speaks to.
fn spoken_to(site: &Site, facts: &ActorFacts) -> usize {
    let said = facts.says.iter().filter(|said| {
        let position = &site.claims()[said.claim].positions[said.position];
        position.stance != Stance::NoResponse
    });
    said.map(|said| said.claim).collect::<BTreeSet<_>>().len()
}

/// Each claim's dated positions and its event, by their places in the timeline.
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

/// What ties claims: parts, support, contradiction, one event.
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
