//! Words compared as people compare them: folded, slugged, nearly the same.

use std::borrow::Cow;
use std::cell::Cell;

use unicode_normalization::UnicodeNormalization as _;

/// The form in which names are compared: NFC, lower case, white space folded to one space.
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

/// `text` on one line: white space folded to single spaces, none at the ends.
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
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    Cow::Owned(line)
}

/// An address part for `text`: ASCII letters, digits and single hyphens; other scripts are
/// written in Latin letters. Empty when nothing is left.
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

/// The candidate nearest to `word` by edit distance, if it is near enough to be meant:
/// at most a third of its letters differ. Equal distances go to the first candidate.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Guess::default().nearest(word, candidates)
}

/// Steps of comparison that a run may spend on guessing what was meant, a fraction of a second.
const GUESSING: u64 = 200_000_000;

/// Guesses what unknown words were meant to be, for a whole run.
///
/// To compare all that is unknown with all that is known costs the product of the two. So there
/// is a budget, and when it is spent nothing is near any more: hundreds of slips were told with a
/// guess by then, in a book of two thousand names.
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
    /// Whether there is anything left to spend.
    pub fn is_possible(&self) -> bool {
        self.left.get() > 0
    }

    /// As [`nearest`]; nothing when the budget is spent.
    pub fn nearest<'a>(
        &self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        const LOOK: u64 = 50;
        let word: Vec<char> = fold(word).chars().take(80).collect();
        let limit = (word.len() / 3).max(1);
        let mut best: Option<(usize, &str)> = None;
        for candidate in candidates {
            let letters: Vec<char> = fold(candidate).chars().take(80).collect();
            let is_far = letters.len().abs_diff(word.len()) > limit;
            let steps = if is_far {
                0
            } else {
                word.len() * letters.len()
            };
            let left = self.left.get().saturating_sub(LOOK + steps as u64);
            self.left.set(left);
            if left == 0 {
                return None;
            }
            if is_far {
                continue;
            }
            let distance = distance(&word, &letters);
            if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, candidate));
            }
        }
        best.map(|(_, candidate)| candidate)
    }
}

/// Edit distance in which a swap of neighbours counts once, as a typing slip does.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

/// The name of a tag's page; `index` is the list's.
pub fn tag_slug(tag: &str) -> String {
    match slug(tag).as_str() {
        "" | "index" => format!("tag-{}", slug(tag))
            .trim_end_matches('-')
            .to_string(),
        slug => slug.to_string(),
    }
}

/// Whether `text` has the form of a language's code in BCP 47: `en`, `pt-BR`, `zh-Hans`, with an
/// underscore for a hyphen too, as mdBook's books have it.
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
