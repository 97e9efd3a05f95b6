//! What the entries of a feed say, whatever its format.

use jiff::civil::Date;

use super::whole;
use crate::derive::{self, Happening, Standing, Ties};
use crate::model::{Briefing, Claim, Event, Id, PartialDate, Stance};
use crate::page::{self, Book, Feed, News};

/// A feed as any format tells it. Addresses are whole.
pub struct Channel {
    pub title: String,
    pub language: String,
    /// Who keeps it.
    pub authors: Vec<String>,
    /// The page that it goes with.
    pub page: String,
    /// The newest first; there is one at least.
    pub items: Vec<Item>,
}

/// An entry of a feed.
pub struct Item {
    /// Its address, which is its name too.
    pub address: String,
    pub title: String,
    pub text: String,
    pub published: Option<String>,
    /// As RFC 3339 has it. A record knows days and no hours.
    pub updated: String,
    pub tags: Vec<String>,
}

/// Whoever tells the news of a book.
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
            authors: match config.authors.is_empty() {
                true => vec![site],
                false => config.authors.clone(),
            },
            page: format!("{}{}", self.home, page::shown_as(&feed.page(self.book))),
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
        }
    }

    fn event(&self, id: Id<Event>, on: PartialDate) -> Item {
        let event = &self.book.site.events()[id];
        let who = event.who.iter().map(|id| self.name(*id));
        let who: Vec<&str> = who.collect();
        let text = format!("{}, {}.", event.text, on.in_words());
        Item {
            address: page::mark_address(self.book, self.home, event.doc, event.mark),
            title: event.text.clone(),
            text: match who.is_empty() {
                true => text,
                false => format!("{}: {text}", who.join(", ")),
            },
            published: None,
            updated: moment(&on),
            tags: Vec::new(),
        }
    }

    /// A position: who took it, in which words, and what became of the claim by it.
    fn position(&self, id: Id<Claim>, place: usize, on: PartialDate) -> Item {
        let site = self.book.site;
        let claim = &site.claims()[id];
        let position = &claim.positions[place];
        let day = on.first_day();
        let stood = |day: Date| derive::standing_by(site, &self.ties, id, Some(day));
        let since = stood(day);
        let before = day.yesterday().ok().map(stood);
        let by = self.name(position.by);
        let does = position.stance.in_words();
        let headline = page::headline(since.headline);
        let mut text = format!("{by} {does}, {}", on.in_words());
        if position.stance != Stance::NoResponse && !position.words.is_empty() {
            let words = position.said().trim_end_matches('.');
            text.push_str(&match position.quote {
                true => format!(": “{words}”"),
                false => format!(": {words}"),
            });
        }
        text.push_str(&format!(". The claim: {}", ended(&claim.text)));
        let was = before.filter(|it| !it.parties.is_empty());
        match was {
            Some(was) if was.headline != since.headline => {
                let was = page::headline(was.headline).to_lowercase();
                text.push_str(&format!(" It was {was} before."));
            }
            Some(_) | None => {}
        }
        text.push(' ');
        text.push_str(&self.stands(&headline, &since));
        Item {
            address: page::position_address(self.book, self.home, id, place),
            title: format!(
                "{headline}: {} ({by} {does})",
                claim.text.trim_end_matches('.')
            ),
            text,
            published: None,
            updated: moment(&on),
            tags: claim.tags.clone(),
        }
    }

    /// How a claim stands, and what each accused answered.
    fn stands(&self, headline: &str, standing: &Standing) -> String {
        let mut text = format!(
            "{headline}: {}; {}.",
            standing.headline.in_words(),
            page::signature_words(standing),
        );
        for reply in &standing.replies {
            let accused = self.name(reply.accused);
            let by = match reply.reply {
                derive::Reply::ByRepresentative(by) => format!(", {}", self.name(by)),
                derive::Reply::Replied
                | derive::Reply::Declined
                | derive::Reply::NoResponse
                | derive::Reply::Unanswered => String::new(),
            };
            text.push_str(&format!(" {accused} {}{by}.", reply.reply.in_words()));
        }
        text
    }

    fn name(&self, id: Id<crate::model::Actor>) -> &str {
        &self.book.site.actors()[id].name
    }
}

/// The first moment of a date: a feed has to name one.
fn moment(date: &PartialDate) -> String {
    format!("{}T00:00:00Z", date.first_day())
}

fn ended(sentence: &str) -> String {
    match sentence.ends_with(['.', '!', '?', '。']) {
        true => sentence.to_owned(),
        false => format!("{sentence}."),
    }
}
