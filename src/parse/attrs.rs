//! Attribute text: `.class #id key=value flag -- note`, in braces, titles and front matter.
//!
//! [`lex`] splits the text, which is always read from the source and never from Markdown events,
//! because smart punctuation changes quotes. [`read`] interprets the pieces for marks and headings;
//! `docs/language.md` lists the keys.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use super::cite;
use super::lists::{self, names, one_name};
use super::name::Name;
use super::{dates, synonyms, terms};
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{Basis, CiteItem, Confidence, Grade, Likelihood, Mode, PartialDate, Tlp};
use crate::text::{Place, SourceMap, Span, nearest, one_line};

/// A token of attribute text.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece<'a> {
    pub kind: PieceKind,
    /// The class, id, key, flag or note.
    pub name: Cow<'a, str>,
    /// The value of a key; empty otherwise.
    pub value: Cow<'a, str>,
    pub name_span: Span,
    /// The place of the value, without its quotes.
    pub value_span: Span,
}

impl Piece<'_> {
    /// True if the value is in quotes, or in front matter, where no quotes are needed.
    pub fn is_quoted(&self) -> bool {
        self.value_span.start > self.name_span.end + 1
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    Class,
    Id,
    Key,
    Flag,
    Note,
}

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

/// The attributes of a mark, or those that marks inherit from a heading or front matter.
///
/// Rare attributes are boxed, because a long text has tens of thousands of marks and most have none
/// of them. All can be read as fields of this type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attrs {
    pub by: Option<Vec<Name>>,
    pub src: Option<Vec<CiteItem<Name>>>,
    pub on: Option<At<PartialDate>>,
    pub quote: bool,
    pub cont: bool,
    /// True if they could not be read, which was reported: missing attributes may be in them.
    pub is_unread: bool,
    others: Option<Box<Others>>,
}

/// The attributes that few marks have.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Others {
    pub against: Option<Vec<Name>>,
    pub about: Option<Vec<Name>>,
    pub at: Option<String>,
    pub voice: Option<Name>,
    pub conf: Option<At<Confidence>>,
    pub likely: Option<At<Likelihood>>,
    pub grade: Option<Grade>,
    pub basis: Option<Basis>,
    pub mode: Option<Mode>,
    pub joint: Option<String>,
    pub with: Option<Name>,
    pub said_by: Option<Vec<Name>>,
    pub asked: Option<PartialDate>,
    pub by_date: Option<PartialDate>,
    pub via: Option<String>,
    pub event: Option<Name>,
    pub who: Option<Vec<Name>>,
    pub kind: Option<String>,
    pub text: Option<At<String>>,
    pub orig: Option<At<String>>,
    pub lang: Option<String>,
    pub supports: Option<Vec<Name>>,
    pub contradicts: Option<Vec<Name>>,
    pub part: Option<Vec<Name>>,
    pub tlp: Option<Tlp>,
    pub extra: Vec<(String, String)>,
    pub note: Option<String>,
}

impl Deref for Attrs {
    type Target = Others;

