//! Every place of every diagnostic is in a file on disk, however the text was assembled.

use std::collections::BTreeMap;
use std::sync::Arc;

use whosaid::compile::{self, Build, Chapter, Inputs, Piece, Preprocessed};
use whosaid::model::Tlp;
use whosaid::text::{Place, SitePath};

use crate::book::{self, book, files, inputs, report};
use crate::laws::Dice;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

/// Returns the words on disk at a place, which must begin and end between characters.
fn words<'a>(inputs: &'a Inputs, place: &Place) -> &'a str {
    let bytes = inputs.files.get(&place.file);
    let bytes = bytes.unwrap_or_else(|| panic!("{} is no file of the book", place.file));
    let text = std::str::from_utf8(bytes).expect("a text");
    let words = text.get(place.span.range());
    words.unwrap_or_else(|| panic!("{place:?} is no text of {text:?}"))
}

/// Returns all places of a diagnostic.
fn places(said: &whosaid::diag::Diagnostic) -> impl Iterator<Item = &Place> {
    let others = said.others.iter().map(|(place, _)| place);
    let edits = said.fixes.iter().flat_map(|fix| &fix.edits);
    let edits = edits.map(|(place, _)| place);
    std::iter::once(&said.place).chain(others).chain(edits)
}

const CAST: &str = "\
//- content/actors/us.md
---
name: United States
---
//- content/sources/doc.md
---
title: A document
---
//- content/pic.svg
<svg xmlns=\"http://www.w3.org/2000/svg\"/>
";

/// Lines with mistakes. `N` becomes a number that no other line has, so that a diagnostic that
/// names it must point to this line.
const LINES: [&str; 18] = [
    "Wörter – plain words, “quoted”.",
    "",
    "## Überschrift N {by=noN}",
    "The [[noN]] said so – twice.",
    "[Es war so](claim:claim-noN \"by=us\") [@noN].",
    "[They said it](claim:c-N \"by=noN against=us\"), [a](missing-noN.md).",
    "[Nein]{.denies of=noN by=us on=2021-07-20}",
    "![picture](noN.png) and <blink>é</blink>",
    "Experts say that it is so.",
    "| a | b |\n|---|---|\n| [[noN]] | é |",
    "> „Zitat“ [[noN]]\n>\n> — [UK](denies:noN \"by=us\")",
    "[no]{.claim #d-N by=us keyN=é}",
    "```\n[[code]] {{\n```",
    "[Secret words that nobody may read N](claim:s-N \"by=us tlp=red\") [@doc].",
    "- [ ] \\[[[noN]]\\] é\n- `{{#include x}}` ==marked [[noN]]==",
    "#tag %%comment [[x]]%% [[noN|shown é]] ^block-N",
    "[^n]: A note with [[noN]].\n\nWords[^n]",
    "[A sentence that is cut because it is marked N.]{.claim #t-N by=us tlp=amber}",
];

/// Returns a file of such lines, with directives between them.
fn text(dice: &mut Dice, number: &mut usize, directives: &[&str]) -> String {
    let mut text = String::new();
    for _ in 0..1 + dice.roll(7) {
        *number += 1;
        let line = match dice.roll(5) {
            0 | 1 if !directives.is_empty() => directives[dice.roll(directives.len())],
            _ => LINES[dice.roll(LINES.len())],
        };
        text.push_str(&line.replace('N', &number.to_string()));
        text.push_str(["\n", "\n\n", "\r\n", " "][dice.roll(4)]);
    }
    text
}

const DIRECTIVES: [&str; 10] = [
    "{{#include parts/one.txt}}",
    "{{#include parts/two.txt:2:4}}",
    "An – {{#include parts/two.txt:1}} within a line [[noN]].",
    "{{#include parts/one.txt:anchor}}",
    "{{#rustdoc_include parts/two.txt:2:3}}",
    "{{#playground parts/one.txt}}",
    "{{#title A title é}}",
    "\\{{#include parts/one.txt}} [[noN]]",
    "{{#include b.md}}",
    "{{#include nowhere.txt}} {{#inclde parts/one.txt}}",
];

const EMBEDS: [&str; 4] = [
    "![[b]]",
    "\n![[b#Überschrift]]\n",
    "   ![[c]]",
    "![[pic.svg]] é",
];

/// Returns the chapters as a program changes them: lines are added, changed, repeated, moved and
/// dropped.
fn rework(dice: &mut Dice, pieces: Vec<Piece>) -> Vec<Piece> {
    let change = |dice: &mut Dice, chapter: Chapter| {
        let mut text = chapter.text[..chapter.body_at].to_owned();
        let body: Vec<&str> = chapter.text[chapter.body_at..]
            .split_inclusive('\n')
            .collect();
        for (at, line) in body.iter().enumerate() {
            match dice.roll(9) {
                0 => {}
                1 => text.push_str(&format!("{line}From a program: [[added]] é.\n")),
                2 => text.push_str(&line.replace("said", "säid")),
                3 => text.push_str(&body[at..].concat().lines().rev().collect::<String>()),
                4 => text.push_str(&format!("{line}{line}")),
                _ => text.push_str(line),
            }
        }
        Chapter {
            text: text.into(),
            ..chapter
        }
    };
    pieces
        .into_iter()
        .map(|piece| match piece {
            Piece::Chapter(chapter) => Piece::Chapter(change(dice, chapter)),
            Piece::Part(_) | Piece::Separator => piece,
        })
        .collect()
}

