//! The Traffic Light Protocol level of each portion of a book: of the text about a claim, a
//! position, an event and so on, in pages, cards, feeds and data files.
//!
//! A portion without a level has that of its document, or else that of the book. A text about
//! several portions has their highest level: the status of a claim depends on every position.

use crate::config::Config;
use crate::model::{Actor, Briefing, Claim, Doc, Event, Position, Site, Source, Tlp};

/// The levels of one book.
#[derive(Clone, Copy)]
pub struct Levels<'a> {
    site: &'a Site,
    book: Option<Tlp>,
}

impl<'a> Levels<'a> {
    pub fn new(site: &'a Site, config: &Config) -> Levels<'a> {
        Levels {
            site,
            book: config.tlp,
        }
    }

    /// The level of the book itself.
    pub fn book(self) -> Option<Tlp> {
        self.book
    }

    pub fn actor(self, actor: &Actor) -> Option<Tlp> {
        actor.tlp.or(self.book)
    }

    pub fn source(self, source: &Source) -> Option<Tlp> {
        source.tlp.or(self.book)
    }

    pub fn briefing(self, briefing: &Briefing) -> Option<Tlp> {
        briefing.tlp.or(self.book)
    }

    pub fn event(self, event: &Event) -> Option<Tlp> {
        self.document(event.doc).or(self.book)
    }

    /// Returns the highest level of the mark, its document and its claim.
    pub fn position(self, claim: &Claim, position: &Position) -> Option<Tlp> {
        let own = position.tlp.max(self.document(position.doc));
        own.or(self.book).max(claim.tlp)
    }

    /// Returns the highest level of the claim and its positions, because its status is derived from
    /// all of them.
    pub fn claim(self, claim: &Claim) -> Option<Tlp> {
        let positions = claim.positions.iter();
        let highest = positions.map(|it| self.position(claim, it)).max().flatten();
        highest.max(claim.tlp).or(self.book)
    }

    fn document(self, doc: Doc) -> Option<Tlp> {
        match doc {
            Doc::Briefing(id) => self.site.briefings()[id].tlp,
            Doc::Actor(id) => self.site.actors()[id].tlp,
            Doc::Claim(id) => self.site.claims()[id].tlp,
        }
    }
}

/// Returns the printed form of a level: `TLP:AMBER`.
pub fn tlp_label(word: &str) -> String {
    format!("TLP:{}", word.to_uppercase())
}
