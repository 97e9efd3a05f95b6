//! Tests of whosaid as a preprocessor of mdBook: its input and its output.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::book::{book, files};

const BOOK: &str = r##"
//- book.toml
[preprocessor.whosaid]
command = "whosaid mdbook"
bibliography = ["refs.bib"]
//- src/SUMMARY.md
- [Postbox](a.md)
- [More](deep/README.md)
//- src/a.md
---
title: The postbox
date: 2021-07-21
---
# The postbox

Every other *byte*  stays,	&amp; `[[code]]` too.   
The [[valdoria]] and [[Brennia|the *northern* neighbour]]; [[page:More|more]] [@notice, p. 4].

## What was said {on=2021-07-19 by=brennia .wide}

[Men of the [[valdoria]] **opened** it](claim:postbox "against=valdoria"), it said [@notice].
> — [The minister](denies:postbox "by=valdoria on=2021-07-20") [@answer]

| who | what |
|---|---|
| [[valdoria\|V]] | [it was closed]{.claim #closed by=valdoria kind=evidence} [@answer] |

[A spanned]{.word} word, [it was found][found], and [shut] again.
Nothing is [escaped\](claim:x) here.

[found]: event:found "on=2021-07-01 who=brennia"
[shut]: claim:shut "by=brennia src=notice"

Heading two {by=valdoria}
----

    [[code]]
//- src/deep/README.md
<!-- whosaid
title: More
-->
Here is [[claim:postbox]] with a picture: ![[post.png|the box]].
//- src/post.png
x
//- src/actors/valdoria.md
---
name: Valdoria
kind: state
summary: A *state*.
---
South of [[brennia]].
//- src/actors/brennia.md
---
name: Brennia
kind: state
aliases: [the North]
---
//- src/sources/notice.md
---
title: The notice
date: 2021-07-19
author: brennia
url: https://example.org/notice
---
//- src/refs.bib
@misc{answer, title = {The {Answer}}, date = {2021-07-20}}
"##;

/// Writes the book and returns the request of mdBook 0.4 or 0.5.
fn request(dir: &Path, list: &str) -> Value {
    for (path, bytes) in files(BOOK) {
        let path = dir.join(path.as_str());
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    let text = |path: &str| fs::read_to_string(dir.join("src").join(path)).expect("a file");
    let chapter = |name: &str, number: u32, path: &str, source: &str| {
        json!({ "Chapter": {
            "name": name, "content": text(source), "number": [number], "sub_items": [],
            "path": path, "source_path": source, "parent_names": [], "of_tomorrow": 1,
        } })
    };
    let items = json!([
        chapter("Postbox", 1, "a.md", "a.md"),
        "Separator",
        { "PartTitle": "Part" },
        chapter("More", 2, "deep/index.md", "deep/README.md"),
    ]);
    let context = json!({
        "root": dir, "renderer": "html", "mdbook_version": "0.5.4",
        "config": { "book": { "src": "src", "title": null } },
    });
    json!([context, { list: items, "beside": null }])
}

fn whosaid(dir: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .current_dir(dir)
        .arg("mdbook")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    // The program can exit without reading all input.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

fn answer(list: &str) -> Value {
    let dir = TempDir::new().expect("a temporary folder");
    let request = request(dir.path(), list);
    let output = whosaid(dir.path(), &[], &request.to_string());
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    serde_json::from_slice(&output.stdout).expect("a book")
}

fn content(item: &Value) -> &str {
    item["Chapter"]["content"].as_str().expect("content")
}

#[test]
fn annotations_become_links_and_footnotes_and_every_other_byte_stays() {
    let book = answer("items");
    insta::assert_snapshot!(content(&book["items"][0]));
    insta::assert_snapshot!(content(&book["items"][3]));
}

#[test]
fn what_was_lowered_is_plain_markdown_in_which_every_link_holds() {
    let answer = answer("items");
    let mut text = String::from("//- src/SUMMARY.md\n");
    let mut chapters = String::new();
    let mut listed = |item: &Value, depth: usize| {
        let chapter = &item["Chapter"];
        let (Some(path), Some(name)) = (chapter["path"].as_str(), chapter["name"].as_str()) else {
            return;
        };
        let path = path.replace("deep/index", "deep/README");
        text.push_str(&format!("{}- [{name}]({path})\n", "    ".repeat(depth)));
        chapters.push_str(&format!("//- src/{path}\n{}\n", content(item)));
    };
    for item in answer["items"].as_array().expect("a list") {
        listed(item, 0);
        for below in item["Chapter"]["sub_items"]
            .as_array()
            .into_iter()
            .flatten()
        {
            listed(below, 1);
        }
    }
    let plain = book(&format!("{text}{chapters}//- src/post.png\nx\n"));
    // `[escaped\](claim:x)` is text, not a link.
    assert_eq!(plain.report(), "");
    assert!(plain.page("claims/postbox.html").contains("Denied"));
    assert!(plain.page("sources/answer.html").contains("The Answer"));
}

#[test]
fn chapters_of_actors_claims_and_sources_are_added() {
    let book = answer("items");
    let items = book["items"].as_array().expect("a list");
    assert_eq!(items.len(), 7);
    assert_eq!(
        items[0]["Chapter"]["of_tomorrow"], 1,
        "what it does not know stays"
    );
    assert!(book.get("beside").is_some());
    let names = |item: &Value| -> Vec<String> {
        let below = item["Chapter"]["sub_items"]
            .as_array()
            .expect("a list")
            .iter();
        below
            .map(|it| it["Chapter"]["path"].as_str().unwrap_or("").to_owned())
            .collect()
    };
    assert_eq!(
        names(&items[4]),
        ["actors/brennia.md", "actors/valdoria.md"]
    );
    assert_eq!(
        names(&items[5]),
        ["claims/postbox.md", "claims/closed.md", "claims/shut.md"]
    );
    assert_eq!(names(&items[6]), ["sources/notice.md", "sources/answer.md"]);
    let below = |item: &Value, at: usize| content(&item["Chapter"]["sub_items"][at]).to_owned();
    insta::assert_snapshot!(below(&items[4], 1));
    insta::assert_snapshot!(below(&items[5], 1));
    insta::assert_snapshot!(below(&items[6], 1));
}

#[test]
fn the_older_generation_is_answered_in_its_words() {
    let (older, newer) = (answer("sections"), answer("items"));
    assert!(older.get("items").is_none());
    assert_eq!(older["sections"], newer["items"]);
}

#[test]
fn a_mistake_in_the_annotations_ends_the_run() {
    let dir = TempDir::new().expect("a temporary folder");
    let request = request(dir.path(), "items").to_string();
    let broken = request.replace("[[Brennia|", "[[Brenia|");
    let output = whosaid(dir.path(), &[], &broken);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        (output.status.code(), output.stdout.len()),
        (Some(1), 0),
        "{said}"
    );
    assert!(
        said.contains("error[WS004]") && said.contains("--> src/a.md:8:"),
        "{said}"
    );
}

#[test]
fn it_says_which_renderers_it_serves_and_what_it_was_not_given() {
    let dir = TempDir::new().expect("a temporary folder");
    let code = |renderer: &str| {
        let output = whosaid(dir.path(), &["supports", renderer], "");
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
        output.status.code()
    };
    assert_eq!(
        (code("html"), code("markdown"), code("whosaid")),
        (Some(0), Some(0), Some(1))
    );
    for input in [
        "",
        "hello",
        "[]",
        "[{}, {}]",
        r#"[{"root": "."}, {"chapters": []}]"#,
    ] {
        let output = whosaid(dir.path(), &[], input);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
        let said = String::from_utf8_lossy(&output.stderr);
        let reasons = ["is not a book", "has no mdBook context", "has no chapters"];
        let is_reason = |it: &&str| said.starts_with(&format!("error: standard input {it}"));
        assert!(reasons.iter().any(is_reason), "{said}");
        assert!(
            said.contains("run `mdbook build`, which runs this command"),
            "{said}"
        );
    }
}
