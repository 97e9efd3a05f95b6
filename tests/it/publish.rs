//! Tests of publishing from the outside: a site is the old or the new one, complete, whatever
//! happens to the build; and the same book gives the same bytes.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// Every file of a folder with its bytes.
pub type Tree = BTreeMap<String, Vec<u8>>;

pub fn tree(dir: &Path) -> Tree {
    let entries = walkdir::WalkDir::new(dir).into_iter();
    let files = entries.map(|entry| entry.expect("an entry"));
    let files = files.filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(dir).expect("a path below");
        let bytes = fs::read(entry.path()).expect("a file");
        (path.display().to_string(), bytes)
    };
    files.map(read).collect()
}

/// Creates a folder with the books `one` and `two`, which differ in every page.
pub fn desk(briefings: usize) -> TempDir {
    let desk = TempDir::new().expect("a temporary folder");
    for title in ["one", "two"] {
        let run = program(desk.path(), &["init", title, "--title", title]).output();
        assert!(run.expect("the program runs").status.success());
        for number in 0..briefings {
            let text = format!("# Briefing {number}\n\nIt is {title}, says [[brennia]].\n");
            let file = format!("{title}/content/more/b{number}.md");
            fs::create_dir_all(desk.path().join(title).join("content/more")).expect("a folder");
            fs::write(desk.path().join(file), text).expect("a file");
        }
    }
    desk
}

pub fn program(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whosaid"));
    command
        .current_dir(dir)
        .args(arguments)
        .env_remove("SOURCE_DATE_EPOCH")
        .stdin(Stdio::null());
    command
}

pub fn build(dir: &Path, book: &str, to: &str) -> Output {
    let run = program(dir, &["build", book, "--dest-dir", to]).output();
    run.expect("the program runs")
}

