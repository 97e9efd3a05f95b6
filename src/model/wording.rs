//! The words of a position: verbatim, translated, or a paraphrase; and their language.

use super::{Position, Site, Source};
use crate::text::may_be_of;

/// The kind of the marked words of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wording {
    /// The party's own words, as in the source.
    Verbatim,
    /// The author's translation of the party's words, which are in `orig`.
    Translation,
    /// The author's words.
    Paraphrase,
}

impl Position {
    pub fn wording(&self) -> Wording {
        match (&self.orig, self.quote) {
            (Some(_), _) => Wording::Translation,
            (None, true) => Wording::Verbatim,
            (None, false) => Wording::Paraphrase,
        }
    }

    /// Returns the words for pages and data, which add quotation marks around verbatim words. So a
    /// pair of quotation marks around all of them is removed.
    pub fn said(&self) -> &str {
        match self.wording() {
            Wording::Verbatim | Wording::Translation => unquoted(&self.words),
            Wording::Paraphrase => &self.words,
        }
    }

    /// Returns the original words, without quotation marks around all of them.
    pub fn original(&self) -> Option<&str> {
        self.orig.as_deref().map(unquoted)
    }

    /// Returns the words in the source, if the mark has them.
    pub fn verbatim(&self) -> Option<&str> {
        self.original().or_else(|| self.quote.then(|| self.said()))
    }

    /// Returns the words for a line of text: verbatim words in quotation marks, and a translation
    /// with its original. Empty if there are none.
    pub fn shown(&self) -> String {
        let words = self.said();
        match (words, self.wording(), self.original()) {
            ("", ..) => String::new(),
            (_, Wording::Translation, Some(original)) => {
                format!("{words} (our translation of “{original}”)")
            }
            (_, Wording::Verbatim, _) => format!("“{words}”"),
            (_, Wording::Translation | Wording::Paraphrase, _) => words.to_owned(),
        }
    }

    /// Returns the language of the words; `None` if it is that of the text around them. It is that
    /// of the mark, or for verbatim words that of their source.
    pub fn language<'a>(&'a self, site: &'a Site) -> Option<&'a str> {
        self.lang.as_deref().or_else(|| match self.wording() {
            Wording::Verbatim => self
                .source_language(site)
                .filter(|language| may_be_of(language, &self.words)),
            Wording::Translation | Wording::Paraphrase => None,
        })
    }

    /// Returns the language of its sources, if all have the same one. If some have a kept text,
    /// only these count, because the words are looked up there.
    pub fn source_language<'a>(&self, site: &'a Site) -> Option<&'a str> {
        let cited = self.sources.iter();
        let sources: Vec<&Source> = cited.map(|cited| &site.sources()[cited.source]).collect();
        let has_text = |source: &&&Source| !source.kept_words.trim().is_empty();
        let any_has_text = sources.iter().any(|source| has_text(&source));
        let mut deciding = sources
            .iter()
            .filter(|source| !any_has_text || has_text(source));
        let first = deciding.next()?.language.as_deref()?;
        deciding
            .all(|source| source.language.as_deref() == Some(first))
            .then_some(first)
    }
}

/// Removes a pair of quotation marks around all of `words`.
fn unquoted(words: &str) -> &str {
    const PAIRS: [(char, char); 8] = [
        ('“', '”'),
        ('"', '"'),
        ('„', '“'),
        ('„', '”'),
        ('«', '»'),
        ('‘', '’'),
        ('「', '」'),
        ('『', '』'),
    ];
    let inner = PAIRS.iter().find_map(|(open, close)| {
        let inner = words.strip_prefix(*open)?.strip_suffix(*close)?;
        // “Yes” and “no” are two quotations.
        (!inner.contains([*open, *close])).then_some(inner)
    });
    inner.unwrap_or(words)
}
