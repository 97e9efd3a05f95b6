//! Exports the tables as Parquet, partitioned by site, so that DuckDB, Spark and others can read
//! the data of several sites as one table.
//!
//! Written without a library, because the usual one has 17 crates and doubles the compile time,
//! while only a small part of the format is needed: flat tables with four types of columns, each
//! column chunk as one compressed page. The format is described in
//! <https://parquet.apache.org/docs/file-format/>; its metadata is in Thrift's compact protocol.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::csv::{described, package};
use super::json::pretty;
use super::record::Record;
use super::table::{Cell, Column, Kind, Table};
use super::tables::tables;
use crate::config::Export;

/// The maximum number of rows of a row group, which a reader loads into memory at once.
const GROUP: usize = 100_000;

const MAGIC: &[u8] = b"PAR1";

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let tables = tables(record);
    let path = |table: &Table| format!("{}/site={}/part-0.parquet", table.name, record.site.uuid);
    let resource = |table: &Table| {
        let mut resource = described(table);
        resource["path"] = json!(path(table));
        resource["format"] = json!("parquet");
        resource["mediatype"] = json!("application/vnd.apache.parquet");
        resource
    };
    let resources: Vec<Value> = tables.iter().map(resource).collect();
    let package = pretty(&package(record, resources));
    let main = (Export::Parquet.main_file().to_owned(), package);
    let data = tables
        .iter()
        .map(|table| (format!("parquet/{}", path(table)), written(table)));
    std::iter::once(main).chain(data).collect()
}

/// Returns the number of a physical type.
fn physical(kind: Kind) -> i64 {
    match kind {
        Kind::Boolean => 0,
        Kind::Date => 1,
        Kind::Integer => 2,
        Kind::Text => 6,
    }
}

fn written(table: &Table) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    let mut groups = Vec::new();
    for rows in table.rows.chunks(GROUP) {
        let begin = file.len();
        let mut columns = Vec::new();
        let mut size = 0;
        for (at, column) in table.columns.iter().enumerate() {
            let (start, plain) = (file.len(), page(column, at, rows, &mut file));
            size += plain;
            columns.push(chunk(column, rows.len(), start, plain, file.len() - start));
        }
        let mut group = Thrift::default();
        group.structs(1, columns);
        group.integer(2, I64, size as i64);
        group.integer(3, I64, rows.len() as i64);
        group.integer(5, I64, begin as i64);
        groups.push(group);
    }
    let mut root = Thrift::default();
    root.text(4, table.name);
    root.integer(5, I32, table.columns.len() as i64);
    let columns = table.columns.iter().map(element);
    let mut foot = Thrift::default();
    foot.integer(1, I32, 1);
    foot.structs(2, std::iter::once(root).chain(columns).collect());
    foot.integer(3, I64, table.rows.len() as i64);
    foot.structs(4, groups);
    foot.text(6, concat!("whosaid version ", env!("CARGO_PKG_VERSION")));
    let foot = foot.done();
    file.extend(&foot);
    file.extend((foot.len() as u32).to_le_bytes());
    file.extend(MAGIC);
    file
}

/// Returns the schema element of a column.
fn element(column: &Column) -> Thrift {
    let mut element = Thrift::default();
    element.integer(1, I32, physical(column.kind));
    element.integer(3, I32, i64::from(!column.is_required));
    element.text(4, column.name);
    // The logical type, both as the old `ConvertedType` and as the new struct without fields.
    let meaning = match column.kind {
        Kind::Text => Some((0, 1)),
        Kind::Date => Some((6, 6)),
        Kind::Integer | Kind::Boolean => None,
    };
    if let Some((converted, logical)) = meaning {
        element.integer(6, I32, converted);
        let mut union = Thrift::default();
        union.inner(logical, Thrift::default());
        element.inner(10, union);
    }
    element
}

/// Returns the metadata of a column chunk, with the position of its only page.
fn chunk(column: &Column, rows: usize, start: usize, plain: usize, packed: usize) -> Thrift {
    const PLAIN: i64 = 0;
    const RUNS: i64 = 3;
    const GZIP: i64 = 2;
    let mut data = Thrift::default();
    data.integer(1, I32, physical(column.kind));
    data.integers(2, &[PLAIN, RUNS]);
    data.texts(3, &[column.name]);
    data.integer(4, I32, GZIP);
    data.integer(5, I64, rows as i64);
    data.integer(6, I64, plain as i64);
    data.integer(7, I64, packed as i64);
    data.integer(9, I64, start as i64);
    let mut chunk = Thrift::default();
    chunk.integer(2, I64, start as i64);
    chunk.inner(3, data);
    chunk
}

