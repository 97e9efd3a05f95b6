//! A tokenizer for the tags in raw HTML.

/// A token of raw HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text between tags, with character references.
    Text(&'a str),
    /// The content of a script or style element, in which character references are not decoded.
    Verbatim(&'a str),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag: the name of the element, as written.
    Close(&'a str),
    /// A comment, a processing instruction or a document type.
    Comment,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The whole tag, from `<` to `>`.
    pub source: &'a str,
    /// True if it ends in `/>`.
    pub is_closed: bool,
}

/// An attribute of a tag: its name, and its value as written, without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attribute<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The value as written, without quotes and with character references; empty if there is none.
    pub value: &'a str,
    /// The offset of the value in the source of the tag.
    pub at: usize,
}

/// Elements that never have an end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

impl<'a> Tag<'a> {
    /// True if the element has this name, in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// True if an end tag is expected.
    pub fn stays_open(&self) -> bool {
        !self.is_closed && !VOID.iter().any(|void| self.is(void))
    }

    /// Returns the attributes in source order.
    pub fn attributes(&self) -> impl Iterator<Item = Attribute<'a>> + use<'a> {
        let source = self.source;
        let mut at = 1 + self.name.len();
        std::iter::from_fn(move || {
            let (attribute, next) = attribute(source, at)?;
            at = next;
            Some(attribute)
        })
    }

    /// Returns the value of the attribute `name`, as written.
    pub fn attribute(&self, name: &str) -> Option<Attribute<'a>> {
        self.attributes()
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

/// Splits raw HTML into tokens. An unfinished tag at the end is left out.
pub fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut text = 0;
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let Some((piece, end)) = markup(html, start) else {
            at = start + 1;
            continue;
        };
        if text < start {
            pieces.push(Piece::Text(&html[text..start]));
        }
        at = end;
        text = end;
        let verbatim = match &piece {
            Some(Piece::Open(tag)) if tag.is("script") => Some("</script"),
            Some(Piece::Open(tag)) if tag.is("style") => Some("</style"),
            _ => None,
        };
        pieces.extend(piece);
        if let Some(closing) = verbatim {
            let end = end + find_folded(&html[end..], closing);
            if at < end {
                pieces.push(Piece::Verbatim(&html[at..end]));
            }
            at = end;
            text = end;
        }
    }
    if text < html.len() {
        pieces.push(Piece::Text(&html[text..]));
    }
    pieces
}

/// Returns the offset of the lower-case `needle` in `html`, ignoring case, or the end of `html` if
/// it does not occur.
fn find_folded(html: &str, needle: &str) -> usize {
    let windows = html.as_bytes().windows(needle.len());
    let found = windows
        .enumerate()
        .find(|(_, window)| window.eq_ignore_ascii_case(needle.as_bytes()));
    found.map_or(html.len(), |(at, _)| at)
}

/// Returns the token that begins with the `<` at `start` and its end; `None` if it is text.
fn markup(html: &str, start: usize) -> Option<(Option<Piece<'_>>, usize)> {
    let inside = &html[start + 1..];
    if let Some(comment) = inside.strip_prefix("!--") {
        let end = comment.find("-->").map(|end| start + 4 + end + 3);
        return Some((Some(Piece::Comment), end.unwrap_or(html.len())));
    }
    if inside.starts_with(['!', '?']) {
        let end = inside.find('>').map(|end| start + 1 + end + 1);
        return Some((Some(Piece::Comment), end.unwrap_or(html.len())));
    }
    let is_end = inside.starts_with('/');
    let name = &inside[usize::from(is_end)..];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let length = name
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        .unwrap_or(name.len());
    let name = &name[..length];
    let mut at = 1 + usize::from(is_end) + length;
    let source = &html[start..];
    while let Some((_, next)) = attribute(source, at) {
        at = next;
    }
    let Some(closing) = source[at..].find('>') else {
        return Some((None, html.len()));
    };
    let end = at + closing + 1;
    let source = &source[..end];
    let piece = if is_end {
        Piece::Close(name)
    } else {
        let is_closed = source.ends_with("/>");
        Piece::Open(Tag {
            name,
            source,
            is_closed,
        })
    };
    Some((Some(piece), start + end))
}

/// Returns the attribute after offset `at` of a tag, and its end.
fn attribute(source: &str, at: usize) -> Option<(Attribute<'_>, usize)> {
    let skip = |from: usize, wanted: fn(char) -> bool| {
        let rest = &source[from..];
        from + rest.find(|c| !wanted(c)).unwrap_or(rest.len())
    };
    let start = skip(at, |c| c.is_ascii_whitespace() || c == '/');
    let end = skip(start, |c| {
        !c.is_ascii_whitespace() && !matches!(c, '/' | '>' | '=')
    });
    if start == end && !source[start..].starts_with('=') {
        return None;
    }
    let end = end.max(start + 1);
    let name = &source[start..end];
    let behind = skip(end, |c| c.is_ascii_whitespace());
    if !source[behind..].starts_with('=') {
        let none = Attribute {
            name,
            value: "",
            at: end,
        };
        return Some((none, end));
    }
    let value = skip(behind + 1, |c| c.is_ascii_whitespace());
    let quote = source[value..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''));
    let (from, to, end) = match quote {
        Some(quote) => {
            let length = source[value + 1..].find(quote)?;
            (value + 1, value + 1 + length, value + 1 + length + 1)
        }
        None => {
            let to = skip(value, |c| !c.is_ascii_whitespace() && c != '>');
            (value, to, to)
        }
    };
    let attribute = Attribute {
        name,
        value: &source[from..to],
        at: from,
    };
    Some((attribute, end))
}
