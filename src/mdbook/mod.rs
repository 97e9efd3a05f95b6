//! mdBook's protocol for preprocessors.
//!
//! A preprocessor is a program that is given a book's chapters as JSON and gives them back
//! changed. [`Plugins`] runs those that a book names, with permission only: a program that is
//! named in a configuration file is code.
#![expect(
    clippy::disallowed_methods,
    reason = "this room runs programs, and keeps their time"
)]

mod envelope;
mod order;
mod plugins;
mod program;

pub use plugins::{Allowed, Plugins, Reworked};

#[cfg(test)]
mod tests;
