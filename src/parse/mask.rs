//! Masks attribute blocks in the source before Markdown is parsed.
//!
//! CommonMark does not nest links, curls quotes, splits table cells at bars, and reads emphasis
//! everywhere. So the attributes after `]` and those at the end of a heading are overwritten by
//! inert bytes of the same length, between braces that keep their role as punctuation. All three
//! forms of a mark become plain brackets in this way, every offset is still valid in the source,
//! and one bracket matcher reads them all. If a block is in a place where none can be (in code, in
//! an address), it is restored from the source.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::attrs::{self, Piece, PieceKind};
use crate::model::Stance;
use crate::text::{Span, fold};

/// The byte that replaces attribute text. Text editors do not write it.
const INERT: u8 = 0x01;

/// The maximum length of attribute text, ids and citations; it bounds every search.
pub const LONGEST: usize = 4096;

/// What a mark does: state a position, or add an event to the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Position(Stance),
    Event,
}

impl Verb {
    pub fn parse(text: &str) -> Option<Verb> {
        match text {
            "event" => Some(Verb::Event),
            text => Stance::from_verb(text).map(Verb::Position),
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Verb::Position(stance) => stance.verb(),
            Verb::Event => "event",
        }
    }

    /// Returns all verbs.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Stance::ALL.into_iter().map(Stance::verb).chain(["event"])
    }
}

/// `verb:ids "attributes"`: the content of a link mark or of the definition of a reference mark.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkTarget<'a> {
    pub verb: Verb,
    pub verb_span: Span,
    /// Ids with their places; empty if the author gave none.
    pub ids: Vec<(&'a str, Span)>,
    pub pieces: Vec<Piece<'a>>,
    /// The offset at which the attributes cannot be read, and the reason.
    pub fault: Option<(usize, &'static str)>,
}

/// A masked attribute block. Its content is parsed from the source on demand, because storing it
/// would take more memory than the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block {
    /// The block with its delimiters.
    pub span: Span,
    pub kind: BlockKind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum BlockKind {
    /// `{…}` after a bracket.
    Braces,
    /// `(verb:ids "…")` after a bracket.
    MarkTarget,
    /// `[label]` after a bracket, if the label is defined as a mark.
    Label,
    /// `{…}` at the end of a heading.
    Heading,
}

/// A source with its attribute blocks masked.
#[derive(Debug)]
pub struct Masked<'a> {
    pub source: &'a str,
    /// The text for Markdown, of the same length as the source.
    pub text: Cow<'a, str>,
    /// In source order, without overlaps.
    pub blocks: Vec<Block>,
    /// The definitions of reference marks, by folded label.
    pub labels: BTreeMap<String, MarkTarget<'a>>,
}

impl<'a> Masked<'a> {
    /// Returns a text without our syntax.
    pub fn plain(source: &'a str) -> Masked<'a> {
        Masked {
            source,
            text: Cow::Borrowed(source),
            blocks: Vec::new(),
            labels: BTreeMap::new(),
        }
    }

    /// Returns the number of the block that begins at `offset`.
    pub fn block_at(&self, offset: usize) -> Option<usize> {
        self.blocks
            .binary_search_by_key(&(offset as u32), |block| block.span.start)
            .ok()
    }

    /// Returns the pieces of a block in braces; none for the other kinds.
    pub fn pieces(&self, block: Block) -> Vec<Piece<'a>> {
        match block.kind {
            BlockKind::Braces | BlockKind::Heading => {
                let inside = block.span.range();
                let inside = inside.start + 1..inside.end - 1;
                attrs::lex(self.source, inside).unwrap_or_default()
            }
            BlockKind::MarkTarget | BlockKind::Label => Vec::new(),
        }
    }

