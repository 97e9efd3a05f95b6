//! Lists in the values of attributes: names with commas between them.

use super::attrs::{Piece, PieceKind};
use super::name::Name;
use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath, Span};

/// The keys whose values are lists, `of` of a span among them.
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

/// The names of a list value, each with its own place.
pub fn names(piece: &Piece<'_>) -> Vec<Name> {
    let mut names = Vec::with_capacity(1);
    names.extend(parts(piece).map(|(part, span)| Name::bare(part, span)));
    names
}

pub fn one_name(piece: &Piece<'_>) -> Option<Name> {
    let (part, span) = parts(piece).next()?;
    Some(Name::bare(part, span))
}

/// The parts of a list value, each with its own place.
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

fn is_list(piece: &Piece<'_>) -> bool {
    piece.kind == PieceKind::Key && LISTS.contains(&piece.name.as_ref())
}

/// A list that ends in a comma: a space behind it has cut it in two.
pub struct Open {
    key: String,
    value: String,
    span: Span,
}

impl Open {
    pub fn of(piece: &Piece<'_>) -> Option<Open> {
        let is_open = is_list(piece) && piece.value.ends_with(',');
        is_open.then(|| Open {
            key: piece.name.to_string(),
            value: piece.value.to_string(),
            span: piece.value_span,
        })
    }

    /// Says that nothing follows that could belong to it.
    pub fn missing(&self, file: &SitePath) -> Diagnostic {
        missing(Place::new(file, self.span), &self.key)
    }

    /// Says of the word that follows that it belongs to the list.
    pub fn goes_on(&self, file: &SitePath, next: &Piece<'_>) -> Diagnostic {
        let Open { key, value, .. } = self;
        let word = &next.name;
        Diagnostic::new(
            Code::UnreadableValue,
            Place::new(file, next.name_span),
            format!("the list of `{key}` ends at the space in front of `{word}`"),
        )
        .label("this word is not in it")
        .hint(format!(
            "write `{key}={value}{word}` without the space, or quotes around the list: \
             `{key}='{value} {word}'`"
        ))
    }
}

/// Whether a name is missing in a list, between commas or at an end.
pub fn has_gap(piece: &Piece<'_>) -> bool {
    let parts: Vec<&str> = piece.value.split(',').map(str::trim).collect();
    is_list(piece) && parts.len() > 1 && parts.contains(&"")
}

/// Says that a name is missing between commas of a list.
pub fn missing(place: Place, of: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        place,
        format!("a name is missing at a comma of `{of}`"),
    )
    .label("nothing stands on one side of a comma")
    .hint("write the name, or take the comma out")
}
