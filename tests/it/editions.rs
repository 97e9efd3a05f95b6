//! An edition is the build of the book from which everything above its level was deleted by hand.
//!
//! A generator writes each book twice: whole, and as somebody would leave it who deletes. The
//! second is what `--tlp` has to build from the first, byte for byte.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;
use whosaid::compile::Options;
use whosaid::diag::Severity;
use whosaid::model::Tlp;

use crate::book::{self, Book, files};

const LEVELS: [Tlp; 5] = [
    Tlp::Clear,
    Tlp::Green,
    Tlp::Amber,
    Tlp::AmberStrict,
    Tlp::Red,
];

/// Random numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    fn level(&mut self) -> Tlp {
        LEVELS[self.roll(LEVELS.len())]
    }
}

/// A book, whole and without what is above the ceiling.
struct Twins {
    dice: Dice,
    ceiling: Tlp,
    whole: BTreeMap<String, String>,
    left: BTreeMap<String, String>,
    /// Counts, so that no two things share a name.
    next: usize,
    kinds: BTreeMap<&'static str, usize>,
}

impl Twins {
    fn new(seed: u64) -> Twins {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let ceiling = LEVELS[dice.roll(LEVELS.len() - 1)];
        let mut twins = Twins {
            dice,
            ceiling,
            whole: BTreeMap::new(),
            left: BTreeMap::new(),
            next: 0,
            kinds: BTreeMap::new(),
        };
        twins.write();
        twins
    }

