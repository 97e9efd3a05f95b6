//! mdBook's protocol for preprocessors.
//!
//! A preprocessor is a program that is given a book's chapters as JSON and gives them back
//! changed. [`Plugins`] runs those that a book names, with permission only: a program that is
//! named in a configuration file is code. [`Request`] is the way back: this program is such a
//! preprocessor itself, and makes an annotated book one that plain mdBook can show.
#![expect(
    clippy::disallowed_methods,
    reason = "this room runs programs, and keeps their time"
)]

mod envelope;
mod lower;
mod order;
mod plugins;
mod preprocess;
mod program;
mod record;
mod words;

pub use envelope::Envelope;
pub use plugins::{Allowed, Plugins, Reworked};
pub use preprocess::{Request, Response, supports};

#[cfg(test)]
mod tests;
