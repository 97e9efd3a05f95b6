//! Names of different actors, sources and claims that look alike.

use std::collections::HashMap;

use unicode_security::confusable_detection::skeleton;

use crate::diag::{Code, Diagnostic};
use crate::model::Site;
use crate::text::{Place, hidden, name_key};

/// Reports names that look alike without being equal, by the skeletons of UTS 39.
pub(super) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    let mut actors = Names::default();
    for (_, actor) in site.actors().iter().filter(|(_, actor)| !actor.is_unnamed) {
        for name in [&actor.name].into_iter().chain(&actor.aliases) {
            actors.add("actor", &actor.id, name, &actor.place, found);
        }
    }
    let mut sources = Names::default();
    for (_, source) in site.sources().iter() {
        sources.add("source", &source.id, &source.title, &source.place, found);
    }
    let mut claims = Names::default();
    for (_, claim) in site.claims().iter() {
        claims.add("claim", &claim.id, &claim.text, &claim.place, found);
    }
}

/// The names that were seen, by how they look.
#[derive(Default)]
struct Names<'a>(HashMap<String, (&'a str, &'a str, &'a Place)>);

impl<'a> Names<'a> {
    fn add(
        &mut self,
        kind: &str,
        id: &'a str,
        name: &'a str,
        place: &'a Place,
        found: &mut Vec<Diagnostic>,
    ) {
        // Plain words of one script can look alike too, such as `Modern` and `Modem`: only names
        // of few letters are worth that question.
        const SHORT: usize = 40;
        if name.is_empty() || name.is_ascii() && name.len() > SHORT {
            return;
        }
        let seen: String = {
            let left: Vec<usize> = hidden(name).map(|(at, ..)| at).collect();
            let kept = name.char_indices().filter(|(at, _)| !left.contains(at));
            kept.map(|(_, c)| c).collect()
        };
        let looks: String = skeleton(&seen).collect::<String>();
        let looks = looks.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.0.get(looks.as_str()) {
            None => {
                self.0.insert(looks, (id, name, place));
            }
            Some((other, _, _)) if *other == id => {}
            // Equal names are reported by another check.
            Some((_, other, _)) if name_key(other) == name_key(name) => {}
            Some((other_id, other, other_place)) => {
                let place = place.clone();
                found.push(
                    Diagnostic::new(
                        Code::ConfusableName,
                        place,
                        format!("the {kind} `{id}` looks like the {kind} `{other_id}`"),
                    )
                    .label(format!("`{}`", shown(name)))
                    .other((*other_place).clone(), format!("`{}`", shown(other)))
                    .hint("write each name in one script, or make the names more different"),
                );
            }
        }
    }
}

/// The name with everything but ASCII as code points, since they look the same.
fn shown(name: &str) -> String {
    let mut shown = String::new();
    for c in name.chars() {
        if c.is_ascii() {
            shown.push(c)
        } else {
            shown.extend(c.escape_unicode())
        }
    }
    shown
}
