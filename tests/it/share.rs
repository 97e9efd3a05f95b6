//! Tests of feeds, the sitemap, previews and frames, read like other programs do.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use serde_json::Value;

use crate::book::{self, Book};
use crate::dom::{Element, Page};
use crate::repository;
use whosaid::config::Override;
use whosaid::text::SitePath;

const HOME: &str = "https://desk.example/said/";

/// Builds a book with an absolute `site-url`.
fn at_home(mut inputs: whosaid::compile::Inputs) -> Book {
    let address = Override::new("MDBOOK_OUTPUT__HTML__SITE_URL", HOME);
    // Cards have their own tests, and drawing them takes long.
    let no_cards = Override::new("MDBOOK_PREPROCESSOR__WHOSAID__CARDS", "false");
    let overrides = &mut inputs.options.overrides;
    overrides.extend(address.into_iter().chain(no_cards));
    book::build(inputs)
}

fn sample() -> &'static Book {
    static SAMPLE: OnceLock<Book> = OnceLock::new();
    SAMPLE.get_or_init(|| at_home(book::inputs(repository::sample())))
}

fn small(text: &str) -> Book {
    at_home(book::inputs(book::files(text)))
}

fn has(book: &Book, address: &str) -> bool {
    let path = SitePath::new(address).expect("an address");
    book.build.outputs.contains_key(&path)
}

/// Returns the addresses of the files with this suffix.
fn ending<'a>(book: &'a Book, end: &'a str) -> impl Iterator<Item = &'a str> {
    let files = book.build.outputs.keys().map(SitePath::as_str);
    files.filter(move |path| path.ends_with(end))
}

/// A feed, read by a strict XML parser. `tests/feeds/check.py` reads the same with feedparser.
struct Feed {
    id: String,
    updated: String,
    authors: usize,
    entries: Vec<Entry>,
}

#[derive(PartialEq, Debug)]
struct Entry {
    id: String,
    title: String,
    text: String,
    published: Option<String>,
    updated: String,
    tags: Vec<String>,
}

fn read(book: &Book, address: &str) -> Feed {
    let document = roxmltree::Document::parse(book.page(address)).expect("well-formed XML");
    let feed = document.root_element();
    assert!(feed.has_tag_name((ATOM, "feed")), "{address}");
    let entries = feed
        .children()
        .filter(|it| it.has_tag_name((ATOM, "entry")));
    let entries = entries.map(|entry| Entry {
        id: child(entry, "id").expect("an id"),
        title: child(entry, "title").expect("a title"),
        text: child(entry, "summary").expect("a text"),
        published: child(entry, "published"),
        updated: child(entry, "updated").expect("a date"),
        tags: entry
            .children()
            .filter_map(|it| it.attribute("term"))
            .map(str::to_string)
            .collect(),
    });
    Feed {
        id: child(feed, "id").expect("an id"),
        updated: child(feed, "updated").expect("a date"),
        authors: feed
            .children()
            .filter(|it| it.has_tag_name((ATOM, "author")))
            .count(),
        entries: entries.collect(),
    }
}

const ATOM: &str = "http://www.w3.org/2005/Atom";

/// Returns the text of the only child with this name.
fn child(node: roxmltree::Node<'_, '_>, name: &str) -> Option<String> {
    let mut found = node.children().filter(|it| it.tag_name().name() == name);
    let text = found.next()?.text().unwrap_or("").to_string();
    assert!(found.next().is_none(), "{name} twice");
    Some(text)
}

/// Returns the entries of a JSON Feed.
fn read_json(book: &Book, address: &str) -> Vec<Entry> {
    let feed: Value = serde_json::from_str(book.page(address)).expect("JSON");
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(feed["feed_url"], format!("{HOME}{address}"));
    let text = |item: &Value, name: &str| item[name].as_str().map(str::to_string);
    let items = feed["items"].as_array().expect("items").iter();
    let entry = |item: &Value| {
        assert_eq!(item["id"], item["url"]);
        let published = text(item, "date_published");
        let modified = text(item, "date_modified");
        Entry {
            id: text(item, "id").expect("an id"),
            title: text(item, "title").expect("a title"),
            text: text(item, "content_text").expect("a text"),
            published: modified.as_ref().and(published.clone()),
            updated: modified.or(published).expect("a date"),
            tags: item["tags"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str())
                .map(str::to_string)
                .collect(),
        }
    };
    items.map(entry).collect()
}

/// Returns the file that a host serves for an address.
fn file(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_string()
    }
}

/// True if an absolute URL leads to a file of the site and an anchor in it.
fn lands(book: &Book, address: &str) -> bool {
    let Some(path) = address.strip_prefix(HOME) else {
        return false;
    };
    let (path, anchor) = path.split_once('#').unwrap_or((path, ""));
    let path = &file(path);
    has(book, path) && (anchor.is_empty() || Page::parse(book.page(path)).has_id(anchor))
}

