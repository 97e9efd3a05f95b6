//! Writes files into the folder of a book.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::layout::{inside, layout};
use crate::config::{Config, Override};
use crate::text::SitePath;

/// Returns the folder of a book and its configuration.
pub fn book(dir: &Path, overrides: &[Override]) -> anyhow::Result<(PathBuf, Config, SitePath)> {
    let book = layout(dir, overrides).context("cannot read the book")?;
    Ok((book.root, book.config, book.source))
}

/// What to do with a file that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is an error, and nothing is written.
    Refused,
    /// It is replaced.
    Replaced,
}

/// Writes `files` below the folder `root` of a book, all or none.
///
/// # Errors
/// Returns an error if a file exists and must not be replaced, or if a symbolic link leads out of
/// the book.
pub fn keep(root: &Path, files: &[(SitePath, Vec<u8>)], existing: Existing) -> anyhow::Result<()> {
    let root = fs::canonicalize(root).with_context(|| format!("`{}`", root.display()))?;
    let mut there = Vec::new();
    for (path, _) in files {
        for folder in Path::new(path.as_str()).ancestors().skip(1) {
            inside(&root, folder)?;
        }
        if inside(&root, Path::new(path.as_str()))?.is_some() {
            there.push(format!("`{path}`"));
        }
    }
    if existing == Existing::Refused && !there.is_empty() {
        let more = there.len().saturating_sub(5);
        there.truncate(5);
        let more = match more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        bail!(
            "nothing was written, because these files exist: {}{more}\n  = hint: move or delete \
             them, or replace them with `--force`",
            there.join(", ")
        );
    }
    for (path, bytes) in files {
        let file = root.join(path.as_str());
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("`{}`", folder.display()))?;
        }
        // Written to a temporary name, then renamed, so that readers see the old or the new file.
        let beside = file.with_file_name(format!(".{}.new", path.name()));
        fs::write(&beside, bytes)
            .and_then(|()| fs::rename(&beside, &file))
            .with_context(|| format!("`{path}`"))?;
    }
    Ok(())
}

/// Reads the file at `path`, relative to the folder of a book but possibly outside of it, for a
/// path in a command. It fails if the file has more than `most` bytes.
pub fn named(root: &Path, path: &str, most: u64) -> anyhow::Result<Vec<u8>> {
    let mut file = root.join(path);
    if file.is_dir() {
        file = file.join("whosaid.json");
    }
    let about = fs::metadata(&file).with_context(|| format!("`{}`", file.display()))?;
    if !about.is_file() || about.len() > most {
        bail!(
            "`{}` is not a file, or is larger than {most} bytes",
            file.display()
        );
    }
    fs::read(&file).with_context(|| format!("`{}`", file.display()))
}
