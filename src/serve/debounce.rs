//! Debounces changes.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The debounce interval. Editors that save in several steps take a few milliseconds between them.
pub(super) const QUIET: Duration = Duration::from_millis(10);
/// The maximum wait, for a long series of changes such as the checkout of a branch.
pub(super) const CAP: Duration = Duration::from_millis(150);

/// Waits until no change has come for the debounce interval, or the maximum is reached. Returns all
/// changes.
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
