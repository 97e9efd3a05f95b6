//! Compares whosaid with mdBook: generates a book of several hundred pages with everything that
//! mdBook 0.5 supports, and builds it with both programs.
//!
//! ```sh
//! cargo install mdbook --version 0.5.4 --root /some/where        # minutes
//! cargo bench --bench mdbook -- --dir BOOK --pages 400 --mdbook /some/where/bin/mdbook --judge JUDGE
//! ```
//!
//! Without `--mdbook`, the book is only written and built by whosaid. JUDGE is any command that
//! takes two folders, the reference and ours, and exits with 0 if they have the same pages. The
//! same `--seed` gives the same book.
//!
//! These commands test two published preprocessors, one for each generation of mdBook:
//!
//! ```sh
//! cargo install mdbook-admonish --version 1.20.0 --root /some/where --locked
//! cargo install mdbook-toc --version 0.15.4 --root /some/where --locked
//! cargo bench --bench mdbook -- --dir DIR --older /some/where/bin/mdbook-admonish --newer /some/where/bin/mdbook-toc
//! ```
//!
//! `--back MDBOOK` builds an annotated book with plain mdBook, with `whosaid mdbook` as its
//! preprocessor.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark writes a book and runs programs"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (mut dir, mut mdbook, mut judge) = (None, None, None);
    let (mut older, mut newer, mut back) = (None, None, None);
    let (mut pages, mut seed) = (400, 1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_default();
        match argument.as_str() {
            "--dir" => dir = Some(PathBuf::from(value())),
            "--pages" => pages = value().parse().expect("a number of pages"),
            "--seed" => seed = value().parse().expect("a number"),
            "--mdbook" => mdbook = Some(value()),
            "--judge" => judge = Some(value()),
            "--older" => older = Some(value()),
            "--newer" => newer = Some(value()),
            "--back" => back = Some(value()),
            // Cargo passes `--bench` to every benchmark.
            _ => {}
        }
    }
    let Some(dir) = dir else {
        println!("nothing to do: name a folder by `--dir` (see the head of benches/mdbook.rs)");
        return ExitCode::SUCCESS;
    };
    if let (Some(older), Some(newer)) = (older, newer) {
        return published(&dir, &older, &newer);
    }
    if let Some(mdbook) = back {
        return way_back(&dir, &mdbook);
    }
    let (book, ours, reference) = (dir.join("book"), dir.join("ours"), dir.join("reference"));
    let _ = std::fs::remove_dir_all(&dir);
    write(&book, pages, seed);
    let whosaid = env!("CARGO_BIN_EXE_whosaid");
    run(
        whosaid,
        &[
            "build",
            "--raw-html",
            "allow",
            "-d",
            text(&ours),
            text(&book),
        ],
    );
    let Some(mdbook) = mdbook else {
        return ExitCode::SUCCESS;
    };
    run(&mdbook, &["build", text(&book), "-d", text(&reference)]);
    let Some(judge) = judge else {
        return ExitCode::SUCCESS;
    };
    let status = Command::new(&judge).args([&reference, &ours]).status();
    if status.expect("the judge runs").success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Builds an annotated book with mdBook and this program as its preprocessor, and checks how the
