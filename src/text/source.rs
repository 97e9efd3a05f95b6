//! A text with its source map: where each byte of it was written.
//!
//! Includes, embeds and preprocessors change a text before it is parsed. Every place in such a text
//! points to the file on disk that contains the words.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Place, SitePath, Span};

/// The text of a document, and where each byte of it was written.
///
/// Cheap to clone. [`SourceText::place`] is the only way to create a place in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceText {
    text: Arc<str>,
    map: SourceMap,
}

/// Where the bytes of a document's text were written.
///
/// Used where the text itself is no longer needed. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceMap {
    file: SitePath,
    /// The pieces in the order of the text. `None` if the text equals the file byte for byte.
    pieces: Option<Arc<[Piece]>>,
}

/// A piece of a text, and where it was written. It ends where the next piece begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Piece {
    /// Its start in the text.
    at: usize,
    file: SitePath,
    /// Its bytes in the file. The end matters only if `kind` is not [`PieceKind::Copy`].
    from: Range<usize>,
    kind: PieceKind,
}

/// The relation between a piece and the bytes of the file that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum PieceKind {
    /// The same bytes.
    Copy,
    /// Other bytes, written instead of these: a directive, or the line that was changed.
    Generated,
    /// The words of another document, which an embed in these bytes inserts.
    Embedded,
}

impl SourceText {
    /// Creates the text of a file as it is on disk.
    pub fn new(file: &SitePath, text: impl Into<Arc<str>>) -> SourceText {
        SourceText {
            text: text.into(),
            map: SourceMap::new(file),
        }
    }

    /// Creates a text that replaces `span` of `origin` and has no place of its own.
    pub fn generated(text: impl Into<Arc<str>>, origin: &SourceText, span: Span) -> SourceText {
        let mut builder = SourceBuilder::new(origin.file());
        builder.generate(origin, span, &text.into());
        builder.finish()
    }

    /// Returns the document's file. Some of its words may come from other files.
    pub fn file(&self) -> &SitePath {
        &self.map.file
    }

    /// Returns the text as the parsers read it, with expanded includes.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the text, shared instead of copied.
    pub fn shared(&self) -> &Arc<str> {
        &self.text
    }

    /// Returns the source map of the text.
    pub fn map(&self) -> &SourceMap {
        &self.map
    }

    /// Returns where `span` of this text was written.
    pub fn place(&self, span: Span) -> Place {
        self.map.place(span)
    }

    /// Returns this text after a program changed it to `new`: unchanged lines keep their places.
    pub fn changed_to(&self, new: &str) -> SourceText {
        diff_lines(self, new)
    }

    /// Returns this text with `cuts` replaced by blanks. Line ends stay, so that every byte and
    /// line keeps its place.
    pub fn blanked(&self, cuts: &[Range<usize>]) -> SourceText {
        let is_cut = |at: usize| cuts.iter().any(|cut| cut.contains(&at));
        let mut blanked = String::with_capacity(self.text.len());
        for (at, letter) in self.text.char_indices() {
            match letter {
                '\n' | '\r' => blanked.push(letter),
                _ if is_cut(at) => blanked.extend(std::iter::repeat_n(' ', letter.len_utf8())),
                _ => blanked.push(letter),
            }
        }
        SourceText {
            text: blanked.into(),
            map: self.map.clone(),
        }
    }

    /// Returns this text without the bytes of `cuts`, which may overlap and have any order. A cut
    /// is extended to whole characters. The remaining text keeps its places.
    pub fn without(&self, cuts: &[Range<usize>]) -> SourceText {
        let mut cuts: Vec<Range<usize>> = cuts
            .iter()
            .filter(|cut| cut.start < cut.end && cut.start < self.text.len())
            .map(|cut| {
                self.text.floor_char_boundary(cut.start)..self.text.ceil_char_boundary(cut.end)
            })
            .collect();
        cuts.sort_by_key(|cut| cut.start);
        let mut builder = SourceBuilder::new(self.file());
        let mut from = 0;
        for cut in cuts {
            if from < cut.start {
                builder.copy(self, from..cut.start);
            }
            from = from.max(cut.end);
        }
        builder.copy(self, from..self.text.len());
        builder.finish()
    }
}

