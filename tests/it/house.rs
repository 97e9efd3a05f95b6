//! Architecture tests: rooms import only downward, large dependencies are used in one room only,
//! and other rules of ARCHITECTURE.md that the compiler does not check.

use std::collections::{BTreeMap, BTreeSet};

use crate::repository;
use whosaid::theme;

/// A file with more lines contains a second concept.
const LONGEST: usize = 600;

/// Files that are longer; this list can only shrink.
const KNOWN_LONG: [&str; 0] = [];

/// Large dependencies, and the rooms that can use them.
const DOORS: [(&str, &[&str]); 16] = [
    ("pulldown_cmark", &["parse"]),
    ("resvg", &["card"]),
    ("skrifa", &["card"]),
    ("dejavu", &["card"]),
    ("tera", &["theme"]),
    ("syntect", &["html"]),
    ("two_face", &["html"]),
    ("annotate_snippets", &["report"]),
    ("biblatex", &["parse"]),
    ("granit_parser", &["parse"]),
    ("rust_stemmers", &["search"]),
    ("clap", &["cli"]),
    ("axum", &["serve"]),
    ("notify", &["serve"]),
    ("tokio", &["serve"]),
    ("flate2", &["export"]),
];

/// Words that are unclear to readers who do not know the project, each with a clear one.
const UNCLEAR_WORDS: [(&str, &str); 12] = [
    ("anew", "again"),
    ("astray", "missing"),
    ("bears", "has"),
    ("for good", "permanently"),
    ("goes on", "continues"),
    ("in place of", "instead of"),
    ("lets go", "drops"),
    ("none where", "missing if"),
    ("of ours", "our"),
    ("of theirs", "their"),
    ("whoever", "anyone who"),
    ("without a word", "without diagnostics"),
];

/// A row of the table in ARCHITECTURE.md.
struct Room {
    floor: usize,
    may_import: BTreeSet<String>,
}

/// Returns the table of rooms in ARCHITECTURE.md, by room.
fn table() -> BTreeMap<String, Room> {
    let text = repository::text("ARCHITECTURE.md");
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim().trim_matches('|');
        line.split('|')
            .map(|cell| cell.trim().to_string())
            .collect()
    };
    let head = ["floor", "room", "one sentence", "may import"];
    let mut lines = text.lines().skip_while(|line| cells(line) != head);
    assert!(lines.next().is_some(), "ARCHITECTURE.md has no {head:?}");
    let mut table = BTreeMap::new();
    for line in lines
        .skip(1)
        .take_while(|line| line.trim().starts_with('|'))
    {
        let cells = cells(line);
        assert_eq!(cells.len(), 4, "four columns: {line}");
        let name = cells[1].trim_matches('`').to_string();
        assert_eq!(cells[1], format!("`{name}`"), "a room in backticks: {line}");
        let imports = cells[3]
            .split(',')
            .map(|room| room.trim().trim_matches('`'));
        let room = Room {
            floor: cells[0].parse().expect("a floor is a number"),
            may_import: imports
                .filter(|room| *room != "–")
                .map(str::to_string)
                .collect(),
        };
        let before = table.insert(name.clone(), room);
        assert!(before.is_none(), "`{name}` stands in the table twice");
    }
    table
}

/// Returns the source code of the rooms without tests, comments and string literals, by path.
fn sources() -> BTreeMap<String, String> {
    let texts = repository::texts("src", "rs").into_iter();
    texts
        .map(|(path, text)| (path.to_string(), code(&text)))
        .filter(|(path, _)| !path.ends_with("/tests.rs") && !path.contains("/tests/"))
        .collect()
}

/// Returns the room of a file; `None` for `lib.rs` and `main.rs`.
fn room(path: &str) -> Option<&str> {
    let (room, _) = path.strip_prefix("src/")?.split_once('/')?;
    Some(room)
}

