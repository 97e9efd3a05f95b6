//! Exports the sources as CSL-JSON, for reference managers.

use serde_json::{Value, json};

use super::json::pretty;
use super::record::{Record, Source, When};
use crate::config::Export;
use crate::model::Point;
use crate::page::tlp_label;

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let items: Vec<Value> = record.sources.iter().map(|it| item(record, it)).collect();
    vec![(Export::Csl.main_file().into(), pretty(&items))]
}

fn item(record: &Record<'_>, source: &Source<'_>) -> Value {
    let mut item = json!({ "id": source.id, "type": kind(source), "title": source.title });
    let authors = source.authors.iter().map(|id| record.actor(id).name);
    let authors = authors.chain(source.other_authors.iter().map(String::as_str));
    // The record does not say which part of a name is the family name, and organizations have none.
    let authors: Vec<Value> = authors.map(|name| json!({ "literal": name })).collect();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            item[key] = value;
        }
    };
    put("author", (!authors.is_empty()).then(|| json!(authors)));
    put("publisher", source.publisher.map(Value::from));
    put(
        "genre",
        source.kind.map(|kind| json!(kind.replace('-', " "))),
    );
    put("issued", source.date.map(date));
    put("accessed", source.retrieved.map(date));
    put("URL", source.url.map(Value::from));
    put("archive_location", source.archive.map(Value::from));
    put("language", source.language.map(Value::from));
    put("keyword", source.tlp.map(|level| json!(tlp_label(level))));
    item
}

/// Returns the CSL 1.0 type of an item.
fn kind(source: &Source<'_>) -> &'static str {
    match source.kind.unwrap_or("") {
        "report" | "working-paper" | "advisory" => "report",
        "article" | "news" | "newspaper" => "article-newspaper",
        "book" => "book",
        "remarks" | "speech" => "speech",
        "interview" => "interview",
        "law" | "statute" => "legislation",
        "judgment" | "indictment" | "court-filing" => "legal_case",
        "thesis" => "thesis",
        "post" | "blog" => "post-weblog",
        _ if source.url.is_some() => "webpage",
        _ => "document",
    }
}

/// Returns a date with its precision, and with `circa` if it is uncertain or approximate.
fn date(When(date): When) -> Value {
    let parts = |point: &Point| {
        let more = [point.month, point.day].into_iter().flatten();
        let parts = std::iter::once(i64::from(point.year)).chain(more.map(i64::from));
        parts.collect::<Vec<i64>>()
    };
    let mut ends = vec![parts(&date.start)];
    ends.extend(date.end.flatten().as_ref().map(parts));
    let mut value = json!({ "date-parts": ends });
    if date.start.uncertain || date.start.approximate {
        value["circa"] = json!(true);
    }
    value
}
