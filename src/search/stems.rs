//! Stemming: which words are forms of one word.
//!
//! The forms of a word are on one line of the index, so the browser needs no stemming.

use rust_stemmers::{Algorithm, Stemmer};

/// Finds the stem of a word, by its script.
pub struct Stems {
    /// For Latin script, by the language of the book.
    latin: Option<Stemmer>,
    cyrillic: Stemmer,
    greek: Stemmer,
    arabic: Stemmer,
}

impl Stems {
    /// Creates the stemmers for a book in `language`, a tag such as `en-GB`.
    pub fn new(language: &str) -> Stems {
        let primary = language.split(['-', '_']).next().unwrap_or("");
        let latin = match primary {
            "da" => Some(Algorithm::Danish),
            "nl" => Some(Algorithm::Dutch),
            "en" => Some(Algorithm::English),
            "fi" => Some(Algorithm::Finnish),
            "fr" => Some(Algorithm::French),
            "de" => Some(Algorithm::German),
            "hu" => Some(Algorithm::Hungarian),
            "it" => Some(Algorithm::Italian),
            "no" | "nb" | "nn" => Some(Algorithm::Norwegian),
            "pt" => Some(Algorithm::Portuguese),
            "ro" => Some(Algorithm::Romanian),
            "es" => Some(Algorithm::Spanish),
            "sv" => Some(Algorithm::Swedish),
            "tr" => Some(Algorithm::Turkish),
            // In books in other scripts, words in Latin script are mostly English.
            "ru" | "uk" | "bg" | "el" | "ar" | "zh" | "ja" | "ko" => Some(Algorithm::English),
            _ => None,
        };
        Stems {
            latin: latin.map(Stemmer::create),
            cyrillic: Stemmer::create(Algorithm::Russian),
            greek: Stemmer::create(Algorithm::Greek),
            arabic: Stemmer::create(Algorithm::Arabic),
        }
    }

    /// Returns the stem of a lower-case word; `None` if it has no other forms.
    pub fn stem(&self, word: &str) -> Option<String> {
        let stemmer = match word.chars().next()? {
            'a'..='z' | '\u{c0}'..='\u{24f}' => self.latin.as_ref()?,
            '\u{400}'..='\u{52f}' => &self.cyrillic,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => &self.greek,
            '\u{600}'..='\u{6ff}' => &self.arabic,
            _ => return None,
        };
        let is_word = word.chars().all(char::is_alphabetic);
        is_word.then(|| stemmer.stem(word).into_owned())
    }
}
