//! `whosaid sites`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use super::{Exit, book, term};
use crate::compile;
use crate::config::Neighbor;
use crate::disk::{self, Existing};

/// The longest inventory that is fetched, in bytes.
const MOST: u64 = 64 << 20;

/// Care for the sites that a book mentions
///
/// A book names other sites in `[whosaid.sites]` and mentions what they have, as in
/// `[[nato:claim:exch-mss]]`. It reads what they have from their inventories, files in its folder
/// `sites`, which are fetched here and nowhere else: a build asks nobody.
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

/// Fetch the inventories anew
///
/// From the address of each site, by the `curl` of this machine, or from a path, which is seen
/// from the folder of the book. One that cannot be read leaves the old one as it is.
#[derive(clap::Args)]
struct Update {
    /// The folder of the book, which holds `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Only the site of this name
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let What::Update(args) = &args.what;
    let overrides = book::overrides(env::vars_os());
    let (root, config, _) = disk::book(&args.dir, &overrides)?;
    if let Some(only) = &args.only
        && !config.sites.contains_key(only)
    {
        bail!("`[whosaid.sites]` names no site `{only}`");
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
        term::talk("this book names no site in `[whosaid.sites]`\n");
    }
    Ok(exit)
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

/// The inventory of the site at `address`.
///
/// By `curl`, which is on every system that whosaid is made for and knows its proxies and
/// certificates: a client of our own would bring thirty crates and a copy of both for this one
/// command.
fn fetched(address: &str) -> anyhow::Result<Vec<u8>> {
    let address = match address.ends_with(".json") {
        true => address.to_owned(),
        false => format!("{}/whosaid.json", address.trim_end_matches('/')),
    };
    let most = MOST.to_string();
    let told = Command::new("curl")
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
        .output()
        .context(
            "`curl` cannot be run\n  = hint: install it, or fetch `whosaid.json` yourself and \
             name its path",
        )?;
    if !told.status.success() {
        let said = String::from_utf8_lossy(&told.stderr);
        bail!("`{address}` cannot be fetched: {}", said.trim());
    }
    if told.stdout.len() as u64 > MOST {
        bail!("`{address}` is longer than {MOST} bytes");
    }
    Ok(told.stdout)
}
