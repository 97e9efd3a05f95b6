//! Collects what marks and files state about a claim itself, and checks that it agrees.

use std::collections::BTreeMap;

use super::Linker;
use super::ids::{Admitted, admits_first};
use super::marks::{MarkContext, inherited};
use super::names::Names;
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Claim, Doc, Event, Id, Stance};
use crate::parse::{Front, Verb};
use crate::text::Place;

/// The statements about a claim in its marks.
#[derive(Default)]
pub struct Said {
    /// Explicit sets of accused and of subjects, with their places.
    against: Vec<(Vec<Id<Actor>>, Place)>,
    about: Vec<(Vec<Id<Actor>>, Place)>,
    /// The same from headings and front matter, which count only if there are no explicit ones.
    inherited_against: Vec<(Vec<Id<Actor>>, Place)>,
    inherited_about: Vec<(Vec<Id<Actor>>, Place)>,
    text: Vec<(String, Place)>,
    kind: Vec<(String, Place)>,
    event: Vec<(Id<Event>, Place)>,
    inherited_event: Option<Id<Event>>,
    /// The words of the first mark that states it.
    words: Option<String>,
    /// The words of the first mark that admits it before it is stated.
    admitted: Option<String>,
}

impl Linker<'_> {
    /// Reads the claim's file first.
    pub fn said_in_files(&self, admitted: &Admitted<'_>, said: &mut BTreeMap<Id<Claim>, Said>) {
        for (doc, draft, _) in &admitted.docs {
            let (Doc::Claim(id), Front::Claim(front)) = (doc, &draft.front) else {
                continue;
            };
            let claim = &self.parts.claims[*id];
            let place = claim.place.clone();
            let said = said.entry(*id).or_default();
            if front.against.is_some() {
                said.against.push((claim.against.clone(), place.clone()));
            }
            if front.about.is_some() {
                said.about.push((claim.about.clone(), place.clone()));
            }
            if let Some((text, span)) = &front.text {
                said.text.push((text.clone(), draft.place(*span)));
            }
            said.kind
                .extend(front.kind.clone().map(|kind| (kind, place.clone())));
            said.event.extend(claim.event.map(|event| (event, place)));
        }
    }

    /// Records what a mark states about the claim itself.
    pub fn gather(
        &mut self,
        claim: Id<Claim>,
        names: &Names<'_>,
        here: &MarkContext<'_>,
        said: &mut BTreeMap<Id<Claim>, Said>,
    ) {
        let MarkContext {
            draft, raw, words, ..
        } = *here;
        let is_stated = raw.verb == Verb::Position(Stance::Claims);
        let (map, attrs) = (draft.text.map(), &raw.attrs);
        let place = map.place(raw.span);
        let said = said.entry(claim).or_default();
        if let Some(list) = &attrs.against {
            said.against
                .push((self.actors_of(map, list, names), place.clone()));
        }
        if let Some(list) = &attrs.about {
            said.about
                .push((self.actors_of(map, list, names), place.clone()));
        }
        if is_stated {
            if attrs.against.is_none()
                && let Some(list) = inherited(draft, raw, |attrs| attrs.against.as_ref())
            {
                said.inherited_against
                    .push((self.actors_of(map, list, names), place.clone()));
            }
            if attrs.about.is_none()
                && let Some(list) = inherited(draft, raw, |attrs| attrs.about.as_ref())
            {
                said.inherited_about
                    .push((self.actors_of(map, list, names), place.clone()));
            }
            if said.inherited_event.is_none()
                && let Some(name) = inherited(draft, raw, |attrs| attrs.event.as_ref())
            {
                said.inherited_event = names.event(map, name).ok();
            }
            said.words.get_or_insert_with(|| words.to_string());
        }
        if let Verb::Position(stance) = raw.verb
            && admits_first(stance, raw)
        {
            said.admitted.get_or_insert_with(|| words.to_string());
        }
        if let Some(text) = &attrs.text {
            said.text.push((text.value.clone(), map.place(text.span)));
        }
        said.kind
            .extend(attrs.kind.clone().map(|kind| (kind, place.clone())));
        if let Some(event) = attrs
            .event
            .as_ref()
            .and_then(|name| self.event_of(names, map, name))
        {
            said.event.push((event, place));
        }
        let lists = [&attrs.supports, &attrs.contradicts, &attrs.part];
        let [supports, contradicts, part] =
            lists.map(|list| self.claims_of(map, list.as_deref().unwrap_or(&[]), names));
        let claim = self.parts.claims.get_mut(claim);
        for (into, from) in [
            (&mut claim.supports, supports),
            (&mut claim.contradicts, contradicts),
            (&mut claim.part, part),
        ] {
            for other in from {
                if !into.contains(&other) {
                    into.push(other);
                }
            }
        }
    }

    /// Merges the statements about a claim; contradictions are errors.
    pub fn settle(&mut self, id: Id<Claim>, said: Said) {
        let name = self.parts.claims[id].id.clone();
        let mut faults = Vec::new();
        let against = agreed(&name, "against", said.against, &mut faults)
            .or_else(|| agreed(&name, "against", said.inherited_against, &mut faults));
        let about = agreed(&name, "about", said.about, &mut faults)
            .or_else(|| agreed(&name, "about", said.inherited_about, &mut faults));
        let text = single(&name, "text", said.text, &mut faults);
        let kind = single(&name, "kind", said.kind, &mut faults);
        let event = single(&name, "event", said.event, &mut faults).or(said.inherited_event);
        let claim = self.parts.claims.get_mut(id);
        claim.against = against.unwrap_or_default();
        claim.about = about.unwrap_or_default();
        claim.kind = kind;
        claim.event = event;
        claim.text = text
            .or(said.words)
            .or(said.admitted)
            .unwrap_or_else(|| name.clone());
        self.diagnostics.extend(faults);
    }
}

/// Returns the set, if all sets are equal.
fn agreed(
    claim: &str,
    key: &str,
    given: Vec<(Vec<Id<Actor>>, Place)>,
    faults: &mut Vec<Diagnostic>,
) -> Option<Vec<Id<Actor>>> {
    let mut given = given.into_iter();
    let (first, place) = given.next()?;
    let mut sorted = first.clone();
    sorted.sort_unstable();
    for (mut other, at) in given {
        other.sort_unstable();
        if other != sorted {
            faults.push(conflicting(at, "claim", claim, key, place.clone()));
        }
    }
    Some(first)
}

/// Returns the value, if all values are equal.
fn single<T: PartialEq>(
    claim: &str,
    key: &str,
    given: Vec<(T, Place)>,
    faults: &mut Vec<Diagnostic>,
) -> Option<T> {
    let mut given = given.into_iter();
    let (first, place) = given.next()?;
    for (other, at) in given {
        if other != first {
            faults.push(conflicting(at, "claim", claim, key, place.clone()));
        }
    }
    Some(first)
}

pub fn conflicting(place: Place, what: &str, id: &str, key: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ConflictingClaim,
        place,
        format!("conflicting values of `{key}` for the {what} `{id}`"),
    )
    .label("this value differs")
    .other(other, "from the value here")
    .hint(format!(
        "set `{key}` in one place only, or to the same value everywhere"
    ))
}
