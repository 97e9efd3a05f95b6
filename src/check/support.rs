//! Checks the support of a claim: sources, origins, first-hand statements.

use super::{Case, first_written, place};
use crate::derive::{Bond, Join};
use crate::diag::{Code, Diagnostic};
use crate::model::{Mode, Position, Side, Stance};

/// Checks the support of a claim.
pub(super) fn check(case: &Case, found: &mut Vec<Diagnostic>) {
    for position in case.first_of_marks(|position| needs_source(case, position)) {
        found.extend(claim_without_source(case, position));
    }
    found.extend(single_origin(case));
    found.extend(second_hand_only(case));
}

/// Unnamed parties on background or in a leak need no source: the language allows it.
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
            .label("no source is cited for these words")
            .hint(
                "cite a source after the words, `[@source-id]`, or add `src=source-id` to the \
                 mark",
            ),
    )
}

/// Returns the noun for a position with this stance, for messages; `None` for a silence, which
/// needs no document.
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

/// Reports parties without other relations that have one origin, because their sources have one
/// origin.
fn single_origin(case: &Case) -> Option<Diagnostic> {
    let standing = &case.standings[case.id];
    let [origin] = standing.origins.as_slice() else {
        return None;
    };
    let is_by_source = |join: &Join| match join.bond {
        Bond::Source(_) => true,
        Bond::Root(_) | Bond::Spokesman | Bond::Joint | Bond::Mark => false,
    };
    // Parties that openly speak together are not reported.
    let is_open = |join: &Join| match join.bond {
        Bond::Spokesman | Bond::Joint | Bond::Mark => true,
        Bond::Root(_) | Bond::Source(_) => false,
    };
    if origin.joins.iter().any(is_open) || !origin.joins.iter().any(is_by_source) {
        return None;
    }
    let own: Vec<&Position> = origin
        .parties
        .iter()
        .map(|party| &case.claim.positions[standing.parties[*party].position])
        .collect();
    let first = first_written(own.iter().copied())?;
    let message = format!("all support for `{}` is based on one source", case.claim.id);
    let second = own.iter().find(|position| position.by != first.by)?;
    Some(
        Diagnostic::new(Code::SingleOrigin, place(first), message)
            .label("counts as one origin together with the others")
            .other(
                place(second),
                format!("based on the same source: `{}`", case.speaker(second)),
            )
            .hint(
                "cite the document that each party published, or add `joint=TAG` to the marks \
                   of parties that spoke together",
            ),
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
            format!("`{id}` is only on record at second hand"),
        )
        .label(format!(
            "`{}` reports the words of others",
            case.speaker(first)
        ))
        .hint(format!(
            "add the statement of the speaker: `[words](claim:{id} \"by=actor-id\")`"
        )),
    )
}
