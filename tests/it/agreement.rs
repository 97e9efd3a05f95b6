//! Pages, feeds and exports agree with the record of each claim: for random books, no sentence and
//! no count contradicts `data/record.json`.
//!
//! `WHOSAID_AGREEMENT_CASES=1000` tests this number of books; the default is 150.
#![expect(
    clippy::disallowed_methods,
    reason = "the number of random books comes from the environment"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::Value;
use whosaid::model::Stance;

use crate::book::{self, Book};
use crate::dom::{Element, Page};
use crate::laws::holds;

const ACTORS: usize = 6;
const CLAIMS: usize = 4;
const BRIEFINGS: usize = 3;

/// A mark: party, stance, claim, day, whether it is joint, source, and briefing.
#[derive(Debug, Clone)]
struct Mark {
    by: usize,
    stance: Stance,
    of: usize,
    on: Option<u8>,
    is_joint: bool,
    source: Option<usize>,
    briefing: usize,
}

fn marks() -> impl Strategy<Value = Vec<Mark>> {
    let mark = (
        0..=ACTORS,
        prop::sample::select(Stance::ALL.to_vec()),
        0..CLAIMS,
        prop::option::weighted(0.9, 1..28_u8),
        any::<bool>(),
        prop::option::of(0..ACTORS),
        0..BRIEFINGS,
    );
    let mark = mark.prop_map(|(by, stance, of, on, is_joint, source, briefing)| Mark {
        by,
        stance,
        of,
        on,
        is_joint,
        source,
        briefing,
    });
    prop::collection::vec(mark, 0..14)
}

fn written(marks: &[Mark], ties: u8) -> String {
    let mut text = String::from(
        "//- book.toml\n[book]\ntitle = \"Random\"\n[output.html]\nsite-url = \"https://desk.example/\"\n\
         [whosaid]\ncards = false\nexports = [\"json\", \"csv\"]\nsearch = false\n",
    );
    for briefing in 0..BRIEFINGS {
        let _ = write!(
            text,
            "//- content/b{briefing}.md\n---\ntitle: B{briefing}\nquestion: c{briefing}\ndate: 2031-02-01\n---\n"
        );
        for mark in marks.iter().filter(|it| it.briefing == briefing) {
            let by = match mark.by {
                ACTORS => "by=unnamed mode=background".to_owned(),
                by => format!("by=a{by}"),
            };
            let on = mark
                .on
                .map_or(String::new(), |on| format!(" on=2031-01-{on:02}"));
            let joint = if mark.is_joint { " joint=j" } else { "" };
            let cite = mark.source.map_or(String::new(), |it| format!(" [@s{it}]"));
            let more = match mark.stance {
                Stance::Reports => format!(" said-by=a{}", (mark.by + 1) % ACTORS),
                Stance::Corrects => format!(" with=c{}", (mark.of + 1) % CLAIMS),
                _ => String::new(),
            };
            let _ = write!(
                text,
                "\n## Part\n\n[Somebody said so]({}:c{} \"{by}{on}{joint}{more}\"){cite}.\n",
                mark.stance.verb(),
                mark.of
            );
        }
    }
    for actor in 0..ACTORS {
        let more = match actor {
            0 => "part-of: a1\n",
            2 => "speaks-for: [a3]\n",
            4 => "kind: person\nstatus: charged\nstatus-src: [s0]\n",
            _ => "",
        };
        let _ = write!(
            text,
            "//- content/actors/a{actor}.md\n---\nname: Actor{actor}\n{more}---\n"
        );
        let _ = write!(
            text,
            "//- content/sources/s{actor}.md\n---\ntitle: Source{actor}\nauthor: [a{actor}]\ndate: 2031-01-01\n---\n"
        );
    }
    for claim in 0..CLAIMS {
        let against = ["[a0]", "[a3, a4]", "[]", "[a1, a2]"][claim];
        let tie = match (claim, ties % 4) {
            (0, 1) => "contradicts: [c2]\n",
            (1, 2) => "part: [c2]\n",
            (2, 3) => "supports: [c0]\n",
            _ => "",
        };
        let _ = write!(
            text,
            "//- content/claims/c{claim}.md\n---\ntext: Proposition {claim} holds.\nagainst: {against}\n{tie}---\n"
        );
    }
    text
}

