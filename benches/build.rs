//! Measures the cost of a whole build: processor time, wall time and memory, by the size of the
//! book.
//!
//! `cargo bench --bench build` generates books of 100, 1,000 and 10,000 briefings. It builds each
//! in a separate process, cold, then again without changes and with one changed file. If `HUGO` or
//! `MDBOOK` in the environment is the path of that program, it also builds an equivalent book with
//! it, and prints ratios. Runs are in pairs, one after the other, so that a busy machine slows
//! both. `docs/performance.md` describes the method and the results.
//!
//! Arguments after `--`: `--sizes 100,1000`, `--rounds 3`, `--dir DIR` for the folder of the books,
//! and `--write hugo|mdbook|whosaid N DIR` to write one book and measure nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark writes books, runs programs and keeps time"
)]

mod made;
mod run;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use made::{Made, Tool};
use run::{Cost, run};

const SEED: u64 = 0x5eed_cafe;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let of = |name: &str| {
        let at = arguments.iter().position(|it| it == name)?;
        arguments.get(at + 1).cloned()
    };
    if let Some(at) = arguments.iter().position(|it| it == "--write") {
        let [tool, count, to] = &arguments[at + 1..at + 4] else {
            anyhow::bail!("--write needs a tool, a number of briefings and a folder");
        };
        let tool = match tool.as_str() {
            "hugo" => Tool::Hugo,
            "mdbook" => Tool::Mdbook,
            _ => Tool::Whosaid,
        };
        return Ok(made::write(
            &Made::new(count.parse()?, SEED),
            tool,
            Path::new(to),
        )?);
    }
    // `cargo test --all-targets` also runs this file, and must not measure.
    if !arguments.iter().any(|it| it == "--bench") {
        return Ok(());
    }
    let sizes = of("--sizes").unwrap_or_else(|| "100,1000,10000".to_owned());
    let rounds: usize = of("--rounds").unwrap_or_else(|| "3".to_owned()).parse()?;
    let dir = match of("--dir") {
        Some(dir) => PathBuf::from(dir),
        None => std::env::temp_dir().join(format!("whosaid-bench-{}", std::process::id())),
    };
    for size in sizes.split(',') {
        measure(size.trim().parse()?, rounds, &dir)?;
    }
    if of("--dir").is_none() {
        fs::remove_dir_all(&dir)?;
    }
    Ok(())
}

