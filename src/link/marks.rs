//! Marks become positions and events: inherited attributes are gathered, references resolved.

use std::collections::{BTreeMap, HashMap};

use super::Linker;
use super::admit::Admitted;
use super::claims::{Said, conflicting};
use super::names::Names;
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Actor, Appearance, Citation, Claim, Doc, Id, Mark, MarkNo, MarkRole, Mode, PartialDate,
    Position, Source, Stance,
};
use crate::parse::{Attribution, Attrs, Draft, Front, Name, RawMark, Verb};
use crate::text::{Place, fold};

/// What makes two positions one: actor, stance, date and sources.
type Same = (
    Id<Claim>,
    Id<Actor>,
    Stance,
    Option<PartialDate>,
    Vec<Id<Source>>,
);

impl Linker<'_> {
    /// Fills in positions, appearances and events, in page order.
    pub fn marks(&mut self, admitted: &Admitted<'_>, names: &Names<'_>) {
        let mut said: BTreeMap<Id<Claim>, Said> = BTreeMap::new();
        self.said_in_files(admitted, &mut said);
        let mut seen: HashMap<Same, usize> = HashMap::new();
        for (doc, draft, anchors) in &admitted.docs {
            let mut marks = Vec::new();
            let wording = self.wording(draft, names);
            for (number, raw) in draft.marks.iter().enumerate() {
                let no = MarkNo(number as u32);
                let words = wording.of(&raw.words, raw.words_span);
                let here = Here {
                    doc: *doc,
                    no,
                    draft,
                    raw,
                    words: &words,
                };
                let role = match raw.verb {
                    Verb::Event => self.event(admitted, names, &here),
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
                });
            }
            self.check_nesting(draft, &marks);
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
        for claim in self.parts.claims.ids() {
            let claim = self.parts.claims.get_mut(claim);
            // Undated first; a stable sort keeps page order and line.
            claim
                .positions
                .sort_by_key(|position| position.on.map(|on| on.first_day()));
        }
    }

    fn event(&mut self, admitted: &Admitted<'_>, names: &Names<'_>, here: &Here<'_>) -> MarkRole {
        let Here {
            doc,
            draft,
            raw,
            words,
            ..
        } = *here;
        let id = match raw.ids.first() {
            Some(name) => name.text.to_string(),
            None => super::admit::generated_id(&raw.words, &mut Default::default()),
        };
        let Some(event) = admitted.events.get(&id).copied() else {
            return nothing(Stance::Claims);
        };
        let who = self.actors_of(&draft.file, raw.attrs.who.as_deref().unwrap_or(&[]), names);
        let (sources, _) = self.citations(names, draft, raw);
        let dated = self.first_date(&sources);
        let place = Place::new(&draft.file, raw.span);
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
        here: &Here<'_>,
        stance: Stance,
        said: &mut BTreeMap<Id<Claim>, Said>,
        seen: &mut HashMap<Same, usize>,
    ) -> MarkRole {
        let Here {
            doc,
            no,
            draft,
            raw,
            words,
        } = *here;
        let file = &draft.file;
        let mut claims: Vec<Id<Claim>> = Vec::new();
        match admitted.generated.get(&(doc, no)) {
            Some(id) => claims.extend(admitted.claims.get(id)),
            None => {
                for name in &raw.ids {
                    let claim = self.position_on(names, draft, stance, name);
                    // An id that stands twice says nothing more.
                    claims.extend(claim.filter(|claim| !claims.contains(claim)));
                }
            }
        }
        if raw.ids.is_empty() && stance != Stance::Claims {
            self.diagnostics
                .push(no_claim_named(Place::new(file, raw.verb_span), stance));
        }
        let (sources, is_cited) = self.citations(names, draft, raw);
        let by = self.speakers(names, draft, raw, &sources);
        let voice = pick(draft, raw, |attrs| attrs.voice.as_ref());
        let voice = voice.and_then(|name| self.ok(names.actor(file, name)));
        let with = raw
            .attrs
            .with
            .as_ref()
            .and_then(|name| self.ok(names.claim(file, name)));
        if stance == Stance::Corrects && raw.attrs.with.is_none() {
            self.diagnostics
                .push(corrects_without_with(Place::new(file, raw.verb_span)));
        }
        let said_by = self.actors_of(file, raw.attrs.said_by.as_deref().unwrap_or(&[]), names);
        let on = pick(draft, raw, |attrs| attrs.on.as_ref().map(|on| &on.value))
            .copied()
            .or_else(|| self.first_date(&sources))
            .or_else(|| self.date_of(doc));
        let mode = pick(draft, raw, |attrs| attrs.mode.as_ref()).copied();
        let mode = mode.or_else(|| {
            sources
                .iter()
                .find_map(|cited| self.parts.sources[cited.source].mode)
        });
        if raw.attrs.cont && !continues(draft, no, raw) {
            let place = Place::new(file, raw.verb_span);
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
                continue;
            }
            for actor in &by {
                let place = Place::new(file, raw.span);
                if !self.has_room_for(words, &place) {
                    break;
                }
                let same = (
                    *claim,
                    *actor,
                    stance,
                    on,
                    sources.iter().map(|cited| cited.source).collect(),
                );
                let position = Position {
                    by: *actor,
                    stance,
                    on,
                    sources: sources.clone(),
                    is_cited,
                    words: words.to_string(),
                    quote: raw.attrs.quote,
                    voice,
                    confidence: pick(draft, raw, |attrs| attrs.conf.as_ref()).map(|at| at.value),
                    likelihood: pick(draft, raw, |attrs| attrs.likely.as_ref()).map(|at| at.value),
                    grade: pick(draft, raw, |attrs| attrs.grade.as_ref()).copied(),
                    basis: pick(draft, raw, |attrs| attrs.basis.as_ref()).copied(),
                    mode: mode.unwrap_or(Mode::OnRecord),
                    joint: pick(draft, raw, |attrs| attrs.joint.as_ref()).cloned(),
                    with,
                    said_by: said_by.clone(),
                    asked: raw.attrs.asked,
                    by_date: raw.attrs.by_date,
                    via: raw.attrs.via.clone(),
                    note: raw.attrs.note.clone(),
                    extra: raw.attrs.extra.clone(),
                    tlp: pick(draft, raw, |attrs| attrs.tlp.as_ref()).copied(),
                    doc,
                    mark: no,
                    place,
                };
                let positions = &mut self.parts.claims.get_mut(*claim).positions;
                match seen.get(&same) {
                    Some(before) => fill_in(&mut positions[*before], position),
                    None => {
                        seen.insert(same, positions.len());
                        positions.push(position);
                    }
                }
            }
        }
        MarkRole::Position { stance, claims, by }
    }

    /// A claim by its id; one whose id cannot be read was complained of already.
    fn position_on(
        &mut self,
        names: &Names<'_>,
        draft: &Draft,
        stance: Stance,
        name: &Name,
    ) -> Option<Id<Claim>> {
        match names.claim(&draft.file, name) {
            Err(_) if stance == Stance::Claims && !super::admit::is_id(&name.text) => None,
            result => self.ok(result),
        }
    }

    /// The sources of a mark, by the order of the language's table, and whether any is named at
    /// all: one that the book does not have is told as such, and not as missing too.
    fn citations(
        &mut self,
        names: &Names<'_>,
        draft: &Draft,
        raw: &RawMark,
    ) -> (Vec<Citation>, bool) {
        let file = &draft.file;
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
            let source = match names.source(file, &item.key) {
                Ok(source) => source,
                // The text itself complains of a citation that stands in it.
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

    /// The parties of a mark, by the order of the language's table.
    fn speakers(
        &mut self,
        names: &Names<'_>,
        draft: &Draft,
        raw: &RawMark,
        sources: &[Citation],
    ) -> Vec<Id<Actor>> {
        let file = &draft.file;
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
            return self.actors_of(file, &by, names);
        }
        let author = sources.iter().find_map(|cited| {
            let source = &self.parts.sources[cited.source];
            match (source.authors.as_slice(), source.literal_authors.is_empty()) {
                ([author], true) => Some(*author),
                _ => None,
            }
        });
        if let Some(author) = author {
            return vec![author];
        }
        let unresolved = raw
            .cites
            .iter()
            .flat_map(|n| &draft.cites[*n])
            .any(|item| names.source(file, &item.key).is_err());
        // A mark whose source is unknown has its speaker behind that first mistake.
        if !unresolved && !raw.attrs.is_unread {
            self.diagnostics
                .push(no_speaker(Place::new(file, raw.span)));
        }
        Vec::new()
    }

    fn first_date(&self, sources: &[Citation]) -> Option<PartialDate> {
        let dates = sources
            .iter()
            .filter_map(|cited| self.parts.sources[cited.source].date);
        dates.min_by_key(PartialDate::first_day)
    }

    fn date_of(&self, doc: Doc) -> Option<PartialDate> {
        match doc {
            Doc::Briefing(id) => self.parts.briefings[id].date,
            Doc::Actor(_) | Doc::Claim(_) => None,
        }
    }

    /// A mark of a claim inside a mark of the same claim by the same verb says nothing.
    fn check_nesting(&mut self, draft: &Draft, marks: &[Mark]) {
        for (number, raw) in draft.marks.iter().enumerate() {
            let MarkRole::Position { stance, claims, .. } = &marks[number].role else {
                continue;
            };
            // Of marks in marks without end only the nearest are looked at.
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
                    let place = Place::new(&draft.file, raw.span);
                    let other = Place::new(&draft.file, draft.marks[outer].verb_span);
                    self.diagnostics.push(nested_in_itself(place, other));
                    break;
                }
            }
        }
    }
}

