//! The differences between two records, object by object and field by field: for `whosaid diff`.
//!
//! Both records are in the form of `record.json`. `uuid` and `page` are left out, because they
//! follow from the address of a site.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The kinds of objects, in the order in which their changes are reported.
const KINDS: [(&str, &str); 7] = [
    ("claims", "claim"),
    ("positions", "position"),
    ("replies", "reply"),
    ("actors", "actor"),
    ("sources", "source"),
    ("events", "event"),
    ("briefings", "briefing"),
];

/// What was added, removed and changed.
pub struct Changes {
    kinds: Vec<OfKind>,
}

/// The changes of one kind of object, each in the order of ids.
struct OfKind {
    name: &'static str,
    one: &'static str,
    added: Vec<Object>,
    removed: Vec<Object>,
    changed: Vec<Changed>,
}

struct Object {
    id: String,
    fields: Map<String, Value>,
}

struct Changed {
    id: String,
    /// Field, value before, value after; `null` for a field that is missing.
    fields: Vec<(String, Value, Value)>,
}

/// Compares two records in the form of `record.json`.
pub fn changes(before: &Value, after: &Value) -> Changes {
    let kinds = KINDS.iter().map(|(name, one)| {
        let (mut before, after) = (objects(before, name), objects(after, name));
        let mut of_kind = OfKind {
            name,
            one,
            added: Vec::new(),
            removed: Vec::new(),
            changed: Vec::new(),
        };
        for (id, fields) in after {
            match before.remove(&id) {
                None => of_kind.added.push(Object { id, fields }),
                Some(was) if was != fields => of_kind.changed.push(Changed {
                    fields: differing(&was, &fields),
                    id,
                }),
                Some(_) => {}
            }
        }
        let removed = before.into_iter();
        of_kind.removed = removed.map(|(id, fields)| Object { id, fields }).collect();
        of_kind
    });
    Changes {
        kinds: kinds.collect(),
    }
}

/// The objects of a kind by their id. The id of a reply is that of its claim and its accused.
fn objects(record: &Value, kind: &str) -> BTreeMap<String, Map<String, Value>> {
    let mut objects = BTreeMap::new();
    let mut put = |id: String, object: &Value| {
        let mut fields = object.as_object().cloned().unwrap_or_default();
        for left_out in ["uuid", "page", "positions", "replies"] {
            fields.remove(left_out);
        }
        objects.insert(id, fields);
    };
    let of = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    match kind {
        "positions" | "replies" => {
            for claim in list(record, "claims") {
                for object in list(claim, kind) {
                    match kind {
                        "positions" => put(of(object, "id"), object),
                        _ => put(
                            format!("{}:{}", of(claim, "id"), of(object, "accused")),
                            object,
                        ),
                    }
                }
            }
        }
        _ => {
            for object in list(record, kind) {
                put(of(object, "id"), object);
            }
        }
    }
    objects
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn differing(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> Vec<(String, Value, Value)> {
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    let value = |of: &Map<String, Value>, key: &str| of.get(key).cloned().unwrap_or(Value::Null);
    let fields = keys.into_iter().map(|key| {
        let (was, is) = (value(before, key), value(after, key));
        (key.clone(), was, is)
    });
    fields.filter(|(_, was, is)| was != is).collect()
}

impl Changes {
    /// The number of objects that were added, removed or changed.
    pub fn count(&self) -> usize {
        let kinds = self.kinds.iter();
        kinds
            .map(|of| of.added.len() + of.removed.len() + of.changed.len())
            .sum()
    }

    /// The changes as one JSON object on one line.
    pub fn json(&self) -> String {
        let mut whole = json!({ "version": 1, "count": self.count() });
        for of in &self.kinds {
            let objects = |list: &[Object]| {
                let objects = list.iter().map(|object| {
                    let mut fields = object.fields.clone();
                    fields.insert("id".to_owned(), json!(object.id));
                    Value::Object(fields)
                });
                objects.collect::<Vec<Value>>()
            };
            let changed = of.changed.iter().map(|changed| {
                let fields = changed.fields.iter();
                let fields = fields
                    .map(|(key, was, is)| (key.clone(), json!({ "before": was, "after": is })));
                json!({ "id": changed.id, "fields": fields.collect::<Map<String, Value>>() })
            });
            whole[of.name] = json!({
                "added": objects(&of.added),
                "removed": objects(&of.removed),
                "changed": changed.collect::<Vec<Value>>(),
            });
        }
        format!("{whole}\n")
    }

    /// The changes as text, one line for each object or field; empty if there are none.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for of in &self.kinds {
            for (did, objects) in [("added", &of.added), ("removed", &of.removed)] {
                for object in objects {
                    let label = label(of.name, &object.fields);
                    text.push_str(&format!("{did} {} {}{label}\n", of.one, object.id));
                }
            }
            for changed in &of.changed {
                for (field, was, is) in &changed.fields {
                    let (was, is) = (shown(was), shown(is));
                    let line =
                        format!("changed {} {}: {field}: {was} → {is}\n", of.one, changed.id);
                    text.push_str(&line);
                }
            }
        }
        text
    }
}

/// What an object is, in a few words after its id.
fn label(kind: &str, fields: &Map<String, Value>) -> String {
    let text = |key: &str| fields.get(key).map(shown).unwrap_or_default();
    match kind {
        "claims" => format!(": {} ({})", text("text"), text("status")),
        "positions" => format!(
            ": {} {} ({})",
            text("by"),
            text("stance_words"),
            text("state")
        ),
        "replies" => format!(": {}", text("reply")),
        "actors" => format!(": {}", text("name")),
        "events" => format!(": {}", text("text")),
        _ => format!(": {}", text("title")),
    }
}

/// A value on one line: a text without its quotation marks, nothing as `none`.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}