/// Another program for the same book: its name, and its command for an output folder.
type Peer = (&'static str, Box<dyn Fn(&Path) -> Command>);

/// Builds a book of `count` briefings, `rounds` times, alternating with the other programs.
///
/// Each build has its own folder, and nothing is deleted before all are done: for minutes after
/// many files were deleted, ext4 is slow to allocate new ones.
fn measure(count: usize, rounds: usize, dir: &Path) -> anyhow::Result<()> {
    let made = Made::new(count, SEED);
    let place = |name: &str| dir.join(format!("{count}-{name}"));
    let book = place("book");
    made::write(&made, Tool::Whosaid, &book)?;
    let whosaid = |site: &Path| {
        let mut build = Command::new(env!("CARGO_BIN_EXE_whosaid"));
        build.arg("build").arg(&book).arg("-d").arg(site);
        build
    };
    let mut others: Vec<Peer> = Vec::new();
    if let Ok(hugo) = std::env::var("HUGO") {
        let book = place("hugo");
        made::write(&made, Tool::Hugo, &book)?;
        let build = move |site: &Path| {
            let mut build = Command::new(&hugo);
            build.arg("--quiet").arg("-s").arg(&book);
            build.arg("-d").arg(site);
            build
        };
        others.push(("hugo", Box::new(build)));
    }
    if let Ok(mdbook) = std::env::var("MDBOOK")
        && count <= 1_000
    {
        let book = place("mdbook");
        made::write(&made, Tool::Mdbook, &book)?;
        let build = move |site: &Path| {
            let mut build = Command::new(&mdbook);
            build.arg("build").arg(&book).arg("-d").arg(site);
            build
        };
        others.push(("mdbook", Box::new(build)));
    }
    println!("\n{count} briefings");
    let mut sites = Vec::new();
    let mut fresh = |name: &str| {
        sites.push(place(&format!("{name}-site-{}", sites.len())));
        sites[sites.len() - 1].clone()
    };
    let mut ratios: Vec<Vec<Cost>> = vec![Vec::new(); others.len()];
    let mut ours = Vec::new();
    let site = fresh("whosaid");
    for round in 0..rounds {
        let site = match round {
            0 => site.clone(),
            _ => fresh("whosaid"),
        };
        let cold = run(&mut whosaid(&site))?;
        if round == 0 {
            let (files, bytes) = weigh(&site)?;
            println!(
                "  {files} files, {:.1} MB; {:.0} µs of processor time a file",
                bytes as f64 / 1e6,
                cold.cpu * 1e6 / files as f64
            );
        }
        println!("  cold            {cold}");
        for ((name, build), ratios) in others.iter().zip(&mut ratios) {
            let cost = run(&mut build(&fresh(name)))?;
            println!("  {name:<15} {cost}");
            ratios.push(cost.over(&cold));
        }
        ours.push(cold);
    }
    for ((name, _), ratios) in others.iter().zip(&ratios) {
        println!(
            "  {name} to whosaid, median: {}",
            Cost::median(ratios).ratio()
        );
    }
    rooms(&book)?;
    let cold = Cost::median(&ours);
    let again = run(&mut whosaid(&site))?;
    println!(
        "  nothing changed {again}; cold is {}",
        cold.over(&again).ratio()
    );
    let edited = book.join("content/b/b7.md");
    fs::write(
        &edited,
        fs::read_to_string(&edited)? + "\nA sentence more.\n",
    )?;
    let once = run(&mut whosaid(&site))?;
    println!(
        "  one file edited {once}; cold is {}",
        cold.over(&once).ratio()
    );
    let copied = run(Command::new("cp").arg("-r").arg(&site).arg(fresh("copied")))?;
    println!(
        "  cp -r           {copied}; cold is {}",
        cold.over(&copied).ratio()
    );
    sites.iter().try_for_each(|site| clear(site))?;
    Ok(())
}

/// Prints the processor time of each step of a cold build in this process, on all threads.
#[cfg(unix)]
fn rooms(book: &Path) -> anyhow::Result<()> {
    use rustix::time::{ClockId, clock_gettime};
    use whosaid::compile::{Cache, Options, compile_observed};

    let now = || {
        let spent = clock_gettime(ClockId::ProcessCPUTime);
        spent.tv_sec as f64 * 1e3 + spent.tv_nsec as f64 / 1e6
    };
    let before = now();
    let today = jiff::civil::date(2026, 11, 23);
    let inputs = whosaid::disk::read(book, Options::default(), today)?;
    let mut steps = vec![("Read".to_owned(), before)];
    let build = compile_observed(&inputs, &mut Cache::for_one_run(), &mut |step| {
        steps.push((format!("{step:?}"), now()));
    });
    steps.push((String::new(), now()));
    drop(build);
    let spent = steps
        .windows(2)
        .map(|pair| format!("{} {:.0}", pair[0].0, pair[1].1 - pair[0].1));
    println!(
        "  by step, ms of the processor: {}",
        spent.collect::<Vec<_>>().join(", ")
    );
    Ok(())
}

#[cfg(not(unix))]
fn rooms(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

fn clear(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Returns the number of files below the folder, and their total size in bytes.
fn weigh(folder: &Path) -> anyhow::Result<(usize, u64)> {
    let mut sum = (0, 0);
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            sum = (sum.0 + 1, sum.1 + entry.metadata()?.len());
        }
    }
    Ok(sum)
}
