//! An actor: what it says, what is claimed about it and what it answered, its names and ties.

use serde::Serialize;

use super::at::At;
use super::claim::RelationView;
use super::network::{self, Graph};
use super::parts::*;
use super::shared::Shared;
use super::text::{self, TextView};
use super::timeline;
use crate::derive::Said;
use crate::diag::Diagnostic;
use crate::model::{Actor, Claim, Doc, Id};

/// What `actor.html` shows.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ActorView {
    pub page: PageHead,
    pub site: SiteHead,
    pub actor: Shared<ActorLink>,
    pub summary: Option<String>,
    pub image: Option<ImageView>,
    pub country: Option<Link>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// How a person stands with the law, and on what source.
    pub status: Option<&'static str>,
    pub status_sources: Vec<SourceLine>,
    pub wikidata: Option<String>,
    pub attack_id: Option<String>,
    pub url: Option<String>,
    /// The same actor on other sites.
    pub also_on: Vec<ElsewhereView>,
    /// What it is part of, outermost first.
    pub ancestors: Vec<Shared<ActorLink>>,
    pub parts: Vec<Shared<ActorLink>>,
    pub member_of: Vec<Shared<ActorLink>>,
    pub members: Vec<Shared<ActorLink>>,
    pub speaks_for: Vec<Shared<ActorLink>>,
    pub spoken_for_by: Vec<Shared<ActorLink>>,
    pub names: Vec<NameView>,
    pub counts: ActorCounts,
    /// What it says.
    pub says: Vec<SaidView>,
    /// What its organs and representatives say.
    pub organs_say: Vec<SaidView>,
    /// What it said in the name of another.
    pub voiced: Vec<SaidView>,
    pub reported: Vec<SaidView>,
    /// What it is accused of, with its reply.
    pub accused_in: Vec<AccusationView>,
    /// What is claimed about it without an accusation.
    pub subject_of: Vec<Shared<ClaimLine>>,
    pub relations: Vec<RelationView>,
    pub agrees: Vec<SharedView>,
    pub disagrees: Vec<SharedView>,
    /// Who speaks about whom, around this actor.
    pub graph: Option<Graph>,
    pub timeline: Vec<TimelineEntry>,
    pub sources: Vec<SourceLine>,
    pub mentions: Vec<PassageView>,
    pub text: TextView,
}

/// A name and who uses it.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NameView {
    pub name: String,
    pub by: Vec<Shared<ActorLink>>,
    pub sources: Vec<SourceLine>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ActorCounts {
    /// Claims on which it holds a position.
    pub says: usize,
    /// Claims in which it is accused.
    pub accused: usize,
    /// … and those to which it, or a representative, replied.
    pub replied: usize,
    pub unanswered: usize,
    pub mentions: usize,
}

