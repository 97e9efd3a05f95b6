//! Bibliographies: BibLaTeX, hayagriva YAML and CSL-JSON; each entry is a source.

mod bib;
mod limits;
mod words;

use super::front::SourceFront;
use super::name::Name;
use super::tree::{self, Tree, TreeKind};
use crate::diag::{Code, Diagnostic};
use crate::model::{PartialDate, Tlp};
use crate::text::{Place, SourceMap, SourceText, Span, byte_at, one_line};

/// A bibliography with its entries, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct RawBibliography {
    pub map: SourceMap,
    pub entries: Vec<RawEntry>,
    pub diagnostics: Vec<Diagnostic>,
}

/// An entry: its key and its data.
#[derive(Debug, Clone, PartialEq)]
pub struct RawEntry {
    pub key: String,
    pub span: Span,
    pub front: SourceFront,
    pub tlp: Option<Tlp>,
    /// Invalid dates, as written.
    undated: Vec<String>,
}

/// The hint for the format of dates.
const DATES: &str = "write a date such as `2021`, `2021-07` or `2021-07-19`, or an interval such \
                     as `2021-01/2021-03`";

/// Reads a bibliography; its extension determines the format: `.bib`, `.json`, else YAML.
pub fn read(source: &SourceText) -> RawBibliography {
    let mut diagnostics = Vec::new();
    let (map, text) = (source.map(), source.as_str());
    let entries = match source.file().extension() {
        "bib" => bib::read(map, text, &mut diagnostics),
        "json" => csl(map, text, &mut diagnostics),
        _ => hayagriva(map, text, &mut diagnostics),
    };
    diagnostics.extend(entries.iter().filter_map(|entry| unread(map, entry)));
    RawBibliography {
        map: map.clone(),
        entries,
        diagnostics,
    }
}

/// Parses a date; an invalid one is added to `undated`.
fn dated(text: Option<String>, undated: &mut Vec<String>) -> Option<PartialDate> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    let date = PartialDate::parse(&text).ok();
    if date.is_none() {
        undated.push(one_line(&text).into_owned());
    }
    date
}

/// Returns a diagnostic for missing and invalid fields of an entry.
fn unread(map: &SourceMap, entry: &RawEntry) -> Option<Diagnostic> {
    let title = entry.front.title.as_deref().unwrap_or("");
    let untitled = title
        .trim()
        .is_empty()
        .then(|| format!("`{}` has no title", one_line(&entry.key)));
    let dates = entry.undated.iter();
    let dates = dates.map(|date| format!("unreadable date `{date}`"));
    let why: Vec<String> = untitled.into_iter().chain(dates).collect();
    let hint = if entry.undated.is_empty() {
        "add a `title`; it can be your own description"
    } else {
        DATES
    };
    let message = format!("unreadable fields of `{}`", one_line(&entry.key));
    let told = Diagnostic::new(Code::UnreadField, map.place(entry.span), message);
    (!why.is_empty()).then(|| told.label(why.join(", ")).hint(hint.to_owned()))
}

