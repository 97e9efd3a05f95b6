//! The lists: actors A to Z and by kind, the ledger of claims, sources, tags.

use std::collections::BTreeMap;

use serde::Serialize;

use super::at::At;
use super::home::briefing_line;
use super::parts::*;
use super::routes;
use crate::derive::Headline;
use crate::model::{Actor, ActorKind, Id};

/// What `actors.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActorsView {
    pub page: PageHead,
    pub site: SiteHead,
    pub letters: Vec<LetterView>,
    pub kinds: Vec<KindView>,
    pub count: usize,
}

/// The entries under one letter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LetterView {
    pub letter: String,
    pub anchor: String,
    pub entries: Vec<GlossaryEntry>,
}

/// A name in the glossary: an actor's own, or an alias that leads to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GlossaryEntry {
    pub name: String,
    /// Set for an alias: see this actor.
    pub is_alias: bool,
    pub actor: ActorLink,
    pub summary: Option<String>,
    pub says: usize,
    pub accused: usize,
}

/// The actors of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindView {
    pub kind: String,
    pub actors: Vec<ActorLink>,
}

pub fn actors(at: &At<'_>) -> ActorsView {
    let mut entries: Vec<(String, GlossaryEntry)> = Vec::new();
    let mut kinds: BTreeMap<ActorKind, Vec<(String, Id<Actor>)>> = BTreeMap::new();
    for (id, actor) in at
        .site
        .actors()
        .iter()
        .filter(|(_, actor)| !actor.is_unnamed)
    {
        let facts = at.facts.actor(id);
        let mut names = vec![(actor.name.clone(), false)];
        let aliases = actor
            .aliases
            .iter()
            .chain(actor.named_by.iter().map(|naming| &naming.alias));
        for alias in aliases {
            if !names.iter().any(|(name, _)| name == alias) {
                names.push((alias.clone(), true));
            }
        }
        for (name, is_alias) in names {
            let entry = GlossaryEntry {
                is_alias,
                actor: at.actor(id),
                summary: actor.summary.clone(),
                says: at.spoken_to(id),
                accused: facts.accused_in.len(),
                name: name.clone(),
            };
            entries.push((sort_key(&name), entry));
        }
        kinds
            .entry(actor.kind)
            .or_default()
            .push((sort_key(&actor.name), id));
    }
    entries.sort_by(|a, b| (&a.0, &a.1.name, &a.1.actor.id).cmp(&(&b.0, &b.1.name, &b.1.actor.id)));
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
    let kinds = kinds.into_iter().map(|(kind, mut actors)| {
        actors.sort();
        KindView {
            kind: kind.word().replace('-', " "),
            actors: actors.iter().map(|(_, id)| at.actor(*id)).collect(),
        }
    });
    ActorsView {
        page: at.head(
            "Actors, A to Z",
            "Everyone who speaks or is spoken of, with the names they go by.",
        ),
        site: at.site_head(),
        count: at
            .site
            .actors()
            .iter()
            .filter(|(_, actor)| !actor.is_unnamed)
            .count(),
        letters,
        kinds: kinds.collect(),
    }
}

/// The key that puts names in the order of a glossary: Latin letters, without accents or case.
fn sort_key(name: &str) -> String {
    crate::text::slug(name)
}

