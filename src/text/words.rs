//! Comparison of words: case folding, slugs, edit distance.

use std::borrow::Cow;
use std::cell::Cell;

use unicode_normalization::UnicodeNormalization as _;

use super::names::joins;

/// Returns the form in which names are compared: NFC, lower case, runs of white space as one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        if word.is_ascii() {
            folded.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        } else {
            folded.extend(word.nfc().flat_map(char::to_lowercase));
        }
    }
    folded
}

/// Returns `text` on one line: white space as single spaces, none at the ends. A line end between
/// two wide characters is not a space.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let mut is_folded = true;
    let mut before = ' ';
    for c in text.chars() {
        is_folded &= !c.is_whitespace() || (c == ' ' && before != ' ');
        before = c;
    }
    if text.is_empty() || (is_folded && before != ' ') {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        line.push_str(word);
        rest = after.trim_start();
        let ends_line = after[..after.len() - rest.len()].contains('\n');
        let is_joined = ends_line && joins(word.chars().next_back(), rest.chars().next());
        if !rest.is_empty() && !is_joined {
            line.push(' ');
        }
    }
    Cow::Owned(line)
}

/// Returns `text` as a part of an address: ASCII letters, digits and single hyphens; other scripts
/// are transliterated. Empty if nothing is left.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in deunicode::deunicode(text).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') && c != '\'' {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Returns the candidate nearest to `word` by edit distance, if at most a third of its letters
/// differ. Of equal distances, the first candidate is returned.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Guess::default().nearest(word, candidates)
}

/// The budget of a run for suggestions, in comparison steps: a fraction of a second.
const GUESSING: u64 = 200_000_000;

/// Finds suggestions for unknown words, for a whole run.
///
/// Comparing all unknown words with all known ones has quadratic cost. So there is a budget, and
/// after it is spent there are no more suggestions. It is enough for hundreds of typos in a book of
/// two thousand names.
#[derive(Debug)]
pub struct Guess {
    left: Cell<u64>,
}

impl Default for Guess {
    fn default() -> Guess {
        Guess {
            left: Cell::new(GUESSING),
        }
    }
}

impl Guess {
    /// True if some of the budget is left.
    pub fn is_possible(&self) -> bool {
        self.left.get() > 0
    }

    /// Like [`nearest`]; `None` if the budget is spent.
    pub fn nearest<'a>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        self.all_nearest(word, candidates).first().copied()
    }

    /// Returns all candidates that are nearest to `word`; none if the budget is spent.
    pub fn all_nearest<'a>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Vec<&'a str> {
        const LOOK: u64 = 50;
        let word = compared(word);
        let length = word.chars().count();
        let limit = (length / 3).max(1);
        let (mut least, mut best) = (limit + 1, Vec::new());
        for candidate in candidates {
            let other = compared(candidate);
            let letters = other.chars().count();
            let is_far = letters.abs_diff(length) > limit;
            let steps = if is_far { 0 } else { length * letters };
            let left = self.left.get().saturating_sub(LOOK + steps as u64);
            self.left.set(left);
            if left == 0 {
                return Vec::new();
            }
            if is_far {
                continue;
            }
            let distance = strsim::osa_distance(&word, &other);
            if distance < least {
                least = distance;
                best.clear();
            }
            if distance == least && distance <= limit {
                best.push(candidate);
            }
        }
        best
    }
}

/// The letters of a word that are compared: no word is long, but a title may be.
fn compared(word: &str) -> String {
    fold(word).chars().take(80).collect()
}

/// Returns the number of typing errors between two words, ignoring case.
pub fn slips(a: &str, b: &str) -> usize {
    strsim::osa_distance(&compared(a), &compared(b))
}

/// Returns the file name of a tag's page; `index` is reserved for the list.
pub fn tag_slug(tag: &str) -> String {
    match slug(tag).as_str() {
        "" | "index" => format!("tag-{}", slug(tag))
            .trim_end_matches('-')
            .to_string(),
        slug => slug.to_string(),
    }
}

/// True if `text` has the form of a BCP 47 language tag: `en`, `pt-BR`, `zh-Hans`. An underscore is
/// accepted instead of a hyphen, as in books for mdBook.
pub fn is_language(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let is_first = |part: &str| {
        matches!(part.len(), 2..=3) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let is_part = |part: &str| {
        matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    parts.next().is_some_and(is_first) && parts.all(is_part)
}
