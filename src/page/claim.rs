//! A claim with all parties' positions, its timeline, where we use it and what stands next to it.

use serde::Serialize;

use super::at::At;
use super::cite::CitationView;
use super::embed::EmbedLink;
use super::parts::*;
use super::shared::Shared;
use super::text::{self, TextView};
use super::timeline;
use crate::derive::counts_by;
use crate::diag::Diagnostic;
use crate::model::{Claim, Doc, Id, Stance};

/// What `claim.html` shows.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ClaimView {
    pub page: PageHead,
    pub site: SiteHead,
    pub claim: Shared<ClaimLine>,
    pub kind: Option<String>,
    /// The accused.
    pub against: Vec<Shared<ActorLink>>,
    pub about: Vec<Shared<ActorLink>>,
    pub event: Option<TimelineEntry>,
    pub tags: Vec<Link>,
    /// Who said it first, and when.
    pub first: Option<Shared<PositionView>>,
    pub replies: Vec<ReplyView>,
    /// Every position that counts by the cut-off date, in order; superseded ones too.
    pub positions: Vec<Shared<PositionView>>,
    /// What others reported about it.
    pub reports: Vec<Shared<PositionView>>,
    pub withdrawn: Vec<Shared<ActorLink>>,
    pub relation: Option<RelationView>,
    pub timeline: Vec<TimelineEntry>,
    /// Where our texts mark it.
    pub appearances: Vec<PassageView>,
    /// Where our texts mention it.
    pub mentions: Vec<PassageView>,
    pub related: Vec<Related>,
    /// The claims it is tied to × parties.
    pub matrix: Option<Matrix>,
    pub text: TextView,
    /// How others cite it.
    pub citation: CitationView,
    /// How others show it, where the book says where it lies.
    pub embed: Option<EmbedLink>,
}

/// What a claim says of two actors: rests on the claim, never drawn as fact.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct RelationView {
    pub subject: Shared<ActorLink>,
    pub predicate: String,
    pub object: Shared<ActorLink>,
    pub claim: Shared<ClaimLine>,
}

/// A claim next to this one.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Related {
    /// `supports`, `part of`, `same event` …
    pub how: &'static str,
    pub claim: Shared<ClaimLine>,
}

pub fn view(at: &At<'_>, id: Id<Claim>, refused: &mut Vec<Diagnostic>) -> ClaimView {
    let claim = &at.site.claims()[id];
    let numbered = at.numbering(text::cited(at, std::iter::once(Doc::Claim(id))), false);
    let text = text::laid(&numbered, Doc::Claim(id), &claim.text, refused).view;
    let line = at.claim(id);
    let as_of = at.facts.standings.as_of();
    let counted = |at_: &usize| counts_by(claim.positions[*at_].on.as_ref(), as_of);
    let all: Vec<usize> = (0..claim.positions.len()).filter(counted).collect();
    let (reports, positions): (Vec<usize>, Vec<usize>) = all
        .into_iter()
        .partition(|place| claim.positions[*place].stance == Stance::Reports);
    let positions: Vec<Shared<PositionView>> = positions
        .into_iter()
        .map(|place| at.position(id, place))
        .collect();
    let related = related(at, id);
    let story = at.facts.stories[id.index()].iter();
    let story = story.map(|place| &at.facts.timeline[*place]);
    let mut rows = vec![id];
    rows.extend(tied(at, id));
    let description = format!(
        "{}: {}. All wordings, dates and sources.",
        line.headline, line.signature_words
    );
    let page = at.head(&claim.text, &description);
    ClaimView {
        embed: at.embed(id),
        citation: super::cite::citation(at, id, page.canonical.as_deref()),
        page,
        site: at.site_head(),
        kind: claim.kind.clone(),
        against: at.actors(&claim.against),
        about: at.actors(&claim.about),
        event: claim.event.map(|event| at.event(event)),
        tags: at.tags(&claim.tags),
        first: super::position::first(claim).map(|place| at.position(id, place)),
        replies: at.replies(id),
        reports: reports
            .into_iter()
            .map(|place| at.position(id, place))
            .collect(),
        withdrawn: at.actors(&at.standing(id).withdrawn),
        relation: claim.relation.as_ref().map(|relation| RelationView {
            subject: at.actor(relation.subject),
            predicate: relation.predicate.replace('-', " "),
            object: at.actor(relation.object),
            claim: line.clone(),
        }),
        timeline: timeline::entries(at, story),
        appearances: appearances(at, claim),
        mentions: at
            .facts
            .mentions_of(crate::model::Entity::Claim(id))
            .map(|mention| at.mention(mention))
            .collect(),
        related,
        matrix: at.matrix(&rows),
        positions,
        text,
        claim: line,
    }
}

fn appearances(at: &At<'_>, claim: &Claim) -> Vec<PassageView> {
    let places = claim.appearances.iter();
    places
        .map(|appearance| at.mark_passage(appearance.doc, appearance.mark))
        .collect()
}

/// The claims that this one is tied to by its parts, support, contradiction or event.
fn tied(at: &At<'_>, id: Id<Claim>) -> Vec<Id<Claim>> {
    let mut seen = Vec::new();
    for (other, _) in &at.facts.ties[id.index()] {
        if !seen.contains(other) {
            seen.push(*other);
        }
    }
    seen
}

fn related(at: &At<'_>, id: Id<Claim>) -> Vec<Related> {
    let mut seen = Vec::new();
    let mut related = Vec::new();
    for (other, how) in &at.facts.ties[id.index()] {
        if !seen.contains(other) {
            seen.push(*other);
            related.push(Related {
                how,
                claim: at.claim(*other),
            });
        }
    }
    related
}
