//! A reference as the author wrote it, before `link` knows what it leads to.

use crate::text::{Span, one_line};

/// A reference with its place: the `R` of a body that `parse` made.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    pub how: How,
    /// What was written: an id, a name, an alias, or an address.
    pub text: Box<str>,
    /// What follows `#` in a mention.
    pub fragment: Option<Box<str>>,
    pub span: Span,
}

/// In which form a reference was written; it decides where `link` looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// `[[…]]`, with a text of its own or not.
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

/// The prefixes that settle an ambiguity.
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
    /// A bare id or name.
    pub fn bare(text: &str, span: Span) -> Name {
        Name {
            how: How::Bare,
            text: text.into(),
            fragment: None,
            span,
        }
    }

    /// The destination of a link.
    pub fn link(url: &str, span: Span) -> Name {
        Name {
            how: How::Link,
            text: url.into(),
            fragment: None,
            span,
        }
    }

    /// Reads what stands between `[[` and `]]`, before a bar.
    pub fn mention(written: &str, has_text: bool, span: Span) -> Name {
        // In a table cell the bar is written `\|`, and the backslash stays in front of it.
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
