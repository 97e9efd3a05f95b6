//! Reports actors and sources that nothing in the book uses.

use crate::derive::source_uses;
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Body, Country, Doc, Entity, Id, Node, Site, Source, Target};

/// Checks every actor and source of the site. Everything that an ambiguous name can mean counts as
/// used, because the name is already an error.
pub(super) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    let is_candidate = |entity: Entity| site.candidates().contains(&entity);
    let used = used_actors(site);
    for ((id, actor), used) in site.actors().iter().zip(used) {
        if !used && !actor.is_unnamed && !is_candidate(Entity::Actor(id)) {
            found.push(orphan_actor(actor));
        }
    }
    for ((id, source), uses) in site.sources().iter().zip(source_uses(site)) {
        if uses.is_unused() && !is_candidate(Entity::Source(id)) {
            found.push(uncited_source(source));
        }
    }
}

fn orphan_actor(actor: &Actor) -> Diagnostic {
    Diagnostic::new(
        Code::OrphanActor,
        actor.place.clone(),
        format!("actor `{}` is never mentioned", actor.id),
    )
    .label("no text, claim, source or other actor mentions it")
    .hint(format!(
        "mention it, `[[{}]]`, or delete the file",
        actor.id
    ))
}

fn uncited_source(source: &Source) -> Diagnostic {
    Diagnostic::new(
        Code::UncitedSource,
        source.place.clone(),
        format!("source `{}` is never cited", source.id),
    )
    .label("no position, event, text or other source cites it")
    .hint(format!("cite it, `[@{}]`, or delete the entry", source.id))
}

/// Returns for each actor whether anything uses it. Its own file does not count.
fn used_actors(site: &Site) -> Vec<bool> {
    let mut used = vec![false; site.actors().len()];
    let mut mark = |actors: &[Id<Actor>]| {
        for actor in actors {
            used[actor.index()] = true;
        }
    };
    for (_, claim) in site.claims().iter() {
        mark(&claim.against);
        mark(&claim.about);
        if let Some(relation) = &claim.relation {
            mark(&[relation.subject, relation.object]);
        }
        for position in &claim.positions {
            mark(&[position.by]);
            mark(position.voice.as_slice());
            mark(&position.said_by);
        }
    }
    for (_, event) in site.events().iter() {
        mark(&event.who);
    }
    for (_, source) in site.sources().iter() {
        mark(&source.authors);
        mark(&mentioned(&source.kept));
    }
    for (_, actor) in site.actors().iter() {
        mark(actor.part_of.as_slice());
        mark(&actor.member_of);
        mark(&actor.speaks_for);
        if let Some(Country::Actor(country)) = actor.country {
            mark(&[country]);
        }
        for naming in &actor.named_by {
            mark(&naming.by);
        }
    }
    for doc in site.docs() {
        let mut mentioned = mentioned(&site.prose(doc).body);
        mentioned.retain(|actor| doc != Doc::Actor(*actor));
        mark(&mentioned);
    }
    used
}

/// Returns the actors that a text mentions or links to.
pub(super) fn mentioned(body: &Body<Target>) -> Vec<Id<Actor>> {
    let items = body.items.iter();
    items
        .filter_map(|item| match &item.node {
            Node::Start(tag) => match tag.leads_to()? {
                Target::Entity {
                    entity: Entity::Actor(actor),
                    ..
                } => Some(*actor),
                Target::Entity {
                    entity: Entity::Claim(_) | Entity::Source(_) | Entity::Briefing(_),
                    ..
                }
                | Target::File { .. }
                | Target::Elsewhere { .. }
                | Target::Here(_)
                | Target::Url(_) => None,
            },
            Node::End
            | Node::Text(_)
            | Node::Code(_)
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => None,
        })
        .collect()
}