    /// Returns the content of a `(verb:ids "…")` block; `None` for the other kinds.
    pub fn saying(&self, block: Block) -> Option<MarkTarget<'a>> {
        match block.kind {
            BlockKind::MarkTarget => {
                let (_, saying) = saying(self.source, block.span.range().start + 1, b')')?;
                Some(saying)
            }
            BlockKind::Braces | BlockKind::Label | BlockKind::Heading => None,
        }
    }

    /// Returns the definition of the label of a `[label]` block.
    pub fn labelled(&self, block: Block) -> Option<&MarkTarget<'a>> {
        let label = block.span.of(self.source);
        let label = label.strip_prefix('[')?.strip_suffix(']')?;
        self.labels.get(&fold(label))
    }

    /// Returns the numbers of the blocks that overlap `range`.
    pub fn blocks_in(&self, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let first = self
            .blocks
            .partition_point(|block| block.span.end as usize <= range.start);
        let past = self
            .blocks
            .partition_point(|block| (block.span.start as usize) < range.end);
        first..past.max(first)
    }

    /// Returns `text`, which Markdown returned for `range`, with masked parts restored.
    pub fn restore<'t>(&self, text: &'t str, range: &std::ops::Range<usize>) -> Cow<'t, str> {
        if memchr::memchr(INERT, text.as_bytes()).is_none() {
            return Cow::Borrowed(text);
        }
        let mut restored = String::with_capacity(text.len());
        let mut blocks = self.blocks[self.blocks_in(range)].iter();
        let mut rest = text;
        while let Some(masked) = find_masked(rest) {
            let Some(block) = blocks.find(|block| block.span.range().len() == masked.len()) else {
                break;
            };
            restored.push_str(&rest[..masked.start]);
            restored.push_str(block.span.of(self.source));
            rest = &rest[masked.end..];
        }
        // The range of a code span after the bar of a wikilink is wrong.
        let is_left = memchr::memchr(INERT, rest.as_bytes()).is_some();
        if is_left && memchr::memchr(INERT, self.source.as_bytes()).is_none() {
            restored.extend(rest.chars().filter(|c| *c != INERT as char));
        } else {
            restored.push_str(rest);
        }
        Cow::Owned(restored)
    }
}

/// Returns the range of the first masked block in `text`, with its braces. An U+0001 of the author
/// is not one, because it is between other bytes.
fn find_masked(text: &str) -> Option<std::ops::Range<usize>> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(found) = memchr::memchr(INERT, &bytes[from..]) {
        let start = from + found;
        let run = bytes[start..].iter().take_while(|byte| **byte == INERT);
        let end = start + run.count();
        if start > 0 && bytes[start - 1] == b'{' && bytes.get(end) == Some(&b'}') {
            return Some(start - 1..end + 1);
        }
        from = end;
    }
    None
}

/// Masks the attribute blocks of `source`, in linear time.
pub fn mask(source: &str) -> Masked<'_> {
    let bytes = source.as_bytes();
    let labels = definitions(source);
    let mut blocks: Vec<Block> = Vec::new();
    let mut past = 0;
    for at in memchr::memchr2_iter(b']', b'}', bytes) {
        if at < past {
            continue;
        }
        let block = match bytes[at] {
            b']' if is_escaped(bytes, at) => None,
            b']' => behind_bracket(source, at + 1, &labels),
            _ => heading_block(source, at, past),
        };
        if let Some(block) = block {
            past = block.span.end as usize;
            blocks.push(block);
        }
    }
    let text = if blocks.is_empty() {
        Cow::Borrowed(source)
    } else {
        Cow::Owned(overwrite(source, &blocks))
    };
    Masked {
        source,
        text,
        blocks,
        labels,
    }
}

fn overwrite(source: &str, blocks: &[Block]) -> String {
    let mut text = String::with_capacity(source.len());
    let mut from = 0;
    for block in blocks {
        let range = block.span.range();
        text.push_str(&source[from..range.start]);
        text.push('{');
        text.extend(std::iter::repeat_n(INERT as char, range.len() - 2));
        text.push('}');
        from = range.end;
    }
    text.push_str(&source[from..]);
    text
}

/// True if the byte at `at` is escaped by a backslash.
pub fn is_escaped(bytes: &[u8], at: usize) -> bool {
    let slashes = bytes[..at]
        .iter()
        .rev()
        .take_while(|b| **b == b'\\')
        .count();
    slashes % 2 == 1
}

