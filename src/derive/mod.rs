//! Questions asked of a finished [`Site`](crate::model::Site): what is derived, never typed.
//!
//! For `page`, `export` and `check`. First the standing of every claim (`standings`), then
//! what is told of texts (`passages`, `mentions`), then the tables that gather both
//! (`timeline`, `network`, `actors`, `source_uses`).
//!
//! Section 4 of the language decides every rule here. Nothing in this room says who is right,
//! no answer depends on the order of a hash map, and every walk over `part-of`, `speaks-for`
//! and `based-on` ends even where an author has drawn a circle.

mod actors;
mod blocks;
mod headline;
mod network;
mod origins;
mod passages;
mod sentences;
mod standing;
mod ties;
mod timeline;
mod uses;

pub use actors::{Accusation, ActorFacts, Said, Shared, actors};
pub use blocks::{Block, BlockKind, Inline, Run, blocks};
pub use headline::{Contest, Headline, Reply, Support};
pub use network::{Edge, Network, RelationOf, network, relations};
pub use origins::{Bond, origins};
pub use passages::{Mention, Passage, Passages, Section, mentions, passages, sentence_of_mark};
pub use standing::{
    Party, ReplyOf, Standing, Standings, counts_by, standing, standing_by, standings,
};
pub use ties::{AccusedSide, Ties, ancestors, represents, spoken_for};
pub use timeline::{Entry, Happening, timeline};
pub use uses::{SourceUse, source_uses};

#[cfg(test)]
pub(crate) mod tests;
