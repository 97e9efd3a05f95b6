//! Known names that a text uses without a mention.

use std::collections::{HashMap, HashSet};

use aho_corasick::{AhoCorasick, MatchKind};

use super::file;
use super::prose::{Closed, covered, is_whole, written};
use crate::derive::{Block, BlockKind};
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Doc, Id, Site, Tag};
use crate::text::Place;

/// The names of all actors, looked for at once.
pub(super) struct Names {
    found: AhoCorasick,
    /// Whose name each pattern is.
    actors: Vec<Id<Actor>>,
}

impl Names {
    /// Names that lead to one actor only; none when there is none.
    pub(super) fn of(site: &Site) -> Option<Names> {
        let mut owner: HashMap<&str, Option<Id<Actor>>> = HashMap::new();
        let mut order = Vec::new();
        for (id, actor) in site.actors().iter().filter(|(_, actor)| !actor.is_unnamed) {
            for name in actor.aliases.iter().chain([&actor.name]) {
                let name = name.trim();
                if name.chars().nth(1).is_none() {
                    continue;
                }
                match owner.get_mut(name) {
                    Some(other) if *other != Some(id) => *other = None,
                    Some(_) => {}
                    None => {
                        owner.insert(name, Some(id));
                        order.push(name);
                    }
                }
            }
        }
        let (names, actors): (Vec<&str>, Vec<Id<Actor>>) = order
            .into_iter()
            .filter_map(|name| Some((name, owner[name]?)))
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

    /// The first occurrence of each name that is not in `named` yet, outside links, marks,
    /// headings and code. An actor that its document mentions somewhere is marked enough.
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
        for hit in self.found.find_iter(&block.text) {
            let (actor, range) = (self.actors[hit.pattern().as_usize()], hit.range());
            let is_open = is_whole(&block.text, &range) && !closed.touches(&range);
            if is_open && doc != Doc::Actor(actor) && named.insert(actor) {
                let place = Place::new(file(site, doc), written(body, block, &range));
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
        format!(
            "`{name}` is a name of actor `{}` and is not marked",
            actor.id
        ),
    )
    .label("a known name")
    .hint(format!("write `[[{name}]]`"))
}
