//! Files held in memory, byte spans, line and column, and site-relative paths.
//!
//! The lowest room. Nothing here knows Markdown, actors or claims, and nothing touches a disk.

mod escape;
mod excerpt;
mod hash;
mod hidden;
mod isolate;
mod language;
mod lines;
mod names;
mod path;
mod source;
mod spellings;
pub mod tags;
mod words;

pub use escape::{Encoding, Markup, escape, escaped, percent_decoded, percent_encoded};
pub use excerpt::{excerpt, is_unspaced};
pub use hash::hash;
pub use hidden::{Hidden, hidden, is_hidden};
pub use isolate::{isolated, isolated_runs};
pub use language::{Direction, direction_of, html_language, is_same_language, may_be_of};
pub use lines::{Column, LineIndex, byte_at};
pub use names::{PlainText, is_dense, is_whole_name, joins, name_key, plain};
pub use path::{PathFault, SitePath};
pub use source::{SourceBuilder, SourceMap, SourceText};
pub use spellings::{Spellings, composed};
pub use words::{Guess, fold, is_language, nearest, one_line, slips, slug, tag_slug};

/// A half-open range of bytes in one file, `start..end`.
///
/// Offsets are `u32`: a file is limited to 4 GiB long before they overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The offset of the first byte.
    pub start: u32,
    /// The offset after the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the span of `range`, in bytes.
    pub fn new(range: std::ops::Range<usize>) -> Span {
        Span {
            start: range.start as u32,
            end: range.end as u32,
        }
    }

    /// Returns the span as a `usize` range, for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the span moved by `by` bytes, for text with a removed prefix.
    pub fn shifted(self, by: usize) -> Span {
        Span {
            start: self.start + by as u32,
            end: self.end + by as u32,
        }
    }

    /// Returns the span in a text in which `from` has moved to `to`.
    pub fn moved(self, from: usize, to: usize) -> Span {
        Span {
            start: self.start - from as u32 + to as u32,
            end: self.end - from as u32 + to as u32,
        }
    }

    /// True if `other` is completely inside this span.
    pub fn holds(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the text in the span; empty if it does not fit `source`.
    pub fn of(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}

/// A place in the source: bytes of a file on disk.
///
/// Only a [`SourceText`] or its [`SourceMap`] creates a place in a text, so that no place refers to
/// a text that exists only in memory.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file on disk, relative to the book's folder.
    pub file: SitePath,
    /// The bytes in that file; `0..0` for a whole file.
    pub span: Span,
    /// The document that was read, if its words come from `file` through an include.
    document: Option<SitePath>,
    is_exact: bool,
    is_embedded: bool,
}

impl Place {
    /// Returns a place for a whole file: for problems without a position, or a file that is not
    /// text.
    pub fn whole(file: &SitePath) -> Place {
        Place::original(file, Span::default())
    }

    fn original(file: &SitePath, span: Span) -> Place {
        Place {
            file: file.clone(),
            span,
            document: None,
            is_exact: true,
            is_embedded: false,
        }
    }

    /// Returns the document that was read. It differs from `file` if the words were included.
    pub fn document(&self) -> &SitePath {
        self.document.as_ref().unwrap_or(&self.file)
    }

    /// Returns whether the file contains exactly the bytes that were read, so that an edit of them
    /// has the expected effect.
    pub fn is_exact(&self) -> bool {
        self.is_exact
    }

    /// True if the words belong to another document, which this one embeds and which is read
    /// separately.
    pub fn is_embedded(&self) -> bool {
        self.is_embedded
    }

    /// Returns the place after bytes before it were replaced, so that `from` is now at `to`.
    pub fn moved(&self, from: usize, to: usize) -> Place {
        Place {
            span: self.span.moved(from, to),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests;
