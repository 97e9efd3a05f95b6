//! Progress on the terminal, for work that takes longer than a second.

use std::io::{self, IsTerminal as _};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::term;

/// Runs `work`. After a second, a terminal shows the task and its duration; the line is removed at
/// the end.
pub(super) fn during<T>(doing: &str, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    thread::scope(|scope| {
        // The channel closes when the work ends or panics.
        let (_done, is_done) = mpsc::channel::<()>();
        scope.spawn(move || {
            let second = Duration::from_secs(1);
            let mut shown = String::new();
            let mut seconds = 0;
            while let Err(RecvTimeoutError::Timeout) = is_done.recv_timeout(second) {
                seconds += 1;
                shown = format!("{doing} for {seconds} s");
                term::talk(&format!("\r{shown}"));
            }
            if seconds > 0 {
                // Spaces instead of an escape sequence, which the terminal may not support.
                term::talk(&format!("\r{}\r", " ".repeat(shown.len())));
            }
        });
        work()
    })
}