/// Hayagriva: a map of keys to entries; an entry without a date has that of its parent.
fn hayagriva(map: &SourceMap, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<RawEntry> {
    let entries = match tree::yaml(text, 0, tree::BIBLIOGRAPHY_NODES) {
        Ok(Tree {
            kind: TreeKind::Map(entries),
            ..
        }) => entries,
        Ok(Tree {
            kind: TreeKind::Null,
            ..
        }) => Vec::new(),
        Ok(tree) => {
            let place = map.place(tree.span);
            diagnostics.push(unreadable(place, "expected keys with entries below them"));
            Vec::new()
        }
        Err((span, why)) => {
            diagnostics.push(unreadable(map.place(span), &why));
            Vec::new()
        }
    };
    entries
        .into_iter()
        .map(|(key, span, entry)| {
            let mut undated = Vec::new();
            RawEntry {
                front: hayagriva_entry(&entry, span, &mut undated),
                tlp: level(
                    child(&entry, "tlp").and_then(scalar).as_deref(),
                    child(&entry, "keywords").and_then(scalar).as_deref(),
                ),
                key,
                span,
                undated,
            }
        })
        .collect()
}

/// The TLP level of an entry: of its field `tlp`, else of a keyword such as `tlp:amber`. Fails
/// closed: a level that cannot be read is the highest.
fn level(field: Option<&str>, keywords: Option<&str>) -> Option<Tlp> {
    let read = |label: &str| Tlp::read(label).unwrap_or(Tlp::Red);
    let keywords = keywords.into_iter().flat_map(|it| it.split([',', ';']));
    let tags = keywords.filter(|tag| tag.trim().to_ascii_lowercase().starts_with("tlp:"));
    field.into_iter().chain(tags).map(read).max()
}

fn hayagriva_entry(entry: &Tree, span: Span, undated: &mut Vec<String>) -> SourceFront {
    let parent = child(entry, "parent").and_then(first);
    let text = |key: &str| child(entry, key).and_then(scalar);
    let inherited = |key: &str| {
        let own = child(entry, key);
        own.or_else(|| child(parent?, key)).and_then(scalar)
    };
    let url = child(entry, "url").or_else(|| child(parent?, "url"));
    let authors = child(entry, "author").map_or(Vec::new(), list);
    SourceFront {
        title: text("title"),
        author: authors
            .into_iter()
            .filter_map(person)
            .map(|name| Name::bare(&name, span))
            .collect(),
        publisher: inherited("publisher")
            .or_else(|| inherited("organization"))
            .or_else(|| child(parent?, "title").and_then(scalar)),
        date: dated(inherited("date"), undated),
        retrieved: dated(
            url.and_then(|url| child(url, "date")).and_then(scalar),
            undated,
        ),
        url: url.and_then(scalar).map(|url| (url, span)),
        kind: text("type"),
        language: text("language"),
        ..SourceFront::default()
    }
}

/// CSL-JSON: a list of items with an `id`.
#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of serde_json")]
fn csl(map: &SourceMap, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<RawEntry> {
    let json = text.trim_start_matches('\u{feff}');
    let items: Vec<serde_json::Value> = match serde_json::from_str(json) {
        Ok(items) => items,
        Err(error) => {
            let mark = text.len() - json.len();
            let at = mark + byte_at(json, error.line(), error.column());
            let place = map.place(Span::new(at..at));
            diagnostics.push(unreadable(place, "expected a JSON list of CSL items"));
            return Vec::new();
        }
    };
    /// The maximum number of keys that are searched without success.
    const MISSED: usize = 100;
    let (mut found, mut missed) = (0, 0);
    let mut entries = Vec::new();
    for item in &items {
        let key = match &item["id"] {
            serde_json::Value::String(key) => Some(key.clone()),
            serde_json::Value::Number(key) => Some(key.to_string()),
            _ => None,
        };
        let Some(key) = key else {
            diagnostics.push(unreadable(
                map.place(Span::default()),
                "an item has no `id`",
            ));
            continue;
        };
        // A key written with escapes is not found, and each search reads to the end.
        let needle = format!("\"{key}\"");
        let at = match missed {
            ..MISSED => text[found..].find(&needle),
            _ => None,
        };
        missed += usize::from(at.is_none());
        let span = match at {
            Some(at) => Span::new(found + at + 1..found + at + 1 + key.len()),
            None => Span::default(),
        };
        found = found.max(span.start as usize);
        let mut undated = Vec::new();
        entries.push(RawEntry {
            front: csl_item(item, span, &mut undated),
            tlp: level(
                item["tlp"].as_str().or(item["custom"]["tlp"].as_str()),
                item["keyword"].as_str(),
            ),
            key,
            span,
            undated,
        });
    }
    entries
}

fn csl_item(item: &serde_json::Value, span: Span, undated: &mut Vec<String>) -> SourceFront {
    let text = |key: &str| item[key].as_str().map(words::without_tags);
    let authors = item["author"].as_array().map_or(&[][..], Vec::as_slice);
    let author = authors.iter().filter_map(|name| {
        let literal = name["literal"].as_str().map(str::to_string);
        literal.or_else(|| {
            let parts = [
                "given",
                "dropping-particle",
                "non-dropping-particle",
                "family",
                "suffix",
            ];
            let parts = parts.into_iter().filter_map(|part| name[part].as_str());
            let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
            (!parts.is_empty()).then(|| parts.join(" "))
        })
    });
    let url = item["URL"].as_str().map(str::to_string);
    let doi = || item["DOI"].as_str().and_then(words::doi);
    SourceFront {
        title: text("title"),
        author: author.map(|name| Name::bare(&name, span)).collect(),
        publisher: text("publisher").or_else(|| text("container-title")),
        date: dated(csl_date(&item["issued"]), undated),
        url: url.or_else(doi).map(|url| (url, span)),
        retrieved: dated(csl_date(&item["accessed"]), undated),
        kind: text("type"),
        language: text("language").and_then(|name| words::language(&name)),
        ..SourceFront::default()
    }
}

/// Converts a CSL date to our format; a date in another form is returned as written, and later
/// reported.
fn csl_date(date: &serde_json::Value) -> Option<String> {
    if date.is_null() || date.as_object().is_some_and(serde_json::Map::is_empty) {
        return None;
    }
    if let Some(raw) = date["raw"].as_str().or_else(|| date["literal"].as_str()) {
        return Some(raw.to_owned());
    }
    let Some(points) = date["date-parts"].as_array() else {
        return Some(
            date.as_str()
                .map_or_else(|| date.to_string(), str::to_owned),
        );
    };
    let points = points.iter().map(|parts| {
        let numbers = parts.as_array()?.iter().map(|part| {
            part.as_i64()
                .or_else(|| part.as_str().and_then(|text| text.parse().ok()))
        });
        let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
        let (year, rest) = numbers.split_first()?;
        let rest: String = rest.iter().map(|number| format!("-{number:02}")).collect();
        Some(format!("{year:04}{rest}"))
    });
    let circa = match date.get("circa") {
        None | Some(serde_json::Value::Null | serde_json::Value::Bool(false)) => "",
        Some(_) => "~",
    };
    let points = points.map(|point| Some(format!("{}{circa}", point?)));
    let points = points.collect::<Option<Vec<_>>>();
    Some(points.map_or_else(|| date["date-parts"].to_string(), |points| points.join("/")))
}

fn child<'a>(tree: &'a Tree, key: &str) -> Option<&'a Tree> {
    match &tree.kind {
        TreeKind::Map(entries) => entries
            .iter()
            .find(|(name, ..)| name == key)
            .map(|(.., tree)| tree),
        TreeKind::Null | TreeKind::Scalar { .. } | TreeKind::List(_) => None,
    }
}

