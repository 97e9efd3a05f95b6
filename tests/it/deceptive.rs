//! Text that looks like another one is reported, and ordinary text of all languages is not.

use whosaid::import::{self, Format};
use whosaid::text::{Hidden, hidden};

use crate::book::book;

/// The codes for a page with this title and text, and actors with these names.
fn codes(title: &str, text: &str, names: &[&str]) -> Vec<String> {
    let mut files = format!("//- content/a.md\n---\ntitle: \"{title}\"\n---\n{text}\n");
    for (number, name) in names.iter().enumerate() {
        files.push_str(&format!(
            "\n[[x{number}]]\n//- content/actors/x{number}.md\n---\nname: \"{name}\"\n---\n"
        ));
        // The mention goes to the page, not to the actor before.
        if let Some((page, actors)) = files.clone().split_once("//- content/actors") {
            let mention = format!("\n[[x{number}]]\n");
            let actors = actors.replace(&mention, "\n");
            files = format!("{page}{mention}//- content/actors{actors}");
        }
    }
    let book = book(&files);
    let all = book.build.diagnostics.iter();
    let all = all.map(|it| it.code.id().to_owned());
    let mut all: Vec<String> = all
        .filter(|code| code.as_str() > "WS184" && code.as_str() < "WS189")
        .collect();
    all.dedup();
    all
}

#[test]
fn characters_that_reorder_text_are_errors_wherever_they_are() {
    for c in [
        '\u{202a}', '\u{202b}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
        '\u{200f}', '\u{61c}',
    ] {
        let text = format!("The minister did {c}ton admit it.");
        assert_eq!(codes("A", &text, &[]), ["WS185"], "{}", c.escape_unicode());
        let code = format!("```\nif (a{c}b)\n```");
        assert_eq!(codes("A", &code, &[]), ["WS185"], "{}", c.escape_unicode());
    }
    // In a mark, by its place in the file.
    let text = "//- content/a.md\n# A\n\n[The minister did \u{202e}ton\u{202c} admit it](claim:cc \"by=x\").\n\
                //- content/actors/x.md\n---\nname: X\n---\n";
    let book = book(text);
    let found: Vec<_> = book
        .build
        .diagnostics
        .iter()
        .filter(|it| it.code.id() == "WS185")
        .collect();
    assert_eq!(found.len(), 2, "{}", book.report());
    let file = &book.inputs.files[&found[0].place.file];
    assert_eq!(&file[found[0].place.span.range()], "\u{202e}".as_bytes());
    assert!(!found[0].fixes.is_empty());
}

#[test]
fn characters_that_are_not_seen_are_reported_in_names_and_quoted_words() {
    for c in [
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{ad}',
        '\u{2060}',
        '\u{feff}',
        '\u{3164}',
        '\u{2800}',
        '\u{e0041}',
        '\u{fe0f}',
        '\u{34f}',
    ] {
        let word = format!("Zero{c}Width");
        let name = c.escape_unicode();
        assert_eq!(codes(&word, "A", &[]), ["WS186"], "a title: {name}");
        assert_eq!(
            codes("A", &format!("## {word}"), &[]),
            ["WS186"],
            "a heading: {name}"
        );
        assert_eq!(
            codes("A", &format!("> {word}"), &[]),
            ["WS186"],
            "a quotation: {name}"
        );
        assert_eq!(codes("A", "A", &[&word]), ["WS186"], "a name: {name}");
    }
    assert_eq!(
        codes("A", "plain long\u{ad}word", &[]),
        [""; 0],
        "a soft hyphen in plain text"
    );
}

#[test]
fn names_that_look_alike_and_words_of_two_scripts_are_reported() {
    // The second has a Cyrillic letter.
    assert_eq!(
        codes("A", "A", &["United States", "Unit\u{435}d States"]),
        ["WS187", "WS188"]
    );
    assert_eq!(
        codes("A", "A", &["ZeroWidth", "Zero\u{200b}Width"]),
        ["WS186"]
    );
    // Letters of one script can make the whole of a word of another.
    assert_eq!(
        codes("A", "A", &["CAPE", "\u{421}\u{410}\u{420}\u{415}"]),
        ["WS187"]
    );
    assert_eq!(codes("A", "A", &["APT1", "APTl"]), ["WS187"]);
    for word in ["p\u{430}ypal", "\u{391}PT29", "Am\u{0435}rica"] {
        assert_eq!(codes(word, "A", &[]), ["WS188"], "{word}");
    }
    // Equal names have a code of their own.
    let same = book(
        "//- content/a.md\n# A\n\n[[abe]] met [[abe-2]].\n//- content/actors/abe.md\n---\nname: Abe\n---\n\
         //- content/actors/abe-2.md\n---\nname: Abe\n---\n",
    );
    assert_eq!(same.codes(), ["WS159"], "{}", same.report());
}

