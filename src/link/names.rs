//! The index of all names, and the lookup of a name.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ids::Admitted;
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Claim, Doc, Entity, Event, Id, SiteParts, Source};
use crate::parse::{Draft, Front, How, Name, NameKind};
use crate::text::{Guess, Place, SitePath, SourceMap, fold, name_key, one_line};

/// All names: ids by kind, names and titles, aliases.
pub struct Names<'a> {
    admitted: &'a Admitted<'a>,
    /// The folder of the notes, if the book is an Obsidian vault.
    vault: Option<&'a SitePath>,
    ids: HashMap<String, Vec<Entity>>,
    names: HashMap<String, Vec<Entity>>,
    aliases: HashMap<String, Vec<Entity>>,
    /// The spelling of each name in its first file, by key, for hints.
    written: HashMap<String, String>,
    /// The id of each entity, and its name or title, for hints.
    pub(super) shown: BTreeMap<Entity, (String, String)>,
    /// The candidates for suggestions: all, and by kind.
    meant: [OnceCell<Vec<String>>; 5],
    pub(super) guess: Guess,
    /// The entities that ambiguous names could mean.
    candidates: RefCell<BTreeSet<Entity>>,
    /// The keys of the names of withheld objects.
    pub(super) withheld: &'a BTreeSet<String>,
}

/// The maximum number of listed meanings of a name.
pub(super) const CHOICES: usize = 8;

/// The result of a lookup.
pub struct Found {
    pub entity: Entity,
    /// True if it was found by id, false by name.
    pub by_id: bool,
}