/// Returns the addresses of all feeds that pages link to.
fn linked(book: &Book) -> BTreeSet<String> {
    let mut linked = BTreeSet::new();
    for address in ending(book, ".html") {
        let page = Page::parse(book.page(address));
        let here = SitePath::new(address).expect("an address");
        for link in page
            .all("link")
            .filter(|it| it.attr("rel") == Some("alternate"))
        {
            let href = link.attr("href").expect("a link has an address");
            let kind = link.attr("type").expect("a feed has a type");
            let of_site = match href.strip_prefix(HOME) {
                Some(path) => SitePath::new(path),
                None if href.starts_with("/said/") => SitePath::new(&href["/said/".len()..]),
                None => here.sibling(href),
            };
            let of_site = of_site.expect("an address of the site");
            let is_typed = match of_site.extension() {
                "xml" => kind == "application/atom+xml",
                _ => kind == "application/feed+json" || kind == "application/json+oembed",
            };
            assert!(is_typed, "{address}: {kind} at {href}");
            assert!(
                has(book, of_site.as_str()),
                "{address}: {href} leads nowhere"
            );
            linked.insert(of_site.to_string());
        }
    }
    linked
}

#[test]
fn every_feed_is_read_and_every_entry_lands() {
    let book = sample();
    let feeds: Vec<&str> = ending(book, ".xml")
        .filter(|path| !path.starts_with("sitemap"))
        .collect();
    assert!(feeds.len() > 20, "only {feeds:?}");
    let mut entries = 0;
    for address in &feeds {
        let atom = read(book, address);
        let json = read_json(book, &address.replace(".xml", ".json"));
        assert_eq!(atom.entries, json, "{address}");
        assert_eq!(atom.id, format!("{HOME}{address}"));
        assert_eq!(atom.authors, 1, "{address}");
        assert!(!json.is_empty() && json.len() <= 50, "{address}");
        let ids: BTreeSet<&String> = json.iter().map(|entry| &entry.id).collect();
        assert_eq!(ids.len(), json.len(), "{address} has an id twice");
        for entry in &json {
            entries += 1;
            assert!(
                lands(book, &entry.id),
                "{address}: {} leads nowhere",
                entry.id
            );
            let day = entry.updated.strip_suffix("T00:00:00Z").expect("a moment");
            let day = whosaid::model::PartialDate::parse(day).expect("a day");
            assert!(day.exact_day().is_some(), "{day}");
        }
        let dates: Vec<_> = json.iter().map(|entry| &entry.updated).collect();
        assert!(
            dates.is_sorted_by(|a, b| a >= b),
            "{address} is out of order"
        );
        assert_eq!(&atom.updated, dates[0], "{address}");
    }
    assert!(entries > 200, "only {entries} entries");
    // Pages link to each feed, and to nothing else.
    let linked = linked(book);
    let linked: BTreeSet<&str> = linked
        .iter()
        .map(String::as_str)
        .filter(|path| path.ends_with(".xml"))
        .collect();
    assert_eq!(linked, feeds.into_iter().collect());
}

const POST: &str = "\
//- content/actors/post.md\n---\nname: The Post\nkind: company\n---\n\
//- content/actors/ministry.md\n---\nname: The Ministry\nkind: government-body\n---\n\
//- content/actors/press.md\n---\nname: The Press\nkind: company\n---\n\
//- content/sources/note.md\n---\ntitle: A note\ndate: 2031-03-01\n---\n\
//- content/claims/opened.md\n---\ntext: The Ministry opened letters.\ntags: [letters]\nagainst: ministry\n---\n\
//- content/letters.md\n---\ntitle: Letters\ndate: 2031-03-02\nupdated: 2031-03-09\nsummary: Who opened them.\ntags: [letters]\n---\n\
[They opened them](claim:opened \"by=post on=2031-03-01\") [@note].\n\n\
[We did not](denies:opened \"by=ministry on=2031-03-05 quote\") [@note].\n\n\
[The Post takes it back](retracts:opened \"by=post on=2031-03-07\") [@note].\n\n\
[It passed it on](reports:opened \"by=press on=2031-03-08\") [@note].\n\n\
[The post was late](event:late \"on=2031-03-06 who=post\") [@note].\n\n\
//- content/undated.md\n---\ntitle: Undated\n---\nNothing.\n";