    fn number(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn both(&mut self, file: &str, text: &str) {
        self.whole
            .entry(file.to_owned())
            .or_default()
            .push_str(text);
        self.left.entry(file.to_owned()).or_default().push_str(text);
    }

    /// Writes `text`, of this level; `instead` is what stays if it is deleted.
    fn marked(&mut self, file: &str, level: Tlp, text: &str, instead: &str) {
        self.whole
            .entry(file.to_owned())
            .or_default()
            .push_str(text);
        let left = if level > self.ceiling { instead } else { text };
        // A file that was deleted is not an empty one.
        if !left.is_empty() || self.left.contains_key(file) {
            self.left.entry(file.to_owned()).or_default().push_str(left);
        }
        if level > self.ceiling {
            self.kinds
                .entry("deleted")
                .and_modify(|it| *it += 1)
                .or_insert(1);
        }
    }

    fn write(&mut self) {
        let site = match self.dice.roll(3) {
            0 => "[output.html]\nsite-url = \"https://desk.example/\"\n",
            _ => "",
        };
        let exports = match self.dice.roll(4) {
            0 => "exports = [\"json\", \"csv\", \"csl\", \"ical\", \"graphml\"]\n",
            _ => "",
        };
        let toml = format!(
            "{site}[whosaid]\ncards = false\nbibliography = \"refs.bib\"\n{exports}[whosaid.lints]\n\
             claim-without-source = \"allow\"\norphan-actor = \"allow\"\nuncited-source = \"allow\"\n\
             stray-file = \"allow\"\n"
        );
        self.both("book.toml", &toml);
        self.both("content/actors/brennia.md", "---\nname: Brennia\n---\n");
        self.both("content/actors/valdoria.md", "---\nname: Valdoria\n---\n");
        self.both(
            "content/claims/known.md",
            "---\ntext: Letters were opened.\n---\n",
        );
        self.both(
            "content/sources/notice.md",
            "---\ntitle: Notice\nauthor: brennia\ndate: 2031-03-01\n---\n",
        );
        self.both(
            "content/refs.bib",
            "@misc{open, title = {Open record}, date = {2031-03-02}}\n",
        );
        self.both(
            "content/all.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        );
        for number in 1..=1 + self.dice.roll(2) {
            let file = format!("content/b{number}.md");
            self.both(&file, &format!("---\ntitle: Briefing {number}\n---\n\nPublic words of part {number} [@open].\n\n"));
            for _ in 0..3 + self.dice.roll(5) {
                self.element(&file);
            }
            self.both(
                &file,
                "\n## The end\n\nLast public words. ![All](all.svg)\n",
            );
        }
        for _ in 0..self.dice.roll(3) {
            self.document();
        }
        if self.dice.roll(4) == 0 {
            let pages: Vec<String> = self
                .whole
                .keys()
                .filter_map(|it| it.strip_prefix("content/"))
                .filter(|it| it.ends_with(".md") && !it.contains('/'))
                .map(str::to_owned)
                .collect();
            for page in pages {
                let line = format!("- [Part {page}]({page})\n");
                let is_left = self.left.contains_key(&format!("content/{page}"));
                self.whole
                    .entry("content/SUMMARY.md".into())
                    .or_default()
                    .push_str(&line);
                if is_left {
                    self.left
                        .entry("content/SUMMARY.md".into())
                        .or_default()
                        .push_str(&line);
                }
            }
        }
    }

    /// A citation: of a public source, or of one that only this text uses.
    fn cited(&mut self, level: Tlp) -> String {
        match self.dice.roll(4) {
            0 => String::new(),
            1 => " [@open, p. 3]".to_owned(),
            2 => {
                let number = self.number();
                let entry = format!(
                    "@misc{{zebkey{number}, title = {{Zebtitle number {number}}}, date = {{2031-03-03}}}}\n"
                );
                self.marked("content/refs.bib", level, &entry, "");
                format!(" [@zebkey{number}, p. 7 of the zebcable]")
            }
            _ => {
                let number = self.number();
                let word = level.word();
                let file = format!(
                    "---\ntitle: Zebnotice number {number}\ntlp: {word}\ndate: 2031-03-04\n---\n"
                );
                self.marked(
                    &format!("content/sources/zebs{number}.md"),
                    level,
                    &file,
                    "",
                );
                format!(" [@zebs{number}]")
            }
        }
    }

    /// Attributes of a mark: who says it, perhaps about an actor that is marked as well.
    fn attributes(&mut self, level: Tlp, has_about: bool) -> String {
        let day = 1 + self.dice.roll(28);
        let mut attributes = format!("by=brennia on=2031-04-{day:02} tlp={}", level.word());
        if has_about && self.dice.roll(3) == 0 {
            let number = self.number();
            let file = format!(
                "---\nname: Zebactor number {number}\ntlp: {}\n---\nZebwords about it.\n",
                level.word()
            );
            self.marked(&format!("content/actors/zeba{number}.md"), level, &file, "");
            let _ = write!(attributes, " about=zeba{number}");
        }
        attributes
    }

    /// A mark in the form of a link, with its citation.
    fn mark(&mut self, level: Tlp) -> String {
        let number = self.number();
        // Positions on one claim have to agree what it is about.
        let kind = self.dice.roll(4);
        let attributes = self.attributes(level, kind > 2);
        let words = format!("zebwords number {number} were heard by four people");
        match kind {
            0 => format!(
                "[{words}](confirms:known \"{attributes}\"){}",
                self.cited(level)
            ),
            1 => format!(
                "[{words}](denies:known \"{attributes}\"){}",
                self.cited(level)
            ),
            2 => format!(
                "[{words}](event:zebevent{number} \"on=2031-05-01 tlp={}\")",
                level.word()
            ),
            _ => format!(
                "[{words}](claim:zebclaim{number} \"{attributes}\"){}",
                self.cited(level)
            ),
        }
    }

    /// A file that only this text shows or links to.
    fn shown(&mut self, level: Tlp) -> String {
        let number = self.number();
        let (name, text) = match self.dice.roll(4) {
            0 => (
                format!("zebmap{number}.svg"),
                format!("![Zebmap](zebmap{number}.svg)"),
            ),
            1 => (
                format!("zebannex{number}.pdf"),
                format!("[Zebannex](zebannex{number}.pdf)"),
            ),
            2 => (
                format!("zebface{number}.svg"),
                format!("<img src=\"zebface{number}.svg\" alt=\"zeb\">"),
            ),
            _ => (
                format!("zebdata{number}.csv"),
                format!("<a href=\"zebdata{number}.csv\">zebdata</a>"),
            ),
        };
        self.marked(
            &format!("content/{name}"),
            level,
            &format!("zebcontent {number}\n"),
            "",
        );
        text
    }

    fn element(&mut self, file: &str) {
        let level = self.dice.level();
        let word = level.word();
        let number = self.number();
        let kind = self.dice.roll(12);
        let names = [
            "sentence",
            "paragraph",
            "list",
            "row",
            "cell",
            "footnote",
            "section",
            "reference",
            "quotation",
            "two",
            "include",
            "ordered",
        ];
        self.kinds
            .entry(names[kind])
            .and_modify(|it| *it += 1)
            .or_insert(1);
        match kind {
            0 => {
                let mark = self.mark(level);
                self.both(file, &format!("Open sentence {number}"));
                self.marked(file, level, &format!(" {mark}"), "");
                self.both(file, ". It goes on.\n\n");
            }
            1 => {
                let mark = self.mark(level);
                self.marked(file, level, &format!("{mark}\n\n"), "");
            }
            2 => {
                let mark = self.mark(level);
                self.both(file, &format!("- open {number} a\n"));
                self.marked(file, level, &format!("- {mark}\n"), "");
                self.both(file, &format!("- open {number} b\n\n"));
            }
            3 => {
                let (one, other) = (self.mark(level), self.mark(level));
                self.both(file, &format!("| open {number} | b |\n|---|---|\n"));
                self.marked(file, level, &format!("| {one} | {other} |\n"), "");
                self.both(file, "| c | d |\n\n");
            }
            4 => {
                let mark = self.mark(level);
                self.both(file, &format!("| open {number} | b |\n|---|---|\n"));
                self.marked(file, level, &format!("| {mark} | d |\n\n"), "| | d |\n\n");
            }
            5 => {
                let attributes = self.attributes(level, true);
                self.both(file, &format!("Open footnote {number}"));
                self.marked(
                    file,
                    level,
                    &format!(" [zebheard](claim:zebclaim{number} \"{attributes}\")[^z{number}]"),
                    "",
                );
                self.both(file, " here.\n\n");
                self.marked(
                    file,
                    level,
                    &format!("[^z{number}]: The zebinformant is a clerk.\n\n"),
                    "",
                );
            }
            6 => {
                let (mark, shown) = (self.mark(level), self.shown(level));
                self.marked(
                    file,
                    level,
                    &format!("## Zebheading {number} {{tlp={word}}}\n\nZebtext of this section, said by many people here. {mark}\n\n{shown}\n\n### Zebbelow {number}\n\nMore zebtext.\n\n"),
                    "",
                );
                // It ends where the next heading of its level begins.
                self.both(
                    file,
                    &format!("## Open heading {number}\n\nOpen words below.\n\n"),
                );
            }
            7 => {
                let attributes = self.attributes(level, true);
                self.both(file, &format!("Open reference {number}"));
                self.marked(
                    file,
                    level,
                    &format!(" [zebmeant {number}][zl{number}]"),
                    "",
                );
                self.both(file, ".\n\n");
                self.marked(
                    file,
                    level,
                    &format!("[zl{number}]: claim:zebclaim{number} \"{attributes}\"\n\n"),
                    "",
                );
            }
            8 => {
                let attributes = self.attributes(level, true);
                let cited = self.cited(level);
                self.marked(
                    file,
                    level,
                    &format!("> zebquoted at some length by number {number}\n>\n> — [Brennia](claim:zebclaim{number} \"{attributes}\"){cited}\n\n"),
                    "",
                );
                self.both(file, "Between them.\n\n");
            }
            9 => {
                // Two levels in one sentence.
                let (one, other) = (self.mark(level), self.dice.level());
                let other = (other, self.mark(other));
                self.both(file, &format!("Open pair {number}"));
                self.marked(file, level, &format!(" {one}"), "");
                self.both(file, " and");
                self.marked(file, other.0, &format!(" {}", other.1), "");
                self.both(file, ", so far.\n\n");
            }
            10 => {
                let mark = self.mark(level);
                let part = format!("parts/p{number}.txt");
                self.both(&part, &format!("Open include {number}."));
                self.marked(&part, level, &format!(" {mark}"), "");
                self.both(&part, "\n");
                self.both(
                    file,
                    &format!("{{{{#include ../parts/p{number}.txt}}}}\n\n"),
                );
            }
            _ => {
                let mark = self.mark(level);
                self.both(file, &format!("1. open {number} a\n"));
                self.marked(file, level, &format!("2. {mark}\n"), "");
                self.both(file, "\nAfter the list.\n\n");
            }
        }
    }

    /// A document with a level of its own.
    fn document(&mut self) {
        let level = self.dice.level();
        let word = level.word();
        let number = self.number();
        match self.dice.roll(5) {
            0 => {
                let (mark, shown) = (self.mark(level), self.shown(level));
                let text = format!(
                    "---\ntitle: Zebriefing {number}\ntlp: {word}\ntags: [zebtag]\n---\n\nZeb {mark}. {shown}\n"
                );
                self.marked(&format!("content/zeb{number}.md"), level, &text, "");
            }
            1 => {
                let text = format!(
                    "---\nname: Zebparty {number}\naliases: [Zebalias {number}]\nimage: ../zebimage{number}.svg\ntlp: {word}\n---\nZebbody.\n"
                );
                self.marked(&format!("content/actors/zebp{number}.md"), level, &text, "");
                self.marked(
                    &format!("content/zebimage{number}.svg"),
                    level,
                    "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
                    "",
                );
            }
            2 => {
                let text = format!(
                    "---\ntext: Zebthing {number} happened at the well.\ntlp: {word}\n---\n"
                );
                self.marked(&format!("content/claims/zebc{number}.md"), level, &text, "");
            }
            3 => {
                // The author of a public source.
                let text = format!("---\nname: Zebcouncil {number}\ntlp: {word}\n---\n");
                self.marked(&format!("content/actors/zebx{number}.md"), level, &text, "");
                let source = format!("content/sources/memo{number}.md");
                self.both(
                    &source,
                    &format!("---\ntitle: Memo {number}\nauthor: [brennia"),
                );
                self.marked(&source, level, &format!(", zebx{number}"), "");
                self.both(&source, "]\ndate: 2031-03-09\n---\n");
            }
            _ => {
                let entry = format!(
                    "@misc{{zebleak{number}, title = {{Zebleak of {number}}}, tlp = {{{word}}}, date = {{2031-03-08}}}}\n"
                );
                self.marked("content/refs.bib", level, &entry, "");
            }
        }
    }

    fn text(files: &BTreeMap<String, String>) -> String {
        let files = files.iter();
        files
            .map(|(path, text)| format!("//- {path}\n{text}"))
            .collect()
    }
}

/// Returns the files of the book for this seed, whole and cut by hand, and its ceiling.
pub fn twins(seed: u64) -> (BTreeMap<String, String>, BTreeMap<String, String>, Tlp) {
    let twins = Twins::new(seed);
    (twins.whole, twins.left, twins.ceiling)
}

fn built(text: &str, ceiling: Tlp) -> Book {
    let mut inputs = book::inputs(files(text));
    inputs.options = Options {
        tlp: Some(ceiling),
        raw_html: Some(whosaid::config::RawHtml::Allow),
        ..Options::default()
    };
    book::build(inputs)
}

/// What differs between the edition and the book that was cut by hand.
fn differences(seed: u64, kinds: &mut BTreeMap<&'static str, usize>) -> Vec<String> {
    let twins = Twins::new(seed);
    for (kind, count) in &twins.kinds {
        *kinds.entry(kind).or_default() += count;
    }
    let (whole, left) = (Twins::text(&twins.whole), Twins::text(&twins.left));
    differing(&format!("seed {seed}"), &whole, &left, twins.ceiling)
}

/// What differs between the edition of a whole book for a level and the book that was cut by hand.
pub fn differing(seed: &str, whole: &str, left: &str, ceiling: Tlp) -> Vec<String> {
    let (edition, by_hand) = (built(whole, ceiling), built(left, ceiling));
    let mut found = Vec::new();
    for (name, book) in [("edition", &edition), ("by hand", &by_hand)] {
        let errors = book.build.diagnostics.iter();
        let errors = errors.filter(|it| it.severity == Severity::Error);
        if errors.count() > 0 {
            found.push(format!("{seed}: {name} has errors\n{}", book.report()));
        }
    }
    let (edition, by_hand) = (&edition.build.outputs, &by_hand.build.outputs);
    for (path, bytes) in edition {
        match by_hand.get(path) {
            None => found.push(format!("{seed}: `{path}` is left over")),
            Some(other) if other != bytes => {
                let (one, two) = (
                    String::from_utf8_lossy(bytes),
                    String::from_utf8_lossy(other),
                );
                let at = one
                    .bytes()
                    .zip(two.bytes())
                    .take_while(|(a, b)| a == b)
                    .count();
                let around = |text: &str| {
                    let start = text.floor_char_boundary(at.saturating_sub(80));
                    let end = text.ceil_char_boundary((at + 120).min(text.len()));
                    text.get(start..end).unwrap_or("").to_owned()
                };
                found.push(format!(
                    "{seed}: `{path}` differs\n  edition: {:?}\n  by hand: {:?}",
                    around(&one),
                    around(&two)
                ));
            }
            Some(_) => {}
        }
    }
    for path in by_hand.keys().filter(|path| !edition.contains_key(*path)) {
        found.push(format!("{seed}: `{path}` is missing"));
    }
    if !found.is_empty() {
        found.push(whole.to_owned());
    }
    found
}

#[test]
fn an_edition_is_the_book_without_what_is_above_its_level() {
    const BOOKS: u64 = 500;
    let run: Vec<_> = (1..=BOOKS)
        .into_par_iter()
        .map(|seed| {
            let mut kinds = BTreeMap::new();
            let found = differences(seed, &mut kinds);
            (found, kinds)
        })
        .collect();
    let wrong: Vec<&Vec<String>> = run
        .iter()
        .map(|it| &it.0)
        .filter(|it| !it.is_empty())
        .collect();
    let shown: Vec<String> = wrong
        .iter()
        .take(20)
        .map(|found| found[0].chars().take(700).collect())
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {BOOKS} books: {}\n\n{}",
        wrong.len(),
        shown.join("\n\n"),
        wrong[0].join("\n")
    );
    // The generator deletes something in nearly all of them, and has every kind of element.
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, counts) in &run {
        counts
            .iter()
            .for_each(|(kind, count)| *kinds.entry(kind).or_default() += count);
    }
    assert!(
        kinds.len() == 13 && kinds.values().all(|count| *count > 50),
        "{kinds:?}"
    );
}

