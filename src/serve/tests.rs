use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{Config, Error, EventHandler, RecursiveMode, Watcher, WatcherKind};
use tempfile::TempDir;

use super::port;
use super::snapshot::Changes;
use super::watch::Watch;
use crate::compile::{Options, Outputs};
use crate::disk::{self, Known, Stamp};
use crate::text::SitePath;

/// A watcher with a limited number of watches.
struct Limited(usize);

impl Watcher for Limited {
    fn new<F: EventHandler>(_: F, _: Config) -> notify::Result<Limited> {
        Ok(Limited(0))
    }

    fn watch(&mut self, _: &Path, _: RecursiveMode) -> notify::Result<()> {
        let left = self.0.checked_sub(1);
        self.0 = left.ok_or_else(|| Error::new(notify::ErrorKind::MaxFilesWatch))?;
        Ok(())
    }

    fn unwatch(&mut self, _: &Path) -> notify::Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn kind() -> WatcherKind {
        WatcherKind::NullWatcher
    }
}

/// Creates the list of a book's folders.
fn folders(dir: &Path, number: usize) -> BTreeMap<PathBuf, Stamp> {
    for at in 0..number {
        std::fs::create_dir_all(dir.join(format!("content/{at}"))).expect("a folder");
    }
    let mut known = Known::default();
    let today = jiff::civil::date(2026, 11, 23);
    disk::read_again(dir, Options::default(), today, &mut known).expect("a book");
    known.folders().clone()
}

#[test]
fn a_limit_that_is_reached_is_told_once_and_the_files_are_looked_at() {
    let dir = TempDir::new().expect("a temporary folder");
    let mut watch = Watch::with(Limited(5));
    // The book's folder, `content`, and the folders below it.
    assert_eq!(watch.folders(&folders(dir.path(), 3)), None);
    assert!(watch.is_told());
    let refused = watch.folders(&folders(dir.path(), 4));
    let refused = refused.expect("the limit is reached");
    assert!(refused.contains("cannot watch all 6 folders"), "{refused}");
    assert!(refused.contains("every 300 ms"), "{refused}");
    assert_eq!(watch.folders(&folders(dir.path(), 5)), None);
    assert_eq!(
        watch.patience(Duration::from_millis(1)),
        Duration::from_millis(300)
    );
}

#[test]
fn a_system_that_watches_nothing_is_told_of_once() {
    let dir = TempDir::new().expect("a temporary folder");
    let none_left = notify::Error::io(std::io::Error::other("too many open files"));
    let mut watch: Watch<Limited> = Watch::refused(none_left);
    let refused = watch.folders(&folders(dir.path(), 1));
    let refused = refused.expect("it is said");
    assert!(refused.contains("(too many open files)"), "{refused}");
    assert_eq!(watch.folders(&folders(dir.path(), 2)), None);
}

#[test]
fn a_folder_that_is_gone_frees_its_watch() {
    let dir = TempDir::new().expect("a temporary folder");
    let mut watch = Watch::with(Limited(5));
    assert_eq!(watch.folders(&folders(dir.path(), 3)), None);
    std::fs::remove_dir_all(dir.path().join("content/2")).expect("a folder");
    std::fs::create_dir(dir.path().join("content/3")).expect("a folder");
    assert_eq!(watch.folders(&folders(dir.path(), 2)), None);
    assert!(watch.is_told());
}

#[test]
fn a_large_book_is_not_looked_at_all_the_time() {
    let watch = Watch::new(true);
    assert_eq!(
        watch.patience(Duration::from_millis(1)),
        Duration::from_secs(2)
    );
    assert_eq!(
        watch.patience(Duration::from_millis(200)),
        Duration::from_secs(10)
    );
}

#[test]
fn without_a_port_asked_for_the_next_free_one_is_taken_and_said() {
    let first = port::bind(None, None).expect("a free port");
    let second = port::bind(None, None).expect("another free port");
    assert!(second.address.port() > first.address.port());
    let said = second.taken.expect("it is said");
    assert!(
        said.starts_with("port 3000 is in use; using port "),
        "{said}"
    );
    let refused = port::bind(None, Some(first.address.port()));
    assert!(refused.is_err());
}

