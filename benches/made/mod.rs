//! Generates books of any size from a seed, for measuring: for whosaid, and the same text for other
//! programs.
//!
//! A book is generated in memory first ([`Made`]), then written in the Markdown of a program
//! ([`write`]). The same seed and size give the same bytes on every machine. The number of
//! mentions, citations and denials follows Zipf's law: few names are very frequent, most occur once
//! or twice.

mod prose;
mod write;

pub use prose::Made;
pub use write::{Tool, write};
