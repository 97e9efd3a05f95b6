//! The laws that hold for every book.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use whosaid::compile::{Cache, Outputs, compile};
use whosaid::text::SitePath;

use crate::book::{build, inputs};
use crate::repository;

type Files = BTreeMap<SitePath, Arc<[u8]>>;

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

/// The first page in which two sites differ.
fn difference(a: &Outputs, b: &Outputs) -> Option<String> {
    let paths = a.keys().chain(b.keys());
    let differing = paths.into_iter().find(|path| a.get(*path) != b.get(*path));
    differing.map(|path| path.to_string())
}

#[test]
fn building_twice_equals_building_once() {
    let files = inputs(repository::sample());
    let mut cache = Cache::default();
    let first = compile(&files, &mut cache);
    let second = compile(&files, &mut cache);
    assert_eq!(difference(&first.outputs, &second.outputs), None);
    assert_eq!(first.diagnostics, second.diagnostics);
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        pool.install(|| compile(&inputs(repository::sample()), &mut Cache::default()))
    };
    let (one, four) = (with(1), with(4));
    assert_eq!(difference(&one.outputs, &four.outputs), None);
    assert_eq!(one.diagnostics, four.diagnostics);
}

/// What a claim's page says must not depend on which file comes first, only on what they say.
#[test]
fn the_order_of_files_does_not_matter_to_what_stands_on_record() {
    let book = |us: &str, prc: &str| {
        let files = format!(
            "//- content/{us}.md\n# Accusation\n\n[It ran](claim:run \"by=us against=prc on=2021-07-19\") [@one].\n\
             //- content/{prc}.md\n# Answer\n\n[No](denies:run \"by=prc on=2021-07-20\") [@two].\n\
             //- content/actors/us.md\n---\nname: United States\nkind: state\n---\n\
             //- content/actors/prc.md\n---\nname: China\nkind: state\n---\n\
             //- content/sources/one.md\n---\ntitle: One statement\ndate: 2021-07-19\n---\n\
             //- content/sources/two.md\n---\ntitle: Another answer\ndate: 2021-07-20\n---\n"
        );
        let book = crate::book::book(&files);
        assert!(book.build.diagnostics.is_empty(), "{}", book.report());
        let page = scraper::Html::parse_document(book.page("claims/run.html"));
        let record = ".verdict, .positions h3, .positions .prov, .positions .sign";
        let record = scraper::Selector::parse(record).expect("a selector");
        page.select(&record)
            .flat_map(|element| element.text())
            .collect::<String>()
    };
    let record = book("a-first", "b-second");
    assert!(
        record.contains("Denied") && record.contains("20 July 2021"),
        "{record}"
    );
    assert_eq!(record, book("y-second", "x-first"));
}

/// Edits that a book meets in its life: each names a file and what becomes of it.
fn edits(seed: u64, steps: usize) -> Vec<(SitePath, Option<String>)> {
    let mut state = seed;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % below
    };
    let targets = [
        "content/a.md",
        "content/b.md",
        "content/sub/c.md",
        "content/actors/us.md",
        "content/actors/prc.md",
        "content/claims/run.md",
        "content/sources/one.md",
        "content/SUMMARY.md",
        "content/refs.bib",
        "content/map.svg",
        "templates/footer.html",
        "templates/parts/note.html",
        "static/extra.css",
        "book.toml",
    ];
    let texts = |target: &str, random: &mut dyn FnMut(usize) -> usize| -> String {
        let number = random(4);
        match target {
            "content/actors/us.md" => {
                format!("---\nname: United States {number}\nkind: state\n---\nSee [[prc]].\n")
            }
            "content/actors/prc.md" => format!("---\nname: China\naliases: [PRC{number}]\n---\n"),
            "content/claims/run.md" => {
                format!("---\ntext: Somebody ran it {number}.\nagainst: prc\n---\n")
            }
            "content/sources/one.md" => {
                format!("---\ntitle: One {number}\ndate: 2021-07-1{number}\n---\nkept {number}\n")
            }
            "content/SUMMARY.md" => [
                "- [B](b.md)\n- [A](a.md)\n",
                "- [A](a.md)\n",
                "- broken\n",
                "",
            ][number]
                .into(),
            "content/refs.bib" => {
                format!("@online{{ref-{number}, title = {{Ref}}, date = {{2021}}}}\n")
            }
            "templates/footer.html" => [
                "<p>own</p>",
                "{{ site.title }}",
                "{{ broken",
                "{{ nothing }}",
            ][number]
                .into(),
            "templates/parts/note.html" => [
                "{% component note(note) %}<aside>{{ note.number }}</aside>{% endcomponent note %}",
                "x",
            ][number % 2]
                .into(),
            "book.toml" => [
                "[book]\ntitle = \"One\"\n",
                "[whosaid]\nbibliography = \"refs.bib\"\n",
                "[whosaid]\nautolink = true\nas-of = \"2021-07-19\"\n",
                "broken",
            ][number]
                .into(),
            "content/map.svg" | "static/extra.css" => format!("text {number}"),
            _ => format!(
                "---\ntitle: Page {number} of {target}\ntags: [t{number}]\n---\n\n[[us]] and [it ran](claim:run \"by=us on=2021-07-1{number}\") [@one].\n\n\
                 - [no](denies:run \"by=prc\") and [other {number}](claim:c-{number} \"by=us\")\n\n```rust\nfn f() -> u8 {{ {number} }}\n```\n"
            ),
        }
    };
    let mut steps_made = Vec::new();
    for _ in 0..steps {
        let target = targets[random(targets.len())];
        let gone = random(4) == 0;
        let text = (!gone).then(|| texts(target, &mut random));
        steps_made.push((path(target), text));
    }
    steps_made
}

