//! Tests of publishing: what is written, kept, removed and refused.

use std::time::{Duration, SystemTime};

use super::*;
use crate::compile::Outputs;

/// Creates a site from one text, like [`folder`].
fn site(files: &str) -> Outputs {
    let file = |file: &str| {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        let path = SitePath::new(path.trim()).expect("a path in a test");
        (path, text.as_bytes().into())
    };
    files.split("//- ").skip(1).map(file).collect()
}

/// A book, and an output folder next to it.
struct Desk {
    dir: TempDir,
    exchanges: bool,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            dir: folder("//- book/book.toml\n//- book/content/a.md\n"),
            exchanges: true,
        }
    }

    /// Returns two desks: the folders of one can be exchanged; the other replaces files one by one,
    /// as on a mount point.
    fn both() -> [Desk; 2] {
        let one_by_one = Desk {
            exchanges: false,
            ..Desk::new()
        };
        [Desk::new(), one_by_one]
    }

    fn book(&self) -> PathBuf {
        self.dir.path().join("book")
    }

    fn out(&self) -> PathBuf {
        self.dir.path().join("out")
    }

    fn try_publish(&self, files: &str, to: &Path, force: bool) -> anyhow::Result<Published> {
        let mut publication = Publication::open(to, &self.book(), force)?;
        publication.exchanges = self.exchanges;
        let site = site(files);
        site.iter()
            .for_each(|(path, bytes)| publication.put(path, bytes));
        let published = publication.finish("")?;
        let left = fs::read_dir(self.dir.path()).expect("a folder").count();
        assert!(left <= 3, "something is left beside the site");
        Ok(published)
    }

    /// Returns how many files were written, kept and removed.
    fn publish(&self, files: &str) -> (usize, usize, usize) {
        let published = self.try_publish(files, &self.out(), false);
        counted(published.expect("a published site"))
    }

    fn forced(&self, files: &str) -> (usize, usize, usize) {
        let published = self.try_publish(files, &self.out(), true);
        counted(published.expect("a published site"))
    }

    fn refused(&self, files: &str, to: &Path) -> String {
        let refused = self.try_publish(files, to, false);
        without(self.dir.path(), refused.expect_err("a refusal"))
    }
}

fn counted(published: Published) -> (usize, usize, usize) {
    (published.written, published.unchanged, published.removed)
}

#[cfg(target_os = "linux")]
#[test]
fn folders_change_places_where_they_can() {
    let [desk, mounted] = Desk::both();
    let how = |desk: &Desk, files: &str| {
        let published = desk.try_publish(files, &desk.out(), false);
        published.expect("a published site").how
    };
    assert_eq!(how(&desk, "//- a.html\n1\n"), How::AtOnce);
    assert_eq!(how(&desk, "//- a.html\n1\n"), How::Unchanged);
    assert_eq!(how(&desk, "//- a.html\n2\n"), How::AtOnce);
    assert_eq!(how(&mounted, "//- a.html\n1\n"), How::OneByOne);
    assert_eq!(how(&mounted, "//- a.html\n1\n"), How::Unchanged);
}

#[test]
fn what_has_not_changed_is_not_written() {
    for desk in Desk::both() {
        assert_eq!(desk.publish("//- a.html\n1\n//- b/c.html\n2\n"), (2, 0, 0));
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        let files = ["a.html", "b/c.html", ".whosaid-manifest.json"];
        let files = files.map(|file| desk.out().join(file));
        for file in &files {
            let file = fs::File::options().write(true).open(file).expect("a file");
            file.set_modified(old).expect("a time");
        }
        let is_old = |file: &PathBuf| {
            let metadata = fs::metadata(file).expect("a file");
            metadata.modified().expect("a time") == old
        };

        assert_eq!(desk.publish("//- a.html\n1\n//- b/c.html\n2\n"), (0, 2, 0));
        assert!(files.iter().all(is_old));
        assert_eq!(desk.publish("//- a.html\n1\n//- b/c.html\n3\n"), (1, 1, 0));
        assert!(is_old(&files[0]) && !is_old(&files[1]));
        assert_eq!(listed(&desk.out()), "a.html=1 b/ b/c.html=3");
    }
}

