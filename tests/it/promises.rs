//! Tests of promises in the security chapter that no other test covers, and of the chapter itself.

#![expect(
    clippy::disallowed_methods,
    reason = "the promises are about files and programs"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use whosaid::config::Export;
use whosaid::diag::Severity;

use crate::book::{self, book, files};
use crate::limits::rows;
use crate::repository;

/// A book with a file of every kind.
const BOOK: &str = "//- content/a.md
# A

[[us]] [says so](claim:said \"by=us\") [@memo].
//- content/actors/us.md
---
name: US
---
//- content/claims/said.md
---
text: It is so.
---
//- content/sources/memo.md
---
title: A memo
date: 2021
---
";

/// Writes a book to a temporary folder `book`.
fn written(text: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in files(text) {
        let file = folder.path().join("book").join(path.as_str());
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, bytes).expect("a file");
    }
    folder
}

fn whosaid(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_whosaid"))
        .args(args)
        .current_dir(folder)
        .output()
        .expect("it runs")
}

/// Returns every file below a folder with its bytes.
fn all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let found = walkdir::WalkDir::new(folder).into_iter().flatten();
    let found = found.filter(|entry| entry.file_type().is_file());
    found
        .map(|entry| {
            let bytes = fs::read(entry.path()).expect("a file");
            (entry.path().display().to_string(), bytes)
        })
        .collect()
}

#[test]
fn every_promise_names_a_test_that_there_is() {
    let manual = repository::text("docs/security.md");
    let rows = rows(&manual, "Promises");
    assert!(rows.len() > 25, "the table was not read");
    for row in rows {
        let quoted: Vec<&str> = row[1].split('`').skip(1).step_by(2).collect();
        let [file, name] = quoted.as_slice() else {
            panic!("`{}` names no file and test", row[1]);
        };
        let places = ["tests/it/", "tests/browser/", "src/"];
        let places = places.iter().map(|place| format!("{place}{file}"));
        let text = places
            .filter(|place| Path::new(env!("CARGO_MANIFEST_DIR")).join(place).exists())
            .map(|place| repository::text(&place))
            .collect::<String>();
        let is_there = text.contains(&format!("fn {name}()"))
            || text.contains(&format!(": {name}`"))
            || text.contains(&format!("'{name}'"));
        assert!(is_there, "there is no test `{name}` in `{file}`");
    }
}

#[test]
fn no_build_dir_costs_a_file_that_is_not_ours() {
    let dirs = [
        "",
        ".",
        "..",
        "/",
        "content",
        "content/actors",
        "./content/../content",
        "book.toml",
        "templates",
        "static",
        "link",
        "repo",
        "full",
        "../other",
        "a/../..",
    ];
    for dir in dirs {
        let folder = written(&format!(
            "{BOOK}//- book.toml\n[build]\nbuild-dir = \"{dir}\"\n"
        ));
        let root = folder.path().join("book");
        for (path, text) in [
            ("book/repo/.git/HEAD", "ref"),
            ("book/repo/readme", "x"),
            ("book/full/of/papers", "x"),
            ("book/templates/footer.html", "x"),
            ("book/static/own.css", "x"),
            ("other/papers", "x"),
            ("papers", "x"),
        ] {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("a file");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("../other", root.join("link")).expect("a link");
        let before = all(folder.path());
        let ended = whosaid(&root, &["build"]);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        // If a text folder is the output folder, it is not read, so its content is missing.
        let code = ended.status.code();
        assert!(matches!(code, Some(1 | 2)), "`{dir}`: {code:?} {said}");
        assert!(said.contains('`'), "`{dir}` is not named: {said}");
        assert_eq!(all(folder.path()), before, "`{dir}`: {said}");
    }
}

/// With and without an error in the book; `serve` until it has shown the site.
#[test]
fn only_init_and_import_write_into_a_book() {
    for text in [BOOK.to_owned(), BOOK.replace("[[us]]", "[[nobody]]")] {
        let folder = written(&text);
        let root = folder.path().join("book");
        let before = all(&root);
        let site = folder.path().join("site");
        let site = site.to_str().expect("UTF-8");
        let mut commands: Vec<Vec<&str>> = vec![
            vec!["build", "--dest-dir", site],
            vec!["build", "--dest-dir", site, "--verify"],
            vec!["check"],
            vec!["explain", "--list"],
            vec!["completions", "bash"],
            vec!["mdbook", "supports", "html"],
        ];
        let exported = folder.path().join("data");
        let exported = exported.to_str().expect("UTF-8");
        fs::create_dir(exported).expect("a folder");
        commands.extend(
            Export::ALL
                .map(|format| vec!["export", format.word(), "--output", exported, "--force"]),
        );
        for command in commands {
            let ended = whosaid(&root, &command);
            assert!(ended.status.code().is_some(), "{command:?}: {ended:?}");
            assert_eq!(all(&root), before, "{command:?}");
        }
        let mut serving = Command::new(env!("CARGO_BIN_EXE_whosaid"))
            .arg("serve")
            .current_dir(&root)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("it runs");
        let said = serving.stdout.take().expect("a pipe");
        let mut address = String::new();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(said), &mut address)
            .expect("a line");
        serving.kill().expect("it ends");
        serving.wait().expect("it ended");
        assert!(address.starts_with("http://127.0.0.1:"), "{address}");
        assert_eq!(all(&root), before, "serve");
    }
}

