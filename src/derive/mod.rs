//! Computes derived facts of a finished [`Site`](crate::model::Site).
//!
//! For `page`, `export` and `check`. First the standing of every claim (`standings`), then the
//! sentences around marks and mentions (`passages`, `mentions`), then the tables that collect both
//! (`timeline`, `network`, `actors`, `source_uses`).
//!
//! Section 4 of the language specification defines every rule here. No function says who is right,
//! no result depends on the order of a hash map, and every walk over `part-of`, `speaks-for` and
//! `based-on` ends, even if an author has made a cycle.

mod actors;
mod blocks;
mod legal;
mod network;
mod origins;
mod parties;
mod passages;
mod sentences;
mod standing;
mod states;
mod ties;
mod timeline;
mod uses;
mod words;

pub use actors::{Accusation, ActorFacts, ReplyCounts, Said, Shared, actors};
pub use blocks::{Block, BlockKind, Inline, Run, blocks};
pub use legal::{legal_label, legal_sentences, legal_sentences_of, with_legal_status};
pub use network::{Edge, Network, RelationOf, network, relations};
pub use origins::{Bond, Join, Origin};
pub use parties::Party;
pub use passages::{Mention, Passage, Passages, Section, mentions, passages, sentence_of_mark};
pub use sentences::sentences;
pub use standing::{ReplyOf, Standing, Standings, standing, standing_by, standings};
pub use states::{Fate, fate};
pub use ties::{AccusedSide, Ties, ancestors, represents, spoken_for};
pub use timeline::{Entry, Happening, timeline};
pub use uses::{SourceUse, source_uses};
pub use words::{
    contest_words, named, origin_words, owner, remark_words, request_words, status_words,
    support_words, with_owner,
};

#[cfg(test)]
pub(crate) mod tests;
