//! Exports `record.json`, the complete record, and its schema.

use super::record::Record;
use crate::config::Export;

/// The JSON Schema of `record.json`.
pub const SCHEMA: &str = include_str!("record.schema.json");

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    vec![
        (Export::Json.main_file().into(), pretty(record)),
        (record.schema.into(), SCHEMA.into()),
    ]
}

/// Formats a value as JSON on several lines, so that versions of a file can be compared.
pub fn pretty(value: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("the record is made of plain values");
    bytes.push(b'\n');
    bytes
}