#[test]
fn one_run_tells_the_faults_of_all_files() {
    let text = BOOK
        .replace("[[us]]", "[[nobody]]")
        .replace("name: US", "name: US\nkind: ship")
        .replace("text: It is so.", "text: It is so.\nagainst: [nobody]")
        .replace("date: 2021", "date: 2021-02-30")
        + "//- book.toml\n[whosaid]\nautolinks = true\n\
           //- templates/actor.html\n{{ nothing.here }}\n";
    let told = || {
        let book = book(&text);
        let places = book.build.diagnostics.iter();
        let places = places.map(|said| (said.code.id(), said.place.file.to_string()));
        places.collect::<Vec<_>>()
    };
    let said = told();
    for file in [
        "book.toml",
        "content/a.md",
        "content/actors/us.md",
        "content/claims/said.md",
        "content/sources/memo.md",
        "templates/actor.html",
    ] {
        assert!(said.iter().any(|(_, at)| at == file), "{file}: {said:?}");
    }
    assert_eq!(said, told());
}

/// Errors in texts, front matter, bibliographies and templates.
const BAD: [&str; 64] = [
    "",
    "\0",
    "\u{feff}",
    "---",
    "---\n",
    "---\n---",
    "---\n: \n---\n",
    "---\ntitle: [\n---\n",
    "---\n? a\n---\n",
    "---\n- a\n---\n",
    "---\na: &a b\nc: *a\n---\n",
    "---\n<<: *x\n---\n",
    "---\ntitle: \"\\uD800\"\n---\n",
    "---\nid: ../../x\n---\n",
    "---\nid: [a]\n---\n",
    "---\ndate: 99999999999-01-01\n---\n",
    "---\ntlp: ultra\n---\n",
    "---\naliases: [/../../x.html]\n---\nx",
    "---\nimage: ../../../etc/passwd\nname: x\n---\n",
    "---\nurl: javascript:x\nname: x\ntitle: x\n---\n",
    "---\npart-of: us\nname: x\n---\n",
    "---\ndefaults: {by: nobody, on: 2021-99}\n---\n[x](claim:dd)",
    "+++\n",
    "+++\ntitle=\n+++\n",
    "<!-- whosaid",
    "<!-- whosaid\ntitle: x",
    "{{#include",
    "{{#include a.md}}",
    "{{#include ../../../etc/passwd}}",
    "{{#include a.md:9999999999999999999999:}}",
    "{{#include é:5:1}}",
    "{{#playground x}}",
    "{{#title}}",
    "[x](claim:)",
    "[x](claim:said \"by=\")",
    "[x](claim:said \"by='us\")",
    "[x](denies:zz \"by=us\")",
    "[x](claim:said,said \"by=us on=2021-13\")",
    "[x]{.claim #}",
    "[x]{",
    "[](claim:said \"by=us\")",
    "[x][y]\n\n[y]: claim:said \"by=us\"",
    "> — [x](claim:said)",
    "[@]",
    "[@;@;]",
    "[-@memo, ]",
    "[x](event: \"on=\")",
    "[[]]",
    "[[|]]",
    "[[us#]]",
    "![[../../x.png]]",
    "[x](../../../../x)",
    "[x](a%00b.md)",
    "[x](%ff.md)",
    "[^x]: [^x]",
    "# \n# \n#",
    "# x {by=us on=2021",
    "|a|\n|-|\n|[[us\\|x]]|",
    "<a href='",
    "&#x110000;&#0;&#xD800;",
    "@a{",
    "@a{bb,crossref={cc}}@a{cc,crossref={bb}}",
    "@string{a=a}@b{cc,title=a}",
    "[{\"id\":1}]",
];

