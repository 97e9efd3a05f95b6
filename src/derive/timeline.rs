//! The timeline: events and positions, ordered by date.

use jiff::civil::Date;

use crate::model::{Claim, Doc, Event, Id, MarkNo, PartialDate, Site, Stance};

/// A dated entry of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub on: PartialDate,
    pub what: Happening,
}

/// The content of a timeline entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    Event(Id<Event>),
    /// A position: the claim, and the index in its positions.
    Position {
        claim: Id<Claim>,
        position: usize,
    },
    /// A report of another party's statement.
    Report {
        claim: Id<Claim>,
        position: usize,
    },
}

/// Returns all dated events and positions, ordered by first day, then in page order.
pub fn timeline(site: &Site) -> Vec<Entry> {
    let mut entries: Vec<((Date, i16), Doc, MarkNo, Entry)> = Vec::new();
    for (id, event) in site.events().iter() {
        if let Some(on) = event.on {
            let what = Happening::Event(id);
            entries.push((on.order(), event.doc, event.mark, Entry { on, what }));
        }
    }
    for (claim, of) in site.claims().iter() {
        for (at, position) in of.positions.iter().enumerate() {
            let Some(on) = position.on else { continue };
            let what = if position.stance == Stance::Reports {
                Happening::Report {
                    claim,
                    position: at,
                }
            } else {
                Happening::Position {
                    claim,
                    position: at,
                }
            };
            entries.push((on.order(), position.doc, position.mark, Entry { on, what }));
        }
    }
    // A stable sort keeps the positions of one mark in the order of the claims.
    entries.sort_by_key(|(day, doc, mark, _)| (*day, *doc, *mark));
    entries.into_iter().map(|(_, _, _, entry)| entry).collect()
}
