//! The index as files: small scripts, of which a browser asks for those that a query needs.
//!
//! A file is one call, `whosaidSearch("n3","order",data)`, so that it can be had from a server
//! and from a disk alike, under a policy that allows no script but the site's own.
//!
//! - `index`: what is where. `first`: the number of the first entry of each kind, and of the end.
//!   `each`: how many entries of each kind a file of entries holds. `names`, `texts`, `keys`,
//!   `ends`: with what each file of them begins, parted by spaces.
//! - `n0` …: words of names, titles and attributes. `t0` …: words of texts. A file is lines
//!   parted by spaces, `accus,ed:0ab:2c,ation:1d`: what forms of one word have in common, and
//!   each form's rest with the entries that it leads to by the class of the word. A class that
//!   has more than [`MOST`] is cut and says so by a `*`. `mi*` leads to the foremost entries of a
//!   short beginning whose words lie in too many files.
//! - `k0` …: what entries can be narrowed to, in the same form.
//! - `e0` …: words of names from their ends, where they lie in more than one file: one slip of
//!   the keyboard leaves either the first or the last half of a word as it is.
//! - `d`: of claims, briefings and sources the days, from the newest: the first day before the one
//!   told before, the last day behind the first, how many entries.
//! - `r0` …: entries: address, title, what stands below it, text, and of a claim its signature,
//!   that in words, its headline and line.
//!
//! Numbers are written in base 32 by the 64 characters of [`DIGITS`]: those of the upper half say
//! that more follows. Numbers of entries are told by what lies between them.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::index::{CLASSES, Index, OF_TEXT, Word};
use super::stems::Stems;
use super::subjects::{Entry, Kind};
use crate::text::SitePath;

/// Bytes of a file of words, about.
const PIECE: usize = 5_000;

/// The names of a book are in one file up to so many bytes; all of them then forgive a slip.
const WHOLE: usize = 36_000;

/// Entries that a word leads to within a class, at most.
pub const MOST: usize = 4_000;

/// Entries that a short beginning leads to.
const FOREMOST: usize = 60;

/// Files of words that a browser asks for to find the words of one beginning.
const SPAN: usize = 2;

const DIGITS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// How many entries of each kind a file holds: sections are long, the others short.
const EACH: [usize; 5] = [16, 16, 16, 3, 10];

/// Gives every file of the index to `take`, by its name below the folder of the index.
pub fn files(mut index: Index, stems: &Stems, take: &mut dyn FnMut(SitePath, Arc<[u8]>)) {
    let order = format!("{:x}", index.order);
    let mut put = |name: &str, data: &str| {
        let path = format!("{}/{name}.js", super::FOLDER);
        let path = SitePath::new(&path).expect("names of files of the index are paths");
        let text = format!("whosaidSearch(\"{name}\",\"{order}\",{data});\n");
        take(path, text.into_bytes().into());
    };
    // Half of what a large book takes here, and nothing below looks at it.
    entries(&index.kinds, std::mem::take(&mut index.shown), &mut put);
    let index = &index;
    let groups = groups(index, stems);
    let mut heads = Vec::new();
    for (name, classes, whole) in [("n", 0..OF_TEXT, WHOLE), ("t", OF_TEXT..CLASSES, PIECE)] {
        let lines = lines(index, &groups, classes);
        let sum: usize = lines.iter().map(|line| line.text.len() + 1).sum();
        let mut pieces = cut(&lines, if sum <= whole { whole } else { PIECE });
        if name == "n" {
            foremost(index, &mut pieces);
            let ends = match pieces.len() {
                0 | 1 => Vec::new(),
                _ => ends(index),
            };
            heads.push(publish("e", &ends, &mut put));
        }
        heads.push(publish(name, &pieces, &mut put));
    }
    let keys = index.keys.iter().map(|(key, entries)| {
        let mut text = format!("{key},");
        class(0, entries, usize::MAX, &mut text);
        Line {
            key: key.clone(),
            last: key.clone(),
            text,
        }
    });
    let keys: Vec<Line> = keys.collect();
    heads.push(publish("k", &cut(&keys, PIECE), &mut put));
    put("d", &days(index));
    let [ends, names, texts, keys] = heads.as_slice() else {
        unreachable!("there are four kinds of files of words");
    };
    let first: Vec<String> = index.kinds.iter().map(u32::to_string).collect();
    let each = EACH.map(|each| each.to_string());
    let root = format!(
        "{{\"first\":[{}],\"each\":[{}],\"names\":{names},\"texts\":{texts},\"keys\":{keys},\"ends\":{ends}}}",
        first.join(","),
        each.join(","),
    );
    put("index", &root);
}

/// Writes the files of one kind, and gives what each begins with.
fn publish(name: &str, pieces: &[Piece], put: &mut dyn FnMut(&str, &str)) -> String {
    for (number, piece) in pieces.iter().enumerate() {
        put(&format!("{name}{number}"), &json(&piece.text));
    }
    let starts: Vec<&str> = pieces.iter().map(|piece| piece.start.as_str()).collect();
    json(&starts.join(" "))
}

