//! The terms in which speakers state confidence and likelihood, and the published scales of
//! likelihood. A term is stored as the speaker used it and never converted.

use crate::text::{fold, nearest};

/// A published scale that assigns ranges to terms of likelihood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Yardstick {
    Icd203,
    Phia,
    Nato,
    Ipcc,
}

/// The published range of a term, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    pub low: u8,
    pub high: u8,
    /// The range as published: `80–95%`, `more than 90%`.
    pub words: &'static str,
}

/// The terms with one range.
type Row = (&'static [&'static str], Range);

const fn row(terms: &'static [&'static str], low: u8, high: u8, words: &'static str) -> Row {
    (terms, Range { low, high, words })
}

/// Intelligence Community Directive 203, 2 January 2015, section D.6.e(2)(a): both rows, with the
/// adverbs that it names.
const ICD_203: &[Row] = &[
    row(&["almost no chance", "remote"], 1, 5, "1–5%"),
    row(&["very unlikely", "highly improbable"], 5, 20, "5–20%"),
    row(&["unlikely", "improbable", "improbably"], 20, 45, "20–45%"),
    row(
        &["roughly even chance", "roughly even odds"],
        45,
        55,
        "45–55%",
    ),
    row(&["likely", "probable", "probably"], 55, 80, "55–80%"),
    row(&["very likely", "highly probable"], 80, 95, "80–95%"),
    row(
        &["almost certain", "almost certainly", "nearly certain"],
        95,
        99,
        "95–99%",
    ),
];

/// The probability yardstick of the UK's Professional Head of Intelligence Assessment.
const PHIA: &[Row] = &[
    row(&["remote chance"], 0, 5, "up to about 5%"),
    row(&["highly unlikely"], 10, 20, "about 10–20%"),
    row(&["unlikely"], 25, 35, "about 25–35%"),
    row(&["realistic possibility"], 40, 50, "about 40–50%"),
    row(&["likely", "probable", "probably"], 55, 75, "about 55–75%"),
    row(&["highly likely"], 80, 90, "about 80–90%"),
    row(
        &["almost certain", "almost certainly"],
        95,
        100,
        "about 95% or more",
    ),
];

/// NATO, AJP-2.1.
const NATO: &[Row] = &[
    row(&["highly unlikely"], 0, 10, "less than 10%"),
    row(&["unlikely"], 10, 40, "10–40%"),
    row(&["even chance"], 40, 60, "40–60%"),
    row(&["likely"], 60, 90, "60–90%"),
    row(&["highly likely"], 90, 100, "more than 90%"),
];

/// The IPCC's guidance note on the consistent treatment of uncertainties, 2010, with the terms
/// that the assessment reports add.
const IPCC: &[Row] = &[
    row(&["exceptionally unlikely"], 0, 1, "0–1%"),
    row(&["extremely unlikely"], 0, 5, "0–5%"),
    row(&["very unlikely"], 0, 10, "0–10%"),
    row(&["unlikely"], 0, 33, "0–33%"),
    row(&["about as likely as not"], 33, 66, "33–66%"),
    row(&["more likely than not"], 50, 100, "more than 50%"),
    row(&["likely"], 66, 100, "66–100%"),
    row(&["very likely"], 90, 100, "90–100%"),
    row(&["extremely likely"], 95, 100, "95–100%"),
    row(&["virtually certain"], 99, 100, "99–100%"),
];

impl Yardstick {
    pub const ALL: [Yardstick; 4] = [
        Yardstick::Icd203,
        Yardstick::Phia,
        Yardstick::Nato,
        Yardstick::Ipcc,
    ];

