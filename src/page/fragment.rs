//! Text fragments: links that open a document at quoted words.

use crate::text::{Encoding, percent_encoded};

/// The number of words at each end that identify a long quotation.
const ENDS: usize = 4;

/// Returns `address` with a text fragment for `quote`, or only `address` if the quotation is too
/// short.
pub fn at_words(address: &str, quote: &str) -> String {
    let Some(fragment) = fragment(quote) else {
        return address.to_string();
    };
    let hash = if address.contains('#') { "" } else { "#" };
    format!("{address}{hash}:~:text={fragment}")
}

/// Returns the text fragment for the longest part between omissions.
fn fragment(quote: &str) -> Option<String> {
    let quote = quote.replace("...", "…");
    let pieces: Vec<Vec<&str>> = quote
        .split(['…', '[', ']'])
        .map(|piece| {
            piece
                .trim_matches(|c: char| !c.is_alphanumeric())
                .split_whitespace()
                .collect()
        })
        .collect();
    // The first of the longest parts; `max_by_key` would return the last.
    let words = pieces.into_iter().rev().max_by_key(Vec::len)?;
    match words.len() {
        0 | 1 => None,
        count if count <= 2 * ENDS => Some(encoded(&words)),
        count => Some(format!(
            "{},{}",
            encoded(&words[..ENDS]),
            encoded(&words[count - ENDS..])
        )),
    }
}

/// Commas and hyphens have a meaning in text fragments.
fn encoded(words: &[&str]) -> String {
    percent_encoded(&words.join(" "), Encoding::Words).into_owned()
}
