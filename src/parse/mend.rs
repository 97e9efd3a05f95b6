//! Finds out why attributes after a bracket cannot be read, and suggests corrections.

use std::ops::Range;

use super::attrs;
use super::mask::{LONGEST, Verb};

/// The problem with attributes that cannot be read.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    /// The offset of the byte at which reading stopped.
    pub at: usize,
    pub why: String,
    pub hint: String,
    /// Edits of the source; empty if no correction is known.
    pub edits: Vec<(Range<usize>, String)>,
}

/// Quotation marks that word processors write instead of the two straight ones.
const CURLY: [(char, &str); 6] = [
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('‚', "'"),
];

/// Returns why `(verb:ids "…")`, which begins at `open`, is not part of a mark.
pub(super) fn parenthesis(source: &str, open: usize) -> Fault {
    let end = extent(source, open);
    let inside = &source[open..end];
    let closes = inside.ends_with(')');
    if let Some(fault) = curly(source, open..end) {
        return fault;
    }
    let ids = inside[1..].trim_start();
    let ids_start = open + inside.len() - ids.len();
    let stops = |c: char| c.is_whitespace() || matches!(c, ')' | '"' | '\'' | ']' | '{');
    let ids_end = ids_start + ids.find(stops).unwrap_or(ids.len());
    // If the `)` is missing, the punctuation at the end of the sentence is not part of the last id.
    let bare_end = if source[ids_end..].starts_with(')') {
        ids_end
    } else {
        open + source[open..ids_end]
            .trim_end_matches(['.', ',', ';', ':', '!', '?'])
            .len()
    };
    let before_close = end - usize::from(closes);
    let title = source[ids_end..before_close].trim();
    let title_start = ids_end + source[ids_end..].len() - source[ids_end..].trim_start().len();
    let title_end = title_start + title.len();
    let insert = |at: usize, text: &str| (at..at, text.to_owned());
    let starts_quoted = title.starts_with(['"', '\'']);
    let ends_quoted = title.len() > 1 && title.ends_with(['"', '\'']);
    if title.len() > LONGEST {
        return Fault {
            at: title_start,
            why: format!("the maximum length of attributes is {LONGEST} bytes"),
            hint: "move attributes that several marks share into a heading above them, `## … \
                   {on=2021}`"
                .into(),
            edits: Vec::new(),
        };
    }
    let mut edits = Vec::new();
    // Text after the ids without attributes is prose after the mark.
    let is_bare = (!title.contains(['=', '"', '\'']) && !closes) || title.starts_with([']', '{']);
    let has_none = title.is_empty() || is_bare;
    let (at, why, hint) = match (has_none, starts_quoted, ends_quoted) {
        (true, ..) => (open, "expected `)` after the id", "write `)` after the id"),
        (_, false, false) => {
            edits.extend([insert(title_start, "\""), insert(title_end, "\"")]);
            let hint = "write quotation marks around the attributes: `(verb:id \"by=us\")`";
            (title_start, "expected `\"`", hint)
        }
        (_, false, true) => {
            edits.push(insert(title_start, "\""));
            (
                title_start,
                "expected `\"`",
                "write `\"` before the first attribute",
            )
        }
        (_, true, false) => {
            edits.push(insert(title_end, "\""));
            let why = "this quotation mark is never closed";
            (title_start, why, "write `\"` after the last attribute")
        }
        (_, true, true) if title_start == ids_end => {
            edits.push(insert(ids_end, " "));
            (ids_end, "expected a space", "write a space after the id")
        }
        (_, true, true) if closes => (
            open,
            "this mark is not closed correctly",
            "write `[words](claim:id \"by=us on=2021-07-19 key='two words'\")`",
        ),
        (_, true, true) => (title_end, "expected `)`", "write `)` after the attributes"),
    };
    if has_none || (!closes && starts_quoted) {
        let at = if has_none { bare_end } else { title_end };
        edits.push(insert(at, ")"));
    }
    Fault {
        at,
        why: why.to_owned(),
        hint: hint.to_owned(),
        edits: joined(edits),
    }
}

