//! Names within sentences of another direction, where no markup is possible: in titles, feeds and
//! descriptions.

use std::borrow::Cow;

use unicode_script::{Script, UnicodeScript as _};

/// FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Returns a name so that it cannot reorder the words around it. A name with letters, digits or
/// controls that are written from right to left is put between isolates (UAX #9, section 2.4),
/// without its own overrides, and without controls that would end the isolate. All others stay as
/// they are.
pub fn isolated(name: &str) -> Cow<'_, str> {
    if name.is_ascii() || !name.chars().any(is_from_right) {
        return Cow::Borrowed(name);
    }
    let mut isolated = String::with_capacity(name.len() + 6);
    isolated.push(ISOLATE.0);
    // A title can contain isolated names. Isolates that are not closed would go on behind it.
    let mut open = 0;
    for c in name.chars() {
        match c {
            '\u{202a}'..='\u{202e}' => continue,
            '\u{2066}'..='\u{2068}' => open += 1,
            '\u{2069}' if open == 0 => continue,
            '\u{2069}' => open -= 1,
            _ => {}
        }
        isolated.push(c);
    }
    isolated.extend(std::iter::repeat_n(ISOLATE.1, open + 1));
    Cow::Owned(isolated)
}

/// Returns a sentence in which no words from right to left can reorder those around them: each run
/// of such words is between isolates. Numbers and punctuation end a run.
pub fn isolated_runs(sentence: &str) -> Cow<'_, str> {
    if sentence.is_ascii() || !sentence.chars().any(is_from_right) {
        return Cow::Borrowed(sentence);
    }
    let mut isolated = String::with_capacity(sentence.len() + 24);
    let mut rest = sentence;
    while let Some(start) = rest.find(is_from_right) {
        isolated.push_str(&rest[..start]);
        rest = &rest[start..];
        let mut end = 0;
        for (at, c) in rest.char_indices() {
            if is_from_right(c) || end == at && is_mark(c) {
                end = at + c.len_utf8();
            } else if !c.is_whitespace() {
                break;
            }
        }
        isolated.push_str(&self::isolated(&rest[..end]));
        rest = &rest[end..];
    }
    isolated.push_str(rest);
    Cow::Owned(isolated)
}

/// True for accents and vowel points, which belong to the letter before them.
fn is_mark(c: char) -> bool {
    c.script() == Script::Inherited
}

/// True for embeddings, overrides and isolates.
fn is_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// True for characters of scripts written from right to left and for controls. Combining marks and
/// common punctuation take their direction from the letters next to them.
fn is_from_right(c: char) -> bool {
    is_control(c)
        || matches!(c, '\u{61c}' | '\u{200f}')
        // Arabic punctuation, the tatweel, digits and their separators are common to several scripts.
        || matches!(c, '\u{61b}' | '\u{61f}' | '\u{640}' | '\u{660}'..='\u{66c}' | '\u{6dd}')
        // Unassigned characters of these blocks are written from right to left as well.
        || matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
            && !matches!(c.script(), Script::Inherited | Script::Common)
}

#[cfg(test)]
mod tests {
    use super::{isolated, isolated_runs};

    #[test]
    fn names_from_right_to_left_are_isolated() {
        for name in [
            "",
            "Brennia",
            "Élodie",
            "Ελλάδα",
            "Почта",
            "国家安全部",
            "ไทย",
            "A\u{301}",
        ] {
            assert_eq!(isolated(name), name);
        }
        for name in [
            "وزارة",
            "משרד (x)",
            "A ב",
            "٣",
            "ދިވެހި",
            "ߒߞߏ",
            "𞤀𞤣",
            "x\u{200f}",
        ] {
            assert_eq!(isolated(name), format!("\u{2068}{name}\u{2069}"));
        }
    }

    #[test]
    fn runs_in_a_sentence_are_isolated() {
        assert_eq!(isolated_runs("Says Élodie 12."), "Says Élodie 12.");
        assert_eq!(
            isolated_runs("Says אב גד 12, هـ (2); 3"),
            "Says \u{2068}אב גד\u{2069} 12, \u{2068}هـ\u{2069} (2); 3"
        );
        let pointed = "ש\u{5b8}ל a";
        assert_eq!(isolated_runs(pointed), "\u{2068}ש\u{5b8}ל\u{2069} a");
    }

    #[test]
    fn a_name_cannot_end_its_isolate() {
        let name = "a\u{2069}\u{202e}b";
        assert_eq!(isolated(name), "\u{2068}ab\u{2069}");
        let title = format!("{}: x", isolated("ב"));
        assert_eq!(isolated(&title), format!("\u{2068}{title}\u{2069}"));
        assert_eq!(isolated("\u{2067}a"), "\u{2068}\u{2067}a\u{2069}\u{2069}");
    }
}
