//! Tests of the fast path: its result equals that of a full run with a cold cache, byte for byte;
//! and it is really used.

use std::collections::BTreeMap;
use std::sync::Arc;

use whosaid::compile::{self, Build, Cache, Inputs, Step};
use whosaid::text::SitePath;

use crate::book::{self, files, inputs};
use crate::repository;

/// A book with a mark, a mention and a citation next to plain words.
const BOOK: &str = r#"
//- book.toml
[book]
title = "The bridge"
//- content/index.md
# The bridge

Words at home, and a list:

- one
- two
//- content/ferry.md
---
title: The ferry
---

A first paragraph of plain words.

[It was closed](claim:closed "by=owners on=2031-03-05") [@letter], says [[owners]]. Another sentence of words.

A second paragraph *of plain* words, with `code`.

```rust
fn main() {}
```

## After

A third paragraph of plain words.

> [No vote was held](claim:vote "by=owners on=2031-03-05") [@letter].

A last paragraph[^1].

[^1]: A note of plain words.
//- content/actors/owners.md
---
name: The ferry company
---
//- content/sources/letter.md
---
title: A letter
author: [owners]
date: 2031-03-05
---
//- theme.css
body { color: black }
"#;

/// A compiler with a warm cache and one with a cold cache.
struct Pair {
    inputs: Inputs,
    cache: Cache,
    short: usize,
}

impl Pair {
    fn new(files: BTreeMap<SitePath, Arc<[u8]>>) -> Pair {
        let inputs = inputs(files);
        let mut cache = Cache::default();
        compile::compile(&inputs, &mut cache);
        Pair {
            inputs,
            cache,
            short: 0,
        }
    }

    fn text(&self, path: &str) -> String {
        let bytes = &self.inputs.files[&SitePath::new(path).expect("a path")];
        String::from_utf8(bytes.to_vec()).expect("text")
    }

    /// Writes a file and compiles with both. Returns whether the fast path was used.
    fn write(&mut self, path: &str, text: &str) -> bool {
        let path = SitePath::new(path).expect("a path");
        self.inputs
            .files
            .insert(path.clone(), text.as_bytes().into());
        let mut steps = Vec::new();
        let warm = compile::compile_observed(&self.inputs, &mut self.cache, &mut |step| {
            steps.push(step);
        });
        let cold = book::build(self.inputs.clone()).build;
        assert_same(&warm, &cold, &format!("{path}:\n{text}"));
        let is_short = !steps.contains(&Step::Link);
        self.short += usize::from(is_short);
        is_short
    }
}

fn assert_same(warm: &Build, cold: &Build, why: &str) {
    for (address, bytes) in &cold.outputs {
        let text = String::from_utf8_lossy;
        let found = warm.outputs.get(address).map(|bytes| text(bytes));
        assert_eq!(
            found.as_deref(),
            Some(&*text(bytes)),
            "{address} after {why}"
        );
    }
    assert_eq!(warm.outputs.len(), cold.outputs.len(), "{why}");
    assert_eq!(warm.diagnostics, cold.diagnostics, "{why}");
    assert_eq!(warm.documents, cold.documents, "{why}");
    assert_eq!(warm.counts, cold.counts, "{why}");
}

#[test]
fn plain_words_take_the_short_way() {
    let mut pair = Pair::new(files(BOOK));
    let text = pair.text("content/ferry.md");
    for (from, to) in [
        ("A first paragraph", "An opening paragraph"),
        ("A second paragraph *of plain* words", "Words"),
        (
            "A third paragraph of plain words.",
            "A list:\n\n- one\n- two\n\nAnd more.",
        ),
        ("A last", "One more paragraph.\n\nA last"),
        ("fn main() {}", "fn other() {}"),
        ("Another sentence", "Yet another, *longer*, sentence"),
        ("A first paragraph of plain words.\n\n", ""),
    ] {
        let edited = text.replace(from, to);
        assert_ne!(edited, text);
        assert!(pair.write("content/ferry.md", &edited), "{from}");
        pair.write("content/ferry.md", &text);
    }
    assert!(pair.write(
        "content/index.md",
        &pair.text("content/index.md").replace("home", "sea")
    ));
}

#[test]
fn a_style_sheet_changes_no_page_but_where_its_name_tells_of_its_bytes() {
    let mut pair = Pair::new(files(BOOK));
    assert!(!pair.write("theme.css", "body { color: red }\n"));
    pair.inputs.options.at_root = true;
    pair.write("theme.css", "body { color: blue }\n");
    assert!(pair.write("theme.css", "body { color: red }\n"));
}

