//! The page of an actor: what it says, claims about it and its replies, its names and ties.

use serde::Serialize;

use super::claim::RelationView;
use super::components::{
    ActorLink, ClaimLine, Day, ElsewhereView, ImageView, LegalStatusView, Link, PageHead,
    PassageView, PositionView, ReplyView, SiteHead, SourceLine, TimelineEntry,
};
use super::context::PageContext;
use super::network::{self, Graph};
use super::shared::Shared;
use super::source_numbers;
use super::text::{self, TextView};
use super::timeline;
use crate::derive::{ReplyCounts, Said, legal_sentences};
use crate::diag::Diagnostic;
use crate::model::{Actor, Claim, Doc, Id};
use crate::text::isolated;

/// The view of `actor.html`.
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
    /// A person's legal status, with its sources.
    pub legal_status: Option<LegalStatusView>,
    pub wikidata: Option<String>,
    pub attack_id: Option<String>,
    pub url: Option<String>,
    /// The same actor on other sites.
    pub also_on: Vec<ElsewhereView>,
    /// The actors that it is part of, the outermost first.
    pub ancestors: Vec<Shared<ActorLink>>,
    pub parts: Vec<Shared<ActorLink>>,
    pub member_of: Vec<Shared<ActorLink>>,
    pub members: Vec<Shared<ActorLink>>,
    pub speaks_for: Vec<Shared<ActorLink>>,
    pub spoken_for_by: Vec<Shared<ActorLink>>,
    pub names: Vec<NameView>,
    pub counts: ActorCounts,
    /// Its positions.
    pub says: Vec<SaidView>,
    /// The positions of its parts and representatives.
    pub organs_say: Vec<SaidView>,
    /// Its statements in the name of others.
    pub voiced: Vec<SaidView>,
    pub reported: Vec<SaidView>,
    /// The accusations against it, with its replies.
    pub accused_in: Vec<AccusationView>,
    /// The claims about it that are not accusations.
    pub subject_of: Vec<Shared<ClaimLine>>,
    pub relations: Vec<RelationView>,
    pub agrees: Vec<SharedView>,
    pub disagrees: Vec<SharedView>,
    /// The network around this actor.
    pub graph: Option<Graph>,
    pub timeline: Vec<TimelineEntry>,
    pub sources: Vec<SourceLine>,
    pub mentions: Vec<PassageView>,
    pub text: TextView,
}

/// A name and its users.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NameView {
    pub name: String,
    pub by: Vec<Shared<ActorLink>>,
    pub sources: Vec<SourceLine>,
}

#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ActorCounts {
    /// The number of claims on which it has a position.
    pub says: usize,
    /// The number of claims in which it is accused.
    pub accused: usize,
    /// The numbers of its replies by kind; they add up to `accused`.
    pub replies: Vec<ReplyCount>,
    pub mentions: usize,
}

/// The number of accusations with one kind of reply.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ReplyCount {
    /// `replied`, `by-representative`, `declined`, `no-response`, `unanswered`, `not-stated`.
    pub word: &'static str,
    pub words: &'static str,
    pub count: usize,
}

/// A claim and a position on it.
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

pub fn view(at: &PageContext<'_>, id: Id<Actor>, refused: &mut Vec<Diagnostic>) -> ActorView {
    let actor = &at.site.actors()[id];
    let facts = at.facts.actor(id);
    let text = if at.part.is_first() {
        let numbers = source_numbers::cited(at, std::iter::once(Doc::Actor(id)));
        let numbered = at.numbering(numbers, false);
        text::laid(&numbered, Doc::Actor(id), &actor.name, refused).view
    } else {
        TextView::default()
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
    let mut description = actor.summary.clone().unwrap_or_else(|| {
        format!(
            "What {} says, what is claimed about it, and what it answered.",
            isolated(&actor.name)
        )
    });
    // The legal status is first, because the end of a long description is cut.
    for sentence in legal_sentences(at.site, [id]) {
        description = format!("{sentence}. {description}");
    }
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
        legal_status: at.legal_status(id),
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
            replies: reply_counts(&facts.replies),
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
        graph: if at.part.is_first() {
            network::around(at, id)
        } else {
            None
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

/// Returns the counts that are not zero, in the order of replies.
fn reply_counts(of: &ReplyCounts) -> Vec<ReplyCount> {
    let counts = [
        ("replied", "replied", of.replied),
        (
            "by-representative",
            "replied by a representative",
            of.by_representative,
        ),
        ("declined", "declined to comment", of.declined),
        ("no-response", "no reply, as recorded", of.no_response),
        ("unanswered", "no reply on record", of.unanswered),
        ("not-stated", "not stated by any party now", of.not_stated),
    ];
    counts
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(word, words, count)| ReplyCount { word, words, count })
        .collect()
}

/// Returns every alias, with its users if the author names them.
fn names(at: &PageContext<'_>, actor: &Actor) -> Vec<NameView> {
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

fn relations(at: &PageContext<'_>, claims: &[Id<Claim>]) -> Vec<RelationView> {
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

fn shared(at: &PageContext<'_>, shared: &[crate::derive::Shared]) -> Vec<SharedView> {
    shared
        .iter()
        .map(|shared| SharedView {
            actor: at.actor(shared.actor),
            claims: shared.claims,
        })
        .collect()
}
