//! Creates the ids: every document, claim, event and source gets an index in an arena.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::id_faults::{
    claim_without_id, duplicate_id, places_of_id, unreadable_claim_id, unreadable_id,
};
use super::{Linker, anchors};
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Actor, ActorKind, Body, Briefing, Claim, Doc, Event, Extra, Id, MarkNo, PartialDate, Prose,
    Source, Stance,
};
use crate::parse::bibliography::RawEntry;
use crate::parse::{Draft, Front, RawMark, SourceFront, Verb};
use crate::text::{Place, SitePath, SourceMap, Span, slug};

/// The id of the actor for parties that a source does not name.
pub const UNNAMED: &str = "unnamed";

/// The maximum number of actors, of claims, and of sources in a book; each has a page. In a large
/// book it is [`EACH`] for each briefing.
pub const MOST: usize = 50_000;
/// The maximum number of positions in a book: a mark with many parties and many claims has the
/// product of the two. Each KiB of the marked words counts as one more. In a large book it is five
/// times [`EACH`] for each briefing.
pub const POSITIONS: usize = 250_000;
/// The number of actors, claims and sources per briefing in a large book, which can exceed the
/// fixed limits legitimately.
pub const EACH: usize = 10;
/// The maximum number of tags in a book; each has a page.
pub const TAGS: usize = 20_000;

/// The ids of all entities, for the following steps.
pub struct Admitted<'a> {
    /// The documents with text, in page order, with their anchors.
    pub docs: Vec<(Doc, &'a Draft, anchors::Anchors)>,
    /// The documents of sources, with their kept texts.
    pub kept: Vec<(Id<Source>, &'a Draft)>,
    /// The definition of every source.
    pub sources: Vec<(Id<Source>, SourceOrigin<'a>)>,
    pub actors: BTreeMap<String, Id<Actor>>,
    pub claims: BTreeMap<String, Id<Claim>>,
    /// By key as written, which for a bibliography entry may not be a valid id.
    pub source_ids: BTreeMap<String, Id<Source>>,
    /// By the id of its page.
    pub source_pages: BTreeMap<String, Id<Source>>,
    pub events: BTreeMap<String, Id<Event>>,
    pub briefings: BTreeMap<String, Id<Briefing>>,
    /// The generated ids of marks that state a claim without an id.
    pub generated: BTreeMap<(Doc, MarkNo), String>,
    /// Invalid ids of claims and events, which were reported.
    pub unreadable: BTreeSet<String>,
}

/// The definition of a source.
#[derive(Clone, Copy)]
pub enum SourceOrigin<'a> {
    File(&'a Draft, &'a SourceFront),
    Entry(&'a RawEntry, &'a SourceMap),
}

impl<'a> SourceOrigin<'a> {
    pub fn front(self) -> &'a SourceFront {
        match self {
            SourceOrigin::File(_, front) => front,
            SourceOrigin::Entry(entry, _) => &entry.front,
        }
    }

    pub fn map(self) -> &'a SourceMap {
        match self {
            SourceOrigin::File(draft, _) => draft.text.map(),
            SourceOrigin::Entry(_, map) => map,
        }
    }
}

/// True if `id` is valid: a lower-case ASCII letter, then `[a-z0-9.-]`, 2 to 64 characters in
/// total.
pub fn is_id(id: &str) -> bool {
    (2..=64).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
}

/// Returns a line at the start of a file, as place for diagnostics without a better one.
pub fn head(draft: &Draft) -> Place {
    let end = draft
        .text
        .as_str()
        .find('\n')
        .unwrap_or(draft.text.as_str().len());
    draft.place(Span::new(0..end))
}

