//! Attribute text: `.class #id key=value flag -- free note`, in braces, titles and front matter.
//!
//! [`lex`] splits the text, which is always read from the source and never from Markdown events,
//! since smart punctuation curls quotes. [`read`] gives the pieces their meaning for marks and
//! headings; `docs/language.md` lists the keys.

use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use super::cite;
use super::lists::{self, names, one_name};
use super::name::Name;
use crate::diag::{Code, Diagnostic};
use crate::model::{
    Basis, CiteItem, Confidence, DateFault, Grade, Likelihood, Mode, PartialDate, Tlp,
};
use crate::text::{Place, SitePath, Span, nearest, one_line};

/// One piece of attribute text.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece<'a> {
    pub kind: PieceKind,
    /// The class, id, key, flag or note.
    pub name: Cow<'a, str>,
    /// The value of a key; empty otherwise.
    pub value: Cow<'a, str>,
    pub name_span: Span,
    /// Where the value stands, without its quotes.
    pub value_span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    Class,
    Id,
    Key,
    Flag,
    Note,
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct At<T> {
    pub value: T,
    pub span: Span,
}

/// The attributes of a mark, or those that a heading or front matter hands down to marks.
///
/// The common ones stand here, the others behind a box, since most marks have none of them and a
/// long text has tens of thousands of marks. Both read as fields of one value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Attrs {
    pub by: Option<Vec<Name>>,
    pub src: Option<Vec<CiteItem<Name>>>,
    pub on: Option<At<PartialDate>>,
    pub quote: bool,
    pub cont: bool,
    /// Whether they could not be read, which was said: what is missing may stand in them.
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

/// The keys that a mark knows, in the order of the language's table.
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
    "cont",
    "tlp",
];

/// Splits `source[range]` into pieces.
///
/// Line ends count as spaces, and so do the `>` of a block quotation after them.
///
/// # Errors
/// The offset of the first byte that cannot be read, and why.
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
            return Err((at, "a key, `.verb`, `#id` or `-- note` is expected here"));
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
            return Err((at, "a space is expected here"));
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
        // The title that holds the attributes may itself stand in double quotes.
        Some(b'\\') if matches!(bytes.get(at + 1), Some(b'"' | b'\'')) => bytes[at + 1],
        _ => {
            let start = at;
            while at < end && !bytes[at].is_ascii_whitespace() && !b"\"'{}`".contains(&bytes[at]) {
                at += 1;
            }
            if at == start {
                return Err((at, "a value is expected after `=`"));
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
    Err((start, "the quote that opens here is never closed"))
}

fn blank_line_follows(bytes: &[u8], mut at: usize, end: usize) -> bool {
    while at < end && matches!(bytes[at], b' ' | b'\t' | b'\r' | b'>') {
        at += 1;
    }
    at >= end || bytes[at] == b'\n'
}

/// A value over several lines is one line, without the quotation's `>`.
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

/// Gives the pieces their meaning. Classes and ids are the carrier's business and left out.
pub fn read<'a>(
    file: &SitePath,
    pieces: impl IntoIterator<Item = Piece<'a>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Attrs {
    let mut attrs = Attrs::default();
    let mut seen: Vec<String> = Vec::new();
    let mut open: Option<lists::Open> = None;
    for piece in pieces {
        let piece = &piece;
        if let Some(before) = open.take() {
            if is_unknown_flag(piece) {
                diagnostics.push(before.goes_on(file, piece));
                continue;
            }
            diagnostics.push(before.missing(file));
        }
        if piece.kind == PieceKind::Key {
            if seen.iter().any(|name| *name == piece.name) {
                diagnostics.push(given_twice(file, piece));
                continue;
            }
            seen.push(piece.name.to_string());
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
                    diagnostics.push(key_without_value(file, piece));
                }
                _ => diagnostics.push(unknown_key(file, piece)),
            },
            PieceKind::Key => {
                read_key(file, piece, &mut attrs, diagnostics);
                open = lists::Open::of(piece);
                if open.is_none() && lists::has_gap(piece) {
                    let place = Place::new(file, piece.value_span);
                    diagnostics.push(lists::missing(place, &piece.name));
                }
            }
        }
    }
    diagnostics.extend(open.map(|open| open.missing(file)));
    attrs
}

/// Whether it is a word alone that says nothing.
fn is_unknown_flag(piece: &Piece<'_>) -> bool {
    let name = piece.name.as_ref();
    piece.kind == PieceKind::Flag && !name.starts_with("x-") && !KEYS.contains(&name)
}

