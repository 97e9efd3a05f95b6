//! The data types, and the typed ids that connect them.
//!
//! Glossary:
//! - **Actor**: an entity that can speak or be spoken about.
//! - **Claim**: a proposition that a party states; it has an owner, never a verdict.
//! - **Position**: the stance of one party on a claim, with a date and sources.
//! - **Stance**: what a position does: claims, denies, acknowledges …
//! - **Source**: a cited document. A file on disk is a *file*.
//! - **Mention**: a place in a text that names an actor, claim, source or briefing.
//! - **Mark**: the words in a text that have positions (or an event).
//! - **Briefing**: a page of text. **Prose** is any body with its marks and headings.
//!
//! Everything here is plain data, built once by `link` and then only read.

mod body;
mod date;
mod elsewhere;
mod entities;
mod id;
mod site;
mod stance;
mod status;
mod terms;
mod wording;

pub use body::{
    Alert, Align, Body, CiteItem, HeadingStart, ImageStart, Item, LinkStart, MarkNo, Node,
    SpanStart, Tag, Width,
};
pub use date::{DateFault, PartialDate, Point, Time};
pub use elsewhere::{Elsewhere, EntryKind};
pub use entities::{
    Actor, ActorKind, Appearance, Briefing, Citation, Claim, Correction, Country, Event, Extra,
    LegalStatus, Mark, MarkRole, Naming, Position, Relation, Source, Tlp, Value,
};
pub use id::{Arena, Id};
pub use site::{
    Astray, Chapter, Dialect, Doc, Entity, Heading, Listed, Prose, Site, SiteParts, Target,
};
pub use stance::{Basis, Grade, Mode, Side, Stance};
pub use status::{Contest, PositionState, Reply, Status, Support};
pub use terms::{Confidence, Likelihood, LikelihoodFault, Range, Yardstick};
pub use wording::Wording;

#[cfg(test)]
mod tests;
