//! Long lists are split into several pages.

use super::facts::Facts;
use super::routes::{self, Route};
use crate::config::Config;
use crate::model::{Dialect, Site};
use crate::text::SitePath;

/// The maximum number of entries of a list on one page. Longer lists are split into several pages,
/// so that no page takes long to load or to render.
pub const MOST: usize = 250;

/// The part of a long list on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Part {
    /// From 0.
    pub number: usize,
    /// The number of parts.
    pub of: usize,
}

impl Part {
    /// Returns the entries of this part.
    pub fn slice<'l, T>(&self, list: &'l [T]) -> &'l [T] {
        let from = self.from().min(list.len());
        &list[from..(from + MOST).min(list.len())]
    }

    /// Returns the index of its first entry in the whole list.
    pub fn from(&self) -> usize {
        self.number * MOST
    }

    pub fn is_first(&self) -> bool {
        self.number == 0
    }
}

/// Returns the address of a part: `timeline.html`, then `timeline_2.html`. No id has an underscore.
pub fn part_address(first: &SitePath, number: usize) -> SitePath {
    match (number, first.as_str().strip_suffix(".html")) {
        (0, _) | (_, None) => first.clone(),
        (number, Some(stem)) => routes::path(&format!("{stem}_{}.html", number + 1)),
    }
}

/// Returns every page of the book with its parts, in a fixed order.
pub fn parts(site: &Site, config: &Config, facts: &Facts) -> Vec<(Route, Part, SitePath)> {
    let routes = routes::routes(site, config).into_iter();
    let in_parts = routes.flat_map(|(route, address)| {
        let of = parts_of(&route, site, facts);
        (0..of).map(move |number| {
            let address = part_address(&address, number);
            (route.clone(), Part { number, of }, address)
        })
    });
    in_parts.collect()
}

/// Returns the number of parts of a page.
pub fn parts_of(route: &Route, site: &Site, facts: &Facts) -> usize {
    longest_list(route, site, facts).div_ceil(MOST).max(1)
}

/// Returns the length of the longest list of a page that can be split.
fn longest_list(route: &Route, site: &Site, facts: &Facts) -> usize {
    match route {
        Route::Home => match site.dialect() {
            Dialect::Annotated => {
                let orders = &facts.orders;
                orders.briefings.len().max(orders.waiting.len())
            }
            Dialect::Plain => 0,
        },
        Route::Actor(id) => facts.actor(*id).longest_list(),
        Route::Source(id) => {
            let uses = &facts.sources[id.index()];
            let longest = uses.positions.len().max(uses.events.len());
            longest.max(uses.cited_in.len())
        }
        Route::Actors => facts.orders.glossary.len(),
        Route::Claims => site.claims().len(),
        Route::Sources => site.sources().len(),
        Route::Timeline => facts.timeline.len(),
        Route::Network => facts.network.edges.len(),
        Route::Tag(tag) => facts
            .tags
            .get(tag)
            .map_or(0, |tagged| tagged.briefings.len().max(tagged.claims.len())),
        Route::Briefing(_)
        | Route::Chapter(_)
        | Route::Contents
        | Route::Moved(_)
        | Route::Claim(_)
        | Route::Embed(_)
        | Route::Print
        | Route::Tags
        | Route::Search
        | Route::Exports
        | Route::NotFound
        | Route::Redirect(_) => 0,
    }
}