/// annotations are shown.
fn way_back(dir: &Path, mdbook: &str) -> ExitCode {
    let _ = std::fs::remove_dir_all(dir);
    for folder in ["src/actors", "src/sources"] {
        std::fs::create_dir_all(dir.join(folder)).expect("a folder to write in");
    }
    let whosaid = env!("CARGO_BIN_EXE_whosaid");
    for (file, text) in [
        (
            "book.toml",
            format!("[preprocessor.whosaid]\ncommand = '{whosaid} mdbook'\n"),
        ),
        ("src/SUMMARY.md", "- [One](one.md)\n".to_owned()),
        (
            "src/one.md",
            "---\ntitle: One\n---\n[Men of [[valdoria]] opened it](claim:post \"by=brennia \
             against=valdoria\") [@notice, p. 4].\n"
                .to_owned(),
        ),
        (
            "src/actors/brennia.md",
            "---\nname: Brennia\n---\n".to_owned(),
        ),
        (
            "src/actors/valdoria.md",
            "---\nname: Valdoria\n---\n".to_owned(),
        ),
        (
            "src/sources/notice.md",
            "---\ntitle: The notice\n---\n".to_owned(),
        ),
    ] {
        std::fs::write(dir.join(file), text).expect("a file to write");
    }
    let site = dir.join("site");
    run(mdbook, &["build", text(dir), "-d", text(&site)]);
    found(
        &site,
        &[
            (
                "one.html",
                "Men of <a href=\"actors/valdoria.html\">Valdoria</a> opened it<sup",
            ),
            (
                "one.html",
                "<a href=\"sources/notice.html\">The notice</a>, p. 4.",
            ),
            ("actors/brennia.html", "says so"),
            ("claims/post.html", "no reply is recorded"),
            ("sources/notice.html", "What rests on it"),
        ],
    )
}

/// Reports which of the texts are in the pages of a site.
fn found(site: &Path, made: &[(&str, &str)]) -> ExitCode {
    let lacks = |(page, words): &&(&str, &str)| {
        let page = std::fs::read_to_string(site.join(page)).unwrap_or_default();
        !page.contains(words)
    };
    let missing: Vec<_> = made.iter().filter(lacks).collect();
    println!(
        "{} of {} are there; missing: {missing:?}",
        made.len() - missing.len(),
        made.len()
    );
    match missing.as_slice() {
        [] => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Builds a book that needs mdbook-admonish and mdbook-toc, and checks their output.
fn published(dir: &Path, older: &str, newer: &str) -> ExitCode {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir.join("src")).expect("a folder to write in");
    for (file, text) in [
        (
            "book.toml",
            format!(
                "[preprocessor.admonish]\ncommand = '{older}'\nassets_version = '3.1.0'\n\
                 [preprocessor.toc]\ncommand = '{newer}'\n"
            ),
        ),
        ("src/SUMMARY.md", "- [One](one.md)\n".to_owned()),
        (
            "src/one.md",
            "# One\n\n<!-- toc -->\n\n## Below\n\n```admonish warning title=\"Mind\"\nthe *gap*\n```\n"
                .to_owned(),
        ),
    ] {
        std::fs::write(dir.join(file), text).expect("a file to write");
    }
    let site = dir.join("site");
    run(
        env!("CARGO_BIN_EXE_whosaid"),
        &[
            "build",
            "--allow-plugins",
            "--raw-html",
            "allow",
            "-d",
            text(&site),
            text(dir),
        ],
    );
    found(
        &site,
        &[
            ("one.html", "<li><a href=\"#below\">Below</a></li>"),
            ("one.html", "class=\"admonition admonish-warning\""),
            ("one.html", "<p>the <em>gap</em></p>"),
        ],
    )
}

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status();
    assert!(
        status.expect("the program runs").success(),
        "{program} failed"
    );
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a folder named in UTF-8")
}

/// A pseudo-random number generator with a fixed sequence.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// A chapter: its file and its title in the summary.
struct Chapter {
    file: String,
    title: String,
}

fn write(book: &Path, pages: usize, seed: u64) {
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let put = |path: &str, content: &str| {
        let path = book.join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder to write in");
        std::fs::write(path, content).expect("a file to write");
    };
    put("book.toml", CONFIG);
    put("listings/whole.rs", LISTING);
    put(
        "src/words.md",
        "Included *words*, in [a link](p0.md#marks).\n",
    );
    put("src/deep.md", "Deeper: {{#include words.md}}\n");
    // The book is part of a project; real books include its examples and README.
    put("../Cargo.toml", "[package]\nname = \"letters\"\n");
    put("../README.md", "The *project*: {{#include notes/of.md}}\n");
    put(
        "../notes/of.md",
        "its notes, and {{#include ../book/src/words.md}}",
    );
    put("../examples/round.rs", LISTING);
    put("src/images/post.png", "not really an image");
    put("src/data.txt", "copied as it is\n");
    put("src/404.md", "# Lost\n\nReturn to sender.\n");
    let chapters: Vec<Chapter> = (0..pages)
        .map(|number| Chapter {
            file: match number % 7 {
                3 => format!("part{}/p{number}.md", number / 70),
                5 => format!("dir{number}/README.md"),
                6 => format!("part{}/deep er/p{number}.md", number / 70),
                _ => format!("p{number}.md"),
            },
            title: format!("{} {number}", chance.one(&TITLES)),
        })
        .collect();
    put("src/SUMMARY.md", &summary(&chapters));
    for number in 0..pages {
        let page = page(&mut chance, &chapters, number);
        put(&format!("src/{}", chapters[number].file), &page);
    }
}

