//! What happened and what was said, in order of date.

use jiff::civil::Date;

use super::counts_by;
use crate::model::{Claim, Doc, Event, Id, MarkNo, PartialDate, Site, Stance};

/// A dated entry of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub on: PartialDate,
    pub what: Happening,
}

/// What an entry of the timeline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    Event(Id<Event>),
    /// A party took a position: the claim, and the place in its positions.
    Position {
        claim: Id<Claim>,
        position: usize,
    },
    /// Somebody passed on what another said.
    Report {
        claim: Id<Claim>,
        position: usize,
    },
}

/// All dated events and positions that began by `as_of`, by first day and then in page order.
pub fn timeline(site: &Site, as_of: Option<Date>) -> Vec<Entry> {
    let mut entries: Vec<(Date, Doc, MarkNo, Entry)> = Vec::new();
    for (id, event) in site.events().iter() {
        if let Some(on) = event.on {
            let what = Happening::Event(id);
            entries.push((on.first_day(), event.doc, event.mark, Entry { on, what }));
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
            entries.push((
                on.first_day(),
                position.doc,
                position.mark,
                Entry { on, what },
            ));
        }
    }
    entries.retain(|(_, _, _, entry)| counts_by(Some(&entry.on), as_of));
    // A stable sort: what one mark says of several claims stays in the order of the claims.
    entries.sort_by_key(|(day, doc, mark, _)| (*day, *doc, *mark));
    entries.into_iter().map(|(_, _, _, entry)| entry).collect()
}
