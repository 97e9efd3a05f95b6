//! The repository's own book: it builds without diagnostics, every link leads to a page, and every
//! page is valid.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::book::{self, Book};
use crate::dom::{Element, Page};
use crate::repository;
use whosaid::config::Config;
use whosaid::link;
use whosaid::model::{Actor, Id, Site};
use whosaid::parse::{self, DocKind, Draft, Reading, bibliography};
use whosaid::text::{SitePath, SourceText};

/// The address at which the sample says it is published.
const HOME: &str = "https://exchange-record.example/";

/// The sample, built and parsed once for all tests.
struct Sample {
    book: Book,
    /// Its pages, by address.
    pages: BTreeMap<String, Page>,
}

fn sample() -> &'static Sample {
    static SAMPLE: OnceLock<Sample> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let book = book::build(book::inputs(repository::sample()));
        let outputs = book.build.outputs.iter();
        let pages = outputs
            .filter(|(path, _)| path.extension() == "html")
            .map(|(path, bytes)| {
                let html = std::str::from_utf8(bytes).expect("pages are UTF-8");
                (path.to_string(), Page::parse(html))
            })
            .collect();
        Sample { book, pages }
    })
}

/// Fails with every mistake that `find` returns for a page.
fn on_every_page(find: impl Fn(&str, &Page, &mut Vec<String>)) {
    let mut faults = Vec::new();
    for (address, page) in &sample().pages {
        let mut found = Vec::new();
        find(address, page, &mut found);
        faults.extend(found.into_iter().map(|fault| format!("{address}: {fault}")));
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// Returns the target of an address on a page: a file of the site and a fragment; `None` for
/// addresses on other sites.
fn target(from: &str, href: &str) -> Option<Result<(String, String), String>> {
    // The page for missing addresses is shown at any depth, so its links begin at the root.
    let rooted = href
        .strip_prefix(HOME)
        .or_else(|| href.strip_prefix('/').filter(|_| from == "404.html"));
    if let Some(rooted) = rooted {
        let (path, fragment) = rooted.split_once('#').unwrap_or((rooted, ""));
        let is_folder = path.is_empty() || path.ends_with('/');
        let path = format!("{path}{}", if is_folder { "index.html" } else { "" });
        let path = SitePath::new(&decoded(&path)).map_err(|_| format!("`{href}` is no address"));
        return Some(path.map(|path| (path.to_string(), decoded(fragment))));
    }
    let has_scheme = href
        .split_once(':')
        .is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphanumeric()));
    if has_scheme {
        return None;
    }
    let (path, fragment) = href.split_once('#').unwrap_or((href, ""));
    let path = path.split('?').next().unwrap_or("");
    let fragment = decoded(fragment);
    if path.is_empty() {
        return Some(Ok((from.to_string(), fragment)));
    }
    let from = SitePath::new(from).expect("an address");
    let resolved = if path.starts_with('/') {
        Err(format!("`{href}` begins at the root of a host"))
    } else {
        from.sibling(&decoded(path))
            .map_err(|_| format!("`{href}` leads out of the site"))
    };
    Some(resolved.map(|path| (path.to_string(), fragment)))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).expect("addresses are UTF-8")
}

/// Returns every address that an element links to or loads.
fn addresses(element: Element<'_>) -> Vec<String> {
    let mut addresses: Vec<String> = element
        .attrs()
        .filter(|(name, _)| ["href", "src", "action", "poster", "data"].contains(name))
        .map(|(_, value)| value.to_string())
        .collect();
    for part in element.attr("srcset").unwrap_or("").split(',') {
        addresses.extend(part.split_whitespace().next().map(str::to_string));
    }
    if element.attr("http-equiv") == Some("refresh") {
        let content = element.attr("content").unwrap_or("");
        let (_, address) = content
            .split_once("url=")
            .expect("a refresh has an address");
        addresses.push(address.to_string());
    }
    addresses
}

#[test]
fn the_book_builds_without_a_word() {
    assert_eq!(sample().book.report(), "");
}

