//! Converts marks to positions and events: collects inherited attributes and resolves references.

use std::collections::BTreeMap;

use super::claims::{Said, conflicting};
use super::ids::Admitted;
use super::names::Names;
use super::owners::sole_author;
use super::repeats::{Seen, differing, differs, fill_in, other_day_of};
use super::{Linker, levels};
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Actor, Appearance, Citation, Claim, Doc, Id, Mark, MarkNo, MarkRole, Mode, PartialDate,
    Position, Stance,
};
use crate::parse::{Attribution, Attrs, Draft, Front, Name, RawMark, Verb};
use crate::text::{Place, fold};

impl Linker<'_> {
    /// Creates positions, appearances and events, in page order.
    pub fn marks(&mut self, admitted: &Admitted<'_>, names: &Names<'_>) {
        let mut said: BTreeMap<Id<Claim>, Said> = BTreeMap::new();
        self.said_in_files(admitted, &mut said);
        let mut seen = Seen::default();
        for (doc, draft, anchors) in &admitted.docs {
            let mut marks = Vec::new();
            let wording = self.wording(draft, names);
            for (number, raw) in draft.marks.iter().enumerate() {
                let no = MarkNo(number as u32);
                let words = wording.of(&raw.words, raw.words_span);
                let here = MarkContext {
                    doc: *doc,
                    no,
                    draft,
                    raw,
                    words: &words,
                };
                let role = match raw.verb {
                    Verb::Event => self.event(admitted, names, &here, &mut seen),
                    Verb::Position(stance) => {
                        self.position(admitted, names, &here, stance, &mut said, &mut seen)
                    }
                };
                marks.push(Mark {
                    role,
                    anchor: anchors.marks[number].clone(),
                    words,
                    whole_quote: raw.whole_quote.is_some(),
                    continues: raw.attrs.cont,
                    span: raw.span,
                    lang: raw.attrs.lang.as_deref().map(Into::into),
                    tlp: levels::of_mark(draft, raw),
                });
            }
            self.check_nesting(draft, &marks);
            self.check_groups(draft, &marks, names);
            let prose = match doc {
                Doc::Briefing(id) => &mut self.parts.briefings.get_mut(*id).prose,
                Doc::Actor(id) => &mut self.parts.actors.get_mut(*id).prose,
                Doc::Claim(id) => &mut self.parts.claims.get_mut(*id).prose,
            };
            prose.marks = marks;
        }
        for (claim, said) in said {
            self.settle(claim, said);
        }
        for (_, event) in self.parts.events.iter() {
            if event.sources.is_empty() && !seen.cited_events.contains(&event.id) {
                let told = event_without_source(event.place.clone(), &event.id);
                self.diagnostics.push(told);
            }
        }
        for claim in self.parts.claims.ids() {
            let claim = self.parts.claims.get_mut(claim);
            // Undated positions come first. The sort is stable, so positions of one day stay in the
            // order of pages and lines.
            claim
                .positions
                .sort_by_key(|position| position.on.map(|on| on.order()));
        }
    }

    fn event(
        &mut self,
        admitted: &Admitted<'_>,
        names: &Names<'_>,
        here: &MarkContext<'_>,
        seen: &mut Seen,
    ) -> MarkRole {
        let MarkContext {
            doc,
            draft,
            raw,
            words,
            ..
        } = *here;
        let id = match raw.ids.first() {
            Some(name) => name.text.to_string(),
            None => super::ids::generated_id(&raw.words, &mut Default::default()),
        };
        let Some(event) = admitted.events.get(&id).copied() else {
            return nothing(Stance::Claims);
        };
        let who = self.actors_of(
            draft.text.map(),
            raw.attrs.who.as_deref().unwrap_or(&[]),
            names,
        );
        let (sources, is_cited) = self.citations(names, draft, raw);
        if is_cited {
            seen.cited_events.insert(id.clone());
        }
        let dated = self.first_date(&sources);
        let place = draft.place(raw.span);
        let target = self.parts.events.get_mut(event);
        let mut conflict = None;
        if let (Some(on), Some(before)) = (&raw.attrs.on, target.on)
            && on.value != before
            && !target.text.is_empty()
        {
            let first = target.place.clone();
            conflict = Some(conflicting(place.clone(), "event", &id, "on", first));
        }
        if target.text.is_empty() {
            let inherited = inherited(draft, raw, |attrs| attrs.on.as_ref());
            target.on = raw
                .attrs
                .on
                .as_ref()
                .or(inherited)
                .map(|on| on.value)
                .or(dated);
            target.text = match &raw.attrs.text {
                Some(text) => text.value.clone(),
                None => words.to_string(),
            };
            target.doc = doc;
            target.place = place;
        }
        for actor in who {
            if !target.who.contains(&actor) {
                target.who.push(actor);
            }
        }
        for source in sources {
            if !target.sources.contains(&source) {
                target.sources.push(source);
            }
        }
        self.diagnostics.extend(conflict);
        MarkRole::Event(event)
    }

    fn position(
        &mut self,
        admitted: &Admitted<'_>,
        names: &Names<'_>,
        here: &MarkContext<'_>,
        stance: Stance,
        said: &mut BTreeMap<Id<Claim>, Said>,
        seen: &mut Seen,
    ) -> MarkRole {
        let MarkContext {
            doc,
            no,
            draft,
            raw,
            words,
        } = *here;
        let map = draft.text.map();
        let mut claims: Vec<Id<Claim>> = Vec::new();
        match admitted.generated.get(&(doc, no)) {
            Some(id) => claims.extend(admitted.claims.get(id)),
            None => {
                for name in &raw.ids {
                    let claim = self.position_on(names, draft, stance, name);
                    // A repeated id has no effect.
                    claims.extend(claim.filter(|claim| !claims.contains(claim)));
                }
            }
        }
        if raw.ids.is_empty() && stance != Stance::Claims {
            self.diagnostics
                .push(no_claim_named(map.place(raw.verb_span), stance));
        }
        let (sources, is_cited) = self.citations(names, draft, raw);
        let by = self.speakers(names, draft, raw, &sources);
        let voice = pick(draft, raw, |attrs| attrs.voice.as_ref());
        let voice = voice.and_then(|name| self.ok(names.actor(map, name)));
        let with = raw
            .attrs
            .with
            .as_ref()
            .and_then(|name| self.claim_of(names, map, name));
        if let (Stance::Corrects, Some(name), Some(with)) = (stance, &raw.attrs.with, with)
            && claims.contains(&with)
        {
            self.diagnostics
                .push(corrects_by_itself(map.place(name.span), &name.text));
        }
        if stance == Stance::Corrects && raw.attrs.with.is_none() {
            self.diagnostics
                .push(corrects_without_with(map.place(raw.verb_span)));
        }
        let said_by = self.actors_of(map, raw.attrs.said_by.as_deref().unwrap_or(&[]), names);
        let on = if stance.is_silence() {
            // A silence has no document: its date is the day until which there was no reply.
            let own = raw.attrs.on.as_ref().map(|on| on.value);
            own.or(raw.attrs.by_date)
                .or_else(|| self.record_date_of(doc))
        } else {
            pick(draft, raw, |attrs| attrs.on.as_ref().map(|on| &on.value))
                .copied()
                .or_else(|| self.first_date(&sources))
                .or_else(|| self.date_of(doc))
        };
        let inherits = stance.inherits_circumstances();
        let mode = if inherits {
            pick(draft, raw, |attrs| attrs.mode.as_ref()).copied()
        } else {
            raw.attrs.mode
        };
        let mode = mode.or_else(|| {
            let mut cited = sources.iter().filter(|_| inherits);
            cited.find_map(|cited| self.parts.sources[cited.source].mode)
        });
        let orig = raw.attrs.orig.as_ref();
        if raw.attrs.cont && !continues(draft, no, raw) {
            let place = map.place(raw.verb_span);
            self.diagnostics.push(nothing_to_continue(place));
        }
        for claim in &claims {
            self.gather(*claim, names, here, said);
            self.parts
                .claims
                .get_mut(*claim)
                .appearances
                .push(Appearance { doc, mark: no });
            if raw.attrs.cont {
                let by = if raw.attrs.by.is_some() { &by[..] } else { &[] };
                self.continued(here, *claim, stance, by, &sources);
                continue;
            }
            for actor in &by {
                let place = map.place(raw.span);
                if !self.has_room_for(words, &place) {
                    break;
                }
                let same = (
                    *claim,
                    *actor,
                    stance,
                    on,
                    sources.iter().map(|cited| cited.source).collect(),
                    (said_by.clone(), with),
                );
                let position = Position {
                    by: *actor,
                    stance,
                    on,
                    sources: sources.clone(),
                    is_cited,
                    words: words.to_string(),
                    verbatim_place: draft.place(orig.map_or(raw.words_span, |orig| orig.span)),
                    quote: raw.attrs.quote && orig.is_none(),
                    orig: orig.map(|orig| orig.value.clone()),
                    lang: raw.attrs.lang.clone(),
                    voice,
                    confidence: pick(draft, raw, |attrs| attrs.conf.as_ref())
                        .map(|at| at.value.clone()),
                    likelihood: pick(draft, raw, |attrs| attrs.likely.as_ref())
                        .map(|at| at.value.clone()),
                    grade: pick(draft, raw, |attrs| attrs.grade.as_ref()).copied(),
                    basis: if inherits {
                        pick(draft, raw, |attrs| attrs.basis.as_ref()).copied()
                    } else {
                        raw.attrs.basis
                    },
                    mode: mode.unwrap_or(Mode::OnRecord),
                    joint: pick(draft, raw, |attrs| attrs.joint.as_ref()).cloned(),
                    with,
                    said_by: said_by.clone(),
                    asked: raw.attrs.asked,
                    by_date: raw.attrs.by_date,
                    via: raw.attrs.via.clone(),
                    note: raw.attrs.note.clone(),
                    extra: raw.attrs.extra.clone(),
                    tlp: levels::of_mark(draft, raw),
                    doc,
                    mark: no,
                    place,
                };
                let other_day = seen.own_document(&same, &self.parts);
                let claim = self.parts.claims.get_mut(*claim);
                let positions = &mut claim.positions;
                if let Some(first) = other_day.and_then(|before| positions.get(before)) {
                    let fault = other_day_of(draft, raw, &claim.id, first, &position);
                    self.diagnostics.push(fault);
                }
                // Each mark of the unnamed actor is a party of its own.
                let is_unnamed = self.parts.actors[*actor].is_unnamed;
                match seen.positions.get(&same).filter(|_| !is_unnamed) {
                    Some(before) => {
                        let first = &mut positions[*before];
                        let says_mode = pick(draft, raw, |attrs| attrs.mode.as_ref()).is_some();
                        let keys = differing(first, &position, says_mode);
                        self.diagnostics
                            .extend(keys.map(|key| differs(key, &claim.id, first, &position)));
                        fill_in(first, position);
                    }
                    None => {
                        seen.positions.insert(same, positions.len());
                        positions.push(position);
                    }
                }
            }
        }
        MarkRole::Position { stance, claims, by }
    }

    /// Returns a claim by its id; an invalid id was reported already.
    fn position_on(
        &mut self,
        names: &Names<'_>,
        draft: &Draft,
        stance: Stance,
        name: &Name,
    ) -> Option<Id<Claim>> {
        match names.claim(draft.text.map(), name) {
            Err(_) if stance == Stance::Claims && !super::ids::is_id(&name.text) => None,
            Err(_) if names.is_unreadable(name) => None,
            result => self.ok(result),
        }
    }

    /// Returns the sources of a mark, in the order of precedence, and whether any is named: an
    /// unknown source is reported as unknown, not also as missing.
    fn citations(
        &mut self,
        names: &Names<'_>,
        draft: &Draft,
        raw: &RawMark,
    ) -> (Vec<Citation>, bool) {
        let map = draft.text.map();
        let cited: Vec<_> = if let Some(own) = &raw.attrs.src {
            own.iter().collect()
        } else if !raw.cites.is_empty() {
            raw.cites
                .iter()
                .flat_map(|number| &draft.cites[*number])
                .collect()
        } else {
            inherited(draft, raw, |attrs| attrs.src.as_ref())
                .into_iter()
                .flatten()
                .collect()
        };
        let is_cited = !cited.is_empty();
        let from_text = raw.attrs.src.is_none() && !raw.cites.is_empty();
        let mut citations: Vec<Citation> = Vec::new();
        for item in cited {
            let source = match names.source(map, &item.key) {
                Ok(source) => source,
                // A citation in the text is reported there.
                Err(_) if from_text => continue,
                Err(diagnostic) => {
                    self.diagnostics.push(*diagnostic);
                    continue;
                }
            };
            let locator = match &raw.attrs.at {
                Some(at) => at.clone(),
                None => item.locator.to_string(),
            };
            if !citations.iter().any(|cited| cited.source == source) {
                citations.push(Citation { source, locator });
            }
        }
        (citations, is_cited)
    }

    /// Returns the parties of a mark, in the order of precedence.
    fn speakers(
        &mut self,
        names: &Names<'_>,
        draft: &Draft,
        raw: &RawMark,
        sources: &[Citation],
    ) -> Vec<Id<Actor>> {
        let map = draft.text.map();
        let attributed =
            |quote: Option<usize>| match quote.map(|number| &draft.attributions[number]) {
                Some(Attribution::Mark(mark)) => draft.marks[*mark].attrs.by.clone(),
                Some(Attribution::Mention(name)) => Some(vec![name.clone()]),
                Some(Attribution::None) | None => None,
            };
        let by = raw
            .attrs
            .by
            .clone()
            .or_else(|| attributed(raw.quote))
            .or_else(|| inherited(draft, raw, |attrs| attrs.by.as_ref()).cloned());
        if let Some(by) = by {
            return self.actors_of(map, &by, names);
        }
        let mut cited = sources.iter();
        let author = cited.find_map(|cited| sole_author(&self.parts.sources[cited.source]));
        if let Some(author) = author {
            return vec![author];
        }
        let unresolved = raw
            .cites
            .iter()
            .flat_map(|n| &draft.cites[*n])
            .any(|item| names.source(map, &item.key).is_err());
        // If the source of a mark is unknown, the missing speaker is a consequence.
        if !unresolved && !raw.attrs.is_unread {
            self.diagnostics.push(no_speaker(map.place(raw.span)));
        }
        Vec::new()
    }

    fn first_date(&self, sources: &[Citation]) -> Option<PartialDate> {
        let dates = sources
            .iter()
            .filter_map(|cited| self.parts.sources[cited.source].date);
        dates.min_by_key(PartialDate::first_day)
    }

    /// Returns the last day of the record for a document: its `as-of`, or its `date`.
    fn record_date_of(&self, doc: Doc) -> Option<PartialDate> {
        match doc {
            Doc::Briefing(id) => self.parts.briefings[id].as_of.or_else(|| self.date_of(doc)),
            Doc::Actor(_) | Doc::Claim(_) => None,
        }
    }

    fn date_of(&self, doc: Doc) -> Option<PartialDate> {
        match doc {
            Doc::Briefing(id) => self.parts.briefings[id].date,
            Doc::Actor(_) | Doc::Claim(_) => None,
        }
    }

    /// A mark inside a mark of the same claim with the same verb has no effect.
    fn check_nesting(&mut self, draft: &Draft, marks: &[Mark]) {
        for (number, raw) in draft.marks.iter().enumerate() {
            let MarkRole::Position { stance, claims, .. } = &marks[number].role else {
                continue;
            };
            // Only the nearest of deeply nested marks are checked.
            const NEAREST: usize = 200;
            let outer = std::iter::successors(raw.parent, |outer| draft.marks[*outer].parent);
            for outer in outer.take(NEAREST) {
                if let MarkRole::Position {
                    stance: outer_stance,
                    claims: outer_claims,
                    ..
                } = &marks[outer].role
                    && stance == outer_stance
                    && claims.iter().any(|claim| outer_claims.contains(claim))
                {
                    let place = draft.place(raw.span);
                    let other = draft.place(draft.marks[outer].verb_span);
                    self.diagnostics.push(nested_in_itself(place, other));
                    break;
                }
            }
        }
    }
}

