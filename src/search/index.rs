//! Builds the index in memory: subjects in, words with their entries out.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::fast::FixedState;
use indexmap::IndexMap;
use rayon::prelude::*;

use super::subjects::{Days, Entry, Kind, Subject, Which};
use super::words;

/// The number of subjects per batch: enough for all threads, few enough for memory.
const AT_ONCE: usize = 256;

/// The number of word classes: those of names, then those of texts.
pub const CLASSES: usize = 7;

/// The first class of text words: words that occur more than once in the text. The next one has
/// those that occur once.
pub const OF_TEXT: usize = 5;

type Words<V> = IndexMap<Box<str>, V, FixedState>;

/// A word of the index.
#[derive(Default)]
pub struct Word {
    /// The word as first written, in lower case, if it differs.
    pub written: Option<Box<str>>,
    /// The sorted numbers of its entries, by class. Each entry occurs once among the classes of
    /// names and once among those of texts.
    pub entries: [Vec<u32>; CLASSES],
}

/// The complete index.
#[derive(Default)]
pub struct Index {
    pub words: Words<Word>,
    /// The filters, with their entries.
    pub keys: BTreeMap<String, Vec<u32>>,
    /// The number of the first entry of each kind, and the total.
    pub kinds: Vec<u32>,
    /// For each kind: the dates of its entries in order, with the number of entries for each.
    pub days: Vec<Vec<OnDays>>,
    /// The results, in the format of [`shown`](super::pieces::shown).
    pub shown: Vec<String>,
    /// A hash of the order of entries.
    pub order: u64,
}

/// The dates of consecutive entries, and their number.
pub type OnDays = (Option<Days>, u32);

/// The words of a subject, numbered within it.
struct Read {
    subject: Arc<Subject>,
    words: Words<Option<Box<str>>>,
    /// For each entry: its words with their classes.
    entries: Vec<Vec<(u32, u8)>>,
}

/// Builds the index of all subjects.
pub fn of(
    all: &[Which],
    subject: &(dyn Fn(usize) -> Arc<Subject> + Sync),
    show: &(dyn Fn(&Entry) -> String + Sync),
) -> Index {
    let mut index = Index::default();
    let mut hash = Fnv::new();
    let mut number = 0;
    for (part, chunk) in all.chunks(AT_ONCE).enumerate() {
        let read: Vec<(Read, Vec<String>)> = (0..chunk.len())
            .into_par_iter()
            .map(|at| {
                let read = read(subject(part * AT_ONCE + at));
                let shown = read.subject.entries.iter().map(show).collect();
                (read, shown)
            })
            .collect();
        for (which, (read, shown)) in chunk.iter().zip(read) {
            let kind = which.kind() as usize;
            while index.kinds.len() <= kind {
                index.kinds.push(number);
                index.days.push(Vec::new());
            }
            index.add(&read, kind, number, &mut hash);
            number += shown.len() as u32;
            index.shown.extend(shown);
        }
    }
    while index.kinds.len() <= Kind::ALL.len() {
        index.kinds.push(number);
        index.days.push(Vec::new());
    }
    index.days.truncate(Kind::ALL.len());
    index.order = hash.0;
    index
}

impl Index {
    fn add(&mut self, read: &Read, kind: usize, first: u32, hash: &mut Fnv) {
        let local = read.words.iter();
        let numbers: Vec<usize> = local
            .map(|(word, written)| match self.words.get_index_of(word) {
                Some(number) => number,
                None => {
                    let new = Word {
                        written: written.clone(),
                        ..Word::default()
                    };
                    self.words.insert_full(word.clone(), new).0
                }
            })
            .collect();
        let subject = &read.subject;
        for (number, (entry, words)) in (first..).zip(subject.entries.iter().zip(&read.entries)) {
            hash.add(entry.href.as_bytes());
            for (word, class) in words {
                let word = &mut self.words[numbers[*word as usize]];
                word.entries[*class as usize].push(number);
            }
            for key in &entry.keys {
                match self.keys.get_mut(key) {
                    Some(entries) => entries.push(number),
                    None => {
                        self.keys.insert(key.clone(), vec![number]);
                    }
                }
            }
        }
        let count = subject.entries.len() as u32;
        let days = &mut self.days[kind];
        match days.last_mut() {
            Some((last, sum)) if *last == subject.days => *sum += count,
            _ => days.push((subject.days, count)),
        }
    }
}

/// Reads the words of a subject.
fn read(subject: Arc<Subject>) -> Read {
    let mut words: Words<Option<Box<str>>> = IndexMap::default();
    let mut entries = Vec::with_capacity(subject.entries.len());
    let mut found: Vec<(u32, u8)> = Vec::new();
    for entry in &subject.entries {
        let mut number = |word: &str, written: &str| match words.get_index_of(word) {
            Some(number) => number as u32,
            None => {
                let written = (word != written).then(|| Box::from(written));
                words.insert_full(word.into(), written).0 as u32
            }
        };
        found.clear();
        for (class, name) in &entry.names {
            words::of_name(name, &mut |word, written| {
                found.push((number(word, written), *class as u8));
            });
        }
        found.sort_unstable();
        // Keeps the strongest class.
        found.dedup_by_key(|(word, _)| *word);
        let names = found.len();
        for text in [&entry.text, &entry.more] {
            words::each(text, &mut |word, written| {
                // Single letters are indexed only for names.
                if word.len() > 1 {
                    found.push((number(word, written), OF_TEXT as u8 + 1));
                }
            });
        }
        let texts = &mut found[names..];
        texts.sort_unstable();
        // Words that occur more than once get the stronger class.
        for at in 1..texts.len() {
            if texts[at].0 == texts[at - 1].0 {
                texts[at - 1].1 = OF_TEXT as u8;
            }
        }
        let mut words_of_entry = found[..names].to_vec();
        let mut texts = found[names..].to_vec();
        texts.dedup_by_key(|(word, _)| *word);
        words_of_entry.extend(texts);
        entries.push(words_of_entry);
    }
    Read {
        subject,
        words,
        entries,
    }
}

/// A hash that is equal on every machine.
struct Fnv(u64);

impl Fnv {
    fn new() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