#[test]
fn a_warm_build_equals_a_cold_one_after_every_edit() {
    for seed in [1, 20210719, 77] {
        let mut files = Files::new();
        let mut cache = Cache::default();
        for (step, (target, text)) in edits(seed, 80).into_iter().enumerate() {
            match text {
                Some(text) => files.insert(target.clone(), text.into_bytes().into()),
                None => files.remove(&target),
            };
            let book = inputs(files.clone());
            let warm = compile(&book, &mut cache);
            let cold = compile(&book, &mut Cache::default());
            let place = format!("seed {seed}, step {step}, {target}");
            assert_eq!(difference(&warm.outputs, &cold.outputs), None, "{place}");
            for (warm, cold) in warm.diagnostics.iter().zip(&cold.diagnostics) {
                assert_eq!(warm, cold, "{place}");
            }
            assert_eq!(warm.diagnostics.len(), cold.diagnostics.len(), "{place}");
        }
    }
}

#[test]
fn one_bad_file_among_a_thousand_hides_none_of_the_others() {
    let mut files = Files::new();
    for number in 0..1000 {
        let text = match number {
            500 => "# Page\n\nThe [[nobody]].\n".to_string(),
            501 => "# Page\n\n[x](claim:y-z \"by=nobody\") [@none].\n".to_string(),
            number => format!("# Page {number}\n\nWords.\n"),
        };
        files.insert(
            path(&format!("content/p{number:03}.md")),
            text.into_bytes().into(),
        );
    }
    files.insert(path("content/p499.md"), b"# Page\n\xff\n".as_slice().into());
    let book = build(inputs(files));
    let said: Vec<String> = book
        .build
        .diagnostics
        .iter()
        .map(|said| format!("{} {}", said.code, said.place.file))
        .collect();
    assert_eq!(
        said,
        [
            "WS029 content/p499.md",
            "WS004 content/p500.md",
            "WS001 content/p501.md",
        ],
        "{}",
        book.report()
    );
    let pages = book
        .build
        .outputs
        .keys()
        .filter(|path| path.name().starts_with('p'))
        .count();
    assert_eq!(pages, 999);
}

/// Texts made of what Markdown and marks are made of.
fn nasty() -> impl Strategy<Value = String> {
    let tokens = [
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "`",
        "*",
        "_",
        "|",
        "\\",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "# ",
        "claim:x",
        "denies:",
        ".denies",
        "\"by=us\"",
        "\"",
        "'",
        "=",
        "@k",
        "[[",
        "]]",
        "![",
        "<b>",
        "</b>",
        "é",
        " ",
        "---\n",
        "+++\n",
        "title: x\n",
        "[l]: claim:x\n",
        "[^1]",
        "{{#include a.md}}",
        "— ",
        "http://x",
        ":",
        "\t",
        "~~",
        "```\n",
    ];
    prop::collection::vec(prop::sample::select(tokens.to_vec()), 0..60)
        .prop_map(|tokens| tokens.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_in_any_file_gives_a_site(text in prop_oneof![nasty(), any::<String>()], at in 0..8usize) {
        let places = [
            "content/a.md", "content/actors/us.md", "content/claims/cc.md", "content/sources/kk.md",
            "content/SUMMARY.md", "content/refs.bib", "book.toml", "templates/briefing.html",
        ];
        let mut files = Files::new();
        files.insert(path("content/zz.md"), b"# Page\n\n[x](claim:xx) [@kk]\n".as_slice().into());
        files.insert(path("content/refs.yml"), text.clone().into_bytes().into());
        files.insert(path("book.toml"), b"[whosaid]\nbibliography = [\"refs.bib\", \"refs.yml\"]\n".as_slice().into());
        files.insert(path(places[at]), text.into_bytes().into());
        let book = build(inputs(files));
        prop_assert!(book.build.outputs.contains_key(&path("index.html")));
        // Whatever is said can be shown.
        let _ = book.report();
    }

    #[test]
    fn any_bytes_in_any_file_give_a_site(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut files = Files::new();
        for place in ["content/a.md", "content/actors/us.md", "book.toml", "templates/base.html", "static/x.css"] {
            files.insert(path(place), bytes.clone().into());
        }
        build(inputs(files));
    }
}
