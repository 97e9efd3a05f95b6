//! Diagnostics of invalid ids, where ids are created.

use std::collections::BTreeSet;

use super::ids::{Admitted, is_id};
use crate::diag::{Code, Diagnostic, Fix};
use crate::parse::Verb;
use crate::text::{Place, slug};

/// Returns the places at which marks use the id, with any verb.
pub(super) fn places_of_id(admitted: &Admitted<'_>, id: &str) -> Vec<Place> {
    let marks = admitted.docs.iter().flat_map(|(_, draft, _)| {
        let marks = draft.marks.iter().filter(|mark| mark.verb != Verb::Event);
        marks.map(move |mark| (*draft, mark))
    });
    let names = marks.flat_map(|(draft, mark)| mark.ids.iter().map(move |name| (draft, name)));
    names
        .filter(|(_, name)| &*name.text == id)
        .map(|(draft, name)| draft.place(name.span))
        .collect()
}

pub(super) fn unreadable_id(place: Place, id: &str) -> Diagnostic {
    let near = slug(id);
    let hint = if is_id(&near) {
        format!("write `{near}`")
    } else {
        "write 2 to 64 characters, beginning with a letter".to_string()
    };
    Diagnostic::new(Code::UnreadableId, place, format!("invalid id `{id}`"))
        .label("expected a lower-case letter, then letters, digits, `.` and `-`")
        .hint(hint)
}

/// Reports an invalid id of a claim, once for all of its marks.
pub(super) fn unreadable_claim_id(
    id: &str,
    places: BTreeSet<Place>,
    all: Vec<Place>,
) -> Diagnostic {
    let mut places = places.into_iter();
    let first = places.next().expect("the first place");
    let told = places.fold(unreadable_id(first, id), |told, place| {
        told.other(place, "another place")
    });
    let near = slug(id);
    if is_id(&near) {
        told.fix(Fix {
            edits: all.into_iter().map(|place| (place, near.clone())).collect(),
        })
    } else {
        told
    }
}

pub(super) fn duplicate_id(place: Place, id: &str, other: Place) -> Diagnostic {
    Diagnostic::new(Code::DuplicateId, place, format!("duplicate id `{id}`"))
        .label("this file is ignored")
        .other(other, "first used here")
        .hint("rename one of the files, or add a different `id:` to it")
}

pub(super) fn claim_without_id(place: Place, id: &str, verb: Place) -> Diagnostic {
    let mut behind = verb.clone();
    behind.span.start = behind.span.end;
    let told = Diagnostic::new(Code::ClaimWithoutId, place, "claim without a stable id")
        .label("its address is derived from its words and changes with them");
    // `.claim` in braces and `claim:` in parentheses have their ids in different places.
    let is_class = verb.span.range().len() > "claim".len();
    if is_class {
        told.hint(format!("write `.claim #{id}`"))
            .fix(Fix::replace(behind, format!(" #{id}")))
    } else {
        behind.span.start += 1;
        behind.span.end += 1;
        told.hint(format!("write `claim:{id}`"))
            .fix(Fix::replace(behind, id))
    }
}