impl<'a> Linker<'a> {
    /// Creates all ids.
    pub fn admit(&mut self) -> Admitted<'a> {
        let unnamed = self
            .parts
            .actors
            .admit(actor(UNNAMED, self.book.source.clone(), true));
        let mut admitted = Admitted {
            docs: Vec::new(),
            kept: Vec::new(),
            sources: Vec::new(),
            actors: BTreeMap::from([(UNNAMED.to_string(), unnamed)]),
            claims: BTreeMap::new(),
            source_ids: BTreeMap::new(),
            source_pages: BTreeMap::new(),
            events: BTreeMap::new(),
            briefings: BTreeMap::new(),
            generated: BTreeMap::new(),
            unreadable: BTreeSet::new(),
        };
        let drafts = self.book.drafts;
        for draft in drafts {
            match &draft.front {
                Front::Briefing(front) => self.admit_briefing(draft, front.is_draft, &mut admitted),
                Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => {}
            }
        }
        for draft in drafts {
            match &draft.front {
                Front::Actor(_) => self.admit_actor(draft, &mut admitted),
                Front::Source(front) => {
                    self.admit_source(SourceOrigin::File(draft, front), &mut admitted)
                }
                Front::Briefing(_) | Front::Claim(_) | Front::Astray(_) => {}
            }
        }
        for draft in drafts {
            if let Front::Claim(_) = &draft.front {
                self.admit_claim_file(draft, &mut admitted);
            }
        }
        for bibliography in self.book.bibliographies {
            for entry in &bibliography.entries {
                let origin = SourceOrigin::Entry(entry, &bibliography.map);
                self.admit_source(origin, &mut admitted);
            }
        }
        // Page order: briefings, then actors, then claims.
        admitted.docs.sort_by_key(|(doc, ..)| *doc);
        self.admit_marked(&mut admitted);
        admitted
    }

    /// Returns the id of a file, if it is valid and unique.
    fn id_of(&mut self, draft: &Draft, taken: Option<Place>) -> Option<String> {
        let (id, place) = id_and_place(draft);
        if !is_id(&id) {
            self.diagnostics.push(unreadable_id(place, &id));
            return None;
        }
        if let Some(other) = taken {
            self.diagnostics.push(duplicate_id(place, &id, other));
            return None;
        }
        Some(id)
    }

    /// True if the book can have another position with these words; reports the first one that
    /// exceeds the limit.
    pub fn has_room_for(&mut self, words: &str, place: &Place) -> bool {
        self.positions += 1 + words.len() / 1024;
        let most = POSITIONS.max(5 * EACH * self.parts.briefings.len());
        let has_room = self.positions <= most;
        if !has_room && self.full.insert("positions") {
            self.too_many(place.clone(), most, "positions");
        }
        has_room
    }

    /// True if the book can have more than `count`; reports the first one that exceeds the limit.
    fn has_room(&mut self, count: usize, what: &'static str, place: &Place) -> bool {
        let most = MOST.max(EACH * self.parts.briefings.len());
        let has_room = count < most;
        if !has_room && self.full.insert(what) {
            self.too_many(place.clone(), most, what);
        }
        has_room
    }

    /// Reports a limit of the book. Its pages are not made.
    pub fn too_many(&mut self, place: Place, most: usize, what: &str) {
        self.parts.is_beyond_limits = true;
        self.diagnostics.push(too_many(place, most, what));
    }

    fn admit_briefing(&mut self, draft: &'a Draft, is_draft: bool, admitted: &mut Admitted<'a>) {
        let path = draft
            .file()
            .below(&self.book.source)
            .unwrap_or_else(|| draft.file().clone());
        let address = super::chapters::address_of(&path, self.book.readme_is_index);
        let stem = address.as_str().trim_end_matches(".html");
        let given = draft.common.id.as_ref();
        if let Some((id, span)) = given.filter(|(id, _)| !is_id(id)) {
            let place = draft.place(*span);
            self.diagnostics.push(unreadable_id(place, id));
        }
        let given = given.filter(|(id, _)| is_id(id));
        let id = given.map_or(stem, |(id, _)| id).to_string();
        if let Some(other) = admitted.briefings.get(&id) {
            let other = self.parts.briefings[*other].place.clone();
            self.diagnostics.push(duplicate_id(head(draft), &id, other));
            return;
        }
        let briefing = self.parts.briefings.admit(Briefing {
            id: id.clone(),
            is_draft,
            ..briefing(draft, address)
        });
        admitted.briefings.insert(id, briefing);
        admitted
            .docs
            .push((Doc::Briefing(briefing), draft, anchors::Anchors::new(draft)));
    }

    fn admit_actor(&mut self, draft: &'a Draft, admitted: &mut Admitted<'a>) {
        let taken = admitted.actors.get(&id_and_place(draft).0);
        let taken = taken.map(|other| self.parts.actors[*other].place.clone());
        let Some(id) = self.id_of(draft, taken) else {
            return;
        };
        // The unnamed actor has no author.
        if !self.has_room(self.parts.actors.len() - 1, "actors", &head(draft)) {
            return;
        }
        let mut new = actor(&id, draft.file().clone(), false);
        new.place = head(draft);
        let actor = self.parts.actors.admit(new);
        admitted.actors.insert(id, actor);
        admitted
            .docs
            .push((Doc::Actor(actor), draft, anchors::Anchors::new(draft)));
    }

    fn admit_source(&mut self, origin: SourceOrigin<'a>, admitted: &mut Admitted<'a>) {
        let (id, place) = match origin {
            SourceOrigin::File(draft, _) => id_and_place(draft),
            SourceOrigin::Entry(entry, map) => (entry.key.clone(), map.place(entry.span)),
        };
        // Keys of a bibliography have no rules; ids of files do.
        let page = match origin {
            SourceOrigin::File(..) => id.clone(),
            SourceOrigin::Entry(..) if is_id(&id) => id.clone(),
            SourceOrigin::Entry(..) => slug(&id),
        };
        if !is_id(&page) {
            self.diagnostics.push(unreadable_id(place, &id));
            return;
        }
        if let Some(other) = admitted.source_pages.get(&page) {
            let other = self.parts.sources[*other].place.clone();
            self.diagnostics.push(duplicate_id(place, &id, other));
            return;
        }
        if !self.has_room(self.parts.sources.len(), "sources", &place) {
            return;
        }
        let source = self.parts.sources.admit(Source {
            id: page.clone(),
            title: String::new(),
            authors: Vec::new(),
            literal_authors: Vec::new(),
            publisher: None,
            date: None,
            url: None,
            archive: None,
            retrieved: None,
            sha256: None,
            kind: None,
            language: None,
            reliability: None,
            mode: None,
            based_on: Vec::new(),
            tlp: None,
            extra: Extra::new(),
            kept: Body::empty(),
            map: origin.map().clone(),
            kept_words: String::new(),
            place,
        });
        admitted.source_pages.insert(page, source);
        admitted.source_ids.insert(id, source);
        admitted.sources.push((source, origin));
        if let SourceOrigin::File(draft, _) = origin {
            admitted.kept.push((source, draft));
        }
    }

    fn admit_claim_file(&mut self, draft: &'a Draft, admitted: &mut Admitted<'a>) {
        let taken = admitted.claims.get(&id_and_place(draft).0);
        let taken = taken.map(|other| self.parts.claims[*other].place.clone());
        let Some(id) = self.id_of(draft, taken) else {
            return;
        };
        if !self.has_room(self.parts.claims.len(), "claims", &head(draft)) {
            return;
        }
        let claim = self.parts.claims.admit(claim(&id, head(draft)));
        admitted.claims.insert(id, claim);
        admitted
            .docs
            .push((Doc::Claim(claim), draft, anchors::Anchors::new(draft)));
    }

    /// Adds claims and events that exist only in marks.
    fn admit_marked(&mut self, admitted: &mut Admitted<'a>) {
        let mut faults: BTreeMap<String, BTreeSet<Place>> = BTreeMap::new();
        let mut found: Vec<(String, Place)> = Vec::new();
        let mut admissions: Vec<(String, Place)> = Vec::new();
        let mut events: Vec<(String, Place, Doc, MarkNo)> = Vec::new();
        let mut generated = Taken::default();
        generated.ids.extend(admitted.claims.keys().cloned());
        for (_, draft, _) in &admitted.docs {
            for name in draft
                .marks
                .iter()
                .filter(|mark| states_claim(mark.verb))
                .flat_map(|m| &m.ids)
            {
                generated.ids.insert(name.text.to_string());
            }
        }
        for (doc, draft, _) in &admitted.docs {
            for (number, mark) in draft.marks.iter().enumerate() {
                let no = MarkNo(number as u32);
                let place = draft.place(mark.span);
                match mark.verb {
                    Verb::Event => {
                        let id = mark.ids.first().map_or_else(
                            || generated_id(&mark.words, &mut Taken::default()),
                            |name| name.text.to_string(),
                        );
                        events.push((id, place, *doc, no));
                    }
                    Verb::Position(Stance::Claims) if mark.ids.is_empty() => {
                        let id = generated_id(&mark.words, &mut generated);
                        let at = draft.place(mark.verb_span);
                        self.diagnostics
                            .push(claim_without_id(place.clone(), &id, at));
                        admitted.generated.insert((*doc, no), id.clone());
                        found.push((id, place));
                    }
                    Verb::Position(Stance::Claims) => {
                        for name in &mark.ids {
                            let at = draft.place(name.span);
                            if !is_id(&name.text) {
                                faults.entry(name.text.to_string()).or_default().insert(at);
                                continue;
                            }
                            found.push((name.text.to_string(), place.clone()));
                        }
                    }
                    Verb::Position(stance) if admits_first(stance, mark) => {
                        let ids = mark.ids.iter().filter(|name| is_id(&name.text));
                        admissions.extend(ids.map(|name| (name.text.to_string(), place.clone())));
                    }
                    Verb::Position(_) => {}
                }
            }
        }
        for (id, places) in faults {
            let all = places_of_id(admitted, &id);
            self.diagnostics.push(unreadable_claim_id(&id, places, all));
            admitted.unreadable.insert(id);
        }
        for (id, place) in found.into_iter().chain(admissions) {
            if let Entry::Vacant(entry) = admitted.claims.entry(id)
                && self.has_room(self.parts.claims.len(), "claims", &place)
            {
                let claim = self.parts.claims.admit(claim(entry.key(), place));
                entry.insert(claim);
            }
        }
        for (id, place, doc, mark) in events {
            if !is_id(&id) {
                if admitted.unreadable.insert(id.clone()) {
                    self.diagnostics.push(unreadable_id(place, &id));
                }
            } else if let Entry::Vacant(entry) = admitted.events.entry(id) {
                let event = event(entry.key(), place, doc, mark);
                entry.insert(self.parts.events.admit(event));
            }
        }
    }
}

