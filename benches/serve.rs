//! Measures the time from a save to the event in a browser: `cargo bench --bench serve -- [SIZE]…`.
//!
//! `-- 10000 words CSS` leaves out the other kinds of edits, which are full compilations.
//!
//! For each size (default: 100 and 1,000 briefings) it serves a generated book with the program
//! itself, listens like a browser, and times twenty edits of each kind, from the write to the
//! event. This includes the debounce interval, reading, compiling and notifying. The processor time
//! is more reliable if other processes use the machine. Then it times the steps of a compilation
//! with a warm cache, for words and for an actor's name, and the cost of the idle server.
//! `-- memory` makes 5,000 edits of the sample instead, and prints the memory of the server before
//! and after.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark writes books, runs programs and keeps time"
)]

#[expect(dead_code, reason = "books for other tools are `build`'s affair")]
mod made;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use whosaid::compile::{self, Cache, Options, Step};
use whosaid::disk::{self, Known};

const EDITS: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "memory") {
        memory();
        return;
    }
    let mut sizes: Vec<usize> = arguments
        .iter()
        .filter_map(|size| size.parse().ok())
        .collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000];
    }
    println!("save to event, {EDITS} edits each, ms: median (worst)");
    for size in sizes {
        let dir = TempDir::new().expect("a temporary folder");
        let made = made::Made::new(size, 0x5eed);
        made::write(&made, made::Tool::Whosaid, dir.path()).expect("a made book");
        latency(size, dir.path(), &arguments);
        let briefing = first_briefing(dir.path());
        let text = fs::read_to_string(&briefing).expect("a briefing");
        steps(dir.path(), "words", &briefing, &|n| {
            format!("{text}\n\nRound {n}.\n")
        });
        let actor = dir.path().join("content/actors/a0.md");
        steps(dir.path(), "a name", &actor, &|n| {
            format!("---\nname: Round {n}\n---\n")
        });
    }
}

/// A running server and a listening client.
struct Served {
    child: Child,
    events: BufReader<TcpStream>,
}

