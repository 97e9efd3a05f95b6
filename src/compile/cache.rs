//! The cache between runs.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};
use std::sync::Mutex;
use std::sync::PoisonError;

use foldhash::quality::FixedState;

/// A 16-byte fingerprint for comparing values: the views of a large site would take several times
/// the memory of its pages. Two different values have the same one with probability 2^-128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u64; 2]);

impl Fingerprint {
    pub fn of(value: &impl Hash) -> Fingerprint {
        let half = |seed| FixedState::with_seed(seed).hash_one(value);
        Fingerprint([half(0x5eed_0001), half(0x5eed_0002)])
    }
}

/// Stores the last input and output for each key. An input that equals (`==`) the last one gives
/// the last output. Entries that a run does not use are dropped.
pub struct Memo<K, I, O> {
    last: Mutex<HashMap<K, (I, O)>>,
    next: Mutex<HashMap<K, (I, O)>>,
}

impl<K: Eq + Hash, I: PartialEq, O: Clone> Memo<K, I, O> {
    /// Returns the output for `input`; calls `make` only if the input has changed.
    pub fn get(&self, key: K, input: I, make: impl FnOnce(&I) -> O) -> O {
        let kept = lock(&self.last).remove(&key);
        let output = match kept {
            Some((before, output)) if before == input => output,
            _ => make(&input),
        };
        lock(&self.next).insert(key, (input, output.clone()));
        output
    }

    /// Returns the last output, for any input.
    pub fn peek(&self, key: &K) -> Option<O> {
        let last = lock(&self.last);
        last.get(key).map(|(_, output)| output.clone())
    }

    /// Replaces the last input and output.
    pub fn renew(&self, key: K, input: I, output: O) {
        lock(&self.last).insert(key, (input, output));
    }

    /// Ends a run: unused entries are dropped.
    pub fn turn(&mut self) {
        let next = std::mem::take(&mut *lock(&self.next));
        *lock(&self.last) = next;
    }
}

impl<K, I, O> Default for Memo<K, I, O> {
    fn default() -> Self {
        Memo {
            last: Mutex::new(HashMap::new()),
            next: Mutex::new(HashMap::new()),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
