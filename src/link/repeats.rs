//! Positions that are marked again: equal ones, and ones with differences.

use std::collections::{BTreeSet, HashMap};

use super::Linker;
use super::marks::MarkContext;
use super::owners::sole_author;
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{
    Actor, Citation, Claim, Id, PartialDate, Position, SiteParts, Source, Stance, Wording,
};
use crate::parse::{Draft, RawMark};
use crate::text::Place;

/// The positions and events so far.
#[derive(Default)]
pub struct Seen {
    pub positions: HashMap<Same, usize>,
    /// The statements of each party in its own documents, for any day.
    own: HashMap<Own, usize>,
    /// The events that cite a source, known or unknown.
    pub cited_events: BTreeSet<String>,
}

/// A claim, a party, a stance and the party's own documents.
type Own = (Id<Claim>, Id<Actor>, Stance, Vec<Id<Source>>);

impl Seen {
    /// Returns the position of the same party in the same documents of its own on another day.
    pub fn own_document(&mut self, same: &Same, parts: &SiteParts) -> Option<usize> {
        let (claim, actor, stance, on, sources, _) = same;
        let is_own = |source: &Id<Source>| sole_author(&parts.sources[*source]) == Some(*actor);
        if on.is_none() || sources.is_empty() || !sources.iter().all(is_own) {
            return None;
        }
        let positions = &parts.claims[*claim].positions;
        let key = (*claim, *actor, *stance, sources.clone());
        let before = *self.own.entry(key).or_insert(positions.len());
        let first = positions.get(before)?;
        (first.on.is_some() && first.on != *on).then_some(before)
    }
}

/// The identity of a position: actor, stance, date and sources; for `reports`, whose words they are,
/// and for `corrects`, the claim that replaces it.
pub type Same = (
    Id<Claim>,
    Id<Actor>,
    Stance,
    Option<PartialDate>,
    Vec<Id<Source>>,
    (Vec<Id<Actor>>, Option<Id<Claim>>),
);

impl Linker<'_> {
    /// Adds a mark with `cont` to an earlier one: its citations belong to the earlier positions,
    /// and its attributes must not differ from theirs.
    pub fn continued(
        &mut self,
        here: &MarkContext<'_>,
        claim: Id<Claim>,
        stance: Stance,
        by: &[Id<Actor>],
        sources: &[Citation],
    ) {
        let MarkContext {
            doc,
            no,
            draft,
            raw,
            ..
        } = *here;
        let positions = &mut self.parts.claims.get_mut(claim).positions;
        let is_before = |position: &&Position| {
            position.doc == doc && position.mark < no && position.stance == stance
        };
        let of_party = |position: &&Position| by.is_empty() || by.contains(&position.by);
        let mut before = positions.iter().rev().filter(is_before).filter(of_party);
        let Some(mark) = before.next().map(|position| position.mark) else {
            return;
        };
        let is_own = raw.attrs.src.is_some() || !raw.cites.is_empty();
        let place = draft.place(raw.span);
        let mut is_told = false;
        for position in positions
            .iter_mut()
            .filter(|it| it.doc == doc && it.mark == mark)
        {
            if is_own {
                for cited in sources {
                    if !position.sources.iter().any(|it| it.source == cited.source) {
                        position.sources.push(cited.clone());
                    }
                }
                position.is_cited = true;
            }
            let attrs = &raw.attrs;
            let key = match () {
                () if attrs
                    .on
                    .as_ref()
                    .is_some_and(|on| Some(on.value) != position.on) =>
                {
                    "on"
                }
                () if attrs.mode.is_some_and(|mode| mode != position.mode) => "mode",
                () => continue,
            };
            if !std::mem::replace(&mut is_told, true) {
                let first = position.place.clone();
                self.diagnostics.push(differs_from(
                    key,
                    "the mark that it continues",
                    place.clone(),
                    first,
                ));
            }
        }
    }
}

/// Adds a repeated mark to its position: attributes that the first mark lacks are kept. Verbatim
/// words replace a translation, and a translation replaces a paraphrase.
pub fn fill_in(position: &mut Position, again: Position) {
    let rank = |wording: Wording| match wording {
        Wording::Verbatim => 2,
        Wording::Translation => 1,
        Wording::Paraphrase => 0,
    };
    let is_better = rank(again.wording()) > rank(position.wording());
    position.voice = position.voice.or(again.voice);
    position.confidence = position.confidence.take().or(again.confidence);
    position.likelihood = position.likelihood.take().or(again.likelihood);
    position.grade = position.grade.or(again.grade);
    position.basis = position.basis.or(again.basis);
    position.joint = position.joint.take().or(again.joint);
    position.note = position.note.take().or(again.note);
    position.asked = position.asked.or(again.asked);
    position.via = position.via.take().or(again.via);
    position.by_date = position.by_date.or(again.by_date);
    for cited in again.sources {
        let is_known = |it: &Citation| it.source == cited.source && it.locator == cited.locator;
        if !position.sources.iter().any(is_known) {
            position.sources.push(cited);
        }
    }
    if is_better {
        position.quote = again.quote;
        position.words = again.words;
        position.verbatim_place = again.verbatim_place;
        position.orig = again.orig;
        position.lang = again.lang;
        position.doc = again.doc;
        position.mark = again.mark;
        position.place = again.place;
    }
}

/// Returns the keys by which a repeated mark contradicts the first one.
pub fn differing<'k>(
    first: &Position,
    again: &Position,
    says_mode: bool,
) -> impl Iterator<Item = &'k str> {
    fn apart<T: PartialEq>(a: &Option<T>, b: &Option<T>) -> bool {
        a.is_some() && b.is_some() && a != b
    }
    let keys = [
        ("conf", apart(&first.confidence, &again.confidence)),
        ("likely", apart(&first.likelihood, &again.likelihood)),
        ("voice", apart(&first.voice, &again.voice)),
        ("grade", apart(&first.grade, &again.grade)),
        ("basis", apart(&first.basis, &again.basis)),
        ("asked", apart(&first.asked, &again.asked)),
        ("via", apart(&first.via, &again.via)),
        ("by-date", apart(&first.by_date, &again.by_date)),
        ("mode", says_mode && first.mode != again.mode),
    ];
    keys.into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(key, _)| key)
}

pub fn differs(key: &str, claim: &str, first: &Position, again: &Position) -> Diagnostic {
    let what = format!("the first mark of this position on `{claim}`");
    differs_from(key, &what, again.place.clone(), first.place.clone())
}

fn differs_from(key: &str, what: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(
        Code::DifferingRepeat,
        place,
        format!("`{key}` differs from {what}"),
    )
    .label("same party, day and sources: this is the same position")
    .other(first, "the first mark")
    .hint(format!(
        "write the same `{key}` in both marks, or cite another source here"
    ))
}

pub fn other_day_of(
    draft: &Draft,
    raw: &RawMark,
    claim: &str,
    first: &Position,
    again: &Position,
) -> Diagnostic {
    let day = first.on.map_or_else(String::new, |on| on.to_string());
    let told = Diagnostic::new(
        Code::DifferingRepeat,
        again.place.clone(),
        format!("`on` differs from the first mark of this position on `{claim}`"),
    )
    .label("same document of this party, but a different day")
    .other(first.place.clone(), format!("dated {day}"))
    .hint(format!(
        "write `on={day}` in both marks, or cite the document of the other day"
    ));
    match &raw.attrs.on {
        Some(on) => told.fix(Fix::replace(draft.place(on.span), day)),
        None => told,
    }
}
