//! whosaid: a static site generator for annotated briefings.
//!
//! The interface for other programs is small: [`compile`] builds a book in memory, [`disk`] reads
//! and writes folders, and [`config`], [`diag`] and [`text`] are the types that they use. All other
//! modules are internal: they are public for the tests, and can change in any release.
//!
//! ```
//! use std::collections::BTreeMap;
//! use whosaid::compile::{Cache, Inputs, Options, compile};
//! use whosaid::text::SitePath;
//!
//! let files = [
//!     ("content/index.md", "# Harbor\n\n[The pump broke](claim:pump \"by=port on=2031-03-01\").\n"),
//!     ("content/actors/port.md", "---\nname: Port authority\n---\n"),
//! ];
//! let files = files.map(|(path, text)| {
//!     let path = SitePath::new(path).expect("a relative path");
//!     (path, text.as_bytes().into())
//! });
//! let inputs = Inputs {
//!     files: BTreeMap::from(files),
//!     today: jiff::civil::date(2031, 3, 2),
//!     options: Options::default(),
//! };
//! let build = compile(&inputs, &mut Cache::default());
//! let page = SitePath::new("claims/pump.html").expect("a relative path");
//! assert!(build.outputs.contains_key(&page));
//! ```
//!
//! ARCHITECTURE.md lists the rooms and their allowed imports; a test checks them.

// Hidden modules are exempt from this lint.
#![deny(missing_docs)]
// A new verb, status or kind of page must not compile until every output handles it.
#![cfg_attr(not(test), warn(clippy::wildcard_enum_match_arm))]

#[doc(hidden)]
pub mod card;
#[doc(hidden)]
pub mod check;
#[doc(hidden)]
pub mod cli;
pub mod compile;
pub mod config;
#[doc(hidden)]
pub mod derive;
pub mod diag;
pub mod disk;
#[doc(hidden)]
pub mod export;
#[doc(hidden)]
pub mod html;
#[doc(hidden)]
pub mod import;
#[doc(hidden)]
pub mod index;
#[doc(hidden)]
pub mod link;
#[doc(hidden)]
pub mod mdbook;
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod page;
#[doc(hidden)]
pub mod parse;
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod search;
#[doc(hidden)]
pub mod serve;
#[doc(hidden)]
pub mod share;
pub mod text;
#[doc(hidden)]
pub mod theme;
