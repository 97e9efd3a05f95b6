//! The sample with levels on many of its parts: each edition is the sample from which somebody
//! deleted the rest by hand, in memory and on disk.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use whosaid::model::Tlp;

use crate::editions::{differing, twins};
use crate::publish::{Tree, program, tree};

type Files = BTreeMap<String, String>;
type Level = Option<Tlp>;

const LEVELS: [Tlp; 5] = [
    Tlp::Clear,
    Tlp::Green,
    Tlp::Amber,
    Tlp::AmberStrict,
    Tlp::Red,
];

/// The levels of every third part are left open.
fn rule(number: usize) -> Level {
    match number % 7 {
        0 | 3 => None,
        rest => Some(LEVELS[[0, 4, 2, 0, 1, 3, 4][rest]]),
    }
}

/// A mark that can be deleted from its sentence: something precedes it, its own citation follows.
struct Mark {
    /// From its first bracket to the end of its citation.
    range: std::ops::Range<usize>,
    /// Where `tlp=` is written, and what is around it.
    at: usize,
    has_attributes: bool,
}

const VERBS: [&str; 14] = [
    "claim",
    "confirms",
    "admits",
    "endorses",
    "in-part",
    "denies",
    "disputes",
    "questions",
    "acknowledges",
    "no-comment",
    "no-response",
    "reports",
    "retracts",
    "event",
];

/// Returns the marks of a text in the form of a link, with their ids: `(verb, ids, from, to)`.
fn linked(text: &str) -> Vec<(&str, Vec<&str>, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("](") {
        let rest = &text[at + 2..];
        let end = rest.find([' ', ')']).unwrap_or(rest.len());
        let Some((verb, ids)) = rest[..end].split_once(':') else {
            continue;
        };
        if VERBS.contains(&verb) {
            let close = if rest[end..].starts_with(" \"") {
                rest[end + 2..].find("\")").map(|to| end + 2 + to + 2)
            } else {
                Some(end + 1)
            };
            let close = at + 2 + close.expect("an end");
            found.push((verb, ids.split(',').collect(), at, close));
        }
    }
    for line in text.lines() {
        let meant = line
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]: "));
        let Some((verb, rest)) = meant.and_then(|(_, meant)| meant.split_once(':')) else {
            continue;
        };
        if VERBS.contains(&verb) {
            let ids = rest.split(' ').next().unwrap_or("");
            found.push((verb, ids.split(',').collect(), 0, 0));
        }
    }
    found
}

/// Returns the marks that can be deleted alone.
fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (_, _, at, end) in linked(text).into_iter().filter(|it| it.3 > 0) {
        let mut depth = 0;
        let open = text[..at].char_indices().rev().find(|(_, c)| {
            depth += i32::from(*c == ']') - i32::from(*c == '[');
            depth < 0
        });
        let Some((open, _)) = open else { continue };
        let line = text[..open].rfind('\n').map_or(0, |at| at + 1);
        let whole = text[line..].lines().next().unwrap_or("");
        let is_alone = whole.matches("](").count() == 1 && whole.matches("[@").count() == 1;
        let cited = text[end..]
            .strip_prefix(" [@")
            .and_then(|rest| rest.find(']'));
        let (Some(cited), true, true) = (cited, is_alone, text[..open].ends_with(' ')) else {
            continue;
        };
        let to = end + 3 + cited + 1;
        let words = &text[line..open - 1];
        let begins = words.trim_start_matches(['-', '*', ' ']);
        if begins.is_empty()
            || whole.starts_with('|')
            || whole.starts_with('>')
            || !text[to..].starts_with(['.', ',', ';'])
        {
            continue;
        }
        let has_attributes = text[..end].ends_with("\")");
        marks.push(Mark {
            range: open..to,
            at: end - if has_attributes { 2 } else { 1 },
            has_attributes,
        });
    }
    marks
}

