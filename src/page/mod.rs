//! Which pages exist, at which address, and exactly what each one shows.
//!
//! The views here are the template contract: a template sees `site`, `page` and the fields of its
//! view, and nothing else. Every address in a view is relative to the page that it stands on.

mod actor;
mod addresses;
mod astray;
mod at;
mod briefing;
mod cards;
mod chapter;
mod cite;
mod claim;
mod data;
mod elsewhere;
mod embed;
mod exports;
mod facts;
mod feeds;
mod fragment;
mod heads;
mod home;
mod ld;
mod lists;
mod network;
mod orders;
mod parts;
mod position;
mod print;
mod routes;
mod search;
mod shared;
mod source;
mod text;
mod timeline;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use crate::card::{Card, Fonts};
use crate::config::{Config, RawHtml};
use crate::diag::Diagnostic;
use crate::html::{Highlighter, Size};
use crate::model::{Briefing, Claim, Dialect, Doc, Entity, Id, MarkNo, Site};
use crate::text::{Place, SitePath};
pub use actor::ActorView;
pub use astray::NotFoundView;
pub use at::At;
pub use briefing::BriefingView;
pub use chapter::{ContentsEntry, MovedAnchor, PlainView};
pub use cite::tex;
pub use claim::ClaimView;
pub use embed::{EmbedLink, EmbedView, HEIGHT as EMBED_HEIGHT, WIDTH as EMBED_WIDTH, frame};
pub use exports::{ExportsView, FormatView, export_address};
pub use facts::Facts;
pub use heads::site_title;
pub use position::{headline, signature_words};

pub use feeds::{Feed, News, feeds};
pub use home::HomeView;
pub use lists::{ActorsView, ClaimsView, SourcesView, TagView, TagsView};
pub use network::NetworkView;
pub use parts::*;
pub use position::stance_class;
pub use print::PrintView;
pub use routes::{
    Part, Route, SEARCH, actor_address, claim_address, has_print, oembed_address, shown_as,
    source_address, tool_pages,
};
pub use search::SearchView;
pub use shared::Shared;
pub use source::SourceView;
pub use timeline::{TimelineParty, TimelineView};

/// A page before its template: where it goes, what it shows.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Page {
    pub route: Route,
    pub address: SitePath,
    pub view: View,
    /// The picture that others show beside a link to it.
    pub card: Option<Arc<Card>>,
}

/// What a template sees.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
#[serde(untagged)]
pub enum View {
    Home(Box<HomeView>),
    Briefing(Box<BriefingView>),
    Chapter(Box<PlainView>),
    Actor(Box<ActorView>),
    Actors(Box<ActorsView>),
    Claim(Box<ClaimView>),
    Claims(Box<ClaimsView>),
    Embed(Box<EmbedView>),
    Source(Box<SourceView>),
    Sources(Box<SourcesView>),
    Timeline(Box<TimelineView>),
    Network(Box<NetworkView>),
    Print(Box<PrintView>),
    Tag(Box<TagView>),
    Tags(Box<TagsView>),
    Search(Box<SearchView>),
    Exports(Box<ExportsView>),
    NotFound(Box<NotFoundView>),
    Redirect(Box<RedirectView>),
}

impl View {
    /// The template that shows it.
    pub fn template(&self) -> &'static str {
        match self {
            View::Home(_) => "home.html",
            View::Briefing(_) => "briefing.html",
            View::Chapter(_) => "chapter.html",
            View::Actor(_) => "actor.html",
            View::Actors(_) => "actors.html",
            View::Claim(_) => "claim.html",
            View::Claims(_) => "claims.html",
            View::Embed(_) => "embed.html",
            View::Source(_) => "source.html",
            View::Sources(_) => "sources.html",
            View::Timeline(_) => "timeline.html",
            View::Network(_) => "network.html",
            View::Print(_) => "print.html",
            View::Tag(_) => "tag.html",
            View::Tags(_) => "tags.html",
            View::Search(_) => "search.html",
            View::Exports(_) => "data.html",
            View::NotFound(_) => "404.html",
            View::Redirect(_) => "redirect.html",
        }
    }
}

/// An old address: says where the page is now, and goes there.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct RedirectView {
    pub page: PageHead,
    pub site: SiteHead,
    pub to: Link,
    /// Anchors of the page that have gone elsewhere.
    pub moved: Vec<MovedAnchor>,
}

