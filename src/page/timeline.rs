//! The timeline: dated events and positions, with the gaps between them stated.

use serde::Serialize;

use super::components::{ActorLink, PageHead, SiteHead, TimelineEntry};
use super::context::PageContext;
use super::shared::Shared;
use crate::derive::{Entry, Happening};
use crate::model::{Actor, Id, PartialDate};
use crate::text::slug;

/// The view of `timeline.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TimelineView {
    pub page: PageHead,
    pub site: SiteHead,
    /// The parties with the most entries, for the filter.
    pub parties: Vec<TimelineParty>,
    /// All other parties, by name; each has a timeline on its own page.
    pub others: Vec<TimelineParty>,
    pub years: Vec<YearView>,
    pub count: usize,
}

/// An actor with its own timeline.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TimelineParty {
    /// Its number in the filter, from 1; 0 if it is not in the filter.
    pub number: usize,
    pub actor: Shared<ActorLink>,
    /// Its own timeline, on its page.
    pub href: String,
    pub count: usize,
}

/// One year of the timeline.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct YearView {
    pub year: String,
    pub entries: Vec<TimelineEntry>,
}

pub fn view(at: &PageContext<'_>) -> TimelineView {
    let count = at.facts.timeline.len();
    let mut entries = entries(at, at.part.slice(&at.facts.timeline));
    let (parties, others) = parties(at, &mut entries);
    let mut years: Vec<YearView> = Vec::new();
    for entry in entries {
        let year = entry.date.iso.get(..4).unwrap_or("").to_string();
        match years.last_mut() {
            Some(last) if last.year == year => last.entries.push(entry),
            _ => years.push(YearView {
                year,
                entries: vec![entry],
            }),
        }
    }
    TimelineView {
        page: at.head(
            "Timeline",
            "Every dated event and position, in order, with who and on what source.",
        ),
        site: at.site_head(),
        parties,
        others,
        years,
        count,
    }
}

/// The number of parties in the filter. A style sheet cannot contain unknown ids, so there are
/// fixed classes `p1` to `p12`.
const FILTERED: usize = 12;

/// Returns the parties of the filter, and all others; stores in each entry which parties of the
/// filter it concerns.
fn parties(
    at: &PageContext<'_>,
    entries: &mut [TimelineEntry],
) -> (Vec<TimelineParty>, Vec<TimelineParty>) {
    let on = |id: Id<Actor>| &at.facts.actor(id).timeline;
    let ids = &at.facts.orders.parties;
    let (ids, others) = ids.split_at(ids.len().min(FILTERED));
    let from = at.part.from();
    for (index, id) in ids.iter().enumerate() {
        let places = on(*id);
        let here = &places[places.partition_point(|place| *place < from)..];
        for place in here.iter().map(|place| place - from) {
            let Some(entry) = entries.get_mut(place) else {
                break;
            };
            entry.parties.push(index + 1);
        }
    }
    let party = |number: usize, id: Id<Actor>| {
        let actor = at.actor(id);
        TimelineParty {
            number,
            href: format!("{}#ws-timeline", actor.href),
            actor,
            count: on(id).len(),
        }
    };
    let named = |mut parties: Vec<TimelineParty>| {
        parties.sort_by_cached_key(|party| slug(&party.actor.name));
        parties
    };
    let filtered = ids.iter().enumerate();
    (
        named(filtered.map(|(index, id)| party(index + 1, *id)).collect()),
        if at.part.is_first() {
            named(others.iter().map(|id| party(0, *id)).collect())
        } else {
            Vec::new()
        },
    )
}

/// Returns entries for templates, each with the gap before it.
pub fn entries<'e>(
    at: &PageContext<'_>,
    entries: impl IntoIterator<Item = &'e Entry>,
) -> Vec<TimelineEntry> {
    let mut before: Option<PartialDate> = None;
    entries
        .into_iter()
        .map(|entry| {
            let gap = before.as_ref().and_then(|before| gap(before, &entry.on));
            before = Some(entry.on);
            TimelineEntry {
                gap,
                ..one(at, entry)
            }
        })
        .collect()
}

fn one(at: &PageContext<'_>, entry: &Entry) -> TimelineEntry {
    match entry.what {
        Happening::Event(id) => at.event(id),
        Happening::Position { claim, position } | Happening::Report { claim, position } => {
            let view = at.position(claim, position);
            let is_report = matches!(entry.what, Happening::Report { .. });
            let record = &at.site.claims()[claim];
            TimelineEntry {
                tlp: at.part_label(at.levels().claim(record)),
                date: at.day(&entry.on),
                kind: if is_report { "report" } else { "position" },
                text: view.quote.clone(),
                href: view.href.clone(),
                who: vec![view.by.clone()],
                sources: view.sources.clone(),
                claim: Some(at.claim(claim)),
                position: Some(view),
                parties: Vec::new(),
                gap: None,
            }
        }
    }
}

/// Returns the time between two entries, if it is two months or more.
fn gap(before: &PartialDate, after: &PartialDate) -> Option<String> {
    let (from, to) = (before.last_day(), after.first_day());
    let days = from.until(to).ok()?.get_days();
    let words = match days {
        ..60 => return None,
        60..730 => format!(
            "{} months pass",
            number((days as f64 / 30.44).round() as u32)
        ),
        _ => format!(
            "{} years pass",
            number((days as f64 / 365.25).round() as u32)
        ),
    };
    let mut chars = words.chars();
    let first = chars.next()?.to_uppercase();
    Some(first.chain(chars).collect())
}

fn number(number: u32) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(number as usize)
        .map_or_else(|| number.to_string(), |word| word.to_string())
}
