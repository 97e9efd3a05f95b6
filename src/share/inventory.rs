//! The inventory: everything that other sites can mention.

use serde_json::{Value, json};

use crate::model::{
    Actor, Body, Briefing, Claim, Doc, Entity, Id, Node, PartialDate, Source, Target, Tlp,
};
use crate::page::{self, Book, Levels};
use crate::text::SitePath;

/// Returns `whosaid.json`. Its addresses are relative to the root of the site.
pub fn file(book: &Book<'_>) -> (SitePath, Vec<u8>) {
    let site = book.site;
    let actors = site.actors().iter().filter(|(_, actor)| !actor.is_unnamed);
    let actors = actors.map(|(id, actor)| of_actor(book, id, actor));
    let claims = site.claims().iter();
    let claims = claims.map(|(id, claim)| of_claim(book, id, claim));
    let sources = site.sources().iter();
    let sources = sources.map(|(id, source)| of_source(book, id, source));
    let briefings = site.briefings().iter();
    let briefings = briefings.map(|(id, briefing)| of_briefing(book, id, briefing));
    let entries = actors.chain(claims).chain(sources).chain(briefings);
    let entries: Vec<Value> = entries.collect();
    let mut about = json!({
        "title": page::site_title(book),
        "language": book.config.language,
    });
    if let Some(url) = book.config.whole_site_url() {
        about["url"] = json!(url);
    }
    // One line per entry, so that differences are easy to see.
    let mut text = format!("{{\"whosaid\":1,\"site\":{about},\"entries\":[\n");
    for (at, entry) in entries.iter().enumerate() {
        text.push_str(&entry.to_string());
        text.push_str(if at + 1 < entries.len() { ",\n" } else { "\n" });
    }
    text.push_str("]}\n");
    let path = SitePath::known("whosaid.json");
    (path, text.into_bytes())
}

fn entry(book: &Book<'_>, kind: &str, id: &str, title: &str, of: Entity) -> Value {
    json!({
        "kind": kind,
        "id": id,
        "title": title,
        "address": page::address_of(book, of).as_str(),
    })
}

fn of_actor(book: &Book<'_>, id: Id<Actor>, actor: &Actor) -> Value {
    let mut told = entry(book, "actor", &actor.id, &actor.name, Entity::Actor(id));
    told["is"] = json!(actor.kind.word());
    let levels = Levels::new(book.site, book.config);
    put_level(&mut told, levels.actor(actor));
    let legal_status = actor.legal_status.map(|status| status.word());
    put_some(&mut told, "legal-status", legal_status);
    put_some(&mut told, "wikidata", actor.wikidata.as_deref());
    put_some(&mut told, "attack-id", actor.attack_id.as_deref());
    put_some(&mut told, "stix-id", actor.stix_id.as_deref());
    let mut hash = Hash::new();
    hash.all([actor.name.as_str(), actor.kind.word()]);
    hash.all(actor.aliases.iter().map(String::as_str));
    hash.all(actor.summary.as_deref());
    hash.all(legal_status);
    hash.body(&book.site.prose(Doc::Actor(id)).body);
    told["hash"] = json!(hash.word());
    told
}

fn of_claim(book: &Book<'_>, id: Id<Claim>, claim: &Claim) -> Value {
    let standing = &book.facts.standings[id];
    let mut told = entry(book, "claim", &claim.id, &claim.text, Entity::Claim(id));
    told["owner"] = json!(crate::derive::owner(book.site, claim, standing));
    told["status"] = json!(standing.status.word());
    told["signature"] = json!(standing.signature());
    let levels = Levels::new(book.site, book.config);
    put_level(&mut told, levels.claim(claim));
    let mut hash = Hash::new();
    hash.all([claim.text.as_str(), standing.status.word()]);
    for position in &claim.positions {
        hash.all([
            book.site.actors()[position.by].id.as_str(),
            position.stance.verb(),
            &day(position.on),
            &position.words,
        ]);
    }
    hash.body(&book.site.prose(Doc::Claim(id)).body);
    told["hash"] = json!(hash.word());
    told
}

fn of_source(book: &Book<'_>, id: Id<Source>, source: &Source) -> Value {
    let mut told = entry(
        book,
        "source",
        &source.id,
        &source.title,
        Entity::Source(id),
    );
    put_some(&mut told, "url", source.url.as_deref());
    let levels = Levels::new(book.site, book.config);
    put_level(&mut told, levels.source(source));
    let mut hash = Hash::new();
    hash.all([source.title.as_str(), &day(source.date)]);
    hash.all(
        [
            &source.publisher,
            &source.url,
            &source.archive,
            &source.sha256,
        ]
        .into_iter()
        .flatten()
        .map(String::as_str),
    );
    hash.all([source.kept_words.as_str()]);
    told["hash"] = json!(hash.word());
    told
}

fn of_briefing(book: &Book<'_>, id: Id<Briefing>, briefing: &Briefing) -> Value {
    let mut told = entry(
        book,
        "page",
        &briefing.id,
        &briefing.title,
        Entity::Briefing(id),
    );
    let levels = Levels::new(book.site, book.config);
    put_level(&mut told, levels.briefing(briefing));
    let date = briefing.updated.or(briefing.date);
    put_some(
        &mut told,
        "date",
        date.map(|date| date.to_string()).as_deref(),
    );
    let mut hash = Hash::new();
    hash.all([
        briefing.title.as_str(),
        &day(briefing.date),
        &day(briefing.updated),
    ]);
    hash.all(briefing.summary.as_deref());
    hash.body(&briefing.prose.body);
    told["hash"] = json!(hash.word());
    told
}

fn put_some(told: &mut Value, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        told[key] = json!(value);
    }
}

fn put_level(told: &mut Value, tlp: Option<Tlp>) {
    put_some(told, "tlp", tlp.map(|tlp| tlp.word()));
}

fn day(date: Option<PartialDate>) -> String {
    date.map_or_else(String::new, |date| date.to_string())
}

/// 64-bit FNV-1a over the content of an entry, equal on every machine and in every version. It
/// detects changes; it is not a security feature.
struct Hash(u64);

impl Hash {
    fn new() -> Hash {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    fn all<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) {
        for text in texts {
            self.bytes(text.as_bytes());
            // UTF-8 never contains this byte, so it separates texts unambiguously.
            self.bytes(&[0xff]);
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        self.0 = bytes.iter().fold(self.0, step);
    }

    /// Adds the words of a text, without markup.
    fn body(&mut self, body: &Body<Target>) {
        for item in &body.items {
            match &item.node {
                Node::Text(text) | Node::Code(text) | Node::Html(text) => {
                    self.bytes(text.as_bytes());
                }
                Node::SoftBreak | Node::HardBreak => self.bytes(b" "),
                Node::Start(_)
                | Node::End
                | Node::Rule
                | Node::Footnote(_)
                | Node::Task(_)
                | Node::Cite(_) => {}
            }
        }
        self.bytes(&[0xff]);
    }

    fn word(&self) -> String {
        format!("fnv1a64:{:016x}", self.0)
    }
}
