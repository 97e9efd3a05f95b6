//! The addresses of pages: stable, readable, and defined only here.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::model::{Actor, Briefing, Claim, Dialect, Id, Site, Source};
use crate::text::{SitePath, tag_slug};

/// A page, identified by its subject.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    Home,
    Briefing(Id<Briefing>),
    Actor(Id<Actor>),
    Actors,
    Claim(Id<Claim>),
    Claims,
    /// The frame that shows a claim on other sites.
    Embed(Id<Claim>),
    Source(Id<Source>),
    Sources,
    Timeline,
    Network,
    /// The print page.
    Print,
    /// By the slug of the tag.
    Tag(String),
    Tags,
    Search,
    /// The page of the data files.
    Exports,
    NotFound,
    /// An old address of a briefing.
    Redirect(Id<Briefing>),
    /// A chapter of a plain book.
    Chapter(Id<Briefing>),
    /// The contents of a plain book.
    Contents,
    /// A redirect in `book.toml`.
    Moved(SitePath),
}

/// The number of briefings, or chapters of a plain book, up to which a book has a print page by
/// default. A briefing of the sample takes 50 kB of it, a chapter about 10 kB, so either way it has
/// a few megabytes. A larger page would be too slow for browsers, and each edit of a briefing
/// renders all of it again.
const PRINTED: usize = 50;
const PRINTED_PLAIN: usize = 500;

/// True if a book with this number of briefings has a print page.
pub fn has_print(dialect: Dialect, config: &Config, briefings: usize) -> bool {
    let most = match dialect {
        Dialect::Annotated => PRINTED,
        Dialect::Plain => PRINTED_PLAIN,
    };
    briefings > 0 && config.print_enabled.unwrap_or(briefings <= most)
}

/// Returns the generated pages of a book with this number of briefings, which texts can link to.
pub fn tool_pages(dialect: Dialect, config: &Config, briefings: usize) -> Vec<SitePath> {
    let print = has_print(dialect, config, briefings).then_some("print.html");
    let search = (config.search && dialect == Dialect::Annotated).then_some(SEARCH);
    let moved = config.redirect.keys().cloned();
    let pages = [
        "index.html",
        "actors/index.html",
        "claims/index.html",
        "sources/index.html",
        "tags/index.html",
        "timeline.html",
        "network.html",
        "404.html",
        CONTENTS,
    ];
    let pages = pages.into_iter().filter(|page| match dialect {
        Dialect::Annotated => *page != CONTENTS,
        Dialect::Plain => matches!(*page, "index.html" | "404.html" | CONTENTS),
    });
    let data = (dialect == Dialect::Annotated && !config.exports.is_empty()).then_some(EXPORTS);
    let pages = pages.chain(print).chain(search).chain(data);
    pages.map(path).chain(moved).collect()
}

/// Returns every page of the book, in a fixed order.
pub fn routes(site: &Site, config: &Config) -> Vec<(Route, SitePath)> {
    let mut routes = match site.dialect() {
        Dialect::Annotated => annotated(site, config),
        Dialect::Plain => plain(site, config),
    };
    let taken: BTreeSet<SitePath> = routes.iter().map(|(_, address)| address.clone()).collect();
    for (from, moved) in &config.redirect {
        // If the page still exists, only anchors have moved, which the page itself handles.
        if moved.to.is_some() || !taken.contains(from) {
            routes.push((Route::Moved(from.clone()), from.clone()));
        }
    }
    routes
}

/// The page that lists the data files, in their folder.
pub const EXPORTS: &str = "data/index.html";

/// The contents page of a plain book, which has its search; a chapter with this address takes
/// precedence. mdBook also reserves it, so that both make the same pages.
pub const CONTENTS: &str = "toc.html";

/// The search page of an annotated book.
pub const SEARCH: &str = "search.html";

/// Returns the page with the search of a book.
pub fn search_page(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Annotated => SEARCH,
        Dialect::Plain => CONTENTS,
    }
}

/// Returns the chapters; the first one is also the home page, unless there is an `index.html`.
fn plain(site: &Site, config: &Config) -> Vec<(Route, SitePath)> {
    let mut routes = Vec::new();
    let chapters = site.briefings().iter();
    let chapters = chapters.filter(|(id, _)| Some(*id) != site.not_found());
    for (id, briefing) in chapters {
        routes.push((Route::Chapter(id), briefing.address.clone()));
    }
    if home(site).is_none() {
        routes.push((Route::Home, path("index.html")));
    }
    let contents = path(CONTENTS);
    if !routes.iter().any(|(_, address)| *address == contents) {
        let route = if config.search {
            Route::Search
        } else {
            Route::Contents
        };
        routes.push((route, contents));
    }
    if has_print(Dialect::Plain, config, site.chapters().count()) {
        routes.push((Route::Print, path("print.html")));
    }
    if let Some(input) = &config.input_404 {
        routes.push((Route::NotFound, path("404.html")));
        // mdBook writes it only at the address of its file, which hosts can be configured for.
        let own = input.with_extension("html");
        if site.not_found().is_some() && !routes.iter().any(|(_, address)| *address == own) {
            routes.push((Route::NotFound, own));
        }
    }
    // As in mdBook, a file of the author replaces a generated page.
    let is_own = |address: &SitePath| site.files().binary_search(address).is_ok();
    routes.retain(|(route, address)| matches!(route, Route::Chapter(_)) || !is_own(address));
    routes
}

