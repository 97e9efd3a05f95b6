//! Measures the speed of reading a page, relative to plain pulldown-cmark on the same text in the
//! same run.
//!
//! `cargo bench --bench parse` prints one line for each size and fails if a bound is exceeded:
//! reading takes at most four times as long as pulldown-cmark, and a large page takes no more time
//! per byte than a small one.
//!
//! It measures twice. First with the default allocator settings: glibc allocates every block above
//! 32 MB from the system and returns it, which does not concern pages below 4 MB, but makes
//! pulldown-cmark itself 50 % slower at 8 MB; here only the ratio is checked. Then with memory that
//! is kept between rounds, so that only the work on the text remains; here the time per byte is
//! checked, too.

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Arc;

use pulldown_cmark::{Options, Parser};
use whosaid::parse::{self, DocKind, Reading};
use whosaid::text::{SitePath, SourceText};

const MEGABYTE: usize = 1024 * 1024;
const SIZES: [usize; 4] = [1, 2, 4, 8];
const ROUNDS: usize = 9;
const MOST_TIMES: f64 = 4.0;
const MOST_SPREAD: f64 = 1.20;

const READING: Reading = Reading {
    dialect: whosaid::model::Dialect::Annotated,
    annotated: true,
    wikilinks: true,
    smart_punctuation: true,
    definition_lists: true,
    alerts: true,
    is_vault: false,
};

/// A random number generator with a seed, equal on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }
}

const WORDS: [&str; 24] = [
    "the",
    "ministry",
    "said",
    "that",
    "servers",
    "were",
    "reached",
    "through",
    "flaws",
    "which",
    "nobody",
    "had",
    "reported",
    "before",
    "and",
    "its",
    "statement",
    "names",
    "one",
    "group",
    "of",
    "operators",
    "near",
    "government",
];
const ACTORS: [&str; 6] = ["mss", "prc", "us", "uk", "nato", "microsoft"];
const CLAIMS: [&str; 6] = [
    "ran-it",
    "knew-of-it",
    "paid-for-it",
    "hid-it",
    "named-it",
    "saw-it",
];
const VERBS: [&str; 5] = ["claim", "denies", "endorses", "in-part", "reports"];
const SOURCES: [&str; 4] = ["wh-2021", "mfa-2021", "nato-2021", "ncsc-2021"];

/// Generates `size` bytes of a briefing, with about seven marks per kilobyte.
fn briefing(size: usize) -> String {
    let mut dice = Dice(0x5eed_cafe_f00d);
    let mut text = String::with_capacity(size + 4096);
    text.push_str("---\ntitle: A long briefing\n---\n\n");
    let mut number = 0;
    while text.len() < size {
        number += 1;
        match dice.roll(16) {
            0 => {
                let actor = dice.pick(&ACTORS);
                let _ = write!(text, "## Part {number} {{#part-{number} by={actor}}}\n\n");
            }
            1 => {
                for _ in 0..4 {
                    text.push_str("- ");
                    sentence(&mut dice, &mut text);
                    text.push('\n');
                }
                text.push('\n');
            }
            2 => {
                text.push_str("| who | what | when |\n|---|---|--:|\n");
                for _ in 0..4 {
                    let (actor, claim) = (dice.pick(&ACTORS), dice.pick(&CLAIMS));
                    let verb = dice.pick(&VERBS);
                    let _ = writeln!(
                        text,
                        "| [[{actor}]] | [so it says]({verb}:{claim} \"by={actor}\") | 19 July |"
                    );
                }
                text.push('\n');
            }
            3 => {
                text.push_str("```rust\nfn main() {\n    let x = [1, 2];\n}\n```\n\n");
            }
            4 => {
                text.push_str("> ");
                sentence(&mut dice, &mut text);
                text.push_str("\n\n");
            }
            _ => {
                for _ in 0..4 {
                    sentence(&mut dice, &mut text);
                    text.push('\n');
                }
                text.push('\n');
            }
        }
    }
    text
}

fn sentence(dice: &mut Dice, text: &mut String) {
    words(dice, text, 6);
    match dice.roll(10) {
        0 => {
            let actor = dice.pick(&ACTORS);
            let _ = write!(text, " and [[{actor}]]");
        }
        1 => text.push_str(" with *some emphasis* and **more of it**"),
        2 if dice.roll(2) == 0 => text.push_str(" in [its statement](https://example.org/a)"),
        3 => text.push_str(" \"as it put it\" -- in `one word`"),
        _ => {
            let (verb, claim) = (dice.pick(&VERBS), dice.pick(&CLAIMS));
            let (actor, source) = (dice.pick(&ACTORS), dice.pick(&SOURCES));
            text.push_str(" [");
            words(dice, text, 5);
            let _ = match dice.roll(2) {
                0 => write!(text, "]({verb}:{claim} \"by={actor} on=2021-07-19\")"),
                _ => write!(text, "]{{.{verb} of={claim} by={actor}}}"),
            };
            let _ = write!(text, " [@{source}, p. 4]");
        }
    }
    text.push('.');
}

