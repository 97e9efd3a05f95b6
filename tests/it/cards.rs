//! Tests of cards: which pages have one, the metadata of the page, and that a build draws no card
//! twice.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tempfile::TempDir;

use crate::book::{self, Book};
use crate::dom::Page;
use whosaid::compile::{self, Cache, Inputs};
use whosaid::text::SitePath;

const HOME: &str = "https://desk.example/said/";

/// A book with one briefing and one claim, and its home page.
const BOOK: &str = r#"
//- book.toml
[book]
title = "The desk"
description = "Two states and a bridge."

[output.html]
site-url = "https://desk.example/said"

[whosaid.lints]
claim-without-source = "allow"
//- content/index.md
# Welcome

Nothing here.
//- content/bridge.md
---
date: 2024-05-07
subtitle: Who opened it, and when
---
# The bridge

[Brennia opened it]{.claim #opened by=anvaria against=brennia on=2024-05-02}

[No]{.denies of=opened by=brennia on=2024-05-04}
//- content/actors/anvaria.md
---
name: Anvaria
kind: state
---
//- content/actors/brennia.md
---
name: Brennia
kind: state
---
"#;

fn small(change: impl Fn(String) -> String) -> Book {
    book::build(inputs(change))
}

fn inputs(change: impl Fn(String) -> String) -> Inputs {
    book::inputs(book::files(&change(BOOK.to_string())))
}

/// Returns the files of a site that are cards.
fn cards(book: &Book) -> Vec<&SitePath> {
    let files = book.build.outputs.keys();
    let cards = files.filter(|path| path.as_str().starts_with("cards/"));
    cards.collect()
}

/// Returns the content of the `meta` element with this name or property.
fn meta(page: &Page, name: &str) -> Option<String> {
    let is = |it: &crate::dom::Element<'_>| {
        it.attr("property") == Some(name) || it.attr("name") == Some(name)
    };
    let found = page.all("meta").find(is)?;
    found.attr("content").map(str::to_string)
}

#[test]
fn home_briefings_and_claims_have_cards_and_say_so() {
    let book = small(|text| text);
    assert_eq!(book.codes(), Vec::<&str>::new(), "{}", book.report());
    let mut named = BTreeSet::new();
    for (address, words) in [
        (
            "index.html",
            "The desk. 1 claim · 2 actors · 0 sources. Two states and a bridge.",
        ),
        (
            "bridge.html",
            "The bridge. 1 claim · 1 denied · 2 parties. Who opened it, and when.",
        ),
        (
            "claims/opened.html",
            "Claim by Anvaria: Brennia opened it. Denied. The accused side denies it, and no one else does; 1 says so, 1 \
             contradicts. Brennia replied: denies it, 4 May 2024.",
        ),
    ] {
        let page = Page::parse(book.page(address));
        let meta = |name| meta(&page, name).unwrap_or_else(|| panic!("{address}: no {name}"));
        let url = meta("og:image");
        let file = url.strip_prefix(HOME).expect("a whole address");
        let path = SitePath::new(file).expect("an address in the site");
        let png = book.build.outputs.get(&path).expect("a file of the site");
        let size = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!((size(16), size(20)), (1200, 630));
        assert_eq!(meta("og:image:width"), size(16).to_string());
        assert_eq!(meta("og:image:height"), size(20).to_string());
        assert_eq!(meta("og:image:type"), "image/png");
        assert_eq!(meta("og:image:alt"), words);
        assert_eq!(meta("twitter:card"), "summary_large_image");
        named.insert(path);
    }
    let files: BTreeSet<SitePath> = cards(&book).into_iter().cloned().collect();
    assert_eq!(files, named, "no card that no page names");
    let page = Page::parse(book.page("actors/brennia.html"));
    assert_eq!(meta(&page, "og:image"), None);
    assert_eq!(meta(&page, "twitter:card").as_deref(), Some("summary"));
    let headers = book.page("_headers");
    let rule = "/cards/*\n  Cache-Control: public, max-age=31536000, immutable\n";
    assert!(headers.contains(rule), "{headers}");
}

