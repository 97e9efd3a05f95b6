//! Bibliographies: BibLaTeX, hayagriva YAML and CSL-JSON, each entry a source.

use biblatex::{Bibliography, ChunksExt as _, Entry};

use super::front::SourceFront;
use super::name::Name;
use super::tree::{self, Tree, TreeKind};
use crate::diag::{Code, Diagnostic};
use crate::model::PartialDate;
use crate::text::{Place, SitePath, Span};

/// A bibliography with its entries, in their order.
#[derive(Debug, Clone, PartialEq)]
pub struct RawBibliography {
    pub file: SitePath,
    pub entries: Vec<RawEntry>,
    pub diagnostics: Vec<Diagnostic>,
}

/// An entry: its key and what it says.
#[derive(Debug, Clone, PartialEq)]
pub struct RawEntry {
    pub key: String,
    pub span: Span,
    pub front: SourceFront,
}

/// Reads a bibliography; its extension tells the form: `.bib`, `.json`, else YAML.
pub fn read(file: &SitePath, text: &str) -> RawBibliography {
    let mut diagnostics = Vec::new();
    let entries = match file.extension() {
        "bib" => bib(file, text, &mut diagnostics),
        "json" => csl(file, text, &mut diagnostics),
        _ => hayagriva(file, text, &mut diagnostics),
    };
    RawBibliography {
        file: file.clone(),
        entries,
        diagnostics,
    }
}

fn bib(file: &SitePath, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<RawEntry> {
    let whole = match Bibliography::parse(text) {
        Ok(library) => return bib_entries(&library, text, 0),
        Err(error) => error,
    };
    // The parser stops at the first slip, so each entry is read for itself, with the
    // abbreviations that it may use; those that can be read are kept.
    let pieces = pieces(text);
    let strings: String = pieces
        .iter()
        .map(|(_, piece)| *piece)
        .filter(|piece| piece.to_ascii_lowercase().starts_with("@string"))
        .collect();
    let mut entries = Vec::new();
    let mut is_told = false;
    for (from, piece) in pieces {
        let text = format!("{strings}{piece}");
        match Bibliography::parse(&text) {
            Ok(library) => entries.extend(bib_entries(&library, piece, from)),
            Err(error) => {
                let place = |at: usize| from + at.saturating_sub(strings.len()).min(piece.len());
                let span = place(error.span.start)..place(error.span.end);
                let place = Place::new(file, Span::new(span));
                diagnostics.push(unreadable(place, &error.kind.to_string()));
                is_told = true;
            }
        }
    }
    // What is wrong only of entries together, such as a key that stands twice.
    if !is_told {
        let place = Place::new(file, Span::new(whole.span));
        diagnostics.push(unreadable(place, &whole.kind.to_string()));
    }
    entries
}

/// A text cut before every line that begins an entry, each piece with its place.
fn pieces(text: &str) -> Vec<(usize, &str)> {
    let mut starts: Vec<usize> = text
        .match_indices('@')
        .map(|(at, _)| at)
        .filter(|at| *at == 0 || text[..*at].ends_with('\n'))
        .collect();
    starts.push(text.len());
    let pairs = starts.windows(2);
    pairs
        .map(|pair| (pair[0], &text[pair[0]..pair[1]]))
        .collect()
}

/// The entries of a text that lies at `from` in its file.
fn bib_entries(library: &Bibliography, text: &str, from: usize) -> Vec<RawEntry> {
    let mut found = 0;
    library
        .iter()
        .map(|entry| {
            // The parser keeps no places of keys: look for the next `{key,` from where we are.
            let needle = format!("{{{}", entry.key);
            let at = text[found..].find(&needle).map_or(0, |at| found + at + 1);
            found = found.max(at);
            let span = Span::new(from + at..from + at + entry.key.len());
            RawEntry {
                key: entry.key.clone(),
                span,
                front: bib_entry(entry, span),
            }
        })
        .collect()
}

fn bib_entry(entry: &Entry, span: Span) -> SourceFront {
    let field = |names: &[&str]| {
        let chunks = names.iter().find_map(|name| entry.get(name))?;
        Some(chunks.format_verbatim()).filter(|text| !text.trim().is_empty())
    };
    let authors = entry.author().unwrap_or_default();
    let author = authors.iter().map(|person| {
        let parts = [
            &person.given_name,
            &person.prefix,
            &person.name,
            &person.suffix,
        ];
        let name: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|p| !p.is_empty())
            .collect();
        Name::bare(&name.join(" "), span)
    });
    let date = field(&["date"]).or_else(|| {
        let (year, month) = (field(&["year"])?, field(&["month"]));
        Some(match month.and_then(|month| month_number(&month)) {
            Some(month) => format!("{year}-{month:02}"),
            None => year,
        })
    });
    SourceFront {
        title: field(&["title"]).map(|title| match field(&["subtitle"]) {
            Some(subtitle) => format!("{title}: {subtitle}"),
            None => title,
        }),
        author: author.collect(),
        publisher: field(&[
            "publisher",
            "institution",
            "organization",
            "journaltitle",
            "journal",
        ]),
        date: date.and_then(|date| PartialDate::parse(&date).ok()),
        url: field(&["url"]).map(|url| (url, span)),
        retrieved: field(&["urldate"]).and_then(|date| PartialDate::parse(&date).ok()),
        kind: Some(entry.entry_type.to_string()),
        language: field(&["langid", "language"]),
        ..SourceFront::default()
    }
}

