//! Runs or checks every code block of the manual, according to its info string.
//!
//! Each page has its own temporary folder, in which its blocks are run from top to bottom:
//! - `console`: lines that begin with `$ ` are run by a shell, and the lines after each are the
//!   expected output. `…` stands for any text, and a line with only `…` for any lines.
//!   `console not run` marks commands that a test cannot run, such as installing other programs;
//! - `LANGUAGE file PATH`: this file is written;
//! - `LANGUAGE shows PATH`: the file contains these lines;
//! - `md`: a briefing in a new book with the starter's actors, claims and sources, without
//!   diagnostics;
//! - `book`: a whole book without an error; `book fails` and `book passes` are tested in
//!   `manual.rs`;
//! - `toml`: a `book.toml` without diagnostics;
//! - `html`: a template; `css`: a style sheet; `json`: data;
//! - `text`: anything that is not input.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program in folders of their own"
)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;
use whosaid::diag::{Diagnostic, Severity};
use whosaid::text::SitePath;
use whosaid::{config, theme};

use crate::book::{self, Book};
use crate::repository;

/// Languages that are checked by other tests.
const ELSEWHERE: [(&str, &str); 3] = [
    ("nginx", "tests/browser/hosts.test.mjs"),
    ("python", "tests/data/spark.py"),
    ("sql", "tests/data/check.py"),
];

/// The maximum number of blocks that are not run; it should not grow.
const NOT_RUN: usize = 3;

/// A fenced code block of a page.
#[derive(Debug)]
pub struct Fence {
    pub info: String,
    pub body: String,
    /// The line number, from 1.
    pub line: usize,
}

/// Returns the fenced code blocks of a page, without nested ones.
pub fn fences(text: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let line = line.trim_start();
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.len() < 3 || line[fence.len()..].contains('`') {
            continue;
        }
        let body: String = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| line.trim() != fence)
            .map(|line| format!("{}\n", line.strip_prefix(indent).unwrap_or(line)))
            .collect();
        fences.push(Fence {
            info: line[fence.len()..].trim().to_string(),
            body: body.replace("\\{{#", "{{#"),
            line: number + 1,
        });
    }
    fences
}

/// The error of a block, if any.
type Checked = Result<(), String>;

fn check(fence: &Fence, dir: &Path) -> Checked {
    let (language, rest) = fence.info.split_once(' ').unwrap_or((&fence.info, ""));
    if let Some(path) = rest.strip_prefix("file ") {
        let file = dir.join(path);
        let folder = file.parent().expect("a folder");
        fs::create_dir_all(folder).expect("a folder for the file");
        return fs::write(file, &fence.body).map_err(|error| error.to_string());
    }
    if let Some(path) = rest.strip_prefix("shows ") {
        let text =
            fs::read_to_string(dir.join(path)).map_err(|error| format!("{path}: {error}"))?;
        return if text.contains(&fence.body) {
            Ok(())
        } else {
            Err(format!("{path} holds\n{text}"))
        };
    }
    match (language, rest) {
        ("console", "") => console(&fence.body, dir),
        ("console", "not run") | ("text", "") => Ok(()),
        ("book", "fails" | "passes") => Ok(()),
        ("book", "") => {
            let book = book::book(&fence.body);
            said(&book, |said| said.severity == Severity::Error)
        }
        ("md", "") => {
            let book = book::build(book::inputs(beside_a_new_book(&fence.body)));
            said(&book, |said| said.place.file.as_str() == EXAMPLE)
        }
        ("toml", "") => {
            let path = SitePath::new("book.toml").expect("a path");
            match config::read(&path, &fence.body).1.as_slice() {
                [] => Ok(()),
                said => Err(format!("{said:#?}")),
            }
        }
        ("html", "") => template(&fence.body),
        ("css", "") => style(&fence.body),
        ("json", "") => serde_json::from_str::<serde_json::Value>(&fence.body)
            .map(drop)
            .map_err(|error| error.to_string()),
        (language, "") if ELSEWHERE.iter().any(|(known, _)| *known == language) => Ok(()),
        _ => Err("nothing checks such a block: see the head of tests/it/listings.rs".to_string()),
    }
}

fn said(book: &Book, counts: impl Fn(&Diagnostic) -> bool) -> Checked {
    if book.build.diagnostics.iter().any(counts) {
        Err(book.report())
    } else {
        Ok(())
    }
}

const EXAMPLE: &str = "content/example.md";

/// Returns the book of `init` with an example as an additional briefing.
fn beside_a_new_book(example: &str) -> std::collections::BTreeMap<SitePath, std::sync::Arc<[u8]>> {
    let starter = SitePath::new("src/cli/starter").expect("a path");
    let files = repository::files(starter.as_str()).into_iter();
    let mut files: std::collections::BTreeMap<_, _> = files
        .map(|(path, bytes)| (path.below(&starter).expect("below it"), bytes))
        .collect();
    let path = SitePath::new(EXAMPLE).expect("a path");
    let has_title = ["# ", "---\n", "+++\n", "<!-- whosaid"];
    let title = if has_title.iter().any(|begin| example.starts_with(begin)) {
        ""
    } else {
        "# Example\n\n"
    };
    files.insert(path, format!("{title}{example}").into_bytes().into());
    files
}

/// Checks a template: with the name of the template that it extends, or else as a hook.
fn template(text: &str) -> Checked {
    let extended = text.split_once("extends \"default/");
    let name = extended.and_then(|(_, rest)| rest.split('"').next());
    let name = name.unwrap_or("head.html");
    let path = SitePath::new(&format!("templates/{name}")).expect("a path");
    let mut files = beside_a_new_book("# Example\n");
    files.insert(path, text.as_bytes().into());
    let book = book::build(book::inputs(files));
    said(&book, |said| said.severity == Severity::Error)
}