fn outputs(files: &[(&str, &str)]) -> Outputs {
    let made = files.iter().map(|(path, text)| {
        let path = SitePath::new(path).expect("a path");
        (path, Arc::from(text.as_bytes()))
    });
    made.collect()
}

#[test]
fn changes_are_what_differs_between_two_sites() {
    let before = outputs(&[("a.html", "a"), ("b.html", "b"), ("c.html", "c")]);
    let after = outputs(&[("a.html", "a"), ("b.html", "B"), ("d.html", "d")]);
    let changes = Changes::between(&before, &after);
    assert_eq!(changes.changed, ["b.html", "d.html"]);
    assert_eq!(changes.gone, ["c.html"]);
    assert!(!changes.many);
    assert_eq!(Changes::between(&after, &after), Changes::default());
}

#[test]
fn too_many_changes_are_not_listed() {
    let many: Vec<String> = (0..501).map(|at| format!("{at}.html")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|path| (path.as_str(), "")).collect();
    let changes = Changes::between(&outputs(&[]), &outputs(&many)).shortened();
    assert!(changes.many && changes.len() == 0);
    let changes = Changes::between(&outputs(&[]), &outputs(&many[1..])).shortened();
    assert!(!changes.many && changes.len() == 500);
}

#[test]
fn the_place_to_follow_is_the_last_id_before_the_difference() {
    let file = SitePath::new("content/a.md").expect("a path");
    let page = SitePath::new("a.html").expect("a path");
    let documents = BTreeMap::from([(file.clone(), page)]);
    let follow = |old: &str, new: &str| {
        let (before, after) = (outputs(&[("a.html", old)]), outputs(&[("a.html", new)]));
        let changes = Changes::between(&before, &after);
        let files = std::slice::from_ref(&file);
        changes.following(files, &documents, &before, &after).follow
    };
    let page = |words: &str| {
        format!("<title>{words}</title><main id=\"main\"><h2 id=\"x\">X</h2>{words}<p id=\"y\">")
    };
    let body = |words: &str| page(words).replace(&format!("<title>{words}"), "<title>");
    assert_eq!(
        follow(&body("old"), &body("new")).as_deref(),
        Some("a.html#x")
    );
    assert_eq!(
        follow(&page("old"), &page("new")).as_deref(),
        Some("a.html")
    );
    assert_eq!(follow(&body("old"), &body("old")), None);
}

#[test]
fn a_file_that_did_not_change_is_not_read_again() {
    let dir = TempDir::new().expect("a temporary folder");
    let (a, b) = (
        dir.path().join("content/a.md"),
        dir.path().join("content/b.md"),
    );
    std::fs::create_dir(dir.path().join("content")).expect("a folder");
    std::fs::write(&a, "# A\n").expect("a file");
    std::fs::write(&b, "# B\n").expect("a file");
    let mut known = Known::default();
    let today = jiff::civil::date(2026, 11, 23);
    let mut read = || {
        disk::read_again(dir.path(), Options::default(), today, &mut known)
            .expect("a book")
            .files
    };
    let path = |text: &str| SitePath::new(text).expect("a path");
    let mut first = read();
    loop {
        // A new file is read again until its stamp is reliable.
        let next = read();
        let is_kept = |name: &str| Arc::ptr_eq(&first[&path(name)], &next[&path(name)]);
        if is_kept("content/a.md") && is_kept("content/b.md") {
            break;
        }
        first = next;
    }
    std::fs::write(&b, "# C\n").expect("a file");
    let next = read();
    assert!(Arc::ptr_eq(
        &first[&path("content/a.md")],
        &next[&path("content/a.md")]
    ));
    assert_eq!(&*next[&path("content/b.md")], b"# C\n");
}
