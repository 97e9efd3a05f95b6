//! The page of a claim: all positions, its timeline, its occurrences, and related claims.

use serde::Serialize;

use super::cite::CitationView;
use super::components::{
    ActorLink, ClaimLine, FirstSaid, LegalStatusView, Link, Matrix, PageHead, PassageView,
    PositionView, ReplyView, SiteHead, TimelineEntry,
};
use super::context::PageContext;
use super::embed::EmbedLink;
use super::shared::Shared;
use super::source_numbers;
use super::text::{self, TextView};
use super::timeline;
use crate::derive::{legal_sentences_of, with_legal_status};
use crate::diag::Diagnostic;
use crate::model::{Claim, Doc, Id, Stance};

/// The view of `claim.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ClaimView {
    pub page: PageHead,
    pub site: SiteHead,
    pub claim: Shared<ClaimLine>,
    pub kind: Option<String>,
    /// The accused.
    pub against: Vec<Shared<ActorLink>>,
    pub about: Vec<Shared<ActorLink>>,
    /// The legal status of each person that it concerns.
    pub legal_statuses: Vec<LegalStatusView>,
    pub event: Option<TimelineEntry>,
    pub tags: Vec<Link>,
    /// Who made it first, and when.
    pub first: Option<FirstSaid>,
    pub replies: Vec<ReplyView>,
    /// All positions up to the `as-of` day in order, including replaced ones.
    pub positions: Vec<Shared<PositionView>>,
    /// Reports about it.
    pub reports: Vec<Shared<PositionView>>,
    pub withdrawn: Vec<Shared<ActorLink>>,
    /// Why several parties have one origin, one sentence each without its full stop.
    pub origins: Vec<String>,
    pub relation: Option<RelationView>,
    pub timeline: Vec<TimelineEntry>,
    /// The passages in which our texts mark it.
    pub appearances: Vec<PassageView>,
    /// The passages in which our texts mention it.
    pub mentions: Vec<PassageView>,
    pub related: Vec<Related>,
    /// Related claims × parties.
    pub matrix: Option<Matrix>,
    pub text: TextView,
    /// Its citation.
    pub citation: CitationView,
    /// The HTML for embedding it, if the book has an absolute `site-url`.
    pub embed: Option<EmbedLink>,
}

/// The relation between two actors that a claim states; it has no more weight than the claim.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct RelationView {
    pub subject: Shared<ActorLink>,
    pub predicate: String,
    pub object: Shared<ActorLink>,
    pub claim: Shared<ClaimLine>,
}

/// A related claim.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Related {
    /// `supports`, `part of`, `same event` …
    pub how: &'static str,
    pub claim: Shared<ClaimLine>,
}

pub fn view(at: &PageContext<'_>, id: Id<Claim>, refused: &mut Vec<Diagnostic>) -> ClaimView {
    let claim = &at.site.claims()[id];
    let numbered = at.numbering(
        source_numbers::cited(at, std::iter::once(Doc::Claim(id))),
        false,
    );
    let text = text::laid(&numbered, Doc::Claim(id), &claim.text, refused).view;
    let line = at.claim(id);
    let (reports, positions): (Vec<usize>, Vec<usize>) = (0..claim.positions.len())
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
    let mut description = format!(
        "{}: {}.",
        at.standing(id).status.label(),
        line.signature_words
    );
    for sentence in legal_sentences_of(at.site, claim) {
        description.push_str(&format!(" {sentence}."));
    }
    description.push_str(" All wordings, dates and sources.");
    let page = at.head(&at.with_owner(id), &description);
    ClaimView {
        embed: at.embed(id),
        citation: super::cite::citation(at, id, page.canonical.as_deref()),
        page,
        site: at.site_head(),
        kind: claim.kind.clone(),
        against: at.actors(&claim.against),
        about: at.actors(&claim.about),
        legal_statuses: with_legal_status(at.site, claim)
            .into_iter()
            .filter_map(|(person, _)| at.legal_status(person))
            .collect(),
        event: claim.event.map(|event| at.event(event)),
        tags: at.tags(&claim.tags),
        first: at.first(id),
        replies: at.replies(id),
        reports: reports
            .into_iter()
            .map(|place| at.position(id, place))
            .collect(),
        withdrawn: at.actors(&at.standing(id).withdrawn),
        origins: crate::derive::origin_words(at.site, at.standing(id)),
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

fn appearances(at: &PageContext<'_>, claim: &Claim) -> Vec<PassageView> {
    let places = claim.appearances.iter();
    places
        .map(|appearance| at.mark_passage(appearance.doc, appearance.mark))
        .collect()
}

/// Returns the claims that are related by parts, support, contradiction or event.
fn tied(at: &PageContext<'_>, id: Id<Claim>) -> Vec<Id<Claim>> {
    let mut seen = Vec::new();
    for (other, _) in &at.facts.ties[id.index()] {
        if !seen.contains(other) {
            seen.push(*other);
        }
    }
    seen
}

fn related(at: &PageContext<'_>, id: Id<Claim>) -> Vec<Related> {
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