#[test]
fn what_is_no_longer_part_of_the_site_is_removed() {
    for desk in Desk::both() {
        desk.publish("//- a.html\n//- b/c/d.html\n//- b/e.html\n//- f/g.html\n");
        put(&desk.out(), "f/.hidden", "x");
        assert_eq!(desk.publish("//- a.html\n"), (0, 1, 3));
        assert_eq!(listed(&desk.out()), "a.html= f/ f/.hidden=x");
    }
}

#[test]
fn a_file_may_become_a_folder_and_a_folder_a_file() {
    for desk in Desk::both() {
        desk.publish("//- a\n1\n//- b/c/d\n2\n");
        assert_eq!(desk.publish("//- a/x/y\n3\n//- b\n4\n"), (2, 0, 2));
        assert_eq!(listed(&desk.out()), "a/ a/x/ a/x/y=3 b=4");
        put(&desk.out(), "a/x/.foreign", "f");
        let refused = desk.refused("//- a\n1\n", &desk.out());
        assert!(
            refused.contains("`a` exists, and the site needs this name for a file"),
            "{refused}"
        );
        assert_eq!(listed(&desk.out()), "a/ a/x/ a/x/.foreign=f a/x/y=3 b=4");
        let twice = desk.refused("//- b\n1\n//- b/c\n1\n", &desk.out());
        assert!(
            twice.contains("`b` would be both a file and a folder"),
            "{twice}"
        );
    }
}

#[test]
fn a_page_renamed_by_a_capital_stays_on_every_file_system() {
    for desk in Desk::both() {
        desk.publish("//- A/x.html\n1\n");
        let (_, _, removed) = desk.publish("//- a/X.html\n1\n");
        assert_eq!(removed, 1);
        assert_eq!(listed(&desk.out()), "a/ a/X.html=1");
    }
}

