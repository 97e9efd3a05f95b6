//! The Traffic Light Protocol level of each portion of a book: of the text about a claim, a
//! position, an event and so on, in pages, cards, feeds and data files.
//!
//! A portion without a level has that of its document, or else that of the book. A text about
//! several portions has their highest level: the status of a claim depends on every position.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::config::Config;
use crate::model::{Actor, Briefing, Claim, Doc, Event, MarkNo, Position, Site, Source, Tlp};

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
        self.mark(event.doc, event.mark)
    }

    /// Returns the highest level of a mark and its document.
    pub fn mark(self, doc: Doc, mark: MarkNo) -> Option<Tlp> {
        let own = self.site.mark(doc, mark).tlp;
        self.part(doc, own)
    }

    /// Returns the level of a part of a document: its own if that is higher.
    pub fn part(self, doc: Doc, own: Option<Tlp>) -> Option<Tlp> {
        own.max(self.document(doc)).or(self.book)
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

/// The levels of one page. A part shows a label if its level differs from that of the page's own
/// subject; the page shows the highest level of all its parts.
#[derive(Debug, Default)]
pub struct PageLevels {
    /// The level of the parts without a label.
    pub base: Option<Tlp>,
    /// One more than the number of the highest level so far. Atomic, because many threads create
    /// the print page.
    highest: AtomicU8,
}

impl PageLevels {
    pub fn new(base: Option<Tlp>) -> PageLevels {
        PageLevels {
            base,
            highest: AtomicU8::new(number(base)),
        }
    }

    /// Returns the label of a part of the page: none if it has the level of the page's subject.
    pub fn label(&self, part: Option<Tlp>) -> Option<String> {
        self.highest.fetch_max(number(part), Ordering::Relaxed);
        let part = part.filter(|part| Some(*part) != self.base)?;
        Some(part.label().to_owned())
    }

    /// Returns the level of the page. A page whose subject has no level has none.
    pub fn page(&self) -> Option<Tlp> {
        let highest = self.highest.load(Ordering::Relaxed);
        let mut levels = LEVELS.into_iter();
        self.base?;
        levels.find(|level| number(Some(*level)) == highest)
    }
}

const LEVELS: [Tlp; 5] = [
    Tlp::Clear,
    Tlp::Green,
    Tlp::Amber,
    Tlp::AmberStrict,
    Tlp::Red,
];

fn number(level: Option<Tlp>) -> u8 {
    level.map_or(0, |level| level as u8 + 1)
}
