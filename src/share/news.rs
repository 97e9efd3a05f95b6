//! The content of feed entries, independent of the format.

use std::borrow::Cow;

use jiff::civil::Date;

use super::whole;
use crate::derive::{self, Happening, Standing, Ties};
use crate::index::routes;
use crate::model::{Briefing, Claim, Event, Id, PartialDate, Reply, Stance, Tlp};
use crate::page::{self, Book, Feed, Levels, News};
use crate::text::isolated;

/// A feed, independent of the format. Addresses are absolute.
pub struct Channel {
    pub title: String,
    pub language: String,
    /// The authors.
    pub authors: Vec<String>,
    /// Its page.
    pub page: String,
    /// The newest first; at least one.
    pub items: Vec<Item>,
}

/// An entry of a feed.
pub struct Item {
    /// Its URL, which is also its id.
    pub address: String,
    pub title: String,
    pub text: String,
    pub published: Option<String>,
    /// In RFC 3339. The record has days, but no times.
    pub updated: String,
    pub tags: Vec<String>,
    /// The printed form of the Traffic Light Protocol level: `TLP:AMBER`.
    pub tlp: Option<String>,
}

/// Writes the entries of a book's feeds.
pub struct Teller<'a> {
    book: &'a Book<'a>,
    home: &'a str,
    ties: Ties,
}

impl<'a> Teller<'a> {
    pub fn new(book: &'a Book<'a>, home: &'a str) -> Teller<'a> {
        Teller {
            book,
            home,
            ties: Ties::new(book.site),
        }
    }

    pub fn channel(&self, feed: &Feed, news: &[News]) -> Channel {
        let config = self.book.config;
        let site = page::site_title(self.book);
        let items = news.iter().map(|one| match *one {
            News::Briefing(id, on) => self.briefing(id, on),
            News::Happening(place) => {
                let entry = &self.book.facts.timeline[place];
                match entry.what {
                    Happening::Event(id) => self.event(id, entry.on),
                    Happening::Position { claim, position }
                    | Happening::Report { claim, position } => {
                        self.position(claim, position, entry.on)
                    }
                }
            }
        });
        Channel {
            items: items.collect(),
            title: feed.title(self.book, &site),
            language: config.language.clone(),
            authors: if config.authors.is_empty() {
                vec![site]
            } else {
                config.authors.clone()
            },
            page: format!("{}{}", self.home, routes::shown_as(&feed.page(self.book))),
        }
    }

    fn briefing(&self, id: Id<Briefing>, on: PartialDate) -> Item {
        let briefing = &self.book.site.briefings()[id];
        let summary = briefing.summary.as_ref().or(briefing.subtitle.as_ref());
        Item {
            address: whole(self.home, &briefing.address),
            title: briefing.title.clone(),
            text: summary.unwrap_or(&briefing.title).clone(),
            published: briefing.date.as_ref().map(moment),
            updated: moment(&on),
            tags: briefing.tags.clone(),
            tlp: label(self.levels().briefing(briefing)),
        }
    }

    fn event(&self, id: Id<Event>, on: PartialDate) -> Item {
        let event = &self.book.site.events()[id];
        let who = event.who.iter().map(|id| self.name(*id));
        let who: Vec<_> = who.collect();
        let mut text = format!("{}, {}.", isolated(&event.text), on.in_words());
        for sentence in derive::legal_sentences(self.book.site, event.who.iter().copied()) {
            text.push_str(&format!(" {sentence}."));
        }
        Item {
            address: page::mark_address(self.book, self.home, event.doc, event.mark),
            title: event.text.clone(),
            text: if who.is_empty() {
                text
            } else {
                format!("{}: {text}", who.join(", "))
            },
            published: None,
            updated: moment(&on),
            tags: Vec::new(),
            tlp: label(self.levels().event(event)),
        }
    }

    /// Returns the entry of a position: who took it and in which words, how it changed the status
    /// of the claim on its day, and the present status.
    fn position(&self, id: Id<Claim>, place: usize, on: PartialDate) -> Item {
        let site = self.book.site;
        let claim = &site.claims()[id];
        let position = &claim.positions[place];
        let standing = &self.book.facts.standings[id];
        let by = self.name(position.by);
        let does = position.stance.in_words();
        let mut text = format!("{by} {does}, {}", on.in_words());
        text.push_str(&derive::request_words(position));
        if position.stance != Stance::NoResponse && !position.words.is_empty() {
            let shown = position.shown();
            text.push_str(": ");
            match shown.strip_suffix(".”") {
                Some(words) => text.extend([words, "”"]),
                None => text.push_str(shown.trim_end_matches('.')),
            }
        }
        let owner = derive::owner(site, claim, standing);
        text.push_str(&format!(
            ". The claim, by {owner}: {}",
            ended(&isolated(&claim.text))
        ));
        let day = on.first_day();
        let status_on = |day: Date| derive::standing_by(site, &self.ties, id, Some(day));
        if let Some(before) = day.yesterday().ok().map(status_on)
            && !before.parties.is_empty()
        {
            let [was, became] = [before.status, status_on(day).status];
            if was != became {
                let [was, became] = [was, became].map(|it| it.label().to_lowercase());
                let on = on.in_words();
                text.push_str(&format!(
                    " On {on} its status changed from {was} to {became}."
                ));
            }
        }
        text.push(' ');
        text.push_str(&self.status(standing));
        for sentence in derive::legal_sentences_of(site, claim) {
            text.push_str(&format!(" {sentence}."));
        }
        Item {
            address: page::position_address(self.book, self.home, id, place),
            title: format!("{by} {does}. {}", derive::with_owner(site, claim, standing)),
            text,
            published: None,
            updated: moment(&on),
            tags: claim.tags.clone(),
            // The entry also has the status of the claim.
            tlp: label(self.levels().claim(claim)),
        }
    }

    /// Returns the status of a claim in words, with the reply of each accused actor.
    fn status(&self, standing: &Standing) -> String {
        let mut text = format!(
            "{}: {}; {}.",
            standing.status.label(),
            derive::status_words(self.book.site, standing),
            page::signature_words(standing),
        );
        for reply in &standing.replies {
            let accused = self.name(reply.accused);
            let by = match reply.reply {
                Reply::ByRepresentative(by) => format!(", {}", self.name(by)),
                Reply::Replied | Reply::Declined | Reply::NoResponse | Reply::Unanswered => {
                    String::new()
                }
            };
            text.push_str(&format!(" {accused} {}{by}.", reply.in_words()));
        }
        text
    }

    fn levels(&self) -> Levels<'_> {
        Levels::new(self.book.site, self.book.config)
    }

    /// Returns the name of an actor for a sentence.
    fn name(&self, id: Id<crate::model::Actor>) -> Cow<'_, str> {
        isolated(&self.book.site.actors()[id].name)
    }
}

fn label(tlp: Option<Tlp>) -> Option<String> {
    tlp.map(|tlp| page::tlp_label(tlp.word()))
}

/// Returns the first moment of a date, which a feed requires.
fn moment(date: &PartialDate) -> String {
    format!("{}T00:00:00Z", date.first_day())
}

fn ended(sentence: &str) -> String {
    let words = sentence.trim_end_matches('\u{2069}');
    if words.ends_with(['.', '!', '?', '。']) {
        sentence.to_owned()
    } else {
        format!("{sentence}.")
    }
}
