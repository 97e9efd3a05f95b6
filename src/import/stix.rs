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
                ..Actor::default()
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
            _ => "organization",
        },
        _ => return None,
    })
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
