//! Rules that hold for every book: the same input gives the same bytes, independent of earlier
//! builds and of the number of threads; no input causes a panic; one bad file affects no other
//! file.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use whosaid::compile::{self, Build, Cache, Inputs, Options};
use whosaid::config::RawHtml;
use whosaid::model::Tlp;
use whosaid::text::{SitePath, SourceText};

use crate::book::{self, files, inputs, report};
use crate::dom::{Element, Page};
use crate::repository;

type Files = BTreeMap<SitePath, Arc<[u8]>>;

/// The number of random edits in a row; a build follows each.
const STEPS: usize = 240;

/// A book with a file of every role, and without mistakes.
pub const SMALL: &str = r#"
//- book.toml
[book]
title = "The bridge"

[output.html]
site-url = "https://desk.example/bridge/"

[whosaid]
cards = false
bibliography = ["refs.bib", "more.yml"]
//- content/index.md
---
title: The bridge
tags: [bridge]
---

[It was closed without a vote](claim:closed "by=ferry on=2031-03-05") [@letter, p. 2], two days after the meeting [@minutes].
[[council|The council]] says that [there was one]{.denies of=closed by=council on=2031-03-07} [@answer].

## What followed {#after by=ferry}

> We were never asked.
>
> — [The ferry](claim:unasked "by=ferry on=2031-03-05 quote") [@letter]

```rust
fn main() { println!("{}", 1); }
```
//- content/ferry.md
---
title: The ferry
---

[[Ferry company]] runs[^1] twice a day, says [[source:minutes]].
See [the bridge](index.md#after) and ![a map of the river](images/map.svg).

[^1]: [So it says](claim:twice "by=ferry on=2031") [see @entry; @other].

| who | what |
|---|--:|
| [[council]] | [no](denies:unasked "by=council on=2031-03-07") [@answer] |
//- content/images/map.svg
<svg xmlns="http://www.w3.org/2000/svg"/>
//- content/actors/council.md
---
name: Town council
kind: government-body
aliases: [council]
---
Sits in the [hall](https://example.org/hall).
//- content/actors/ferry.md
---
name: Ferry company
kind: company
aliases: [Ferry line]
---
//- content/claims/closed.md
---
text: The council closed the bridge without a vote.
against: [council]
---
//- content/claims/unasked.md
---
text: The ferry was never asked.
about: [council]
---
//- content/claims/twice.md
---
text: The ferry runs twice a day.
---
//- content/sources/minutes.md
---
title: Minutes of the council
author: [council]
date: 2031-03-04
---
The bridge is closed.
//- content/sources/letter.md
---
title: Letter of the ferry
author: [ferry]
date: 2031-03-05
---
We were never asked.
//- content/sources/answer.md
---
title: Answer of the council
author: [council]
date: 2031-03-07
---
//- content/refs.bib
@online{entry,
  author = {{Ferry company}},
  title = {Hours},
  date = {2031},
}
//- content/more.yml
other:
  type: web
  title: Another entry
  date: 2031
"#;

/// Random numbers from a seed: the edits are the same on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len())]
    }
}

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

fn cold(inputs: &Inputs) -> Build {
    compile::compile(inputs, &mut Cache::default())
}

/// Fails with the first output that differs, or with the diagnostics if they differ.
pub fn assert_same(a: &Build, b: &Build, why: &str) {
    for (path, bytes) in &a.outputs {
        let other = b.outputs.get(path);
        let other = other.unwrap_or_else(|| panic!("{why}: {path} is missing"));
        assert_eq!(
            String::from_utf8_lossy(bytes),
            String::from_utf8_lossy(other),
            "{why}: {path}"
        );
        assert!(bytes == other, "{why}: {path}");
    }
    assert_eq!(a.outputs.len(), b.outputs.len(), "{why}");
    assert_eq!(a.diagnostics, b.diagnostics, "{why}");
    assert_eq!(a.counts, b.counts, "{why}");
    assert!(a.search == b.search, "{why}: the index");
}

fn same(a: &Build, b: &Build) -> bool {
    a.outputs == b.outputs && a.diagnostics == b.diagnostics && a.search == b.search
}

// Only the input matters.

#[test]
fn the_small_book_of_this_file_has_no_mistake() {
    let book = book::book(SMALL);
    assert_eq!(book.report(), "");
    assert!(book.build.outputs.len() > 20);
}

