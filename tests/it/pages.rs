//! Tests of single pages of the default theme, in addition to the tests for all pages.

use crate::book::{self, Book};
use crate::dom::{Element, Page};
use crate::repository;
use whosaid::model::Status;
use whosaid::parse::bibliography;
use whosaid::text::{SitePath, SourceText};
use whosaid::theme;

/// Returns the text of a file of the default theme.
fn style() -> &'static str {
    let mut files = theme::STATIC.iter();
    let found = files.find(|(name, _)| *name == "whosaid.css");
    found.expect("the theme has a style sheet").1
}

fn page(book: &Book, address: &str) -> Page {
    Page::parse(book.page(address))
}

/// Returns the entries of a list of dated events and positions, without gaps.
fn entries<'a>(page: &'a Page, class: &str) -> Vec<Element<'a>> {
    let lists = page.elements().filter(|it| it.has_class("line"));
    let items = lists.flat_map(Element::elements);
    items
        .filter(|it| it.name() == "li" && !it.has_class("gap"))
        .filter(|it| class.is_empty() || it.has_class(class))
        .collect()
}

#[test]
fn the_timeline_shows_one_party_alone_as_the_partys_page_does() {
    let book = book::build(book::inputs(repository::sample()));
    let timeline = page(&book, "timeline.html");
    let radios = timeline
        .elements()
        .filter(|it| it.attr("name") == Some("ws-p"));
    let radios: Vec<_> = radios.collect();
    assert_eq!(radios.len(), 13, "twelve parties and everyone");
    for radio in &radios[1..] {
        let id = radio.attr("value").expect("a radio has a value");
        let number = radio.attr("id").and_then(|id| id.strip_prefix("ws-p-"));
        let class = format!("p{}", number.expect("a radio is named after a party"));
        let own = page(&book, &format!("actors/{id}.html"));
        let words = |entries: Vec<Element<'_>>| -> Vec<String> {
            entries.into_iter().map(Element::text).collect()
        };
        let shown = words(entries(&timeline, &class));
        assert!(shown.len() > 3, "{id} has {} entries", shown.len());
        assert_eq!(shown, words(entries(&own, "")), "{id}");
    }
}

#[test]
fn whoever_is_not_in_the_filter_has_a_link_to_a_timeline_that_is_there() {
    let book = book::build(book::inputs(repository::sample()));
    let timeline = page(&book, "timeline.html");
    let search = timeline
        .all("search")
        .next()
        .expect("the timeline has a filter");
    let links = search.elements().filter_map(|it| it.attr("href"));
    let mut seen = 0;
    for link in links {
        let address = link.strip_suffix("#ws-timeline").expect("a timeline");
        assert!(page(&book, address).has_id("ws-timeline"), "{address}");
        seen += 1;
    }
    assert!(seen > 10, "only {seen} links");
}

#[test]
fn the_style_sheet_knows_every_class_that_a_filter_needs() {
    let parties = (1..=12).map(|number| format!("#ws-p-{number}:checked"));
    let statuses = Status::ALL.into_iter();
    let statuses = statuses.map(|status| format!("#ws-f-{}:checked", status.word()));
    for selector in parties.chain(statuses) {
        assert!(style().contains(&selector), "no rule for `{selector}`");
    }
}