#[test]
fn no_bad_file_panics_and_every_fault_names_a_file() {
    let roles = [
        "content/a.md",
        "content/actors/us.md",
        "content/claims/said.md",
        "content/sources/memo.md",
        "content/SUMMARY.md",
        "content/r.bib",
        "content/r.json",
        "content/r.yml",
        "book.toml",
    ];
    for role in roles {
        let mut files = files(BOOK);
        let settings = match role.strip_prefix("content/r.") {
            Some(kind) => format!("[whosaid]\nbibliography = \"r.{kind}\"\n"),
            None => String::new(),
        };
        let path = |path: &str| whosaid::text::SitePath::new(path).expect("a path");
        files.insert(path("book.toml"), settings.into_bytes().into());
        for bad in BAD {
            files.insert(path(role), bad.as_bytes().into());
            let book = book::build(book::inputs(files.clone()));
            for said in &book.build.diagnostics {
                let is_named = files.contains_key(&said.place.file);
                assert!(is_named, "{role} {bad:?}: {said:?}");
                let is_blank = said.message.is_empty()
                    || said.severity == Severity::Error
                        && said.label.is_empty()
                        && said.hints.is_empty();
                assert!(!is_blank, "{role} {bad:?}: {said:?}");
            }
        }
    }
}

#[test]
fn pages_that_would_share_an_address_are_told_both() {
    for (one, other) in [
        ("é.md", "e\u{301}.md"),
        ("Report.md", "report.md"),
        ("x.md", "x.html"),
        ("x/README.md", "x/index.md"),
        ("index.md", "README.md"),
    ] {
        let page = |name: &str| format!("//- content/{name}\n# {name}\n");
        let book = book(&(page(one) + &page(other)));
        let errors = book.build.diagnostics.iter();
        let errors: Vec<_> = errors.filter(|it| it.severity == Severity::Error).collect();
        assert!(!errors.is_empty(), "{one} and {other}");
        let named = |name: &str| {
            let (name, file) = (format!("`{name}`"), format!("content/{name}"));
            errors.iter().any(|it| {
                let others = it.others.iter().map(|(place, _)| place);
                let mut places = std::iter::once(&it.place).chain(others);
                places.any(|place| place.file.as_str() == file) || it.message.contains(&name)
            })
        };
        assert!(named(one) && named(other), "{}", book.report());
    }
}

#[test]
fn nothing_outside_of_the_book_is_read_into_it() {
    let folder = written(&format!(
        "{BOOK}//- content/b.md\n---\naliases: [../../up.html]\n---\n# B\n\n\
         {{{{#include ../../secret.txt}}}} {{{{#include /etc/hostname}}}} ![x](../../secret.png) \
         [x](../../secret.txt)\n\
         //- book.toml\n[whosaid]\nbibliography = \"../../secret.bib\"\n\
         [output.html]\nadditional-css = [\"../secret.css\"]\n"
    ));
    for name in ["secret.txt", "secret.png", "secret.bib", "secret.css"] {
        fs::write(folder.path().join(name), "THE-SECRET").expect("a file");
    }
    let root = folder.path().join("book");
    let ended = whosaid(&root, &["build"]);
    assert!(matches!(ended.status.code(), Some(1 | 2)), "{ended:?}");
    let told = [ended.stdout, ended.stderr].concat();
    assert!(!String::from_utf8_lossy(&told).contains("THE-SECRET"));
    let inside = all(&root);
    assert!(
        inside
            .values()
            .all(|bytes| !String::from_utf8_lossy(bytes).contains("THE-SECRET"))
    );
}