#[test]
fn no_card_is_drawn_where_nobody_asked_for_it_or_could_find_it() {
    let without = [
        small(|text| text.replace("https://desk.example/said", "/said/")),
        small(|text| text.replace("site-url", "# site-url")),
        small(|text| {
            text.replace(
                "[whosaid.lints]",
                "[whosaid]\ncards = false\n[whosaid.lints]",
            )
        }),
        {
            let mut inputs = inputs(|text| text);
            inputs.options.at_root = true;
            book::build(inputs)
        },
        book::book(
            "//- book.toml\n[output.html]\nsite-url = \"https://desk.example/\"\n\
             //- src/SUMMARY.md\n- [One](one.md)\n//- src/one.md\n# One\n",
        ),
    ];
    for book in without {
        assert_eq!(cards(&book), Vec::<&SitePath>::new(), "{}", book.report());
        let all = book.build.outputs.iter();
        let pages = all.filter(|(path, _)| path.extension() == "html");
        for (address, bytes) in pages {
            let html = std::str::from_utf8(bytes).expect("pages are UTF-8");
            assert!(!html.contains("og:image"), "{address}");
        }
    }
}

#[test]
fn a_title_that_the_fonts_cannot_write_has_no_card_and_is_told_once() {
    let titled = |text: String| {
        let text = text.replace("# The bridge", "# ⌕ The bridge");
        text.replace("[Brennia opened it]", "[⌕ Brennia opened it]")
    };
    let book = small(titled);
    assert_eq!(book.codes(), ["WS140"], "{}", book.report());
    assert_eq!(book.build.diagnostics.len(), 1, "{}", book.report());
    let report = book.report();
    let expected = "links to this page and 1 more have no preview image";
    assert!(
        report.contains("`⌕`") && report.contains(expected),
        "{report}"
    );
    assert_eq!(cards(&book).len(), 1, "home has its card");
    let page = Page::parse(book.page("bridge.html"));
    assert_eq!(meta(&page, "og:image"), None);
    assert_eq!(meta(&page, "og:title").as_deref(), Some("⌕ The bridge"));

    let with = |name: &str, bytes: &[u8]| {
        let mut inputs = inputs(|text| {
            let key = format!("[whosaid]\ncard-fonts = [\"fonts/{name}\"]\n[whosaid.lints]");
            titled(text).replace("[whosaid.lints]", &key)
        });
        let path = SitePath::new(&format!("fonts/{name}")).expect("a path");
        if !bytes.is_empty() {
            inputs.files.insert(path, bytes.into());
        }
        book::build(inputs)
    };
    let mended = with("mono.ttf", dejavu::sans_mono::regular());
    assert_eq!(mended.codes(), Vec::<&str>::new(), "{}", mended.report());
    assert_eq!(cards(&mended).len(), 3);
    let is_font = |path: &&SitePath| path.as_str().ends_with(".ttf");
    assert_eq!(
        mended.build.outputs.keys().find(is_font),
        None,
        "not published"
    );
    let missing = with("mono.ttf", b"");
    assert!(missing.report().contains("file `fonts/mono.ttf` not found"));
    let wrong = with("mono.woff2", b"wOF2");
    assert!(wrong.report().contains("`fonts/mono.woff2` is not a font"));
}

#[test]
fn a_card_that_is_there_is_not_drawn_again() {
    let inputs = inputs(|text| text);
    let given = Mutex::new(BTreeSet::new());
    let take = |path: SitePath, _: Arc<[u8]>| {
        given.lock().expect("no test panicked").insert(path);
    };
    let asked = Mutex::new(BTreeSet::new());
    let mut cache = Cache::for_one_run();
    let has_claims = |path: &SitePath| {
        asked.lock().expect("no test panicked").insert(path.clone());
        path.as_str().starts_with("cards/claims-")
    };
    let edition = compile::analyze(&inputs, &mut cache);
    edition.reusing_cards(&has_claims).render(&take);
    let (given, asked) = (given.into_inner(), asked.into_inner());
    let (given, asked) = (given.expect("no panic"), asked.expect("no panic"));
    let whole = book::build(inputs);
    let cards: BTreeSet<SitePath> = cards(&whole).into_iter().cloned().collect();
    assert_eq!(asked, cards);
    let left_out: Vec<&SitePath> = whole
        .build
        .outputs
        .keys()
        .filter(|path| !given.contains(*path))
        .collect();
    assert_eq!(left_out.len(), 1);
    assert!(left_out[0].as_str().starts_with("cards/claims-opened."));
}

