//! The sitemap: every page for whoever gathers pages, with the day of its last change where the
//! record knows one.

use std::fmt::Write as _;

use super::{whole, xml};
use crate::model::PartialDate;
use crate::page::{self, Book, Route};
use crate::text::SitePath;

/// Addresses that one file may hold, by the protocol.
const MOST: usize = 50_000;

/// `sitemap.xml`; of a site with more pages than one may hold, a list of its parts, and these.
pub fn files(book: &Book<'_>, home: &str, pages: &[(Route, SitePath)]) -> Vec<(SitePath, Vec<u8>)> {
    let urls: Vec<String> = pages
        .iter()
        .filter(|(route, _)| is_listed(route))
        .map(|(route, address)| url(book, home, route, address))
        .collect();
    let name = |name: &str| SitePath::new(name).expect("a fixed path");
    if urls.len() <= MOST {
        return vec![(name("sitemap.xml"), wrapped("urlset", &urls))];
    }
    let parts = urls.chunks(MOST).enumerate();
    let mut files: Vec<(SitePath, Vec<u8>)> = parts
        .map(|(at, urls)| {
            let address = name(&format!("sitemap_{}.xml", at + 1));
            (address, wrapped("urlset", urls))
        })
        .collect();
    let listed: Vec<String> = files
        .iter()
        .map(|(address, _)| {
            format!(
                "<sitemap><loc>{}</loc></sitemap>",
                xml(&whole(home, address))
            )
        })
        .collect();
    files.push((name("sitemap.xml"), wrapped("sitemapindex", &listed)));
    files
}

fn wrapped(element: &str, lines: &[String]) -> Vec<u8> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let space = "http://www.sitemaps.org/schemas/sitemap/0.9";
    let _ = writeln!(text, "<{element} xmlns=\"{space}\">");
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    let _ = writeln!(text, "</{element}>");
    text.into_bytes()
}

fn url(book: &Book<'_>, home: &str, route: &Route, address: &SitePath) -> String {
    let location = xml(&format!("{home}{}", page::shown_as(address)));
    match changed(book, route) {
        Some(on) => {
            let on = on.machine();
            format!("<url><loc>{location}</loc><lastmod>{on}</lastmod></url>")
        }
        None => format!("<url><loc>{location}</loc></url>"),
    }
}

/// When what a page shows changed last.
fn changed(book: &Book<'_>, route: &Route) -> Option<PartialDate> {
    let (site, facts) = (book.site, book.facts);
    match route {
        Route::Briefing(id) => {
            let briefing = &site.briefings()[*id];
            briefing.updated.or(briefing.date)
        }
        Route::Claim(id) => facts.standings[*id].last_on,
        Route::Actor(id) => {
            let last = facts.actor(*id).timeline.last()?;
            Some(facts.timeline[*last].on)
        }
        Route::Timeline => facts.timeline.last().map(|entry| entry.on),
        Route::Home
        | Route::Actors
        | Route::Claims
        | Route::Embed(_)
        | Route::Source(_)
        | Route::Sources
        | Route::Network
        | Route::Print
        | Route::Exports
        | Route::Tag(_)
        | Route::Tags
        | Route::Search
        | Route::NotFound
        | Route::Redirect(_)
        | Route::Chapter(_)
        | Route::Contents
        | Route::Moved(_) => None,
    }
}

/// Pages that lead elsewhere, or show what another page shows, are not listed.
fn is_listed(route: &Route) -> bool {
    match route {
        Route::Home
        | Route::Briefing(_)
        | Route::Actor(_)
        | Route::Actors
        | Route::Claim(_)
        | Route::Claims
        | Route::Source(_)
        | Route::Sources
        | Route::Timeline
        | Route::Network
        | Route::Exports
        | Route::Tag(_)
        | Route::Tags => true,
        Route::Embed(_)
        | Route::Search
        | Route::Print
        | Route::NotFound
        | Route::Redirect(_)
        | Route::Chapter(_)
        | Route::Contents
        | Route::Moved(_) => false,
    }
}