/// Returns why `{.verb #id key=value}`, which begins at `open`, is not part of a mark.
pub(super) fn braces(source: &str, open: usize) -> Fault {
    let end = extent(source, open);
    if let Some(fault) = curly(source, open..end) {
        return fault;
    }
    let closes = source[open..end].ends_with('}');
    if !closes {
        let at = open + source[open..end].trim_end().len();
        return Fault {
            at: open,
            why: "this brace is never closed".to_owned(),
            hint: "write `}` after the last attribute".to_owned(),
            edits: vec![(at..at, "}".to_owned())],
        };
    }
    match attrs::lex(source, open + 1..end - 1) {
        Err((at, why)) => unlexed(source, at, why),
        Ok(_) => Fault {
            at: open,
            why: "no verb found here".to_owned(),
            hint: "write `[words]{.claim #id by=us}`".to_owned(),
            edits: Vec::new(),
        },
    }
}

/// Returns the problem with `].verb #id`.
pub(super) fn without_brace(at: usize) -> Fault {
    Fault {
        at,
        why: "expected `{` before the dot".to_owned(),
        hint: "write `[words]{.verb #id}`, with the brace directly after the bracket".to_owned(),
        edits: Vec::new(),
    }
}

/// Returns a correction for attribute text that cannot be read at byte `at`.
pub(super) fn unlexed(source: &str, at: usize, why: &str) -> Fault {
    let bytes = source.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    // `text='ESET's view'`: the apostrophe ended the value.
    if at > 1 && bytes[at - 1] == b'\'' && letter(at) && letter(at - 2) {
        return Fault {
            at: at - 1,
            why: "this apostrophe ends the value".to_owned(),
            hint: "write `\\'` for an apostrophe in a value between single quotes".to_owned(),
            edits: vec![(at - 1..at - 1, "\\".to_owned())],
        };
    }
    if why == attrs::UNCLOSED_QUOTE && at > 0 {
        let quote = char::from(bytes[at - 1]);
        let end = end_of_value(source, at, quote);
        return Fault {
            at: at - 1,
            why: format!("this `{quote}` is never closed"),
            hint: format!("write `{quote}` at the end of the value"),
            edits: vec![(end..end, quote.to_string())],
        };
    }
    let curly = source[at..].chars().next();
    let curly = curly.and_then(|c| CURLY.iter().find(|(curly, _)| *curly == c));
    if let Some((curly, _)) = curly {
        // The title is in double quotation marks, so single ones are always valid.
        let mut edits = vec![(at..at + curly.len_utf8(), "'".to_owned())];
        let behind = at + curly.len_utf8();
        let line = source[behind..].split('\n').next().unwrap_or("");
        let mut others = line.char_indices();
        let closing = others.find(|(_, c)| CURLY.iter().any(|(curly, _)| curly == c));
        edits.extend(closing.map(|(at, c)| {
            let at = behind + at;
            (at..at + c.len_utf8(), "'".to_owned())
        }));
        return Fault {
            at,
            why: format!("`{curly}` is a curly quotation mark"),
            hint: "write a straight quotation mark, `'`, here and at the other end".to_owned(),
            edits,
        };
    }
    Fault {
        at,
        why: why.to_owned(),
        hint: "write `[words](claim:id \"by=us on=2021-07-19 key='two words'\")`".to_owned(),
        edits: Vec::new(),
    }
}

/// Returns the probable end of a value whose quote is never closed: before the next key, or the end
/// of the block.
fn end_of_value(source: &str, at: usize, quote: char) -> usize {
    let other = if quote == '"' { '\'' } else { '"' };
    let rest = &source[at..];
    let block = rest.find([other, '}', ')', '\n']).unwrap_or(rest.len());
    let mut end = 0;
    for word in rest[..block].split_inclusive(' ') {
        if end > 0 && word.contains('=') {
            break;
        }
        end += word.len();
    }
    at + rest[..end].trim_end().len()
}

