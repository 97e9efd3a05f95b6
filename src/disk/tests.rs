use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::civil::date;
use tempfile::TempDir;

use super::*;
use crate::compile::{Inputs, Options, Outputs};
use crate::text::SitePath;

/// A folder with the files of one text, each behind a line `//- path`.
fn folder(files: &str) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    for file in files.split("//- ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        put(dir.path(), path.trim(), text);
    }
    dir
}

fn put(dir: &Path, path: &str, text: &str) {
    let file = dir.join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    fs::write(file, text).expect("a file");
}

fn read_book(dir: &Path) -> anyhow::Result<Inputs> {
    read(dir, Options::default(), date(2031, 3, 10))
}

/// The paths that are read, on one line.
fn paths(dir: &Path) -> String {
    let inputs = read_book(dir).expect("a readable book");
    let paths: Vec<&str> = inputs.files.keys().map(SitePath::as_str).collect();
    paths.join(" ")
}

/// What is said of a book that cannot be read, with the folder's own path taken out.
fn refusal(dir: &Path) -> String {
    without(dir, read_book(dir).expect_err("an unreadable book"))
}

fn without(dir: &Path, error: anyhow::Error) -> String {
    let real = fs::canonicalize(dir).expect("a folder");
    format!("{error:#}")
        .replace(&format!("{}/", real.display()), "")
        .replace(&format!("{}/", dir.display()), "")
        .replace(&dir.display().to_string(), "DIR")
}

/// A site of one text, as for [`folder`].
fn site(files: &str) -> Outputs {
    let file = |file: &str| {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        let path = SitePath::new(path.trim()).expect("a path in a test");
        (path, text.as_bytes().into())
    };
    files.split("//- ").skip(1).map(file).collect()
}

/// Every file below the folder, with what is in it; folders end with a slash.
fn listed(dir: &Path) -> String {
    let mut lines = Vec::new();
    for entry in walkdir::WalkDir::new(dir).min_depth(1).sort_by_file_name() {
        let entry = entry.expect("an entry");
        let path = entry
            .path()
            .strip_prefix(dir)
            .expect("a path below")
            .display();
        if entry.file_type().is_dir() {
            lines.push(format!("{path}/"));
        } else if entry.file_name() != manifest::MANIFEST {
            let text = fs::read_to_string(entry.path()).expect("a text");
            lines.push(format!("{path}={}", text.trim()));
        }
    }
    lines.join(" ")
}

/// A book and a place beside it to publish in.
struct Desk {
    dir: TempDir,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            dir: folder("//- book/book.toml\n//- book/content/a.md\n"),
        }
    }

    fn book(&self) -> PathBuf {
        self.dir.path().join("book")
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    fn publish(&self, files: &str) -> Published {
        publish(&site(files), &self.out(), &self.book(), false).expect("a published site")
    }

    fn refused(&self, files: &str, to: &Path) -> String {
        let refused = publish(&site(files), to, &self.book(), false);
        without(self.dir.path(), refused.expect_err("a refusal"))
    }
}

fn done(written: usize, unchanged: usize, removed: usize) -> Published {
    Published {
        written,
        unchanged,
        removed,
    }
}

#[test]
fn the_parts_of_a_book_are_read_and_nothing_else() {
    let book = folder(
        "//- book.toml\n[output.html]\nadditional-css = ['css/own.css', 'css/none.css']\n
         //- content/b/a.md\n//- content/a.md\n//- content/x.png\n//- content/.draft.md\n
         //- content/.git/a.md\n//- templates/page.html\n//- static/a.css\n//- theme.css\n
         //- css/own.css\n//- css/other.css\n//- src/a.md\n//- book/index.html\n//- notes.md\n",
    );
    assert_eq!(
        paths(book.path()),
        "book.toml content/a.md content/b/a.md content/x.png css/own.css static/a.css \
         templates/page.html theme.css"
    );
}

#[test]
fn the_text_lies_in_the_folder_set_else_in_content_else_in_src() {
    let book = folder("//- src/a.md\n");
    assert_eq!(paths(book.path()), "src/a.md");
    put(book.path(), "content/a.md", "");
    assert_eq!(paths(book.path()), "content/a.md");
    put(book.path(), "text/a.md", "");
    put(book.path(), "book.toml", "[book]\nsrc = 'text'\n");
    assert_eq!(paths(book.path()), "book.toml text/a.md");
}

