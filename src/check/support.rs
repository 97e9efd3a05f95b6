//! On what a claim rests: sources, origins, first hand or second.

use std::collections::BTreeSet;

use super::{Case, first_written, place};
use crate::derive::{Bond, origins};
use crate::diag::{Code, Diagnostic};
use crate::model::{Mode, Position, Side, Stance};

/// What a claim rests on.
pub(super) fn check(case: &Case, found: &mut Vec<Diagnostic>) {
    for position in case.first_of_marks(|position| needs_source(case, position)) {
        found.extend(claim_without_source(case, position));
    }
    found.extend(single_origin(case));
    found.extend(second_hand_only(case));
}

/// What the unnamed say on background or in a leak is warned of by nobody: the language allows it.
fn needs_source(case: &Case, position: &Position) -> bool {
    let is_unnamed = case.site.actors()[position.by].is_unnamed
        && matches!(position.mode, Mode::Background | Mode::Leaked);
    let is_bare = position.sources.is_empty() && !position.is_cited;
    is_bare && !is_unnamed && assertion(position.stance).is_some()
}

fn claim_without_source(case: &Case, position: &Position) -> Option<Diagnostic> {
    let assertion = assertion(position.stance)?;
    let message = format!("{assertion} `{}` has no source", case.claim.id);
    Some(
        Diagnostic::new(Code::ClaimWithoutSource, place(position), message)
            .label("nothing is cited for these words")
            .hint(
                "cite it after the words, `[@source-id]`, or name it in the mark, `src=source-id`",
            ),
    )
}

/// What a position of this stance is called before the claim's id; nothing for silence, which
/// no document need show.
fn assertion(stance: Stance) -> Option<&'static str> {
    match stance {
        Stance::Claims => Some("claim"),
        Stance::Confirms => Some("confirmation of"),
        Stance::Admits => Some("admission of"),
        Stance::Endorses => Some("endorsement of"),
        Stance::InPart => Some("partial statement of"),
        Stance::Denies => Some("denial of"),
        Stance::Disputes => Some("objection to"),
        Stance::Questions => Some("question about"),
        Stance::Acknowledges => Some("statement on"),
        Stance::Reports => Some("report of"),
        Stance::Retracts => Some("retraction of"),
        Stance::Corrects => Some("correction of"),
        Stance::NoComment | Stance::NoResponse => None,
    }
}

/// Parties that look independent, whose sources all meet.
fn single_origin(case: &Case) -> Option<Diagnostic> {
    let own: Vec<&Position> = case.standings[case.id]
        .current()
        .filter(|party| party.stance.side() == Side::Own)
        .filter(|party| !case.site.actors()[party.actor].is_unnamed)
        .map(|party| &case.claim.positions[party.position])
        .collect();
    let clusters = |bonds: &[Bond]| -> usize {
        let numbers = origins(case.site, case.ties, &own, bonds);
        numbers.into_iter().collect::<BTreeSet<_>>().len()
    };
    let apart = clusters(&[Bond::Root, Bond::Joint, Bond::Mark]);
    if apart < 2 || clusters(&[Bond::Sources]) != 1 {
        return None;
    }
    let first = first_written(own.iter().copied())?;
    let message = format!("all support for `{}` traces to one source", case.claim.id);
    let second = own.iter().find(|position| position.by != first.by)?;
    Some(
        Diagnostic::new(Code::SingleOrigin, place(first), message)
            .label("counted as one origin with the others")
            .other(place(second), format!("`{}` rests on the same", case.speaker(second)))
            .hint("cite what each party published itself, or write `joint=TAG` in the marks of those who spoke together"),
    )
}

fn second_hand_only(case: &Case) -> Option<Diagnostic> {
    let positions = &case.claim.positions;
    if positions
        .iter()
        .any(|position| position.stance.side() == Side::Own)
    {
        return None;
    }
    let passes_on =
        |position: &&Position| matches!(position.stance, Stance::Reports | Stance::Endorses);
    let first = first_written(positions.iter().filter(passes_on))?;
    let id = &case.claim.id;
    Some(
        Diagnostic::new(
            Code::SecondHandOnly,
            place(first),
            format!("`{id}` is on record at second hand only"),
        )
        .label(format!("`{}` passes it on", case.speaker(first)))
        .hint(format!(
            "add who says it: `[words](claim:{id} \"by=actor-id\")`"
        )),
    )
}
