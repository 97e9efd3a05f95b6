//! The sitemap: all pages for crawlers, with the date of the last change if it is known.

use std::fmt::Write as _;

use super::{whole, xml};
use crate::index::routes;
use crate::index::{Route, Subject};
use crate::model::PartialDate;
use crate::page::Book;
use crate::text::SitePath;

/// The maximum number of URLs in one file, by the protocol.
const MOST: usize = 50_000;

/// Returns `sitemap.xml`; for a larger site, a sitemap index and its parts.
pub fn files(book: &Book<'_>, home: &str, pages: &[(Route, SitePath)]) -> Vec<(SitePath, Vec<u8>)> {
    let urls: Vec<String> = pages
        .iter()
        .filter(|(route, _)| route.profile().is_in_sitemap)
        .map(|(route, address)| url(book, home, route, address))
        .collect();
    let name = |name: &str| SitePath::known(name);
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
    let location = xml(&format!("{home}{}", routes::shown_as(address)));
    match changed(book, route) {
        Some(on) => {
            let on = on.machine();
            format!("<url><loc>{location}</loc><lastmod>{on}</lastmod></url>")
        }
        None => format!("<url><loc>{location}</loc></url>"),
    }
}

/// Returns the date of the last change of a page's content.
fn changed(book: &Book<'_>, route: &Route) -> Option<PartialDate> {
    let (site, facts) = (book.site, book.facts);
    match route.profile().own_subject() {
        Some(Subject::Briefing(id)) => {
            let briefing = &site.briefings()[id];
            briefing.updated.or(briefing.date)
        }
        Some(Subject::Claim(id)) => facts.standings[id].last_on,
        Some(Subject::Actor(id)) => {
            let last = facts.actor(id).timeline.last()?;
            Some(facts.timeline[*last].on)
        }
        Some(Subject::Source(_) | Subject::Tag(_)) => None,
        None => {
            let last = facts.timeline.last().map(|entry| entry.on);
            last.filter(|_| *route == Route::Timeline)
        }
    }
}
