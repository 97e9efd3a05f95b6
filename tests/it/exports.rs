//! The record as data: what is in the files, and what must never be. Whether the tools of others
//! read them is for `tests/data/check.py`.

use std::collections::BTreeSet;

use serde_json::Value;
use whosaid::config::Export;
use whosaid::derive;
use whosaid::text::SitePath;

use crate::book::{self, Book};
use crate::{repository, sample};

/// A dispute with a relation, a denial, a silence and a report.
const DISPUTE: &str = r#"
//- book.toml
[book]
title = "The Postbox"
[output.html]
site-url = "https://desk.example/post/"
[whosaid]
EXPORTS
//- content/letters.md
# Letters

[The Ministry opened the letters](claim:opened "by=brennia against=ministry on=2031-07-01 quote"), [@note].
[It did not](denies:opened "by=ministry on=2031-07-02").
[It asked for proof](questions:opened "by=guild on=2031-07").
[So says the Gazette](reports:opened "by=gazette said-by=brennia on=2031-07-03").
[Nothing was heard](no-response:opened "by=post on=2031-07-09").
//- content/claims/opened.md
---
text: "The Ministry ordered \"Section 9\" to open letters; and <more>, \\ that is."
against: [ministry]
relation: [post, ordered-by, ministry]
---
//- content/actors/brennia.md
---
name: Brennia
kind: state
---
//- content/actors/ministry.md
---
name: The Ministry
kind: government-body
part-of: valdoria
---
//- content/actors/valdoria.md
---
name: Valdoria
kind: state
---
//- content/actors/guild.md
---
name: The Guild
---
//- content/actors/gazette.md
---
name: The Gazette
kind: company
---
//- content/actors/post.md
---
name: The Post
kind: company
---
//- content/sources/note.md
---
title: "A note of {protest} & 100% more"
author: [brennia]
date: 2031-07~
url: https://desk.example/note
---
"#;

/// The book with all formats, and what else its `[whosaid]` holds.
fn dispute(more: &str) -> Book {
    let exports = format!("exports = {:?}\n{more}", Export::WORDS);
    let book = book::book(&DISPUTE.replace("EXPORTS", &exports));
    let told = book.build.diagnostics.iter();
    let errors = told.filter(|said| said.severity == whosaid::diag::Severity::Error);
    assert_eq!(errors.count(), 0, "{}", book.report());
    book
}

fn file<'b>(book: &'b Book, name: &str) -> &'b [u8] {
    let path = SitePath::new(&format!("data/{name}")).expect("a path");
    let bytes = book.build.outputs.get(&path);
    bytes.unwrap_or_else(|| panic!("there is no {path}"))
}

fn text<'b>(book: &'b Book, name: &str) -> &'b str {
    std::str::from_utf8(file(book, name)).expect("UTF-8")
}