fn behind_bracket<'a>(
    source: &'a str,
    at: usize,
    labels: &BTreeMap<String, MarkTarget<'a>>,
) -> Option<Block> {
    match source.as_bytes().get(at)? {
        b'{' => {
            let end = braces(source, at)?;
            Some(Block {
                span: Span::new(at..end),
                kind: BlockKind::Braces,
            })
        }
        b'(' => {
            let (end, _) = saying(source, at + 1, b')')?;
            Some(Block {
                span: Span::new(at..end + 1),
                kind: BlockKind::MarkTarget,
            })
        }
        b'[' if !labels.is_empty() => {
            let length = source[at + 1..].find([']', '['])?;
            let label = fold(&source[at + 1..at + 1 + length]);
            let closes = source.as_bytes()[at + 1 + length] == b']';
            (closes && labels.contains_key(&label)).then(|| Block {
                span: Span::new(at..at + length + 2),
                kind: BlockKind::Label,
            })
        }
        _ => None,
    }
}

/// Returns the end of an attribute block in braces that begins at `at`.
///
/// It needs a class, an id or a key with a value; `{some words}` is text.
fn braces(source: &str, at: usize) -> Option<usize> {
    let close = closing_brace(source.as_bytes(), at + 1)?;
    let pieces = attrs::lex(source, at + 1..close).ok()?;
    let says_something = pieces.iter().any(|piece| {
        matches!(
            piece.kind,
            PieceKind::Class | PieceKind::Id | PieceKind::Key
        )
    });
    says_something.then_some(close + 1)
}

