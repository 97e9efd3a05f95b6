//! Paths of files whose letters have several forms in Unicode.
//!
//! `é` is one character or two: `e` and an accent. Keyboards write the first form (NFC); macOS and
//! Obsidian also write the second (NFD). Both look the same, so a path in either form finds a file
//! in either form.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use super::SitePath;

/// The files of a book whose paths are not plain ASCII, by their composed form.
#[derive(Debug, Default)]
pub struct Spellings(HashMap<String, SitePath>);

impl Spellings {
    /// Returns the spellings of `paths`. Two paths that differ only in their Unicode form are an error
    /// of the book (WS182).
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p SitePath>) -> Spellings {
        let mut spellings = Spellings::default();
        paths.into_iter().for_each(|path| spellings.add(path));
        spellings
    }

    /// Adds a path.
    pub fn add(&mut self, path: &SitePath) {
        if !path.as_str().is_ascii() {
            self.0.insert(composed(path.as_str()), path.clone());
        }
    }

    /// Returns the path as its file spells it; unchanged if there is no such file.
    pub fn of(&self, path: SitePath) -> SitePath {
        if path.as_str().is_ascii() || self.0.is_empty() {
            return path;
        }
        match self.0.get(&composed(path.as_str())) {
            Some(spelled) => spelled.clone(),
            None => path,
        }
    }
}

/// Returns a text in the form in which spellings are compared (NFC).
pub fn composed(text: &str) -> String {
    text.nfc().collect()
}
