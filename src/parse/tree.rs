//! Parses YAML and TOML to one tree of texts with places.
//!
//! Every scalar stays the text that was written: `no` can be Norway, `1.10` keeps its zero, and a
//! date stays a date. The reader of a key decides what it means.

use std::collections::HashSet;

use granit_parser::{Event, Parser};

use crate::model::{Extra, Value};
use crate::text::Span;

/// The maximum number of nodes of a front matter: keys, values, lists and maps.
pub const FRONT_NODES: usize = 20_000;
/// The maximum number of nodes of a YAML bibliography, enough for 50,000 entries of ten lines.
pub const BIBLIOGRAPHY_NODES: usize = 1_500_000;
/// The maximum nesting depth of YAML.
pub const DEEPEST: usize = 50;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    pub kind: TreeKind,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TreeKind {
    Null,
    Scalar {
        text: String,
        /// True if it is in quotes, so it is never a boolean or null.
        is_quoted: bool,
    },
    List(Vec<Tree>),
    Map(Vec<(String, Span, Tree)>),
}

/// Why a text cannot be parsed: the place, and what was expected.
pub type Fault = (Span, String);

impl Tree {
    pub fn null() -> Tree {
        Tree {
            kind: TreeKind::Null,
            span: Span::default(),
        }
    }

    /// Returns the tree as a value for templates.
    pub fn value(&self) -> Value {
        match &self.kind {
            TreeKind::Null => Value::Null,
            TreeKind::Scalar { text, is_quoted } => match (text.as_str(), is_quoted) {
                ("true", false) => Value::Bool(true),
                ("false", false) => Value::Bool(false),
                _ => Value::Text(text.clone()),
            },
            TreeKind::List(items) => Value::List(items.iter().map(Tree::value).collect()),
            TreeKind::Map(entries) => Value::Map(extra(entries)),
        }
    }
}

/// Returns the entries of a map as values for templates.
pub fn extra(entries: &[(String, Span, Tree)]) -> Extra {
    entries
        .iter()
        .map(|(key, _, tree)| (key.clone(), tree.value()))
        .collect()
}

/// Parses YAML of at most `most` nodes; `shift` is added to every offset. Aliases are refused, so a
/// tree is never larger than its text.
///
/// # Errors
/// Returns the first place that cannot be parsed.
#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of granit-parser")]
pub fn yaml(text: &str, shift: usize, most: usize) -> Result<Tree, Fault> {
    let mut stack: Vec<Partial> = Vec::new();
    let mut root = None;
    let mut nodes = 0;
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| {
            let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
            (Span::new(at..at).shifted(shift), hinted(&error.info()))
        })?;
        let range = span.byte_range().unwrap_or(0..0);
        let span = Span::new(range).shifted(shift);
        nodes += usize::from(matches!(
            event,
            Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..)
        ));
        if nodes > most {
            return Err((span, format!("it has more than {most} keys and values")));
        }
        if stack.len() > DEEPEST {
            return Err((
                span,
                format!("it is nested more than {DEEPEST} levels deep"),
            ));
        }
        let done = match event {
            Event::Scalar(value, style, ..) => {
                let is_quoted = !matches!(style, granit_parser::ScalarStyle::Plain);
                let kind = match value.as_ref() {
                    "" | "~" | "null" if !is_quoted => TreeKind::Null,
                    _ => TreeKind::Scalar {
                        text: value.into_owned(),
                        is_quoted,
                    },
                };
                Some(Tree { kind, span })
            }
            Event::SequenceStart(..) => {
                stack.push(Partial::List(Vec::new(), span));
                None
            }
            Event::MappingStart(..) => {
                stack.push(Partial::Map(Vec::new(), HashSet::new(), None, span));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => {
                stack.pop().map(|partial| partial.close(span))
            }
            Event::Alias(_) => return Err((span, "aliases (`*name`) are not supported".into())),
            _ => None,
        };
        if let Some(tree) = done {
            match stack.last_mut() {
                None => root = Some(tree),
                Some(partial) => partial.take(tree)?,
            }
        }
    }
    Ok(root.unwrap_or_else(Tree::null))
}

fn hinted(info: &str) -> String {
    if info.contains("mapping values are not allowed") {
        format!("{info}; put quotes around a value that holds `: `")
    } else {
        info.to_string()
    }
}

enum Partial {
    List(Vec<Tree>, Span),
    /// Its entries, their keys, and the key whose value comes next.
    Map(
        Vec<(String, Span, Tree)>,
        HashSet<String>,
        Option<(String, Span)>,
        Span,
    ),
}

impl Partial {
    fn take(&mut self, tree: Tree) -> Result<(), Fault> {
        match self {
            Partial::List(items, _) => items.push(tree),
            Partial::Map(entries, keys, key, _) => match key.take() {
                Some((name, span)) => {
                    if !keys.insert(name.clone()) {
                        return Err((span, format!("duplicate key `{name}`")));
                    }
                    entries.push((name, span, tree));
                }
                None => match tree.kind {
                    TreeKind::Scalar { text, .. } => *key = Some((text, tree.span)),
                    TreeKind::Null | TreeKind::List(_) | TreeKind::Map(_) => {
                        return Err((tree.span, "a key must be a word".into()));
                    }
                },
            },
        }
        Ok(())
    }

    fn close(self, end: Span) -> Tree {
        let until = |start: Span| Span {
            start: start.start,
            end: end.end,
        };
        match self {
            Partial::List(items, start) => Tree {
                kind: TreeKind::List(items),
                span: until(start),
            },
            Partial::Map(entries, _, _, start) => Tree {
                kind: TreeKind::Map(entries),
                span: until(start),
            },
        }
    }
}

/// Parses TOML; `shift` is added to every offset.
///
/// # Errors
/// Returns the first place that cannot be parsed.
pub fn toml(text: &str, shift: usize) -> Result<Tree, Fault> {
    let table = toml::de::DeTable::parse(text).map_err(|error| {
        let span = Span::new(error.span().unwrap_or(0..0)).shifted(shift);
        (span, error.message().to_string())
    })?;
    let span = table.span();
    Ok(from_toml(
        &toml::de::DeValue::Table(table.into_inner()),
        span,
        shift,
    ))
}

fn from_toml(value: &toml::de::DeValue<'_>, range: std::ops::Range<usize>, shift: usize) -> Tree {
    use toml::de::DeValue;
    let scalar = |text: String, is_quoted| TreeKind::Scalar { text, is_quoted };
    let kind = match value {
        DeValue::String(text) => scalar(text.to_string(), true),
        DeValue::Integer(number) => scalar(number.to_string(), false),
        DeValue::Float(number) => scalar(number.to_string(), false),
        DeValue::Boolean(truth) => scalar(truth.to_string(), false),
        DeValue::Datetime(date) => scalar(date.to_string(), false),
        DeValue::Array(items) => TreeKind::List(
            items
                .iter()
                .map(|item| from_toml(item.get_ref(), item.span(), shift))
                .collect(),
        ),
        DeValue::Table(table) => {
            let mut entries: Vec<_> = table
                .iter()
                .map(|(key, value)| {
                    let span = Span::new(key.span()).shifted(shift);
                    let tree = from_toml(value.get_ref(), value.span(), shift);
                    (key.get_ref().to_string(), span, tree)
                })
                .collect();
            entries.sort_by_key(|(_, span, _)| *span);
            TreeKind::Map(entries)
        }
    };
    Tree {
        kind,
        span: Span::new(range).shifted(shift),
    }
}
