//! Exports a STIX 2.1 bundle.
//!
//! STIX has no object for a claim, and a `relationship` between two actors would state it as a
//! fact. So a claim is a `note` on the actors that it is about, with its status before its text. A
//! position is an `opinion` on that note: a denial is `strongly-disagree`. Parties that take no
//! side, or only report, have no opinion, so their positions are notes on the claim. Everything
//! that the standard has no field for is in one extension. All objects are created by the site;
//! `authors` has the parties.

use serde_json::{Value, json};

use super::json::pretty;
use super::record::{Actor, Cited, Claim, Position, Record, When, highest};
use crate::config::Export;
use crate::model::Side;
use crate::page::tlp_label;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let stix = Stix::new(record);
    let mut objects = stix.markings();
    objects.extend([stix.desk(), stix.extension()]);
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

    /// Returns an object with the common properties and `own`.
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

    /// Returns the definitions of the levels in the record. The standard fixes their ids and their
    /// extension: <https://github.com/oasis-open/cti-stix-common-objects>.
    fn markings(&self) -> Vec<Value> {
        let record = self.record;
        let levels = record.actors.iter().map(|it| it.tlp);
        let levels = levels.chain(record.claims.iter().map(|it| it.tlp));
        let levels = levels.chain(record.positions().map(|it| it.tlp));
        let mut levels: Vec<&str> = levels.chain([record.site.tlp]).flatten().collect();
        levels.sort_unstable();
        levels.dedup();
        let definition = |level: &str| {
            json!({
                "type": "marking-definition",
                "spec_version": "2.1",
                "id": marking(level),
                "created": "2022-10-01T00:00:00.000Z",
                "name": tlp_label(level),
                "extensions": {
                    TLP_EXTENSION: { "extension_type": "property-extension", "tlp_2_0": level },
                },
            })
        };
        levels.into_iter().map(definition).collect()
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
                "object_marking_refs": marked(site.tlp),
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
                "schema": "On an actor: id, kind, page, legal_status \
                           (of a person) and legal_status_sources. On a claim: id, page, status, \
                           support, contest, signature, against, about, legal_statuses, relation (what the claim \
                           states of two actors, of no more weight than the claim) and replies \
                           of the accused. On a position: id, page, claim, stance, sign, state (current, remark, replaced, withdrawn or report), \
                           ended_by, ended_on, asked_on, by_date, \
                           party (an id of this bundle), voice, said_on (EDTF), words, quote (whether \
                           they are verbatim), orig (the verbatim words that `words` translate), \
                           orig_lang, lang, sources, confidence and likelihood (the speaker's own \
                           terms), likelihood_yardsticks, likelihood_low and likelihood_high (what \
                           these publish for the term, in percent), grade (the desk's), basis and mode. Ids are those of \
                           record.schema.json, which tells of each.",
                "object_marking_refs": marked(self.record.site.tlp.map(|_| "clear")),
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
        let sources = actor.legal_status_sources.iter();
        references.extend(sources.map(|source| {
            self.reference(&Cited {
                source,
                locator: "",
            })
        }));
        let label = actor.legal_status.map(|it| format!("legal-status:{it}"));
        let mut own = json!({
            "name": actor.name,
            "description": actor.summary,
            "object_marking_refs": marked(actor.tlp),
            "labels": label.into_iter().collect::<Vec<_>>(),
            "external_references": references,
            "extensions": self.extended(json!({
                "id": actor.id,
                "kind": actor.kind,
                "page": actor.page,
                "legal_status": actor.legal_status,
                "legal_status_sources": actor.legal_status_sources,
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
                // An identity has no aliases.
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
            // A note needs an object; a claim about no one is a note of the site on itself.
            on.push(self.desk.clone());
        }
        let mut authors: Vec<&str> = Vec::new();
        for position in claim.positions.iter().filter(|it| it.is_current()) {
            let name = self.record.actor(position.by).name;
            if matches!(position.side, Side::Own) && !authors.contains(&name) {
                authors.push(name);
            }
        }
        let mut own = json!({
            "abstract": format!("Claim, {}", claim.status.replace('-', " ")),
            "content": claim.in_words(),
            "authors": authors,
            "object_refs": on,
            "object_marking_refs": marked(claim.tlp),
            "labels": ["claim", format!("status:{}", claim.status)],
            "extensions": self.extended(json!({
                "id": claim.id,
                "page": claim.page,
                "status": claim.status,
                "support": claim.support,
                "contest": claim.contest,
                "signature": claim.signature,
                "against": claim.against,
                "about": claim.about,
                "legal_statuses": claim.legal_statuses,
                "relation": claim.relation,
                "replies": claim.replies,
                "tlp": claim.tlp,
            })),
        });
        // The note of a claim that no party makes any more is kept, as revoked.
        if claim.is_given_up() {
            own["revoked"] = json!(true);
        }
        if let Some(When(on)) = claim.first_on {
            own["created"] = json!(midnight(on.first_day()));
        }
        self.object("note", self.claim_id(claim), own)
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
        let told = position.in_words(self.record);
        let is_ours = !position.quote && position.orig.is_none();
        let words = match (position.words, is_ours) {
            ("", _) => told.clone(),
            (_, false) => format!("{told}: {}", position.shown),
            (words, true) => format!("{told}, as the desk has it: {words}"),
        };
        // The authors of the site record a silence; the silent party does not.
        let mut authors = vec![if position.is_silence {
            self.record.site.title
        } else {
            self.record.actor(position.by).name
        }];
        authors.extend(position.voice.map(|voice| self.record.actor(voice).name));
        let references = position.sources.iter().map(|cited| self.reference(cited));
        let mut own = json!({
            "authors": authors,
            "object_refs": [self.claim_id(claim)],
            "object_marking_refs": marked(position.tlp),
            "labels": [
                "position",
                format!("stance:{}", position.stance),
                format!("state:{}", position.state.word()),
            ],
            "external_references": references.collect::<Vec<_>>(),
            "extensions": self.extended(json!({
                "id": position.id,
                "page": position.page,
                "claim": position.claim,
                "stance": position.stance,
                "sign": position.sign,
                "state": position.state.word(),
                "ended_by": position.ended_by,
                "ended_on": position.ended_on,
                "asked_on": position.asked,
                "by_date": position.by_date,
                "party": self.actor_id(position.by),
                "voice": position.voice.map(|voice| self.actor_id(voice)),
                "said_on": position.on,
                "words": position.words,
                "quote": position.quote,
                "orig": position.orig,
                "orig_lang": position.orig_lang,
                "lang": position.lang,
                "sources": position.sources,
                "said_by": position.said_by,
                "confidence": position.confidence,
                "likelihood": position.likelihood,
                "likelihood_yardsticks": position.likelihood_yardsticks,
                "likelihood_low": position.likelihood_low,
                "likelihood_high": position.likelihood_high,
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
        // Consumers of STIX ignore revoked objects, so they count only current positions.
        if position.state.is_ended() {
            own["revoked"] = json!(true);
        }
        if let Some(When(on)) = position.on {
            own["created"] = json!(midnight(on.first_day()));
        }
        self.object(kind, self.id(kind, "position", &position.id), own)
    }

    /// Returns a source as an external reference. The standard requires a hash for a URL, so a URL
    /// without one is in the description.
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

    /// Returns the ties between actors that the authors state.
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
                let (to, tlp) = (self.record.actor(other).name, self.record.actor(other).tlp);
                ties.push(self.object(
                    "relationship",
                    self.id("relationship", "tie", &name),
                    json!({
                        "relationship_type": "related-to",
                        "description": format!("{} {tie} {to}", actor.name),
                        "source_ref": self.actor_id(actor.id),
                        "target_ref": self.actor_id(other),
                        "object_marking_refs": marked(highest([actor.tlp, tlp])),
                    }),
                ));
            }
        }
        ties
    }

    /// Returns the record as a grouping, with all of its sources.
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
                "object_marking_refs": marked(self.record.site.tlp),
                "external_references": sources.collect::<Vec<_>>(),
            }),
        )
    }
}

/// Returns the party's opinion; `None` for parties that take no side.
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

/// True if a property is not empty: the standard allows neither null nor an empty list.
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

const TLP_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// The marking definitions of TLP 2.0, whose ids the standard fixes.
const MARKINGS: [(&str, &str); 5] = [
    ("clear", "94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("green", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    ("amber", "55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    ("amber+strict", "939a9414-2ddd-4d32-a0cd-375ea402b003"),
    ("red", "e828b379-4e03-4974-9ac4-e53a884c97c1"),
];

/// Returns the id of the definition of a level.
fn marking(level: &str) -> String {
    let id = MARKINGS.iter().find(|(word, _)| *word == level);
    let (_, id) = id.expect("every level has a definition");
    format!("marking-definition--{id}")
}

/// Returns the value of `object_marking_refs` for a level; empty, and so left out, if there is no
/// level.
fn marked(level: Option<&str>) -> Vec<String> {
    level.into_iter().map(marking).collect()
}

fn is_sha256(hash: &str) -> bool {
    hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn midnight(day: jiff::civil::Date) -> String {
    format!("{day}T00:00:00.000Z")
}
