//! What is marked above the ceiling of a book is in no byte of its site.

use whosaid::compile::Options;
use whosaid::model::Tlp;

use crate::book::{self, Book, files};

/// A book with secrets of every kind, all above green. No word of them begins otherwise than
/// with `zeb`.
const SECRETS: &str = r#"
//- book.toml
[whosaid.lints]
orphan-actor = "allow"
uncited-source = "allow"
//- content/a.md
---
title: Postbox
---

[[Brennia]] says [letters were opened](claim:opened "by=brennia on=2031-03-02") [@notice].
[zebras heard of it first](confirms:opened "by=brennia on=2031-03-04 tlp=amber -- zebnote") More.

The end of [zeb one zeb two zeb three](claim:zeb-claim "by=brennia tlp=red") it.

> zebras were quoted at length
>
> — [Brennia](claim:opened "by=brennia on=2031-03-05 tlp=red") [@notice]

## What zebras know {tlp=amber}

Zebedee and [[brennia]] met.

### Below it

| zebtable |
|---|
| zeb |

## What all know

Open words.
//- content/z.md
---
title: Zebra crossing
tlp: amber
tags: [zebtag]
aliases: [zebold.html]
---
Zebedee lives here.
//- content/actors/brennia.md
---
name: Brennia
---
//- content/actors/zeb-herd.md
---
name: Zebra herd
aliases: [Zebs]
tlp: red
---
Zebbody.
//- content/claims/opened.md
---
text: Letters were opened.
---
//- content/claims/zeb-know.md
---
text: Zebras know.
tlp: amber
---
//- content/sources/notice.md
---
title: Notice
author: brennia
date: 2031-03-02
---
//- content/sources/zeb-memo.md
---
title: Zebra memo
tlp: amber
date: 2031-03-01
---
Zebkept.
"#;

fn green(text: &str) -> Book {
    let mut inputs = book::inputs(files(text));
    inputs.options = Options {
        tlp: Some(Tlp::Green),
        ..Options::default()
    };
    book::build(inputs)
}

#[test]
fn what_is_above_the_ceiling_is_in_no_byte_of_the_site() {
    let book = green(SECRETS);
    assert_eq!(book.report(), "");
    assert!(book.page("a.html").contains("Open words"));
    assert!(book.page("a.html").contains("letters were opened"));
    for (path, bytes) in &book.build.outputs {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        assert!(!text.contains("zeb"), "{path}");
        assert!(!path.as_str().contains("zeb"), "{path}");
    }
    // Without a ceiling all of it is there.
    let whole = book::book(SECRETS);
    let pages = whole.build.outputs.iter();
    let with = pages.filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("zeb"));
    assert!(with.count() > 5);
}

#[test]
fn a_ceiling_of_the_book_is_an_error_that_names_each_secret() {
    let text = SECRETS.replace(
        "[whosaid.lints]",
        "[whosaid]\ntlp = \"green\"\n[whosaid.lints]",
    );
    let book = book::book(&text);
    assert_eq!(book.codes(), ["WS021"], "{}", book.report());
    assert_eq!(book.build.diagnostics.len(), 8, "{}", book.report());
}

#[test]
fn a_withheld_word_anywhere_in_the_site_is_an_error() {
    let says = |more: &str| {
        let book = green(&format!("{SECRETS}{more}"));
        book.build
            .diagnostics
            .iter()
            .map(|said| format!("{} {}", said.code, said.message))
            .collect::<Vec<_>>()
    };
    let leaks = |file: &str| {
        vec![format!(
            "WS037 the site would hold withheld words, in `{file}`"
        )]
    };
    for (more, file) in [
        ("//- content/x.txt\nthe ZEBRA  herd\n", "x.txt"),
        (
            "//- content/x.json\n{\"a\":\"Zebra\\u0020herd\"}\n",
            "x.json",
        ),
        (
            "//- content/x.svg\n<svg><!-- Zebra&#32;herd --></svg>\n",
            "x.svg",
        ),
        (
            "//- content/x.svg\n<svg><b>Zebra</b> <i>herd</i></svg>\n",
            "x.svg",
        ),
        ("//- content/x.txt\nask Zebs.\n", "x.txt"),
        ("//- content/x.txt\n(zeb-memo)\n", "x.txt"),
        ("//- content/zeb-memo.txt\n\n", "zeb-memo.txt"),
        ("//- content/x.txt\nsee Zebra%20memo\n", "x.txt"),
        ("//- content/x.txt\nZebras heard of it first!\n", "x.txt"),
    ] {
        assert_eq!(says(more), leaks(file), "{more}");
    }
    // Ordinary words, and parts of words, are no leak.
    let more = "//- content/x.txt\nzebs are animals; Zebra, herder\n";
    assert_eq!(says(more), Vec::<String>::new(), "{more}");
    // A text that names what is withheld is told where it does so.
    let named = says("//- content/b.md\n# B\n\nAsk [[Zebra herd]].\n");
    let told = "WS037 name `Zebra herd` is left out of this book and named in it";
    assert!(named.iter().any(|said| said == told), "{named:?}");
}
