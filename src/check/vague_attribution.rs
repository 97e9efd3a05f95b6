//! Vague attribution: `experts say`, `it is believed`, `sources familiar with the matter`.
//!
//! A small grammar finds the phrases ([`grammar`]): nouns for unnamed people ([`crowds`]), verbs of
//! speech, and passives and rumors ([`hearsay`]), all from one lexicon ([`lexicon`]). A phrase is
//! not reported if a mark covers or continues it, if its sentence cites a source, or if its
//! sentence names the speaker ([`owner`]). `tests/vague/` has hand-marked texts, on which a test
//! measures recall and false positives.

mod crowds;
mod grammar;
mod hearsay;
mod lexicon;
mod owner;
mod words;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use self::words::{Gap, Word};

use super::prose::{Closed, covered, written};
use crate::derive::{Block, sentences};
use crate::diag::{Code, Diagnostic};
use crate::model::{Body, Doc, Entity, Node, Site, Tag, Target};
use crate::text::Place;

/// Reports vague attribution in a block, outside of marks, quotations and code.
pub(super) fn look(site: &Site, doc: Doc, block: &Block, found: &mut Vec<Diagnostic>) {
    if block.quote.is_some() || !CUES.is_match(&block.text) {
        return;
    }
    let body = &site.prose(doc).body;
    let mut around: Option<Surroundings> = None;
    for sentence in sentences(&block.text) {
        if !CUES.is_match(&block.text[sentence.clone()]) {
            continue;
        }
        let mut words = words::words(&block.text, sentence.clone());
        if words.is_empty() {
            continue;
        }
        let around = around.get_or_insert_with(|| Surroundings::of(body, block));
        for word in &mut words {
            word.is_capital |= around.actors.touches(&word.range);
        }
        for phrase in grammar::phrases(&words) {
            let range =
                words[phrase.words.start].range.start..words[phrase.words.end - 1].range.end;
            let is_covered = around.closed.touches(&range)
                || around.cites(&sentence)
                || around.marks(&words, &phrase.words, &block.text);
            if !is_covered && !owner::names_owner(&words, &phrase) {
                let place = site.prose(doc).map.place(written(body, block, &range));
                found.push(vague_attribution(place, &block.text[range]));
            }
        }
    }
}

fn vague_attribution(place: Place, words: &str) -> Diagnostic {
    Diagnostic::new(
        Code::VagueAttribution,
        place,
        format!("vague attribution: `{words}`"),
    )
    .label("no speaker is named")
    .hint(
        "name the speaker and the source, `[words](claim:ID \"by=actor-id\") [@source-id]`; if \
           the source does not name the speaker, write `by=unnamed mode=background`",
    )
}

/// Every phrase of the grammar contains one of these words, so most sentences need not be analyzed.
static CUES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let cues = [
        "say",
        "said",
        "believ",
        "claim",
        "argu",
        "think",
        "thought",
        "alleg",
        "suggest",
        "contend",
        "warn",
        "agree",
        "maintain",
        "insist",
        "assert",
        "note",
        "predict",
        "speculat",
        "suspect",
        "accus",
        "blame",
        "complain",
        "describ",
        "counter",
        "conce",
        "acknowledg",
        "confirm",
        "reveal",
        "disclos",
        "report",
        "recall",
        "conclu",
        "worr",
        "caution",
        "doubt",
        "fear",
        "expect",
        "estimat",
        "tell",
        "told",
        "speak",
        "spoke",
        "talk",
        "point",
        "express",
        "hint",
        "explain",
        "add",
        "disput",
        "question",
        "critici",
        "hope",
        "assum",
        "reckon",
        "admit",
        "object",
        "den",
        "remark",
        "opin",
        "impl",
        "charge",
        "call",
        "attribut",
        "see",
        "regard",
        "consider",
        "view",
        "put",
        "hold",
        "held",
        "observ",
        "find",
        "found",
        "credit",
        "link",
        "dismiss",
        "prais",
        "hail",
        "wonder",
        "interpret",
        "label",
        "compar",
        "show",
        "indicat",
        "circulat",
        "abound",
        "persist",
        "demonstrat",
        "prove",
        "understood",
        "rumo",
        "presum",
        "whisper",
        "accept",
        "judg",
        "condemn",
        "perceiv",
        "recogni",
        "deem",
        "reput",
        "known",
        "according",
        "citing",
        "account",
        "anonym",
        "name",
        "identif",
        "quoted",
        "used",
        "publish",
        "supposedly",
        "purported",
        "word has",
        "legend has",
        "gossip",
        "wisdom",
        "secret",
        "knowledge",
        "consensus",
        "suspicion",
        "impression",
        "feeling",
        "belief",
    ];
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(cues)
        .expect("the cues fit an automaton")
});

