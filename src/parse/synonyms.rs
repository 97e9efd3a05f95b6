//! Other words for our verbs and keys.
//!
//! Spelling alone would turn `no-reply` into `no-comment`, and attribute a position to a party that
//! it did not take. So the two tables of meanings here come first, and spelling counts only for a
//! single typing error.

use super::attrs::KEYS;
use super::mask::Verb;
use crate::text::slips;

/// Each verb with its synonyms.
const VERBS: &[(&str, &[&str])] = &[
    (
        "claim",
        &[
            "accuses",
            "alleged",
            "alleges",
            "announces",
            "asserts",
            "blames",
            "charges",
            "claimed",
            "claims",
            "declares",
            "said",
            "say",
            "says",
            "stated",
            "states",
        ],
    ),
    ("confirms", &["confirm", "confirmed", "corroborates"]),
    ("admits", &["admit", "admitted", "concedes", "confesses"]),
    (
        "endorses",
        &["agrees", "backs", "endorse", "endorsed", "supports"],
    ),
    ("in-part", &["partial", "partially", "partly"]),
    (
        "denies",
        &[
            "contradicts",
            "denial",
            "denied",
            "deny",
            "denyes",
            "denys",
            "rebuts",
            "refutes",
            "rejects",
            "repudiates",
        ],
    ),
    (
        "disputes",
        &[
            "challenges",
            "contests",
            "dispute",
            "disputed",
            "doubts",
            "retorts",
        ],
    ),
    ("questions", &["asks", "question", "questioned", "queries"]),
    (
        "acknowledges",
        &["acknowledge", "acknowledged", "comments", "notes"],
    ),
    (
        "no-comment",
        &["declined", "declines", "nocomment", "refuses"],
    ),
    (
        "no-response",
        &[
            "no-answer",
            "no-reply",
            "noresponse",
            "noreply",
            "silence",
            "silent",
            "unanswered",
        ],
    ),
    (
        "reports",
        &["cites", "quotes", "relays", "report", "reported"],
    ),
    (
        "retracts",
        &["recants", "retract", "retracted", "withdraws", "withdrew"],
    ),
    ("corrects", &["amends", "correct", "corrected", "replaces"]),
    ("event", &["events", "happened", "occurred"]),
];

/// Each key of a mark with its synonyms.
const OTHER_KEYS: &[(&str, &[&str])] = &[
    ("by", &["author", "claimant", "party", "speaker"]),
    ("against", &["accused", "accuses", "target", "versus"]),
    ("about", &["subject", "topic"]),
    ("src", &["cite", "ref", "source", "sources"]),
    ("on", &["date", "dated", "day", "when"]),
    ("at", &["locator", "page", "pages"]),
    (
        "voice",
        &["spokesman", "spokesperson", "spokeswoman", "through"],
    ),
    ("conf", &["certainty", "confidence"]),
    ("likely", &["likelihood", "probability"]),
    ("quote", &["quoted", "verbatim"]),
    ("cont", &["continued", "continues"]),
    ("with", &["replaced-by", "replacement"]),
    ("orig", &["original"]),
    ("lang", &["language"]),
    ("tlp", &["marking"]),
];

/// Returns the verb that `word` means; `None` if it is a verb itself.
pub fn verb(word: &str) -> Option<&'static str> {
    known(VERBS, word).or_else(|| {
        let near = |most: usize, head: usize| {
            let is_near = |verb: &&str| {
                slips(word, verb) <= most && word.get(..head).is_some_and(|it| verb.starts_with(it))
            };
            only(Verb::words().filter(is_near))
        };
        near(1, 0).or_else(|| near(2, 5))
    })
}

/// Returns the key of a mark that `word` means; `None` if it is a key itself.
pub fn key(word: &str) -> Option<&'static str> {
    let is_key = |key: &&str| KEYS.contains(key);
    let near = || {
        let is_near = |key: &&str| slips(word, key) == 1 && key.len() > 2;
        only(KEYS.iter().copied().filter(is_near))
    };
    known(OTHER_KEYS, word).filter(is_key).or_else(near)
}

fn known(table: &[(&'static str, &[&str])], word: &str) -> Option<&'static str> {
    let entry = table.iter().find(|(_, others)| others.contains(&word))?;
    Some(entry.0)
}

/// Returns the only item; `None` if there are none or several, because each of several could be
/// meant.
fn only<'a>(mut items: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let first = items.next()?;
    items.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn synonyms_lead_to_verbs_and_keys_and_are_none_themselves() {
        for (verb, others) in VERBS {
            assert!(Verb::parse(verb).is_some(), "{verb}");
            for other in *others {
                assert!(Verb::parse(other).is_none(), "{other}");
            }
        }
        for (_, others) in OTHER_KEYS {
            for other in *others {
                assert!(!KEYS.contains(other), "{other}");
            }
        }
        let mut all: Vec<_> = VERBS.iter().flat_map(|(_, others)| *others).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "a word that means two verbs");
    }

    #[test]
    fn a_guess_never_turns_a_verb_into_one_of_another_meaning() {
        for (word, meant) in [
            ("no-reply", Some("no-response")),
            ("rejects", Some("denies")),
            ("refutes", Some("denies")),
            ("says", Some("claim")),
            ("alleges", Some("claim")),
            ("denys", Some("denies")),
            ("clam", Some("claim")),
            ("endroses", Some("endorses")),
            ("acknoledge", Some("acknowledges")),
            ("retorts", Some("disputes")),
            ("cont", None),
            ("denounces", None),
            ("no", None),
        ] {
            assert_eq!(verb(word), meant, "{word}");
        }
    }

    #[test]
    fn words_for_keys_lead_to_the_key() {
        for (word, meant) in [
            ("date", Some("on")),
            ("source", Some("src")),
            ("speaker", Some("by")),
            ("confidence", Some("conf")),
            ("accused", Some("against")),
            ("agianst", Some("against")),
            ("con", None),
            ("color", None),
        ] {
            assert_eq!(key(word), meant, "{word}");
        }
    }
}
