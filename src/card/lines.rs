//! A text in lines that fit.

use super::fonts::{Fonts, Hand};

/// A text broken into lines, at the size at which it fits.
pub(super) struct Lines {
    /// The height of the letters' square, in pixels.
    pub size: f32,
    pub lines: Vec<String>,
}

/// The space that a text has.
pub(super) struct Room<'a> {
    /// Pixels.
    pub width: f32,
    /// Sizes to try, the largest first, each with the most lines that it may have.
    pub sizes: &'a [(f32, usize)],
}

/// Characters of a text that are looked at: no card has room for as many.
const LONGEST: usize = 2_000;

/// Breaks a text at the largest of the sizes at which it fits; what does not fit at the smallest
/// either ends in `…`.
pub(super) fn broken(text: &str, hand: Hand, fonts: &Fonts, room: &Room<'_>) -> Lines {
    let words: String = text.chars().take(LONGEST).collect();
    let words: Vec<String> = words.split_whitespace().map(clean).collect();
    let mut last = None;
    for (size, most) in room.sizes {
        let fits = |line: &str| fonts.width(line, hand) * size <= room.width;
        let lines = filled(&words, &fits);
        if lines.len() <= *most {
            return Lines { size: *size, lines };
        }
        last = Some((*size, shortened(lines, *most, &fits)));
    }
    let (size, lines) = last.unwrap_or_default();
    Lines { size, lines }
}

/// Lines as full as they can be.
fn filled(words: &[String], fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            if fits(&longer) {
                *line = longer;
                continue;
            }
        }
        lines.push(String::new());
        // A word that has no line to fit on, as a whole sentence of a script without spaces.
        let mut rest = word.chars().peekable();
        while let Some(c) = rest.next() {
            let line = lines.last_mut().expect("one was pushed");
            line.push(c);
            let can_part = rest.peek().is_some_and(|next| !is_mark(*next));
            if can_part && !fits(&format!("{line}{}", rest.peek().copied().unwrap_or(' '))) {
                lines.push(String::new());
            }
        }
    }
    lines
}

/// The first lines of a text, the last one ending in `…`.
fn shortened(mut lines: Vec<String>, most: usize, fits: &dyn Fn(&str) -> bool) -> Vec<String> {
    lines.truncate(most);
    if let Some(last) = lines.last_mut() {
        while !fits(&format!("{last}…")) {
            match last.rfind(' ') {
                Some(at) => last.truncate(at),
                None => {
                    last.pop();
                }
            }
        }
        last.truncate(last.trim_end_matches([',', ';', ':', '.', '–', '-']).len());
        last.push('…');
    }
    lines
}

/// Without what a drawing cannot hold.
fn clean(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).collect()
}

/// Whether a character stands on the one before it, so that no line begins with it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}
