use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::index::{self, CLASSES, Index, OF_TEXT};
use super::stems::Stems;
use super::subjects::{Class, Entry, Subject, Which};
use super::{pieces, words};
use crate::model::{Body, HeadingStart, Item, Node, Prose, Tag};
use crate::text::{SitePath, SourceMap, Span};

fn words_of(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    words::each(text, &mut |word, _| found.push(word.to_owned()));
    found
}

fn words_of_name(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    words::of_name(text, &mut |word, _| {
        found.insert(word.to_owned());
    });
    found
}

#[test]
fn words_are_in_lower_case_without_accents() {
    for (text, expected) in [
        ("Who “said” it—then?", "who said it then"),
        (
            "Müller ærø ÉTAT straße Łódź",
            "muller aero etat strasse lodz",
        ),
        ("Ελλάς ΟΔΟΣ", "ελλασ οδοσ"),
        ("Ёлка война Йод ГРУ", "елка война йод гру"),
        ("ﬁnal ①②", "final 12"),
        ("ﾄﾖﾀ トヨタ", "トヨ ヨタ トヨ ヨタ"),
        ("СССР 1991", "ссср 1991"),
        ("", ""),
    ] {
        assert_eq!(words_of(text).join(" "), expected, "{text}");
    }
}

#[test]
fn scripts_without_spaces_go_by_pairs() {
    assert_eq!(words_of("国家安全部").join(" "), "国家 家安 安全 全部");
    assert_eq!(words_of("部").join(" "), "部");
    assert_eq!(words_of("APT40在海南").join(" "), "apt40 在海 海南");
    assert_eq!(words_of("がん保険").join(" "), "がん ん保 保険");
}

#[test]
fn arabic_goes_without_marks_and_article() {
    assert_eq!(words_of("الحُكُومَة").join(" "), "حكومه");
    assert_eq!(words_of("والحكومة").join(" "), "حكومه");
    assert_eq!(words_of("أحمد إلى").join(" "), "احمد الي");
}

#[test]
fn a_name_is_found_however_it_is_joined() {
    for (name, also) in [
        ("APT-4", "apt4"),
        ("APT 4", "apt4"),
        ("APT4", "4"),
        ("Unit 61398", "unit61398"),
        ("U.S. Navy", "us"),
        ("O’Brien", "obrien"),
        ("Wi-Fi", "wifi"),
    ] {
        let words = words_of_name(name);
        assert!(words.contains(also), "{name}: {words:?}");
    }
    assert!(!words_of_name("Navy and Army").contains("navyand"));
}

#[test]
fn forms_of_a_word_have_one_stem_in_every_language() {
    for (language, a, b) in [
        ("en", "accused", "accuses"),
        ("en-GB", "denial", "denials"),
        ("de", "minister", "ministern"),
        ("en", "государство", "государства"),
        ("ru", "denied", "denies"),
    ] {
        let stems = Stems::new(language);
        assert!(stems.stem(a).is_some(), "{a}");
        assert_eq!(stems.stem(a), stems.stem(b), "{a} {b}");
    }
    assert_eq!(Stems::new("xx").stem("accused"), None);
    assert_eq!(Stems::new("en").stem("apt40"), None);
    assert_eq!(Stems::new("en").stem("国家"), None);
}

/// Returns a body of blocks; a block is a heading if its text begins with `#`.
fn prose(blocks: &[&str]) -> Prose {
    let mut items = Vec::new();
    let mut push = |node| {
        let span = Span::default();
        items.push(Item { node, span });
    };
    for block in blocks {
        match block.strip_prefix('#') {
            Some(heading) => {
                push(Node::Start(Tag::Heading(Box::new(HeadingStart {
                    level: 2,
                    anchor: heading.to_lowercase().into(),
                    classes: Vec::new(),
                }))));
                push(Node::Text(heading.into()));
            }
            None => {
                push(Node::Start(Tag::Paragraph));
                for (number, part) in block.split('@').enumerate() {
                    if number > 0 {
                        push(Node::Cite(Box::default()));
                    }
                    push(Node::Text(part.into()));
                }
            }
        }
        push(Node::End);
    }
    Prose {
        body: Body { items },
        ..Prose::empty(&SourceMap::new(&SitePath::root()))
    }
}