fn json(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}

/// An entry as results show it.
pub fn shown(entry: &Entry) -> String {
    let mut fields = vec![&*entry.href, &*entry.title, &*entry.about, &*entry.text];
    if let Some(standing) = &entry.standing {
        fields.extend([&*standing.signature, &*standing.signature_words]);
        fields.extend([&*standing.headline, standing.line]);
    }
    serde_json::to_string(&fields).expect("texts are JSON")
}

/// The files of entries. A kind begins a file.
fn entries(kinds: &[u32], shown: Vec<String>, put: &mut dyn FnMut(&str, &str)) {
    let mut number = 0;
    for (kind, each) in Kind::ALL.into_iter().zip(EACH) {
        let (from, to) = (kinds[kind as usize], kinds[kind as usize + 1]);
        for part in shown[from as usize..to as usize].chunks(each) {
            put(&format!("r{number}"), &format!("[{}]", part.join(",\n")));
            number += 1;
        }
    }
}

fn days(index: &Index) -> String {
    let kinds = [Kind::Claim, Kind::Briefing, Kind::Source];
    let of_kind = kinds.map(|kind| {
        let mut text = String::new();
        let mut before = 100_000_000;
        for (days, count) in &index.days[kind as usize] {
            let (first, last) = days.unwrap_or((0, 0));
            for value in [before - first, last - first, *count] {
                digits(value, &mut text);
            }
            before = first;
        }
        json(&text)
    });
    format!("[{}]", of_kind.join(","))
}

/// A line of a file of words.
struct Line {
    /// What its forms have in common.
    key: String,
    /// The last of its forms.
    last: String,
    text: String,
}

/// A file of words.
struct Piece {
    /// Every word that is not less, and less than the next one's, is in it.
    start: String,
    text: String,
}

/// The words of the index by their stems, each group in the order of its forms.
fn groups<'a>(index: &'a Index, stems: &Stems) -> Vec<Vec<(&'a str, &'a Word)>> {
    let words: Vec<(&str, &Word)> = index.words.iter().map(|(word, it)| (&**word, it)).collect();
    let stemmed: Vec<Option<String>> = words
        .par_iter()
        .map(|(word, it)| stems.stem(it.written.as_deref().unwrap_or(word)))
        .collect();
    let mut of_stem: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<(&str, &Word)>> = Vec::new();
    for (word, stem) in words.into_iter().zip(stemmed) {
        let group = match stem {
            None => groups.len(),
            Some(stem) => *of_stem.entry(stem).or_insert(groups.len()),
        };
        match groups.get_mut(group) {
            Some(group) => group.push(word),
            None => groups.push(vec![word]),
        }
    }
    for group in &mut groups {
        group.sort_unstable_by_key(|(word, _)| *word);
    }
    groups
}

/// The lines of some classes, in the order in which a browser compares texts.
fn lines(
    index: &Index,
    groups: &[Vec<(&str, &Word)>],
    classes: std::ops::Range<usize>,
) -> Vec<Line> {
    let lines = groups.par_iter().flat_map_iter(|group| {
        let has = |word: &Word| {
            word.entries[classes.clone()]
                .iter()
                .any(|it| !it.is_empty())
        };
        let forms: Vec<_> = group.iter().filter(|(_, word)| has(word)).collect();
        let shared = match (forms.first(), forms.last()) {
            (Some((first, _)), Some((last, _))) => shared(first, last),
            _ => 0,
        };
        // Forms that begin differently cannot be on one line.
        let begins_alike = forms
            .first()
            .is_some_and(|(first, _)| first[..shared].chars().nth(2).is_some());
        let parts: Vec<_> = match begins_alike {
            true => vec![&forms[..]],
            false => forms.chunks(1).collect(),
        };
        let of_part = |forms: &&[&(&str, &Word)]| {
            let shared = if begins_alike {
                shared
            } else {
                forms[0].0.len()
            };
            line(forms, shared, &classes)
        };
        parts.iter().map(of_part).collect::<Vec<Line>>()
    });
    let mut lines: Vec<Line> = lines.collect();
    let has_rare = index
        .words
        .keys()
        .any(|word| word.chars().any(|c| c > '\u{ffff}'));
    match has_rare {
        // A browser compares halves of what lies beyond 16 bits.
        true => lines.sort_by(|a, b| a.key.encode_utf16().cmp(b.key.encode_utf16())),
        false => lines.par_sort_unstable_by(|a, b| a.key.cmp(&b.key)),
    }
    lines
}

fn line(forms: &[&(&str, &Word)], shared: usize, classes: &std::ops::Range<usize>) -> Line {
    let (first, last) = (forms[0].0, forms[forms.len() - 1].0);
    let mut text = first[..shared].to_owned();
    for (form, word) in forms {
        text.push(',');
        text.push_str(&form[shared..]);
        for number in classes.clone() {
            class(number, &word.entries[number], MOST, &mut text);
        }
    }
    Line {
        key: first[..shared].to_owned(),
        last: last.to_owned(),
        text,
    }
}

