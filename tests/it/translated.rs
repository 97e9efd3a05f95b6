//! Tests that translated templates render the same bytes as Tera.
//!
//! In a book that has copies of the default templates, Tera renders all pages. So each book here is
//! built twice, with and without such copies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use whosaid::compile::{self, Build, Cache, Inputs};
use whosaid::text::SitePath;
use whosaid::theme;

use crate::book::{files, inputs};
use crate::laws::{self, Dice};
use crate::{manual, repository};

type Files = BTreeMap<SitePath, Arc<[u8]>>;

fn cold(inputs: &Inputs) -> Build {
    compile::compile(inputs, &mut Cache::default())
}

/// Returns the book with copies of the default templates that it does not override.
fn by_tera(inputs: &Inputs) -> Inputs {
    let mut copied = inputs.clone();
    for (name, text) in theme::TEMPLATES {
        let path = SitePath::new(&format!("{}/{name}", theme::FOLDER)).expect("a path");
        let template = copied.files.entry(path);
        template.or_insert_with(|| text.as_bytes().into());
    }
    copied
}

/// Builds the book both ways and returns the page kinds, from the class of `<body>`.
fn kinds(inputs: &Inputs, why: &str) -> BTreeSet<String> {
    let translated = cold(inputs);
    laws::assert_same(&translated, &cold(&by_tera(inputs)), why);
    let pages = translated.outputs.values();
    let kinds = pages.filter_map(|bytes| {
        let (_, rest) = std::str::from_utf8(bytes)
            .ok()?
            .split_once("<body class=\"at-")?;
        Some(rest.split_once('"')?.0.to_owned())
    });
    kinds.collect()
}

/// A book for mdBook, with parts, nested chapters and moved pages.
const PLAIN: &str = r#"
//- book.toml
[book]
title = "Plain"
authors = ["A & B"]

[output.html]
git-repository-url = "https://git.example/plain"

[output.html.redirect]
"old.html" = "two.html"
"/three.html#gone" = "two.html#there"
//- src/SUMMARY.md
# Summary

[Foreword](foreword.md)

# The first part

- [One](one.md)
  - [Two <2>](two.md)
  - [Draft]()

---

- [Three](three.md)
//- src/foreword.md
# Foreword

Words with a note[^n].

[^n]: The note.
//- src/one.md
# One

| a | b |
|---|---|
| 1 | 2 |
//- src/two.md
# Two

## There

```rust
let two = 2;
```
//- src/three.md
Text without a heading.
//- src/404.md
# Not here
"#;

#[test]
fn every_kind_of_page_is_the_same_by_tera_and_by_its_translation() {
    let mut sample = repository::sample();
    let home = SitePath::new("content/moved.md").expect("a path");
    let moved = "---\ntitle: Moved\naliases: [before.html]\n---\nText.\n";
    sample.insert(home, moved.as_bytes().into());
    let books: [(&str, Files); 4] = [
        ("the sample", sample),
        ("the manual", manual::sources()),
        ("the small book", files(laws::SMALL)),
        ("a plain book", files(PLAIN)),
    ];
    let mut seen = BTreeSet::new();
    for (name, files) in books {
        seen.extend(kinds(&inputs(files), name));
    }
    let all = [
        "actor",
        "actors",
        "briefing",
        "chapter",
        "claim",
        "claims",
        "data",
        "embed",
        "home",
        "network",
        "not-found",
        "print",
        "redirect",
        "search",
        "source",
        "sources",
        "tag",
        "tags",
        "timeline",
    ];
    assert_eq!(seen, all.map(str::to_owned).into());
}

#[test]
fn random_books_are_the_same_by_tera_and_by_its_translation() {
    let mut dice = Dice(0x7e4a_5eed);
    let mut inputs = inputs(files(laws::SMALL));
    let mut done = Vec::new();
    for _ in 0..80 {
        done.push(laws::edit(&mut dice, &mut inputs));
        if dice.roll(2) == 0 {
            continue;
        }
        let last = &done[done.len().saturating_sub(4)..];
        kinds(&inputs, &last.join("\nthen "));
    }
}
