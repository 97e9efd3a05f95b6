//! The numbers of the sources on a page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::components::SourceLine;
use super::context::{Numbers, PageContext};
use crate::model::{Claim, Doc, Entity, Id, MarkRole, Node, Prose, Source, Target};

/// Returns the sources of this page by number.
pub fn sources(at: &PageContext<'_>) -> Vec<SourceLine> {
    let numbers = at.numbers.iter();
    let mut sources: Vec<(usize, Id<Source>)> =
        numbers.map(|(id, number)| (*number, *id)).collect();
    sources.sort_unstable();
    sources.into_iter().map(|(_, id)| at.source(id)).collect()
}

/// Returns the numbers of the sources of texts, by first use: those cited in a text, then those of
/// its claims' positions.
pub fn cited(at: &PageContext<'_>, docs: impl Iterator<Item = Doc>) -> Numbers {
    let mut numbers = BTreeMap::new();
    for doc in docs {
        cite(at, at.site.prose(doc), &mut numbers);
    }
    Arc::new(numbers)
}

fn cite(at: &PageContext<'_>, prose: &Prose, numbers: &mut BTreeMap<Id<Source>, usize>) {
    for item in &prose.body.items {
        let Node::Cite(items) = &item.node else {
            continue;
        };
        for cited in items {
            if let Target::Entity {
                entity: Entity::Source(source),
                ..
            } = cited.key
            {
                let next = numbers.len() + 1;
                numbers.entry(source).or_insert(next);
            }
        }
    }
    for claim in numbered(prose) {
        for place in at.current(claim) {
            for cited in &at.site.claims()[claim].positions[place].sources {
                let next = numbers.len() + 1;
                numbers.entry(cited.source).or_insert(next);
            }
        }
    }
}

/// Returns the claims that a text marks, in the order of their first marks.
pub fn numbered(prose: &Prose) -> Vec<Id<Claim>> {
    let mut seen = BTreeSet::new();
    let claims = prose.marks.iter().flat_map(|mark| match &mark.role {
        MarkRole::Position { claims, .. } => claims.as_slice(),
        MarkRole::Event(_) | MarkRole::Later => &[],
    });
    claims
        .copied()
        .filter(|claim| seen.insert(*claim))
        .collect()
}