#[test]
fn the_book_is_as_large_as_the_readme_says() {
    let counts = sample().book.build.counts;
    assert!(counts.briefings >= 4, "{counts:?}");
    assert!(counts.actors >= 25, "{counts:?}");
    assert!(counts.claims >= 25, "{counts:?}");
    assert!(counts.sources >= 15, "{counts:?}");
    let timeline = &sample().pages["timeline.html"];
    let main = timeline.all("main").next().expect("a page has a main part");
    let entries = main.elements().filter(|element| {
        element.name() == "li" && element.elements().any(|it| it.name() == "time")
    });
    let entries = entries.count();
    assert!(entries >= 20, "{entries} entries on the timeline");
}

/// Results about the internal links of all pages.
#[derive(Default)]
struct Landings {
    links: usize,
    fragments: usize,
    faults: Vec<String>,
}

/// Follows every internal link, in a site without the file `missing`.
fn landings(missing: &str) -> Landings {
    let site = sample();
    let mut found = Landings::default();
    for (address, page) in &site.pages {
        for href in page.elements().flat_map(addresses) {
            let (path, fragment) = match target(address, &href) {
                None => continue,
                Some(Ok(target)) => target,
                Some(Err(fault)) => {
                    found.faults.push(format!("{address}: {fault}"));
                    continue;
                }
            };
            found.links += 1;
            let file = SitePath::new(&path).expect("an address");
            let is_there = path != missing && site.book.build.outputs.contains_key(&file);
            if !is_there {
                let fault = format!("{address}: `{href}` leads nowhere");
                found.faults.push(fault);
            } else if !fragment.is_empty() {
                found.fragments += 1;
                let target = site.pages.get(&path);
                if !target.is_some_and(|page| page.has_id(&fragment)) {
                    let fault = format!("{address}: `{href}` has no such anchor");
                    found.faults.push(fault);
                }
            }
        }
    }
    found
}

#[test]
fn every_internal_link_and_fragment_lands() {
    let Landings {
        links,
        fragments,
        faults,
    } = landings("");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(links > 2000, "only {links} links were found");
    assert!(fragments > 500, "only {fragments} fragments were found");
}

#[test]
fn a_link_that_leads_nowhere_would_be_found() {
    let faults = landings("claims/exch-mss.html").faults;
    assert!(faults.len() > 3, "{faults:?}");
    let outputs = &sample().book.build.outputs;
    let sheet = outputs
        .keys()
        .find(|path| path.as_str().starts_with("whosaid-") && path.extension() == "css");
    let faults = landings(sheet.expect("a style sheet").as_str()).faults;
    assert_eq!(faults.len(), sample().pages.len(), "{faults:?}");
}

#[test]
fn the_weaker_words_are_positions_of_their_own() {
    let class = |claim: &str, actor: &str| {
        let page = &sample().pages[&format!("claims/{claim}.html")];
        let actor = format!("../actors/{actor}.html");
        let holds = |position: &Element<'_>| {
            let headings = position.elements().filter(|it| it.name() == "h3");
            let mut links = headings.flat_map(Element::elements);
            links.any(|link| link.attr("href") == Some(&actor))
        };
        let lists = page.elements().filter(|it| it.has_class("positions"));
        let mut positions = lists
            .flat_map(Element::elements)
            .filter(|it| it.name() == "li");
        let position = positions.find(holds);
        let position = position.unwrap_or_else(|| panic!("{actor} is not on {claim}"));
        position.attr("class").unwrap_or("").to_string()
    };
    for (claim, actor, expected) in [
        ("exch-mss", "white-house", "says"),
        ("prc-protects", "biden", "says"),
        ("exch-state", "fcdo", "says"),
        ("exch-state", "new-zealand", "part"),
        ("exch-territory", "eu", "says"),
        ("exch-state", "nato", "silent"),
        ("exch-state", "prc-mfa", "denies"),
    ] {
        let class = class(claim, actor);
        let mut classes = class.split_whitespace();
        assert!(
            classes.any(|it| it == expected),
            "{claim}: {actor} is `{class}`"
        );
    }
}

