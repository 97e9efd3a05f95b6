//! STIX 2 bundles, including that of ATT&CK.

use std::collections::BTreeMap;

use serde_json::Value;

use super::write::{Actor, Ids};
use super::{Imported, Left};
use crate::model::Tlp;

/// Which objects of a bundle are imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All that can be an actor.
    Any,
    /// Those with an ATT&CK id that are not revoked or deprecated.
    Attack,
}

pub fn read(bundle: &Value, kind: Kind) -> Result<Imported, Left> {
    let objects = match (bundle["objects"].as_array(), bundle["type"].as_str()) {
        (Some(objects), Some("bundle")) => objects,
        _ => {
            let why = "not a STIX bundle: no list `objects`";
            return Err(Left::new("1:1", why));
        }
    };
    let mut imported = Imported::default();
    let mut ids = Ids::default();
    let markings = Markings::of(objects);
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for (at, object) in objects.iter().enumerate() {
        let place = format!("objects[{at}]");
        let Some(of) = object["type"].as_str() else {
            imported.left.push(Left::new(place, "no `type`"));
            continue;
        };
        let Some(actor_kind) = actor_kind(of, object) else {
            *others.entry(of.to_owned()).or_default() += 1;
            continue;
        };
        let number = attack_id(object);
        if kind == Kind::Attack {
            let is_gone = object["revoked"] == true || object["x_mitre_deprecated"] == true;
            if is_gone || number.is_none() {
                *others
                    .entry(format!("{of} that ATT&CK does not list"))
                    .or_default() += 1;
                continue;
            }
        }
        let name = object["name"].as_str().map_or("", str::trim);
        if name.is_empty() {
            imported
                .left
                .push(Left::new(place, format!("{of} without a `name`")));
            continue;
        }
        let aliases = ["aliases", "x_mitre_aliases"].iter();
        let aliases = aliases.flat_map(|key| object[*key].as_array().into_iter().flatten());
        imported.actor(
            &mut ids,
            &Actor {
                name: name.to_owned(),
                kind: actor_kind,
                aliases: aliases
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                text: object["description"].as_str().unwrap_or("").to_owned(),
                attack_id: number,
                stix_id: object["id"]
                    .as_str()
                    .filter(|id| is_stix_id(id))
                    .map(str::to_owned),
                tlp: markings.level(object),
            },
        );
    }
    for statement in markings.statements.values() {
        let why = "left out: no key of a book stores this marking";
        imported.left.push(Left::new(format!("`{statement}`"), why));
    }
    for (of, count) in others {
        let why = match of.as_str() {
            "relationship" => {
                "left out: a relationship is a claim, and the file does not say whose; state \
                 those that you need"
            }
            _ => "left out: not an actor",
        };
        imported
            .left
            .push(Left::new(format!("{count} × {of}"), why));
    }
    Ok(imported)
}

/// Returns the kind of actor for a STIX object; `None` if it is not an actor.
fn actor_kind(of: &str, object: &Value) -> Option<&'static str> {
    Some(match of {
        "intrusion-set" | "threat-actor" => "group",
        "campaign" => "campaign",
        "malware" | "tool" => "product",
        "location" => "place",
        "identity" => match object["identity_class"].as_str() {
            Some("individual") => "person",
            Some("system") => "product",
            _ if is_of_a_state(object) => "government-body",
            _ => "organization",
        },
        _ => return None,
    })
}

/// True if an identity is in a government sector, in STIX's vocabulary.
fn is_of_a_state(object: &Value) -> bool {
    let mut sectors = object["sectors"].as_array().into_iter().flatten();
    sectors.any(|sector| {
        let sector = sector.as_str().unwrap_or("");
        sector.starts_with("government")
    })
}

/// The predefined markings of the Traffic Light Protocol in STIX, of TLP 1 and TLP 2.
const LEVELS: [(&str, Tlp); 9] = [
    ("613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::Clear),
    ("34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::Green),
    ("f88d31f6-486f-44da-b317-01333bde0b82", Tlp::Amber),
    ("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::Red),
    ("94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::Clear),
    ("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::Green),
    ("55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::Amber),
    ("939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::AmberStrict),
    ("e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::Red),
];

/// The markings that a bundle defines itself.
struct Markings<'a> {
    levels: BTreeMap<&'a str, Tlp>,
    /// Markings that say something else than who may see an object, such as a copyright.
    statements: BTreeMap<&'a str, &'a str>,
}

impl<'a> Markings<'a> {
    fn of(objects: &'a [Value]) -> Markings<'a> {
        let mut markings = Markings {
            levels: BTreeMap::new(),
            statements: BTreeMap::new(),
        };
        let own = objects.iter();
        for object in own.filter(|object| object["type"] == "marking-definition") {
            let Some(id) = object["id"].as_str() else {
                continue;
            };
            let definition = &object["definition"];
            let of_tlp_2 = object["extensions"].as_object();
            let of_tlp_2 = of_tlp_2.into_iter().flat_map(|it| it.values());
            let mut of_tlp_2 = of_tlp_2.filter_map(|it| it["tlp_2_0"].as_str());
            let label = definition["tlp"].as_str().or_else(|| of_tlp_2.next());
            match (label, definition["statement"].as_str()) {
                (Some(label), _) => {
                    let level = Tlp::read(label).unwrap_or(Tlp::Red);
                    markings.levels.insert(id, level);
                }
                (None, Some(statement)) => {
                    markings.statements.insert(id, statement);
                }
                // Fails closed: some other scheme limits who may see it.
                (None, None) => {
                    markings.levels.insert(id, Tlp::Red);
                }
            }
        }
        markings
    }

    /// The strictest level of an object: of the whole, of a part, or of a label. A marking that is
    /// not known is the highest level.
    fn level(&self, object: &Value) -> Option<Tlp> {
        let whole = object["object_marking_refs"].as_array();
        let whole = whole.into_iter().flatten().filter_map(Value::as_str);
        let parts = object["granular_markings"].as_array();
        let parts = parts.into_iter().flatten();
        let parts = parts.filter_map(|part| part["marking_ref"].as_str());
        let marked = whole.chain(parts).filter_map(|id| {
            let uuid = id.strip_prefix("marking-definition--").unwrap_or(id);
            let fixed = LEVELS.iter().find(|(fixed, _)| *fixed == uuid);
            match fixed.map(|(_, level)| *level) {
                Some(level) => Some(level),
                None if self.statements.contains_key(id) => None,
                None => Some(self.levels.get(id).copied().unwrap_or(Tlp::Red)),
            }
        });
        let labels = object["labels"].as_array().into_iter().flatten();
        let labels = labels.filter_map(Value::as_str).filter_map(super::tagged);
        marked.chain(labels).max()
    }
}

/// Returns the ATT&CK id of an object.
fn attack_id(object: &Value) -> Option<String> {
    let references = object["external_references"].as_array()?.iter();
    let mut own = references.filter(|it| {
        let name = it["source_name"].as_str().unwrap_or("");
        name.starts_with("mitre-") && name.ends_with("attack")
    });
    let id = own.find_map(|it| it["external_id"].as_str())?;
    is_attack_id(id).then(|| id.to_owned())
}

/// True for ids such as `G0065` (group), `S0002` (software) and `C0015` (campaign).
pub fn is_attack_id(id: &str) -> bool {
    let number = id.strip_prefix(['G', 'S', 'C']).unwrap_or("");
    number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_stix_id(id: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    id.split_once("--").is_some_and(|(of, uuid)| {
        !of.is_empty() && of.chars().all(is_part) && uuid.len() == 36 && uuid.chars().all(is_part)
    })
}
