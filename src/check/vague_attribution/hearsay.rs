//! Phrases without a speaking subject: passives, requests for anonymity, rumors.

use super::crowds;
use super::grammar::Phrase;
use super::lexicon::Class;
use super::words::{Gap, Word};

/// `described by critics as`, `is expected by many to`: `at` is `by`.
pub(super) fn agent(words: &[Word<'_>], at: usize) -> Option<Phrase> {
    if words[at].lower != "by" || at == 0 || words[at].gap != Gap::Space {
        return None;
    }
    let participle = &words[at - 1];
    let is_opinion = participle.is(Class::SHARED | Class::IMPERSONAL | Class::RAISING)
        || participle.is_one_of(&["called", "denounced", "disputed", "questioned", "told"]);
    if !is_opinion {
        return None;
    }
    let people = crowds::after(words, at + 1)?;
    let end = people.words.end;
    let next = words.get(end).filter(|next| next.gap == Gap::Space);
    // `seen by residents` can be meant literally.
    let is_sight = participle.is_one_of(&["seen", "viewed", "held"]);
    let is_view = next.is_some_and(|next| next.is_one_of(&["as", "to"]));
    if is_sight && !is_view
        || people.is_definite
        || crowds::names_an_owner(words, end, people.crowd)
    {
        return None;
    }
    Some(Phrase::new(at - 1..end))
}

/// `it is believed`, `is widely expected`, `is said to have`: `at` is the participle.
pub(super) fn passive(words: &[Word<'_>], at: usize) -> Option<Phrase> {
    let participle = &words[at];
    if !participle.is(Class::IMPERSONAL | Class::RAISING | Class::SHARED)
        && participle.lower != "known"
    {
        return None;
    }
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space);
    if next.is_some_and(|next| next.lower == "by") {
        return None;
    }
    let follows = |list: &[&str]| next.is_some_and(|next| next.is_one_of(list));
    let mut start = at;
    let mut has_be = false;
    let mut is_shared = false;
    while start > 0 && words[start].gap == Gap::Space {
        let word = &words[start - 1];
        let is_between = word.is(Class::AUXILIARY | Class::ADVERB | Class::WIDELY | Class::BE);
        if !is_between {
            break;
        }
        has_be |= word.is(Class::BE);
        is_shared |= !has_be && word.is(Class::WIDELY);
        start -= 1;
    }
    let subject = start
        .checked_sub(1)
        .filter(|_| words[start].gap == Gap::Space);
    let subject_is = |list: &[&str]| subject.is_some_and(|it| words[it].is_one_of(list));
    let end = at + 1 + usize::from(follows(&["to", "that", "as"]));
    if has_be && participle.is(Class::IMPERSONAL) && subject_is(&["it", "as"]) {
        // Instructions assume things about their readers.
        let is_manual = words
            .iter()
            .any(|word| word.is_one_of(&["you", "your", "reader"]));
        let is_of_readers = participle.is_one_of(&["assumed", "understood", "expected", "hoped"]);
        // Not `as said before`, `as was expected`.
        let is_past =
            subject_is(&["it"]) || words[start..at].iter().any(|word| word.lower == "been");
        let is_denied = words[start..at].iter().any(|word| word.lower == "not");
        if !(is_manual && is_of_readers) && is_past && !is_denied {
            return Some(Phrase::new(start - 1..end));
        }
    }
    if has_be && subject_is(&["it"]) && participle.lower == "known" {
        let adverb = &words[at - 1];
        let is_shared = adverb.is_one_of(&["well", "widely", "commonly", "generally"]);
        return is_shared.then(|| Phrase::new(start - 1..end));
    }
    if has_be && is_shared && participle.is(Class::SHARED) {
        let is_everybody = words[start..at].iter().any(|word| {
            word.is_one_of(&[
                "widely",
                "generally",
                "commonly",
                "broadly",
                "universally",
                "popularly",
                "largely",
            ])
        });
        let needs_as = participle.is_one_of(&[
            "seen",
            "viewed",
            "described",
            "regarded",
            "hailed",
            "dismissed",
            "praised",
            "condemned",
            "credited",
            "recognized",
            "recognised",
            "perceived",
        ]);
        let is_action = participle.is_one_of(&[
            "expected",
            "reported",
            "agreed",
            "accepted",
            "acknowledged",
            "judged",
            "praised",
            "condemned",
            "dismissed",
            "suggested",
        ]);
        let is_often = !words[start..at].iter().all(|word| {
            !word.is(Class::WIDELY) || word.is_one_of(&["still", "now", "almost", "nearly"])
        });
        let fits = if is_everybody {
            true
        } else {
            is_often && !is_action && (!needs_as || follows(&["as", "with"]))
        };
        if fits {
            return Some(Phrase::new(start..end));
        }
    }
    // `has been described as`, `is thought likely to`: the speaker is missing.
    let is_perfect = words[start..at].iter().any(|word| word.lower == "been");
    let is_verdict = participle.is_one_of(&[
        "described",
        "hailed",
        "dismissed",
        "praised",
        "condemned",
        "seen",
        "viewed",
        "regarded",
    ]);
    let is_likely = participle.is_one_of(&["thought", "believed", "considered"])
        && follows(&["likely", "unlikely", "certain"]);
    if has_be && (is_perfect && is_verdict && follows(&["as"]) || is_likely) {
        return Some(Phrase::new(start..at + 2));
    }
    let infinitive = words.get(at + 2).filter(|_| follows(&["to"]))?;
    if !participle.is(Class::RAISING) {
        return None;
    }
    let is_noun = infinitive.is(Class::DEFINITE | Class::INDEFINITE | Class::POSSESSIVE)
        || infinitive.is(Class::PRONOUN)
        || infinitive.is_capital
        || infinitive.is(Class::FOLK | Class::INSTITUTION);
    if has_be {
        return (!is_noun).then(|| Phrase::new(start..at + 2));
    }
    // `a collector thought to be a banker`.
    let is_reduced = infinitive.is_one_of(&["be", "have"])
        && start == at
        && subject.is_some_and(|it| !words[it].is(Class::PRONOUN) && !words[it].is_capital);
    is_reduced.then(|| Phrase::new(at..at + 3))
}

/// `asked not to be named`, `on condition of anonymity`: `at` is the last word.
pub(super) fn request(words: &[Word<'_>], at: usize) -> Option<Phrase> {
    let anonymous = |start: usize| {
        Some(Phrase {
            words: start..at + 1,
            is_anonymous: true,
        })
    };
    match words[at].lower.as_ref() {
        "anonymity" => {
            let back = words[..at].iter().rev().take(4);
            let back = back
                .take_while(|word| word.gap != Gap::Break)
                .position(|word| {
                    word.is_one_of(&[
                        "condition",
                        "requested",
                        "requesting",
                        "granted",
                        "demanded",
                    ])
                })?;
            anonymous(at - 1 - back)
        }
        "anonymously" => {
            let verb = at.checked_sub(1)?;
            let is_speech = words[verb].is(Class::SAY) || words[verb].lower == "speaking";
            is_speech.then(|| anonymous(verb)).flatten()
        }
        "named" | "identified" | "quoted" | "used" | "published" | "disclosed" => {
            let near: Vec<&Word<'_>> = words[..at].iter().rev().take(8).collect();
            let back = near.iter().position(|word| {
                word.is_one_of(&[
                    "asked",
                    "asking",
                    "declined",
                    "declining",
                    "refused",
                    "refusing",
                    "wished",
                    "want",
                    "wanted",
                    "requested",
                    "insisted",
                    "preferred",
                ])
            })?;
            let between = &near[..back];
            let is_name = words[at].is_one_of(&["named", "identified", "quoted"])
                || between
                    .iter()
                    .any(|word| word.is_one_of(&["name", "names", "identity"]));
            let is_refused =
                near[back].is_one_of(&["declined", "declining", "refused", "refusing"])
                    || near[..(back + 3).min(near.len())]
                        .iter()
                        .any(|word| word.is_one_of(&["not", "didn't", "withheld"]));
            let is_whole = between.iter().all(|word| word.gap == Gap::Space);
            (is_name && is_refused && is_whole)
                .then(|| anonymous(at - 1 - back))
                .flatten()
        }
        _ => None,
    }
}

/// `reportedly`, `rumor has it`, `there is growing speculation that`, `an open secret`.
pub(super) fn rumor(words: &[Word<'_>], at: usize) -> Option<Phrase> {
    let word = &words[at];
    if word.is(Class::HEARSAY) {
        return Some(Phrase::new(at..at + 1));
    }
    let before = at.checked_sub(1).map(|before| &words[before]);
    let before = before.filter(|_| word.gap == Gap::Space);
    let next = words.get(at + 1).filter(|next| next.gap == Gap::Space);
    let after = |list: &[&str]| next.is_some_and(|next| next.is_one_of(list));
    let follows = |list: &[&str]| before.is_some_and(|before| before.is_one_of(list));
    match word.lower.as_ref() {
        "rumor" | "rumour" | "word" | "legend" | "gossip"
            if after(&["has"]) && words.get(at + 2).is_some_and(|it| it.lower == "it") =>
        {
            return Some(Phrase::new(at..at + 3));
        }
        "wisdom"
            if follows(&[
                "conventional",
                "received",
                "popular",
                "accepted",
                "prevailing",
            ]) =>
        {
            return Some(Phrase::new(at - 1..at + 1));
        }
        "secret" if follows(&["open", "no"]) && after(&["that", "in", "among"]) => {
            return Some(Phrase::new(at - 1..at + 1));
        }
        "knowledge" if follows(&["common", "public"]) && after(&["that"]) => {
            return Some(Phrase::new(at - 1..at + 1));
        }
        "consensus" => {
            let is_opinion = after(&["is", "was", "among", "that", "in", "holds", "has"]);
            return is_opinion.then(|| Phrase::new(at..at + 2));
        }
        "belief" | "view" | "impression" | "perception" | "feeling" | "suspicion"
        | "assumption" => {
            let is_shared = follows(&[
                "general",
                "widespread",
                "common",
                "growing",
                "broad",
                "prevailing",
                "popular",
            ]);
            let is_opinion = after(&["is", "was", "that", "among", "in"]);
            return (is_shared && is_opinion).then(|| Phrase::new(at - 1..at + 2));
        }
        _ => {}
    }
    if !word.is(Class::TALK) {
        return None;
    }
    let there = words[..at]
        .iter()
        .rev()
        .take(5)
        .position(|it| it.lower == "there");
    if let Some(back) = there
        && words[at - back].is(Class::BE | Class::AUXILIARY)
        && after(&["that", "of", "about", "among"])
    {
        return Some(Phrase::new(at - 1 - back..at + 2));
    }
    let is_open = follows(&[
        "after",
        "amid",
        "amidst",
        "on",
        "over",
        "of",
        "to",
        "from",
        "following",
        "despite",
        "denied",
        "rejected",
        "dismissed",
        "about",
        "with",
        "fueled",
        "persistent",
        "growing",
        "widespread",
        "media",
        "press",
        "news",
        "recurring",
        "new",
        "fresh",
    ]) || before.is_some_and(|before| before.is(Class::HIDING));
    let is_told = !word.is_one_of(&["talk", "gossip", "suspicion", "suspicions"]);
    (is_open && is_told && after(&["that"])).then(|| Phrase::new(at..at + 2))
}
