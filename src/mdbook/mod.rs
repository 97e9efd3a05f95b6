//! mdBook's protocol for preprocessors.
//!
//! A preprocessor is a program that reads the chapters of a book as JSON and returns them changed.
//! [`Plugins`] runs those that a book names, only with permission. [`Request`] is the other
//! direction: this program is a preprocessor itself, and converts an annotated book for plain
//! mdBook.
#![expect(
    clippy::disallowed_methods,
    reason = "this room runs programs, and keeps their time"
)]

mod consent;
mod envelope;
mod lower;
mod order;
mod plugins;
mod preprocess;
mod program;
mod record;
mod trust_store;
mod words;

pub use consent::{Consent, Program};
pub use envelope::Envelope;
pub use plugins::{Plugins, PreprocessedBook, visible};
pub use preprocess::{Request, Response, supports};
pub use program::executable;
pub use trust_store::{Grant, TrustStore};

#[cfg(test)]
mod tests;
