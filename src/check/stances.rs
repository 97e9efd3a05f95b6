//! Checks positions for contradictions.

use std::collections::HashMap;

use super::{Case, place};
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Confidence, Id, Likelihood, Position, Side};

/// Checks the positions on a claim.
pub(super) fn check(case: &Case, found: &mut Vec<Diagnostic>) {
    turns(case, found);
    for position in &case.claim.positions {
        if position.stance.states() && case.claim.against.contains(&position.by) {
            found.push(speaks_of_itself(case, position));
        }
    }
    let hedged = |position: &Position| hedges(position).is_some();
    for position in case.first_of_marks(hedged) {
        found.extend(conf_and_likely(position));
    }
}

/// Checks each speaker's positions in order: retractions, and changes of side.
fn turns(case: &Case, found: &mut Vec<Diagnostic>) {
    /// The last position of a speaker, and its last side.
    #[derive(Default)]
    struct Speaker<'a> {
        said: Option<&'a Position>,
        side: Option<(Pole, &'a Position)>,
    }
    #[derive(PartialEq, Clone, Copy)]
    enum Pole {
        Pro,
        Con,
    }
    let mut speakers: HashMap<Id<Actor>, Speaker> = HashMap::new();
    for position in &case.claim.positions {
        let speaker = speakers.entry(position.by).or_default();
        let pole = match position.stance.side() {
            Side::Relayed => continue,
            Side::Cleared => {
                if speaker.said.is_none() {
                    found.push(nothing_to_retract(case, position));
                }
                *speaker = Speaker::default();
                continue;
            }
            Side::Neither => {
                if !position.stance.is_silence() {
                    speaker.said = Some(position);
                }
                continue;
            }
            Side::Own | Side::Endorsing => Pole::Pro,
            Side::Con => Pole::Con,
        };
        speaker.said = Some(position);
        let before = speaker.side.replace((pole, position));
        // Two unnamed parties can be different ones.
        let is_named = !case.site.actors()[position.by].is_unnamed;
        if let Some((side, before)) = before.filter(|_| is_named)
            && side != pole
        {
            found.push(turned_without_retraction(case, before, position));
        }
    }
}

fn turned_without_retraction(case: &Case, before: &Position, after: &Position) -> Diagnostic {
    let (by, id) = (case.speaker(after), &case.claim.id);
    Diagnostic::new(
        Code::TurnedWithoutRetraction,
        place(after),
        format!("`{by}` takes both sides of `{id}` without a retraction"),
    )
    .label(format!("here it {}", after.stance.in_words()))
    .other(
        place(before),
        format!("here it {}", before.stance.in_words()),
    )
    .hint(format!(
        "mark the retraction, `[words](retracts:{id} \"by={by}\")`, or check whether both are \
         about the same claim"
    ))
}

fn nothing_to_retract(case: &Case, position: &Position) -> Diagnostic {
    let (by, id) = (case.speaker(position), &case.claim.id);
    Diagnostic::new(
        Code::NothingToRetract,
        place(position),
        format!("`{by}` has no earlier position on `{id}` to retract"),
    )
    .label(format!("`{}`", position.stance.verb()))
    .hint(format!(
        "mark the earlier statement, `[words](claim:{id} \"by={by} on=DATE\")`, or correct `on=` \
         of the retraction"
    ))
}

fn speaks_of_itself(case: &Case, position: &Position) -> Diagnostic {
    let (by, id) = (case.speaker(position), &case.claim.id);
    Diagnostic::new(
        Code::SpeaksOfItself,
        place(position),
        format!("`{by}` both states `{id}` and is accused by it"),
    )
    .label(format!("by `{by}`, against `{by}`"))
    .hint(format!(
        "write `admits:{id}` if the party says so of itself; otherwise set `by=` to the speaker \
         or `against=` to the accused"
    ))
}

fn conf_and_likely(position: &Position) -> Option<Diagnostic> {
    let (confidence, likelihood) = hedges(position)?;
    let (confidence, likelihood) = (confidence.term(), likelihood.term());
    Some(
        Diagnostic::new(
            Code::ConfAndLikely,
            place(position),
            format!("`conf={confidence}` and `likely={likelihood}` in one mark"),
        )
        .label("a confidence and a likelihood for the same words")
        .hint("keep the one that the speaker used, and move the other to a separate mark"),
    )
}

fn hedges(position: &Position) -> Option<(&Confidence, &Likelihood)> {
    position
        .confidence
        .as_ref()
        .zip(position.likelihood.as_ref())
}
