//! Measures the detection of vague attribution on hand-marked texts.
//!
//! `tests/vague/*.md` contain news prose in which `⟦…⟧` marks each phrase that attributes a
//! statement to unnamed people. A phrase is found if a warning overlaps it; a warning that overlaps
//! no phrase is a false positive. `heldout.md` was written before the grammar was first run.

use std::ops::Range;
use std::path::Path;

use whosaid::diag::Code;

use crate::book::{build, files, inputs};

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

struct Measured {
    words: usize,
    marked: usize,
    missed: Vec<String>,
    false_alarms: Vec<String>,
}

/// Returns the text without the marks, and the marked ranges.
fn unmarked(text: &str) -> (String, Vec<Range<usize>>) {
    let (mut plain, mut marks, mut start) = (String::new(), Vec::new(), None);
    for c in text.chars() {
        match c {
            OPEN => start = Some(plain.len()),
            CLOSE => marks.push(start.take().expect("a mark is opened")..plain.len()),
            c => plain.push(c),
        }
    }
    assert!(start.is_none(), "a mark is closed");
    (plain, marks)
}

fn alarms(text: &str) -> Vec<Range<usize>> {
    let text = format!("//- content/a.md\n{text}");
    let book = build(inputs(files(&text)));
    let found = book.build.diagnostics.iter();
    found
        .filter(|diagnostic| diagnostic.code == Code::VagueAttribution)
        .map(|diagnostic| diagnostic.place.span.range())
        .collect()
}

#[expect(clippy::disallowed_methods, reason = "the corpora are files")]
fn measured(file: &str) -> Measured {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vague")
        .join(file);
    let text = std::fs::read_to_string(path).expect("a corpus");
    let (plain, marks) = unmarked(&text);
    let alarms = alarms(&plain);
    let overlaps = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
    let missed = marks
        .iter()
        .filter(|mark| !alarms.iter().any(|alarm| overlaps(mark, alarm)));
    let is_false = |alarm: &&Range<usize>| !marks.iter().any(|mark| overlaps(mark, alarm));
    let shown = |range: &Range<usize>| plain[range.clone()].to_owned();
    Measured {
        words: plain.split_whitespace().count(),
        marked: marks.len(),
        missed: missed.map(shown).collect(),
        false_alarms: alarms.iter().filter(is_false).map(shown).collect(),
    }
}

/// Requires that at least 85 % of the phrases are found, with at most one false positive per 1,000
/// words.
fn check(file: &str, least_words: usize) {
    let Measured {
        words,
        marked,
        missed,
        false_alarms,
    } = measured(file);
    let found = marked - missed.len();
    eprintln!(
        "{file}: {found} of {marked} in {words} words; missed {missed:#?}; false {false_alarms:#?}"
    );
    assert!(words >= least_words, "{file} has {words} words");
    assert!(
        found * 100 >= marked * 85,
        "{file}: {found} of {marked}, missed {missed:#?}"
    );
    assert!(
        false_alarms.len() * 1_000 <= words,
        "{file}: false alarms {false_alarms:#?}"
    );
}

#[test]
fn vague_attribution_is_found_in_news_prose() {
    check("news.md", 2_000);
}

#[test]
fn vague_attribution_is_found_in_a_text_not_written_for_it() {
    check("heldout.md", 1_000);
}