/// The context of a block's words.
struct Surroundings {
    /// Marks, code and quotations.
    closed: Closed,
    /// Mentions of actors, which are names even in lower case.
    actors: Closed,
    /// The ends of citations, footnote references and links to documents.
    sources: Vec<usize>,
    marks: Vec<Range<usize>>,
}

impl Surroundings {
    fn of(body: &Body<Target>, block: &Block) -> Surroundings {
        let of_tags = |picks: fn(&Tag<Target>) -> bool| -> Vec<Range<usize>> {
            let inlines = block.inlines.iter();
            inlines
                .filter(|inline| {
                    let node = &body.items[inline.item].node;
                    matches!(node, Node::Start(tag) if picks(tag))
                })
                .map(|inline| inline.range.clone())
                .collect()
        };
        let mut closed = covered(body, block, |tag| matches!(tag, Tag::Mark(_)));
        closed.extend(quoted(&block.text));
        closed.sort_unstable_by_key(|range| (range.start, range.end));
        let links = of_tags(is_document).into_iter().map(|range| range.end);
        let ends = links.chain(block.notes.iter().copied());
        // A citation after the full stop belongs to the sentence before it.
        let sources = ends.map(|end| block.text[..end].trim_end().len()).collect();
        Surroundings {
            closed: Closed::new(closed),
            actors: Closed::new(of_tags(is_actor)),
            sources,
            marks: of_tags(|tag| matches!(tag, Tag::Mark(_))),
        }
    }

    /// True if a source is cited in `sentence` or directly after it.
    fn cites(&self, sentence: &Range<usize>) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|source| *source > sentence.start && *source <= sentence.end)
    }

    /// True if a mark gives the speaker: it ends directly before the phrase, or begins after it in
    /// the same clause.
    fn marks(&self, words: &[Word<'_>], phrase: &Range<usize>, text: &str) -> bool {
        let (first, last) = (
            words[phrase.start].range.start,
            words[phrase.end - 1].range.end,
        );
        self.marks.iter().any(|mark| {
            let is_before =
                mark.end <= first && !text[mark.end..first].contains(char::is_alphanumeric);
            let is_after = mark.start >= last && {
                let mut between = words[phrase.end..]
                    .iter()
                    .take_while(|it| it.range.start < mark.start);
                between.all(|word| {
                    word.gap != Gap::Break
                        && !word.is_one_of(&["but", "while", "whereas", "although"])
                })
            };
            let is_of_sentence =
                mark.end > words[0].range.start && mark.start < words[words.len() - 1].range.end;
            is_of_sentence && (is_before || is_after)
        })
    }
}

/// True if a link leads to a document outside of the book, or to a source.
fn is_document(tag: &Tag<Target>) -> bool {
    match tag.leads_to() {
        Some(Target::Url(_)) => true,
        Some(Target::Entity { entity, .. }) => matches!(entity, Entity::Source(_)),
        Some(Target::File { .. } | Target::Elsewhere { .. } | Target::Here(_)) | None => false,
    }
}

fn is_actor(tag: &Tag<Target>) -> bool {
    matches!(tag, Tag::Mention(to) if matches!(**to, Target::Entity { entity: Entity::Actor(_), .. }))
}

/// Returns the ranges between quotation marks, in order. An unclosed one quotes nothing.
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
