use super::*;
use crate::diag::Code;
use proptest::prelude::*;

const ANNOTATED: Reading = Reading {
    dialect: crate::model::Dialect::Annotated,
    annotated: true,
    wikilinks: true,
    smart_punctuation: true,
    definition_lists: true,
    alerts: true,
    is_vault: false,
};

fn read(text: &str) -> Draft {
    let file = SitePath::new("content/a.md").expect("a path in a test");
    draft(DocKind::Briefing, SourceText::new(&file, text), &ANNOTATED)
}

/// Checks the rules that hold for every draft of any text.
fn assert_sound(text: &str) {
    let draft = read(text);
    let fits = |span: Span| {
        let range = span.range();
        assert!(
            range.start <= range.end,
            "{span:?} is backwards in {text:?}"
        );
        assert!(text.get(range).is_some(), "{span:?} does not fit {text:?}");
    };
    let mut depth = 0usize;
    for item in &draft.body.items {
        fits(item.span);
        match &item.node {
            crate::model::Node::Start(_) => depth += 1,
            crate::model::Node::End => {
                depth = depth.checked_sub(1).expect("an end has a start");
            }
            _ => {}
        }
    }
    assert_eq!(depth, 0, "a tag of {text:?} is never closed");
    for mark in &draft.marks {
        for span in [mark.span, mark.words_span, mark.verb_span] {
            fits(span);
        }
        mark.ids.iter().for_each(|name| fits(name.span));
        assert!(
            mark.parent.is_none_or(|outer| outer < draft.marks.len()),
            "a mark of {text:?} has no parent"
        );
    }
    for heading in &draft.headings {
        fits(heading.span);
    }
    for said in &draft.diagnostics {
        fits(said.place.span);
    }
    if !text.contains('\u{1}') {
        let shown = format!("{:?}{:?}", draft.body, draft.headings);
        assert!(
            !shown.contains("\\u{1}"),
            "what masked attributes shows in the body of {text:?}"
        );
    }
    let marks = draft.body.items.iter().filter_map(|item| match item.node {
        crate::model::Node::Start(crate::model::Tag::Mark(number)) => Some(number.0 as usize),
        _ => None,
    });
    let mut marks: Vec<usize> = marks.collect();
    marks.sort_unstable();
    let all: Vec<usize> = (0..draft.marks.len()).collect();
    assert_eq!(marks, all, "every mark of {text:?} stands in the body once");
}

/// Texts built from the tokens of our syntax and of Markdown.
fn nasty() -> impl Strategy<Value = String> {
    let tokens = vec![
        "[", "]", "{", "}", "(", ")", "`", "*", "_", "|", "\\", "\n", "> ", "- ", "claim:x",
        ".denies", "\"", "'", "=", "@k", "[[", "]]", "![", "<b>", "é", " ",
    ];
    let more = vec![
        "\n\n",
        "\r\n",
        "](claim:x \"by=us\")",
        "]{.claim #x}",
        "[m]: claim:x\n",
        "][m]",
        "#",
        "— ",
        "|-|-|\n",
        "```\n",
        "===\n",
        "[^1]",
        "[^1]: ",
        ":",
        "~~",
        "<!--",
        "-->",
        "\t",
        "&amp;",
        "",
        "---\n",
        "\u{feff}",
        "國",
        "by=us",
        "\u{1}",
        "{\u{1}",
        ";",
        ",",
        "    ",
    ];
    let tokens: Vec<&'static str> = tokens.into_iter().chain(more).collect();
    proptest::collection::vec(proptest::sample::select(tokens), 0..60)
        .prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_run_of_syntax_gives_a_sound_draft(text in nasty()) {
        assert_sound(&text);
    }

    #[test]
    fn any_text_gives_a_sound_draft(text in any::<String>()) {
        assert_sound(&text);
    }

    #[test]
    fn masking_keeps_every_offset(text in nasty()) {
        let masked = mask::mask(&text);
        prop_assert_eq!(masked.text.len(), text.len());
        let whole = 0..text.len();
        if !text.contains('\u{1}') {
            prop_assert_eq!(masked.restore(&masked.text, &whole), text.as_str());
        }
        for pair in masked.blocks.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
    }
}

/// Parsing takes time in proportion to the length of the text; a prototype took quadratic time.
#[test]
fn long_runs_of_one_piece_are_read_in_one_go() {
    for piece in [
        "[",
        "]",
        "](claim:",
        "]{.claim ",
        "]{.claim by=\"",
        "][",
        "]:",
        "[@k;",
        "{.claim",
        "[[",
        "\\[",
        "](claim:x \"",
        "[x](claim:x)",
        "[a]{.claim #b} ",
        "> ",
        "\\",
        "[m]: claim:x\n",
        "*[a",
        "<b ",
    ] {
        assert_sound(&piece.repeat(20_000 / piece.len()));
    }
}

#[test]
fn the_place_of_an_attribute_is_the_place_in_the_file() {
    let text = "---\ntitle: T\n---\n\nÉ [x](claim:run \"by=us,'uk' on=2021-02-30\").\n";
    let draft = read(text);
    let by = draft.marks[0].attrs.by.as_deref().unwrap_or_default();
    let said = &draft.diagnostics[0];
    assert_eq!(said.code, Code::UnreadableAttributes);
    assert!(by.is_empty());
    let text = text.replace(",'uk'", ",uk");
    let draft = read(&text);
    let by = draft.marks[0].attrs.by.as_deref().unwrap_or_default();
    let places: Vec<&str> = by.iter().map(|name| name.span.of(&text)).collect();
    assert_eq!(places, ["us", "uk"]);
    assert_eq!(draft.diagnostics[0].place.span.of(&text), "2021-02-30");
}

#[test]
fn lists_and_quotes_nested_too_deep_are_flattened() {
    let draft = read(&format!("{} deep", "> ".repeat(1000)));
    assert_eq!(draft.diagnostics.len(), 1);
    assert_eq!(draft.diagnostics[0].code, Code::BeyondLimit);
}

#[test]
fn front_matter_is_cut_off_whatever_ends_its_lines() {
    for text in [
        "---\ntitle: T\n---\nBody",
        "---\r\ntitle: T\r\n---\r\nBody",
        "\u{feff}---\ntitle: T\n...\nBody",
        "+++\ntitle = \"T\"\n+++\nBody",
        "\n<!-- whosaid\ntitle: T\n-->Body",
    ] {
        let draft = read(text);
        assert!(
            draft.diagnostics.is_empty(),
            "{text:?}: {:?}",
            draft.diagnostics
        );
        let Front::Briefing(front) = &draft.front else {
            panic!("a briefing was read");
        };
        assert_eq!(front.title.as_deref(), Some("T"), "{text:?}");
        assert_eq!(&text[draft.body_at..], "Body");
    }
}