/// Checks that a style sheet sets only properties of the theme.
fn style(text: &str) -> Checked {
    let files = theme::STATIC.iter();
    let known: String = files.map(|(_, text)| *text).collect();
    for piece in text.split("--ws-").skip(1) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let name: String = piece.chars().take_while(|c| is_name(*c)).collect();
        if !known.contains(&format!("--ws-{name}:")) {
            return Err(format!("the theme has no `--ws-{name}`"));
        }
    }
    Ok(())
}

/// Runs the commands of a block, and compares their output.
fn console(text: &str, dir: &Path) -> Checked {
    let mut rest = text.lines().peekable();
    while let Some(line) = rest.next() {
        let command = line
            .strip_prefix("$ ")
            .ok_or_else(|| format!("`{line}` stands behind no command"))?;
        let mut expected = Vec::new();
        while let Some(line) = rest.next_if(|line| !line.starts_with("$ ")) {
            expected.push(line);
        }
        let program = Path::new(env!("CARGO_BIN_EXE_whosaid"));
        let tools = program.parent().expect("a folder").display().to_string();
        let path = format!("{tools}:{}", std::env::var("PATH").unwrap_or_default());
        let mut shell = Command::new("sh");
        shell.current_dir(dir).env("PATH", path);
        if command.starts_with("whosaid serve") {
            serves(shell.args(["-c", &format!("exec {command}")]))?;
            continue;
        }
        let output = shell.args(["-c", &format!("{command} 2>&1")]).output();
        let output = output.map_err(|error| error.to_string())?;
        let printed = String::from_utf8_lossy(&output.stdout);
        if expected.is_empty() && !output.status.success() {
            return Err(format!("`{command}` fails\n{printed}"));
        }
        let printed: Vec<&str> = printed.lines().collect();
        if !expected.is_empty() && !matches(&printed, &expected) {
            return Err(format!("`{command}` prints\n{}", printed.join("\n")));
        }
    }
    Ok(())
}

/// Starts a server; it is enough that it prints its address, because it runs until it is stopped.
fn serves(command: &mut Command) -> Checked {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = child.map_err(|error| error.to_string())?;
    let mut line = String::new();
    let out = child.stdout.take().expect("it is piped");
    let read = BufReader::new(out).read_line(&mut line);
    child
        .kill()
        .and_then(|()| child.wait())
        .map_err(|error| error.to_string())?;
    match read {
        Ok(_) if line.starts_with("http://") => Ok(()),
        _ => Err(format!("it says `{line}`")),
    }
}

/// True if the printed lines match the expected ones.
fn matches(printed: &[&str], expected: &[&str]) -> bool {
    match expected {
        [] => printed.is_empty(),
        ["…", rest @ ..] => (0..=printed.len()).any(|from| matches(&printed[from..], rest)),
        [first, rest @ ..] => {
            let is_first = printed.first().is_some_and(|line| is_like(line, first));
            is_first && matches(&printed[1..], rest)
        }
    }
}

/// True if the line matches the pattern, with any text for each `…`.
fn is_like(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn every_block_of_the_manual_is_run_or_checked() {
    let mut faults = Vec::new();
    let (mut checked, mut not_run) = (0, 0);
    for (path, text) in repository::texts("docs", "md") {
        if path.as_str().starts_with("docs/book/") {
            continue;
        }
        let dir = TempDir::new().expect("a temporary folder");
        for fence in fences(&text) {
            checked += 1;
            not_run += usize::from(fence.info.ends_with("not run"));
            if let Err(fault) = check(&fence, dir.path()) {
                faults.push(format!("{path}:{}: ```{}\n{fault}", fence.line, fence.info));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(checked > 200, "only {checked} blocks were found");
    assert!(not_run <= NOT_RUN, "{not_run} blocks are not run");
    for (language, test) in ELSEWHERE {
        let test = repository::text(test);
        assert!(test.contains(language), "who checks `{language}`?");
    }
}

#[test]
fn a_block_that_is_wrong_is_found() {
    let dir = TempDir::new().expect("a temporary folder");
    for (info, body) in [
        ("console", "$ whosaid build nowhere\n"),
        ("console", "$ echo one\ntwo\n"),
        ("console", "$ echo one\none\ntwo\n"),
        ("console", "no command\n"),
        ("md", "See [[nobody]].\n"),
        ("md", "[Words](claim:no-such-claim).\n"),
        ("book", "//- content/a.md\n# A\n\n[[nobody]]\n"),
        ("toml", "[whosaid]\nautolnk = true\n"),
        ("toml shows missing.toml", "x = 1\n"),
        ("html", "{{ broken"),
        ("css", ":root { --ws-colour: red }\n"),
        ("json", "{ a }\n"),
        ("", "anything\n"),
        ("rust", "fn main() {}\n"),
    ] {
        let fence = Fence {
            info: info.to_string(),
            body: body.to_string(),
            line: 1,
        };
        assert!(check(&fence, dir.path()).is_err(), "{info}: {body}");
    }
    for (info, body) in [
        (
            "console",
            "$ printf 'a\\nb c d\\ne\\n'\na\nb … d\n…\n$ true\n",
        ),
        ("text file a/b.txt", "one\ntwo\n"),
        ("text shows a/b.txt", "two\n"),
        ("md", "[[Brennia]] spoke [@notice-2031].\n"),
    ] {
        let fence = Fence {
            info: info.to_string(),
            body: body.to_string(),
            line: 1,
        };
        assert_eq!(check(&fence, dir.path()), Ok(()), "{info}: {body}");
    }
}
