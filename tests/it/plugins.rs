//! Tests of mdBook preprocessors as processes: shell scripts that speak the protocol.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run programs on folders of their own"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;
use whosaid::compile::{self, Cache, Options};
use whosaid::disk;
use whosaid::mdbook::{Consent, Plugins};

use crate::book::{Book, files};

/// Writes the book in `text` to a temporary folder.
fn folder(text: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    put(dir.path(), text);
    dir
}

fn put(dir: &Path, text: &str) {
    for (path, bytes) in files(text) {
        let path = dir.join(path.as_str());
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

/// Builds the book in `dir`, with permission for all preprocessors.
fn built(dir: &Path, plugins: &mut Plugins) -> Book {
    let today = jiff::civil::date(2026, 11, 23);
    let inputs = disk::read(dir, Options::default(), today).expect("a book");
    let consent = Consent::for_all(dir, &inputs.config());
    let inputs = plugins.preprocess(dir, inputs, &consent).inputs;
    let build = compile::compile(&inputs, &mut Cache::default());
    Book { inputs, build }
}

/// Builds the book in `text`, with permission for all preprocessors.
fn run(text: &str) -> Book {
    let dir = folder(text);
    built(dir.path(), &mut Plugins::default())
}

/// A program for mdBook 0.4: it reads and writes only `sections`.
const OLDER: &str = r#"
//- older.sh
[ "$1" = supports ] && exit 0
sed -e 's/^.*"sections":\(\[.*\]\),"__non_exhaustive":null}\]$/{"sections":\1,"__non_exhaustive":null}/' \
    -e 's/OLDER/made by the older one/g'
"#;

/// A program for mdBook 0.5: it reads and writes only `items`.
const NEWER: &str = r#"
//- newer.sh
[ "$1" = supports ] && exit 0
sed -e 's/^.*\({"items":\[.*\]\),"sections":\[.*$/\1}/' -e 's/NEWER/made by the newer one/g' \
    -e 's/{{#include/INCLUDE/g'
"#;

#[test]
fn a_program_of_each_generation_changes_the_chapters() {
    let book = run(&format!(
        r#"
//- book.toml
[preprocessor.one]
command = "sh older.sh"
[preprocessor.two]
command = "sh newer.sh"
renderers = ["html", "epub"]
//- src/SUMMARY.md
- [A](a.md)
    - [B](b/README.md)
//- src/a.md
# A

OLDER, NEWER, {{{{#include c.txt}}}}.
//- src/b/README.md
# B

OLDER. [to A](../a.md)
//- src/c.txt
NEWER inside
{OLDER}{NEWER}"#
    ));
    assert_eq!(book.report(), "");
    let page = book.page("a.html");
    assert!(
        page.contains("made by the older one, made by the newer one, made by the newer one inside"),
        "{page}"
    );
    assert!(
        book.page("b/index.html")
            .contains("<p>made by the older one. <a href=\"../a.html\"")
    );
}

#[test]
fn who_comes_before_links_sees_what_is_included_by_its_name() {
    let text = format!(
        r#"
//- book.toml
[preprocessor.one]
command = "sh newer.sh"
before = ["links"]
//- src/SUMMARY.md
- [A](a.md)
//- src/a.md
# A

{{{{#include c.txt}}}} NEWER
//- src/c.txt
words
{NEWER}"#
    );
    let book = run(&text);
    assert!(
        book.page("a.html")
            .contains("INCLUDE c.txt}} made by the newer one")
    );
    let book = run(&text.replace("before", "after"));
    assert!(book.page("a.html").contains("words\nmade by the newer one"));
}

#[test]
fn a_program_may_add_rename_and_take_out_chapters_of_a_plain_book() {
    let book = run(r##"
//- book.toml
[preprocessor.shelf]
command = "sh shelf.sh"
//- src/SUMMARY.md
- [A](a.md)
- [B](b.md)
//- src/a.md
# A

[to the new one](new/c.md)
//- src/b.md
# B
//- shelf.sh
[ "$1" = supports ] && exit 0
cat > /dev/null
cat <<'END'
{"items":[{"PartTitle":"Part"},
  {"Chapter":{"name":"C","content":"# Made\n","number":[1],"sub_items":[],"path":"new/c.md"}},"Separator",
  {"Chapter":{"name":"First","content":"# A\n\n[to the new one](new/c.md)\n","path":"a.md"}}]}
END
"##);
    assert_eq!(book.report(), "");
    assert!(book.page("new/c.html").contains("Made"));
    assert!(book.page("a.html").contains("First"));
    assert!(
        book.page("index.html").contains("Made"),
        "the first chapter is the home page"
    );
    let addresses: Vec<&str> = book.build.outputs.keys().map(|it| it.as_str()).collect();
    assert!(!addresses.contains(&"b.html"), "{addresses:?}");
}

#[test]
fn what_is_wrong_with_a_changed_text_is_told_of_its_place_in_the_file() {
    let book = run(r##"
//- book.toml
[preprocessor.toc]
command = "sh toc.sh"
//- content/a.md
---
title: Postbox
---
# Postbox

TOC

Words {{#include b.txt}}

[broken](nowhere.md)
//- content/b.txt
[[nobody]]
//- content/actors/mss.md
---
name: Ministry
---
TOC
//- toc.sh
[ "$1" = supports ] && exit 0
sed -e 's/^.*\({"items":\[.*\]\),"sections":\[.*$/\1}/' \
    -e 's/TOC\\n/- [one](gone.md)\\n- two\\n- three\\n/g'
"##);
    let places: Vec<String> = book
        .build
        .diagnostics
        .iter()
        .map(|said| {
            let text = &book.inputs.files[&said.place.file];
            let text = std::str::from_utf8(text).expect("text");
            let at = said.place.span.range();
            let line =
                text[..at.start].lines().count() + usize::from(text[..at.start].ends_with('\n'));
            format!("{} {}:{line} `{}`", said.code, said.place.file, &text[at])
        })
        .collect();
    let mut places: Vec<&str> = places.iter().map(String::as_str).collect();
    places.sort_unstable();
    places.retain(|place| !place.starts_with("WS116"));
    assert_eq!(
        places,
        [
            "WS004 content/b.txt:1 `nobody`",
            "WS022 content/a.md:10 `nowhere.md`",
            "WS022 content/a.md:6 ``",
            "WS022 content/actors/mss.md:4 ``",
        ]
    );
    assert!(book.page("a.html").contains("<li>three</li>"));
    assert!(book.page("actors/mss.html").contains("<li>three</li>"));
}

/// Returns the diagnostics about preprocessors in a book whose only program is `script`.
fn told(keys: &str, script: &str) -> String {
    let book = run(&format!(
        "//- book.toml\n[preprocessor.one]\ncommand = \"sh one.sh\"\n{keys}\n[whosaid]\n\
         plugin-seconds = 1\n//- src/SUMMARY.md\n- [A](a.md)\n//- src/a.md\n# A\n\nas it was\n\
         //- one.sh\n{script}\n"
    ));
    assert!(book.page("a.html").contains("as it was"));
    let said = book.build.diagnostics.iter();
    let said = said.map(|it| format!("{} {}\n{}", it.code, it.message, it.hints.join("\n")));
    said.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_program_that_does_not_do_its_work_is_told_of() {
    let supports = "[ \"$1\" = supports ] && exit 0\n";
    let told = |keys: &str, script: &str| told(keys, &format!("{supports}{script}"));
    assert_eq!(
        told("", "echo oh >&2; echo dear >&2; exit 3"),
        "WS051 the preprocessor `one` failed: exit status: 3\nread the last line of its error output: `dear`"
    );
    assert!(told("", "echo Hello").contains("`one` ran, but its output is not valid JSON"));
    assert!(told("", "true").contains("ran, but its output is empty"));
    let hangs = told("", "exec sleep 60");
    assert!(
        hangs.contains("WS051 the preprocessor `one` did not finish within 1 s"),
        "{hangs}"
    );
    let deaf = told("", "exec 0<&-; echo '{}'");
    assert!(deaf.contains("its output is not a book"), "{deaf}");
    assert_eq!(told("renderers = [\"epub\"]", "exit 3"), "");
}

#[test]
fn a_program_that_does_not_serve_html_is_passed_by() {
    assert_eq!(
        told("", "[ \"$2\" = html ] && exit 1; echo dear >&2; exit 3"),
        ""
    );
}

#[test]
fn a_program_that_is_not_there_fails_the_book_unless_it_is_optional() {
    let book = |keys: &str| {
        run(&format!(
            "//- book.toml\n[preprocessor.no-such-thing]\n{keys}\n//- src/SUMMARY.md\n\
             - [A](a.md)\n//- src/a.md\n# A\n"
        ))
    };
    assert_eq!(book("").codes(), ["WS050"]);
    assert!(
        book("")
            .report()
            .contains("`cargo install mdbook-no-such-thing`")
    );
    assert_eq!(book("optional = true").codes(), ["WS150"]);
    assert_eq!(book("command = './none'").codes(), ["WS050"]);
    assert_eq!(book("command = \"a 'b\"").codes(), ["WS051"]);
    assert_eq!(
        book("before = ['b']\n[preprocessor.b]\nbefore = ['no-such-thing']").codes(),
        ["WS051"]
    );
}

#[test]
fn nothing_runs_without_permission() {
    let text = format!(
        "//- book.toml\n[preprocessor.one]\ncommand = \"sh -c 'touch was-here; exit 1'\"\n\
         //- src/SUMMARY.md\n- [A](a.md)\n//- src/a.md\n# A\n{OLDER}"
    );
    let dir = folder(&text);
    let whosaid = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
        let output = command.current_dir(dir.path()).args(arguments).output();
        let output = output.expect("the program runs");
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    for command in ["build", "check"] {
        let (code, said) = whosaid(&[command]);
        assert_eq!(code, Some(0), "{said}");
        assert!(
            said.contains("warning[WS150]: the preprocessor `one` was not run"),
            "{said}"
        );
        assert!(!dir.path().join("was-here").exists());
    }
    let (code, said) = whosaid(&["check", "--allow-plugins"]);
    assert_eq!(
        (code, said.as_str()),
        (
            Some(0),
            "running preprocessor one: sh -c 'touch was-here; exit 1'\n"
        ),
        "it does not serve HTML"
    );
    assert!(dir.path().join("was-here").exists());

    let allowed = text
        .replace("sh -c 'touch was-here; exit 1'", "sh older.sh")
        .replace(
            "//- src/S",
            "[whosaid]\nallow-plugins = ['one', 'two']\n//- src/S",
        )
        .replace("# A", "# OLDER");
    put(dir.path(), &allowed);
    let (code, said) = whosaid(&["build", "-d", "site", "--allow-plugins"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("WS123") && said.contains("unknown preprocessor `two` in `allow-plugins`"),
        "{said}"
    );
    let page = fs::read_to_string(dir.path().join("site/a.html")).expect("a page");
    assert!(page.contains("made by the older one"));
}

#[test]
fn a_program_is_asked_again_only_when_the_text_has_changed() {
    let text = r##"
//- book.toml
[preprocessor.one]
command = "sh one.sh"
//- src/SUMMARY.md
- [A](a.md)
//- src/a.md
# A
//- src/b.css
p { color: red }
//- one.sh
echo "$@" >> asked
[ "$1" = supports ] && exit 0
sed -e 's/^.*\({"items":\[.*\]\),"sections":\[.*$/\1}/' -e 's/A/B/g'
"##;
    let dir = folder(text);
    let mut plugins = Plugins::default();
    let mut asked = |dir: &Path| {
        let book = built(dir, &mut plugins);
        assert!(
            book.page("a.html").contains("B</a></h1>"),
            "{}",
            book.page("a.html")
        );
        fs::read_to_string(dir.join("asked"))
            .expect("it was asked")
            .lines()
            .count()
    };
    assert_eq!(
        asked(dir.path()),
        2,
        "whether it serves HTML, and for the chapters"
    );
    assert_eq!(asked(dir.path()), 2);
    fs::write(dir.path().join("src/b.css"), "p { color: blue }").expect("a file");
    assert_eq!(asked(dir.path()), 2, "a style sheet is no text");
    fs::write(dir.path().join("src/a.md"), "# AA\n").expect("a file");
    assert_eq!(asked(dir.path()), 3);
}