/// Returns `text` without comments and literals, but with line ends.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            closing_quote(rest, '"')
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            let hashes = rest[1..].bytes().take_while(|b| *b == b'#').count();
            let close = format!("\"{}", "#".repeat(hashes));
            let is_text = rest[1 + hashes..].starts_with('"');
            let end = rest.get(hashes + 2..).and_then(|rest| rest.find(&close));
            end.filter(|_| is_text)
                .map_or(1, |end| hashes + 2 + end + close.len())
        } else if c == '\'' {
            // A lifetime has no quote after its first character.
            let is_literal = rest[1..].starts_with('\\') || rest[1..].chars().nth(1) == Some('\'');
            if is_literal {
                closing_quote(rest, '\'')
            } else {
                0
            }
        } else {
            0
        };
        if skipped > 0 {
            code.extend(rest[..skipped].chars().filter(|c| *c == '\n'));
            // The removed text still separates its neighbors.
            code.push(' ');
            rest = &rest[skipped..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

/// Returns the length of the literal at the start of `text`.
fn closing_quote(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Returns the first names after `prefix`, and each of those in braces: `crate::{a, b::c}` gives
/// `a`, `b`.
fn named_behind(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = code[at + prefix.len()..].trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut fresh = true;
            for (at, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => fresh = true,
                    c if c.is_whitespace() => {}
                    _ if fresh => {
                        fresh = false;
                        names.insert(identifier(&group[at..]));
                    }
                    _ => {}
                }
            }
        } else {
            names.insert(identifier(rest));
        }
    }
    names
}

fn identifier(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

fn has_word(code: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        !code[..at].ends_with(is_part) && !code[at + word.len()..].starts_with(is_part)
    })
}

#[test]
fn the_reader_of_code_sees_paths_and_nothing_else() {
    let text = "// crate::a\nuse crate::{b::{x, y}, c, d::{self}};\nlet t = \"crate::e\"; \
                let u = r#\"crate::f \"quoted\" \"#; '\\''; fn g<'a>(x: &'a crate::h::T) {}";
    let names = named_behind(&code(text), "crate::");
    let expected = ["b", "c", "d", "h"].map(str::to_string);
    assert_eq!(names, BTreeSet::from(expected));
}

