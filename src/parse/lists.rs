//! Lists in attribute values: names separated by commas.

use super::attrs::{Piece, PieceKind};
use super::name::Name;
use crate::diag::{Code, Diagnostic, Fix};
use crate::text::{Place, SourceMap, Span};

/// The keys whose values are lists, including `of` of a span.
const LISTS: [&str; 10] = [
    "by",
    "against",
    "about",
    "src",
    "said-by",
    "who",
    "supports",
    "contradicts",
    "part",
    "of",
];

/// Returns the names in a list value, each with its place.
pub fn names(piece: &Piece<'_>) -> Vec<Name> {
    let mut names = Vec::with_capacity(1);
    names.extend(parts(piece).map(|(part, span)| Name::bare(part, span)));
    names
}

pub fn one_name(piece: &Piece<'_>) -> Option<Name> {
    let (part, span) = parts(piece).next()?;
    Some(Name::bare(part, span))
}

/// Returns the parts of a list value, each with its place.
pub fn parts<'p>(piece: &'p Piece<'_>) -> impl Iterator<Item = (&'p str, Span)> {
    let value_span = piece.value_span;
    let verbatim = piece.value.len() as u32 == value_span.end - value_span.start;
    let mut offset = value_span.start as usize;
    let parts = piece.value.split(',').map(move |part| {
        let start = offset + part.len() - part.trim_start().len();
        offset += part.len() + 1;
        let part = part.trim();
        let span = if verbatim {
            Span::new(start..start + part.len())
        } else {
            value_span
        };
        (part, span)
    });
    parts.filter(|(part, _)| !part.is_empty())
}

/// True if the key takes several names.
pub fn is_list(piece: &Piece<'_>) -> bool {
    piece.kind == PieceKind::Key && LISTS.contains(&piece.name.as_ref())
}

/// The keys whose values are a name or a text, which can contain spaces if quoted.
const TEXTS: [&str; 9] = [
    "voice", "with", "event", "at", "via", "joint", "kind", "text", "orig",
];

/// True if the value of the key can contain spaces, and was written without quotes.
pub fn may_have_spaces(piece: &Piece<'_>) -> bool {
    let is_bare = piece.value_span.start == piece.name_span.end + 1;
    is_bare && (is_list(piece) || TEXTS.contains(&piece.name.as_ref()))
}

/// Reports a value that ends at a space, although the space was meant to be part of it.
pub fn cut(map: &SourceMap, piece: &Piece<'_>, words: &[Piece<'_>]) -> Diagnostic {
    let (key, value) = (&piece.name, &piece.value);
    let mut span = piece.value_span;
    let mut parts = vec![value.as_ref()];
    for word in words {
        parts.push(&word.name);
        span.end = word.name_span.end;
    }
    let place = map.place(span);
    let next = parts[1];
    let quoted = format!("'{}'", parts.join(" "));
    let list: Vec<&str> = parts
        .iter()
        .map(|part| part.trim_matches(','))
        .filter(|part| !part.is_empty())
        .collect();
    let list = list.join(",");
    let told = Diagnostic::new(
        Code::UnreadableValue,
        place.clone(),
        format!("the value of `{key}` ends at the space before `{next}`"),
    )
    .label("a value with spaces needs quotation marks");
    if !is_list(piece) {
        return told
            .hint(format!("write `{key}={quoted}`"))
            .fix(Fix::replace(place, quoted));
    }
    if value.contains(',') {
        return told
            .hint(format!(
                "write `{key}={list}`, without a space after the comma"
            ))
            .fix(Fix::replace(place, list));
    }
    told.hint(format!(
        "write `{key}={list}` for several names, or `{key}={quoted}` if it is one name"
    ))
    .fix(Fix::replace(place.clone(), list))
    .fix(Fix::replace(place, quoted))
}

/// True if a name is missing in a list, between commas or at an end.
pub fn has_gap(piece: &Piece<'_>) -> bool {
    let parts: Vec<&str> = piece.value.split(',').map(str::trim).collect();
    is_list(piece) && parts.len() > 1 && parts.contains(&"")
}

/// Returns the diagnostic for a missing name in the list of a key.
pub fn missing_in(map: &SourceMap, piece: &Piece<'_>) -> Diagnostic {
    let place = map.place(piece.value_span);
    let told = missing(place.clone(), &piece.name);
    let names: Vec<&str> = parts(piece).map(|(name, _)| name).collect();
    let names = names.join(",");
    if names.is_empty() {
        told
    } else {
        told.fix(Fix::replace(place, names))
    }
}

/// Returns the diagnostic for a missing name between commas.
pub fn missing(place: Place, of: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        place,
        format!("missing name at a comma of `{of}`"),
    )
    .label("no name on one side of this comma")
    .hint("write the name, or delete the comma")
}
