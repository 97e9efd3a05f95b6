//! Checks verbatim words against the kept text of their source, and against its language.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::nearest::{Finder, Passage, Words};
use super::{listed, place};
use crate::diag::{Code, Diagnostic};
use crate::model::{Id, Node, Position, Site, Source, Wording};
use crate::text::{Place, Span, excerpt, may_be_of};

/// The maximum number of differences in a message.
const MOST_DIFFERENCES: usize = 3;

/// Checks every quotation whose source has a kept text.
pub(super) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    let mut texts: HashMap<Id<Source>, Kept<'_>> = HashMap::new();
    let mut finder = Finder::new();
    let mut seen = HashSet::new();
    for (_, claim) in site.claims().iter() {
        for position in &claim.positions {
            let Some(verbatim) = position.verbatim() else {
                continue;
            };
            if !seen.insert((position.doc, position.mark)) {
                continue;
            }
            let cited = position.sources.iter().map(|cited| cited.source);
            let has_text = |id: &Id<Source>| !site.sources()[*id].kept_words.trim().is_empty();
            let sources: Vec<Id<Source>> = cited.filter(has_text).collect();
            for id in &sources {
                texts
                    .entry(*id)
                    .or_insert_with(|| Kept::of(&site.sources()[*id]));
            }
            let words = plain(verbatim).replace("...", "…");
            let pieces = pieces(&words);
            let faults: Vec<Fault<'_>> = sources
                .iter()
                .filter_map(|id| fault(&pieces, &texts[id].plain))
                .collect();
            if sources.is_empty() || faults.len() < sources.len() {
                found.extend(terms_not_in_source(site, position, &sources, &texts));
                found.extend(not_in_language(site, position, verbatim));
            } else {
                let nearest = nearest(site, &sources, &faults, &mut texts, &mut finder);
                found.push(quote_not_in_source(
                    site, position, &sources, &faults, nearest,
                ));
            }
            found.extend(original_without_language(site, position));
        }
    }
}

/// A kept text, prepared for comparison.
struct Kept<'s> {
    words: &'s str,
    plain: String,
    /// Its words, once a similar passage is searched in it.
    cut: Option<Words>,
}

impl<'s> Kept<'s> {
    fn of(source: &'s Source) -> Kept<'s> {
        Kept {
            words: &source.kept_words,
            plain: plain(&source.kept_words),
            cut: None,
        }
    }
}

/// Why a quotation is not in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault<'q> {
    /// The text does not contain these words.
    Absent(&'q str),
    /// The text contains these words, but in a different order.
    Order(&'q str),
}

impl<'q> Fault<'q> {
    fn words(self) -> &'q str {
        match self {
            Fault::Absent(words) | Fault::Order(words) => words,
        }
    }
}

/// Returns the first part of a quotation that does not follow the previous parts in `text`.
fn fault<'q>(pieces: &[&'q str], text: &str) -> Option<Fault<'q>> {
    let mut from = 0;
    for piece in pieces {
        match text[from..].find(piece) {
            Some(at) => from += at + piece.len(),
            None if text.contains(piece) => return Some(Fault::Order(piece)),
            None => return Some(Fault::Absent(piece)),
        }
    }
    None
}

/// Returns the most similar passage of all texts, with its source.
fn nearest<'s>(
    site: &'s Site,
    sources: &[Id<Source>],
    faults: &[Fault<'_>],
    texts: &mut HashMap<Id<Source>, Kept<'s>>,
    finder: &mut Finder,
) -> Option<(Id<Source>, Passage)> {
    let mut best: Option<(Id<Source>, Passage)> = None;
    for (id, fault) in sources.iter().zip(faults) {
        let Fault::Absent(words) = fault else {
            continue;
        };
        let kept = texts
            .entry(*id)
            .or_insert_with(|| Kept::of(&site.sources()[*id]));
        let cut = kept.cut.get_or_insert_with(|| Words::of(kept.words));
        let passage = finder.find(words, kept.words, cut);
        if let Some(passage) = passage
            && best
                .as_ref()
                .is_none_or(|(_, other)| passage.cost < other.cost)
        {
            best = Some((*id, passage));
        }
    }
    best
}

