//! Tests of the commands as processes.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use tempfile::TempDir;

/// The output and exit code of a process.
struct Run {
    out: String,
    err: String,
    code: Option<i32>,
}

fn program(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
    command.current_dir(dir).args(arguments);
    for variable in [
        "SOURCE_DATE_EPOCH",
        "CLICOLOR_FORCE",
        "CLICOLOR",
        "NO_COLOR",
    ] {
        command.env_remove(variable);
    }
    command
}

fn whosaid(dir: &Path, arguments: &[&str]) -> Run {
    finished(&mut program(dir, arguments))
}

fn finished(command: &mut Command) -> Run {
    let output = command.output().expect("the program runs");
    Run {
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
        code: output.status.code(),
    }
}

/// Returns a folder that contains the starter book in `book`.
fn starter() -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    let run = whosaid(dir.path(), &["init", "book"]);
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    dir
}

#[test]
fn a_new_book_builds_and_says_so_in_one_line() {
    let dir = TempDir::new().expect("a temporary folder");
    let run = whosaid(dir.path(), &["init", "my book", "--title", "Mine"]);
    assert_eq!(run.code, Some(0));
    assert_snapshot!(run.out, @r"
    created a book in my book; start with my book/content/postbox.md
    `whosaid build 'my book'` builds its site, my book/book/index.html
    ");
    let run = whosaid(dir.path(), &["build", "my book", "--deny-warnings"]);
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    assert_eq!(run.out.lines().count(), 1, "{}", run.out);
    assert!(run.out.starts_with("my book/book/: "), "{}", run.out);
    assert!(
        dir.path()
            .join("my book/book/.whosaid-manifest.json")
            .exists()
    );

    let run = whosaid(dir.path(), &["init", "my book"]);
    assert_eq!((run.out.as_str(), run.code), ("", Some(2)));
    assert_snapshot!(run.err, @r"
    error: cannot create a book in `my book`: `my book/book.toml` already exists
      = hint: choose a new folder
    ");
}

#[test]
fn a_book_gets_the_file_of_its_host_and_keeps_its_own() {
    let dir = TempDir::new().expect("a temporary folder");
    let run = whosaid(dir.path(), &["init", "My Desk", "--host", "github"]);
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    let book = dir.path().join("My Desk");
    let workflow = book.join(".github/workflows/pages.yml");
    let written = fs::read_to_string(&workflow).expect("a workflow");
    let version = format!("whosaid --locked --version {}", env!("CARGO_PKG_VERSION"));
    assert!(written.contains(&version), "{written}");
    assert!(book.join("content/postbox.md").exists());

    // In an existing book, only this file is added, and existing files do not change.
    let before = fs::read_to_string(book.join("book.toml")).expect("a configuration");
    for (host, file) in [
        ("gitlab", ".gitlab-ci.yml"),
        ("cloudflare", "wrangler.toml"),
        ("netlify", "netlify.toml"),
    ] {
        let run = whosaid(&book, &["init", "--host", host]);
        assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
        assert!(
            run.out
                .starts_with(&format!("created {file}, which publishes")),
            "{}",
            run.out
        );
        let text = fs::read_to_string(book.join(file)).expect(file);
        assert!(
            !text.contains("VERSION") && !text.contains("NAME"),
            "{text}"
        );
    }
    let wrangler = fs::read_to_string(book.join("wrangler.toml")).expect("a file");
    assert!(wrangler.contains("name = \"my-desk\""), "{wrangler}");
    fs::write(&workflow, "mine").expect("a file");
    let run = whosaid(&book, &["init", "--host", "github"]);
    assert_eq!((run.out.as_str(), run.code), ("", Some(2)));
    assert_snapshot!(run.err, @r"
    error: `./.github/workflows/pages.yml` already exists
      = hint: edit it as the chapter on hosts in the manual shows
    ");
    assert_eq!(fs::read_to_string(&workflow).expect("a file"), "mine");
    let now = fs::read_to_string(book.join("book.toml")).expect("a configuration");
    assert_eq!(before, now);
    assert_eq!(
        whosaid(&book, &["init", "--host", "gitlab", "--title", "X"]).code,
        Some(2)
    );
}

#[test]
fn what_a_host_is_told_to_run_runs() {
    let dir = TempDir::new().expect("a temporary folder");
    let run = whosaid(dir.path(), &["init", ".", "--host", "gitlab"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    for host in ["github", "cloudflare", "netlify"] {
        assert_eq!(whosaid(dir.path(), &["init", "--host", host]).code, Some(0));
    }
    let files = [
        ".gitlab-ci.yml",
        ".github/workflows/pages.yml",
        "netlify.toml",
    ];
    for file in files {
        let text = fs::read_to_string(dir.path().join(file)).expect(file);
        let line = text.lines().find(|line| line.contains("whosaid build"));
        let (_, arguments) = line.expect("a build").split_once("whosaid ").expect("it");
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        assert!(text.contains("MDBOOK_OUTPUT__HTML__SITE_URL"), "{file}");
        let mut build = program(dir.path(), &arguments);
        let run = finished(build.env("MDBOOK_OUTPUT__HTML__SITE_URL", "https://desk.example/x/"));
        assert_eq!((run.err.as_str(), run.code), ("", Some(0)), "{file}");
        // The build output is the folder that the file publishes.
        let folder = match arguments.as_slice() {
            ["build", "--tlp", "clear", "--dest-dir", folder] => folder,
            _ => "book",
        };
        let publishes = [
            format!("path: {folder}\n"),
            format!("- {folder}\n"),
            format!("publish = \"{folder}\"\n"),
        ];
        assert!(publishes.iter().any(|line| text.contains(line)), "{file}");
        let page = fs::read_to_string(dir.path().join(folder).join("postbox.html"));
        let canonical = "<link rel=\"canonical\" href=\"https://desk.example/x/postbox.html\">";
        assert!(page.expect("a page").contains(canonical), "{file}");
    }
}

#[test]
fn a_check_writes_no_file() {
    let dir = starter();
    let run = whosaid(&dir.path().join("book"), &["check"]);
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    assert!(run.out.starts_with("checked: "), "{}", run.out);
    assert!(!dir.path().join("book/book").exists());
}

#[test]
fn data_for_programs_is_alone_on_the_standard_output() {
    let dir = starter();
    for (command, format) in [("check", "json"), ("build", "json"), ("check", "sarif")] {
        let run = whosaid(dir.path(), &[command, "book", "--format", format]);
        let data: serde_json::Value = serde_json::from_str(&run.out).expect("JSON and no more");
        assert!(data.is_object());
        assert_eq!((run.err.lines().count(), run.code), (1, Some(0)));
    }
}

#[test]
fn the_site_goes_where_it_is_told_to() {
    let dir = starter();
    fs::create_dir(dir.path().join("full")).expect("a folder");
    fs::write(dir.path().join("full/notes.txt"), "mine").expect("a file");
    assert_eq!(
        whosaid(dir.path(), &["build", "book", "-d", "new/site"]).code,
        Some(0)
    );
    assert!(dir.path().join("new/site/.whosaid-manifest.json").exists());
    let run = whosaid(dir.path(), &["build", "book", "--dest-dir", "full"]);
    assert_eq!((run.out.as_str(), run.code), ("", Some(2)));
    assert!(run.err.contains("--force"), "{}", run.err);
    let run = whosaid(dir.path(), &["build", "book", "-d", "full", "--force"]);
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    assert_eq!(
        fs::read_to_string(dir.path().join("full/notes.txt")).expect("a file"),
        "mine"
    );
    assert_eq!(
        whosaid(dir.path(), &["build", "book", "-d", "book"]).code,
        Some(2)
    );
}

#[test]
fn what_cannot_be_run_exits_with_2() {
    let dir = starter();
    for arguments in [
        &[][..],
        &["biuld"],
        &["build", "--as-of", "2021-02-30"],
        &["build", "--raw-html", "all"],
        &["build", "nowhere"],
        &["check", "."],
        &["explain"],
        &["explain", "WS999"],
        &["completions", "tcl"],
    ] {
        let run = whosaid(dir.path(), arguments);
        assert_eq!((run.out.as_str(), run.code), ("", Some(2)), "{arguments:?}");
        assert!(!run.err.is_empty(), "{arguments:?}");
    }
    let mut build = program(dir.path(), &["build", "book"]);
    let run = finished(build.env("SOURCE_DATE_EPOCH", "now"));
    assert_eq!(run.code, Some(2));
    assert_snapshot!(run.err, @r"
    error: invalid `SOURCE_DATE_EPOCH`: `now`
      = hint: set it to a number of seconds since 1970, such as `1700000000`, or unset it
    ");
}

#[test]
fn the_manual_is_at_hand() {
    let dir = TempDir::new().expect("a temporary folder");
    let run = whosaid(dir.path(), &["explain", "ws006"]);
    assert!(
        run.out.starts_with("## WS006 ambiguous name\n"),
        "{}",
        run.out
    );
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    assert_eq!(
        whosaid(dir.path(), &["explain", "ambiguous-name"]).out,
        run.out
    );
    assert!(
        whosaid(dir.path(), &["explain", "--list"])
            .out
            .contains("WS101  ")
    );
    let run = whosaid(dir.path(), &["--version"]);
    assert_eq!(run.out, format!("whosaid {}\n", env!("CARGO_PKG_VERSION")));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(
            whosaid(dir.path(), &["completions", shell])
                .out
                .contains("whosaid")
        );
    }
}

/// `| head -0`: the reader has closed the pipe before the first byte.
#[test]
fn a_closed_pipe_is_no_fault() {
    let dir = starter();
    for arguments in [
        &["explain", "--list"][..],
        &["completions", "zsh"],
        &["check", "book", "--format", "sarif"],
        &["build", "book"],
        &["--help"],
    ] {
        let mut child = program(dir.path(), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        let err = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {err}");
        assert!(!err.contains("panicked"), "{err}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_the_standard_output_is_told() {
    let dir = TempDir::new().expect("a temporary folder");
    let full = File::create("/dev/full").expect("a device that is always full");
    let run = finished(program(dir.path(), &["explain", "--list"]).stdout(full));
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("standard output"), "{}", run.err);
}

/// Returns a small book with one error, whose only text is `body`.
fn book_of(body: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    fs::create_dir(dir.path().join("content")).expect("a folder");
    fs::write(dir.path().join("content/a.md"), body).expect("a file");
    dir
}

#[test]
fn the_authors_mistakes_exit_with_1_and_leave_the_old_site() {
    let dir = book_of("# A page\n");
    assert_eq!(whosaid(dir.path(), &["build"]).code, Some(0));
    fs::write(dir.path().join("content/a.md"), "# Another [[page]]\n").expect("a file");
    let run = whosaid(dir.path(), &["build"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.contains("error[WS004]: unknown name `page`"),
        "{}",
        run.err
    );
    assert!(run.err.contains("content/a.md:1:13"), "{}", run.err);
    let page = fs::read_to_string(dir.path().join("book/a.html")).expect("the old page");
    assert!(page.contains("A page"), "{page}");
    assert_eq!(whosaid(dir.path(), &["check"]).code, Some(1));
}

#[test]
fn warnings_count_only_when_they_are_denied() {
    let dir = book_of("# A page\n\nExperts say so.\n");
    assert_eq!(whosaid(dir.path(), &["check"]).code, Some(0));
    assert_eq!(
        whosaid(dir.path(), &["check", "--deny-warnings"]).code,
        Some(1)
    );
    fs::write(
        dir.path().join("book.toml"),
        "[whosaid.lints]\nWS120 = \"error\"\n",
    )
    .expect("a file");
    assert_eq!(whosaid(dir.path(), &["check"]).code, Some(1));
    fs::write(
        dir.path().join("book.toml"),
        "[whosaid.lints]\nWS120 = \"allow\"\n",
    )
    .expect("a file");
    assert_eq!(
        whosaid(dir.path(), &["check", "--deny-warnings"]).code,
        Some(0)
    );
}

#[test]
fn a_configuration_that_cannot_be_read_exits_with_2() {
    let dir = book_of("# A page\n");
    fs::write(dir.path().join("book.toml"), "[book\n").expect("a file");
    let run = whosaid(dir.path(), &["check"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("WS036"), "{}", run.err);
}

#[test]
fn positions_after_the_day_asked_for_do_not_count() {
    let dir = book_of(
        "# A page\n\n[It ran](claim:run \"by=us against=prc on=2021-07-19\") [@st].\n\n[No](denies:run \"by=prc on=2021-07-20\") [@st].\n",
    );
    for (file, text) in [
        ("actors/us.md", "---\nname: United States\n---\n"),
        ("actors/prc.md", "---\nname: China\n---\n"),
        (
            "sources/st.md",
            "---\ntitle: A statement\ndate: 2021-07-20\n---\n",
        ),
    ] {
        let path = dir.path().join("content").join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let page = |arguments: &[&str]| {
        let run = whosaid(dir.path(), arguments);
        assert!(
            dir.path().join("book/claims/run.html").exists(),
            "{}",
            run.err
        );
        fs::read_to_string(dir.path().join("book/claims/run.html")).expect("the claim's page")
    };
    assert!(page(&["build"]).to_lowercase().contains("denied"));
    assert!(
        page(&["build", "--as-of", "2021-07-19"])
            .to_lowercase()
            .contains("unanswered")
    );
}

#[test]
fn what_the_environment_says_of_the_text_folder_guards_it() {
    let dir = TempDir::new().expect("a temporary folder");
    fs::create_dir_all(dir.path().join("text")).expect("a folder");
    fs::create_dir_all(dir.path().join("src")).expect("a folder");
    fs::write(dir.path().join("text/a.md"), "# A\n").expect("a file");
    let mut command = program(dir.path(), &["build", "-d", "text/out"]);
    let run = finished(command.env("MDBOOK_BOOK__SRC", "text"));
    assert_eq!((run.out.as_str(), run.code), ("", Some(2)));
    assert!(
        run.err
            .contains("it is inside `text`, which is part of the book"),
        "{}",
        run.err
    );
    assert!(!dir.path().join("text/out").exists());
}

/// Typical mistakes of an mdBook user, in one text.
const MISTAKES: &str = "\
# A

{{#include none.txt}} {{#include ../../outside.txt}}

[nowhere](none.md), [the anchor](b.md#none), ![none](none.png)

## One {#same}

## Two {#same}
";

#[test]
fn every_mistake_of_a_book_is_told_with_its_place() {
    let dir = TempDir::new().expect("a temporary folder");
    let put = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    put(
        "book.toml",
        "[book]\ntitel = 'x'\n[output.html]\ngoogle-analytics = 'y'\n",
    );
    put(
        "src/SUMMARY.md",
        "- [A](a.md)\n- [B](b.md)\n- [Gone](gone.md)\n- [Out](https://example.org)\n- no link\n",
    );
    put("src/a.md", MISTAKES);
    put("src/b.md", "# B\n");
    let places = [
        "WS123 book.toml:2",
        "WS123 book.toml:4",
        "WS034 src/SUMMARY.md:5",
        "WS024 src/a.md:3",
        "WS022 src/a.md:5",
        "WS005 src/a.md:5",
        "WS023 src/a.md:5",
        "WS016 src/a.md:9",
    ];
    let told = || {
        let run = whosaid(dir.path(), &["check", "--format", "json"]);
        let said: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let said = said["diagnostics"].as_array().expect("a list").iter();
        let told = said.map(|said| {
            let text = |key: &str| said[key].as_str().unwrap_or("").to_owned();
            let line = said["line"].as_u64().unwrap_or(0);
            format!("{} {}:{line}", text("code"), text("file"))
        });
        (told.collect::<Vec<_>>(), run.code)
    };
    let (plain, code) = told();
    let missing: Vec<_> = places
        .iter()
        .filter(|place| !plain.iter().any(|it| it == **place))
        .collect();
    assert!(missing.is_empty(), "{missing:?} are not among {plain:#?}");
    // A URL in `SUMMARY.md` is an error in a plain book, too.
    assert_eq!(code, Some(1));

    put("src/actors/brennia.md", "---\nname: Brennia\n---\n");
    let (annotated, code) = told();
    let missing: Vec<_> = places
        .iter()
        .filter(|place| !annotated.iter().any(|it| it == **place))
        .collect();
    assert!(
        missing.is_empty(),
        "{missing:?} are not among {annotated:#?}"
    );
    let summary: Vec<_> = annotated
        .iter()
        .filter(|it| it.contains("SUMMARY.md"))
        .collect();
    assert_eq!(summary.len(), 3, "{summary:?}");
    assert_eq!(code, Some(1));
}

#[test]
fn a_record_goes_where_it_is_told_and_replaces_nothing_unasked() {
    let dir = starter();
    let run = whosaid(dir.path(), &["export", "json", "book"]);
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    assert!(run.out.starts_with("{\n"), "{}", run.out);

    let to_file = ["export", "json", "book", "--output", "out/own.json"];
    assert_eq!(whosaid(dir.path(), &to_file).code, Some(0));
    let written = fs::read_to_string(dir.path().join("out/own.json")).expect("the file");
    assert_eq!(written, run.out);
    let again = whosaid(dir.path(), &to_file);
    assert_eq!((again.out.as_str(), again.code), ("", Some(2)));
    assert_snapshot!(again.err, @r"
    error: `out/own.json` already exists
      = hint: choose another file, or replace it with `--force`
    ");
    let forced = [&to_file[..], &["--force"]].concat();
    assert_eq!(whosaid(dir.path(), &forced).code, Some(0));

    let run = whosaid(dir.path(), &["export", "csv", "book"]);
    assert_eq!((run.out.as_str(), run.code), ("", Some(2)));
    assert_snapshot!(run.err, @r"
    error: the format `csv` has several files
      = hint: add a folder for them: `--output csv/`
    ");
    let run = whosaid(dir.path(), &["export", "csv", "book", "-o", "tables"]);
    assert_eq!((run.err.as_str(), run.code), ("", Some(0)));
    let tables = dir.path().join("tables");
    assert!(tables.join("datapackage.json").exists() && tables.join("claims.csv").exists());
}

#[test]
fn a_book_with_an_error_or_without_claims_of_ours_is_not_exported() {
    let dir = starter();
    let wrong = dir.path().join("book/content/wrong.md");
    fs::write(&wrong, "# Wrong\n\nSo says [[nobody]].\n").expect("a file");
    let run = whosaid(dir.path(), &["export", "json", "book", "-o", "out.json"]);
    assert_eq!(run.code, Some(1));
    assert!(run.err.ends_with("nothing was exported\n"), "{}", run.err);
    assert!(!dir.path().join("out.json").exists());

    let plain = dir.path().join("plain/src");
    fs::create_dir_all(&plain).expect("a folder");
    fs::write(plain.join("SUMMARY.md"), "- [One](one.md)\n").expect("a file");
    fs::write(plain.join("one.md"), "# One\n").expect("a file");
    let run = whosaid(dir.path(), &["export", "json", "plain"]);
    assert_eq!((run.out.as_str(), run.code), ("", Some(2)));
    assert!(run.err.contains("has no claims to export"), "{}", run.err);
}