/// A claim and the position taken on it.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SaidView {
    pub claim: Shared<ClaimLine>,
    pub position: Shared<PositionView>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct AccusationView {
    pub claim: Shared<ClaimLine>,
    pub by: Vec<Shared<ActorLink>>,
    pub reply: ReplyView,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SharedView {
    pub actor: Shared<ActorLink>,
    pub claims: usize,
}

pub fn view(at: &At<'_>, id: Id<Actor>, refused: &mut Vec<Diagnostic>) -> ActorView {
    let actor = &at.site.actors()[id];
    let facts = at.facts.actor(id);
    let text = match at.part.is_first() {
        true => {
            let numbers = text::cited(at, std::iter::once(Doc::Actor(id)));
            let numbered = at.numbering(numbers, false);
            text::laid(&numbered, Doc::Actor(id), &actor.name, refused).view
        }
        false => TextView::default(),
    };
    let said = |list: &[Said]| -> Vec<SaidView> {
        let views = at.part.slice(list).iter().map(|said| SaidView {
            claim: at.claim(said.claim),
            position: at.position(said.claim, said.position),
        });
        views.collect()
    };
    let standing = at
        .part
        .slice(&facts.accused_in)
        .iter()
        .filter_map(|accusation| {
            let reply = at
                .standing(accusation.claim)
                .replies
                .get(accusation.reply)?;
            let claim = &at.site.claims()[accusation.claim];
            let mut by = Vec::new();
            for position in &claim.positions {
                let accuses = matches!(position.stance.side(), crate::model::Side::Own);
                if accuses && !by.contains(&position.by) {
                    by.push(position.by);
                }
            }
            Some(AccusationView {
                claim: at.claim(accusation.claim),
                by: at.actors(&by),
                reply: at.reply(accusation.claim, reply),
            })
        });
    let accused_in: Vec<AccusationView> = standing.collect();
    let description = actor.summary.clone().unwrap_or_else(|| {
        format!(
            "What {} says, what is claimed about it, and what it answered.",
            actor.name
        )
    });
    let entries = at
        .part
        .slice(&facts.timeline)
        .iter()
        .map(|place| &at.facts.timeline[*place]);
    ActorView {
        page: at.head(&actor.name, &description),
        site: at.site_head(),
        actor: at.actor(id),
        summary: actor.summary.clone(),
        image: actor.image.as_ref().map(|image| at.image(image)),
        country: actor.country.as_ref().map(|country| at.country(country)),
        from: actor.from.as_ref().map(|date| at.day(date)),
        to: actor.to.as_ref().map(|date| at.day(date)),
        status: actor.status.map(|status| status.word()),
        status_sources: actor
            .status_sources
            .iter()
            .map(|source| at.source(*source))
            .collect(),
        wikidata: actor.wikidata.clone(),
        attack_id: actor.attack_id.clone(),
        url: actor.url.clone(),
        also_on: actor.also_on.iter().map(|id| at.elsewhere(*id)).collect(),
        ancestors: facts
            .ancestors
            .iter()
            .rev()
            .map(|id| at.actor(*id))
            .collect(),
        parts: at.actors(&facts.parts),
        member_of: at.actors(&actor.member_of),
        members: at.actors(&facts.members),
        speaks_for: at.actors(&actor.speaks_for),
        spoken_for_by: at.actors(&facts.spoken_for_by),
        names: names(at, actor),
        counts: ActorCounts {
            says: at.facts.spoken_to[id.index()],
            accused: facts.accused_in.len(),
            replied: facts.replied,
            unanswered: facts.accusations.saturating_sub(facts.replied),
            mentions: facts.mentions.len(),
        },
        says: said(&facts.says),
        organs_say: said(&facts.organs_say),
        voiced: said(&facts.voiced),
        reported: said(&facts.reported),
        accused_in,
        subject_of: at.claims(at.part.slice(&facts.subject_of)),
        relations: relations(at, &facts.relations),
        agrees: shared(at, &facts.agrees),
        disagrees: shared(at, &facts.disagrees),
        graph: match at.part.is_first() {
            true => network::around(at, id),
            false => None,
        },
        timeline: timeline::entries(at, entries),
        sources: at
            .part
            .slice(&facts.sources)
            .iter()
            .map(|source| at.source(*source))
            .collect(),
        mentions: at
            .part
            .slice(&facts.mentions)
            .iter()
            .map(|place| at.mention(&at.facts.mentions[*place]))
            .collect(),
        text,
    }
}

/// Every alias, with who uses it where the author says so.
fn names(at: &At<'_>, actor: &Actor) -> Vec<NameView> {
    let mut names: Vec<NameView> = Vec::new();
    for naming in &actor.named_by {
        names.push(NameView {
            name: naming.alias.clone(),
            by: at.actors(&naming.by),
            sources: naming
                .sources
                .iter()
                .map(|source| at.source(*source))
                .collect(),
        });
    }
    for alias in &actor.aliases {
        if !names.iter().any(|name| name.name == *alias) {
            names.push(NameView {
                name: alias.clone(),
                by: Vec::new(),
                sources: Vec::new(),
            });
        }
    }
    names
}

fn relations(at: &At<'_>, claims: &[Id<Claim>]) -> Vec<RelationView> {
    let views = claims.iter().filter_map(|id| {
        let relation = at.site.claims()[*id].relation.as_ref()?;
        Some(RelationView {
            subject: at.actor(relation.subject),
            predicate: relation.predicate.replace('-', " "),
            object: at.actor(relation.object),
            claim: at.claim(*id),
        })
    });
    views.collect()
}

fn shared(at: &At<'_>, shared: &[crate::derive::Shared]) -> Vec<SharedView> {
    shared
        .iter()
        .map(|shared| SharedView {
            actor: at.actor(shared.actor),
            claims: shared.claims,
        })
        .collect()
}
