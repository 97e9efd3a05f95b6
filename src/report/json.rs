//! Diagnostics as one JSON object, for scripts and editors.

use serde::Serialize;

use super::located::Located;
use super::{Files, counts, word};
use crate::diag::{Diagnostic, Fix};
use crate::text::Place;

/// Writes the diagnostics of a run as one JSON object on one line.
///
/// `line`, `column`, `end_line` and `end_column` count from 1, columns in characters; the end is
/// after the last character. They are `null` for a file without text. `start` and `end` are byte
/// offsets. Removing a field or changing its meaning requires a new `version`.
pub fn json(diagnostics: &[Diagnostic], files: &Files<'_>) -> String {
    let located = Located::new(diagnostics, files);
    let (errors, warnings) = counts(diagnostics);
    let report = Report {
        version: 1,
        errors,
        warnings,
        diagnostics: diagnostics
            .iter()
            .map(|fault| entry(fault, &located))
            .collect(),
    };
    serde_json::to_string(&report).expect("a report holds texts and numbers only")
}

#[derive(Serialize)]
struct Report<'a> {
    version: u8,
    errors: usize,
    warnings: usize,
    diagnostics: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    name: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    at: At<'a>,
    label: &'a str,
    hints: &'a [String],
    others: Vec<Other<'a>>,
    fixes: Vec<Fixed<'a>>,
}

/// A change that a program can apply; several are alternatives.
#[derive(Serialize)]
struct Fixed<'a> {
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(flatten)]
    at: At<'a>,
    /// The text that replaces that of the place.
    text: &'a str,
}

#[derive(Serialize)]
struct Other<'a> {
    #[serde(flatten)]
    at: At<'a>,
    label: &'a str,
}

/// A place as line and column, and as byte offsets.
#[derive(Serialize)]
struct At<'a> {
    file: &'a str,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    start: u32,
    end: u32,
}

fn entry<'a>(fault: &'a Diagnostic, located: &Located<'_>) -> Entry<'a> {
    Entry {
        code: fault.code.id(),
        name: fault.code.name(),
        severity: word(fault.severity),
        message: &fault.message,
        at: at(&fault.place, located),
        label: &fault.label,
        hints: &fault.hints,
        others: fault
            .others
            .iter()
            .map(|(place, label)| Other {
                at: at(place, located),
                label,
            })
            .collect(),
        fixes: fault.fixes.iter().map(|fix| fixed(fix, located)).collect(),
    }
}

fn fixed<'a>(fix: &'a Fix, located: &Located<'_>) -> Fixed<'a> {
    let edits = fix.edits.iter().map(|(place, text)| Edit {
        at: at(place, located),
        text,
    });
    Fixed {
        edits: edits.collect(),
    }
}

fn at<'a>(place: &'a Place, located: &Located<'_>) -> At<'a> {
    let region = located.region(place);
    let start = region.as_ref().map(|region| region.start);
    let end = region.as_ref().map(|region| region.end);
    At {
        file: place.file.as_str(),
        line: start.map(|at| at.line),
        column: start.map(|at| at.column),
        end_line: end.map(|at| at.line),
        end_column: end.map(|at| at.column),
        start: place.span.start,
        end: place.span.end,
    }
}
