//! A cache of the files of a book, so that reading it again reads only changed files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::layout;
use super::manifest::MANIFEST;
use crate::compile::Inputs;
use crate::text::SitePath;

/// The files and folders of a book as last read, by their real paths.
///
/// A file with an unchanged stamp is not read again. Its bytes are then the same `Arc`, so
/// comparisons are cheap.
#[derive(Default)]
pub struct Known {
    files: HashMap<PathBuf, Kept>,
    /// The files seen in the current scan.
    met: HashMap<PathBuf, Kept>,
    folders: BTreeMap<PathBuf, Stamp>,
    /// True if a file was read under a name that differs from its path on disk.
    has_links: bool,
}

struct Kept {
    stamp: Stamp,
    bytes: Arc<[u8]>,
    /// True if it was written so shortly before it was read that a later write could have the same
    /// stamp.
    is_fresh: bool,
}

/// The metadata of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Device, inode, and the time of the last change of either. It differs for a file that was
    /// renamed into place, even if size and modification time are equal.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

/// The maximum size of a file in bytes, because all of them are held in memory.
const LARGEST_FILE: u64 = 512 * 1024 * 1024;

/// A younger stamp is unreliable: timestamps of file systems have a resolution of 4 to 10 ms. On
/// some it is 2 s, but there a different size or inode still reveals a change.
const FRESH: Duration = Duration::from_millis(25);

impl Known {
    /// Returns the folders that the book was read from, with symbolic links resolved. The stamp of
    /// a folder that was deleted and created again differs.
    pub fn folders(&self) -> &BTreeMap<PathBuf, Stamp> {
        &self.folders
    }

    /// Begins a scan.
    pub(super) fn begin(&mut self) {
        self.met.clear();
        self.folders.clear();
        self.has_links = false;
    }

    /// Returns the bytes of the file at `real`; reads the disk only if its stamp has changed.
    pub(super) fn file(&mut self, real: &Path) -> io::Result<Arc<[u8]>> {
        if let Some(kept) = self.met.get(real) {
            // A symbolic link gives the file a second name.
            return Ok(kept.bytes.clone());
        }
        let metadata = fs::metadata(real)?;
        if metadata.len() > LARGEST_FILE {
            let most = LARGEST_FILE / 1024 / 1024;
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("the file is larger than {most} MiB; publish it elsewhere and link to it"),
            ));
        }
        let stamp = Stamp::of(&metadata);
        let kept = self.files.remove(real);
        let kept = kept.filter(|kept| kept.stamp == stamp && !kept.is_fresh);
        let kept = match kept {
            Some(kept) => kept,
            None => {
                let bytes: Arc<[u8]> = fs::read(real)?.into();
                Kept {
                    is_fresh: stamp.is_fresh(),
                    stamp,
                    bytes,
                }
            }
        };
        let bytes = kept.bytes.clone();
        self.met.insert(real.to_owned(), kept);
        Ok(bytes)
    }

    /// Records a folder of the book.
    pub(super) fn folder(&mut self, real: &Path) {
        if let Ok(metadata) = fs::metadata(real) {
            self.folders
                .insert(real.to_owned(), Stamp::of_folder(&metadata));
        }
    }

    /// Records that a file has a different name in the book than on disk.
    pub(super) fn link(&mut self) {
        self.has_links = true;
    }

    /// Returns the new text of a file of the book in the folder `root`, if nothing but its text can
    /// have changed.
    ///
    /// `None` if a full scan is necessary: for a new or deleted file, one that includes others or
    /// is included through a link, and for `book.toml`.
    fn renewed(&mut self, root: &Path, real: &Path) -> Option<Renewed> {
        let name = real.file_name()?;
        if layout::is_left_aside(name) {
            // Hidden files are not read. The manifest of a published site marks a folder that is
            // skipped.
            return (name != MANIFEST).then_some(Renewed::Same);
        }
        let Some(kept) = self.files.get_mut(real) else {
            // A temporary file that an editor created and deleted.
            let is_gone = fs::symlink_metadata(real).is_err_and(|it| layout::is_absent(&it));
            let is_nothing = is_gone && !self.folders.contains_key(real);
            return is_nothing.then_some(Renewed::Same);
        };
        let metadata = fs::symlink_metadata(real).ok()?;
        let stamp = Stamp::of(&metadata);
        if kept.stamp == stamp && !kept.is_fresh {
            return Some(Renewed::Same);
        }
        let path = real.strip_prefix(root).ok()?.to_str()?;
        let path = SitePath::new(path).ok()?;
        let bytes: Arc<[u8]> = fs::read(real).ok()?.into();
        let includes = |bytes: &[u8]| memchr::memmem::find(bytes, b"{{").is_some();
        if !metadata.is_file() || includes(&kept.bytes) || includes(&bytes) {
            return None;
        }
        *kept = Kept {
            is_fresh: stamp.is_fresh(),
            stamp,
            bytes: bytes.clone(),
        };
        Some(Renewed::Text(path, bytes))
    }

    /// Ends a scan: files that were not seen are dropped.
    pub(super) fn end(&mut self) {
        self.files = std::mem::take(&mut self.met);
    }
}

/// The state of a named file.
enum Renewed {
    Same,
    Text(SitePath, Arc<[u8]>),
}

/// Returns `before`, the book in the folder `dir` as last read, with the files at `named` read
/// again and no others checked. So a change to one file does not cost a scan of ten thousand.
///
/// `None` if these files do not determine the state of the book: see [`read_again`].
///
/// [`read_again`]: super::read_again
pub fn read_named(
    dir: &Path,
    named: &BTreeSet<PathBuf>,
    before: &Inputs,
    known: &mut Known,
) -> Option<Inputs> {
    if known.has_links {
        return None;
    }
    let root = fs::canonicalize(dir).ok()?;
    let mut inputs = before.clone();
    for real in named {
        if let Renewed::Text(path, bytes) = known.renewed(&root, real)? {
            // If the book has no file with this name, the cached state is wrong.
            *inputs.files.get_mut(&path)? = bytes;
        }
    }
    Some(inputs)
}

impl Stamp {
    fn of(metadata: &Metadata) -> Stamp {
        Stamp {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            identity: {
                use std::os::unix::fs::MetadataExt as _;
                (
                    metadata.dev(),
                    metadata.ino(),
                    metadata.ctime(),
                    metadata.ctime_nsec(),
                )
            },
        }
    }

    /// Returns the identity of a folder, independent of its content.
    fn of_folder(metadata: &Metadata) -> Stamp {
        Stamp {
            size: 0,
            modified: None,
            #[cfg(unix)]
            identity: {
                use std::os::unix::fs::MetadataExt as _;
                (metadata.dev(), metadata.ino(), 0, 0)
            },
        }
    }

    /// True if a later write could have the same stamp. A time in the future does not count,
    /// because it does not say when the file was written.
    fn is_fresh(&self) -> bool {
        #[cfg(unix)]
        let changed = {
            let (_, _, seconds, nanoseconds) = self.identity;
            u64::try_from(seconds).ok().and_then(|seconds| {
                let since = Duration::new(seconds, u32::try_from(nanoseconds).unwrap_or(0));
                SystemTime::UNIX_EPOCH.checked_add(since)
            })
        };
        #[cfg(not(unix))]
        let changed = self.modified;
        let age = changed.and_then(|changed| SystemTime::now().duration_since(changed).ok());
        age.is_none_or(|age| age < FRESH)
    }
}
