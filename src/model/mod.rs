//! The nouns of a briefing and the typed ids that tie them together.
//!
//! Glossary, one word per thing:
//! - **Actor**: an entity that can speak or be spoken of.
//! - **Claim**: a proposition that somebody states; it has an owner, never a verdict.
//! - **Position**: one party's stance on a claim, said at a date, on sources.
//! - **Stance**: what a position does: claims, denies, acknowledges …
//! - **Source**: a cited document. A file on disk is a *file*.
//! - **Mention**: a place in a text that names an actor, claim, source or briefing.
//! - **Mark**: the words in a text that carry positions (or an event).
//! - **Briefing**: one page of prose. **Prose** is any body with its marks and headings.
//!
//! Everything here is plain data, built once by `link` and then only read.

mod body;
mod date;
mod elsewhere;
mod entities;
mod id;
mod site;
mod stance;

pub use body::{
    Alert, Align, Body, CiteItem, HeadingStart, ImageStart, Item, LinkStart, MarkNo, Node,
    SpanStart, Tag, Width,
};
pub use date::{DateFault, PartialDate, Point};
pub use elsewhere::{Elsewhere, EntryKind};
pub use entities::{
    Actor, ActorKind, Appearance, Briefing, Citation, Claim, Correction, Country, Event, Extra,
    Mark, MarkRole, Naming, PersonStatus, Position, Relation, Source, Tlp, Value,
};
pub use id::{Arena, Id};
pub use site::{
    Astray, Chapter, Dialect, Doc, Entity, Heading, Listed, Prose, Site, SiteParts, Target,
};
pub use stance::{Basis, Confidence, Grade, Likelihood, Mode, Side, Stance};

#[cfg(test)]
mod tests;