fn corrects_by_itself(place: Place, id: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        place,
        format!("`corrects:{id}` names the same claim in `with`"),
    )
    .label("expected the claim that replaces it")
    .hint("write the id of the new claim, or use `retracts:` if no claim replaces it")
}

fn event_without_source(place: Place, id: &str) -> Diagnostic {
    Diagnostic::new(
        Code::ClaimWithoutSource,
        place,
        format!("event `{id}` has no source"),
    )
    .label("no source is cited for this event")
    .hint("cite a source after the words, `[@source-id]`, or add `src=source-id` to the mark")
}

/// A mark in its document.
#[derive(Clone, Copy)]
pub struct MarkContext<'a> {
    pub doc: Doc,
    pub no: MarkNo,
    pub draft: &'a Draft,
    pub raw: &'a RawMark,
    /// The marked words as shown.
    pub words: &'a str,
}

fn nothing(stance: Stance) -> MarkRole {
    MarkRole::Position {
        stance,
        claims: Vec::new(),
        by: Vec::new(),
    }
}

/// Returns an attribute of the mark itself, or an inherited one.
fn pick<'d, T>(
    draft: &'d Draft,
    raw: &'d RawMark,
    get: impl Fn(&'d Attrs) -> Option<&'d T>,
) -> Option<&'d T> {
    get(&raw.attrs).or_else(|| inherited(draft, raw, get))
}