#[test]
fn changed_positions_tell_the_status_before_and_since() {
    let book = small(POST);
    let changes = read(&book, "changes.xml");
    let told = &changes.entries;
    let titles: Vec<&str> = told.iter().map(|entry| entry.title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "The Post withdrew it. The Post: The Ministry opened letters (withdrawn)",
            "The Ministry denies it. The Post: The Ministry opened letters (withdrawn)",
            "The Post says so. The Post: The Ministry opened letters (withdrawn)",
        ]
    );
    assert_eq!(
        told[1].text,
        "The Ministry denies it, 5 March 2031: “We did not”. The claim, by The Post: The Ministry opened \
         letters. On 5 March 2031 its status changed from unanswered to denied. \
         Withdrawn: withdrawn by everyone who said it; 1 contradicts, 1 withdrew. The Ministry replied."
    );
    let first = &told[2].text;
    assert!(first.ends_with("The Ministry replied."), "{first}");
    assert!(!first.contains("changed"), "{first}");
}

#[test]
fn each_feed_holds_what_it_is_of() {
    let book = small(POST);
    let ids = |address: &str| -> Vec<String> {
        let entries = read(&book, address).entries.into_iter();
        entries.map(|entry| entry.id.replace(HOME, "")).collect()
    };
    assert_eq!(ids("feed.xml"), ["letters.html"]);
    let entry = &read(&book, "feed.xml").entries[0];
    assert_eq!([&entry.title, &entry.text], ["Letters", "Who opened them."]);
    assert_eq!(entry.tags, ["letters"]);
    assert_eq!(entry.published.as_deref(), Some("2031-03-02T00:00:00Z"));
    // The feed of an actor is its timeline, with the event and what others say about it.
    assert_eq!(
        ids("actors/post.xml"),
        [
            "claims/opened.html#p.post.retracts.2031-03-07",
            "letters.html#e.late",
            "claims/opened.html#p.post.claim.2031-03-01",
        ]
    );
    let of_tag = ids("tags/letters.xml");
    assert_eq!(of_tag[0], "letters.html");
    assert!(of_tag.contains(&"claims/opened.html#p.ministry.denies.2031-03-05".to_string()));
}

#[test]
fn a_book_that_does_not_say_where_it_lies_or_wants_no_feeds_has_none() {
    let local = book::book(POST);
    let without = small(&format!("//- book.toml\n[whosaid]\nfeeds = false\n{POST}"));
    for (book, sitemap) in [(&local, false), (&without, true)] {
        assert!(!has(book, "feed.xml") && !has(book, "actors/post.json"));
        assert_eq!(has(book, "sitemap.xml"), sitemap);
        assert!(!book.page("index.html").contains("application/atom+xml"));
    }
    assert!(!has(&local, "claims/opened.embed.html"));
    assert!(!local.page("claims/opened.html").contains("iframe"));
}

#[test]
fn an_own_file_and_an_old_address_win_over_a_feed() {
    let book = small(&format!("{POST}//- content/feed.xml\nmine\n"));
    assert_eq!(book.page("feed.xml"), "mine\n");
    let moved = "//- book.toml\n[whosaid]\ntlp = \"clear\"\n[output.html.redirect]\n\
                 \"/changes.json\" = \"feed.json\"\n";
    let book = small(&format!("{moved}{POST}"));
    assert!(book.page("changes.json").contains("http-equiv=\"refresh\""));
    assert!(has(&book, "changes.xml"));
}

#[test]
fn text_that_xml_has_no_place_for_does_no_harm() {
    let book = small(&POST.replace(
        "title: Letters\n",
        "title: \"<b>&amp; ]]> \\u0001\\uFFFE \\\"x\\\" 信\"\n",
    ));
    let entry = &read(&book, "feed.xml").entries[0];
    // As on pages: what XML does not allow becomes U+FFFD.
    assert_eq!(entry.title, "<b>&amp; ]]> \u{fffd}\u{fffd} \"x\" 信");
}

#[test]
fn the_sitemap_lists_every_page_once_and_what_it_knows_of_its_age() {
    let book = sample();
    let text = book.page("sitemap.xml");
    let document = roxmltree::Document::parse(text).expect("well-formed XML");
    let root = document.root_element();
    let space = "http://www.sitemaps.org/schemas/sitemap/0.9";
    assert!(root.has_tag_name((space, "urlset")));
    let child = |url: roxmltree::Node<'_, '_>, name: &str| {
        let found = url.children().find(|it| it.has_tag_name((space, name)));
        found.and_then(|it| it.text().map(str::to_string))
    };
    let mut listed = BTreeSet::new();
    for url in root.children().filter(|it| it.is_element()) {
        let address = child(url, "loc").expect("a location");
        assert!(lands(book, &address), "{address}");
        if let Some(day) = child(url, "lastmod") {
            assert!(whosaid::model::PartialDate::parse(&day).is_ok(), "{day}");
        }
        let path = file(&address.replace(HOME, ""));
        assert!(listed.insert(path.clone()), "{path} twice");
    }
    let pages: BTreeSet<String> = ending(book, ".html")
        .filter(|path| !["404.html", "print.html", "search.html"].contains(path))
        .filter(|path| !path.ends_with(".embed.html"))
        .map(str::to_string)
        .collect();
    assert_eq!(listed, pages);
    assert!(text.contains("<url><loc>https://desk.example/said/</loc>"));
    let robots = book.page("robots.txt");
    assert!(
        robots.ends_with("Sitemap: https://desk.example/said/sitemap.xml\n"),
        "{robots}"
    );
    assert!(text.contains("<loc>https://desk.example/said/claims/exch-mss.html</loc><lastmod>20"));
}

