//! Exports the tables as one SQLite database, written page by page.
//!
//! The file format is simple for a database that is only written once: a B-tree for each table and
//! for the index of each key, and a schema table. The usual library needs a C compiler and has
//! 250,000 lines of C, and it writes to a file, while this room returns bytes. The format is
//! described in <https://sqlite.org/fileformat2.html>.

use super::record::Record;
use super::table::{Cell, Kind, Table};
use super::tables::tables;
use crate::config::Export;

/// The page size in bytes.
const PAGE: usize = 4096;
/// The size of the file header in the first page, in bytes.
const FILE_HEAD: usize = 100;
/// The maximum number of children of an interior page: each takes up to 15 bytes.
const CHILDREN: usize = 250;

/// A view for most queries: who said what on which claim, and the status of the claim.
const SAID: &str = "CREATE VIEW said AS
SELECT p.id, p.claim, c.text, c.status, c.support, c.contest, p.party, a.name,
  p.stance, p.state, p.date, p.words, p.quote, v.name AS voice, p.page
FROM positions p JOIN claims c ON c.id = p.claim JOIN actors a ON a.id = p.party
  LEFT JOIN actors v ON v.id = p.voice";

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let tables = tables(record);
    let mut file = Pages::new();
    // The first page is the root of the schema table.
    let first = file.reserve();
    let mut schema = Vec::new();
    for table in &tables {
        let root = file.reserve();
        let rows = table.rows.iter().map(|row| row.as_slice());
        file.tree(root, rows.map(payload).collect());
        schema.push(payload(&[
            Cell::from("table"),
            Cell::from(table.name),
            Cell::from(table.name),
            Cell::Integer(root as i64),
            Cell::Text(created(table)),
        ]));
        if let Some(column) = key(table) {
            let root = file.reserve();
            let rows = table.rows.iter().map(|row| match &row[column] {
                Cell::Text(id) => id.as_str(),
                Cell::Null | Cell::Integer(_) | Cell::Boolean(_) | Cell::Date(_) => "",
            });
            file.index(root, rows);
            schema.push(payload(&[
                Cell::from("index"),
                Cell::Text(format!("sqlite_autoindex_{}_1", table.name)),
                Cell::from(table.name),
                Cell::Integer(root as i64),
                Cell::Null,
            ]));
        }
    }
    let view = [
        Cell::from("view"),
        Cell::from("said"),
        Cell::from("said"),
        Cell::Integer(0),
        Cell::from(SAID),
    ];
    schema.push(payload(&view));
    file.tree(first, schema);
    vec![(Export::Sqlite.main_file().into(), file.done())]
}

/// Returns the index of the primary key column of a table, if it is a single column.
fn key(table: &Table) -> Option<usize> {
    let [key] = table.key else {
        return None;
    };
    table.columns.iter().position(|it| it.name == *key)
}

/// Returns the `CREATE TABLE` statement, with comments on the columns.
fn created(table: &Table) -> String {
    let mut sql = format!("CREATE TABLE {} ( -- {}\n", table.name, table.about);
    for (at, column) in table.columns.iter().enumerate() {
        let kind = match column.kind {
            Kind::Text | Kind::Date => "TEXT",
            Kind::Integer | Kind::Boolean => "INTEGER",
        };
        let needed = if column.is_required { " NOT NULL" } else { "" };
        let comma = if at + 1 < table.columns.len() {
            ","
        } else {
            ""
        };
        let is_key = key(table) == Some(at);
        let unique = if is_key { " PRIMARY KEY" } else { "" };
        let refers = match column.refers {
            Some(table) => format!(" REFERENCES {table} (id)"),
            None => String::new(),
        };
        let (name, about) = (column.name, column.about);
        sql.push_str(&format!(
            "  {name} {kind}{needed}{unique}{refers}{comma} -- {about}\n"
        ));
    }
    sql.push(')');
    sql
}

/// Encodes a row in the record format: the types of its cells, then their bytes.
fn payload(row: &[Cell]) -> Vec<u8> {
    let (mut kinds, mut bytes) = (Vec::new(), Vec::new());
    for cell in row {
        match cell {
            Cell::Null => varint(0, &mut kinds),
            Cell::Boolean(is) => varint(if *is { 9 } else { 8 }, &mut kinds),
            Cell::Integer(number) => {
                varint(6, &mut kinds);
                bytes.extend(number.to_be_bytes());
            }
            Cell::Text(text) => put_text(text, &mut kinds, &mut bytes),
            Cell::Date(day) => put_text(&day.to_string(), &mut kinds, &mut bytes),
        }
    }
    // The header length includes itself, with one byte or two.
    let length = kinds.len() + if kinds.len() < 127 { 1 } else { 2 };
    let mut payload = Vec::with_capacity(length + bytes.len());
    varint(length as u64, &mut payload);
    payload.extend(kinds);
    payload.extend(bytes);
    payload
}

