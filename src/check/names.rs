//! Reports known names in a text that are not mentions.

use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::prose::{Closed, covered, written};
use crate::derive::{Block, BlockKind};
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Doc, Id, Site, Tag};
use crate::text::{Place, PlainText, is_whole_name, plain};

/// The names of all actors, for a search in one pass.
pub(super) struct Names {
    found: AhoCorasick,
    /// The actor of each pattern.
    actors: Vec<Id<Actor>>,
}

impl Names {
    /// Returns the names that belong to one actor only; `None` if there are none.
    pub(super) fn of(site: &Site) -> Option<Names> {
        let mut owner: HashMap<String, Option<Id<Actor>>> = HashMap::new();
        let mut order: Vec<String> = Vec::new();
        for (id, actor) in site.actors().iter().filter(|(_, actor)| !actor.is_unnamed) {
            for name in actor.aliases.iter().chain([&actor.name]) {
                let name = plain(name).into_owned();
                if name.chars().nth(1).is_none() {
                    continue;
                }
                match owner.get_mut(&name) {
                    Some(other) if *other != Some(id) => *other = None,
                    Some(_) => {}
                    None => {
                        owner.insert(name.clone(), Some(id));
                        order.push(name);
                    }
                }
            }
        }
        let (names, actors): (Vec<String>, Vec<Id<Actor>>) = order
            .into_iter()
            .filter_map(|name| owner[&name].map(|actor| (name, actor)))
            .unzip();
        if names.is_empty() {
            return None;
        }
        let found = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(names)
            .ok()?;
        Some(Names { found, actors })
    }

    /// Reports the first occurrence of each name that is not yet in `named`, outside of links,
    /// marks, headings and code. An actor that its document mentions anywhere is not reported.
    pub(super) fn look(
        &self,
        site: &Site,
        doc: Doc,
        block: &Block,
        named: &mut HashSet<Id<Actor>>,
        found: &mut Vec<Diagnostic>,
    ) {
        match block.kind {
            BlockKind::Heading { .. } => return,
            BlockKind::Text => {}
        }
        let body = &site.prose(doc).body;
        let closed = Closed::new(covered(body, block, |tag| {
            matches!(tag, Tag::Mark(_) | Tag::Link(_) | Tag::Mention(_))
        }));
        let plain = PlainText::of(&block.text);
        for hit in self.found.find_iter(plain.text.as_ref()) {
            let actor = self.actors[hit.pattern().as_usize()];
            let range = plain.origin(hit.range());
            let is_open = is_whole_name(&block.text, &range) && !closed.touches(&range);
            if is_open && doc != Doc::Actor(actor) && named.insert(actor) {
                let place = site.prose(doc).map.place(written(body, block, &range));
                let name = &block.text[range];
                found.push(unmarked_name(place, name, &site.actors()[actor]));
            }
        }
    }
}

fn unmarked_name(place: Place, name: &str, actor: &Actor) -> Diagnostic {
    Diagnostic::new(
        Code::UnmarkedName,
        place,
        format!("unmarked name `{name}` of the actor `{}`", actor.id),
    )
    .label("the name of an actor")
    .hint(format!("write `[[{name}]]`"))
}
