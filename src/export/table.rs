//! A table: named columns with types, and rows of cells.

use jiff::civil::Date;

use super::record::When;

/// A table and its rows. Each row has one cell per column.
pub struct Table {
    pub name: &'static str,
    pub about: &'static str,
    pub columns: Vec<Column>,
    /// The primary key; empty if the rows have none.
    pub key: &'static [&'static str],
    pub rows: Vec<Vec<Cell>>,
}

pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub about: &'static str,
    /// The table whose `id` it refers to.
    pub refers: Option<&'static str>,
    pub is_required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Boolean,
    Date,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Boolean(bool),
    Date(Date),
}

/// Creates a row of cells.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { vec![$($crate::export::table::Cell::from($value)),*] };
}
pub(super) use cells;

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}
impl From<&String> for Cell {
    fn from(text: &String) -> Cell {
        Cell::Text(text.clone())
    }
}
impl From<char> for Cell {
    fn from(sign: char) -> Cell {
        Cell::Text(sign.into())
    }
}
impl From<usize> for Cell {
    fn from(number: usize) -> Cell {
        Cell::Integer(number as i64)
    }
}
impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Integer(number)
    }
}
impl From<i32> for Cell {
    fn from(number: i32) -> Cell {
        Cell::Integer(number.into())
    }
}
impl From<bool> for Cell {
    fn from(is: bool) -> Cell {
        Cell::Boolean(is)
    }
}
impl From<Date> for Cell {
    fn from(day: Date) -> Cell {
        Cell::Date(day)
    }
}
impl From<When> for Cell {
    fn from(when: When) -> Cell {
        Cell::Text(when.0.to_string())
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Into::into)
    }
}

pub fn column(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column {
        name,
        kind,
        about,
        refers: None,
        is_required: false,
    }
}

pub fn text(name: &'static str, about: &'static str) -> Column {
    column(name, Kind::Text, about)
}

pub fn needed(name: &'static str, about: &'static str) -> Column {
    Column {
        is_required: true,
        ..text(name, about)
    }
}

pub fn to(name: &'static str, table: &'static str, about: &'static str) -> Column {
    Column {
        refers: Some(table),
        ..text(name, about)
    }
}

pub fn of(name: &'static str, table: &'static str, about: &'static str) -> Column {
    Column {
        is_required: true,
        ..to(name, table, about)
    }
}

pub const ID: &str = "The name that its authors gave it";
pub const UUID: &str = "UUIDv5 of the site, the kind and the id";
pub const PAGE: &str = "Its page";
pub const EDTF: &str = "As the authors gave it, EDTF level 1";
pub const FIRST: &str = "The first day that the date may mean";
pub const LAST: &str = "The last day that the date may mean; empty where it is open";
pub const TLP: &str = "Traffic Light Protocol: clear, green, amber, amber+strict or red";

pub fn first(when: Option<When>) -> Option<Date> {
    when.map(|when| when.first())
}

pub fn last(when: Option<When>) -> Option<Date> {
    when.and_then(|when| when.last())
}
