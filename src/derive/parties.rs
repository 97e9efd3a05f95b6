//! Computes the current position of every party to a claim, from the positions in their order.

use indexmap::IndexMap;

use crate::model::{Actor, Doc, Id, MarkNo, Position, Side, Site, Stance};

/// A party to a claim and its current position.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    pub actor: Id<Actor>,
    pub sign: char,
    /// Its current stance; `Retracts` or `Corrects` if it withdrew.
    pub stance: Stance,
    /// The index of its current position in the claim's positions.
    pub position: usize,
    /// The number of its positions, without `reports`.
    pub count: usize,
    /// Its later remarks without a side, as indices in the claim's positions. They are shown next
    /// to the substantive position and do not replace it.
    pub remarks: Vec<usize>,
    /// True if it made the claim and withdrew it.
    pub withdrew: bool,
    /// True if it replaced the claim with another one and never denied it.
    pub replaced: bool,
}

/// The identity of a party. Each mark of the unnamed actor is a separate party: one anonymous
/// official never replaces another.
type Key = (Id<Actor>, Option<(Doc, MarkNo)>);

/// Returns the current position of each party. `heard` has the positions in order with their
/// indices. Parties are in the order of their first positions.
pub(super) fn parties(site: &Site, heard: &[(usize, &Position)]) -> Vec<Party> {
    let mut parties: IndexMap<Key, Party> = IndexMap::new();
    for (at, position) in heard {
        let Some(sign) = position.stance.sign() else {
            continue;
        };
        let party = parties.entry(key(site, position)).or_insert(Party {
            actor: position.by,
            sign,
            stance: position.stance,
            position: *at,
            count: 0,
            remarks: Vec::new(),
            withdrew: false,
            replaced: false,
        });
        let before = (party.count > 0).then_some(party.stance);
        party.count += 1;
        match effect(before, position.stance) {
            Effect::Replaces => {
                party.withdrew = false;
                party.replaced = false;
            }
            Effect::Clears => {
                let said = before.is_some_and(Stance::is_support);
                party.withdrew |= said;
                party.replaced =
                    position.stance == Stance::Corrects && (party.withdrew || before.is_none());
            }
            Effect::Remarks => {
                party.remarks.push(*at);
                continue;
            }
            Effect::Nothing => continue,
        }
        party.remarks.clear();
        party.sign = sign;
        party.stance = position.stance;
        party.position = *at;
    }
    parties.into_values().collect()
}

/// The effect of a new position on the current one.
enum Effect {
    /// It replaces it.
    Replaces,
    /// It replaces it and withdraws it.
    Clears,
    /// It is recorded next to it.
    Remarks,
    /// It is ignored.
    Nothing,
}

fn effect(before: Option<Stance>, stance: Stance) -> Effect {
    if stance.side() == Side::Cleared {
        return Effect::Clears;
    }
    match before {
        Some(before) if before.is_substantive() && !stance.is_substantive() => Effect::Remarks,
        Some(before) if stance == Stance::NoResponse && before.side() != Side::Cleared => {
            if before == Stance::NoResponse {
                Effect::Replaces
            } else {
                Effect::Nothing
            }
        }
        Some(_) | None => Effect::Replaces,
    }
}

fn key(site: &Site, position: &Position) -> Key {
    let is_unnamed = site.actors()[position.by].is_unnamed;
    let mark = is_unnamed.then_some((position.doc, position.mark));
    (position.by, mark)
}
