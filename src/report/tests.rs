use std::collections::BTreeMap;
use std::process::Command;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::diag::{Code, Fix};
use crate::text::{Place, SourceMap, Span};

mod shown;

/// The files of a test, by path.
type Texts = BTreeMap<SitePath, String>;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

fn texts(files: &[(&str, &str)]) -> Texts {
    files
        .iter()
        .map(|(name, text)| (path(name), (*text).to_owned()))
        .collect()
}

fn text_of<'a>(texts: &'a Texts) -> impl Fn(&SitePath) -> Option<&'a str> {
    |path| texts.get(path).map(String::as_str)
}

/// Returns the first place of `words` in a file.
fn place(texts: &Texts, name: &str, words: &str) -> Place {
    let file = path(name);
    let start = texts[&file].find(words).expect("the words of a test");
    SourceMap::new(&file).place(Span::new(start..start + words.len()))
}

fn plain(diagnostics: &[Diagnostic], texts: &Texts) -> String {
    terminal(
        diagnostics,
        &text_of(texts),
        Style {
            width: 140,
            ..Style::default()
        },
    )
}

/// Returns an error with a hint, an error with other places near and far, and an error in a file
/// without text.
fn sample() -> (Vec<Diagnostic>, Texts) {
    let texts = texts(&[
        (
            "content/exchange.md",
            "# Exchange\n\nAll agree that the [[mms]] and its contractors knew — 国家安全部 {x}.\n",
        ),
        (
            "content/actors/mss.md",
            "---\nname: Ministry\nkind: state\ncountry: prc\npart-of: prc\n---\n",
        ),
    ]);
    let unknown = Diagnostic::new(
        Code::UnknownActor,
        place(&texts, "content/exchange.md", "mms"),
        "unknown actor `mms`",
    )
    .label("no actor has this id, name or alias")
    .hint("did you mean `mss` (Ministry of State Security)?");
    let duplicate = Diagnostic::new(
        Code::DuplicateId,
        place(&texts, "content/actors/mss.md", "part-of"),
        "duplicate id `mss`",
    )
    .label("this one")
    .other(place(&texts, "content/actors/mss.md", "kind"), "and this")
    .other(
        place(&texts, "content/exchange.md", "国家安全部"),
        "and here",
    )
    .other(Place::whole(&path("content/logo.png")), "and this file");
    let bytes = Diagnostic::new(
        Code::NotUtf8,
        SourceMap::new(&path("content/a b.md")).place(Span::new(7..8)),
        "`a b.md` is not UTF-8: byte 7 begins no character",
    )
    .hint("save it as UTF-8");
    let mut warning = Diagnostic::new(
        Code::ShortcutReference,
        place(&texts, "content/exchange.md", "{x}"),
        "`{x}` stands behind [a](b)",
    );
    warning.place.span.end = warning.place.span.start;
    (vec![unknown, duplicate, bytes, warning], texts)
}