/// The same position, marked again: only an appearance, but what this mark knows of it and the
/// first did not is not lost. Verbatim words go before a paraphrase.
fn fill_in(position: &mut Position, again: Position) {
    position.voice = position.voice.or(again.voice);
    position.confidence = position.confidence.or(again.confidence);
    position.likelihood = position.likelihood.or(again.likelihood);
    position.grade = position.grade.or(again.grade);
    position.basis = position.basis.or(again.basis);
    position.joint = position.joint.take().or(again.joint);
    position.note = position.note.take().or(again.note);
    if again.quote && !position.quote {
        position.quote = true;
        position.words = again.words;
        position.doc = again.doc;
        position.mark = again.mark;
        position.place = again.place;
    }
}

/// A mark in its document.
#[derive(Clone, Copy)]
pub struct Here<'a> {
    pub doc: Doc,
    pub no: MarkNo,
    pub draft: &'a Draft,
    pub raw: &'a RawMark,
    /// The marked words as readers see them.
    pub words: &'a str,
}

fn nothing(stance: Stance) -> MarkRole {
    MarkRole::Position {
        stance,
        claims: Vec::new(),
        by: Vec::new(),
    }
}

/// An attribute of the mark itself, else an inherited one.
fn pick<'d, T>(
    draft: &'d Draft,
    raw: &'d RawMark,
    get: impl Fn(&'d Attrs) -> Option<&'d T>,
) -> Option<&'d T> {
    get(&raw.attrs).or_else(|| inherited(draft, raw, get))
}

