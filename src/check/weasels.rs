//! Attribution to nobody: `experts say`, `it is believed`.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::file;
use super::prose::{Closed, covered, is_whole, written};
use crate::derive::Block;
use crate::diag::{Code, Diagnostic};
use crate::model::{Doc, Site, Tag};
use crate::text::Place;

/// Attribution to nobody, outside marks, quotations and code.
pub(super) fn look(site: &Site, doc: Doc, block: &Block, found: &mut Vec<Diagnostic>) {
    if block.quote.is_some() {
        return;
    }
    let (phrases, turns) = &*WEASELS;
    let mut matches = phrases.find_iter(&block.text).peekable();
    if matches.peek().is_none() {
        return;
    }
    let body = &site.prose(doc).body;
    let mut closed = covered(body, block, |tag| matches!(tag, Tag::Mark(_)));
    closed.extend(quoted(&block.text));
    closed.sort_unstable_by_key(|range| (range.start, range.end));
    let closed = Closed::new(closed);
    for hit in matches {
        let range = hit.range();
        let is_vague = match turns[hit.pattern().as_usize()] {
            Turn::Crowd => !has_owner(&block.text[..range.start]),
            Turn::Veiled => true,
            Turn::According => !is_placed(&block.text[range.end..]),
        };
        if is_vague && is_whole(&block.text, &range) && !closed.touches(&range) {
            let place = Place::new(file(site, doc), written(body, block, &range));
            found.push(weasel_attribution(place, &block.text[range]));
        }
    }
}

fn weasel_attribution(place: Place, words: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WeaselAttribution,
        place,
        format!("`{words}` names no speaker"),
    )
    .label("who says so")
    .hint("name who says it and where, `[words](claim:ID \"by=actor-id\") [@source-id]`; for one whom the source does not name, `by=unnamed mode=background`")
}

/// Those whom a text may name without naming anybody, and what they do.
const CROWDS: &[&str] = &[
    "experts",
    "observers",
    "analysts",
    "critics",
    "commentators",
    "insiders",
    "sources",
    "some",
    "some people",
    "many",
    "many people",
];
const SPEAKING: &[&str] = &[
    "say",
    "said",
    "believe",
    "believed",
    "claim",
    "claimed",
    "argue",
    "argued",
    "think",
    "allege",
    "alleged",
    "suggest",
    "suggested",
    "contend",
    "warn",
    "warned",
    "agree",
    "have said",
    "have claimed",
    "have argued",
    "have suggested",
    "have alleged",
];
/// Turns that hide who speaks: each opening with each of its participles.
const VEILS: &[(&[&str], &[&str])] = &[
    (
        &["it is", "it was", "it has been", "it is often"],
        &[
            "alleged",
            "argued",
            "assumed",
            "believed",
            "claimed",
            "rumored",
            "rumoured",
            "said",
            "suggested",
            "suspected",
            "thought",
            "understood",
        ],
    ),
    (
        &[
            "is widely",
            "are widely",
            "was widely",
            "were widely",
            "is generally",
            "are generally",
            "is commonly",
            "are commonly",
        ],
        &[
            "accepted",
            "agreed",
            "alleged",
            "assumed",
            "believed",
            "considered",
            "held",
            "regarded",
            "reported",
            "rumored",
            "said",
            "seen",
            "suspected",
            "thought",
            "understood",
        ],
    ),
];
/// Whom a text may cite without citing anybody.
const ACCORDING: &[&str] = &[
    "experts",
    "observers",
    "analysts",
    "critics",
    "insiders",
    "sources",
    "some",
    "many",
    "reports",
];
/// Words that a crowd may follow and remain one; any other capitalized word names whose it is.
const VAGUE: &[&str] = &[
    "a",
    "although",
    "and",
    "anonymous",
    "as",
    "because",
    "but",
    "certain",
    "even",
    "few",
    "for",
    "however",
    "if",
    "independent",
    "industry",
    "informed",
    "leading",
    "many",
    "most",
    "now",
    "numerous",
    "or",
    "other",
    "others",
    "outside",
    "security",
    "several",
    "since",
    "so",
    "some",
    "still",
    "that",
    "the",
    "then",
    "these",
    "though",
    "today",
    "unnamed",
    "various",
    "western",
    "what",
    "when",
    "where",
    "which",
    "while",
    "yet",
];

/// How a phrase of the automaton is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Crowd,
    Veiled,
    According,
}

static WEASELS: LazyLock<(AhoCorasick, Vec<Turn>)> = LazyLock::new(|| {
    let mut phrases: Vec<(String, Turn)> = Vec::new();
    for crowd in CROWDS {
        let said = SPEAKING.iter();
        phrases.extend(said.map(|said| (format!("{crowd} {said}"), Turn::Crowd)));
    }
    for (openings, participles) in VEILS {
        for opening in *openings {
            let veiled = participles.iter();
            phrases.extend(veiled.map(|veiled| (format!("{opening} {veiled}"), Turn::Veiled)));
        }
    }
    for crowd in ACCORDING {
        phrases.push((format!("according to {crowd}"), Turn::According));
    }
    let found = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(phrases.iter().map(|(text, _)| text))
        .expect("the phrases fit an automaton");
    (found, phrases.into_iter().map(|(_, turn)| turn).collect())
});

/// Whether the word before a crowd says whose it is: `Microsoft analysts`, `its critics`.
fn has_owner(before: &str) -> bool {
    let Some(before) = before.strip_suffix(' ') else {
        return false;
    };
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let is_possessive = word.ends_with("'s")
        || word.ends_with("’s")
        || word.ends_with("s'")
        || word.ends_with("s’");
    if is_possessive || word.ends_with([',', '.', ';', ':', '!', '?', ')', '—', '–']) {
        return is_possessive;
    }
    let is_capital = word.starts_with(|c: char| c.is_uppercase());
    match word.to_lowercase().as_str() {
        "its" | "their" | "our" | "his" | "her" | "whose" | "my" | "your" => true,
        word => is_capital && !VAGUE.contains(&word),
    }
}

/// Whether what follows `according to sources` says where they are.
fn is_placed(after: &str) -> bool {
    let next = after.split_whitespace().next().unwrap_or("");
    after.starts_with(' ') && matches!(next, "at" | "from" | "of" | "in" | "within" | "for" | "by")
}

/// What stands between quotation marks, in order. An unclosed one quotes nothing.
fn quoted(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    for (at, c) in text.char_indices() {
        open = match open {
            Some((start, close)) if close.contains(c) => {
                found.push(start..at);
                None
            }
            Some(_) => open,
            None => match c {
                '"' => Some((at, "\"")),
                '“' => Some((at, "”")),
                '„' => Some((at, "“”")),
                '«' => Some((at, "»")),
                '「' => Some((at, "」")),
                _ => None,
            },
        };
    }
    found
}
