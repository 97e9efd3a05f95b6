//! Words that are said to be verbatim, looked up in the text that was kept of their source.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization as _;

use super::{listed, place};
use crate::diag::{Code, Diagnostic};
use crate::model::{Id, Position, Site, Source};

/// Every quotation whose source was kept.
pub(super) fn check(site: &Site, found: &mut Vec<Diagnostic>) {
    let mut kept: HashMap<Id<Source>, String> = HashMap::new();
    let mut seen = HashSet::new();
    for (_, claim) in site.claims().iter() {
        for position in claim.positions.iter().filter(|position| position.quote) {
            if !seen.insert((position.doc, position.mark)) {
                continue;
            }
            let sources: Vec<_> = position
                .sources
                .iter()
                .map(|cited| cited.source)
                .filter(|source| !site.sources()[*source].kept_words.trim().is_empty())
                .collect();
            for source in &sources {
                kept.entry(*source)
                    .or_insert_with(|| plain(&site.sources()[*source].kept_words));
            }
            let words = plain(&position.words).replace("...", "…");
            let pieces = pieces(&words);
            let holds = |source: &Id<Source>| occur_in_order(&pieces, &kept[source]);
            if !sources.is_empty() && !sources.iter().any(holds) {
                found.push(quote_not_in_source(site, position, &sources));
            }
        }
    }
}

fn quote_not_in_source(site: &Site, position: &Position, sources: &[Id<Source>]) -> Diagnostic {
    let sources = listed(sources.iter().map(|id| site.sources()[*id].id.as_str()));
    Diagnostic::new(
        Code::QuoteNotInSource,
        place(position),
        format!("quoted words are not in the kept text of {sources}"),
    )
    .label("marked as verbatim by `quote`")
    .hint("copy the words as they stand there, with `…` for what is left out and `[ ]` around what is put in, or drop `quote`")
}

/// One space for any white space, straight quotes, one dash, composed letters. Case is kept.
fn plain(text: &str) -> String {
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

/// The stretches of a quotation between its gaps: `…`, `...`, and brackets, which hold what an
/// editor put in (`[T]he`). Quotation marks around it, and the comma or stop that stands inside
/// them by house style, are not part of it.
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
    let is_edge = |c: char| c.is_whitespace() || "\"',.;:".contains(c);
    let trimmed = pieces.into_iter().map(|piece| piece.trim_matches(is_edge));
    trimmed.filter(|piece| !piece.is_empty()).collect()
}

fn occur_in_order(pieces: &[&str], text: &str) -> bool {
    let mut from = 0;
    pieces.iter().all(|piece| match text[from..].find(piece) {
        Some(at) => {
            from += at + piece.len();
            true
        }
        None => false,
    })
}
