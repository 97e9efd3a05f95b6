//! Conversion between byte offsets and line and column numbers.

/// The starts of all lines of a text.
///
/// Counting lines from the start for every diagnostic would be quadratic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

/// A line and a column, both from 1; columns are in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl LineIndex {
    /// Creates the index of `text`: one pass over its bytes.
    pub fn new(text: &str) -> LineIndex {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        LineIndex { starts }
    }

    /// Returns the line and column of the byte `offset` of `text`, which must be the indexed text.
    /// An offset inside a character counts as its start; an offset past the end as the last
    /// character.
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

/// Returns the byte offset of a line and a column, both from 1, with the column in bytes. An offset
/// inside a character becomes its start; a place past the end becomes the end of the text.
pub fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    text.floor_char_boundary(before + column.saturating_sub(1))
}