fn read_key(
    file: &SitePath,
    piece: &Piece<'_>,
    attrs: &mut Attrs,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut closed = |words: &'static [&'static str]| {
        let place = Place::new(file, piece.value_span);
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
            attrs.on = date(file, piece, diagnostics).map(|value| At {
                value,
                span: piece.value_span,
            })
        }
        "asked" => attrs.asked = date(file, piece, diagnostics),
        "by-date" => attrs.by_date = date(file, piece, diagnostics),
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
        "conf" => match Confidence::parse(value) {
            Some(value) => {
                attrs.conf = Some(At {
                    value,
                    span: piece.name_span,
                })
            }
            None => closed(Confidence::WORDS),
        },
        // `very-likely` spares the quotes that `very likely` would need.
        "likely" => match Likelihood::parse(&value.replace('-', " ")) {
            Some(value) => {
                attrs.likely = Some(At {
                    value,
                    span: piece.name_span,
                })
            }
            None => closed(Likelihood::WORDS),
        },
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
        "tlp" => match Tlp::parse(value) {
            Some(value) => attrs.tlp = Some(value),
            None => closed(Tlp::WORDS),
        },
        "quote" | "cont" => match (piece.name.as_ref(), value) {
            (_, "false" | "no") => {}
            ("quote", "true" | "yes") => attrs.quote = true,
            ("cont", "true" | "yes") => attrs.cont = true,
            _ => closed(&["true", "false"]),
        },
        name if name.starts_with("x-") => {
            attrs.extra.push((name.to_string(), value.to_string()));
        }
        _ => diagnostics.push(unknown_key(file, piece)),
    }
}

fn date(
    file: &SitePath,
    piece: &Piece<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<PartialDate> {
    read_date(file, &piece.value, piece.value_span, diagnostics)
}

/// Reads a date, or says what is wrong with it.
pub fn read_date(
    file: &SitePath,
    value: &str,
    span: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<PartialDate> {
    match PartialDate::parse(value) {
        Ok(date) => Some(date),
        Err(fault) => {
            diagnostics.push(impossible_date(&Place::new(file, span), value, fault));
            None
        }
    }
}

fn impossible_date(place: &Place, value: &str, fault: DateFault) -> Diagnostic {
    let (message, label) = match fault {
        DateFault::Unreadable => (
            format!("`{value}` is not a date"),
            "cannot be read as a date",
        ),
        DateFault::Impossible => (format!("no calendar has `{value}`"), "this day never was"),
        DateFault::Backwards => (
            format!("the stretch `{value}` ends before it begins"),
            "its end comes first",
        ),
    };
    Diagnostic::new(Code::ImpossibleDate, place.clone(), message)
        .label(label)
        .hint("write `2021`, `2021-07` or `2021-07-19`, a stretch as `2021-01/2021-03`")
}

/// Says that a value is not on the closed list of its key.
pub fn unknown_word(place: Place, key: &str, text: &str, words: &[&str]) -> Diagnostic {
    let hint = match nearest(text, words.iter().copied()) {
        Some(word) => format!("did you mean `{word}`?"),
        None => format!("write one of: {}", words.join(", ")),
    };
    Diagnostic::new(
        Code::UnreadableValue,
        place,
        format!("`{text}` is no value of `{key}`"),
    )
    .label("not one of its words")
    .hint(hint)
}

fn given_twice(file: &SitePath, piece: &Piece<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        Place::new(file, piece.name_span),
        format!("`{}` is given twice", piece.name),
    )
    .label("the second one is left out")
    .hint(format!(
        "write one, with commas between its values: `{}=one,two`",
        piece.name
    ))
}

fn key_without_value(file: &SitePath, piece: &Piece<'_>) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        Place::new(file, piece.name_span),
        format!("`{}` has no value", piece.name),
    )
    .label("a value is missing")
    .hint(format!(
        "write `{}=…`, with quotes around a value that holds spaces",
        piece.name
    ))
}

fn unknown_key(file: &SitePath, piece: &Piece<'_>) -> Diagnostic {
    let hint = match nearest(&piece.name, KEYS.iter().copied()) {
        Some(key) => format!("did you mean `{key}`?"),
        None => format!("a key of your own begins with `x-`: `x-{}`", piece.name),
    };
    Diagnostic::new(
        Code::UnknownKey,
        Place::new(file, piece.name_span),
        format!("unknown key `{}`", piece.name),
    )
    .label("no mark has this key")
    .hint(hint)
}
