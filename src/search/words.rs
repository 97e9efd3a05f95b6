//! Splits a text into the words of the index.
//!
//! `static/search.js` splits queries by the same rules, so change both together; the browser tests
//! search in every supported script.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::text::is_dense;

/// The maximum length of a word in characters; the rest is cut off.
const LONGEST: usize = 64;

/// The maximum length of a compound such as `U.S.` or `Wi-Fi` that is also indexed as one word, in
/// characters.
const LONGEST_CHAIN: usize = 24;

/// Calls `tell` for every word of `text`, with its index form and its lower-case form. The index
/// form has no accents; Chinese, Japanese and similar scripts are split into pairs of characters.
pub fn each<'t>(text: &'t str, tell: &mut dyn FnMut(&str, &str)) {
    let mut folded = String::new();
    for run in runs(text) {
        of_run(&text[run], &mut folded, tell);
    }
}

/// Like [`each`], for names and titles, which have several spellings: `U.S.` is also `us`, `APT 4`
/// and `APT-4` are also `apt4`, and `APT4` is also `4`.
pub fn of_name(text: &str, tell: &mut dyn FnMut(&str, &str)) {
    each(text, tell);
    let runs: Vec<_> = runs(text).collect();
    let mut chain = String::new();
    let mut folded = String::new();
    for (at, run) in runs.iter().enumerate() {
        let word = &text[run.clone()];
        let digits = word.len() - word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 && digits < word.len() {
            let number = &word[word.len() - digits..];
            tell(number, number);
        }
        let is_tied = |at: usize| {
            let (before, after) = (&runs[at], &runs[at + 1]);
            let between = &text[before.end..after.start];
            let is_number = text[after.clone()].bytes().all(|b| b.is_ascii_digit());
            let is_word = text[before.clone()]
                .bytes()
                .all(|b| b.is_ascii_alphabetic());
            matches!(between, "'" | "’" | "." | "-" | "‐" | "‑" | "_" | "/" | "&")
                || (between == " " && is_number && is_word)
        };
        chain.push_str(word);
        if at + 1 < runs.len() && is_tied(at) {
            continue;
        }
        if chain.len() > word.len() && chain.chars().count() <= LONGEST_CHAIN {
            of_run(&chain, &mut folded, tell);
        }
        chain.clear();
    }
}

/// Returns the runs of letters, digits and combining marks.
fn runs(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let start = loop {
            let (at, c) = chars.next()?;
            if is_of_word(c) {
                break at;
            }
        };
        while chars.next_if(|(_, c)| is_of_word(*c)).is_some() {}
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        Some(start..end)
    })
}

fn is_of_word(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        c if c.is_ascii() => false,
        // Punctuation that occurs in almost every text.
        '\u{2000}'..='\u{206f}' => false,
        c => c.is_alphanumeric() || is_combining_mark(c),
    }
}

fn of_run(run: &str, folded: &mut String, tell: &mut dyn FnMut(&str, &str)) {
    folded.clear();
    if run.is_ascii() {
        folded.push_str(&run[..run.len().min(LONGEST)]);
        folded.make_ascii_lowercase();
        tell(folded, folded);
        return;
    }
    let lower = run.to_lowercase();
    fold(&lower, folded);
    // A compatibility decomposition can contain separators.
    for part in folded.split(|c| !is_of_word(c)) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let is_first_dense = is_dense(first);
            let end = rest.find(|c| is_dense(c) != is_first_dense);
            let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
            if is_first_dense {
                pairs(piece, tell)
            } else {
                let piece = without_article(cut(piece));
                tell(
                    piece,
                    if part.len() == folded.len() {
                        &lower
                    } else {
                        piece
                    },
                );
            }
            rest = after;
        }
    }
}

fn cut(word: &str) -> &str {
    let end = word.char_indices().nth(LONGEST);
    end.map_or(word, |(end, _)| &word[..end])
}

/// Text without spaces is indexed as pairs of characters.
fn pairs(run: &str, tell: &mut dyn FnMut(&str, &str)) {
    let mut ends = run.char_indices().map(|(at, c)| at + c.len_utf8());
    let starts = run.char_indices().map(|(at, _)| at);
    if ends.next() == Some(run.len()) {
        tell(run, run);
    }
    for (start, end) in starts.zip(ends) {
        tell(&run[start..end], &run[start..end]);
    }
}

/// Removes the accents of a lower-case word, and unifies letters that are often exchanged.
fn fold(lower: &str, folded: &mut String) {
    let mut before = ' ';
    let kept = lower.nfkd().filter(move |c| {
        let is_accent = matches!(*c,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
            | '\u{6d6}'..='\u{6ed}');
        // `й` and `ў` are separate letters, not accented ones.
        let is_letter = *c == '\u{306}' && matches!(before, 'и' | 'у');
        before = *c;
        !is_accent || is_letter
    });
    for c in kept.nfc() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            'ى' => folded.push('ي'),
            'ة' => folded.push('ه'),
            c => folded.push(c),
        }
    }
}

/// Removes the Arabic article, which is a prefix of the word.
fn without_article(word: &str) -> &str {
    let behind = word.strip_prefix(['و', 'ف', 'ب', 'ك']).unwrap_or(word);
    let bare = behind.strip_prefix("ال").or(word.strip_prefix("لل"));
    bare.filter(|bare| bare.chars().count() > 2).unwrap_or(word)
}
