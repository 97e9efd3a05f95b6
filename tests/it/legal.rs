//! The legal status of a person, with its source, is shown wherever the person or a claim about the
//! person is: on pages, in previews, feeds and every data format.

use std::collections::BTreeSet;

use serde_json::Value;
use whosaid::config::Export;
use whosaid::text::SitePath;

use crate::book::{self, Book};

/// A charged person, accused together with a person who is only named.
const CASE: &str = r#"
//- book.toml
[book]
title = "The Postbox"
[output.html]
site-url = "https://desk.example/post/"
[whosaid]
EXPORTS
cards = false
//- content/letters.md
---
date: 2031-07-03
---
# Letters

[Ilva Dorn and Per Quist took the letters](claim:took "by=brennia on=2031-07-01 against=dorn,quist"), [@note].
[She did not](denies:took "by=dorn on=2031-07-02"), [@note].
[He declined to comment](no-comment:took "by=quist on=2031-07-02"), [@note].
[They were seen](event:seen "on=2031-06-30 who=dorn"), [@note]. [[dorn]] is at home.
//- content/actors/brennia.md
---
name: Brennia
kind: state
---
//- content/actors/dorn.md
---
name: Ilva Dorn
kind: person
summary: A clerk.
status: charged
status-src: indictment
---
//- content/actors/quist.md
---
name: Per Quist
kind: person
status: named
---
//- content/sources/note.md
---
title: A note
author: brennia
date: 2031-07-03
---
//- content/sources/indictment.md
---
title: Indictment 7
date: 2031-06-30
---
"#;

const SENTENCE: &str = "Legal status of Ilva Dorn: charged, according to Indictment 7.";
const LABEL: &str = "Ilva Dorn: charged; Per Quist: named";

fn case() -> Book {
    let exports = format!("exports = {:?}", Export::WORDS);
    let book = book::book(&CASE.replace("EXPORTS", &exports));
    assert!(book.build.diagnostics.is_empty(), "{}", book.report());
    book
}

fn file<'b>(book: &'b Book, path: &str) -> &'b [u8] {
    let path = SitePath::new(path).expect("a path");
    let bytes = book.build.outputs.get(&path);
    bytes.unwrap_or_else(|| panic!("there is no {path}"))
}

fn json(book: &Book, path: &str) -> Value {
    serde_json::from_slice(file(book, path)).expect("JSON")
}

/// Returns the words of a text file, without markup and folded lines.
fn words(book: &Book, path: &str) -> String {
    let text = String::from_utf8_lossy(file(book, path)).replace("\r\n ", "");
    let text = text.replace("\\,", ",").replace("\\;", ";");
    let mut words = String::new();
    let mut is_tag = false;
    for c in text.chars() {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            c if !is_tag => words.push(c),
            _ => {}
        }
    }
    words
}

#[test]
fn pages_previews_and_feeds_show_the_legal_status_with_its_source() {
    let book = case();
    let claim = words(&book, "claims/took.html");
    assert!(claim.contains("Ilva Dorn: charged, according to Indictment 7"));
    assert!(claim.contains("Legal statusPer Quist: named"), "{claim}");
    let actor = words(&book, "actors/dorn.html");
    assert!(actor.contains("Legal statusCharged, according to Indictment 7"));
    // The card over a name.
    assert!(words(&book, "letters.html").contains(SENTENCE));

    for (address, path) in [("claims/took.html", "claim"), ("actors/dorn.html", "actor")] {
        let page = book.page(address);
        for name in ["name=\"description\"", "property=\"og:description\""] {
            let meta = page.lines().find(|line| line.contains(name));
            let meta = meta.unwrap_or_else(|| panic!("{path} has no {name}"));
            assert!(meta.contains(SENTENCE), "{path}: {meta}");
        }
    }
    let title = format!("(denied; {LABEL})");
    let claim = book.page("claims/took.html");
    let og_title = claim.lines().find(|line| line.contains("og:title"));
    assert!(
        og_title.is_some_and(|line| line.contains(&title)),
        "{og_title:?}"
    );
    assert!(words(&book, "claims/took.embed.html").contains(SENTENCE));
    let oembed = json(&book, "claims/took.oembed.json");
    assert!(
        oembed["description"].to_string().contains(SENTENCE),
        "{oembed}"
    );
    for feed in [
        "changes.xml",
        "changes.json",
        "actors/dorn.xml",
        "actors/dorn.json",
    ] {
        let text = words(&book, feed);
        assert!(text.contains(SENTENCE), "{feed}: {text}");
        assert!(text.contains(&title), "{feed}: {text}");
    }
    // An event also names the person.
    let events = json(&book, "actors/dorn.json");
    let items = events["items"].as_array().expect("entries").iter();
    let seen = items.map(|it| it["content_text"].to_string());
    assert!(
        seen.filter(|it| it.contains("They were seen"))
            .all(|it| it.contains(SENTENCE))
    );
    let inventory = words(&book, "whosaid.json");
    assert!(
        inventory.contains("\"legal-status\":\"charged\""),
        "{inventory}"
    );
    let claim = words(&book, "claims/took.html");
    assert_eq!(
        claim.matches(SENTENCE).count(),
        3,
        "citation, BibTeX and CSL-JSON"
    );
}

