//! Finds the passage of a text that is most similar to words that it does not contain, and the
//! differences.
//!
//! Words are aligned by edit distance, with free ends in the text (Sellers' algorithm). In scripts
//! without spaces, a character is a word.

use std::ops::Range;

use super::quotes::{is_edge, plain};
use crate::text::is_unspaced;

/// The maximum number of table cells for alignments in a run: a fraction of a second. Misquotations
/// are rare; in a book with thousands of them, only the first ones get a passage.
const BUDGET: usize = 40_000_000;

/// The maximum number of words of a quotation that are aligned.
const MOST_WORDS: usize = 400;

/// The cost of a word that is deleted, inserted or replaced.
const DIFFERENT: u32 = 2;

/// The cost of a word that differs in case or in punctuation at its ends.
const ALIKE: u32 = 1;

/// Finds the most similar passages until its budget is spent.
pub(super) struct Finder {
    left: usize,
}

/// The most similar passage of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Passage {
    /// Its byte range in the text.
    pub range: Range<usize>,
    /// Its edit distance from the quotation.
    pub cost: u32,
    /// The differences: words of the quotation, and those of the text; either can be empty.
    pub differences: Vec<(String, String)>,
}

/// A text split into words.
pub(super) struct Words {
    words: Vec<Word>,
}

struct Word {
    range: Range<usize>,
    /// The word with unified quotes and dashes, for comparison.
    plain: String,
    /// The same in lower case, without punctuation at its ends.
    bare: String,
}

impl Words {
    pub(super) fn of(text: &str) -> Words {
        let mut words = Vec::new();
        let mut start = None;
        let mut push = |range: Range<usize>| {
            let plain = plain(&text[range.clone()]);
            let bare = plain.trim_matches(|c: char| !c.is_alphanumeric());
            let bare = bare.to_lowercase();
            if !plain.is_empty() {
                words.push(Word { range, plain, bare });
            }
        };
        for (at, c) in text.char_indices() {
            let is_alone = is_unspaced(c);
            if (c.is_whitespace() || is_alone)
                && let Some(start) = start.take()
            {
                push(start..at);
            }
            if is_alone {
                push(at..at + c.len_utf8());
            } else if !c.is_whitespace() {
                start.get_or_insert(at);
            }
        }
        if let Some(start) = start {
            push(start..text.len());
        }
        Words { words }
    }
}

impl Finder {
    pub(super) fn new() -> Finder {
        Finder { left: BUDGET }
    }

    /// Returns the passage of `text`, split into `words`, that is most similar to `quotation`.
    /// `None` if most of the quotation does not occur, or the budget is spent.
    pub(super) fn find(&mut self, quotation: &str, text: &str, words: &Words) -> Option<Passage> {
        let mut sought = Words::of(quotation).words;
        sought.truncate(MOST_WORDS);
        let kept = &words.words;
        let cells = sought.len() * kept.len();
        self.left = self.left.checked_sub(cells)?;
        let (cost, place) = nearest(&sought, kept)?;
        let found = &kept[place];
        let (first, last) = (found.first()?, found.last()?);
        let (differences, absent) = differences(quotation, &sought, text, found);
        // Words such as “of the” occur everywhere, so half of the letters must match.
        let is_near = cost <= sought.len() as u32 * 3 / 2 && absent * 2 <= quotation.len();
        let range = first.range.start..last.range.end;
        let passage = text[range.clone()].trim_start_matches(is_edge);
        let start = range.end - passage.len();
        let end = start + passage.trim_end_matches(is_edge).len();
        is_near.then_some(Passage {
            range: start..end,
            cost,
            differences,
        })
    }
}

/// Returns the distance of two words. Punctuation around the whole quotation is ignored.
fn cost(sought: &[Word], at: usize, word: &Word) -> u32 {
    let wanted = &sought[at];
    if wanted.bare != word.bare {
        return DIFFERENT;
    }
    let (mut ours, mut theirs) = (wanted.plain.as_str(), word.plain.as_str());
    if at == 0 {
        ours = ours.trim_start_matches(is_edge);
        theirs = theirs.trim_start_matches(is_edge);
    }
    if at + 1 == sought.len() {
        ours = ours.trim_end_matches(is_edge);
        theirs = theirs.trim_end_matches(is_edge);
    }
    if ours == theirs { 0 } else { ALIKE }
}

