//! Decides which pages exist, their addresses, and what each one shows.
//!
//! The views here are the template contract: a template sees `site`, `page` and the fields of its
//! view, and nothing else. Every address in a view is relative to its page.

mod actor;
mod addresses;
mod briefing;
mod cards;
mod chapter;
mod cite;
mod claim;
mod components;
mod context;
mod elsewhere;
mod embed;
mod exports;
mod feeds;
mod fragment;
mod home;
mod json_ld;
mod levels;
mod lists;
mod network;
mod not_found;
mod page_head;
mod position;
mod print;
mod reuse;
mod risks;
mod search;
mod shared;
mod source;
mod source_numbers;
mod text;
mod timeline;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde::Serialize;

use crate::card::{Card, Fonts};
use crate::config::{Config, RawHtml};
use crate::diag::Diagnostic;
use crate::html::{Highlighter, Size};
use crate::index::{Facts, Part, Route, pagination, routes};
use crate::model::{Briefing, Claim, Dialect, Doc, Entity, Id, MarkNo, Site};
use crate::text::{Place, SitePath};
pub use actor::{AccusationView, ActorCounts, ActorView, NameView, SaidView, SharedView};
pub use briefing::{BriefingView, CorrectionView, Strip};
pub use chapter::{ContentsEntry, MovedAnchor, PlainView};
pub use cite::{CitationView, tex};
pub use claim::{ClaimView, Related, RelationView};
pub use context::PageContext;
pub use embed::{EmbedLink, EmbedView, HEIGHT as EMBED_HEIGHT, WIDTH as EMBED_WIDTH, frame};
pub use exports::{ExportsView, FormatView, export_address};
pub use levels::{Levels, tlp_label};
pub use not_found::NotFoundView;
pub use page_head::site_title;
pub use position::signature_words;

pub use components::{
    ActorLink, Alternate, BlockView, BriefingLine, CardView, CiteView, ClaimLine, Day,
    ElsewhereView, FirstSaid, ImageView, LegalStatusView, Link, Matrix, MatrixCell, MatrixRow,
    NavItem, NoteView, OriginalView, PageHead, Pager, PassageView, PositionView, Preview,
    PreviewImage, RangeView, ReplyView, SentenceView, SiteHead, SourceLine, StatusCount,
    TimelineEntry, TocEntry, status_counts,
};
pub use feeds::{Feed, News, feeds};
pub use home::{HomeView, SiteCounts, Waiting};
pub use lists::{
    ActorsView, ClaimRow, ClaimsView, GlossaryEntry, KindView, LetterView, SourcesView, TagCount,
    TagView, TagsView,
};
pub use network::{Graph, GraphEdge, GraphNode, NetworkRow, NetworkView, StanceCount};
pub use position::stance_class;
pub use print::{ChapterView, PrintView};
pub use reuse::ActorLinksByFolder;
pub use search::SearchView;
pub use shared::Shared;
pub use source::SourceView;
pub use text::{NumberedClaim, TextView};
pub use timeline::{TimelineParty, TimelineView, YearView};

/// A page before it is rendered: its address and its view.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Page {
    pub route: Route,
    pub address: SitePath,
    pub view: View,
    /// The preview image for links to it.
    pub card: Option<Arc<Card>>,
}

/// The data that a template gets.
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
    /// Returns the template for the view.
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

    fn head_mut(&mut self) -> &mut PageHead {
        match self {
            View::Home(view) => &mut view.page,
            View::Briefing(view) => &mut view.page,
            View::Chapter(view) => &mut view.page,
            View::Actor(view) => &mut view.page,
            View::Actors(view) => &mut view.page,
            View::Claim(view) => &mut view.page,
            View::Claims(view) => &mut view.page,
            View::Embed(view) => &mut view.page,
            View::Source(view) => &mut view.page,
            View::Sources(view) => &mut view.page,
            View::Timeline(view) => &mut view.page,
            View::Network(view) => &mut view.page,
            View::Print(view) => &mut view.page,
            View::Tag(view) => &mut view.page,
            View::Tags(view) => &mut view.page,
            View::Search(view) => &mut view.page,
            View::Exports(view) => &mut view.page,
            View::NotFound(view) => &mut view.page,
            View::Redirect(view) => &mut view.page,
        }
    }
}