/// Ordinary words of many languages, with what their spelling needs.
const ORDINARY: [&str; 32] = [
    "می\u{200c}خواهم کتاب\u{200c}ها را ببینم",
    "جمهوری اسلامی ایران",
    "क्\u{200d}ष और क्\u{200c}ष",
    "രണ്\u{200d}ട്",
    "ශ්\u{200d}රී ලංකා",
    "র\u{200d}্যাব",
    "ಕ್\u{200c}ರ",
    "👨\u{200d}👩\u{200d}👧 family",
    "🏳\u{fe0f}\u{200d}🌈 flag",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "👩🏽\u{200d}🚀",
    "❤\u{fe0f} ☎\u{fe0e} 1\u{fe0f}\u{20e3}",
    "ไทย\u{200b}แลนด์",
    "ភាសា\u{200b}ខ្មែរ",
    "שלום\u{200f}, עולם!",
    "السلام\u{200f} (1)",
    "葛\u{e0100}城市",
    "IT企業とAI技術",
    "한국어와 English",
    "Москва и Санкт-Петербург",
    "Ελλάδα και Κύπρος",
    "μm, Ωm and π",
    "ΔT",
    "Straße, Œuvre, naïve, Łódź",
    "Հայաստան",
    "საქართველო",
    "ᠮᠣᠩᠭᠣᠯ",
    "Tiếng Việt",
    "Ọ̀rúnmìlà",
    "𝛼 and 𝐀",
    "“Curly” — dashes… and spaces",
    "عملیات «می\u{200c}رود»",
];

#[test]
fn ordinary_text_of_all_languages_is_not_reported() {
    for words in ORDINARY {
        let found: Vec<_> = hidden(words).collect();
        assert_eq!(found, [], "{words}");
        let text = format!("## {words}\n\n> {words}\n\n{words}");
        assert_eq!(codes(words, &text, &[words]), [""; 0], "{words}");
    }
    // And it is looked at: the same characters where they spell nothing.
    assert_eq!(hidden("a\u{200c}b").count(), 1);
    assert_eq!(
        hidden("a\u{200d}b").next().map(|it| it.2),
        Some(Hidden::Unseen)
    );
}

#[test]
fn kept_texts_of_sources_and_books_for_mdbook_are_left_alone() {
    let kept = book(
        "//- content/a.md\n# A\n\nSee [@note].\n//- content/sources/note.md\n---\ntitle: Note\n---\n\
         Kept\u{200b} words \u{202b}of others\u{202c}.\n",
    );
    assert_eq!(kept.codes(), [""; 0], "{}", kept.report());
    let plain =
        book("//- src/SUMMARY.md\n- [A](a.md)\n//- src/a.md\n# A\u{200b}\n\n\u{202b}B\u{202c}\n");
    assert_eq!(plain.codes(), [""; 0], "{}", plain.report());
}

#[test]
fn imports_report_and_mark_names_that_deceive() {
    let bundle = serde_json::json!({ "type": "bundle", "objects": [
        { "type": "intrusion-set", "id": "x", "name": "APT29" },
        { "type": "intrusion-set", "id": "y", "name": "\u{410}\u{420}\u{422}29" },
        { "type": "intrusion-set", "id": "z", "name": "Good\u{202e}live", "aliases": ["Ze\u{200b}ro"] },
        { "type": "intrusion-set", "id": "w", "name": "Cozy B\u{435}ar" },
    ]});
    let imported = import::read(Format::Stix, &bundle.to_string()).expect("a bundle");
    let why: Vec<&str> = imported.left.iter().map(|it| it.why.as_str()).collect();
    assert_eq!(why.len(), 3, "{why:?}");
    assert!(why[0].contains("looks like that of `apt29`"), "{why:?}");
    assert!(why[1].contains("U+202E"), "{why:?}");
    assert!(why[2].contains("mixes letters"), "{why:?}");
    let file = |at: usize| imported.files[at].1.as_str();
    assert!(!file(0).contains("x-"), "{}", file(0));
    assert!(file(1).contains("x-looks-like: \"apt29\""), "{}", file(1));
    assert!(file(2).contains("name: \"Goodlive\""), "{}", file(2));
    assert!(file(2).contains("x-deceptive: "), "{}", file(2));
    assert!(!file(2).contains(['\u{202e}', '\u{200b}']), "{}", file(2));
}