/// Returns the lowest cost of all passages in `kept`, and the first passage with it.
fn nearest(sought: &[Word], kept: &[Word]) -> Option<(u32, Range<usize>)> {
    // For each prefix of `sought`: the cost of ending here, and the start of that passage.
    let mut column: Vec<(u32, usize)> = (0..=sought.len())
        .map(|n| (n as u32 * DIFFERENT, 0))
        .collect();
    let mut best: Option<(u32, Range<usize>)> = None;
    for (at, word) in kept.iter().enumerate() {
        let mut diagonal = column[0];
        column[0] = (0, at + 1);
        for n in 0..sought.len() {
            let (left, above) = (column[n + 1], column[n]);
            let replaced = (diagonal.0 + cost(sought, n, word), diagonal.1);
            let put_in = (left.0 + DIFFERENT, left.1);
            let left_out = (above.0 + DIFFERENT, above.1);
            diagonal = left;
            column[n + 1] = [replaced, put_in, left_out]
                .into_iter()
                .min_by_key(|(cost, _)| *cost)
                .unwrap_or(replaced);
        }
        let (least, start) = column[sought.len()];
        let is_better = |(cost, place): &(u32, Range<usize>)| {
            // If passages have equal cost and the same start, the longer one is used.
            least < *cost || (least == *cost && start == place.start)
        };
        if start <= at && best.as_ref().is_none_or(is_better) {
            best = Some((least, start..at + 1));
        }
    }
    best
}

/// Returns the runs of words in which a quotation and a passage differ, and the number of bytes of
/// the quotation without a counterpart.
fn differences(
    quotation: &str,
    sought: &[Word],
    text: &str,
    found: &[Word],
) -> (Vec<(String, String)>, usize) {
    let width = found.len() + 1;
    let mut table = vec![0_u32; (sought.len() + 1) * width];
    for row in 0..=sought.len() {
        for column in 0..=found.len() {
            let at = row * width + column;
            table[at] = match (row, column) {
                (0, n) | (n, 0) => n as u32 * DIFFERENT,
                _ => {
                    let same = cost(sought, row - 1, &found[column - 1]);
                    let replaced = table[at - width - 1] + same;
                    let one_less = table[at - 1].min(table[at - width]) + DIFFERENT;
                    replaced.min(one_less)
                }
            };
        }
    }
    // Backwards from the end: the words on each side that belong to one difference.
    let (mut row, mut column) = (sought.len(), found.len());
    let mut runs: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    let (mut is_open, mut absent) = (false, 0);
    while row > 0 || column > 0 {
        let at = row * width + column;
        let pair = (row > 0 && column > 0)
            .then(|| cost(sought, row - 1, &found[column - 1]))
            .filter(|same| table[at] == table[at - width - 1] + same);
        let (end_row, end_column) = (row, column);
        match pair {
            Some(_) => (row, column) = (row - 1, column - 1),
            None if row > 0 && table[at] == table[at - width] + DIFFERENT => row -= 1,
            None => column -= 1,
        }
        if row < end_row && pair.is_none_or(|cost| cost == DIFFERENT) {
            absent += sought[row].range.len();
        }
        if pair == Some(0) {
            is_open = false;
        } else if is_open && let Some(run) = runs.last_mut() {
            (run.0.start, run.1.start) = (row, column);
        } else {
            runs.push((row..end_row, column..end_column));
            is_open = true;
        }
    }
    let words = |text: &str, words: &[Word]| match (words.first(), words.last()) {
        (Some(first), Some(last)) => text[first.range.start..last.range.end].to_owned(),
        _ => String::new(),
    };
    let pairs = runs
        .into_iter()
        .rev()
        .map(|(ours, theirs)| (words(quotation, &sought[ours]), words(text, &found[theirs])));
    (pairs.collect(), absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(quotation: &str, text: &str) -> Option<(String, Vec<(String, String)>)> {
        let words = Words::of(text);
        let passage = Finder::new().find(quotation, text, &words)?;
        let found = text[passage.range.clone()].to_owned();
        Some((found, passage.differences))
    }

    #[test]
    fn the_nearest_passage_is_found_with_the_words_that_differ() {
        let text = "It was cold. We found that the intruders came from Valdoria, twice. So be it.";
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        for (quotation, passage, expected) in [
            (
                "that the intruders were Valdorian, twice",
                "that the intruders came from Valdoria, twice",
                vec![pair("were Valdorian,", "came from Valdoria,")],
            ),
            (
                "that intruders came from Valdoria,",
                "the intruders came from Valdoria",
                vec![pair("that", "the")],
            ),
            (
                "We have found that The intruders",
                "We found that the intruders",
                vec![pair("have", ""), pair("The", "the")],
            ),
        ] {
            let found = find(quotation, text);
            assert_eq!(found, Some((passage.to_owned(), expected)), "{quotation}");
        }
        assert_eq!(find("nothing of the kind happened", text), None);
        assert_eq!(find("", text), None);
        assert_eq!(find("cold", ""), None);
    }

    #[test]
    fn characters_are_words_where_no_spaces_are_written() {
        let found = find("坚决反对一切攻击", "中方坚决反对任何攻击。");
        let (passage, differences) = found.expect("a passage");
        assert_eq!(passage, "坚决反对任何攻击");
        assert_eq!(differences, [("一切".to_owned(), "任何".to_owned())]);
    }

    #[test]
    fn a_budget_ends_the_search() {
        let text = "word ".repeat(20_000);
        let words = Words::of(&text);
        let mut finder = Finder::new();
        let quotation = "word and ".repeat(150);
        let found = (0..20).filter(|_| finder.find(&quotation, &text, &words).is_some());
        assert!((1..10).contains(&found.count()));
    }
}
