//! Diagnostics for people and machines: a terminal, JSON, SARIF.
//!
//! Each writer takes the diagnostics of a run, in the order in which they are to appear, and
//! gives one text. The places of all diagnostics are located first, in one pass over each file,
//! so that a thousand mistakes in one long line cost no more than one. No writer prints, reads a
//! file, or changes what a diagnostic says; control characters never reach a terminal.

mod json;
mod located;
mod sarif;
mod terminal;

use crate::diag::{Diagnostic, Severity};
use crate::text::SitePath;
pub use json::json;
pub use sarif::sarif;
pub use terminal::terminal;

/// Where the writers find the text of a file; none for a file that holds no text.
///
/// A closure does: `&|path: &SitePath| texts.get(path).map(String::as_str)`.
pub type Files<'a> = dyn Fn(&SitePath) -> Option<&'a str> + 'a;

/// How many of the diagnostics are errors, and how many warnings.
fn counts(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let is_error = |fault: &&Diagnostic| fault.severity == Severity::Error;
    let errors = diagnostics.iter().filter(is_error).count();
    (errors, diagnostics.len() - errors)
}

/// The word for a severity in every output.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[cfg(test)]
mod tests;
