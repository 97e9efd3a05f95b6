//! The default templates as functions of their views, generated from Tera by `build.rs`.

#![allow(
    clippy::all,
    unused_assignments,
    unused_mut,
    unused_parens,
    unused_variables,
    reason = "a program wrote it, which does not look at what a variable is used for"
)]

use std::borrow::Cow;

use super::write::{self, Drawn, MadeOf, Undecided};
use crate::page::{self, View};

include!(concat!(env!("OUT_DIR"), "/templates.rs"));
