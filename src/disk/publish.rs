//! Publishes a site atomically.
//!
//! New files are written into a temporary folder next to the old site, and unchanged files are
//! hard-linked into it. Then the two folders are exchanged in one system call. If the system cannot
//! do that, the new files are renamed one by one, the manifest last.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, anyhow, bail};
use rayon::prelude::*;

use super::existing::Found;
use super::layout;
use super::manifest::{MANIFEST, Manifest};
use super::stage::{self, Stage};
use super::target::{Abort, DirLock, target};
use crate::compile::Outputs;
use crate::config::Override;
use crate::text::{SitePath, fold};

/// The result of a publication, in numbers of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Published {
    /// New files, and files with changed content.
    pub written: usize,
    /// Files whose content was already right; they keep their modification time.
    pub unchanged: usize,
    /// Files of the old site that the new one does not have.
    pub removed: usize,
    /// How the new site replaced the old one.
    pub how: How,
}

/// How a new site replaces an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum How {
    /// Nothing has changed, and nothing was written.
    #[default]
    Unchanged,
    /// The two folders were exchanged atomically.
    AtOnce,
    /// File by file, because the system cannot exchange these folders.
    OneByOne,
}

/// Publishes the site to the folder `to`; `book` is the folder of its book.
///
/// This is a [`Publication`] with all files at once.
///
/// # Errors
/// As [`Publication::open`] and [`Publication::finish`].
pub fn publish(
    outputs: &Outputs,
    to: &Path,
    book: &Path,
    force: bool,
) -> anyhow::Result<Published> {
    let publication = Publication::open(to, book, force)?;
    outputs
        .par_iter()
        .for_each(|(path, bytes)| publication.put(path, bytes));
    publication.finish("")
}

/// A site that is being written.
///
/// [`put`](Publication::put) adds files, from any thread. The old site does not change before
/// [`finish`](Publication::finish). If a publication is dropped before that, it removes its files.
/// It holds a lock, so no other publication into the same folder begins.
pub struct Publication {
    to: PathBuf,
    // Declared before `held`, because what was begun in the folder is removed first.
    progress: Mutex<Progress>,
    held: DirLock,
    old: Manifest,
    found: Found,
    /// True if folders can be exchanged; tests set it to false.
    pub(super) exchanges: bool,
}

/// The files added so far.
#[derive(Default)]
struct Progress {
    stage: Option<Stage>,
    written: Vec<(SitePath, u64)>,
    unchanged: Vec<(SitePath, u64)>,
    /// The first error.
    fault: Option<anyhow::Error>,
    in_the_way: BTreeSet<String>,
}

impl Publication {
    /// Begins a publication of the book in the folder `book` into the folder `to`. Waits for any
    /// other publication into it.
    ///
    /// `force` allows a folder with files that whosaid did not write, which do not change.
    ///
    /// # Errors
    /// Returns an error if no site can be published in this folder, or if the file system fails.
    pub fn open(to: &Path, book: &Path, force: bool) -> anyhow::Result<Publication> {
        Publication::open_over(to, book, &[], force)
    }

    /// Like [`Publication::open`], with settings from the environment that take precedence over
    /// `book.toml`.
    ///
    /// # Errors
    /// As [`Publication::open`].
    pub fn open_over(
        to: &Path,
        book: &Path,
        overrides: &[Override],
        force: bool,
    ) -> anyhow::Result<Publication> {
        let open = || -> anyhow::Result<Publication> {
            let held = DirLock::new(target(to, book, overrides)?)?;
            stage::clear_remains(&held.folder)?;
            let (old, fault) = match Manifest::read(&held.folder) {
                Ok(manifest) => (manifest.unwrap_or_default(), None),
                Err(error) => (Manifest::default(), Some(format!("{error:#}"))),
            };
            let found = Found::new(&held.folder, &old)?;
            match fault.or_else(|| found.refusal(&old)) {
                Some(fault) if !force => bail!("{fault}{FORCE}"),
                Some(_) | None => {}
            }
            Ok(Publication {
                to: to.to_owned(),
                held,
                old,
                found,
                exchanges: true,
                progress: Mutex::default(),
            })
        };
        open().with_context(|| refused(to))
    }

