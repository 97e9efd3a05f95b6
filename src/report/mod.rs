//! Formats diagnostics: for a terminal, as JSON, as SARIF, and for the panel in the browser.
//!
//! Each writer takes the diagnostics of a run in the order of output, and returns one text. All
//! places are located first, in one pass over each file, so that a thousand diagnostics in one long
//! line are as cheap as one. No writer prints, reads files, or changes a message. Control
//! characters never reach a terminal.

mod json;
mod located;
mod overlay;
mod sarif;
mod terminal;

use crate::diag::{Diagnostic, Severity};
use crate::text::{Encoding, SitePath, percent_encoded};
pub use json::json;
pub use overlay::{Editor, overlay, overlay_failure};
pub use sarif::sarif;
pub use terminal::{Style, terminal};

/// Returns the text of a file; `None` for a file without text.
///
/// For example a closure: `&|path: &SitePath| texts.get(path).map(String::as_str)`.
pub type Files<'a> = dyn Fn(&SitePath) -> Option<&'a str> + 'a;

/// Counts errors and warnings.
fn counts(diagnostics: &[Diagnostic]) -> (usize, usize) {
    let is_error = |fault: &&Diagnostic| fault.severity == Severity::Error;
    let errors = diagnostics.iter().filter(is_error).count();
    (errors, diagnostics.len() - errors)
}

/// The word for a severity in every output format.
fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Returns a path as a URI. The colon is encoded, too, because in the first part it would end a
/// scheme.
fn encoded(path: &str) -> String {
    percent_encoded(path, Encoding::Uri).into_owned()
}

#[cfg(test)]
mod tests;
