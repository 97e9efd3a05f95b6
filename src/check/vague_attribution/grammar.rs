//! Phrases with unnamed people as the subject of a verb of speech. For passives and rumors see
//! [`hearsay`].

use std::ops::Range;

use super::crowds::{self, Crowd, NounPhrase};
use super::hearsay;
use super::lexicon::Class;
use super::words::{Gap, Word};

/// The maximum number of words between the people and their verb: `who asked not to be named`.
const LONGEST_CLAUSE: usize = 14;
/// The same after a preposition: `in the old capital of the north`.
const LONGEST_PLACE: usize = 7;

/// A vague phrase, as a range of words in its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) words: Range<usize>,
    /// True if the speaker asked for anonymity, so a name in the sentence is somebody else's.
    pub(super) is_anonymous: bool,
}

impl Phrase {
    pub(super) fn new(words: Range<usize>) -> Phrase {
        Phrase {
            words,
            is_anonymous: false,
        }
    }
}

/// Finds a phrase at one word of a sentence.
type Rule = fn(&[Word<'_>], usize) -> Option<Phrase>;

/// Returns the phrases of a sentence in order. Overlapping ones are joined.
pub(super) fn phrases(words: &[Word<'_>]) -> Vec<Phrase> {
    const RULES: [Rule; 7] = [
        subject_and_verb,
        verb_and_subject,
        according_to,
        hearsay::agent,
        hearsay::passive,
        hearsay::request,
        hearsay::rumor,
    ];
    let mut found: Vec<Phrase> = Vec::new();
    let every =
        (0..words.len()).flat_map(|at| RULES.iter().filter_map(move |rule| rule(words, at)));
    let mut every: Vec<Phrase> = every.collect();
    every.sort_unstable_by_key(|phrase| (phrase.words.start, phrase.words.end));
    for phrase in every {
        match found.last_mut() {
            Some(last) if phrase.words.start < last.words.end => {
                last.words.end = last.words.end.max(phrase.words.end);
                last.is_anonymous |= phrase.is_anonymous;
            }
            Some(_) | None => found.push(phrase),
        }
    }
    found
}

/// `experts say`, `sources familiar with the matter told`: `at` is the noun.
fn subject_and_verb(words: &[Word<'_>], at: usize) -> Option<Phrase> {
    let people = crowds::subject(words, at)?;
    let verb = predicate(words, &people)?;
    Some(Phrase::new(people.words.start..verb + 1))
}

/// Returns the verb of speech whose subject is `people`.
fn predicate(words: &[Word<'_>], people: &NounPhrase) -> Option<usize> {
    let from = people.words.end;
    let mut at = from;
    // Adverbs and auxiliaries can be between the two.
    while let Some(word) = words.get(at) {
        if word.gap != Gap::Space {
            break;
        }
        if speaks(words, at, people, from) {
            let is_named = people.is_definite && people.crowd != Crowd::Partisans;
            return (!is_named).then_some(at);
        }
        if !word.is(Class::AUXILIARY | Class::ADVERB | Class::WIDELY) {
            break;
        }
        at += 1;
    }
    if people.crowd == Crowd::Bare && at != from {
        return None;
    }
    let first = words.get(at)?;
    let second = words.get(at + 1);
    match first.gap {
        Gap::Break => None,
        Gap::Space if first.is(Class::PREPOSITION) => {
            if crowds::names_an_owner(words, at, people.crowd) {
                None
            } else {
                after_modifier(words, at, LONGEST_PLACE, people)
            }
        }
        Gap::Space => {
            if opens_modifier(first) {
                after_modifier(words, at, LONGEST_CLAUSE, people)
            } else {
                None
            }
        }
        Gap::Comma => {
            let is_aside = first.is_one_of(&["who", "speaking", "citing", "all", "both", "most"])
                || second.is_some_and(|second| second.is_one_of(&["of", "whom"]));
            let close = is_aside.then(|| {
                let rest = words[at + 1..].iter().take(LONGEST_CLAUSE + 4);
                rest.take_while(|word| word.gap != Gap::Break)
                    .position(|word| word.gap == Gap::Comma)
            });
            let close = at + 1 + close.flatten()?;
            let verb = (close..words.len().min(close + 3)).find(|verb| {
                (*verb == close || words[*verb].gap == Gap::Space)
                    && speaks(words, *verb, people, close)
            })?;
            let between = &words[close..verb];
            between
                .iter()
                .all(|word| word.is(Class::AUXILIARY | Class::ADVERB))
                .then_some(verb)
        }
    }
}

/// True for words that begin a modifier of the people, before their verb.
pub(super) fn opens_modifier(word: &Word<'_>) -> bool {
    word.is_one_of(&[
        "who",
        "familiar",
        "close",
        "briefed",
        "involved",
        "knowledgeable",
        "aware",
        "speaking",
        "working",
        "acquainted",
        "there",
        "here",
        "alike",
        "opposed",
        "interviewed",
        "contacted",
        "present",
        "privy",
        "linked",
        "connected",
        "based",
    ])
}

/// Returns the verb after a modifier that begins at `at` and has at most `longest` words.
fn after_modifier(
    words: &[Word<'_>],
    at: usize,
    longest: usize,
    people: &NounPhrase,
) -> Option<usize> {
    let is_relative = words[at].lower == "who";
    // A preposition begins one noun phrase, which ends with its noun.
    let mut determiners = 0;
    for next in at + 1..words.len().min(at + longest) {
        let (word, before) = (&words[next], &words[next - 1]);
        if word.gap != Gap::Space {
            return None;
        }
        let is_of_clause = before
            .is_one_of(&["who", "that", "to", "not", "and", "or", "have", "had"])
            || before.is(Class::PRONOUN | Class::PREPOSITION | Class::DEFINITE | Class::INDEFINITE);
        if !is_of_clause && speaks(words, next, people, next) {
            return Some(next);
        }
        if word.is(Class::PREPOSITION) {
            determiners = 0;
        } else if word.is(Class::DEFINITE | Class::INDEFINITE) || word.is_possessive() {
            determiners += 1;
        }
        let is_other_clause = word.is(Class::CONJUNCTION) && !word.is(Class::PREPOSITION)
            || word.is_one_of(&["and", "or", "but"])
            || word.is(Class::PRONOUN);
        if !is_relative && (is_other_clause || determiners > 1) {
            return None;
        }
    }
    None
}

/// True if the word `at` is a verb by which `people` say or think something. `from` is the first
/// word after the people.
fn speaks(words: &[Word<'_>], at: usize, people: &NounPhrase, from: usize) -> bool {
    let verb = &words[at];
    let verbs = match (people.crowd, people.is_singular) {
        (Crowd::Texts, _) => Class::SHOW,
        (Crowd::Experts | Crowd::Partisans | Crowd::Bare, false) => Class::SAY | Class::OPINE,
        (Crowd::Folk, false) => Class::SAY,
        (Crowd::Experts | Crowd::Partisans | Crowd::Bare | Crowd::Folk, true) => Class::SAYS,
    };
    if !verb.is(verbs) {
        return false;
    }
    let next = words.get(at + 1);
    let next = next.filter(|next| next.gap == Gap::Space);
    let follows = |list: &[&str]| next.is_some_and(|next| next.is_one_of(list));
    let is_direct = at == from;
    let fits = match verb.lower.as_ref() {
        "put" => words[at..].iter().take(9).any(|word| word.lower == "at"),
        "point" | "points" | "pointed" => follows(&["to", "out", "at"]),
        "speak" | "speaks" | "spoke" | "talk" | "talks" | "talked" => follows(&["of", "about"]),
        "express" | "expresses" | "expressed" => words[at + 1..].iter().take(4).any(|word| {
            word.is_one_of(&[
                "doubt",
                "doubts",
                "concern",
                "concerns",
                "fear",
                "fears",
                "skepticism",
                "scepticism",
                "worry",
                "worries",
                "confidence",
                "hope",
                "alarm",
                "surprise",
                "disappointment",
                "reservations",
                "unease",
                "optimism",
                "disbelief",
            ])
        }),
        "hold" | "held" | "observe" | "observed" => follows(&["that"]),
        "find" | "found" => people.crowd == Crowd::Texts || follows(&["that"]),
        "agree" | "agreed" | "agrees" => !follows(&["to", "on", "with"]),
        "call" | "calls" | "called" => match people.crowd {
            Crowd::Experts | Crowd::Partisans | Crowd::Bare => true,
            Crowd::Folk | Crowd::Texts => follows(&["for", "it"]),
        },
        "charge" | "charged" | "attribute" | "attributed" | "link" | "linked" => {
            people.crowd != Crowd::Folk && !follows(&["by", "with"])
        }
        // `reports have suggested` is found by its second verb.
        "have" => false,
        "confirm" | "confirmed" | "reveal" | "revealed" | "disclose" | "disclosed" | "report"
        | "reported" | "explain" | "explained" | "add" | "added" | "deny" | "denied" => {
            !matches!(people.crowd, Crowd::Bare)
        }
        // Not `readers cannot tell`.
        "tell" => is_direct,
        _ => true,
    };
    // Not `people expected to arrive` and `people told to leave`.
    let is_participle = verb.is(Class::RAISING | Class::IMPERSONAL | Class::SHARED)
        || verb.is_one_of(&["told", "asked", "charged"]);
    let is_passive = is_participle && follows(&["to", "by"])
        || at > from && words[at - 1].is(Class::BE)
        || verb.lower.ends_with("ed") && follows(&["by"]);
    // Not `some suggested documents`: a participle before its noun.
    let is_adjective = people.crowd == Crowd::Bare
        && is_direct
        && is_participle
        && !next.is_none_or(|next| {
            next.is(Class::DEFINITE | Class::INDEFINITE | Class::POSSESSIVE | Class::PRONOUN)
                || next.is(Class::CONJUNCTION)
                || next.is_capital
                || next.is_one_of(&["there", "this", "that"])
        });
    fits && !is_passive && !is_adjective
}

/// `…, said one official`: `at` is the verb.
fn verb_and_subject(words: &[Word<'_>], at: usize) -> Option<Phrase> {
    let verb = &words[at];
    // A sentence that begins with the verb is an instruction: `Add a source`.
    let before = &words[at.checked_sub(1)?];
    let is_open = verb.gap != Gap::Space || before.is_one_of(&["as", "so"]);
    let is_speech = verb.is_one_of(&[
        "say", "says", "said", "warn", "warns", "warned", "argue", "argues", "argued", "claim",
        "claims", "claimed", "insist", "insisted", "believe", "noted", "added",
    ]);
    if !is_open || !is_speech {
        return None;
    }
    let people = crowds::after(words, at + 1)?;
    if people.is_definite || crowds::names_an_owner(words, people.words.end, people.crowd) {
        return None;
    }
    let ends = words.get(people.words.end).is_none_or(|next| {
        next.gap != Gap::Space || next.is(Class::PREPOSITION) || opens_modifier(next)
    });
    ends.then(|| Phrase::new(at..people.words.end))
}

/// `according to sources`, `citing unnamed officials`, `by some accounts`.
fn according_to(words: &[Word<'_>], at: usize) -> Option<Phrase> {
    let first = &words[at];
    let from = match first.lower.as_ref() {
        "according" if words.get(at + 1)?.lower == "to" => at + 2,
        "citing" => at + 1,
        "by" => {
            let is_vague = |word: &Word<'_>| {
                word.is(Class::QUANTIFIER) || word.is_one_of(&["all", "other", "one"])
            };
            let counted = words[at + 1..].iter().take(2);
            let count = counted.take_while(|word| is_vague(word)).count();
            let noun = words.get(at + 1 + count)?;
            let is_account = noun.is_one_of(&["accounts", "estimates", "reports", "reckonings"]);
            return (count > 0 && is_account).then(|| Phrase::new(at..at + count + 2));
        }
        _ => return None,
    };
    let people = crowds::after(words, from)?;
    let end = people.words.end;
    let is_plain = people.is_definite
        && people.crowd != Crowd::Partisans
        && !words
            .get(end)
            .is_some_and(|next| next.gap == Gap::Space && opens_modifier(next));
    if is_plain || crowds::names_an_owner(words, end, people.crowd) {
        return None;
    }
    Some(Phrase::new(at..end))
}
