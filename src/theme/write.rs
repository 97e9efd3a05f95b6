//! The runtime of translated templates: Tera's filters and escaping, on borrowed text.
//!
//! Each function returns what our Tera returns, byte for byte; tests compare the two.

#![allow(
    dead_code,
    reason = "which of these the default templates use changes with them"
)]

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::text::Markup;

/// A translated template found a value that is or can be undefined in Tera. Tera renders the page
/// instead, and reports the error.
#[derive(Debug)]
pub struct Undecided;

pub type Drawn = Result<(), Undecided>;

/// The dependencies of a page: if a book has one of these files or components, Tera renders the
/// page.
pub struct MadeOf {
    pub template: &'static str,
    pub files: &'static [&'static str],
    pub components: &'static [&'static str],
}

/// Writes text, escaped.
pub fn text(o: &mut String, text: &str) {
    crate::text::escape(text, Markup::Attribute, o);
}

pub fn number(o: &mut String, number: i64) {
    let _ = write!(o, "{number}");
}

/// Returns `list[at]`; a negative number counts from the end.
pub fn item<T>(list: &[T], at: i64) -> Option<&T> {
    let at = match at {
        0.. => usize::try_from(at).ok()?,
        _ => list.len().checked_add_signed(isize::try_from(at).ok()?)?,
    };
    list.get(at)
}

/// `a ~ b`
pub fn joined(a: impl std::fmt::Display, b: impl std::fmt::Display) -> Cow<'static, str> {
    format!("{a}{b}").into()
}

/// `text | replace(from=…, to=…)`
pub fn replaced<'t>(text: &'t str, from: &str, to: &str) -> Cow<'t, str> {
    if text.contains(from) {
        text.replace(from, to).into()
    } else {
        text.into()
    }
}

/// `text | truncate(length=…)`
pub fn truncated<'t>(text: &'t str, length: i64, end: &str) -> Cow<'t, str> {
    let length = usize::try_from(length).unwrap_or(0);
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}{end}", &text[..at]).into(),
        None => text.into(),
    }
}

/// `text | capitalize`
pub fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let mut capitalized: String = first.collect();
    capitalized.push_str(&chars.as_str().to_lowercase());
    capitalized
}
