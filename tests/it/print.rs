//! Tests of the print page: which books have it, and that chapters do not affect each other.

use std::collections::BTreeSet;

use crate::book::{self, Book};
use crate::dom::Page;
use crate::repository;
use whosaid::text::SitePath;

const TWO: &str = r##"
//- book.toml
[book]
title = "Twins"
//- content/SUMMARY.md
- [One](one.md)
- [Two](part/two.md)
//- content/one.md
# One

## Same

A note.[^a] [A span]{#span} and <span id="raw">raw</span>, <a href="#raw">back</a>.
[They did it](claim:did "by=us about=them") [@memo], [the same](claim:did,again "by=us about=them") [@memo].

See [there](part/two.md#same), [[two]], [above](#same) and [[did]].

[^a]: Of one.
//- content/part/two.md
# Two

## Same

A note.[^a] [A span]{#span} and <span id="raw">raw</span>.
[They did it](denies:did "by=them") [@memo].

See [the first](../one.md), [its span](../one.md#span) and ![a picture](../a.png).

[^a]: Of two.
//- content/a.png
x
//- content/actors/us.md
---
name: Us
---
//- content/actors/them.md
---
name: Them
---
//- content/claims/again.md
---
text: They did it again.
---
//- content/sources/memo.md
---
title: A memo
author: us
---
"##;

fn has(book: &Book, address: &str) -> bool {
    let path = SitePath::new(address).expect("an address in a test");
    book.build.outputs.contains_key(&path)
}

fn of(briefings: usize, config: &str) -> Book {
    let mut text = format!("//- book.toml\n{config}\n");
    for number in 0..briefings {
        text.push_str(&format!("//- content/b{number}.md\n# B{number}\n"));
    }
    book::book(&text)
}

#[test]
fn a_book_has_it_unless_it_is_large_or_says_no() {
    for (briefings, config, expected) in [
        (0, "", false),
        (1, "", true),
        (1, "[output.html.print]\nenable = false", false),
        (50, "", true),
        (51, "", false),
        (51, "[output.html.print]\nenable = true", true),
    ] {
        let book = of(briefings, config);
        let said = format!("{briefings} briefings, `{config}`");
        assert_eq!(has(&book, "print.html"), expected, "{said}");
        let links = book.page("404.html").contains("print.html");
        assert_eq!(links, expected, "{said}: the foot of a page");
    }
}

#[test]
fn a_text_may_link_to_it_where_it_is() {
    let text = "//- content/a.md\n# A\n\n[All of it](print.html)\n";
    assert_eq!(book::book(text).report(), "");
    let off = format!("//- book.toml\n[output.html.print]\nenable = false\n{text}");
    assert_eq!(book::book(&off).codes(), ["WS022"]);
}

#[test]
fn no_two_chapters_share_an_id_and_links_stay_on_the_page() {
    let book = book::book(TWO);
    assert_eq!(book.report(), "");
    let page = Page::parse(book.page("print.html"));
    let ids = page.ids();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    for id in [
        "b1",
        "b1.one",
        "b1.same",
        "b1.span",
        "b1.raw",
        "b1.c.did.us",
        "b1.n.did.us",
        "b1.footnote-a",
        "b1.fr-a-1",
        "b1.ws-footnotes",
        "b2.same",
        "b2.raw",
        "b2.c.did.denies.them",
        "b2.footnote-a",
        "s.memo",
    ] {
        assert!(unique.contains(id), "no `{id}` among {ids:?}");
    }
    let main = page.all("main").next().expect("a page has a main part");
    let links: Vec<&str> = main.elements().filter_map(|it| it.attr("href")).collect();
    for expected in ["#b2.same", "#b2", "#b1", "#b1.same", "#b1.raw", "#b1.span"] {
        assert!(links.contains(&expected), "no `{expected}` in {links:?}");
    }
    assert!(links.contains(&"claims/did.html"));
    for link in links {
        let anchor = link.strip_prefix('#');
        assert!(anchor.is_none_or(|id| unique.contains(id)), "{link}");
        assert!(!link.contains("one.html") && !link.contains("two.html"));
    }
    let image = main.elements().find(|it| it.name() == "img");
    assert_eq!(image.and_then(|it| it.attr("src")), Some("a.png"));
}

#[test]
fn it_holds_what_the_briefings_hold_and_each_source_once() {
    let book = book::build(book::inputs(repository::sample()));
    let print = Page::parse(book.page("print.html"));
    let marks = |page: &Page| {
        let marks = page.all("mark").map(|mark| mark.text());
        marks.collect::<Vec<_>>()
    };
    let mut expected = Vec::new();
    for path in book.build.outputs.keys() {
        if path.parent().unwrap_or("").is_empty() && path.extension() == "html" {
            let page = Page::parse(book.page(path.as_str()));
            if page.all("body").any(|body| body.has_class("at-briefing")) {
                expected.extend(marks(&page));
            }
        }
    }
    let (mut found, mut expected) = (marks(&print), expected);
    found.sort();
    expected.sort();
    assert!(found.len() > 40, "only {} marks", found.len());
    assert_eq!(found, expected);
    let lists = print.elements().filter(|it| it.has_class("sources"));
    assert_eq!(lists.count(), 1);
}

#[test]
fn sheets_break_before_chapters_unless_told_not_to() {
    let breaks = |text: &str| book::book(text).page("print.html").contains("sheeted");
    assert!(breaks(TWO));
    let off = TWO.replace("[book]", "[output.html.print]\npage-break = false\n[book]");
    assert!(!breaks(&off));
}
