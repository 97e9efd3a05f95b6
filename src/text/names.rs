//! Comparison of names and words across spellings, line ends and scripts.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns the key under which two spellings of a name are equal: [`plain`] text in full case
/// folding.
pub fn name_key(text: &str) -> String {
    let plain = plain(text);
    let mut key = String::with_capacity(plain.len());
    if plain.is_ascii() {
        key.extend(plain.chars().map(|c| c.to_ascii_lowercase()));
        return key;
    }
    for c in plain.chars() {
        match c {
            // The dotless letter folds to itself.
            'ı' => key.push('ı'),
            // `ß` and the final sigma are lower-case letters; only their upper case shows that they
            // equal `ss` and `σ`.
            c => key.extend(
                c.to_lowercase()
                    .flat_map(char::to_uppercase)
                    .flat_map(char::to_lowercase),
            ),
        }
    }
    key
}

/// Returns `text` as typed on a keyboard, in NFC: straight quotes, hyphens for dashes, three dots
/// for an ellipsis, one space for white space, no invisible characters. Case is kept.
pub fn plain(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text.trim());
    }
    let composed: String = text.nfc().collect();
    let plain = PlainText::of(&composed).text;
    Cow::Owned(plain.trim().to_owned())
}

/// A text in the form of [`plain`], with the source range of each byte. Its ends are not trimmed.
#[derive(Debug)]
pub struct PlainText<'a> {
    /// The text in this form; borrowed if it already had it.
    pub text: Cow<'a, str>,
    /// The source range of each byte; empty if the text is already plain.
    origins: Vec<Range<u32>>,
}

impl PlainText<'_> {
    /// Converts `text`, in time linear in its length.
    pub fn of(text: &str) -> PlainText<'_> {
        if is_plain(text) {
            return PlainText {
                text: Cow::Borrowed(text),
                origins: Vec::new(),
            };
        }
        let mut plain = Plain {
            text: String::with_capacity(text.len()),
            origins: Vec::with_capacity(text.len()),
        };
        let mut chars = text.char_indices().peekable();
        let mut before = None;
        while let Some((at, c)) = chars.next() {
            let mut end = at + c.len_utf8();
            let mut next = |wanted: &dyn Fn(char) -> bool| {
                let (at, c) = chars.next_if(|(_, c)| wanted(*c))?;
                end = at + c.len_utf8();
                Some(c)
            };
            match c {
                c if c.is_whitespace() => {
                    let mut ends_line = c == '\n';
                    while let Some(c) = next(&char::is_whitespace) {
                        ends_line |= c == '\n';
                    }
                    let after = text[end..].chars().next();
                    if !ends_line || !joins(before, after) {
                        plain.push(" ", at..end);
                    }
                }
                '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => {
                    while next(&|c| "-‐‑‒–—―−".contains(c)).is_some() {}
                    plain.push("-", at..end);
                }
                '“' | '”' | '„' | '‟' | '«' | '»' | '″' => plain.push("\"", at..end),
                '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' => plain.push("'", at..end),
                '…' => plain.push("...", at..end),
                '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' => {}
                c => {
                    let mut has_marks = false;
                    while next(&is_combining_mark).is_some() {
                        has_marks = true;
                    }
                    if has_marks {
                        let composed: String = text[at..end].nfc().collect();
                        plain.push(&composed, at..end);
                    } else {
                        plain.push(c.encode_utf8(&mut [0; 4]), at..end)
                    }
                }
            }
            before = Some(c);
        }
        PlainText {
            text: Cow::Owned(plain.text),
            origins: plain.origins,
        }
    }

    /// Returns the source range of a `range` of the plain text.
    pub fn origin(&self, range: Range<usize>) -> Range<usize> {
        match (
            self.origins.get(range.start),
            self.origins[..range.end.min(self.origins.len())].last(),
        ) {
            (Some(first), Some(last)) if !range.is_empty() => {
                first.start as usize..last.end as usize
            }
            _ => range,
        }
    }
}

struct Plain {
    text: String,
    origins: Vec<Range<u32>>,
}

impl Plain {
    fn push(&mut self, text: &str, origin: Range<usize>) {
        self.text.push_str(text);
        let origin = origin.start as u32..origin.end as u32;
        self.origins.resize(self.text.len(), origin);
    }
}

/// True if `text` is ASCII and needs no folding, as most texts are.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.is_ascii()
        && !bytes
            .iter()
            .any(|byte| byte.is_ascii_whitespace() && *byte != b' ')
        && !bytes.windows(2).any(|pair| matches!(pair, b"  " | b"--"))
}

/// True if a line end between the two characters is not a space: both are wide, and neither is
/// Hangul (CSS Text 3, segment break transformation rules).
pub fn joins(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(is_wide) && after.is_some_and(is_wide)
}

/// True for East Asian Width F, W and H by Unicode block, without Hangul, which uses spaces, and
/// emoji, which occur in every script.
fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{303e}' // radicals, CJK punctuation
        | '\u{3041}'..='\u{312f}' // kana, bopomofo
        | '\u{3190}'..='\u{31ff}'
        | '\u{3220}'..='\u{325f}'
        | '\u{3280}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' // Han
        | '\u{a000}'..='\u{a4cf}' // Yi
        | '\u{f900}'..='\u{faff}'
        | '\u{fe10}'..='\u{fe19}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff01}'..='\u{ff9f}' // full-width and half-width forms
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{20000}'..='\u{3fffd}')
}

/// True for scripts that put no spaces between words.
pub fn is_dense(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' // kana
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' // Han
        | '\u{20000}'..='\u{323af}')
}

/// True if a name at `range` of `text` is a whole word there.
///
/// Scripts without spaces have no visible word boundaries, so a name counts anywhere; only a run of
/// katakana is one word. A Korean name, or a Latin name before Hangul, can have a particle after
/// it.
pub fn is_whole_name(text: &str, range: &Range<usize>) -> bool {
    let name = &text[range.clone()];
    let (Some(first), Some(last)) = (name.chars().next(), name.chars().next_back()) else {
        return false;
    };
    let before = text[..range.start].chars().next_back();
    let rest = &text[range.end..];
    let after = rest.chars().next();
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || is_combining_mark(c);
    let is_split = |one: char, other: char| {
        (is_dense(one) || is_dense(other)) && !(is_katakana(one) && is_katakana(other))
    };
    let begins = before.is_none_or(|before| !is_word(before) || is_split(before, first));
    let ends = after.is_none_or(|after| {
        !is_word(after)
            || is_split(last, after) && !is_combining_mark(after)
            || is_hangul(after) && is_particle(rest)
    });
    begins && ends
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}')
}

/// True if the Hangul at the start of `text` is a particle that follows nouns.
fn is_particle(text: &str) -> bool {
    let end = text.find(|c| !is_hangul(c)).unwrap_or(text.len());
    PARTICLES.contains(&&text[..end])
}

const PARTICLES: &[&str] = &[
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "에서",
    "에게",
    "에게서",
    "께",
    "께서",
    "와",
    "과",
    "도",
    "로",
    "으로",
    "만",
    "부터",
    "까지",
    "처럼",
    "보다",
    "이나",
    "나",
    "라고",
    "이라고",
    "라는",
    "이라는",
    "란",
    "이란",
    "조차",
    "마저",
    "하고",
    "한테",
    "에는",
    "에도",
    "에서는",
    "에서도",
    "로는",
    "으로는",
    "와의",
    "과의",
    "로부터",
    "으로부터",
    "이며",
    "며",
    "이고",
    "고",
    "인",
    "이다",
    "다",
    "였다",
    "이었다",
    "측",
    "측은",
    "측이",
];
