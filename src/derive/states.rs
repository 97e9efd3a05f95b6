//! The state of each position at the end of the record. All other code uses it to decide whether a
//! party still holds a position.

use super::Standing;
use crate::model::{Claim, PositionState, Side, Stance};

/// The state of a position, and what ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    pub state: PositionState,
    /// The index of the later position of the same party that replaced or withdrew it, in the
    /// claim's positions.
    pub ended_by: Option<usize>,
}

/// Returns the state of the position `at` of a claim.
pub fn fate(claim: &Claim, standing: &Standing, at: usize) -> Fate {
    let position = &claim.positions[at];
    let unended = |state| Fate {
        state,
        ended_by: None,
    };
    if position.stance == Stance::Reports {
        return unended(PositionState::Report);
    }
    if standing.parties.iter().any(|party| party.position == at) {
        return unended(PositionState::Current);
    }
    let mut parties = standing.parties.iter();
    if parties.any(|party| party.remarks.contains(&at)) {
        return unended(PositionState::Remark);
    }
    // Each mark of the unnamed actor is a separate party, so it is never replaced and is not looked
    // up here.
    let later = claim.positions.iter().enumerate().skip(at + 1);
    let later = later.filter(|(_, it)| it.by == position.by);
    let find = |wanted: &dyn Fn(Stance) -> bool| {
        let mut found = later.clone().filter(|(_, it)| wanted(it.stance));
        found.next().map(|(place, _)| place)
    };
    let clears = |stance: Stance| stance.side() == Side::Cleared;
    if let Some(place) = find(&clears) {
        return Fate {
            state: PositionState::Withdrawn,
            ended_by: Some(place),
        };
    }
    let replaces = |stance: Stance| stance.is_substantive();
    let any = |stance: Stance| stance != Stance::Reports;
    Fate {
        state: PositionState::Replaced,
        ended_by: find(&replaces).or_else(|| find(&any)),
    }
}
