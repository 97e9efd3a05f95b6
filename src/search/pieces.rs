//! Writes the index as small scripts, of which the browser loads those that a query needs.
//!
//! A file is one call, `whosaidSearch("n3","order",data)`, because scripts of the site are the only
//! data that a page can load both from a server and from a disk, under the content security policy.
//!
//! - `index`: the directory. `first`: the number of the first entry of each kind, and the total.
//!   `each`: the number of entries of each kind per result file. `names`, `texts`, `keys`, `ends`:
//!   the first word of each file, separated by spaces.
//! - `n0` …: words of names, titles and attributes. `t0` …: words of texts. A file has lines
//!   separated by spaces, such as `accus,ed:0ab:2c,ation:1d`: the common prefix of the forms of one
//!   word, then the rest of each form with its entries by word class. A class with more than
//!   [`MOST`] entries is truncated and marked with `*`. `mi*` has the best entries for a short
//!   prefix whose words are in too many files.
//! - `k0` …: filters, in the same format.
//! - `e0` …: words of names by their endings, if the names need more than one file: a single typo
//!   leaves either the first or the last half of a word intact.
//! - `d`: the dates of claims, briefings and sources, from the newest: the first day, relative to
//!   the previous one; the last day, relative to the first; the number of entries.
//! - `r0` …: results: address, title, subtitle, text; for a claim also its signature, the signature
//!   in words, its status and its line class.
//!
//! Numbers are written in base 32 with the 64 characters of [`DIGITS`]: a digit from the upper half
//! means that more digits follow. Entry numbers are delta-encoded.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::index::{CLASSES, Index, OF_TEXT, Word};
use super::stems::Stems;
use super::subjects::{Entry, Kind};
use crate::text::SitePath;

/// The approximate size of a file of words, in bytes.
const PIECE: usize = 5_000;

/// If the names of a book have at most this size in bytes, they are one file, and all of them can
/// be found with a typo.
const WHOLE: usize = 36_000;

/// The maximum number of entries of a word within a class.
pub const MOST: usize = 4_000;

/// The number of entries of a short prefix.
const FOREMOST: usize = 60;

/// The maximum number of word files that a browser loads for one prefix.
const SPAN: usize = 2;

const DIGITS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";

/// The number of entries per result file, by kind: sections are long, the others are short.
const EACH: [usize; 5] = [16, 16, 16, 3, 10];

/// Passes every file of the index to `take`, with its name in the index folder.
pub fn files(mut index: Index, stems: &Stems, take: &mut dyn FnMut(SitePath, Arc<[u8]>)) {
    let order = format!("{:x}", index.order);
    let mut put = |name: &str, data: &str| {
        let path = format!("{}/{name}.js", super::FOLDER);
        let path = SitePath::known(&path);
        let text = format!("whosaidSearch(\"{name}\",\"{order}\",{data});\n");
        take(path, text.into_bytes().into());
    };
    // Taken out here, because it is half of the memory of a large index and is not used below.
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

/// Writes the files of one kind, and returns the first word of each.
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

/// Returns an entry as it is shown in results.
pub fn shown(entry: &Entry) -> String {
    let mut fields = vec![&*entry.href, &*entry.title, &*entry.about, &*entry.text];
    if let Some(standing) = &entry.standing {
        fields.extend([&*standing.signature, &*standing.signature_words]);
        fields.extend([&*standing.status, standing.line]);
    }
    serde_json::to_string(&fields).expect("texts are JSON")
}

/// Writes the result files. Each kind begins a new file.
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
    /// The common prefix of its forms.
    key: String,
    /// The last of its forms.
    last: String,
    text: String,
}

/// A file of words.
struct Piece {
    /// The file contains all words from `start` up to the `start` of the next file.
    start: String,
    text: String,
}

/// Groups the words of the index by their stems; each group is sorted by form.
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

/// Returns the lines of some classes, in the string order of JavaScript.
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
        // Forms without a common prefix cannot be on one line.
        let begins_alike = forms
            .first()
            .is_some_and(|(first, _)| first[..shared].chars().nth(2).is_some());
        let parts: Vec<_> = if begins_alike {
            vec![&forms[..]]
        } else {
            forms.chunks(1).collect()
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
    if has_rare {
        lines.sort_by(|a, b| a.key.encode_utf16().cmp(b.key.encode_utf16()))
    } else {
        lines.par_sort_unstable_by(|a, b| a.key.cmp(&b.key))
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

/// Returns the length of the common prefix in bytes.
fn shared(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    a.floor_char_boundary(same)
}

/// Writes the entries of a class, at most `most`.
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

/// Splits lines into files of about `size` bytes. A line whose forms extend beyond the start of the
/// next file is in both.
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
                    // The shortest prefix that distinguishes the two.
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

/// Compares strings as JavaScript does.
fn is_less(a: &str, b: &str) -> bool {
    a.encode_utf16().lt(b.encode_utf16())
}

/// Returns the file that contains a word.
fn file_of(pieces: &[Piece], word: &str) -> usize {
    pieces
        .partition_point(|piece| !is_less(word, &piece.start))
        .saturating_sub(1)
}

/// Adds lines for the prefixes whose words are in too many files.
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
                // Entries are sorted by rank, so the first ones are the best.
                let entries = entries.iter().take(FOREMOST);
                found.extend(entries.map(|entry| (class as u8, *entry)));
            }
            // Later entries cannot rank above these.
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

/// Keeps the best entries, each once, with its strongest class.
fn keep_foremost(found: &mut Vec<(u8, u32)>) {
    found.sort_unstable_by_key(|(class, entry)| (*entry, *class));
    found.dedup_by_key(|(_, entry)| *entry);
    found.sort_unstable();
    found.truncate(FOREMOST);
}

/// Returns the words of names as files sorted by ending.
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
