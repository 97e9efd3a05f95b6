//! FollowTheMoney entities, one a line.
//!
//! A claim is a `Note` on the actors that it is about and a position an `Event` in which a party
//! is involved, with the document that it rests on: nothing here ties two actors because a claim
//! does. The texts of both say how the claim stands, since they are shown beside the names of the
//! accused.

use serde_json::{Value, json};

use super::record::{Actor, Claim, Position, Record, Source, When};
use crate::config::Export;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let actors = record.actors.iter().map(|it| actor(record, it));
    let ties = record.actors.iter().flat_map(|it| ties(record, it));
    let sources = record.sources.iter().map(|it| source(record, it));
    let claims = record.claims.iter().map(|it| claim(record, it));
    let positions = record.claims.iter().flat_map(|claim| {
        let positions = claim.positions.iter();
        positions.map(move |it| position(record, claim, it))
    });
    let events = record.events.iter().map(|event| {
        let mut entity = Entity::new("Event", &event.uuid);
        entity.put("name", [shortened(event.text)]);
        entity.put("description", [event.text]);
        entity.put("date", day(event.on));
        entity.put("involved", involved(record, &event.who));
        entity.put("proof", proofs(record, &event.sources));
        entity.done(&event.page)
    });
    let lines: Vec<Value> = actors
        .chain(ties)
        .chain(sources)
        .chain(claims)
        .chain(positions)
        .chain(events)
        .collect();
    let mut text = String::new();
    for line in lines {
        // Characters at which some readers end a line, though JSON does not.
        for c in line.to_string().chars() {
            match c {
                '\u{85}' | '\u{2028}' | '\u{2029}' => {
                    text.push_str(&format!("\\u{:04x}", c as u32));
                }
                c => text.push(c),
            }
        }
        text.push('\n');
    }
    vec![(Export::Ftm.main_file().into(), text.into())]
}

/// An entity under construction: its properties are lists of texts.
struct Entity {
    value: Value,
}

impl Entity {
    fn new(schema: &str, uuid: &str) -> Entity {
        Entity {
            value: json!({ "id": uuid, "schema": schema, "properties": {} }),
        }
    }

    fn put<T: Into<String>>(&mut self, property: &str, values: impl IntoIterator<Item = T>) {
        let mut kept: Vec<String> = Vec::new();
        for value in values {
            let value = value.into();
            if !value.is_empty() && !kept.contains(&value) {
                kept.push(value);
            }
        }
        if !kept.is_empty() {
            self.value["properties"][property] = json!(kept);
        }
    }

    /// The entity with the page that it is told on.
    fn done(mut self, page: &str) -> Value {
        if page.contains("://") {
            self.put("sourceUrl", [page]);
        }
        self.value
    }
}