/// A part of the sample that can have a level.
#[derive(Clone)]
struct Part {
    file: String,
    text: String,
    /// The level that it shows.
    own: Level,
    /// The part that contains it.
    within: Option<usize>,
    kind: Kind,
    /// Ids and names by which others refer to it.
    keys: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
enum Kind {
    Briefing,
    Section,
    Mark,
    Object,
    Entry,
}

struct Sample {
    parts: Vec<Part>,
}

/// Returns a text in lower case with one space between words.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<String> = words
        .filter(|it| !it.is_empty())
        .map(str::to_lowercase)
        .collect();
    format!(" {} ", words.join(" "))
}

/// Returns the words by which the search for withheld words would find a text elsewhere: its
/// heading, the beginnings of its marks, and the texts of its claims.
fn telling(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    if let Some(heading) = text.strip_prefix("## ") {
        let heading = heading.lines().next().unwrap_or("");
        keys.push(heading.split('{').next().unwrap_or("").to_owned());
    }
    for (_, _, at, end) in linked(text).into_iter().filter(|it| it.3 > 0) {
        let mut depth = 0;
        let open = text[..at].char_indices().rev().find(|(_, c)| {
            depth += i32::from(*c == ']') - i32::from(*c == '[');
            depth < 0
        });
        let words = plain(&text[open.map_or(0, |it| it.0)..at]);
        let first: Vec<&str> = words.split_whitespace().take(8).collect();
        if first.len() > 3 {
            keys.push(first.join(" "));
        }
        let whole = text[at..end].split_once("text='");
        keys.extend(whole.and_then(|(_, it)| Some(it.split_once('\'')?.0.to_owned())));
    }
    keys
}

fn front<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let head = text.strip_prefix("---\n")?.split_once("\n---\n")?.0;
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(": "))?;
    Some(line.trim_matches(['"', '[', ']']))
}

/// The sections of a text: its beginning, then from each heading of level 2 on.
fn sections(text: &str) -> Vec<&str> {
    let mut at: Vec<usize> = text.match_indices("\n## ").map(|(at, _)| at + 1).collect();
    at.insert(0, 0);
    at.push(text.len());
    at.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect()
}

impl Sample {
    /// Gives a level to parts by the rule, then lowers what the rest of the book needs.
    fn new(files: &Files) -> Sample {
        let mut sample = Sample { parts: Vec::new() };
        let mut number = 0;
        let mut next = || {
            number += 1;
            rule(number)
        };
        for (file, text) in files {
            let stem = file
                .rsplit_once('/')
                .map_or(file.as_str(), |(_, name)| name);
            let stem = stem.split('.').next().unwrap_or("").to_owned();
            if file == "content/references.bib" {
                for entry in text.split("\n\n") {
                    let key = entry.split(['{', ',']).nth(1).unwrap_or("").to_owned();
                    sample.push(file, entry, Some(Tlp::Red), None, (Kind::Entry, vec![key]));
                }
            } else if file.matches('/').count() == 2 && file.ends_with(".md") {
                let mut keys = vec![stem.clone()];
                for key in ["name", "aliases", "title"] {
                    let names = front(text, key).unwrap_or("").split(", ");
                    keys.extend(names.filter(|it| !it.is_empty()).map(str::to_owned));
                }
                sample.push(file, text, Some(Tlp::Red), None, (Kind::Object, keys));
            } else if file.ends_with(".md") && !file.ends_with("SUMMARY.md") {
                let own = (stem == APART).then_some(Tlp::AmberStrict);
                let keys = vec![format!("{stem}.md"), format!("page:{stem}")];
                let all = sections(text);
                let (begin, rest) = all.split_first().expect("a beginning");
                let briefing = sample.push(file, begin, own, None, (Kind::Briefing, keys));
                for section in rest {
                    let is_linked = section.lines().next().is_some_and(|it| it.contains("{#"));
                    // The key to the marks has the words of this heading.
                    let is_usual = section.starts_with("## How many");
                    let own = next().filter(|_| !is_linked && !is_usual);
                    let words = plain(section);
                    let own = if OF_APART.iter().any(|id| words.contains(id)) {
                        Some(Tlp::Red)
                    } else {
                        own
                    };
                    let mut left = (*section).to_owned();
                    let here = sample.parts.len();
                    sample.push(
                        file,
                        "",
                        own,
                        Some(briefing),
                        (Kind::Section, telling(section)),
                    );
                    for mark in marks(section).iter().rev() {
                        let own = next();
                        sample.push(
                            file,
                            &section[mark.range.clone()],
                            own,
                            Some(here),
                            (Kind::Mark, telling(&section[mark.range.clone()])),
                        );
                        left.replace_range(mark.range.clone(), "");
                    }
                    sample.parts[here].text = left;
                }
            }
        }
        while sample.lower() {}
        sample
    }