/// Finds curly quotation marks used as quotes: before a key, or around a value.
fn curly(source: &str, range: Range<usize>) -> Option<Fault> {
    let text = &source[range.clone()];
    let is_quoting = |at: usize, c: char| {
        let before = text[..at].chars().next_back();
        let behind = text[at + c.len_utf8()..].chars().next();
        let opens = before.is_none_or(|c| c.is_whitespace() || c == '=');
        let closes = behind.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | '}'));
        opens || closes
    };
    let found: Vec<(usize, char, &str)> = text
        .char_indices()
        .filter_map(|(at, c)| {
            let (_, straight) = CURLY.iter().find(|(curly, _)| *curly == c)?;
            // Inside the quotation marks of the title, only the other kind can be used.
            let is_inside = text[..at].matches('"').count() % 2 == 1;
            let straight = if is_inside { "'" } else { *straight };
            is_quoting(at, c).then_some((range.start + at, c, straight))
        })
        .collect();
    let (first, character, straight) = *found.first()?;
    let edits = found
        .iter()
        .map(|(at, c, straight)| (*at..at + c.len_utf8(), (*straight).to_owned()));
    Some(Fault {
        at: first,
        why: format!("`{character}` is a curly quotation mark"),
        hint: format!("write a straight quotation mark, `{straight}`, here and at the other end"),
        edits: edits.collect(),
    })
}

/// Combines insertions at one place.
fn joined(edits: Vec<(Range<usize>, String)>) -> Vec<(Range<usize>, String)> {
    let mut joined: Vec<(Range<usize>, String)> = Vec::new();
    for (range, text) in edits {
        match joined.last_mut() {
            Some((last, before)) if *last == range => before.push_str(&text),
            _ => joined.push((range, text)),
        }
    }
    joined
}

/// Returns the probable end of attributes that begin at `from`: after their closing bracket, before
/// the next `[`, or at the end of the paragraph.
pub(super) fn extent(source: &str, from: usize) -> usize {
    let bytes = source.as_bytes();
    let close = match bytes.get(from) {
        Some(b'{') => b'}',
        _ => b')',
    };
    let mut quote = false;
    let mut closed = None;
    let mut at = from + 1;
    let most = bytes.len().min(from + 2 * LONGEST);
    while at < most {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => quote = !quote,
            b'[' => break,
            b'{' if close == b'}' => break,
            b'\n' if is_blank(bytes, at + 1) => break,
            byte if byte == close && !quote => return at + 1,
            byte if byte == close && closed.is_none() => closed = Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    // A quote that is never closed does not hide the bracket.
    closed.unwrap_or_else(|| source.floor_char_boundary(at.min(most)))
}

fn is_blank(bytes: &[u8], mut at: usize) -> bool {
    while bytes.get(at).is_some_and(|byte| b" \t\r>".contains(byte)) {
        at += 1;
    }
    bytes.get(at).is_none_or(|byte| *byte == b'\n')
}

/// Returns the range of text around byte `at` (a colon, `=` or `{`) that looks like our syntax, but
/// was not read as such.
pub(super) fn look_alike(source: &str, at: usize, in_heading: bool) -> Option<Range<usize>> {
    match source.as_bytes()[at] {
        b':' => verb_and_id(source, at),
        b'=' => key_and_value(source, at),
        b'{' => open_brace(source, at, in_heading),
        _ => None,
    }
}

/// `verb:id`.
fn verb_and_id(source: &str, colon: usize) -> Option<Range<usize>> {
    let bytes = source.as_bytes();
    let start = word_start(bytes, colon);
    let word = &source[start..colon];
    if word.len() < 3 {
        return None;
    }
    let id = bytes[colon + 1..].iter().take_while(|byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-,".contains(byte)
    });
    let id_end = colon + 1 + id.count();
    let has_id = id_end > colon + 2 && bytes[colon + 1].is_ascii_lowercase();
    let before = start.checked_sub(1).map_or(b' ', |at| bytes[at]);
    if before.is_ascii_alphanumeric() || b"/:.-_@#=&?%\\+~".contains(&before) {
        return None;
    }
    // `[[claim:id` is a mention that is never closed.
    let is_mention = before == b'[' && start > 1 && bytes[start - 2] == b'[';
    let opens = b"(<]".contains(&before);
    // `<claim:id>` is the address of a link, and reported as one.
    let is_address = before == b'<' && bytes.get(id_end) == Some(&b'>');
    let is_ours = match Verb::parse(word) {
        Some(_) => has_id && !is_mention && !is_address,
        None => has_id && opens && super::synonyms::verb(word).is_some(),
    };
    is_ours.then(|| start - usize::from(before == b'(')..id_end)
}