/// Generates prefix chapters, three parts with up to three levels, drafts, separators, suffix
/// chapters.
fn summary(chapters: &[Chapter]) -> String {
    let mut summary = String::from("# Summary\n\n");
    let link = |chapter: &Chapter| {
        let address = chapter.file.replace(' ', "%20");
        format!("[{}]({address})", chapter.title)
    };
    let last = chapters.len() - 1;
    for (number, chapter) in chapters.iter().enumerate() {
        if number == 0 || number == last {
            let _ = writeln!(summary, "\n{}\n", link(chapter));
            continue;
        }
        if number % (chapters.len() / 3).max(1) == 1 {
            let _ = writeln!(summary, "\n---\n\n# Part *{number}*\n");
        }
        let depth = match number % 9 {
            2 | 3 | 6 | 7 => 1,
            4 | 8 => 2,
            _ => 0,
        };
        let first = number % (chapters.len() / 3).max(1) == 1;
        let indent = "  ".repeat(if first { 0 } else { depth });
        let _ = writeln!(summary, "{indent}- {}", link(chapter));
        if number % 23 == 0 {
            let _ = writeln!(summary, "{indent}- [To come {number}]()");
        }
    }
    summary
}

fn page(chance: &mut Chance, chapters: &[Chapter], number: usize) -> String {
    let up = "../".repeat(chapters[number].file.matches('/').count());
    let mut page = format!("# {}\n\n", chapters[number].title);
    if number % 29 == 4 {
        page = format!("{{{{#title A title of its own {number}}}}}\n{page}");
    }
    for _ in 0..6 + chance.below(8) {
        let other = chance.below(chapters.len());
        // mdBook breaks links to a README, so the book has none.
        let other = if chapters[other].file.ends_with("README.md") {
            0
        } else {
            other
        };
        let file = format!("{up}{}", chapters[other].file).replace(' ', "%20");
        let block = BLOCKS[chance.below(BLOCKS.len())];
        let block = block
            .replace("@WORD", chance.one(&WORDS))
            .replace("@FILE", &file)
            .replace("@UP", &up)
            .replace("@NUMBER", &format!("{number}x{}", page.len()));
        page.push_str(&block);
        page.push_str("\n\n");
    }
    page
}

const TITLES: [&str; 6] = [
    "Letters",
    "`code` & words",
    "Über *Post*",
    "“Quoted”",
    "Don't",
    "x_y-z",
];

const WORDS: [&str; 8] = [
    "\"quoted\"",
    "don't",
    "a -- b --- c...",
    "**strong *both***",
    "~~gone~~",
    "`a < b && c`",
    "[[not a link]]",
    "naïve – 漢字",
];

const CONFIG: &str = r##"[book]
title = "Torture"
authors = ["Nobody"]
language = "en"

[rust]
edition = "2021"

[output.html]
git-repository-url = "https://example.org/book"
edit-url-template = "https://example.org/edit/{path}"
site-url = "/torture/"

[output.html.fold]
enable = true
level = 1

[output.html.code.hidelines]
python = "~"

[output.html.redirect]
"/old/place.html" = "../p1.html"
"/old/far.html" = "https://example.org/far"
"/old/place.html#there" = "../p2.html#marks"
"/p1.html#gone" = "p2.html"
"##;

