//! `[preprocessor.NAME]`: external programs that change chapters before they are read.

use serde_json::{Map, Number, Value};
use toml::de::{DeTable, DeValue};

use super::reader::Reader;
use super::table::{Entry, Table};
use super::{Config, Override, book, overrides};
use crate::text::{Place, nearest};

/// A preprocessor that the book names.
#[derive(Debug, Clone, PartialEq)]
pub struct Plugin {
    /// The part of its table's name after `preprocessor.`.
    pub name: String,
    /// The command line; `None` for `mdbook-NAME`.
    pub command: Option<String>,
    /// Preprocessors that run later; `links` is the built-in one that expands includes.
    pub before: Vec<String>,
    /// Preprocessors that run earlier.
    pub after: Vec<String>,
    /// The renderers for which it runs; `None` for all.
    pub renderers: Option<Vec<String>>,
    /// True if the book can be built without it if it is not installed.
    pub is_optional: bool,
    /// Its whole table as JSON, for the program.
    pub settings: String,
    /// Its place in the configuration.
    pub place: Place,
}

impl Plugin {
    /// Returns the command line.
    pub fn command_line(&self) -> String {
        let command = self.command.clone();
        command.unwrap_or_else(|| format!("mdbook-{}", self.name))
    }

    /// True if it runs for HTML output.
    pub fn is_for_html(&self) -> bool {
        let renderers = self.renderers.as_ref();
        renderers.is_none_or(|named| named.iter().any(|name| name == "html"))
    }
}

/// `index` and `links` are built into mdBook, and also here; `whosaid` is this program.
const OUR_OWN: [&str; 3] = ["index", "links", "whosaid"];

/// Reads the tables of preprocessors, sorted by name, which is mdBook's order.
pub(super) fn read<'a>(reader: &mut Reader<'a>, preprocessors: &Table<'a>, config: &mut Config) {
    for entry in preprocessors.entries() {
        if OUR_OWN.contains(&entry.key) || !entry.value.get_ref().is_table() {
            continue;
        }
        let table = reader.table(preprocessors, entry.key);
        let plugin = Plugin {
            name: entry.key.to_owned(),
            command: reader.text(&table, "command"),
            before: reader.texts(&table, "before").unwrap_or_default(),
            after: reader.texts(&table, "after").unwrap_or_default(),
            renderers: reader.texts(&table, "renderers"),
            is_optional: reader.switch(&table, "optional").unwrap_or(false),
            settings: json(entry.value.get_ref()).to_string(),
            place: reader.place(entry.key_span),
        };
        config.plugins.push(plugin);
    }
    config.plugins.sort_by(|a, b| a.name.cmp(&b.name));
}

/// Reports names in `allow-plugins` that are not names of the book's preprocessors.
pub(super) fn allowed(reader: &mut Reader<'_>, entry: Entry<'_>, config: &Config) {
    let names = || config.plugins.iter().map(|plugin| plugin.name.as_str());
    for allowed in config.allow_plugins.iter().flatten() {
        if names().any(|name| name == allowed) {
            continue;
        }
        let hint = nearest(allowed, names()).map(|known| format!("did you mean `{known}`?"));
        let hint = hint.unwrap_or_else(|| {
            format!(
                "add a table `[preprocessor.{allowed}]`, or \
                                                   remove the name"
            )
        });
        reader.unknown_key(
            entry,
            format!("unknown preprocessor `{allowed}` in `allow-plugins`"),
            "the book has no preprocessor with this name",
            Some(hint),
        );
    }
}

/// Returns the configuration for preprocessors: mdBook's tables, with the keys that every version
/// of mdBook reads, and without nulls, which older ones cannot read.
pub fn shared(text: &str, overrides: &[Override]) -> Value {
    let mut shared = Map::new();
    let Ok(mut document) = DeTable::parse(text) else {
        return Value::Object(shared);
    };
    let lines: Vec<String> = overrides.iter().filter_map(Override::line).collect();
    for line in &lines {
        if let Ok(set) = DeTable::parse(line) {
            overrides::merge(document.get_mut(), set.into_inner());
        }
    }
    let root = Table::root(document.get_ref());
    let known: [(&str, Option<&[&str]>); 5] = [
        ("book", Some(&book::BOOK)),
        ("build", Some(&book::BUILD)),
        ("rust", Some(&["edition"])),
        ("output", None),
        ("preprocessor", None),
    ];
    for (name, keys) in known {
        let Some(entry) = root.entry(name) else {
            continue;
        };
        let mut value = json(entry.value.get_ref());
        if let (Some(keys), Some(table)) = (keys, value.as_object_mut()) {
            table.retain(|key, _| keys.contains(&key.as_str()));
        }
        shared.insert(name.to_owned(), value);
    }
    Value::Object(shared)
}

/// It can recurse, because the parser limits the nesting of tables.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::String(number.to_string()), Value::from),
        DeValue::Float(number) => {
            let parsed = number.as_str().parse().ok().and_then(Number::from_f64);
            parsed.map_or_else(|| Value::String(number.to_string()), Value::Number)
        }
        DeValue::Boolean(is_on) => Value::Bool(*is_on),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let entries = Table::root(table).entries().into_iter();
            let entries = entries.map(|entry| (entry.key.to_owned(), json(entry.value.get_ref())));
            Value::Object(entries.collect())
        }
    }
}
