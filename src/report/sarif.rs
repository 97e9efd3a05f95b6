//! Diagnostics as SARIF 2.1.0, the format that code hosts and editors read from linters.
//!
//! The structs have exactly the properties that are written. The rules are the whole registry, so
//! that a clean run shows what was checked.

use std::collections::HashMap;

use serde::Serialize;

use super::located::{Located, Region};
use super::{Files, encoded, word};
use crate::diag::{Code, Diagnostic, Fix, Level, explain};
use crate::text::Place;

/// Writes the diagnostics of a run as one SARIF log.
///
/// Addresses are relative to the folder of the book (`%SRCROOT%` in SARIF). The fingerprint of a
/// result consists of its code, file and underlined words, and of its number among equal results.
/// So it does not change when lines are added or removed around it.
pub fn sarif(diagnostics: &[Diagnostic], files: &Files<'_>) -> String {
    let located = Located::new(diagnostics, files);
    let mut seen = HashMap::new();
    let results = diagnostics
        .iter()
        .map(|fault| result(fault, &located, &mut seen))
        .collect();
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "whosaid",
                    version: env!("CARGO_PKG_VERSION"),
                    rules: Code::ALL.iter().copied().map(rule).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: Bases {
                root: Base {
                    description: message("The folder that contains book.toml"),
                },
            },
            results,
        }],
    };
    serde_json::to_string_pretty(&log).expect("a report holds texts and numbers only")
}

/// The maximum number of bytes of underlined words in the log.
const SNIPPET: usize = 1_000;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    original_uri_base_ids: Bases,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

/// The program; it has no `informationUri`, because it has no public address yet.
#[derive(Serialize)]
struct Driver {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: String,
    short_description: Description,
    full_description: Description,
    help: Description,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

/// The text of a rule. It has no arguments, so braces are literal.
#[derive(Serialize)]
struct Description {
    text: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'static str>,
}

/// The text of a result, in which braces and brackets must be escaped; see [`escaped`].
#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
struct Bases {
    #[serde(rename = "%SRCROOT%")]
    root: Base,
}

#[derive(Serialize)]
struct Base {
    description: Message,
}

/// A result in SARIF.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fixed>,
}

/// A change that a program can apply; several are alternatives.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fixed {
    artifact_changes: Vec<Change>,
}

/// The changes of a fix in one file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: SarifRegion,
    inserted_content: Snippet,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "words/v1")]
    words: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<SarifRegion>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRegion {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    byte_offset: usize,
    byte_length: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Snippet>,
}

#[derive(Serialize)]
struct Snippet {
    text: String,
}

impl Description {
    fn plain(text: &'static str) -> Description {
        Description {
            text,
            markdown: None,
        }
    }
}

/// Returns the rule for a code, from the manual.
fn rule(code: Code) -> Rule {
    let section = explain(code);
    let (_, body) = section.split_once('\n').unwrap_or(("", ""));
    let prose = body.split("\n```").next().unwrap_or("").trim();
    Rule {
        id: code.id(),
        name: code.name().split('-').map(capitalized).collect(),
        short_description: Description::plain(code.title()),
        full_description: Description::plain(prose),
        help: Description {
            text: section,
            markdown: Some(section),
        },
        default_configuration: Configuration {
            enabled: code.level() != Level::Allow,
            level: match code.level() {
                Level::Error => "error",
                Level::Warn | Level::Allow => "warning",
            },
        },
    }
}

fn result(fault: &Diagnostic, located: &Located<'_>, seen: &mut HashMap<u64, usize>) -> Outcome {
    let related = fault
        .others
        .iter()
        .enumerate()
        .map(|(number, (place, label))| Location {
            id: Some(number + 1),
            message: (!label.is_empty()).then(|| message(label)),
            ..location(place, located)
        });
    Outcome {
        rule_id: fault.code.id(),
        rule_index: Code::ALL
            .iter()
            .position(|code| *code == fault.code)
            .expect("the registry lists every code"),
        level: word(fault.severity),
        message: message(&said(fault)),
        locations: [location(&fault.place, located)],
        related_locations: related.collect(),
        partial_fingerprints: Fingerprints {
            words: fingerprint(fault, located, seen),
        },
        fixes: fault
            .fixes
            .iter()
            .filter_map(|fix| fixed(fix, located))
            .collect(),
    }
}

/// Returns a fix, file by file. `None` if one of its files has no text to edit.
fn fixed(fix: &Fix, located: &Located<'_>) -> Option<Fixed> {
    let mut changes: Vec<Change> = Vec::new();
    for (place, text) in &fix.edits {
        let region = located.region(place)?;
        let replacement = Replacement {
            deleted_region: SarifRegion {
                snippet: None,
                ..sarif_region(region)
            },
            inserted_content: Snippet { text: text.clone() },
        };
        let uri = encoded(place.file.as_str());
        let mut known = changes.iter_mut();
        match known.find(|change| change.artifact_location.uri == uri) {
            Some(change) => change.replacements.push(replacement),
            None => changes.push(Change {
                artifact_location: ArtifactLocation {
                    uri,
                    uri_base_id: "%SRCROOT%",
                },
                replacements: vec![replacement],
            }),
        }
    }
    (!changes.is_empty()).then_some(Fixed {
        artifact_changes: changes,
    })
}

/// Returns the message with its label and hints, because most hosts show nothing else.
fn said(fault: &Diagnostic) -> String {
    let mut said = fault.message.clone();
    if !fault.label.is_empty() {
        said.push_str(": ");
        said.push_str(&fault.label);
    }
    for hint in &fault.hints {
        said.push_str("\nhint: ");
        said.push_str(hint);
    }
    said
}

fn location(place: &Place, located: &Located<'_>) -> Location {
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: encoded(place.file.as_str()),
                uri_base_id: "%SRCROOT%",
            },
            region: located.region(place).map(sarif_region),
        },
        message: None,
    }
}

fn sarif_region(region: Region<'_>) -> SarifRegion {
    let words = region.words();
    SarifRegion {
        start_line: region.start.line,
        start_column: region.start.column,
        end_line: region.end.line,
        end_column: region.end.column,
        byte_offset: region.range.start,
        byte_length: region.range.len(),
        snippet: (!words.is_empty() && words.len() <= SNIPPET).then(|| Snippet {
            text: words.to_owned(),
        }),
    }
}

fn fingerprint(
    fault: &Diagnostic,
    located: &Located<'_>,
    seen: &mut HashMap<u64, usize>,
) -> String {
    let region = located.region(&fault.place);
    let words = region.as_ref().map_or("", Region::words);
    let hash = [
        fault.code.id(),
        "\0",
        fault.place.file.as_str(),
        "\0",
        words,
    ]
    .iter()
    .flat_map(|part| part.bytes())
    .fold(0xcbf2_9ce4_8422_2325, fnv);
    let number = seen.entry(hash).or_insert(0);
    *number += 1;
    format!("{hash:016x}:{number}")
}

/// One step of FNV-1a, which is equal in every version, unlike the hasher of `std`.
fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
}

fn message(text: &str) -> Message {
    Message {
        text: escaped(text),
    }
}

/// Escapes a text for SARIF: braces would be placeholders (§3.11.5), and a bracket before a
/// parenthesis would end the text of a link (§3.11.6).
fn escaped(text: &str) -> String {
    text.replace('{', "{{")
        .replace('}', "}}")
        .replace("](", "\\](")
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
