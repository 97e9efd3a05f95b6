//! Exports the sources as BibLaTeX, which also has EDTF dates.

use super::record::{Record, Source};
use crate::config::Export;
use crate::page::{tex, tlp_label};

pub fn files(record: &Record<'_>) -> Vec<(String, Vec<u8>)> {
    let entries: Vec<String> = record.sources.iter().map(|it| entry(record, it)).collect();
    vec![(
        Export::Biblatex.main_file().into(),
        entries.join("\n").into(),
    )]
}

fn entry(record: &Record<'_>, source: &Source<'_>) -> String {
    let kind = match source.kind.unwrap_or("") {
        "report" | "working-paper" | "advisory" => "report",
        "book" => "book",
        _ if source.url.is_some() => "online",
        _ => "misc",
    };
    let mut entry = format!("@{kind}{{{},\n", source.id);
    let mut field = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            entry.push_str(&format!("  {name} = {{{value}}},\n"));
        }
    };
    let authors = source.authors.iter().map(|id| record.actor(id).name);
    let authors = authors.chain(source.other_authors.iter().map(String::as_str));
    // Braces prevent BibLaTeX from splitting the name.
    let authors: Vec<String> = authors.map(|name| format!("{{{}}}", tex(name))).collect();
    field("author", Some(authors.join(" and ")));
    field("title", Some(format!("{{{}}}", tex(source.title))));
    let publisher = match kind {
        "report" => "institution",
        "book" => "publisher",
        _ => "organization",
    };
    field(publisher, source.publisher.map(tex));
    if kind == "report" {
        field("type", source.kind.map(|kind| tex(&kind.replace('-', " "))));
    } else {
        field("note", source.kind.map(|kind| tex(&kind.replace('-', " "))));
    }
    field("date", source.date.map(|date| date.0.to_string()));
    field("url", source.url.map(verbatim));
    field("urldate", source.retrieved.map(|date| date.0.to_string()));
    field(
        "addendum",
        source
            .archive
            .map(|url| format!("\\url{{{}}}", verbatim(url))),
    );
    field("language", source.language.map(tex));
    field("keywords", source.tlp.map(|level| tex(&tlp_label(level))));
    entry.push_str("}\n");
    entry
}

/// Escapes a URL for a verbatim field, in which only braces have a meaning.
fn verbatim(url: &str) -> String {
    url.replace('{', "%7B")
        .replace('}', "%7D")
        .replace('\\', "%5C")
}