const CITED: &str = r##"
//- book.toml
[book]
title = "Desk & Co"
authors = ["R. Amsel"]
[output.html]
site-url = "https://desk.example/said"
//- content/a.md
# Post
[100 % of #1 \& {all} was opened](claim:opened "by=us about=us against=them on=2031-07-19") [@memo].
[No](denies:opened "by=them on=2031-07-21") [@memo].
//- content/actors/us.md
---
name: Us
---
//- content/actors/them.md
---
name: Them
---
//- content/sources/memo.md
---
title: A memo
date: 2031-07-19
---
"##;

/// Returns the text of the element with this id.
fn text_of(page: &Page, id: &str) -> String {
    let mut elements = page.elements();
    let found = elements.find(|it| it.attr("id") == Some(id));
    found.unwrap_or_else(|| panic!("no `{id}`")).text()
}

#[test]
fn a_citation_says_how_the_claim_stands_and_what_the_accused_answered() {
    let book = book::book(CITED);
    let page = page(&book, "claims/opened.html");
    assert_eq!(
        text_of(&page, "ws-cite"),
        "Claim by Us: 100 % of #1 & {all} was opened (denied). Desk & Co, claim opened. \
         Denied: the accused side denies it, and no one else does; 1 says so, 1 contradicts. \
         Reply of the accused: Them replied: denies it, 21 July 2031. \
         Record as of 21 July 2031. https://desk.example/said/claims/opened.html"
    );
}

#[test]
fn reference_managers_read_a_claim_as_it_is() {
    let book = book::book(CITED);
    let page = page(&book, "claims/opened.html");
    for (id, name) in [("ws-bibtex", "a.bib"), ("ws-csl", "a.json")] {
        let path = SitePath::new(name).expect("a path");
        let text = text_of(&page, id);
        let read = bibliography::read(&SourceText::new(&path, &*text));
        assert!(read.diagnostics.is_empty(), "{:?}", read.diagnostics);
        let [entry] = read.entries.as_slice() else {
            panic!("{} entries in {text}", read.entries.len());
        };
        assert_eq!(entry.key, "opened", "{name}");
        let title = entry.front.title.as_deref();
        let titled = "Claim by Us: 100 % of #1 & {all} was opened (denied)";
        assert_eq!(title, Some(titled), "{name}");
    }
}

#[test]
fn what_only_script_can_do_is_hidden_without_it() {
    let book = book::book(CITED);
    let page = page(&book, "claims/opened.html");
    let mut seen = 0;
    for button in page.elements().filter(|it| it.name() == "button") {
        if let Some(id) = button.attr("data-copy-of") {
            assert!(page.has_id(id), "{id}");
        }
        if button.attr("popovertarget").is_none() {
            assert!(button.attr("hidden").is_some(), "{}", button.text());
            seen += 1;
        }
    }
    assert!(seen >= 6, "only {seen} buttons");
    assert!(page.all("output").count() == 1, "copies are announced");
}

const ADDED: &str = r##"
//- book.toml
[output.html]
additional-css = ["theme/more.css", "theme.css"]
additional-js = ["theme/more.js"]
edit-url-template = "https://git.example/edit/main/{path}"
git-repository-url = "https://git.example/"
//- theme/more.css
p { margin: 0 }
//- theme/more.js
let x;
//- theme.css
p { color: red }
//- content/index.md
# Home
//- content/part/one more.md
# One
"##;

#[test]
fn style_sheets_and_scripts_of_the_book_are_copied_and_linked() {
    let book = book::book(ADDED);
    assert_eq!(book.report(), "");
    let page = page(&book, "part/one more.html");
    let head = page.all("head").next().expect("a page has a head");
    let linked = |name: &str, attr: &str| -> Vec<&str> {
        let elements = head.elements().filter(|it| it.name() == name);
        let elements = elements.filter(|it| it.attr("rel").is_none_or(|rel| rel == "stylesheet"));
        elements.filter_map(|it| it.attr(attr)).collect()
    };
    // Names contain a hash of the file's bytes. For files of the theme, this test only checks that
    // there is a hash.
    let without_hash = |href: &str| {
        let (stem, rest) = href.rsplit_once('-').expect("a name with a hash");
        assert!(
            rest[..8].bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{href}"
        );
        format!("{stem}{}", &rest[8..])
    };
    let plain = |hrefs: Vec<&str>| -> Vec<String> { hrefs.into_iter().map(without_hash).collect() };
    let styles = ["../whosaid.css", "../theme/more.css", "../theme.css"];
    assert_eq!(plain(linked("link", "href")), styles);
    let scripts = linked("script", "src");
    assert_eq!(scripts[1], "../theme/more-5500a653.js");
    assert_eq!(plain(scripts), ["../whosaid.js", "../theme/more.js"]);
    assert_eq!(book.page("theme/more-5500a653.js"), "let x;\n");
    let old = SitePath::new("theme/more.js").expect("a path");
    assert!(!book.build.outputs.contains_key(&old));
}

#[test]
fn a_briefing_says_where_to_edit_it_and_every_page_where_its_text_is() {
    let book = book::book(ADDED);
    for (address, edit) in [
        ("index.html", Some("content/index.md")),
        ("part/one more.html", Some("content/part/one%20more.md")),
        ("timeline.html", None),
    ] {
        let page = page(&book, address);
        let links: Vec<&str> = page.elements().filter_map(|it| it.attr("href")).collect();
        assert!(links.contains(&"https://git.example/"), "{address}");
        let found = links
            .iter()
            .find_map(|link| link.strip_prefix("https://git.example/edit/main/"));
        assert_eq!(found, edit, "{address}");
    }
}

#[test]
fn an_addition_that_is_not_there_is_told_where_it_is_named() {
    let book = book::book(&ADDED.replace("//- theme/more.js", "//- theme/other.js"));
    let said = book.report();
    assert_eq!(book.codes(), ["WS036"], "{said}");
    assert!(said.contains("file `theme/more.js` not found"), "{said}");
    assert!(said.contains("book.toml:3:"), "{said}");
    assert!(!book.page("index.html").contains("more.js"));
}

const FOREIGN: &str = r##"
//- book.toml
[whosaid]
tlp = "green"
//- content/a.md
---
tlp: clear
---
# Post
[A statement was read](event:reading "on=2031-07-19 who=us") [@memo].
> „Niemand war es.“
>
> — [Us](claim:nobody "joint=july event=reading on=2031-07-19") [@memo]

["Personne, disaient-ils"](claim:nobody "quote by=them on=2031-07-20") [@other].
//- content/actors/us.md
---
name: Us
---
//- content/actors/them.md
---
name: Them
---
//- content/sources/memo.md
---
title: A memo
author: us
date: 2031-07-19
language: de-AT
url: https://memo.example/
---
Niemand war es.
//- content/sources/other.md
---
title: Another
author: them
date: 2031-07-20
language: fr
url: https://other.example/
---
"##;

#[test]
fn words_in_another_language_say_so() {
    let book = book::book(FOREIGN);
    let briefing = page(&book, "a.html");
    // If a whole quotation is marked, the mark's words are the quotation; the mark below it is in
    // our language.
    let marked: Vec<_> = briefing.all("mark").map(|it| it.attr("lang")).collect();
    assert_eq!(marked, [None, Some("fr")]);
    let quotation = briefing.all("blockquote").next().expect("a quotation");
    assert_eq!(quotation.attr("lang"), Some("de-AT"));
    let claim = page(&book, "claims/nobody.html");
    let main = claim.all("main").next().expect("a page has a main part");
    let quotes = main.elements().filter(|it| it.name() == "blockquote");
    let quotes: Vec<_> = quotes.map(|it| it.attr("lang")).take(2).collect();
    assert_eq!(quotes, [Some("de-AT"), Some("fr")]);
    let text = main.text();
    assert!(text.contains("in another language: de-AT."), "{text}");
    assert!(text.contains("in another language: fr."), "{text}");
    let links: Vec<_> = main.elements().filter_map(|it| it.attr("href")).collect();
    assert!(links.contains(&"https://memo.example/#:~:text=Niemand%20war%20es"));
    assert!(
        links.contains(&"https://other.example/#:~:text=Personne%2C%20disaient%2Dils"),
        "{links:?}"
    );
    let event = main
        .elements()
        .find(|it| it.text() == "A statement was read");
    let event = event.and_then(|it| it.attr("href"));
    assert_eq!(
        event,
        Some("../a.html#e.reading"),
        "a joint statement's event"
    );
}

#[test]
fn the_level_of_the_traffic_light_protocol_is_on_every_page() {
    let book = book::book(FOREIGN);
    // The clear briefing lists a source that has the level of the book.
    let clear = page(&book, "a.html");
    let rest = clear.elements().find(|it| it.has_class("as-of"));
    let rest = rest.expect("the level of the other parts").text();
    assert!(rest.ends_with("without a label: TLP:CLEAR"), "{rest}");
    for (address, level) in [("a.html", "TLP:GREEN"), ("timeline.html", "TLP:GREEN")] {
        let page = page(&book, address);
        for (element, class) in [("header", "bar"), ("footer", "foot")] {
            let mut elements = page.all(element);
            let found = elements
                .find(|it| it.has_class(class))
                .expect("a bar and a foot");
            assert!(found.text().contains(level), "{address}: {}", found.text());
        }
    }
}

#[test]
fn the_page_for_a_dead_address_keeps_its_guesses_hidden_until_script_has_made_them() {
    let book = book::build(book::inputs(repository::sample()));
    let sample = page(&book, "404.html");
    let near = sample
        .elements()
        .find(|it| it.attr("id") == Some("ws-near"));
    let near = near.expect("a book of this size has guesses");
    assert!(near.attr("hidden").is_some());
    let counts = book.build.counts;
    let expected = counts.briefings + counts.actors + counts.claims + counts.sources;
    assert_eq!(
        near.elements().filter(|it| it.name() == "a").count(),
        expected
    );
    let large: String = (0..501)
        .map(|at| format!("//- content/b{at}.md\n# B\n"))
        .collect();
    assert!(!page(&book::book(&large), "404.html").has_id("ws-near"));
}

const LATELY: &str = r##"
//- content/a.md
# Weather
[Rain fell](claim:rain "by=alma on=2020-03-01 about=cora") [@memo].
[It rained](confirms:rain "by=bert on=2020-05-01") [@memo].
[Snow fell](claim:snow "by=bert on=2020-04-01 against=cora") [@memo].
[Not a word](no-response:snow "by=cora on=2020-06-01") [@memo].
//- content/actors/alma.md
---
name: Alma
---
//- content/actors/bert.md
---
name: Bert
---
//- content/actors/cora.md
---
name: Cora
---
//- content/sources/memo.md
---
title: A memo
---
"##;

#[test]
fn home_tells_of_each_claim_once_the_last_word_first_and_not_of_silence() {
    let home = page(&book::book(LATELY), "index.html");
    let latest = home
        .elements()
        .find(|it| it.attr("aria-labelledby") == Some("ws-latest"))
        .expect("something changed");
    let told: Vec<String> = latest
        .elements()
        .filter(|it| it.name() == "li")
        .map(|it| it.text().split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("1 May 2020 Bert confirms it: Rain fell"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("1 April 2020 Bert says so: Snow fell"),
        "{told:?}"
    );
}

#[test]
fn a_source_names_itself_only_where_it_tells_the_place() {
    let book = book::build(book::inputs(repository::sample()));
    let own = |name: &str| {
        let page = page(&book, &format!("sources/{name}.html"));
        let rests = page
            .elements()
            .find(|it| it.attr("aria-labelledby") == Some("ws-rests"))
            .expect("something rests on it");
        let cites = rests.elements().filter(|it| it.has_class("cite"));
        cites.map(Element::text).collect::<Vec<_>>()
    };
    assert_eq!(own("canada-2021"), [""; 0]);
    let japan = own("japan-2021");
    assert!(
        japan.len() == 1 && japan[0].contains("§ 2"),
        "the place in the document: {japan:?}"
    );
}

#[test]
fn a_time_of_day_is_shown_where_it_decides_the_order() {
    let book = book::book(
        "//- content/a.md\n---\ntitle: A\n---\n\
         [It was said](claim:said \"by=one on=2031-02-15T20:00Z\").\n\n\
         [It was not](denies:said \"by=two on=2031-02-15T22:30+01:00\").\n\n\
         [It stopped](claim:stopped \"by=one on=2031-02-16T09:00Z\").\n\
         //- content/actors/one.md\n---\nname: One\n---\n\
         //- content/actors/two.md\n---\nname: Two\n---\n",
    );
    let said = book.page("claims/said.html");
    assert!(said.contains("15 February 2031, 20:00 UTC"), "{said}");
    assert!(said.contains("15 February 2031, 22:30 (+01:00)"), "{said}");
    assert!(!book.page("claims/stopped.html").contains("09:00 UTC"));
}

#[test]
fn a_claim_names_the_claim_that_it_replaces() {
    let book = book::book(
        "//- content/a.md\n---\ntitle: A\n---\n\
         [Ten ships came](claim:ten \"by=one on=2031-02-15\").\n\n\
         [It was two](corrects:ten \"by=one on=2031-02-17 with=two-ships\").\n\n\
         [Two ships came](claim:two-ships \"by=one on=2031-02-17\").\n\
         //- content/actors/one.md\n---\nname: One\n---\n",
    );
    let words = |address: &str| page(&book, address).all("main").next().map(|it| it.text());
    let old = words("claims/ten.html").unwrap_or_default();
    assert!(old.contains("Is replaced by One: Two ships came"), "{old}");
    let new = words("claims/two-ships.html").unwrap_or_default();
    assert!(new.contains("Replaces One: Ten ships came"), "{new}");
}
