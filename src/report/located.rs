//! The places of a run's diagnostics, with line and column.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Files;
use crate::diag::Diagnostic;
use crate::text::{Column, Place, SitePath, Span};

/// All files with text in which diagnostics of a run have places.
pub(super) struct Located<'a> {
    files: BTreeMap<SitePath, File<'a>>,
}

/// A place within its text: both ends are in it, and at character boundaries.
pub(super) struct Region<'a> {
    /// The text of the whole file.
    pub text: &'a str,
    pub range: Range<usize>,
    pub start: Column,
    /// After the last character.
    pub end: Column,
}

/// A text, and the offsets for which lines and columns are needed, in order.
struct File<'a> {
    text: &'a str,
    columns: BTreeMap<usize, Column>,
}

impl<'a> Located<'a> {
    /// Locates the places and related places of all `diagnostics`.
    pub fn new(diagnostics: &[Diagnostic], files: &Files<'a>) -> Located<'a> {
        let mut offsets: BTreeMap<SitePath, Option<File<'a>>> = BTreeMap::new();
        for place in diagnostics.iter().flat_map(places) {
            let file = offsets
                .entry(place.file.clone())
                .or_insert_with_key(|path| files(path).map(File::new));
            if let Some(file) = file {
                file.ask(place.span);
            }
        }
        let located = offsets.into_iter().filter_map(|(path, file)| {
            let mut file = file?;
            file.locate();
            Some((path, file))
        });
        Located {
            files: located.collect(),
        }
    }

    /// Returns the region of a place of these diagnostics, if its file has text.
    pub fn region(&self, place: &Place) -> Option<Region<'a>> {
        let file = self.files.get(&place.file)?;
        let range = fitted(file.text, place.span);
        Some(Region {
            text: file.text,
            start: *file.columns.get(&range.start)?,
            end: *file.columns.get(&range.end)?,
            range,
        })
    }
}

impl<'a> Region<'a> {
    /// Returns the underlined words.
    pub fn words(&self) -> &'a str {
        self.text.get(self.range.clone()).unwrap_or("")
    }
}

impl<'a> File<'a> {
    fn new(text: &'a str) -> File<'a> {
        File {
            text,
            columns: BTreeMap::new(),
        }
    }

    /// Records that both ends of `span` are needed.
    fn ask(&mut self, span: Span) {
        let range = fitted(self.text, span);
        let unknown = Column { line: 1, column: 1 };
        self.columns.insert(range.start, unknown);
        self.columns.insert(range.end, unknown);
    }

    /// Counts lines and characters from each offset to the next. `LineIndex` counts from the start
    /// of the line for each query, which is quadratic in a minified file.
    fn locate(&mut self) {
        let (mut before, mut at) = (0, Column { line: 1, column: 1 });
        for (offset, column) in &mut self.columns {
            let between = self.text.get(before..*offset).unwrap_or("");
            let breaks = memchr::memchr_iter(b'\n', between.as_bytes()).count();
            let tail = between.rsplit('\n').next().unwrap_or("").chars().count();
            at = Column {
                line: at.line + breaks,
                column: if breaks == 0 { at.column } else { 1 } + tail,
            };
            *column = at;
            before = *offset;
        }
    }
}

fn places(diagnostic: &Diagnostic) -> impl Iterator<Item = &Place> {
    let others = diagnostic.others.iter().map(|(place, _)| place);
    let edits = diagnostic.fixes.iter().flat_map(|fix| &fix.edits);
    let edits = edits.map(|(place, _)| place);
    std::iter::once(&diagnostic.place)
        .chain(others)
        .chain(edits)
}

/// Returns `span` within `text`: cut at its end and widened to whole characters.
fn fitted(text: &str, span: Span) -> Range<usize> {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.ceil_char_boundary(span.end as usize);
    start..end.max(start)
}
