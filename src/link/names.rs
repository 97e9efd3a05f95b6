//! The index of everything that has a name, and the look-up of one.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::admit::Admitted;
use crate::diag::{Code, Diagnostic};
use crate::model::{Actor, Claim, Doc, Entity, Event, Id, SiteParts, Source};
use crate::parse::{Draft, Front, How, Name, NameKind};
use crate::text::{Guess, Place, SitePath, fold};

/// Everything with a name: ids by kind, names and titles, aliases.
pub struct Names<'a> {
    admitted: &'a Admitted<'a>,
    /// The folder of the notes, where the briefings are Obsidian's.
    vault: Option<&'a SitePath>,
    ids: HashMap<String, Vec<Entity>>,
    names: HashMap<String, Vec<Entity>>,
    aliases: HashMap<String, Vec<Entity>>,
    /// What each entity is called, to print in hints.
    shown: BTreeMap<Entity, String>,
    /// What a word that is unknown may have been meant to be: everything, and by kind.
    meant: [OnceCell<Vec<String>>; 5],
    guess: Guess,
    /// Names of what is left out on purpose, folded.
    withheld: &'a BTreeSet<String>,
}

/// The most of what a name could mean that is listed.
const CHOICES: usize = 8;

/// What a look-up found.
pub struct Found {
    pub entity: Entity,
    /// By id rather than by name.
    pub by_id: bool,
}

