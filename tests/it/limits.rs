//! Tests every limit in the manual: content at the limit passes, and anything more is reported.
//!
//! The numbers and messages are read from the table in `docs/security.md`, so that they must be
//! those of the program.

use whosaid::compile::{self, Cache};

use crate::book::{self, book};
use crate::repository;

/// A row of the table of limits.
struct Limit {
    what: String,
    most: usize,
    /// The code and a part of the message of its diagnostic.
    code: String,
    says: String,
}

/// Returns the rows of the first table after the heading, without the header row.
pub fn rows(manual: &str, heading: &str) -> Vec<Vec<String>> {
    let (_, section) = manual
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("no section {heading}"));
    let lines = section.lines().skip_while(|line| !line.starts_with('|'));
    let rows = lines.take_while(|line| line.starts_with('|')).skip(2);
    let cells = rows.map(|row| row.trim_matches('|').split('|'));
    cells
        .map(|cells| cells.map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

/// `100`, `20,000` or `4 MiB`.
fn number(text: &str) -> usize {
    let (digits, unit) = match text.strip_suffix(" MiB") {
        Some(digits) => (digits, 1024 * 1024),
        None => (text, 1),
    };
    let digits = digits.replace(',', "");
    let number: usize = digits
        .parse()
        .unwrap_or_else(|_| panic!("`{text}` is no number"));
    number * unit
}

fn limits() -> Vec<Limit> {
    let manual = repository::text("docs/security.md");
    let rows = rows(&manual, "Limits");
    rows.into_iter()
        .map(|cells| Limit {
            what: cells[0].clone(),
            most: number(&cells[1]),
            code: cells[2].clone(),
            says: cells[3].trim_matches('`').to_owned(),
        })
        .collect()
}

/// Returns a book with `n` of the limited objects.
fn with(what: &str, n: usize) -> String {
    let page = |text: &str| format!("//- content/a.md\n{text}\n");
    let bib = |text: &str| {
        page("# T")
            + "//- book.toml\n[whosaid]\nbibliography = \"r.bib\"\n//- content/r.bib\n"
            + text
    };
    let chain = |folder: &str, front: &str, n: usize| {
        let file = |at: usize| {
            let next = front.replace("NEXT", &format!("k{}", at + 1));
            let next = if at == n { String::new() } else { next };
            format!("//- content/{folder}/k{at}.md\n---\nname: K {at}\ntitle: K {at}\n{next}---\n")
        };
        page("# T") + &(0..=n).map(file).collect::<String>()
    };
    match what {
        "actors of a book, or claims, or sources" => bib(&(0..n)
            .map(|at| format!("@misc{{k{at},}}\n"))
            .collect::<String>()),
        "bytes of a text" => page(&format!("# T\n\n{}", "a".repeat(n - 6))),
        "bytes of a bibliography" => {
            let json = format!("[{}]", " ".repeat(n - 3));
            page("# T")
                + "//- book.toml\n[whosaid]\nbibliography = \"r.json\"\n//- content/r.json\n"
                + &json
                + "\n"
        }
        "bytes of `book.toml`" => page("# T") + &format!("//- book.toml\n#{}\n", " ".repeat(n - 2)),
        "levels of quotations and lists" => page(&format!("# T\n\n{} x", ">".repeat(n - 1))),
        "pieces of a text" => page(&format!("# T\n\n{}x", "***\n".repeat(n - 3))),
        "tags of a text or claim" => {
            let tags: Vec<String> = (0..n).map(|tag| format!("t{tag}")).collect();
            page(&format!("---\ntags: [{}]\n---\n# T", tags.join(", ")))
        }
        "keys and values of a front matter" => {
            let items = vec!["x"; n - 7].join(", ");
            page(&format!("---\ntitle: T\nextra:\n  a: [{items}]\n---\n"))
        }
        "levels of a front matter" => {
            let (open, close) = ("[".repeat(n - 2), "]".repeat(n - 2));
            page(&format!(
                "---\ntitle: T\nextra:\n  a: {open}x{close}\n---\n"
            ))
        }
        "levels of includes" => {
            let file =
                |at: usize| format!("//- content/i{at}.txt\n{{{{#include i{}.txt}}}}\n", at + 1);
            page("# T\n\n{{#include i1.txt}}")
                + &(1..n).map(file).collect::<String>()
                + &format!("//- content/i{n}.txt\nx\n")
        }
        "files that a page includes" => {
            page(&format!("# T\n\n{}", "{{#include i.txt}}".repeat(n))) + "//- content/i.txt\nx\n"
        }
        "bytes of a page with what it includes" => {
            page("{{#include i.txt}}") + &format!("//- content/i.txt\n{}\n", "a".repeat(n))
        }
        "bytes of the files that a page includes" => {
            // Each file is read to its end, although only one line of it is shown.
            let size = 1024 * 1024;
            let rest = n % size;
            let name = |name: &str| format!("{{{{#include {name}.txt:1}}}}");
            let last = if rest > 0 { name("j") } else { String::new() };
            page(&format!("# T\n\n{}{last}", name("i").repeat(n / size)))
                + &format!("//- content/i.txt\nx\n{}\n", "a".repeat(size - 3))
                + &format!("//- content/j.txt\n{}\n", "a".repeat(rest.max(1) - 1))
        }
        "bytes by which includes make a book longer" => {
            // The included text replaces the directive.
            let size = n / 16 + "{{#include i.txt}}".len();
            let file = |at: usize| {
                let name = if at < 16 - n % 16 { "i" } else { "j" };
                format!("//- content/p{at}.md\n{{{{#include {name}.txt}}}}\n")
            };
            (0..16).map(file).collect::<String>()
                + &format!("//- content/i.txt\n{}\n", "a".repeat(size))
                + &format!("//- content/j.txt\n{}\n", "a".repeat(size + 1))
        }
        "positions of a book" => {
            let ids = |letter: char, n: usize| {
                let ids = (0..n).map(|at| format!("{letter}{at}"));
                ids.collect::<Vec<_>>().join(",")
            };
            let actor =
                |at: usize| format!("//- content/actors/a{at}.md\n---\nname: A {at}\n---\n");
            let mark = |at: usize, claims: usize, parties: usize| {
                let on = 2000 + at;
                let (claims, parties) = (ids('c', claims), ids('a', parties));
                format!("[x](claim:{claims} \"by={parties} on={on}\")\n\n")
            };
            let (whole, rest) = (n / 25_000, n % 25_000);
            let marks = (0..whole).map(|at| mark(at, 250, 100));
            let last = (0..rest).map(|at| mark(100 + at, 1, 1));
            let text = marks.chain(last).collect::<String>();
            page(&format!("# T\n\n{text}")) + &(0..100).map(actor).collect::<String>()
        }
        "tags of a book" => {
            let file = |at: usize| {
                let tags = (at * 100..n.min(at * 100 + 100)).map(|tag| format!("t{tag}"));
                let tags = tags.collect::<Vec<_>>().join(", ");
                format!("//- content/p{at}.md\n---\ntags: [{tags}]\n---\n# T\n")
            };
            (0..n.div_ceil(100)).map(file).collect()
        }
        "steps of `part-of`" => chain("actors", "part-of: NEXT\n", n),
        "steps of `speaks-for`" => chain("actors", "speaks-for: NEXT\n", n),
        "steps of `based-on`" => chain("sources", "based-on: NEXT\n", n),
        "groups in a field of a `.bib`" => {
            bib(&format!("@online{{kk, title={{{}}}}}\n", "{a}".repeat(n)))
        }
        "steps of abbreviations in a `.bib`" => {
            let string = |at: usize| format!("@string{{a{at} = a{}}}\n", at + 1);
            bib(&((0..n).map(string).collect::<String>()
                + &format!("@string{{a{n} = \"x\"}}\n@online{{kk, title=a0}}\n")))
        }
        "steps of cross-references in a `.bib`" => {
            let entry = |at: usize| format!("@online{{kk{at}, crossref={{kk{}}}}}\n", at + 1);
            bib(&((0..n).map(entry).collect::<String>()
                + &format!("@online{{kk{n}, title={{x}}}}\n")))
        }
        "bytes that cross-references in a `.bib` copy" => {
            // Sixteen entries copy one; each chunk of a field has an overhead of 64 bytes.
            let parent = n / 16 - 64 - 64 - 2;
            let entry = |at: usize| {
                let spaces = if at == 15 { n % 16 } else { 0 };
                let spaces = " ".repeat(spaces);
                format!("@online{{kk{at}, crossref={{pp{spaces}}}}}\n")
            };
            bib(&((0..16).map(entry).collect::<String>()
                + &format!("@online{{pp, title={{{}}}}}\n", "x".repeat(parent))))
        }
        "keys and values of a bibliography" => {
            let yaml = format!("kk:\n  type: [{}]\n", vec!["x"; n - 5].join(","));
            page("# T")
                + "//- book.toml\n[whosaid]\nbibliography = \"r.yml\"\n//- content/r.yml\n"
                + &yaml
        }
        _ => panic!("the manual lists a limit that no test reaches: {what}"),
    }
}

#[test]
fn every_limit_of_the_manual_is_where_it_says() {
    let limits = limits();
    assert!(limits.len() > 15, "the table was not read");
    for limit in limits {
        let Limit {
            what, most, says, ..
        } = &limit;
        let told = |n: usize| {
            let inputs = book::inputs(book::files(&with(what, n)));
            let mut cache = Cache::for_one_run();
            let all = compile::analyze(&inputs, &mut cache).diagnostics();
            let of_it = all.iter().filter(|it| {
                it.code.id() == limit.code && (it.message.contains(says) || it.label.contains(says))
            });
            let mut report = book::report(&inputs, &all);
            report.truncate(report.floor_char_boundary(2_000));
            (of_it.count(), report)
        };
        let (at, report) = told(*most);
        assert_eq!(at, 0, "{what}, {most}:\n{report}");
        let (beyond, report) = told(most + 1);
        assert!(beyond > 0, "{what}, {most} + 1:\n{report}");
    }
}

/// Highlighting is optional: beyond its limit code is plain, without a diagnostic.
#[test]
fn code_is_left_plain_where_it_would_take_too_long() {
    let line = format!("let a = \"{}\";", "x".repeat(1000 - 11));
    assert_eq!(line.len(), 1000);
    assert_eq!(whosaid::html::cost(&line), 1_000_000);
    let lines = (whosaid::html::EFFORT / 1_000_000) as usize;
    let page = |more: &str| {
        let code = format!("{line}\n").repeat(lines);
        let text = format!("//- content/a.md\n# T\n\n```rust\n{code}{more}```\n");
        book(&text).page("a.html").to_owned()
    };
    assert!(
        page("").contains("<span class=\"h-"),
        "{}",
        &page("")[..2000]
    );
    assert!(!page("x\n").contains("<span class=\"h-"));
    // All blocks of a page share one budget; another page has its own.
    let block = |lines: usize| format!("```rust\n{}```\n\n", format!("{line}\n").repeat(lines));
    let book = book(&format!(
        "//- content/a.md\n# T\n\n{}{}//- content/b.md\n# B\n\n{}",
        block(lines),
        "```rust\nlet b = 1;\n```\n",
        "```rust\nlet c = 1;\n```\n",
    ));
    assert!(book.page("a.html").contains("let b = 1;"));
    assert!(!book.page("b.html").contains("let c = 1;"));
}

#[test]
fn a_terminal_is_not_flooded_and_no_error_is_hidden_by_warnings() {
    let most = report_of(&"<x>\n\n".repeat(2_000));
    assert!(!most.contains("not shown"), "{}", &most[most.len() - 500..]);
    let more = report_of(&("<x>\n\n".repeat(2_010) + "[[nobody]]\n"));
    assert!(more.contains("11 more diagnostics are not shown; use `--format json` to list all"));
    assert!(more.contains("unknown name `nobody`"));
    assert!(
        more.contains("2010 warnings"),
        "{}",
        &more[more.len() - 500..]
    );
}

fn report_of(text: &str) -> String {
    book(&format!("//- content/a.md\n# T\n\n{text}")).report()
}

/// The search for similar names has a time budget.
#[test]
fn a_thousand_slips_among_thousands_of_names_are_all_told() {
    let names: String = (0..10_000).map(|n| format!("alias number {n}, ")).collect();
    let names = names.replace("alias", "\"alias").replace(", ", "\", ");
    let half = names.len() / 2;
    let cut = half + names[half..].find("\"a").expect("an alias");
    let actor = |id: &str, names: &str| {
        format!("//- content/actors/{id}.md\n---\nname: {id}\naliases: [{names}]\n---\n")
    };
    let slips: String = (0..1_000)
        .map(|n| format!("[[alias munber {n}]]\n\n"))
        .collect();
    let text = format!("//- content/a.md\n# T\n\n[[one]] [[two]]\n{slips}")
        + &actor("one", &names[..cut])
        + &actor("two", &names[cut..]);
    let book = book::build(book::inputs(book::files(&text)));
    let unknown = |it: &&whosaid::diag::Diagnostic| it.code.id() == "WS004";
    let told: Vec<_> = book.build.diagnostics.iter().filter(unknown).collect();
    assert_eq!(told.len(), 1_000);
    assert_eq!(told[0].hints, ["did you mean `one`?"]);
    assert!(!told[999].hints[0].contains("did you mean"));
}
