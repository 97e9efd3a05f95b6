//! The manual is a book of ours that builds without a word, and every example of its page on
//! diagnostics runs: what fails fails by its own code alone, what passes says nothing.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::{self, Book};
use crate::listings::fences;
use crate::repository;
use whosaid::derive::Headline;
use whosaid::diag::{Code, explain};
use whosaid::mdbook::{Allowed, Plugins};
use whosaid::model::{
    ActorKind, Basis, Confidence, Likelihood, Mode, PersonStatus as Status, Stance, Tlp,
};
use whosaid::text::SitePath;

/// The manual as a book: all below `docs`, with its own configuration.
fn manual() -> book::Book {
    let docs = SitePath::new("docs").expect("a path");
    let files = repository::files("docs").into_iter();
    let files = files.map(|(path, bytes)| (path.below(&docs).expect("below docs"), bytes));
    // Somebody may have built it where it stands.
    let files = files.filter(|(path, _)| !path.as_str().starts_with("book/"));
    book::build(book::inputs(files.collect()))
}

#[test]
fn the_manual_is_a_book_that_builds_without_a_word() {
    let manual = manual();
    assert!(manual.codes().is_empty(), "{}", manual.report());
}

/// The words in backticks of a text.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_finished_briefing_is_the_one_that_the_tutorial_writes() {
    let tutorial = repository::text("docs/tutorial.md");
    // Written twice, a file is what it is in the end.
    let written: BTreeMap<String, String> = fences(&tutorial)
        .into_iter()
        .filter_map(|fence| {
            let path = fence.info.strip_prefix("md file my-desk/content/")?;
            Some((path.to_string(), fence.body))
        })
        .collect();
    assert_eq!(written.len(), 5, "{:?}", written.keys());
    for (path, text) in written {
        assert_eq!(text, repository::text(&format!("docs/{path}")), "{path}");
    }
}

/// The keys of attributes, as the code lists them.
fn attributes() -> Vec<String> {
    let code = repository::text("src/parse/attrs.rs");
    let (_, rest) = code
        .split_once("pub const KEYS: &[&str] = &[")
        .expect("a list");
    let (list, _) = rest.split_once("];").expect("its end");
    let keys: Vec<String> = list
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::to_string)
        .collect();
    assert!(keys.len() >= 28, "{keys:?}");
    keys
}

/// The keys that are asked of a front matter: the reader of it quotes no other words.
fn front_matter() -> BTreeSet<String> {
    let code = repository::text("src/parse/front.rs");
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_key = |word: &&str| word.starts_with(char::is_lowercase) && word.chars().all(is_part);
    let words = code
        .lines()
        .flat_map(|line| line.split('"').skip(1).step_by(2));
    let keys: BTreeSet<String> = words.filter(is_key).map(str::to_string).collect();
    assert!(keys.len() >= 50, "{} keys: {keys:?}", keys.len());
    keys
}

#[test]
fn the_manual_has_every_word_of_the_language() {
    let language = repository::text("docs/language.md");
    let prose: String = language.split("```").step_by(2).collect();
    let words = quoted(&prose);
    let verbs = Stance::ALL.map(Stance::verb);
    let lists = [
        &verbs[..],
        ActorKind::WORDS,
        Status::WORDS,
        Tlp::WORDS,
        Confidence::WORDS,
        Likelihood::WORDS,
        Basis::WORDS,
        Mode::WORDS,
    ];
    let lists = lists.into_iter().flatten().map(|word| word.to_string());
    let keys = attributes().into_iter().chain(front_matter());
    let missing: Vec<String> = keys
        .chain(lists)
        .filter(|word| !words.contains(word.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in docs/language.md: {missing:?}");
    let model = repository::text("docs/model.md");
    let words = quoted(&model);
    for headline in Headline::ALL {
        assert!(words.contains(headline.word()), "{}", headline.word());
    }
}

#[test]
fn every_page_of_the_manual_stands_in_its_contents() {
    let summary = repository::text("docs/SUMMARY.md");
    for path in repository::texts("docs", "md").into_keys() {
        let below = path.as_str().trim_start_matches("docs/");
        let is_chapter = !below.contains('/') && !["SUMMARY.md", "404.md"].contains(&below);
        assert!(
            !is_chapter || summary.contains(&format!("({below})")),
            "{path} is not listed: add a line for it to docs/SUMMARY.md"
        );
    }
}

/// The fenced blocks of a section with this info string.
fn examples(section: &str, info: &str) -> Vec<String> {
    let mut examples = Vec::new();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let is_wanted = line[fence.len()..].trim() == info;
        let body: Vec<&str> = lines
            .by_ref()
            .take_while(|line| line.trim_end() != fence)
            .collect();
        if is_wanted {
            examples.push(body.join("\n") + "\n");
        }
    }
    examples
}

/// Builds the book in `text`, after the preprocessors that it allows have had their turn.
fn book(text: &str) -> Book {
    let dir = tempfile::TempDir::new().expect("a temporary folder");
    let inputs = book::inputs(book::files(text));
    let reworked = Plugins::default().rework(dir.path(), inputs, Allowed::Named);
    book::build(reworked.inputs)
}

#[test]
fn every_code_has_an_example_that_fails_by_it_alone_and_one_that_passes() {
    let mut faults = Vec::new();
    for code in Code::ALL {
        if *code == Code::CardNotDrawn && !cfg!(feature = "cards") {
            continue;
        }
        let section = explain(*code);
        let (fails, passes) = (
            examples(section, "book fails"),
            examples(section, "book passes"),
        );
        if fails.is_empty() || passes.is_empty() {
            faults.push(format!("{code}: an example is missing"));
        }
        for example in fails {
            let book = book(&example);
            let codes = book.codes();
            if codes.is_empty() || codes.iter().any(|found| *found != code.id()) {
                faults.push(format!(
                    "{code}: the failing example says {codes:?}\n{}",
                    book.report()
                ));
            }
        }
        for example in passes {
            let book = book(&example);
            if !book.codes().is_empty() {
                faults.push(format!(
                    "{code}: the mended example says\n{}",
                    book.report()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}
