//! Addresses: stable, readable, and decided here alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Config;
use crate::model::{Actor, Briefing, Claim, Dialect, Id, Site, Source};
use crate::text::{SitePath, slug};

/// A page by what it is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    Home,
    Briefing(Id<Briefing>),
    Actor(Id<Actor>),
    Actors,
    Claim(Id<Claim>),
    Claims,
    Source(Id<Source>),
    Sources,
    Timeline,
    Network,
    /// The whole book on one page.
    Print,
    /// By the slug of the tag.
    Tag(String),
    Tags,
    NotFound,
    /// An old address of a briefing.
    Redirect(Id<Briefing>),
    /// A chapter of a plain book.
    Chapter(Id<Briefing>),
    /// The contents of a plain book.
    Contents,
    /// An old address of the site, as `book.toml` has it.
    Moved(SitePath),
}

impl Route {
    /// The file that the subject of the page was written in, for pages that have one.
    pub fn document<'a>(&self, site: &'a Site) -> Option<&'a SitePath> {
        match self {
            Route::Home => home(site).map(|id| &site.briefings()[id].file),
            Route::Briefing(id) | Route::Chapter(id) => Some(&site.briefings()[*id].file),
            Route::Actor(id) => Some(&site.actors()[*id].place.file),
            Route::Claim(id) => Some(&site.claims()[*id].place.file),
            Route::Source(id) => Some(&site.sources()[*id].place.file),
            Route::Actors
            | Route::Claims
            | Route::Sources
            | Route::Timeline
            | Route::Network
            | Route::Print
            | Route::Tag(_)
            | Route::Tags
            | Route::NotFound
            | Route::Redirect(_)
            | Route::Contents
            | Route::Moved(_) => None,
        }
    }
}

/// Briefings up to which a book has a page of the whole book without asking for one. A briefing
/// of the sample takes 50 kB of it: at 500 it is 25 MB, which a browser still opens and nobody
/// prints any more, and each edit of any briefing makes it anew.
const PRINTED: usize = 500;

/// Whether a book of so many briefings has the page of the whole book.
pub fn has_print(config: &Config, briefings: usize) -> bool {
    briefings > 0 && config.print_enabled.unwrap_or(briefings <= PRINTED)
}

/// The pages that the tool makes for a book of so many briefings, as a text may link to them.
pub fn tool_pages(dialect: Dialect, config: &Config, briefings: usize) -> Vec<SitePath> {
    let print = has_print(config, briefings).then_some("print.html");
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
    pages.chain(print).map(path).chain(moved).collect()
}

/// Every page of the book, in a fixed order.
pub fn routes(site: &Site, config: &Config) -> Vec<(Route, SitePath)> {
    let mut routes = match site.dialect() {
        Dialect::Annotated => annotated(site, config),
        Dialect::Plain => plain(site, config),
    };
    let taken: BTreeSet<SitePath> = routes.iter().map(|(_, address)| address.clone()).collect();
    for (from, moved) in &config.redirect {
        // Of a page that is still there only anchors have moved, which it says itself.
        if moved.to.is_some() || !taken.contains(from) {
            routes.push((Route::Moved(from.clone()), from.clone()));
        }
    }
    routes
}

/// Where the contents of a plain book lie; a chapter of that address wins.
pub const CONTENTS: &str = "toc.html";

/// The chapters; the first one is the home page too, unless there is an `index.html`.
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
        routes.push((Route::Contents, contents));
    }
    if has_print(config, site.chapters().count()) {
        routes.push((Route::Print, path("print.html")));
    }
    if config.input_404.is_some() {
        routes.push((Route::NotFound, path("404.html")));
    }
    routes
}

fn annotated(site: &Site, config: &Config) -> Vec<(Route, SitePath)> {
    let mut routes = vec![(Route::Home, path("index.html"))];
    for (id, briefing) in site.briefings().iter() {
        if Some(id) != home(site) {
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
    }
    routes.push((Route::Claims, path("claims/index.html")));
    for (id, source) in site.sources().iter() {
        routes.push((Route::Source(id), source_address(&source.id)));
    }
    routes.push((Route::Sources, path("sources/index.html")));
    routes.push((Route::Timeline, path("timeline.html")));
    routes.push((Route::Network, path("network.html")));
    if has_print(config, site.briefings().len()) {
        routes.push((Route::Print, path("print.html")));
    }
    routes.push((Route::Tags, path("tags/index.html")));
    for tag in tags(site).into_keys() {
        let address = path(&format!("tags/{tag}.html"));
        routes.push((Route::Tag(tag), address));
    }
    routes.push((Route::NotFound, path("404.html")));
    for (id, briefing) in site.briefings().iter() {
        for alias in &briefing.aliases {
            routes.push((Route::Redirect(id), alias.clone()));
        }
    }
    routes
}

/// The briefing that is the home page, if the book has one: `index.md` or `README.md`.
pub fn home(site: &Site) -> Option<Id<Briefing>> {
    let mut briefings = site.briefings().iter();
    briefings
        .find(|(_, briefing)| briefing.address.as_str() == "index.html")
        .map(|(id, _)| id)
}

/// Every tag by its slug, with the tag as it was first written.
pub fn tags(site: &Site) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    let briefings = site
        .briefings()
        .iter()
        .flat_map(|(_, briefing)| &briefing.tags);
    let claims = site.claims().iter().flat_map(|(_, claim)| &claim.tags);
    for tag in briefings.chain(claims) {
        let slug = tag_slug(tag);
        tags.entry(slug).or_insert_with(|| tag.clone());
    }
    tags
}

/// The address part of a tag; `index` is the list's.
pub fn tag_slug(tag: &str) -> String {
    match slug(tag).as_str() {
        "" | "index" => format!("tag-{}", slug(tag))
            .trim_end_matches('-')
            .to_string(),
        slug => slug.to_string(),
    }
}

fn speaks(site: &Site, actor: Id<Actor>) -> bool {
    site.claims()
        .iter()
        .any(|(_, claim)| claim.positions.iter().any(|position| position.by == actor))
}

pub fn actor_address(id: &str) -> SitePath {
    path(&format!("actors/{id}.html"))
}

pub fn claim_address(id: &str) -> SitePath {
    path(&format!("claims/{id}.html"))
}

pub fn source_address(id: &str) -> SitePath {
    path(&format!("sources/{id}.html"))
}

/// Ids and slugs hold nothing that a path could not.
pub fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("ids and slugs are parts of paths")
}