#[test]
fn a_page_that_is_nowhere_links_from_the_root_that_the_book_names() {
    let mut files = repository::sample();
    let path = SitePath::new("book.toml").expect("a path");
    let text = String::from_utf8(files[&path].to_vec()).expect("UTF-8");
    let elsewhere = text.replace(HOME, "https://desk.example/said/");
    assert_ne!(elsewhere, text);
    files.insert(path, elsewhere.into_bytes().into());
    let book = book::build(book::inputs(files));
    let page = Page::parse(book.page("404.html"));
    let mut seen = 0;
    for element in page.elements() {
        for href in addresses(element) {
            let whole = ["#", "mailto:", "https://desk.example/said/"];
            if whole.iter().any(|start| href.starts_with(start)) {
                continue;
            }
            let below = href.strip_prefix("/said/");
            let below = below.unwrap_or_else(|| panic!("`{href}` depends on where it is shown"));
            let file = below.split('#').next().unwrap_or(below);
            let file = SitePath::new(file).expect("a path");
            assert!(book.build.outputs.contains_key(&file), "{href}");
            seen += 1;
        }
    }
    assert!(seen >= 5, "only {seen} links on 404.html");
}

#[test]
fn no_id_is_given_twice() {
    on_every_page(|_, page, faults| {
        let mut seen = BTreeSet::new();
        for id in page.ids() {
            if !seen.insert(id) {
                faults.push(format!("duplicate id `{id}`"));
            }
            if id.is_empty() || id.contains(char::is_whitespace) {
                faults.push(format!("`{id}` is no id"));
            }
        }
    });
}

#[test]
fn no_reference_within_a_page_dangles() {
    const REFERENCES: [&str; 12] = [
        "aria-activedescendant",
        "aria-controls",
        "aria-describedby",
        "aria-details",
        "aria-errormessage",
        "aria-flowto",
        "aria-labelledby",
        "aria-owns",
        "commandfor",
        "data-card",
        "for",
        "popovertarget",
    ];
    on_every_page(|_, page, faults| {
        for element in page.elements() {
            for (name, value) in element.attrs() {
                if !REFERENCES.contains(&name) && name != "headers" {
                    continue;
                }
                for id in value.split_whitespace() {
                    if !page.has_id(id) {
                        faults.push(format!("`{name}` names `{id}`, which is not there"));
                    }
                }
                if value.trim().is_empty() {
                    faults.push(format!("`{name}` names nothing"));
                }
            }
        }
    });
    let has = |name: &str| {
        let mut elements = sample().pages.values().flat_map(Page::elements);
        elements.any(|element| element.attr(name).is_some())
    };
    assert!(has("aria-details") && has("popovertarget") && has("data-card"));
}

#[test]
fn no_page_needs_a_browsers_forgiveness() {
    on_every_page(|_, page, faults| faults.extend(page.errors.iter().cloned()));
}