#[test]
fn a_preview_of_a_claim_names_its_owner_and_its_status() {
    let page = Page::parse(sample().page("claims/exch-mss.html"));
    let meta = |name: &str| {
        let mut found = page
            .all("meta")
            .filter(|it| it.attr("property") == Some(name));
        found
            .next()
            .and_then(|it| it.attr("content"))
            .map(str::to_string)
    };
    let title = meta("og:title").expect("a title");
    assert!(
        title.starts_with("White House") && title.ends_with(" (denied)"),
        "{title}"
    );
    assert!(
        meta("og:description")
            .expect("a description")
            .starts_with("Denied")
    );
    let address = "https://desk.example/said/claims/exch-mss.html";
    assert_eq!(meta("og:url").as_deref(), Some(address));
    assert_eq!(meta("og:type").as_deref(), Some("article"));
    for address in ending(sample(), ".html") {
        let page = Page::parse(sample().page(address));
        let mut names = BTreeSet::new();
        for property in page.all("meta").filter_map(|it| it.attr("property")) {
            assert!(names.insert(property), "{address}: {property} twice");
        }
        let is_full = ["og:title", "og:description", "og:type", "og:site_name"]
            .iter()
            .all(|name| names.contains(name));
        // Pages that crawlers must not list.
        let is_own = page.all("meta").any(|it| it.attr("name") == Some("robots"));
        assert!(is_full || is_own, "{address}: {names:?}");
    }
}

#[test]
fn what_is_shown_elsewhere_always_says_how_the_claim_stands_and_what_was_answered() {
    let book = sample();
    let mut seen = 0;
    for address in ending(book, ".embed.html") {
        seen += 1;
        let page = Page::parse(book.page(address));
        assert!(page.errors.is_empty(), "{address}: {:?}", page.errors);
        assert_eq!(page.all("h1").count(), 1, "{address}");
        assert_eq!(page.all("script").count(), 0, "{address}");
        let verdict = page.elements().find(|it| it.has_class("verdict"));
        let verdict = verdict.expect("how it stands").text();
        let claim = address.replace(".embed.html", ".html");
        let full = Page::parse(book.page(&claim));
        let on_claim = full.elements().find(|it| it.has_class("verdict"));
        let on_claim = on_claim.expect("how it stands").text();
        let status = on_claim.split('.').next().unwrap_or("");
        assert!(verdict.starts_with(status), "{address}: {verdict}");
        let of_claim = full
            .elements()
            .find(|it| it.has_class("verdict"))
            .into_iter();
        let lines = of_claim
            .flat_map(Element::elements)
            .filter(|it| it.name() == "p");
        for line in lines
            .map(Element::text)
            .filter(|line| !line.starts_with("Withdrawn"))
        {
            // The claim's page adds the number of days, and a link for a reply without words.
            let line = line
                .replace(" (on record)", "")
                .replace(" (noted by us)", "");
            let said = line
                .split(", after ")
                .next()
                .unwrap_or("")
                .trim_end_matches('.');
            assert!(
                verdict.contains(said),
                "{address}: {verdict} without {said}"
            );
        }
        let canonical = page
            .all("link")
            .find(|it| it.attr("rel") == Some("canonical"));
        let canonical = canonical.and_then(|it| it.attr("href"));
        assert_eq!(canonical, Some(format!("{HOME}{claim}").as_str()));
        for link in page.all("a") {
            assert_eq!(link.attr("target"), Some("_blank"), "{address}");
        }
        let oembed = book.page(&address.replace(".embed.html", ".oembed.json"));
        let oembed: Value = serde_json::from_str(oembed).expect("JSON");
        assert_eq!(oembed["type"], "rich");
        assert_eq!(oembed["version"], "1.0");
        let frame = Page::parse(oembed["html"].as_str().expect("HTML"));
        let frame = frame.all("iframe").next().expect("a frame");
        let shown = format!("{HOME}{address}");
        assert_eq!(frame.attr("src"), Some(shown.as_str()));
        assert_eq!(frame.attr("title"), oembed["title"].as_str());
        assert!(
            full.elements().any(|it| it.text() == oembed["html"]),
            "{claim}"
        );
    }
    assert!(seen >= 25, "only {seen}");
}