/// The numbers of chapters have no gap where a withheld chapter was, whatever is nested in it.
#[test]
fn withheld_chapters_leave_no_gap_in_the_numbers() {
    let summary = "# Summary\n\n[Zero](p0.md)\n\n- [One](p1.md)\n  - [Two](p2.md)\n    - [Three](p3.md)\n  - [Four](p4.md)\n- [Five](p5.md)\n\n# Part\n\n- [Six](p6.md)\n  - [Seven](p7.md)\n- [Eight](p8.md)\n";
    for withheld in 0..1u32 << 9 {
        // Every book with at most three withheld chapters.
        if withheld.count_ones() > 3 {
            continue;
        }
        let is_gone = |number: u32| withheld & (1 << number) != 0;
        let (mut whole, mut left) = (String::new(), String::new());
        for number in 0..9 {
            let page = |tlp: &str| {
                format!(
                    "//- content/p{number}.md\n---\ntitle: Zeb {number}\n{tlp}---\nText {number}.\n"
                )
            };
            whole.push_str(&page(if is_gone(number) { "tlp: red\n" } else { "" }));
            if !is_gone(number) {
                left.push_str(&page(""));
            }
        }
        let lines = summary.lines().filter(|line| {
            !(0..9).any(|number| is_gone(number) && line.contains(&format!("(p{number}.md)")))
        });
        let lines: Vec<&str> = lines.collect();
        // Four spaces at the beginning of a list would be code: its author would remove them.
        if lines
            .windows(2)
            .any(|pair| pair[0].is_empty() && pair[1].starts_with("    "))
        {
            continue;
        }
        whole.push_str(&format!("//- content/SUMMARY.md\n{summary}"));
        left.push_str(&format!("//- content/SUMMARY.md\n{}\n", lines.join("\n")));
        let toml = "//- book.toml\n[whosaid]\ncards = false\nsearch = false\n";
        let [whole, left] = [whole, left].map(|text| format!("{toml}{text}"));
        let found = differing(&format!("{withheld:b}"), &whole, &left, Tlp::Green);
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn a_draft_leaves_nothing_and_nothing_that_only_it_uses() {
    let public = "//- content/a.md\n# A\n\n[[brennia]] says [it](claim:known \"by=brennia on=2031-01-01\") [@notice].\n\
                  //- content/actors/brennia.md\n---\nname: Brennia\n---\n//- content/claims/known.md\n---\ntext: It.\n---\n\
                  //- content/sources/notice.md\n---\ntitle: Notice\n---\n//- book.toml\n[whosaid]\nbibliography = \"r.bib\"\n";
    let bib = "//- content/r.bib\n@misc{open, title = {Open}}\n";
    let draft = "//- content/zeb.md\n---\ntitle: Zebdraft\ndraft: true\n---\n[[zebactor]] says [zeb](claim:zebclaim \"by=zebactor on=2031-01-02\") [@zebnote; @zebkey].\n\
                 ![zeb](zeb.svg) [annex](zeb.pdf)\n//- content/actors/zebactor.md\n---\nname: Zebactor\npart-of: zebparent\nimage: ../zebface.svg\n---\n\
                 //- content/actors/zebparent.md\n---\nname: Zebparent\n---\n//- content/sources/zebnote.md\n---\ntitle: Zebnote\n---\n\
                 //- content/zeb.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n//- content/zebface.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n//- content/zeb.pdf\nx\n";
    let with = book::book(&format!(
        "{public}{bib}@misc{{zebkey, title = {{Zebkey}}}}\n{draft}"
    ));
    let without = book::book(&format!("{public}{bib}"));
    assert_eq!(with.build.outputs, without.build.outputs);
    // What something published uses too stays.
    let used = public.replace("says", "and [[zebactor]] say");
    let with = book::book(&format!("{used}{bib}{draft}"));
    let there = |path: &str| with.build.outputs.keys().any(|it| it.as_str() == path);
    assert!(
        there("actors/zebactor.html") && there("actors/zebparent.html") && there("zebface.svg")
    );
    assert!(!there("sources/zebnote.html") && !there("zeb.pdf") && !there("zeb.html"));
}
