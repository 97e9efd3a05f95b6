//! Exports the timeline as iCalendar (RFC 5545): a day, month or year for each dated event and
//! position, by the precision of its date.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::record::{Claim, Position, Record, When};
use crate::config::Export;
use crate::model::PositionState;
use crate::page::tlp_label;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let mut calendar = Calendar(String::new());
    calendar.line("BEGIN:VCALENDAR");
    calendar.line("VERSION:2.0");
    calendar.line("PRODID:-//whosaid//record//EN");
    calendar.text("X-WR-CALNAME", record.site.title);
    let stamp = format!("{}T000000Z", compact(record.last_day));
    for event in &record.events {
        calendar.entry(&stamp, event.on, &event.uuid, |calendar| {
            calendar.text("SUMMARY", event.text);
            let who: Vec<&str> = event.who.iter().map(|id| record.actor(id).name).collect();
            if !who.is_empty() {
                calendar.text("DESCRIPTION", &format!("Who: {}", who.join(", ")));
            }
            calendar.address(&event.page);
            calendar.level("event", event.tlp);
        });
    }
    for claim in &record.claims {
        for position in &claim.positions {
            calendar.entry(&stamp, position.on, &position.uuid, |calendar| {
                said(calendar, record, claim, position);
            });
        }
    }
    calendar.line("END:VCALENDAR");
    vec![(Export::Ical.main_file().into(), calendar.0.into_bytes())]
}

fn said(calendar: &mut Calendar, record: &Record<'_>, claim: &Claim<'_>, position: &Position<'_>) {
    let told = position.in_words(record);
    calendar.text("SUMMARY", &format!("{told}: {}", claim.text));
    let mut description = claim.in_words();
    if !position.words.is_empty() {
        description = format!("{}\n\n{description}", position.shown);
    }
    if let Some(voice) = position.voice {
        description.push_str(&format!("\n\nSpoken by {}", record.actor(voice).name));
    }
    for cited in &position.sources {
        let source = record.source(cited.source);
        description.push_str(&format!("\n\nSource: {}", source.title));
        if let Some(url) = source.url {
            description.push_str(&format!(", {url}"));
        }
    }
    calendar.text("DESCRIPTION", &description);
    calendar.address(&position.page);
    // Calendars strike out or hide canceled entries: withdrawn statements. A replaced statement was
    // made on its day and stays.
    let status = match position.state {
        PositionState::Withdrawn => "CANCELLED",
        PositionState::Current
        | PositionState::Remark
        | PositionState::Replaced
        | PositionState::Report => "CONFIRMED",
    };
    calendar.line(&format!("STATUS:{status}"));
    let state = position.state.word();
    let categories = format!("position,{},{state}", position.stance);
    // The entry also has the status of the claim.
    calendar.level(&categories, claim.tlp);
}

struct Calendar(String);

impl Calendar {
    /// Returns an entry for `on`; nothing if there is no date.
    fn entry(
        &mut self,
        stamp: &str,
        on: Option<When>,
        uuid: &str,
        rest: impl FnOnce(&mut Calendar),
    ) {
        let Some(on) = on else {
            return;
        };
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:urn:uuid:{uuid}"));
        self.line(&format!("DTSTAMP:{stamp}"));
        self.line(&format!("DTSTART;VALUE=DATE:{}", compact(on.first())));
        // The end is exclusive: the day after the last one.
        let end = on.last().and_then(|day| day.checked_add(1.day()).ok());
        if let Some(end) = end.filter(|end| end.year() < 10_000) {
            self.line(&format!("DTEND;VALUE=DATE:{}", compact(end)));
        }
        self.line("TRANSP:TRANSPARENT");
        rest(self);
        self.line("END:VEVENT");
    }

    fn text(&mut self, name: &str, text: &str) {
        let mut line = format!("{name}:");
        for c in text.chars() {
            match c {
                '\\' | ';' | ',' => {
                    line.push('\\');
                    line.push(c);
                }
                '\n' => line.push_str("\\n"),
                c if c.is_control() => line.push(' '),
                c => line.push(c),
            }
        }
        self.line(&line);
    }

    /// Writes the categories of an entry, with its level of the Traffic Light Protocol, and its
    /// class: calendars show other people only public entries.
    fn level(&mut self, categories: &str, tlp: Option<&str>) {
        let Some(level) = tlp else {
            self.line(&format!("CATEGORIES:{categories}"));
            return;
        };
        let class = match level {
            "clear" => "PUBLIC",
            _ => "CONFIDENTIAL",
        };
        self.line(&format!("CLASS:{class}"));
        self.line(&format!("CATEGORIES:{categories},{}", tlp_label(level)));
    }

    /// A relative URL would not work in a calendar.
    fn address(&mut self, page: &str) {
        if page.contains("://") {
            self.line(&format!("URL:{page}"));
        }
    }

    /// Writes a line, folded to at most 75 bytes; continuation lines begin with a space.
    fn line(&mut self, line: &str) {
        let mut rest = line;
        let mut most = 75;
        while rest.len() > most {
            let (head, tail) = rest.split_at(rest.floor_char_boundary(most));
            self.0.push_str(head);
            self.0.push_str("\r\n ");
            rest = tail;
            most = 74;
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }
}

fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}
