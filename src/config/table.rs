//! TOML tables with the place of every key.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::{Extra, Value};
use crate::text::Span;

/// A table of the file and what the author calls it, such as `output.html`.
#[derive(Clone)]
pub(super) struct Table<'a> {
    name: String,
    entries: Option<&'a DeTable<'a>>,
}

/// A key with its value; both know where they stand.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub key: &'a str,
    pub key_span: Span,
    pub value: &'a Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// Where the value stands; for a table, its header.
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

    /// The entries in the order in which they were written.
    pub fn entries(&self) -> Vec<Entry<'a>> {
        let mut entries: Vec<_> = self.entries.into_iter().flatten().map(entry).collect();
        entries.sort_by_key(|entry| entry.key_span);
        entries
    }

    pub fn entry(&self, key: &str) -> Option<Entry<'a>> {
        self.entries?.get_key_value(key).map(entry)
    }

    /// The table `key` of this one, which may hold nothing.
    pub fn inner(&self, key: &str, entries: Option<&'a DeTable<'a>>) -> Table<'a> {
        Table {
            name: self.path_of(key),
            entries,
        }
    }

    /// The table as a free one, kept as it is.
    pub fn free(&self) -> Extra {
        self.entries().into_iter().map(free).collect()
    }

    /// What the author calls it; nothing for the whole file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A key as the author would have to name it: `output.html.site-url`.
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

/// A value for templates. Numbers and dates stay as they were written. The parser limits how
/// deep tables nest, so this may recurse.
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
