use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

/// Returns the rewritten text of a note, in a vault with the note itself and `other.md`.
fn read(text: &str) -> Rewritten {
    let source = path("notes");
    let texts = [
        ("notes/a.md", text),
        ("notes/other.md", "One. ^x\n\n![[a]]\n"),
    ];
    let notes = Notes {
        texts: texts
            .iter()
            .map(|(file, text)| (path(file), ((*text).into(), 0)))
            .collect::<BTreeMap<_, _>>(),
        files: vec![path("notes/log.pdf")],
        source: &source,
    };
    let text = SourceText::new(&path("notes/a.md"), text);
    rewritten(DocKind::Briefing, &text, 0, &notes)
}

#[test]
fn what_is_no_syntax_of_obsidians_stays() {
    for text in [
        "",
        "a == b == c",
        "====",
        "Title\n=====\n\n==\n",
        "100 %% of",
        "# Heading #",
        "a#b #1 #",
        "x^2 ^",
        "[a](b#c) <a href=\"#d\">",
        "[[",
        "![[",
        "![[]]",
        "\\==a== \\#tag",
        "```\n==a== #b %%c%% ^d\n```\n",
        "é==",
        "[[a]] [[other#x|==y==]]",
    ] {
        assert_eq!(read(text).text.as_str(), text);
    }
}

#[test]
fn notes_that_embed_each_other_end() {
    let note = read("![[other]]\n");
    let text = note.text.as_str();
    assert!(text.contains("> [!embed] [[other]]"), "{text}");
    assert!(text.matches("[!embed]").count() <= DEEPEST, "{text}");
}

proptest! {
    #[test]
    fn every_text_is_read(text in "([=%^#!<>$`\\\\|\\[\\]\\(\\)\\-aé \\n]|==|%%|\\[\\[|!\\[\\[other|\\]\\]|\\^x|#y|<%){0,40}") {
        let note = read(&text);
        for (_, place) in &note.left {
            prop_assert!(text.get(place.span.range()).is_some());
        }
        // The remaining words keep their places.
        for (at, c) in note.text.as_str().char_indices() {
            let place = note.text.place(Span::new(at..at + c.len_utf8()));
            if place.is_exact() {
                let on_disk = text.get(place.span.range()).map(str::to_owned);
                prop_assert_eq!(on_disk, Some(c.to_string()));
            }
        }
    }
}