#[test]
fn json_ld_has_the_legal_status_of_a_person_and_of_the_accused() {
    let book = case();
    for address in ["claims/took.html", "actors/dorn.html"] {
        let page = book.page(address);
        let start = page.find("application/ld+json\">").expect("JSON-LD");
        let data = &page[start..];
        let data =
            &data[data.find('>').expect("its start") + 1..data.find("</script>").expect("its end")];
        let data: Value = serde_json::from_str(data).expect("JSON");
        let mut found = BTreeSet::new();
        persons(&data, &mut found);
        let expected = ("charged".to_owned(), "Indictment 7".to_owned());
        assert!(found.contains(&expected), "{address}: {found:?}");
    }
}

fn persons(value: &Value, found: &mut BTreeSet<(String, String)>) {
    match value {
        Value::Object(fields) => {
            if let (Some(status), Some(source)) = (
                fields.get("ws:legalStatus"),
                fields.get("ws:legalStatusSource"),
            ) {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                found.insert((text(status), text(&source["name"])));
            }
            fields.values().for_each(|it| persons(it, found));
        }
        Value::Array(items) => items.iter().for_each(|it| persons(it, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_data_format_has_the_legal_status_with_its_source() {
    let book = case();
    let record = json(&book, "data/record.json");
    let dorn = &record["actors"][1];
    assert_eq!(dorn["legal_status"], "charged");
    assert_eq!(dorn["legal_status_sources"][0], "indictment");
    let expected = serde_json::json!([
        { "actor": "dorn", "legal_status": "charged", "sources": ["indictment"] },
        { "actor": "quist", "legal_status": "named", "sources": [] },
    ]);
    assert_eq!(record["claims"][0]["legal_statuses"], expected);
    // If a claim is exported as text, the text ends with the legal status.
    for path in [
        "data/stix.json",
        "data/entities.ftm.json",
        "data/misp/clusters/claims.json",
        "data/misp/clusters/actors.json",
        "data/timeline.ics",
    ] {
        assert!(words(&book, path).contains(SENTENCE), "{path}");
    }
    let stix = json(&book, "data/stix.json");
    let objects = stix["objects"].as_array().expect("objects");
    let dorn = objects
        .iter()
        .find(|it| it["name"] == "Ilva Dorn")
        .expect("the person");
    assert_eq!(dorn["labels"][0], "legal-status:charged");
    assert_eq!(dorn["external_references"][0]["source_name"], "indictment");
    let ftm = words(&book, "data/entities.ftm.json");
    assert!(ftm.contains("\"notes\":[\"Legal status: charged, according to Indictment 7\"]"));
    let misp = json(&book, "data/misp/clusters/actors.json");
    assert_eq!(misp["values"][1]["meta"]["legal-status"], "charged");
    assert_eq!(
        misp["values"][1]["meta"]["legal-status-sources"][0],
        "Indictment 7"
    );
    let graph = String::from_utf8_lossy(file(&book, "data/graph.graphml"));
    assert!(graph.contains("<data key=\"legal_status\">charged</data>"));
    assert!(graph.contains("<data key=\"legal_status_sources\">indictment</data>"));
    assert!(
        graph.contains(&format!("(denied; {LABEL})</data>")),
        "the label of the claim"
    );
    let subjects = words(&book, "data/csv/subjects.csv");
    assert!(subjects.contains("took,against,dorn,charged"), "{subjects}");
    let sources = words(&book, "data/csv/legal_sources.csv");
    assert!(sources.contains("dorn,indictment"), "{sources}");
    // Parquet and SQLite contain the same tables as CSV; `tests/data/check.py` compares them.
    let database = String::from_utf8_lossy(file(&book, "data/record.sqlite"));
    assert!(database.contains("CREATE TABLE legal_sources"));
}

#[test]
fn the_network_gives_owner_and_status_with_each_claim() {
    let book = case();
    let claim = format!("Brennia: Ilva Dorn and Per Quist took the letters (denied; {LABEL})");
    for address in ["network.html", "actors/dorn.html"] {
        let page = book.page(address);
        // The title of the edge in the drawing.
        let title = page
            .lines()
            .find(|line| line.contains("Brennia about Ilva Dorn: says so 1."));
        let title = title.unwrap_or_else(|| panic!("{address} has no edge"));
        assert!(title.contains(&claim), "{address}: {title}");
        // The row of the table.
        let row = "<li>Brennia: <a href=";
        let rows = page.lines().filter(|line| line.contains(row));
        let rows: Vec<&str> = rows.collect();
        assert!(!rows.is_empty(), "{address} has no row");
        assert!(
            rows.iter().all(|line| line.contains(">denied</span></li>")),
            "{rows:?}"
        );
    }
}
