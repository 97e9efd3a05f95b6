//! Text fragments: a link that opens a document at the words that are quoted from it.

/// Words at each end by which a long quotation is found.
const ENDS: usize = 4;

/// `address` with a fragment that leads to the words of `quote`, and `address` alone where the
/// quotation is too short to be found.
pub fn at_words(address: &str, quote: &str) -> String {
    let Some(fragment) = fragment(quote) else {
        return address.to_string();
    };
    let hash = if address.contains('#') { "" } else { "#" };
    format!("{address}{hash}:~:text={fragment}")
}

/// The words between omissions that say most, as a text fragment takes them.
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
    // Of equals the first: `max_by_key` takes the last.
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

/// Words with all that is not a letter or digit of ASCII encoded: a comma and a hyphen would be
/// read as signs of the fragment itself.
fn encoded(words: &[&str]) -> String {
    let mut text = String::new();
    for byte in words.join(" ").bytes() {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
