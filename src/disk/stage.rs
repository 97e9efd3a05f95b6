//! The folder in which a new site grows, and how it takes the place of the old one.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use rayon::prelude::*;

use super::found::Found;
use super::layout::is_absent;
use super::manifest::{MANIFEST, Manifest};
use super::publish::parents;
use super::target::Held;
use crate::text::{SitePath, fold};

/// The end of the name beside the site, and the whole of it inside.
const NAME: &str = ".whosaid-new";

/// A new site in the making. It is removed when it is dropped; what a killed build leaves of it is
/// removed by the next one.
pub(super) struct Stage {
    pub folder: PathBuf,
    /// Whether the folder lies beside the site and on the same file system, so that the two can
    /// change places.
    pub can_exchange: bool,
}

impl Stage {
    /// Makes the folder for a new site: beside the old one, or inside where that cannot be or
    /// the two shall not be exchanged.
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
                    "`{}` is in the way\n  = hint: move it away",
                    beside.display()
                )
            }
            // A folder to write in may lie in one that is not.
            Err(_) => {}
        }
        let folder = site.join(NAME);
        fs::create_dir(&folder).with_context(|| format!("`{}`", folder.display()))?;
        Ok(Stage {
            folder,
            can_exchange: false,
        })
    }

    /// Takes over a file that has not changed, by a link, so that its time stays and nothing is
    /// copied; where there are no such links it is copied with its time.
    pub fn keep(&self, site: &Path, path: &SitePath) -> anyhow::Result<()> {
        let (old, new) = (site.join(path.as_str()), self.folder.join(path.as_str()));
        let kept = with_folder(&new, || fs::hard_link(&old, &new)).or_else(|_| copy(&old, &new));
        kept.with_context(|| format!("`{path}` cannot be kept"))
    }

    /// Takes over what whosaid did not write.
    pub fn carry(&self, site: &Path, found: &Found) -> io::Result<()> {
        for below in &found.foreign {
            let (old, new) = (site.join(below), self.folder.join(below));
            if old.symlink_metadata().is_ok_and(|it| it.is_dir()) {
                fs::create_dir_all(&new)?;
            } else if new.symlink_metadata().is_err() {
                // A link is a second name for the same file, whatever its kind.
                with_folder(&new, || fs::hard_link(&old, &new))?;
            }
        }
        Ok(())
    }

    /// Writes the list of own files, the last of all. It comes to its name when it is whole, since
    /// a folder with half a list would be nobody's to remove.
    pub fn write_list(&self, list: &Manifest) -> anyhow::Result<()> {
        let half = self.folder.join(format!("{MANIFEST}.half"));
        let written = write(&half, list.text().as_bytes());
        let named = written.and_then(|()| fs::rename(&half, self.folder.join(MANIFEST)));
        named.with_context(|| format!("`{MANIFEST}`"))
    }

    /// Puts the new site in the place of the old one, in one step. Says whether it could be done;
    /// if not, nothing has changed.
    pub fn exchange(&self, held: &mut Held) -> anyhow::Result<bool> {
        if let Ok(metadata) = fs::metadata(&held.folder) {
            // The author may have let others write or kept them from reading.
            fs::set_permissions(&self.folder, metadata.permissions())
                .with_context(|| format!("`{}`", self.folder.display()))?;
        }
        // Whoever comes next must wait at the new folder as at the old one, until this stage is
        // gone: theirs will have its name.
        held.hold(&self.folder)
            .with_context(|| format!("`{}`", self.folder.display()))?;
        if swap(&self.folder, &held.folder).is_err() {
            return Ok(false);
        }
        // The site stands. What is left of the old one can wait for the next build.
        let _ = clear(&self.folder, &held.folder);
        Ok(true)
    }

    /// Puts the new files in the places of the old ones, one by one. A failure in the midst leaves
    /// a list that owns up to both, so that the next publication can mend it.
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
        // What must make room goes first, everything else goes when the new site stands.
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
                .with_context(|| format!("`{path}` cannot be put in its place"))?;
        }
        take_away(site, &last)?;
        self.move_list(site, new)
    }

    /// Puts a list in the place of the old one.
    pub fn move_list(&self, site: &Path, list: &Manifest) -> anyhow::Result<()> {
        let file = self.folder.join(MANIFEST);
        let _ = fs::remove_file(&file);
        self.write_list(list)?;
        fs::rename(&file, site.join(MANIFEST)).with_context(|| format!("`{MANIFEST}`"))
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // After an exchange it is gone, or holds what must not be lost.
        let is_site = self.folder.join(MANIFEST).exists();
        if !is_site {
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Removes what a killed build has left: half a new site, or the rest of an old one.
pub(super) fn clear_remains(site: &Path) -> anyhow::Result<()> {
    for remains in [beside(site), site.join(NAME)] {
        if fs::symlink_metadata(&remains).is_ok_and(|it| it.is_dir()) {
            clear(&remains, site).with_context(|| format!("`{}`", remains.display()))?;
        }
    }
    Ok(())
}

/// Whether a new site may be growing at `path`, inside the old one.
pub(super) fn is_stage(site: &Path, path: &Path) -> bool {
    path == site.join(NAME)
}

fn beside(site: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(site.file_name().unwrap_or_default());
    name.push(NAME);
    site.with_file_name(name)
}

/// Removes a folder that was a site or was to be one.
///
/// Without a list it was never whole: all in it is ours, or a second name of something in the
/// site. With a list it may be an old site into which somebody put a file at the last moment:
/// that file moves on into the new one.
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
                    "`{}` is not whosaid's, and the site has another of that name\n  = hint: move \
                     it away",
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
        remove(&file).with_context(|| format!("`{path}` cannot be removed"))?;
        let mut folders: Vec<SitePath> = parents(path).collect();
        while let Some(folder) = folders.pop() {
            // It stays where it holds something.
            if fs::remove_dir(site.join(folder.as_str())).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Removes a file that may be gone already.
fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if !is_absent(&error) => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes a file that is not there yet, in a folder that may not be there either.
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

/// Does the work, and again when the folder of `file` was missing and is made.
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
