use super::*;
use crate::parse::{self, DocKind, Reading};
use crate::text::SourceText;
use insta::assert_snapshot;

/// Links the files `(path, kind, text)`.
fn linked(files: &[(&str, DocKind, &str)]) -> (Site, Vec<Diagnostic>) {
    let reading = Reading {
        dialect: crate::model::Dialect::Annotated,
        annotated: true,
        wikilinks: true,
        smart_punctuation: true,
        definition_lists: true,
        alerts: true,
        is_vault: false,
    };
    let path = |text: &str| SitePath::new(text).expect("a path in a test");
    let drafts: Vec<Draft> = files
        .iter()
        .map(|(file, kind, text)| {
            parse::draft(*kind, SourceText::new(&path(file), *text), &reading)
        })
        .collect();
    let drafts: Vec<&Draft> = drafts.iter().collect();
    site(&Book {
        drafts: &drafts,
        bibliographies: &[],
        sites: &[],
        source: path("content"),
        files: Vec::new(),
        unpublished: Vec::new(),
        withheld: Default::default(),
        pages: Vec::new(),
        autolink: false,
        language: "en",
        is_vault: false,
        dialect: crate::model::Dialect::Annotated,
        contents: None,
        not_found: None,
        readme_is_index: true,
        shows_html: false,
    })
}

fn said(diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|said| {
        let hints: Vec<String> = said.hints.clone();
        format!("{} {} [{}]", said.code, said.message, hints.join("; "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn ids_are_short_and_plain() {
    for id in ["ab", "u.n-2", "a1", &"a".repeat(64)] {
        assert!(ids::is_id(id), "{id}");
    }
    for id in [
        "",
        "a",
        "1a",
        "-a",
        "Ab",
        "a_b",
        "a b",
        "é1",
        "aé",
        &"a".repeat(65),
    ] {
        assert!(!ids::is_id(id), "{id}");
    }
}

#[test]
fn an_id_made_from_words_is_one_and_unlike_all_others() {
    let mut taken = Default::default();
    let mut ids = std::collections::BTreeSet::new();
    for words in [
        "",
        "!",
        "It ran",
        "It ran",
        "国家安全部",
        "4 letters",
        &"word ".repeat(50),
    ] {
        let id = ids::generated_id(words, &mut taken);
        assert!(ids::is_id(&id), "{words:?} gave {id:?}");
        ids.insert(id);
    }
    assert_eq!(ids.len(), 7);
}

#[test]
fn anchors_of_headings_and_marks_never_meet() {
    let text = "# Run {#run}\n\n## C.run\n\n## c run\n\n## c run\n\n\
                [a](claim:run \"by=us\") [b](claim:run \"by=us\") [c]{#c-run}\n";
    let (site, diagnostics) = linked(&[
        ("content/a.md", DocKind::Briefing, text),
        (
            "content/actors/us.md",
            DocKind::Actor,
            "---\nname: US\n---\n",
        ),
    ]);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let (_, briefing) = site.briefings().iter().next().expect("a briefing");
    let headings = briefing
        .prose
        .headings
        .iter()
        .map(|heading| &heading.anchor);
    let marks = briefing.prose.marks.iter().map(|mark| &mark.anchor);
    let anchors: Vec<&str> = headings.chain(marks).map(String::as_str).collect();
    assert_eq!(
        anchors,
        [
            "run",
            "crun",
            "c-run-1",
            "c-run-2",
            "c.run.us",
            "c.run.us.1"
        ]
    );
}

#[test]
fn an_unknown_name_is_told_once_and_becomes_text() {
    let text =
        "# T\n\n[[Brenia]] [x](claim:run \"by=brenia against=nobody src=nothing\") [@none].\n";
    let (site, diagnostics) = linked(&[
        ("content/a.md", DocKind::Briefing, text),
        (
            "content/actors/brennia.md",
            DocKind::Actor,
            "---\nname: Brennia\n---\n",
        ),
    ]);
    assert_snapshot!(said(&diagnostics), @r"
    WS003 unknown source `nothing` [create a file `sources/nothing.md` with `title:`]
    WS001 unknown actor `brenia` [did you mean `brennia`?]
    WS001 unknown actor `nobody` [create a file `actors/nobody.md` with `name:`]
    WS004 unknown name `Brenia` [did you mean `brennia`?]
    ");
    let (_, claim) = site.claims().iter().next().expect("a claim");
    assert!(claim.positions.is_empty() && claim.against.is_empty());
}