#[test]
fn a_terminal_shows_the_line_and_what_to_type() {
    let (diagnostics, texts) = sample();
    assert_snapshot!(plain(&diagnostics, &texts), @r"
    error[WS001]: unknown actor `mms`
     --> content/exchange.md:3:22
      |
    3 | All agree that the [[mms]] and its contractors knew — 国家安全部 {x}.
      |                      ^^^ no actor has this id, name or alias
      |
      = hint: did you mean `mss` (Ministry of State Security)?

    error[WS015]: duplicate id `mss`
     --> content/actors/mss.md:5:1
      |
    3 | kind: state
      | ---- and this
    4 | country: prc
    5 | part-of: prc
      | ^^^^^^^ this one
      |
     ::: content/exchange.md:3:55
      |
    3 | All agree that the [[mms]] and its contractors knew — 国家安全部 {x}.
      |                                                       ---------- and here
      |
      = note: content/logo.png: and this file

    error[WS029]: `a b.md` is not UTF-8: byte 7 begins no character
    --> content/a b.md
     = hint: save it as UTF-8

    warning[WS118]: `{x}` stands behind [a](b)
     --> content/exchange.md:3:61
      |
    3 | All agree that the [[mms]] and its contractors knew — 国家安全部 {x}.
      |                                                                  ^

    3 errors, 1 warning in 3 files
    ");
    assert_eq!(plain(&[], &texts), "");
}

#[test]
fn color_adds_escapes_and_nothing_else() {
    let (diagnostics, texts) = sample();
    let colored = terminal(
        &diagnostics,
        &text_of(&texts),
        Style {
            is_colored: true,
            width: 140,
        },
    );
    let mut parts = colored.split("\u{1b}[");
    let mut stripped = parts.next().unwrap_or("").to_owned();
    for part in parts {
        stripped.push_str(part.split_once('m').expect("an escape for color").1);
    }
    assert!(colored.len() > stripped.len());
    assert_eq!(stripped, plain(&diagnostics, &texts));
}

#[test]
fn a_mark_over_several_lines_is_shown_by_its_ends_or_its_first_line() {
    let long = format!("---\ntitle: x\n{}", "more: x\n".repeat(100));
    let texts = texts(&[("a.md", "one\r\n\ttwo words\r\nthree\r\n"), ("b.md", &long)]);
    let told = [
        Diagnostic::new(
            Code::CrossingMark,
            place(&texts, "a.md", "words\r\nthree"),
            "x",
        )
        .label("here"),
        Diagnostic::new(Code::UnclosedFrontMatter, place(&texts, "b.md", &long), "y")
            .label("never closed"),
    ];
    assert_snapshot!(plain(&told, &texts), @r#"
    error[WS018]: x
     --> a.md:2:6
      |
    2 |       two words
      |  _________^
    3 | | three
      | |_____^ here

    error[WS025]: y
     --> b.md:1:1
      |
    1 | ---
      | ^^^ never closed

    2 errors in 2 files
    
"#);
}

#[test]
fn a_minified_line_is_shown_in_part_and_costs_little() {
    let line = "let a=1;".repeat(125_000);
    let texts = texts(&[("a.md", &line)]);
    let file = path("a.md");
    let told: Vec<_> = (0..2_000)
        .map(|number| {
            let start = number * 500;
            let place = SourceMap::new(&file).place(Span::new(start..start + 7));
            Diagnostic::new(Code::RawHtml, place, "x").label("l".repeat(10_000))
        })
        .collect();
    let written = plain(&told, &texts);
    assert!(written.len() < 2_000_000, "{}", written.len());
    assert_snapshot!(plain(&told[999..1000], &texts).replace("llll", ""), @r#"
    warning[WS122]: x
     --> a.md:1:499501
      |
    1 | …a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let a=1;let …
      |                                          ^^^^^^^ …

    1 warning in 1 file
    
"#);
    assert!(json(&told, &text_of(&texts)).len() < 25_000_000);
    assert!(sarif(&told, &text_of(&texts)).len() < 25_000_000);
}

#[test]
fn a_text_of_the_author_cannot_steer_the_terminal() {
    let texts = texts(&[("a.md", "\u{1b}[2J \u{202e}evil \u{f8ff}0:1:1 \u{7}\n")]);
    let told = Diagnostic::new(
        Code::UnknownVerb,
        place(&texts, "a.md", "evil"),
        "unknown verb `\u{1b}[2J\n\u{f8ff}0`",
    )
    .label("\u{1b}]0;title\u{7}")
    .hint("did you mean\n`\u{9b}31m`?");
    let written = plain(&[told], &texts);
    assert!(
        !written.contains(|c: char| c != '\n' && c.is_control()),
        "{written:?}"
    );
    assert!(!written.contains('\u{202e}'));
    assert_snapshot!(written, @r#"
    error[WS008]: unknown verb `␛[2J �0`
     --> a.md:1:7
      |
    1 | ␛[2J �evil �0:1:1 ␇
      |       ^^^^ ␛]0;title␇
      |
      = hint: did you mean `·31m`?

    1 error in 1 file
    
"#);
}

#[test]
fn spans_that_do_not_fit_are_fitted() {
    let texts = texts(&[("a.md", "é\n"), ("empty.md", "")]);
    let at = |name: &str, span: Span| {
        Diagnostic::new(
            Code::BrokenLink,
            SourceMap::new(&path(name)).place(span),
            "x",
        )
    };
    let odd = [
        at("a.md", Span { start: 1, end: 1 }),
        at("a.md", Span { start: 2, end: 3 }),
        at("a.md", Span { start: 3, end: 3 }),
        at("a.md", Span { start: 9, end: 2 }),
        at("empty.md", Span { start: 0, end: 99 }),
    ];
    assert_snapshot!(plain(&odd, &texts), @r#"
    error[WS022]: x
     --> a.md:1:1
      |
    1 | é
      | ^

    error[WS022]: x
     --> a.md:1:2
      |
    1 | é
      |  ^

    error[WS022]: x
     --> a.md:2:1
      |
    2 |
      | ^

    error[WS022]: x
     --> a.md:2:1
      |
    2 |
      | ^

    error[WS022]: x
     --> empty.md:1:1
      |
    1 |
      | ^

    5 errors in 2 files
    
"#);
}

#[test]
fn the_places_of_one_mistake_are_not_listed_without_end() {
    let texts = texts(&[("a.md", &"one two\n".repeat(5_000))]);
    let file = path("a.md");
    let place = |number: usize| SourceMap::new(&file).place(Span::new(number * 8..number * 8 + 3));
    let told = (1..5_000).fold(
        Diagnostic::new(Code::DuplicateId, place(0), "x"),
        |told, number| told.other(place(number), "again"),
    );
    let written = plain(&[told], &texts);
    assert_eq!(written.matches("again").count(), 10);
    assert!(
        written.contains("= note: and 4989 related places"),
        "{written}"
    );
}

proptest! {
    /// No text and no span makes a report panic, and the columns are those of the line index.
    #[test]
    fn any_text_and_any_span_is_written(
        text in "(\\PC|[\r\n\té国\u{1F3F4}e\u{301}]){0,60}",
        spans in prop::collection::vec((0u32..90, 0u32..90), 1..6),
    ) {
        let texts = texts(&[("a.md", &text)]);
        let file = path("a.md");
        let place = |(start, end)| SourceMap::new(&file).place(Span { start, end });
        let first = Diagnostic::new(Code::BrokenLink, place(spans[0]), "x").label("l");
        let told = spans[1..]
            .iter()
            .fold(first, |told, span| told.other(place(*span), "other"));
        let told = [told];
        plain(&told, &texts);
        sarif(&told, &text_of(&texts));
        let written: serde_json::Value =
            serde_json::from_str(&json(&told, &text_of(&texts))).expect("JSON");
        let start = text.floor_char_boundary(spans[0].0 as usize);
        let column = crate::text::LineIndex::new(&text).column(&text, start as u32);
        prop_assert_eq!(&written["diagnostics"][0]["line"], column.line);
        prop_assert_eq!(&written["diagnostics"][0]["column"], column.column);
    }
}

#[test]
fn json_holds_all_of_it() {
    let (diagnostics, texts) = sample();
    let report: serde_json::Value =
        serde_json::from_str(&json(&diagnostics, &text_of(&texts))).expect("JSON");
    assert_eq!(report["version"], 1);
    assert_eq!(
        (&report["errors"], &report["warnings"]),
        (&3.into(), &1.into())
    );
    assert_snapshot!(report["diagnostics"][0], @r#"{"code":"WS001","name":"unknown-actor","severity":"error","message":"unknown actor `mms`","file":"content/exchange.md","line":3,"column":22,"end_line":3,"end_column":25,"start":33,"end":36,"label":"no actor has this id, name or alias","hints":["did you mean `mss` (Ministry of State Security)?"],"others":[],"fixes":[]}"#);
    assert_snapshot!(report["diagnostics"][1]["others"][2], @r#"{"file":"content/logo.png","line":null,"column":null,"end_line":null,"end_column":null,"start":0,"end":0,"label":"and this file"}"#);
}

#[test]
fn sarif_holds_all_of_it() {
    let (diagnostics, texts) = sample();
    let log: serde_json::Value =
        serde_json::from_str(&sarif(&diagnostics, &text_of(&texts))).expect("JSON");
    let results = &log["runs"][0]["results"];
    assert_snapshot!(format!("{:#}", results[0]), @r#"
    {
      "ruleId": "WS001",
      "ruleIndex": 0,
      "level": "error",
      "message": {
        "text": "unknown actor `mms`: no actor has this id, name or alias\nhint: did you mean `mss` (Ministry of State Security)?"
      },
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "content/exchange.md",
              "uriBaseId": "%SRCROOT%"
            },
            "region": {
              "startLine": 3,
              "startColumn": 22,
              "endLine": 3,
              "endColumn": 25,
              "byteOffset": 33,
              "byteLength": 3,
              "snippet": {
                "text": "mms"
              }
            }
          }
        }
      ],
      "partialFingerprints": {
        "words/v1": "e66594e53652a1e7:1"
      }
    }
    
"#);
    assert_snapshot!(results[1]["relatedLocations"][2], @r#"{"id":3,"physicalLocation":{"artifactLocation":{"uri":"content/logo.png","uriBaseId":"%SRCROOT%"}},"message":{"text":"and this file"}}"#);
    assert_snapshot!(results[3]["message"]["text"], @r#""`{{x}}` stands behind [a\\](b)""#);
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][0];
    assert_eq!(rule["name"], "UnknownActor");
    assert_eq!(rule["shortDescription"]["text"], "unknown actor");
}

#[test]
fn a_fingerprint_survives_lines_that_come_and_go() {
    let fingerprints = |text: &str| {
        let texts = texts(&[("a.md", text)]);
        let file = path("a.md");
        let told: Vec<_> = text
            .match_indices("mms")
            .map(|(at, words)| {
                let place = SourceMap::new(&file).place(Span::new(at..at + words.len()));
                Diagnostic::new(Code::UnknownActor, place, "unknown actor `mms`")
            })
            .collect();
        let log: serde_json::Value =
            serde_json::from_str(&sarif(&told, &text_of(&texts))).expect("JSON");
        let results = log["runs"][0]["results"]
            .as_array()
            .expect("results")
            .clone();
        results
            .into_iter()
            .map(|result| result["partialFingerprints"]["words/v1"].to_string())
            .collect::<Vec<_>>()
    };
    let before = fingerprints("[[mms]] and [[mms]]\n");
    assert_eq!(
        before,
        fingerprints("# New\n\n[[mms]]\n\nand then [[mms]]\n")
    );
    // These may never change, because code hosts store them.
    assert_snapshot!(before.join(" "), @r#""824285af9a2272e7:1" "824285af9a2272e7:2""#);
}

#[test]
fn sarif_fits_its_schema() {
    let texts = texts(&[("a {0}#?%:é.md", "words 国家 [x](y) {0}\n"), ("b.md", "")]);
    let mut told: Vec<_> = Code::ALL
        .iter()
        .map(|code| {
            let words = place(&texts, "a {0}#?%:é.md", "国家");
            Diagnostic::new(
                *code,
                words.clone(),
                format!("{} {{0}} [x](y)", code.title()),
            )
            .label("label")
            .hint("one")
            .hint("two")
            .other(
                SourceMap::new(&path("b.md")).place(Span { start: 0, end: 9 }),
                "",
            )
            .other(Place::whole(&path("c d.png")), "no text")
            .fix(Fix {
                edits: vec![
                    (words, "{0} new".into()),
                    (place(&texts, "a {0}#?%:é.md", "words"), String::new()),
                    (Place::whole(&path("b.md")), "added".into()),
                ],
            })
            .fix(Fix::replace(Place::whole(&path("c d.png")), "lost"))
        })
        .collect();
    told.extend(sample().0);
    let schema = sarif_schema();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("the schema is one");
    let mut log: serde_json::Value =
        serde_json::from_str(&sarif(&told, &text_of(&texts))).expect("JSON");
    let faults: Vec<_> = validator
        .iter_errors(&log)
        .map(|it| it.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(
        validator.is_valid(&serde_json::from_str(&sarif(&[], &text_of(&texts))).expect("JSON"))
    );

    // The schema detects mistakes: column 0, a string that is not an address, an unknown property.
    let good = log.clone();
    let result = "/runs/0/results/0";
    for (pointer, planted) in [
        ("/locations/0/physicalLocation/region/startColumn", 0.into()),
        (
            "/locations/0/physicalLocation/artifactLocation/uri",
            "a b.md".into(),
        ),
        ("/level", "bad".into()),
        ("/ruleIndex", "0".into()),
        ("/fixes/0/artifactChanges", serde_json::json!([])),
        (
            "/fixes/0/artifactChanges/0/replacements/0/deletedRegion",
            serde_json::json!(null),
        ),
    ] {
        let at = format!("{result}{pointer}");
        *log.pointer_mut(&at).expect("a property of a result") = planted;
        assert!(!validator.is_valid(&log), "{pointer}");
        log = good.clone();
    }
}

/// The schema of SARIF 2.1.0, which is in the crate `serde-sarif`.
#[expect(
    clippy::disallowed_methods,
    reason = "the test asks cargo where the schema lies"
)]
fn sarif_schema() -> serde_json::Value {
    let cargo = |args: &[&str]| {
        let told = Command::new(env!("CARGO"))
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output();
        told.expect("cargo runs")
    };
    // The lock file lists crates for other platforms, which are not on this machine.
    let version = String::from_utf8(cargo(&["-vV"]).stdout).expect("UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let told = cargo(&[
        "metadata",
        "--format-version=1",
        "--offline",
        "--locked",
        "--filter-platform",
        host.expect("cargo tells its host"),
    ]);
    let metadata: serde_json::Value = serde_json::from_slice(&told.stdout).expect("metadata");
    let packages = metadata["packages"].as_array().expect("packages");
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "serde-sarif")
        .and_then(|package| package["manifest_path"].as_str())
        .expect("serde-sarif is a dependency of the tests");
    let schema = std::path::Path::new(manifest).with_file_name("src/schema.json");
    let text = std::fs::read_to_string(schema).expect("the schema ships with the crate");
    // The schema's pattern for languages is not a valid regular expression: it closes a bracket
    // that was not opened.
    let text = text.replace("{2}]?$", "{2}$");
    serde_json::from_str(&text).expect("the schema is JSON")
}
