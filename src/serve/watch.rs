//! Watches for changes.
//!
//! File system events are only hints: they wake the rebuilder, which then reads the named files, or
//! scans all files if the event is not specific enough. Nothing depends on the exact events of
//! editors, `git` and file systems: a change without an event is found by the next periodic scan.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::disk::Stamp;

/// The interval of the periodic scan, which finds changes without an event.
const SLOW: Duration = Duration::from_secs(2);
/// The interval of scans without events.
const POLL: Duration = Duration::from_millis(300);
/// Scans take at most this fraction of the time (1/50).
const SHARE: u32 = 50;

/// The watched folders of the book, one watch for each.
///
/// Not recursive: that would include the output, `.git` and other folders, and use up the system's
/// limit.
pub(super) struct Watch<W = RecommendedWatcher> {
    watcher: Option<W>,
    /// Why there is no watcher although one was requested, until it is reported.
    refused: Option<notify::Error>,
    watched: BTreeMap<PathBuf, Stamp>,
    pub changes: Receiver<Hint>,
    /// Keeps the channel open if there is no watcher, so that waiting on it blocks.
    _open: Sender<Hint>,
}

/// The files that may have changed; `None` if it can be any file.
pub(super) type Hint = Option<Vec<PathBuf>>;

impl Watch {
    /// Creates a watch without folders; without `events`, it never receives an event.
    pub fn new(events: bool) -> Watch {
        let (tell, changes) = mpsc::channel();
        let open = tell.clone();
        let told = move |event: notify::Result<notify::Event>| {
            let hint = match event {
                Ok(event) if !is_change(event.kind) => return,
                Ok(event) if event.need_rescan() || event.paths.is_empty() => None,
                Ok(event) => Some(event.paths),
                // An error can hide a change.
                Err(_) => None,
            };
            let _ = tell.send(hint);
        };
        let watcher = events.then(|| RecommendedWatcher::new(told, Config::default()));
        let (watcher, refused) = match watcher {
            Some(Ok(watcher)) => (Some(watcher), None),
            Some(Err(error)) => (None, Some(error)),
            None => (None, None),
        };
        Watch {
            watcher,
            refused,
            watched: BTreeMap::new(),
            changes,
            _open: open,
        }
    }
}

impl<W: Watcher> Watch<W> {
    /// Returns how long to wait for an event before the next scan, if a scan takes `cost`.
    pub fn patience(&self, cost: Duration) -> Duration {
        let least = match self.watcher {
            Some(_) => SLOW,
            None => POLL,
        };
        least.max(cost * SHARE)
    }

    /// Watches exactly these folders. If that fails, returns the reason once, and scans
    /// periodically from then on.
    pub fn folders(&mut self, folders: &BTreeMap<PathBuf, Stamp>) -> Option<String> {
        if let Some(error) = self.refused.take() {
            return Some(unwatched(&error, folders.len()));
        }
        if *folders == self.watched {
            return None;
        }
        let watcher = self.watcher.as_mut()?;
        let is_left = |path: &Path, stamp: &Stamp| folders.get(path) != Some(stamp);
        for (path, _) in self
            .watched
            .iter()
            .filter(|(path, stamp)| is_left(path, stamp))
        {
            // A deleted folder has lost its watch already.
            let _ = watcher.unwatch(path);
        }
        self.watched.retain(|path, stamp| !is_left(path, stamp));
        for (path, stamp) in folders {
            if self.watched.contains_key(path) {
                continue;
            }
            match watcher.watch(path, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(path.clone(), stamp.clone());
                }
                // It was deleted meanwhile; the next scan will find it.
                Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
                Err(error) => {
                    self.watcher = None;
                    self.watched.clear();
                    return Some(unwatched(&error, folders.len()));
                }
            }
        }
        None
    }
}

/// Returns the note for a system that does not watch.
#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of notify")]
fn unwatched(error: &notify::Error, folders: usize) -> String {
    let reason = match &error.kind {
        ErrorKind::MaxFilesWatch => "the maximum number of watches is reached".to_owned(),
        ErrorKind::Io(error) => error.to_string(),
        other => format!("{other:?}"),
    };
    format!(
        "the system cannot watch all {folders} folders of the book ({reason}); checking their \
         files every {} ms instead",
        POLL.as_millis()
    )
}

/// True if an event of this kind can mean that a file has changed. Reading a file is an event, too,
/// and compiling reads all of them.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_)) => false,
        EventKind::Any
        | EventKind::Create(_)
        | EventKind::Modify(_)
        | EventKind::Remove(_)
        | EventKind::Other => true,
    }
}

#[cfg(test)]
impl<W: Watcher> Watch<W> {
    /// Creates a watch with this watcher, to test failures.
    pub fn with(watcher: W) -> Watch<W> {
        let (open, changes) = mpsc::channel();
        Watch {
            watcher: Some(watcher),
            refused: None,
            watched: BTreeMap::new(),
            changes,
            _open: open,
        }
    }

    /// Creates a watch that the system refused.
    pub fn refused(error: notify::Error) -> Watch<W> {
        let (open, changes) = mpsc::channel();
        Watch {
            watcher: None,
            refused: Some(error),
            watched: BTreeMap::new(),
            changes,
            _open: open,
        }
    }

    pub fn is_told(&self) -> bool {
        self.watcher.is_some()
    }
}
