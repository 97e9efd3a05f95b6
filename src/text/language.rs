//! Properties of languages, from their BCP 47 tags.

/// The direction of a text, for the `dir` attribute of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
    /// By the first letter of the text, if the language is unknown.
    Auto,
}

impl Direction {
    /// Returns the value of the `dir` attribute.
    pub fn word(self) -> &'static str {
        match self {
            Direction::LeftToRight => "ltr",
            Direction::RightToLeft => "rtl",
            Direction::Auto => "auto",
        }
    }
}

/// Languages written from right to left, unless the tag has a script.
const RIGHT_TO_LEFT: [&str; 25] = [
    "ar", "arc", "ary", "arz", "azb", "bal", "bgn", "bqi", "ckb", "dv", "fa", "glk", "he", "iw",
    "ks", "lrc", "mzn", "nqo", "pnb", "ps", "sd", "syr", "ug", "ur", "yi",
];

/// Scripts written from right to left, as ISO 15924 codes.
const SCRIPTS: [&str; 10] = [
    "adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa",
];

/// Languages not written in Latin script, unless the tag has a script.
const NOT_LATIN: [&str; 38] = [
    "am", "ar", "as", "be", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kk", "km",
    "kn", "ko", "ky", "lo", "mk", "ml", "mn", "mr", "my", "ne", "pa", "ps", "ru", "si", "ta", "te",
    "tg", "th", "uk", "ur", "yi", "zh",
];

/// Returns the direction of a language's script.
pub fn direction_of(language: &str) -> Direction {
    let is_from_right = match script(language) {
        Some(script) => SCRIPTS.contains(&script.as_str()),
        None => RIGHT_TO_LEFT.contains(&primary(language).as_str()),
    };
    if is_from_right {
        Direction::RightToLeft
    } else {
        Direction::LeftToRight
    }
}

/// True if both tags have the same language; regions and scripts are ignored.
pub fn is_same_language(one: &str, other: &str) -> bool {
    primary(one) == primary(other)
}

/// False if `words` cannot be in this language, because all their letters are Latin and the
/// language uses another script.
pub fn may_be_of(language: &str, words: &str) -> bool {
    let is_latin_script = match script(language) {
        Some(script) => script == "latn",
        None => !NOT_LATIN.contains(&primary(language).as_str()),
    };
    let mut letters = words.chars().filter(|c| c.is_alphabetic()).peekable();
    is_latin_script || letters.peek().is_none() || !letters.all(is_latin)
}

/// Returns a language tag for HTML: books for mdBook can have an underscore instead of the hyphen.
pub fn html_language(tag: &str) -> String {
    tag.replace('_', "-")
}

fn is_latin(c: char) -> bool {
    c < '\u{250}' || matches!(c, '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}')
}

fn primary(language: &str) -> String {
    let first = language.split(['-', '_']).next();
    first.unwrap_or("").to_ascii_lowercase()
}

/// Returns the script subtag in lower case: four letters after the language.
fn script(language: &str) -> Option<String> {
    let mut parts = language.split(['-', '_']).skip(1);
    let is_script =
        |part: &&str| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    parts.find(is_script).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_says_its_direction() {
        for (tag, expected) in [
            ("ar", "rtl"),
            ("fa-IR", "rtl"),
            ("he_IL", "rtl"),
            ("az-Arab", "rtl"),
            ("ar-Latn", "ltr"),
            ("zh-Hans", "ltr"),
            ("en", "ltr"),
        ] {
            assert_eq!(direction_of(tag).word(), expected, "{tag}");
        }
    }

    #[test]
    fn latin_words_are_not_russian() {
        for (tag, words, expected) in [
            ("ru", "nothing was read", false),
            ("zh", "Nothing “was” read, 2021", false),
            ("ru", "ничего", true),
            ("zh", "中国 (China)", true),
            ("ru", "2021", true),
            ("sr", "ništa", true),
            ("zh-Latn", "zhōngguó", true),
            ("fr", "nothing was read", true),
        ] {
            assert_eq!(may_be_of(tag, words), expected, "{tag} {words}");
        }
    }
}
