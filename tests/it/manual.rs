//! Every example of the manual's page on diagnostics runs: what fails fails by its own code alone,
//! what passes says nothing.

use crate::book::book;
use whosaid::diag::{Code, explain};

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