fn month_number(month: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let month = month.trim().to_lowercase();
    let named = MONTHS.iter().position(|name| month.starts_with(name));
    named.map(|at| at as u32 + 1).or_else(|| {
        month
            .parse()
            .ok()
            .filter(|number| (1..=12).contains(number))
    })
}

/// Hayagriva: a map of keys to entries; an entry without a date has its parent's.
fn hayagriva(file: &SitePath, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<RawEntry> {
    let entries = match tree::yaml(text, 0) {
        Ok(Tree {
            kind: TreeKind::Map(entries),
            ..
        }) => entries,
        Ok(Tree {
            kind: TreeKind::Null,
            ..
        }) => Vec::new(),
        Ok(tree) => {
            let place = Place::new(file, tree.span);
            diagnostics.push(unreadable(
                place,
                "keys with entries below them are expected",
            ));
            Vec::new()
        }
        Err((span, why)) => {
            diagnostics.push(unreadable(Place::new(file, span), &why));
            Vec::new()
        }
    };
    entries
        .into_iter()
        .map(|(key, span, entry)| RawEntry {
            front: hayagriva_entry(&entry, span),
            key,
            span,
        })
        .collect()
}

fn hayagriva_entry(entry: &Tree, span: Span) -> SourceFront {
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
        date: inherited("date").and_then(|date| PartialDate::parse(&date).ok()),
        retrieved: url
            .and_then(|url| child(url, "date"))
            .and_then(scalar)
            .and_then(|date| PartialDate::parse(&date).ok()),
        url: url.and_then(scalar).map(|url| (url, span)),
        kind: text("type"),
        language: text("language"),
        ..SourceFront::default()
    }
}

/// CSL-JSON: a list of items with an `id`.
fn csl(file: &SitePath, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<RawEntry> {
    let items: Vec<serde_json::Value> = match serde_json::from_str(text) {
        Ok(items) => items,
        Err(error) => {
            let start = text
                .split_inclusive('\n')
                .take(error.line().saturating_sub(1))
                .map(str::len)
                .sum::<usize>();
            let at = (start + error.column().saturating_sub(1)).min(text.len());
            let place = Place::new(file, Span::new(at..at));
            diagnostics.push(unreadable(place, "a JSON list of CSL items is expected"));
            return Vec::new();
        }
    };
    let mut found = 0;
    let mut entries = Vec::new();
    for item in &items {
        let Some(key) = item["id"].as_str() else {
            diagnostics.push(unreadable(
                Place::new(file, Span::default()),
                "an item has no `id`",
            ));
            continue;
        };
        let at = text[found..]
            .find(&format!("\"{key}\""))
            .map_or(0, |at| found + at + 1);
        found = found.max(at);
        let span = Span::new(at..at + key.len());
        entries.push(RawEntry {
            key: key.to_string(),
            span,
            front: csl_item(item, span),
        });
    }
    entries
}

fn csl_item(item: &serde_json::Value, span: Span) -> SourceFront {
    let text = |key: &str| item[key].as_str().map(str::to_string);
    let authors = item["author"].as_array().map_or(&[][..], Vec::as_slice);
    let author = authors.iter().filter_map(|name| {
        let literal = name["literal"].as_str().map(str::to_string);
        literal.or_else(|| match (name["given"].as_str(), name["family"].as_str()) {
            (Some(given), Some(family)) => Some(format!("{given} {family}")),
            (None, Some(name)) | (Some(name), None) => Some(name.to_string()),
            (None, None) => None,
        })
    });
    SourceFront {
        title: text("title"),
        author: author.map(|name| Name::bare(&name, span)).collect(),
        publisher: text("publisher").or_else(|| text("container-title")),
        date: csl_date(&item["issued"]),
        url: text("URL").map(|url| (url, span)),
        retrieved: csl_date(&item["accessed"]),
        kind: text("type"),
        language: text("language"),
        ..SourceFront::default()
    }
}

fn csl_date(date: &serde_json::Value) -> Option<PartialDate> {
    if let Some(raw) = date["raw"].as_str().or_else(|| date["literal"].as_str()) {
        return PartialDate::parse(raw).ok();
    }
    let points = date["date-parts"].as_array()?.iter().map(|parts| {
        let numbers = parts.as_array()?.iter().map(|part| {
            part.as_i64()
                .or_else(|| part.as_str().and_then(|text| text.parse().ok()))
        });
        let numbers: Vec<i64> = numbers.collect::<Option<_>>()?;
        let (year, rest) = numbers.split_first()?;
        let rest: String = rest.iter().map(|number| format!("-{number:02}")).collect();
        Some(format!("{year:04}{rest}"))
    });
    PartialDate::parse(&points.collect::<Option<Vec<_>>>()?.join("/")).ok()
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

/// A text, or what stands under `value` or `name` in the long form.
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

/// A person as people write it: `Given Family`, from `Family, Given`.
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
        "the bibliography cannot be read",
    )
    .label(why.to_string())
    .hint("BibLaTeX ends in `.bib`, hayagriva in `.yml`, CSL in `.json`")
}
