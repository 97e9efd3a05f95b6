//! What was read of a book, so that reading it again reads only what changed.

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

/// The files of a book as they were last read, by where they lie, and the folders they lie in.
///
/// A file whose stamp is the one it had is not read again. Its bytes are then the very same
/// `Arc`, so that whoever compares two readings need not look at them.
#[derive(Default)]
pub struct Known {
    files: HashMap<PathBuf, Kept>,
    /// The files met in the reading in progress.
    met: HashMap<PathBuf, Kept>,
    folders: BTreeMap<PathBuf, Stamp>,
    /// A file was read by another name than the one it lies under.
    has_links: bool,
}

struct Kept {
    stamp: Stamp,
    bytes: Arc<[u8]>,
    /// Written so shortly before it was read that another write could bear the same stamp.
    is_fresh: bool,
}

/// What the file system says of a file without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    /// Device and inode, and the time of the last change of either; a file that was renamed
    /// into place differs here even when size and time of writing are the same.
    #[cfg(unix)]
    identity: (u64, u64, i64, i64),
}

/// The largest file of a book, in bytes: all of them are held in memory.
const LARGEST_FILE: u64 = 512 * 1024 * 1024;

/// A stamp younger than this tells nothing: clocks of file systems tick every 4 to 10 ms, and on
/// some every 2 s, where a size or an inode that differs still tells.
const FRESH: Duration = Duration::from_millis(25);

impl Known {
    /// The folders that the book was read from, links followed, each with its stamp: one that
    /// was deleted and made again has another.
    pub fn folders(&self) -> &BTreeMap<PathBuf, Stamp> {
        &self.folders
    }

    /// Begins a reading.
    pub(super) fn begin(&mut self) {
        self.met.clear();
        self.folders.clear();
        self.has_links = false;
    }

    /// The bytes of the file at `real`, from the disk only if its stamp says so.
    pub(super) fn file(&mut self, real: &Path) -> io::Result<Arc<[u8]>> {
        if let Some(kept) = self.met.get(real) {
            // A link gives it a second name.
            return Ok(kept.bytes.clone());
        }
        let metadata = fs::metadata(real)?;
        if metadata.len() > LARGEST_FILE {
            let most = LARGEST_FILE / 1024 / 1024;
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("it has more than {most} MiB; publish it elsewhere and link to it"),
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

    /// Remembers a folder of the book.
    pub(super) fn folder(&mut self, real: &Path) {
        if let Ok(metadata) = fs::metadata(real) {
            self.folders
                .insert(real.to_owned(), Stamp::of_folder(&metadata));
        }
    }

    /// Remembers that a file has another name in the book than on the disk.
    pub(super) fn link(&mut self) {
        self.has_links = true;
    }

    /// The text of a file of the book in the folder `root` as it is now, where nothing but its
    /// text can have changed.
    ///
    /// None where only a look at everything can tell: for a file that is new or gone, for one that
    /// includes others or is included by a link, and for `book.toml`.
    fn renewed(&mut self, root: &Path, real: &Path) -> Option<Renewed> {
        let name = real.file_name()?;
        if layout::is_left_aside(name) {
            // What is hidden is not read; the list of a published site decides what else is not.
            return (name != MANIFEST).then_some(Renewed::Same);
        }
        let Some(kept) = self.files.get_mut(real) else {
            // What came and went, as editors have it, is nothing.
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

    /// Ends a reading: files not met are forgotten.
    pub(super) fn end(&mut self) {
        self.files = std::mem::take(&mut self.met);
    }
}

/// What became of a file that somebody named.
enum Renewed {
    Same,
    Text(SitePath, Arc<[u8]>),
}

/// `before`, the book in the folder `dir` as it was last read, with the files at `named` read
/// again and no other looked at. A book of ten thousand files is not looked through for one of
/// them.
///
/// None where these files alone do not tell how the book is now: see [`read_again`].
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
            // It is in the book by this name, or else nothing is as it was thought to be.
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

    /// Which folder it is, whatever lies in it.
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

    /// Whether another write could still bear this stamp. A time in the future is no reason:
    /// it says nothing of when the file was written.
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