/// Random books that publish their record.
pub fn random_book() -> impl Strategy<Value = String> {
    (marks(), any::<u8>()).prop_map(|(marks, ties)| written(&marks, ties))
}

/// A claim in the record.
struct Record {
    claims: BTreeMap<String, Value>,
}

impl Record {
    fn read(book: &Book) -> Record {
        let record: Value = serde_json::from_str(book.page("data/record.json")).expect("JSON");
        let claims = record["claims"].as_array().expect("claims").iter();
        Record {
            claims: claims.map(|it| (text(it, "id"), it.clone())).collect(),
        }
    }

    fn words(&self, claim: &str, key: &str) -> String {
        text(&self.claims[claim], key)
    }

    /// Returns what titles add to the status for the persons whom a claim is about.
    fn legal_label(&self, claim: &str) -> String {
        let persons = self.claims[claim]["legal_statuses"].as_array();
        let persons = persons.into_iter().flatten();
        let labels = persons.map(|it| {
            let name = text(it, "actor").replace('a', "Actor");
            format!("; {name}: {}", text(it, "legal_status"))
        });
        labels.collect()
    }

    /// Returns the number of claims with each status.
    fn statuses(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for claim in self.claims.values() {
            *counts.entry(spaced(&text(claim, "status"))).or_default() += 1;
        }
        counts
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn spaced(word: &str) -> String {
    word.replace('-', " ")
}

/// Returns the claim whose page an address on the page `from` leads to.
fn claim_in(from: &str, href: &str) -> Option<String> {
    let page = match href.rsplit_once("claims/") {
        Some((_, page)) => page,
        None if from.starts_with("claims/") && !href.contains('/') => href,
        None => return None,
    };
    let name = page.split_once(".html")?.0.trim_end_matches(".embed");
    (name != "index").then(|| name.to_owned())
}

/// Returns the claim that an element is about: the first linked claim in the elements around it,
/// from the innermost to the line, row or box that contains it.
fn claim_of(from: &str, element: Element<'_>) -> Option<String> {
    let mut around = element.parent();
    while let Some(box_) = around {
        // The claim that the page is about.
        if box_.has_class("verdict") {
            return None;
        }
        let mut links = box_.elements().filter_map(|it| it.attr("href"));
        if let Some(claim) = links.find_map(|href| claim_in(from, href)) {
            return Some(claim);
        }
        if matches!(
            box_.name(),
            "li" | "tr" | "article" | "aside" | "section" | "main"
        ) {
            return None;
        }
        around = box_.parent();
    }
    None
}

/// Returns a signature as pages show it: beyond six parties, the number of parties with each sign.
fn brief(signature: &str) -> String {
    if signature.chars().count() <= 6 {
        return signature.to_owned();
    }
    let counts = SIGNS.map(|(sign, ..)| (sign, signature.chars().filter(|it| *it == sign).count()));
    let counts = counts.iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(sign, count)| format!("{sign}{count}"))
        .collect();
    counts.join(" ")
}

/// Signs with their words for one party and for several parties.
const SIGNS: [(char, &str, &str); 6] = [
    ('+', "says so", "say so"),
    ('±', "says it in part", "say it in part"),
    ('○', "takes no position", "take no position"),
    ('−', "contradicts", "contradict"),
    ('?', "has not answered", "have not answered"),
    ('×', "withdrew", "withdrew"),
];

/// Returns the numbers and words of a text such as `12 claims: 3 denied, 9 contested`.
fn tally(words: &str) -> Option<(usize, Vec<(usize, String)>)> {
    let (count, parts) = words.split_once(": ")?;
    let (count, noun) = count.split_once(' ')?;
    if noun != "claim" && noun != "claims" {
        return None;
    }
    let parts = parts.trim_end_matches('.').split(", ").map(|part| {
        let (number, word) = part.split_once(' ')?;
        Some((number.parse().ok()?, word.to_owned()))
    });
    Some((count.parse().ok()?, parts.collect::<Option<_>>()?))
}

/// Returns everything that contradicts the record.
fn contradictions(book: &Book) -> Vec<String> {
    let record = Record::read(book);
    let mut faults = Vec::new();
    let mut checked = 0_usize;
    let mut same = |place: &str, found: &str, expected: &str| {
        checked += 1;
        if found != expected {
            faults.push(format!(
                "{place}: `{found}`, and the record says `{expected}`"
            ));
        }
    };
    for (address, bytes) in &book.build.outputs {
        let content = || std::str::from_utf8(bytes).expect("text");
        let address = address.as_str();
        if address.ends_with(".html") {
            on_page(address, &Page::parse(content()), &record, &mut same);
        } else if address == "changes.json" {
            let feed: Value = serde_json::from_str(content()).expect("JSON");
            for item in feed["items"].as_array().into_iter().flatten() {
                let Some(claim) = claim_in("", &text(item, "url")) else {
                    continue;
                };
                let status = spaced(&record.words(&claim, "status"));
                let title = text(item, "title");
                let found = title.rsplit_once('(').map_or("", |it| it.1);
                let legal = record.legal_label(&claim);
                let expected = format!("{status}{legal}");
                same("changes.json title", found.trim_end_matches(')'), &expected);
                let words = text(item, "content_text").to_lowercase();
                let sentence = format!("{status}: {}", record.words(&claim, "status_words"));
                let holds = words.contains(&sentence.to_lowercase());
                same("changes.json sentence", if holds { "" } else { &words }, "");
            }
        } else if address == "data/csv/claims.csv" {
            for line in content().lines().skip(1) {
                let fields: Vec<&str> = line.split(',').collect();
                let claim = fields[0];
                for (at, key) in [
                    (5, "status"),
                    (6, "support"),
                    (7, "contest"),
                    (8, "signature"),
                ] {
                    same("claims.csv", fields[at], &record.words(claim, key));
                }
            }
        } else if address == "whosaid.json" {
            let list: Value = serde_json::from_str(content()).expect("JSON");
            for entry in list["entries"].as_array().into_iter().flatten() {
                if text(entry, "kind") == "claim" {
                    for key in ["status", "signature"] {
                        let expected = record.words(&text(entry, "id"), key);
                        same("whosaid.json", &text(entry, key), &expected);
                    }
                }
            }
        }
    }
    assert!(
        checked > 4 * CLAIMS,
        "hardly anything was compared: {checked}"
    );
    faults
}

fn on_page(address: &str, page: &Page, record: &Record, same: &mut dyn FnMut(&str, &str, &str)) {
    let own = claim_in("", address);
    for element in page.elements() {
        // Positions show their stance in the same place.
        let is_stance = || Stance::ALL.iter().any(|it| it.in_words() == element.text());
        let is_status = element.has_class("st") && !is_stance();
        let is_example = element.text() == "3 ++−";
        let is_signature = element.has_class("sig") && !is_example;
        if is_status || is_signature {
            let claim = claim_of(address, element).or_else(|| own.clone());
            let Some(claim) = claim else {
                same(address, &element.text(), "no status without its claim");
                continue;
            };
            let (found, expected) = if is_status {
                let status = spaced(&record.words(&claim, "status"));
                (element.text().to_lowercase(), status)
            } else {
                let signature = record.words(&claim, "signature");
                (element.text(), brief(&signature))
            };
            same(&format!("{address}, {claim}"), &found, &expected);
        }
        // Counts of claims, in facts and in contents.
        if matches!(element.name(), "span" | "small")
            && let Some((count, parts)) = tally(&element.text())
        {
            let sum: usize = parts.iter().map(|it| it.0).sum();
            same(
                &format!("{address}, sum"),
                &sum.to_string(),
                &count.to_string(),
            );
            for (number, word) in &parts {
                let all = record.statuses().get(word).copied().unwrap_or(0);
                let fits = *number > 0 && *number <= all;
                same(
                    &format!("{address}, {number} {word}"),
                    if fits { "" } else { word },
                    "",
                );
            }
        }
    }
    if let Some(claim) = &own {
        let embedded = page.elements().find(|it| it.has_class("verdict"));
        let verdict = embedded.map(|it| it.text()).unwrap_or_default();
        for key in ["status_words", "support_words", "contest_words"] {
            let words = record.words(claim, key);
            let holds = verdict.contains(&words);
            same(
                &format!("{address}, {key}"),
                if holds { &words } else { &verdict },
                &words,
            );
        }
        let mut data = page
            .elements()
            .filter(|it| it.attr("type") == Some("application/ld+json"));
        if let Some(script) = data.next() {
            let data: Value = serde_json::from_str(&script.text()).expect("JSON-LD");
            let words = data.to_string();
            for (key, field) in [
                ("support", "ws:support"),
                ("contest", "ws:contest"),
                ("status", "ws:status"),
            ] {
                let expected = format!("\"{field}\":\"{}\"", record.words(claim, key));
                let holds = words.contains(&expected);
                same(
                    &format!("{address}, JSON-LD"),
                    if holds { &expected } else { &words },
                    &expected,
                );
            }
        }
        let described = page
            .all("meta")
            .find(|it| it.attr("name") == Some("description"));
        let described = described
            .and_then(|it| it.attr("content"))
            .unwrap_or_default();
        let status = spaced(&record.words(claim, "status"));
        let holds = described.to_lowercase().contains(&status);
        same(
            &format!("{address}, description"),
            if holds { &status } else { described },
            &status,
        );
    }
    if address == "claims/index.html" {
        let mut filters = BTreeMap::new();
        for label in page.all("label") {
            let mut inputs = label
                .elements()
                .filter(|it| it.attr("name") == Some("ws-f"));
            if inputs.next().is_some()
                && let Some((word, count)) = label.text().rsplit_once(' ')
            {
                filters.insert(word.to_owned(), count.to_owned());
            }
        }
        if let Some(all) = filters.remove("all") {
            same(
                "claims/index.html, all",
                &all,
                &record.claims.len().to_string(),
            );
        }
        for (word, count) in record.statuses() {
            let found = filters.remove(&word).unwrap_or_default();
            same(
                &format!("claims/index.html, {word}"),
                &found,
                &count.to_string(),
            );
        }
        for (word, count) in filters {
            same(&format!("claims/index.html, {word}"), &count, "0");
        }
    }
    // The replies of an actor add up to the number of claims that accuse it.
    if let Some(actor) = address
        .strip_prefix("actors/")
        .and_then(|it| it.strip_suffix(".html"))
    {
        let accused = record.claims.values().filter(|claim| {
            let against = claim["against"].as_array().into_iter().flatten();
            against.into_iter().any(|it| it == actor)
        });
        let accused = accused.count();
        for element in page.elements().filter(|it| it.has_class("replies")) {
            let numbers = element.elements().filter(|it| it.name() == "b");
            let sum: usize = numbers
                .filter_map(|it| it.text().parse::<usize>().ok())
                .sum();
            same(
                &format!("{address}, replies"),
                &sum.to_string(),
                &accused.to_string(),
            );
        }
    }
}

#[test]
fn nothing_contradicts_the_record() {
    let cases = std::env::var("WHOSAID_AGREEMENT_CASES");
    let cases = cases.ok().and_then(|it| it.parse().ok()).unwrap_or(150);
    holds((marks(), any::<u8>()), cases, |(marks, ties)| {
        let book = book::book(&written(&marks, ties));
        let errors = book.build.diagnostics.iter();
        let errors = errors.filter(|it| it.severity == whosaid::diag::Severity::Error);
        prop_assert_eq!(errors.count(), 0, "{}", book.report());
        let faults = contradictions(&book);
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
        Ok(())
    });
}

#[test]
fn a_status_that_is_not_the_record_s_is_found() {
    let mark = |by, stance| Mark {
        by,
        stance,
        of: 0,
        on: Some(3),
        is_joint: false,
        source: Some(by),
        briefing: 0,
    };
    let marks = [mark(5, Stance::Claims), mark(0, Stance::Denies)];
    let mut book = book::book(&written(&marks, 0));
    assert_eq!(contradictions(&book), Vec::<String>::new());
    let mut planted = 0;
    for (address, bytes) in &mut book.build.outputs {
        let text = String::from_utf8_lossy(bytes).into_owned();
        if address.extension() == "html" && text.contains(">denied<") {
            *bytes = text.replace(">denied<", ">unanswered<").into_bytes().into();
            planted += 1;
        }
    }
    let faults = contradictions(&book);
    assert!(
        planted > 2 && faults.len() >= planted,
        "{planted}: {faults:?}"
    );
}
