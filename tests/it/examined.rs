//! Tests that `check` reports everything that `build` reports, although it renders few pages.

use std::collections::BTreeSet;

use whosaid::compile::{self, Cache, Inputs};
use whosaid::diag::Code;

use crate::book::{files, inputs};
use crate::laws::{self, Dice};
use crate::{manual, repository};

/// Returns the codes that both report.
fn both(inputs: &Inputs, why: &str) -> BTreeSet<&'static str> {
    let mut cache = Cache::for_one_run();
    let built = compile::analyze(inputs, &mut cache).render(&|_, _| ());
    let mut cache = Cache::for_one_run();
    let examined = compile::analyze(inputs, &mut cache).examine();
    assert_eq!(examined.diagnostics, built.diagnostics, "{why}");
    assert_eq!(examined.counts, built.counts, "{why}");
    assert_eq!(examined.documents, built.documents, "{why}");
    let codes = built.diagnostics.iter().map(|said| said.code.id());
    codes.collect()
}

#[test]
fn check_finds_what_build_finds_in_random_books() {
    let mut dice = Dice(0xc4ec_5eed);
    let mut inputs = inputs(files(laws::SMALL));
    let mut done = Vec::new();
    let mut seen = BTreeSet::new();
    for _ in 0..160 {
        done.push(laws::edit(&mut dice, &mut inputs));
        if dice.roll(2) == 0 {
            continue;
        }
        let last = &done[done.len().saturating_sub(4)..];
        seen.extend(both(&inputs, &last.join("\nthen ")));
    }
    // Diagnostics that only rendering can find must occur.
    for code in [Code::RawHtml, Code::BrokenTemplate, Code::DuplicateAddress] {
        assert!(seen.contains(code.id()), "{code:?} is not in {seen:?}");
    }
}

/// A book with every diagnostic that pages themselves cause.
const SPEAKING: &str = r#"
//- book.toml
[book]
title = "A book"

[output.html]
site-url = "https://desk.example/"
//- templates/source.html
{{ nothing.here }}
//- content/index.md
---
title: Ꙁ is in no font
---

<script>alert(1)</script>
//- content/other.md
---
title: 𓂀 neither
---

Text with <b onclick="x()">raw</b> HTML and a footnote[^1].

[^1]: <u class="x">Here</u> [it is said](claim:one "by=us") [@letter].
//- content/404.md
Not <marquee>here</marquee>.
//- content/actors/us.md
---
name: Us
kind: group
---
<object data="x"></object>
//- content/claims/one.md
---
text: It is so.
---
<style>p {}</style>
//- content/sources/letter.md
---
title: A letter
---
Kept <marquee>words</marquee>.
"#;

#[test]
fn check_finds_what_pages_say_by_themselves() {
    let seen = both(&inputs(files(SPEAKING)), "a book whose pages speak");
    let mut codes = vec![Code::RawHtml, Code::BrokenTemplate];
    if cfg!(feature = "cards") {
        codes.push(Code::CardNotDrawn);
    }
    for code in codes {
        assert!(seen.contains(code.id()), "{code:?} is not in {seen:?}");
    }
    let withheld = SPEAKING.replace("[whosaid]", "") + "//- content/x.md\n---\ntlp: red\n---\nX\n";
    let withheld = withheld.replace(
        "//- templates/source",
        "[whosaid]\ntlp = \"green\"\n//- templates/source",
    );
    both(&inputs(files(&withheld)), "a book with something withheld");
}

#[test]
fn check_finds_what_build_finds_in_real_books() {
    both(&inputs(repository::sample()), "the sample");
    both(&inputs(manual::sources()), "the manual");
}