fn json(book: &Book, name: &str) -> Value {
    serde_json::from_slice(file(book, name)).expect("JSON")
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn the_record_holds_as_much_as_the_model() {
    let book = book::build(book::inputs(repository::sample()));
    let site = sample::site();
    let as_of = book.build.config.as_of.map(|date| date.last_day());
    let claims = || site.claims().iter();
    let counted = |on: Option<&_>| derive::counts_by(on, as_of);
    let said = || claims().flat_map(|(_, claim)| &claim.positions);
    let unnamed_speaks = said().any(|it| site.actors()[it.by].is_unnamed);
    let events = site.events().iter();
    let expected = serde_json::json!({
        "actors": site.actors().len() - usize::from(!unnamed_speaks),
        "claims": site.claims().len(),
        "positions": said().filter(|it| counted(it.on.as_ref())).count(),
        "sources": site.sources().len(),
        "events": events.filter(|(_, event)| counted(event.on.as_ref())).count(),
        // `SUMMARY.md` is none, as the build knows.
        "briefings": book.build.counts.briefings,
    });
    assert_eq!(json(&book, "record.json")["counts"], expected);
    assert!(expected["positions"].as_u64() > Some(50), "{expected}");
}

#[test]
fn the_record_is_what_its_schema_says() {
    let book = dispute("");
    let schema = json(&book, "record.schema.json");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let record = json(&book, "record.json");
    let faults: Vec<String> = validator
        .iter_errors(&record)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    let mut without = record.clone();
    without["claims"][0]
        .as_object_mut()
        .expect("a claim")
        .remove("positions");
    assert!(!validator.is_valid(&without), "a claim without positions");
    let claim = &record["claims"][0];
    assert_eq!(claim["headline"], "denied");
    assert_eq!(claim["signature"], "+○−?");
    assert_eq!(
        claim["page"],
        "https://desk.example/post/claims/opened.html"
    );
    let ids: Vec<&str> = list(claim, "positions")
        .iter()
        .filter_map(|it| it["id"].as_str())
        .collect();
    assert!(ids.contains(&"opened:brennia:claims:2031-07-01"), "{ids:?}");
}

#[test]
fn ids_are_made_of_the_site_the_kind_and_the_name() {
    let book = dispute("");
    // By any other tool: uuid5(uuid5(NAMESPACE_URL, address of the site), "claim/opened").
    let claim = &json(&book, "record.json")["claims"][0];
    assert_eq!(claim["uuid"], "a49d174d-79fe-52cd-8551-3e0b1f4ac398");
    let stix = json(&book, "stix.json");
    let notes = list(&stix, "objects").iter();
    let mut notes = notes.filter(|it| list(it, "labels").contains(&"claim".into()));
    let id = notes.next().expect("a claim")["id"]
        .as_str()
        .expect("an id");
    let uuid = claim["uuid"].as_str().expect("an id");
    let version_4 = format!("note--{}4{}", &uuid[..14], &uuid[15..]);
    assert_eq!(id, version_4);
}

#[test]
fn no_format_makes_a_tie_of_what_a_claim_states() {
    let book = dispute("");
    let stix = json(&book, "stix.json");
    let objects = list(&stix, "objects");
    let of = |kind: &'static str| objects.iter().filter(move |it| it["type"] == kind);
    let ties: Vec<&Value> = of("relationship").map(|it| &it["description"]).collect();
    assert_eq!(ties, ["The Ministry is part of Valdoria"]);
    let opinions: BTreeSet<(String, String)> = of("opinion")
        .map(|it| (it["authors"][0].to_string(), it["opinion"].to_string()))
        .collect();
    let expected = [
        ("\"Brennia\"", "\"strongly-agree\""),
        ("\"The Guild\"", "\"neutral\""),
        ("\"The Ministry\"", "\"strongly-disagree\""),
    ];
    let expected = expected.map(|(who, what)| (who.to_owned(), what.to_owned()));
    assert_eq!(opinions, BTreeSet::from(expected));
    // A silence and another's words are nobody's opinion.
    let notes = of("note").filter(|it| list(it, "labels").contains(&"position".into()));
    assert_eq!(notes.count(), 2);

    let graph = text(&book, "graph.graphml");
    let between: Vec<&str> = graph
        .lines()
        .filter(|line| line.contains("source=\"actor/") && line.contains("target=\"actor/"))
        .collect();
    assert_eq!(
        between,
        ["<edge source=\"actor/ministry\" target=\"actor/valdoria\">"]
    );

    let links = text(&book, "entities.ftm.json").lines();
    let links = links.filter(|line| line.contains("\"schema\":\"UnknownLink\""));
    assert_eq!(links.count(), 1);

    // Wherever the proposition is told as a text, how it stands comes before it.
    for name in [
        "stix.json",
        "entities.ftm.json",
        "misp/clusters/claims.json",
        "timeline.ics",
    ] {
        let text = text(&book, name).replace("\r\n ", "");
        for (at, _) in text.match_indices("“The Ministry ordered") {
            let before = &text[..at];
            let told = before
                .rfind("Claim\\, denied")
                .max(before.rfind("Claim, denied"));
            let told = told.unwrap_or_else(|| panic!("{name} tells it as a fact"));
            assert!(at - told < 200, "{name}: {}", &text[told..at]);
        }
    }
}

#[test]
fn what_was_said_later_is_in_no_file() {
    let book = dispute("as-of = \"2031-07-01\"");
    for (path, bytes) in &book.build.outputs {
        let Some(_) = path.as_str().strip_prefix("data/") else {
            continue;
        };
        // Compressed columns are compared with the tables by the tools that read them.
        if path.extension() != "parquet" {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("2031-07-02"), "{path}");
            assert!(!text.contains("It did not"), "{path}");
        }
    }
    let claim = &json(&book, "record.json")["claims"][0];
    assert_eq!(claim["headline"], "unanswered");
}

