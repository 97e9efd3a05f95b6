//! The repository's own book: it builds without a word, and its pages are whole.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{Html, Selector};
use whosaid::text::SitePath;

use crate::book::{Book, build, inputs};
use crate::repository;

fn sample() -> Book {
    build(inputs(repository::sample()))
}

/// Every page of a site, parsed.
fn pages(book: &Book) -> BTreeMap<String, Html> {
    let pages = book
        .build
        .outputs
        .iter()
        .filter(|(path, _)| path.extension() == "html");
    pages
        .map(|(path, bytes)| {
            let text = std::str::from_utf8(bytes).expect("pages are UTF-8");
            (path.to_string(), Html::parse_document(text))
        })
        .collect()
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).expect("a selector in a test")
}

/// The values of an attribute, in page order.
fn values<'a>(page: &'a Html, selector: &str, attribute: &str) -> Vec<&'a str> {
    let selector = select(selector);
    page.select(&selector)
        .filter_map(|element| element.value().attr(attribute))
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .filter(|_| *byte == b'%')
        {
            Some(decoded) => {
                bytes.push(decoded);
                rest = &after[2..];
            }
            None => {
                bytes.push(*byte);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).expect("UTF-8 in an address")
}

#[test]
fn the_sample_builds_without_a_word() {
    let book = sample();
    assert!(book.build.diagnostics.is_empty(), "{}", book.report());
}

#[test]
fn the_sample_is_as_large_as_a_sample_must_be() {
    let book = sample();
    let counts = book.build.counts;
    assert!(counts.briefings > 4, "{counts:?}");
    assert!(
        counts.actors >= 25 && counts.claims >= 25 && counts.sources >= 15,
        "{counts:?}"
    );
    let pages = pages(&book);
    let entries = values(&pages["timeline.html"], "main time[datetime]", "datetime");
    assert!(entries.len() >= 20, "{} timeline entries", entries.len());
}

#[test]
fn every_internal_link_and_fragment_lands() {
    let book = sample();
    let faults = dangling(&book);
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The links of all pages that lead nowhere.
fn dangling(book: &Book) -> Vec<String> {
    let pages = pages(book);
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, page)| {
            (
                path.as_str(),
                values(page, "[id]", "id").into_iter().collect(),
            )
        })
        .collect();
    let mut faults = Vec::new();
    for (path, page) in &pages {
        let here = SitePath::new(path).expect("an address");
        let links = values(page, "[href]", "href");
        for link in links.into_iter().chain(values(page, "[src]", "src")) {
            if link.contains("://") || link.starts_with("mailto:") || link.starts_with("data:") {
                continue;
            }
            let (target, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = match target {
                "" => here.to_string(),
                // 404.html may be served anywhere: its links begin at the root.
                target => match here.sibling(&decoded(target.trim_start_matches('/'))) {
                    Ok(target) => target.to_string(),
                    Err(why) => {
                        faults.push(format!("{path}: {link}: {why}"));
                        continue;
                    }
                },
            };
            let found = SitePath::new(&target)
                .ok()
                .filter(|t| book.build.outputs.contains_key(t));
            let has_anchor = || {
                ids.get(target.as_str())
                    .is_some_and(|ids| ids.contains(decoded(fragment).as_str()))
            };
            if found.is_none() {
                faults.push(format!("{path}: {link}: no such page"));
            } else if !fragment.is_empty() && !has_anchor() {
                faults.push(format!("{path}: {link}: no such anchor"));
            }
        }
    }
    faults
}

#[test]
fn a_link_that_leads_nowhere_would_be_found() {
    let mut book = sample();
    let page = SitePath::new("claims/exch-mss.html").expect("an address");
    book.build.outputs.remove(&page).expect("the page is there");
    assert!(!dangling(&book).is_empty());
}

