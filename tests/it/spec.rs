//! The syntax reference is a test suite: this module runs every example in `tests/spec/*.md`.
//!
//! An example is a fence ```` ```book ```` with a small book, followed by the expected results:
//! - ```` ```html PAGE ````: the page contains this HTML, with white space collapsed;
//! - ```` ```text PAGE ````: the page contains this text, without tags and buttons, with white
//!   space collapsed;
//! - ```` ```says ````: these diagnostics, one per line: `CODE file:line:column message`.
//!
//! An example without `says` must have no diagnostics.

use crate::book::{Book, book};
use whosaid::text::LineIndex;

struct Fence {
    info: String,
    body: String,
    line: usize,
}

fn fences(text: &str) -> Vec<Fence> {
    let mut fences = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let fence: String = line.chars().take_while(|c| *c == '`').collect();
        if fence.len() < 3 {
            continue;
        }
        let body: Vec<&str> = lines
            .by_ref()
            .map(|(_, line)| line)
            .take_while(|line| line.trim_end() != fence)
            .collect();
        fences.push(Fence {
            info: line[fence.len()..].trim().to_string(),
            body: body.join("\n") + "\n",
            line: number + 1,
        });
    }
    fences
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn words(html: &str) -> String {
    // A button after a mark repeats the link before it, for narrow screens.
    let pieces = html.split("<button").enumerate();
    let kept = pieces.map(
        |(number, piece)| match (number, piece.split_once("</button>")) {
            (0, _) | (_, None) => piece,
            (_, Some((_, after))) => after,
        },
    );
    let html = kept.collect::<String>();
    let mut text = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            '\u{2060}' => {}
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    folded(
        &text
            .replace("&#39;", "'")
            .replace("&#x27;", "'")
            .replace("&amp;", "&"),
    )
}

fn said(book: &Book) -> Vec<String> {
    let lines = book.build.diagnostics.iter().map(|said| {
        let file = &said.place.file;
        let text = book
            .inputs
            .files
            .get(file)
            .and_then(|bytes| std::str::from_utf8(bytes).ok());
        let text = text.unwrap_or("");
        let at = LineIndex::new(text).column(text, said.place.span.start);
        format!(
            "{} {file}:{}:{} {}",
            said.code, at.line, at.column, said.message
        )
    });
    lines.collect()
}

#[test]
fn every_example_of_the_syntax_reference_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spec");
    #[expect(clippy::disallowed_methods, reason = "the reference lies on disk")]
    let entries = std::fs::read_dir(folder).expect("tests/spec is there");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    let mut faults = Vec::new();
    let mut count = 0;
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|e| e == "md"))
    {
        #[expect(clippy::disallowed_methods, reason = "the reference lies on disk")]
        let text = std::fs::read_to_string(file).expect("a readable page");
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let mut fences = fences(&text).into_iter().peekable();
        while let Some(fence) = fences.next() {
            if fence.info != "book" {
                continue;
            }
            count += 1;
            let book = book(&fence.body);
            let mut expected: Vec<String> = Vec::new();
            let at = format!("{name}:{}", fence.line);
            while let Some(check) = fences.next_if(|next| next.info != "book") {
                match check.info.split_once(' ') {
                    Some(("html", page)) => {
                        let page = folded(book.page(page));
                        if !page.contains(&folded(&check.body)) {
                            faults.push(format!(
                                "{at}: the page does not hold\n{}\nbut\n{page}",
                                check.body
                            ));
                        }
                    }
                    Some(("text", page)) => {
                        let page = words(book.page(page));
                        if !page.contains(&folded(&check.body)) {
                            faults.push(format!(
                                "{at}: the page does not read\n{}\nbut\n{page}",
                                check.body
                            ));
                        }
                    }
                    _ if check.info == "says" => {
                        expected.extend(check.body.lines().map(str::to_string));
                    }
                    _ => {}
                }
            }
            let said = said(&book);
            if said != expected {
                faults.push(format!(
                    "{at}: it says\n{}\n{}",
                    said.join("\n"),
                    book.report()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(count >= 150, "only {count} examples were found");
}