/// Returns the position of the brace that ends the block which began before `at`; quotes are
/// skipped.
fn closing_brace(bytes: &[u8], mut at: usize) -> Option<usize> {
    let end = bytes.len().min(at + LONGEST);
    let mut quote = None;
    while at < end {
        match (bytes[at], quote) {
            (b'\\', Some(_)) => at += 1,
            (byte, Some(open)) if byte == open => quote = None,
            (b'"' | b'\'', None) if bytes[at - 1] == b'=' => quote = Some(bytes[at]),
            (b'}', None) => return Some(at),
            (b'{' | b'`', None) => return None,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns the block at the end of a heading, whose closing brace is at `close`.
fn heading_block(source: &str, close: usize, past: usize) -> Option<Block> {
    let bytes = source.as_bytes();
    let spaces = bytes[close + 1..]
        .iter()
        .take_while(|b| b" \t\r".contains(b));
    let line_end = close + 1 + spaces.count();
    if bytes.get(line_end).is_some_and(|byte| *byte != b'\n') {
        return None;
    }
    let line_start = memchr::memrchr(b'\n', &bytes[..close]).map_or(0, |n| n + 1);
    let line = source[line_start..close].trim_start_matches([' ', '>', '\t']);
    if !line.starts_with('#') && !is_underline(source.get(line_end + 1..).unwrap_or("")) {
        return None;
    }
    let open = memchr::memrchr(b'{', &bytes[line_start.max(past)..close])? + line_start.max(past);
    let spaced = open == line_start || matches!(bytes[open - 1], b' ' | b'\t');
    let end = braces(source, open).filter(|end| spaced && *end == close + 1)?;
    Some(Block {
        span: Span::new(open..end),
        kind: BlockKind::Heading,
    })
}

fn is_underline(rest: &str) -> bool {
    let line = rest.lines().next().unwrap_or("").trim();
    !line.is_empty() && (line.bytes().all(|b| b == b'=') || line.bytes().all(|b| b == b'-'))
}

/// Parses `verb:ids "attributes"` from `at` up to the byte `close`, and returns the offset of
/// `close`.
///
/// Returns `None` for an unknown verb: then it is an ordinary link.
pub fn saying(source: &str, at: usize, close: u8) -> Option<(usize, MarkTarget<'_>)> {
    let bytes = source.as_bytes();
    let mut at = skip_line_space(bytes, at);
    // CommonMark allows a link destination in angle brackets.
    let is_angled = bytes.get(at) == Some(&b'<');
    at += usize::from(is_angled);
    let verb_start = at;
    while at < bytes.len() && (bytes[at].is_ascii_lowercase() || bytes[at] == b'-') {
        at += 1;
    }
    let verb = Verb::parse(&source[verb_start..at]).filter(|_| bytes.get(at) == Some(&b':'))?;
    let verb_span = Span::new(verb_start..at);
    at += 1;
    let ids_start = at;
    let ids_end = if is_angled { b'>' } else { close };
    let furthest = bytes.len().min(at + LONGEST);
    while at < furthest && !bytes[at].is_ascii_whitespace() && bytes[at] != ids_end {
        at += 1;
    }
    if at == furthest && at < bytes.len() {
        return None;
    }
    let ids = split_ids(&source[ids_start..at], ids_start);
    if is_angled {
        at += 1;
        if bytes.get(at - 1) != Some(&b'>') {
            return None;
        }
    }
    let title = skip_line_space(bytes, at);
    let mut pieces = Vec::new();
    let mut fault = None;
    let mut end = title;
    if title > at {
        if let Some((inside, past)) = quoted(bytes, title) {
            match attrs::lex(source, inside) {
                Ok(lexed) => pieces = lexed,
                Err(why) => fault = Some(why),
            }
            end = if close == b'\n' {
                past
            } else {
                skip_line_space(bytes, past)
            };
        } else if close == b'\n' {
            end = at;
        }
    }
    let closes = match close {
        b'\n' => source[end..].lines().next().unwrap_or("").trim().is_empty(),
        close => bytes.get(end) == Some(&close),
    };
    closes.then_some((
        end,
        MarkTarget {
            verb,
            verb_span,
            ids,
            pieces,
            fault,
        },
    ))
}

fn split_ids(text: &str, start: usize) -> Vec<(&str, Span)> {
    let mut ids = Vec::with_capacity(1);
    let mut offset = start;
    for part in text.split(',') {
        if !part.is_empty() {
            ids.push((part, Span::new(offset..offset + part.len())));
        }
        offset += part.len() + 1;
    }
    ids
}

/// Returns the content of a title in double quotes, single quotes or parentheses, and the offset
/// after it.
fn quoted(bytes: &[u8], at: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let close = match bytes.get(at)? {
        b'"' => b'"',
        b'\'' => b'\'',
        b'(' => b')',
        _ => return None,
    };
    let mut end = at + 1;
    while end < bytes.len().min(at + LONGEST) {
        match bytes[end] {
            b'\\' => end += 1,
            byte if byte == close => return Some((at + 1..end, end + 1)),
            _ => {}
        }
        end += 1;
    }
    None
}

/// Skips spaces and at most one line end, with the `>` of a block quotation after it.
fn skip_line_space(bytes: &[u8], mut at: usize) -> usize {
    let mut fresh_line = false;
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' => {}
            b'\n' if !fresh_line => fresh_line = true,
            b'>' if fresh_line => {}
            _ => break,
        }
        at += 1;
    }
    at
}

/// Returns the definitions `[label]: verb:ids "attributes"`, by folded label; the first one counts.
fn definitions(source: &str) -> BTreeMap<String, MarkTarget<'_>> {
    let mut labels = BTreeMap::new();
    for (_, label, saying) in all_definitions(source) {
        labels.entry(fold(label)).or_insert(saying);
    }
    labels
}

/// Returns all lines that look like the definition of a mark: the offset of the label's bracket,
/// the label, and the content. Some can be in code.
pub fn all_definitions(source: &str) -> impl Iterator<Item = (usize, &str, MarkTarget<'_>)> {
    let mut start = 0;
    source.split_inclusive('\n').filter_map(move |line| {
        let lead = line.len() - line.trim_start_matches([' ', '>', '\t']).len();
        let at = start + lead;
        start += line.len();
        let (label, saying) = definition(source, at)?;
        Some((at, label, saying))
    })
}

/// Returns the definition that begins at `at`: its label and its content.
pub fn definition(source: &str, at: usize) -> Option<(&str, MarkTarget<'_>)> {
    let line = source[at..].lines().next()?;
    let (label, _) = line.strip_prefix('[')?.split_once("]:")?;
    // `[]:` defines nothing; otherwise every `[words][]` would be a mark.
    if label.trim().is_empty() {
        return None;
    }
    let (_, saying) = saying(source, at + label.len() + 3, b'\n')?;
    Some((label, saying))
}