    /// True if the folder has the complete and unchanged site that was made from `inputs`.
    ///
    /// `inputs` is the fingerprint that was passed to [`finish`](Publication::finish). Sizes and
    /// times are checked, not contents.
    pub fn is_from(&self, inputs: &str) -> bool {
        !inputs.is_empty()
            && self.old.inputs == inputs
            && self.old.is_intact(&self.held.folder, &self.found)
    }

    /// Adds a file of the site. Errors are returned by [`finish`](Publication::finish).
    pub fn put(&self, path: &SitePath, bytes: &[u8]) {
        let _at_work = self.held.at_work.part();
        let size = bytes.len() as u64;
        if self.found.files.contains(path) && self.holds(path, bytes) {
            self.progress().unchanged.push((path.clone(), size));
            return;
        }
        let folder = match self.room_for(path) {
            Ok(folder) => folder,
            Err(fault) => return self.fail(fault),
        };
        let done = stage::write(&folder.join(path.as_str()), bytes);
        self.progress().written.push((path.clone(), size));
        if let Err(error) = done {
            self.fail(anyhow!(error).context(format!("cannot write `{path}`")));
        }
    }

    /// Reuses a file of the old site whose address has a hash of its content, so that it need not
    /// be made again. Returns whether the file exists unchanged.
    pub fn keep(&self, path: &SitePath) -> bool {
        let Some(size) = self.old.intact(path, &self.held.folder, &self.found) else {
            return false;
        };
        self.progress().unchanged.push((path.clone(), size));
        true
    }

    /// Returns a handle with which another thread can abort the publication before the process
    /// ends.
    pub fn withdrawal(&self) -> Abort {
        self.held.withdrawal()
    }

    /// Ends the publication: the new site replaces the old one.
    ///
    /// Files that are no longer part of the site are removed. Unchanged files keep their
    /// modification times. `inputs` is the fingerprint of all inputs, or empty; see
    /// [`is_from`](Publication::is_from).
    ///
    /// # Errors
    /// Returns foreign files that prevent writing, or a failure of the file system, each with its
    /// path. The old site has not changed, unless its files had to be replaced one by one.
    pub fn finish(mut self, inputs: &str) -> anyhow::Result<Published> {
        let to = std::mem::take(&mut self.to);
        self.finished(inputs).with_context(|| refused(&to))
    }

