//! Where a site may be published, and where not.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use anyhow::{Context as _, bail};

use super::layout::{self, is_absent, layout};
use super::stage;
use crate::config::Override;

/// The folder `to`, absolute and without links, when a site may be published there.
///
/// What the environment says of the book counts. It need not exist. Links further up its path are followed, the folder itself may be none.
pub(super) fn target(to: &Path, book: &Path, overrides: &[Override]) -> anyhow::Result<PathBuf> {
    // A slash behind a link would make the system look at what it leads to.
    let to: PathBuf = Path::new(".").join(to).components().collect();
    if fs::symlink_metadata(&to).is_ok_and(|metadata| metadata.is_symlink()) {
        bail!("it is a symbolic link\n  = hint: name the folder that it leads to");
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
        bail!("it holds the book{ELSEWHERE}");
    }
    let parts = [book.source.as_str(), layout::TEMPLATES, layout::STATIC];
    // Of a book that is its own text folder, the folder of the output is not read.
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        let (named, real) = (book.root.join(part), resolved(&book.root.join(part))?);
        for real in [named, real] {
            let how = match (real.starts_with(&target), target.starts_with(&real)) {
                (true, true) => "is",
                (true, false) => "holds",
                (false, true) => "lies in",
                (false, false) => continue,
            };
            bail!("it {how} `{part}`, which is part of the book{ELSEWHERE}");
        }
    }
    match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_dir() => bail!("it is not a folder"),
        Ok(_) => {}
        Err(error) if is_absent(&error) => {}
        Err(error) => return Err(error).context("it cannot be looked at"),
    }
    match fs::symlink_metadata(target.join(".git")) {
        Ok(_) => bail!("it holds `.git`, so that it is the home of a repository{ELSEWHERE}"),
        Err(error) if is_absent(&error) => Ok(target),
        Err(error) => Err(error).context("it cannot be looked at"),
    }
}

const ELSEWHERE: &str =
    "\n  = hint: name another folder with `--dest-dir`, or as `build-dir` in `book.toml`";

/// The path made absolute, with links and `..` resolved as the system would, as far as it exists.
fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    let mut resolved = PathBuf::new();
    let absolute = std::path::absolute(path).context("it is not a path")?;
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

/// A folder out of which other builds are kept until this is dropped.
pub(super) struct Held {
    pub folder: PathBuf,
    /// Of the folder, and of the one that took its place.
    locks: Vec<fs::File>,
    was_made: bool,
    pub at_work: AtWork,
}

/// Whether a publication is still at work. Whoever writes for it has this locked.
#[derive(Clone)]
pub(super) struct AtWork(Arc<RwLock<bool>>);

impl AtWork {
    /// For something small, beside others.
    pub fn part(&self) -> RwLockReadGuard<'_, bool> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// For something that no withdrawal may come between.
    pub fn whole(&self) -> RwLockWriteGuard<'_, bool> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a publication from outside, as by a signal.
pub struct Withdrawal {
    folder: PathBuf,
    was_made: bool,
    at_work: AtWork,
}

impl Withdrawal {
    /// Takes away all that the publication has begun. One that is taking the place of the old site
    /// is waited for, one that is over is left alone. Whoever would go on writing waits for ever:
    /// the process must end now.
    pub fn withdraw(self) {
        let at_work = self.at_work.whole();
        if *at_work {
            // There is nobody left to tell.
            let _ = stage::clear_remains(&self.folder);
            if self.was_made {
                let _ = fs::remove_dir(&self.folder);
            }
        }
        std::mem::forget(at_work);
    }
}

impl Held {
    /// Makes the folder if need be, and waits until no other build is at work there.
    pub fn new(folder: PathBuf) -> anyhow::Result<Held> {
        loop {
            let was_made = !folder.exists();
            fs::create_dir_all(&folder).with_context(|| format!("`{}`", folder.display()))?;
            let lock = match Held::lock(&folder) {
                // A build that came to nothing took the folder away that it had made.
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                lock => lock.with_context(|| format!("`{}`", folder.display()))?,
            };
            // While we waited, another folder may have come to this place.
            if lock.as_ref().is_none_or(|lock| is_at(lock, &folder)) {
                return Ok(Held {
                    folder,
                    locks: lock.into_iter().collect(),
                    was_made,
                    at_work: AtWork(Arc::new(RwLock::new(true))),
                });
            }
        }
    }

    /// Locks a folder. A lock ends with its process, however that ends.
    ///
    /// Where a file system or the operating system knows no such lock, builds go on without one.
    fn lock(folder: &Path) -> io::Result<Option<fs::File>> {
        if cfg!(not(unix)) {
            return Ok(None);
        }
        let folder = fs::File::open(folder)?;
        Ok(folder.lock().is_ok().then_some(folder))
    }

    pub fn withdrawal(&self) -> Withdrawal {
        Withdrawal {
            folder: self.folder.clone(),
            was_made: self.was_made,
            at_work: self.at_work.clone(),
        }
    }

    /// Keeps others out of a new folder too, until this is dropped: they will look for it where
    /// the old one was.
    pub fn hold(&mut self, new: &Path) -> io::Result<()> {
        self.locks.extend(Held::lock(new)?);
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // What lies here from now on is another build's.
        *self.at_work.whole() = false;
        if self.was_made {
            // A folder that was made in vain goes again; one that holds something stays.
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
