//! `part-of`, `speaks-for` and `based-on` lead upward and never back, and not without end.

use crate::diag::{Code, Diagnostic};
use crate::model::{Arena, Id, SiteParts};
use crate::text::Place;

/// The most steps that one of the relations may lead upward. Whoever answers for whom is derived
/// over all of them, which costs their square and more.
pub const LONGEST: usize = 100;

/// Says which relations run in a circle, each circle once, and which lead too far; those are cut.
pub fn check(parts: &mut SiteParts, diagnostics: &mut Vec<Diagnostic>) {
    let (actors, sources) = (&parts.actors, &parts.sources);
    let part_of = walk(actors, |id| actors[id].part_of.into_iter().collect());
    let speaks_for = walk(actors, |id| actors[id].speaks_for.clone());
    let based_on = walk(sources, |id| sources[id].based_on.clone());
    for (key, walked) in [("part-of", &part_of), ("speaks-for", &speaks_for)] {
        let told = |id: Id<_>| (actors[id].id.as_str(), &actors[id].place);
        diagnostics.extend(walked.faults(key, told));
    }
    let told = |id: Id<_>| (sources[id].id.as_str(), &sources[id].place);
    diagnostics.extend(based_on.faults("based-on", told));
    for id in part_of.cut {
        parts.actors.get_mut(id).part_of = None;
    }
    for id in speaks_for.cut {
        parts.actors.get_mut(id).speaks_for.clear();
    }
    for id in based_on.cut {
        parts.sources.get_mut(id).based_on.clear();
    }
}

/// Says which actors are members of themselves and which claims support, contradict or are part of
/// themselves, over other claims too where they are parts.
pub fn check_selves(parts: &SiteParts, diagnostics: &mut Vec<Diagnostic>) {
    let (actors, claims) = (&parts.actors, &parts.claims);
    for id in actors.ids() {
        let actor = &actors[id];
        if actor.member_of.contains(&id) {
            diagnostics.push(circular(actor.place.clone(), "member-of", &[&actor.id]));
        }
    }
    for id in claims.ids() {
        let claim = &claims[id];
        for (key, others) in [
            ("supports", &claim.supports),
            ("contradicts", &claim.contradicts),
        ] {
            if others.contains(&id) {
                diagnostics.push(circular(claim.place.clone(), key, &[&claim.id]));
            }
        }
    }
    let walked = walk(claims, |id| claims[id].part.clone());
    diagnostics.extend(walked.circles.iter().map(|circle| {
        let ids: Vec<&str> = circle.iter().map(|id| claims[*id].id.as_str()).collect();
        circular(claims[circle[0]].place.clone(), "part", &ids)
    }));
}

/// What is wrong with a relation.
struct Walked<T> {
    circles: Vec<Vec<Id<T>>>,
    /// From where it would lead further than [`LONGEST`].
    cut: Vec<Id<T>>,
}

impl<T> Walked<T> {
    fn faults<'a>(
        &self,
        key: &str,
        told: impl Fn(Id<T>) -> (&'a str, &'a Place),
    ) -> Vec<Diagnostic> {
        let circles = self.circles.iter().map(|circle| {
            let ids: Vec<&str> = circle.iter().map(|id| told(*id).0).collect();
            circular(told(circle[0]).1.clone(), key, &ids)
        });
        let cut = self.cut.iter().map(|id| {
            let (id, place) = told(*id);
            too_far(place.clone(), key, id)
        });
        circles.chain(cut).collect()
    }
}

/// Follows a relation everywhere, depth first and without recursion.
fn walk<T>(arena: &Arena<T>, next: impl Fn(Id<T>) -> Vec<Id<T>>) -> Walked<T> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnPath,
        /// How far it leads from here.
        Done(usize),
    }
    struct Step<T> {
        at: Id<T>,
        rest: Vec<Id<T>>,
        leads: usize,
    }
    let mut seen = vec![Seen::No; arena.len()];
    let mut walked = Walked {
        circles: Vec::new(),
        cut: Vec::new(),
    };
    for start in arena.ids() {
        if seen[start.index()] != Seen::No {
            continue;
        }
        let first = |at| Step {
            at,
            rest: next(at),
            leads: 0,
        };
        let mut path: Vec<Step<T>> = vec![first(start)];
        seen[start.index()] = Seen::OnPath;
        while let Some(step) = path.last_mut() {
            let at = step.at;
            let Some(follower) = step.rest.pop() else {
                let mut leads = step.leads;
                if leads > LONGEST {
                    walked.cut.push(at);
                    leads = 0;
                }
                seen[at.index()] = Seen::Done(leads);
                path.pop();
                if let Some(before) = path.last_mut() {
                    before.leads = before.leads.max(leads + 1);
                }
                continue;
            };
            match seen[follower.index()] {
                Seen::Done(leads) => step.leads = step.leads.max(leads + 1),
                Seen::OnPath => {
                    let from = path.iter().position(|it| it.at == follower).unwrap_or(0);
                    let circle = path[from..].iter().map(|it| it.at);
                    walked.circles.push(circle.collect());
                }
                Seen::No => {
                    seen[follower.index()] = Seen::OnPath;
                    path.push(first(follower));
                }
            }
        }
    }
    walked
}

fn too_far(place: Place, key: &str, id: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("`{key}` leads further than {LONGEST} steps"),
    )
    .label(format!("from `{id}` it is not followed"))
    .hint(format!("take a `{key}` out between here and the top"))
}

fn circular(place: Place, key: &str, ids: &[&str]) -> Diagnostic {
    const SHOWN: usize = 10;
    let mut chain = ids[..ids.len().min(SHOWN)].join("` → `");
    if ids.len() > SHOWN {
        chain.push_str("` → … → `");
        chain.push_str(ids[ids.len() - 1]);
    }
    chain.push_str("` → `");
    chain.push_str(ids[0]);
    Diagnostic::new(Code::Circular, place, format!("`{key}` runs in a circle"))
        .label(format!("`{chain}`"))
        .hint(format!("take one `{key}` out"))
}
