//! The kinds of pages in one table: what each is about, and which outputs have it.

use super::routes::{self, Route};
use crate::model::{Actor, Briefing, Claim, Id, Site, Source};
use crate::text::SitePath;

/// The title of the page of the data files.
pub const EXPORTS_TITLE: &str = "The record as data";

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject<'r> {
    Briefing(Id<Briefing>),
    Actor(Id<Actor>),
    Claim(Id<Claim>),
    Source(Id<Source>),
    /// By the slug of the tag.
    Tag(&'r str),
}

/// What the JSON-LD of a page describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structured {
    None,
    Site,
    Subject,
    Collection,
    SearchResults,
}

/// What outputs need to know of a kind of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile<'r> {
    /// The name of the kind in templates, styles and scripts.
    pub kind: &'static str,
    /// The page in a diagnostic: `the page of this actor`.
    pub described: &'static str,
    pub subject: Option<Subject<'r>>,
    /// True if it is the page of its subject; frames and redirects only lead there.
    pub is_own: bool,
    /// The title, if all pages of the kind have one.
    pub title: Option<&'static str>,
    /// The list that the page is one entry of: its title and its address.
    pub list: Option<(&'static str, &'static str)>,
    pub structured: Structured,
    pub is_in_sitemap: bool,
}

impl<'r> Profile<'r> {
    /// A page of the tool, which no output lists.
    const fn of(kind: &'static str) -> Profile<'r> {
        Profile {
            kind,
            described: "a page that whosaid generates",
            subject: None,
            is_own: false,
            title: None,
            list: None,
            structured: Structured::None,
            is_in_sitemap: false,
        }
    }

    const fn described(mut self, described: &'static str) -> Self {
        self.described = described;
        self
    }

    const fn about(mut self, subject: Subject<'r>) -> Self {
        self.subject = Some(subject);
        self
    }

    /// The page of its subject.
    const fn page_of(mut self, subject: Subject<'r>) -> Self {
        self.is_own = true;
        self.about(subject)
    }

    const fn titled(mut self, title: &'static str) -> Self {
        self.title = Some(title);
        self
    }

    const fn in_list(mut self, title: &'static str, address: &'static str) -> Self {
        self.list = Some((title, address));
        self
    }

    const fn structured(mut self, structured: Structured) -> Self {
        self.structured = structured;
        self
    }

    const fn in_sitemap(mut self) -> Self {
        self.is_in_sitemap = true;
        self
    }

    /// A list, timeline or other overview: with JSON-LD, and in the sitemap.
    const fn overview(kind: &'static str, title: &'static str) -> Profile<'r> {
        Profile::of(kind)
            .titled(title)
            .structured(Structured::Collection)
            .in_sitemap()
    }

    /// The subject, if this is its page.
    pub fn own_subject(&self) -> Option<Subject<'r>> {
        self.subject.filter(|_| self.is_own)
    }
}

impl Route {
    /// Returns the file of the page's subject, if it has one.
    pub fn document<'a>(&self, site: &'a Site) -> Option<&'a SitePath> {
        match self.profile().own_subject() {
            Some(Subject::Briefing(id)) => Some(&site.briefings()[id].file),
            Some(Subject::Actor(id)) => Some(site.actors()[id].place.document()),
            Some(Subject::Claim(id)) => Some(site.claims()[id].place.document()),
            Some(Subject::Source(id)) => Some(site.sources()[id].place.document()),
            Some(Subject::Tag(_)) => None,
            None => {
                let home = routes::home(site).filter(|_| *self == Route::Home);
                home.map(|id| &site.briefings()[id].file)
            }
        }
    }

    /// The row of the table of pages. A new kind of page is a new row, and its template, view and
    /// addresses.
    pub fn profile(&self) -> Profile<'_> {
        use Structured::{Collection, SearchResults, Site, Subject as OfSubject};
        match self {
            Route::Home => Profile::of("home").structured(Site).in_sitemap(),
            Route::Briefing(id) => Profile::of("briefing")
                .described("this briefing")
                .page_of(Subject::Briefing(*id))
                .structured(OfSubject)
                .in_sitemap(),
            Route::Actor(id) => Profile::of("actor")
                .described("the page of this actor")
                .page_of(Subject::Actor(*id))
                .in_list("Actors", "actors/index.html")
                .structured(OfSubject)
                .in_sitemap(),
            Route::Actors => Profile::overview("actors", "Actors"),
            Route::Claim(id) => Profile::of("claim")
                .described("the page of this claim")
                .page_of(Subject::Claim(*id))
                .in_list("Claims", "claims/index.html")
                .structured(OfSubject)
                .in_sitemap(),
            Route::Claims => Profile::overview("claims", "Claims"),
            Route::Embed(id) => Profile::of("embed")
                .described("the embeddable page of this claim")
                .about(Subject::Claim(*id)),
            Route::Source(id) => Profile::of("source")
                .described("the page of this source")
                .page_of(Subject::Source(*id))
                .in_list("Sources", "sources/index.html")
                .structured(OfSubject)
                .in_sitemap(),
            Route::Sources => Profile::overview("sources", "Sources"),
            Route::Timeline => Profile::overview("timeline", "Timeline"),
            Route::Network => Profile::overview("network", "Network"),
            Route::Print => Profile::of("print")
                .titled("The whole book")
                .structured(Collection),
            Route::Tag(tag) => Profile::of("tag")
                .page_of(Subject::Tag(tag))
                .in_list("Tags", "tags/index.html")
                .structured(OfSubject)
                .in_sitemap(),
            Route::Tags => Profile::overview("tags", "Tags"),
            Route::Search => Profile::of("search")
                .titled("Search")
                .structured(SearchResults),
            Route::Exports => Profile::overview("data", EXPORTS_TITLE),
            Route::NotFound => Profile::of("not-found"),
            Route::Redirect(id) => Profile::of("redirect")
                .described("an old address of this briefing")
                .about(Subject::Briefing(*id)),
            Route::Moved(_) => Profile::of("redirect").described("a redirect in `book.toml`"),
            Route::Chapter(id) => Profile::of("chapter")
                .described("this chapter")
                .page_of(Subject::Briefing(*id)),
            Route::Contents => Profile::of("chapter"),
        }
    }
}