    fn push(
        &mut self,
        file: &str,
        text: &str,
        own: Level,
        within: Option<usize>,
        (kind, keys): (Kind, Vec<String>),
    ) -> usize {
        self.parts.push(Part {
            file: file.to_owned(),
            text: text.to_owned(),
            own,
            within,
            kind,
            keys: keys.iter().map(|key| plain(key)).collect(),
        });
        self.parts.len() - 1
    }

    fn level(&self, part: usize) -> Level {
        let within = self.parts[part].within.map(|it| self.level(it));
        self.parts[part].own.max(within.flatten())
    }

    /// Lowers a part to this level. Returns whether that changed anything.
    fn cap(&mut self, part: usize, most: Level) -> bool {
        if self.level(part) <= most {
            return false;
        }
        self.parts[part].own = self.parts[part].own.min(most);
        if let Some(within) = self.parts[part].within {
            self.cap(within, most);
        }
        true
    }

    /// Lowers each part that a part of a lower level needs.
    fn lower(&mut self) -> bool {
        let mut is_changed = false;
        let all: Vec<usize> = (0..self.parts.len()).collect();
        let lower: Vec<String> = self.parts.iter().map(|it| plain(&it.text)).collect();
        let named = all.iter().copied();
        let named: Vec<usize> = named
            .filter(|part| !self.parts[*part].keys.is_empty())
            .collect();
        for part in named {
            let keys = &self.parts[part].keys;
            let uses = all.iter().copied().filter(|other| {
                let is_other = *other != part && self.parts[*other].within != Some(part);
                is_other && keys.iter().any(|key| lower[*other].contains(key))
            });
            let uses: Vec<Level> = uses.map(|other| self.level(other)).collect();
            if let Some(least) = uses.into_iter().min() {
                is_changed |= self.cap(part, least);
            }
        }
        // A claim or event needs one place that defines it; what answers a claim stays with it.
        let mut by_id: BTreeMap<String, Vec<(usize, bool, bool)>> = BTreeMap::new();
        for part in &all {
            let text = self.parts[*part].text.clone();
            for (verb, ids, ..) in linked(&text) {
                for id in ids {
                    let defines = matches!(verb, "claim" | "event" | "admits");
                    let answers = !matches!(
                        verb,
                        "claim" | "event" | "confirms" | "endorses" | "reports" | "no-response"
                    );
                    by_id
                        .entry(id.to_owned())
                        .or_default()
                        .push((*part, defines, answers));
                }
            }
        }
        for (id, marked) in by_id {
            let id = plain(&id);
            let file = all.iter().copied().filter(|it| {
                let part = &self.parts[*it];
                part.file.starts_with("content/claims/") && part.keys[0] == id
            });
            let defined: Vec<usize> = marked
                .iter()
                .filter(|it| it.1)
                .map(|it| it.0)
                .chain(file)
                .collect();
            let uses = all.iter().copied().filter(|it| lower[*it].contains(&id));
            let least = uses.map(|it| self.level(it)).min().flatten();
            if let Some(first) = defined.iter().copied().min_by_key(|it| self.level(*it)) {
                is_changed |= self.cap(first, least);
            }
            let claimed = defined.iter().map(|it| self.level(*it)).min().flatten();
            for (part, _, answers) in &marked {
                is_changed |= *answers && self.cap(*part, claimed);
            }
        }
        is_changed
    }