impl<'a> Names<'a> {
    /// `withheld` has the keys of the names of withheld objects; `vault` is the folder of the notes
    /// in an Obsidian vault.
    pub fn new(
        parts: &SiteParts,
        admitted: &'a Admitted<'a>,
        withheld: &'a BTreeSet<String>,
        vault: Option<&'a SitePath>,
    ) -> Names<'a> {
        let mut names = Names {
            admitted,
            vault,
            ids: HashMap::new(),
            names: HashMap::new(),
            aliases: HashMap::new(),
            written: HashMap::new(),
            shown: BTreeMap::new(),
            meant: Default::default(),
            guess: Guess::default(),
            candidates: RefCell::default(),
            withheld,
        };
        for (id, actor) in parts.actors.iter() {
            names.id(&actor.id, Entity::Actor(id));
            names.called(Entity::Actor(id), &actor.id, "");
        }
        for (id, claim) in parts.claims.iter() {
            names.id(&claim.id, Entity::Claim(id));
            names.called(Entity::Claim(id), &claim.id, "");
        }
        for (key, id) in &admitted.source_ids {
            names.id(key, Entity::Source(*id));
            names.called(Entity::Source(*id), key, "");
        }
        for (id, briefing) in parts.briefings.iter() {
            names.id(&briefing.id, Entity::Briefing(id));
            // The end of its path is also a name.
            for (slash, _) in briefing.id.match_indices('/') {
                names.id(&briefing.id[slash + 1..], Entity::Briefing(id));
            }
            names.called(Entity::Briefing(id), &briefing.id, "");
        }
        for (doc, draft, _) in &admitted.docs {
            names.front(*doc, draft);
        }
        for (id, origin) in &admitted.sources {
            if let Some(title) = &origin.front().title {
                push(
                    &mut names.names,
                    &mut names.written,
                    title,
                    Entity::Source(*id),
                );
                names.named(Entity::Source(*id), title);
            }
        }
        names
    }

    fn front(&mut self, doc: Doc, draft: &Draft) {
        match (&draft.front, doc) {
            (Front::Actor(front), Doc::Actor(id)) => {
                let entity = Entity::Actor(id);
                if let Some((name, _)) = &front.name {
                    push(&mut self.names, &mut self.written, name, entity);
                    self.named(entity, name);
                }
                for (alias, _) in &front.aliases {
                    push(&mut self.aliases, &mut self.written, alias, entity);
                }
                for naming in &front.named_by {
                    push(&mut self.aliases, &mut self.written, &naming.alias, entity);
                }
            }
            (Front::Claim(front), Doc::Claim(id)) => {
                if let Some((text, _)) = &front.text {
                    push(&mut self.names, &mut self.written, text, Entity::Claim(id));
                }
            }
            (Front::Briefing(front), Doc::Briefing(id)) => {
                let heading = draft.headings.first();
                let heading = heading.filter(|it| self.vault.is_none() || it.level == 1);
                let heading = heading.map(|heading| &heading.text);
                if let Some(title) = front.title.as_ref().or(heading) {
                    push(
                        &mut self.names,
                        &mut self.written,
                        title,
                        Entity::Briefing(id),
                    );
                    self.named(Entity::Briefing(id), title);
                }
                for name in &front.names {
                    push(
                        &mut self.aliases,
                        &mut self.written,
                        name,
                        Entity::Briefing(id),
                    );
                }
            }
            _ => {}
        }
    }

    fn called(&mut self, entity: Entity, id: &str, name: &str) {
        self.shown.insert(entity, (id.to_owned(), name.to_owned()));
    }

    fn named(&mut self, entity: Entity, name: &str) {
        if let Some((_, shown)) = self.shown.get_mut(&entity) {
            name.clone_into(shown);
        }
    }

    fn id(&mut self, id: &str, entity: Entity) {
        // Ids are compared as written, ignoring case.
        let entities = self.ids.entry(fold(id)).or_default();
        if entities.last() != Some(&entity) {
            entities.push(entity);
        }
    }

    /// Resolves `name`: an id, else a name or title, else an alias.
    ///
    /// # Errors
    /// Returns a diagnostic if it is unknown or ambiguous.
    pub fn find(
        &self,
        map: &SourceMap,
        name: &Name,
        kind: Option<NameKind>,
    ) -> Result<Found, Box<Diagnostic>> {
        let kind = given(name).or(kind);
        let (mut found, by_id) = match self.vault {
            Some(notes) => self.all(&from_here(notes, map.file(), &name.text), kind),
            None => self.all(&name.text, kind),
        };
        if self.vault.is_some() && found.len() > 1 {
            found = self.nearest(map.file(), found);
        }
        let place = map.place(name.span);
        match found.as_slice() {
            [entity] => Ok(Found {
                entity: *entity,
                by_id,
            }),
            [] => Err(Box::new(self.unknown(place, name, kind))),
            many => Err(Box::new(self.ambiguous(place, name, many))),
        }
    }

    /// Returns all entities that a name could mean, and whether it is their id.
    pub(super) fn all(&self, name: &str, kind: Option<NameKind>) -> (Vec<Entity>, bool) {
        let (id, key) = (fold(name), name_key(name));
        // In a vault, any name of an actor, claim or source takes precedence.
        let rounds: &[&dyn Fn(Entity) -> bool] = match self.vault {
            Some(_) => &[&|entity| !is_kind(entity, NameKind::Page), &|entity| {
                is_kind(entity, NameKind::Page)
            }],
            None => &[&|_| true],
        };
        for round in rounds {
            for (index, (by, key)) in [(&self.ids, &id), (&self.names, &key), (&self.aliases, &key)]
                .into_iter()
                .enumerate()
            {
                let found = by.get(key).into_iter().flatten().copied();
                let is_meant = |entity: &Entity| {
                    round(*entity) && kind.is_none_or(|kind| is_kind(*entity, kind))
                };
                let found: Vec<Entity> = found.filter(is_meant).collect();
                if !found.is_empty() {
                    return (found, index == 0);
                }
            }
        }
        (Vec::new(), false)
    }

    /// Returns the note for a Markdown link with less than the whole path, as in Obsidian.
    pub fn note(&self, map: &SourceMap, path: &str) -> Option<Entity> {
        let path = from_here(self.vault?, map.file(), path);
        let (found, _) = self.all(&path, Some(NameKind::Page));
        self.nearest(map.file(), found).first().copied()
    }

    /// Returns the entity of a mention by id; `None` if it is not by id.
    pub fn meant_by_id(&self, name: &Name) -> Option<Entity> {
        match self.all(&name.text, given(name)) {
            (found, true) => match found.as_slice() {
                [entity] => Some(*entity),
                _ => None,
            },
            (_, false) => None,
        }
    }

    /// Returns the actor of a name that need not be an actor.
    pub fn maybe_actor(&self, name: &Name) -> Option<Id<Actor>> {
        match self.all(&name.text, Some(NameKind::Actor)).0.as_slice() {
            [Entity::Actor(id)] => Some(*id),
            _ => None,
        }
    }

    /// Of several notes with one name, returns the one next to `file`, or the first one with the
    /// shortest path.
    fn nearest(&self, file: &SitePath, found: Vec<Entity>) -> Vec<Entity> {
        if !found.iter().all(|it| is_kind(*it, NameKind::Page)) {
            return found;
        }
        let rank = |entity: &Entity| {
            let mut files = self
                .admitted
                .docs
                .iter()
                .filter_map(|(doc, draft, _)| match doc {
                    Doc::Briefing(id) if Entity::Briefing(*id) == *entity => Some(draft.file()),
                    Doc::Briefing(_) | Doc::Actor(_) | Doc::Claim(_) => None,
                });
            let path = files.next();
            let depth = path.map_or(usize::MAX, |path| path.as_str().matches('/').count());
            let is_beside = path.is_some_and(|path| path.parent() == file.parent());
            (!is_beside, depth, path.cloned())
        };
        found.into_iter().min_by_key(rank).into_iter().collect()
    }

    pub fn actor(&self, map: &SourceMap, name: &Name) -> Result<Id<Actor>, Box<Diagnostic>> {
        match self.find(map, name, Some(NameKind::Actor))?.entity {
            Entity::Actor(id) => Ok(id),
            Entity::Claim(_) | Entity::Source(_) | Entity::Briefing(_) => Err(Box::new(
                self.unknown(map.place(name.span), name, Some(NameKind::Actor)),
            )),
        }
    }

    pub fn claim(&self, map: &SourceMap, name: &Name) -> Result<Id<Claim>, Box<Diagnostic>> {
        match self.admitted.claims.get(name.text.as_ref()) {
            Some(id) => Ok(*id),
            None => Err(Box::new(self.unknown(
                map.place(name.span),
                name,
                Some(NameKind::Claim),
            ))),
        }
    }

    /// Returns a source by its key as written, or else ignoring case.
    pub fn source(&self, map: &SourceMap, name: &Name) -> Result<Id<Source>, Box<Diagnostic>> {
        if let Some(id) = self.admitted.source_ids.get(name.text.as_ref()) {
            return Ok(*id);
        }
        match self.find(map, name, Some(NameKind::Source))?.entity {
            Entity::Source(id) => Ok(id),
            Entity::Actor(_) | Entity::Claim(_) | Entity::Briefing(_) => Err(Box::new(
                self.unknown(map.place(name.span), name, Some(NameKind::Source)),
            )),
        }
    }

    pub fn event(&self, map: &SourceMap, name: &Name) -> Result<Id<Event>, Box<Diagnostic>> {
        match self.admitted.events.get(name.text.as_ref()) {
            Some(id) => Ok(*id),
            None => Err(Box::new(super::hints::unknown_event(
                map.place(name.span),
                &name.text,
                self.guess
                    .nearest(&name.text, self.admitted.events.keys().map(String::as_str)),
            ))),
        }
    }

    /// True if the id of a claim or event is invalid, which was reported at its definition.
    pub fn is_unreadable(&self, name: &Name) -> bool {
        self.admitted.unreadable.contains(name.text.as_ref())
    }

    /// Returns the source with this key, if the book has it.
    pub fn known_source(&self, key: &str) -> Option<Id<Source>> {
        self.admitted.source_ids.get(key).copied()
    }

    /// True if the book has any source: without one, `[@name]` is text.
    pub fn has_sources(&self) -> bool {
        !self.admitted.source_ids.is_empty()
    }

    /// Returns the names of all entities of this kind, ids first, in alphabetical order, because
    /// the order of a hash map must not affect a hint.
    pub(super) fn meant(&self, kind: Option<NameKind>) -> impl Iterator<Item = &str> {
        let place = match kind {
            None => 0,
            Some(NameKind::Actor) => 1,
            Some(NameKind::Claim) => 2,
            Some(NameKind::Source) => 3,
            Some(NameKind::Page) => 4,
        };
        let meant = self.meant[place].get_or_init(|| {
            let is_wanted = |entity: &Entity| kind.is_none_or(|kind| is_kind(*entity, kind));
            let known = |by: &HashMap<String, Vec<Entity>>| -> Vec<String> {
                let known = by.iter().filter(|(_, them)| them.iter().any(is_wanted));
                known.map(|(key, _)| key.clone()).collect()
            };
            let mut ids = known(&self.ids);
            ids.sort_unstable();
            let names = [known(&self.names), known(&self.aliases)].concat();
            let names = names.into_iter().map(|key| match self.written.get(&key) {
                Some(written) => written.clone(),
                None => key,
            });
            let mut names: Vec<String> = names.collect();
            names.sort_unstable();
            names.dedup();
            // Of an id and a name that are equally near, the id is preferred.
            ids.extend(names);
            ids
        });
        meant.iter().map(String::as_str)
    }

    /// Returns the entities that ambiguous names could mean, of all lookups.
    pub fn into_candidates(self) -> BTreeSet<Entity> {
        self.candidates.into_inner()
    }

    fn ambiguous(&self, place: Place, name: &Name, found: &[Entity]) -> Diagnostic {
        self.candidates.borrow_mut().extend(found);
        let mut choices: Vec<String> = found
            .iter()
            .map(|entity| {
                if self.shown.contains_key(entity) {
                    format!("`{}`", self.prefixed(*entity))
                } else {
                    format!("`{}`", name.text)
                }
            })
            .collect();
        choices.sort();
        let more = choices.len().saturating_sub(CHOICES);
        choices.truncate(CHOICES);
        let more = match more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Diagnostic::new(
            Code::AmbiguousName,
            place,
            format!(
                "ambiguous name `{}` with {} matches",
                name.text,
                found.len()
            ),
        )
        .label(format!("matches {}{more}", choices.join(" and ")))
        .hint(format!("write one of: {}", choices.join(", ")))
    }
}

