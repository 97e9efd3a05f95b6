//! Checks where a site can be published.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use anyhow::{Context as _, bail};

use super::layout::{self, is_absent, layout};
use super::stage;
use crate::config::Override;

/// Returns the absolute path of the folder `to`, with symbolic links resolved, if a site can be
/// published there.
///
/// Settings from the environment are considered. The folder need not exist. Symbolic links in its
/// parents are followed, but the folder itself must not be one.
pub(super) fn target(to: &Path, book: &Path, overrides: &[Override]) -> anyhow::Result<PathBuf> {
    // With a trailing slash, the system would follow a symbolic link.
    let to: PathBuf = Path::new(".").join(to).components().collect();
    if fs::symlink_metadata(&to).is_ok_and(|metadata| metadata.is_symlink()) {
        bail!("it is a symbolic link\n  = hint: use the folder that the link points to");
    }
    let book = layout(book, overrides)?;
    let target = resolved(&to)?;
    if target.parent().is_none() {
        bail!("it is the root of a file system{ELSEWHERE}");
    }
    if target == book.root {
        bail!("it is the folder of the book itself{ELSEWHERE}");
    }
    if book.root.starts_with(&target) {
        bail!("it contains the book{ELSEWHERE}");
    }
    let parts = [book.source.as_str(), layout::TEMPLATES, layout::STATIC];
    // If a book is its own text folder, the output folder is not read.
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        let (named, real) = (book.root.join(part), resolved(&book.root.join(part))?);
        for real in [named, real] {
            let how = match (real.starts_with(&target), target.starts_with(&real)) {
                (true, true) => "is",
                (true, false) => "contains",
                (false, true) => "is inside",
                (false, false) => continue,
            };
            bail!("it {how} `{part}`, which is part of the book{ELSEWHERE}");
        }
    }
    match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_dir() => bail!("it is not a folder"),
        Ok(_) => {}
        Err(error) if is_absent(&error) => {}
        Err(error) => return Err(error).context("it cannot be accessed"),
    }
    match fs::symlink_metadata(target.join(".git")) {
        Ok(_) => bail!("it contains `.git`, so it is the root of a repository{ELSEWHERE}"),
        Err(error) if is_absent(&error) => Ok(target),
        Err(error) => Err(error).context("it cannot be accessed"),
    }
}

const ELSEWHERE: &str =
    "\n  = hint: choose another folder with `--dest-dir`, or set `build-dir` in `book.toml`";

/// Makes the path absolute, and resolves symbolic links and `..` as far as it exists.
fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    let mut resolved = PathBuf::new();
    let absolute = std::path::absolute(path).context("the path is not valid")?;
    for component in absolute.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                resolved.pop();
            }
            Component::Prefix(_) | Component::RootDir => resolved.push(component),
            Component::Normal(name) => {
                resolved.push(name);
                resolved = real(&resolved)?;
            }
        }
    }
    Ok(resolved)
}

fn real(path: &Path) -> anyhow::Result<PathBuf> {
    match fs::canonicalize(path) {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path.to_owned()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let parent = path.parent().unwrap_or(path);
            bail!("`{}` is not a folder", parent.display())
        }
        Err(error) => Err(error).with_context(|| format!("`{}`", path.display())),
    }
}

/// A lock on a folder, which excludes other builds until it is dropped.
pub(super) struct DirLock {
    pub folder: PathBuf,
    /// The locks of the folder and of the one that replaced it.
    locks: Vec<fs::File>,
    was_made: bool,
    pub at_work: AtWork,
}

/// True while a publication is running. Every writer holds this lock.
#[derive(Clone)]
pub(super) struct AtWork(Arc<RwLock<bool>>);

impl AtWork {
    /// Locks for a small step, which can run at the same time as others.
    pub fn part(&self) -> RwLockReadGuard<'_, bool> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks for a step that must not be interrupted by an abort.
    pub fn whole(&self) -> RwLockWriteGuard<'_, bool> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A handle to abort a publication, for example after a signal.
pub struct Abort {
    folder: PathBuf,
    was_made: bool,
    at_work: AtWork,
}

impl Abort {
    /// Removes everything that the publication has written. Waits if it is replacing the old site,
    /// and does nothing if it has ended. All writers then block forever, so the process must exit.
    pub fn withdraw(self) {
        let at_work = self.at_work.whole();
        if *at_work {
            // An error cannot be reported any more.
            let _ = stage::clear_remains(&self.folder);
            if self.was_made {
                let _ = fs::remove_dir(&self.folder);
            }
        }
        std::mem::forget(at_work);
    }
}

impl DirLock {
    /// Creates the folder if necessary, and waits until no other build uses it.
    pub fn new(folder: PathBuf) -> anyhow::Result<DirLock> {
        loop {
            let was_made = !folder.exists();
            fs::create_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
            let lock = match DirLock::lock(&folder) {
                // A failed build removed the folder that it had created.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                lock => lock.with_context(|| format!("`{}`", folder.display()))?,
            };
            // Another folder may have been moved here while waiting.
            if lock.as_ref().is_none_or(|lock| is_at(lock, &folder)) {
                return Ok(DirLock {
                    folder,
                    locks: lock.into_iter().collect(),
                    was_made,
                    at_work: AtWork(Arc::new(RwLock::new(true))),
                });
            }
        }
    }

    /// Locks a folder. The operating system releases the lock when the process ends.
    ///
    /// If the file system or the operating system has no such locks, builds run without one.
    fn lock(folder: &Path) -> io::Result<Option<fs::File>> {
        if cfg!(not(unix)) {
            return Ok(None);
        }
        let folder = fs::File::open(folder)?;
        Ok(folder.lock().is_ok().then_some(folder))
    }

    pub fn withdrawal(&self) -> Abort {
        Abort {
            folder: self.folder.clone(),
            was_made: self.was_made,
            at_work: self.at_work.clone(),
        }
    }

    /// Also locks a new folder, until this lock is dropped: others will find it at the path of the
    /// old one.
    pub fn hold(&mut self, new: &Path) -> io::Result<()> {
        self.locks.extend(DirLock::lock(new)?);
        Ok(())
    }
}

impl Drop for DirLock {
    fn drop(&mut self) {
        // From here on, the content belongs to another build.
        *self.at_work.whole() = false;
        if self.was_made {
            // Removes the folder if it is empty.
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

#[cfg(unix)]
fn is_at(opened: &fs::File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |it: io::Result<fs::Metadata>| it.map(|it| (it.dev(), it.ino())).ok();
    let here = number(opened.metadata());
    here.is_some() && here == number(fs::symlink_metadata(path))
}

#[cfg(not(unix))]
fn is_at(_: &fs::File, _: &Path) -> bool {
    true
}
