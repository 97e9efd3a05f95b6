//! Diagnostics of a text while it is read.

use super::{DEEPEST, MOST_PIECES};
use crate::diag::{Code, Diagnostic};
use crate::text::Place;

pub(super) fn image_without_alt(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ImageWithoutAlt,
        place,
        "an image without alternative text",
    )
    .label("nobody who cannot see it learns what it shows")
    .hint("write `![what it shows](…)`")
}

pub(super) fn too_long(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("a text of more than {MOST_PIECES} pieces"),
    )
    .label("from here on it is left out")
    .hint("make several pages of it")
}

pub(super) fn nested_too_deep(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("nested more than {DEEPEST} levels deep"),
    )
    .label("from here on the nesting is left out")
    .hint("take some of the quotes or lists apart")
}