#[test]
fn building_twice_equals_once() {
    for files in [files(SMALL), repository::sample()] {
        let inputs = inputs(files);
        let first = cold(&inputs);
        assert_same(&first, &cold(&inputs), "two cold builds");
        let mut cache = Cache::default();
        compile::compile(&inputs, &mut cache);
        let again = compile::compile(&inputs, &mut cache);
        assert_same(&first, &again, "a second build with a warm cache");
        assert_eq!(first, again);
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for files in [files(SMALL), repository::sample()] {
        let inputs = inputs(files);
        let [one, four] = [1, 4].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let pool = pool.build().expect("a pool of threads");
            pool.install(|| cold(&inputs))
        });
        assert_same(&one, &four, "one thread and four");
    }
}

#[test]
fn the_day_shows_on_no_page_of_the_sample() {
    let mut inputs = inputs(repository::sample());
    let before = cold(&inputs);
    inputs.today = jiff::civil::date(1999, 1, 1);
    assert_same(&before, &cold(&inputs), "another day");
}

#[test]
fn the_order_of_bibliographies_does_not_matter() {
    let turned = SMALL.replace(r#"["refs.bib", "more.yml"]"#, r#"["more.yml", "refs.bib"]"#);
    assert_ne!(turned, SMALL);
    let [a, b] = [SMALL, &turned].map(|text| cold(&inputs(files(text))));
    assert_same(&a, &b, "bibliographies in another order");
}

/// Returns the book with the files of one folder renamed: their ids stay the same, but their order
/// changes.
fn renamed(folder: &str, name: impl Fn(usize, usize) -> String) -> Build {
    let mut renamed = files(SMALL);
    let folder = path(folder);
    let found: Vec<SitePath> = renamed
        .keys()
        .filter(|path| path.below(&folder).is_some())
        .cloned()
        .collect();
    for (number, old) in found.iter().enumerate() {
        let bytes = renamed.remove(old).expect("a file of the book");
        let text = std::str::from_utf8(&bytes).expect("UTF-8");
        let text = text.replacen("---\n", &format!("---\nid: {}\n", old.stem()), 1);
        let new = path(&format!("{folder}/{}.md", name(number, found.len())));
        renamed.insert(new, text.into_bytes().into());
    }
    let inputs = inputs(renamed);
    let build = cold(&inputs);
    assert_eq!(report(&inputs, &build.diagnostics), "");
    build
}

#[test]
fn the_order_of_files_does_not_matter() {
    for folder in ["content/actors", "content/claims", "content/sources"] {
        let forward = renamed(folder, |number, _| format!("f{number}"));
        let backward = renamed(folder, |number, count| format!("f{}", count - number));
        assert_same(&forward, &backward, folder);
    }
}

/// The text of a claim's page must not depend on the order of briefings, only on their content.
#[test]
fn the_order_of_briefings_does_not_matter_to_what_stands_on_record() {
    let record = |us: &str, prc: &str| {
        let book = book::book(&format!(
            "//- content/{us}.md\n# Accusation\n\n[It ran](claim:run \"by=us against=prc on=2021-07-19\") [@one].\n\
             //- content/{prc}.md\n# Answer\n\n[No](denies:run \"by=prc on=2021-07-20\") [@two].\n\
             //- content/actors/us.md\n---\nname: United States\nkind: state\n---\n\
             //- content/actors/prc.md\n---\nname: China\nkind: state\n---\n\
             //- content/sources/one.md\n---\ntitle: One statement\ndate: 2021-07-19\n---\n\
             //- content/sources/two.md\n---\ntitle: Another answer\ndate: 2021-07-20\n---\n"
        ));
        assert_eq!(book.report(), "");
        let page = Page::parse(book.page("claims/run.html"));
        let verdict = page.elements().filter(|it| it.has_class("verdict"));
        let positions = page.elements().filter(|it| it.has_class("positions"));
        let parts = positions.flat_map(|list| {
            let shown = |it: &Element<'_>| it.name() == "h3" || it.has_class("prov");
            list.elements().filter(shown)
        });
        let words: Vec<String> = verdict.chain(parts).map(Element::text).collect();
        words.join("\n")
    };
    let forward = record("a-first", "b-second");
    assert!(forward.contains("Denied"), "{forward}");
    assert!(forward.contains("20 July 2021"), "{forward}");
    assert_eq!(forward, record("y-second", "x-first"));
}

// A build with a cache equals a build without one.

/// Texts that edits insert into documents.
const PIECES: [&str; 27] = [
    "\n[Only the circle knows it](claim:closed \"by=ferry tlp=red\") [@letter].\n",
    "\nAnother paragraph, with [[council]] in it.\n",
    "\n[The ferry says so](claim:closed \"by=ferry on=2031-04-01\") [@letter].\n",
    "\n[It takes it back](retracts:closed \"by=council on=2031-05-01\") [@minutes].\n",
    "\n[nobody knows](denies:no-such-claim \"by=nobody\") [@nothing].\n",
    "\n[a new one](claim:fresh-one \"by=council about=ferry text='A claim of a mark.'\").\n",
    "\n[On that day](event:the-day \"on=2031-03-04 who=council\"), it rained [@entry].\n",
    "\n## A heading {#head}\n\nSome text.\n",
    "\n## A heading\n\n### And below it {by=council on=2032}\n",
    "\n```python\nprint('hello')\n```\n",
    "\n```rust\nlet x = 1;\n```\n",
    "\n<b>raw</b> <script>alert(1)</script> <i onclick=\"x()\">on</i>\n",
    "\nA note[^n].\n\n[^n]: The note.\n",
    "\n> [!NOTE]\n> An alert.\n",
    "\n{{#include ../content/ferry.md}}\n",
    "\n![a map](images/map.svg)\n",
    "\n![](images/none.png)\n",
    "\n[a link](ferry.md) and [another](nowhere.md#x).\n",
    "\n[[Ferry|the ferry]] and [[Unknown body]].\n",
    "\n- one\n- [x] two\n",
    "\n| a | b |\n|---|---|\n| [[ferry]] | 2 |\n",
    "\n*unclosed [emphasis* here](claim:closed \"by=ferry\")\n",
    "\nTerm\n: Its meaning.\n",
    "\n[@minutes, p. 3; @letter] and [see @other].\n",
    "---\ntitle: A new head\ntags: [x, bridge]\ndraft: true\n---\n",
    "---\ntitle: [broken\n",
    "\nüñîçødé “quotes” — dashes\n",
];

/// Files that edits create: folder, name and text.
const NEW: [(&str, &str); 12] = [
    (
        "content/new.md",
        "---\ntitle: New\naliases: [old.html]\n---\nText about [[council]].\n",
    ),
    (
        "content/deep/er.md",
        "---\ntitle: Deeper\ntags: [bridge]\n---\n[[page:New]]\n",
    ),
    ("content/deep/index.md", "# A folder\n\nWith a page.\n"),
    (
        "content/actors/mayor.md",
        "---\nname: The mayor\nkind: person\npart-of: council\nspeaks-for: [council]\n---\n",
    ),
    (
        "content/actors/nobody.md",
        "---\nname: Nobody\nkind: group\naliases: [council]\n---\n",
    ),
    (
        "content/claims/no-such-claim.md",
        "---\ntext: It is claimed.\nagainst: [mayor, council]\nsupports: [closed]\n---\n",
    ),
    (
        "content/claims/circle.md",
        "---\ntext: A part.\npart: [circle]\n---\n",
    ),
    (
        "content/sources/nothing.md",
        "---\ntitle: Nothing\nbased-on: [letter]\n---\nKept <b>words</b>.\n",
    ),
    ("content/README.md", "A second home.\n"),
    ("content/notes.txt", "copied\n"),
    ("content/index.html", "a page of its own\n"),
    ("theme.css", "body {}\n"),
];

const TEMPLATES: [(&str, &str); 9] = [
    ("templates/footer.html", "<p>Ours</p>"),
    ("templates/footer.html", "<p>{{ site.title }}</p>"),
    (
        "templates/head.html",
        "<meta name=\"x\" content=\"{{ page.title }}\">",
    ),
    (
        "templates/actor.html",
        "<!doctype html><title>{{ page.title }}</title>{{ actor.name }}",
    ),
    (
        "templates/claim.html",
        "{% extends \"base.html\" %}{% block main %}<h1>{{ claim.text }}</h1>{% endblock %}",
    ),
    ("templates/claim.html", "{{ no.such.field }}"),
    ("templates/source.html", "{% if %}"),
    ("templates/base.html", "{% block main %}{% endblock %}"),
    ("templates/stray.html", "nobody includes this"),
];

const SETTINGS: [&str; 12] = [
    "smart-punctuation = false",
    "definition-lists = false",
    "admonitions = false",
    "site-url = \"https://desk.example/said/\"",
    "[whosaid]\nwikilinks = false",
    "[whosaid]\nautolink = true",
    "[whosaid]\nraw-html = \"allow\"",
    "[whosaid]\nraw-html = \"escape\"\ntlp = \"green\"",
    "[whosaid]\ndrafts = true\nas-of = \"2031-03-05\"",
    "[whosaid]\nactors = \"people\"\nbibliography = \"refs.bib\"",
    "[whosaid]\ncontact = \"mailto:desk@example.org\"\nfooter = \"Foot\"",
    "[whosaid.lints]\nWS101 = \"allow\"",
];

/// Makes one random edit and returns its description.
pub fn edit(dice: &mut Dice, inputs: &mut Inputs) -> String {
    let known: Vec<SitePath> = inputs.files.keys().cloned().collect();
    let documents: Vec<&SitePath> = known
        .iter()
        .filter(|path| path.extension() == "md")
        .collect();
    let text_of = |path: &SitePath, files: &Files| {
        let bytes = files.get(path).cloned().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let put = |inputs: &mut Inputs, at: &str, text: &str| {
        inputs.files.insert(path(at), text.as_bytes().into());
    };
    match dice.roll(20) {
        0..=4 if !documents.is_empty() => {
            let at = dice.pick(&documents);
            let piece = dice.pick(&PIECES);
            let text = text_of(at, &inputs.files) + piece;
            put(inputs, at.as_str(), &text);
            format!("append {piece:?} to {at}")
        }
        5..=7 if !documents.is_empty() => {
            let at = dice.pick(&documents);
            let text = text_of(at, &inputs.files);
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let line = dice.roll(lines.len().max(1));
            let piece = dice.pick(&PIECES);
            match dice.roll(3) {
                0 if !lines.is_empty() => drop(lines.remove(line)),
                1 if !lines.is_empty() => lines[line] = piece,
                _ => lines.insert(line.min(lines.len()), piece),
            }
            put(inputs, at.as_str(), &lines.concat());
            format!("change line {line} of {at}")
        }
        8..=9 => {
            let (at, text) = dice.pick(&NEW);
            put(inputs, at, text);
            format!("create {at}")
        }
        10 if !known.is_empty() => {
            let at = &known[dice.roll(known.len())];
            inputs.files.remove(at);
            format!("delete {at}")
        }
        11 if !documents.is_empty() => {
            let from = dice.pick(&documents);
            let folder = dice.pick(&[
                "content",
                "content/actors",
                "content/claims",
                "content/sources",
            ]);
            let to = format!("{folder}/{}-{}.md", from.stem(), dice.roll(3));
            if let Some(bytes) = inputs.files.remove(from) {
                inputs.files.insert(path(&to), bytes);
            }
            format!("rename {from} to {to}")
        }
        12..=13 => {
            let (at, text) = dice.pick(&TEMPLATES);
            match dice.roll(3) {
                0 => drop(inputs.files.remove(&path(at))),
                _ => put(inputs, at, text),
            }
            format!("template {at}")
        }
        14 => {
            let at = dice.pick(&[
                "static/whosaid.css",
                "static/own.js",
                "content/images/map.svg",
            ]);
            put(inputs, at, &format!("/* {} */", dice.roll(100)));
            format!("static {at}")
        }
        15 => {
            let summary =
                "# Summary\n\n- [Ferry](ferry.md)\n  - [New](new.md)\n- [Home](index.md)\n";
            match dice.roll(3) {
                0 => drop(inputs.files.remove(&path("content/SUMMARY.md"))),
                1 => put(
                    inputs,
                    "content/SUMMARY.md",
                    "- [Gone](gone.md)\n- [Later]()\n",
                ),
                _ => put(inputs, "content/SUMMARY.md", summary),
            }
            "SUMMARY.md".to_string()
        }
        16 => {
            let entry = format!(
                "@online{{entry,\n title = {{Hours {}}},\n}}\n",
                dice.roll(9)
            );
            let text = dice.pick(&[entry.as_str(), "@broken{", ""]);
            put(inputs, "content/refs.bib", text);
            "refs.bib".to_string()
        }
        17 => {
            let title = format!("[book]\ntitle = \"Bridge {}\"\n", dice.roll(4));
            let setting = dice.pick(&SETTINGS);
            let table = if setting.starts_with('[') {
                ""
            } else {
                "[output.html]\n"
            };
            put(inputs, "book.toml", &format!("{title}{table}{setting}\n"));
            format!("book.toml: {setting}")
        }
        18 => {
            inputs.options = Options {
                drafts: dice.roll(2) == 0,
                as_of: (dice.roll(3) == 0).then(|| jiff::civil::date(2031, 3, 6)),
                raw_html: dice.pick(&[None, Some(RawHtml::Escape), Some(RawHtml::Basic)]),
                tlp: dice.pick(&[None, None, Some(Tlp::Green)]),
                at_root: dice.roll(4) == 0,
                overrides: Vec::new(),
                ..Options::default()
            };
            inputs.today = jiff::civil::date(2031, 1 + dice.roll(12) as i8, 1);
            format!("{:?}", inputs.options)
        }
        _ => {
            // Sometimes the book is restored, because otherwise too many files would have mistakes.
            inputs.files = files(SMALL);
            inputs
                .files
                .insert(path("content/odd.md"), [b'a', 0xff].as_slice().into());
            "mend all, and break one".to_string()
        }
    }
}

#[test]
fn a_warm_cache_equals_a_cold_one_after_any_edits() {
    let mut dice = Dice(0x0b5e_55ed);
    let mut inputs = inputs(files(SMALL));
    let mut cache = Cache::default();
    let mut done = Vec::new();
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..STEPS {
        done.push(edit(&mut dice, &mut inputs));
        // Sometimes there are several edits between two builds.
        if dice.roll(4) == 0 {
            continue;
        }
        let warm = compile::compile(&inputs, &mut cache);
        let last = &done[done.len().saturating_sub(4)..];
        assert_same(&warm, &cold(&inputs), &last.join("\nthen "));
        kinds.extend(warm.diagnostics.iter().map(|said| said.code.id()));
    }
    // The edits must have caused different diagnostics.
    assert!(kinds.len() >= 12, "only {kinds:?} were said");
}

#[test]
fn a_warm_cache_equals_a_cold_one_on_the_sample() {
    let mut dice = Dice(0x5a3b_1e55);
    let mut inputs = inputs(repository::sample());
    let mut cache = Cache::default();
    for _ in 0..12 {
        let what = edit(&mut dice, &mut inputs);
        let warm = compile::compile(&inputs, &mut cache);
        assert_same(&warm, &cold(&inputs), &what);
    }
}

#[test]
fn an_edit_and_its_undoing_leave_nothing_behind() {
    let mut dice = Dice(0x00dd_ba11);
    let start = inputs(files(SMALL));
    let mut cache = Cache::default();
    let before = compile::compile(&start, &mut cache);
    let mut changed = 0;
    for _ in 0..20 {
        let mut edited = start.clone();
        let what = edit(&mut dice, &mut edited);
        let between = compile::compile(&edited, &mut cache);
        changed += usize::from(!same(&between, &before));
        let after = compile::compile(&start, &mut cache);
        assert_same(&before, &after, &what);
    }
    assert!(changed >= 12, "only {changed} edits changed anything");
}

// Nothing panics.

/// Pieces of Markdown, of our language and of the file formats that are difficult in combination.
const NASTY: [&str; 85] = [
    "[",
    "]",
    "](",
    ")",
    "][",
    "[]",
    "[[",
    "]]",
    "![",
    "![[",
    "|",
    "](claim:closed \"by=ferry\")",
    "](denies:closed,unasked",
    "(claim:",
    "]{",
    "}",
    "{.claim #x by=council}",
    "]{.denies of=closed by='a b,c'}",
    "]{.cls #id}",
    " {#h by=ferry}\n",
    "{",
    "# ",
    "## ",
    "\n",
    "\n\n",
    "\r\n",
    "> ",
    ">",
    "- ",
    "1. ",
    "    ",
    "\t",
    "`",
    "``",
    "```\n",
    "```rust\n",
    "~~~",
    "*",
    "**",
    "***",
    "_",
    "~~",
    "word",
    " two  words ",
    "\"",
    "'",
    "--",
    "—",
    "> — ",
    "[[council]]",
    "[[council|c]]",
    "[@minutes, p. 4]",
    "[see @letter; @entry]",
    "[@",
    "<b>",
    "</b>",
    "<script>",
    "<abbr title='\" onmouseover=\"x'>",
    "<!--",
    "-->",
    "<img src=x onerror=y>",
    "<http://x.y>",
    "<a@b.c>",
    "| a | b |\n|--|:-:|\n",
    "\\",
    "&amp;",
    "&#0;",
    "&lbrack;",
    "[^1]",
    "[^1]: note\n",
    "[x]: denies:closed \"by=ferry\"\n",
    "[x]",
    "===\n",
    "---\n",
    ": def\n",
    "- [ ] ",
    "\u{1}",
    "{\u{1}\u{1}}",
    "\u{0}",
    "é",
    "日本",
    "\u{202e}",
    "\u{feff}",
    "{{#include ",
    "javascript:x",
];

/// All roles of files.
const ROLES: [&str; 15] = [
    "content/404.md",
    "content/index.md",
    "content/a.md",
    "content/actors/ferry.md",
    "content/actors/new.md",
    "content/claims/closed.md",
    "content/claims/new.md",
    "content/sources/minutes.md",
    "content/SUMMARY.md",
    "content/refs.bib",
    "content/more.yml",
    "book.toml",
    "templates/actor.html",
    "templates/footer.html",
    "static/own.js",
];

/// Text built from difficult pieces, with or without front matter; or any text.
fn any_text() -> impl Strategy<Value = String> {
    let front = prop::sample::select(vec![
        "",
        "",
        "---\ntitle: x\n---\n",
        "---\ntitle: x\ndefaults: {by: ferry, on: 2031}\n---\n",
        "---\nname: x\ntext: y\n---\n",
        "---\n",
        "+++\ntitle = 'x'\n+++\n",
    ]);
    let pieces = prop::collection::vec(prop::sample::select(NASTY.to_vec()), 0..60);
    let nasty = (front, pieces).prop_map(|(front, pieces)| format!("{front}{}", pieces.concat()));
    prop_oneof![4 => nasty, 1 => any::<String>()]
}

/// Runs `law` on many values, the same ones each time.
pub fn holds<S: Strategy>(of: S, cases: u32, law: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(&of, law);
    if let Err(fault) = outcome {
        panic!("{fault}");
    }
}

/// Returns a small book in which one file is replaced.
fn with(role: &str, bytes: &[u8]) -> Inputs {
    let mut files = files(SMALL);
    files.insert(path(role), bytes.into());
    inputs(files)
}

/// Returns whether it is the address of the theme's script, whose name contains a hash of its
/// bytes.
fn is_the_themes(src: &str) -> bool {
    // The page for missing addresses links from the root.
    let path = src.trim_start_matches("../").trim_start_matches("/bridge/");
    let name = path.strip_prefix("whosaid-");
    let name = name.or(path.strip_prefix("search-"));
    let hash = name.and_then(|name| name.strip_suffix(".js"));
    hash.is_some_and(|hash| hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Returns what a browser would run on this page, if anything.
fn script_on(page: &Page) -> Option<String> {
    page.elements().find_map(|element| {
        let runs = match element.name() {
            "script" if element.attr("type") == Some("application/ld+json") => {
                serde_json::from_str::<serde_json::Value>(&element.text()).is_err()
            }
            "script" => !element.attr("src").is_some_and(is_the_themes),
            "iframe" | "object" | "embed" | "base" | "style" => true,
            _ => element.attrs().any(|(name, value)| {
                let value: String = value
                    .chars()
                    .filter(|c| !c.is_control() && *c != ' ')
                    .collect();
                name.starts_with("on")
                    || name == "style"
                    || value.to_ascii_lowercase().starts_with("javascript:")
            }),
        };
        runs.then(|| {
            format!(
                "`{}` {:?}",
                element.name(),
                element.attrs().collect::<Vec<_>>()
            )
        })
    })
}

#[test]
fn no_text_in_any_file_panics_or_becomes_script() {
    let roles = prop::sample::select(ROLES.to_vec());
    // Outputs that are in the book without the text need no second check.
    let plain = book::book(SMALL).build.outputs;
    holds((roles, any_text()), 200, |(role, text)| {
        let build = cold(&with(role, text.as_bytes()));
        // Templates and settings are the author's own code, which is trusted.
        if role.starts_with("content/") {
            for (path, bytes) in &build.outputs {
                if path.extension() == "html" && plain.get(path) != Some(bytes) {
                    let page = Page::parse(&String::from_utf8_lossy(bytes));
                    let script = script_on(&page);
                    prop_assert!(script.is_none(), "{path}: {script:?}");
                }
            }
        }
        Ok(())
    });
}

#[test]
fn no_text_of_a_briefing_panics_in_any_reading() {
    let options = (any::<bool>(), any::<bool>(), any::<bool>());
    holds(
        (any_text(), options),
        12_000,
        |(text, (annotated, smart, lists))| {
            let reading = whosaid::parse::Reading {
                dialect: whosaid::model::Dialect::Annotated,
                annotated,
                wikilinks: annotated,
                smart_punctuation: smart,
                definition_lists: lists,
                alerts: smart,
                is_vault: false,
            };
            let kind = whosaid::parse::DocKind::Briefing;
            let draft = whosaid::parse::draft(
                kind,
                SourceText::new(&path("content/a.md"), text.as_str()),
                &reading,
            );
            let mut open = 0_usize;
            for item in &draft.body.items {
                prop_assert!(item.span.end as usize <= text.len(), "{:?}", item);
                match &item.node {
                    whosaid::model::Node::Start(_) => open += 1,
                    whosaid::model::Node::End => {
                        prop_assert!(open > 0, "an end without a start");
                        open -= 1;
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(open, 0, "a start without an end");
            for said in &draft.diagnostics {
                let at = said.place.span.range();
                prop_assert!(text.get(at).is_some(), "{said:?} points beside the text");
            }
            Ok(())
        },
    );
}

#[test]
fn no_bytes_in_any_file_panic() {
    let roles = prop::sample::select(ROLES.to_vec());
    let bytes = prop::collection::vec(any::<u8>(), 0..200);
    holds((roles, bytes), 100, |(role, bytes)| {
        let inputs = with(role, &bytes);
        let build = cold(&inputs);
        // Every diagnostic can be displayed.
        report(&inputs, &build.diagnostics);
        Ok(())
    });
}

// One bad file affects no other file.

#[test]
fn one_bad_file_among_a_thousand_leaves_the_others_checked() {
    let mut files = files(
        "//- content/actors/us.md\n---\nname: Us\nkind: company\n---\n\
         //- content/claims/it.md\n---\ntext: It is so.\nabout: [us]\n---\n\
         //- content/sources/doc.md\n---\ntitle: A document\n---\n",
    );
    for number in 0..1000 {
        let by = match number {
            300 | 700 => format!("nobody-{number}"),
            _ => "us".to_string(),
        };
        let mark = format!("[We say so](claim:it \"by={by} on=2031\") [@doc]");
        let text = format!("---\ntitle: Page {number}\n---\n\n[[us]]. {mark}.\n");
        let bytes = match number {
            500 => b"---\ntitle: Page 500\n---\n\n\xff\n".to_vec(),
            _ => text.into_bytes(),
        };
        files.insert(path(&format!("content/p{number:03}.md")), bytes.into());
    }
    let inputs = inputs(files);
    let build = cold(&inputs);
    let said: Vec<String> = build
        .diagnostics
        .iter()
        .map(|said| format!("{} {}", said.place.file, said.code.name()))
        .collect();
    let expected = [
        "content/p300.md unknown-actor",
        "content/p500.md not-utf8",
        "content/p700.md unknown-actor",
    ];
    assert_eq!(said, expected, "{}", report(&inputs, &build.diagnostics));
    for number in 0..1000 {
        let page = path(&format!("p{number:03}.html"));
        assert_eq!(build.outputs.contains_key(&page), number != 500, "{page}");
    }
    assert_eq!(build.counts.briefings, 999);
}
