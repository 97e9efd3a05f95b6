//! Subjects in, words and their entries out: the index before it is cut into files.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::fast::FixedState;
use indexmap::IndexMap;
use rayon::prelude::*;

use super::subjects::{Days, Entry, Kind, Subject, Which};
use super::words;

/// Subjects that are read at once: enough for every thread, few enough to be held.
const AT_ONCE: usize = 256;

/// The classes of words: those of names, then those of texts.
pub const CLASSES: usize = 7;

/// The first class of words of a text: those that it has more than once, then those it has once.
pub const OF_TEXT: usize = 5;

type Words<V> = IndexMap<Box<str>, V, FixedState>;

/// A word of the index.
#[derive(Default)]
pub struct Word {
    /// As it was first written, in lower case, where that differs.
    pub written: Option<Box<str>>,
    /// The numbers of the entries that it leads to, in their order, by class; each entry once
    /// among names and once among texts.
    pub entries: [Vec<u32>; CLASSES],
}

/// All that is found and by what.
#[derive(Default)]
pub struct Index {
    pub words: Words<Word>,
    /// What entries can be narrowed to.
    pub keys: BTreeMap<String, Vec<u32>>,
    /// Where the entries of each kind begin, and the end of all.
    pub kinds: Vec<u32>,
    /// Of each kind: the days of its entries, with how many have them, in their order.
    pub days: Vec<Vec<OnDays>>,
    /// Entries as they are shown, written as [`shown`](super::pieces::shown) does.
    pub shown: Vec<String>,
    /// A number that no other order of entries has.
    pub order: u64,
}

/// The days of some entries, one after the other, and how many they are.
pub type OnDays = (Option<Days>, u32);

/// The words of a subject, numbered within it.
struct Read {
    subject: Arc<Subject>,
    words: Words<Option<Box<str>>>,
    /// Of each entry: its words with their classes.
    entries: Vec<Vec<(u32, u8)>>,
}

/// Reads all subjects.
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

/// The words of a subject.
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
        // The strongest class.
        found.dedup_by_key(|(word, _)| *word);
        let names = found.len();
        for text in [&entry.text, &entry.more] {
            words::each(text, &mut |word, written| {
                // Letters alone are found by names.
                if word.len() > 1 {
                    found.push((number(word, written), OF_TEXT as u8 + 1));
                }
            });
        }
        let texts = &mut found[names..];
        texts.sort_unstable();
        // What comes more than once is of the class before.
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

/// A hash that is the same on every machine.
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