impl<'a> Names<'a> {
    /// `withheld` holds the names of what is left out, folded; `vault` is the folder of the notes,
    /// where the briefings are Obsidian's.
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
            shown: BTreeMap::new(),
            meant: Default::default(),
            guess: Guess::default(),
            withheld,
        };
        for (id, actor) in parts.actors.iter() {
            names.id(&actor.id, Entity::Actor(id));
        }
        for (id, claim) in parts.claims.iter() {
            names.id(&claim.id, Entity::Claim(id));
            names
                .shown
                .insert(Entity::Claim(id), format!("claim:{}", claim.id));
        }
        for (key, id) in &admitted.source_ids {
            names.id(key, Entity::Source(*id));
            names
                .shown
                .insert(Entity::Source(*id), format!("source:{key}"));
        }
        for (id, briefing) in parts.briefings.iter() {
            names.id(&briefing.id, Entity::Briefing(id));
            // The end of its path names it too.
            for (slash, _) in briefing.id.match_indices('/') {
                names.id(&briefing.id[slash + 1..], Entity::Briefing(id));
            }
            names
                .shown
                .insert(Entity::Briefing(id), format!("page:{}", briefing.id));
        }
        for (doc, draft, _) in &admitted.docs {
            names.front(*doc, draft);
        }
        for (id, origin) in &admitted.sources {
            if let Some(title) = &origin.front().title {
                push(&mut names.names, title, Entity::Source(*id));
            }
        }
        names
    }

    fn front(&mut self, doc: Doc, draft: &Draft) {
        match (&draft.front, doc) {
            (Front::Actor(front), Doc::Actor(id)) => {
                let entity = Entity::Actor(id);
                if let Some((name, _)) = &front.name {
                    push(&mut self.names, name, entity);
                    self.shown
                        .insert(entity, format!("actor:{}", draft.file.stem()));
                }
                for (alias, _) in &front.aliases {
                    push(&mut self.aliases, alias, entity);
                }
                for naming in &front.named_by {
                    push(&mut self.aliases, &naming.alias, entity);
                }
            }
            (Front::Claim(front), Doc::Claim(id)) => {
                if let Some((text, _)) = &front.text {
                    push(&mut self.names, text, Entity::Claim(id));
                }
            }
            (Front::Briefing(front), Doc::Briefing(id)) => {
                let heading = draft.headings.first();
                let heading = heading.filter(|it| self.vault.is_none() || it.level == 1);
                let heading = heading.map(|heading| &heading.text);
                if let Some(title) = front.title.as_ref().or(heading) {
                    push(&mut self.names, title, Entity::Briefing(id));
                }
                for name in &front.names {
                    push(&mut self.aliases, name, Entity::Briefing(id));
                }
            }
            _ => {}
        }
    }

    fn id(&mut self, id: &str, entity: Entity) {
        push(&mut self.ids, id, entity);
    }

    /// What `name` means: an id, else a name or title, else an alias.
    ///
    /// # Errors
    /// A diagnostic when it means nothing or more than one thing.
    pub fn find(
        &self,
        file: &SitePath,
        name: &Name,
        kind: Option<NameKind>,
    ) -> Result<Found, Box<Diagnostic>> {
        let kind = given(name).or(kind);
        let key = match self.vault {
            Some(notes) => fold(&from_here(notes, file, &name.text)),
            None => fold(&name.text),
        };
        let (mut found, by_id) = self.all(&key, kind);
        if self.vault.is_some() && found.len() > 1 {
            found = self.nearest(file, found);
        }
        let place = Place::new(file, name.span);
        match found.as_slice() {
            [entity] => Ok(Found {
                entity: *entity,
                by_id,
            }),
            [] => Err(Box::new(self.unknown(place, name, kind))),
            many => Err(Box::new(self.ambiguous(place, name, many))),
        }
    }

    /// All that a folded name could mean, and whether it is their id.
    fn all(&self, key: &str, kind: Option<NameKind>) -> (Vec<Entity>, bool) {
        // Among notes a word that names an actor, claim or source by any name means that.
        let rounds: &[&dyn Fn(Entity) -> bool] = match self.vault {
            Some(_) => &[&|entity| !is_kind(entity, NameKind::Page), &|entity| {
                is_kind(entity, NameKind::Page)
            }],
            None => &[&|_| true],
        };
        for round in rounds {
            for (index, by) in [&self.ids, &self.names, &self.aliases]
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

    /// The note that a plain link in a note of Obsidian's means by less than its whole path.
    pub fn note(&self, file: &SitePath, path: &str) -> Option<Entity> {
        let key = fold(&from_here(self.vault?, file, path));
        let (found, _) = self.all(&key, Some(NameKind::Page));
        self.nearest(file, found).first().copied()
    }

    /// What a mention means by its id, where it does.
    pub fn meant_by_id(&self, name: &Name) -> Option<Entity> {
        match self.all(&fold(&name.text), given(name)) {
            (found, true) => match found.as_slice() {
                [entity] => Some(*entity),
                _ => None,
            },
            (_, false) => None,
        }
    }

    /// The actor that `name` means, where it may just as well be no actor's.
    pub fn maybe_actor(&self, name: &Name) -> Option<Id<Actor>> {
        match self
            .all(&fold(&name.text), Some(NameKind::Actor))
            .0
            .as_slice()
        {
            [Entity::Actor(id)] => Some(*id),
            _ => None,
        }
    }

    /// Of notes with one name the one beside `file`, else the first one with the shortest path.
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
                    Doc::Briefing(id) if Entity::Briefing(*id) == *entity => Some(&draft.file),
                    _ => None,
                });
            let path = files.next();
            let depth = path.map_or(usize::MAX, |path| path.as_str().matches('/').count());
            let is_beside = path.is_some_and(|path| path.parent() == file.parent());
            (!is_beside, depth, path.cloned())
        };
        found.into_iter().min_by_key(rank).into_iter().collect()
    }

    pub fn actor(&self, file: &SitePath, name: &Name) -> Result<Id<Actor>, Box<Diagnostic>> {
        match self.find(file, name, Some(NameKind::Actor))?.entity {
            Entity::Actor(id) => Ok(id),
            Entity::Claim(_) | Entity::Source(_) | Entity::Briefing(_) => Err(Box::new(
                self.unknown(Place::new(file, name.span), name, Some(NameKind::Actor)),
            )),
        }
    }

    pub fn claim(&self, file: &SitePath, name: &Name) -> Result<Id<Claim>, Box<Diagnostic>> {
        match self.admitted.claims.get(name.text.as_ref()) {
            Some(id) => Ok(*id),
            None => Err(Box::new(self.unknown(
                Place::new(file, name.span),
                name,
                Some(NameKind::Claim),
            ))),
        }
    }

    /// A source by its key as written, else without regard to case.
    pub fn source(&self, file: &SitePath, name: &Name) -> Result<Id<Source>, Box<Diagnostic>> {
        if let Some(id) = self.admitted.source_ids.get(name.text.as_ref()) {
            return Ok(*id);
        }
        match self.find(file, name, Some(NameKind::Source))?.entity {
            Entity::Source(id) => Ok(id),
            Entity::Actor(_) | Entity::Claim(_) | Entity::Briefing(_) => Err(Box::new(
                self.unknown(Place::new(file, name.span), name, Some(NameKind::Source)),
            )),
        }
    }

    pub fn event(&self, file: &SitePath, name: &Name) -> Result<Id<Event>, Box<Diagnostic>> {
        match self.admitted.events.get(name.text.as_ref()) {
            Some(id) => Ok(*id),
            None => Err(Box::new(unknown_event(
                Place::new(file, name.span),
                &name.text,
                self.guess
                    .nearest(&name.text, self.admitted.events.keys().map(String::as_str)),
            ))),
        }
    }

    /// Whether the book has any source: without one, `[@name]` is text.
    pub fn has_sources(&self) -> bool {
        !self.admitted.source_ids.is_empty()
    }

    fn unknown(&self, place: Place, name: &Name, kind: Option<NameKind>) -> Diagnostic {
        let (code, what) = match kind {
            Some(NameKind::Actor) => (Code::UnknownActor, "actor"),
            Some(NameKind::Claim) => (Code::UnknownClaim, "claim"),
            Some(NameKind::Source) => (Code::UnknownSource, "source"),
            Some(NameKind::Page) => (Code::UnknownPage, "page"),
            None => (Code::UnknownPage, "name"),
        };
        if self.withheld.contains(&fold(&name.text)) {
            return names_withheld(place, what, &name.text);
        }
        let near = match self.guess.is_possible() {
            true => self.guess.nearest(&name.text, self.meant(kind)),
            false => None,
        };
        let hint = match (near, kind) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(NameKind::Actor)) => format!(
                "write a file `actors/{}.md` with its `name:`",
                hint_id(&name.text)
            ),
            (None, Some(NameKind::Claim)) => {
                format!("state it somewhere with `claim:{}`", hint_id(&name.text))
            }
            (None, Some(NameKind::Source)) => format!(
                "write a file `sources/{}.md` with its `title:`",
                hint_id(&name.text)
            ),
            (None, Some(NameKind::Page) | None) => {
                "write the id of an actor, claim, source or briefing, its name or an alias"
                    .to_string()
            }
        };
        Diagnostic::new(code, place, format!("unknown {what} `{}`", name.text))
            .label(format!("no {what} has this id, name or alias"))
            .hint(hint)
    }

    /// The names of everything of this kind, in the order of the alphabet: a hash map has no
    /// order of its own, and a hint must not depend on it.
    fn meant(&self, kind: Option<NameKind>) -> impl Iterator<Item = &str> {
        let place = match kind {
            None => 0,
            Some(NameKind::Actor) => 1,
            Some(NameKind::Claim) => 2,
            Some(NameKind::Source) => 3,
            Some(NameKind::Page) => 4,
        };
        let meant = self.meant[place].get_or_init(|| {
            let is_wanted = |entity: &Entity| kind.is_none_or(|kind| is_kind(*entity, kind));
            let known = [&self.ids, &self.names, &self.aliases]
                .into_iter()
                .flat_map(|by| by.iter())
                .filter(|(_, entities)| entities.iter().any(is_wanted));
            let mut known: Vec<String> = known.map(|(key, _)| key.clone()).collect();
            known.sort_unstable();
            known.dedup();
            known
        });
        meant.iter().map(String::as_str)
    }

    fn ambiguous(&self, place: Place, name: &Name, found: &[Entity]) -> Diagnostic {
        let mut choices: Vec<String> = found
            .iter()
            .map(|entity| match self.shown.get(entity) {
                Some(shown) => format!("`{shown}`"),
                None => format!("`{}`", name.text),
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
            format!("`{}` could be any of {}", name.text, found.len()),
        )
        .label(format!("this names {}{more}", choices.join(" and ")))
        .hint(format!("write one of: {}", choices.join(", ")))
    }
}

/// A path that a note names, without `.md` and as it reads from the folder of the notes.
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

fn push(index: &mut HashMap<String, Vec<Entity>>, name: &str, entity: Entity) {
    let entities = index.entry(fold(name)).or_default();
    // All names of one entity are pushed in a row.
    if entities.last() != Some(&entity) {
        entities.push(entity);
    }
}

/// The kind that an author wrote before a name.
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

fn names_withheld(place: Place, what: &str, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WithheldWords,
        place,
        format!("{what} `{name}` is left out of this book and named in it"),
    )
    .label("what it names is marked above the book's ceiling")
    .hint("mark this passage with the same `tlp`, or write it without the name")
}

fn hint_id(text: &str) -> String {
    let id = crate::text::slug(text);
    if id.is_empty() { "ID".into() } else { id }
}

fn unknown_event(place: Place, id: &str, near: Option<&str>) -> Diagnostic {
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("mark it somewhere: `[what happened](event:{id} \"on=DATE\")`"),
    };
    Diagnostic::new(Code::UnknownPage, place, format!("unknown event `{id}`"))
        .label("no text marks this event")
        .hint(hint)
}