/// Checks the places of all diagnostics of a build.
fn check(inputs: &Inputs, build: &Build, has_programs: bool) {
    let mut on_disk: BTreeMap<String, (SitePath, usize)> = BTreeMap::new();
    for (path, bytes) in &inputs.files {
        let text = std::str::from_utf8(bytes).expect("a text");
        for (at, _) in text.match_indices("no") {
            let digits = text[at + 2..]
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            if digits > 0 {
                on_disk.insert(text[at..at + 2 + digits].to_owned(), (path.clone(), at));
            }
        }
    }
    for said in &build.diagnostics {
        for place in places(said) {
            words(inputs, place);
        }
        let fixes = said.fixes.iter().flat_map(|fix| &fix.edits);
        assert!(
            fixes.map(|(place, _)| place).all(Place::is_exact),
            "{said:?}"
        );
        // The place contains the words that the message names.
        let named = said.message.split('`').nth(1).unwrap_or("");
        let Some((file, _)) = on_disk.get(named) else {
            continue;
        };
        let shown = words(inputs, &said.place);
        if !has_programs {
            assert_eq!(said.place.file, *file, "{said:?}");
            assert!(said.place.is_exact(), "{said:?}");
        }
        if said.place.is_exact() {
            assert!(shown.contains(named), "{said:?} points at {shown:?}");
        }
    }
}

#[test]
fn every_place_of_a_book_is_on_disk_and_has_its_words() {
    let mut told = 0;
    for seed in 1..=100_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let mut number = 0;
        let is_vault = seed % 4 == 0;
        let directives: &[&str] = if is_vault { &EMBEDS } else { &DIRECTIVES };
        let mut all = files(CAST);
        let mut put = |name: &str, text: String| {
            all.insert(path(name), text.into_bytes().into());
        };
        for name in ["a", "b", "c"] {
            let front = [
                "",
                "---\ntitle: Ä\n---\n",
                "\u{feff}---\ntitle: A\ntlp: red\n---\n",
            ];
            let front = front[dice.roll(if name == "a" { 2 } else { 3 })];
            let own: &[&str] = if name == "b" { &[] } else { directives };
            let text = text(&mut dice, &mut number, own);
            put(&format!("content/{name}.md"), format!("{front}{text}"));
        }
        for name in ["one", "two"] {
            let own = &DIRECTIVES[1..4];
            let part = text(
                &mut dice,
                &mut number,
                if name == "one" { own } else { &[] },
            );
            let part = format!("ANCHOR: anchor\n{part}\nANCHOR_END: anchor\nlast\n");
            put(&format!("content/parts/{name}.txt"), part);
        }
        let mut inputs = inputs(all);
        inputs.options.vault = is_vault.then(|| path("content"));
        inputs.options.tlp = [None, Some(Tlp::Green)][dice.roll(2)];
        let has_programs = dice.roll(3) == 0;
        if has_programs {
            let raw = rework(
                &mut dice,
                compile::chapters_for_preprocessors(&inputs, false),
            );
            let mut done = Preprocessed {
                raw: Some(raw),
                ..Preprocessed::default()
            };
            inputs.options.preprocessed = Some(Arc::new(done.clone()));
            done.expanded = Some(rework(
                &mut dice,
                compile::chapters_for_preprocessors(&inputs, true),
            ));
            inputs.options.preprocessed = Some(Arc::new(done));
        }
        let build = book::build(inputs);
        check(&build.inputs, &build.build, has_programs);
        told += build.build.diagnostics.len();
        report(&build.inputs, &build.build.diagnostics);
    }
    assert!(told > 700, "{told} diagnostics say nothing of many places");
}

#[test]
fn withheld_words_are_shown_where_they_are_behind_an_include() {
    let book = book(
        "//- book.toml\n[whosaid]\ntlp = \"green\"\n[whosaid.lints]\nabove-tlp = \"allow\"\n\
         //- content/a.md\n# A\n\n{{#include long.txt}}\n\n\
         [The minister knew of it since March](claim:knew \"by=us tlp=red\") [@doc].\n\
         //- content/b.md\n# B\n\nThe minister knew of it since March.\n\
         //- content/long.txt\nA long text that is not secret, and longer than the mark.\n\
         //- content/actors/us.md\n---\nname: Us\n---\n\
         //- content/sources/doc.md\n---\ntitle: A document\n---\n",
    );
    let leaks = book.build.diagnostics.iter();
    let leaks: Vec<&str> = leaks
        .filter(|said| said.code.id() == "WS037")
        .map(|said| words(&book.inputs, &said.place))
        .collect();
    assert!(!leaks.is_empty(), "{:?}", book.build.diagnostics);
    for leak in leaks {
        assert!(leak.contains("The minister knew"), "{leak:?}");
    }
}

#[test]
fn what_a_page_silences_is_silent_in_what_it_includes() {
    let both = |front: &str| {
        let book = book(&format!(
            "//- content/a.md\n{front}# A\n\n{{{{#include part.txt}}}}\n\
             //- content/part.txt\nExperts say so.\n"
        ));
        book.codes()
    };
    assert_eq!(both(""), ["WS120"]);
    assert!(both("---\nallow: [WS120]\n---\n").is_empty());
    // A page that does not silence the code still reports it for the included words.
    let book = book(
        "//- content/a.md\n---\nallow: [WS120]\n---\n# A\n\n{{#include part.txt}}\n\
         //- content/b.md\n# B\n\n{{#include part.txt}}\n\
         //- content/part.txt\nExperts say so.\n",
    );
    assert_eq!(book.codes(), ["WS120"]);
}

#[test]
fn braces_that_include_nothing_are_reported_in_every_text() {
    let book = book("//- content/a.md\n# A\n\n{{#inclde part.txt}}\n");
    assert_eq!(book.codes(), ["WS024"]);
}
