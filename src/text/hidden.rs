//! Invisible characters that change how a text looks.
//!
//! The rules for joiners follow UTS 39 (section 3.1.1) and RFC 5892 (appendix A): a joiner is part
//! of the spelling of Persian, Hindi and other languages and of emoji, and is allowed there.

use unicode_script::{Script, UnicodeScript as _};

/// The effect of a hidden character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// It reorders the text around it: "did ton admit" reads as "did not admit".
    Reorders,
    /// It is invisible: two names that look the same can differ by it.
    Unseen,
}

/// True if a character always reorders others or is invisible.
pub fn is_hidden(c: char) -> bool {
    kind(c).is_some()
}

/// Returns the characters of a text that are hidden and not part of the spelling of its language,
/// with their byte positions.
pub fn hidden(text: &str) -> impl Iterator<Item = (usize, char, Hidden)> {
    let is_ascii = text.is_ascii();
    let letters = text.char_indices().filter(move |_| !is_ascii);
    letters.filter_map(move |(at, c)| {
        let kind = kind(c)?;
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        (!is_spelling(c, before, after)).then_some((at, c, kind))
    })
}

fn kind(c: char) -> Option<Hidden> {
    match c {
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some(Hidden::Reorders)
        }
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Some(Hidden::Unseen),
        _ => None,
    }
}

/// True if the character has a function between `before` and `after`.
fn is_spelling(c: char, before: &str, after: &str) -> bool {
    let last = || before.chars().next_back();
    let next = after.chars().next();
    match c {
        // These marks are allowed only where they place punctuation in right-to-left text.
        '\u{61c}' | '\u{200e}' | '\u{200f}' => near_right_to_left(before, after),
        '\u{200c}' | '\u{200d}' => {
            let base = || before.chars().rev().find(|c| !is_mark(*c));
            let joins = |c: char| is_joining(c.script());
            is_emoji_joint(c, before, next)
                || base().is_some_and(joins)
                    && (next.is_none_or(|next| joins(next) || !next.is_alphanumeric()))
        }
        // In scripts without spaces, it marks where a line can break.
        '\u{200b}' => {
            let is_unspaced = |c: char| {
                let script = c.script();
                [
                    Script::Thai,
                    Script::Lao,
                    Script::Khmer,
                    Script::Myanmar,
                    Script::Tibetan,
                    Script::Tai_Tham,
                    Script::Javanese,
                    Script::Balinese,
                ]
                .contains(&script)
            };
            let base = before
                .chars()
                .rev()
                .find(|c| c.script() != Script::Inherited);
            base.is_some_and(is_unspaced) && next.is_some_and(is_unspaced)
        }
        // Emoji or text style, and variants of symbols and ideographs.
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => last().is_some_and(|last| {
            !last.is_alphabetic() && !last.is_whitespace() && kind(last).is_none()
                || matches!(
                    last.script(),
                    Script::Han | Script::Mongolian | Script::Phags_Pa | Script::Myanmar
                )
        }),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => {
            last().is_some_and(|last| last.script() == Script::Mongolian)
        }
        '\u{180e}' => last().is_some_and(|last| last.script() == Script::Mongolian),
        // The flags of England, Scotland and Wales.
        '\u{e0020}'..='\u{e007f}' => {
            let flag = before
                .trim_end_matches(|c: char| ('\u{e0020}'..='\u{e007e}').contains(&c))
                .chars()
                .next_back();
            flag == Some('\u{1f3f4}')
        }
        // Used in Old Korean.
        '\u{115f}' => next.is_some_and(|next| ('\u{1160}'..='\u{11a7}').contains(&next)),
        '\u{1160}' => last().is_some_and(|last| ('\u{1100}'..='\u{115f}').contains(&last)),
        _ => false,
    }
}

fn is_mark(c: char) -> bool {
    c.script() == Script::Inherited && kind(c).is_none()
}

/// Joiners combine emoji: a family consists of three of them.
fn is_emoji_joint(c: char, before: &str, next: Option<char>) -> bool {
    let is_modifier = |c: &char| matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{20e3}');
    let is_emoji = |c: char| matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{2bff}' | '\u{3030}' | '\u{303d}');
    let base = before.chars().rev().find(|c| !is_modifier(c));
    c == '\u{200d}' && base.is_some_and(is_emoji) && next.is_some_and(is_emoji)
}

/// Returns whether letters of the script join or stack, so that a joiner is part of the spelling.
fn is_joining(script: Script) -> bool {
    matches!(
        script,
        Script::Arabic
            | Script::Syriac
            | Script::Mandaic
            | Script::Nko
            | Script::Mongolian
            | Script::Phags_Pa
            | Script::Adlam
            | Script::Hanifi_Rohingya
            | Script::Sogdian
            | Script::Devanagari
            | Script::Bengali
            | Script::Gurmukhi
            | Script::Gujarati
            | Script::Oriya
            | Script::Tamil
            | Script::Telugu
            | Script::Kannada
            | Script::Malayalam
            | Script::Sinhala
            | Script::Khmer
            | Script::Myanmar
            | Script::Tibetan
            | Script::Balinese
            | Script::Javanese
            | Script::Sundanese
            | Script::Grantha
            | Script::Newa
            | Script::Tirhuta
            | Script::Siddham
            | Script::Modi
            | Script::Sharada
            | Script::Kaithi
            | Script::Chakma
            | Script::Meetei_Mayek
            | Script::Limbu
            | Script::Lepcha
            | Script::Brahmi
            | Script::Kharoshthi
    )
}

/// True if the nearest letters on one side are right-to-left.
fn near_right_to_left(before: &str, after: &str) -> bool {
    const NEAR: usize = 40;
    let is_right_to_left = |c: char| {
        matches!(
            c.script(),
            Script::Arabic
                | Script::Hebrew
                | Script::Syriac
                | Script::Thaana
                | Script::Nko
                | Script::Mandaic
                | Script::Samaritan
                | Script::Adlam
                | Script::Hanifi_Rohingya
        )
    };
    before.chars().rev().take(NEAR).any(is_right_to_left)
        || after.chars().take(NEAR).any(is_right_to_left)
}