/// Keys that do not occur with `=` in prose.
const TELLING: [&str; 8] = ["by", "against", "about", "src", "on", "of", "voice", "conf"];

/// True if a key in braces belongs to a mark, and is not one of Pandoc or HTML for spans, such as
/// `lang`.
pub(super) fn is_ours(key: &str) -> bool {
    const MORE: [&str; 6] = ["basis", "grade", "joint", "likely", "mode", "said-by"];
    TELLING.contains(&key) || MORE.contains(&key)
}

/// `key=value`.
fn key_and_value(source: &str, equals: usize) -> Option<Range<usize>> {
    let bytes = source.as_bytes();
    let start = word_start(bytes, equals);
    if !TELLING.contains(&&source[start..equals]) {
        return None;
    }
    let before = start.checked_sub(1).map_or(b' ', |at| bytes[at]);
    let is_apart = before.is_ascii_whitespace() || before >= 0x80 || b"\"'({".contains(&before);
    let behind = *bytes.get(equals + 1)?;
    let has_value = behind.is_ascii_alphanumeric() || behind >= 0x80 || b"\"'".contains(&behind);
    let end = source.ceil_char_boundary(equals + 2);
    (is_apart && has_value).then_some(start..end)
}

/// `{.verb`, `{key=`, or non-empty braces after a bracket that cannot be read.
fn open_brace(source: &str, open: usize, in_heading: bool) -> Option<Range<usize>> {
    let bytes = source.as_bytes();
    let inside = &source[open + 1..];
    let trimmed = inside.trim_start_matches([' ', '.']);
    let dotted = inside[..inside.len() - trimmed.len()].contains('.');
    let is_word = |c: char| c.is_ascii_lowercase() || c == '-';
    let word_len = trimmed.find(|c| !is_word(c)).unwrap_or(trimmed.len());
    let (word, rest) = trimmed.split_at(word_len);
    let end = extent(source, open);
    let block = &source[open..end];
    let says = |text: &str| text.contains(" #") || text.contains("of=");
    let is_verb = Verb::parse(word).is_some();
    let is_meant = match (is_verb, dotted) {
        (true, true) => true,
        (true, false) => rest.starts_with(' ') && says(block),
        (false, true) => super::synonyms::verb(word).is_some() && says(block),
        (false, false) => rest.starts_with('=') && is_ours(word),
    };
    let is_behind = open > 0 && bytes[open - 1] == b']';
    let closes = block.ends_with('}') && !block.contains('\n');
    let is_unread = is_behind
        && closes
        && block[1..].contains(['#', '=', '.'])
        && attrs::lex(source, open + 1..end - 1).is_err();
    let is_anchor = in_heading && !closes && word.is_empty() && trimmed.starts_with('#');
    (is_meant || is_unread || is_anchor).then(|| open..open + 1 + inside.len() - rest.len())
}

fn word_start(bytes: &[u8], end: usize) -> usize {
    let is_word = |byte: &&u8| byte.is_ascii_lowercase() || **byte == b'-';
    end - bytes[..end]
        .iter()
        .rev()
        .take_while(is_word)
        .take(40)
        .count()
}