/// The schema of an actor. States and alliances are public bodies here, since a schema of
/// theirs there is none; a cluster of activity is an organization only as far as it has a name.
fn schema(actor: &Actor<'_>) -> &'static str {
    match actor.kind {
        "person" => "Person",
        "company" => "Company",
        "state" | "government-body" | "alliance" => "PublicBody",
        "organization" | "group" => "Organization",
        "campaign" => "Project",
        "place" => "Address",
        // A product, which is no asset of anybody's.
        _ => "Asset",
    }
}

fn is_legal(actor: &Actor<'_>) -> bool {
    !matches!(actor.kind, "campaign" | "place" | "product")
}

fn actor(record: &Record<'_>, actor: &Actor<'_>) -> Value {
    let schema = schema(actor);
    let mut entity = Entity::new(schema, &actor.uuid);
    entity.put("name", [actor.name]);
    entity.put("alias", actor.aliases);
    entity.put("summary", actor.summary);
    entity.put("country", country(record, actor));
    entity.put("wikidataId", actor.wikidata);
    if schema == "Address" {
        entity.put("full", [actor.name]);
    }
    if is_legal(actor) {
        entity.put("website", actor.url);
    }
    entity.put(
        "notes",
        actor.status.map(|status| {
            let sources = actor
                .status_sources
                .iter()
                .map(|id| record.source(id).title);
            let sources: Vec<&str> = sources.collect();
            format!("Status: {status}, as told by {}", sources.join("; "))
        }),
    );
    entity.done(&actor.page)
}

/// The ISO code of an actor's country, where it was written as one.
fn country(record: &Record<'_>, actor: &Actor<'_>) -> Option<String> {
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    let country = actor.country.filter(|code| is_code(code));
    let is_known = |code: &&str| !record.actors.iter().any(|actor| actor.id == *code);
    country.filter(is_known).map(str::to_lowercase)
}

/// What the desk itself says of actors.
fn ties(record: &Record<'_>, actor: &Actor<'_>) -> Vec<Value> {
    let part_of = actor.part_of.iter().map(|other| ("part of", other));
    let member_of = actor.member_of.iter().map(|other| ("member of", other));
    let speaks_for = actor.speaks_for.iter().map(|other| ("speaks for", other));
    let ties = part_of.chain(member_of).chain(speaks_for);
    let tie = ties.map(|(role, other)| {
        let name = format!("{} {role} {other}", actor.id);
        let mut entity = Entity::new("UnknownLink", &record.ids.of("tie", &name));
        entity.put("subject", [&actor.uuid]);
        entity.put("object", [&record.actor(other).uuid]);
        entity.put("role", [role]);
        entity.done(&actor.page)
    });
    tie.collect()
}

fn source(record: &Record<'_>, source: &Source<'_>) -> Value {
    let mut entity = Entity::new("Article", &source.uuid);
    entity.put("title", [source.title]);
    // The schema asks for the name of a file; an id is what a document is called here.
    entity.put("fileName", [source.id]);
    let authors = source.authors.iter().map(|id| record.actor(id).name);
    entity.put(
        "author",
        authors.chain(source.other_authors.iter().map(String::as_str)),
    );
    entity.put("publisher", source.publisher);
    entity.put("publishedAt", day(source.date));
    entity.put("retrievedAt", day(source.retrieved));
    entity.put("sourceUrl", source.url.into_iter().chain(source.archive));
    entity.value
}

fn claim(record: &Record<'_>, claim: &Claim<'_>) -> Value {
    let mut entity = Entity::new("Note", &claim.uuid);
    let told = claim.told();
    entity.put("name", [shortened(&told)]);
    entity.put("description", [told]);
    entity.put(
        "summary",
        [format!("{} {}", claim.headline, claim.signature)],
    );
    let subjects = claim.against.iter().chain(&claim.about);
    entity.put("entity", subjects.map(|id| &record.actor(id).uuid));
    entity.put("keywords", claim.tags);
    entity.done(&claim.page)
}

fn position(record: &Record<'_>, claim: &Claim<'_>, position: &Position<'_>) -> Value {
    let mut entity = Entity::new("Event", &position.uuid);
    let told = position.told(record);
    entity.put("name", [shortened(&format!("{told}: {}", claim.text))]);
    let mark = match position.quote {
        true => ["“", "”"],
        false => ["", ""],
    };
    let words = format!("{told}. {}{}{}", mark[0], position.words, mark[1]);
    entity.put("description", [words, claim.told()]);
    entity.put("summary", [position.stance]);
    entity.put("date", day(position.on));
    let who = [position.by].into_iter().chain(position.voice);
    entity.put("involved", involved(record, &who.collect::<Vec<_>>()));
    entity.put("proof", proofs(record, &position.sources));
    entity.put("recordId", [&position.id]);
    entity.done(&position.page)
}

/// Only who can act can be involved.
fn involved(record: &Record<'_>, who: &[&str]) -> Vec<String> {
    let actors = who.iter().map(|id| record.actor(id));
    let actors = actors.filter(|actor| is_legal(actor));
    actors.map(|actor| actor.uuid.clone()).collect()
}

fn proofs(record: &Record<'_>, cited: &[super::record::Cited<'_>]) -> Vec<String> {
    let sources = cited.iter().map(|cited| record.source(cited.source));
    sources.map(|source| source.uuid.clone()).collect()
}

/// A date as ISO 8601 has it: as precise as it is, without what is said of its doubts.
fn day(when: Option<When>) -> Option<String> {
    when.map(|When(date)| date.machine())
}

/// A name for what has none: its first words.
fn shortened(text: &str) -> String {
    if text.chars().count() <= 120 {
        return text.to_owned();
    }
    let cut: String = text.chars().take(119).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}
