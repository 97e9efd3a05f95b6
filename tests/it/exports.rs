//! The exported record: what its files contain, and what they must not contain.
//! `tests/data/check.py` tests whether other tools read them.

use std::collections::BTreeSet;

use serde_json::Value;
use whosaid::config::Export;
use whosaid::text::SitePath;

use crate::book::{self, Book};
use crate::{repository, sample};

/// A dispute with a relation, a denial, no reply by an actor, and a report.
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

/// A book in which one party changes its position, one withdraws it, one withdraws a whole claim
/// and one does not reply.
const TURNS: &str = r#"
//- book.toml
[book]
title = "The Postbox"
[output.html]
site-url = "https://desk.example/post/"
[whosaid]
EXPORTS
cards = false
//- content/letters.md
# Letters

[The Post took them](claim:took "by=guild against=post on=2031-07-01").
[The Post did not take them](denies:took "by=guild on=2031-07-05").
[So did the Gazette](confirms:took "by=gazette on=2031-07-02").
[No more](retracts:took "by=gazette on=2031-07-04").
[Brennia says so](claim:took "by=brennia on=2031-07-06").
[No answer](no-response:took "by=post asked=2031-07-07 via=letter by-date=2031-07-31").
[The Post burned them](claim:burned "by=gazette against=post on=2031-07-02").
[It takes that back](retracts:burned "by=gazette on=2031-07-04").
//- content/actors/brennia.md
---
name: Brennia
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
"#;

