//! `whosaid import`.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::ValueEnum;

use super::{Exit, book, term};
use crate::disk::{self, Existing};
use crate::import;
use crate::text::SitePath;

/// The longest file that is read, in bytes.
const MOST: u64 = 256 << 20;

/// What is told of that was left out, in lines.
const TOLD: usize = 20;

/// Begin with what you have: actors from MISP, STIX or ATT&CK, sources from a bibliography
///
/// Writes a file for each actor or source into the book's folder for them. A file that is there
/// already is not overwritten: then nothing is written at all, unless you say `--force`.
///
/// What a record says of two parties is not taken over: that one is attributed to another is
/// somebody's claim, and the record does not say whose.
#[derive(clap::Args)]
pub(super) struct Args {
    /// What the file is
    #[arg(value_enum)]
    format: Format,
    /// The file
    file: PathBuf,
    /// The folder of the book, which holds `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Replace files that are there already
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A galaxy cluster of MISP: actors
    Misp,
    /// A bundle of STIX 2: actors
    Stix,
    /// ATT&CK's bundle of STIX 2: what it has a number for
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
            "`{shown}` is not UTF-8\n  = hint: if it is as Windows writes it, \
             `iconv -f CP1252 -t UTF-8 {shown}` makes it so"
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
        term::talk(&format!("{shown}: {more} more were left out\n"));
    }
    let (folder, noun) = match format.has_sources() {
        true => (&config.sources, "sources"),
        false => (&config.actors, "actors"),
    };
    let folder = folder.within(&source);
    if imported.files.is_empty() {
        term::talk(&format!(
            "error: {shown}: nothing in it could become {noun}\n"
        ));
        return Ok(Exit::Mistakes);
    }
    let files: Vec<(SitePath, Vec<u8>)> = imported
        .files
        .into_iter()
        .map(|(path, text)| (path.within(&folder), text.into_bytes()))
        .collect();
    let existing = match args.force {
        true => Existing::Replaced,
        false => Existing::Refused,
    };
    disk::keep(&root, &files, existing)?;
    term::say(&format!("{folder}/: {} {noun} written\n", files.len()))?;
    Ok(Exit::Clean)
}
