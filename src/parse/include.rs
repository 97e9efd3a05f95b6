//! `{{#include path}}`: the text of another file of the book stands in its place, in code too.
//!
//! `path:3` takes one line, `path:3:7` these lines, `path:3:` and `path::7` the rest and the
//! beginning. A backslash in front keeps the braces: `\{{#include …}}`. What a diagnostic says of
//! included text is told of the file that it came from, by [`Expanded::origin`].

use std::sync::Arc;

use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath, Span};

/// Files that include each other deeper than this are not followed.
pub const DEEPEST: usize = 10;
/// A page may grow to this many bytes by what it includes.
pub const LARGEST: usize = 8 * 1024 * 1024;

const OPEN: &str = "{{#include";

/// A text with everything it includes.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    pub text: Arc<str>,
    pieces: Vec<Piece>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Expanded {
    /// Whether some of it comes from this file.
    pub fn holds(&self, file: &SitePath) -> bool {
        self.pieces.iter().any(|piece| piece.file == *file)
    }
}

/// A run of the expanded text, and where it came from.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    /// Where it begins in the expanded text.
    at: usize,
    file: SitePath,
    /// Where it begins in its file.
    from: usize,
}

/// Expands the includes of `text`; `read` gives the text of a file of the book.
pub fn expand(
    file: &SitePath,
    text: &Arc<str>,
    read: &dyn Fn(&SitePath) -> Option<Arc<str>>,
) -> Expanded {
    if !text.contains(OPEN) {
        return Expanded {
            text: text.clone(),
            pieces: Vec::new(),
            diagnostics: Vec::new(),
        };
    }
    let mut writer = Writer {
        read,
        text: String::with_capacity(text.len()),
        pieces: Vec::new(),
        diagnostics: Vec::new(),
    };
    writer.write(file, text, 0..text.len(), 0);
    Expanded {
        text: writer.text.into(),
        pieces: writer.pieces,
        diagnostics: writer.diagnostics,
    }
}

impl Expanded {
    /// Where a span of the expanded text was written; nothing if it is the file itself.
    pub fn origin(&self, span: Span) -> Option<Place> {
        let start = span.start as usize;
        let number = self
            .pieces
            .partition_point(|piece| piece.at <= start)
            .checked_sub(1)?;
        let piece = &self.pieces[number];
        let end = self
            .pieces
            .get(number + 1)
            .map_or(self.text.len(), |next| next.at);
        let end = (span.end as usize).clamp(start, end.max(start));
        Some(Place::new(
            &piece.file,
            Span::new(start..end).moved(piece.at, piece.from),
        ))
    }
}

struct Writer<'a> {
    read: &'a dyn Fn(&SitePath) -> Option<Arc<str>>,
    text: String,
    pieces: Vec<Piece>,
    diagnostics: Vec<Diagnostic>,
}

impl Writer<'_> {
    fn write(&mut self, file: &SitePath, text: &str, range: std::ops::Range<usize>, depth: usize) {
        let mut from = range.start;
        while let Some(found) = text[from..range.end].find(OPEN) {
            let open = from + found;
            let Some(length) = text[open..range.end].find("}}") else {
                break;
            };
            let close = open + length + 2;
            let is_escaped = text[..open].ends_with('\\');
            self.copy(file, text, from..if is_escaped { open - 1 } else { open });
            if is_escaped {
                self.copy(file, text, open..close);
            } else {
                let inside = open + OPEN.len()..close - 2;
                self.include(file, text, inside, open..close, depth);
            }
            from = close;
        }
        self.copy(file, text, from..range.end);
    }

    fn copy(&mut self, file: &SitePath, text: &str, range: std::ops::Range<usize>) {
        if !range.is_empty() {
            self.pieces.push(Piece {
                at: self.text.len(),
                file: file.clone(),
                from: range.start,
            });
            self.text.push_str(&text[range]);
        }
    }

    fn include(
        &mut self,
        file: &SitePath,
        text: &str,
        inside: std::ops::Range<usize>,
        whole: std::ops::Range<usize>,
        depth: usize,
    ) {
        let argument = text[inside].trim();
        let (path, lines) = argument.split_once(':').unwrap_or((argument, ""));
        let place = Place::new(file, Span::new(whole.clone()));
        let target = file.sibling(path).ok();
        let Some((target, included)) =
            target.and_then(|target| Some((target.clone(), (self.read)(&target)?)))
        else {
            self.diagnostics.push(missing(place, path));
            return self.copy(file, text, whole);
        };
        let range = line_range(&included, lines);
        if depth >= DEEPEST || self.text.len() + range.len() > LARGEST {
            self.diagnostics.push(too_much(place));
            return self.copy(file, text, whole);
        }
        // The line end of the last line is the line end behind the braces.
        let trimmed = included[range.clone()].trim_end_matches(['\n', '\r']).len();
        let range = range.start..range.start + trimmed;
        self.write(&target, &included, range, depth + 1);
    }
}

/// The bytes of the lines that `lines` asks for: nothing, `3`, `3:7`, `3:` or `:7`.
fn line_range(text: &str, lines: &str) -> std::ops::Range<usize> {
    let (first, last) = match lines.split_once(':') {
        Some((first, last)) => (first.trim().parse().ok(), last.trim().parse().ok()),
        None => {
            let line: Option<usize> = lines.trim().parse().ok();
            (line, line)
        }
    };
    let starts: Vec<usize> = std::iter::once(0)
        .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
        .collect();
    let start_of = |line: usize| starts.get(line).copied().unwrap_or(text.len());
    let start = start_of(first.unwrap_or(1usize).saturating_sub(1));
    let end = last.map_or(text.len(), start_of);
    start..end.max(start)
}

fn missing(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MissingInclude,
        place,
        format!("there is no file `{path}` to include"),
    )
    .label("no such file in the book")
    .hint("a path is relative to the file that names it")
}

fn too_much(place: Place) -> Diagnostic {
    let most = LARGEST / 1024 / 1024;
    Diagnostic::new(Code::BeyondLimit, place, "includes go too far")
        .label(format!(
            "at most {DEEPEST} levels deep and {most} MiB a page"
        ))
        .hint("does a file include itself?")
}
