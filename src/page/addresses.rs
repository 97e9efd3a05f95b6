//! What goes wrong with the addresses of a site as a whole: two of one name, and old ones that lead
//! nowhere.

use std::collections::{BTreeMap, HashSet};

use super::routes::Part;
use super::{Book, Route, at};
use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath, Span};

/// Says which pages share an address, which are hidden by a file, and which old addresses lead
/// nowhere.
pub(super) fn check(book: &Book<'_>, routes: &[(Route, Part, SitePath)]) -> Vec<Diagnostic> {
    let mut diagnostics = colliding(book, routes);
    diagnostics.extend(moved_astray(book, routes));
    diagnostics
}

/// Two pages on one address, told once and naming both. Case does not tell addresses apart on
/// every host.
fn colliding(book: &Book<'_>, routes: &[(Route, Part, SitePath)]) -> Vec<Diagnostic> {
    let mut taken: BTreeMap<String, &Route> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (route, _, address) in routes {
        let key = crate::text::fold(address.as_str());
        if let Some(other) = taken.get(&key) {
            // The author's own file first; a page that the tool makes has no place to point at.
            let mut pair = [told(book, route), told(book, other)];
            pair.sort_by_key(|(place, _)| place.file.as_str() == "book.toml");
            let [(place, what), (other_place, other_what)] = pair;
            let is_moved = [route, other]
                .iter()
                .any(|route| matches!(route, Route::Moved(_)));
            let is_ours = !is_moved && other_place.file.as_str() == "book.toml";
            let mut diagnostic = Diagnostic::new(
                Code::DuplicateAddress,
                place,
                format!("two pages would have the address `{address}`"),
            )
            .label(what)
            .hint(if is_moved {
                "take the address out of `[output.html.redirect]`: it is one of a page that is there"
            } else if is_ours {
                "the tool makes a page of this name: rename the file"
            } else {
                "rename one of the files"
            });
            if !is_ours {
                diagnostic = diagnostic.other(other_place, other_what);
            }
            diagnostics.push(diagnostic);
        } else {
            taken.insert(key, route);
        }
    }
    for file in book.site.files() {
        if let Some(route) = taken.get(&crate::text::fold(file.as_str())) {
            let (place, what) = told(book, route);
            let message = format!("the file `{file}` and a page would have one address");
            diagnostics.push(Diagnostic::new(Code::DuplicateAddress, place, message).label(what));
        }
    }
    for (file, place) in book.fixed {
        if let Some(route) = taken.get(&crate::text::fold(file.as_str())) {
            diagnostics.push(covered(file, place.clone(), told(book, route)));
        }
    }
    diagnostics
}

fn covered(file: &SitePath, place: Place, (page, what): (Place, String)) -> Diagnostic {
    let message = format!("the file `static/{file}` and a page would have one address");
    let told = Diagnostic::new(Code::DuplicateAddress, place, message)
        .label("this file would hide the page")
        .hint("rename it; how a page looks is said by its template, see `templates/`");
    match page.file.as_str() {
        "book.toml" => told,
        _ => told.other(page, what),
    }
}

/// Old addresses that lead nowhere, or back to themselves.
fn moved_astray(book: &Book<'_>, routes: &[(Route, Part, SitePath)]) -> Vec<Diagnostic> {
    let redirects = &book.config.redirect;
    if redirects.is_empty() {
        return Vec::new();
    }
    let pages = routes.iter().map(|(_, _, address)| address);
    let there: HashSet<&SitePath> = pages
        .chain(book.site.files())
        .chain(book.fixed.keys())
        .collect();
    let is_there = |path: &SitePath| {
        // Hosts strip the end of a page's name, and find the page of a folder.
        let ends = [format!("{path}.html"), format!("{path}/index.html")];
        let ends = ends.iter().filter_map(|path| SitePath::new(path).ok());
        there.contains(path) || ends.into_iter().any(|path| there.contains(&path))
    };
    let mut diagnostics = Vec::new();
    for (from, moved) in redirects {
        for to in moved.to.iter().chain(moved.anchors.values()) {
            let Some(target) = within(book, from, to) else {
                continue;
            };
            if is_page(&target) && !is_there(&target) {
                diagnostics.push(nowhere(moved.place.clone(), to, "no page has this address"));
            }
        }
        let next = |at: &SitePath| {
            let to = redirects.get(at)?.to.as_deref()?;
            within(book, at, to)
        };
        let steps = std::iter::successors(next(from), next).take(redirects.len());
        if let Some(to) = &moved.to
            && steps.into_iter().any(|at| at == *from)
        {
            let why = "it leads back to where it comes from";
            diagnostics.push(nowhere(moved.place.clone(), to, why));
        }
    }
    diagnostics
}

/// The file of the site that an address of `[output.html.redirect]` means; none for one elsewhere.
fn within(book: &Book<'_>, from: &SitePath, to: &str) -> Option<SitePath> {
    let base = at::base(book);
    let whole = book.config.whole_site_url();
    let below = whole.as_deref().and_then(|whole| to.strip_prefix(whole));
    let rooted = base.as_deref().and_then(|base| to.strip_prefix(base));
    let rooted = rooted.or_else(|| to.strip_prefix('/'));
    let path = below.or(rooted).unwrap_or(to);
    if path.contains(':') || path.starts_with('/') {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or("");
    let page = match path.is_empty() || path.ends_with('/') {
        true => format!("{path}index.html"),
        false => path.to_owned(),
    };
    match below.or(rooted) {
        Some(_) => SitePath::new(&page).ok(),
        None => from.sibling(&page).ok(),
    }
}

/// Whether an address is that of a page rather than of a file that others make.
fn is_page(path: &SitePath) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or("");
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_none_or(|extension| matches!(extension, "html" | "htm" | "md"))
}

fn nowhere(place: Place, to: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::BrokenLink, place, format!("`{to}` leads nowhere"))
        .label(why)
        .hint("write where the page is now from the root of the site, such as `/new.html`")
}

/// Where a page comes from, and what it is, to name it in a diagnostic.
pub(super) fn told(book: &Book<'_>, route: &Route) -> (Place, String) {
    let site = book.site;
    match route {
        Route::Briefing(id) => (site.briefings()[*id].place.clone(), "this briefing".into()),
        Route::Chapter(id) => (site.briefings()[*id].place.clone(), "this chapter".into()),
        Route::Moved(from) => (
            book.config.redirect[from].place.clone(),
            "an old address that leads elsewhere".into(),
        ),
        Route::Redirect(id) => (
            site.briefings()[*id].place.clone(),
            "an old address of this briefing".into(),
        ),
        Route::Actor(id) => (
            site.actors()[*id].place.clone(),
            "the page of this actor".into(),
        ),
        Route::Claim(id) => (
            site.claims()[*id].place.clone(),
            "the page of this claim".into(),
        ),
        Route::Embed(id) => (
            site.claims()[*id].place.clone(),
            "the page that shows this claim elsewhere".into(),
        ),
        Route::Source(id) => (
            site.sources()[*id].place.clone(),
            "the page of this source".into(),
        ),
        Route::Home
        | Route::Actors
        | Route::Claims
        | Route::Sources
        | Route::Timeline
        | Route::Network
        | Route::Print
        | Route::Tags
        | Route::Tag(_)
        | Route::Search
        | Route::Exports
        | Route::Contents
        | Route::NotFound => {
            let file = SitePath::new("book.toml").expect("a fixed path");
            (
                Place::new(&file, Span::default()),
                "a page that the tool makes".into(),
            )
        }
    }
}
