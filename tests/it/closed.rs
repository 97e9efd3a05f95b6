//! The Traffic Light Protocol fails closed: what is unclear is not published.

use whosaid::compile::Options;
use whosaid::config::RawHtml;
use whosaid::import::{self, Format};
use whosaid::model::Tlp;

use crate::book::{self, Book, files};

fn built(text: &str, tlp: Option<Tlp>) -> Book {
    let mut inputs = book::inputs(files(text));
    inputs.options = Options {
        tlp,
        raw_html: Some(RawHtml::Basic),
        ..Options::default()
    };
    book::build(inputs)
}

/// A book with a marking in each place that takes one.
fn marked(place: &str, tlp: &str) -> String {
    let at = |this: &str, text: &str| {
        if this == place {
            text.to_owned()
        } else {
            String::new()
        }
    };
    format!(
        "//- content/a.md\n---\ntitle: A\n{}{}---\n[[xx]] says [it](claim:cc \"by=xx on=2031-01-01{}\") [@ss].\n\n\
         ## B{}\n\nMore.\n//- content/actors/xx.md\n---\nname: X\n{}---\n\
         //- content/claims/cc.md\n---\ntext: It.\n{}---\n//- content/sources/ss.md\n---\ntitle: S\n\
         author: xx\n{}---\n//- content/b.md\n# Other\n",
        at("briefing", &format!("tlp: {tlp}\n")),
        at("defaults", &format!("defaults: {{tlp: {tlp}}}\n")),
        at("mark", &format!(" tlp={tlp}")),
        at("section", &format!(" {{tlp={tlp}}}")),
        at("actor", &format!("tlp: {tlp}\n")),
        at("claim", &format!("tlp: {tlp}\n")),
        at("source", &format!("tlp: {tlp}\n")),
    )
}

const PLACES: [&str; 6] = ["briefing", "mark", "section", "actor", "claim", "source"];

#[test]
fn a_marking_without_a_ceiling_is_an_error_in_every_place() {
    for place in PLACES {
        for tlp in ["green", "amber", "amber+strict", "red"] {
            let book = built(&marked(place, tlp), None);
            assert_eq!(book.codes(), ["WS180"], "{place} {tlp}: {}", book.report());
            let said = &book.build.diagnostics[0];
            assert!(
                said.hints[0].contains(&format!("tlp = \"{tlp}\"")),
                "{said:?}"
            );
        }
        let book = built(&marked(place, "clear"), None);
        assert_eq!(book.codes(), [""; 0], "{place}: {}", book.report());
    }
    // No setting lowers it.
    let lints = "//- book.toml\n[whosaid.lints]\nno-tlp-ceiling = \"allow\"\n";
    let book = built(&format!("{lints}{}", marked("mark", "red")), None);
    assert_eq!(book.codes(), ["WS180"]);
    let silenced = marked("mark", "red").replace("title: A", "title: A\nallow: [WS180]");
    assert_eq!(built(&silenced, None).codes(), ["WS180"]);
    // With a ceiling of the book or of the run there is nothing unclear.
    for ceiling in ["amber+strict", "red"] {
        let toml = format!("//- book.toml\n[whosaid]\ntlp = \"{ceiling}\"\n");
        let book = built(&format!("{toml}{}", marked("mark", "amber+strict")), None);
        assert_eq!(book.codes(), [""; 0], "{}", book.report());
    }
    assert_eq!(
        built(&marked("mark", "red"), Some(Tlp::Clear)).codes(),
        [""; 0]
    );
}

#[test]
fn a_run_cannot_raise_the_ceiling_of_its_book() {
    let levels = [
        Tlp::Clear,
        Tlp::Green,
        Tlp::Amber,
        Tlp::AmberStrict,
        Tlp::Red,
    ];
    for own in levels {
        for wanted in levels {
            let toml = format!("//- book.toml\n[whosaid]\ntlp = \"{}\"\n", own.word());
            let book = built(&format!("{toml}{}", marked("mark", "red")), Some(wanted));
            let expected: &[&str] = if wanted > own { &["WS181"] } else { &[] };
            assert_eq!(
                book.codes(),
                expected,
                "{own:?} {wanted:?}: {}",
                book.report()
            );
            // The lower one holds in any case.
            let is_shown =
                book.page("a.html").contains("<mark") || book.page("a.html").contains("id=\"c.cc");
            assert_eq!(
                is_shown,
                own == Tlp::Red && wanted == Tlp::Red,
                "{own:?} {wanted:?}"
            );
        }
    }
}

