//! Characters that make a text look like another one.
//!
//! The promise of a book is the exact words. A character that reorders others is reported
//! everywhere. One that is not seen is reported in what names something or repeats somebody's
//! words: front matter, headings, marks and quotations. So are words that mix letters of scripts
//! which look alike.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_script::{Script, UnicodeScript as _};
use unicode_security::confusable_detection::skeleton;

use super::markdown::Markdown;
use super::{DocKind, RawHeading, RawMark};
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{Node, Tag};
use crate::text::{Hidden, SourceText, Span, hidden};

/// At most this many of one kind are reported for a file.
const MOST: usize = 20;

/// Reports the characters of a document that hide something.
pub fn check(
    source: &SourceText,
    kind: DocKind,
    body_at: usize,
    markdown: &Markdown,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let text = source.as_str();
    if text.is_ascii() {
        return;
    }
    let places = verbatim(kind, body_at, markdown);
    let is_verbatim = |at: usize| places.iter().any(|place| place.contains(&at));
    // The kept text of a source is somebody else's, and shown as it is.
    let is_kept = |at: usize| matches!(kind, DocKind::Source) && at >= body_at;
    let mut found = [0; 2];
    for (at, c, what) in hidden(text) {
        if at == 0 && c == '\u{feff}' {
            continue;
        }
        let (number, diagnostic) = match what {
            Hidden::Reorders if !is_kept(at) || is_override(c) => (0, reorders(source, at, c)),
            Hidden::Unseen if !is_kept(at) && is_verbatim(at) => (1, unseen(source, at, c)),
            Hidden::Reorders | Hidden::Unseen => continue,
        };
        found[number] += 1;
        if found[number] <= MOST {
            diagnostics.push(diagnostic);
        }
    }
    let mut seen = BTreeSet::new();
    for place in places {
        let words = &text[place.clone()];
        for (at, word) in mixed(words).take(MOST) {
            if seen.insert(word) {
                let start = place.start + at;
                diagnostics.push(mixed_scripts(source, start..start + word.len(), word));
            }
        }
    }
}

/// Reports every hidden character of a file that only has names and titles, such as a
/// bibliography.
pub fn check_names(source: &SourceText, diagnostics: &mut Vec<Diagnostic>) {
    for (at, c, what) in hidden(source.as_str()).take(MOST) {
        // A mark of byte order.
        if at > 0 || c != '\u{feff}' {
            diagnostics.push(match what {
                Hidden::Reorders => reorders(source, at, c),
                Hidden::Unseen => unseen(source, at, c),
            });
        }
    }
}

/// Names that have a hidden character or mix scripts, for input that is not a document.
pub fn fault(name: &str) -> Option<String> {
    if let Some((_, c, _)) = hidden(name).next() {
        return Some(format!("contains {}, which is invisible", code_point(c)));
    }
    let (_, word) = mixed(name).next()?;
    Some(format!("mixes letters of two scripts in `{word}`"))
}

/// The text without the characters that are hidden and not part of its spelling.
pub fn without_hidden(text: &str) -> String {
    let left: BTreeSet<usize> = hidden(text).map(|(at, ..)| at).collect();
    let kept = text.char_indices().filter(|(at, _)| !left.contains(at));
    kept.map(|(_, c)| c).collect()
}

/// The parts of a document that name something or repeat somebody's words.
fn verbatim(kind: DocKind, body_at: usize, markdown: &Markdown) -> Vec<Range<usize>> {
    let front = 0..body_at;
    let mut places = Vec::from([front]);
    if matches!(kind, DocKind::Source) {
        return places;
    }
    let headings = markdown.headings.iter();
    places.extend(headings.map(|heading: &RawHeading| heading.span.range()));
    places.extend(
        markdown
            .marks
            .iter()
            .map(|mark: &RawMark| mark.span.range()),
    );
    for item in &markdown.body.items {
        if let Node::Start(Tag::Quote(_) | Tag::Mention(_)) = item.node {
            places.push(item.span.range());
        }
    }
    places
}

/// It reorders letters, whatever their direction.
fn is_override(c: char) -> bool {
    matches!(c, '\u{202d}' | '\u{202e}')
}

/// The words of a text that mix letters of two scripts, of which some look alike.
fn mixed(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_ascii = text.is_ascii();
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(move |word| !is_ascii && !word.is_ascii());
    words.filter_map(move |word| {
        // Only these have letters that look like letters of another.
        const ALIKE: [Script; 5] = [
            Script::Latin,
            Script::Cyrillic,
            Script::Greek,
            Script::Armenian,
            Script::Cherokee,
        ];
        let script = |c: char| Some(c.script()).filter(|script| ALIKE.contains(script));
        let scripts: BTreeSet<&str> = word
            .chars()
            .filter_map(script)
            .map(Script::short_name)
            .collect();
        let looks_latin = |c: char| {
            let script = script(c);
            script.is_some_and(|script| script != Script::Latin)
                && skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii_alphanumeric())
        };
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        (scripts.len() > 1 && word.chars().any(looks_latin)).then_some((at, word))
    })
}

/// `U+202E`.
fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn reorders(source: &SourceText, at: usize, c: char) -> Diagnostic {
    let place = source.place(Span::new(at..at + c.len_utf8()));
    Diagnostic::new(
        Code::BidiControl,
        place.clone(),
        format!(
            "{} changes the order in which this text is displayed",
            code_point(c)
        ),
    )
    .label("an invisible character")
    .hint("delete it: text of either direction is displayed correctly without it")
    .fix(Fix::replace(place, ""))
}

fn unseen(source: &SourceText, at: usize, c: char) -> Diagnostic {
    let place = source.place(Span::new(at..at + c.len_utf8()));
    Diagnostic::new(
        Code::UnseenCharacter,
        place.clone(),
        format!("invisible character {}", code_point(c)),
    )
    .label("these words differ from what they look like")
    .hint("delete it")
    .fix(Fix::replace(place, ""))
}

fn mixed_scripts(source: &SourceText, range: Range<usize>, word: &str) -> Diagnostic {
    let mut letters = word.chars().filter(|c| !c.is_ascii());
    let letter = letters.find(|c| {
        c.script() != Script::Latin && skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii())
    });
    let about = letter.map_or_else(String::new, |c| {
        format!(
            ": `{c}` is {} of the script {}",
            code_point(c),
            c.script().full_name()
        )
    });
    Diagnostic::new(
        Code::MixedScripts,
        source.place(Span::new(range)),
        format!("`{word}` mixes letters of two scripts{about}"),
    )
    .label("these letters look alike")
    .hint("write the word with letters of one script")
}