#[test]
fn rooms_import_only_what_their_line_in_the_table_allows() {
    let table = table();
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, code) in sources() {
        let Some(room) = room(&path) else {
            continue;
        };
        seen.insert(room.to_string());
        let Some(line) = table.get(room) else {
            faults.push(format!("{path}: `{room}` is not in the table"));
            continue;
        };
        for name in named_behind(&code, "crate::") {
            if name != room && !line.may_import.contains(&name) {
                faults.push(format!("{path}: `{room}` may not import `{name}`"));
            }
        }
        // `super` must stay inside the room; otherwise the check above would miss it.
        let climbs = if path.ends_with("/mod.rs") && path.matches('/').count() == 2 {
            "super::"
        } else {
            "super::super::"
        };
        if code.contains(climbs) {
            faults.push(format!("{path}: `{climbs}` climbs out of the room"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(seen.len() >= 13, "only {} rooms were found", seen.len());
}

#[test]
fn the_table_has_no_circle_and_floors_are_longest_ways_down() {
    let table = table();
    let mut floors: BTreeMap<&str, usize> = BTreeMap::new();
    while floors.len() < table.len() {
        let before = floors.len();
        for (name, room) in &table {
            let below = room.may_import.iter();
            let below: Option<Vec<usize>> = below
                .map(|name| {
                    assert!(table.contains_key(name), "`{name}` is not in the table");
                    floors.get(name.as_str()).copied()
                })
                .collect();
            if let Some(below) = below {
                floors.insert(name, below.into_iter().max().unwrap_or(0) + 1);
            }
        }
        let left = table
            .keys()
            .filter(|name| !floors.contains_key(name.as_str()));
        assert!(
            floors.len() > before,
            "a circle among {:?}",
            left.collect::<Vec<_>>()
        );
    }
    for (name, room) in &table {
        assert_eq!(room.floor, floors[name.as_str()], "the floor of `{name}`");
    }
}

#[test]
fn the_library_opens_every_room_and_no_other() {
    let files = repository::texts("src", "rs");
    let rooms: BTreeSet<&str> = files
        .keys()
        .filter_map(|path| room(path.as_str()))
        .collect();
    let lib = code(&repository::text("src/lib.rs"));
    let opened: BTreeSet<String> = lib
        .lines()
        .filter_map(|line| line.split_once("mod "))
        .map(|(_, name)| name.trim_end_matches(';').to_string())
        .collect();
    let opened: BTreeSet<&str> = opened.iter().map(String::as_str).collect();
    assert_eq!(rooms, opened);
}

#[test]
fn only_link_makes_ids() {
    let mut seen = 0;
    for (path, code) in sources() {
        let calls = code.matches(".admit(").count() + code.matches("::admit(").count();
        match room(&path) {
            Some("link") => seen += calls,
            _ => assert_eq!(calls, 0, "{path} makes ids"),
        }
    }
    assert!(seen >= 5, "only {seen} calls were found in `link`");
}

#[test]
fn heavy_crates_stay_behind_their_doors() {
    let mut faults = Vec::new();
    let mut used = BTreeSet::new();
    for (path, code) in sources() {
        for (name, rooms) in DOORS {
            if !has_word(&code, name) {
                continue;
            }
            used.insert(name);
            if !room(&path).is_some_and(|room| rooms.contains(&room)) {
                faults.push(format!("{path} names `{name}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for name in [
        "pulldown_cmark",
        "tera",
        "syntect",
        "two_face",
        "axum",
        "notify",
    ] {
        assert!(used.contains(name), "nobody names `{name}`: is it read?");
    }
}

#[test]
fn nothing_is_unwrapped_outside_tests() {
    for (path, code) in sources() {
        assert!(!code.contains(".unwrap()"), "{path} holds `.unwrap()`");
    }
}

#[test]
fn no_file_is_longer_than_one_concept() {
    let mut long = Vec::new();
    for (path, text) in repository::texts("src", "rs") {
        let path = path.to_string();
        let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
        if !is_test && text.lines().count() > LONGEST {
            long.push(path);
        }
    }
    // A file that has become shorter must be removed from the list.
    assert_eq!(long, KNOWN_LONG);
}

#[test]
fn the_embedded_theme_is_the_folders() {
    for (folder, table) in [("templates", theme::TEMPLATES), ("static", theme::STATIC)] {
        let embedded: BTreeMap<String, &[u8]> = table
            .iter()
            .map(|(name, text)| (format!("{folder}/{name}"), text.as_bytes()))
            .collect();
        let on_disk = repository::files(folder);
        let names: Vec<&str> = embedded.keys().map(String::as_str).collect();
        let files: Vec<&str> = on_disk.keys().map(|path| path.as_str()).collect();
        assert_eq!(names, files);
        for (path, bytes) in &on_disk {
            assert_eq!(embedded[path.as_str()], bytes.as_ref(), "{path}");
        }
        assert_eq!(table.len(), names.len(), "a name stands there twice");
    }
}

#[test]
fn templates_let_nothing_through_unescaped() {
    let templates = repository::texts("templates", "html");
    assert!(templates.len() >= 14);
    for (path, text) in templates {
        for (at, _) in text.match_indices('|') {
            let filter = identifier(text[at + 1..].trim_start());
            assert_ne!(filter, "safe", "{path} lets HTML through");
        }
        assert!(!text.contains("autoescape"), "{path} changes escaping");
    }
}

/// Returns Markdown in lower case, without code and quotations.
fn prose(text: &str) -> String {
    let mut is_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let start = line.trim_start();
        if start.starts_with("```") {
            is_code = !is_code;
        } else if !is_code && !start.starts_with('>') {
            lines.push(line);
        }
    }
    let text = lines.join("\n").to_lowercase();
    let outside: Vec<&str> = text.split('`').step_by(2).collect();
    outside.join(" ")
}

/// Returns the comments of source code that have lines of their own.
fn comments(code: &str) -> String {
    let lines = code.lines().map(str::trim_start);
    let lines: Vec<&str> = lines.filter(|line| line.starts_with("//")).collect();
    lines.join("\n")
}

#[test]
fn texts_and_comments_use_clear_words() {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for (path, text) in repository::texts("docs", "md") {
        let path = path.to_string();
        // An earlier build of the manual.
        if path.starts_with("docs/book/") {
            continue;
        }
        // The second part of `templates.md` consists of comments of the code.
        let text = text.split("<!-- views: held").next().unwrap_or_default();
        texts.insert(path, prose(text));
    }
    for path in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        texts.insert(path.to_string(), prose(&repository::text(path)));
    }
    for folder in ["src", "tests/it", "benches", "build"] {
        for (path, text) in repository::texts(folder, "rs") {
            texts.insert(path.to_string(), prose(&comments(&text)));
        }
    }
    let mut found = Vec::new();
    for (path, text) in &texts {
        for (unclear, clear) in UNCLEAR_WORDS {
            if has_word(text, unclear) {
                found.push(format!("{path}: write \"{clear}\", not \"{unclear}\""));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
