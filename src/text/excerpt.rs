//! Shortens a text without breaking words.

use unicode_segmentation::UnicodeSegmentation as _;

use super::is_dense;

/// Returns the beginning of `text`, at most `most` grapheme clusters long and cut at a word
/// boundary, or `None` if all of it fits.
///
/// Words end at white space. Scripts without spaces between words (Chinese, Japanese, Thai …) are
/// cut between characters. A single word that does not fit is cut between grapheme clusters (UAX
/// 29). The caller adds the ellipsis, because in a quotation it belongs after the closing quotation
/// mark.
///
/// ```
/// assert_eq!(whosaid::text::excerpt("an attribution", 14), None);
/// assert_eq!(whosaid::text::excerpt("an attribution", 13), Some("an"));
/// ```
pub fn excerpt(text: &str, most: usize) -> Option<&str> {
    // A grapheme cluster has at least one byte.
    if text.len() <= most {
        return None;
    }
    let (limit, _) = text.grapheme_indices(true).nth(most)?;
    let is_border = |at: &usize| {
        let before = text[..*at].chars().next_back();
        let after = text[*at..].chars().next();
        [before, after]
            .into_iter()
            .flatten()
            .any(|c| c.is_whitespace() || is_unspaced(c))
    };
    let bounds = text.split_word_bound_indices().map(|(at, _)| at);
    let borders = bounds.take_while(|at| *at <= limit).filter(is_border);
    let mut best = None;
    for border in borders {
        let cut = trimmed(&text[..border]);
        if !cut.is_empty() {
            best = Some(cut);
        }
    }
    Some(best.unwrap_or(&text[..limit]))
}

/// Removes characters that an excerpt must not end with: space, separators, dashes and opening
/// brackets.
fn trimmed(text: &str) -> &str {
    text.trim_end_matches(|c: char| {
        c.is_whitespace() || ",;:([{“‘„«‹「『（、，；：—–-…".contains(c)
    })
}

/// True if a line may end at `c` without a space: its script writes none between words, or it is
/// the punctuation of such a script.
pub fn is_unspaced(c: char) -> bool {
    is_dense(c)
        || matches!(c,
            '\u{2e80}'..='\u{303f}' // CJK radicals and punctuation
            | '\u{ff00}'..='\u{ff9f}') // full-width and half-width forms
}

#[cfg(test)]
mod tests {
    use super::excerpt;
    use proptest::prelude::*;

    #[test]
    fn a_text_is_cut_at_a_word() {
        for (text, most, expected) in [
            ("They opened the letters", 23, None),
            ("They opened the letters", 22, Some("They opened the")),
            ("They opened, and left", 13, Some("They opened")),
            ("They opened (all) letters", 14, Some("They opened")),
            // A hyphen does not end a word.
            ("the state-sponsored group", 12, Some("the")),
            ("it wasn’t they who", 8, Some("it")),
            // A word that does not fit is cut between grapheme clusters.
            ("supercalifragilistic", 5, Some("super")),
            (
                "e\u{301}e\u{301}e\u{301}e\u{301}",
                2,
                Some("e\u{301}e\u{301}"),
            ),
            ("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 1, Some("👩‍👩‍👧")),
            (
                "中国政府坚决反对任何形式的网络攻击",
                6,
                Some("中国政府坚决"),
            ),
            ("我们反对，坚决反对", 5, Some("我们反对")),
            ("ประเทศจีนต่อต้าน", 8, Some("ประเทศจีน")),
            ("Мы не имели отношения", 12, Some("Мы не имели")),
        ] {
            assert_eq!(excerpt(text, most), expected, "{text:?} at {most}");
        }
    }

    proptest! {
        #[test]
        fn an_excerpt_is_a_beginning_that_breaks_no_word(
            text in "([a-zé]{1,9}[ ,.] ?|[“”(–]|中|e\u{301}|👍🏽){0,30}",
            most in 1_usize..60,
        ) {
            use unicode_segmentation::UnicodeSegmentation as _;

            let count = text.graphemes(true).count();
            match excerpt(&text, most) {
                None => prop_assert!(count <= most),
                Some(cut) => {
                    prop_assert!(count > most && text.starts_with(cut));
                    prop_assert!(cut.graphemes(true).count() <= most);
                    let is_in_a_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase());
                    let broken = is_in_a_word(cut.chars().next_back())
                        && is_in_a_word(text[cut.len()..].chars().next());
                    // Only the first word can be broken.
                    prop_assert!(!broken || !cut.contains(' '), "{cut:?}");
                }
            }
        }
    }
}
