//! The output streams of a command: data goes to standard output, messages to standard error.

use std::io::{self, ErrorKind, Write as _};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;

use crate::report::Style;

/// Writes text to standard output.
///
/// A closed pipe is not an error; a full disk is one.
pub(super) fn say(text: &str) -> anyhow::Result<()> {
    give(text.as_bytes())
}

/// Writes bytes to standard output.
pub(super) fn give(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes to standard error. An error cannot be reported, so it is ignored.
pub(super) fn talk(text: &str) {
    let mut side = anstream::stderr().lock();
    let _ = side.write_all(text.as_bytes()).and_then(|()| side.flush());
}

/// Prints an error in the format of diagnostics.
pub(super) fn complain(error: &anyhow::Error) {
    let word = if is_colored() {
        "\u{1b}[1m\u{1b}[91merror\u{1b}[0m"
    } else {
        "error"
    };
    talk(&format!("{word}: {error:#}\n"));
}

/// Returns the style of diagnostics on standard error.
pub(super) fn style() -> Style {
    let columns = std::env::var("COLUMNS").ok();
    let columns = columns.and_then(|columns| columns.parse().ok());
    Style {
        is_colored: is_colored(),
        width: columns
            .or_else(columns_of_stderr)
            .unwrap_or(Style::default().width),
    }
}

/// Returns the number of columns of the terminal, if standard error is one.
#[cfg(unix)]
fn columns_of_stderr() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn columns_of_stderr() -> Option<usize> {
    None
}

/// True if standard error is a terminal with colors, and neither `NO_COLOR` nor a similar variable
/// forbids them.
pub(super) fn is_colored() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}