/// All that pages are made of.
pub struct Book<'a> {
    pub site: &'a Site,
    pub config: &'a Config,
    pub facts: &'a Facts,
    pub raw_html: RawHtml,
    pub highlighter: &'a Highlighter,
    /// How large the images among the files of the book are.
    pub sizes: &'a BTreeMap<SitePath, Size>,
    /// Style sheets of the book's own, by address, in the order of their links.
    pub styles: &'a [SitePath],
    /// Scripts of the book's own, by address, in the order of their links.
    pub scripts: &'a [SitePath],
    /// Files that pages load and that are published under other names: each by its own.
    pub names: &'a BTreeMap<SitePath, SitePath>,
    /// Files of the book's own folder `static` by their addresses, each with its place.
    pub fixed: &'a BTreeMap<SitePath, Place>,
    /// The titles that files give their pages by `{{#title …}}`.
    pub titles: &'a BTreeMap<SitePath, String>,
    /// The letters of cards; none where pages have no cards.
    pub fonts: Option<&'a Fonts>,
}

/// Makes every page of a book and gives it to `take` as soon as it is made: from many threads and
/// in no order. What `take` and the pages have to say comes back in the order of the pages.
pub fn each(book: &Book<'_>, take: &(dyn Fn(Page) -> Option<Diagnostic> + Sync)) -> Made {
    use rayon::prelude::*;
    let mut routes = routes::parts(book.site, book.config, book.facts);
    let diagnostics = addresses::check(book, &routes);
    // Of two pages on one address the first is made, whichever thread is faster.
    let mut taken = HashSet::new();
    routes.retain(|(_, _, address)| taken.insert(address.clone()));
    let mut made = Made {
        count: routes.len(),
        diagnostics,
        documents: BTreeMap::new(),
    };
    for (route, _, address) in &routes {
        if let Some(file) = route.document(book.site) {
            // A claim that has no file of its own was written in a briefing, which came first.
            let documents = &mut made.documents;
            documents
                .entry(file.clone())
                .or_insert_with(|| address.clone());
        }
    }
    let said: Vec<Vec<Diagnostic>> = routes
        .into_par_iter()
        .map(|(route, part, address)| {
            let (page, mut said) = page(book, route, part, address);
            said.extend(take(page));
            said
        })
        .collect();
    let said = cards::once(said.into_iter().flatten());
    made.diagnostics.extend(said);
    made
}

/// The pages that show the text of a briefing, and what their raw HTML gives to say.
pub fn showing(book: &Book<'_>, id: Id<Briefing>) -> Vec<(Page, Vec<Diagnostic>)> {
    let route = match routes::home(book.site) == Some(id) {
        true => Route::Home,
        false => Route::Briefing(id),
    };
    let own = (route, book.site.briefings()[id].address.clone());
    let has_print = {
        let briefings = book.site.briefings().len();
        routes::has_print(book.site.dialect(), book.config, briefings)
    };
    let print = has_print.then(|| (Route::Print, routes::path("print.html")));
    let routes = std::iter::once(own).chain(print);
    routes
        .map(|(route, address)| {
            // The text stands on the first part; the others are lists.
            let part = Part {
                number: 0,
                of: routes::parts_of(&route, book.site, book.facts),
            };
            page(book, route, part, address)
        })
        .collect()
}

/// Every page of a book with its address, in a fixed order.
pub fn addresses(book: &Book<'_>) -> Vec<(Route, SitePath)> {
    let parts = routes::parts(book.site, book.config, book.facts);
    let pages = parts.into_iter();
    pages.map(|(route, _, address)| (route, address)).collect()
}

/// The page of something that has one.
pub fn address_of(book: &Book<'_>, entity: Entity) -> SitePath {
    let site = book.site;
    match entity {
        Entity::Actor(id) => routes::actor_address(&site.actors()[id].id),
        Entity::Claim(id) => routes::claim_address(&site.claims()[id].id),
        Entity::Source(id) => routes::source_address(&site.sources()[id].id),
        Entity::Briefing(id) => site.briefings()[id].address.clone(),
    }
}

