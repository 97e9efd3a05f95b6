//! The timeline: dated events and positions, with the gaps between them named.

use serde::Serialize;

use super::at::At;
use super::parts::*;
use crate::derive::{Entry, Happening};
use crate::model::PartialDate;

/// What `timeline.html` shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimelineView {
    pub page: PageHead,
    pub site: SiteHead,
    pub years: Vec<YearView>,
    pub count: usize,
}

/// One year of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct YearView {
    pub year: String,
    pub entries: Vec<TimelineEntry>,
}

pub fn view(at: &At<'_>) -> TimelineView {
    let entries = entries(at, &at.facts.timeline);
    let count = entries.len();
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
        years,
        count,
    }
}

/// Entries as a template shows them, each with the gap before it.
pub fn entries<'e>(
    at: &At<'_>,
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

fn one(at: &At<'_>, entry: &Entry) -> TimelineEntry {
    match entry.what {
        Happening::Event(id) => at.event(id),
        Happening::Position { claim, position } | Happening::Report { claim, position } => {
            let view = at.position(claim, position);
            let is_report = matches!(entry.what, Happening::Report { .. });
            TimelineEntry {
                date: at.day(&entry.on),
                kind: if is_report { "report" } else { "position" },
                text: view.quote.clone(),
                href: view.href.clone(),
                who: vec![view.by.clone()],
                sources: view.sources.clone(),
                claim: Some(at.claim(claim)),
                position: Some(view),
                gap: None,
            }
        }
    }
}

/// What passes between two entries, when it is two months or more.
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
