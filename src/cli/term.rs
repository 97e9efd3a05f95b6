//! The two streams of a command: data goes out, talk goes to the side.

use std::io::{self, ErrorKind, Write as _};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;

/// Writes data to the standard output.
///
/// A reader that has seen enough and closed the pipe is no fault; a full disk is one.
pub(super) fn say(text: &str) -> anyhow::Result<()> {
    give(text.as_bytes())
}

/// Writes data that need not be text to the standard output.
pub(super) fn give(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("the standard output cannot be written")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes to the standard error. When even that fails, there is nobody left to tell.
pub(super) fn talk(text: &str) {
    let mut side = anstream::stderr().lock();
    let _ = side.write_all(text.as_bytes()).and_then(|()| side.flush());
}

/// Tells a failure, in the form in which diagnostics are told.
pub(super) fn complain(error: &anyhow::Error) {
    let word = match is_colored() {
        true => "\u{1b}[1m\u{1b}[91merror\u{1b}[0m",
        false => "error",
    };
    talk(&format!("{word}: {error:#}\n"));
}

/// Whether the standard error shows colors: it is a terminal that knows them, and neither
/// `NO_COLOR` nor one of its kin forbids it.
pub(super) fn is_colored() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}
