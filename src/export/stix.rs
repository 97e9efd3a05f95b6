//! A STIX 2.1 bundle.
//!
//! STIX has no word for a claim, and a `relationship` between two actors would tell one as a
//! fact. So a claim is a `note` on the actors that it is about, which says how it stands before
//! it says what it states, and a position is an `opinion` on that note: a denial is an opinion of
//! `strongly-disagree`. Those who took no side, or only passed words on, have no opinion, and
//! their positions are notes on the claim. What the standard has no field for lies in one
//! extension. Every object was made by the desk; whose words it holds is told in `authors`.

use serde_json::{Value, json};

use super::json::pretty;
use super::record::{Actor, Cited, Claim, Position, Record, When};
use crate::config::Export;
use crate::model::Side;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let stix = Stix::new(record);
    let mut objects = vec![stix.desk(), stix.extension()];
    objects.extend(record.actors.iter().map(|actor| stix.actor(actor)));
    objects.extend(record.claims.iter().map(|claim| stix.claim(claim)));
    for claim in &record.claims {
        let positions = claim.positions.iter();
        objects.extend(positions.map(|position| stix.position(claim, position)));
    }
    objects.extend(stix.ties());
    objects.push(stix.whole());
    let bundle = json!({
        "type": "bundle",
        "id": format!("bundle--{}", record.ids.of_version_4("stix", "bundle")),
        "objects": objects,
    });
    vec![(Export::Stix.main_file().into(), pretty(&bundle))]
}

struct Stix<'r> {
    record: &'r Record<'r>,
    desk: String,
    extension: String,
    created: String,
    modified: String,
}

