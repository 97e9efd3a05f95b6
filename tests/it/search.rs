//! Tests of the search page and its index: which books have them, and that the index is equal in
//! `build` and `serve`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::book::{self, Book, files, inputs};
use crate::dom::Page;
use crate::repository;
use whosaid::compile::{self, Cache, Inputs};
use whosaid::text::SitePath;

const SMALL: &str = r#"
//- content/index.md
# Home

[It was them](claim:it-was "by=us against=them") [@note].

## On letters

They were opened, says [[them]].
//- content/actors/us.md
---
name: Our Desk
aliases: [The Desk]
---
//- content/actors/them.md
---
name: The Others
---
//- content/sources/note.md
---
title: A note
date: 2021-01-01
---
"#;

const PLAIN: &str = r#"
//- src/SUMMARY.md
- [One](one.md)
//- src/one.md
# One

Some words.

## Two

Others.
"#;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

/// Returns the files of the index by name, as text.
fn index(book: &Book) -> BTreeMap<String, String> {
    let search = book.build.search.as_ref().expect("the book has an index");
    let files = search.files().iter();
    files
        .map(|(path, bytes)| {
            (
                path.to_string(),
                String::from_utf8_lossy(bytes).into_owned(),
            )
        })
        .collect()
}

/// Returns the addresses in the navigation bar of a page.
fn bar(book: &Book, address: &str) -> Vec<String> {
    let page = Page::parse(book.page(address));
    let links = page.all("nav").flat_map(|nav| {
        let links = nav.elements().filter_map(|it| it.attr("href"));
        links.map(str::to_owned).collect::<Vec<_>>()
    });
    links.collect()
}

#[test]
fn a_book_has_its_search_page_in_the_bar_of_every_page() {
    let book = book::book(SMALL);
    assert_eq!(book.codes(), ["WS102"], "{}", book.report());
    assert!(bar(&book, "actors/us.html").contains(&"../search.html#ws-q".to_owned()));
    let page = book.page("search.html");
    assert!(page.contains("src=\"search-") && page.contains("href=\"search-"));
    assert!(!book.page("index.html").contains("src=\"search-"));
    let index = index(&book);
    let names = &index["search/n0.js"];
    for word in ["desk", "others", "letters", "note"] {
        assert!(names.contains(word), "{word}: {names}");
    }
    assert!(index["search/t0.js"].contains("open"));
    let shown: String = index.values().map(String::as_str).collect();
    assert!(shown.contains("index.html#on-letters"), "{shown}");
    assert!(shown.contains("unanswered"), "{shown}");
}

#[test]
fn either_switch_leaves_all_of_it_out_and_ours_wins() {
    for (toml, expected) in [
        ("[whosaid]\nsearch = false\n", false),
        ("[output.html.search]\nenable = false\n", false),
        (
            "[output.html.search]\nenable = false\n[whosaid]\nsearch = true\n",
            true,
        ),
    ] {
        for text in [SMALL, PLAIN] {
            let book = book::book(&format!("//- book.toml\n{toml}{text}"));
            let outputs = book.build.outputs.keys();
            let files = outputs.filter(|path| path.as_str().starts_with("search"));
            // A plain book is searched on its contents page.
            let made = if text == PLAIN { 2 } else { 3 };
            assert_eq!(files.count(), if expected { made } else { 0 }, "{toml}");
            assert_eq!(book.build.search.is_some(), expected, "{toml}");
            let home = book.page("index.html");
            assert_eq!(home.contains("#ws-q"), expected, "{toml}");
        }
    }
}

#[test]
fn a_plain_book_is_searched_by_section() {
    let book = book::book(PLAIN);
    assert_eq!(book.report(), "");
    assert!(bar(&book, "one.html").contains(&"toc.html#ws-q".to_owned()));
    let page = book.page("toc.html");
    assert!(!page.contains("Stance") && page.contains("ws-q") && page.contains("one.html"));
    let index = index(&book);
    assert!(index["search/r0.js"].contains("one.html#two"), "{index:?}");
}

#[test]
fn a_chapter_that_has_the_address_keeps_it_and_a_briefing_is_told() {
    let book = book::book(&format!(
        "{}//- src/toc.md\n# How we searched\n",
        PLAIN.replace("- [One](one.md)", "- [One](one.md)\n- [How](toc.md)")
    ));
    assert_eq!(book.report(), "");
    assert!(book.page("toc.html").contains("How we searched"));
    assert!(book.build.search.is_none());
    assert!(
        !bar(&book, "one.html")
            .iter()
            .any(|href| href.contains("#ws-q"))
    );
    let book = book::book(&format!(
        "{SMALL}//- content/search.md\n# How we searched\n"
    ));
    assert!(
        book.report()
            .contains("duplicate page address `search.html`")
    );
}

#[test]
fn a_site_given_away_page_by_page_has_the_index_that_a_kept_one_makes() {
    for files in [files(SMALL), repository::sample()] {
        let inputs = inputs(files);
        let kept = compile::compile(&inputs, &mut Cache::default());
        let given = Mutex::new(BTreeMap::new());
        let mut cache = Cache::for_one_run();
        compile::analyze(&inputs, &mut cache).render(&|path, bytes: Arc<[u8]>| {
            given.lock().expect("no test panicked").insert(path, bytes);
        });
        let given = given.into_inner().expect("no test panicked");
        let search = kept.search.expect("an index");
        let mut expected = kept.outputs;
        expected.extend(search.files().clone());
        assert_eq!(
            expected.keys().collect::<Vec<_>>(),
            given.keys().collect::<Vec<_>>()
        );
        assert!(expected == given);
    }
}

#[test]
fn an_edit_of_words_changes_the_index_that_is_made_next() {
    let mut cache = Cache::default();
    let build = |text: &str, cache: &mut Cache| {
        let inputs: Inputs = inputs(files(text));
        let build = compile::compile(&inputs, cache);
        let search = build.search.expect("an index");
        search.files().clone()
    };
    let before = build(SMALL, &mut cache);
    let edited = SMALL.replace("were opened", "were steamed");
    let after = build(&edited, &mut cache);
    assert_ne!(before, after);
    assert_eq!(after, build(&edited, &mut Cache::default()));
    let has = |files: &BTreeMap<SitePath, Arc<[u8]>>, word: &str| {
        String::from_utf8_lossy(&files[&path("search/t0.js")]).contains(word)
    };
    assert!(has(&before, "open") && !has(&before, "steam"));
    assert!(has(&after, "steam") && !has(&after, "open"));
}

#[test]
fn a_file_of_the_authors_wins_over_one_of_the_index() {
    let text = format!("{SMALL}//- content/search/index.js\nmine\n");
    let inputs = inputs(files(&text));
    let given = Mutex::new(Vec::new());
    let mut cache = Cache::for_one_run();
    compile::analyze(&inputs, &mut cache).render(&|address, bytes: Arc<[u8]>| {
        if address == path("search/index.js") {
            given.lock().expect("no test panicked").push(bytes);
        }
    });
    let given = given.into_inner().expect("no test panicked");
    assert_eq!(given.len(), 1);
    assert_eq!(&*given[0], b"mine\n");
}
