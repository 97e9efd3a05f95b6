//! Positions that do not go together.

use std::collections::HashMap;

use super::{Case, place};
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Confidence, Id, Likelihood, Position, Side, Stance};

/// What its parties hold side by side.
pub(super) fn check(case: &Case, found: &mut Vec<Diagnostic>) {
    turns(case, found);
    for position in &case.claim.positions {
        if states(position.stance) && case.claim.against.contains(&position.by) {
            found.push(speaks_of_itself(case, position));
        }
    }
    let hedged = |position: &Position| hedges(position).is_some();
    for position in case.first_of_marks(hedged) {
        found.extend(conf_and_likely(position));
    }
}

/// Walks each speaker's positions in order: what it retracts, and where it turns.
fn turns(case: &Case, found: &mut Vec<Diagnostic>) {
    /// What a speaker last said, and whether it has been asked about its turn.
    struct Speaker<'a> {
        said: Option<&'a Position>,
        supported: Option<&'a Position>,
    }
    let mut speakers: HashMap<Id<Actor>, Speaker> = HashMap::new();
    for position in &case.claim.positions {
        let speaker = speakers.entry(position.by).or_insert(Speaker {
            said: None,
            supported: None,
        });
        match position.stance.side() {
            Side::Relayed => {}
            Side::Cleared => {
                if speaker.said.is_none() {
                    found.push(nothing_to_retract(case, position));
                }
                *speaker = Speaker {
                    said: None,
                    supported: None,
                };
            }
            Side::Own | Side::Endorsing => {
                speaker.said = Some(position);
                speaker.supported = Some(position);
            }
            Side::Con => {
                speaker.said = Some(position);
                // Taken, so that a denial said again is not asked about again.
                let before = speaker.supported.take();
                // Who stays unnamed twice need not be the same party.
                let is_named = !case.site.actors()[position.by].is_unnamed;
                if let Some(before) = before.filter(|_| is_named) {
                    found.push(turned_without_retraction(case, before, position));
                }
            }
            Side::Neither => {
                if !is_silence(position.stance) {
                    speaker.said = Some(position);
                }
            }
        }
    }
}

fn turned_without_retraction(case: &Case, before: &Position, after: &Position) -> Diagnostic {
    let (by, id) = (case.speaker(after), &case.claim.id);
    Diagnostic::new(
        Code::TurnedWithoutRetraction,
        place(after),
        format!("`{by}` is on both sides of `{id}` with no retraction between"),
    )
    .label(format!("here it {}", after.stance.in_words()))
    .other(
        place(before),
        format!("here it {}", before.stance.in_words()),
    )
    .hint(format!(
        "mark where it withdrew, `[words](retracts:{id} \"by={by}\")`, or see whether both are about the same claim"
    ))
}

fn nothing_to_retract(case: &Case, position: &Position) -> Diagnostic {
    let (by, id) = (case.speaker(position), &case.claim.id);
    Diagnostic::new(
        Code::NothingToRetract,
        place(position),
        format!("`{by}` holds no position on `{id}` to retract by then"),
    )
    .label(format!("`{}`", position.stance.verb()))
    .hint(format!(
        "mark what it said before, `[words](claim:{id} \"by={by} on=DATE\")`, or set `on=` of the retraction"
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
        "write `admits:{id}` if it says so of itself, else set `by=` to who says it or `against=` to whom it accuses"
    ))
}

fn conf_and_likely(position: &Position) -> Option<Diagnostic> {
    let (confidence, likelihood) = hedges(position)?;
    let (confidence, likelihood) = (confidence.word(), likelihood.word());
    Some(
        Diagnostic::new(
            Code::ConfAndLikely,
            place(position),
            format!("`conf={confidence}` and `likely={likelihood}` stand together"),
        )
        .label("a confidence and a likelihood for the same words")
        .hint("keep the one that the speaker used, and put the other in a mark of its own"),
    )
}

fn hedges(position: &Position) -> Option<(Confidence, Likelihood)> {
    position.confidence.zip(position.likelihood)
}

/// Whether the party said nothing that it could take back.
fn is_silence(stance: Stance) -> bool {
    matches!(stance, Stance::NoComment | Stance::NoResponse)
}

/// Whether who takes this stance states the claim as of another.
fn states(stance: Stance) -> bool {
    match stance {
        Stance::Claims | Stance::Confirms | Stance::Endorses => true,
        Stance::Admits
        | Stance::InPart
        | Stance::Denies
        | Stance::Disputes
        | Stance::Questions
        | Stance::Acknowledges
        | Stance::NoComment
        | Stance::NoResponse
        | Stance::Reports
        | Stance::Retracts
        | Stance::Corrects => false,
    }
}
