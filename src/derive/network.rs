//! The network of who speaks about whom, and the relations that claims state.

use std::collections::BTreeMap;

use super::{Party, Standings};
use crate::model::{Actor, Claim, Id, Site, Stance};

/// Who speaks about whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Network {
    /// All actors with an edge, in the order of the site.
    pub actors: Vec<Id<Actor>>,
    /// Ordered by speaker, then by subject.
    pub edges: Vec<Edge>,
}

/// The positions of one actor on claims about another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub speaker: Id<Actor>,
    /// Can be the speaker, for its replies.
    pub subject: Id<Actor>,
    /// The number of claims by stance, in the order of the stances.
    pub counts: Vec<(Stance, usize)>,
    /// The claims with the current stance on each, in the order of the claims.
    pub claims: Vec<(Id<Claim>, Stance)>,
}

/// A relation that a claim states. It has no more weight than the claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationOf {
    pub claim: Id<Claim>,
    pub subject: Id<Actor>,
    pub predicate: String,
    pub object: Id<Actor>,
}

/// Claims, and the current stance on each.
type Held = Vec<(Id<Claim>, Stance)>;

/// Returns the network of current positions; withdrawn ones are left out. The subjects of a claim
/// are the accused, or the actors that it is about if it accuses none.
pub fn network(site: &Site, standings: &Standings) -> Network {
    let mut edges: BTreeMap<(Id<Actor>, Id<Actor>), Held> = BTreeMap::new();
    for (id, claim) in site.claims().iter() {
        let subjects = match claim.against.as_slice() {
            [] => &claim.about,
            _ => &claim.against,
        };
        // `no-response` is recorded by others, so the party itself says nothing.
        let speaks = |party: &&Party| party.stance != Stance::NoResponse;
        for party in standings[id].current().filter(speaks) {
            for subject in subjects {
                let claims = edges.entry((party.actor, *subject)).or_default();
                if claims.last() != Some(&(id, party.stance)) {
                    claims.push((id, party.stance));
                }
            }
        }
    }
    let mut actors: Vec<_> = edges.keys().flat_map(|(a, b)| [*a, *b]).collect();
    actors.sort_unstable();
    actors.dedup();
    let edges = edges
        .into_iter()
        .map(|((speaker, subject), claims)| Edge {
            speaker,
            subject,
            counts: counts(&claims),
            claims,
        })
        .collect();
    Network { actors, edges }
}

/// Returns all relations that claims of the site state, in the order of the claims.
pub fn relations(site: &Site) -> Vec<RelationOf> {
    let stated = site.claims().iter();
    stated
        .filter_map(|(claim, of)| {
            let relation = of.relation.as_ref()?;
            Some(RelationOf {
                claim,
                subject: relation.subject,
                predicate: relation.predicate.clone(),
                object: relation.object,
            })
        })
        .collect()
}

fn counts(claims: &[(Id<Claim>, Stance)]) -> Vec<(Stance, usize)> {
    let mut counts: BTreeMap<Stance, usize> = BTreeMap::new();
    for (_, stance) in claims {
        *counts.entry(*stance).or_default() += 1;
    }
    counts.into_iter().collect()
}
