//! Tests builds under system failures: full disks, unreadable files, files that disappear, closed
//! pipes, signals, clock changes. Each ends with a clear message and the right exit code, and the
//! old site is intact.
#![cfg(unix)]
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::publish::{Tree, beside, both, build, desk, program, tree};

const PROGRAM: &str = env!("CARGO_BIN_EXE_whosaid");

fn said(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

fn shell(dir: &Path, script: &str) -> Output {
    let mut run = Command::new("sh");
    let run = run.args(["-c", script, PROGRAM]);
    let run = run.current_dir(dir).stdin(Stdio::null()).output();
    run.expect("a shell")
}

/// Returns the arguments of `unshare` for a shell that can mount, if that is possible.
fn who_may_mount() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["-m"], &["-rm"]];
    ways.into_iter().find(|way| {
        let probe = "mkdir -p m && mount -t tmpfs none m && umount m";
        let dir = TempDir::new().expect("a temporary folder");
        let mut run = Command::new("unshare");
        let run = run.args(*way).args(["sh", "-c", probe]);
        let run = run.current_dir(dir.path()).output();
        run.is_ok_and(|run| run.status.success())
    })
}

/// Builds `one` on a separate disk, spoils the disk, and builds `two`. Returns the result, and the
/// sites before and after.
fn on_a_disk(desk: &Path, options: &str, spoil: &str) -> (Output, Tree, Tree) {
    let Some(way) = who_may_mount() else {
        panic!(
            "this test mounts a small disk: run it as root, or where user namespaces are allowed"
        );
    };
    let script = format!(
        "mkdir -p disk before after
        mount -t tmpfs -o {options} none disk || exit 90
        \"$0\" build one --dest-dir disk/site >/dev/null || exit 91
        cp -a disk/site before/ || exit 92
        {spoil}
        \"$0\" build two --dest-dir disk/site
        code=$?
        rm -f disk/fill*
        cp -a disk/. after/ || exit 93
        exit $code"
    );
    let mut run = Command::new("unshare");
    let run = run.args(way).args(["sh", "-c", &script, PROGRAM]);
    let run = run.current_dir(desk).output().expect("unshare");
    let [before, after] = ["before", "after"].map(|it| tree(&desk.join(it)));
    (run, before, after)
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_takes_nothing_more_keeps_the_old_site() {
    for (options, spoil, why) in [
        (
            "size=8m",
            "dd if=/dev/zero of=disk/fill bs=64k 2>/dev/null; truncate -s -65536 disk/fill",
            "No space left on device",
        ),
        (
            "size=64m,nr_inodes=200",
            "i=0; while touch disk/fill$i 2>/dev/null; do i=$((i+1)); done; rm disk/fill1 disk/fill2",
            "No space left on device",
        ),
        (
            "size=64m",
            "mount -o remount,ro disk",
            "Read-only file system",
        ),
    ] {
        let desk = desk(3);
        let (run, before, after) = on_a_disk(desk.path(), options, spoil);
        let told = said(&run);
        assert_eq!(run.status.code(), Some(2), "{options}: {run:?}");
        assert!(told.contains("disk/site") && told.contains(why), "{told}");
        assert!(!told.contains("panicked"), "{told}");
        assert!(before.len() > 10, "{options}: no old site");
        assert!(before == after, "{options}: the old site is spoiled");
    }
}

/// The manifest is written last, and a build must handle an incomplete one.
#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_at_the_last_moment_leaves_nothing() {
    let desk = desk(1);
    let [one, two] = both(desk.path());
    let is_new = |(path, bytes): &(&String, &Vec<u8>)| one.get(*path) != Some(*bytes);
    let sizes = two.iter().filter(is_new).map(|(_, bytes)| bytes.len());
    let needed: usize = sizes.map(|size| size.div_ceil(4096)).sum();
    let spoil = format!(
        "dd if=/dev/zero of=disk/all bs=64k 2>/dev/null
        for pages in $(seq {} {needed}); do
            truncate -s -$((4096 * pages)) disk/all
            \"$0\" build two --dest-dir disk/site 2>>told && break
            dd if=/dev/zero of=disk/all bs=64k 2>/dev/null
            ls -A disk >>left
        done; mount -o remount,ro disk",
        needed - 4
    );
    on_a_disk(desk.path(), "size=8m", &spoil);
    let read = |name: &str| fs::read_to_string(desk.path().join(name)).unwrap_or_default();
    let told = read("told");
    let is_list = |line: &str| line.contains("manifest") && line.contains("No space left");
    assert!(told.lines().any(is_list), "{told}");
    assert!(!told.contains("cannot be read"), "{told}");
    assert!(!read("left").contains("whosaid-new"), "{}", read("left"));
}

