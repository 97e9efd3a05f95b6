//! Checks the replies of accused parties.

use std::collections::BTreeMap;

use super::{Case, first_written, listed, place};
use crate::derive::AccusedSide;
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Actor, ActorKind, Claim, Entity, Id, LegalStatus, Position, Reply, Site, Stance,
};
use crate::text::Place;

/// Checks the replies to the claim.
pub(super) fn check(case: &Case, found: &mut Vec<Diagnostic>) {
    if case.claim.against.is_empty() {
        return;
    }
    found.extend(accusation_without_reply(case));
    let side = AccusedSide::new(case.site, case.claim);
    found.extend(replies_before_accusation(case, &side));
}

/// Reports accused persons without a legal status, once per person.
pub(super) fn persons(site: &Site, found: &mut Vec<Diagnostic>) {
    let mut accused_in: BTreeMap<Id<Actor>, &Claim> = BTreeMap::new();
    for (_, claim) in site.claims().iter() {
        for accused in &claim.against {
            accused_in.entry(*accused).or_insert(claim);
        }
    }
    for (id, claim) in accused_in {
        let actor = &site.actors()[id];
        if actor.kind == ActorKind::Person && actor.legal_status.is_none() {
            found.push(person_without_status(actor, claim));
        }
    }
}

/// Reports all accused of a claim without a reply, in one diagnostic. No reply is expected to a
/// claim that no party supports, or supports any more.
fn accusation_without_reply(case: &Case) -> Option<Diagnostic> {
    let claim = case.claim;
    // In a build as of an earlier day, the reply may be one of the later positions.
    let is_continued = case.site.candidates().contains(&Entity::Claim(case.id));
    if !case.standings[case.id].is_stated() || is_continued {
        return None;
    }
    let unanswered: Vec<&str> = case.standings[case.id]
        .replies
        .iter()
        .filter(|reply| reply.reply == Reply::Unanswered && !reply.is_withheld)
        .map(|reply| case.site.actors()[reply.accused].id.as_str())
        .collect();
    let first = *unanswered.first()?;
    let place = accusation(claim)?;
    let id = &claim.id;
    let message = format!(
        "no recorded reply of {} to `{id}`",
        listed(unanswered.iter().copied())
    );
    Some(
        Diagnostic::new(Code::AccusationWithoutReply, place, message)
            .label(format!("the accusation against {}", listed(unanswered)))
            .hint(format!(
                "mark the reply: `[words](denies:{id} \"by={first}\")`, or `no-comment:{id}` when it declined, \
                 or `no-response:{id}` when none was found"
            )),
    )
}

/// Returns the place where the claim is first stated, in page order; `None` if it is not stated.
fn accusation(claim: &Claim) -> Option<Place> {
    let positions = || claim.positions.iter();
    first_written(positions().filter(|position| position.stance == Stance::Claims))
        .or_else(|| first_written(positions().filter(|position| position.stance.is_support())))
        .map(place)
}

/// Reports replies dated before the accusation. Reports nothing if an accusation has no date.
fn replies_before_accusation(case: &Case, side: &AccusedSide) -> Vec<Diagnostic> {
    let accusations = || {
        let positions = case.claim.positions.iter();
        positions.filter(|position| position.stance.is_support() && !side.holds(position.by))
    };
    let Some(first) = accusations().next() else {
        return Vec::new();
    };
    let Some(accused_on) = first.on else {
        return Vec::new();
    };
    let is_early = |position: &Position| {
        position.stance.is_reply()
            && side.holds(position.by)
            && position
                .on
                .is_some_and(|on| on.last_day() < accused_on.first_day())
    };
    let early = case.first_of_marks(is_early);
    early
        .into_iter()
        .map(|reply| reply_before_accusation(case, reply, first))
        .collect()
}

fn reply_before_accusation(case: &Case, reply: &Position, accusation: &Position) -> Diagnostic {
    let dated = |position: &Position| position.on.map_or_else(String::new, |on| on.in_words());
    Diagnostic::new(
        Code::ReplyBeforeAccusation,
        place(reply),
        format!(
            "reply of `{}` is dated before `{}` was first stated",
            case.speaker(reply),
            case.claim.id
        ),
    )
    .label(format!("dated {}", dated(reply)))
    .other(
        place(accusation),
        format!("first stated {}", dated(accusation)),
    )
    .hint("set `on=` to the day of the reply, or mark the earlier statement that it answers")
}

fn person_without_status(actor: &Actor, claim: &Claim) -> Diagnostic {
    let place = actor.place.clone();
    let message = format!("person `{}` is accused and has no `status`", actor.id);
    let diagnostic = Diagnostic::new(Code::PersonWithoutStatus, place, message)
        .label("the file has no `status`")
        .hint(format!(
            "add `status: {}` ({}), and `status-src: source-id` with it",
            LegalStatus::Named.word(),
            LegalStatus::WORDS.join(", ")
        ));
    match accusation(claim) {
        Some(place) => diagnostic.other(place, format!("accused by `{}`", claim.id)),
        None => diagnostic,
    }
}