impl SourceMap {
    /// Creates the map of a file that is read as it is on disk.
    pub fn new(file: &SitePath) -> SourceMap {
        SourceMap {
            file: file.clone(),
            pieces: None,
        }
    }

    /// Returns the document's file. Some of its words may come from other files.
    pub fn file(&self) -> &SitePath {
        &self.file
    }

    /// Returns whether the text equals its file byte for byte.
    pub fn is_identity(&self) -> bool {
        self.pieces.is_none()
    }

    /// Returns whether some of the text comes from `file`.
    pub fn uses(&self, file: &SitePath) -> bool {
        match &self.pieces {
            None => self.file == *file,
            Some(pieces) => pieces.iter().any(|piece| piece.file == *file),
        }
    }

    /// Returns where `span` of the text was written. A span over words of several files is cut to
    /// the file in which it begins, unless it also ends in that file.
    pub fn place(&self, span: Span) -> Place {
        let start = span.start as usize;
        let Some((piece, next)) = self.piece_at(start) else {
            return Place::original(&self.file, span);
        };
        let from = match piece.kind {
            PieceKind::Generated => return self.place_for(piece, piece.from.clone(), false, false),
            PieceKind::Embedded => return self.place_for(piece, piece.from.clone(), false, true),
            PieceKind::Copy => piece.from.start + (start - piece.at),
        };
        let end = (span.end as usize).max(start);
        if next.is_none_or(|next| end <= next) {
            let end = piece.from.start + (end - piece.at);
            return self.place_for(piece, from..end, true, false);
        }
        let last = end.checked_sub(1).and_then(|last| self.piece_at(last));
        let end = last
            .filter(|(last, _)| last.kind == PieceKind::Copy && last.file == piece.file)
            .map(|(last, _)| last.from.start + (end - last.at))
            .filter(|end| *end > from);
        let end_of_piece = next.map_or(from, |next| piece.from.start + (next - piece.at));
        self.place_for(piece, from..end.unwrap_or(end_of_piece), false, false)
    }

    fn place_for(
        &self,
        piece: &Piece,
        range: Range<usize>,
        is_exact: bool,
        is_embedded: bool,
    ) -> Place {
        Place {
            file: piece.file.clone(),
            span: Span::new(range),
            document: (piece.file != self.file).then(|| self.file.clone()),
            is_exact,
            is_embedded,
        }
    }

    /// Returns the piece that contains byte `at`, and the start of the next one.
    fn piece_at(&self, at: usize) -> Option<(&Piece, Option<usize>)> {
        let pieces = self.pieces.as_deref()?;
        let number = pieces.partition_point(|piece| piece.at <= at);
        let piece = pieces.get(number.checked_sub(1)?)?;
        Some((piece, pieces.get(number).map(|next| next.at)))
    }
}

/// A text under construction, built from parts of other texts.
#[derive(Debug)]
pub struct SourceBuilder {
    file: SitePath,
    text: String,
    pieces: Vec<Piece>,
}

impl SourceBuilder {
    /// Begins the text of a document.
    pub fn new(file: &SitePath) -> SourceBuilder {
        SourceBuilder {
            file: file.clone(),
            text: String::new(),
            pieces: Vec::new(),
        }
    }

