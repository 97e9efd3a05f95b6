//! Diagnostics for the panel that `serve` shows over a page.

use serde::Serialize;

use super::located::{Located, Region};
use super::{Files, counts, encoded, word};
use crate::diag::Diagnostic;
use crate::text::Place;

/// The maximum number of diagnostics in the panel; the rest are counted.
const SHOWN: usize = 100;
/// The maximum number of characters before, in and after the underlined words.
const BEFORE: usize = 60;
const WORDS: usize = 160;
const BEHIND: usize = 60;

/// How to open a place in the author's editor.
#[derive(Debug, Clone, Copy)]
pub struct Editor<'a> {
    /// A link with the placeholders `{path}`, `{line}` and `{column}`.
    pub link: &'a str,
    /// The absolute path of the book's folder, for the editor.
    pub root: &'a str,
}

/// Writes the diagnostics of a run as one JSON object on one line, with an excerpt of the source
/// and, if an editor is set, a link to the place. `is_shown` is true if the pages below show the
/// same state of the book as the diagnostics.
///
/// Unlike [`json`](super::json()), this is not a stable interface: only the script of `serve` reads
/// it.
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

/// Writes the reason why a book could not be read, in the format of [`overlay`].
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
    /// True if the page below shows this state of the book, and not an earlier one without errors.
    is_shown: bool,
    /// An error that prevented reading the text.
    failure: Option<&'a str>,
    /// The number of diagnostics that are not in `faults`.
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

/// A place with its line, split into the text before, in and after the underlined words.
#[derive(Serialize)]
struct Spot<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    excerpt: Option<[String; 3]>,
    /// A link that opens the place in the editor.
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
            // The link can already contain the slash that begins an absolute path.
            let path = if editor.link.contains("/{path}") {
                path.trim_start_matches('/')
            } else {
                &path
            };
            editor
                .link
                .replace("{line}", &line.unwrap_or(1).to_string())
                .replace("{column}", &column.unwrap_or(1).to_string())
                .replace("{path}", &encoded(path))
        }),
    }
}

/// Returns the text before the words on their line, the words up to the end of the line, and the
/// text after them.
fn excerpt(region: &Region<'_>) -> [String; 3] {
    let before = &region.text[..region.range.start];
    let before = before.rsplit('\n').next().unwrap_or("");
    let words = region.words();
    let on_line = words.split('\n').next().unwrap_or("");
    let behind = if on_line.len() == words.len() {
        &region.text[region.range.end..]
    } else {
        ""
    };
    let behind = behind.split('\n').next().unwrap_or("");
    let skipped = before.chars().count().saturating_sub(BEFORE);
    let mut head: String = before.chars().skip(skipped).collect();
    if skipped > 0 {
        head.insert(0, '…');
    }
    [head, cut(on_line, WORDS), cut(behind, BEHIND)]
}

/// Returns at most `most` characters of the text, with an ellipsis if some were left out.
fn cut(text: &str, most: usize) -> String {
    let mut cut: String = text.chars().take(most).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
