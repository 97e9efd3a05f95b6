//! What was read of a book, so that reading it again reads only what changed.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

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
    }

    /// The bytes of the file at `real`, from the disk only if its stamp says so.
    pub(super) fn file(&mut self, real: &Path) -> io::Result<Arc<[u8]>> {
        if let Some(kept) = self.met.get(real) {
            // A link gives it a second name.
            return Ok(kept.bytes.clone());
        }
        let stamp = Stamp::of(&fs::metadata(real)?);
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

    /// Ends a reading: files not met are forgotten.
    pub(super) fn end(&mut self) {
        self.files = std::mem::take(&mut self.met);
    }
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