/// An attribute from the enclosing headings, innermost first, else from the front matter.
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
    Diagnostic::new(Code::NoSpeaker, place, "nobody is named who says this")
        .label("whose position is it?")
        .hint(
            "write `by=ACTOR` in the mark, in a heading above it, or cite a source with one author",
        )
}

fn no_claim_named(place: Place, stance: Stance) -> Diagnostic {
    let verb = stance.verb();
    Diagnostic::new(
        Code::UnknownClaim,
        place,
        format!("`{verb}` names no claim"),
    )
    .label("a position on which claim?")
    .hint(format!("write `{verb}:CLAIM`"))
}

/// Whether a mark before this one is about the same.
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
        "`cont` goes on with a mark that is not there",
    )
    .label("no mark of this id stands before it in this text")
    .hint("take `cont` out if these words are a position, or correct the id")
}

fn corrects_without_with(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::MissingKey,
        place,
        "`corrects` does not say what replaces the claim",
    )
    .label("`with` is missing")
    .hint("write `with=CLAIM`, or `retracts:` if nothing replaces it")
}

fn nested_in_itself(place: Place, other: Place) -> Diagnostic {
    Diagnostic::new(
        Code::SelfNestedMark,
        place,
        "a mark stands inside a mark of the same claim",
    )
    .label("it says nothing that the outer one does not")
    .other(other, "the outer mark")
    .hint("keep one of the two")
}