fn annotated(site: &Site, config: &Config) -> Vec<(Route, SitePath)> {
    let mut routes = vec![(Route::Home, path("index.html"))];
    let home = home(site);
    for (id, briefing) in site.briefings().iter() {
        if Some(id) != home {
            routes.push((Route::Briefing(id), briefing.address.clone()));
        }
    }
    for (id, actor) in site.actors().iter() {
        if !actor.is_unnamed || speaks(site, id) {
            routes.push((Route::Actor(id), actor_address(&actor.id)));
        }
    }
    routes.push((Route::Actors, path("actors/index.html")));
    for (id, claim) in site.claims().iter() {
        routes.push((Route::Claim(id), claim_address(&claim.id)));
        if config.whole_site_url().is_some() {
            routes.push((Route::Embed(id), embed_address(&claim.id)));
        }
    }
    routes.push((Route::Claims, path("claims/index.html")));
    for (id, source) in site.sources().iter() {
        routes.push((Route::Source(id), source_address(&source.id)));
    }
    routes.push((Route::Sources, path("sources/index.html")));
    routes.push((Route::Timeline, path("timeline.html")));
    routes.push((Route::Network, path("network.html")));
    if has_print(Dialect::Annotated, config, site.briefings().len()) {
        routes.push((Route::Print, path("print.html")));
    }
    routes.push((Route::Tags, path("tags/index.html")));
    for tag in tags(site).into_keys() {
        let address = path(&format!("tags/{tag}.html"));
        routes.push((Route::Tag(tag), address));
    }
    if config.search {
        routes.push((Route::Search, path(SEARCH)));
    }
    if !config.exports.is_empty() {
        routes.push((Route::Exports, path(EXPORTS)));
    }
    routes.push((Route::NotFound, path("404.html")));
    for (id, briefing) in site.briefings().iter() {
        for alias in &briefing.aliases {
            routes.push((Route::Redirect(id), alias.clone()));
        }
    }
    routes
}

/// Returns the briefing that is the home page, if there is one: `index.md` or `README.md`.
pub fn home(site: &Site) -> Option<Id<Briefing>> {
    let mut briefings = site.briefings().iter();
    briefings
        .find(|(_, briefing)| briefing.address.as_str() == "index.html")
        .map(|(id, _)| id)
}

/// A tag as first written, with its briefings and claims.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tagged {
    pub tag: String,
    pub briefings: Vec<Id<Briefing>>,
    pub claims: Vec<Id<Claim>>,
}

/// Returns every tag by its slug.
pub fn tags(site: &Site) -> BTreeMap<String, Tagged> {
    let mut tags: BTreeMap<String, Tagged> = BTreeMap::new();
    let mut tagged = |tag: &String, put: &dyn Fn(&mut Tagged)| {
        let tagged = tags.entry(tag_slug(tag)).or_insert_with(|| Tagged {
            tag: tag.clone(),
            ..Tagged::default()
        });
        put(tagged);
    };
    for (id, briefing) in site.briefings().iter() {
        for tag in &briefing.tags {
            tagged(tag, &|tagged| push_once(&mut tagged.briefings, id));
        }
    }
    for (id, claim) in site.claims().iter() {
        for tag in &claim.tags {
            tagged(tag, &|tagged| push_once(&mut tagged.claims, id));
        }
    }
    tags
}

/// Two tags of one subject can have the same slug.
fn push_once<T>(list: &mut Vec<Id<T>>, id: Id<T>) {
    if list.last() != Some(&id) {
        list.push(id);
    }
}

fn speaks(site: &Site, actor: Id<Actor>) -> bool {
    site.claims()
        .iter()
        .any(|(_, claim)| claim.positions.iter().any(|position| position.by == actor))
}

pub fn actor_address(id: &str) -> SitePath {
    path(&["actors/", id, ".html"].concat())
}

pub fn claim_address(id: &str) -> SitePath {
    path(&["claims/", id, ".html"].concat())
}

/// The frame that shows a claim on other sites.
pub fn embed_address(id: &str) -> SitePath {
    path(&format!("claims/{id}.embed.html"))
}

/// Returns the address of the oEmbed data of a claim.
pub fn oembed_address(id: &str) -> SitePath {
    path(&format!("claims/{id}.oembed.json"))
}

pub fn source_address(id: &str) -> SitePath {
    path(&["sources/", id, ".html"].concat())
}

/// Returns the canonical form of an address: hosts serve the index of a folder at the address of
/// the folder.
pub fn shown_as(page: &SitePath) -> String {
    let address = page.address();
    match address.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.to_owned(),
        Some(_) | None => address,
    }
}

/// Ids and slugs contain only valid characters.
pub fn path(text: &str) -> SitePath {
    SitePath::known(text)
}
