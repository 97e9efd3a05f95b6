//! Books of any size from a seed, to measure on: for whosaid, and the same prose for others.
//!
//! A book is made in memory first ([`Made`]), then written out in somebody's Markdown
//! ([`write`]). The same seed and size give the same bytes on every machine. Who is mentioned,
//! cited and contradicted follows Zipf's law, as in the world: few names are everywhere, most
//! appear once or twice.

mod prose;
mod write;

pub use prose::Made;
pub use write::{Tool, write};
