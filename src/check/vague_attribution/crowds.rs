//! Noun phrases for unnamed people and texts.

use std::ops::Range;

use super::lexicon::Class;
use super::words::{Gap, Word};

/// The maximum number of words before a noun that describe it.
const LONGEST: usize = 5;

/// The kind of unnamed people or texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Crowd {
    Experts,
    Partisans,
    Folk,
    Texts,
    /// A quantifier without a noun: `some`.
    Bare,
}

/// Unnamed people or texts, as a range of words from the determiner to the noun.
#[derive(Debug)]
pub(super) struct NounPhrase {
    pub(super) words: Range<usize>,
    pub(super) crowd: Crowd,
    pub(super) is_singular: bool,
    /// `the experts`: refers to an earlier sentence, unless more words follow.
    pub(super) is_definite: bool,
}

/// Returns the noun phrase with its noun at `at`, if it can be the subject of a verb.
pub(super) fn subject(words: &[Word<'_>], at: usize) -> Option<NounPhrase> {
    let mut phrase = noun_phrase(words, at)?;
    let start = phrase.words.start;
    let before = start.checked_sub(1).map(|before| &words[before]);
    let before = before.filter(|_| words[start].gap == Gap::Space);
    let Some(before) = before else {
        return Some(phrase);
    };
    if before.lower == "of" {
        // `a number of experts`, `most of the observers`.
        phrase.words.start = count_before(words, start - 1)?;
        phrase.is_definite = false;
        return Some(phrase);
    }
    // The words after `from observers` have another subject.
    let is_object = before.is(Class::PREPOSITION) && !before.is(Class::CONJUNCTION);
    (!is_object).then_some(phrase)
}

/// Returns the start of a count before `of`: `a number`, `most`.
fn count_before(words: &[Word<'_>], of: usize) -> Option<usize> {
    let count = of.checked_sub(1)?;
    let word = &words[count];
    if words[of].gap != Gap::Space {
        return None;
    }
    if word.is(Class::QUANTIFIER | Class::NUMBER) || word.is_one_of(&["one", "all"]) {
        return Some(count);
    }
    let is_count = word.is_one_of(&[
        "number", "handful", "couple", "majority", "group", "range", "string", "chorus", "host",
        "lot", "lots", "plenty", "team", "minority", "series",
    ]);
    let mut start = count;
    while is_count && start > 0 && words[start].gap == Gap::Space {
        let before = &words[start - 1];
        if before.is(Class::INDEFINITE | Class::DEFINITE) {
            return Some(start - 1);
        }
        if before.is(Class::PREPOSITION | Class::CONJUNCTION | Class::BE) || count - start > 2 {
            break;
        }
        start -= 1;
    }
    is_count.then_some(count)
}

/// Returns the noun phrase that begins at the word `from`, after a preposition or a verb.
pub(super) fn after(words: &[Word<'_>], from: usize) -> Option<NounPhrase> {
    let reach = words.len().min(from + LONGEST + 1);
    for at in from..reach {
        if at > from && words[at].gap != Gap::Space {
            return None;
        }
        if let Some(phrase) = listed(words, at) {
            let of = phrase
                .words
                .start
                .checked_sub(1)
                .filter(|of| words[*of].lower == "of");
            let start = match of {
                Some(of) => count_before(words, of)?,
                None => phrase.words.start,
            };
            return (start == from).then_some(NounPhrase {
                words: start..phrase.words.end,
                ..phrase
            });
        }
    }
    let first = words.get(from)?;
    let is_alone = words.get(from + 1).is_none_or(|next| {
        next.gap != Gap::Space
            || next.is(Class::PREPOSITION | Class::CONJUNCTION | Class::BE | Class::PRONOUN)
    });
    (is_quantity(first) && is_alone).then(|| bare(from..from + 1))
}

fn noun_phrase(words: &[Word<'_>], at: usize) -> Option<NounPhrase> {
    listed(words, at).or_else(|| counted(words, at))
}

fn is_quantity(word: &Word<'_>) -> bool {
    word.is_one_of(&["some", "many", "most", "several", "others", "few"])
}

fn bare(words: Range<usize>) -> NounPhrase {
    NounPhrase {
        words,
        crowd: Crowd::Bare,
        is_singular: false,
        is_definite: false,
    }
}

/// Returns a quantifier alone, or with a plural that is not in the lexicon: `some shopkeepers`.
fn counted(words: &[Word<'_>], at: usize) -> Option<NounPhrase> {
    let first = &words[at];
    let is_part = at > 0
        && first.gap == Gap::Space
        && (words[at - 1].is(Class::DEFINITE | Class::POSSESSIVE | Class::BE)
            || words[at - 1].is_possessive()
            || words[at - 1].is_one_of(&["so", "as", "too", "how", "not"]));
    // `what others say` means anyone else.
    let is_anybody = first.lower == "others"
        && at > 0
        && words[at - 1].is_one_of(&["what", "than", "as", "or", "if"]);
    if !first.is(Class::QUANTIFIER) || is_part || is_anybody {
        return None;
    }
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space)?;
    // `of them`, `of these`.
    let of = words.get(at + 2).filter(|_| next.lower == "of");
    if of.is_some_and(|of| of.is_one_of(&["them", "these", "those", "us"])) && is_quantity(first) {
        return Some(NounPhrase {
            crowd: Crowd::Folk,
            ..bare(at..at + 3)
        });
    }
    let is_verb = Class::SAY | Class::OPINE | Class::AUXILIARY | Class::ADVERB | Class::PREPOSITION;
    if is_quantity(first) && next.is(is_verb | Class::CONJUNCTION | Class::BE) {
        return Some(bare(at..at + 1));
    }
    // Up to two other words before a plural.
    let mut noun = None;
    for (next, word) in words.iter().enumerate().skip(at + 1).take(3) {
        let is_other = word.is(is_verb) || word.is(Class::CONJUNCTION | Class::BE | Class::PRONOUN);
        if word.gap != Gap::Space || is_other || word.is_capital {
            break;
        }
        let is_plural = word.lower.ends_with('s') && !word.lower.ends_with("ss");
        noun = is_plural.then_some(next).or(noun);
    }
    Some(NounPhrase {
        crowd: Crowd::Folk,
        ..bare(at..noun? + 1)
    })
}

/// Returns a phrase with a noun of the lexicon.
fn listed(words: &[Word<'_>], at: usize) -> Option<NounPhrase> {
    let noun = &words[at];
    let plurals = Class::EXPERTS | Class::PARTISANS | Class::FOLK | Class::TEXTS | Class::BODIES;
    if !noun.is(plurals | Class::PERSON | Class::TEXT) {
        return None;
    }
    let before = describe(words, at)?;
    let is_singular = !noun.is(plurals);
    let is_vague = if is_singular {
        before.is_indefinite || before.is_hiding
    } else {
        before.is_hiding || before.is_generic || !is_body(noun)
    };
    if !is_vague || is_named_after(words, at + 1) {
        return None;
    }
    let crowd = if noun.is(Class::TEXTS | Class::TEXT) {
        Crowd::Texts
    } else if noun.is(Class::PARTISANS) {
        Crowd::Partisans
    } else if noun.is(Class::EXPERTS) {
        Crowd::Experts
    } else {
        Crowd::Folk
    };
    Some(NounPhrase {
        words: before.start..at + 1,
        crowd,
        is_singular,
        is_definite: before.is_definite,
    })
}

fn is_body(noun: &Word<'_>) -> bool {
    let people = Class::EXPERTS | Class::PARTISANS | Class::FOLK | Class::TEXTS;
    noun.is(Class::BODIES) && !noun.is(people)
}

/// The description in the words before a noun.
struct Described {
    start: usize,
    is_definite: bool,
    is_indefinite: bool,
    is_hiding: bool,
    /// `aid groups`: the word before the noun is not a name.
    is_generic: bool,
}

/// Reads the words before the noun `at`. `None` if they identify the people: `Microsoft analysts`,
/// `its experts`, `ministry officials`.
fn describe(words: &[Word<'_>], at: usize) -> Option<Described> {
    let noun = &words[at];
    let is_of_partisans = noun.is(Class::PARTISANS);
    let mut described = Described {
        start: at,
        is_definite: false,
        is_indefinite: false,
        is_hiding: false,
        is_generic: false,
    };
    let ends = Class::PREPOSITION | Class::CONJUNCTION | Class::PRONOUN | Class::BE;
    let ends = ends | Class::SAY | Class::SAYS | Class::AUXILIARY | Class::OPINE | Class::ADVERB;
    while described.start > 0
        && words[described.start].gap == Gap::Space
        && at - described.start < LONGEST
    {
        let word = &words[described.start - 1];
        let is_generic = word
            .is(Class::GENERIC | Class::HIDING | Class::QUANTIFIER | Class::NUMBER)
            || is_adjective(&word.lower);
        if word.is_possessive() || word.is_capital && !is_generic {
            // In `its critics` and `Kremlin critics`, the name is that of the criticized.
            if !is_of_partisans {
                return None;
            }
            described.start -= 1;
            continue;
        }
        if word.is(Class::INSTITUTION)
            && !word.is(Class::GENERIC)
            && noun.is(Class::FOLK | Class::PERSON)
            && !noun.is_one_of(&["source", "insider", "people", "person"])
        {
            return None;
        }
        if word.is(Class::DEFINITE) {
            described.is_definite = true;
            described.start -= 1;
            break;
        }
        let is_determiner = word.is(Class::INDEFINITE | Class::NUMBER | Class::QUANTIFIER)
            || word.is_one_of(&["all", "other", "more"]);
        if !is_determiner && (word.is(ends) || is_time(&word.lower)) {
            break;
        }
        described.is_indefinite |= word.is(Class::INDEFINITE);
        described.is_hiding |= word.is(Class::HIDING | Class::QUANTIFIER);
        described.is_generic |= described.start == at && is_generic && !is_determiner;
        described.start -= 1;
        if word.is(Class::INDEFINITE) {
            break;
        }
    }
    Some(described)
}

/// True if a word has the ending of an adjective. Names rarely have these endings.
fn is_adjective(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "al", "ic", "ary", "ive", "ous", "ful", "less", "able", "ible", "ing", "ed", "ity", "ment",
        "ology",
    ];
    word.len() > 4 && ENDINGS.iter().any(|ending| word.ends_with(ending)) || word.contains('-')
}

fn is_time(word: &str) -> bool {
    matches!(
        word,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "week"
            | "month"
            | "year"
            | "years"
            | "days"
            | "ago"
    )
}

/// True if a name follows the noun: `analyst Greta Lindqvist`, `experts such as Ms. Kern`.
fn is_named_after(words: &[Word<'_>], at: usize) -> bool {
    let Some(next) = words.get(at) else {
        return false;
    };
    match next.gap {
        Gap::Break => false,
        Gap::Space => {
            let skipped = match next.lower.as_ref() {
                "such" | "led" => 2,
                "including" | "like" => 1,
                _ => 0,
            };
            words
                .get(at + skipped)
                .is_some_and(|name| name.is_capital && name.gap == Gap::Space)
        }
        Gap::Comma => {
            let skipped = match next.lower.as_ref() {
                "such" | "led" | "among" => 2,
                "including" | "like" => 1,
                _ => 0,
            };
            let name = words.get(at + skipped);
            let is_name = name.is_some_and(|name| name.is_capital);
            // In `according to experts, Brandt said`, the name is another speaker.
            is_name && (skipped > 0 || is_aside(words, at))
        }
    }
}

/// True if a name that begins at `at` ends with a comma before a verb.
fn is_aside(words: &[Word<'_>], at: usize) -> bool {
    let rest = words[at + 1..].iter().take(5);
    for word in rest {
        match word.gap {
            Gap::Comma => return true,
            Gap::Break => return false,
            Gap::Space if word.is(Class::SAY | Class::SAYS | Class::BE) => return false,
            Gap::Space => {}
        }
    }
    false
}

/// True if the words from `at` say whose people they are: `at Microsoft`, `of the ministry`,
/// `from the Ministry of Defense`. A place does not: `in London`.
pub(super) fn names_an_owner(words: &[Word<'_>], at: usize, crowd: Crowd) -> bool {
    let Some(preposition) = words.get(at).filter(|word| word.gap == Gap::Space) else {
        return false;
    };
    let is_place = preposition.is_one_of(&["in", "within", "inside", "on", "near"]);
    let is_owner = preposition.is_one_of(&["at", "of", "from", "with", "for", "by"]);
    if crowd == Crowd::Partisans || !is_place && !is_owner {
        return false;
    }
    let mut has_article = false;
    for word in words[at + 1..].iter().take(5) {
        if word.gap != Gap::Space {
            return false;
        }
        let is_name = word.is_capital || word.is_possessive() && !word.is(Class::DEFINITE);
        if is_name && (is_owner || has_article && crowd != Crowd::Bare) {
            return true;
        }
        let is_body = is_owner || !word.is_one_of(&["city", "town", "port", "railway", "party"]);
        if word.is(Class::INSTITUTION) && is_body && has_article && crowd != Crowd::Bare {
            return true;
        }
        if word.is(Class::SAY | Class::SAYS | Class::PREPOSITION | Class::CONJUNCTION) {
            return false;
        }
        has_article |= word.is(Class::DEFINITE);
    }
    false
}