impl Served {
    fn start(dir: &Path) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_whosaid"))
            .arg("serve")
            .arg(dir)
            .args(["--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut address = String::new();
        out.read_line(&mut address).expect("an address");
        let host = address
            .trim_start_matches("http://")
            .trim_end()
            .trim_end_matches('/');
        let mut stream = TcpStream::connect(host).expect("a connection");
        let request = format!("GET /-/whosaid/events HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("it listens");
        let mut served = Served {
            child,
            events: BufReader::new(stream),
        };
        served.next();
        served
    }

    /// Waits for the next event.
    fn next(&mut self) {
        let mut line = String::new();
        while !line.starts_with("data: ") {
            line.clear();
            assert!(self.events.read_line(&mut line).expect("an event") > 0);
        }
    }

    /// Returns the processor time since its start, in clock ticks.
    fn ticks(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.unwrap_or_default();
        let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace();
        fields
            .skip(11)
            .take(2)
            .filter_map(|ticks| ticks.parse::<u64>().ok())
            .sum()
    }

    /// Returns the resident memory in MB.
    fn memory(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        kilobytes
            .and_then(|kb| kb.parse::<f64>().ok())
            .unwrap_or(0.0)
            / 1024.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A kind of edit: its name, its file, and its text by the number of the edit.
type Edit<'a> = (&'a str, &'a Path, Box<dyn Fn(usize) -> String + 'a>);

fn latency(size: usize, dir: &Path, asked: &[String]) {
    let started = Instant::now();
    let mut served = Served::start(dir);
    println!(
        "{size} briefings: first site after {:.1} s",
        started.elapsed().as_secs_f64()
    );
    let briefing = first_briefing(dir);
    let text = fs::read_to_string(&briefing).expect("a briefing");
    let actor = dir.join("content/actors/a0.md");
    let edits: [Edit<'_>; 4] = [
        (
            "words of a briefing",
            &briefing,
            Box::new(|n| format!("{text}\n\nEdit number {n}.\n")),
        ),
        (
            "name of an actor",
            &actor,
            Box::new(|n| format!("---\nname: Renamed {n}\n---\n")),
        ),
        (
            "a template",
            &dir.join("templates/footer.html"),
            Box::new(|n| format!("<p>{n}</p>\n")),
        ),
        (
            "CSS",
            &dir.join("theme.css"),
            Box::new(|n| format!("body {{ color: #00{n:04} }}\n")),
        ),
    ];
    let is_asked = |name: &str| asked.iter().any(|word| name.contains(word.as_str()));
    let all = !edits.iter().any(|(name, ..)| is_asked(name));
    for (name, path, text) in edits.iter().filter(|(name, ..)| all || is_asked(name)) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        // The first one is a different kind of edit: a new file.
        fs::write(path, text(0)).expect("a file");
        served.next();
        let before = served.ticks();
        let mut took: Vec<f64> = (1..=EDITS)
            .map(|number| {
                std::thread::sleep(Duration::from_millis(60));
                let started = Instant::now();
                fs::write(path, text(number)).expect("a file");
                served.next();
                started.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        took.sort_by(f64::total_cmp);
        println!(
            "  {name:20} {:8.1} ({:.1}); {:.0} of processor time each",
            took[EDITS / 2],
            took[EDITS - 1],
            // A tick is a hundredth of a second.
            (served.ticks() - before) as f64 * 10.0 / EDITS as f64
        );
    }
    let before = served.ticks();
    std::thread::sleep(Duration::from_secs(10));
    println!(
        "  idle for 10 s: {} ticks of the processor; memory {:.0} MB",
        served.ticks() - before,
        served.memory()
    );
}

fn first_briefing(dir: &Path) -> std::path::PathBuf {
    let content = fs::read_dir(dir.join("content/b")).expect("a folder");
    let mut files: Vec<_> = content
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    files.sort();
    files[files.len() / 2].clone()
}

/// Times the steps of `serve` after an edit of one file.
fn steps(dir: &Path, what: &str, path: &Path, text: &dyn Fn(usize) -> String) {
    let today = jiff::civil::date(2026, 11, 23);
    let (mut known, mut cache) = (Known::default(), Cache::default());
    let mut sums: Vec<(String, f64)> = Vec::new();
    let mut add = |name: String, ms: f64| match sums.iter_mut().find(|(known, _)| *known == name) {
        Some((_, sum)) => *sum += ms,
        None => sums.push((name, ms)),
    };
    let rounds = 6;
    for round in 0..rounds {
        fs::write(path, text(round)).expect("a file");
        let started = Instant::now();
        let inputs = disk::read_again(dir, Options::default(), today, &mut known).expect("a book");
        let read = started.elapsed();
        let mut last: (Option<Step>, Instant) = (None, Instant::now());
        let mut told = Vec::new();
        let build = compile::compile_observed(&inputs, &mut cache, &mut |step| {
            told.push((last.0, last.1.elapsed()));
            last = (Some(step), Instant::now());
        });
        told.push((last.0, last.1.elapsed()));
        drop(build);
        if round > 0 {
            add("Read".to_owned(), read.as_secs_f64() * 1000.0);
            for (step, took) in told {
                if let Some(step) = step {
                    add(format!("{step:?}"), took.as_secs_f64() * 1000.0);
                }
            }
        }
    }
    let shares: Vec<String> = sums
        .iter()
        .map(|(name, ms)| format!("{name} {:.1}", ms / (rounds - 1) as f64))
        .collect();
    println!(
        "  steps of a warm compile for {what}, ms: {}",
        shares.join(", ")
    );
}

/// Measures whether 5,000 edits of the sample increase the memory of the server.
fn memory() {
    let dir = TempDir::new().expect("a temporary folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&root.join("content"), &dir.path().join("content"));
    fs::copy(root.join("book.toml"), dir.path().join("book.toml")).expect("a file");
    let briefing = dir.path().join("content/how-it-came-to-light.md");
    let text = fs::read_to_string(&briefing).expect("a briefing");
    let mut served = Served::start(dir.path());
    for number in 0..=5_000 {
        // Words, code in a different language each time, and an error in every tenth edit.
        let mistake = if number % 10 == 9 { "[[nobody]]" } else { "" };
        let edited =
            format!("{text}\n\nEdit {number} {mistake}\n\n```rust\nlet a = {number};\n```\n");
        fs::write(&briefing, edited).expect("a file");
        served.next();
        if matches!(number, 0 | 100 | 1_000 | 2_000 | 3_000 | 4_000 | 5_000) {
            println!("after {number} edits: {:.1} MB", served.memory());
        }
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a file");
        }
    }
}