#[test]
fn a_warm_run_has_the_cards_of_a_cold_one() {
    let mut cache = Cache::default();
    let edits: [fn(String) -> String; 5] = [
        |text| text,
        |text| text.replace("Nothing here.", "Something here."),
        |text| text.replace("# The bridge", "# The long bridge"),
        |text| text.replace("[No]{.denies", "[Maybe]{.questions"),
        |text| text,
    ];
    let mut before = BTreeSet::new();
    for (number, edit) in edits.into_iter().enumerate() {
        let inputs = inputs(edit);
        let warm = compile::compile(&inputs, &mut cache);
        let cold = compile::compile(&inputs, &mut Cache::default());
        assert_eq!(warm.outputs, cold.outputs, "edit {number}");
        let book = Book {
            inputs,
            build: warm,
        };
        let now: BTreeSet<SitePath> = cards(&book).into_iter().cloned().collect();
        assert_eq!(now.len(), 3, "edit {number}");
        let is_new = now.difference(&before).count();
        assert_eq!(is_new, [3, 0, 1, 2, 2][number], "edit {number}");
        before = now;
    }
}

fn whosaid(dir: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
    command
        .current_dir(dir)
        .args(arguments)
        .stdin(Stdio::null());
    let run = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.success(), "{said}");
    said + &String::from_utf8_lossy(&run.stdout)
}

/// Returns the only card of the site in `dir` whose name begins with `name`.
fn card_in(dir: &Path, name: &str) -> PathBuf {
    let entries = fs::read_dir(dir.join("book/cards")).expect("a folder of cards");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_it = |path: &PathBuf| {
        let file = path.file_name().and_then(|it| it.to_str());
        file.is_some_and(|file| file.starts_with(name))
    };
    let found: Vec<PathBuf> = paths.filter(is_it).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().expect("one card")
}

#[test]
fn a_build_takes_cards_over_from_the_site_that_is_there_if_nobody_touched_them() {
    let desk = TempDir::new().expect("a temporary folder");
    let dir = desk.path();
    let write = |text: &str| {
        for (path, bytes) in book::files(text) {
            let file = dir.join(path.as_str());
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, bytes).expect("a file");
        }
    };
    write(BOOK);
    whosaid(dir, &["build"]);
    let claim = card_in(dir, "claims-opened.");
    let drawn = fs::read(&claim).expect("a card");
    let other: Vec<u8> = drawn.iter().map(|byte| byte ^ 1).collect();
    let time = fs::metadata(&claim)
        .and_then(|it| it.modified())
        .expect("a time");
    // A reused card keeps this change; a newly drawn one does not. No program checks its content.
    let tamper = |time: std::time::SystemTime| {
        fs::write(&claim, &other).expect("a file");
        let file = fs::File::options()
            .write(true)
            .open(&claim)
            .expect("a file");
        file.set_modified(time).expect("a time");
    };
    tamper(time);
    write(&BOOK.replace("# The bridge", "# The long bridge"));
    whosaid(dir, &["build"]);
    assert_eq!(
        fs::read(&claim).expect("a card"),
        other,
        "it was taken over"
    );
    // A card that was changed after the site was published is drawn again.
    tamper(std::time::SystemTime::now() + Duration::from_secs(60));
    write(&BOOK.replace("# The bridge", "# The old bridge"));
    whosaid(dir, &["build"]);
    assert_eq!(
        fs::read(&claim).expect("a card"),
        drawn,
        "it was drawn again"
    );
    let bridges = fs::read_dir(dir.join("book/cards"))
        .expect("a folder")
        .count();
    assert_eq!(bridges, 3, "cards of other days are gone");
    assert!(whosaid(dir, &["build", "--verify"]).contains("verified"));
}