fn words(dice: &mut Dice, text: &mut String, count: usize) {
    for number in 0..count {
        if number > 0 {
            text.push(' ');
        }
        text.push_str(dice.pick(&WORDS));
    }
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_GFM
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS
}

/// Returns the seconds that `work` takes. Its result is dropped after the clock has stopped,
/// because a draft is kept for the next run.
fn timed<T>(work: impl FnOnce() -> T) -> f64 {
    let start = clock();
    let made = black_box(work());
    let end = clock();
    drop(made);
    end - start
}

/// Returns the processor time of this thread in seconds.
#[cfg(unix)]
fn clock() -> f64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// Returns the seconds since the first call.
#[cfg(not(unix))]
fn clock() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    #[expect(clippy::disallowed_methods, reason = "a benchmark keeps time")]
    let now = std::time::Instant::now();
    now.duration_since(*START.get_or_init(|| now)).as_secs_f64()
}

/// The best time of all rounds for one size, in seconds.
struct Best {
    megabytes: f64,
    ours: f64,
    theirs: f64,
}

/// The argument of the second run.
const KEPT: &str = "--memory-is-kept";

/// Makes glibc keep freed memory; other allocators ignore it.
const TUNABLES: &str =
    "glibc.malloc.mmap_threshold=2000000000:glibc.malloc.trim_threshold=4000000000";

fn main() -> ExitCode {
    let is_asked = |wanted: &str| std::env::args().any(|argument| argument == wanted);
    if is_asked(KEPT) {
        println!("with memory kept between rounds:");
        return measure(MOST_SPREAD);
    }
    // `cargo test --all-targets` also runs this file, and must not measure.
    if !is_asked("--bench") {
        return ExitCode::SUCCESS;
    }
    println!("with memory as it comes:");
    let first = measure(f64::INFINITY);
    let program = std::env::current_exe().expect("a program knows where it lies");
    #[expect(
        clippy::disallowed_methods,
        reason = "the allocator is set when it starts"
    )]
    let mut second = std::process::Command::new(program);
    let status = second.arg(KEPT).env("GLIBC_TUNABLES", TUNABLES).status();
    match status {
        Ok(status) if status.success() => first,
        _ => ExitCode::FAILURE,
    }
}

/// Measures, prints, and checks the bounds.
fn measure(most_spread: f64) -> ExitCode {
    let file = SitePath::new("content/long.md").expect("a fixed path");
    let texts: Vec<Arc<str>> = SIZES
        .iter()
        .map(|size| briefing(size * MEGABYTE).into())
        .collect();
    let mut best: Vec<Best> = texts
        .iter()
        .map(|text| Best {
            megabytes: text.len() as f64 / MEGABYTE as f64,
            ours: f64::INFINITY,
            theirs: f64::INFINITY,
        })
        .collect();
    let draft = parse::draft(
        DocKind::Briefing,
        SourceText::new(&file, texts[0].clone()),
        &READING,
    );
    let kilobytes = texts[0].len() as f64 / 1024.0;
    println!(
        "{:.1} marks and {:.1} nodes a kB, {} diagnostics",
        draft.marks.len() as f64 / kilobytes,
        draft.body.items.len() as f64 / kilobytes,
        draft.diagnostics.len()
    );
    for _ in 0..ROUNDS {
        for (text, best) in texts.iter().zip(&mut best) {
            let theirs = timed(|| {
                for event in Parser::new_ext(text, options()).into_offset_iter() {
                    black_box(event);
                }
            });
            let ours = timed(|| {
                parse::draft(
                    DocKind::Briefing,
                    SourceText::new(&file, text.clone()),
                    &READING,
                )
            });
            best.theirs = best.theirs.min(theirs);
            best.ours = best.ours.min(ours);
        }
    }
    let mut rates = Vec::new();
    let mut times = Vec::new();
    for best in &best {
        let (ours, theirs) = (best.megabytes / best.ours, best.megabytes / best.theirs);
        let ratio = best.ours / best.theirs;
        println!(
            "{:.0} MB: whosaid {ours:.1} MB/s, pulldown-cmark {theirs:.1} MB/s, {ratio:.2} times",
            best.megabytes
        );
        rates.push(ours);
        times.push(ratio);
    }
    let most = rates.iter().copied().fold(0.0, f64::max);
    let least = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let spread = most / least;
    println!("fastest to slowest size: {spread:.2}");
    if spread > most_spread || times.iter().any(|ratio| *ratio > MOST_TIMES) {
        println!("the bounds are {most_spread} and {MOST_TIMES} times");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
