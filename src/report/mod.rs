//! Diagnostics for people and machines: a terminal, JSON, SARIF, the page
//! that an author has open.
//!
//! Each writer takes the diagnostics of a run, in the order in which they are to appear, and
//! gives one text. The places of all diagnostics are located first, in one pass over each file,
//! so that a thousand mistakes in one long line cost no more than one. No writer prints, reads a
//! file, or changes what a diagnostic says; control characters never reach a terminal.

mod json;
mod located;
mod overlay;
mod sarif;
mod terminal;

use crate::diag::{Diagnostic, Severity};
use crate::text::SitePath;
pub use json::json;
pub use overlay::{Editor, overlay, overlay_failure};
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

/// A path as a URI. The colon is encoded too: in the first part it would end a scheme.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests;
