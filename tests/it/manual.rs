//! The manual is a book of ours that builds without a word, and every example of its page on
//! diagnostics runs: what fails fails by its own code alone, what passes says nothing.

use crate::book::{self, Book};
use crate::repository;
use whosaid::diag::{Code, explain};
use whosaid::mdbook::{Allowed, Plugins};
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
