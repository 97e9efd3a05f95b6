//! Every object of every data format, every entry of a feed, and the page and citation of a claim
//! have their level of the Traffic Light Protocol.

use serde_json::Value;
use whosaid::config::Export;
use whosaid::text::SitePath;

use crate::book::{self, Book};

/// A green book with a claim that has its own level, a claim that an amber denial raises, and red
/// parts.
const MARKED: &str = r#"
//- book.toml
[book]
title = "The Postbox"
[output.html]
site-url = "https://desk.example/post/"
[whosaid]
EXPORTS
cards = false
tlp = "red"
//- content/open.md
---
date: 2031-07-03
tlp: clear
---
# Open

[The Post took them](claim:took "by=brennia against=post on=2031-07-01"), [@note].
[It did not](denies:took "by=post on=2031-07-02 tlp=amber quote"), [@note].
[They were seen](event:seen "on=2031-06-30 who=post"), [@note].
//- content/closed.md
---
date: 2031-07-04
tlp: red
---
# Closed

[The Post burned them](claim:burned "by=brennia against=post on=2031-07-02"), [@note].
[No](denies:burned "by=post on=2031-07-03"), [@note].
//- content/actors/brennia.md
---
name: Brennia
kind: state
tlp: clear
---
//- content/actors/post.md
---
name: The Post
kind: company
part-of: brennia
tlp: green
---
//- content/sources/note.md
---
title: A note
author: brennia
date: 2031-07-05
tlp: green
---
It did not
"#;

fn marked() -> Book {
    let exports = format!("exports = {:?}", Export::WORDS);
    let book = book::book(&MARKED.replace("EXPORTS", &exports));
    assert!(book.build.diagnostics.is_empty(), "{}", book.report());
    book
}

