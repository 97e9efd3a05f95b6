//! Diagnostics for the page that an author has open while writing.

use serde::Serialize;

use super::located::{Located, Region};
use super::{Files, counts, encoded, word};
use crate::diag::Diagnostic;
use crate::text::Place;

/// The most diagnostics that a page is sent; the rest are counted.
const SHOWN: usize = 100;
/// The most characters of a line before the words concerned, of the words, and behind them.
const BEFORE: usize = 60;
const WORDS: usize = 160;
const BEHIND: usize = 60;

/// How a place is opened in the author's editor.
#[derive(Debug, Clone, Copy)]
pub struct Editor<'a> {
    /// A link in which `{path}`, `{line}` and `{column}` stand for the place.
    pub link: &'a str,
    /// The folder of the book, absolute, as the editor is to be told of it.
    pub root: &'a str,
}

/// Writes the diagnostics of a run as one JSON object on one line, with an excerpt of the text
/// and, where there is an editor, a link that opens the place in it. `is_shown` says that the
/// pages beneath are of the state of the book that these are said of.
///
/// Unlike [`json`](super::json()) it is no interface: only the script that `serve` sends reads it,
/// and may be sent something else tomorrow.
pub fn overlay(
    diagnostics: &[Diagnostic],
    files: &Files<'_>,
    editor: Option<Editor<'_>>,
    is_shown: bool,
) -> String {
    let shown = diagnostics.get(..SHOWN).unwrap_or(diagnostics);
    let located = Located::new(shown, files);
    let (errors, warnings) = counts(diagnostics);
    let told = Overlay {
        errors,
        warnings,
        is_shown,
        failure: None,
        more: diagnostics.len() - shown.len(),
        faults: shown
            .iter()
            .map(|said| fault(said, &located, editor))
            .collect(),
    };
    serde_json::to_string(&told).expect("an overlay holds texts and numbers only")
}

/// Writes what kept a book from being read, in the form of [`overlay`].
pub fn overlay_failure(failure: &str) -> String {
    let told = Overlay {
        errors: 1,
        warnings: 0,
        is_shown: false,
        failure: Some(failure),
        more: 0,
        faults: Vec::new(),
    };
    serde_json::to_string(&told).expect("an overlay holds texts and numbers only")
}

#[derive(Serialize)]
struct Overlay<'a> {
    errors: usize,
    warnings: usize,
    /// The page below is of this state of the book, and not of the last good one.
    is_shown: bool,
    /// What went wrong before there was a text to point at.
    failure: Option<&'a str>,
    /// How many diagnostics are not among `faults`.
    more: usize,
    faults: Vec<Fault<'a>>,
}

#[derive(Serialize)]
struct Fault<'a> {
    severity: &'a str,
    code: &'a str,
    message: &'a str,
    at: Spot<'a>,
    label: &'a str,
    others: Vec<Other<'a>>,
    hints: &'a [String],
}

#[derive(Serialize)]
struct Other<'a> {
    at: Spot<'a>,
    label: &'a str,
}

/// A place with the line it is on, cut in three around the words concerned.
#[derive(Serialize)]
struct Spot<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    excerpt: Option<[String; 3]>,
    /// Opens the place in the editor.
    href: Option<String>,
}

fn fault<'a>(said: &'a Diagnostic, located: &Located<'_>, editor: Option<Editor<'_>>) -> Fault<'a> {
    Fault {
        severity: word(said.severity),
        code: said.code.id(),
        message: &said.message,
        at: spot(&said.place, located, editor),
        label: &said.label,
        others: said
            .others
            .iter()
            .map(|(place, label)| Other {
                at: spot(place, located, editor),
                label,
            })
            .collect(),
        hints: &said.hints,
    }
}

fn spot<'a>(place: &'a Place, located: &Located<'_>, editor: Option<Editor<'_>>) -> Spot<'a> {
    let region = located.region(place);
    let start = region.as_ref().map(|region| region.start);
    let (line, column) = (start.map(|at| at.line), start.map(|at| at.column));
    Spot {
        file: place.file.as_str(),
        line,
        column,
        excerpt: region.as_ref().map(excerpt),
        href: editor.map(|editor| {
            let path = format!("{}/{}", editor.root.trim_end_matches('/'), place.file);
            // A link may bring the slash that an absolute path begins with.
            let path = match editor.link.contains("/{path}") {
                true => path.trim_start_matches('/'),
                false => &path,
            };
            editor
                .link
                .replace("{line}", &line.unwrap_or(1).to_string())
                .replace("{column}", &column.unwrap_or(1).to_string())
                .replace("{path}", &encoded(path))
        }),
    }
}

/// What stands before the words on their line, the words up to the end of the line, and what
/// stands behind them.
fn excerpt(region: &Region<'_>) -> [String; 3] {
    let before = &region.text[..region.range.start];
    let before = before.rsplit('\n').next().unwrap_or("");
    let words = region.words();
    let on_line = words.split('\n').next().unwrap_or("");
    let behind = match on_line.len() == words.len() {
        true => &region.text[region.range.end..],
        false => "",
    };
    let behind = behind.split('\n').next().unwrap_or("");
    let skipped = before.chars().count().saturating_sub(BEFORE);
    let mut head: String = before.chars().skip(skipped).collect();
    if skipped > 0 {
        head.insert(0, '…');
    }
    [head, cut(on_line, WORDS), cut(behind, BEHIND)]
}

/// At most `most` characters of the text, with a sign where some were left out.
fn cut(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().take(most).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