/// Where a mark stands, behind the whole address of the site.
pub fn mark_address(book: &Book<'_>, home: &str, doc: Doc, mark: MarkNo) -> String {
    let entity = match doc {
        Doc::Briefing(id) => Entity::Briefing(id),
        Doc::Actor(id) => Entity::Actor(id),
        Doc::Claim(id) => Entity::Claim(id),
    };
    let page = address_of(book, entity).address();
    format!("{home}{page}#{}", book.site.mark(doc, mark).anchor)
}

/// Where a position stands on the page of its claim, behind the whole address of the site.
pub fn position_address(book: &Book<'_>, home: &str, id: Id<Claim>, place: usize) -> String {
    let claim = &book.site.claims()[id];
    let page = routes::claim_address(&claim.id).address();
    let anchor = position::position_anchor(book.site, claim, place);
    format!("{home}{page}#{anchor}")
}

/// What is known of the pages of a book when they are made.
#[derive(Default)]
pub struct Made {
    pub count: usize,
    pub diagnostics: Vec<Diagnostic>,
    /// The page of each document, by its file.
    pub documents: BTreeMap<SitePath, SitePath>,
}

fn page(book: &Book<'_>, route: Route, part: Part, address: SitePath) -> (Page, Vec<Diagnostic>) {
    let mut at = At::new(book, &address, &route, part);
    let mut refused = Vec::new();
    at.card = at.drawn_card(&mut refused);
    let view = match &route {
        Route::Home => match book.site.dialect() {
            Dialect::Annotated => View::Home(Box::new(home::view(&at, &mut refused))),
            Dialect::Plain => chapter(book.site.chapters().next(), &at, &mut refused),
        },
        Route::Chapter(id) => chapter(Some(*id), &at, &mut refused),
        Route::Briefing(id) => View::Briefing(Box::new(briefing::view(&at, *id, &mut refused))),
        Route::Actor(id) => View::Actor(Box::new(actor::view(&at, *id, &mut refused))),
        Route::Actors => View::Actors(Box::new(lists::actors(&at))),
        Route::Claim(id) => View::Claim(Box::new(claim::view(&at, *id, &mut refused))),
        Route::Claims => View::Claims(Box::new(lists::claims(&at))),
        Route::Embed(id) => View::Embed(Box::new(embed::view(&at, *id))),
        Route::Source(id) => View::Source(Box::new(source::view(&at, *id))),
        Route::Sources => View::Sources(Box::new(lists::sources(&at))),
        Route::Timeline => View::Timeline(Box::new(timeline::view(&at))),
        Route::Network => View::Network(Box::new(network::view(&at))),
        Route::Print => View::Print(Box::new(print::view(&at))),
        Route::Tag(tag) => View::Tag(Box::new(lists::tag(&at, tag))),
        Route::Tags => View::Tags(Box::new(lists::tags(&at))),
        Route::Search => View::Search(Box::new(search::view(&at))),
        Route::Exports => View::Exports(Box::new(exports::view(&at))),
        Route::Contents => View::Chapter(Box::new(chapter::contents_view(&at))),
        Route::NotFound => chapter(book.site.not_found(), &at, &mut refused),
        Route::Moved(from) => {
            let moved = &book.config.redirect[from];
            let href = at.moved(moved.to.as_deref().unwrap_or("index.html"));
            View::Redirect(Box::new(RedirectView {
                page: at.head(&href, "This page has moved."),
                site: at.site_head(),
                to: Link {
                    text: href.clone(),
                    href,
                },
                moved: at.moved_anchors(),
            }))
        }
        Route::Redirect(id) => {
            let briefing = &book.site.briefings()[*id];
            View::Redirect(Box::new(RedirectView {
                page: at.head(&briefing.title, "This page has moved."),
                site: at.site_head(),
                to: at.briefing(*id),
                moved: Vec::new(),
            }))
        }
    };
    let page = Page {
        card: at.card,
        view,
        route,
        address,
    };
    (page, refused)
}

/// The page of a chapter; without one there is only to say that nothing is there.
fn chapter(id: Option<Id<Briefing>>, at: &At<'_>, refused: &mut Vec<Diagnostic>) -> View {
    match id {
        Some(id) => View::Chapter(Box::new(chapter::view(at, id, refused))),
        None => View::NotFound(Box::new(astray::view(at, refused))),
    }
}

#[cfg(test)]
mod tests;