#[test]
fn foreign_files_are_refused_or_stay_and_are_never_written_over() {
    for desk in Desk::both() {
        desk.publish("//- a.html\n1\n");
        put(&desk.out(), "notes/foreign.txt", "x");
        put(&desk.out(), "b.html", "theirs");
        put(&desk.out(), "c.html", "2\n");
        fs::create_dir(desk.out().join("empty")).expect("a folder");
        insta::allow_duplicates! {
            insta::assert_snapshot!(desk.refused("//- a.html\n9\n", &desk.out()), @r"
            cannot publish the site in `out`: the folder contains `b.html`, `c.html`, `empty` and 1 more, which whosaid did not write
              = hint: choose an empty or new folder, put files that belong to the site into `static/`, or publish with `--force`, which leaves those files unchanged
            ");
        }
        let all = "b.html=theirs c.html=2 empty/ notes/ notes/foreign.txt=x";
        assert_eq!(listed(&desk.out()), format!("a.html=1 {all}"));
        assert_eq!(desk.forced("//- a.html\n2\n"), (1, 0, 0));
        assert_eq!(listed(&desk.out()), format!("a.html=2 {all}"));
        // A foreign file with the right content is accepted, but is still not listed as written by
        // whosaid.
        assert_eq!(desk.forced("//- a.html\n2\n//- c.html\n2\n"), (0, 2, 0));
        assert_eq!(desk.forced("//- d.html\n3\n"), (1, 0, 1));
        assert_eq!(
            listed(&desk.out()),
            "b.html=theirs c.html=2 d.html=3 empty/ notes/ notes/foreign.txt=x"
        );
        for page in ["b.html", "notes", "empty", "b.html/x.html"] {
            let refused = desk.try_publish(&format!("//- {page}\n"), &desk.out(), true);
            let error = format!("{:#}", refused.expect_err("a refusal"));
            assert!(error.contains("exists"), "{page}: {error}");
        }
        assert_eq!(
            listed(&desk.out()),
            "b.html=theirs c.html=2 d.html=3 empty/ notes/ notes/foreign.txt=x"
        );
    }
}

#[test]
fn hidden_files_of_others_are_carried_along_without_a_word() {
    for desk in Desk::both() {
        put(&desk.out(), ".nojekyll", "");
        put(&desk.out(), ".well-known/security.txt", "mail");
        assert_eq!(desk.publish("//- a.html\n1\n"), (1, 0, 0));
        assert_eq!(desk.publish("//- a.html\n2\n"), (1, 0, 0));
        assert_eq!(
            listed(&desk.out()),
            ".nojekyll= .well-known/ .well-known/security.txt=mail a.html=2"
        );
    }
}

#[test]
fn a_full_folder_that_is_not_ours_is_refused_unless_forced() {
    for desk in Desk::both() {
        put(&desk.out(), "b.html", "theirs");
        insta::allow_duplicates! {
            insta::assert_snapshot!(desk.refused("//- a.html\nours\n", &desk.out()), @r"
            cannot publish the site in `out`: the folder contains files that whosaid did not write
              = hint: choose an empty or new folder, put files that belong to the site into `static/`, or publish with `--force`, which leaves those files unchanged
            ");
        }
        assert_eq!(listed(&desk.out()), "b.html=theirs");
        assert_eq!(desk.forced("//- a.html\nours\n"), (1, 0, 0));
        assert_eq!(desk.forced(""), (0, 0, 1));
        assert_eq!(listed(&desk.out()), "b.html=theirs");
    }
}

#[test]
fn a_list_that_cannot_be_read_or_leads_out_owns_nothing() {
    let desk = Desk::new();
    for list in [
        "{}",
        "[",
        r#"{"version":2,"inputs":"","files":{"../book/book.toml":1}}"#,
        r#"{"version":3,"inputs":"","files":{}}"#,
    ] {
        put(&desk.out(), manifest::MANIFEST, list);
        let refused = desk.refused("//- a.html\n", &desk.out());
        assert!(refused.contains(manifest::MANIFEST), "{refused}");
        assert!(refused.contains("--force"), "{refused}");
    }
}

#[test]
fn what_a_killed_build_left_is_removed_and_nothing_of_others() {
    for desk in Desk::both() {
        desk.publish("//- a.html\n1\n");
        // The build was killed before it wrote its manifest,
        put(desk.dir.path(), ".out.whosaid-new/b/c.html", "half a pa");
        put(&desk.out(), ".whosaid-new/b.html", "half a pa");
        assert_eq!(desk.publish("//- a.html\n1\n"), (0, 1, 0));
        assert_eq!(listed(desk.dir.path()).matches("whosaid-new").count(), 0);
        // or after the exchange; since then, a foreign file was added to the old folder.
        let list = r#"{"version":2,"inputs":"","files":{"old.html":1}}"#;
        put(
            desk.dir.path(),
            ".out.whosaid-new/.whosaid-manifest.json",
            list,
        );
        put(desk.dir.path(), ".out.whosaid-new/old.html", "old");
        put(desk.dir.path(), ".out.whosaid-new/sub/theirs.txt", "theirs");
        let found = desk.forced("//- a.html\n1\n");
        assert_eq!(found, (0, 1, 0));
        assert_eq!(listed(&desk.out()), "a.html=1 sub/ sub/theirs.txt=theirs");
        assert!(!desk.dir.path().join(".out.whosaid-new").exists());
    }
}

#[test]
fn a_publication_that_is_dropped_leaves_no_trace() {
    for desk in Desk::both() {
        let begun = |force| {
            let mut begun = Publication::open(&desk.out(), &desk.book(), force).expect("room");
            begun.exchanges = desk.exchanges;
            begun.put(&layout::path("b/new.html"), b"new");
            begun
        };
        drop(begun(false));
        assert_eq!(
            listed(desk.dir.path()),
            "book/ book/book.toml= book/content/ book/content/a.md="
        );
        desk.publish("//- a.html\n1\n");
        let before = listed(desk.dir.path());
        drop(begun(false));
        assert_eq!(listed(desk.dir.path()), before);
    }
}

#[test]
fn a_site_is_known_by_what_it_was_made_from() {
    for desk in Desk::both() {
        let open = || {
            let mut open = Publication::open(&desk.out(), &desk.book(), true).expect("room");
            open.exchanges = desk.exchanges;
            open
        };
        let publish = |inputs: &str| {
            let publication = open();
            publication.put(&layout::path("a.html"), b"1");
            publication.finish(inputs).expect("a published site")
        };
        publish("one");
        assert!(open().is_from("one") && !open().is_from("two") && !open().is_from(""));
        // If only the fingerprint differs, only the manifest is written.
        assert_eq!(counted(publish("two")), (0, 1, 0));
        assert!(open().is_from("two"));
        put(&desk.out(), "foreign.txt", "x");
        assert!(open().is_from("two"));
        put(&desk.out(), "a.html", "12");
        assert!(!open().is_from("two"));
        publish("two");
        assert!(open().is_from("two"));
        fs::remove_file(desk.out().join("a.html")).expect("a file");
        assert!(!open().is_from("two"));
    }
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
    : it contains the book
    .: it contains the book
    ..: it contains the book
    book/text: it contains `text/en`, which is part of the book
    book/text/en: it is `text/en`, which is part of the book
    book/text/en/out: it is inside `text/en`, which is part of the book
    book/templates: it is `templates`, which is part of the book
    book/static/x: it is inside `static`, which is part of the book
    file: it is not a folder
    file/x: `DESK/file` is not a folder
    repo: it contains `.git`, so it is the root of a repository
    tree: it contains `.git`, so it is the root of a repository
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
    // Tests run in the folder of the package, which is full of foreign files.
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
    let site = "//- a.html\n2\n//- b/c.html\n2\n";
    insta::assert_snapshot!(desk.refused(site, &desk.out()), @r"
    cannot publish the site in `out`: the folder contains `a.html`, `b`, which whosaid did not write
      = hint: choose an empty or new folder, put files that belong to the site into `static/`, or publish with `--force`, which leaves those files unchanged
    ");
    let refused = desk.try_publish(site, &desk.out(), true);
    insta::assert_snapshot!(without(desk.dir.path(), refused.expect_err("a refusal")), @r"
    cannot publish the site in `out`: 2 existing files or folders prevent publishing
      `a.html` exists, and the site needs this name for a file
      `b` exists, and the site needs this name for a folder
      = hint: move or delete them
    ");
    // Nothing that a symbolic link points to is removed.
    assert_eq!(desk.forced("//- x.html\n1\n"), (1, 0, 0));
    assert_eq!(listed(&desk.dir.path().join("elsewhere")), "c.html=theirs");
}

#[test]
fn a_failure_of_the_file_system_names_the_path() {
    let desk = Desk::new();
    put(&desk.out(), "file", "");
    let to = desk.out().join("file/site");
    insta::assert_snapshot!(desk.refused("//- a.html\n", &to), @"cannot publish the site in `out/file/site`: `out/file` is not a folder");
    let long = format!("{}.html", "x".repeat(300));
    let refused = desk.refused(&format!("//- {long}\n"), &desk.dir.path().join("new"));
    assert!(refused.contains(&long), "{refused}");
}

#[test]
fn publications_at_once_end_whole() {
    let sites: Vec<Outputs> = (0..4)
        .map(|number| {
            let files = (0..40).map(|page| format!("//- d{number}/p{page}.html\n{number}\n"));
            site(&files.collect::<String>())
        })
        .collect();
    // This race is rare: one build takes another build's temporary folder for its own.
    for _ in 0..20 {
        let desk = Desk::new();
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
        assert!(!desk.dir.path().join(".out.whosaid-new").exists());
    }
}