    /// Returns the name before the colon in `likely='phia: highly likely'`, and in data.
    pub fn word(self) -> &'static str {
        match self {
            Yardstick::Icd203 => "icd203",
            Yardstick::Phia => "phia",
            Yardstick::Nato => "nato",
            Yardstick::Ipcc => "ipcc",
        }
    }

    /// Returns its name in a sentence.
    pub fn name(self) -> &'static str {
        match self {
            Yardstick::Icd203 => "ICD 203",
            Yardstick::Phia => "the PHIA probability yardstick",
            Yardstick::Nato => "NATO AJP-2.1",
            Yardstick::Ipcc => "the IPCC guidance note",
        }
    }

    fn rows(self) -> &'static [Row] {
        match self {
            Yardstick::Icd203 => ICD_203,
            Yardstick::Phia => PHIA,
            Yardstick::Nato => NATO,
            Yardstick::Ipcc => IPCC,
        }
    }

    /// Returns its terms, from the least likely.
    pub fn terms(self) -> impl Iterator<Item = &'static str> {
        self.rows().iter().flat_map(|(terms, _)| *terms).copied()
    }

    /// Returns the published range of `term`, compared without case.
    pub fn range_of(self, term: &str) -> Option<Range> {
        let term = fold(term);
        let mut rows = self.rows().iter();
        let row = rows.find(|(terms, _)| terms.contains(&term.as_str()));
        row.map(|(_, range)| *range)
    }
}

/// The likelihood that a speaker states, in the speaker's own term.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Likelihood {
    term: Box<str>,
    /// The scale that the author names.
    named: Option<Yardstick>,
}

/// Why a likelihood is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LikelihoodFault {
    Empty,
    /// The name before the colon is nearly the name of this scale.
    Nearly(Yardstick),
    /// The named scale does not have this term.
    NoTermOf(Yardstick),
}

impl Likelihood {
    /// Parses `highly likely`, `very-likely` or `phia: highly likely`. An unknown term is kept
    /// unchanged.
    pub fn read(text: &str) -> Result<Likelihood, LikelihoodFault> {
        let (named, term) = match text.split_once(':') {
            None => (None, text),
            Some((before, after)) => {
                let word = fold(before).replace([' ', '-'], "");
                let words = Yardstick::ALL.map(Yardstick::word);
                let of = |word: &str| Yardstick::ALL.into_iter().find(|it| it.word() == word);
                match (of(&word), nearest(&word, words).and_then(of)) {
                    (Some(named), _) => (Some(named), after),
                    (None, Some(near)) => return Err(LikelihoodFault::Nearly(near)),
                    (None, None) => (None, text),
                }
            }
        };
        let term = plain(term);
        if term.is_empty() {
            return Err(LikelihoodFault::Empty);
        }
        match named {
            Some(yardstick) if yardstick.range_of(&term).is_none() => {
                Err(LikelihoodFault::NoTermOf(yardstick))
            }
            Some(_) | None => Ok(Likelihood {
                term: term.into(),
                named,
            }),
        }
    }

    pub fn term(&self) -> &str {
        &self.term
    }

    /// Returns the scales that have the term; only the named one if the author names one.
    pub fn yardsticks(&self) -> Vec<Yardstick> {
        let has_it = |it: &Yardstick| it.range_of(&self.term).is_some();
        let all = || Yardstick::ALL.into_iter().filter(has_it).collect();
        self.named.map_or_else(all, |named| vec![named])
    }

    /// Returns the published range, with the first scale that has it. `None` if several scales have
    /// the term and disagree: `likely` is 55–80% in ICD 203 and 66–100% for the IPCC.
    pub fn range(&self) -> Option<(Yardstick, Range)> {
        let yardsticks = self.yardsticks();
        let mut ranges = yardsticks
            .iter()
            .filter_map(|it| Some((*it, it.range_of(&self.term)?)));
        let first = ranges.next()?;
        let is_same =
            |(_, other): (Yardstick, Range)| (other.low, other.high) == (first.1.low, first.1.high);
        ranges.all(is_same).then_some(first)
    }

    /// True if a scale has the term.
    pub fn is_known(&self) -> bool {
        !self.yardsticks().is_empty()
    }
}

