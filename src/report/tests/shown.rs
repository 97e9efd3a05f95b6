//! Tests of all writers: fixes for programs, lines that fit into a terminal, errors first.

use super::*;

/// Applies the edits of a JSON or SARIF fix to a text, by byte offsets.
fn edited(text: &str, mut edits: Vec<(usize, usize, String)>) -> String {
    edits.sort();
    let mut edited = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        edited.replace_range(start..end, &new);
    }
    edited
}

/// A program that applies the fixes of either format gets the result of `Fix::apply`.
#[test]
fn json_and_sarif_carry_the_fixes() {
    let texts = texts(&[
        ("a.md", "[é](claim:aa \"by=uss\") {x}\n"),
        ("b.md", "id: uss\n"),
    ]);
    let fix = Fix {
        edits: vec![
            (place(&texts, "a.md", "uss"), "us".into()),
            (place(&texts, "a.md", " {x}"), String::new()),
            (place(&texts, "b.md", "uss"), "us".into()),
        ],
    };
    let other = Fix::replace(place(&texts, "a.md", "uss"), "uk");
    let diagnostic = Diagnostic::new(Code::UnknownActor, place(&texts, "a.md", "uss"), "unknown")
        .fix(fix.clone())
        .fix(other);
    let log: serde_json::Value =
        serde_json::from_str(&json(std::slice::from_ref(&diagnostic), &text_of(&texts)))
            .expect("JSON");
    let number = |value: &serde_json::Value| value.as_u64().expect("a number") as usize;
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let fixes = log["diagnostics"][0]["fixes"].as_array().expect("fixes");
    assert_eq!(fixes.len(), 2);
    assert_eq!(fixes[0]["edits"][0]["line"], 1);
    assert_eq!(fixes[0]["edits"][0]["column"], 18);
    for (name, before) in &texts {
        let edits = fixes[0]["edits"].as_array().expect("edits").iter();
        let edits = edits.filter(|it| it["file"] == name.as_str());
        let edits = edits.map(|it| (number(&it["start"]), number(&it["end"]), text(&it["text"])));
        assert_eq!(edited(before, edits.collect()), fix.apply(name, before));
    }

    let log: serde_json::Value =
        serde_json::from_str(&sarif(&[diagnostic], &text_of(&texts))).expect("JSON");
    let fixes = log["runs"][0]["results"][0]["fixes"]
        .as_array()
        .expect("fixes");
    assert_eq!(fixes.len(), 2);
    let changes = fixes[0]["artifactChanges"].as_array().expect("changes");
    assert_eq!(changes.len(), 2, "one for each file");
    for change in changes {
        let name = path(&text(&change["artifactLocation"]["uri"]));
        let before = &texts[&name];
        let edits = change["replacements"].as_array().expect("edits").iter();
        let edits = edits.map(|it| {
            let region = &it["deletedRegion"];
            let start = number(&region["byteOffset"]);
            let new = text(&it["insertedContent"]["text"]);
            (start, start + number(&region["byteLength"]), new)
        });
        assert_eq!(edited(before, edits.collect()), fix.apply(&name, before));
    }
}

/// A diagnostic in a line that is wider than the terminal, with its marks near both ends.
#[test]
fn a_terminal_snippet_fits_the_width_of_the_terminal() {
    let long = format!("{} fault {}\n", "before ".repeat(40), "behind ".repeat(40));
    let wide = format!("{}\n", "wide-word ".repeat(60));
    let texts = texts(&[("a.md", &long), ("b.md", &wide)]);
    let mut whole = Diagnostic::new(
        Code::UnknownActor,
        place(&texts, "b.md", wide.trim_end()),
        "all of it",
    );
    whole = whole.label("this is wrong");
    let narrow = Diagnostic::new(
        Code::UnknownActor,
        place(&texts, "a.md", "fault"),
        "unknown",
    )
    .label("not known");
    let mut in_two_lines = narrow.clone();
    in_two_lines.place = SourceMap::new(&path("b.md")).place(Span::new(0..wide.len()));
    for width in [40, 80, 120] {
        let style = Style {
            width,
            ..Style::default()
        };
        let shown = terminal(
            &[narrow.clone(), whole.clone(), in_two_lines.clone()],
            &text_of(&texts),
            style,
        );
        assert!(shown.contains("fault"), "{shown}");
        for line in shown.lines() {
            let columns = line.trim_end().chars().count();
            assert!(
                columns <= width,
                "{columns} columns of {width}: {line}\n{shown}"
            );
        }
    }
    assert_eq!(
        Style::default().width,
        80,
        "where nothing is known of the terminal"
    );
}

#[test]
fn a_terminal_shows_errors_before_warnings() {
    let texts = texts(&[("a.md", "one two three\n")]);
    let on = |code: Code, words: &str| Diagnostic::new(code, place(&texts, "a.md", words), words);
    let diagnostics = [
        on(Code::ShortcutReference, "one"),
        on(Code::UnknownActor, "two"),
        on(Code::ShortcutReference, "three"),
    ];
    let shown = plain(&diagnostics, &texts);
    let titles = shown.lines().filter(|line| line.contains("[WS"));
    let titles: Vec<&str> = titles.filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(titles, ["two", "one", "three"], "{shown}");
}
