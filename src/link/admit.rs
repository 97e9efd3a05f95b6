//! Ids are given out: every document, claim, event and source gets its place in an arena.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Linker, anchors};
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Actor, ActorKind, Body, Briefing, Claim, Doc, Event, Extra, Id, MarkNo, PartialDate, Prose,
    Source, Stance,
};
use crate::parse::bibliography::RawEntry;
use crate::parse::{Draft, Front, SourceFront, Verb};
use crate::text::{Place, SitePath, Span, slug};

/// The id of the actor that stands for a party whom a source does not name.
pub const UNNAMED: &str = "unnamed";

/// The most actors of a book; the most claims; the most sources. Each has a page. A book may have
/// [`EACH`] for each of its briefings where that is more.
pub const MOST: usize = 50_000;
/// A book with more positions than this is told so: a mark of many parties on many claims has
/// the product of the two. Each KiB of the marked words counts as one more. A book may have five
/// times [`EACH`] for each of its briefings where that is more.
pub const POSITIONS: usize = 250_000;
/// What a briefing may bring of each kind in a book of so many that the limits would be reached by
/// nothing but work.
pub const EACH: usize = 10;
/// A book with more tags than this is told so: each has a page.
pub const TAGS: usize = 20_000;

/// Whether this says that a book has more than `MOST` of something.
pub fn is_too_many(said: &Diagnostic) -> bool {
    said.code == Code::BeyondLimit && said.message.starts_with(TOO_MANY)
}

const TOO_MANY: &str = "a book of more than";

/// Who got which id, for the steps that follow.
pub struct Admitted<'a> {
    /// The documents that hold text, in page order, with their anchors.
    pub docs: Vec<(Doc, &'a Draft, anchors::Anchors)>,
    /// The documents that are sources, with their kept texts.
    pub kept: Vec<(Id<Source>, &'a Draft)>,
    /// What every source says of itself.
    pub sources: Vec<(Id<Source>, SourceOrigin<'a>)>,
    pub actors: BTreeMap<String, Id<Actor>>,
    pub claims: BTreeMap<String, Id<Claim>>,
    /// By key as written, which for an entry of a bibliography may be no id.
    pub source_ids: BTreeMap<String, Id<Source>>,
    /// By the id that its page has.
    pub source_pages: BTreeMap<String, Id<Source>>,
    pub events: BTreeMap<String, Id<Event>>,
    pub briefings: BTreeMap<String, Id<Briefing>>,
    /// For marks that state a claim without an id: the one they got.
    pub generated: BTreeMap<(Doc, MarkNo), String>,
}

/// Where a source was written.
#[derive(Clone, Copy)]
pub enum SourceOrigin<'a> {
    File(&'a Draft, &'a SourceFront),
    Entry(&'a RawEntry, &'a SitePath),
}

impl<'a> SourceOrigin<'a> {
    pub fn front(self) -> &'a SourceFront {
        match self {
            SourceOrigin::File(_, front) => front,
            SourceOrigin::Entry(entry, _) => &entry.front,
        }
    }

    pub fn file(self) -> &'a SitePath {
        match self {
            SourceOrigin::File(draft, _) => &draft.file,
            SourceOrigin::Entry(_, file) => file,
        }
    }
}

/// Whether `id` is one: a lower-case ASCII letter, then `[a-z0-9.-]`, 2 to 64 in all.
pub fn is_id(id: &str) -> bool {
    (2..=64).contains(&id.len())
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
}

/// A line at the head of a file, to point at when no better place is known.
pub fn head(draft: &Draft) -> Place {
    let end = draft.text.find('\n').unwrap_or(draft.text.len());
    Place::new(&draft.file, Span::new(0..end))
}