/// Runs the program as a user who can read only world-readable files.
fn as_nobody(dir: &Path, arguments: &[&str]) -> Output {
    let is_root = Command::new("id").arg("-u").output().expect("id").stdout == b"0\n";
    let copy = dir.join("program");
    if !copy.exists() {
        // By another process: a file that this one has open for writing is inherited by programs
        // that other tests start at the same moment, and cannot be run until these end.
        let cp = Command::new("cp").arg(PROGRAM).arg(&copy).status();
        assert!(cp.expect("cp").success(), "the program can be copied");
    }
    let mut run = if is_root {
        Command::new("setpriv")
    } else {
        Command::new(&copy)
    };
    if is_root {
        let ids = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        run.args(ids).arg(&copy);
    }
    let run = run.args(arguments).current_dir(dir).output();
    run.expect("setpriv, of util-linux")
}

#[test]
#[cfg(target_os = "linux")]
fn what_may_not_be_read_is_named() {
    let desk = desk(1);
    let set = |path: &str, mode| {
        let mode = fs::Permissions::from_mode(mode);
        fs::set_permissions(desk.path().join(path), mode).expect("a mode");
    };
    set("", 0o755);
    for (path, name) in [
        ("one/content/more/b0.md", "b0.md"),
        ("one/content/more", "more"),
        ("one/book.toml", "book.toml"),
        ("one/content", "content"),
    ] {
        let before = fs::metadata(desk.path().join(path)).expect("it is there");
        set(path, 0);
        let run = as_nobody(desk.path(), &["check", "one"]);
        set(path, before.permissions().mode());
        let told = said(&run);
        assert_eq!(run.status.code(), Some(2), "{path}: {told}");
        assert!(told.contains(name) && told.contains("denied"), "{told}");
    }
    // The same, if the folder is not writable.
    let run = as_nobody(desk.path(), &["build", "one", "--dest-dir", "out"]);
    let told = said(&run);
    assert_eq!(run.status.code(), Some(2), "{told}");
    assert!(told.contains("`out`") && told.contains("denied"), "{told}");
    assert!(!desk.path().join("out").exists());
}

/// Creates and deletes files in a folder continuously until it is dropped.
struct Unrest(std::process::Child);

impl Unrest {
    fn new(dir: &Path) -> Unrest {
        let script = "while :; do for i in 1 2 3 4 5 6 7 8; do echo '# X' > x$i.md; done
            rm -f x*.md; mkdir -p f; echo '# Y' > f/y.md; rm -rf f; done";
        let run = Command::new("sh")
            .args(["-c", script])
            .current_dir(dir)
            .spawn();
        Unrest(run.expect("a shell"))
    }
}