#[test]
fn a_marking_that_cannot_be_read_is_the_highest() {
    for place in PLACES {
        for tlp in ["orange", "secret", "ambr"] {
            let lints = "//- book.toml\n[whosaid.lints]\nunreadable-value = \"allow\"\n\
                         unreadable-attributes = \"allow\"\n";
            let book = built(
                &format!("{lints}{}", marked(place, tlp)),
                Some(Tlp::AmberStrict),
            );
            let text = match place {
                "briefing" => "a.html",
                "actor" => "actors/xx.html",
                "source" => "sources/ss.html",
                _ => continue,
            };
            let is_there = book.build.outputs.keys().any(|it| it.as_str() == text);
            assert!(!is_there, "{place} {tlp}");
        }
    }
    // Labels as other tools write them are read.
    for (written, level) in [
        ("TLP:AMBER+STRICT", Tlp::AmberStrict),
        ("tlp:red", Tlp::Red),
        ("WHITE", Tlp::Clear),
        ("Green", Tlp::Green),
    ] {
        assert_eq!(Tlp::read(written), Some(level), "{written}");
    }
    let loud = marked("briefing", "\"TLP:RED\"").replace("tlp: ", "TLP: ");
    assert_eq!(built(&loud, None).codes(), ["WS180"]);
    // A ceiling that cannot be read lets nothing through.
    let toml = "//- book.toml\n[whosaid]\ntlp = \"orange\"\n";
    let book = built(&format!("{toml}{}", marked("briefing", "green")), None);
    assert!(book.codes().contains(&"WS036"), "{}", book.report());
    assert!(!book.build.outputs.keys().any(|it| it.as_str() == "a.html"));
}

#[test]
fn imports_take_the_strictest_marking_and_the_highest_for_an_unknown_one() {
    let level = |object: serde_json::Value, more: serde_json::Value| {
        let mut object = object;
        object["type"] = "intrusion-set".into();
        object["name"] = "A".into();
        let mut objects = vec![object];
        objects.extend(more.as_array().cloned().unwrap_or_default());
        let bundle = serde_json::json!({ "type": "bundle", "objects": objects });
        let imported = import::read(Format::Stix, &bundle.to_string()).expect("a bundle");
        let line = imported.files[0]
            .1
            .lines()
            .find_map(|line| line.strip_prefix("tlp: "));
        (
            line.unwrap_or("").trim_matches('"').to_owned(),
            imported.left.len(),
        )
    };
    let none = serde_json::json!([]);
    let red = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
    let strict = "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003";
    let own = "marking-definition--11111111-1111-4111-8111-111111111111";
    // A part of it is red, so all of it is: a file has one level.
    let part = serde_json::json!({ "description": "secret",
        "granular_markings": [{ "marking_ref": red, "selectors": ["description"] }] });
    assert_eq!(level(part, none.clone()).0, "red");
    let whole = serde_json::json!({ "object_marking_refs": [strict] });
    assert_eq!(level(whole.clone(), none.clone()).0, "amber+strict");
    let unknown = serde_json::json!({ "object_marking_refs": [own] });
    assert_eq!(level(unknown.clone(), none.clone()).0, "red");
    let other = serde_json::json!([{ "type": "marking-definition", "id": own,
        "definition_type": "iep", "definition": { "encrypt": "must" } }]);
    assert_eq!(level(unknown.clone(), other).0, "red");
    let two = serde_json::json!([{ "type": "marking-definition", "id": own, "name": "TLP:GREEN",
        "extensions": { "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d":
            { "extension_type": "property-extension", "tlp_2_0": "green" } } }]);
    assert_eq!(level(unknown.clone(), two).0, "green");
    // A copyright limits no readers; it is reported.
    let statement = serde_json::json!([{ "type": "marking-definition", "id": own,
        "definition_type": "statement", "definition": { "statement": "Do not publish" } }]);
    assert_eq!(level(unknown, statement), (String::new(), 2));
    let label = serde_json::json!({ "labels": ["tlp:amber", "apt"] });
    assert_eq!(level(label, none).0, "amber");

    let cluster = |tags: &str| {
        let text = format!(
            "{{\"type\":\"threat-actor\",\"values\":[{{\"value\":\"A\",\"meta\":{{}},\"Tag\":[{tags}]}}]}}"
        );
        let imported = import::read(Format::Misp, &text).expect("a cluster");
        let line = imported.files[0]
            .1
            .lines()
            .find_map(|line| line.strip_prefix("tlp: "));
        line.unwrap_or("").trim_matches('"').to_owned()
    };
    assert_eq!(
        cluster("{\"name\":\"tlp:red\"},{\"name\":\"tlp:green\"}"),
        "red"
    );
    assert_eq!(cluster("{\"name\":\"tlp:ex:chr\"}"), "red");
    assert_eq!(cluster("{\"name\":\"tlp:amber+strict\"}"), "amber+strict");
    assert_eq!(cluster("{\"name\":\"type:OSINT\"}"), "");
}