#[test]
fn passages_stand_under_their_headings() {
    let found = super::passages::of(&prose(&[
        "Before.",
        "#One",
        "It said so @.",
        "More.",
        "#Two",
    ]));
    let told: Vec<_> = found
        .iter()
        .map(|it| (it.heading.as_str(), it.anchor.as_deref(), it.text.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("", None, "Before."),
            ("One", Some("one"), "It said so. More."),
            ("Two", Some("two"), ""),
        ]
    );
}

#[test]
fn a_long_text_goes_on_in_further_passages_and_loses_no_word() {
    let sentence = "Some words that stand in a row. ".repeat(20);
    let unbroken = "x".repeat(9_000);
    let blocks = [
        "#Head", &sentence, &sentence, &sentence, &sentence, &unbroken,
    ];
    let found = super::passages::of(&prose(&blocks));
    assert!(found.len() > 3, "{}", found.len());
    assert!(
        found
            .iter()
            .all(|it| it.heading == "Head" && it.text.len() < 4_300)
    );
    let all: String = found.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(all.matches("row.").count(), 80);
    assert_eq!(all.matches('x').count(), 9_000);
}

/// Returns the index of claims with these sentences and texts.
fn index_of(claims: &[(String, String)]) -> Index {
    let subjects = claims.iter().enumerate().map(|(number, (name, text))| {
        Arc::new(Subject {
            days: None,
            entries: vec![Entry {
                href: format!("{number}.html"),
                title: name.clone(),
                text: text.clone(),
                names: vec![(Class::Title, name.clone())],
                ..Entry::default()
            }],
        })
    });
    let subjects: Vec<_> = subjects.collect();
    let all = vec![Which::Tag(String::new()); claims.len()];
    index::of(&all, &|number| subjects[number].clone(), &pieces::shown)
}

/// Returns the files of an index by name, each with its data.
fn files(index: Index) -> BTreeMap<String, serde_json::Value> {
    let mut files = BTreeMap::new();
    pieces::files(index, &Stems::new("en"), &mut |path, bytes| {
        let text = std::str::from_utf8(&bytes).expect("UTF-8");
        let call = text.strip_prefix("whosaidSearch(").expect("one call");
        let call = call.strip_suffix(");\n").expect("that ends");
        let [name, _, data] = serde_json::from_str::<[serde_json::Value; 3]>(&format!("[{call}]"))
            .expect("its arguments are JSON");
        assert_eq!(
            path.as_str(),
            format!("search/{}.js", name.as_str().expect("a name"))
        );
        files.insert(name.as_str().expect("a name").to_owned(), data);
    });
    files
}

/// Looks a word up as a browser does: returns its entries, each with its class, from the one file
/// that should contain them.
fn looked_up(
    files: &BTreeMap<String, serde_json::Value>,
    tier: &str,
    word: &str,
) -> Vec<(usize, u32)> {
    let heads = match tier {
        "n" => "names",
        _ => "texts",
    };
    let heads = files["index"][heads].as_str().expect("a text");
    let number = heads
        .split(' ')
        .filter(|start| *start <= word)
        .count()
        .max(1)
        - 1;
    let text = files[&format!("{tier}{number}")].as_str().expect("a text");
    let mut found = BTreeSet::new();
    for line in text.split(' ') {
        let mut forms = line.split(',');
        let key = forms.next().unwrap_or("");
        for form in forms {
            let mut classes = form.split(':');
            if format!("{key}{}", classes.next().unwrap_or("")) != word {
                continue;
            }
            for class in classes {
                let number = class[..1].parse().expect("a class");
                found.extend(
                    numbers(&class[1..])
                        .into_iter()
                        .map(|entry| (number, entry)),
                );
            }
        }
    }
    found.into_iter().collect()
}

fn numbers(text: &str) -> Vec<u32> {
    let digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    let (mut numbers, mut next, mut value, mut unit) = (Vec::new(), 0, 0, 1);
    for c in text.chars() {
        let digit = digits.find(c).expect("a digit") as u32;
        value += digit % 32 * unit;
        unit *= 32;
        if digit < 32 {
            numbers.push(next + value);
            next += value + 1;
            (value, unit) = (0, 1);
        }
    }
    numbers
}