    fn deref(&self) -> &Others {
        static NONE: LazyLock<Others> = LazyLock::new(Others::default);
        self.others.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Attrs {
    fn deref_mut(&mut self) -> &mut Others {
        self.others.get_or_insert_default()
    }
}

/// The keys of marks, in the order of the manual's table.
pub const KEYS: &[&str] = &[
    "by",
    "against",
    "about",
    "src",
    "on",
    "at",
    "voice",
    "conf",
    "likely",
    "grade",
    "basis",
    "mode",
    "joint",
    "with",
    "said-by",
    "asked",
    "by-date",
    "via",
    "event",
    "who",
    "kind",
    "text",
    "supports",
    "contradicts",
    "part",
    "quote",
    "orig",
    "lang",
    "cont",
    "tlp",
];

/// Splits `source[range]` into tokens.
///
/// Line ends count as spaces, and so does the `>` of a block quotation after them.
///
/// # Errors
/// Returns the offset of the first byte that cannot be read, and the reason.
pub fn lex(
    source: &str,
    range: std::ops::Range<usize>,
) -> Result<Vec<Piece<'_>>, (usize, &'static str)> {
    let bytes = source.as_bytes();
    let end = range.end;
    let mut at = range.start;
    let mut pieces = Vec::new();
    loop {
        at = skip_space(bytes, at, end)?;
        if at >= end {
            return Ok(pieces);
        }
        let start = at;
        let rest = &source[at..end];
        if rest == "--" || rest.starts_with("-- ") || rest.starts_with("--\n") {
            pieces.push(Piece {
                kind: PieceKind::Note,
                name: one_line(&rest[2..]),
                value: Cow::Borrowed(""),
                name_span: Span::new(start..end),
                value_span: Span::new(end..end),
            });
            return Ok(pieces);
        }
        let kind = match bytes[at] {
            b'.' => PieceKind::Class,
            b'#' => PieceKind::Id,
            _ => PieceKind::Key,
        };
        if kind != PieceKind::Key {
            at += 1;
        }
        let name_start = at;
        while at < end && is_name_byte(bytes[at], kind) {
            at += 1;
        }
        if at == name_start {
            return Err((at, "expected a key, `.verb`, `#id` or `-- note`"));
        }
        let mut piece = Piece {
            kind,
            name: Cow::Borrowed(&source[name_start..at]),
            value: Cow::Borrowed(""),
            name_span: Span::new(start..at),
            value_span: Span::new(at..at),
        };
        match kind {
            PieceKind::Key if bytes.get(at) == Some(&b'=') && at < end => {
                at = lex_value(source, at + 1, end, &mut piece)?;
            }
            PieceKind::Key => piece.kind = PieceKind::Flag,
            PieceKind::Class | PieceKind::Id | PieceKind::Flag | PieceKind::Note => {}
        }
        if at < end && !bytes[at].is_ascii_whitespace() {
            return Err((at, "expected a space"));
        }
        pieces.push(piece);
    }
}

fn skip_space(bytes: &[u8], mut at: usize, end: usize) -> Result<usize, (usize, &'static str)> {
    let mut lines = 0;
    let mut fresh_line = false;
    while at < end {
        match bytes[at] {
            b'\n' => {
                lines += 1;
                fresh_line = true;
                if lines > 1 {
                    return Err((at, "attributes end at an empty line"));
                }
            }
            b' ' | b'\t' | b'\r' => {}
            b'>' if fresh_line => {}
            _ => break,
        }
        at += 1;
    }
    Ok(at)
}

fn is_name_byte(byte: u8, kind: PieceKind) -> bool {
    byte.is_ascii_alphanumeric()
        || byte >= 0x80
        || matches!(byte, b'-' | b'_')
        || (kind == PieceKind::Id && matches!(byte, b'.' | b':'))
}

fn lex_value<'a>(
    source: &'a str,
    mut at: usize,
    end: usize,
    piece: &mut Piece<'a>,
) -> Result<usize, (usize, &'static str)> {
    let bytes = source.as_bytes();
    let quote = match bytes.get(at).filter(|_| at < end) {
        Some(quote @ (b'"' | b'\'')) => *quote,
        // The title around the attributes can also be in double quotes.
        Some(b'\\') if matches!(bytes.get(at + 1), Some(b'"' | b'\'')) => bytes[at + 1],
        _ => {
            let start = at;
            while at < end && !bytes[at].is_ascii_whitespace() && !b"\"'{}`".contains(&bytes[at]) {
                at += 1;
            }
            if at == start {
                return Err((at, "expected a value after `=`"));
            }
            // Typographic quotation marks are not quotes.
            if source[start..].starts_with(['“', '”', '„', '‘', '’', '‚']) {
                return Err((start, "expected a straight quotation mark"));
            }
            piece.value = Cow::Borrowed(&source[start..at]);
            piece.value_span = Span::new(start..at);
            return Ok(at);
        }
    };
    let escaped = bytes[at] == b'\\';
    at += if escaped { 2 } else { 1 };
    let start = at;
    let mut value = Cow::Borrowed("");
    let mut from = at;
    while at < end {
        match bytes[at] {
            b'\\' if at + 1 < end && bytes[at + 1] == quote && escaped => {
                value += &source[from..at];
                piece.value = fold_lines(value);
                piece.value_span = Span::new(start..at);
                return Ok(at + 2);
            }
            b'\\' if at + 1 < end && matches!(bytes[at + 1], b'"' | b'\'') => {
                value += &source[from..at];
                from = at + 1;
                at += 2;
            }
            b'\n' if blank_line_follows(bytes, at + 1, end) => {
                return Err((at, "attributes end at an empty line"));
            }
            byte if byte == quote && !escaped => {
                value += &source[from..at];
                piece.value = fold_lines(value);
                piece.value_span = Span::new(start..at);
                return Ok(at + 1);
            }
            _ => at += 1,
        }
    }
    Err((start, UNCLOSED_QUOTE))
}

/// The reason for a value whose quote is never closed.
pub(super) const UNCLOSED_QUOTE: &str = "unclosed quotation mark";