/// Writes a column of `rows` as one page, and returns its uncompressed size.
fn page(column: &Column, at: usize, rows: &[Vec<Cell>], file: &mut Vec<u8>) -> usize {
    let mut plain = Vec::new();
    if !column.is_required {
        let mut runs = Vec::new();
        for run in rows.chunk_by(|a, b| (a[at] == Cell::Null) == (b[at] == Cell::Null)) {
            varint((run.len() as u64) << 1, &mut runs);
            runs.push(u8::from(run[0][at] != Cell::Null));
        }
        plain.extend((runs.len() as u32).to_le_bytes());
        plain.extend(runs);
    }
    values(rows.iter().map(|row| &row[at]), &mut plain);
    let packed = packed(&plain);
    let mut data = Thrift::default();
    data.integer(1, I32, rows.len() as i64);
    data.integer(2, I32, 0);
    data.integer(3, I32, 3);
    data.integer(4, I32, 3);
    let mut head = Thrift::default();
    head.integer(1, I32, 0);
    head.integer(2, I32, plain.len() as i64);
    head.integer(3, I32, packed.len() as i64);
    head.inner(5, data);
    let head = head.done();
    file.extend(&head);
    file.extend(packed);
    head.len() + plain.len()
}

/// Writes the non-null values one after the other; booleans are packed, eight in a byte.
fn values<'c>(cells: impl Iterator<Item = &'c Cell>, bytes: &mut Vec<u8>) {
    let epoch = jiff::civil::date(1970, 1, 1);
    let days = |day: Date| epoch.until(day).map_or(0, |span| span.get_days());
    let mut flags = 0_usize;
    for cell in cells {
        match cell {
            Cell::Null => {}
            Cell::Text(text) => {
                bytes.extend((text.len() as u32).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
            Cell::Integer(number) => bytes.extend(number.to_le_bytes()),
            Cell::Date(day) => bytes.extend(days(*day).to_le_bytes()),
            Cell::Boolean(is) => {
                if flags.is_multiple_of(8) {
                    bytes.push(0);
                }
                if let Some(last) = bytes.last_mut() {
                    *last |= u8::from(*is) << (flags % 8);
                }
                flags += 1;
            }
        }
    }
}

/// Compresses with gzip, without a name and a time in the header.
fn packed(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(plain)
        .and_then(|()| encoder.finish())
        .expect("memory takes all")
}

const I32: u8 = 5;
const I64: u8 = 6;
const TEXT: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// A struct in Thrift's compact protocol; fields are in the order of their numbers.
#[derive(Default)]
struct Thrift {
    bytes: Vec<u8>,
    last: u8,
}

impl Thrift {
    fn field(&mut self, number: u8, kind: u8) {
        self.bytes.push((number - self.last) << 4 | kind);
        self.last = number;
    }

    fn integer(&mut self, number: u8, kind: u8, value: i64) {
        self.field(number, kind);
        zigzag(value, &mut self.bytes);
    }

    fn text(&mut self, number: u8, text: &str) {
        self.field(number, TEXT);
        put(text, &mut self.bytes);
    }

    fn inner(&mut self, number: u8, inner: Thrift) {
        self.field(number, STRUCT);
        self.bytes.extend(inner.done());
    }

    fn list(&mut self, number: u8, kind: u8, length: usize) {
        self.field(number, LIST);
        if length < 15 {
            self.bytes.push((length as u8) << 4 | kind);
        } else {
            self.bytes.push(0xf0 | kind);
            varint(length as u64, &mut self.bytes);
        }
    }

    fn structs(&mut self, number: u8, items: Vec<Thrift>) {
        self.list(number, STRUCT, items.len());
        self.bytes.extend(items.into_iter().flat_map(Thrift::done));
    }

    fn integers(&mut self, number: u8, items: &[i64]) {
        self.list(number, I32, items.len());
        for item in items {
            zigzag(*item, &mut self.bytes);
        }
    }

    fn texts(&mut self, number: u8, items: &[&str]) {
        self.list(number, TEXT, items.len());
        for item in items {
            put(item, &mut self.bytes);
        }
    }

    fn done(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

fn put(text: &str, bytes: &mut Vec<u8>) {
    varint(text.len() as u64, bytes);
    bytes.extend(text.as_bytes());
}

/// Zigzag encoding: maps small signed numbers to small unsigned ones.
fn zigzag(number: i64, bytes: &mut Vec<u8>) {
    varint(((number << 1) ^ (number >> 63)) as u64, bytes);
}

/// Varint encoding: groups of seven bits, the lowest first.
fn varint(mut number: u64, bytes: &mut Vec<u8>) {
    while number > 0x7f {
        bytes.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