/// A redirect from an old address to the new one.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct RedirectView {
    pub page: PageHead,
    pub site: SiteHead,
    pub to: Link,
    /// Anchors of the page that were moved.
    pub moved: Vec<MovedAnchor>,
}

/// The input of all pages.
pub struct Book<'a> {
    pub site: &'a Site,
    pub config: &'a Config,
    pub facts: &'a Facts,
    pub raw_html: RawHtml,
    pub highlighter: &'a Highlighter,
    /// The sizes of the images among the files of the book.
    pub sizes: &'a BTreeMap<SitePath, Size>,
    /// The book's own style sheets, by address, in the order of their links.
    pub styles: &'a [SitePath],
    /// The book's own scripts, by address, in the order of their links.
    pub scripts: &'a [SitePath],
    /// The published names of files with a content hash, by their own names.
    pub names: &'a BTreeMap<SitePath, SitePath>,
    /// Files in the book's folder `static` by address, each with its place.
    pub fixed: &'a BTreeMap<SitePath, Place>,
    /// The titles that files set for their pages by `{{#title …}}`.
    pub titles: &'a BTreeMap<SitePath, String>,
    /// The fonts of cards; none if the site has no cards.
    pub fonts: Option<&'a Fonts>,
    /// The links to actors, which the pages of a folder share.
    pub links: ActorLinksByFolder,
}

/// Receives a page, and returns a diagnostic if it cannot be rendered.
pub type TakePage<'t> = &'t (dyn Fn(Page) -> Option<Diagnostic> + Sync);

/// Creates every page of a book and passes each to `take` immediately, from many threads and in no
/// particular order. The diagnostics of `take` and of the pages are returned in the order of the
/// pages.
pub fn each(book: &Book<'_>, take: TakePage<'_>) -> Made {
    made(book, &|_| true, take)
}

/// Creates only the pages that can cause a diagnostic: those whose template can fail according to
/// `is_safe`, and those with raw HTML, which can be refused. Passes the former to `take`. The
/// diagnostics are those that [`each`] would find with the same `take`.
pub fn risky(book: &Book<'_>, is_safe: &(dyn Fn(&str) -> bool + Sync), take: TakePage<'_>) -> Made {
    let site = book.site;
    let may_fail = |route: &Route| !is_safe(route.template(site));
    made(
        book,
        &|route| may_fail(route) || route.holds_html(site),
        &|page| {
            if may_fail(&page.route) {
                take(page)
            } else {
                None
            }
        },
    )
}

/// Passes each page that is `wanted` to `take`, and collects the diagnostics of the others.
fn made(book: &Book<'_>, wanted: &(dyn Fn(&Route) -> bool + Sync), take: TakePage<'_>) -> Made {
    use rayon::prelude::*;
    let mut routes = pagination::parts(book.site, book.config, book.facts);
    let diagnostics = addresses::check(book, &routes);
    // If two pages have the same address, the first one is created, independent of the threads.
    let mut taken = HashSet::new();
    routes.retain(|(_, _, address)| taken.insert(address.clone()));
    let mut made = Made {
        count: routes.len(),
        diagnostics,
        documents: BTreeMap::new(),
    };
    for (route, _, address) in &routes {
        if let Some(file) = route.document(book.site) {
            // A claim without its own file belongs to a briefing, which came first.
            let documents = &mut made.documents;
            documents
                .entry(file.clone())
                .or_insert_with(|| address.clone());
        }
    }
    let said: Vec<Vec<Diagnostic>> = routes
        .into_par_iter()
        .map(|(route, part, address)| {
            let mut said = Vec::new();
            if wanted(&route) {
                let (page, refused) = page(book, route, part, address);
                said.extend(refused);
                said.extend(take(page));
            } else if book.fonts.is_some() {
                PageContext::new(book, &address, &route, part).drawn_card(&mut said);
            }
            said
        })
        .collect();
    let said = cards::once(said.into_iter().flatten());
    made.diagnostics.extend(said);
    made
}