#[test]
fn no_page_has_an_error_a_double_id_or_a_reference_to_nothing() {
    let book = sample();
    let mut faults = Vec::new();
    for (path, page) in pages(&book) {
        faults.extend(page.errors.iter().map(|error| format!("{path}: {error}")));
        let ids = values(&page, "[id]", "id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        if unique.len() != ids.len() {
            let mut seen = BTreeSet::new();
            faults.extend(
                ids.iter()
                    .filter(|id| !seen.insert(**id))
                    .map(|id| format!("{path}: double id {id}")),
            );
        }
        for attribute in [
            "aria-details",
            "aria-labelledby",
            "aria-describedby",
            "popovertarget",
            "for",
            "headers",
            "data-card",
        ] {
            for value in values(&page, &format!("[{attribute}]"), attribute) {
                let missing = value.split_whitespace().filter(|id| !unique.contains(id));
                faults.extend(missing.map(|id| format!("{path}: {attribute} names {id}")));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_page_has_one_title_one_h1_and_headings_in_order() {
    let book = sample();
    let mut titles: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, page) in pages(&book) {
        let title: String = page
            .select(&select("title"))
            .flat_map(|title| title.text())
            .collect();
        if let Some(other) = titles.insert(title.clone(), path.clone()) {
            faults.push(format!("{path} and {other} have the title {title}"));
        }
        if page.select(&select("html[lang]")).count() != 1 {
            faults.push(format!("{path}: no language"));
        }
        let levels: Vec<u32> = page
            .select(&select("h1, h2, h3, h4, h5, h6"))
            .filter_map(|heading| heading.value().name()[1..].parse().ok())
            .collect();
        if levels.iter().filter(|level| **level == 1).count() != 1 {
            faults.push(format!("{path}: headings {levels:?}"));
        }
        if levels.windows(2).any(|pair| pair[1] > pair[0] + 1) {
            faults.push(format!("{path}: a level is skipped in {levels:?}"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn no_page_runs_or_styles_anything_inline_or_loads_from_elsewhere() {
    let book = sample();
    let mut faults = Vec::new();
    for (path, page) in pages(&book) {
        for element in page.select(&select("*")) {
            let element = element.value();
            for (name, value) in element.attrs() {
                let loads = matches!(
                    (element.name(), name),
                    (_, "src" | "srcset" | "poster" | "data") | ("link", "href")
                );
                let is_canonical = element.attr("rel") == Some("canonical");
                if name == "style" || name.starts_with("on") {
                    faults.push(format!("{path}: <{} {name}>", element.name()));
                }
                if loads && value.contains("//") && !is_canonical {
                    faults.push(format!("{path}: <{} {name}={value}>", element.name()));
                }
                if value
                    .trim_start()
                    .to_ascii_lowercase()
                    .starts_with("javascript:")
                {
                    faults.push(format!("{path}: {value}"));
                }
            }
            if matches!(element.name(), "style" | "iframe" | "object" | "embed") {
                faults.push(format!("{path}: <{}>", element.name()));
            }
        }
        let inline = select("script:not([src])");
        let scripts = page.select(&inline);
        faults.extend(scripts.map(|_| format!("{path}: a script within the page")));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Whether the page at `from` has a link to the page `to`.
fn links(pages: &BTreeMap<String, Html>, from: &str, to: &str) -> bool {
    let here = SitePath::new(from).expect("an address");
    let to = SitePath::new(to).expect("an address");
    values(&pages[from], "main a[href]", "href")
        .iter()
        .any(|href| {
            let target = href.split('#').next().unwrap_or("");
            !target.is_empty()
                && !target.contains("://")
                && here.sibling(target).is_ok_and(|target| target == to)
        })
}

#[test]
fn links_lead_both_ways() {
    let book = sample();
    let pages = pages(&book);
    let mut faults = Vec::new();
    let mut checked = 0;
    for (path, page) in pages
        .iter()
        .filter(|(path, _)| path.starts_with("claims/") && *path != "claims/index.html")
    {
        let here = SitePath::new(path).expect("an address");
        let parties = values(page, ".positions h3 a[href]", "href");
        let sources = values(page, ".positions a[href*=\"sources/\"]", "href");
        for href in parties.iter().chain(&sources) {
            let target = here
                .sibling(href.split('#').next().unwrap_or(""))
                .expect("an address");
            checked += 1;
            if !links(&pages, target.as_str(), path) {
                faults.push(format!(
                    "{path} links to {target}, which does not link back"
                ));
            }
        }
    }
    assert!(checked > 100, "only {checked} links were checked");
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn the_weaker_words_are_positions_of_their_own() {
    let book = sample();
    let signature = |claim: &str, actor: &str| {
        let page = Html::parse_document(book.page(&format!("claims/{claim}.html")));
        let positions = page.select(&select(".positions > li")).find(|position| {
            position
                .select(&select("h3 a"))
                .any(|link| link.value().attr("href") == Some(&format!("../actors/{actor}.html")))
        });
        positions
            .and_then(|position| position.value().attr("class").map(str::to_string))
            .unwrap_or_default()
    };
    assert!(signature("exch-mss", "white-house").contains("says"));
    assert!(signature("exch-mss", "biden").contains("part"));
    assert!(signature("exch-state", "fcdo").contains("says"));
    assert!(signature("exch-state", "eu").contains("part"));
    assert!(signature("exch-state", "nato").contains("silent"));
    assert!(signature("exch-state", "prc-mfa").contains("denies"));
}
