//! Diagnostics of a text while it is read.

use super::{DEEPEST, MOST_PIECES};
use crate::diag::{Code, Diagnostic};
use crate::text::Place;

pub(super) fn image_without_alt(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ImageWithoutAlt,
        place,
        "image without alternative text",
    )
    .label("readers who cannot see the image need a description")
    .hint("write `![what it shows](…)`")
}

pub(super) fn too_long(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("text with more than {MOST_PIECES} Markdown elements"),
    )
    .label("ignored from here on")
    .hint("split it into several pages")
}

pub(super) fn nested_too_deep(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("nested more than {DEEPEST} levels deep"),
    )
    .label("nesting is ignored from here on")
    .hint("remove some levels of quotations or lists")
}
