//! Exports FollowTheMoney entities, one per line.
//!
//! A claim is a `Note` on the actors that it is about, and a position is an `Event` with its party
//! and its document as proof. So no claim connects two actors. The texts of both contain the status
//! of the claim, because they are shown next to the names of the accused.

use serde_json::{Value, json};

use super::record::{Actor, Claim, Position, Record, Source, When, highest};
use crate::config::Export;
use crate::page::tlp_label;
use crate::text::excerpt;

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
        entity.put("keywords", level(event.tlp));
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
        // Characters that some readers take for line ends, although JSON does not.
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

/// An entity that is being built: its properties are lists of texts.
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

    /// Completes the entity, with its page.
    fn done(mut self, page: &str) -> Value {
        if page.contains("://") {
            self.put("sourceUrl", [page]);
        }
        self.value
    }
}

/// Returns the schema of an actor. States and alliances are public bodies, because there is no
/// better schema; an activity cluster is an organization only if it has a name.
fn schema(actor: &Actor<'_>) -> &'static str {
    match actor.kind {
        "person" => "Person",
        "company" => "Company",
        "state" | "government-body" | "alliance" => "PublicBody",
        "organization" | "group" => "Organization",
        "campaign" => "Project",
        "place" => "Address",
        // A product, which has no owner here.
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
    entity.put("keywords", level(actor.tlp));
    entity.put("wikidataId", actor.wikidata);
    if schema == "Address" {
        entity.put("full", [actor.name]);
    }
    if is_legal(actor) {
        entity.put("website", actor.url);
    }
    entity.put(
        "notes",
        actor.legal_status.map(|status| {
            let sources = record.titles(&actor.legal_status_sources);
            if sources.is_empty() {
                format!("Legal status: {status}")
            } else {
                format!(
                    "Legal status: {status}, according to {}",
                    sources.join("; ")
                )
            }
        }),
    );
    entity.done(&actor.page)
}

/// Returns the ISO code of an actor's country, if it was written as one.
fn country(record: &Record<'_>, actor: &Actor<'_>) -> Option<String> {
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    let country = actor.country.filter(|code| is_code(code));
    let is_known = |code: &&str| !record.actors.iter().any(|actor| actor.id == *code);
    country.filter(is_known).map(str::to_lowercase)
}

/// Returns the ties between actors.
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
        // A link has no keywords.
        let levels = [actor.tlp, record.actor(other).tlp];
        entity.put("summary", level(highest(levels)));
        entity.done(&actor.page)
    });
    tie.collect()
}

fn source(record: &Record<'_>, source: &Source<'_>) -> Value {
    let mut entity = Entity::new("Article", &source.uuid);
    entity.put("title", [source.title]);
    // The schema requires a file name; we use the id.
    entity.put("fileName", [source.id]);
    let authors = source.authors.iter().map(|id| record.actor(id).name);
    entity.put(
        "author",
        authors.chain(source.other_authors.iter().map(String::as_str)),
    );
    entity.put("publisher", source.publisher);
    entity.put("publishedAt", day(source.date));
    entity.put("retrievedAt", day(source.retrieved));
    entity.put("keywords", level(source.tlp));
    entity.put("sourceUrl", source.url.into_iter().chain(source.archive));
    entity.value
}

fn claim(record: &Record<'_>, claim: &Claim<'_>) -> Value {
    let mut entity = Entity::new("Note", &claim.uuid);
    let told = claim.in_words();
    entity.put("name", [shortened(&told)]);
    entity.put("description", [told]);
    entity.put("summary", [format!("{} {}", claim.status, claim.signature)]);
    let subjects = claim.against.iter().chain(&claim.about);
    entity.put("entity", subjects.map(|id| &record.actor(id).uuid));
    let tags = claim.tags.iter().cloned();
    entity.put("keywords", tags.chain(level(claim.tlp)));
    entity.done(&claim.page)
}

fn position(record: &Record<'_>, claim: &Claim<'_>, position: &Position<'_>) -> Value {
    let mut entity = Entity::new("Event", &position.uuid);
    let told = position.in_words(record);
    entity.put("name", [shortened(&format!("{told}: {}", claim.text))]);
    let by = if position.is_silence {
        format!("Recorded by {}: ", record.site.title)
    } else {
        String::new()
    };
    let words = format!("{by}{told}. {}", position.shown);
    entity.put("description", [words, claim.in_words()]);
    entity.put("summary", [position.stance]);
    entity.put("date", day(position.on));
    // An interval with an end has ended.
    entity.put("endDate", day(position.ended_on));
    entity.put(
        "keywords",
        [
            format!("stance:{}", position.stance),
            format!("state:{}", position.state.word()),
        ]
        .into_iter()
        .chain(level(position.tlp)),
    );
    let who = [position.by].into_iter().chain(position.voice);
    entity.put("involved", involved(record, &who.collect::<Vec<_>>()));
    entity.put("proof", proofs(record, &position.sources));
    entity.put("recordId", [&position.id]);
    entity.done(&position.page)
}

/// Returns the actors that can act, which the schema requires.
fn involved(record: &Record<'_>, who: &[&str]) -> Vec<String> {
    let actors = who.iter().map(|id| record.actor(id));
    let actors = actors.filter(|actor| is_legal(actor));
    actors.map(|actor| actor.uuid.clone()).collect()
}

fn proofs(record: &Record<'_>, cited: &[super::record::Cited<'_>]) -> Vec<String> {
    let sources = cited.iter().map(|cited| record.source(cited.source));
    sources.map(|source| source.uuid.clone()).collect()
}

/// Returns a level of the Traffic Light Protocol as a keyword, because the model has no property
/// for it.
fn level(word: Option<&str>) -> Option<String> {
    word.map(tlp_label)
}

/// Returns a date in ISO 8601 with its precision, without uncertainty.
fn day(when: Option<When>) -> Option<String> {
    when.map(|When(date)| date.machine())
}

/// Returns the first words as a name.
fn shortened(text: &str) -> String {
    match excerpt(text, 119) {
        Some(cut) => format!("{cut}…"),
        None => text.to_owned(),
    }
}