/// The confidence that a speaker states, in the speaker's own term.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Confidence {
    term: Box<str>,
}

impl Confidence {
    /// The levels in `with … confidence`: those of ICD 203, of the UK and of the IPCC.
    pub const LEVELS: &[&str] = &["very high", "high", "moderate", "medium", "low", "very low"];

    /// The term of a speaker who states no level.
    pub const CONFIDENT: &str = "confident";

    /// Stores `text` unchanged; `None` if it is empty.
    pub fn read(text: &str) -> Option<Confidence> {
        let term = text.trim();
        (!term.is_empty()).then(|| Confidence { term: term.into() })
    }

    pub fn term(&self) -> &str {
        &self.term
    }

    /// True if the term is one of [`Confidence::LEVELS`].
    pub fn is_level(&self) -> bool {
        Confidence::LEVELS.contains(&fold(&self.term).as_str())
    }

    pub fn is_known(&self) -> bool {
        self.is_level() || fold(&self.term) == Confidence::CONFIDENT
    }
}

/// Replaces hyphens with spaces if the result is a known term: `very-likely` needs no quotes.
fn plain(term: &str) -> String {
    let term = term.trim();
    let spaced = term.replace('-', " ");
    let is_known = Yardstick::ALL
        .iter()
        .any(|yardstick| yardstick.range_of(&spaced).is_some());
    if is_known { spaced } else { term.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<(Yardstick, &'static str)> {
        let likelihood = Likelihood::read(text).expect("a likelihood");
        likelihood.range().map(|(by, range)| (by, range.words))
    }

    #[test]
    fn a_term_has_a_range_where_no_other_yardstick_contradicts() {
        for (text, expected) in [
            ("very likely", None),
            ("likely", None),
            ("highly likely", None),
            ("almost certain", None),
            ("a distinct prospect", None),
            (
                "realistic possibility",
                Some((Yardstick::Phia, "about 40–50%")),
            ),
            ("Roughly even odds", Some((Yardstick::Icd203, "45–55%"))),
            ("extremely-likely", Some((Yardstick::Ipcc, "95–100%"))),
            (
                "phia: highly likely",
                Some((Yardstick::Phia, "about 80–90%")),
            ),
            (
                "NATO: highly likely",
                Some((Yardstick::Nato, "more than 90%")),
            ),
            ("ICD 203: likely", Some((Yardstick::Icd203, "55–80%"))),
        ] {
            assert_eq!(range(text), expected, "{text}");
        }
    }

    #[test]
    fn a_term_is_kept_as_it_is() {
        for (text, term) in [
            ("Highly likely", "Highly likely"),
            ("very-likely", "very likely"),
            ("all-but certain", "all-but certain"),
            ("phia: highly likely", "highly likely"),
            ("we judge: likely", "we judge: likely"),
        ] {
            let likelihood = Likelihood::read(text).expect("a likelihood");
            assert_eq!(likelihood.term(), term);
        }
    }

    #[test]
    fn a_yardstick_that_does_not_fit_is_a_fault() {
        use LikelihoodFault::{Empty, Nearly, NoTermOf};
        for (text, fault) in [
            (" ", Empty),
            ("phia:", Empty),
            ("phia: very likely", NoTermOf(Yardstick::Phia)),
            ("phai: highly likely", Nearly(Yardstick::Phia)),
        ] {
            assert_eq!(Likelihood::read(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn every_range_is_one_and_no_term_has_two_in_a_yardstick() {
        for yardstick in Yardstick::ALL {
            let mut seen = std::collections::BTreeSet::new();
            for term in yardstick.terms() {
                let range = yardstick.range_of(term).expect("its own term");
                assert!(range.low < range.high && range.high <= 100, "{term}");
                assert!(range.words.ends_with('%') || range.words.contains('%'));
                assert!(seen.insert(term), "{term} twice in {}", yardstick.word());
            }
        }
    }
}
