//! Who belongs to whom, and who may answer for whom.

use std::collections::{HashMap, HashSet};

use crate::model::{Actor, Claim, Id, Site};

/// The `part-of` root of every actor, found once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ties {
    roots: Vec<Id<Actor>>,
}

/// The accused of one claim and who among its speakers may answer for which of them.
#[derive(Debug, Clone)]
pub struct AccusedSide {
    /// For each speaker, the places in `against` that it represents; none for outsiders.
    answers_for: HashMap<Id<Actor>, Vec<usize>>,
}

/// Whether `actor` may answer for `accused`: it is the accused, or it reaches over `speaks-for`,
/// in one step or more, the accused or an ancestor of it.
///
/// Being part of a state is no right to answer for it, and being its parent is none either.
pub fn represents(site: &Site, actor: Id<Actor>, accused: Id<Actor>) -> bool {
    actor == accused || {
        let house = house(site, accused);
        spoken_for(site, actor).iter().any(|x| house.contains(x))
    }
}

/// The actors above `actor` by `part-of`, the nearest first.
pub fn ancestors(site: &Site, actor: Id<Actor>) -> Vec<Id<Actor>> {
    let mut seen = HashSet::from([actor]);
    let mut chain = Vec::new();
    let mut at = actor;
    while let Some(parent) = site.actors()[at].part_of {
        if !seen.insert(parent) {
            break;
        }
        chain.push(parent);
        at = parent;
    }
    chain
}

/// The actors that `actor` speaks for, directly or through others, the nearest first.
pub fn spoken_for(site: &Site, actor: Id<Actor>) -> Vec<Id<Actor>> {
    let mut seen = HashSet::from([actor]);
    let mut reached = Vec::new();
    let mut next = 0;
    let mut at = actor;
    loop {
        let further = &site.actors()[at].speaks_for;
        reached.extend(further.iter().copied().filter(|x| seen.insert(*x)));
        let Some(nearest) = reached.get(next) else {
            return reached;
        };
        at = *nearest;
        next += 1;
    }
}

impl Ties {
    /// Finds all roots. Where `part-of` runs in a circle, the first actor of it is the root.
    pub fn new(site: &Site) -> Ties {
        let actors = site.actors();
        let mut roots: Vec<Option<Id<Actor>>> = vec![None; actors.len()];
        let mut walk_of: Vec<Option<Id<Actor>>> = vec![None; actors.len()];
        for start in actors.ids() {
            let mut path = Vec::new();
            let mut at = start;
            let root = loop {
                if let Some(root) = roots[at.index()] {
                    break root;
                }
                if walk_of[at.index()] == Some(start) {
                    let circle = path.iter().position(|x| *x == at).unwrap_or(0);
                    break path[circle..].iter().copied().min().unwrap_or(at);
                }
                walk_of[at.index()] = Some(start);
                path.push(at);
                match actors[at].part_of {
                    Some(parent) => at = parent,
                    None => break at,
                }
            };
            for passed in path {
                roots[passed.index()] = Some(root);
            }
        }
        let roots = roots.into_iter().zip(actors.ids());
        Ties {
            roots: roots.map(|(root, own)| root.unwrap_or(own)).collect(),
        }
    }

    /// The top of the `part-of` chain of `actor`: itself where it is part of nothing.
    pub fn root(&self, actor: Id<Actor>) -> Id<Actor> {
        self.roots[actor.index()]
    }
}

impl AccusedSide {
    /// Looks at every speaker of `claim` once.
    pub fn new(site: &Site, claim: &Claim) -> AccusedSide {
        let houses: Vec<_> = claim.against.iter().map(|x| house(site, *x)).collect();
        let mut answers_for = HashMap::new();
        if houses.is_empty() {
            return AccusedSide { answers_for };
        }
        for position in &claim.positions {
            answers_for.entry(position.by).or_insert_with(|| {
                let reached = spoken_for(site, position.by);
                let answers = |at: &usize| {
                    claim.against[*at] == position.by
                        || reached.iter().any(|x| houses[*at].contains(x))
                };
                (0..houses.len()).filter(answers).collect()
            });
        }
        AccusedSide { answers_for }
    }

    /// Whether `actor` may answer for any of the accused.
    pub fn holds(&self, actor: Id<Actor>) -> bool {
        !self.answers(actor).is_empty()
    }

    /// The places in `against` of the accused that `actor` may answer for, in order.
    pub fn answers(&self, actor: Id<Actor>) -> &[usize] {
        self.answers_for.get(&actor).map_or(&[], Vec::as_slice)
    }
}

/// `actor` and all above it.
fn house(site: &Site, actor: Id<Actor>) -> HashSet<Id<Actor>> {
    let mut house: HashSet<_> = ancestors(site, actor).into_iter().collect();
    house.insert(actor);
    house
}