fn put_text(text: &str, kinds: &mut Vec<u8>, bytes: &mut Vec<u8>) {
    varint(13 + 2 * text.len() as u64, kinds);
    bytes.extend(text.as_bytes());
}

/// Encodes a varint: groups of seven bits, the highest first. No value here needs a ninth byte.
fn varint(number: u64, bytes: &mut Vec<u8>) {
    let groups = (64 - number.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let more = if group > 0 { 0x80 } else { 0 };
        bytes.push((number >> (7 * group)) as u8 & 0x7f | more);
    }
}

/// Distributes cells to as few pages as possible, with the cell between each two.
fn split(cells: Vec<Vec<u8>>, room: usize) -> (Vec<Vec<Vec<u8>>>, Vec<Vec<u8>>) {
    let (mut pages, mut between) = (vec![Vec::new()], Vec::new());
    let mut free = room;
    let count = cells.len();
    for (at, cell) in cells.into_iter().enumerate() {
        let page: &mut Vec<Vec<u8>> = pages.last_mut().expect("there is a page");
        if cell.len() + 2 <= free {
            free -= cell.len() + 2;
            page.push(cell);
            continue;
        }
        free = room;
        // Every page has at least one cell.
        let is_last = at + 1 == count;
        let divider = if is_last { page.pop() } else { None };
        match divider {
            Some(divider) => {
                between.push(divider);
                pages.push(vec![cell]);
            }
            None => {
                between.push(cell);
                pages.push(Vec::new());
            }
        }
    }
    (pages, between)
}

/// Returns the child page of an interior cell.
fn lead(cell: &[u8]) -> usize {
    let number = cell
        .first_chunk()
        .map_or(0, |first| u32::from_be_bytes(*first));
    number as usize
}

/// The pages of the file, from 1.
struct Pages(Vec<Vec<u8>>);

/// A child page, and the last row in it.
#[derive(Clone, Copy)]
struct Child {
    page: usize,
    last: u64,
}

impl Pages {
    fn new() -> Pages {
        Pages(Vec::new())
    }

    /// Reserves a page and returns its number.
    fn reserve(&mut self) -> usize {
        self.0.push(Vec::new());
        self.0.len()
    }

    /// Returns the size of the file header in a page, in bytes.
    fn head(page: usize) -> usize {
        if page == 1 { FILE_HEAD } else { 0 }
    }

    /// Writes a table whose root is the page `root`; its rows are numbered from 1.
    fn tree(&mut self, root: usize, rows: Vec<Vec<u8>>) {
        let mut leaves: Vec<Vec<Vec<u8>>> = vec![Vec::new()];
        let mut lasts = vec![0];
        let (mut free, room) = (PAGE - FILE_HEAD - 8, PAGE - 8);
        for (row, payload) in (1..).zip(rows) {
            let cell = self.cell(row, payload);
            if cell.len() + 2 > free {
                leaves.push(Vec::new());
                lasts.push(row);
                free = room;
            }
            free -= cell.len() + 2;
            let at = leaves.len() - 1;
            leaves[at].push(cell);
            lasts[at] = row;
        }
        if let [only] = leaves.as_slice() {
            return self.write(root, 0x0d, only, None);
        }
        let mut children: Vec<Child> = Vec::new();
        for (cells, last) in leaves.iter().zip(lasts) {
            let page = self.reserve();
            self.write(page, 0x0d, cells, None);
            children.push(Child { page, last });
        }
        while children.len() > CHILDREN {
            // Of equal size, so that no page has a single child.
            let groups = children.len().div_ceil(CHILDREN);
            let size = children.len().div_ceil(groups);
            let inner = children.chunks(size).map(|group| {
                let page = self.reserve();
                self.lead(page, group);
                let last = group.last().map_or(0, |child| child.last);
                Child { page, last }
            });
            children = inner.collect();
        }
        self.lead(root, &children);
    }

