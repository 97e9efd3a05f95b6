//! Writes the chapters of actors, claims and sources in plain Markdown.

use std::sync::Arc;

use super::words::{Shelf, begun, plain};
use crate::derive::{Mention, Standings};
use crate::model::{Actor, Claim, Entity, Id, Source};
use crate::text::SitePath;

/// The record of a book, for writing chapters.
pub(super) struct Record<'a> {
    pub shelf: &'a Shelf<'a>,
    pub standings: &'a Standings,
    pub mentions: &'a [Arc<Mention>],
}

/// Adds a section to a chapter, if it has content.
fn section(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    text.push_str(&format!("\n## {title}\n\n"));
    for line in lines {
        text.push_str(&format!("- {line}\n"));
    }
}

impl Record<'_> {
    /// Returns the chapter of an actor: who it is, and what it says, is accused of and replies.
    /// `own` is the text of its file.
    pub fn actor(&self, id: Id<Actor>, own: &str) -> String {
        let (site, shelf) = (self.shelf.site, self.shelf);
        let here = &shelf.chapter(Entity::Actor(id));
        let actor = &site.actors()[id];
        let mut text = format!("# {}\n\n", plain(&actor.name));
        let mut facts = vec![begun(&actor.kind.word().replace('-', " "))];
        if !actor.aliases.is_empty() {
            let names: Vec<String> = actor.aliases.iter().map(|name| plain(name)).collect();
            facts.push(format!("also known as {}", names.join(", ")));
        }
        if let Some(part_of) = actor.part_of {
            facts.push(format!("part of {}", shelf.actor(here, part_of)));
        }
        if !actor.speaks_for.is_empty() {
            facts.push(format!(
                "speaks for {}",
                shelf.actors(here, &actor.speaks_for)
            ));
        }
        text.push_str(&format!("{}.\n", facts.join("; ")));
        if let Some(summary) = &actor.summary {
            text.push_str(&format!("\n{}\n", plain(summary)));
        }
        append(&mut text, own);
        let (mut says, mut accused) = (Vec::new(), Vec::new());
        for (claim, of) in site.claims().iter() {
            let own = of.positions.iter().filter(|it| it.by == id);
            says.extend(
                own.map(|it| format!("{}: {}", shelf.claim(here, claim), shelf.position(here, it))),
            );
            if let Some(reply) = self.standings[claim].reply_of(id) {
                let claim = shelf.claim(here, claim);
                accused.push(format!("{claim}: {}", reply.in_words()));
            }
        }
        section(&mut text, "What it says", &says);
        section(&mut text, "What it is accused of", &accused);
        section(
            &mut text,
            "Mentions",
            &self.mentions(here, Entity::Actor(id)),
        );
        text
    }

    /// Returns the chapter of a claim: its status, its positions, and the replies of the accused.
    /// `own` is the text of its file.
    pub fn claim(&self, id: Id<Claim>, own: &str) -> String {
        let (site, shelf) = (self.shelf.site, self.shelf);
        let here = &shelf.chapter(Entity::Claim(id));
        let claim = &site.claims()[id];
        let standing = &self.standings[id];
        let mut text = format!("# {}\n\n", plain(&claim.text));
        text.push_str(&format!(
            "**{}**: {}; {}.\n",
            standing.status.label(),
            crate::derive::status_words(site, standing),
            crate::derive::support_words(standing),
        ));
        if !claim.against.is_empty() {
            text.push_str(&format!(
                "\nAgainst {}.\n",
                shelf.actors(here, &claim.against)
            ));
        }
        append(&mut text, own);
        let positions = claim.positions.iter().map(|it| {
            let words = match it.shown() {
                shown if shown.trim().is_empty() => String::new(),
                shown => format!(": {}", plain(&shown)),
            };
            let position = shelf.position(here, it);
            format!("{position}, in {}{words}", shelf.to_doc(here, it.doc))
        });
        section(&mut text, "Who says what", &positions.collect::<Vec<_>>());
        let replies = standing.replies.iter().map(|it| {
            let days = match it.days {
                Some(1) => ", after 1 day".to_owned(),
                Some(days) => format!(", after {days} days"),
                None => String::new(),
            };
            format!("{} {}{days}", shelf.actor(here, it.accused), it.in_words())
        });
        section(
            &mut text,
            "What the accused answered",
            &replies.collect::<Vec<_>>(),
        );
        section(
            &mut text,
            "Mentions",
            &self.mentions(here, Entity::Claim(id)),
        );
        text
    }

    /// Returns the chapter of a source: its data, and what cites it.
    pub fn source(&self, id: Id<Source>) -> String {
        let (site, shelf) = (self.shelf.site, self.shelf);
        let here = &shelf.chapter(Entity::Source(id));
        let source = &site.sources()[id];
        let mut text = format!("# {}\n\n", plain(&source.title));
        let mut facts = Vec::new();
        let authors = source.authors.iter().map(|id| shelf.actor(here, *id));
        let literal = source.literal_authors.iter().map(|name| plain(name));
        let authors: Vec<String> = authors.chain(literal).collect();
        if !authors.is_empty() {
            facts.push(authors.join(", "));
        }
        facts.extend(source.publisher.as_ref().map(|it| plain(it)));
        facts.extend(source.date.as_ref().map(|it| it.in_words()));
        if !facts.is_empty() {
            text.push_str(&format!("{}.\n", facts.join("; ")));
        }
        for (words, url) in [
            ("Document", &source.url),
            ("Archived copy", &source.archive),
        ] {
            if let Some(url) = url {
                text.push_str(&format!(
                    "\n{words}: <{}>\n",
                    url.replace(['<', '>', ' '], "")
                ));
            }
        }
        let based = source.based_on.iter().map(|it| shelf.source(here, *it, ""));
        section(&mut text, "Based on", &based.collect::<Vec<_>>());
        let mut rests = Vec::new();
        for (claim, of) in site.claims().iter() {
            let positions = of.positions.iter();
            let positions = positions.filter(|it| it.sources.iter().any(|it| it.source == id));
            rests.extend(
                positions.map(|it| {
                    format!("{}: {}", shelf.claim(here, claim), shelf.position(here, it))
                }),
            );
        }
        section(&mut text, "What rests on it", &rests);
        text
    }

    /// Returns the sentences on other pages that mention an object.
    fn mentions(&self, here: &SitePath, entity: Entity) -> Vec<String> {
        let of = self.mentions.iter().filter(|it| it.entity == entity);
        let of = of.filter(|it| self.shelf.doc(it.doc).0 != *here);
        of.map(|it| {
            format!(
                "{}: {}",
                self.shelf.to_doc(here, it.doc),
                plain(&it.sentence)
            )
        })
        .collect()
    }

    /// Returns the list of all objects with a chapter in one of the three folders.
    pub fn list(&self, here: &SitePath, entities: &[Entity], title: &str) -> String {
        let lines = entities.iter().map(|entity| {
            let words = self.title(*entity);
            let path = self.shelf.chapter(*entity).seen_from(here);
            let stands = match entity {
                Entity::Claim(id) => {
                    let word = self.standings[*id].status.word().replace('-', " ");
                    format!(": {word}")
                }
                Entity::Actor(_) | Entity::Source(_) | Entity::Briefing(_) => String::new(),
            };
            format!("- [{}]({path}){stands}\n", plain(&words))
        });
        format!("# {title}\n\n{}", lines.collect::<String>())
    }

    /// Returns the title of a chapter in the contents.
    pub fn title(&self, entity: Entity) -> String {
        let site = self.shelf.site;
        match entity {
            Entity::Actor(id) => site.actors()[id].name.clone(),
            Entity::Claim(id) => site.claims()[id].text.clone(),
            Entity::Source(id) => site.sources()[id].title.clone(),
            Entity::Briefing(id) => site.briefings()[id].title.clone(),
        }
    }

    /// Returns all objects that have a chapter, by folder.
    pub fn all(&self) -> [(&'static str, &SitePath, Vec<Entity>); 3] {
        let site = self.shelf.site;
        let config = self.shelf.config;
        let actors = site.actors().iter().filter(|(_, actor)| !actor.is_unnamed);
        [
            (
                "Actors",
                &config.actors,
                actors.map(|(id, _)| Entity::Actor(id)).collect(),
            ),
            (
                "Claims",
                &config.claims,
                site.claims().ids().map(Entity::Claim).collect(),
            ),
            (
                "Sources",
                &config.sources,
                site.sources().ids().map(Entity::Source).collect(),
            ),
        ]
    }
}

/// Appends an author's text, without its first heading if that would be repeated.
fn append(text: &mut String, own: &str) {
    let own = own.trim();
    let own = match own.strip_prefix("# ") {
        Some(rest) => rest
            .split_once('\n')
            .map_or("", |(_, rest)| rest.trim_start()),
        None => own,
    };
    if !own.is_empty() {
        text.push_str(&format!("\n{own}\n"));
    }
}
