//! What a site offers besides pages: feeds, the sitemap, the inventory, and oEmbed.
//!
//! All but the inventory need absolute URLs, so they are generated only if `site-url` is one. As on
//! pages, a claim never appears without its status. A file of the author with the same name takes
//! precedence, as for pages.

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
use crate::text::{Markup, SitePath, escaped};
pub use inventory::file as inventory;
use news::Teller;

/// Receives each file: its address and its bytes.
pub type Take<'a> = &'a (dyn Fn(SitePath, Vec<u8>) + Sync);

/// Generates all files and passes them to `take`, from many threads and in no particular order. No
/// address occurs twice.
pub fn each(book: &Book<'_>, take: Take<'_>) {
    let Some(home) = home(book.config, book.site.dialect()) else {
        return;
    };
    let pages = page::addresses(book);
    // A redirect can have the address of one of these files.
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

/// True if a book has a sitemap.
pub fn has_sitemap(config: &Config, dialect: Dialect) -> bool {
    home(config, dialect).is_some()
}

/// Returns the address of the site, for an annotated book. A plain mdBook book gets only the files
/// that mdBook generates.
fn home(config: &Config, dialect: Dialect) -> Option<String> {
    let url = config.whole_site_url();
    url.filter(|_| dialect == Dialect::Annotated)
}

/// Returns the absolute URL of a file of the site.
fn whole(home: &str, path: &SitePath) -> String {
    format!("{home}{}", path.address())
}

/// Escapes text for XML.
fn xml(text: &str) -> String {
    escaped(text, Markup::DoubleQuoted)
}

#[cfg(test)]
mod tests;