/// What `claims.html`, the ledger, shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimsView {
    pub page: PageHead,
    pub site: SiteHead,
    pub rows: Vec<ClaimRow>,
    /// How many claims have each headline; those that none has are left out.
    pub headlines: Vec<HeadlineCount>,
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimRow {
    pub claim: ClaimLine,
    pub first: Option<PositionView>,
    pub against: Vec<ActorLink>,
    pub about: Vec<ActorLink>,
    pub parties: usize,
    pub replies: Vec<ReplyView>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HeadlineCount {
    pub word: &'static str,
    pub words: &'static str,
    pub count: usize,
}

pub fn claims(at: &At<'_>) -> ClaimsView {
    let mut ids: Vec<_> = at.site.claims().ids().collect();
    // The order of their first appearance in our texts; those only on file come last.
    ids.sort_by_key(|id| {
        let first = at.site.claims()[*id].appearances.first();
        first.map_or((true, None), |place| (false, Some((place.doc, place.mark))))
    });
    let headlines = Headline::ALL.into_iter().map(|headline| HeadlineCount {
        word: headline.word(),
        words: headline.in_words(),
        count: ids
            .iter()
            .filter(|id| at.standing(**id).headline == headline)
            .count(),
    });
    let rows = ids.iter().map(|id| {
        let claim = &at.site.claims()[*id];
        ClaimRow {
            claim: at.claim(*id),
            first: super::position::first(claim).map(|place| at.position(*id, place)),
            against: at.actors(&claim.against),
            about: at.actors(&claim.about),
            parties: at.standing(*id).parties.len(),
            replies: at.replies(*id),
        }
    });
    ClaimsView {
        page: at.head(
            "All claims",
            "Every claim, who made it, about whom, and whether anybody answered.",
        ),
        site: at.site_head(),
        rows: rows.collect(),
        headlines: headlines.filter(|headline| headline.count > 0).collect(),
    }
}

/// What `sources.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourcesView {
    pub page: PageHead,
    pub site: SiteHead,
    pub sources: Vec<SourceLine>,
}

pub fn sources(at: &At<'_>) -> SourcesView {
    let mut ids: Vec<_> = at.site.sources().ids().collect();
    ids.sort_by_key(|id| {
        let source = &at.site.sources()[*id];
        (
            source.date.is_none(),
            source.date.map(|date| date.first_day()),
            sort_key(&source.title),
            *id,
        )
    });
    SourcesView {
        page: at.head(
            "Sources",
            "Every cited document, in order of its date, and what rests on it.",
        ),
        site: at.site_head(),
        sources: ids.into_iter().map(|id| at.source(id)).collect(),
    }
}

/// What `tags.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TagsView {
    pub page: PageHead,
    pub site: SiteHead,
    pub tags: Vec<TagCount>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TagCount {
    pub tag: Link,
    pub briefings: usize,
    pub claims: usize,
}

pub fn tags(at: &At<'_>) -> TagsView {
    let counts = at.facts.tags.iter().map(|(slug, tag)| {
        let has = |tags: &[String]| tags.iter().any(|tag| routes::tag_slug(tag) == *slug);
        TagCount {
            tag: at.tag(tag),
            briefings: at
                .site
                .briefings()
                .iter()
                .filter(|(_, b)| has(&b.tags))
                .count(),
            claims: at
                .site
                .claims()
                .iter()
                .filter(|(_, c)| has(&c.tags))
                .count(),
        }
    });
    TagsView {
        page: at.head("Tags", "Briefings and claims by subject."),
        site: at.site_head(),
        tags: counts.collect(),
    }
}

/// What `tag.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TagView {
    pub page: PageHead,
    pub site: SiteHead,
    pub tag: String,
    pub briefings: Vec<BriefingLine>,
    pub claims: Vec<ClaimLine>,
}

pub fn tag(at: &At<'_>, slug: &str) -> TagView {
    let tag = at.facts.tags.get(slug).cloned().unwrap_or_default();
    let has = |tags: &[String]| tags.iter().any(|tag| routes::tag_slug(tag) == slug);
    let briefings = at
        .site
        .briefings()
        .iter()
        .filter(|(_, briefing)| has(&briefing.tags));
    let claims = at
        .site
        .claims()
        .iter()
        .filter(|(_, claim)| has(&claim.tags));
    TagView {
        page: at.head(
            &format!("Tag: {tag}"),
            &format!("Briefings and claims tagged {tag}."),
        ),
        site: at.site_head(),
        briefings: briefings.map(|(id, _)| briefing_line(at, id)).collect(),
        claims: claims.map(|(id, _)| at.claim(id)).collect(),
        tag,
    }
}
