//! Markdown fragments for any renderer.

use crate::config::Config;
use crate::model::{Actor, Claim, Doc, Entity, Id, PartialDate, Position, Site, Source};
use crate::text::{Place, SitePath, slug};

/// The paths of all chapters, relative to the text folder.
pub(super) struct Shelf<'a> {
    pub site: &'a Site,
    pub source: &'a SitePath,
    pub config: &'a Config,
}

/// Escapes text for Markdown.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '^' | '{'
        ) {
            plain.push('\\');
        }
        plain.push(if c == '\n' { ' ' } else { c });
    }
    plain
}

/// Capitalizes the first letter of a phrase.
pub(super) fn begun(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

impl Shelf<'_> {
    /// Returns the chapter of an entity.
    pub fn chapter(&self, entity: Entity) -> SitePath {
        match entity {
            Entity::Actor(id) => {
                let actor = &self.site.actors()[id];
                self.record(&self.config.actors, &actor.id, &actor.place)
            }
            Entity::Claim(id) => {
                let claim = &self.site.claims()[id];
                self.record(&self.config.claims, &claim.id, &claim.place)
            }
            Entity::Source(id) => {
                let source = &self.site.sources()[id];
                self.record(&self.config.sources, &source.id, &source.place)
            }
            Entity::Briefing(id) => {
                let file = &self.site.briefings()[id].file;
                file.below(self.source).unwrap_or_else(|| file.clone())
            }
        }
    }

    /// Returns the file of an object in `folder`, or else a file with its name.
    fn record(&self, folder: &SitePath, id: &str, place: &Place) -> SitePath {
        let own = place.document().below(self.source);
        let own = own.filter(|path| path.extension() == "md" && path.below(folder).is_some());
        own.unwrap_or_else(|| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
            let name = if id.chars().all(is_plain) {
                id.to_owned()
            } else {
                slug(id)
            };
            let path = SitePath::new(&format!("{folder}/{name}.md"));
            path.unwrap_or_else(|_| folder.clone())
        })
    }

    pub fn doc(&self, doc: Doc) -> (SitePath, String) {
        match doc {
            Doc::Briefing(id) => {
                let title = self.site.briefings()[id].title.clone();
                (self.chapter(Entity::Briefing(id)), title)
            }
            Doc::Actor(id) => {
                let name = self.site.actors()[id].name.clone();
                (self.chapter(Entity::Actor(id)), name)
            }
            Doc::Claim(id) => {
                let text = self.site.claims()[id].text.clone();
                (self.chapter(Entity::Claim(id)), text)
            }
        }
    }

    /// Returns a link to a document, relative to the chapter `here`.
    pub fn to_doc(&self, here: &SitePath, doc: Doc) -> String {
        let (path, title) = self.doc(doc);
        format!("[{}]({})", plain(&title), path.seen_from(here))
    }

    /// Returns the name of an actor, with a link to its chapter if it has one.
    pub fn actor(&self, here: &SitePath, id: Id<Actor>) -> String {
        let actor = &self.site.actors()[id];
        if actor.is_unnamed {
            plain(&actor.name)
        } else {
            let path = self.chapter(Entity::Actor(id)).seen_from(here);
            format!("[{}]({path})", plain(&actor.name))
        }
    }

    pub fn actors(&self, here: &SitePath, ids: &[Id<Actor>]) -> String {
        let names: Vec<String> = ids.iter().map(|id| self.actor(here, *id)).collect();
        match names.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => String::new(),
        }
    }

    pub fn claim(&self, here: &SitePath, id: Id<Claim>) -> String {
        let text = self.site.claims()[id].text.trim_end_matches('.');
        let path = self.chapter(Entity::Claim(id)).seen_from(here);
        format!("[{}]({path})", plain(text))
    }

    pub fn source(&self, here: &SitePath, id: Id<Source>, locator: &str) -> String {
        let path = self.chapter(Entity::Source(id)).seen_from(here);
        let title = plain(&self.site.sources()[id].title);
        match locator {
            "" => format!("[{title}]({path})"),
            locator => format!("[{title}]({path}), {}", plain(locator)),
        }
    }

    /// Returns ` (19 July 2021)`, or nothing.
    pub fn day(on: Option<&PartialDate>) -> String {
        on.map_or_else(String::new, |on| format!(" ({})", on.in_words()))
    }

    /// Returns the position of a party on a claim that was named before:
    /// `A denies it (19 July 2021), B`.
    pub fn position(&self, here: &SitePath, position: &Position) -> String {
        let mut words = self.actor(here, position.by);
        if let Some(voice) = position.voice {
            words.push_str(&format!(", by {},", self.actor(here, voice)));
        }
        words.push_str(&format!(" {}", position.stance.in_words()));
        if !position.said_by.is_empty() {
            words.push_str(&format!(" of {}", self.actors(here, &position.said_by)));
        }
        if let Some(with) = position.with {
            words.push_str(&format!(" to {}", self.claim(here, with)));
        }
        words.push_str(&Self::day(position.on.as_ref()));
        for cited in &position.sources {
            words.push_str(&format!(
                ", {}",
                self.source(here, cited.source, &cited.locator)
            ));
        }
        words
    }
}