    /// Returns the sample with its levels, without what is above the ceiling if there is one.
    fn written(&self, files: &Files, ceiling: Option<Tlp>) -> Files {
        let mut written = files.clone();
        let is_gone = |part: usize| ceiling.is_some_and(|most| self.level(part) > Some(most));
        let mut texts: BTreeMap<&str, String> = BTreeMap::new();
        for (number, part) in self.parts.iter().enumerate() {
            let text = texts.entry(&part.file).or_default();
            match part.kind {
                Kind::Mark => {}
                _ if is_gone(number) => {}
                Kind::Object | Kind::Briefing => match part.own {
                    Some(level) => {
                        let head = part.text.replacen("\ntlp: clear\n", "\n", 1);
                        text.push_str(&head.replacen(
                            "---\n",
                            &format!("---\ntlp: {}\n", level.word()),
                            1,
                        ));
                    }
                    None => text.push_str(&part.text),
                },
                Kind::Entry => {
                    if !text.is_empty() {
                        text.push_str("\n\n");
                    }
                    match part.own {
                        Some(level) => text.push_str(&part.text.replacen(
                            ",\n",
                            &format!(",\n  tlp = {{{}}},\n", level.word()),
                            1,
                        )),
                        None => text.push_str(&part.text),
                    }
                }
                Kind::Section => text.push_str(&self.section(files, number, ceiling)),
            }
        }
        for part in self.parts.iter().map(|part| part.file.as_str()) {
            match texts.get(part).filter(|text| !text.is_empty()) {
                Some(text) => drop(written.insert(part.to_owned(), text.clone())),
                None => drop(written.remove(part)),
            }
        }
        let apart = self
            .parts
            .iter()
            .position(|it| it.file == format!("content/{APART}.md"));
        if is_gone(apart.expect("the briefing")) {
            let summary = written.get_mut("content/SUMMARY.md").expect("a summary");
            let lines: Vec<&str> = summary.lines().filter(|it| !it.contains(APART)).collect();
            *summary = lines.join("\n") + "\n";
        }
        written
    }

    fn section(&self, files: &Files, number: usize, ceiling: Option<Tlp>) -> String {
        let part = &self.parts[number];
        let before = self.parts[..number].iter();
        let nth = before
            .filter(|it| it.kind == Kind::Section && it.file == part.file)
            .count();
        let whole = sections(&files[&part.file])[nth + 1];
        let mut text = whole.to_owned();
        // The marks are in `parts` from the last to the first.
        for (mark, place) in marks(whole).iter().rev().zip(number + 1..) {
            let own = self.parts[place].own;
            if ceiling.is_some_and(|most| own > Some(most)) {
                text.replace_range(mark.range.start - 1..mark.range.end, "");
            } else if let Some(level) = own {
                let added = if mark.has_attributes {
                    format!(" tlp={}", level.word())
                } else {
                    format!(" \"tlp={}\"", level.word())
                };
                text.insert_str(mark.at, &added);
            }
        }
        let Some(level) = part.own else {
            return text;
        };
        let (head, rest) = text.split_once('\n').expect("a heading");
        match head.strip_suffix('}') {
            Some(head) => format!("{head} tlp={}}}\n{rest}", level.word()),
            None => format!("{head} {{tlp={}}}\n{rest}", level.word()),
        }
    }

    fn counts(&self) -> BTreeMap<Kind, usize> {
        let mut counts = BTreeMap::new();
        for part in self.parts.iter().filter(|part| part.own > Some(Tlp::Clear)) {
            *counts.entry(part.kind).or_default() += 1;
        }
        counts
    }
}

/// A briefing that others do not link to, so that it can be withheld.
const APART: &str = "hainan-indictment";

/// What sections use that need this briefing.
const OF_APART: [&str; 5] = [
    " hainan campaign ",
    " hainan officers ",
    " wu hacker ",
    " xiandun front ",
    " hainan ebola ",
];

