//! Writes single files outside of a site, for `export`.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// Writes each of `files` to its path, and creates folders if necessary.
///
/// Without `force`, nothing is written if one of the files exists. With it, each file replaces the
/// old one atomically. Symbolic links are replaced, not followed.
///
/// # Errors
/// Returns what blocks a path, or the system's error.
pub fn deliver(files: &[(PathBuf, Vec<u8>)], force: bool) -> anyhow::Result<()> {
    for (path, _) in files {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => bail!("`{}` is a folder", path.display()),
            Ok(_) if !force => bail!(
                "`{}` already exists\n  = hint: choose another file, or replace it with `--force`",
                path.display()
            ),
            Ok(_) | Err(_) => {}
        }
    }
    for (path, bytes) in files {
        write(path, bytes).with_context(|| format!("`{}`", path.display()))?;
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".whosaid-part");
    let part = path.with_file_name(name);
    // A killed run may have left it.
    let _ = fs::remove_file(&part);
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&part)
        .and_then(|mut opened| opened.write_all(bytes))
        .and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written
}
