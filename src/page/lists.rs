//! The lists: actors from A to Z and by kind, the ledger of claims, sources, tags.

use std::collections::BTreeSet;

use serde::Serialize;

use super::components::{
    ActorLink, BriefingLine, ClaimLine, FirstSaid, Link, PageHead, ReplyView, SiteHead, SourceLine,
    StatusCount, status_counts,
};
use super::context::PageContext;
use super::home::briefing_line;
use super::shared::Shared;
use crate::index::routes;
use crate::index::sort_orders::key;

/// The view of `actors.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ActorsView {
    pub page: PageHead,
    pub site: SiteHead,
    pub letters: Vec<LetterView>,
    pub kinds: Vec<KindView>,
    pub count: usize,
}

/// The entries under one letter.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct LetterView {
    pub letter: String,
    pub anchor: String,
    pub entries: Vec<GlossaryEntry>,
}

/// A name in the glossary: an actor's name, or an alias that refers to it.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct GlossaryEntry {
    pub name: String,
    /// For an alias: true.
    pub is_alias: bool,
    pub actor: Shared<ActorLink>,
    pub summary: Option<String>,
    pub says: usize,
    pub accused: usize,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// The actors of one kind.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct KindView {
    pub kind: String,
    pub actors: Vec<Shared<ActorLink>>,
}

pub fn actors(at: &PageContext<'_>) -> ActorsView {
    let orders = &at.facts.orders;
    let entries = at.part.slice(&orders.glossary).iter();
    let entries = entries.map(|name| {
        let entry = GlossaryEntry {
            name: name.name.clone(),
            is_alias: name.is_alias,
            actor: at.actor(name.actor),
            summary: at.site.actors()[name.actor].summary.clone(),
            says: at.facts.spoken_to[name.actor.index()],
            accused: at.facts.actor(name.actor).accused_in.len(),
            tlp: at.part_label(at.levels().actor(&at.site.actors()[name.actor])),
        };
        (&name.key, entry)
    });
    let mut letters: Vec<LetterView> = Vec::new();
    for (key, entry) in entries {
        let letter = match key.chars().next() {
            Some(c) if c.is_alphabetic() => c.to_uppercase().to_string(),
            _ => "#".to_string(),
        };
        match letters.last_mut() {
            Some(last) if last.letter == letter => last.entries.push(entry),
            _ => letters.push(LetterView {
                anchor: format!("az.{}", if letter == "#" { "0" } else { &letter }),
                letter,
                entries: vec![entry],
            }),
        }
    }
    let kinds = orders.kinds.iter().map(|(kind, actors)| KindView {
        kind: kind.word().replace('-', " "),
        actors: at.actors(at.part.slice(actors)),
    });
    ActorsView {
        page: at.head(
            "Actors, A to Z",
            "Everyone who speaks or is spoken of, with the names they go by.",
        ),
        site: at.site_head(),
        count: orders.kinds.values().map(Vec::len).sum(),
        letters,
        kinds: kinds.filter(|kind| !kind.actors.is_empty()).collect(),
    }
}

/// The view of `claims.html`, the ledger.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ClaimsView {
    pub page: PageHead,
    pub site: SiteHead,
    pub rows: Vec<ClaimRow>,
    /// The number of all claims, on all pages of the ledger.
    pub count: usize,
    /// The number of claims with each status, in order; they add up to `count`.
    pub statuses: Vec<StatusCount>,
    /// All actors in `who` of a row, from A to Z.
    pub parties: Vec<Shared<ActorLink>>,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ClaimRow {
    pub claim: Shared<ClaimLine>,
    pub first: Option<FirstSaid>,
    pub against: Vec<Shared<ActorLink>>,
    pub about: Vec<Shared<ActorLink>>,
    pub parties: usize,
    pub replies: Vec<ReplyView>,
    /// The ids of all actors that take a position on the claim, are accused in it or are its
    /// subject.
    pub who: Vec<String>,
}

pub fn claims(at: &PageContext<'_>) -> ClaimsView {
    let orders = &at.facts.orders;
    let mut named = BTreeSet::new();
    let rows = at.part.slice(&orders.claims).iter().map(|id| {
        let claim = &at.site.claims()[*id];
        let spoke = at.standing(*id).parties.iter().map(|party| party.actor);
        let about = claim.against.iter().chain(&claim.about).copied();
        let who: BTreeSet<_> = spoke.chain(about).collect();
        named.extend(&who);
        ClaimRow {
            who: who
                .iter()
                .map(|id| at.site.actors()[*id].id.clone())
                .collect(),
            claim: at.claim(*id),
            first: at.first(*id),
            against: at.actors(&claim.against),
            about: at.actors(&claim.about),
            parties: at.standing(*id).parties.len(),
            replies: at.replies(*id),
        }
    });
    let rows = rows.collect();
    let mut parties: Vec<_> = named
        .into_iter()
        .filter(|id| !at.site.actors()[*id].is_unnamed)
        .collect();
    parties.sort_by_cached_key(|id| key(&at.site.actors()[*id].name));
    ClaimsView {
        page: at.head(
            "All claims",
            "Every claim, who made it, about whom, and whether anybody answered.",
        ),
        site: at.site_head(),
        rows,
        count: orders.claims.len(),
        statuses: status_counts(&orders.statuses),
        parties: at.actors(&parties),
    }
}

/// The view of `sources.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SourcesView {
    pub page: PageHead,
    pub site: SiteHead,
    pub sources: Vec<SourceLine>,
}

pub fn sources(at: &PageContext<'_>) -> SourcesView {
    SourcesView {
        page: at.head(
            "Sources",
            "Every cited document, in order of its date, and what rests on it.",
        ),
        site: at.site_head(),
        sources: at
            .part
            .slice(&at.facts.orders.sources)
            .iter()
            .map(|id| at.source(*id))
            .collect(),
    }
}

/// The view of `tags.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TagsView {
    pub page: PageHead,
    pub site: SiteHead,
    pub tags: Vec<TagCount>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TagCount {
    pub tag: Link,
    pub briefings: usize,
    pub claims: usize,
}

pub fn tags(at: &PageContext<'_>) -> TagsView {
    let counts = at.facts.tags.values().map(|tagged| TagCount {
        tag: at.tag(&tagged.tag),
        briefings: tagged.briefings.len(),
        claims: tagged.claims.len(),
    });
    TagsView {
        page: at.head("Tags", "Briefings and claims by subject."),
        site: at.site_head(),
        tags: counts.collect(),
    }
}

/// The view of `tag.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TagView {
    pub page: PageHead,
    pub site: SiteHead,
    pub tag: String,
    pub briefings: Vec<BriefingLine>,
    pub claims: Vec<Shared<ClaimLine>>,
}

pub fn tag(at: &PageContext<'_>, slug: &str) -> TagView {
    let routes::Tagged {
        tag,
        briefings,
        claims,
    } = at.facts.tags.get(slug).cloned().unwrap_or_default();
    let (briefings, claims) = (at.part.slice(&briefings), at.part.slice(&claims));
    TagView {
        page: at.head(
            &format!("Tag: {tag}"),
            &format!("Briefings and claims tagged {tag}."),
        ),
        site: at.site_head(),
        briefings: briefings.iter().map(|id| briefing_line(at, *id)).collect(),
        claims: at.claims(claims),
        tag,
    }
}
