//! TOML tables with the place of every key.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::{Extra, Value};
use crate::text::Span;

/// A table of the file and its full name, such as `output.html`.
#[derive(Clone)]
pub(super) struct Table<'a> {
    name: String,
    entries: Option<&'a DeTable<'a>>,
}

/// A key and its value, with their places.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub key: &'a str,
    pub key_span: Span,
    pub value: &'a Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// Returns the place of the value; for a table, of its header.
    pub fn span(&self) -> Span {
        Span::new(self.value.span())
    }
}

impl<'a> Table<'a> {
    pub fn root(entries: &'a DeTable<'a>) -> Table<'a> {
        Table {
            name: String::new(),
            entries: Some(entries),
        }
    }

    /// Returns the entries in source order.
    pub fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries: Vec<_> = self.entries.into_iter().flatten().map(entry).collect();
        entries.sort_by_key(|entry| entry.key_span);
        entries
    }

    pub fn entry(&self, key: &str) -> Option<Entry<'a>> {
        self.entries?.get_key_value(key).map(entry)
    }

    /// Returns the subtable `key`, which can be empty.
    pub fn inner(&self, key: &str, entries: Option<&'a DeTable<'a>>) -> Table<'a> {
        Table {
            name: self.path_of(key),
            entries,
        }
    }

    /// Returns the table as an untyped value.
    pub fn free(&self) -> Extra {
        self.entries().into_iter().map(free).collect()
    }

    /// Returns its full name; empty for the whole file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the full name of a key: `output.html.site-url`.
    pub fn path_of(&self, key: &str) -> String {
        match self.name.as_str() {
            "" => key.to_owned(),
            name => format!("{name}.{key}"),
        }
    }
}

fn entry<'a>(
    (key, value): (
        &'a Spanned<toml::de::DeString<'a>>,
        &'a Spanned<DeValue<'a>>,
    ),
) -> Entry<'a> {
    Entry {
        key: key.get_ref(),
        key_span: Span::new(key.span()),
        value,
    }
}

fn free(entry: Entry<'_>) -> (String, Value) {
    (entry.key.to_owned(), free_value(entry.value.get_ref()))
}

/// Converts a value for templates. Numbers and dates stay as written. It can recurse, because the
/// parser limits the nesting of tables.
fn free_value(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => Value::Text(number.to_string()),
        DeValue::Float(number) => Value::Text(number.to_string()),
        DeValue::Boolean(is_on) => Value::Bool(*is_on),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| free_value(item.get_ref()))
                .collect(),
        ),
        DeValue::Table(entries) => Value::Map(
            Table::root(entries)
                .entries()
                .into_iter()
                .map(free)
                .collect(),
        ),
    }
}
