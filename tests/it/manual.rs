//! Tests of the manual: it is a whosaid book without diagnostics. Of the examples in the chapter on
//! diagnostics, the failing ones cause exactly their code, and the passing ones cause none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::book::{self, Book};
use crate::listings::fences;
use crate::repository;
use whosaid::diag::{Code, explain};
use whosaid::mdbook::{Consent, Plugins};
use whosaid::model::{
    ActorKind, Basis, Confidence, LegalStatus, Mode, Stance, Status, Tlp, Yardstick,
};
use whosaid::text::SitePath;

/// Returns the files of the manual as a book: everything below `docs`, with its own configuration.
pub fn sources() -> BTreeMap<SitePath, Arc<[u8]>> {
    let docs = SitePath::new("docs").expect("a path");
    let files = repository::files("docs").into_iter();
    let files = files.map(|(path, bytes)| (path.below(&docs).expect("below docs"), bytes));
    // The output folder of an earlier build is left out.
    let files = files.filter(|(path, _)| !path.as_str().starts_with("book/"));
    files.collect()
}

fn manual() -> book::Book {
    book::build(book::inputs(sources()))
}

#[test]
fn the_manual_is_a_book_that_builds_without_a_word() {
    let manual = manual();
    assert!(manual.codes().is_empty(), "{}", manual.report());
}

/// Returns the texts in backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_finished_briefing_is_the_one_that_the_tutorial_writes() {
    let tutorial = repository::text("docs/tutorial.md");
    // For a file that is written several times, the last version is used.
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

/// Returns the keys of attributes, read from the code.
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

/// Returns the keys of front matter, read from the code, in which only these words are quoted.
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
        LegalStatus::WORDS,
        Tlp::WORDS,
        Confidence::LEVELS,
        &[Confidence::CONFIDENT],
        Basis::WORDS,
        Mode::WORDS,
    ];
    let lists = lists.into_iter().flatten().map(|word| word.to_string());
    let terms = Yardstick::ALL.into_iter();
    let terms = terms.flat_map(|it| [it.word()].into_iter().chain(it.terms()));
    let lists = lists.chain(terms.map(str::to_string));
    let keys = attributes().into_iter().chain(front_matter());
    let missing: Vec<String> = keys
        .chain(lists)
        .filter(|word| !words.contains(word.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in docs/language.md: {missing:?}");
    let model = repository::text("docs/model.md");
    let words = quoted(&model);
    for status in Status::ALL {
        assert!(words.contains(status.word()), "{}", status.word());
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

/// Returns the fenced blocks of a section with this info string.
pub fn examples(section: &str, info: &str) -> Vec<String> {
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
            examples.push(with_characters(&body.join("\n")) + "\n");
        }
    }
    examples
}

/// Replaces `{U+202E}` by its character; the manual writes invisible characters in this way.
fn with_characters(text: &str) -> String {
    let mut parts = text.split("{U+");
    let mut written = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').expect("a closed number");
        let number = u32::from_str_radix(number, 16).expect("a number");
        written.push(char::from_u32(number).expect("a character"));
        written.push_str(rest);
    }
    written
}

/// Builds the book in `text`, an example for `code`. An example with `allow-plugins` is one of a
/// reader who gave permission.
fn book(text: &str, code: Code) -> Book {
    let dir = tempfile::TempDir::new().expect("a temporary folder");
    let mut inputs = book::inputs(book::files(text));
    // It is about the command line, which the section names.
    inputs.options.tlp = (code == Code::TlpAboveCeiling).then_some(Tlp::Red);
    let config = inputs.config();
    let consent = match config.allow_plugins {
        Some(_) => Consent::for_all(dir.path(), &config),
        None => Consent::default(),
    };
    let preprocessed = Plugins::default().preprocess(dir.path(), inputs, &consent);
    book::build(preprocessed.inputs)
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
            let book = book(&example, *code);
            let codes = book.codes();
            if codes.is_empty() || codes.iter().any(|found| *found != code.id()) {
                faults.push(format!(
                    "{code}: the failing example says {codes:?}\n{}",
                    book.report()
                ));
            }
        }
        for example in passes {
            let book = book(&example, *code);
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
