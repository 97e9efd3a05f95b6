//! Creates the files of a new book.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::text::SitePath;

/// Writes `files` into the folder `dir`, and creates the folder if necessary.
///
/// Nothing is overwritten: if one of the files or folders exists, nothing is written. An existing
/// hidden file stays, and the others are written.
pub fn create(dir: &Path, files: &[(SitePath, String)]) -> anyhow::Result<()> {
    for (path, _) in files {
        let first = path.as_str().split('/').next().unwrap_or_default();
        let taken = dir.join(first);
        if !path.is_hidden() && fs::symlink_metadata(&taken).is_ok() {
            bail!(
                "`{}` already exists\n  = hint: choose a new folder",
                taken.display()
            );
        }
    }
    for (path, text) in files {
        let file = dir.join(path.as_str());
        if path.is_hidden() && fs::symlink_metadata(&file).is_ok() {
            continue;
        }
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("`{}`", folder.display()))?;
        }
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&file)
            .and_then(|mut opened| opened.write_all(text.as_bytes()))
            .with_context(|| format!("`{}`", file.display()))?;
    }
    Ok(())
}
