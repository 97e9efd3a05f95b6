//! `whosaid import`.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;

use super::{Exit, book, term};
use crate::disk::{self, Existing};
use crate::import;
use crate::text::SitePath;

/// The maximum size of an input file in bytes.
const MOST: u64 = 256 << 20;

/// The maximum number of left-out entries that are listed.
const TOLD: usize = 20;

/// Import actors from MISP, STIX or ATT&CK, or sources from a bibliography
///
/// Writes one file for each actor or source into the matching folder of the book. If one of the
/// files exists, nothing is written, unless `--force` is set.
///
/// Relations between two parties are not imported: that one party is attributed to another is a
/// claim, and the file does not say whose.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The format of the file
    #[arg(value_enum)]
    format: Format,
    /// The file
    file: PathBuf,
    /// The folder of the book, which contains `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Replace existing files
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A MISP galaxy cluster: actors
    Misp,
    /// A STIX 2 bundle: actors
    Stix,
    /// The STIX bundle of ATT&CK: actors with an ATT&CK id
    Attack,
    /// A list of CSL-JSON items: sources
    Csl,
    /// BibTeX or BibLaTeX: sources
    Bibtex,
}

impl Format {
    fn read_as(self) -> import::Format {
        match self {
            Format::Misp => import::Format::Misp,
            Format::Stix => import::Format::Stix,
            Format::Attack => import::Format::Attack,
            Format::Csl => import::Format::Csl,
            Format::Bibtex => import::Format::Bibtex,
        }
    }
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let format = args.format.read_as();
    let (root, config, source) = disk::book(&args.dir, &book::overrides(env::vars_os()))?;
    let shown = args.file.display().to_string();
    let bytes = disk::named(Path::new(""), &args.file.to_string_lossy(), MOST)?;
    let Ok(text) = std::str::from_utf8(&bytes) else {
        bail!(
            "`{shown}` is not UTF-8\n  = hint: convert it, for example from Windows-1252 with \
             `iconv -f CP1252 -t UTF-8 {shown}`"
        );
    };
    let imported = match import::read(format, text) {
        Ok(imported) => imported,
        Err(left) => {
            term::talk(&format!("error: {shown}:{}: {}\n", left.place, left.why));
            return Ok(Exit::Mistakes);
        }
    };
    for left in imported.left.iter().take(TOLD) {
        term::talk(&format!("{shown}:{}: {}\n", left.place, left.why));
    }
    if imported.left.len() > TOLD {
        let more = imported.left.len() - TOLD;
        term::talk(&format!("{shown}: {more} more entries were left out\n"));
    }
    let (folder, noun) = if format.has_sources() {
        (&config.sources, "sources")
    } else {
        (&config.actors, "actors")
    };
    let folder = folder.within(&source);
    if imported.files.is_empty() {
        term::talk(&format!("error: {shown}: no {noun} found\n"));
        return Ok(Exit::Mistakes);
    }
    let files: Vec<(SitePath, Vec<u8>)> = imported
        .files
        .into_iter()
        .map(|(path, text)| (path.within(&folder), text.into_bytes()))
        .collect();
    let existing = if args.force {
        Existing::Replaced
    } else {
        Existing::Refused
    };
    disk::keep(&root, &files, existing)?;
    term::say(&format!("{folder}/: {} {noun} written\n", files.len()))?;
    Ok(Exit::Clean)
}
