//! Splits a sentence into words, each with the separator before it.

use std::borrow::Cow;
use std::ops::Range;

use super::lexicon::Class;

/// The separator between a word and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    Space,
    Comma,
    /// Any other punctuation, and the start of the sentence.
    Break,
}

#[derive(Debug)]
pub(super) struct Word<'a> {
    /// Its byte range in the block.
    pub(super) range: Range<usize>,
    /// In lower case, with straight apostrophes.
    pub(super) lower: Cow<'a, str>,
    pub(super) class: Class,
    pub(super) gap: Gap,
    pub(super) is_capital: bool,
}

impl Word<'_> {
    pub(super) fn is(&self, class: Class) -> bool {
        self.class.has(class)
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        words.contains(&self.lower.as_ref())
    }

    /// `the firm's`, `its`.
    pub(super) fn is_possessive(&self) -> bool {
        self.is(Class::POSSESSIVE) || self.lower.ends_with("'s") || self.lower.ends_with("s'")
    }
}

/// Returns the words of the `sentence` of `text`.
pub(super) fn words(text: &str, sentence: Range<usize>) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut gap = Gap::Break;
    let mut chars = text[sentence.clone()].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !c.is_alphanumeric() {
            gap = match (c, gap) {
                (_, Gap::Break) => Gap::Break,
                (',', _) => Gap::Comma,
                (c, gap) if c.is_whitespace() => gap,
                _ => Gap::Break,
            };
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, c)) = chars.peek().copied() {
            let rest = &text[sentence.start + at + c.len_utf8()..sentence.end];
            // An apostrophe or hyphen belongs to the word if the word continues after it. The
            // apostrophe of a plural genitive belongs to the word before it.
            let is_inner = match c {
                '\'' | '’' => {
                    rest.starts_with(char::is_alphanumeric)
                        || ends_in_s(text, sentence.start + end, rest)
                }
                '-' | '‑' | '&' => rest.starts_with(char::is_alphanumeric),
                '.' => false,
                c => c.is_alphanumeric(),
            };
            if !is_inner {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        let range = sentence.start + at..sentence.start + end;
        let written = &text[range.clone()];
        let is_capital = c.is_uppercase();
        let lower = if written.bytes().all(|byte| byte.is_ascii_lowercase()) {
            Cow::Borrowed(written)
        } else {
            Cow::Owned(written.to_lowercase().replace('’', "'").replace('‑', "-"))
        };
        let class = Class::of(&lower);
        words.push(Word {
            range,
            lower,
            class,
            gap,
            is_capital,
        });
        gap = Gap::Space;
    }
    words
}

/// True if an apostrophe at `end`, before `rest`, ends a genitive: `residents' views`.
fn ends_in_s(text: &str, end: usize, rest: &str) -> bool {
    text[..end].ends_with('s') && rest.starts_with(' ') && !rest.contains(['\'', '’'])
}