    /// Writes the index of a key, whose root is the page `root`: for each key, the row number.
    fn index<'a>(&mut self, root: usize, keys: impl Iterator<Item = &'a str>) {
        let mut entries: Vec<(&str, i64)> = keys.zip(1..).collect();
        entries.sort_unstable();
        let mut cells = Vec::with_capacity(entries.len());
        for (key, row) in entries {
            let payload = payload(&[Cell::from(key), Cell::Integer(row)]);
            let mut cell = Vec::with_capacity(payload.len() + 8);
            varint(payload.len() as u64, &mut cell);
            // A page has room for four.
            cells.push(self.fill(cell, payload, (PAGE - 12) * 64 / 255 - 23));
        }
        // Unlike in a table B-tree, the cell between two pages is in neither.
        let (mut kind, mut last) = (0x0a, None);
        loop {
            let (mut pages, between) = split(cells, PAGE - 12);
            if let [only] = pages.as_slice() {
                return self.write(root, kind, only, last);
            }
            let right = pages.pop().unwrap_or_default();
            cells = Vec::with_capacity(between.len());
            for (page, mut between) in pages.into_iter().zip(between) {
                let number = self.reserve();
                // The right child of the page is the child of the cell after it.
                let lead = (kind == 0x02).then(|| lead(&between));
                if kind == 0x02 {
                    between.drain(..4);
                }
                self.write(number, kind, &page, lead);
                let mut cell = (number as u32).to_be_bytes().to_vec();
                cell.extend(between);
                cells.push(cell);
            }
            let number = self.reserve();
            self.write(number, kind, &right, last);
            (kind, last) = (0x02, Some(number));
        }
    }

    /// Writes an interior page.
    fn lead(&mut self, page: usize, children: &[Child]) {
        let Some((right, others)) = children.split_last() else {
            return;
        };
        let cells = others.iter().map(|child| {
            let mut cell = (child.page as u32).to_be_bytes().to_vec();
            varint(child.last, &mut cell);
            cell
        });
        self.write(page, 0x05, &cells.collect::<Vec<_>>(), Some(right.page));
    }

    /// Returns a row as a leaf cell.
    fn cell(&mut self, row: u64, payload: Vec<u8>) -> Vec<u8> {
        let mut cell = Vec::with_capacity(payload.len() + 8);
        varint(payload.len() as u64, &mut cell);
        varint(row, &mut cell);
        self.fill(cell, payload, PAGE - 35)
    }

    /// Completes a cell with its payload; a payload longer than `most` continues on overflow pages.
    fn fill(&mut self, mut cell: Vec<u8>, payload: Vec<u8>, most: usize) -> Vec<u8> {
        if payload.len() <= most {
            cell.extend(payload);
            return cell;
        }
        let least = (PAGE - 12) * 32 / 255 - 23;
        let fitting = least + (payload.len() - least) % (PAGE - 4);
        let here = if fitting <= most { fitting } else { least };
        cell.extend(&payload[..here]);
        let chunks: Vec<&[u8]> = payload[here..].chunks(PAGE - 4).collect();
        let first = self.0.len() + 1;
        cell.extend((first as u32).to_be_bytes());
        for (at, chunk) in chunks.iter().enumerate() {
            let next = if at + 1 < chunks.len() {
                first + at + 1
            } else {
                0
            };
            let mut page = (next as u32).to_be_bytes().to_vec();
            page.extend(*chunk);
            page.resize(PAGE, 0);
            self.0.push(page);
        }
        cell
    }

    /// Writes a B-tree page: its header, the cell pointers, and the cells from the end.
    fn write(&mut self, number: usize, kind: u8, cells: &[Vec<u8>], right: Option<usize>) {
        let mut page = vec![0; PAGE];
        let head = Pages::head(number);
        let size: usize = cells.iter().map(Vec::len).sum();
        let mut start = PAGE - size;
        let mut front = vec![kind, 0, 0];
        front.extend((cells.len() as u16).to_be_bytes());
        front.extend((start as u16).to_be_bytes());
        front.push(0);
        front.extend(
            right
                .into_iter()
                .flat_map(|page| (page as u32).to_be_bytes()),
        );
        for cell in cells {
            front.extend((start as u16).to_be_bytes());
            page[start..start + cell.len()].copy_from_slice(cell);
            start += cell.len();
        }
        page[head..head + front.len()].copy_from_slice(&front);
        self.0[number - 1] = page;
    }

    fn done(mut self) -> Vec<u8> {
        let count = (self.0.len() as u32).to_be_bytes();
        let mut head = Vec::with_capacity(FILE_HEAD);
        head.extend(b"SQLite format 3\0");
        head.extend((PAGE as u16).to_be_bytes());
        // Write and read version, reserved bytes, and three fixed payload fractions.
        head.extend([1, 1, 0, 64, 32, 32]);
        head.extend(1_u32.to_be_bytes());
        head.extend(count);
        // No free pages; schema cookie and format; default cache; no vacuum.
        for number in [0, 0, 1, 4, 0, 0] {
            head.extend(u32::to_be_bytes(number));
        }
        // UTF-8; no user version, no vacuum, no application id.
        for number in [1, 0, 0, 0] {
            head.extend(u32::to_be_bytes(number));
        }
        head.extend([0; 20]);
        // The version-valid-for number, and the SQLite version number.
        head.extend(1_u32.to_be_bytes());
        head.extend(3_040_000_u32.to_be_bytes());
        self.0[0][..FILE_HEAD].copy_from_slice(&head);
        self.0.concat()
    }
}
