//! Splits plain text into sentences, and shortens sentences.

use std::ops::Range;

/// The maximum length of a passage that is shown in full, in characters.
const LONGEST: usize = 300;

/// Words that end in a full stop and rarely end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "adm", "al", "approx", "art", "assoc", "aug", "ave", "brig", "bros", "ca", "capt", "cf", "ch",
    "cmdr", "co", "col", "corp", "cpl", "dec", "dept", "dr", "ed", "eds", "eg", "est", "feb",
    "fig", "figs", "fn", "gen", "gov", "ie", "inc", "jan", "jr", "jul", "jun", "lt", "ltd", "maj",
    "mar", "mr", "mrs", "ms", "mt", "no", "nos", "nov", "oct", "op", "para", "paras", "pp", "pres",
    "prof", "rep", "rev", "sec", "sen", "sep", "sept", "sgt", "sr", "st", "supt", "univ", "viz",
    "vol", "vols", "vs",
];

/// Returns the adjacent ranges of the sentences of `text`. A sentence ends with a stop, white
/// space, and something that is not lower case. Initials and common abbreviations do not end one; a
/// CJK stop needs no space after it.
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, stop)) = chars.next() {
        let needs_space = match stop {
            '.' | '!' | '?' | '…' => true,
            '。' | '！' | '？' => false,
            _ => continue,
        };
        let mut end = at + stop.len_utf8();
        let mut is_bare = true;
        while let Some((next, c)) = chars.next_if(|(_, c)| closes(*c) || ".!?…。！？".contains(*c))
        {
            end = next + c.len_utf8();
            is_bare = false;
        }
        if needs_space && !begins_a_sentence(&text[end..]) {
            continue;
        }
        if stop == '.' && is_bare && is_abbreviation(&text[start..at]) {
            continue;
        }
        found.push(start..end);
        start = end;
    }
    if start < text.len() {
        found.push(start..text.len());
    }
    found
}

/// Returns the sentences around `words`, shortened, and the range of the words in them. `sentences`
/// are those of `text`.
pub(super) fn around(
    text: &str,
    sentences: &[Range<usize>],
    words: Range<usize>,
) -> (String, Range<usize>) {
    let first = sentences.partition_point(|sentence| sentence.end <= words.start);
    let last = sentences.partition_point(|sentence| sentence.start < words.end);
    let start = sentences.get(first).map_or(text.len(), |s| s.start);
    let end = sentences[..last.max(first)]
        .last()
        .map_or(start, |s| s.end)
        .max(sentences.get(first).map_or(start, |s| s.end));
    let whole = &text[start..end];
    let start = start + (whole.len() - whole.trim_start().len());
    let end = start + whole.trim().len();
    let words = words.start.clamp(start, end)..words.end.clamp(start, end);
    excerpt(text, start..end, words)
}

/// Returns `passage` of `text`; if it is too long, it is cut at white space on both sides of
/// `words`.
fn excerpt(text: &str, passage: Range<usize>, words: Range<usize>) -> (String, Range<usize>) {
    if fits(&text[passage.clone()], LONGEST) {
        let at = passage.start;
        return (text[passage].to_owned(), words.start - at..words.end - at);
    }
    let words_end = words.end.min(forward(text, words.start, LONGEST));
    let room = LONGEST - text[words.start..words_end].chars().count();
    let mut start = back(text, words.start, room / 2).max(passage.start);
    let room = room - text[start..words.start].chars().count();
    let mut end = forward(text, words_end, room).min(passage.end);
    if start > passage.start
        && let Some((space, c)) = text[start..words.start]
            .char_indices()
            .find(|(_, c)| c.is_whitespace())
    {
        start += space + c.len_utf8();
    }
    if end < passage.end
        && let Some(space) = text[words_end..end].rfind(char::is_whitespace)
    {
        end = words_end + space;
    }
    let mut shown = String::with_capacity(end - start + 8);
    if start > passage.start {
        shown.push_str("… ");
    }
    let moved = shown.len();
    let kept = text[start..end].trim_end();
    shown.push_str(kept);
    if end < passage.end {
        shown.push_str(" …");
    }
    // The removed part can end in white space that is not shown.
    let place = |at: usize| at.min(start + kept.len()) - start + moved;
    (shown, place(words.start)..place(words_end))
}

/// True if `text` has at most `limit` characters. A long text is not counted to its end.
fn fits(text: &str, limit: usize) -> bool {
    text.len() <= limit || text.chars().nth(limit).is_none()
}

/// Returns the offset `count` characters after `at`.
fn forward(text: &str, at: usize, count: usize) -> usize {
    text[at..]
        .char_indices()
        .nth(count)
        .map_or(text.len(), |(further, _)| at + further)
}

/// Returns the offset `count` characters before `at`.
fn back(text: &str, at: usize, count: usize) -> usize {
    match count {
        0 => at,
        count => text[..at]
            .char_indices()
            .nth_back(count - 1)
            .map_or(0, |(further, _)| further),
    }
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '”' | '’' | '»' | '›' | ')' | ']' | '」' | '』' | '）'
    )
}

fn begins_a_sentence(rest: &str) -> bool {
    let next = rest.trim_start();
    if next.is_empty() {
        return true;
    }
    next.len() < rest.len()
        && next
            .chars()
            .take(4)
            .find(|c| c.is_alphanumeric())
            .is_none_or(|c| !c.is_lowercase())
}

/// True if `before`, the sentence up to a full stop, ends in an abbreviation or an initial.
fn is_abbreviation(before: &str) -> bool {
    // No abbreviation is longer. Without this limit, a text without spaces would be scanned again
    // at each stop.
    let near = back(before, before.len(), 16);
    let word = before[near..]
        .rsplit(|c: char| c.is_whitespace() || "([“\"‘—–-".contains(c))
        .next()
        .unwrap_or("");
    let mut letters = word.chars();
    match (letters.next(), letters.next()) {
        (None, _) => false,
        (Some(one), None) => one.is_alphabetic(),
        (Some(_), Some(_)) => {
            // Inner stops: `U.S`, `e.g`, `a.m`, but not `example.com`.
            let is_dotted = word.contains('.') && word.split('.').all(|part| part.len() == 1);
            is_dotted || ABBREVIATIONS.contains(&word.to_ascii_lowercase().as_str())
        }
    }
}
