//! whosaid: a static site generator for annotated briefings.
//!
//! The rooms and what each may import stand in ARCHITECTURE.md; a test holds them to it.

pub mod card;
pub mod check;
pub mod cli;
pub mod compile;
pub mod config;
pub mod derive;
pub mod diag;
pub mod disk;
pub mod export;
pub mod html;
pub mod import;
pub mod link;
pub mod mdbook;
pub mod model;
pub mod page;
pub mod parse;
pub mod report;
pub mod search;
pub mod serve;
pub mod share;
pub mod text;
pub mod theme;
