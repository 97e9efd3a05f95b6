//! Citations in Pandoc's syntax: `[@key]`, `[@key, p. 4]`, `[see @a; @b, § 2]`, `[-@key]`.

use super::name::{How, Name};
use crate::model::CiteItem;
use crate::text::{Span, one_line};

/// Reads `source[range]`, the content of a bracket, as citations; `None` if it contains none.
///
/// Every item between semicolons must have an `@key`; otherwise it is plain text.
pub fn read(source: &str, range: std::ops::Range<usize>) -> Option<Vec<CiteItem<Name>>> {
    let inside = source.get(range.clone())?;
    memchr::memchr(b'@', inside.as_bytes())?;
    let mut items = Vec::new();
    let mut offset = range.start;
    for part in inside.split(';') {
        items.push(read_item(part, offset)?);
        offset += part.len() + 1;
    }
    Some(items)
}

fn read_item(part: &str, offset: usize) -> Option<CiteItem<Name>> {
    let at = part.match_indices('@').map(|(at, _)| at).find(|at| {
        let before = part[..*at].chars().next_back();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '-' | '('))
    })?;
    let key = key_at(&part[at + 1..])?;
    let before = &part[..at];
    let suppress_author = before.ends_with('-');
    let prefix = before.strip_suffix('-').unwrap_or(before).trim();
    let locator = part[at + 1 + key.len()..]
        .trim_start_matches([',', ' ', '\n', '\t'])
        .trim_end();
    Some(CiteItem {
        key: name(key, offset + at + 1),
        prefix: one_line(prefix).as_ref().into(),
        locator: one_line(locator).as_ref().into(),
        suppress_author,
    })
}

/// Reads the ids of a `src` value: separated by commas, each with or without `@`.
pub fn keys(value: &str, span: Span) -> Vec<CiteItem<Name>> {
    let mut items = Vec::new();
    let mut offset = span.start as usize;
    for part in value.split(',') {
        let lead = part.len() - part.trim_start().len();
        let word = part.trim();
        let key = word.strip_prefix('@').unwrap_or(word);
        if !key.is_empty() {
            items.push(CiteItem {
                key: name(key, offset + lead + (word.len() - key.len())),
                prefix: "".into(),
                locator: "".into(),
                suppress_author: false,
            });
        }
        offset += part.len() + 1;
    }
    items
}

/// Returns the key at the start of `text`: letters, digits and `_`, with `:.#$%&-+?<>~/` between
/// them.
pub fn key_at(text: &str) -> Option<&str> {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || "_:.#$%&-+?<>~/".contains(c)))
        .unwrap_or(text.len());
    let key = text[..end].trim_end_matches(|c: char| !(c.is_alphanumeric() || c == '_'));
    let starts_well = key
        .chars()
        .next()
        .is_some_and(|c| c.is_alphanumeric() || c == '_');
    starts_well.then_some(key)
}

fn name(key: &str, start: usize) -> Name {
    Name {
        how: How::Cite,
        text: key.into(),
        fragment: None,
        span: Span::new(start..start + key.len()),
    }
}