fn blank_line_follows(bytes: &[u8], mut at: usize, end: usize) -> bool {
    while at < end && matches!(bytes[at], b' ' | b'\t' | b'\r' | b'>') {
        at += 1;
    }
    at >= end || bytes[at] == b'\n'
}

/// Joins a value over several lines, without the `>` of a quotation.
fn fold_lines(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.contains('\n') {
        return value;
    }
    let mut lines = value.lines();
    let mut folded = lines.next().unwrap_or("").trim_end().to_string();
    for line in lines {
        folded.push(' ');
        folded.push_str(line.trim_start_matches(['>', ' ', '\t']).trim_end());
    }
    Cow::Owned(folded)
}

/// Interprets the tokens. Classes and ids depend on the form of the mark and are skipped.
pub fn read<'a>(
    map: &SourceMap,
    pieces: impl IntoIterator<Item = Piece<'a>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Attrs {
    let mut attrs = Attrs::default();
    let pieces: Vec<Piece<'a>> = pieces.into_iter().collect();
    let mut rest = pieces.as_slice();
    let mut seen: Vec<&Piece<'a>> = Vec::new();
    while let Some((piece, behind)) = rest.split_first() {
        rest = behind;
        if piece.kind == PieceKind::Key {
            if let Some(first) = seen.iter().find(|first| first.name == piece.name) {
                diagnostics.push(given_twice(map, first, piece));
                continue;
            }
            seen.push(piece);
        }
        match piece.kind {
            PieceKind::Class | PieceKind::Id => {}
            PieceKind::Note => attrs.note = Some(piece.name.to_string()),
            PieceKind::Flag => match piece.name.as_ref() {
                "quote" => attrs.quote = true,
                "cont" => attrs.cont = true,
                _ if piece.name.starts_with("x-") => {
                    attrs.extra.push((piece.name.to_string(), String::new()));
                }
                _ if KEYS.contains(&piece.name.as_ref()) => {
                    diagnostics.push(key_without_value(map, piece));
                }
                _ => diagnostics.push(unknown_key(map, piece)),
            },
            PieceKind::Key => {
                let words = behind
                    .iter()
                    .take_while(|next| is_unknown_flag(next))
                    .count();
                let (words, behind) = behind.split_at(words);
                if !words.is_empty() && lists::may_have_spaces(piece) {
                    diagnostics.push(lists::cut(map, piece, words));
                    // Missing attributes may be in it.
                    attrs.is_unread = true;
                    rest = behind;
                    continue;
                }
                read_key(map, piece, &mut attrs, diagnostics);
                if lists::has_gap(piece) {
                    diagnostics.push(lists::missing_in(map, piece));
                }
            }
        }
    }
    attrs
}

/// True if it is a single word without a meaning, and not a typo of a flag.
fn is_unknown_flag(piece: &Piece<'_>) -> bool {
    let name = piece.name.as_ref();
    piece.kind == PieceKind::Flag
        && !name.starts_with("x-")
        && !KEYS.contains(&name)
        && !matches!(synonyms::key(name), Some("quote" | "cont"))
}

fn read_key(
    map: &SourceMap,
    piece: &Piece<'_>,
    attrs: &mut Attrs,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut closed = |words: &'static [&'static str]| {
        let place = map.place(piece.value_span);
        diagnostics.push(unknown_word(place, &piece.name, &piece.value, words));
    };
    let value = piece.value.as_ref();
    let text = || Some(value.to_string());
    match piece.name.as_ref() {
        "by" => attrs.by = Some(names(piece)),
        "against" => attrs.against = Some(names(piece)),
        "about" => attrs.about = Some(names(piece)),
        "who" => attrs.who = Some(names(piece)),
        "said-by" => attrs.said_by = Some(names(piece)),
        "supports" => attrs.supports = Some(names(piece)),
        "contradicts" => attrs.contradicts = Some(names(piece)),
        "part" => attrs.part = Some(names(piece)),
        "voice" => attrs.voice = one_name(piece),
        "with" => attrs.with = one_name(piece),
        "event" => attrs.event = one_name(piece),
        "src" => attrs.src = Some(cite::keys(value, piece.value_span)),
        "on" => {
            attrs.on = date(map, piece, diagnostics).map(|value| At {
                value,
                span: piece.value_span,
            })
        }
        "asked" => attrs.asked = date(map, piece, diagnostics),
        "by-date" => attrs.by_date = date(map, piece, diagnostics),
        "at" => attrs.at = text(),
        "via" => attrs.via = text(),
        "joint" => attrs.joint = text(),
        "kind" => attrs.kind = text(),
        "text" => {
            attrs.text = Some(At {
                value: value.to_string(),
                span: piece.value_span,
            });
        }
        "conf" => attrs.conf = terms::confidence(map, piece, diagnostics),
        "likely" => attrs.likely = terms::likelihood(map, piece, diagnostics),
        "orig" => attrs.orig = terms::original(map, piece, diagnostics),
        "lang" => attrs.lang = terms::language(map, piece, diagnostics),
        "grade" => match Grade::parse(value) {
            Some(value) => attrs.grade = Some(value),
            None => closed(&["A1 … F6"]),
        },
        "basis" => match Basis::parse(value) {
            Some(value) => attrs.basis = Some(value),
            None => closed(Basis::WORDS),
        },
        "mode" => match Mode::parse(value) {
            Some(value) => attrs.mode = Some(value),
            None => closed(Mode::WORDS),
        },
        "tlp" => {
            if Tlp::read(value).is_none() {
                closed(Tlp::WORDS);
            }
            // Fails closed: an author who restricts a text does not mean it for everybody.
            attrs.tlp = Some(Tlp::read(value).unwrap_or(Tlp::Red));
        }
        "quote" | "cont" => match (piece.name.as_ref(), value) {
            (_, "false" | "no") => {}
            ("quote", "true" | "yes") => attrs.quote = true,
            ("cont", "true" | "yes") => attrs.cont = true,
            _ => closed(&["true", "false"]),
        },
        name if name.starts_with("x-") => {
            attrs.extra.push((name.to_string(), value.to_string()));
        }
        _ => diagnostics.push(unknown_key(map, piece)),
    }
}

