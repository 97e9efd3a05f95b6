//! Checks whether the sentence around a vague phrase names its speaker.

use super::crowds;
use super::grammar::Phrase;
use super::lexicon::Class;
use super::words::{Gap, Word};

/// The maximum number of words of a name or title before its verb.
const LONGEST_NAME: usize = 6;

/// True for `Microsoft said that experts believe` and `experts believe, according to Microsoft`.
pub(super) fn names_owner(words: &[Word<'_>], phrase: &Phrase) -> bool {
    !phrase.is_anonymous && (before(words, phrase.words.start) || after(words, phrase.words.end))
}

/// True if a named speaker is the subject of the clause around the word `start`.
fn before(words: &[Word<'_>], start: usize) -> bool {
    let mut at = start;
    while at > 0 {
        if begins_another(words, at) {
            return false;
        }
        at -= 1;
        if words[at].lower == "according" && is_source(words, at) {
            return true;
        }
        if is_speech(&words[at]) && has_speaker(words, at) {
            return true;
        }
    }
    false
}

/// True if an aside after the word before `end` names the speaker.
fn after(words: &[Word<'_>], end: usize) -> bool {
    for at in end..words.len() {
        if begins_another(words, at) {
            return false;
        }
        if words[at].gap != Gap::Comma {
            continue;
        }
        if words[at].lower == "according" && is_source(words, at) {
            return true;
        }
        // `…, said Smith` and `…, Smith said.`
        let is_inverted = words[at].is_one_of(&["said", "says", "wrote", "writes"])
            && words
                .get(at + 1)
                .is_some_and(|next| next.gap == Gap::Space && is_name(words, at + 1));
        let verb = words[at..].iter().take(LONGEST_NAME + 1).skip(1);
        let verb = verb
            .take_while(|word| word.gap == Gap::Space)
            .position(|word| word.is_one_of(&["said", "says", "wrote", "writes", "added"]));
        let closes = verb.is_some_and(|verb| {
            let verb = at + 1 + verb;
            let next = words.get(verb + 1);
            has_speaker(words, verb)
                && next.is_none_or(|next| next.gap != Gap::Space || next.is(Class::PREPOSITION))
        });
        if is_inverted || closes {
            return true;
        }
    }
    false
}

/// True if the word `at` begins a clause with its own speaker.
fn begins_another(words: &[Word<'_>], at: usize) -> bool {
    let word = &words[at];
    word.gap == Gap::Break && at > 0
        || word.is_one_of(&["but", "while", "whereas", "although", "though", "yet"])
        || word.gap == Gap::Comma && word.is_one_of(&["and", "or", "which"])
}

/// True for verbs that report what follows. A denied statement is attributed to its own speaker.
fn is_speech(word: &Word<'_>) -> bool {
    word.is(Class::SAY | Class::SAYS)
        && !word.is_one_of(&[
            "deny",
            "denied",
            "denies",
            "dispute",
            "disputed",
            "disputes",
            "question",
            "questioned",
            "questions",
            "call",
            "called",
            "calls",
            "charge",
            "charged",
        ])
}

/// `according to Microsoft`, `according to the ministry`.
fn is_source(words: &[Word<'_>], according: usize) -> bool {
    words.get(according + 1).is_some_and(|to| to.lower == "to")
        && crowds::after(words, according + 2).is_none()
        && is_name(words, according + 2)
}

/// True if the words from `at` are a name, or an organization or person that the text has named
/// before.
fn is_name(words: &[Word<'_>], at: usize) -> bool {
    let Some(first) = words.get(at) else {
        return false;
    };
    let near = words[at..].iter().take(LONGEST_NAME);
    first.is(Class::DEFINITE)
        || first.is_possessive()
        || first.is_one_of(&["he", "she", "they"])
        || near
            .take_while(|word| !word.is(Class::PREPOSITION))
            .any(|word| word.is_capital)
}

/// True if the subject of the verb `at` is a specific person or organization.
fn has_speaker(words: &[Word<'_>], verb: usize) -> bool {
    let mut at = verb;
    let mut is_first = true;
    while at > 0 && words[at].gap == Gap::Space && verb - at <= LONGEST_NAME {
        at -= 1;
        let word = &words[at];
        if is_first && word.is(Class::AUXILIARY | Class::ADVERB) {
            continue;
        }
        if is_first && word.is_one_of(&["he", "she", "they", "it", "we", "i"]) {
            return true;
        }
        if is_first
            && (word.is(Class::CONJUNCTION | Class::BE | Class::PREPOSITION) || word.lower == "who")
        {
            return false;
        }
        let is_crowd = crowds::subject(words, at).is_some();
        if is_crowd {
            return false;
        }
        // The first word of a sentence is always capitalized.
        let is_name = word.is_capital && (at > 0 || is_first && !word.is(Class::GENERIC));
        if is_name || word.is(Class::DEFINITE) || word.is_possessive() {
            return true;
        }
        if word.is(Class::INDEFINITE | Class::CONJUNCTION | Class::PRONOUN) {
            return false;
        }
        is_first = false;
    }
    false
}