impl<'r> Stix<'r> {
    fn new(record: &'r Record<'r>) -> Stix<'r> {
        let id =
            |kind: &str, name: &str| format!("{kind}--{}", record.ids.of_version_4("stix", name));
        Stix {
            record,
            desk: id("identity", "desk"),
            extension: id("extension-definition", "extension"),
            created: midnight(record.first_day),
            modified: midnight(record.last_day),
        }
    }

    fn id(&self, of: &str, kind: &str, name: &str) -> String {
        format!("{of}--{}", self.record.ids.of_version_4(kind, name))
    }

    fn actor_id(&self, id: &str) -> String {
        self.id(object_type(self.record.actor(id)), "actor", id)
    }

    /// What every object has, and `own`.
    fn object(&self, kind: &str, id: String, own: Value) -> Value {
        let mut object = json!({
            "type": kind,
            "spec_version": "2.1",
            "id": id,
            "created_by_ref": self.desk,
            "created": self.created,
            "modified": self.modified,
        });
        if let (Some(object), Value::Object(own)) = (object.as_object_mut(), own) {
            object.extend(own.into_iter().filter(|(_, value)| is_said(value)));
        }
        object
    }

    fn extended(&self, with: Value) -> Value {
        let mut with = with;
        if let Some(object) = with.as_object_mut() {
            object.retain(|_, value| is_said(value));
            object.insert("extension_type".into(), "property-extension".into());
        }
        json!({ &self.extension: with })
    }

    fn desk(&self) -> Value {
        let site = &self.record.site;
        let mut desk = self.object(
            "identity",
            self.desk.clone(),
            json!({
                "name": site.title,
                "description": site.description,
                "identity_class": "organization",
            }),
        );
        if let Some(object) = desk.as_object_mut() {
            object.remove("created_by_ref");
        }
        desk
    }

    fn extension(&self) -> Value {
        self.object(
            "extension-definition",
            self.extension.clone(),
            json!({
                "name": "whosaid record",
                "description": "How a claim stands, and who takes which position on it, when, in \
                                which words and on what source. A claim is no fact of the record.",
                "schema": "On an actor: id, kind and page. On a claim: id, page, headline, \
                           support, contest, signature, against, about, relation (what the claim \
                           states of two actors, of no more weight than the claim) and replies \
                           of the accused. On a position: id, page, claim, stance, sign, stands, \
                           party (an id of this bundle), voice, said_on (EDTF), words, quote (whether \
                           they are verbatim), sources, confidence and likelihood (the \
                           speaker's), grade (the desk's), basis and mode. Ids are those of \
                           record.schema.json, which tells of each.",
                "version": "1.0.0",
                "extension_types": ["property-extension"],
            }),
        )
    }

    fn actor(&self, actor: &Actor<'_>) -> Value {
        let kind = object_type(actor);
        let mut references = Vec::new();
        if let Some(id) = actor.attack_id {
            references.push(json!({ "source_name": "mitre-attack", "external_id": id }));
        }
        if let Some(id) = actor.wikidata {
            references.push(json!({ "source_name": "wikidata", "external_id": id }));
        }
        if let Some(id) = actor.stix_id {
            references.push(json!({ "source_name": "stix", "external_id": id }));
        }
        let mut own = json!({
            "name": actor.name,
            "description": actor.summary,
            "external_references": references,
            "extensions": self.extended(json!({
                "id": actor.id,
                "kind": actor.kind,
                "page": actor.page,
                "tlp": actor.tlp,
            })),
        });
        match kind {
            "identity" => {
                own["identity_class"] = json!(match actor.kind {
                    "person" => "individual",
                    "product" => "system",
                    "state" | "government-body" | "alliance" | "company" | "organization" =>
                        "organization",
                    _ => "unknown",
                });
                // An identity has no aliases of its own.
                if !actor.aliases.is_empty() {
                    let extension = &mut own["extensions"][&self.extension];
                    extension["aliases"] = json!(actor.aliases);
                }
            }
            _ => own["aliases"] = json!(actor.aliases),
        }
        self.object(kind, self.actor_id(actor.id), own)
    }

    fn claim(&self, claim: &Claim<'_>) -> Value {
        let subjects = claim.against.iter().chain(&claim.about);
        let mut on: Vec<String> = subjects.map(|id| self.actor_id(id)).collect();
        on.dedup();
        if on.is_empty() {
            // A note is on something; a claim about nobody is a note of the desk on itself.
            on.push(self.desk.clone());
        }
        let mut authors: Vec<&str> = Vec::new();
        for position in claim.positions.iter().filter(|it| it.stands) {
            let name = self.record.actor(position.by).name;
            if matches!(position.side, Side::Own) && !authors.contains(&name) {
                authors.push(name);
            }
        }
        self.object(
            "note",
            self.claim_id(claim),
            json!({
                "abstract": format!("Claim, {}", claim.headline.replace('-', " ")),
                "content": claim.told(),
                "authors": authors,
                "object_refs": on,
                "labels": ["claim", format!("headline:{}", claim.headline)],
                "extensions": self.extended(json!({
                    "id": claim.id,
                    "page": claim.page,
                    "headline": claim.headline,
                    "support": claim.support,
                    "contest": claim.contest,
                    "signature": claim.signature,
                    "against": claim.against,
                    "about": claim.about,
                    "relation": claim.relation,
                    "replies": claim.replies,
                    "tlp": claim.tlp,
                })),
            }),
        )
    }

    fn claim_id(&self, claim: &Claim<'_>) -> String {
        self.id("note", "claim", claim.id)
    }

    fn position(&self, claim: &Claim<'_>, position: &Position<'_>) -> Value {
        let opinion = opinion(position);
        let kind = match opinion {
            Some(_) => "opinion",
            None => "note",
        };
        let told = position.told(self.record);
        let words = match (position.words, position.quote) {
            ("", _) => told.clone(),
            (words, true) => format!("{told}: “{words}”"),
            (words, false) => format!("{told}, as the desk has it: {words}"),
        };
        let mut authors = vec![self.record.actor(position.by).name];
        authors.extend(position.voice.map(|voice| self.record.actor(voice).name));
        let references = position.sources.iter().map(|cited| self.reference(cited));
        let mut own = json!({
            "authors": authors,
            "object_refs": [self.claim_id(claim)],
            "labels": ["position", format!("stance:{}", position.stance)],
            "external_references": references.collect::<Vec<_>>(),
            "extensions": self.extended(json!({
                "id": position.id,
                "page": position.page,
                "claim": position.claim,
                "stance": position.stance,
                "sign": position.sign,
                "stands": position.stands,
                "party": self.actor_id(position.by),
                "voice": position.voice.map(|voice| self.actor_id(voice)),
                "said_on": position.on,
                "words": position.words,
                "quote": position.quote,
                "sources": position.sources,
                "said_by": position.said_by,
                "confidence": position.confidence,
                "likelihood": position.likelihood,
                "grade": position.grade,
                "basis": position.basis,
                "mode": position.mode,
                "joint": position.joint,
                "with": position.with,
                "note": position.note,
                "tlp": position.tlp,
            })),
        });
        match opinion {
            Some(opinion) => {
                own["opinion"] = json!(opinion);
                own["explanation"] = json!(words);
            }
            None => {
                own["abstract"] = json!(told);
                own["content"] = json!(words);
            }
        }
        self.object(kind, self.id(kind, "position", &position.id), own)
    }

    /// A source as an external reference. The standard wants a hash beside an address, so that
    /// the address of a document without one is told in words.
    fn reference(&self, cited: &Cited<'_>) -> Value {
        let source = self.record.source(cited.source);
        let mut told = vec![source.title.to_owned()];
        told.extend(source.publisher.map(str::to_owned));
        told.extend(source.date.map(|When(date)| date.in_words()));
        if !cited.locator.is_empty() {
            told.push(cited.locator.to_owned());
        }
        let mut reference = json!({ "source_name": source.id });
        match (source.url, source.sha256) {
            (Some(url), Some(hash)) if is_sha256(hash) => {
                reference["url"] = json!(url);
                reference["hashes"] = json!({ "SHA-256": hash.to_lowercase() });
            }
            (Some(url), _) => told.push(url.to_owned()),
            (None, _) => {}
        }
        reference["description"] = json!(told.join(", "));
        reference
    }

    /// What the desk itself says of actors: whom they are part of, and for whom they speak.
    fn ties(&self) -> Vec<Value> {
        let mut ties = Vec::new();
        for actor in &self.record.actors {
            let part_of = actor.part_of.iter().map(|other| ("is part of", other));
            let member_of = actor
                .member_of
                .iter()
                .map(|other| ("is a member of", other));
            let speaks_for = actor.speaks_for.iter().map(|other| ("speaks for", other));
            for (tie, other) in part_of.chain(member_of).chain(speaks_for) {
                let name = format!("{} {tie} {other}", actor.id);
                let to = self.record.actor(other).name;
                ties.push(self.object(
                    "relationship",
                    self.id("relationship", "tie", &name),
                    json!({
                        "relationship_type": "related-to",
                        "description": format!("{} {tie} {to}", actor.name),
                        "source_ref": self.actor_id(actor.id),
                        "target_ref": self.actor_id(other),
                    }),
                ));
            }
        }
        ties
    }

    /// The record as a whole, with all of its sources.
    fn whole(&self) -> Value {
        let claims = self.record.claims.iter().map(|claim| self.claim_id(claim));
        let mut refs: Vec<String> = claims.collect();
        refs.push(self.desk.clone());
        let sources = self.record.sources.iter().map(|source| {
            let locator = "";
            self.reference(&Cited {
                source: source.id,
                locator,
            })
        });
        self.object(
            "grouping",
            self.id("grouping", "stix", "grouping"),
            json!({
                "name": self.record.site.title,
                "description": "Claims with the positions that parties take on them. None of \
                                them is a fact of this record.",
                "context": "unspecified",
                "object_refs": refs,
                "external_references": sources.collect::<Vec<_>>(),
            }),
        )
    }
}

/// The party's opinion of the claim; none of those who took no side of any kind.
fn opinion(position: &Position<'_>) -> Option<&'static str> {
    match (position.side, position.stance) {
        (Side::Own, _) => Some("strongly-agree"),
        (Side::Endorsing, _) => Some("agree"),
        (Side::Con, "denies") => Some("strongly-disagree"),
        (Side::Con, _) => Some("disagree"),
        (Side::Neither, "in-part" | "questions" | "acknowledges") => Some("neutral"),
        (Side::Neither | Side::Relayed | Side::Cleared, _) => None,
    }
}

/// Whether a property says anything: the standard allows neither null nor an empty list.
fn is_said(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => true,
    }
}

/// The type of an actor's object.
fn object_type(actor: &Actor<'_>) -> &'static str {
    match actor.kind {
        "group" => "intrusion-set",
        "campaign" => "campaign",
        _ => "identity",
    }
}

fn is_sha256(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn midnight(day: jiff::civil::Date) -> String {
    format!("{day}T00:00:00.000Z")
}