/// Returns the book with all formats and with more keys in its `[whosaid]`.
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
    let claims = || site.claims().iter();
    let said = || claims().flat_map(|(_, claim)| &claim.positions);
    let unnamed_speaks = said().any(|it| site.actors()[it.by].is_unnamed);
    let events = site.events().iter();
    let expected = serde_json::json!({
        "actors": site.actors().len() - usize::from(!unnamed_speaks),
        "claims": site.claims().len(),
        "positions": said().count(),
        "sources": site.sources().len(),
        "events": events.count(),
        // `SUMMARY.md` is not a briefing.
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
    assert_eq!(claim["status"], "denied");
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
    // Any other tool gets the same id: uuid5(uuid5(NAMESPACE_URL, address of the site),
    // "claim/opened").
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
    // A missing reply and a report of another's words are not the opinion of an actor.
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

    // Wherever the proposition is exported as text, its status comes first.
    for name in [
        "stix.json",
        "entities.ftm.json",
        "misp/clusters/claims.json",
        "timeline.ics",
    ] {
        let text = text(&book, name).replace("\r\n ", "");
        for (at, _) in text.match_indices("The claim: The Ministry ordered") {
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
        // The tools that read compressed columns compare them with the tables.
        if path.extension() != "parquet" {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("2031-07-02"), "{path}");
            assert!(!text.contains("It did not"), "{path}");
        }
    }
    let claim = &json(&book, "record.json")["claims"][0];
    assert_eq!(claim["status"], "unanswered");
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

/// A title that a spreadsheet would run is exported as text. A cell without a letter, such as a
/// signature, is not changed, and the other formats contain the words as they were written.
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

/// Every format marks ended positions in its own terms, and names the author of the record of a
/// silence.
#[test]
fn earlier_positions_and_silences_are_marked_in_every_format() {
    let exports = format!("exports = {:?}", Export::WORDS);
    let book = book::book(&TURNS.replace("EXPORTS", &exports));
    let record = json(&book, "record.json");
    let positions: Vec<&Value> = list(&record, "claims")
        .iter()
        .flat_map(|claim| list(claim, "positions"))
        .collect();
    let of = |id: &str| {
        let mut found = positions.iter().filter(|it| it["id"] == id);
        *found
            .next()
            .unwrap_or_else(|| panic!("{id}: {positions:#?}"))
    };
    let turned = of("took:guild:claims:2031-07-01");
    assert_eq!(turned["state"], "replaced");
    assert_eq!(turned["ended_by"], "took:guild:denies:2031-07-05");
    assert_eq!(turned["ended_on"], "2031-07-05");
    let withdrawn = of("took:gazette:confirms:2031-07-02");
    assert_eq!(withdrawn["state"], "withdrawn");
    assert_eq!(withdrawn["ended_by"], "took:gazette:retracts:2031-07-04");
    let held = of("took:guild:denies:2031-07-05");
    assert_eq!(held["state"], "current");
    assert!(held.get("ended_by").is_none() && held.get("stands").is_none());
    let silence = of("took:post:no-response:2031-07-31");
    assert_eq!(silence["by_date"], "2031-07-31");

    let stix = json(&book, "stix.json");
    let objects = list(&stix, "objects");
    let object = |id: &str| {
        let has_id = |it: &&Value| {
            let mut extensions = it["extensions"].as_object().into_iter().flatten();
            extensions.any(|(_, extension)| extension["id"] == id)
        };
        objects
            .iter()
            .find(has_id)
            .unwrap_or_else(|| panic!("{id}"))
    };
    for (id, is_revoked, created) in [
        ("took:guild:claims:2031-07-01", true, "2031-07-01"),
        ("took:gazette:confirms:2031-07-02", true, "2031-07-02"),
        ("took:guild:denies:2031-07-05", false, "2031-07-05"),
        ("took:post:no-response:2031-07-31", false, "2031-07-31"),
        ("took", false, "2031-07-01"),
        ("burned", true, "2031-07-02"),
    ] {
        let object = object(id);
        assert_eq!(object["revoked"] == true, is_revoked, "{id}");
        assert!(object["created"].to_string().contains(created), "{id}");
    }
    let note = object("took:post:no-response:2031-07-31");
    assert_eq!(note["authors"], serde_json::json!(["The Postbox"]));
    let asked =
        "The Post has not answered, asked on 7 July 2031 by letter, no answer as of 31 July 2031";
    assert_eq!(note["abstract"], asked);

    let entities: Vec<Value> = text(&book, "entities.ftm.json")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let entity = |id: &Value| {
        let found = entities
            .iter()
            .find(|it| it["id"] == *id)
            .expect("an entity");
        &found["properties"]
    };
    let ended = entity(&withdrawn["uuid"]);
    assert_eq!(ended["endDate"][0], "2031-07-04");
    assert!(list(ended, "keywords").contains(&"state:withdrawn".into()));
    assert!(entity(&held["uuid"]).get("endDate").is_none());
    let silent = entity(&silence["uuid"])["description"][0].to_string();
    assert!(
        silent.contains(&format!("Recorded by The Postbox: {asked}")),
        "{silent}"
    );

    let misp = json(&book, "misp/clusters/claims.json");
    let values = list(&misp, "values");
    let took = values
        .iter()
        .find(|it| it["value"] == "took")
        .expect("the claim");
    let meta = |key: &str| list(&took["meta"], key).len();
    assert_eq!(meta("replaced-positions"), 1, "{took}");
    assert_eq!(meta("withdrawn-positions"), 1);
    assert_eq!(meta("positions"), positions.len() - 2 - 2, "{took}");
    assert!(took["meta"]["positions"].to_string().contains(asked));
    let revoked = values.iter().filter(|it| it["revoked"] == true);
    let revoked: Vec<&Value> = revoked.map(|it| &it["value"]).collect();
    assert_eq!(revoked, ["burned"]);

    let calendar = text(&book, "timeline.ics").replace("\r\n ", "");
    let entry = |uuid: &Value| {
        let uuid = uuid.as_str().expect("an id");
        let start = calendar.find(uuid).expect("an entry");
        calendar[start..]
            .split("END:VEVENT")
            .next()
            .unwrap_or("")
            .to_owned()
    };
    assert!(entry(&withdrawn["uuid"]).contains("STATUS:CANCELLED"));
    assert!(entry(&withdrawn["uuid"]).contains("CATEGORIES:position,confirms,withdrawn"));
    assert!(entry(&turned["uuid"]).contains("STATUS:CONFIRMED"));
    assert!(entry(&turned["uuid"]).contains("CATEGORIES:position,claim,replaced"));
    assert!(entry(&silence["uuid"]).contains(&asked.replace(',', "\\,")));

    let graph = text(&book, "graph.graphml");
    assert!(graph.contains("<data key=\"state\">withdrawn</data>"));
    assert!(graph.contains("<data key=\"by_date\">2031-07-31</data>"));
    assert!(
        text(&book, "csv/positions.csv")
            .contains(",withdrawn,took:gazette:retracts:2031-07-04,2031-07-04,")
    );
    assert!(book.page("claims/took.html").contains("withdrawn position"));
    assert!(
        book.page("changes.xml")
            .contains("no answer as of 31 July 2031")
    );
}
