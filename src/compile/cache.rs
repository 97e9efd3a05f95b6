//! What a run leaves for the next one: one rule and one type.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash};
use std::sync::Mutex;
use std::sync::PoisonError;

use foldhash::quality::FixedState;

/// Stands for a value in a comparison, in 16 bytes: the views of a large site would take several
/// times the memory of its pages. Two values that differ have the same one once in 2^128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u64; 2]);

impl Fingerprint {
    pub fn of(value: &impl Hash) -> Fingerprint {
        let half = |seed| FixedState::with_seed(seed).hash_one(value);
        Fingerprint([half(0x5eed_0001), half(0x5eed_0002)])
    }
}

/// Per key the last input and output. It asks `==`: an input that equals last time's gives last
/// time's output. Entries not asked for in a run are dropped.
pub struct Memo<K, I, O> {
    last: Mutex<HashMap<K, (I, O)>>,
    next: Mutex<HashMap<K, (I, O)>>,
}

impl<K: Eq + Hash, I: PartialEq, O: Clone> Memo<K, I, O> {
    /// The output for `input`, made anew only when the input is not last time's.
    pub fn get(&self, key: K, input: I, make: impl FnOnce(&I) -> O) -> O {
        let kept = lock(&self.last).remove(&key);
        let output = match kept {
            Some((before, output)) if before == input => output,
            _ => make(&input),
        };
        lock(&self.next).insert(key, (input, output.clone()));
        output
    }

    /// Last time's output, whatever the input was.
    pub fn peek(&self, key: &K) -> Option<O> {
        let last = lock(&self.last);
        last.get(key).map(|(_, output)| output.clone())
    }

    /// Takes the place of last time's input and output.
    pub fn renew(&self, key: K, input: I, output: O) {
        lock(&self.last).insert(key, (input, output));
    }

    /// Ends a run: what nobody asked for is dropped.
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
