//! The orders of the long lists, found once for all pages over which each goes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::lists::{HeadlineCount, names};
use crate::derive::{ActorFacts, Headline, Standings};
use crate::model::{Actor, ActorKind, Claim, Id, Site, Source};

/// What the lists of a book show, from the first page of each to the last.
pub struct Orders {
    /// The names of all actors and the aliases that lead to them, A to Z.
    pub glossary: Vec<Name>,
    /// The actors of each kind, A to Z.
    pub kinds: BTreeMap<ActorKind, Vec<Id<Actor>>>,
    /// Claims by their first appearance in our texts; those only on file come last.
    pub claims: Vec<Id<Claim>>,
    /// How many claims have each headline; those that none has are left out.
    pub headlines: Vec<HeadlineCount>,
    /// Sources by date, those without one last.
    pub sources: Vec<Id<Source>>,
    /// Those on the timeline, the busiest first.
    pub parties: Vec<Id<Actor>>,
}

/// A name in the glossary.
pub struct Name {
    pub name: String,
    /// The name in Latin letters, without accents or case: by this it is found.
    pub key: String,
    pub is_alias: bool,
    pub actor: Id<Actor>,
}

impl Orders {
    pub fn new(site: &Site, standings: &Standings, facts: &[ActorFacts]) -> Orders {
        let mut glossary: Vec<Name> = Vec::new();
        let mut kinds: BTreeMap<ActorKind, Vec<(String, Id<Actor>)>> = BTreeMap::new();
        let named = site.actors().iter().filter(|(_, actor)| !actor.is_unnamed);
        for (id, actor) in named {
            glossary.extend(names(actor).into_iter().map(|(name, is_alias)| Name {
                name: name.to_owned(),
                key: key(name),
                is_alias,
                actor: id,
            }));
            let kind = kinds.entry(actor.kind).or_default();
            kind.push((key(&actor.name), id));
        }
        glossary.sort_by(|a, b| {
            let id_of = |name: &Name| &site.actors()[name.actor].id;
            (&a.key, &a.name, id_of(a)).cmp(&(&b.key, &b.name, id_of(b)))
        });
        let sorted = |(kind, mut actors): (ActorKind, Vec<(String, Id<Actor>)>)| {
            actors.sort();
            (kind, actors.into_iter().map(|(_, id)| id).collect())
        };
        let mut claims: Vec<Id<Claim>> = site.claims().ids().collect();
        claims.sort_by_key(|id| {
            let first = site.claims()[*id].appearances.first();
            first.map_or((true, None), |place| (false, Some((place.doc, place.mark))))
        });
        let headlines = Headline::ALL.into_iter().map(|headline| HeadlineCount {
            word: headline.word(),
            words: headline.in_words(),
            count: {
                let ids = site.claims().ids();
                ids.filter(|id| standings[*id].headline == headline).count()
            },
        });
        let mut sources: Vec<Id<Source>> = site.sources().ids().collect();
        sources.sort_by_cached_key(|id| {
            let source = &site.sources()[*id];
            let date = source.date.map(|date| date.first_day());
            (date.is_none(), date, key(&source.title), *id)
        });
        let on = |id: Id<Actor>| facts[id.index()].timeline.len();
        let ids = site.actors().ids();
        let mut parties: Vec<Id<Actor>> = ids.filter(|id| on(*id) > 0).collect();
        parties.sort_by_key(|id| (Reverse(on(*id)), *id));
        Orders {
            glossary,
            kinds: kinds.into_iter().map(sorted).collect(),
            claims,
            headlines: headlines.filter(|headline| headline.count > 0).collect(),
            sources,
            parties,
        }
    }
}

/// The key that puts names in the order of a glossary.
pub fn key(name: &str) -> String {
    crate::text::slug(name)
}