/// Returns sentences with many word forms, enough for many files.
fn many() -> Vec<(String, String)> {
    let ends = ["", "s", "ed", "ing", "ation"];
    let word = |number: usize| {
        let mut word = String::new();
        let mut rest = number * 7_919 % 60_000;
        for _ in 0..4 {
            word.push_str(["ba", "be", "bo", "ka", "ke", "ko", "ma", "me", "ra", "re"][rest % 10]);
            rest /= 10;
        }
        word + ends[number % 5]
    };
    let claim = |number: usize| {
        let name = (0..4).map(|at| word(number * 3 + at)).collect::<Vec<_>>();
        let text = (0..30).map(|at| word(number * 11 + at * 7));
        (name.join(" "), text.collect::<Vec<_>>().join(" "))
    };
    (0..3_000).map(claim).collect()
}

#[test]
fn every_word_is_where_a_browser_looks_for_it() {
    let index = index_of(&many());
    let files = files(index_of(&many()));
    assert!(
        files.contains_key("n5") && files.contains_key("t5"),
        "{:?}",
        files.keys()
    );
    let mut looked = 0;
    for (word, it) in index.words.iter().step_by(17) {
        for (tier, classes) in [("n", 0..OF_TEXT), ("t", OF_TEXT..CLASSES)] {
            let expected: Vec<_> = classes
                .flat_map(|class| it.entries[class].iter().map(move |entry| (class, *entry)))
                .collect();
            assert_eq!(looked_up(&files, tier, word), expected, "{tier} {word}");
            looked += usize::from(!expected.is_empty());
        }
    }
    assert!(looked > 500, "{looked}");
}

#[test]
fn forms_of_a_word_share_a_line_and_keep_their_own_entries() {
    let claims = ["It was denied", "He denies it", "They deny it", "A denial"];
    let claims = claims.map(|text| (text.to_owned(), String::new()));
    let files = files(index_of(&claims));
    let names = files["n0"].as_str().expect("a text");
    assert!(names.contains("den,ied:30,ies:31,y:32"), "{names}");
    assert!(names.contains("denial,:33"), "its stem is another: {names}");
}

#[test]
fn a_short_beginning_leads_to_the_foremost_where_it_has_too_many_files() {
    let files = files(index_of(&many()));
    let all: String = files
        .iter()
        .filter(|(name, _)| name.starts_with('n'))
        .filter_map(|(_, data)| data.as_str())
        .collect();
    assert!(all.contains(" b*,:3"), "a letter spans more than two files");
    assert!(!all.contains("bakeko*"), "a word does not");
    assert!(files.contains_key("e0"), "words by their ends");
}

#[test]
fn a_small_index_has_its_names_in_one_file() {
    let claims = many().into_iter().take(100).collect::<Vec<_>>();
    let files = files(index_of(&claims));
    assert!(files.contains_key("n0") && !files.contains_key("n1"));
    assert!(!files.contains_key("e0"));
}

#[test]
fn what_everybody_says_is_cut_and_says_so() {
    let claims: Vec<_> = (0..pieces::MOST + 5)
        .map(|number| (format!("the n{number}"), String::new()))
        .collect();
    let files = files(index_of(&claims));
    let names = files.iter().filter(|(name, _)| name.starts_with('n'));
    let cut: Vec<_> = names
        .filter_map(|(_, data)| {
            data.as_str()?
                .split(' ')
                .find(|line| line.starts_with("the,:3*"))
        })
        .collect();
    assert_eq!(cut.len(), 1);
    assert_eq!(cut[0].len(), "the,:3*".len() + pieces::MOST);
}

#[test]
fn the_order_of_entries_has_a_number_of_its_own() {
    let claims = many().into_iter().take(20).collect::<Vec<_>>();
    let (a, b) = (index_of(&claims), index_of(&claims[..19]));
    assert_eq!(a.order, index_of(&claims).order);
    assert_ne!(a.order, b.order);
}