fn text<'b>(book: &'b Book, path: &str) -> &'b str {
    let path = SitePath::new(path).expect("a path");
    let bytes = book.build.outputs.get(&path);
    let bytes = bytes.unwrap_or_else(|| panic!("there is no {path}"));
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn json(book: &Book, path: &str) -> Value {
    serde_json::from_str(text(book, path)).expect("JSON")
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The level of each object, by id.
const LEVELS: [(&str, &str, &str); 8] = [
    ("actors", "brennia", "clear"),
    ("actors", "post", "green"),
    ("sources", "note", "green"),
    ("events", "seen", "clear"),
    ("briefings", "open", "clear"),
    ("briefings", "closed", "red"),
    // The status of the claim depends on the amber denial.
    ("claims", "took", "amber"),
    ("claims", "burned", "red"),
];

const POSITIONS: [(&str, &str); 4] = [
    ("took:brennia:claims:2031-07-01", "clear"),
    ("took:post:denies:2031-07-02", "amber"),
    ("burned:brennia:claims:2031-07-02", "red"),
    ("burned:post:denies:2031-07-03", "red"),
];

const ENDS: [(&str, &str); 4] = [
    ("clear", "94868c89-83c2-464b-929b-a1a8aa3c8487"),
    ("green", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
    ("amber", "55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
    ("red", "e828b379-4e03-4974-9ac4-e53a884c97c1"),
];

#[test]
fn every_object_of_the_record_has_its_level() {
    let book = marked();
    let record = json(&book, "data/record.json");
    assert_eq!(record["site"]["tlp"], "red");
    for (kind, id, level) in LEVELS {
        let mut objects = list(&record, kind).iter();
        let object = objects.find(|it| it["id"] == id);
        let object = object.unwrap_or_else(|| panic!("{kind} {id}"));
        assert_eq!(object["tlp"], level, "{kind} {id}");
    }
    let claims = list(&record, "claims").iter();
    let positions: Vec<&Value> = claims.flat_map(|it| list(it, "positions")).collect();
    for (id, level) in POSITIONS {
        let position = positions.iter().find(|it| it["id"] == id);
        assert_eq!(position.expect(id)["tlp"], level, "{id}");
    }
}

#[test]
fn every_stix_object_has_a_marking_of_tlp_2() {
    let book = marked();
    let stix = json(&book, "data/stix.json");
    let objects = list(&stix, "objects");
    let levels: Vec<String> = objects
        .iter()
        .filter(|it| it["type"] == "marking-definition")
        .map(|it| {
            let extensions = it["extensions"].as_object().expect("an extension");
            let level = extensions.values().next().expect("one")["tlp_2_0"].clone();
            let level = level.as_str().expect("a level").to_owned();
            let (_, id) = ENDS
                .iter()
                .find(|(word, _)| *word == level)
                .expect("a level");
            assert_eq!(it["id"], format!("marking-definition--{id}"));
            level
        })
        .collect();
    assert_eq!(levels, ["amber", "clear", "green", "red"]);
    let others = objects
        .iter()
        .filter(|it| it["type"] != "marking-definition");
    let mut count = 0;
    for object in others {
        assert_eq!(list(object, "object_marking_refs").len(), 1, "{object}");
        count += 1;
    }
    assert!(count > 10, "only {count} objects");
    for (id, level) in LEVELS
        .map(|(_, id, level)| (id, level))
        .iter()
        .chain(&POSITIONS)
    {
        let has_id = |it: &&Value| {
            let mut extensions = it["extensions"].as_object().into_iter().flatten();
            extensions.any(|(_, extension)| extension["id"] == *id)
        };
        let (_, end) = ENDS
            .iter()
            .find(|(word, _)| word == level)
            .expect("a level");
        // Sources, events and briefings are not objects of the bundle.
        if let Some(object) = objects.iter().find(has_id) {
            let marking = list(object, "object_marking_refs")[0].as_str();
            assert!(
                marking.is_some_and(|it| it.ends_with(end)),
                "{id}: {object}"
            );
        }
    }
}

#[test]
fn every_row_of_every_table_has_a_level() {
    let book = marked();
    let mut rows = 0;
    for path in book.build.outputs.keys() {
        let Some(name) = path.as_str().strip_prefix("data/csv/") else {
            continue;
        };
        if !name.ends_with(".csv") {
            continue;
        }
        let mut lines = text(&book, path.as_str()).lines();
        let head = lines.next().expect("a head");
        assert!(head.ends_with(",tlp"), "{name}: {head}");
        for line in lines {
            let level = line.rsplit(',').next().expect("a cell");
            assert!(
                ["clear", "green", "amber", "red"].contains(&level),
                "{name}: {line}"
            );
            rows += 1;
        }
    }
    assert!(rows > 25, "only {rows} rows");
    let replies = text(&book, "data/csv/replies.csv");
    assert!(
        replies.contains("took,post,replied,,took:post:denies:2031-07-02,,amber"),
        "{replies}"
    );
}

#[test]
fn the_other_formats_use_the_marks_that_their_readers_know() {
    let book = marked();
    let claims = json(&book, "data/misp/clusters/claims.json");
    let took = list(&claims, "values")
        .iter()
        .find(|it| it["value"] == "took");
    let took = took.expect("the claim");
    assert_eq!(took["meta"]["tags"], serde_json::json!(["tlp:amber"]));
    assert_eq!(took["related"][0]["tags"], serde_json::json!(["tlp:amber"]));
    let positions = took["meta"]["positions"].to_string();
    assert!(
        positions.contains("[TLP:CLEAR] Brennia says so"),
        "{positions}"
    );
    let actors = json(&book, "data/misp/clusters/actors.json");
    // The value of an actor contains the claims against it.
    let tags = list(&actors, "values")
        .iter()
        .map(|it| &it["meta"]["tags"][0]);
    assert_eq!(tags.collect::<Vec<_>>(), ["tlp:clear", "tlp:red"]);

    for line in text(&book, "data/entities.ftm.json").lines() {
        let entity: Value = serde_json::from_str(line).expect("JSON");
        let properties = &entity["properties"];
        let words = format!("{} {}", properties["keywords"], properties["summary"]);
        assert!(words.contains("\"TLP:"), "{line}");
    }
    let calendar = text(&book, "data/timeline.ics").replace("\r\n ", "");
    for entry in calendar.split("BEGIN:VEVENT").skip(1) {
        let is_open = entry.contains(",TLP:CLEAR");
        let class = if is_open {
            "CLASS:PUBLIC"
        } else {
            "CLASS:CONFIDENTIAL"
        };
        assert!(entry.contains(",TLP:") && entry.contains(class), "{entry}");
    }
    assert!(text(&book, "data/sources.bib").contains("keywords = {TLP:GREEN}"));
    assert_eq!(
        json(&book, "data/sources.csl.json")[0]["keyword"],
        "TLP:GREEN"
    );
    let annotation = json(&book, "data/annotations.jsonld");
    assert!(
        annotation["first"]["items"][0]["body"]
            .to_string()
            .contains("\"TLP:AMBER\"")
    );
    let graph = text(&book, "data/graph.graphml");
    let parts = graph.matches("<node ").count() + graph.matches("<edge ").count();
    assert!(parts > 8, "{graph}");
    assert_eq!(
        graph.matches("<data key=\"tlp\">").count(),
        parts,
        "{graph}"
    );
}

#[test]
fn feeds_pages_and_citations_of_a_claim_have_its_level() {
    let book = marked();
    for feed in ["feed.xml", "changes.xml", "actors/post.xml"] {
        let feed = text(&book, feed);
        for entry in feed.split("<entry>").skip(1) {
            assert!(
                entry.contains("scheme=\"https://www.first.org/tlp/\""),
                "{entry}"
            );
            assert!(entry.contains("<rights>TLP:"), "{entry}");
        }
    }
    let changes = json(&book, "changes.json");
    let items = list(&changes, "items");
    assert_eq!(items.len(), 4);
    for item in items {
        let url = item["url"].to_string();
        let level = if url.contains("took") {
            "TLP:AMBER"
        } else {
            "TLP:RED"
        };
        assert!(list(item, "tags").contains(&level.into()), "{item}");
    }
    let page = text(&book, "claims/took.html");
    // In the header and footer, and in the citation, BibTeX and CSL-JSON.
    assert!(
        page.matches("TLP:AMBER").count() >= 5,
        "{}",
        page.matches("TLP:AMBER").count()
    );
    assert!(page.contains("keywords = {TLP:AMBER}"));
    for line in text(&book, "whosaid.json")
        .lines()
        .filter(|it| it.contains("\"kind\":"))
    {
        assert!(line.contains("\"tlp\":"), "{line}");
    }
}

/// A book without levels has no markings: nothing is marked as clear unless the author marked it.
#[test]
fn a_book_without_levels_has_no_marks() {
    let exports = format!("exports = {:?}", Export::WORDS);
    let text = MARKED.replace("EXPORTS", &exports);
    let lines = text.lines().filter(|line| !line.starts_with("tlp"));
    let text: Vec<String> = lines.map(|line| line.replace(" tlp=amber", "")).collect();
    let book = book::book(&text.join("\n"));
    for (path, bytes) in &book.build.outputs {
        let text = String::from_utf8_lossy(bytes).to_lowercase();
        let is_description = path.as_str().ends_with("schema.json")
            || path.as_str().ends_with("datapackage.json")
            || path.as_str().ends_with(".sqlite")
            || path.as_str().ends_with(".graphml")
            || path.as_str().ends_with(".css");
        let is_marked = text.contains("tlp:") || text.contains("marking-definition");
        assert!(is_description || !is_marked, "{path}");
    }
}

/// A clear briefing that shows an amber denial in its text, its notes and its lists, a section with
/// its own level, and a red event.
fn mixed() -> Book {
    let exports = format!("exports = {:?}", Export::WORDS);
    let text = MARKED.replace("EXPORTS", &exports).replace(
        "[They were seen](event:seen \"on=2031-06-30 who=post\"), [@note].",
        "[They were seen](event:seen \"on=2031-06-30 who=post tlp=red\"), [@note]. \
         Next to it is [[post]].\n\n[[brennia]] knows that [they burn](event:burn \"on=2031-06-29 tlp=red\"), [@note].\n\n## Closer {tlp=green}\n\n[One more](claim:more \"by=brennia on=2031-07-05\").\n\n\
         ### Below\n\n[Lowered](claim:lower \"by=brennia on=2031-07-06 tlp=clear\").\n\n## Open again\n\nEnd.",
    );
    book::book(&text)
}

#[test]
fn every_part_of_a_page_has_its_level() {
    let book = mixed();
    let page = text(&book, "open.html");
    // The page has the highest level of its parts, and says which level the others have.
    assert!(page.contains("data-tlp=\"TLP:RED\""), "{page}");
    assert!(page.contains("<span class=\"tlp\">TLP:RED</span>\n<button"));
    assert!(page.contains(
        "<p class=\"as-of\">Parts of this page without a label: <span class=\"tlp\">TLP:CLEAR</span></p>"
    ));
    let label = |level: &str| format!(" <span class=\"tlp\">TLP:{level}</span>");
    for (part, level) in [
        // Marks of the text.
        (">It did not</mark>", "AMBER"),
        (">They were seen</span>", "RED"),
        (">One more</mark>", "GREEN"),
        // Sections, with those inside them, and their lines in the table of contents.
        (">Closer", "GREEN"),
        (">Below", "GREEN"),
        (">A note</a>", "GREEN"),
        // The next briefing.
        ("Closed", "RED"),
    ] {
        let expected = format!("{part}{}", label(level));
        assert!(page.contains(&expected), "no `{expected}`: {page}");
    }
    for part in [">Open again</h2>", ">Open</h1>"] {
        assert!(page.contains(part), "{part}");
    }
    // A mark cannot be below its section.
    assert!(page.contains(&format!(">Lowered</mark>{}", label("GREEN"))));
    // The note of a claim that an amber denial raises, and the denial in it.
    let note = page.split("<aside").nth(1).expect("a note");
    assert!(
        note.contains(&format!("admitted</span>{}", label("AMBER"))),
        "{note}"
    );
    let denial = note.split("<li").nth(2).expect("a denial");
    assert!(denial.contains(&label("AMBER")), "{denial}");
    assert!(!note.split("<li").nth(1).expect("a claim").contains("TLP:"));

    // On the page of the amber claim, the clear position is labeled.
    let page = text(&book, "claims/took.html");
    assert!(page.contains(&label("CLEAR")), "{page}");
    let position = page.split("id=\"p.brennia").nth(1).expect("a position");
    let heading = position.split("</h3>").next().expect("a heading");
    assert!(heading.contains(&label("CLEAR")), "{heading}");
    // A list has labels for each entry, the print page for each chapter.
    let list = text(&book, "claims/index.html");
    assert_eq!(list.matches(&label("AMBER")).count(), 1, "{list}");
    let print = text(&book, "print.html");
    assert!(print.contains(&format!(">Open{}</h2>", label("CLEAR"))));
    // A passage has the level of the mark around it and of the others in its paragraph.
    let actor = text(&book, "actors/post.html");
    let passages = actor.split("ws-mentions").nth(2).expect("mentions");
    assert!(passages.contains(&label("CLEAR")), "{passages}");
    let passages = text(&book, "actors/brennia.html");
    assert!(
        passages.contains(&format!("</bdi>”{}", label("RED"))),
        "{passages}"
    );
}

#[test]
fn data_in_pages_and_embeds_has_its_level() {
    let book = mixed();
    let page = text(&book, "claims/took.html");
    let data = page.split("ld+json\">").nth(1).expect("data");
    let data: Value =
        serde_json::from_str(data.split("</script>").next().expect("an end")).expect("JSON");
    let claim = &list(&data, "@graph")[0];
    assert_eq!(claim["ws:tlp"], "TLP:AMBER");
    let positions = list(claim, "ws:position").iter();
    let levels: Vec<&Value> = positions.map(|it| &it["ws:tlp"]).collect();
    assert_eq!(levels, ["TLP:CLEAR", "TLP:AMBER"]);
    assert_eq!(
        list(claim, "ws:position")[0]["ws:source"]["ws:tlp"],
        "TLP:GREEN"
    );
    assert_eq!(json(&book, "claims/took.oembed.json")["tlp"], "TLP:AMBER");
    assert!(text(&book, "claims/took.embed.html").contains("data-tlp=\"TLP:AMBER\""));
}

/// A mark of an event keeps its own level, and a mark cannot lower that of its section.
#[test]
fn the_record_keeps_the_level_of_events_and_sections() {
    let book = mixed();
    let record = json(&book, "data/record.json");
    let events = list(&record, "events").iter();
    let seen = events.filter(|it| it["id"] == "seen");
    let seen: Vec<&Value> = seen.collect();
    assert_eq!(seen[0]["tlp"], "red");
    for (id, level) in [("more", "green"), ("lower", "green")] {
        let mut claims = list(&record, "claims").iter();
        assert_eq!(claims.find(|it| it["id"] == id).expect(id)["tlp"], level);
    }
}
