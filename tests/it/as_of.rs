//! The record of an earlier day: no file of the site contains what was said, happened or was
//! published later, except in the words of the texts, which are flagged there.

use crate::book::{self, Book};
use whosaid::compile::Options;

/// On 19 July, one accusation is made. On 20 July, it is denied, another one is made, an event
/// happens, and a charge against a person becomes public.
const DISPUTE: &str = "
//- book.toml
[book]
title = \"The Harbor\"
authors = [\"R. Amsel\"]
[output.html]
site-url = \"https://desk.example/\"
[whosaid]
exports = [\"all\"]
//- content/index.md
---
title: The harbor
date: 2031-08-01
question: later-claim
corrections:
  - {on: 2031-07-25, text: \"CORRECTED afterwards.\"}
---
The town said that [the pump was broken](claim:pump \"by=town against=works on=2031-07-19\") [@note].
The works said [it was not](denies:pump \"by=works on=2031-07-20\") [@answer].
The press wrote [the money was gone](claim:later-claim \"by=press against=works on=2031-07-21\") [@paper],
and [the lock failed](event:failure \"on=2031-07-22 who=works\") [@note; @paper].
See [[claim:later-claim]] and [[source:paper]].
//- content/claims/pump.md
---
text: The pump was broken.
contradicts: [later-claim]
---
//- content/claims/later-claim.md
---
text: The LATERWORDS were gone.
against: [works]
---
LATERPROSE of the claim.
//- content/actors/town.md
---
name: The town
kind: government-body
---
//- content/actors/works.md
---
name: The works
kind: company
named-by: [\"LATERNAME = press @paper\"]
---
//- content/actors/press.md
---
name: The Gazette
kind: company
---
//- content/actors/amsel.md
---
name: Ada Amsel
kind: person
part-of: works
status: charged
status-src: [paper]
---
Head of [[works]].
//- content/sources/note.md
---
title: Note of the town
author: [town]
date: 2031-07-19
url: https://town.example/note
---
//- content/sources/answer.md
---
title: LATERANSWER
author: [works]
date: 2031-07-20
url: https://works.example/answer
---
//- content/sources/paper.md
---
title: LATERPAPER
author: [press]
date: 2031-07-21
url: https://press.example/paper
---
";

fn on(day: Option<jiff::civil::Date>) -> Book {
    let mut inputs = book::inputs(book::files(DISPUTE));
    inputs.options = Options {
        as_of: day,
        ..Options::default()
    };
    book::build(inputs)
}

fn early() -> Book {
    on(Some(jiff::civil::date(2031, 7, 19)))
}

/// Returns the files whose name or content contains `words`. Compressed files are not unpacked:
/// only their names are searched.
fn holding(book: &Book, words: &str) -> Vec<String> {
    let outputs = book.build.outputs.iter();
    let found = outputs.filter(|(address, bytes)| {
        let text = String::from_utf8_lossy(bytes);
        address.as_str().contains(words) || text.contains(words)
    });
    found.map(|(address, _)| address.to_string()).collect()
}

#[test]
fn what_is_later_has_no_page_entry_or_count() {
    let (full, early) = (on(None), early());
    for words in [
        "LATERPROSE",
        "LATERWORDS",
        "later-claim",
        "LATERNAME",
        "CORRECTED",
    ] {
        assert!(!holding(&full, words).is_empty(), "{words} tests nothing");
        assert_eq!(holding(&early, words), Vec::<String>::new(), "{words}");
    }
    for address in [
        "sources/answer.html",
        "sources/paper.html",
        "claims/later-claim.html",
    ] {
        let is_in = |book: &Book| book.build.outputs.keys().any(|it| it.as_str() == address);
        assert!(is_in(&full) && !is_in(&early), "{address}");
    }
    // A text keeps its words, and the title of the source that it cites.
    let texts = ["index.html", "print.html", "feed.xml", "feed.json"];
    for words in ["LATERANSWER", "the lock failed", "it was not"] {
        for address in holding(&early, words) {
            let is_text = texts.contains(&address.as_str()) || address.starts_with("search/");
            assert!(is_text, "{words} in {address}");
        }
    }
    assert!(holding(&early, "charged").is_empty());
}

#[test]
fn marks_of_what_is_later_are_flagged() {
    let early = early();
    let page = early.page("index.html");
    assert_eq!(page.matches("[said later]").count(), 3, "{page}");
    assert!(page.contains("[published 21 July 2031]"), "{page}");
    assert!(
        page.contains("<span class=\"later\">a later claim</span>"),
        "{page}"
    );
    let claim = early.page("claims/pump.html");
    assert!(claim.contains("Unanswered"), "{claim}");
    assert!(!claim.contains("it was not"), "{claim}");
}

#[test]
fn every_page_says_of_which_day_the_record_is() {
    let early = early();
    let banner = "This is the record as of";
    for (address, bytes) in &early.build.outputs {
        if address.extension() == "html" {
            let page = String::from_utf8_lossy(bytes);
            assert!(page.contains(banner), "{address}");
        }
    }
    assert!(holding(&on(None), banner).is_empty());
}

#[test]
fn nobody_is_asked_to_answer_what_was_not_said_yet() {
    let unanswered = |book: &Book| book.report().matches("later-claim").count();
    assert!(unanswered(&on(None)) > 0, "{}", on(None).report());
    assert_eq!(unanswered(&early()), 0, "{}", early().report());
    assert!(!early().codes().contains(&"WS113"), "{}", early().report());
}
