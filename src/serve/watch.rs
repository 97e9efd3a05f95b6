//! Being told of changes.
//!
//! What the system tells is a hint and never the truth: it wakes the author, who then looks at
//! the files that it names, or at all where that does not tell enough. Nothing depends on the
//! exact events that editors, `git` and file systems cause: a change that no event told of is
//! found by the next slow look.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{Config, ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::disk::Stamp;

/// The slow look that finds what no event told of.
const SLOW: Duration = Duration::from_secs(2);
/// The look when there are no events.
const POLL: Duration = Duration::from_millis(300);
/// Looking may take at most one part in so many of the time.
const SHARE: u32 = 50;

/// The folders of the book, watched one by one.
///
/// Not as trees: a tree would take in the output, `.git` and whatever else lies in the folder
/// of the book, and reach the system's limit for nothing.
pub(super) struct Watch<W = RecommendedWatcher> {
    watcher: Option<W>,
    /// Why there is no watcher though one was wanted, until that is said.
    refused: Option<notify::Error>,
    watched: BTreeMap<PathBuf, Stamp>,
    pub changes: Receiver<Hint>,
    /// Keeps the channel open when there is no watcher, so that waiting on it takes time.
    _open: Sender<Hint>,
}

/// The files in which something may have changed; none where that is anywhere.
pub(super) type Hint = Option<Vec<PathBuf>>;

impl Watch {
    /// A watch over no folder yet; without `events`, one that is never told of anything.
    pub fn new(events: bool) -> Watch {
        let (tell, changes) = mpsc::channel();
        let open = tell.clone();
        let told = move |event: notify::Result<notify::Event>| {
            let hint = match event {
                Ok(event) if !is_change(event.kind) => return,
                Ok(event) if event.need_rescan() || event.paths.is_empty() => None,
                Ok(event) => Some(event.paths),
                // An error may hide a change.
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
    /// How long to wait for an event before looking all the same, when a look takes `cost`.
    pub fn patience(&self, cost: Duration) -> Duration {
        let least = match self.watcher {
            Some(_) => SLOW,
            None => POLL,
        };
        least.max(cost * SHARE)
    }

    /// Watches these folders and no others. When that cannot be, says why, once, and looks at
    /// intervals from then on.
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
            // One that is gone has taken its watch along.
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
                // It went away meanwhile; the next look will tell.
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

/// What is said where the system does not watch.
fn unwatched(error: &notify::Error, folders: usize) -> String {
    let reason = match &error.kind {
        ErrorKind::MaxFilesWatch => "its limit of watches is reached".to_owned(),
        ErrorKind::Io(error) => error.to_string(),
        other => format!("{other:?}"),
    };
    format!(
        "the system cannot watch all {folders} folders of the book ({reason}); their files are \
         looked at every {} ms from now on",
        POLL.as_millis()
    )
}

/// Whether an event of this kind can mean that a file is different. Reading a file is an event
/// too, and compiling reads them all.
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
    /// A watch with this watcher, for the tests of what happens when one refuses.
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

    /// A watch that the system refused to begin.
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