impl Drop for Unrest {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn files_that_go_while_they_are_read_are_named_or_not_there() {
    let desk = desk(1);
    let _unrest = Unrest::new(&desk.path().join("one/content/more"));
    for _ in 0..40 {
        let run = program(desk.path(), &["check", "one"]).output();
        let run = run.expect("the program runs");
        let told = said(&run);
        match run.status.code() {
            Some(0) => {}
            // The folder was empty for a moment, or was deleted between two reads.
            Some(1 | 2) => assert!(told.contains("content/more"), "{told}"),
            code => panic!("{code:?}: {told}"),
        }
        assert!(!told.contains("panicked"), "{told}");
    }
}

#[test]
fn a_reader_that_hangs_up_is_no_fault_and_a_full_one_is() {
    let desk = desk(1);
    fs::write(
        desk.path().join("two/content/bad.md"),
        "# X\n\n[[nobody]]\n",
    )
    .expect("a file");
    for (arguments, code) in [
        ("check one --format json", 0),
        ("check two --format json", 1),
        ("check two --format sarif", 1),
        ("check two", 1),
        ("build one", 0),
        ("build two", 1),
        ("export json one", 0),
        ("explain WS101", 0),
        ("completions bash", 0),
        ("--help", 0),
        ("--version", 0),
        ("--no-such", 2),
    ] {
        for way in [
            "| head -c 0",
            "> /dev/full",
            ">&-",
            "2>&-",
            ">&- 2>&-",
            "2>/dev/full",
        ] {
            // The exit code of the program, not of the pipe.
            let script = format!("{{ \"$0\" {arguments}; echo $? >code; }} {way}");
            let run = shell(desk.path(), &script);
            let left = fs::read_to_string(desk.path().join("code")).expect("a code");
            let told = said(&run);
            assert!(!told.contains("panicked"), "{arguments} {way}: {told}");
            let is_full = way == "> /dev/full" && told.contains("cannot write to standard output");
            let expected = if is_full { 2 } else { code };
            assert_eq!(
                left.trim(),
                expected.to_string(),
                "{arguments} {way}: {told}"
            );
        }
    }
    let run = shell(desk.path(), "\"$0\" check two --format json > /dev/full");
    assert_eq!(run.status.code(), Some(2));
    assert!(said(&run).contains("cannot write to standard output"));
}

#[test]
fn a_signal_ends_a_build_and_leaves_the_old_site() {
    let desk = desk(20);
    let sites = both(desk.path());
    let site = desk.path().join("out/site");
    assert!(build(desk.path(), "one", "out/site").status.success());
    let stage = desk.path().join("out/.site.whosaid-new");
    let mut ended_early = 0;
    for (signal, number) in [("INT", 2), ("TERM", 15)].repeat(3) {
        let mut child = program(desk.path(), &["build", "two", "--dest-dir", "out/site"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        // The build is running as soon as its temporary folder exists.
        while !stage.exists() && child.try_wait().expect("a child").is_none() {
            std::thread::yield_now();
        }
        let pid = child.id().to_string();
        let _ = Command::new("kill").args(["-s", signal, &pid]).status();
        let ended = child.wait().expect("it ends");
        let left = tree(&site);
        if ended.code() == Some(128 + number) {
            ended_early += usize::from(left == sites[0]);
        } else {
            // It ended before the signal arrived.
            assert!(ended.success(), "{signal}: {ended:?}");
            assert!(left == sites[1], "{signal}");
        }
        assert!(sites.contains(&left), "{signal}: no site is whole");
        assert_eq!(beside(&site), [""; 0], "{signal}: something is left");
        if left == sites[1] {
            assert!(build(desk.path(), "one", "out/site").status.success());
        }
    }
    assert!(ended_early > 0, "no build was told early enough");
    // An aborted first build leaves no folder, either.
    let first = desk.path().join("first/site");
    let mut child = program(desk.path(), &["build", "two", "--dest-dir", "first/site"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program runs");
    while !desk.path().join("first/.site.whosaid-new").exists()
        && child.try_wait().expect("a child").is_none()
    {
        std::thread::yield_now();
    }
    let _ = Command::new("kill").arg(child.id().to_string()).status();
    if !child.wait().expect("it ends").success() {
        assert!(!first.exists() || tree(&first) == sites[1]);
    }
}

fn set_time(file: &Path, time: SystemTime) {
    let file = fs::OpenOptions::new().write(true).open(file);
    file.expect("a file").set_modified(time).expect("a time");
}

#[test]
fn a_clock_that_jumps_changes_no_byte_and_hides_no_edit() {
    let desk = desk(2);
    let to = desk.path().join("out/site");
    assert!(build(desk.path(), "one", "out/site").status.success());
    let first = tree(&to);
    let file = desk.path().join("one/content/more/b0.md");
    let year = Duration::from_secs(366 * 86_400);
    for time in [SystemTime::now() + 40 * year, SystemTime::UNIX_EPOCH] {
        set_time(&file, time);
        assert!(build(desk.path(), "one", "out/site").status.success());
        assert!(tree(&to) == first);
        // An edit with the same length and the same modification time.
        let text = fs::read_to_string(&file).expect("a file");
        fs::write(&file, text.replace("It is", "So is")).expect("a file");
        set_time(&file, time);
        assert!(build(desk.path(), "one", "out/site").status.success());
        let page = String::from_utf8_lossy(&tree(&to)["more/b0.html"]).into_owned();
        assert!(page.contains("So is"), "{page}");
        fs::write(&file, text).expect("a file");
        assert!(build(desk.path(), "one", "out/site").status.success());
        assert!(tree(&to) == first);
    }
}

#[test]
fn a_day_that_is_none_is_told_and_ends_with_2() {
    let desk = desk(1);
    for epoch in ["", "yesterday", "-1x", "99999999999999999999", "1e9", " 1"] {
        let run = program(desk.path(), &["build", "one", "--dest-dir", "out"])
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .expect("the program runs");
        let told = said(&run);
        assert_eq!(run.status.code(), Some(2), "{epoch:?}: {told}");
        assert!(told.contains("invalid `SOURCE_DATE_EPOCH`"), "{told}");
        assert!(!desk.path().join("out").exists());
    }
    for epoch in ["0", "1700000000", "253400000000"] {
        let run = program(desk.path(), &["build", "one", "--dest-dir", "out"])
            .env("SOURCE_DATE_EPOCH", epoch)
            .output()
            .expect("the program runs");
        assert!(run.status.success(), "{epoch}: {}", said(&run));
    }
}

#[test]
fn links_in_circles_and_out_of_the_book_are_named() {
    use std::os::unix::fs::symlink;
    let desk = desk(1);
    let content = desk.path().join("one/content");
    assert!(build(desk.path(), "one", "out/site").status.success());
    let before = tree(&desk.path().join("out"));
    let two = PathBuf::from("../../two/content");
    for (from, to) in [
        ("a", PathBuf::from("b")),
        ("round", PathBuf::from("..")),
        ("self", PathBuf::from("self")),
        ("other", two.clone()),
        ("other.md", two.join("more/b0.md")),
        ("root", PathBuf::from("/")),
        ("device.md", PathBuf::from("/dev/zero")),
        ("proc.md", PathBuf::from("/proc/self/environ")),
    ] {
        let link = content.join(from);
        symlink(&to, &link).expect("a link");
        let run = build(desk.path(), "one", "out/site");
        let told = said(&run);
        assert_eq!(run.status.code(), Some(2), "{from}: {told}");
        assert!(told.contains(from), "{from}: {told}");
        assert!(tree(&desk.path().join("out")) == before, "{from}");
        fs::remove_file(link).expect("the link");
    }
}