/// True if the mark can state its claim although its verb is `admits`: a party can admit something
/// that no one has claimed. It must name the accused, so that a typo in the id of another claim
/// creates no new one.
pub fn admits_first(stance: Stance, mark: &RawMark) -> bool {
    stance == Stance::Admits && mark.attrs.against.is_some()
}

fn states_claim(verb: Verb) -> bool {
    verb == Verb::Position(Stance::Claims)
}

/// The existing ids.
#[derive(Default)]
pub struct Taken {
    ids: BTreeSet<String>,
    /// The next number to try for repeated words: starting from 2 each time would be quadratic.
    next: HashMap<String, usize>,
}

/// Returns a unique id from the first words of a mark.
pub fn generated_id(words: &str, taken: &mut Taken) -> String {
    let mut base = String::new();
    for word in slug(words).split('-').take(8) {
        if base.len() + word.len() > 56 {
            break;
        }
        if !base.is_empty() {
            base.push('-');
        }
        base.push_str(word);
    }
    if !is_id(&base) {
        base = format!("claim-{base}")
            .trim_end_matches('-')
            .chars()
            .take(56)
            .collect();
    }
    if taken.ids.insert(base.clone()) {
        return base;
    }
    let number = taken.next.entry(base.clone()).or_insert(2);
    loop {
        let id = format!("{base}-{number}");
        *number += 1;
        if taken.ids.insert(id.clone()) {
            return id;
        }
    }
}