/// A plain mdBook book includes files from its project only. A book without a project includes
/// nothing from outside, and an annotated book neither.
#[test]
fn a_plain_book_includes_from_its_project_and_not_from_around_it() {
    let plain = "//- src/SUMMARY.md\n- [A](a.md)\n//- src/a.md\n# A\n\n\
                 {{#include ../../README.md}}\n\n{{#include ../../.env}} \
                 {{#include ../../linked.txt}} {{#include ../../hidden.txt}} \
                 {{#include ../../../secret.txt}} {{#include ../../../../../../etc/hostname}}\n";
    let annotated = format!("{BOOK}//- content/b.md\n# B\n\n{{{{#include ../../README.md}}}}\n");
    for (text, marker, takes) in [
        (plain, Some(".git/config"), true),
        (plain, Some("Cargo.toml"), true),
        (plain, None, false),
        (&annotated, Some(".git/config"), false),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let project = folder.path().join("project");
        for (path, bytes) in files(text) {
            let file = project.join("book").join(path.as_str());
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, bytes).expect("a file");
        }
        fs::write(folder.path().join("secret.txt"), "THE-SECRET").expect("a file");
        fs::write(project.join(".env"), "THE-SECRET").expect("a file");
        fs::write(
            project.join("README.md"),
            "Its *project*, {{#include part.md}}",
        )
        .expect("a file");
        fs::write(project.join("part.md"), "and a [part](nowhere.md).").expect("a file");
        #[cfg(unix)]
        for (name, to) in [("linked.txt", "../secret.txt"), ("hidden.txt", ".env")] {
            std::os::unix::fs::symlink(to, project.join(name)).expect("a link");
        }
        if let Some(marker) = marker {
            let marker = project.join(marker);
            fs::create_dir_all(marker.parent().expect("a folder")).expect("a folder");
            fs::write(marker, "THE-SECRET").expect("a file");
        }
        let root = project.join("book");
        let ended = whosaid(&root, &["build"]);
        let code = if text == plain { 0 } else { 1 };
        assert_eq!(ended.status.code(), Some(code), "{marker:?} {ended:?}");
        let told = String::from_utf8_lossy(&[ended.stdout, ended.stderr].concat()).into_owned();
        let site = all(&root.join("book"));
        let holds = |words: &str| {
            let mut bytes = site.values().map(|it| String::from_utf8_lossy(it));
            bytes.any(|text| text.contains(words))
        };
        assert!(
            !told.contains("THE-SECRET") && !holds("THE-SECRET"),
            "{marker:?}"
        );
        assert!(!told.contains(".around") && !holds(".around"), "{told}");
        assert_eq!(
            holds("Its <em>project</em>, and a"),
            takes,
            "{marker:?} {told}"
        );
        // A problem in a file outside of the book is reported at the line that includes it.
        let shown = told.contains("broken link `nowhere.md`\n --> src/a.md:3:1\n");
        assert_eq!(shown, takes, "{told}");
    }
}

