//! What a site says to others beside its pages: feeds, the sitemap, and what a program is told of
//! how to show a claim.
//!
//! All but the inventory needs whole addresses, so that a book that does not say where it lies has
//! none of it.
//! Like a page, nothing here tells a claim without how it stands. A file of the author's of the
//! same name wins, as with pages.

mod atom;
mod inventory;
mod json;
mod news;
mod oembed;
mod sitemap;

use std::collections::HashSet;

use rayon::prelude::*;

use crate::config::Config;
use crate::model::Dialect;
use crate::page::{self, Book};
use crate::text::SitePath;
pub use inventory::file as inventory;
use news::Teller;

/// Who is given each file: its address, and what lies there.
pub type Take<'a> = &'a (dyn Fn(SitePath, Vec<u8>) + Sync);

/// Makes all that others read of a book, and gives it to `take`: from many threads and in no
/// order. No address comes twice.
pub fn each(book: &Book<'_>, take: Take<'_>) {
    let Some(home) = home(book.config, book.site.dialect()) else {
        return;
    };
    let pages = page::addresses(book);
    // An old address that leads elsewhere may be one of ours.
    let taken: HashSet<&SitePath> = pages.iter().map(|(_, address)| address).collect();
    let take = |address: SitePath, bytes: Vec<u8>| {
        if !taken.contains(&address) {
            take(address, bytes);
        }
    };
    let feeds = page::feeds(book);
    if !feeds.is_empty() {
        let teller = Teller::new(book, &home);
        feeds.par_iter().for_each(|(feed, news)| {
            let channel = teller.channel(feed, news);
            let atom = feed.address(book, "xml");
            take(atom.clone(), atom::feed(&channel, &whole(&home, &atom)));
            let json = feed.address(book, "json");
            take(json.clone(), json::feed(&channel, &whole(&home, &json)));
        });
    }
    for (address, bytes) in sitemap::files(book, &home, &pages) {
        take(address, bytes);
    }
    book.site
        .claims()
        .ids()
        .collect::<Vec<_>>()
        .into_par_iter()
        .for_each(|id| {
            let (address, bytes) = oembed::file(book, &home, id);
            take(address, bytes);
        });
}

/// Whether a book has a sitemap.
pub fn has_sitemap(config: &Config, dialect: Dialect) -> bool {
    home(config, dialect).is_some()
}

/// Where the site lies, for a book that others read more of than pages. One for mdBook gives what
/// mdBook gives.
fn home(config: &Config, dialect: Dialect) -> Option<String> {
    let url = config.whole_site_url();
    url.filter(|_| dialect == Dialect::Annotated)
}

/// The whole address of a file of the site.
fn whole(home: &str, path: &SitePath) -> String {
    format!("{home}{}", path.address())
}

/// Text in XML. What XML 1.0 has no place for, in no spelling, is left out.
fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // A line end in an attribute would come out as a space.
            '\n' | '\t' => escaped.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
