use proptest::prelude::*;

use super::*;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

#[test]
fn a_path_cannot_leave_its_root() {
    assert_eq!(SitePath::new("../etc"), Err(PathFault::Leaves));
    assert_eq!(SitePath::new("a/../../etc"), Err(PathFault::Leaves));
    assert_eq!(SitePath::new("/etc"), Err(PathFault::Rooted));
    assert_eq!(SitePath::new("c:/etc"), Err(PathFault::Rooted));
    assert_eq!(SitePath::new("a\\..\\b"), Err(PathFault::Unwritable));
    assert_eq!(SitePath::new("."), Err(PathFault::Empty));
    assert_eq!(path("a/./b/../c.md").as_str(), "a/c.md");
}

#[test]
fn a_way_around_the_root_is_told_from_all_others() {
    let file = path("src/a/b.md");
    let leads = |from: &SitePath, text: &str| from.sibling_around(text).expect("a path");
    assert_eq!(leads(&file, "../c.md"), path("src/c.md"));
    assert_eq!(leads(&file, "../c.md").around(), None);
    let out = leads(&file, "../../../README.md");
    assert_eq!(out.around(), Some((1, path("README.md"))));
    assert!(out.is_hidden());
    assert_eq!(leads(&out, "../x/y.rs").around(), Some((2, path("x/y.rs"))));
    assert_eq!(leads(&out, "x/../y.rs").around(), Some((1, path("y.rs"))));
    for fault in ["/etc", "../../..", ".around/x", "a\\..\\b"] {
        assert!(file.sibling_around(fault).is_err(), "{fault}");
    }
}

#[test]
fn everything_lies_below_the_root() {
    let root = SitePath::root();
    assert_eq!(path("a/b").below(&root), Some(path("a/b")));
    assert_eq!(path("a/b").within(&root), path("a/b"));
    assert_eq!(root.below(&root), None);
}

#[test]
fn an_address_is_relative_to_the_page_it_stands_on() {
    let claim = path("claims/run.html");
    assert_eq!(claim.seen_from(&path("index.html")), "claims/run.html");
    assert_eq!(claim.seen_from(&path("claims/index.html")), "run.html");
    assert_eq!(
        claim.seen_from(&path("a/b/c.html")),
        "../../claims/run.html"
    );
    assert_eq!(
        path("x.css").seen_from(&path("claims/run.html")),
        "../x.css"
    );
}

#[test]
fn names_and_extensions() {
    let file = path("content/a.tar.gz");
    assert_eq!((file.stem(), file.extension()), ("a.tar", "gz"));
    assert_eq!(path(".hidden").extension(), "");
    assert_eq!(path("a/b.md").with_extension("html").as_str(), "a/b.html");
    assert_eq!(
        path("content/x/y.md").below(&path("content")),
        Some(path("x/y.md"))
    );
    assert_eq!(path("contents/y.md").below(&path("content")), None);
}

#[test]
fn an_address_holds_only_what_an_address_may() {
    let odd = path("a b/50% ö?#:x.html");
    assert_eq!(odd.address(), "a%20b/50%25%20%C3%B6%3F%23%3Ax.html");
    assert_eq!(
        odd.seen_from(&path("a b/c.html")),
        "50%25%20%C3%B6%3F%23%3Ax.html"
    );
}

#[test]
fn columns_count_characters_from_one() {
    let text = "one\nzwölf — x\n";
    let lines = LineIndex::new(text);
    let x = text.find('x').expect("x") as u32;
    assert_eq!(lines.column(text, x), Column { line: 2, column: 9 });
    assert_eq!(lines.column(text, 0), Column { line: 1, column: 1 });
    assert_eq!(lines.column(text, 999).line, 3);
}

#[test]
fn words_are_folded_slugged_and_matched() {
    assert_eq!(
        fold("  Ministry of\n State  SECURITY "),
        "ministry of state security"
    );
    assert_eq!(slug("Who said — what?"), "who-said-what");
    assert_eq!(slug("国家安全部"), "guo-jia-an-quan-bu");
    assert_eq!(nearest("mms", ["uk", "mss"]), Some("mss"));
    assert_eq!(nearest("kind", ["king", "knid"]), Some("king"));
    assert_eq!(nearest("zzzz", ["uk", "mss"]), None);
}

