//! From a byte offset to the line and column that a person counts, and back from a parser's.

/// The starts of all lines of one text, found once.
///
/// Counting lines from the start for every diagnostic made a prototype quadratic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// A place as people count it: both from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub line: usize,
    pub column: usize,
}

impl LineIndex {
    pub fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        LineIndex { starts }
    }

    /// Line and column of the byte `offset` of `text`, the text that was indexed.
    /// An offset past the end, or inside a character, counts as the character before it.
    pub fn column(&self, text: &str, offset: u32) -> Column {
        let line = self.starts.partition_point(|start| *start <= offset) - 1;
        let start = self.starts[line] as usize;
        let column = text
            .get(start..)
            .unwrap_or("")
            .char_indices()
            .take_while(|(at, _)| start + at < offset as usize)
            .count();
        Column {
            line: line + 1,
            column: column + 1,
        }
    }
}

/// The byte at a line and a column, both from 1 and the column in bytes, as parsers tell them; that
/// of the whole character, and the end of the text for a place beyond it.
pub fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    text.floor_char_boundary(before + column.saturating_sub(1))
}