/// Returns a text, or the text in `value` or `name` of the long form.
fn scalar(tree: &Tree) -> Option<String> {
    match &tree.kind {
        TreeKind::Scalar { text, .. } => Some(text.clone()),
        TreeKind::Map(_) => child(tree, "value")
            .or_else(|| child(tree, "name"))
            .and_then(scalar),
        TreeKind::Null | TreeKind::List(_) => None,
    }
}

fn list(tree: &Tree) -> Vec<&Tree> {
    match &tree.kind {
        TreeKind::List(items) => items.iter().collect(),
        TreeKind::Null | TreeKind::Scalar { .. } | TreeKind::Map(_) => vec![tree],
    }
}

fn first(tree: &Tree) -> Option<&Tree> {
    list(tree).into_iter().next()
}

/// Returns a person as `Given Family`, from `Family, Given`.
fn person(tree: &Tree) -> Option<String> {
    if let Some(given) = child(tree, "given-name").and_then(scalar) {
        return scalar(tree).map(|name| format!("{given} {name}"));
    }
    let name = scalar(tree)?;
    Some(match name.split_once(',') {
        Some((family, given)) => format!("{} {}", given.trim(), family.trim()),
        None => name,
    })
}

fn unreadable(place: Place, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableBibliography,
        place,
        "unreadable bibliography",
    )
    .label(why.to_string())
    .hint("use the extension `.bib` for BibLaTeX, `.yml` for hayagriva and `.json` for CSL")
}
