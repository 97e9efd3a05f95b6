//! The words of a text as they are looked for.
//!
//! `static/search.js` takes a reader's words apart by the same rules, so a change here is one
//! there; the browser tests look for words in every script that is treated of.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that count; the rest is cut off.
const LONGEST: usize = 64;

/// Characters of a chain such as `U.S.` or `Wi-Fi`, at most, that is also one word.
const LONGEST_CHAIN: usize = 24;

/// Tells every word of `text` in the form in which it is looked for, and as it was written, in
/// lower case: lower case without accents, Chinese, Japanese and the like in pairs of characters.
pub fn each<'t>(text: &'t str, tell: &mut dyn FnMut(&str, &str)) {
    let mut folded = String::new();
    for run in runs(text) {
        of_run(&text[run], &mut folded, tell);
    }
}

/// As [`each`] for names and titles, which people write in many ways: `U.S.` is also `us`, `APT 4`
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

/// The runs of letters, digits and marks.
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
        // Punctuation that nearly every text has.
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
    // What a compatibility form stands for may hold what parts words.
    for part in folded.split(|c| !is_of_word(c)) {
        let mut rest = part;
        while let Some(first) = rest.chars().next() {
            let is_dense = is_dense(first);
            let end = rest.find(|c| self::is_dense(c) != is_dense);
            let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
            match is_dense {
                true => pairs(piece, tell),
                false => {
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
            }
            rest = after;
        }
    }
}

fn cut(word: &str) -> &str {
    let end = word.char_indices().nth(LONGEST);
    end.map_or(word, |(end, _)| &word[..end])
}

/// What is written without spaces is looked for by pairs of characters.
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

/// Scripts that put no spaces between words.
fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{20000}'..='\u{323af}')
}

/// A word in lower case without its accents, one letter for those that are often exchanged.
fn fold(lower: &str, folded: &mut String) {
    let mut before = ' ';
    let kept = lower.nfkd().filter(move |c| {
        let is_accent = matches!(*c,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{591}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}'
            | '\u{6d6}'..='\u{6ed}');
        // `й` and `ў` are letters of their own.
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

/// An Arabic word without the article, which is written together with it.
fn without_article(word: &str) -> &str {
    let behind = word.strip_prefix(['و', 'ف', 'ب', 'ك']).unwrap_or(word);
    let bare = behind.strip_prefix("ال").or(word.strip_prefix("لل"));
    bare.filter(|bare| bare.chars().count() > 2).unwrap_or(word)
}
