//! The temporary folder of a new site, and the exchange with the old one.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use rayon::prelude::*;

use super::existing::Found;
use super::layout::is_absent;
use super::manifest::{MANIFEST, Manifest};
use super::publish::parents;
use super::target::DirLock;
use crate::text::{SitePath, fold};

/// The suffix of its name next to the site, and its whole name inside the site.
const NAME: &str = ".whosaid-new";

/// A new site that is being written. It is removed when dropped; after a killed build, the next
/// build removes it.
pub(super) struct Stage {
    pub folder: PathBuf,
    /// True if the folder is next to the site and on the same file system, so that the two can be
    /// exchanged.
    pub can_exchange: bool,
}

impl Stage {
    /// Creates the temporary folder: next to the old site, or inside of it if that is impossible or
    /// the two must not be exchanged.
    pub fn new(site: &Path, exchanges: bool) -> anyhow::Result<Stage> {
        let beside = beside(site);
        match fs::create_dir(&beside) {
            Ok(()) if exchanges && is_one_file_system(&beside, site) => {
                return Ok(Stage {
                    folder: beside,
                    can_exchange: true,
                });
            }
            Ok(()) => fs::remove_dir(&beside)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                bail!(
                    "`{}` exists, and whosaid needs this name for temporary files\n  = hint: \
                     move or delete it",
                    beside.display()
                )
            }
            // The parent of a writable folder may not be writable.
            Err(_) => {}
        }
        let folder = site.join(NAME);
        fs::create_dir(&folder).with_context(|| format!("`{}`", folder.display()))?;
        Ok(Stage {
            folder,
            can_exchange: false,
        })
    }

    /// Reuses an unchanged file by a hard link, so that its modification time stays and nothing is
    /// copied. Without hard links, it is copied with its time.
    pub fn keep(&self, site: &Path, path: &SitePath) -> anyhow::Result<()> {
        let (old, new) = (site.join(path.as_str()), self.folder.join(path.as_str()));
        let kept = with_folder(&new, || fs::hard_link(&old, &new)).or_else(|_| copy(&old, &new));
        kept.with_context(|| format!("cannot reuse `{path}`"))
    }

    /// Takes over the files that whosaid did not write.
    pub fn carry(&self, site: &Path, found: &Found) -> io::Result<()> {
        for below in &found.foreign {
            let (old, new) = (site.join(below), self.folder.join(below));
            if old.symlink_metadata().is_ok_and(|it| it.is_dir()) {
                fs::create_dir_all(&new)?;
            } else if new.symlink_metadata().is_err() {
                // A hard link works for every kind of file.
                with_folder(&new, || fs::hard_link(&old, &new))?;
            }
        }
        Ok(())
    }

    /// Writes the manifest, after all other files. It is written to a temporary name, then renamed:
    /// a half-written manifest would make the folder look foreign.
    pub fn write_list(&self, list: &Manifest) -> anyhow::Result<()> {
        let half = self.folder.join(format!("{MANIFEST}.half"));
        let written = write(&half, list.text().as_bytes());
        let named = written.and_then(|()| fs::rename(&half, self.folder.join(MANIFEST)));
        named.with_context(|| format!("`{MANIFEST}`"))
    }

    /// Exchanges the new site with the old one, atomically. Returns whether the system supports it;
    /// if not, nothing has changed.
    pub fn exchange(&self, held: &mut DirLock) -> anyhow::Result<bool> {
        if let Ok(metadata) = fs::metadata(&held.folder) {
            // Keeps the permissions that the author set.
            fs::set_permissions(&self.folder, metadata.permissions())
                .with_context(|| format!("`{}`", self.folder.display()))?;
        }
        // Later builds must also wait for the new folder until this stage is removed, because they
        // use the same temporary name.
        held.hold(&self.folder)
            .with_context(|| format!("`{}`", self.folder.display()))?;
        if swap(&self.folder, &held.folder).is_err() {
            return Ok(false);
        }
        // The site is published. If removing the old one fails, the next build does it.
        let _ = clear(&self.folder, &held.folder);
        Ok(true)
    }

    /// Renames the new files over the old ones, one by one. If this fails halfway, the manifest
    /// lists the files of both, so that the next publication can complete it.
    pub fn replace(
        &self,
        site: &Path,
        old: &Manifest,
        new: &Manifest,
        moved: &[&SitePath],
        gone: &[SitePath],
    ) -> anyhow::Result<()> {
        self.move_list(site, &old.and(new))?;
        let places: BTreeSet<String> = moved.iter().map(|path| fold(path.as_str())).collect();
        let folders: BTreeSet<String> = moved
            .iter()
            .flat_map(|path| parents(path))
            .map(|folder| fold(folder.as_str()))
            .collect();
        // Files that must make room are removed first, all others after the new site is complete.
        let makes_room = |path: &&SitePath| {
            let name = fold(path.as_str());
            let is_below = || parents(path).any(|folder| places.contains(&fold(folder.as_str())));
            places.contains(&name) || folders.contains(&name) || is_below()
        };
        let (first, last): (Vec<&SitePath>, Vec<&SitePath>) = gone.iter().partition(makes_room);
        take_away(site, &first)?;
        for path in moved {
            let (from, to) = (self.folder.join(path.as_str()), site.join(path.as_str()));
            with_folder(&to, || fs::rename(&from, &to))
                .with_context(|| format!("cannot move `{path}` into the site"))?;
        }
        take_away(site, &last)?;
        self.move_list(site, new)
    }

    /// Replaces the manifest.
    pub fn move_list(&self, site: &Path, list: &Manifest) -> anyhow::Result<()> {
        let file = self.folder.join(MANIFEST);
        let _ = fs::remove_file(&file);
        self.write_list(list)?;
        fs::rename(&file, site.join(MANIFEST)).with_context(|| format!("`{MANIFEST}`"))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // After an exchange the folder is removed, or has files that must not be lost.
        let is_site = self.folder.join(MANIFEST).exists();
        if !is_site {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Removes the temporary folder of a killed build: an incomplete new site, or the rest of an old
/// one.
pub(super) fn clear_remains(site: &Path) -> anyhow::Result<()> {
    for remains in [beside(site), site.join(NAME)] {
        if fs::symlink_metadata(&remains).is_ok_and(|it| it.is_dir()) {
            clear(&remains, site).with_context(|| format!("`{}`", remains.display()))?;
        }
    }
    Ok(())
}

/// True if `path` can be the temporary folder inside of the old site.
pub(super) fn is_stage(site: &Path, path: &Path) -> bool {
    path == site.join(NAME)
}

fn beside(site: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(site.file_name().unwrap_or_default());
    name.push(NAME);
    site.with_file_name(name)
}

/// Removes a folder that was a site, or an incomplete one.
///
/// Without a manifest it was never complete: all its files are ours, or hard links to files of the
/// site. With a manifest it can be an old site that got a foreign file at the last moment; this
/// file is moved to the new site.
fn clear(remains: &Path, site: &Path) -> anyhow::Result<()> {
    if let Some(list) = Manifest::read(remains)? {
        let found = Found::new(remains, &list)?;
        for below in &found.foreign {
            let (old, new) = (remains.join(below), site.join(below));
            if fs::symlink_metadata(&new).is_err() {
                with_folder(&new, || fs::rename(&old, &new))
                    .with_context(|| format!("`{}`", old.display()))?;
            } else if !is_one_file(&old, &new) && !old.is_dir() {
                bail!(
                    "whosaid did not write `{}`, and the site has a file with the same name\n  = \
                     hint: move or delete it",
                    old.display()
                );
            }
        }
        let files: Vec<&SitePath> = found.files.iter().collect();
        files
            .par_iter()
            .try_for_each(|path| remove(&remains.join(path.as_str())))?;
    }
    Ok(fs::remove_dir_all(remains)?)
}

fn take_away(site: &Path, gone: &[&SitePath]) -> anyhow::Result<()> {
    for path in gone {
        let file = site.join(path.as_str());
        remove(&file).with_context(|| format!("cannot remove `{path}`"))?;
        let mut folders: Vec<SitePath> = parents(path).collect();
        while let Some(folder) = folders.pop() {
            // Fails if the folder is not empty.
            if fs::remove_dir(site.join(folder.as_str())).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Removes a file, if it exists.
fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if !is_absent(&error) => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes a new file, and creates its folder if necessary.
pub(super) fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
    with_folder(file, || {
        let mut options = OpenOptions::new();
        let mut opened = options.write(true).create_new(true).open(file)?;
        opened.write_all(bytes)
    })
}

fn copy(old: &Path, new: &Path) -> io::Result<()> {
    let bytes = fs::read(old)?;
    write(new, &bytes)?;
    let time = fs::metadata(old)?.modified()?;
    OpenOptions::new().write(true).open(new)?.set_modified(time)
}

/// Does the work, and repeats it after creating the folder of `file` if that was missing.
fn with_folder(file: &Path, work: impl Fn() -> io::Result<()>) -> io::Result<()> {
    match work() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            file.parent().map_or(Ok(()), fs::create_dir_all)?;
            work()
        }
        done => done,
    }
}

#[cfg(unix)]
fn is_one_file_system(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path| fs::symlink_metadata(path).map(|it| it.dev()).ok();
    device(one).is_some() && device(one) == device(other)
}

#[cfg(not(unix))]
fn is_one_file_system(_: &Path, _: &Path) -> bool {
    true
}

#[cfg(unix)]
fn is_one_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |path| {
        fs::symlink_metadata(path)
            .map(|it| (it.dev(), it.ino()))
            .ok()
    };
    number(one).is_some() && number(one) == number(other)
}

#[cfg(not(unix))]
fn is_one_file(_: &Path, _: &Path) -> bool {
    false
}

#[cfg(any(target_os = "linux", target_vendor = "apple"))]
fn swap(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
fn swap(_: &Path, _: &Path) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}