#[test]
fn names_have_one_key_whatever_their_spelling() {
    for (one, other) in [
        ("O'Brien", "O’BRIEN"),
        ("Straße", "STRASSE"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευς"),
        ("Harbor Front – Group", "harbor front -- group"),
        ("“Red”\n Cell", "\"red\" cell"),
        ("Wait…", "wait..."),
        ("Zu\u{308}rich", "ZÜRICH"),
        ("外交\n部", "外交部"),
        ("soft\u{ad}ware", "Software"),
    ] {
        assert_eq!(name_key(one), name_key(other), "{one} {other}");
    }
    for (one, other) in [
        ("İstanbul", "istanbul"),
        ("ı", "i"),
        ("外交 部", "外交部"),
        ("re-form", "reform"),
    ] {
        assert_ne!(name_key(one), name_key(other), "{one} {other}");
    }
}

#[test]
fn plain_text_knows_where_it_was_written() {
    let text = "Zu\u{308}rich’s “port” — shut…";
    let plain = PlainText::of(text);
    assert_eq!(plain.text, "Zürich's \"port\" - shut...");
    for (found, written) in [
        ("Zürich", "Zu\u{308}rich"),
        ("\"port\"", "“port”"),
        ("-", "—"),
        ("...", "…"),
    ] {
        let at = plain.text.find(found).expect("it is there");
        assert_eq!(&text[plain.origin(at..at + found.len())], written);
    }
}

#[test]
fn a_line_end_between_wide_characters_is_no_space() {
    assert_eq!(one_line("打开了\n  所有，\n并且 好"), "打开了所有，并且 好");
    assert_eq!(one_line("打开了\nAPT28\n所有"), "打开了 APT28 所有");
    assert_eq!(one_line("국가\n정보원"), "국가 정보원");
}

/// A change to a text before it is read.
#[derive(Debug, Clone)]
enum Change {
    /// Bytes are cut out.
    Cut(Vec<(usize, usize)>),
    /// A program repeats, drops or writes lines.
    Lines(Vec<Option<usize>>),
    /// Another file is included at a byte.
    Include(usize, usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let number = 0..70_usize;
    prop_oneof![
        prop::collection::vec((number.clone(), number.clone()), 0..4).prop_map(Change::Cut),
        prop::collection::vec(prop::option::of(0..12_usize), 0..8).prop_map(Change::Lines),
        (number.clone(), number.clone(), number).prop_map(|(at, a, b)| Change::Include(at, a, b)),
    ]
}

impl Change {
    fn of(&self, text: &SourceText, other: &SourceText) -> SourceText {
        let bound = |text: &SourceText, at: usize| text.as_str().floor_char_boundary(at);
        match self {
            Change::Cut(cuts) => {
                let cuts: Vec<_> = cuts.iter().map(|(start, end)| *start..*end).collect();
                text.without(&cuts)
            }
            Change::Lines(lines) => {
                let old: Vec<&str> = text.as_str().split_inclusive('\n').collect();
                let new = lines.iter().map(|line| match line {
                    Some(line) if !old.is_empty() => old[line % old.len()],
                    Some(_) | None => "né par un programme\n",
                });
                text.changed_to(&new.collect::<String>())
            }
            Change::Include(at, a, b) => {
                let (at, a, b) = (bound(text, *at), bound(other, *a), bound(other, *b));
                let mut builder = SourceBuilder::new(text.file());
                builder.copy(text, 0..at);
                builder.copy(other, a.min(b)..a.max(b));
                builder.generate(text, Span::new(at..at), "```\n");
                builder.copy(text, at..text.as_str().len());
                builder.finish()
            }
        }
    }
}

proptest! {
    #[test]
    fn every_place_in_a_changed_text_points_into_its_file(
        words in "([a-cé{#]|\n){0,60}",
        others in "([x-zü}]|\n){0,60}",
        changes in prop::collection::vec(change(), 0..6),
        spans in prop::collection::vec((0..90_usize, 0..90_usize), 1..20),
    ) {
        let files = [(path("a.md"), words.as_str()), (path("b.md"), others.as_str())];
        let [first, other] = files.each_ref().map(|(file, text)| SourceText::new(file, *text));
        let text = changes.iter().fold(first, |text, change| change.of(&text, &other));
        for (a, b) in spans {
            let [a, b] = [a, b].map(|at| text.as_str().floor_char_boundary(at));
            let range = a.min(b)..a.max(b);
            let place = text.place(Span::new(range.clone()));
            let (_, file) = files.iter().find(|(file, _)| *file == place.file).expect("a file");
            let on_disk = file.get(place.span.range());
            prop_assert!(on_disk.is_some(), "{place:?} is no text");
            prop_assert_eq!(place.document().as_str(), "a.md");
            if place.is_exact() {
                prop_assert_eq!(on_disk, text.as_str().get(range));
            }
        }
    }

    #[test]
    fn what_is_left_after_a_cut_keeps_its_places(
        words in "[a-zé\n]{1,60}",
        cuts in prop::collection::vec((0..70_usize, 0..70_usize), 0..5),
    ) {
        let whole = SourceText::new(&path("a.md"), words.as_str());
        let cuts: Vec<_> = cuts.into_iter().map(|(start, end)| start..end).collect();
        let rest = whole.without(&cuts);
        let kept = |(at, c): &(usize, char)| {
            let end = at + c.len_utf8();
            !cuts.iter().any(|cut| cut.start < end && *at < cut.end && cut.start < cut.end)
        };
        let expected: Vec<(usize, char)> = words.char_indices().filter(kept).collect();
        let found: Vec<(usize, char)> = rest
            .as_str()
            .char_indices()
            .map(|(at, c)| (rest.place(Span::new(at..at + c.len_utf8())).span.start as usize, c))
            .collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn a_span_around_an_include_or_a_cut_is_one_place() {
    let text = SourceText::new(&path("a.md"), "one two three");
    let cut = 4..8;
    let rest = text.without(std::slice::from_ref(&cut));
    assert_eq!(rest.as_str(), "one three");
    let place = rest.place(Span::new(2..7));
    assert_eq!(place.span, Span::new(2..11));
    // An edit of this place would also change the words that were cut out.
    assert!(!place.is_exact());
    assert!(rest.place(Span::new(4..9)).is_exact());
}

#[test]
fn a_place_in_included_words_names_both_files() {
    let page = SourceText::new(&path("a.md"), "before after");
    let part = SourceText::new(&path("part.md"), "included");
    let mut builder = SourceBuilder::new(page.file());
    builder.copy(&page, 0..7);
    builder.copy(&part, 0..8);
    builder.generate(&page, Span::new(7..7), " and ");
    builder.copy(&page, 7..12);
    let text = builder.finish();
    let place = |words: &str| {
        let at = text.as_str().find(words).expect("words of the text");
        text.place(Span::new(at..at + words.len()))
    };
    let included = place("clude");
    assert_eq!(included.file, path("part.md"));
    assert_eq!(included.document(), page.file());
    assert_eq!(included.span, Span::new(2..7));
    assert!(!place("and").is_exact());
    assert_eq!(place("after").span, Span::new(7..12));
    assert!(text.map().uses(&path("part.md")) && !text.map().is_identity());
}

#[test]
fn percent_encoding_is_what_rfc_3986_says() {
    for (text, path) in [
        ("100%+5.md", "100%25+5.md"),
        ("a b/ü?#:x", "a%20b/%C3%BC%3F%23%3Ax"),
        ("it's (1), 2;3=4@5$~!*", "it's%20(1),%202;3=4@5$~!*"),
    ] {
        assert_eq!(percent_encoded(text, Encoding::Path), path);
        assert_eq!(percent_decoded(path), text);
    }
    // A sign is no hexadecimal digit, and what is no UTF-8 stays.
    for text in ["100%+5.md", "50%", "%zz", "%f", "%FF.md"] {
        assert_eq!(percent_decoded(text), text);
    }
    assert_eq!(
        percent_encoded("a:b%20c&d é", Encoding::Address),
        "a:b%20c&d%20%C3%A9"
    );
    assert_eq!(percent_encoded("a:b/c", Encoding::Uri), "a%3Ab/c");
    assert_eq!(
        percent_encoded("well-known, so", Encoding::Words),
        "well%2Dknown%2C%20so"
    );
}

#[test]
fn markup_is_escaped_once_and_holds_no_forbidden_character() {
    let text = "a<b>&\"c\" 'd' \u{1}\u{7f}\t\n\u{fffe}\u{ffef}é";
    assert_eq!(
        escaped(text, Markup::Content),
        "a&lt;b&gt;&amp;\"c\" 'd' \u{fffd}\u{fffd}\t\n\u{fffd}\u{ffef}é"
    );
    assert_eq!(
        escaped(text, Markup::DoubleQuoted),
        "a&lt;b&gt;&amp;&quot;c&quot; 'd' \u{fffd}\u{fffd}\t\n\u{fffd}\u{ffef}é"
    );
    assert_eq!(
        escaped("\"c\" 'd'", Markup::Attribute),
        "&quot;c&quot; &#39;d&#39;"
    );
}