/// The files of the sample. Links to one briefing are plain words, and kept texts are left out,
/// since they contain the words that marks quote.
fn sample() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Files::new();
    for (path, bytes) in tree(&root.join("content")) {
        let text = String::from_utf8(bytes).expect("UTF-8");
        files.insert(format!("content/{path}"), text);
    }
    let toml = fs::read_to_string(root.join("book.toml")).expect("a file");
    files.insert(
        "book.toml".into(),
        toml + "cards = false\n[whosaid.lints]\nabove-tlp = \"allow\"\nstray-file = \"allow\"\n",
    );
    for (path, text) in &mut files {
        if path.starts_with("content/sources/") {
            let end = text
                .match_indices("\n---\n")
                .next()
                .map_or(text.len(), |(at, it)| at + it.len());
            text.truncate(end);
        } else if !path.ends_with("SUMMARY.md") {
            while let Some(at) = text.find(&format!("]({APART}.md)")) {
                let open = text[..at].rfind('[').expect("a link");
                text.replace_range(at..at + APART.len() + 6, "");
                text.replace_range(open..=open, "");
            }
        }
    }
    files
}

fn text(files: &Files) -> String {
    files
        .iter()
        .map(|(path, text)| format!("//- {path}\n{text}"))
        .collect()
}

#[test]
fn each_edition_of_the_sample_is_the_sample_without_the_rest() {
    let files = sample();
    let sample = Sample::new(&files);
    let counts = sample.counts();
    let least = [
        (Kind::Briefing, 1),
        (Kind::Section, 6),
        (Kind::Mark, 6),
        (Kind::Object, 10),
        (Kind::Entry, 2),
    ];
    for (kind, least) in least {
        assert!(
            counts.get(&kind).copied().unwrap_or(0) >= least,
            "{counts:?}"
        );
    }
    let whole = text(&sample.written(&files, None));
    let mut sizes = Vec::new();
    for ceiling in LEVELS {
        let left = text(&sample.written(&files, Some(ceiling)));
        let found = differing(ceiling.word(), &whole, &left, ceiling);
        assert!(
            found.is_empty(),
            "{} differences\n{}",
            found.len(),
            found.join("\n")
        );
        sizes.push(left.len());
    }
    // Each level withholds something.
    assert!(sizes.windows(2).all(|pair| pair[0] < pair[1]), "{sizes:?}");
}

fn put(dir: &Path, files: &Files) {
    for (path, text) in files {
        let file = dir.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, text).expect("a file");
    }
}

/// Builds a book into its folder `site` and returns it with its manifest.
fn published(files: &Files, ceiling: Tlp) -> Tree {
    let dir = tempfile::TempDir::new().expect("a folder");
    put(dir.path(), files);
    let arguments = [
        "build",
        "--tlp",
        ceiling.word(),
        "--raw-html",
        "allow",
        "--dest-dir",
        "site",
    ];
    let run = program(dir.path(), &arguments).output().expect("a run");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let site = tree(&dir.path().join("site"));
    assert!(site.contains_key(".whosaid-manifest.json"));
    site
}

#[test]
fn sites_on_disk_are_equal_with_their_manifests() {
    let files = sample();
    let sample = Sample::new(&files);
    let whole = sample.written(&files, None);
    let mut count = 0;
    let mut compare = |whole: &Files, left: &Files, ceiling: Tlp, name: &str| {
        let (edition, by_hand) = (published(whole, ceiling), published(left, ceiling));
        let paths: Vec<&String> = edition.keys().chain(by_hand.keys()).collect();
        let differ: Vec<_> = paths
            .into_iter()
            .filter(|it| edition.get(*it) != by_hand.get(*it))
            .collect();
        assert!(differ.is_empty(), "{name}: {differ:?}");
        count += edition.len();
    };
    for ceiling in LEVELS {
        compare(
            &whole,
            &sample.written(&files, Some(ceiling)),
            ceiling,
            ceiling.word(),
        );
    }
    for seed in 1..=12 {
        let (whole, left, ceiling) = twins(seed);
        compare(&whole, &left, ceiling, &format!("seed {seed}"));
    }
    assert!(count > 1_000, "{count} files");
}
