//! Bundles of STIX 2, and ATT&CK, which is published as such.

use std::collections::BTreeMap;

use serde_json::Value;

use super::write::{Actor, Ids};
use super::{Imported, Left};

/// What is taken from a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All that can be an actor.
    Any,
    /// What ATT&CK has a number for, and has not withdrawn.
    Attack,
}

pub fn read(bundle: &Value, kind: Kind) -> Result<Imported, Left> {
    let objects = match (bundle["objects"].as_array(), bundle["type"].as_str()) {
        (Some(objects), Some("bundle")) => objects,
        _ => {
            let why = "is no bundle of STIX: it has no list `objects`";
            return Err(Left::new("1:1", why));
        }
    };
    let mut imported = Imported::default();
    let mut ids = Ids::default();
    let levels = levels(objects);
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for (at, object) in objects.iter().enumerate() {
        let place = format!("objects[{at}]");
        let Some(of) = object["type"].as_str() else {
            imported.left.push(Left::new(place, "has no `type`"));
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
                .push(Left::new(place, format!("is a {of} without a `name`")));
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
                tlp: level(object, &levels),
            },
        );
    }
    for (of, count) in others {
        let why = match of.as_str() {
            "relationship" => {
                "relationships are claims, and the record does not say whose: state those that \
                 you need"
            }
            _ => "nothing that could be an actor",
        };
        imported
            .left
            .push(Left::new(format!("{count} × {of}"), why));
    }
    Ok(imported)
}

/// Our word for what an object is; none for what is no actor.
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

/// Whether an identity is of a sector of government, in the words of STIX.
fn is_of_a_state(object: &Value) -> bool {
    let mut sectors = object["sectors"].as_array().into_iter().flatten();
    sectors.any(|sector| {
        let sector = sector.as_str().unwrap_or("");
        sector.starts_with("government")
    })
}

/// The markings of the Traffic Light Protocol that STIX fixes by their ids, of TLP 1 and TLP 2,
/// with our word for the level. What may not leave an organization is as what may not leave a
/// room: a book has no level between the two.
const LEVELS: [(&str, &str); 9] = [
    ("613f2e26-407d-48c7-9eca-b8e91df99dc9", "clear"),
    ("34098fce-860f-48ae-8e50-ebd3cc5e41da", "green"),
    ("f88d31f6-486f-44da-b317-01333bde0b82", "amber"),
    ("5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red"),
    ("94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"),
    ("bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"),
    ("55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"),
    ("939a9414-2ddd-4d32-a0cd-375ea402b003", "red"),
    ("e828b379-4e03-4974-9ac4-e53a884c97c1", "red"),
];

/// What each marking of the bundle itself says of who may see what bears it.
fn levels(objects: &[Value]) -> BTreeMap<&str, &'static str> {
    let own = objects.iter().filter_map(|object| {
        let told = object["definition"]["tlp"].as_str()?;
        let word = match told.to_lowercase().as_str() {
            "white" | "clear" => "clear",
            "green" => "green",
            "amber" => "amber",
            // Also what is stricter than amber, and what nobody knows.
            _ => "red",
        };
        Some((object["id"].as_str()?, word))
    });
    own.collect()
}

/// The strictest level that an object bears.
fn level(object: &Value, levels: &BTreeMap<&str, &'static str>) -> Option<&'static str> {
    let markings = object["object_marking_refs"].as_array()?.iter();
    let words = markings.filter_map(|id| {
        let id = id.as_str()?;
        let fixed = id.strip_prefix("marking-definition--").unwrap_or(id);
        let fixed = LEVELS.iter().find(|(uuid, _)| *uuid == fixed);
        fixed.map(|(_, word)| *word).or(levels.get(id).copied())
    });
    let order = ["clear", "green", "amber", "red"];
    words.max_by_key(|word| order.iter().position(|it| it == word))
}

/// The number that ATT&CK has for an object.
fn attack_id(object: &Value) -> Option<String> {
    let references = object["external_references"].as_array()?.iter();
    let mut own = references.filter(|it| {
        let name = it["source_name"].as_str().unwrap_or("");
        name.starts_with("mitre-") && name.ends_with("attack")
    });
    let id = own.find_map(|it| it["external_id"].as_str())?;
    is_attack_id(id).then(|| id.to_owned())
}

/// `G0065`, `S0002`, `C0015`: a group, a piece of software, a campaign.
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
