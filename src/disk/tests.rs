use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::date;
use tempfile::TempDir;

use super::*;
use crate::compile::{Inputs, Options};
use crate::text::SitePath;

/// Creates a folder from one text, in which each file follows a line `//- path`.
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

/// Returns the paths that are read, on one line.
fn paths(dir: &Path) -> String {
    let inputs = read_book(dir).expect("a readable book");
    let paths: Vec<&str> = inputs.files.keys().map(SitePath::as_str).collect();
    paths.join(" ")
}

/// Returns the error for a book that cannot be read, without the path of its folder.
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

/// Returns every file below the folder with its content; folders end with a slash.
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

#[test]
fn what_editors_leave_beside_a_text_is_no_part_of_the_book() {
    let dir = folder(
        "//- content/a.md\nNew words.\n//- content/a.md~\nOld words.\n\
         //- content/#a.md#\nHalf a word.\n//- content/#\nA file.\n//- content/b~c.txt\nA file.\n",
    );
    assert_eq!(paths(dir.path()), "content/# content/a.md content/b~c.txt");
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
fn a_folder_that_obsidian_has_opened_is_its_own_text() {
    let book = folder("//- A note.md\n//- deep/b.md\n//- .obsidian/app.json\n//- src/c.md\n");
    assert_eq!(paths(book.path()), "A note.md deep/b.md src/c.md");
    let vault = |dir: &Path| read_book(dir).expect("a book").options.vault;
    assert_eq!(vault(book.path()), Some(SitePath::root()));
    put(book.path(), "book.toml", "[book]\nsrc = 'deep'\n");
    assert_eq!(paths(book.path()), "book.toml deep/b.md");
    put(book.path(), "book.toml", "[whosaid]\nobsidian = false\n");
    assert_eq!(paths(book.path()), "book.toml src/c.md");

    let beside = folder("//- content/a.md\n//- content/.obsidian/app.json\n//- b.md\n");
    assert_eq!(paths(beside.path()), "content/a.md");
    let vault = vault(beside.path()).expect("it was opened");
    assert_eq!(vault.as_str(), "content");
}

#[test]
fn templates_of_a_theme_of_mdbooks_are_read_to_be_told_of() {
    let book = folder("//- src/a.md\n//- theme/index.hbs\n//- theme/favicon.png\n");
    assert_eq!(paths(book.path()), "src/a.md theme/index.hbs");
}

#[test]
fn a_folder_without_a_book_says_what_is_missing() {
    let book = folder("//- notes.md\n");
    insta::assert_snapshot!(refusal(book.path()), @r"
    no book in `DIR`: it has neither a folder `content` nor a folder `src`
      = hint: create a book with `whosaid init`
    ");
    put(book.path(), "book.toml", "[book]\nsrc = 'text'\n");
    insta::assert_snapshot!(refusal(book.path()), @r"
    cannot read the book: folder `text` not found
      = hint: create it, or set `src` in `book.toml` to another folder
    ");
    put(book.path(), "text", "");
    insta::assert_snapshot!(refusal(book.path()), @"cannot read the book: `text` is not a folder");
    let none = book.path().join("none");
    let error = read_book(&none).expect_err("no folder");
    insta::assert_snapshot!(without(book.path(), error), @"cannot read the book: folder `none` not found");
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
    std::fs::create_dir(book.join(".git")).expect("a repository");
    std::fs::write(book.join(".git/config"), "token").expect("its configuration");
    symlink("../.git/config", book.join("content/config.txt")).expect("a link");
    symlink("../.git", book.join("content/git")).expect("a link");
    let _socket = UnixListener::bind(book.join("content/socket.md")).expect("a socket");
    insta::assert_snapshot!(refusal(&book), @r"
    cannot read the book, 11 errors:
      `content/a/round` is a symbolic link that forms a cycle
      `content/none.md` is a broken symbolic link
      `content/socket.md` is a pipe, a socket or a device; expected a file or a folder
      `content/shared/back/forth` is a symbolic link that forms a cycle
      `content/shared/back/round` is a symbolic link that forms a cycle
      `content/a/forth/back` is a symbolic link that forms a cycle
      `theme.css` is a symbolic link that leads out of the book
      `content/config.txt` is a symbolic link to a hidden file or folder
      `content/git` is a symbolic link to a hidden file or folder
      `content/out` is a symbolic link that leads out of the book
      `content/passwd.md` is a symbolic link that leads out of the book
    ");
}

#[cfg(unix)]
#[test]
fn links_of_a_book_for_mdbook_lead_as_far_as_its_project() {
    use std::os::unix::fs::symlink;

    let dir = folder(
        "//- project/.git/config\n//- project/NOTES.md\n//- project/examples/a.rs\n\
         //- project/examples/.b.rs\n//- secret.md\n\
         //- project/book/src/SUMMARY.md\n- [A](a.md)\n\
         //- project/book/src/a.md\n{{#include ../parts/a.rs}}\n",
    );
    let book = dir.path().join("project/book");
    symlink("../../NOTES.md", book.join("src/notes.md")).expect("a link");
    symlink("../../examples", book.join("src/examples")).expect("a link");
    symlink("../examples", book.join("parts")).expect("a link");
    let all = "parts/a.rs src/SUMMARY.md src/a.md src/examples/a.rs src/notes.md";
    assert_eq!(paths(&book), all);

    symlink("../../../secret.md", book.join("src/out.md")).expect("a link");
    symlink("../../.git", book.join("src/git")).expect("a link");
    symlink("../..", book.join("src/round")).expect("a link");
    insta::assert_snapshot!(refusal(&book), @r"
    cannot read the book, 3 errors:
      `src/git` is a symbolic link that leads out of the book
      `src/out.md` is a symbolic link that leads out of the book
      `src/round` is a symbolic link that forms a cycle
    ");

    for link in ["out.md", "git", "round"] {
        fs::remove_file(book.join("src").join(link)).expect("a link");
    }
    fs::remove_dir_all(dir.path().join("project/.git")).expect("a folder");
    insta::assert_snapshot!(refusal(&book), @r"
    cannot read the book, 2 errors:
      `src/examples` is a symbolic link that leads out of the book
      `src/notes.md` is a symbolic link that leads out of the book
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
    assert!(refusal(book.path()).contains("more than 1000 symbolic links to folders"));
}

#[cfg(unix)]
#[test]
fn the_source_and_the_configuration_may_not_lead_out() {
    let dir = folder("//- secret/a.md\n//- book/notes.md\n");
    let book = dir.path().join("book");
    std::os::unix::fs::symlink("../secret", book.join("content")).expect("a link");
    insta::assert_snapshot!(refusal(&book), @"cannot read the book: `content` is a symbolic link that leads out of the book");
    std::os::unix::fs::symlink("../secret/a.md", book.join("book.toml")).expect("a link");
    insta::assert_snapshot!(refusal(&book), @"cannot read the book: `book.toml` is a symbolic link that leads out of the book");
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
    cannot read the book, 3 errors:
      the name of `content/a\\b.md` cannot be used: the path contains a backslash or a control character
      the name of `content/bell\u{7}` cannot be used: the path contains a backslash or a control character
      the name of `content/�.md` is not UTF-8
    ");
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
    `content` already exists
      = hint: choose a new folder
    ");
    assert!(!dir.path().join("book.toml").exists());
    create(&dir.path().join("new/folder"), &files).expect("a new book");
    let error = create(&dir.path().join("README.md"), &files).expect_err("a refusal");
    assert!(format!("{error:#}").contains("README.md"), "{error:#}");
}

mod publish;

/// Returns the book after an edit, if only the named file is read again.
fn named(dir: &Path, before: &Inputs, known: &mut Known, path: &str) -> Option<Inputs> {
    let real = dir.canonicalize().expect("a folder").join(path);
    read_named(dir, &[real].into(), before, known)
}

#[test]
fn of_files_that_are_named_only_those_are_read() {
    let dir = folder("//- content/a.md\nA\n//- content/b.md\nB\n");
    let dir = dir.path();
    let mut known = Known::default();
    let mut read = || read_again(dir, Options::default(), date(2031, 3, 10), &mut known);
    read().expect("a readable book");
    // A file that was changed more recently has an unreliable time stamp.
    std::thread::sleep(std::time::Duration::from_millis(60));
    let before = read().expect("a readable book");
    put(dir, "content/a.md", "Aa\n");
    put(dir, "content/b.md", "Bb\n");
    let after = named(dir, &before, &mut known, "content/a.md").expect("it suffices");
    let bytes = |inputs: &Inputs, path: &str| inputs.files[&layout::path(path)].clone();
    assert_eq!(&*bytes(&after, "content/a.md"), b"Aa\n");
    let (old, new) = (
        bytes(&before, "content/b.md"),
        bytes(&after, "content/b.md"),
    );
    assert!(std::sync::Arc::ptr_eq(&old, &new));
    // The next full scan gives the same result, and also finds changes that were not named.
    let whole = read_again(dir, Options::default(), date(2031, 3, 10), &mut known);
    let whole = whole.expect("a readable book");
    assert_eq!(&*bytes(&whole, "content/a.md"), b"Aa\n");
    assert_eq!(&*bytes(&whole, "content/b.md"), b"Bb\n");
}

#[test]
fn files_that_come_go_or_include_ask_for_a_look_at_everything() {
    let dir = folder("//- book.toml\n\n//- content/a.md\nA\n//- content/b.md\nB\n");
    let dir = dir.path();
    let mut known = Known::default();
    let read = read_again(dir, Options::default(), date(2031, 3, 10), &mut known);
    let before = read.expect("a readable book");
    let mut asks = |path: &str| named(dir, &before, &mut known, path).is_none();
    assert!(asks("book.toml"));
    put(dir, "content/new.md", "New\n");
    assert!(asks("content/new.md"));
    put(dir, "content/a.md", "{{#include b.md}}\n");
    assert!(asks("content/a.md"));
    fs::remove_file(dir.join("content/b.md")).expect("it goes");
    assert!(asks("content/b.md"));
    assert!(asks("content"));
    put(dir, "content/.new.md.swp", "New\n");
    assert!(!asks("content/.new.md.swp"));
    assert!(!asks("content/4913"));
}

#[cfg(unix)]
#[test]
fn a_book_with_links_asks_for_a_look_at_everything() {
    let dir = folder("//- content/a.md\nA\n");
    let dir = dir.path();
    let link = dir.join("content/link.md");
    std::os::unix::fs::symlink(dir.join("content/a.md"), link).expect("a link");
    let mut known = Known::default();
    let read = read_again(dir, Options::default(), date(2031, 3, 10), &mut known);
    let before = read.expect("a readable book");
    put(dir, "content/a.md", "Aa\n");
    assert_eq!(named(dir, &before, &mut known, "content/a.md"), None);
}