/// Returns a briefing without its front matter.
pub fn briefing(draft: &Draft, address: SitePath) -> Briefing {
    Briefing {
        id: address.as_str().trim_end_matches(".html").to_string(),
        file: draft.file().clone(),
        address,
        title: String::new(),
        subtitle: None,
        summary: None,
        date: None,
        updated: None,
        as_of: None,
        authors: Vec::new(),
        tags: Vec::new(),
        is_draft: false,
        aliases: Vec::new(),
        question: None,
        event: None,
        corrections: Vec::new(),
        tlp: None,
        extra: Extra::new(),
        prose: Prose::empty(draft.text.map()),
        place: head(draft),
    }
}

fn id_and_place(draft: &Draft) -> (String, Place) {
    match &draft.common.id {
        Some((id, span)) => (id.clone(), draft.place(*span)),
        None => (draft.file().stem().to_string(), head(draft)),
    }
}

fn actor(id: &str, file: SitePath, is_unnamed: bool) -> Actor {
    Actor {
        id: id.to_string(),
        name: if is_unnamed {
            "Unnamed".into()
        } else {
            id.to_string()
        },
        kind: ActorKind::Organization,
        aliases: Vec::new(),
        named_by: Vec::new(),
        also_on: Vec::new(),
        summary: is_unnamed.then(|| "A party whom the source does not name.".to_string()),
        part_of: None,
        member_of: Vec::new(),
        speaks_for: Vec::new(),
        country: None,
        from: None,
        to: None,
        legal_status: None,
        legal_status_sources: Vec::new(),
        wikidata: None,
        attack_id: None,
        stix_id: None,
        url: None,
        image: None,
        tlp: None,
        extra: Extra::new(),
        prose: Prose::empty(&SourceMap::new(&file)),
        place: Place::whole(&file),
        is_unnamed,
    }
}

fn claim(id: &str, place: Place) -> Claim {
    Claim {
        id: id.to_string(),
        text: String::new(),
        kind: None,
        about: Vec::new(),
        against: Vec::new(),
        event: None,
        supports: Vec::new(),
        contradicts: Vec::new(),
        part: Vec::new(),
        relation: None,
        tags: Vec::new(),
        tlp: None,
        extra: Extra::new(),
        prose: Prose::empty(&SourceMap::new(place.document())),
        place,
        positions: Vec::new(),
        withheld_replies: Vec::new(),
        appearances: Vec::new(),
    }
}

fn event(id: &str, place: Place, doc: Doc, mark: MarkNo) -> Event {
    Event {
        id: id.to_string(),
        text: String::new(),
        on: None::<PartialDate>,
        who: Vec::new(),
        sources: Vec::new(),
        doc,
        mark,
        place,
    }
}

fn too_many(place: Place, most: usize, what: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("more than {most} {what} in the book"),
    )
    .label("ignored from here on, and no page is generated")
    .hint("split the book")
}
