//! Breaks a text into lines.

use super::fonts::{Fonts, Hand};

/// A text broken into lines, with the font size at which it fits.
pub(super) struct Lines {
    /// The font size, in pixels.
    pub size: f32,
    pub lines: Vec<String>,
}

/// The space for a text.
pub(super) struct Room<'a> {
    /// The width, in pixels.
    pub width: f32,
    /// Font sizes to try, the largest first, each with its maximum number of lines.
    pub sizes: &'a [(f32, usize)],
}

/// The number of characters that are considered: more never fit on a card.
const LONGEST: usize = 2_000;

/// Breaks a text at the largest font size at which it fits. A text that does not fit at the
/// smallest one ends in `…`.
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

/// Fills lines greedily.
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
        // A word that is wider than a line, such as a whole sentence in a script without spaces.
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

/// Returns the first lines of a text, with `…` at the end of the last one.
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

/// Removes characters that are invalid in the SVG.
fn clean(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).collect()
}

/// True if a character combines with the one before it, so that no line can begin with it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}