const LISTING: &str = "#![allow(dead_code)]\n// ANCHOR: all\nfn main() {\n    // ANCHOR: call\n    call();\n    // ANCHOR_END: call\n}\n// ANCHOR_END: all\n\nfn call() {}\n";

const BLOCKS: [&str; 47] = [
    "## Marks\n\nSome @WORD and *more @WORD*, ending  \nhard.\n\nSetext @WORD\n------------",
    "## @WORD {#id-@NUMBER .big}\n\nText @WORD.",
    "### A heading with [a link](@FILE) and `code`",
    "#### Image ![alt *text*](@UPimages/post.png) in it\n\n##### Five\n\n###### Six",
    "See [another](@FILE), [its top](@FILE#marks), [here](#marks), [out](https://example.org/?a=1&b=2#c), <https://example.org/auto>, <post@example.org>.",
    "A [reference][r@NUMBER] and [r@NUMBER].\n\n[r@NUMBER]: @FILE#marks \"a title\"",
    "<p>Raw <a href=\"@FILE#marks\">link</a>, <b>bold</b> &amp; <kbd>Ctrl</kbd>.</p>",
    "<div class=\"box\" id=\"box-@NUMBER\">\n\nMarkdown *inside* @WORD.\n\n</div>",
    "<details>\n<summary>More</summary>\n\n- one\n- two\n\n</details>",
    "Inline <span id=\"s-@NUMBER\">raw @WORD</span> and <br> a break<!-- a comment -->, H<sub>2</sub>O <a name=\"n-@NUMBER\"></a>.",
    "<table>\n<tr><td>raw</td><td>cell</td></tr>\n</table>",
    "A note[^n@NUMBER] and another[^m@NUMBER], the first again[^n@NUMBER].\n\n[^n@NUMBER]: The note, @WORD.\n[^m@NUMBER]: Two paragraphs.\n\n    The second of them.",
    "| left | center | right |\n|:-----|:------:|------:|\n| @WORD | `a|b` | 1 |\n| [x](@FILE) | | \\| |",
    "Term @NUMBER\n: What it *means*.\n: And again, `code`.\n\nOther\n: Shorter.",
    "- [x] done\n- [ ] to do @WORD\n  - nested\n    1. numbered\n    2. again\n\n  loose",
    "7. seven\n8. eight\n\n   with a paragraph\n9. nine",
    "> quoted @WORD\n>\n> > deeper\n>\n> - a list",
    "> [!NOTE]\n> Mind the @WORD.",
    "> [!WARNING]\n> - first\n> - second\n>\n> ```rust\n> let x = 1;\n> ```",
    "> [!TIP]\n> A tip.\n\n> [!IMPORTANT]\n> It is.\n\n> [!CAUTION]\n> Hot.",
    "```rust\n# use std::fmt;\nfn main() {\n    println!(\"{}\", 1);\n#    hidden();\n}\n```",
    "```rust\nlet x = vec![1, 2];\n# assert!(x.len() == 2);\n## kept\n#[derive(Debug)]\nstruct S;\n```",
    "```rust,ignore\n# left\nlet y;\n```\n\n```rust,no_run,should_panic\npanic!();\n```\n\n```rust,noplayground\nlet z;\n```",
    "```python\n~import hidden\nshown = \"<b>\"\n```\n\n```text hidelines=!!\n!!gone\nshown\n```",
    "```\nplain & <unmarked>\n\n  indented\n```\n\n    indented code\n\n~~~js\nlet a = 1 /* open\n~~~",
    "```rust\n{{#include @UP../listings/whole.rs}}\n```\n\n```rust\n{{#include @UP../listings/whole.rs:call}}\n```\n\n```rust\n{{#include @UP../listings/whole.rs:3:5}}\n```",
    "```rust\n{{#rustdoc_include @UP../listings/whole.rs:call}}\n```\n\n```rust\n{{#rustdoc_include @UP../listings/whole.rs:3:}}\n```",
    "{{#playground @UP../listings/whole.rs ignore}}",
    "{{#include @UP../../README.md}}\n\n```rust\n{{#include @UP../../examples/round.rs:call}}\n```",
    "Escaped \\{{#include words.md}} and unknown {{#nothing here}} and {{ braces }}.",
    "![An image](@UPimages/post.png \"with a title\") and [![linked](@UPimages/post.png)](@FILE).",
    "***\n\n* * *\n\nA & B &copy; &#x41; 1 < 2 > 0 \"a 'b' c\" it's 'tis",
    "<!-- a comment\nover lines -->\n\n<script>\nvar a = \"<b>\" && 1 < 2;\n</script>\n\n<style>\n.x > .y { color: red }\n</style>",
    "<ul>\n<li>unclosed\n<li>also\n</ul>\n\nAfter <i>left open\n\nNext</b> @WORD",
    "```rust\n```\n\n[A slip](nowhere.mdr#of) and [another](no/such.md.txt), [an unlisted one](words.md#x).",
    "<table>\n<tr><th>Raw</th></tr>\n<tr><td>\n\n```rust\n# hidden();\nlet shown = 1;\n```\n\n</td></tr>\n</table>",
    "<h2 id=\"own-@NUMBER\">Raw <code>x</code> &amp; y</h2>\n\n<h3>Raw @NUMBER</h3>\n\n## Raw @NUMBER",
    "Inline \\\\( a_b *c* \\\\) and $x_{i}$.\n\n$$\na &= b \\\\\nc &< d\n$$\n\n\\\\[ \\mu = \\frac{1}{N} \\\\]",
    "Odd notes[^2-3@NUMBER][^x_y@NUMBER] in a list:\n\n- item[^2-3@NUMBER]\n\n| a[^x_y@NUMBER] |\n|---|\n| b |\n\n[^2-3@NUMBER]:\n    - a list\n    - [a link](@FILE)\n[^x_y@NUMBER]: Short.\n[^left@NUMBER]: Nobody asks.",
    "* star\n* again\n    * deeper\n\n          code in it\n+ plus\n1) one\n2) two\n   ```sh\n   $ ls\n   ```\n3) > quoted\n\n-\n- after nothing",
    "<details open>\n<summary><b>Bold</b> `no code`</summary>\n\n<details><summary>Nested</summary>\n\n1. one\n\n   ```rust\n   let a;\n   ```\n\n</details>\n</details>",
    "<video controls src=\"@UPx.mp4\"><track kind=\"captions\">No *video*.</video>\n\n<iframe src=\"https://example.org/embed\" allowfullscreen></iframe>\n\n<p align=\"center\"><img src=\"@UPimages/post.png\" width=100 alt=\"A &quot;post&quot;\"><br/><em>Fig.</em></p>",
    "Text <!-- a --> on.\n\n<!--\n# none\n\n[nowhere](none.md)\n-->\n\n- item <!-- b -->\n  <!-- c -->\n- two\n\n<!-- d --> tail *em*",
    "```rust,editable,noplayground,edition2018\nfn main(){}\n```\n\n```rust, ignore , should_panic\nx\n```\n\n```sh $\n$ ls\n```\n\n``` {.rust .ignore}\nx\n```\n\n```c++\nint x;\n```\n\n````md\n```rust\nx\n```\n````",
    "```rust\n# a\n#a\n ##d\n#[x]\n#![feature(y)]\n#\nlet s = \"\n# in a string\n\";\n```\n\n```rust\n#![allow(x)]\n\nlet a = 1;\n```",
    "## `fn main() -> Result<(), Box<dyn Error>>` -- \"so\" & don't 🚀\n\n### 日本語 [a link](@FILE) ![an image](@UPimages/post.png) <kbd>K</kbd>\n\n#### Two {#two-@NUMBER .a .b}\n\n##### C {.only}",
    "Hello\\\nworld, \\*not emphasis\\*, http://example.org/bare, a_b_c, 2*3*4, <notatag>.",
];