#[test]
fn every_page_has_one_heading_a_title_of_its_own_and_a_language() {
    let mut titles: BTreeMap<String, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for (address, page) in &sample().pages {
        let headings = page.all("h1").count();
        if headings != 1 {
            faults.push(format!("{address} has {headings} `h1`"));
        }
        // Drawings also have titles.
        let head = page.all("head").next().expect("a page has a head");
        let found = head.elements().filter(|element| element.name() == "title");
        let found: Vec<String> = found.map(Element::text).collect();
        match found.as_slice() {
            [title] if !title.is_empty() => {
                if let Some(other) = titles.insert(title.clone(), address) {
                    faults.push(format!("{address} and {other} have the title `{title}`"));
                }
            }
            titles => faults.push(format!("{address} has the titles {titles:?}")),
        }
        let language = page.all("html").next().and_then(|html| html.attr("lang"));
        if language != Some("en") {
            faults.push(format!("{address} has the language {language:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_heading_skips_a_level() {
    on_every_page(|_, page, faults| {
        let mut before = 0;
        for element in page.elements() {
            let level = match element.name().as_bytes() {
                [b'h', level @ b'1'..=b'6'] => level - b'0',
                _ => continue,
            };
            if level > before + 1 {
                let words = element.text();
                faults.push(format!("`{words}` is of level {level} after {before}"));
            }
            before = level;
        }
    });
}

#[test]
fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    on_every_page(|address, page, faults| {
        for element in page.elements() {
            let name = element.name();
            if matches!(name, "style" | "base" | "iframe" | "object" | "embed") {
                faults.push(format!("holds `<{name}>`"));
            }
            // A browser does not run a script of this type: it is data.
            let is_data = element.attr("type") == Some("application/ld+json");
            let is_inline = element.attr("src").is_none() || !element.text().is_empty();
            if name == "script" && is_inline && !is_data {
                faults.push("holds an inline script".to_string());
            }
            for (attr, value) in element.attrs() {
                if attr == "style" || attr.starts_with("on") {
                    faults.push(format!("`{name}` has `{attr}`"));
                }
                if value
                    .trim_start()
                    .to_ascii_lowercase()
                    .starts_with("javascript:")
                {
                    faults.push(format!("`{attr}` is a script"));
                }
            }
            let relation = element.attr("rel").unwrap_or("");
            let is_loaded = match name {
                "a" | "area" => false,
                "link" => relation != "canonical",
                _ => true,
            };
            for href in addresses(element) {
                if is_loaded && target(address, &href).is_none() {
                    faults.push(format!("`{name}` loads `{href}`"));
                }
            }
        }
    });
}

/// Returns the sample after `link`, to compare the pages with what was stated, independent of the
/// templates.
pub fn site() -> Site {
    let reading = Reading {
        dialect: whosaid::model::Dialect::Annotated,
        annotated: true,
        wikilinks: true,
        smart_punctuation: true,
        definition_lists: true,
        alerts: true,
        is_vault: false,
    };
    let files = repository::sample();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut bibliographies = Vec::new();
    let mut others = Vec::new();
    let source = SitePath::new("content").expect("a path");
    for (path, bytes) in &files {
        let Some(below) = path.below(&source) else {
            continue;
        };
        let kind = match below.as_str().split_once('/') {
            Some(("actors", _)) => DocKind::Actor,
            Some(("claims", _)) => DocKind::Claim,
            Some(("sources", _)) => DocKind::Source,
            _ => DocKind::Briefing,
        };
        let text = || std::str::from_utf8(bytes).expect("the sample is UTF-8");
        match path.extension() {
            "md" => drafts.push(parse::draft(kind, SourceText::new(path, text()), &reading)),
            "bib" => bibliographies.push(bibliography::read(&SourceText::new(path, text()))),
            _ => others.push(below),
        }
    }
    let (site, said) = link::site(&link::Book {
        drafts: &drafts.iter().collect::<Vec<_>>(),
        bibliographies: &bibliographies,
        sites: &[],
        source,
        files: others,
        unpublished: Vec::new(),
        withheld: Default::default(),
        pages: whosaid::index::routes::tool_pages(
            whosaid::model::Dialect::Annotated,
            &Config::default(),
            1,
        ),
        autolink: false,
        language: "en",
        is_vault: false,
        dialect: whosaid::model::Dialect::Annotated,
        contents: None,
        not_found: None,
        readme_is_index: true,
        shows_html: false,
    });
    assert!(said.is_empty(), "{said:?}");
    site
}

/// Returns the pages that the main part of the page at `address` links to.
fn linked_from(address: &str) -> BTreeSet<String> {
    let page = sample().pages.get(address);
    let page = page.unwrap_or_else(|| panic!("there is no {address}"));
    let main = page.all("main").next().expect("a page has a main part");
    let links = main.elements().filter(|element| element.name() == "a");
    links
        .filter_map(|link| target(address, link.attr("href")?)?.ok())
        .map(|(path, _)| path)
        .collect()
}

/// Links between pages, by address.
struct Links(BTreeMap<String, BTreeSet<String>>);

impl Links {
    fn of_the_sample() -> Links {
        let pages = sample().pages.keys();
        Links(
            pages
                .map(|address| (address.clone(), linked_from(address)))
                .collect(),
        )
    }

    /// Adds a message if one of the two pages does not link to the other.
    fn both(&self, a: &str, b: &str, why: &str, faults: &mut BTreeSet<String>) {
        for (from, to) in [(a, b), (b, a)] {
            if !self.0.get(from).is_some_and(|links| links.contains(to)) {
                faults.insert(format!("{from} does not link {to}: {why}"));
            }
        }
    }
}

fn report(faults: &BTreeSet<String>) -> String {
    faults.iter().cloned().collect::<Vec<_>>().join("\n")
}

#[test]
fn claims_and_their_parties_and_sources_link_each_other() {
    let site = site();
    let links = Links::of_the_sample();
    let mut faults = BTreeSet::new();
    let mut pairs = 0;
    let actor = |id: Id<Actor>| format!("actors/{}.html", site.actors()[id].id);
    for (_, claim) in site.claims().iter() {
        let page = format!("claims/{}.html", claim.id);
        for accused in &claim.against {
            links.both(&page, &actor(*accused), "it is accused", &mut faults);
        }
        for about in &claim.about {
            links.both(&page, &actor(*about), "the claim is about it", &mut faults);
        }
        for position in &claim.positions {
            pairs += 1;
            let by = actor(position.by);
            links.both(&page, &by, "it holds a position", &mut faults);
            let others = position.voice.iter().chain(&position.said_by);
            for other in others {
                links.both(&page, &actor(*other), "it spoke", &mut faults);
            }
            for cited in &position.sources {
                pairs += 1;
                let source = &site.sources()[cited.source].id;
                let source = format!("sources/{source}.html");
                links.both(&page, &source, "a position rests on it", &mut faults);
            }
        }
    }
    assert!(faults.is_empty(), "{}", report(&faults));
    assert!(pairs > 80, "only {pairs} pairs were found");
}

#[test]
fn sources_and_what_rests_on_them_link_each_other() {
    let site = site();
    let links = Links::of_the_sample();
    let mut faults = BTreeSet::new();
    for (_, source) in site.sources().iter() {
        let page = format!("sources/{}.html", source.id);
        for author in &source.authors {
            let author = format!("actors/{}.html", site.actors()[*author].id);
            links.both(&page, &author, "it wrote it", &mut faults);
        }
        for base in &source.based_on {
            let base = format!("sources/{}.html", site.sources()[*base].id);
            links.both(&page, &base, "it is based on it", &mut faults);
        }
    }
    assert!(faults.is_empty(), "{}", report(&faults));
}

#[test]
fn a_claim_that_a_page_of_a_claim_or_source_links_to_links_back() {
    let links = Links::of_the_sample();
    let mut faults = BTreeSet::new();
    let mut pairs = 0;
    // The embedded frame of a claim is for other sites.
    let is_of = |address: &str, folder: &str| {
        address.starts_with(folder)
            && !address.ends_with("/index.html")
            && !address.ends_with(".embed.html")
    };
    for (from, targets) in &links.0 {
        if !is_of(from, "claims/") && !is_of(from, "sources/") {
            continue;
        }
        for to in targets
            .iter()
            .filter(|to| is_of(to, "claims/") && *to != from)
        {
            pairs += 1;
            links.both(from, to, "it is linked from there", &mut faults);
        }
    }
    assert!(faults.is_empty(), "{}", report(&faults));
    assert!(pairs > 80, "only {pairs} pairs were found");
}

#[test]
fn every_image_says_how_large_it_is() {
    let mut seen = 0;
    on_every_page(|_, page, faults| {
        for image in page.all("img") {
            for side in ["width", "height"] {
                let is_told = image.attr(side).is_some_and(|it| it.parse::<u32>().is_ok());
                if !is_told {
                    faults.push(format!("{:?} has no `{side}`", image.attr("src")));
                }
            }
        }
    });
    for page in sample().pages.values() {
        seen += page.all("img").count();
    }
    assert!(seen >= 2, "only {seen} images");
}