#[test]
fn every_format_has_the_files_that_readers_are_told_of() {
    let book = dispute("license = \"CC-BY-4.0\"\nlicense-url = \"https://example.org/by\"");
    let page = book.page("data/index.html");
    for format in Export::ALL {
        assert_eq!(Export::parse(format.word()), Some(format));
        assert!(page.contains(&format!("<li id=\"{}\">", format.word())));
        for name in format.files() {
            assert!(!file(&book, name).is_empty(), "{name}");
        }
        assert!(page.contains(&format!("href=\"{}\"", format.main_file())));
    }
    assert!(page.contains(
        "<a href=\"https://example.org/by\" rel=\"license noopener noreferrer\">CC-BY-4.0</a>"
    ));
    for package in ["csv/datapackage.json", "parquet/datapackage.json"] {
        let folder = package.split('/').next().expect("a folder");
        let package = json(&book, package);
        for resource in list(&package, "resources") {
            let path = resource["path"].as_str().expect("a path");
            assert!(!file(&book, &format!("{folder}/{path}")).is_empty());
        }
        assert_eq!(package["licenses"][0]["name"], "CC-BY-4.0");
    }
    assert!(
        book.page("letters.html")
            .contains("<a href=\"data/index.html\">The record as data</a>")
    );
}

#[test]
fn a_book_that_names_no_format_publishes_no_data() {
    let book = book::book(&DISPUTE.replace("EXPORTS", ""));
    let mut paths = book.build.outputs.keys();
    assert!(!paths.any(|path| path.as_str().starts_with("data/")));
    assert!(!book.page("letters.html").contains("data/index.html"));
}

#[test]
fn a_format_that_there_is_not_is_told_with_the_nearest() {
    let book = book::book(&DISPUTE.replace("EXPORTS", "exports = [\"stixx\", \"csv\"]"));
    assert!(book.codes().contains(&"WS036"), "{}", book.report());
    assert!(book.report().contains("did you mean `stix`?"));
    assert!(!file(&book, "csv/claims.csv").is_empty(), "the others stay");
}

#[test]
fn sources_are_read_back_as_they_were() {
    let book = dispute("");
    let bib = biblatex::Bibliography::parse(text(&book, "sources.bib")).expect("BibLaTeX");
    let entry = bib.get("note").expect("the source");
    let title = biblatex::ChunksExt::format_verbatim(entry.title().expect("a title"));
    assert_eq!(title, "A note of {protest} & 100% more");
    let item = &json(&book, "sources.csl.json")[0];
    assert_eq!(item["title"], "A note of {protest} & 100% more");
    let issued = serde_json::json!({ "date-parts": [[2031, 7]], "circa": true });
    assert_eq!(item["issued"], issued);
}

/// A title that a spreadsheet would run stays a title; what has no letter, as a signature, stays
/// as it is, and the other formats have the words as they were written.
#[test]
fn no_cell_of_a_csv_is_a_formula() {
    for formula in [
        "=HYPERLINK(1)",
        "+cmd|'/C calc'!A0",
        "-x",
        "@SUM(A1)",
        "\t=x()",
    ] {
        let more = format!("//- content/sources/note2.md\n---\ntitle: \"{formula}\"\n---\n");
        let more = more.replace('\t', "\\t");
        let book = dispute(&more);
        let sources = text(&book, "csv/sources.csv");
        let is_armed = |cell: &str| cell == formula || cell == format!("\"{formula}\"");
        let mut lines = sources.lines();
        assert!(
            !lines.any(|line| line.split(',').any(is_armed)),
            "{sources}"
        );
        assert!(sources.contains(&format!("'{formula}")), "{sources}");
    }
    let book = dispute("");
    assert!(text(&book, "csv/claims.csv").contains(",+"), "no signature");
}