    fn finished(self, inputs: &str) -> anyhow::Result<Published> {
        let Publication {
            mut held,
            old,
            found,
            exchanges,
            progress,
            ..
        } = self;
        let at_work = held.at_work.clone();
        let _whole = at_work.whole();
        let progress = progress
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let Progress {
            stage,
            written,
            unchanged,
            fault,
            mut in_the_way,
        } = progress;
        // A foreign file does not become ours because it has the right content.
        let own = unchanged
            .iter()
            .filter(|(path, _)| old.files.contains_key(path));
        let new = Manifest {
            files: written.iter().chain(own).cloned().collect(),
            inputs: inputs.to_owned(),
        };
        let all: BTreeSet<&SitePath> = written.iter().chain(&unchanged).map(|it| &it.0).collect();
        for folder in all.iter().flat_map(|path| parents(path)) {
            if all.contains(&folder) {
                in_the_way.insert(format!("`{folder}` would be both a file and a folder"));
            } else if found.bars_folder(&folder) {
                in_the_way.insert(format!(
                    "`{folder}` exists, and the site needs this name for a folder"
                ));
            }
        }
        refuse(&in_the_way)?;
        if let Some(fault) = fault {
            return Err(fault);
        }
        let gone: Vec<SitePath> = found
            .files
            .iter()
            .filter(|path| old.files.contains_key(*path) && !all.contains(path))
            .cloned()
            .collect();
        let mut published = Published {
            written: written.len(),
            unchanged: unchanged.len(),
            removed: gone.len(),
            how: How::Unchanged,
        };
        let is_same = stage.is_none() && gone.is_empty() && old.files == new.files;
        if is_same && old.inputs == new.inputs {
            return Ok(published);
        }
        let stage = match stage {
            Some(stage) => stage,
            None => Stage::new(&held.folder, exchanges)?,
        };
        if is_same {
            stage.move_list(&held.folder, &new)?;
            return Ok(published);
        }
        if stage.can_exchange {
            unchanged
                .par_iter()
                .try_for_each(|(path, _)| stage.keep(&held.folder, path))?;
            if stage.carry(&held.folder, &found).is_ok() {
                stage.write_list(&new)?;
                if stage.exchange(&mut held)? {
                    published.how = How::AtOnce;
                    return Ok(published);
                }
            }
        }
        let renamed: BTreeSet<String> = gone.iter().map(|path| fold(path.as_str())).collect();
        let mut moved: Vec<&SitePath> = written.iter().map(|(path, _)| path).collect();
        for (path, _) in &unchanged {
            // On a case-insensitive file system, removing the old name would remove the page.
            if renamed.contains(&fold(path.as_str())) {
                if !stage.can_exchange {
                    stage.keep(&held.folder, path)?;
                }
                moved.push(path);
            }
        }
        published.how = How::OneByOne;
        stage.replace(&held.folder, &old, &new, &moved, &gone)?;
        Ok(published)
    }

    /// True if the old site has the file with this content.
    fn holds(&self, path: &SitePath, bytes: &[u8]) -> bool {
        let file = self.held.folder.join(path.as_str());
        let is_as_long =
            |file: &Path| fs::metadata(file).is_ok_and(|it| it.len() == bytes.len() as u64);
        is_as_long(&file) && fs::read(&file).is_ok_and(|old| old == bytes)
    }

    /// Returns the folder for new files.
    fn room_for(&self, path: &SitePath) -> anyhow::Result<PathBuf> {
        if path.as_str() == MANIFEST {
            bail!("a site cannot contain a file named `{path}`");
        }
        let mut progress = self.progress();
        if self.found.bars_file(path) {
            let fault = if self.found.files.contains(path) {
                format!("`{path}` exists, and whosaid did not write it")
            } else {
                format!("`{path}` exists, and the site needs this name for a file")
            };
            progress.in_the_way.insert(fault);
        }
        let stage = match progress.stage.take() {
            Some(stage) => stage,
            None => Stage::new(&self.held.folder, self.exchanges)?,
        };
        let folder = stage.folder.clone();
        progress.stage = Some(stage);
        Ok(folder)
    }

    fn fail(&self, fault: anyhow::Error) {
        self.progress().fault.get_or_insert(fault);
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const FORCE: &str = "\n  = hint: choose an empty or new folder, put files that belong to the \
                     site into `static/`, or publish with `--force`, which leaves those files \
                     unchanged";

fn refused(to: &Path) -> String {
    format!("cannot publish the site in `{}`", to.display())
}

/// Returns one error for all foreign files that prevent writing.
fn refuse(in_the_way: &BTreeSet<String>) -> anyhow::Result<()> {
    let faults: Vec<&str> = in_the_way.iter().map(String::as_str).collect();
    match faults.as_slice() {
        [] => Ok(()),
        [fault] => bail!("{fault}\n  = hint: move or delete it"),
        faults => bail!(
            "{} existing files or folders prevent publishing\n  {}\n  = hint: move or delete them",
            faults.len(),
            faults.join("\n  ")
        ),
    }
}

/// Returns the parent folders of a path, the outermost first.
pub(super) fn parents(path: &SitePath) -> impl Iterator<Item = SitePath> {
    let text = path.as_str();
    let ends = text.match_indices('/').map(|(at, _)| at);
    ends.map(|end| layout::path(&text[..end]))
}