/// With everything that a site can contain: cards, feeds, the search index and every export.
#[test]
fn nothing_of_the_machine_is_in_the_site() {
    let words: Vec<String> = Export::ALL.map(|it| format!("{:?}", it.word())).into();
    let folder = written(&format!(
        "{BOOK}//- content/b.md\n# B\n\n```rust\nfn main() {{}}\n```\n\n![a](a.svg)\n\
         //- content/a.svg\n<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n\
         //- theme/own.css\nbody {{}}\n//- theme/own.js\n1;\n\
         //- book.toml\n[output.html]\nsite-url = \"https://desk.example/\"\n\
         additional-css = [\"theme/own.css\"]\nadditional-js = [\"theme/own.js\"]\n\
         [whosaid]\nexports = [{}]\n",
        words.join(", ")
    ));
    let root = folder.path().join("book");
    let moved = folder.path().join("qxz-desk-of-qxzuser");
    fs::rename(&root, &moved).expect("it moves");
    let whosaid = |name: &str| {
        let mut run = Command::new(name);
        let home = folder.path().join("qxzhome");
        run.current_dir(&moved)
            .env("USER", "qxzuser")
            .env("LOGNAME", "qxzuser")
            .env("HOME", home)
            .env("HOSTNAME", "qxzhost")
            .env("TMPDIR", "/tmp/qxztmp");
        run
    };
    let program = env!("CARGO_BIN_EXE_whosaid");
    // If possible, the host name is set to a recognizable one.
    let script = "hostname qxzhost && exec \"$@\"";
    let ended = whosaid("unshare")
        .args([
            "--user",
            "--map-root-user",
            "--uts",
            "sh",
            "-c",
            script,
            "sh",
        ])
        .args([program, "build"])
        .output();
    let is_done = |ended: &Output| ended.status.success();
    if !ended.as_ref().is_ok_and(is_done) {
        let ended = whosaid(program).arg("build").output().expect("it runs");
        assert!(ended.status.success(), "{ended:?}");
    }
    let site = all(&moved.join("book"));
    assert!(site.len() > 40, "{}", site.len());
    let compiled_at = env!("CARGO_MANIFEST_DIR");
    for needed in [
        ".sqlite", ".parquet", ".xml", ".png", ".js", ".css", ".ics", ".graphml",
    ] {
        assert!(
            site.keys().any(|path| path.ends_with(needed)),
            "no {needed}"
        );
    }
    for (path, bytes) in &site {
        let mut texts = vec![bytes.clone()];
        // Also every second byte, to find text in UTF-16.
        texts.extend([0, 1].map(|from| bytes.iter().skip(from).step_by(2).copied().collect()));
        for text in texts {
            let text = String::from_utf8_lossy(&text);
            for word in ["qxz", compiled_at, "/home/", "/.cargo/", "/root/", "rustc/"] {
                assert!(!text.contains(word), "{path}: {word}");
            }
        }
    }
    for format in Export::ALL {
        let to = folder.path().join(format.word());
        let ended = whosaid(program)
            .args(["export", format.word(), "--output"])
            .arg(&to)
            .output()
            .expect("it runs");
        assert!(ended.status.success(), "{format:?}: {ended:?}");
        for (path, bytes) in all(&to) {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("qxz"), "{path}");
        }
    }
}

/// In a separate network namespace without any interface that is up.
#[cfg(target_os = "linux")]
#[test]
fn a_book_is_built_without_a_network() {
    let alone = |command: &[&str]| {
        let mut unshare = Command::new("unshare");
        unshare
            .args(["--user", "--map-root-user", "--net"])
            .args(command);
        unshare.output()
    };
    let is_possible = alone(&["true"]).is_ok_and(|ended| ended.status.success());
    let folder = written(BOOK);
    let root = folder.path().join("book");
    let program = env!("CARGO_BIN_EXE_whosaid");
    let book = root.to_str().expect("UTF-8");
    let ended = if is_possible {
        alone(&[program, "build", book]).expect("it runs")
    } else {
        whosaid(&root, &["build"])
    };
    assert!(ended.status.success(), "{ended:?}");
    for (path, text) in repository::texts("src", "rs") {
        let is_edge = ["src/serve/", "src/cli/"]
            .iter()
            .any(|room| path.as_str().starts_with(room));
        let opens = ["std::net", "TcpStream", "UdpSocket", "tokio::net"];
        let opens = opens.iter().any(|word| text.contains(word));
        assert!(is_edge || !opens, "{path} opens a network");
    }
}

#[cfg(unix)]
#[test]
fn what_the_system_refuses_is_named_and_ends_with_2() {
    use std::os::unix::fs::symlink;
    let refused = |spoil: &dyn Fn(&Path), name: &str| {
        let folder = written(BOOK);
        let root = folder.path().join("book");
        spoil(&root);
        let ended = whosaid(&root, &["build"]);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(2), "{name}: {said}");
        assert!(said.contains(name), "{name} is not named: {said}");
    };
    refused(
        &|root| symlink("loop.md", root.join("content/loop.md")).expect("a link"),
        "loop.md",
    );
    refused(
        &|root| symlink(".", root.join("content/round")).expect("a link"),
        "round",
    );
    refused(
        &|root| symlink("/etc/passwd", root.join("content/out.md")).expect("a link"),
        "out.md",
    );
    refused(
        &|root| symlink("nothing", root.join("content/gone.md")).expect("a link"),
        "gone.md",
    );
    let pipe = |root: &Path| {
        let made = Command::new("mkfifo")
            .arg(root.join("content/pipe.md"))
            .status();
        assert!(made.expect("mkfifo").success());
    };
    refused(&pipe, "pipe.md");
    let huge = |root: &Path| {
        let file = fs::File::create(root.join("content/huge.bin")).expect("a file");
        file.set_len(512 * 1024 * 1024 + 1).expect("a hole");
    };
    refused(&huge, "huge.bin");
}