    /// Returns the text that was written so far.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Appends `range` of `origin`, which keeps its places.
    pub fn copy(&mut self, origin: &SourceText, range: Range<usize>) {
        let Some(words) = origin.text.get(range.clone()).filter(|it| !it.is_empty()) else {
            return;
        };
        let shift = self.text.len();
        match origin.map.pieces.as_deref() {
            None => self.push(Piece {
                at: shift,
                file: origin.file().clone(),
                from: range.clone(),
                kind: PieceKind::Copy,
            }),
            Some(pieces) => {
                let first = pieces.partition_point(|piece| piece.at <= range.start);
                for piece in &pieces[first.saturating_sub(1)..] {
                    if piece.at >= range.end {
                        break;
                    }
                    let skipped = range.start.saturating_sub(piece.at);
                    let from = match piece.kind {
                        PieceKind::Copy => piece.from.start + skipped..piece.from.end,
                        PieceKind::Generated | PieceKind::Embedded => piece.from.clone(),
                    };
                    self.push(Piece {
                        at: shift + (piece.at + skipped - range.start),
                        file: piece.file.clone(),
                        from,
                        kind: piece.kind,
                    });
                }
            }
        }
        self.text.push_str(words);
    }

    /// Appends `words`, which are in no file: their place is `span` of `origin`.
    pub fn generate(&mut self, origin: &SourceText, span: Span, words: &str) {
        self.add(origin, span, words, PieceKind::Generated);
    }

    /// Appends words of another document, which `span` of `origin` embeds.
    pub fn embed(&mut self, origin: &SourceText, span: Span, words: &str) {
        self.add(origin, span, words, PieceKind::Embedded);
    }

    fn add(&mut self, origin: &SourceText, span: Span, words: &str, kind: PieceKind) {
        if words.is_empty() {
            return;
        }
        let place = origin.place(span);
        self.push(Piece {
            at: self.text.len(),
            file: place.file,
            from: place.span.range(),
            kind,
        });
        self.text.push_str(words);
    }

    /// Appends a piece, or extends the last piece by it.
    fn push(&mut self, piece: Piece) {
        if let Some(last) = self.pieces.last_mut()
            && last.kind == piece.kind
            && last.file == piece.file
        {
            let continues = match piece.kind {
                PieceKind::Copy => last.from.start + (piece.at - last.at) == piece.from.start,
                PieceKind::Generated | PieceKind::Embedded => last.from == piece.from,
            };
            if continues {
                return;
            }
        }
        self.pieces.push(piece);
    }

    /// Returns the text with its source map.
    pub fn finish(self) -> SourceText {
        SourceText {
            text: self.text.into(),
            map: SourceMap {
                file: self.file,
                pieces: Some(self.pieces.into()),
            },
        }
    }
}

/// A line with fewer bytes than this, not counting white space, is matched only at its expected
/// position.
const DISTINCTIVE: usize = 4;

/// Returns `new` as a text that was made from `old`: lines in both keep their places; other lines
/// get the place where they were inserted.
fn diff_lines(old: &SourceText, new: &str) -> SourceText {
    let starts = line_starts(old.as_str());
    let mut numbers: HashMap<&str, Vec<usize>> = HashMap::new();
    for (number, at) in starts.iter().enumerate() {
        let line = &old.as_str()[line_at(old.as_str(), *at)];
        numbers.entry(line).or_default().push(number);
    }
    let mut builder = SourceBuilder::new(old.file());
    let mut next = 0;
    for at in line_starts(new) {
        let words = &new[line_at(new, at)];
        let same = numbers.get(words).map_or(&[][..], Vec::as_slice);
        let same = &same[same.partition_point(|number| *number < next)..];
        let is_distinctive = words.trim().len() >= DISTINCTIVE;
        let found = same
            .first()
            .filter(|number| is_distinctive || **number == next);
        let from = starts.get(*found.unwrap_or(&next)).copied();
        let from = from.unwrap_or(old.as_str().len());
        match found {
            Some(number) => {
                next = number + 1;
                builder.copy(old, from..from + words.len());
            }
            None => builder.generate(old, Span::new(from..from), words),
        }
    }
    builder.finish()
}

fn line_starts(text: &str) -> Vec<usize> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
    std::iter::once(0)
        .chain(ends)
        .filter(|at| *at < text.len())
        .collect()
}

fn line_at(text: &str, at: usize) -> Range<usize> {
    let end = memchr::memchr(b'\n', &text.as_bytes()[at..]);
    at..end.map_or(text.len(), |end| at + end + 1)
}
