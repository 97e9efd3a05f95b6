//! A diagnostic: code, severity, message, place, labels and hints; and the registry of codes.
//!
//! Every mistake of an author is one [`Diagnostic`], built beside the check that raises it.
//! The manual explains each code; [`explain`] gives that section.

mod codes;

use std::sync::LazyLock;

use crate::text::Place;
pub use codes::{Code, Level};

/// How heavy a diagnostic weighs: an error fails the build, a warning does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
}

/// One mistake: what is wrong, where, and what to type instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    /// What is wrong, in the author's words: lower case, no full stop.
    pub message: String,
    pub place: Place,
    /// What the marked text is; may be empty.
    pub label: String,
    /// Other places that belong to it, each with what stands there.
    pub others: Vec<(Place, String)>,
    /// What to type.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic of the code's own severity.
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
        }
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn other(mut self, place: Place, label: impl Into<String>) -> Diagnostic {
        self.others.push((place, label.into()));
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// A hint where there is one.
    #[must_use]
    pub fn maybe_hint(self, hint: Option<String>) -> Diagnostic {
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }
}

/// Puts the diagnostics of a run in reading order and drops what was said twice.
pub fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        (&a.place, a.severity, a.code, &a.message).cmp(&(&b.place, b.severity, b.code, &b.message))
    });
    diagnostics.dedup_by(|a, b| a.code == b.code && a.place == b.place && a.message == b.message);
    diagnostics
}

/// The manual's page on diagnostics, one section a code. An include in an example is escaped
/// there, since the manual is a book of ours, which would take it for its own.
static MANUAL: LazyLock<String> =
    LazyLock::new(|| include_str!("../../docs/diagnostics.md").replace(r"\{{#", "{{#"));

/// The manual's section on `code`, from its heading to the next.
///
/// A test holds that every code has one.
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
