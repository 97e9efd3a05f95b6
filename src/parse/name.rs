//! A reference as the author wrote it, before `link` resolves it.

use crate::text::{Span, one_line};

/// A reference with its place: the `R` of a body after `parse`.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    pub how: How,
    /// The text: an id, a name, an alias, or an address.
    pub text: Box<str>,
    /// The text after `#` in a mention.
    pub fragment: Option<Box<str>>,
    pub span: Span,
}

/// The form of a reference, which decides how `link` resolves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `[[…]]`, with or without its own text.
    Mention {
        kind: Option<NameKind>,
        has_text: bool,
    },
    /// The destination of a Markdown link.
    Link,
    /// The destination of a Markdown image.
    Image,
    /// `![[…]]`.
    Embed,
    /// `@key` of a citation, or an id in `src`.
    Cite,
    /// A bare id or name in an attribute or in front matter.
    Bare,
}

/// The prefixes that select a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    Actor,
    Claim,
    Source,
    Page,
}

impl NameKind {
    pub fn from_prefix(prefix: &str) -> Option<NameKind> {
        match prefix {
            "actor" => Some(NameKind::Actor),
            "claim" => Some(NameKind::Claim),
            "source" => Some(NameKind::Source),
            "page" => Some(NameKind::Page),
            _ => None,
        }
    }
}

impl Name {
    /// Returns a bare id or name.
    pub fn bare(text: &str, span: Span) -> Name {
        Name {
            how: How::Bare,
            text: text.into(),
            fragment: None,
            span,
        }
    }

    /// Returns the destination of a link.
    pub fn link(url: &str, span: Span) -> Name {
        Name {
            how: How::Link,
            text: url.into(),
            fragment: None,
            span,
        }
    }

    /// Parses the text between `[[` and `]]`, before a bar.
    pub fn mention(written: &str, has_text: bool, span: Span) -> Name {
        // In a table cell the bar is written `\|`, and the backslash is still before it.
        let written = written.strip_suffix('\\').unwrap_or(written).trim();
        let (written, kind) = match written.split_once(':') {
            Some((prefix, rest)) => match NameKind::from_prefix(prefix.trim()) {
                Some(kind) => (rest.trim(), Some(kind)),
                None => (written, None),
            },
            None => (written, None),
        };
        let (text, fragment) = match written.split_once('#') {
            Some((text, fragment)) => (text.trim_end(), Some(fragment.trim())),
            None => (written, None),
        };
        Name {
            how: How::Mention { kind, has_text },
            text: one_line(text).as_ref().into(),
            fragment: fragment.filter(|f| !f.is_empty()).map(Into::into),
            span,
        }
    }
}