/// Returns an attribute from the enclosing headings, the innermost first, or from the front matter.
pub fn inherited<'d, T: ?Sized>(
    draft: &'d Draft,
    raw: &RawMark,
    get: impl Fn(&'d Attrs) -> Option<&'d T>,
) -> Option<&'d T> {
    let mut section = raw.section;
    while let Some(number) = section {
        let here = &draft.sections[number];
        if let Some(value) = get(&here.attrs) {
            return Some(value);
        }
        section = here.parent;
    }
    match &draft.front {
        Front::Briefing(front) => get(&front.defaults),
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => None,
    }
}

fn no_speaker(place: Place) -> Diagnostic {
    Diagnostic::new(Code::NoSpeaker, place, "this position has no speaker")
        .label("no `by`, and no source with one author")
        .hint(
            "add `by=ACTOR` to the mark or to a heading above it, or cite a source with one \
             author",
        )
}

fn no_claim_named(place: Place, stance: Stance) -> Diagnostic {
    let verb = stance.verb();
    Diagnostic::new(
        Code::UnknownClaim,
        place,
        format!("`{verb}` without a claim"),
    )
    .label("expected the id of a claim")
    .hint(format!("write `{verb}:CLAIM`"))
}

/// True if an earlier mark has the same claim.
fn continues(draft: &Draft, no: MarkNo, raw: &RawMark) -> bool {
    let before = &draft.marks[..no.0 as usize];
    let ids = || raw.ids.iter().map(|id| fold(&id.text));
    before.iter().any(|other| {
        let others = other.ids.iter().map(|id| fold(&id.text));
        others.into_iter().any(|other| ids().any(|id| id == other))
    })
}

fn nothing_to_continue(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::NothingToContinue,
        place,
        "`cont` without an earlier mark to continue",
    )
    .label("no earlier mark of this text has this id")
    .hint("remove `cont` if these words are a position, or correct the id")
}

fn corrects_without_with(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::MissingKey,
        place,
        "`corrects` without a replacement claim",
    )
    .label("expected `with=CLAIM`")
    .hint("add `with=CLAIM`, or use `retracts:` if no claim replaces it")
}

fn nested_in_itself(place: Place, other: Place) -> Diagnostic {
    Diagnostic::new(
        Code::SelfNestedMark,
        place,
        "mark nested in a mark of the same claim",
    )
    .label("same claim and verb as the outer mark")
    .other(other, "the outer mark")
    .hint("remove one of the two marks")
}
