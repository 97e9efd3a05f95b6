//! What marks and files say of a claim itself is gathered and must agree.

use std::collections::BTreeMap;

use super::Linker;
use super::admit::Admitted;
use super::marks::{Here, inherited};
use super::names::Names;
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Claim, Doc, Event, Id, Stance};
use crate::parse::{Front, Verb};
use crate::text::Place;

/// What is known of claims from their marks, to be compared and merged.
#[derive(Default)]
pub struct Said {
    /// Explicit sets of accused and of subjects, each with its place.
    against: Vec<(Vec<Id<Actor>>, Place)>,
    about: Vec<(Vec<Id<Actor>>, Place)>,
    /// The same from headings and front matter: they count where nothing explicit does.
    inherited_against: Vec<(Vec<Id<Actor>>, Place)>,
    inherited_about: Vec<(Vec<Id<Actor>>, Place)>,
    text: Vec<(String, Place)>,
    kind: Vec<(String, Place)>,
    event: Vec<(Id<Event>, Place)>,
    inherited_event: Option<Id<Event>>,
    /// The words of the first mark that states it.
    words: Option<String>,
}

impl Linker<'_> {
    /// A claim's file speaks first.
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
                said.text
                    .push((text.clone(), Place::new(&draft.file, *span)));
            }
            said.kind
                .extend(front.kind.clone().map(|kind| (kind, place.clone())));
            said.event.extend(claim.event.map(|event| (event, place)));
        }
    }

    /// Notes what a mark says of the claim itself.
    pub fn gather(
        &mut self,
        claim: Id<Claim>,
        names: &Names<'_>,
        here: &Here<'_>,
        said: &mut BTreeMap<Id<Claim>, Said>,
    ) {
        let Here {
            draft, raw, words, ..
        } = *here;
        let is_stated = raw.verb == Verb::Position(Stance::Claims);
        let (file, attrs) = (&draft.file, &raw.attrs);
        let place = Place::new(file, raw.span);
        let said = said.entry(claim).or_default();
        if let Some(list) = &attrs.against {
            said.against
                .push((self.actors_of(file, list, names), place.clone()));
        }
        if let Some(list) = &attrs.about {
            said.about
                .push((self.actors_of(file, list, names), place.clone()));
        }
        if is_stated {
            if attrs.against.is_none()
                && let Some(list) = inherited(draft, raw, |attrs| attrs.against.as_ref())
            {
                said.inherited_against
                    .push((self.actors_of(file, list, names), place.clone()));
            }
            if attrs.about.is_none()
                && let Some(list) = inherited(draft, raw, |attrs| attrs.about.as_ref())
            {
                said.inherited_about
                    .push((self.actors_of(file, list, names), place.clone()));
            }
            if said.inherited_event.is_none()
                && let Some(name) = inherited(draft, raw, |attrs| attrs.event.as_ref())
            {
                said.inherited_event = names.event(file, name).ok();
            }
            said.words.get_or_insert_with(|| words.to_string());
        }
        if let Some(text) = &attrs.text {
            said.text
                .push((text.value.clone(), Place::new(file, text.span)));
        }
        said.kind
            .extend(attrs.kind.clone().map(|kind| (kind, place.clone())));
        if let Some(event) = attrs
            .event
            .as_ref()
            .and_then(|name| self.ok(names.event(file, name)))
        {
            said.event.push((event, place));
        }
        let lists = [&attrs.supports, &attrs.contradicts, &attrs.part];
        let [supports, contradicts, part] =
            lists.map(|list| self.claims_of(file, list.as_deref().unwrap_or(&[]), names));
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

    /// Merges what was said of a claim; what does not agree is an error.
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
        claim.text = text.or(said.words).unwrap_or_else(|| name.clone());
        self.diagnostics.extend(faults);
    }
}

/// The set that all agree on.
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

/// The one value that all agree on.
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
        format!("the {what} `{id}` is given two values of `{key}`"),
    )
    .label("this one differs")
    .other(other, "from what is said here")
    .hint(format!(
        "give `{key}` in one place only, or the same everywhere"
    ))
}
