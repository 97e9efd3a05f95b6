//! The feeds of a site: their addresses and entries.
//!
//! An entry needs a date and a URL. So a book without an absolute `site-url` has no feeds, and
//! objects without a date are in none.

use std::cmp::Reverse;

use super::Book;
use super::components::Alternate;
use super::context::PageContext;
use crate::derive::Happening;
use crate::index::profile::Subject;
use crate::index::routes;
use crate::model::{Actor, Briefing, Dialect, Id, PartialDate};
use crate::text::{SitePath, isolated};

/// The maximum number of entries of a feed, the newest first.
const MOST: usize = 50;

/// The subject of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feed {
    /// New and updated briefings.
    Site,
    /// New positions of all parties, with the changes of status.
    Changes,
    /// What an actor says, what is said about it, and events.
    Actor(Id<Actor>),
    /// Briefings and claims with a tag, by its slug.
    Tag(String),
}

/// An entry of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// A briefing with this date.
    Briefing(Id<Briefing>, PartialDate),
    /// An entry of the timeline, by its index.
    Happening(usize),
}

/// Returns the feeds of a book with their entries; feeds without entries are left out.
pub fn feeds(book: &Book<'_>) -> Vec<(Feed, Vec<News>)> {
    if !has_feeds(book) {
        return Vec::new();
    }
    let actors = book.site.actors().ids().map(Feed::Actor);
    let tags = book.facts.tags.keys().cloned().map(Feed::Tag);
    let feeds = [Feed::Site, Feed::Changes].into_iter();
    let feeds = feeds.chain(actors).chain(tags);
    let with_news = feeds.map(|feed| {
        let news = news(book, &feed);
        (feed, news)
    });
    with_news.filter(|(_, news)| !news.is_empty()).collect()
}

fn has_feeds(book: &Book<'_>) -> bool {
    let config = book.config;
    config.feeds && config.whole_site_url().is_some() && book.site.dialect() == Dialect::Annotated
}

fn news(book: &Book<'_>, feed: &Feed) -> Vec<News> {
    let timeline = &book.facts.timeline;
    let mut news: Vec<News> = match feed {
        Feed::Site => briefings(book, book.site.briefings().ids()),
        Feed::Changes => {
            let newest = (0..timeline.len()).rev();
            let is_change = |place: &usize| match timeline[*place].what {
                Happening::Position { .. } => true,
                Happening::Event(_) | Happening::Report { .. } => false,
            };
            let changes = newest.filter(is_change).take(MOST);
            changes.map(News::Happening).collect()
        }
        Feed::Actor(id) => {
            let newest = book.facts.actor(*id).timeline.iter().rev().take(MOST);
            newest.map(|place| News::Happening(*place)).collect()
        }
        Feed::Tag(tag) => {
            let tagged = &book.facts.tags[tag];
            let stories = tagged.claims.iter();
            let stories = stories.flat_map(|claim| &book.facts.stories[claim.index()]);
            let mut places: Vec<usize> = stories.copied().collect();
            // Several claims can refer to one event.
            places.sort_unstable();
            places.dedup();
            let happenings = places.into_iter().map(News::Happening);
            let mut news = briefings(book, tagged.briefings.iter().copied());
            news.extend(happenings);
            news
        }
    };
    let day = |news: &News| match news {
        News::Briefing(_, on) => on.first_day(),
        News::Happening(place) => timeline[*place].on.first_day(),
    };
    let place = |news: &News| match news {
        News::Briefing(id, _) => id.index(),
        News::Happening(place) => *place,
    };
    news.sort_by_key(|one| Reverse((day(one), place(one))));
    news.truncate(MOST);
    news
}

/// Returns the briefings with a date, without drafts, because a feed entry cannot be withdrawn.
fn briefings(book: &Book<'_>, ids: impl Iterator<Item = Id<Briefing>>) -> Vec<News> {
    let dated = ids.filter_map(|id| {
        let briefing = &book.site.briefings()[id];
        let date = briefing.updated.or(briefing.date);
        let date = date.filter(|_| !briefing.is_draft)?;
        Some(News::Briefing(id, date))
    });
    dated.collect()
}

impl Feed {
    /// Returns the page with the same content as the feed.
    pub fn page(&self, book: &Book<'_>) -> SitePath {
        match self {
            Feed::Site => routes::path("index.html"),
            Feed::Changes => routes::path("timeline.html"),
            Feed::Actor(id) => routes::actor_address(&book.site.actors()[*id].id),
            Feed::Tag(tag) => routes::path(&format!("tags/{tag}.html")),
        }
    }

    /// Returns the address of the feed: that of its page, with the `extension` of the format.
    pub fn address(&self, book: &Book<'_>, extension: &str) -> SitePath {
        match self {
            Feed::Site => routes::path(&format!("feed.{extension}")),
            Feed::Changes => routes::path(&format!("changes.{extension}")),
            Feed::Actor(_) | Feed::Tag(_) => self.page(book).with_extension(extension),
        }
    }

    pub fn title(&self, book: &Book<'_>, site: &str) -> String {
        match self {
            Feed::Site => site.to_owned(),
            Feed::Changes => format!("{}: changed positions", isolated(site)),
            Feed::Actor(id) => {
                let name = &book.site.actors()[*id].name;
                format!("{}: {}", isolated(site), isolated(name))
            }
            Feed::Tag(tag) => {
                let tag = &book.facts.tags[tag].tag;
                format!("{}: {}", isolated(site), isolated(tag))
            }
        }
    }
}

impl PageContext<'_> {
    /// Returns the feeds that this page links to: those of the site, and its own.
    pub fn alternates(&self) -> Vec<Alternate> {
        if !has_feeds(self.book) {
            return Vec::new();
        }
        let own = match self.route.profile().own_subject() {
            Some(Subject::Actor(id)) => Some(Feed::Actor(id)),
            Some(Subject::Tag(tag)) => Some(Feed::Tag(tag.to_owned())),
            Some(Subject::Briefing(_) | Subject::Claim(_) | Subject::Source(_)) | None => None,
        };
        let feeds = [Feed::Site, Feed::Changes].into_iter().chain(own);
        let feeds = feeds.filter(|feed| has_news(self.book, feed));
        let site = self.site_title();
        let alternates = feeds.flat_map(|feed| {
            let title = feed.title(self.book, &site);
            let formats = [
                ("xml", "application/atom+xml"),
                ("json", "application/feed+json"),
            ];
            formats.map(|(extension, kind)| Alternate {
                kind,
                title: title.clone(),
                href: self.to(&feed.address(self.book, extension)),
            })
        });
        alternates.collect()
    }
}

/// True if a feed has an entry; does not create all entries.
fn has_news(book: &Book<'_>, feed: &Feed) -> bool {
    match feed {
        Feed::Site => {
            let mut briefings = book.site.briefings().iter();
            briefings.any(|(_, it)| !it.is_draft && it.updated.or(it.date).is_some())
        }
        Feed::Changes => {
            let mut entries = book.facts.timeline.iter();
            entries.any(|entry| matches!(entry.what, Happening::Position { .. }))
        }
        Feed::Actor(id) => !book.facts.actor(*id).timeline.is_empty(),
        Feed::Tag(_) => !news(book, feed).is_empty(),
    }
}