/// Returns the pages that show the text of a briefing, and the diagnostics of their raw HTML.
pub fn showing(book: &Book<'_>, id: Id<Briefing>) -> Vec<(Page, Vec<Diagnostic>)> {
    let route = if routes::home(book.site) == Some(id) {
        Route::Home
    } else {
        Route::Briefing(id)
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
            // The text is on the first part; the others have only lists.
            let part = Part {
                number: 0,
                of: pagination::parts_of(&route, book.site, book.facts),
            };
            page(book, route, part, address)
        })
        .collect()
}

/// Returns every page of a book with its address, in a fixed order.
pub fn addresses(book: &Book<'_>) -> Vec<(Route, SitePath)> {
    let parts = pagination::parts(book.site, book.config, book.facts);
    let pages = parts.into_iter();
    pages.map(|(route, _, address)| (route, address)).collect()
}

/// Returns the page of an entity.
pub fn address_of(book: &Book<'_>, entity: Entity) -> SitePath {
    let site = book.site;
    match entity {
        Entity::Actor(id) => routes::actor_address(&site.actors()[id].id),
        Entity::Claim(id) => routes::claim_address(&site.claims()[id].id),
        Entity::Source(id) => routes::source_address(&site.sources()[id].id),
        Entity::Briefing(id) => site.briefings()[id].address.clone(),
    }
}

/// Returns the absolute URL of a mark.
pub fn mark_address(book: &Book<'_>, home: &str, doc: Doc, mark: MarkNo) -> String {
    let entity = match doc {
        Doc::Briefing(id) => Entity::Briefing(id),
        Doc::Actor(id) => Entity::Actor(id),
        Doc::Claim(id) => Entity::Claim(id),
    };
    let page = address_of(book, entity).address();
    format!("{home}{page}#{}", book.site.mark(doc, mark).anchor)
}

/// Returns the absolute URL of a position on the page of its claim.
pub fn position_address(book: &Book<'_>, home: &str, id: Id<Claim>, place: usize) -> String {
    let claim = &book.site.claims()[id];
    let page = routes::claim_address(&claim.id).address();
    let anchor = position::position_anchor(book.site, claim, place);
    format!("{home}{page}#{anchor}")
}

/// The result of creating the pages of a book.
#[derive(Default)]
pub struct Made {
    pub count: usize,
    pub diagnostics: Vec<Diagnostic>,
    /// The page of each document, by its file.
    pub documents: BTreeMap<SitePath, SitePath>,
}

fn page(book: &Book<'_>, route: Route, part: Part, address: SitePath) -> (Page, Vec<Diagnostic>) {
    let mut at = PageContext::new(book, &address, &route, part);
    let mut refused = Vec::new();
    at.card = at.drawn_card(&mut refused);
    let mut view = match &route {
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
                    tlp: None,
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
    at.label_page(view.head_mut());
    debug_assert_eq!(view.template(), route.template(book.site));
    let page = Page {
        card: at.card,
        view,
        route,
        address,
    };
    (page, refused)
}

/// Returns the page of a chapter, or the 404 page if there is none.
fn chapter(id: Option<Id<Briefing>>, at: &PageContext<'_>, refused: &mut Vec<Diagnostic>) -> View {
    match id {
        Some(id) => View::Chapter(Box::new(chapter::view(at, id, refused))),
        None => View::NotFound(Box::new(not_found::view(at, refused))),
    }
}

#[cfg(test)]
mod tests;
