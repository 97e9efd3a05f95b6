//! The uses of each source.

use super::Said;
use crate::model::{Actor, Doc, Entity, Event, Id, Node, Site, Source, Target};

/// The uses of one source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceUse {
    /// Positions that cite it, in the order of the claims.
    pub positions: Vec<Said>,
    pub events: Vec<Id<Event>>,
    /// Documents that cite it, in page order.
    pub cited_in: Vec<Doc>,
    /// Documents that mention it or link to it, in page order.
    pub mentioned_in: Vec<Doc>,
    /// Persons for whose legal status it is the source.
    pub statuses: Vec<Id<Actor>>,
    /// Actors for whose names it is the source.
    pub names: Vec<Id<Actor>>,
    /// Sources that are based on it.
    pub base_of: Vec<Id<Source>>,
}

/// Returns the uses of every source, in the order of the sources.
pub fn source_uses(site: &Site) -> Vec<SourceUse> {
    let mut uses = vec![SourceUse::default(); site.sources().len()];
    for (claim, of) in site.claims().iter() {
        for (position, said) in of.positions.iter().enumerate() {
            for cited in &said.sources {
                let said = Said { claim, position };
                once(&mut uses[cited.source.index()].positions, said);
            }
        }
    }
    for (id, event) in site.events().iter() {
        for cited in &event.sources {
            once(&mut uses[cited.source.index()].events, id);
        }
    }
    for (id, actor) in site.actors().iter() {
        for source in &actor.legal_status_sources {
            once(&mut uses[source.index()].statuses, id);
        }
        for source in actor.named_by.iter().flat_map(|naming| &naming.sources) {
            once(&mut uses[source.index()].names, id);
        }
    }
    for (id, source) in site.sources().iter() {
        for base in &source.based_on {
            once(&mut uses[base.index()].base_of, id);
        }
    }
    for doc in site.docs() {
        read(site, doc, &mut uses);
    }
    uses
}

impl SourceUse {
    /// True if nothing uses the source.
    pub fn is_unused(&self) -> bool {
        *self == SourceUse::default()
    }
}

fn read(site: &Site, doc: Doc, uses: &mut [SourceUse]) {
    for item in &site.prose(doc).body.items {
        match &item.node {
            Node::Cite(cites) => {
                for cite in cites {
                    if let Some(source) = source(&cite.key) {
                        once(&mut uses[source.index()].cited_in, doc);
                    }
                }
            }
            Node::Start(tag) => {
                if let Some(source) = tag.leads_to().and_then(source) {
                    once(&mut uses[source.index()].mentioned_in, doc);
                }
            }
            Node::End
            | Node::Text(_)
            | Node::Code(_)
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_) => {}
        }
    }
}

fn source(target: &Target) -> Option<Id<Source>> {
    match target {
        Target::Entity {
            entity: Entity::Source(source),
            ..
        } => Some(*source),
        Target::Entity {
            entity: Entity::Actor(_) | Entity::Claim(_) | Entity::Briefing(_),
            ..
        }
        | Target::File { .. }
        | Target::Elsewhere { .. }
        | Target::Here(_)
        | Target::Url(_) => None,
    }
}

/// Adds an item unless it is the last one; equal items are adjacent.
fn once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if list.last() != Some(&item) {
        list.push(item);
    }
}
