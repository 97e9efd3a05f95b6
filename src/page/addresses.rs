//! Checks the addresses of a site: duplicates, and redirects without a target.

use std::collections::{BTreeMap, HashSet};

use super::context;
use super::{Book, Route};
use crate::diag::{Code, Diagnostic};
use crate::index::Part;
use crate::index::profile::Subject;
use crate::text::{Place, SitePath};

/// Reports pages with the same address, pages that a file would replace, and redirects without a
/// target.
pub(super) fn check(book: &Book<'_>, routes: &[(Route, Part, SitePath)]) -> Vec<Diagnostic> {
    let mut diagnostics = colliding(book, routes);
    diagnostics.extend(moved_astray(book, routes));
    diagnostics
}

/// Reports two pages with one address, once and with both. Some hosts ignore case in addresses.
fn colliding(book: &Book<'_>, routes: &[(Route, Part, SitePath)]) -> Vec<Diagnostic> {
    let mut taken: BTreeMap<String, &Route> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for (route, _, address) in routes {
        let key = crate::text::fold(address.as_str());
        if let Some(other) = taken.get(&key) {
            // The author's own file first; a generated page has no place.
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
                format!("duplicate page address `{address}`"),
            )
            .label(what)
            .hint(if is_moved {
                "remove the address from `[output.html.redirect]`: an existing page has it"
            } else if is_ours {
                "rename the file: whosaid generates a page with this address"
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
            let message = format!("duplicate address: the file `{file}` and a page");
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
    let message = format!("duplicate address: the file `static/{file}` and a page");
    let told = Diagnostic::new(Code::DuplicateAddress, place, message)
        .label("this file would replace the page")
        .hint("rename the file; to change how a page looks, override its template in `templates/`");
    match page.file.as_str() {
        "book.toml" => told,
        _ => told.other(page, what),
    }
}

/// Reports redirects without a target, and cycles.
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
        // Hosts remove the extension of a page, and serve the index of a folder.
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
            let why = "this redirect leads back to its own address";
            diagnostics.push(nowhere(moved.place.clone(), to, why));
        }
    }
    diagnostics
}

/// Returns the file of the site for a target in `[output.html.redirect]`; `None` for other sites.
fn within(book: &Book<'_>, from: &SitePath, to: &str) -> Option<SitePath> {
    let base = context::base(book);
    let whole = book.config.whole_site_url();
    let below = whole.as_deref().and_then(|whole| to.strip_prefix(whole));
    let rooted = base.as_deref().and_then(|base| to.strip_prefix(base));
    let rooted = rooted.or_else(|| to.strip_prefix('/'));
    let path = below.or(rooted).unwrap_or(to);
    if path.contains(':') || path.starts_with('/') {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or("");
    let page = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    };
    match below.or(rooted) {
        Some(_) => SitePath::new(&page).ok(),
        None => from.sibling(&page).ok(),
    }
}

/// True if an address is that of a page, and not of another file.
fn is_page(path: &SitePath) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or("");
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_none_or(|extension| matches!(extension, "html" | "htm" | "md"))
}

fn nowhere(place: Place, to: &str, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BrokenLink,
        place,
        format!("broken redirect to `{to}`"),
    )
    .label(why)
    .hint("write the new address of the page from the root of the site, such as `/new.html`")
}

/// Returns the place and description of a page, for diagnostics.
pub(super) fn told(book: &Book<'_>, route: &Route) -> (Place, String) {
    let site = book.site;
    let profile = route.profile();
    let place = match (profile.subject, route) {
        (Some(Subject::Briefing(id)), _) => site.briefings()[id].place.clone(),
        (Some(Subject::Actor(id)), _) => site.actors()[id].place.clone(),
        (Some(Subject::Claim(id)), _) => site.claims()[id].place.clone(),
        (Some(Subject::Source(id)), _) => site.sources()[id].place.clone(),
        (None, Route::Moved(from)) => book.config.redirect[from].place.clone(),
        (Some(Subject::Tag(_)) | None, _) => Place::whole(&SitePath::known("book.toml")),
    };
    (place, profile.described.into())
}
