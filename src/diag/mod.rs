//! Diagnostics: code, severity, message, place, labels and hints; and the registry of codes.
//!
//! Every error of an author is one [`Diagnostic`], built next to the check that reports it. The
//! manual explains each code; [`explain`] returns its section.

mod codes;

use std::sync::LazyLock;

use crate::text::{Place, SitePath, Span};
pub use codes::{Code, Level};

/// The severity of a diagnostic: an error fails the build, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The build fails, and no site is published.
    Error,
    /// Reported only, unless the run denies warnings.
    Warning,
}

/// A problem: what is wrong, where, and what to type instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of problem.
    pub code: Code,
    /// The severity in this run: the default of the code, or the book's setting for it.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where the problem is, as bytes of a file on disk.
    pub place: Place,
    /// The label of the underlined text; may be empty.
    pub label: String,
    /// Related places, each with a label.
    pub others: Vec<(Place, String)>,
    /// What to type.
    pub hints: Vec<String>,
    /// The hints as edits. Several are alternatives.
    pub fixes: Vec<Fix>,
}

/// A change to the text of a book that removes a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Each place is replaced with its text. Places do not overlap; an empty place is an insertion.
    pub edits: Vec<(Place, String)>,
}

impl Fix {
    /// Replaces one place.
    pub fn replace(place: Place, text: impl Into<String>) -> Fix {
        Fix {
            edits: vec![(place, text.into())],
        }
    }

    /// Returns the text of `file` after its edits. Edits that do not fit are skipped.
    pub fn apply(&self, file: &SitePath, text: &str) -> String {
        let mut edits: Vec<_> = self.edits.iter().filter(|it| it.0.file == *file).collect();
        edits.sort_by_key(|(place, _)| place.span.start);
        let mut fixed = String::with_capacity(text.len());
        let mut from = 0;
        for (place, new) in edits {
            let range = place.span.range();
            let Some(before) = text.get(from..range.start) else {
                continue;
            };
            fixed.push_str(before);
            fixed.push_str(new);
            from = range.end;
        }
        fixed.push_str(text.get(from..).unwrap_or(""));
        fixed
    }
}

impl Diagnostic {
    /// Creates a diagnostic with the default severity of the code.
    pub fn new(code: Code, place: Place, message: impl Into<String>) -> Diagnostic {
        let severity = match code.level() {
            Level::Error => Severity::Error,
            Level::Warn | Level::Allow => Severity::Warning,
        };
        Diagnostic {
            code,
            severity,
            message: message.into(),
            place,
            label: String::new(),
            others: Vec::new(),
            hints: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Sets the label of the underlined text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    /// Adds a related place with its label.
    #[must_use]
    pub fn other(mut self, place: Place, label: impl Into<String>) -> Diagnostic {
        self.others.push((place, label.into()));
        self
    }

    /// Adds a hint: an imperative that says what to type.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// Adds an edit that does what the hint says. It is left out if the file does not contain the
    /// words that it replaces, because a program or a directive inserted them.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Diagnostic {
        if fix.edits.iter().all(|(place, _)| place.is_exact()) {
            self.fixes.push(fix);
        }
        self
    }

    /// Adds a hint, if there is one.
    #[must_use]
    pub fn maybe_hint(self, hint: Option<String>) -> Diagnostic {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }
}

/// Sorts the diagnostics of a run in reading order and removes duplicates: a file that several
/// documents include is read once for each of them.
pub fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    fn words(it: &Diagnostic) -> (&SitePath, Span) {
        (&it.place.file, it.place.span)
    }
    diagnostics.sort_by(|a, b| {
        (words(a), a.severity, a.code, &a.message, &a.place).cmp(&(
            words(b),
            b.severity,
            b.code,
            &b.message,
            &b.place,
        ))
    });
    diagnostics.dedup_by(|a, b| a.code == b.code && words(a) == words(b) && a.message == b.message);
    diagnostics
}

/// The chapter on diagnostics in the manual, one section per code. Includes in examples are escaped
/// there, because the manual is a book that would expand them.
static MANUAL: LazyLock<String> =
    LazyLock::new(|| include_str!("../../docs/diagnostics.md").replace(r"\{{#", "{{#"));

/// Returns the manual's section on `code`.
///
/// A test checks that every code has one.
pub fn explain(code: Code) -> &'static str {
    section(&MANUAL, code.id()).unwrap_or("")
}

fn section<'a>(manual: &'a str, id: &str) -> Option<&'a str> {
    let start = manual.find(&format!("\n## {id} "))? + 1;
    let rest = &manual[start..];
    let end = rest.find("\n## ").map_or(rest.len(), |end| end + 1);
    Some(rest[..end].trim_end())
}

#[cfg(test)]
mod tests;
