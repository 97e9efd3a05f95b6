//! `part-of`, `speaks-for` and `based-on` lead upward and never back.

use crate::diag::{Code, Diagnostic};
use crate::model::{Arena, Id, SiteParts};

/// Says which relations run in a circle; each circle once.
pub fn check(parts: &SiteParts, diagnostics: &mut Vec<Diagnostic>) {
    let actors = &parts.actors;
    let sources = &parts.sources;
    for circle in circles(actors, |id| actors[id].part_of.into_iter().collect()) {
        let ids: Vec<&str> = circle.iter().map(|id| actors[*id].id.as_str()).collect();
        diagnostics.push(circular(actors[circle[0]].place.clone(), "part-of", &ids));
    }
    for circle in circles(actors, |id| actors[id].speaks_for.clone()) {
        let ids: Vec<&str> = circle.iter().map(|id| actors[*id].id.as_str()).collect();
        diagnostics.push(circular(
            actors[circle[0]].place.clone(),
            "speaks-for",
            &ids,
        ));
    }
    for circle in circles(sources, |id| sources[id].based_on.clone()) {
        let ids: Vec<&str> = circle.iter().map(|id| sources[*id].id.as_str()).collect();
        diagnostics.push(circular(sources[circle[0]].place.clone(), "based-on", &ids));
    }
}

/// The circles of a relation, by a depth-first walk without recursion.
fn circles<T>(arena: &Arena<T>, next: impl Fn(Id<T>) -> Vec<Id<T>>) -> Vec<Vec<Id<T>>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        OnPath,
        Done,
    }
    let mut seen = vec![Seen::No; arena.len()];
    let mut found = Vec::new();
    for start in arena.ids() {
        if seen[start.index()] != Seen::No {
            continue;
        }
        let mut path: Vec<(Id<T>, Vec<Id<T>>)> = vec![(start, next(start))];
        seen[start.index()] = Seen::OnPath;
        while let Some((id, rest)) = path.last_mut() {
            let id = *id;
            let Some(follower) = rest.pop() else {
                seen[id.index()] = Seen::Done;
                path.pop();
                continue;
            };
            match seen[follower.index()] {
                Seen::Done => {}
                Seen::OnPath => {
                    let from = path.iter().position(|(id, _)| *id == follower).unwrap_or(0);
                    found.push(path[from..].iter().map(|(id, _)| *id).collect());
                }
                Seen::No => {
                    seen[follower.index()] = Seen::OnPath;
                    path.push((follower, next(follower)));
                }
            }
        }
    }
    found
}

fn circular(place: crate::text::Place, key: &str, ids: &[&str]) -> Diagnostic {
    let mut chain = ids.join("` → `");
    chain.push_str("` → `");
    chain.push_str(ids[0]);
    Diagnostic::new(Code::Circular, place, format!("`{key}` runs in a circle"))
        .label(format!("`{chain}`"))
        .hint(format!("take one `{key}` out"))
}