/// How many bytes two words begin with in common.
fn shared(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.floor_char_boundary(same)
}

/// Writes the entries of a class, at most so many.
fn class(number: usize, entries: &[u32], most: usize, text: &mut String) {
    if entries.is_empty() {
        return;
    }
    text.push(':');
    text.push(char::from(DIGITS[number]));
    if entries.len() > most {
        text.push('*');
    }
    let mut next = 0;
    for entry in &entries[..entries.len().min(most)] {
        digits(entry - next, text);
        next = entry + 1;
    }
}

fn digits(mut value: u32, text: &mut String) {
    while value >= 32 {
        text.push(char::from(DIGITS[32 + (value % 32) as usize]));
        value /= 32;
    }
    text.push(char::from(DIGITS[value as usize]));
}

/// Cuts lines into files of about `size` bytes. A line with forms behind the next file's start is
/// in both.
fn cut(lines: &[Line], size: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut open: Vec<&Line> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let is_full = pieces
            .last()
            .is_none_or(|piece| piece.text.len() + line.text.len() > size);
        if is_full {
            let start = match at.checked_sub(1) {
                None => String::new(),
                Some(before) => {
                    // As short as tells the two apart.
                    let same = shared(&lines[before].key, &line.key);
                    let end = line.key.ceil_char_boundary(same + 1);
                    line.key[..end].to_owned()
                }
            };
            open.retain(|line| !is_less(&line.last, &start));
            let text: Vec<&str> = open.iter().map(|line| line.text.as_str()).collect();
            pieces.push(Piece {
                start,
                text: text.join(" "),
            });
        }
        if let Some(piece) = pieces.last_mut() {
            if !piece.text.is_empty() {
                piece.text.push(' ');
            }
            piece.text.push_str(&line.text);
        }
        open.retain(|open| !is_less(&open.last, &line.key));
        open.push(line);
    }
    pieces
}

/// Whether a browser puts `a` before `b`.
fn is_less(a: &str, b: &str) -> bool {
    a.encode_utf16().lt(b.encode_utf16())
}

/// The file in which a word is.
fn file_of(pieces: &[Piece], word: &str) -> usize {
    pieces
        .partition_point(|piece| !is_less(word, &piece.start))
        .saturating_sub(1)
}

/// Adds lines for the beginnings whose words lie in too many files.
fn foremost(index: &Index, pieces: &mut [Piece]) {
    if pieces.len() <= SPAN {
        return;
    }
    let mut beginnings: HashMap<&str, Vec<(u8, u32)>> = HashMap::new();
    let named = index.words.iter();
    let named = named.filter(|(_, it)| it.entries[..OF_TEXT].iter().any(|it| !it.is_empty()));
    for (word, it) in named {
        for (at, c) in word.char_indices() {
            let beginning = &word[..at + c.len_utf8()];
            let last = format!("{beginning}\u{ffff}");
            if file_of(pieces, &last) - file_of(pieces, beginning) < SPAN {
                break;
            }
            let found = beginnings.entry(beginning).or_default();
            for (class, entries) in it.entries[..OF_TEXT].iter().enumerate() {
                // The first of each are the foremost.
                let entries = entries.iter().take(FOREMOST);
                found.extend(entries.map(|entry| (class as u8, *entry)));
            }
            // None of what lies beyond can come to stand before these.
            if found.len() > 64 * FOREMOST {
                keep_foremost(found);
            }
        }
    }
    let mut beginnings: Vec<_> = beginnings.into_iter().collect();
    beginnings.sort_unstable_by_key(|(beginning, _)| *beginning);
    for (beginning, mut found) in beginnings {
        keep_foremost(&mut found);
        let mut text = format!("{beginning}*,");
        for number in 0..OF_TEXT {
            let of_class = found.iter().filter(|(class, _)| *class as usize == number);
            let mut entries: Vec<u32> = of_class.map(|(_, entry)| *entry).collect();
            entries.sort_unstable();
            class(number, &entries, MOST, &mut text);
        }
        let at = file_of(pieces, beginning);
        pieces[at].text.push(' ');
        pieces[at].text.push_str(&text);
    }
}

/// Keeps the foremost entries, each once, by its strongest class.
fn keep_foremost(found: &mut Vec<(u8, u32)>) {
    found.sort_unstable_by_key(|(class, entry)| (*entry, *class));
    found.dedup_by_key(|(_, entry)| *entry);
    found.sort_unstable();
    found.truncate(FOREMOST);
}

/// The words of names in files by their ends.
fn ends(index: &Index) -> Vec<Piece> {
    let named = index.words.iter();
    let named = named.filter(|(_, it)| it.entries[..OF_TEXT].iter().any(|it| !it.is_empty()));
    let mut turned: Vec<String> = named
        .map(|(word, _)| word.chars().rev().collect::<String>())
        .filter(|word| word.chars().nth(3).is_some())
        .collect();
    turned.sort_unstable_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
    let lines = turned.into_iter().map(|word| Line {
        key: word.clone(),
        last: word.clone(),
        text: word,
    });
    cut(&lines.collect::<Vec<_>>(), PIECE)
}
