//! `whosaid sites`.

use std::env;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::{Exit, book, term};
use crate::compile;
use crate::config::{self, Neighbor, Override};
use crate::disk::{self, Existing};
use crate::mdbook;
use crate::report;
use crate::text::SitePath;

/// The maximum size of an inventory in bytes.
const MOST: u64 = 64 << 20;
/// The maximum size of curl's error output in bytes.
const MOST_ERRORS: u64 = 64 << 10;

/// Manage linked sites
///
/// `[whosaid.sites]` in `book.toml` names other sites, whose content texts can mention, for example
/// `[[nato:claim:exch-mss]]`. This command fetches their inventories into the folder `sites`. A
/// build reads only these files and opens no network connection.
#[derive(clap::Args)]
#[command(arg_required_else_help = true)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Update(Update),
}

/// Fetch the inventories
///
/// An inventory is fetched from the URL of the site with the `curl` of this machine, or from a path
/// relative to the folder of the book. If it cannot be read, the old one does not change.
#[derive(clap::Args)]
struct Update {
    /// The folder of the book, which contains `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Fetch only the inventory of the site NAME
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let What::Update(args) = &args.what;
    let overrides = book::overrides(env::vars_os());
    let (root, config, _) = disk::book(&args.dir, &overrides)?;
    if let Some(exit) = refused(&root, &overrides) {
        return Ok(exit);
    }
    if let Some(only) = &args.only
        && !config.sites.contains_key(only)
    {
        bail!("unknown site `{only}`: it is not in `[whosaid.sites]`");
    }
    let sites = config.sites.iter();
    let sites = sites.filter(|(name, _)| args.only.as_ref().is_none_or(|only| only == *name));
    let mut exit = Exit::Clean;
    let mut seen = false;
    for (name, neighbor) in sites {
        seen = true;
        match update(&root, name, neighbor) {
            Ok(line) => term::say(&line)?,
            Err(error) => {
                term::complain(&error.context(format!("the site `{name}`")));
                exit = Exit::Failed;
            }
        }
    }
    if !seen {
        term::talk("`[whosaid.sites]` in `book.toml` has no entries\n");
    }
    Ok(exit)
}

/// Reports errors in `book.toml`, such as a name that no site can have.
fn refused(root: &Path, overrides: &[Override]) -> Option<Exit> {
    let file = SitePath::new("book.toml").ok()?;
    let bytes = disk::named(root, file.as_str(), config::LARGEST as u64).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (_, diagnostics) = config::read_over(&file, &text, overrides);
    let exit = book::exit(&diagnostics, false);
    if exit == Exit::Clean {
        return None;
    }
    let text = |path: &SitePath| (*path == file).then_some(text.as_str());
    term::talk(&report::terminal(&diagnostics, &text, term::style()));
    Some(exit)
}

fn update(root: &Path, name: &str, neighbor: &Neighbor) -> anyhow::Result<String> {
    let bytes = match neighbor.web() {
        Some(address) => fetched(address)?,
        None => disk::named(root, &neighbor.address, MOST)?,
    };
    let inventory = compile::inventory(name, neighbor, Some(&bytes));
    if let Some(said) = inventory.diagnostics.first() {
        bail!("{}", said.message);
    }
    let file = Neighbor::file(name);
    let line = format!("{file}: {} entries\n", inventory.entries.len());
    disk::keep(root, &[(file, bytes)], Existing::Replaced)?;
    Ok(line)
}

/// Fetches the inventory of the site at `address`.
///
/// It uses `curl`, which is on every supported system and knows the system's proxies and
/// certificates: an HTTP client in Rust would add thirty crates and a copy of both for this one
/// command.
fn fetched(address: &str) -> anyhow::Result<Vec<u8>> {
    let address = if address.ends_with(".json") {
        address.to_owned()
    } else {
        format!("{}/whosaid.json", address.trim_end_matches('/'))
    };
    let most = MOST.to_string();
    const MISSING: &str = "cannot run `curl`\n  = hint: install it, or download `whosaid.json` \
                           yourself and write its path instead of the URL";
    // Not a `curl` in a folder of the book that a relative entry of `PATH` would find.
    let curl = mdbook::executable("curl", Path::new("/")).context(MISSING)?;
    let mut child = Command::new(curl)
        .args([
            "--disable",
            "--fail",
            "--silent",
            "--show-error",
            "--location",
        ])
        .args(["--proto", "=http,https", "--proto-redir", "=http,https"])
        .args([
            "--max-redirs",
            "5",
            "--max-time",
            "60",
            "--max-filesize",
            &most,
        ])
        .args(["--globoff", "--url", &address])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context(MISSING)?;
    let errors = child.stderr.take();
    // In a separate thread, because curl blocks if its pipe is not read.
    let errors = std::thread::spawn(move || up_to(errors, MOST_ERRORS));
    // Before 8.4, curl ignores `--max-filesize` if the server names no length.
    let answer = up_to(child.stdout.take(), MOST + 1);
    let is_too_long = answer.as_ref().is_ok_and(|bytes| bytes.len() as u64 > MOST);
    if is_too_long || answer.is_err() {
        // The process may have ended by itself since then.
        let _ = child.kill();
    }
    let status = child.wait().context("cannot wait for `curl`")?;
    if is_too_long {
        bail!("`{address}` is larger than {MOST} bytes");
    }
    let answer = answer.with_context(|| format!("cannot read `{address}`"))?;
    if !status.success() {
        let said = errors.join().ok().and_then(Result::ok).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        bail!("cannot fetch `{address}`: {}", mdbook::visible(said.trim()));
    }
    Ok(answer)
}

/// Reads at most `most` bytes of a pipe.
fn up_to(pipe: Option<impl Read>, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}
