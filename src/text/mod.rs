//! Files held in memory, byte spans, line and column, and site-relative paths.
//!
//! The ground floor: everything above speaks of text in these words. Nothing
//! here knows Markdown, actors or claims, and nothing touches a disk.

mod hash;
mod lines;
mod path;
pub mod tags;
mod words;

pub use hash::hash;
pub use lines::{Column, LineIndex, byte_at};
pub use path::{PathFault, SitePath, percent_decoded};
pub use words::{Guess, fold, is_language, nearest, one_line, slug, tag_slug};

/// A half-open range of bytes in one file, `start..end`.
///
/// Offsets are `u32`: a file is limited to 4 GiB long before they overflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    /// The span of `range`, in bytes.
    pub fn new(range: std::ops::Range<usize>) -> Span {
        Span {
            start: range.start as u32,
            end: range.end as u32,
        }
    }

    /// The span as a `usize` range, to slice with.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The same span `by` bytes further on: for text that was cut off in front.
    pub fn shifted(self, by: usize) -> Span {
        Span {
            start: self.start + by as u32,
            end: self.end + by as u32,
        }
    }

    /// The same span in a text where what stood at `from` stands at `to`.
    pub fn moved(self, from: usize, to: usize) -> Span {
        Span {
            start: self.start - from as u32 + to as u32,
            end: self.end - from as u32 + to as u32,
        }
    }

    /// Whether `other` lies wholly inside this span.
    pub fn holds(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text that the span covers, or nothing where it does not fit `source`.
    pub fn of(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}

/// A span in a named file: where something was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: SitePath,
    pub span: Span,
}

impl Place {
    pub fn new(file: &SitePath, span: Span) -> Place {
        Place {
            file: file.clone(),
            span,
        }
    }
}

#[cfg(test)]
mod tests;