fn begin(dir: &Path, book: &str, to: &str) -> Child {
    let mut command = program(dir, &["build", book, "--dest-dir", to]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program runs")
}

/// Returns the sites of both books, built without interference.
pub fn both(desk: &Path) -> [Tree; 2] {
    ["one", "two"].map(|book| {
        let to = format!("sites/{book}");
        let run = build(desk, book, &to);
        assert!(run.status.success(), "{run:?}");
        tree(&desk.join(to))
    })
}

/// Returns the entries of the site's parent folder, without the site.
pub fn beside(site: &Path) -> Vec<String> {
    let folder = fs::read_dir(site.parent().expect("a folder")).expect("a folder");
    let names = folder.map(|entry| entry.expect("an entry").file_name());
    let names = names.filter(|name| Some(name.as_os_str()) != site.file_name());
    names.map(|name| name.display().to_string()).collect()
}

/// The number of killed builds; `WHOSAID_KILLS` sets it.
fn kills() -> usize {
    let kills = std::env::var("WHOSAID_KILLS").ok();
    kills.and_then(|kills| kills.parse().ok()).unwrap_or(20)
}

#[cfg(unix)]
#[test]
fn a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one() {
    let desk = desk(40);
    let sites = both(desk.path());
    let site = desk.path().join("out/site");
    let mut whole: Vec<_> = ["one", "two", "one", "two", "one"]
        .map(|book| {
            let started = std::time::Instant::now();
            assert!(build(desk.path(), book, "out/site").status.success());
            started.elapsed()
        })
        .into();
    whole.sort();
    let whole = whole[whole.len() / 2];
    let (mut here, mut cut_short, mut begun) = (0, [0, 0], 0);
    let mut seed = 0x5eed_u32;
    // A build that ends too early was not killed, and another one is started.
    while cut_short.iter().sum::<usize>() < kills() {
        assert!(
            begun < 4 * kills(),
            "{cut_short:?} of {begun} builds were killed"
        );
        begun += 1;
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        // Always the other book, because a build without changes ends immediately.
        let mut child = begin(desk.path(), ["two", "one"][here], "out/site");
        // A random delay, because no event marks a random moment.
        std::thread::sleep(whole.mul_f64(f64::from(seed >> 16) / 65_536.0));
        let _ = child.kill();
        let was_killed = !child.wait().expect("the program ends").success();
        let found = tree(&site);
        let which = sites.iter().position(|site| *site == found);
        let which = which.unwrap_or_else(|| panic!("build {begun}: neither site as a whole"));
        if was_killed {
            cut_short[usize::from(which != here)] += 1;
        } else {
            assert_ne!(
                which, here,
                "build {begun} ended, and the old site is there"
            );
        }
        here = which;
    }
    let [old, new] = cut_short;
    eprintln!("{old} killed builds left the old site, {new} the new one; {begun} were begun");
    assert!(
        build(desk.path(), ["two", "one"][here], "out/site")
            .status
            .success()
    );
    assert!(tree(&site) == sites[1 - here]);
    assert_eq!(beside(&site), [""; 0], "what killed builds left is gone");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_old_site_and_no_litter() {
    let desk = desk(3);
    let sites = both(desk.path());
    let site = desk.path().join("out/site");
    assert!(build(desk.path(), "one", "out/site").status.success());
    // Files cannot grow beyond a few kilobytes, and the program gets an error as from a full disk.
    let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" build two --dest-dir out/site";
    let run = Command::new("sh")
        .args(["-c", limited, env!("CARGO_BIN_EXE_whosaid")])
        .current_dir(desk.path())
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(said.contains("cannot write"), "{said}");
    assert!(tree(&site) == sites[0]);
    assert_eq!(beside(&site), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_named_and_left() {
    use std::os::unix::fs::PermissionsExt as _;

    let desk = desk(1);
    assert!(build(desk.path(), "one", "out/site").status.success());
    let site = desk.path().join("out/site");
    let before = tree(&site);
    let set = |mode| {
        for folder in [&site, &desk.path().join("out")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).expect("a mode");
        }
    };
    set(0o555);
    // The superuser can write to every folder here, but not in `/sys`.
    let may_write = fs::create_dir(site.join("probe")).is_ok();
    if may_write {
        fs::remove_dir(site.join("probe")).expect("a folder");
    } else {
        let run = build(desk.path(), "two", "out/site");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(said.contains("out/site"), "{said}");
    }
    set(0o755);
    assert!(tree(&site) == before);
    if cfg!(target_os = "linux") {
        let run = build(desk.path(), "two", "/sys/whosaid-site");
        let said = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert!(said.contains("/sys/whosaid-site"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn builds_at_once_into_one_folder_do_not_mix() {
    let desk = desk(20);
    let sites = both(desk.path());
    for _ in 0..3 {
        let children = ["one", "two", "one", "two"].map(|it| begin(desk.path(), it, "out/site"));
        for mut child in children {
            assert!(child.wait().expect("the program ends").success());
        }
        assert!(sites.contains(&tree(&desk.path().join("out/site"))));
    }
    assert_eq!(beside(&desk.path().join("out/site")), [""; 0]);
}

#[test]
fn a_book_with_an_error_leaves_the_old_site() {
    let desk = desk(1);
    assert!(build(desk.path(), "one", "out/site").status.success());
    let before = tree(&desk.path().join("out"));
    for (file, text) in [
        (
            "two/content/broken.md",
            "# Broken\n\n[[nobody-of-that-name]]\n",
        ),
        (
            "two/templates/claim.html",
            "{{ claim.nothing.of.the.kind }}",
        ),
    ] {
        let file = desk.path().join(file);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(&file, text).expect("a file");
        assert_eq!(build(desk.path(), "two", "out/site").status.code(), Some(1));
        assert!(tree(&desk.path().join("out")) == before);
        fs::remove_file(file).expect("the file");
    }
}

#[test]
fn nothing_is_written_when_nothing_has_changed() {
    let desk = desk(2);
    assert!(build(desk.path(), "one", "out/site").status.success());
    let site = desk.path().join("out/site");
    let times = || -> Vec<_> {
        let entries = walkdir::WalkDir::new(desk.path().join("out")).sort_by_file_name();
        let entries = entries.into_iter().map(|entry| entry.expect("an entry"));
        let times = entries.map(|entry| {
            let time = entry.metadata().expect("an entry").modified();
            (entry.path().to_owned(), time.expect("a time"))
        });
        times.collect()
    };
    let before = times();
    let run = build(desk.path(), "one", "out/site");
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(said.contains("already up to date"), "{said}");
    assert_eq!(times(), before);
    // A page that somebody changed is restored.
    let whole = tree(&site);
    fs::write(site.join("index.html"), "spoiled").expect("a file");
    assert!(build(desk.path(), "one", "out/site").status.success());
    assert!(tree(&site) == whole);
}

#[test]
fn verify_names_every_file_that_differs_and_changes_none() {
    let desk = desk(1);
    assert!(build(desk.path(), "one", "out/site").status.success());
    let verify = || {
        let run = program(desk.path(), &["build", "one", "-d", "out/site", "--verify"]).output();
        let run = run.expect("the program runs");
        (
            run.status.code(),
            String::from_utf8_lossy(&run.stderr).into_owned(),
        )
    };
    assert_eq!(verify(), (Some(0), String::new()));
    let site = desk.path().join("out/site");
    fs::write(site.join("index.html"), "spoiled").expect("a file");
    fs::remove_file(site.join("404.html")).expect("a file");
    fs::write(site.join("claims/more.txt"), "more").expect("a file");
    let before = tree(&site);
    insta::assert_snapshot!(verify().1, @r"
    missing: out/site/404.html
    differs: out/site/index.html
    extra: out/site/claims/more.txt
    `out/site/` is not the site of this book: 3 files differ
    ");
    assert_eq!(verify().0, Some(1));
    assert!(tree(&site) == before);
}

#[cfg(unix)]
#[test]
fn the_same_book_gives_the_same_bytes_everywhere() {
    let desk = desk(12);
    let first = build(desk.path(), "one", "sites/first");
    assert!(first.status.success());
    let expected = tree(&desk.path().join("sites/first"));
    // The same files, created in the opposite order, in a folder with another name.
    let copy = desk.path().join("elsewhere/with a space/ü");
    for (path, bytes) in tree(&desk.path().join("one")).into_iter().rev() {
        let file = copy.join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        fs::write(file, bytes).expect("a file");
    }
    let conditions: [(&str, &[(&str, &str)]); 7] = [
        ("022", &[("RAYON_NUM_THREADS", "1")]),
        ("077", &[("RAYON_NUM_THREADS", "2"), ("HOME", "/nowhere")]),
        ("022", &[("RAYON_NUM_THREADS", "7"), ("USER", "somebody")]),
        (
            "022",
            &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8")],
        ),
        ("022", &[("TZ", "Pacific/Pago_Pago"), ("LC_ALL", "C")]),
        (
            "022",
            &[("SOURCE_DATE_EPOCH", "0"), ("LANG", "ja_JP.UTF-8")],
        ),
        ("022", &[("SOURCE_DATE_EPOCH", "4000000000")]),
    ];
    for (number, (umask, variables)) in conditions.into_iter().enumerate() {
        let to = desk.path().join(format!("sites/{number}"));
        let line = format!("umask {umask}; exec \"$0\" build . --dest-dir \"$1\"");
        let run = Command::new("sh")
            .args(["-c", &line, env!("CARGO_BIN_EXE_whosaid")])
            .arg(&to)
            .current_dir(&copy)
            .envs(variables.iter().copied())
            .output()
            .expect("a shell");
        assert!(run.status.success(), "{variables:?}: {run:?}");
        let found = tree(&to);
        assert!(found.keys().eq(expected.keys()), "{variables:?}");
        for (path, bytes) in &expected {
            assert!(found[path] == *bytes, "{variables:?}: {path} differs");
        }
    }
    // The output contains no path, name or time of the machine.
    let told = desk.path().display().to_string();
    let holds = |bytes: &[u8]| bytes.windows(told.len()).any(|it| it == told.as_bytes());
    assert!(!expected.values().any(|bytes| holds(bytes)));
}
