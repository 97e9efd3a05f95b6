//! Settings from environment variables, which take precedence over `book.toml`, as in mdBook:
//! `MDBOOK_BOOK__TITLE=Postbox`.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The tables that can be set from the environment.
const TABLES: [&str; 6] = ["book", "build", "rust", "output", "preprocessor", "whosaid"];

/// A setting from the environment: its key, such as `book.title`, and its value, which is JSON or
/// otherwise plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    key: String,
    value: String,
}

impl Override {
    /// Returns the setting of an environment variable; `None` for any other variable.
    ///
    /// After `MDBOOK_`, two underscores separate tables and keys, and one stands for a hyphen.
    pub fn new(name: &str, value: &str) -> Option<Override> {
        let key = name.strip_prefix("MDBOOK_")?.to_lowercase();
        let key = key.replace("__", ".").replace('_', "-");
        let table = key.split('.').next().unwrap_or("");
        TABLES.contains(&table).then(|| Override {
            key,
            value: value.to_owned(),
        })
    }

    /// Returns the setting as a line of TOML; `None` for an empty value.
    pub(super) fn line(&self) -> Option<String> {
        let json = serde_json::from_str(&self.value);
        let json = json.unwrap_or_else(|_| Value::String(self.value.clone()));
        let key: Vec<String> = self.key.split('.').map(quoted).collect();
        Some(format!("{} = {}", key.join("."), toml(&json)?))
    }
}

fn quoted(text: &str) -> String {
    // JSON strings are valid TOML strings.
    Value::String(text.to_owned()).to_string()
}

fn toml(json: &Value) -> Option<String> {
    Some(match json {
        Value::Null => return None,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => json.to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().filter_map(toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries = entries.iter();
            let entries = entries
                .filter_map(|(key, value)| Some(format!("{} = {}", quoted(key), toml(value)?)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    })
}

/// Merges the entries of `from` into `into`. They have no place in the file, so diagnostics are at
/// its start.
pub(super) fn merge<'a>(into: &mut DeTable<'a>, from: DeTable<'a>) {
    for (key, value) in from {
        let key = Spanned::new(0..0, key.into_inner());
        let value = value.into_inner();
        match (into.get_mut(&key).map(Spanned::get_mut), value) {
            (Some(DeValue::Table(into)), DeValue::Table(from)) => merge(into, from),
            (_, DeValue::Table(from)) => {
                let mut table = DeTable::new();
                merge(&mut table, from);
                into.insert(key, Spanned::new(0..0, DeValue::Table(table)));
            }
            (_, value) => {
                into.insert(key, Spanned::new(0..0, value));
            }
        }
    }
}
