//! Tests that nothing above the TLP level of a book is in its site.

use whosaid::compile::{self, Cache, Options};
use whosaid::config::Export;
use whosaid::diag::Code;
use whosaid::model::Tlp;

use crate::book::{self, Book, files};

/// A book with secrets of every kind, all above green. All their words begin with `zeb`.
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
![zeb](zeb-below.svg)

### Below it

| zebtable |
|---|
| zeb |

## What all know

Open words.

![all](map.svg)
//- content/zeb-below.svg
<svg xmlns="http://www.w3.org/2000/svg"/>
//- content/zcrossing.md
---
title: Zebra crossing
summary: The zeb summary in short.
tlp: amber
tags: [zebtag]
aliases: [zebold.html]
---
Zebedee lives here, in the street of seven zeb lamps and two inns.

![zeb](zeb-map.svg) ![all](map.svg)
//- content/zeb-map.svg
<svg xmlns="http://www.w3.org/2000/svg"/>
//- content/zeb-photo.svg
<svg xmlns="http://www.w3.org/2000/svg"/>
//- content/map.svg
<svg xmlns="http://www.w3.org/2000/svg"/>
//- content/actors/brennia.md
---
name: Brennia
---
//- content/actors/zeb-herd.md
---
name: Zebra herd
aliases: [Zebs, Zèbre d'or]
image: ../zeb-photo.svg
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
    // Without a level, all of them are published.
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
            // No text refers to the files below.
            .filter(|said| said.code != Code::StrayFile)
            .map(|said| format!("{} {}", said.code, said.message))
            .collect::<Vec<_>>()
    };
    let leaks = |file: &str| {
        vec![format!(
            "WS037 the site would contain withheld words, in `{file}`"
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
        // Tags, line breaks and invisible characters inside a word, in other scripts and cases.
        ("//- content/x.svg\n<svg>Ze<b>b</b>s</svg>\n", "x.svg"),
        ("//- content/x.txt\nZebra\u{200b} he\u{ad}rd\n", "x.txt"),
        ("//- content/x.svg\n<svg>Zebra he&shy;rd</svg>\n", "x.svg"),
        ("//- content/x.ics\nSUMMARY:Zebra he\r\n rd\r\n", "x.ics"),
        ("//- content/x.txt\nein ZÈBRE D\u{2019}OR\n", "x.txt"),
        ("//- content/x.txt\nein ze\u{300}bre d'or\n", "x.txt"),
        ("//- content/x.txt\n?q=Z%C3%A8bre%20d'or\n", "x.txt"),
        ("//- content/zebre-dor.txt\n\n", "zebre-dor.txt"),
        // The addresses of withheld pages, and references to them.
        ("//- content/x.txt\n<a href=\"zcrossing.html\">\n", "x.txt"),
        ("//- content/x.txt\nthe zeb summary in short.\n", "x.txt"),
        ("//- content/x.txt\nabout zeb-claim\n", "x.txt"),
    ] {
        assert_eq!(says(more), leaks(file), "{more}");
    }
    // Ordinary words and parts of words are not leaks.
    let more = "//- content/x.txt\nzebs are animals; Zebra, herder\n";
    assert_eq!(says(more), Vec::<String>::new(), "{more}");
    // A text that names a withheld object is reported at the name.
    let named = says("//- content/b.md\n# B\n\nAsk [[Zebra herd]].\n");
    let told = "WS037 mention of the withheld name `Zebra herd`";
    assert!(named.iter().any(|said| said == told), "{named:?}");
}

/// Included text has the level of its source.
#[test]
fn words_that_are_included_from_what_is_withheld_are_an_error() {
    let says = |more: &str| {
        let book = green(&format!("{SECRETS}{more}"));
        let leaks = book.build.diagnostics.iter();
        let leaks = leaks.filter(|said| said.code.id() == "WS037");
        leaks.map(|said| said.message.clone()).collect::<Vec<_>>()
    };
    // The search index contains it, too.
    let in_page = ["the site would contain withheld words, in `b.html` and 1 more file"];
    // A line of a withheld briefing, and one of a withheld section.
    assert_eq!(
        says("//- content/b.md\n# B\n\n{{#include zcrossing.md:8}}\n"),
        in_page
    );
    let section = "//- content/c.md\n# C\n\n## Kept {tlp=red}\n\n\
                   The four couriers came by night and left before anybody woke.\n";
    let with = |more: &str| says(&format!("{section}{more}"));
    let none: [&str; 0] = [];
    assert_eq!(with("//- content/b.md\n# B\n\nOpen.\n"), none);
    assert_eq!(
        with("//- content/b.md\n# B\n\n{{#include c.md:5}}\n"),
        in_page
    );
    // The same words, written without a level, are published.
    let own = "//- content/b.md\n# B\n\nThe four couriers came by night and left before anybody \
               woke.\n";
    assert_eq!(with(own), none);
}

/// Compressed files are searched before compression.
#[test]
fn withheld_words_are_found_in_what_is_compressed() {
    for (format, main) in [
        ("parquet", "exports/parquet/datapackage.json"),
        ("sqlite", "exports/record.sqlite"),
    ] {
        let text = SECRETS
            .replace(
                "[whosaid.lints]",
                &format!("[whosaid]\nexports = [\"{format}\"]\n[whosaid.lints]"),
            )
            .replace("name: Brennia\n", "name: Brennia\nsummary: Not zeb-memo.\n");
        let book = green(&text);
        let mut leaks = book.build.diagnostics.iter();
        let leak = leaks.rfind(|said| said.code.id() == "WS037");
        let message = &leak.expect("a leak").message;
        // The summary is also on other pages.
        assert!(message.contains("more files"), "{message}");
        let inputs = {
            let mut inputs = book::inputs(files(&text));
            inputs.options.tlp = Some(Tlp::Green);
            inputs
        };
        let mut cache = Cache::for_one_run();
        let mut edition = compile::analyze(&inputs, &mut cache);
        let format = Export::parse(format).expect("a format");
        let leaks = edition.export(format).expect_err("it would leak");
        let main = main.strip_prefix("exports/").expect("the folder");
        assert!(leaks[0].message.contains(main), "{}", leaks[0].message);
    }
}

/// An accusation that is published, with a reply above the ceiling.
const REPLY: &str = "
//- content/a.md
---
title: Postbox
---
[[Brennia]] says that [Valdoria opened letters](claim:opened \"by=brennia against=valdoria on=2031-03-02\") [@notice].
[zebras did](denies:opened \"by=office on=2031-03-04 tlp=amber\") [@answer].
//- content/actors/brennia.md
---
name: Brennia
---
//- content/actors/valdoria.md
---
name: Valdoria
kind: state
---
//- content/actors/office.md
---
name: Foreign Office
part-of: valdoria
speaks-for: [valdoria]
---
//- content/sources/notice.md
---
title: Notice
author: [brennia]
date: 2031-03-02
---
//- content/sources/answer.md
---
title: Answer
author: [office]
date: 2031-03-04
---
";

fn with_reply(settings: &str) -> Book {
    let toml = format!(
        "//- book.toml\n[whosaid]\ntlp = \"green\"\n{settings}\n[whosaid.lints]\nabove-tlp = \"allow\"\nuncited-source = \"allow\"\n"
    );
    book::book(&(toml + REPLY))
}

#[test]
fn an_accusation_is_not_published_without_its_withheld_reply() {
    let book = with_reply("");
    assert_eq!(book.codes(), ["WS164"], "{}", book.report());
    let report = book.report();
    assert!(report.contains("content/a.md:5:1"), "{report}");
    assert!(
        report.contains("the reply of `valdoria` to `opened` is withheld"),
        "{report}"
    );
    // Without a reply above the ceiling there is nothing to ask.
    let open = REPLY.replace(" tlp=amber", "");
    let open = book::book(&format!(
        "//- book.toml\n[whosaid]\ntlp = \"green\"\n{open}"
    ));
    assert_eq!(open.codes(), Vec::<&str>::new(), "{}", open.report());
}

#[test]
fn an_edition_can_say_that_a_reply_is_withheld() {
    let book = with_reply("withheld-reply = \"say\"");
    assert_eq!(book.codes(), Vec::<&str>::new(), "{}", book.report());
    let claim = book.page("claims/opened.html");
    let sentence = "a reply of Valdoria is recorded and withheld from this edition";
    assert!(claim.contains(sentence), "{claim}");
    for (address, bytes) in &book.build.outputs {
        let text = String::from_utf8_lossy(bytes);
        for words in [
            "zebras",
            "no reply from Valdoria",
            "no one on record denies",
        ] {
            assert!(!text.contains(words), "{words} in {address}");
        }
    }
}
