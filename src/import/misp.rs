//! MISP galaxy clusters, such as the list of threat actors.

use serde_json::Value;

use super::write::{Actor, Ids};
use super::{Imported, Left};
use crate::model::Tlp;

pub fn read(cluster: &Value) -> Result<Imported, Left> {
    let Some(values) = cluster["values"].as_array() else {
        let why = "not a MISP galaxy cluster: no list `values`";
        return Err(Left::new("1:1", why));
    };
    let kind = kind(cluster["type"].as_str().unwrap_or(""));
    let mut imported = Imported::default();
    let mut ids = Ids::default();
    let mut placed = 0;
    for (at, value) in values.iter().enumerate() {
        let place = format!("values[{at}]");
        let name = value["value"].as_str().map_or("", str::trim);
        if name.is_empty() {
            imported.left.push(Left::new(place, "no name in `value`"));
            continue;
        }
        let meta = &value["meta"];
        let texts = |key: &str| -> Vec<String> {
            let list = meta[key].as_array().into_iter().flatten();
            list.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let attack_id = texts("external_id");
        let attack_id = attack_id
            .into_iter()
            .chain(meta["external_id"].as_str().map(str::to_owned));
        imported.actor(
            &mut ids,
            &Actor {
                name: name.to_owned(),
                kind,
                aliases: texts("synonyms"),
                text: value["description"].as_str().unwrap_or("").to_owned(),
                attack_id: attack_id
                    .into_iter()
                    .find(|id| super::stix::is_attack_id(id)),
                tlp: [cluster, value, meta].into_iter().filter_map(level).max(),
                ..Actor::default()
            },
        );
        placed += usize::from(!meta["country"].is_null());
    }
    if placed > 0 {
        let why = "left out: the origin of a group is a claim, and the file does not say whose";
        imported
            .left
            .push(Left::new(format!("{placed} × country"), why));
    }
    Ok(imported)
}

/// The strictest TLP level among the tags of an object, in the forms that MISP has for tags, or of
/// a key `tlp`.
#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of serde_json")]
fn level(object: &Value) -> Option<Tlp> {
    let lists = ["Tag", "GalaxyClusterTag", "tag", "tags", "labels", "tlp"];
    let values = lists.iter().flat_map(|key| match &object[*key] {
        Value::Array(items) => items.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    });
    let tags = values.filter_map(|tag| tag.as_str().or_else(|| tag["name"].as_str()));
    let own = object["tlp"].as_str();
    let own = own.map(|label| Tlp::read(label).unwrap_or(Tlp::Red));
    tags.filter_map(super::tagged).chain(own).max()
}

/// Returns the kind of actor that the entries of a galaxy become.
fn kind(galaxy: &str) -> &'static str {
    match galaxy {
        kind if kind.contains("malware")
            || kind.contains("tool")
            || kind.contains("ransomware") =>
        {
            "product"
        }
        kind if kind.contains("campaign") => "campaign",
        "country" | "region" => "state",
        _ => "group",
    }
}