#[test]
fn what_is_said_of_other_words_is_said_where_they_stand_now() {
    let mistakes = "\n\nExperts say so, and [[nobody-known]] too.\n\nThe last words.\n";
    let mut book = files(BOOK);
    let path = SitePath::new("content/ferry.md").expect("a path");
    let text = String::from_utf8(book[&path].to_vec()).expect("text") + mistakes;
    book.insert(path, text.as_bytes().into());
    let mut pair = Pair::new(book);
    for (from, to) in [
        ("A first paragraph", "A paragraph at first"),
        ("A third paragraph", "Another paragraph\n\nand a third"),
        ("The last words", "The very last words"),
    ] {
        let edited = text.replace(from, to);
        assert!(pair.write("content/ferry.md", &edited), "{from}");
        assert!(pair.write("content/ferry.md", &text), "{from}, undone");
    }
    let mended = text.replace("Experts say", "The ferry says");
    assert!(!pair.write("content/ferry.md", &mended));
}

#[test]
fn what_others_depend_on_takes_the_whole_way() {
    let mut pair = Pair::new(files(BOOK));
    pair.inputs.options.at_root = true;
    let text = pair.text("content/ferry.md");
    pair.write("content/ferry.md", &text);
    for (from, to) in [
        ("It was closed", "It was shut"),
        ("says [[owners]]", "so says [[owners]]"),
        ("[@letter], says", "[@letter], says it"),
        ("## After", "## Afterwards"),
        ("title: The ferry", "title: A ferry"),
        ("plain words.\n\n[It", "plain words. [[owners]]\n\n[It"),
        ("plain words.\n\n[It", "plain words.\n\n## More\n\n[It"),
        (
            "plain words.\n\n[It",
            "plain words.\n\n[x]: https://example.org\n\n[It",
        ),
        ("plain words.\n\n[It", "plain words.\n\n```\nopen\n\n[It"),
        ("plain words.\n\n[It", "plain words.\n\n<!-- open\n\n[It"),
        ("plain words.\n\n[It", "plain words.\n[It"),
        ("A third", "Experts say a third"),
        ("A note of plain", "A note of other"),
    ] {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text);
        assert!(!pair.write("content/ferry.md", &edited), "{from} → {to}");
        pair.write("content/ferry.md", &text);
    }
    // Two files at once, a new file, a deleted file: a full run.
    assert!(!pair.write("content/new.md", "# New\n"));
    let path = SitePath::new("content/new.md").expect("a path");
    pair.inputs.files.remove(&path);
    assert!(!pair.write("theme.css", "body { color: blue }\n"));
}

/// Texts that are plain words in some places and syntax in others.
const PIECES: [&str; 36] = [
    "words ",
    "and ",
    ". A sentence. ",
    "\n",
    "\n\n",
    "\n\nA paragraph.\n\n",
    "*",
    "**",
    "`",
    "- ",
    "\n- an item\n",
    "1. ",
    "\n1) first\n",
    "> ",
    "\n> quoted\n",
    "# ",
    "\n## A head\n",
    "\n---\n",
    "\n===\n",
    "    ",
    "\n\n    indented\n\n",
    "```\n",
    "~~~\n",
    "| a | b |\n|---|---|\n| 1 | 2 |\n",
    "\\",
    "[",
    "]",
    "[[owners]]",
    "{.x}",
    "<b>",
    "<!-- ",
    "&amp;",
    "\u{2019}s \"quoted\" -- ",
    "@",
    "\n: a meaning\n",
    "\t",
];

fn random(mut pair: Pair, documents: &[&str], rounds: usize, least: usize) {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut roll = |sides: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % sides.max(1) as u64) as usize
    };
    let originals: Vec<String> = documents.iter().map(|path| pair.text(path)).collect();
    for _ in 0..rounds {
        let which = roll(documents.len());
        let text = &originals[which];
        // Mostly edits of the text, and mostly of the original, so that errors do not accumulate.
        let body = text.rfind("---\n").map_or(0, |at| at + 4);
        let at = text.floor_char_boundary(body + roll(text.len() - body + 1));
        let end = text.ceil_char_boundary((at + roll(12) * roll(2)).min(text.len()));
        let piece = PIECES[roll(PIECES.len())];
        let edited = format!("{}{piece}{}", &text[..at], &text[end..]);
        pair.write(documents[which], &edited);
        if roll(4) > 0 {
            pair.write(documents[which], text);
        }
    }
    assert!(
        pair.short >= least,
        "the short way was taken {} times",
        pair.short
    );
}

#[test]
fn any_edit_of_words_gives_what_a_whole_run_gives() {
    let pair = Pair::new(files(BOOK));
    random(pair, &["content/ferry.md", "content/index.md"], 300, 60);
}

#[test]
fn any_edit_of_the_sample_gives_what_a_whole_run_gives() {
    let pair = Pair::new(repository::sample());
    let documents = [
        "content/how-it-came-to-light.md",
        "content/beijing-answers.md",
        "content/hainan-indictment.md",
        "content/index.md",
    ];
    random(pair, &documents, 24, 3);
}