#[test]
fn a_folder_without_a_book_says_what_is_missing() {
    let book = folder("//- notes.md\n");
    insta::assert_snapshot!(refusal(book.path()), @r"
    there is no book in `DIR`: neither a folder `content` nor a folder `src`
      = hint: `whosaid init` makes a book to begin with
    ");
    put(book.path(), "book.toml", "[book]\nsrc = 'text'\n");
    insta::assert_snapshot!(refusal(book.path()), @r"
    the book cannot be read: there is no folder `text`
      = hint: make it, or name another folder as `src` in `book.toml`
    ");
    put(book.path(), "text", "");
    insta::assert_snapshot!(refusal(book.path()), @"the book cannot be read: `text` is not a folder");
    let none = book.path().join("none");
    let error = read_book(&none).expect_err("no folder");
    insta::assert_snapshot!(without(book.path(), error), @"the book cannot be read: there is no folder `none`");
}

#[test]
fn a_published_site_among_the_text_is_not_read() {
    let book = folder(
        "//- book.toml\n[build]\nbuild-dir = 'content/out'\n//- content/a.md\n
         //- content/out/a.md\n//- content/old/a.md\n//- content/old/.whosaid-manifest.json\n{}\n",
    );
    assert_eq!(paths(book.path()), "book.toml content/a.md");
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_book_only() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    let dir = folder("//- secret/a.md\n//- book/content/a/one.md\n//- book/shared/two.md\n");
    let book = dir.path().join("book");
    symlink("../shared", book.join("content/shared")).expect("a link");
    symlink("a/one.md", book.join("content/three.md")).expect("a link");
    assert_eq!(
        paths(&book),
        "content/a/one.md content/shared/two.md content/three.md"
    );

    symlink("../../secret", book.join("content/out")).expect("a link");
    symlink("/etc/passwd", book.join("content/passwd.md")).expect("a link");
    symlink("nowhere.md", book.join("content/none.md")).expect("a link");
    symlink("../../content", book.join("content/a/round")).expect("a link");
    symlink("../content/a", book.join("shared/back")).expect("a link");
    symlink("../../shared", book.join("content/a/forth")).expect("a link");
    symlink("../../secret/a.md", book.join("content/.hidden.md")).expect("a link");
    symlink("/etc/passwd", book.join("theme.css")).expect("a link");
    let _socket = UnixListener::bind(book.join("content/socket.md")).expect("a socket");
    insta::assert_snapshot!(refusal(&book), @r"
    the book cannot be read, for 9 reasons:
      `content/a/round` is a link that leads in a circle
      `content/none.md` is a link that leads nowhere
      `content/out` is a link that leads out of the book
      `content/passwd.md` is a link that leads out of the book
      `content/socket.md` is neither a file nor a folder, but a pipe, a socket or a device
      `content/shared/back/forth` is a link that leads in a circle
      `content/shared/back/round` is a link that leads in a circle
      `content/a/forth/back` is a link that leads in a circle
      `theme.css` is a link that leads out of the book
    ");
}

#[cfg(unix)]
#[test]
fn links_that_multiply_come_to_an_end() {
    let book = folder("//- content/0/a.md\n");
    for floor in 0..12 {
        let folder = book.path().join(format!("content/{floor}"));
        fs::create_dir_all(&folder).expect("a folder");
        for link in 0..4 {
            let to = format!("../{}", floor + 1);
            std::os::unix::fs::symlink(to, folder.join(format!("l{link}"))).expect("a link");
        }
    }
    put(book.path(), "content/12/a.md", "");
    assert!(refusal(book.path()).contains("is one more than 1000 links to folders"));
}

#[cfg(unix)]
#[test]
fn the_source_and_the_configuration_may_not_lead_out() {
    let dir = folder("//- secret/a.md\n//- book/notes.md\n");
    let book = dir.path().join("book");
    std::os::unix::fs::symlink("../secret", book.join("content")).expect("a link");
    insta::assert_snapshot!(refusal(&book), @"the book cannot be read: `content` is a link that leads out of the book");
    std::os::unix::fs::symlink("../secret/a.md", book.join("book.toml")).expect("a link");
    insta::assert_snapshot!(refusal(&book), @"the book cannot be read: `book.toml` is a link that leads out of the book");
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_no_address_can_hold_are_told() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let book = folder("//- content/a.md\n//- content/a\\b.md\n//- content/bell\u{7}/a.md\n");
    let odd = OsStr::from_bytes(b"content/\xff.md");
    fs::write(book.path().join(odd), "").expect("a file");
    insta::assert_snapshot!(refusal(book.path()), @r"
    the book cannot be read, for 3 reasons:
      `content/a\\b.md` has an unusable name: it holds a backslash or a control character
      `content/bell\u{7}` has an unusable name: it holds a backslash or a control character
      `content/�.md` has a name that is not UTF-8
    ");
}

#[test]
fn what_has_not_changed_is_not_written() {
    let desk = Desk::new();
    assert_eq!(
        desk.publish("//- a.html\n1\n//- b/c.html\n2\n"),
        done(2, 0, 0)
    );
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let files = ["a.html", "b/c.html", ".whosaid-manifest.json"].map(|file| desk.out().join(file));
    for file in &files {
        let file = fs::File::options().write(true).open(file).expect("a file");
        file.set_modified(old).expect("a time");
    }
    let is_old = |file: &PathBuf| {
        fs::metadata(file)
            .and_then(|it| it.modified())
            .expect("a time")
            == old
    };

    assert_eq!(
        desk.publish("//- a.html\n1\n//- b/c.html\n2\n"),
        done(0, 2, 0)
    );
    assert!(files.iter().all(is_old));
    assert_eq!(
        desk.publish("//- a.html\n1\n//- b/c.html\n3\n"),
        done(1, 1, 0)
    );
    assert!(is_old(&files[0]) && !is_old(&files[1]));
    assert_eq!(listed(&desk.out()), "a.html=1 b/ b/c.html=3");
}

#[test]
fn what_is_no_longer_part_of_the_site_is_removed() {
    let desk = Desk::new();
    desk.publish("//- a.html\n");
    fs::create_dir_all(desk.out().join("mine")).expect("a folder");
    desk.publish("//- a.html\n//- b/c/d.html\n//- b/e.html\n//- f/g.html\n//- mine/h.html\n");
    put(&desk.out(), "f/foreign.txt", "x");
    assert_eq!(desk.publish("//- a.html\n"), done(0, 1, 4));
    // A folder stays where it holds something, and where it was before us.
    assert_eq!(listed(&desk.out()), "a.html= f/ f/foreign.txt=x mine/");
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    let desk = Desk::new();
    desk.publish("//- a\n1\n//- b/c/d\n2\n");
    assert_eq!(desk.publish("//- a/x/y\n3\n//- b\n4\n"), done(2, 0, 2));
    assert_eq!(listed(&desk.out()), "a/ a/x/ a/x/y=3 b=4");
    put(&desk.out(), "a/x/foreign", "f");
    assert!(
        desk.refused("//- a\n1\n", &desk.out())
            .contains("`a` is in the way")
    );
    assert_eq!(listed(&desk.out()), "a/ a/x/ a/x/foreign=f a/x/y=3 b=4");
    let twice = desk.refused("//- b\n1\n//- b/c\n1\n", &desk.out());
    assert!(
        twice.contains("`b` would be a file and a folder"),
        "{twice}"
    );
}

#[test]
fn a_page_renamed_by_a_capital_stays_on_every_file_system() {
    let desk = Desk::new();
    desk.publish("//- A/x.html\n1\n");
    assert_eq!(desk.publish("//- a/X.html\n1\n"), done(1, 0, 1));
    assert_eq!(listed(&desk.out()), "a/ a/X.html=1");
}

#[test]
fn foreign_files_stay() {
    let desk = Desk::new();
    desk.publish("//- a.html\n1\n");
    put(&desk.out(), "foreign.txt", "x");
    put(&desk.out(), "b.html", "theirs");
    put(&desk.out(), "c.html", "2\n");
    insta::assert_snapshot!(desk.refused("//- a.html\n9\n//- b.html\n2\n", &desk.out()), @r"
    the site cannot be published in `out`: `b.html` is in the way, and whosaid did not write it
      = hint: move it away, or type `--force` to replace files of the same name
    ");
    assert_eq!(
        listed(&desk.out()),
        "a.html=1 b.html=theirs c.html=2 foreign.txt=x"
    );
    // A file that holds the right bytes is in nobody's way, and is not ours for all that.
    assert_eq!(
        desk.publish("//- a.html\n1\n//- c.html\n2\n"),
        done(0, 2, 0)
    );
    let forced = site("//- b.html\n2\n");
    let forced = publish(&forced, &desk.out(), &desk.book(), true).expect("a published site");
    assert_eq!(forced, done(1, 0, 1));
    assert_eq!(listed(&desk.out()), "b.html=2 c.html=2 foreign.txt=x");
}

#[test]
fn a_full_folder_that_is_not_ours_is_refused_unless_forced() {
    let desk = Desk::new();
    put(&desk.out(), "a.html", "theirs");
    put(&desk.out(), "b.html", "theirs");
    insta::assert_snapshot!(desk.refused("//- a.html\nours\n", &desk.out()), @r"
    the site cannot be published in `out`: it is not empty, and whosaid did not write what is in it
      = hint: name an empty or new folder, or type `--force`: then files of the same name are replaced, and all others stay
    ");
    assert_eq!(listed(&desk.out()), "a.html=theirs b.html=theirs");
    let forced = publish(&site("//- a.html\nours\n"), &desk.out(), &desk.book(), true);
    assert_eq!(forced.expect("a published site"), done(1, 0, 0));
    assert_eq!(desk.publish(""), done(0, 0, 1));
    assert_eq!(listed(&desk.out()), "b.html=theirs");
}

#[test]
fn a_list_that_cannot_be_read_or_leads_out_owns_nothing() {
    let desk = Desk::new();
    for list in [
        "{}",
        "[",
        r#"{"version":1,"files":["../book/book.toml"],"folders":[]}"#,
        r#"{"version":2,"files":[],"folders":[]}"#,
    ] {
        put(&desk.out(), manifest::MANIFEST, list);
        let refused = desk.refused("//- a.html\n", &desk.out());
        assert!(refused.contains(manifest::MANIFEST), "{refused}");
        assert!(refused.contains("--force"), "{refused}");
    }
}

#[test]
fn what_a_killed_build_left_is_mended() {
    let desk = Desk::new();
    // Killed before the list was written,
    put(&desk.out(), ".whosaid-new", "half a li");
    assert_eq!(desk.publish("//- a.html\n1\n"), done(1, 0, 0));
    // and between two pages: the list owns up to both sites and to what was under way.
    let list = r#"{"version":1,"files":["a.html","b/.whosaid-new","b/c.html","b/d.html"],"folders":["b"]}"#;
    put(&desk.out(), manifest::MANIFEST, list);
    put(&desk.out(), "b/.whosaid-new", "half a pa");
    put(&desk.out(), "b/c.html", "of the killed build");
    assert_eq!(
        desk.publish("//- a.html\n2\n//- b/c.html\n2\n"),
        done(2, 0, 0)
    );
    assert_eq!(listed(&desk.out()), "a.html=2 b/ b/c.html=2");
}

#[test]
fn no_folder_of_the_book_is_published_into() {
    let dir = folder(
        "//- desk/book/book.toml\n[book]\nsrc = 'text/en'\n//- desk/book/text/en/a.md\n
         //- desk/book/templates/a.html\n//- desk/book/static/a.css\n//- desk/file\n
         //- desk/repo/.git/HEAD\n//- desk/tree/.git\ngitdir: x\n",
    );
    let desk = dir.path().join("desk");
    let book = desk.join("book");
    let before = listed(dir.path());
    let mut said = String::new();
    for to in [
        "book",
        "book/",
        "book/.",
        "book/text/..",
        "",
        ".",
        "..",
        "book/text",
        "book/text/en",
        "book/text/en/out",
        "book/templates",
        "book/static/x",
        "file",
        "file/x",
        "repo",
        "tree",
    ] {
        for force in [false, true] {
            let refused = publish(&site("//- a.html\n"), &desk.join(to), &book, force);
            let error = format!("{:#}", refused.expect_err(to));
            if force {
                let line = error.lines().next().unwrap_or_default();
                let reason = line.split_once("`: ").map_or(line, |(_, reason)| reason);
                let root = fs::canonicalize(&desk).expect("a folder");
                let reason = reason.replace(&root.display().to_string(), "DESK");
                said.push_str(&format!("{to}: {reason}\n"));
            }
        }
    }
    insta::assert_snapshot!(said, @r"
    book: it is the folder of the book itself
    book/: it is the folder of the book itself
    book/.: it is the folder of the book itself
    book/text/..: it is the folder of the book itself
    : it holds the book
    .: it holds the book
    ..: it holds the book
    book/text: it holds `text/en`, which is part of the book
    book/text/en: it is `text/en`, which is part of the book
    book/text/en/out: it lies in `text/en`, which is part of the book
    book/templates: it is `templates`, which is part of the book
    book/static/x: it lies in `static`, which is part of the book
    file: it is not a folder
    file/x: `DESK/file` is not a folder
    repo: it holds `.git`, so that it is the home of a repository
    tree: it holds `.git`, so that it is the home of a repository
    ");
    let root = Path::new("/");
    assert!(publish(&site("//- a.html\n"), root, &book, true).is_err());
    assert_eq!(listed(dir.path()), before);
}

#[test]
fn an_empty_path_is_the_folder_one_stands_in() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let book = folder("//- content/a.md\n");
    assert!(here.join(".git").exists() || here.join("Cargo.toml").exists());
    // Tests run in the folder of the package, which is full of files that are not ours.
    assert!(publish(&site("//- a.html\n"), Path::new(""), book.path(), false).is_err());
}

#[cfg(unix)]
#[test]
fn links_in_the_output_are_not_followed() {
    use std::os::unix::fs::symlink;

    let desk = Desk::new();
    fs::create_dir_all(desk.dir.path().join("elsewhere")).expect("a folder");
    symlink("elsewhere", desk.out()).expect("a link");
    for to in ["out", "out/", "out/."] {
        let refused = desk.refused("//- a.html\n", &desk.dir.path().join(to));
        assert!(refused.contains("it is a symbolic link"), "{refused}");
    }
    fs::remove_file(desk.out()).expect("the link");

    desk.publish("//- a.html\n1\n//- b/c.html\n1\n");
    put(desk.dir.path(), "elsewhere/c.html", "theirs");
    fs::remove_dir_all(desk.out().join("b")).expect("a folder");
    fs::remove_file(desk.out().join("a.html")).expect("a file");
    symlink("../elsewhere", desk.out().join("b")).expect("a link");
    symlink("../elsewhere/c.html", desk.out().join("a.html")).expect("a link");
    insta::assert_snapshot!(desk.refused("//- a.html\n2\n//- b/c.html\n2\n", &desk.out()), @r"
    the site cannot be published in `out`: 2 things are in the way
      `b` is in the way of a folder of the site
      `a.html` is in the way of a file of the site
      = hint: move it away
    ");
    // And nothing behind a link is removed.
    assert_eq!(desk.publish("//- x.html\n1\n"), done(1, 0, 0));
    assert_eq!(listed(&desk.dir.path().join("elsewhere")), "c.html=theirs");
}

#[test]
fn a_failure_of_the_file_system_names_the_path() {
    let desk = Desk::new();
    put(&desk.out(), "file", "");
    let to = desk.out().join("file/site");
    insta::assert_snapshot!(desk.refused("//- a.html\n", &to), @"the site cannot be published in `out/file/site`: `out/file` is not a folder");
    let long = format!("{}.html", "x".repeat(300));
    let refused = desk.refused(&format!("//- {long}\n"), &desk.dir.path().join("new"));
    assert!(refused.contains(&long), "{refused}");
}

#[test]
fn two_publications_at_once_end_whole() {
    let desk = Desk::new();
    let sites: Vec<Outputs> = (0..4)
        .map(|number| {
            let files = (0..40).map(|page| format!("//- d{number}/p{page}.html\n{number}\n"));
            site(&files.collect::<String>())
        })
        .collect();
    std::thread::scope(|scope| {
        for outputs in &sites {
            scope.spawn(|| {
                publish(outputs, &desk.out(), &desk.book(), false).expect("a published site")
            });
        }
    });
    let left = listed(&desk.out());
    let is_whole = |number: usize| {
        let pages = left.matches(&format!(".html={number}")).count();
        pages == 40 && left.matches(".html=").count() == 40
    };
    assert!(cfg!(not(unix)) || (0..4).any(is_whole), "{left}");
}

#[test]
fn a_new_book_overwrites_nothing() {
    let dir = folder("//- .gitignore\ntheirs\n//- README.md\ntheirs\n");
    let file = |path: &str| {
        (
            SitePath::new(path).expect("a path in a test"),
            "ours\n".to_owned(),
        )
    };
    let files = ["book.toml", ".gitignore", "content/a.md"].map(file);
    create(dir.path(), &files).expect("a new book");
    let all = ".gitignore=theirs README.md=theirs book.toml=ours content/ content/a.md=ours";
    assert_eq!(listed(dir.path()), all);
    fs::remove_file(dir.path().join("book.toml")).expect("a file");
    let error = create(dir.path(), &files).expect_err("a refusal");
    insta::assert_snapshot!(without(dir.path(), error), @r"
    `content` is there already
      = hint: name a new folder
    ");
    assert!(!dir.path().join("book.toml").exists());
    create(&dir.path().join("new/folder"), &files).expect("a new book");
    let error = create(&dir.path().join("README.md"), &files).expect_err("a refusal");
    assert!(format!("{error:#}").contains("README.md"), "{error:#}");
}