fn date(
    map: &SourceMap,
    piece: &Piece<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<PartialDate> {
    read_date(map, &piece.value, piece.value_span, diagnostics)
}

/// Parses a date, or reports it.
pub fn read_date(
    map: &SourceMap,
    value: &str,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<PartialDate> {
    match PartialDate::parse(value) {
        Ok(date) => Some(date),
        Err(fault) => {
            diagnostics.push(dates::impossible(&map.place(span), value, fault));
            None
        }
    }
}

/// Returns the diagnostic for a value that is not on the list of its key.
pub fn unknown_word(place: Place, key: &str, text: &str, words: &[&str]) -> Diagnostic {
    let told = Diagnostic::new(
        Code::UnreadableValue,
        place.clone(),
        format!("invalid value `{text}` for `{key}`"),
    )
    .label("not one of the allowed words");
    match nearest(text, words.iter().copied()) {
        // A value of several words needs quotes.
        Some(word) if word.contains(' ') => told.hint(format!("did you mean `{word}`?")),
        Some(word) => told
            .hint(format!("did you mean `{word}`?"))
            .fix(Fix::replace(place, word)),
        None => told.hint(format!("write one of: {}", words.join(", "))),
    }
}

fn given_twice(map: &SourceMap, first: &Piece<'_>, again: &Piece<'_>) -> Diagnostic {
    let key = &again.name;
    let told = Diagnostic::new(
        Code::UnreadableValue,
        map.place(again.name_span),
        format!("duplicate key `{key}`"),
    )
    .label("this one is ignored")
    .other(map.place(first.name_span), "the first one");
    let both = format!("{},{}", first.value, again.value);
    if !lists::is_list(first) || both.contains(char::is_whitespace) {
        return told.hint(format!("keep one of them: `{key}={}`", first.value));
    }
    let second = Span {
        start: again.name_span.start,
        end: again.value_span.end,
    };
    told.hint(format!("write one list: `{key}={both}`"))
        .fix(Fix {
            edits: vec![
                (map.place(first.value_span), both),
                (map.place(second), String::new()),
            ],
        })
}

fn key_without_value(map: &SourceMap, piece: &Piece<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        map.place(piece.name_span),
        format!("`{}` has no value", piece.name),
    )
    .label("a value is missing")
    .hint(format!(
        "write `{}=…`, with quotes around a value that contains spaces",
        piece.name
    ))
}

fn unknown_key(map: &SourceMap, piece: &Piece<'_>) -> Diagnostic {
    let place = map.place(piece.name_span);
    let told = Diagnostic::new(
        Code::UnknownKey,
        place.clone(),
        format!("unknown key `{}`", piece.name),
    )
    .label("not a key of marks");
    match synonyms::key(&piece.name) {
        Some(key) => told
            .hint(format!("did you mean `{key}`?"))
            .fix(Fix::replace(place, key)),
        None => told
            .hint(format!("begin your own keys with `x-`: `x-{}`", piece.name))
            .fix(Fix::replace(place, format!("x-{}", piece.name))),
    }
}
