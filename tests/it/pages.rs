//! What single pages of the default theme show, beyond what holds for every page.

use crate::book::{self, Book};
use crate::dom::{Element, Page};
use crate::repository;
use whosaid::derive::Headline;
use whosaid::theme;

/// The text of a file of the default theme.
fn style() -> &'static str {
    let mut files = theme::STATIC.iter();
    let found = files.find(|(name, _)| *name == "whosaid.css");
    found.expect("the theme has a style sheet").1
}

fn page(book: &Book, address: &str) -> Page {
    Page::parse(book.page(address))
}

/// The entries of a list of dated events and positions; gaps are none.
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
    let headlines = Headline::ALL.into_iter();
    let headlines = headlines.map(|headline| format!("#ws-f-{}:checked", headline.word()));
    for selector in parties.chain(headlines) {
        assert!(style().contains(&selector), "no rule for `{selector}`");
    }
}