fn quote_not_in_source(
    site: &Site,
    position: &Position,
    sources: &[Id<Source>],
    faults: &[Fault<'_>],
    nearest: Option<(Id<Source>, Passage)>,
) -> Diagnostic {
    let ids = listed(sources.iter().map(|id| site.sources()[*id].id.as_str()));
    let is_translated = position.wording() == Wording::Translation;
    let what = if is_translated {
        "the words of `orig`"
    } else {
        "quoted words"
    };
    let diagnostic = Diagnostic::new(
        Code::QuoteNotInSource,
        position.verbatim_place.clone(),
        format!("{what} are not in the kept text of {ids}"),
    );
    let in_order = faults.iter().find(|fault| matches!(fault, Fault::Order(_)));
    let diagnostic = match (&nearest, in_order) {
        (Some((id, passage)), _) => {
            let source = &site.sources()[*id];
            let text = &source.kept_words[passage.range.clone()];
            let diagnostic = diagnostic
                .label(differences(&passage.differences))
                .hint(format!("copy the passage as it is: `{}`", shortened(text)));
            match place_in(source, &passage.range) {
                Some(place) => diagnostic.other(place, "the most similar passage"),
                None => diagnostic,
            }
        }
        (None, Some(fault)) => diagnostic.label(format!(
            "`{}` comes earlier in the kept text",
            shortened(fault.words())
        )),
        (None, None) => diagnostic.label("no passage of the kept text is similar to these words"),
    };
    let may_be_translated = !is_translated
        && position.source_language(site).is_some_and(|language| {
            let has_most = nearest.is_none();
            has_most || !may_be_of(language, &position.words)
        });
    let diagnostic = if may_be_translated {
        diagnostic.hint("if the words are your translation, add the original: `orig='…'`")
    } else {
        diagnostic
    };
    let marks = &site.prose(position.doc).marks;
    let mark = marks.get(position.mark.0 as usize);
    let is_whole = mark.is_some_and(|mark| mark.whole_quote);
    diagnostic.hint(match (is_translated, is_whole) {
        (true, _) => "write `…` for words that you leave out and `[ ]` around words that you add",
        (false, true) => {
            "write `…` for words that you leave out and `[ ]` around words that you add, or write \
             a paraphrase as a paragraph"
        }
        (false, false) => {
            "write `…` for words that you leave out and `[ ]` around words that you add, or \
             remove `quote`"
        }
    })
}

/// `were Valdorian` is `came from Valdoria` in the kept text.
fn differences(differences: &[(String, String)]) -> String {
    let told = differences.iter().take(MOST_DIFFERENCES);
    let told = told.map(|(ours, theirs)| match (ours.as_str(), theirs.as_str()) {
        (ours, "") => format!("`{}` is added", shortened(ours)),
        ("", theirs) => format!("`{}` is missing", shortened(theirs)),
        (ours, theirs) => format!("`{}` instead of `{}`", shortened(ours), shortened(theirs)),
    });
    let mut told = told.collect::<Vec<_>>().join(", ");
    let rest = differences.len().saturating_sub(MOST_DIFFERENCES);
    if rest > 0 {
        told.push_str(&format!(", and {rest} more"));
    }
    told
}

fn shortened(words: &str) -> String {
    let words = crate::text::one_line(words);
    match excerpt(&words, 160) {
        Some(cut) => format!("{cut} …"),
        None => words.into_owned(),
    }
}

/// Returns the place of a passage of the kept text in the source's file.
fn place_in(source: &Source, passage: &Range<usize>) -> Option<Place> {
    // The text as `link` builds it: a space for a line end, a line end for a block.
    let mut at = 0;
    let mut pieces: Vec<(Range<usize>, Span)> = Vec::new();
    let mut all = String::new();
    for item in &source.kept.items {
        let text: &str = match &item.node {
            Node::Text(text) | Node::Code(text) => text,
            Node::SoftBreak | Node::HardBreak => " ",
            Node::Start(tag) if tag.is_block() => "\n",
            Node::Start(_)
            | Node::End
            | Node::Html(_)
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => continue,
        };
        all.push_str(text);
        pieces.push((at..at + text.len(), item.span));
        at += text.len();
    }
    if all.trim() != source.kept_words {
        return None;
    }
    let front = all.len() - all.trim_start().len();
    let passage = passage.start + front..passage.end + front;
    let mut covered = pieces
        .iter()
        .filter(|(range, _)| range.start < passage.end && passage.start < range.end);
    let (first, first_span) = covered.next()?;
    let (last, last_span) = covered
        .next_back()
        .unwrap_or(&(first.clone(), *first_span))
        .clone();
    // A text without escapes has the length of its source.
    let is_exact = |range: &Range<usize>, span: Span| range.len() as u32 == span.end - span.start;
    let start = if is_exact(first, *first_span) {
        first_span.start + (passage.start.saturating_sub(first.start)) as u32
    } else {
        first_span.start
    };
    let end = if is_exact(&last, last_span) {
        last_span.end - (last.end.saturating_sub(passage.end)) as u32
    } else {
        last_span.end
    };
    Some(source.map.place(Span { start, end }))
}

/// `conf` and `likely` of a verbatim mark are also printed in quotation marks.
fn terms_not_in_source(
    site: &Site,
    position: &Position,
    sources: &[Id<Source>],
    texts: &HashMap<Id<Source>, Kept<'_>>,
) -> Vec<Diagnostic> {
    if position.wording() != Wording::Verbatim || sources.is_empty() {
        return Vec::new();
    }
    let confidence = position.confidence.as_ref().map(|it| ("conf", it.term()));
    let likelihood = position.likelihood.as_ref().map(|it| ("likely", it.term()));
    let absent = confidence
        .into_iter()
        .chain(likelihood)
        .filter(|(_, term)| {
            let term = plain(term).to_lowercase();
            let has_it = |id: &Id<Source>| texts[id].plain.to_lowercase().contains(&term);
            !sources.iter().any(has_it)
        });
    absent
        .map(|(key, term)| {
            let ids = listed(sources.iter().map(|id| site.sources()[*id].id.as_str()));
            let message = format!("`{term}` is not in the kept text of {ids}");
            Diagnostic::new(Code::QuoteNotInSource, place(position), message)
                .label(format!("`quote` says that the term of `{key}` is verbatim"))
                .hint(format!("write the speaker’s own term, or remove `{key}`"))
        })
        .collect()
}

/// Reports verbatim words in Latin script whose language uses another script.
fn not_in_language(site: &Site, position: &Position, verbatim: &str) -> Option<Diagnostic> {
    let of_mark = position.lang.as_deref().filter(|_| position.orig.is_none());
    let language = of_mark.or_else(|| position.source_language(site))?;
    if may_be_of(language, verbatim) {
        return None;
    }
    let diagnostic = Diagnostic::new(
        Code::WordsNotInLanguage,
        position.verbatim_place.clone(),
        format!("verbatim words are not in `{language}`"),
    );
    Some(match (position.wording(), of_mark) {
        (Wording::Verbatim, None) => diagnostic
            .label("the language of the source uses another script")
            .hint(
                "if the words are your translation, add the original: `orig='…'`; if the source \
                 contains them as they are, add their language, such as `lang=en`",
            ),
        (Wording::Verbatim, Some(_)) => diagnostic
            .label("the language in `lang` uses another script")
            .hint("correct `lang`, or add the original words: `orig='…'`"),
        (Wording::Translation | Wording::Paraphrase, _) => diagnostic
            .label("the language of the source uses another script")
            .hint("put the words of the source into `orig`, and the translation into the brackets"),
    })
}

/// Reports an original without a language, because pages must state it.
fn original_without_language(site: &Site, position: &Position) -> Option<Diagnostic> {
    if position.orig.is_none() || position.source_language(site).is_some() {
        return None;
    }
    let sources = position.sources.iter();
    let ids: Vec<&str> = sources
        .map(|cited| site.sources()[cited.source].id.as_str())
        .collect();
    let hint = match ids.as_slice() {
        [] => "cite the source of the words, and add `language:` to its file".to_owned(),
        [id] => format!("add `language:` to the file of the source `{id}`"),
        _ => "add the same `language:` to the files of all its sources".to_owned(),
    };
    Some(
        Diagnostic::new(
            Code::OriginalWithoutLanguage,
            position.verbatim_place.clone(),
            "unknown language of the words in `orig`",
        )
        .label("the sources do not state one language")
        .hint(hint),
    )
}

/// Returns the text with single spaces, straight quotes, one kind of dash, and composed letters.
/// Case is kept.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfc() {
        match c {
            c if c.is_whitespace() => {
                if !plain.is_empty() && !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            '“' | '”' | '„' | '‟' | '«' | '»' | '″' => plain.push('"'),
            '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' => plain.push('\''),
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => plain.push('-'),
            '\u{ad}' | '\u{200b}' | '\u{feff}' => {}
            c => plain.push(c),
        }
    }
    plain
}

/// Returns the parts of a quotation between its gaps: `…`, `...`, and brackets with insertions
/// (`[T]he`). Quotation marks around it, and a comma or full stop inside them, are removed.
fn pieces(words: &str) -> Vec<&str> {
    let last_close = words.rfind(']').unwrap_or(0);
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(gap) = words[at..].find(['…', '[']).map(|found| at + found) {
        at = match words[gap..].starts_with('[') {
            true if gap < last_close => gap + words[gap..].find(']').map_or(1, |close| close + 1),
            true => gap + 1,
            false => gap + '…'.len_utf8(),
        };
        pieces.push(&words[start..gap]);
        start = at;
    }
    pieces.push(&words[start..]);
    let trimmed = pieces.into_iter().map(|piece| piece.trim_matches(is_edge));
    trimmed.filter(|piece| !piece.is_empty()).collect()
}

/// True if `c` can be at the ends of a quotation without belonging to it.
pub(super) fn is_edge(c: char) -> bool {
    c.is_whitespace() || "\"'“”„‟«»‘’‚‛‹›,.;:".contains(c)
}
