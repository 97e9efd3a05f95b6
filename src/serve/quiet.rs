//! The quiet moment after a change.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long nothing must happen before a change counts as done. Editors that save in steps take
/// a few milliseconds from one to the next.
pub(super) const QUIET: Duration = Duration::from_millis(10);
/// A stream of changes, such as the checkout of a branch, is waited for no longer than this.
pub(super) const CAP: Duration = Duration::from_millis(150);

/// Waits until nothing has come for a quiet moment, or the cap is reached. Gives all that came.
pub(super) fn settle<T>(first: T, changes: &Receiver<T>) -> Vec<T> {
    let started = Instant::now();
    let mut all = vec![first];
    while started.elapsed() < CAP {
        match changes.recv_timeout(QUIET) {
            Ok(change) => all.push(change),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return all,
        }
    }
    all.extend(changes.try_iter());
    all
}
