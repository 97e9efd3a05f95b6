//! Checks that `part-of`, `speaks-for` and `based-on` have no cycles and no long chains.

use std::collections::BTreeMap;

use super::ids::{Admitted, SourceOrigin};
use crate::diag::{Code, Diagnostic};
use crate::model::{Arena, Doc, Id, SiteParts, Source};
use crate::parse::{Draft, Front, Name, SourceFront};
use crate::text::{Place, SourceMap};

/// The maximum length of a chain. Computing who answers for whom has quadratic cost or more in it.
pub const LONGEST: usize = 100;

/// Reports cycles, each once, and chains that are too long, which are cut.
pub fn check(parts: &mut SiteParts, admitted: &Admitted<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (actors, sources) = (&parts.actors, &parts.sources);
    let part_of = walk(actors, |id| actors[id].part_of.into_iter().collect());
    let speaks_for = walk(actors, |id| actors[id].speaks_for.clone());
    let based_on = walk(sources, |id| sources[id].based_on.clone());
    let is_right = part_of.is_right() && speaks_for.is_right() && based_on.is_right();
    let written = if is_right {
        Written::default()
    } else {
        Written::new(admitted)
    };
    for (key, walked) in [("part-of", &part_of), ("speaks-for", &speaks_for)] {
        let told = |id: Id<_>| actors[id].id.as_str();
        let place = |id: Id<_>, to: &str| {
            let place = written.of(Doc::Actor(id), key, to);
            place.unwrap_or_else(|| actors[id].place.clone())
        };
        diagnostics.extend(walked.faults(key, told, place));
    }
    let told = |id: Id<_>| sources[id].id.as_str();
    let place = |id: Id<_>, to: &str| {
        let place = written.of_source(id, to);
        place.unwrap_or_else(|| sources[id].place.clone())
    };
    diagnostics.extend(based_on.faults("based-on", told, place));
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

/// Reports actors that are members of themselves, and claims that support, contradict or are part
/// of themselves, directly or through parts.
pub fn check_selves(parts: &SiteParts, admitted: &Admitted<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let (actors, claims) = (&parts.actors, &parts.claims);
    let mut faults: Vec<(Doc, &Place, &str, Vec<&str>)> = Vec::new();
    for id in actors.ids() {
        let actor = &actors[id];
        if actor.member_of.contains(&id) {
            let ids = vec![actor.id.as_str()];
            faults.push((Doc::Actor(id), &actor.place, "member-of", ids));
        }
    }
    for id in claims.ids() {
        let claim = &claims[id];
        for (key, others) in [
            ("supports", &claim.supports),
            ("contradicts", &claim.contradicts),
        ] {
            if others.contains(&id) {
                let ids = vec![claim.id.as_str()];
                faults.push((Doc::Claim(id), &claim.place, key, ids));
            }
        }
    }
    let walked = walk(claims, |id| claims[id].part.clone());
    faults.extend(walked.circles.iter().map(|circle| {
        let ids = circle.iter().map(|id| claims[*id].id.as_str()).collect();
        (Doc::Claim(circle[0]), &claims[circle[0]].place, "part", ids)
    }));
    if faults.is_empty() {
        return;
    }
    let written = Written::new(admitted);
    diagnostics.extend(faults.into_iter().map(|(doc, place, key, ids)| {
        let to = ids.get(1).unwrap_or(&ids[0]);
        let place = written.of(doc, key, to).unwrap_or_else(|| place.clone());
        circular(place, key, &ids)
    }));
}

/// The places of relations, so that a diagnostic is at the name that causes it.
#[derive(Default)]
struct Written<'a> {
    drafts: BTreeMap<Doc, &'a Draft>,
    sources: BTreeMap<Id<Source>, (&'a SourceMap, &'a SourceFront)>,
}

impl<'a> Written<'a> {
    fn new(admitted: &Admitted<'a>) -> Written<'a> {
        let drafts = admitted.docs.iter();
        let files = admitted.sources.iter();
        Written {
            drafts: drafts.map(|(doc, draft, _)| (*doc, *draft)).collect(),
            sources: files
                .filter_map(|(id, origin)| match origin {
                    SourceOrigin::File(draft, front) => Some((*id, (draft.text.map(), *front))),
                    SourceOrigin::Entry(..) => None,
                })
                .collect(),
        }
    }

    /// Returns the place at which the file of `doc` names `to` in `key`; another name there if it
    /// uses another name of `to`.
    fn of(&self, doc: Doc, key: &str, to: &str) -> Option<Place> {
        let draft = self.drafts.get(&doc)?;
        let names: Vec<&Name> = match (&draft.front, key) {
            (Front::Actor(front), "part-of") => front.part_of.iter().collect(),
            (Front::Actor(front), "speaks-for") => front.speaks_for.iter().collect(),
            (Front::Actor(front), "member-of") => front.member_of.iter().collect(),
            (Front::Claim(front), "supports") => front.supports.iter().collect(),
            (Front::Claim(front), "contradicts") => front.contradicts.iter().collect(),
            (Front::Claim(front), "part") => front.part.iter().collect(),
            _ => Vec::new(),
        };
        near(draft.text.map(), &names, to)
    }

    fn of_source(&self, id: Id<Source>, to: &str) -> Option<Place> {
        let (map, front) = self.sources.get(&id)?;
        let names: Vec<&Name> = front.based_on.iter().map(|cited| &cited.key).collect();
        near(map, &names, to)
    }
}

fn near(map: &SourceMap, names: &[&Name], to: &str) -> Option<Place> {
    let name = names.iter().find(|name| *name.text == *to);
    let name = name.or_else(|| names.first())?;
    Some(map.place(name.span))
}

/// The problems of a relation.
struct Walked<T> {
    circles: Vec<Vec<Id<T>>>,
    /// The actors or sources at which a chain exceeds [`LONGEST`].
    cut: Vec<Id<T>>,
}

impl<T> Walked<T> {
    fn is_right(&self) -> bool {
        self.circles.is_empty() && self.cut.is_empty()
    }

    /// `told` returns ids as written, `place` the place of a relation.
    fn faults<'a>(
        &self,
        key: &str,
        told: impl Fn(Id<T>) -> &'a str,
        place: impl Fn(Id<T>, &str) -> Place,
    ) -> Vec<Diagnostic> {
        let circles = self.circles.iter().map(|circle| {
            let ids: Vec<&str> = circle.iter().map(|id| told(*id)).collect();
            let to = ids.get(1).unwrap_or(&ids[0]);
            circular(place(circle[0], to), key, &ids)
        });
        let cut = self
            .cut
            .iter()
            .map(|id| too_far(place(*id, ""), key, told(*id)));
        circles.chain(cut).collect()
    }
}

/// Visits all chains of a relation, depth first and without recursion.
fn walk<T>(arena: &Arena<T>, next: impl Fn(Id<T>) -> Vec<Id<T>>) -> Walked<T> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnPath,
        /// The length of the longest chain from here.
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
        format!("chain of `{key}` with more than {LONGEST} steps"),
    )
    .label(format!("not followed beyond `{id}`"))
    .hint(format!(
        "remove one `{key}` between here and the end of the chain"
    ))
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
    Diagnostic::new(Code::Circular, place, format!("cycle of `{key}`"))
        .label(format!("`{chain}`"))
        .hint(format!("remove one `{key}`"))
}