impl<'a> Linker<'a> {
    /// Gives out all ids.
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
                let origin = SourceOrigin::Entry(entry, &bibliography.file);
                self.admit_source(origin, &mut admitted);
            }
        }
        // Page order: briefings, then actors, then claims.
        admitted.docs.sort_by_key(|(doc, ..)| *doc);
        self.admit_marked(&mut admitted);
        admitted
    }

    /// The id that a file has, if it is one and nobody has it yet.
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

    /// Whether there is room for one more position in these words; the first for which there is
    /// none is told.
    pub fn has_room_for(&mut self, words: &str, place: &Place) -> bool {
        self.positions += 1 + words.len() / 1024;
        let most = POSITIONS.max(5 * EACH * self.parts.briefings.len());
        let has_room = self.positions <= most;
        if !has_room && self.full.insert("positions") {
            let told = too_many(place.clone(), most, "positions");
            self.diagnostics.push(told);
        }
        has_room
    }

    /// Whether one more than `count` may be admitted; the first that may not is told.
    fn has_room(&mut self, count: usize, what: &'static str, place: &Place) -> bool {
        let most = MOST.max(EACH * self.parts.briefings.len());
        let has_room = count < most;
        if !has_room && self.full.insert(what) {
            self.diagnostics.push(too_many(place.clone(), most, what));
        }
        has_room
    }

    fn admit_briefing(&mut self, draft: &'a Draft, is_draft: bool, admitted: &mut Admitted<'a>) {
        let path = draft
            .file
            .below(&self.book.source)
            .unwrap_or_else(|| draft.file.clone());
        let address = super::chapters::address_of(&path, self.book.readme_is_index);
        let stem = address.as_str().trim_end_matches(".html");
        let given = draft.common.id.as_ref();
        if let Some((id, span)) = given.filter(|(id, _)| !is_id(id)) {
            let place = Place::new(&draft.file, *span);
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
        // The unnamed one is no author's.
        if !self.has_room(self.parts.actors.len() - 1, "actors", &head(draft)) {
            return;
        }
        let mut new = actor(&id, draft.file.clone(), false);
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
            SourceOrigin::Entry(entry, file) => (entry.key.clone(), Place::new(file, entry.span)),
        };
        // Keys of a bibliography are as its owner made them; files keep to our rule.
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

    /// Claims and events that exist by being marked.
    fn admit_marked(&mut self, admitted: &mut Admitted<'a>) {
        let mut faults = BTreeSet::new();
        let mut found: Vec<(String, Place)> = Vec::new();
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
                let place = Place::new(&draft.file, mark.span);
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
                        self.diagnostics.push(claim_without_id(place.clone(), &id));
                        admitted.generated.insert((*doc, no), id.clone());
                        found.push((id, place));
                    }
                    Verb::Position(Stance::Claims) => {
                        for name in &mark.ids {
                            let at = Place::new(&draft.file, name.span);
                            if !is_id(&name.text) {
                                faults.insert((at, name.text.to_string()));
                                continue;
                            }
                            found.push((name.text.to_string(), place.clone()));
                        }
                    }
                    Verb::Position(_) => {}
                }
            }
        }
        for (place, id) in faults {
            self.diagnostics.push(unreadable_id(place, &id));
        }
        for (id, place) in found {
            if let Entry::Vacant(entry) = admitted.claims.entry(id)
                && self.has_room(self.parts.claims.len(), "claims", &place)
            {
                let claim = self.parts.claims.admit(claim(entry.key(), place));
                entry.insert(claim);
            }
        }
        for (id, place, doc, mark) in events {
            if !is_id(&id) {
                self.diagnostics.push(unreadable_id(place, &id));
            } else if let Entry::Vacant(entry) = admitted.events.entry(id) {
                let event = event(entry.key(), place, doc, mark);
                entry.insert(self.parts.events.admit(event));
            }
        }
    }
}

fn states_claim(verb: Verb) -> bool {
    verb == Verb::Position(Stance::Claims)
}

/// The ids that are given out already.
#[derive(Default)]
pub struct Taken {
    ids: BTreeSet<String>,
    /// The number to try next, of words that came before: counting from 2 each time would cost
    /// the square of their number.
    next: HashMap<String, usize>,
}

/// An id from the words of a mark: their first few, unlike every other.
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

/// A briefing that says nothing of itself yet.
pub fn briefing(draft: &Draft, address: SitePath) -> Briefing {
    Briefing {
        id: address.as_str().trim_end_matches(".html").to_string(),
        file: draft.file.clone(),
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
        prose: Prose::empty(),
        place: head(draft),
    }
}

fn id_and_place(draft: &Draft) -> (String, Place) {
    match &draft.common.id {
        Some((id, span)) => (id.clone(), Place::new(&draft.file, *span)),
        None => (draft.file.stem().to_string(), head(draft)),
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
        status: None,
        status_sources: Vec::new(),
        wikidata: None,
        attack_id: None,
        stix_id: None,
        url: None,
        image: None,
        tlp: None,
        extra: Extra::new(),
        prose: Prose::empty(),
        place: Place::new(&file, Span::default()),
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
        prose: Prose::empty(),
        place,
        positions: Vec::new(),
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

pub fn too_many(place: Place, most: usize, what: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("{TOO_MANY} {most} {what}"),
    )
    .label("from here on they are left out, and no page is made")
    .hint("make several books of it")
}

fn unreadable_id(place: Place, id: &str) -> Diagnostic {
    let near = slug(id);
    let hint = if is_id(&near) {
        format!("write `{near}`")
    } else {
        "begin with a letter and write 2 to 64 characters".to_string()
    };
    Diagnostic::new(Code::UnreadableId, place, format!("`{id}` cannot be an id"))
        .label("an id is a lower-case letter, then letters, digits, `.` and `-`")
        .hint(hint)
}

fn duplicate_id(place: Place, id: &str, other: Place) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateId,
        place,
        format!("the id `{id}` is given twice"),
    )
    .label("this one is left out")
    .other(other, "it was given here first")
    .hint("rename one of the files, or give it an `id:` of its own")
}

fn claim_without_id(place: Place, id: &str) -> Diagnostic {
    Diagnostic::new(Code::ClaimWithoutId, place, "a claim without a stable id")
        .label("its address changes when its words do")
        .hint(format!("write `claim:{id}`"))
}