/// Returns a path in a note, without `.md` and relative to the folder of the notes.
fn from_here(notes: &SitePath, file: &SitePath, text: &str) -> String {
    let text = text.strip_suffix(".md").unwrap_or(text);
    let path = match text.strip_prefix('/') {
        Some(rooted) => SitePath::new(rooted).ok(),
        None if text.starts_with('.') => {
            let below = file.below(notes);
            below.and_then(|below| below.sibling(text).ok())
        }
        None => None,
    };
    path.map_or_else(|| text.to_owned(), |path| path.to_string())
}

fn push(
    index: &mut HashMap<String, Vec<Entity>>,
    written: &mut HashMap<String, String>,
    name: &str,
    entity: Entity,
) {
    let key = name_key(name);
    if !written.contains_key(&key) {
        written.insert(key.clone(), one_line(name).into_owned());
    }
    let entities = index.entry(key).or_default();
    // All names of one entity are added consecutively.
    if entities.last() != Some(&entity) {
        entities.push(entity);
    }
}

/// Returns the kind prefix of a name.
fn given(name: &Name) -> Option<NameKind> {
    match name.how {
        How::Mention { kind, .. } => kind,
        How::Link | How::Image | How::Embed | How::Cite | How::Bare => None,
    }
}

fn is_kind(entity: Entity, kind: NameKind) -> bool {
    matches!(
        (entity, kind),
        (Entity::Actor(_), NameKind::Actor)
            | (Entity::Claim(_), NameKind::Claim)
            | (Entity::Source(_), NameKind::Source)
            | (Entity::Briefing(_), NameKind::Page)
    )
}
