//! When the system gives no more threads or memory: one message, exit code 2, and never a hang.
#![cfg(target_os = "linux")]
#![expect(
    clippy::disallowed_methods,
    reason = "these tests run the program on folders of their own"
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use whosaid::import::{self, Format};

/// Runs the program below limits of the shell; gives its code and words. `None` if it hangs.
fn limited(dir: &TempDir, limits: &str, arguments: &str) -> Option<(i32, String)> {
    let line = format!(
        "{limits}; exec {} {arguments}",
        env!("CARGO_BIN_EXE_whosaid")
    );
    let mut child = Command::new("sh")
        .args(["-c", &line])
        .current_dir(dir.path())
        .env("RUST_BACKTRACE", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("its state") {
            break status;
        }
        if started.elapsed() > Duration::from_secs(60) {
            let _ = child.kill();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let mut said = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        use std::io::Read as _;
        let _ = pipe.read_to_string(&mut said);
    }
    // Killed by a signal, it has no code.
    Some((status.code().unwrap_or(-1), said))
}

#[test]
fn too_little_memory_ends_a_build_with_a_message_and_code_2() {
    let dir = TempDir::new().expect("a temporary folder");
    let whosaid = |arguments: &str| limited(&dir, "true", arguments).expect("no hang");
    assert_eq!(whosaid("init book").0, 0);
    assert_eq!(whosaid("build book").0, 0);
    let mut failed = 0;
    // From too little to start up to enough.
    for kilobytes in (20_000..200_000).step_by(4_000).chain([300_000, 1_000_000]) {
        let limits = format!("ulimit -v {kilobytes}");
        let ran = limited(&dir, &limits, "build book -d site");
        let (code, said) = ran.unwrap_or_else(|| panic!("it hangs with {kilobytes} kB"));
        // Where not even this runs, the system could not load the program.
        let version = limited(&dir, &limits, "--version");
        if version.is_none_or(|(code, _)| code != 0) {
            continue;
        }
        assert!(matches!(code, 0 | 2), "{kilobytes} kB: {code}\n{said}");
        if code == 2 {
            failed += 1;
            assert!(
                said.contains("no more threads or memory") || said.contains("memory"),
                "{kilobytes} kB: {said}"
            );
            assert!(!said.contains("a bug in whosaid"), "{kilobytes} kB: {said}");
        }
    }
    assert!(failed > 0, "none of these limits was too low");
}

#[test]
fn an_import_of_equal_names_takes_linear_time() {
    let object = |_| serde_json::json!({ "type": "intrusion-set", "id": "x", "name": "Same" });
    let objects: Vec<_> = (0..49_999).map(object).collect();
    let bundle = serde_json::json!({ "type": "bundle", "objects": objects }).to_string();
    let started = Instant::now();
    let imported = import::read(Format::Stix, &bundle).expect("a bundle");
    assert_eq!(imported.files.len(), 49_999);
    // Square time took two minutes.
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
    // No more than a book can hold.
    let objects: Vec<_> = (0..50_003).map(object).collect();
    let bundle = serde_json::json!({ "type": "bundle", "objects": objects }).to_string();
    let imported = import::read(Format::Stix, &bundle).expect("a bundle");
    assert_eq!(imported.files.len(), 50_000);
    assert_eq!(imported.left.len(), 1);
    assert_eq!(imported.left[0].place, "3 × more");
}

#[test]
fn a_build_dir_that_cannot_be_is_reported_where_it_is_named() {
    for name in ["/etc", ".", "content", "x\\u0000y", &"n".repeat(300)] {
        let dir = TempDir::new().expect("a temporary folder");
        assert_eq!(limited(&dir, "true", "init book").expect("no hang").0, 0);
        let toml = dir.path().join("book/book.toml");
        let text = std::fs::read_to_string(&toml).expect("a file");
        let text = text.replace("build-dir = \"book\"", &format!("build-dir = \"{name}\""));
        std::fs::write(&toml, text).expect("a file");
        let (code, said) = limited(&dir, "true", "build book").expect("no hang");
        assert_eq!(code, 2, "{name}: {said}");
        assert!(said.contains("book.toml:"), "{name}: {said}");
    }
}

#[test]
fn a_site_of_an_impossible_name_is_an_error_of_the_update() {
    let dir = TempDir::new().expect("a temporary folder");
    std::fs::write(
        dir.path().join("book.toml"),
        "[whosaid.sites]\nclaim = \"https://a.example/\"\n",
    )
    .expect("a file");
    let (code, said) = limited(&dir, "true", "sites update").expect("no hang");
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("WS036") && !said.contains("has no entries"),
        "{said}"
    );
}
