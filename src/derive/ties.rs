//! Relations between actors and between claims: who belongs to whom, who can answer for whom, which
//! claims contradict each other.

use std::collections::{HashMap, HashSet};

use crate::model::{Actor, Claim, Id, Site};

/// The `part-of` root of every actor and the contradicting claims of every claim, computed once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ties {
    roots: Vec<Id<Actor>>,
    rivals: Vec<Vec<Id<Claim>>>,
}

/// The accused of one claim, and which speakers can answer for which of them.
#[derive(Debug, Clone)]
pub struct AccusedSide {
    /// For each speaker, the indices in `against` that it represents; outsiders have none.
    answers_for: HashMap<Id<Actor>, Vec<usize>>,
}

/// True if `actor` can answer for `accused`: it is the accused or an ancestor of it by `part-of` (a
/// state answers for its ministry), or it speaks for one of these by `speaks-for`, directly or
/// indirectly.
///
/// Being part of a state is not enough to answer for it.
pub fn represents(site: &Site, actor: Id<Actor>, accused: Id<Actor>) -> bool {
    Representatives::of(site, accused).hold(actor)
}

/// Those who can answer for one actor. Its ancestors are computed once, and the answer for each
/// other actor once.
pub(super) struct Representatives<'s> {
    site: &'s Site,
    house: HashSet<Id<Actor>>,
    known: HashMap<Id<Actor>, bool>,
}

impl<'s> Representatives<'s> {
    pub fn of(site: &'s Site, actor: Id<Actor>) -> Representatives<'s> {
        Representatives {
            site,
            house: house(site, actor),
            known: HashMap::new(),
        }
    }

    /// True if `actor` is among them, as by [`represents`].
    pub fn hold(&mut self, actor: Id<Actor>) -> bool {
        let house = &self.house;
        *self.known.entry(actor).or_insert_with(|| {
            house.contains(&actor)
                || spoken_for(self.site, actor)
                    .iter()
                    .any(|other| house.contains(other))
        })
    }
}

/// Returns the ancestors of `actor` by `part-of`, the nearest first.
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

/// Returns the actors that `actor` speaks for, directly or indirectly, the nearest first.
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
    /// Computes all roots. In a cycle of `part-of`, the first actor is the root.
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
            rivals: rivals(site),
        }
    }

    /// Returns the claims that `contradicts` connects with `claim`, in either direction.
    pub fn rivals(&self, claim: Id<Claim>) -> &[Id<Claim>] {
        &self.rivals[claim.index()]
    }

    /// Returns the `part-of` root of `actor`: the actor itself if it is part of nothing.
    pub fn root(&self, actor: Id<Actor>) -> Id<Actor> {
        self.roots[actor.index()]
    }
}

impl AccusedSide {
    /// Checks every speaker of `claim` once.
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
                    houses[*at].contains(&position.by)
                        || reached.iter().any(|x| houses[*at].contains(x))
                };
                (0..houses.len()).filter(answers).collect()
            });
        }
        AccusedSide { answers_for }
    }

    /// True if `actor` can answer for any of the accused.
    pub fn holds(&self, actor: Id<Actor>) -> bool {
        !self.answers(actor).is_empty()
    }

    /// Returns the indices in `against` of the accused that `actor` can answer for, in order.
    pub fn answers(&self, actor: Id<Actor>) -> &[usize] {
        self.answers_for.get(&actor).map_or(&[], Vec::as_slice)
    }
}

/// Returns `actor` and its ancestors.
fn house(site: &Site, actor: Id<Actor>) -> HashSet<Id<Actor>> {
    let mut house: HashSet<_> = ancestors(site, actor).into_iter().collect();
    house.insert(actor);
    house
}

/// Returns for each claim those that `contradicts` connects with it, each once.
fn rivals(site: &Site) -> Vec<Vec<Id<Claim>>> {
    let mut rivals: Vec<Vec<Id<Claim>>> = vec![Vec::new(); site.claims().len()];
    for (id, claim) in site.claims().iter() {
        for other in claim.contradicts.iter().filter(|other| **other != id) {
            rivals[id.index()].push(*other);
            rivals[other.index()].push(id);
        }
    }
    for list in &mut rivals {
        list.sort_unstable();
        list.dedup();
    }
    rivals
}
