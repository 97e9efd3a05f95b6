//! [`Outputs`] become a folder.
//!
//! First everything is looked at and a [`Plan`] is made, which fails without a trace; then the
//! plan is carried out. The whole of a site is exchanged file by file for now: whoever makes it
//! one exchange of folders replaces [`Plan::carry_out`] and keeps what stands before it.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use walkdir::WalkDir;

use super::layout::{self, is_absent};
use super::manifest::{MANIFEST, Manifest};
use super::target::{make_and_lock, target};
use crate::compile::Outputs;
use crate::text::{SitePath, fold};

/// What a publication did, in files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Published {
    pub written: usize,
    pub unchanged: usize,
    pub removed: usize,
}

/// Brings the site to the folder `to`; `book` is the folder that it was made from.
///
/// A file that holds the right bytes already is not touched, so that its time stays. Files that
/// are no longer part of the site are removed if an earlier publication wrote them; the file
/// `.whosaid-manifest.json` lists those. All other files stay as they are. `force` allows a
/// folder that is not empty and was not published before, and lets files of the site replace
/// others of the same name. Two publications into one folder wait for each other.
///
/// # Errors
/// A folder in which no site may be published, a file that is in the way, or a failure of the
/// file system, each with its path. Of the first two nothing is changed.
pub fn publish(
    outputs: &Outputs,
    to: &Path,
    book: &Path,
    force: bool,
) -> anyhow::Result<Published> {
    let refused = || format!("the site cannot be published in `{}`", to.display());
    let site = target(to, book).with_context(refused)?;
    let _lock = make_and_lock(&site).with_context(refused)?;
    let old = owned(&site, force).with_context(refused)?;
    let plan = Plan::new(&site, outputs, old, force).with_context(refused)?;
    plan.carry_out().with_context(refused)
}

/// What an earlier publication wrote into the folder.
fn owned(site: &Path, force: bool) -> anyhow::Result<Manifest> {
    let fault = match Manifest::read(site) {
        Ok(Some(manifest)) => return Ok(manifest),
        Ok(None) if is_empty(site)? => return Ok(Manifest::default()),
        Ok(None) => "it is not empty, and whosaid did not write what is in it".to_owned(),
        Err(error) => format!("{error:#}"),
    };
    match force {
        true => Ok(Manifest::default()),
        false => bail!("{fault}{FORCE}"),
    }
}

/// Whether the folder holds nothing but what a killed build may have left.
fn is_empty(site: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(site)? {
        if entry?.file_name() != TEMPORARY {
            return Ok(false);
        }
    }
    Ok(true)
}

const FORCE: &str = "\n  = hint: name an empty or new folder, or type `--force`: then files of \
                     the same name are replaced, and all others stay";

/// What is to be done in a folder, checked against what is there.
struct Plan<'a> {
    site: &'a Path,
    outputs: &'a Outputs,
    old: Manifest,
    /// What the folder will hold of ours.
    new: Manifest,
    /// Files that are not there yet, or hold something else.
    write: Vec<&'a SitePath>,
    /// Own files that are no longer part of the site.
    remove: Vec<SitePath>,
    /// Paths that are removed in one spelling and written in another, folded. Where a file
    /// system takes `A.html` and `a.html` for one, the page must not go with its old name.
    renamed: BTreeSet<String>,
}

impl<'a> Plan<'a> {
    fn new(
        site: &'a Path,
        outputs: &'a Outputs,
        old: Manifest,
        force: bool,
    ) -> anyhow::Result<Plan<'a>> {
        let gone = old.files.iter().filter(|path| !outputs.contains_key(*path));
        let remove: Vec<SitePath> = gone.rev().cloned().collect();
        let folders: BTreeSet<SitePath> = outputs.keys().flat_map(parents).collect();
        let gone: BTreeSet<String> = remove.iter().map(|path| fold(path.as_str())).collect();
        let come = outputs.keys().map(|path| fold(path.as_str()));
        let renamed = come.filter(|path| gone.contains(path)).collect();
        let mut plan = Plan {
            site,
            outputs,
            new: Manifest {
                files: outputs.keys().cloned().collect(),
                folders: BTreeSet::new(),
            },
            old,
            write: Vec::new(),
            remove,
            renamed,
        };
        let mut in_the_way = InTheWay::default();
        for folder in folders {
            if plan.is_missing(&folder, &mut in_the_way)? || plan.old.folders.contains(&folder) {
                plan.new.folders.insert(folder);
            }
        }
        for (path, bytes) in outputs {
            let must_write = plan.must_write(path, bytes, force, &mut in_the_way)?;
            if must_write || plan.is_renamed(path) {
                plan.write.push(path);
            } else if !force && !plan.old.files.contains(path) {
                // Somebody else wrote the same bytes; that does not make the file ours.
                plan.new.files.remove(path);
            }
        }
        in_the_way.refuse()?;
        Ok(plan)
    }

    /// Whether the folder is still to be made.
    fn is_missing(&self, folder: &SitePath, in_the_way: &mut InTheWay) -> anyhow::Result<bool> {
        if self.outputs.contains_key(folder) {
            in_the_way
                .faults
                .push(format!("`{folder}` would be a file and a folder"));
        }
        match look(self.site, folder)? {
            None => Ok(true),
            Some(metadata) if metadata.is_dir() => Ok(false),
            Some(metadata) if metadata.is_file() && self.old.files.contains(folder) => Ok(true),
            Some(_) => {
                in_the_way
                    .faults
                    .push(format!("`{folder}` is in the way of a folder of the site"));
                Ok(false)
            }
        }
    }

    /// Whether the file is not there yet, or holds something else.
    fn must_write(
        &self,
        path: &SitePath,
        bytes: &[u8],
        force: bool,
        in_the_way: &mut InTheWay,
    ) -> anyhow::Result<bool> {
        if path.as_str() == MANIFEST || path.name() == TEMPORARY {
            bail!("the site may not hold a file `{path}`");
        }
        let Some(metadata) = look(self.site, path)? else {
            return Ok(true);
        };
        let file = self.site.join(path.as_str());
        if metadata.is_file() {
            let is_same = metadata.len() == bytes.len() as u64
                && fs::read(&file).with_context(|| format!("`{path}`"))? == bytes;
            if !is_same && !force && !self.old.files.contains(path) {
                in_the_way.is_replaceable = true;
                let fault = format!("`{path}` is in the way, and whosaid did not write it");
                in_the_way.faults.push(fault);
            }
            return Ok(!is_same);
        }
        if !(metadata.is_dir() && self.empties(&file)) {
            in_the_way
                .faults
                .push(format!("`{path}` is in the way of a file of the site"));
        }
        Ok(true)
    }

    /// Whether nothing is left of the folder when our own files are taken out of it.
    fn empties(&self, folder: &Path) -> bool {
        let is_ours = |entry: walkdir::DirEntry| {
            let below = entry.path().strip_prefix(self.site).ok()?;
            let path = SitePath::new(&below.to_str()?.replace('\\', "/")).ok()?;
            Some(match entry.file_type().is_dir() {
                true => self.old.folders.contains(&path),
                false => entry.file_type().is_file() && self.remove.contains(&path),
            })
        };
        let mut entries = WalkDir::new(folder).into_iter();
        entries.all(|entry| entry.ok().and_then(is_ours).unwrap_or(false))
    }

    /// Changes the folder. A failure in the midst leaves a list that owns up to both the old
    /// files and the new ones, so that the next publication can mend it.
    fn carry_out(self) -> anyhow::Result<Published> {
        if !self.write.is_empty() || !self.remove.is_empty() {
            let mut claimed = self.old.and(&self.new);
            claimed.files.insert(layout::path(TEMPORARY));
            claimed
                .files
                .extend(self.write.iter().map(|path| temporary(path)));
            self.write_manifest(&claimed)?;
        }
        let mut removed = 0;
        // What must make room goes first, everything else goes when the new site stands.
        let (first, last): (Vec<_>, Vec<_>) =
            self.remove.iter().partition(|path| self.makes_room(path));
        for path in first {
            removed += self.take_away(path)?;
        }
        self.remove_folders()?;
        for path in &self.write {
            write(self.site, path, &self.outputs[*path])?;
        }
        for path in last {
            removed += self.take_away(path)?;
        }
        self.remove_folders()?;
        self.write_manifest(&self.new)?;
        Ok(Published {
            written: self.write.len(),
            unchanged: self.outputs.len() - self.write.len(),
            removed,
        })
    }

    /// Whether a file or folder of the new site has this file's place.
    fn makes_room(&self, path: &SitePath) -> bool {
        self.new.folders.contains(path)
            || parents(path).any(|folder| self.outputs.contains_key(&folder))
            || self.is_renamed(path)
    }

    fn is_renamed(&self, path: &SitePath) -> bool {
        !self.renamed.is_empty() && self.renamed.contains(&fold(path.as_str()))
    }

    /// Removes an own file; gives how many were removed that an author would count.
    fn take_away(&self, path: &SitePath) -> anyhow::Result<usize> {
        match look(self.site, path)? {
            Some(metadata) if metadata.is_file() => {
                let file = self.site.join(path.as_str());
                fs::remove_file(file).with_context(|| format!("`{path}` cannot be removed"))?;
                Ok(usize::from(path.name() != TEMPORARY))
            }
            // It is gone, or something else has taken its place.
            Some(_) | None => Ok(0),
        }
    }

    /// Removes the folders that are ours, no longer needed, and empty.
    fn remove_folders(&self) -> anyhow::Result<()> {
        let gone = |folder: &&SitePath| !self.new.folders.contains(*folder);
        // From the inside out: a folder sorts behind the one that holds it.
        for folder in self.old.folders.iter().rev().filter(gone) {
            let is_dir = look(self.site, folder)?.is_some_and(|metadata| metadata.is_dir());
            let place = self.site.join(folder.as_str());
            if is_dir && fs::read_dir(&place)?.next().is_none() {
                fs::remove_dir(&place).with_context(|| format!("`{folder}` cannot be removed"))?;
            }
        }
        Ok(())
    }

    fn write_manifest(&self, manifest: &Manifest) -> anyhow::Result<()> {
        let text = manifest.text();
        let is_same = fs::read(self.site.join(MANIFEST)).is_ok_and(|old| old == text.as_bytes());
        if !is_same {
            write(self.site, &layout::path(MANIFEST), text.as_bytes())?;
        }
        Ok(())
    }
}

/// What keeps a site from being published, all told together.
#[derive(Default)]
struct InTheWay {
    faults: Vec<String>,
    /// Whether any of it is a file that `--force` would replace.
    is_replaceable: bool,
}

impl InTheWay {
    fn refuse(self) -> anyhow::Result<()> {
        let hint = match self.is_replaceable {
            true => "move it away, or type `--force` to replace files of the same name",
            false => "move it away",
        };
        match self.faults.as_slice() {
            [] => Ok(()),
            [fault] => bail!("{fault}\n  = hint: {hint}"),
            faults => bail!(
                "{} things are in the way\n  {}\n  = hint: {hint}",
                faults.len(),
                faults.join("\n  ")
            ),
        }
    }
}

/// The name under which a file is written until it is whole.
const TEMPORARY: &str = ".whosaid-new";

fn temporary(path: &SitePath) -> SitePath {
    let name = layout::path(TEMPORARY);
    match path.parent() {
        Some(folder) => name.within(&layout::path(folder)),
        None => name,
    }
}

/// Writes a file beside its place and puts it there when it is whole.
fn write(site: &Path, path: &SitePath, bytes: &[u8]) -> anyhow::Result<()> {
    let file = site.join(path.as_str());
    let beside = site.join(temporary(path).as_str());
    let written = make_parent(&file)
        .and_then(|()| write_new(&beside, bytes))
        .and_then(|()| fs::rename(&beside, &file));
    if written.is_err() {
        // The first failure is the one to tell; what is left here is removed next time.
        let _ = fs::remove_file(&beside);
    }
    written.with_context(|| format!("`{path}` cannot be written"))
}

fn make_parent(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Writes a file that must not be there; what a killed build left there is removed.
fn write_new(file: &PathBuf, bytes: &[u8]) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if !is_absent(&error) => return Err(error),
        Ok(()) | Err(_) => {}
    }
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)?
        .write_all(bytes)
}

/// What stands at `path`, if anything. Behind a link there is nothing of ours: it may lead out of
/// the site. Such a link is itself found to be in the way when a folder is to be there.
fn look(site: &Path, path: &SitePath) -> anyhow::Result<Option<fs::Metadata>> {
    for folder in parents(path) {
        match fs::symlink_metadata(site.join(folder.as_str())) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Ok(None),
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("`{folder}`")),
        }
    }
    match fs::symlink_metadata(site.join(path.as_str())) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error).with_context(|| format!("`{path}`")),
    }
}

/// The folders in which the path lies, the outermost first.
fn parents(path: &SitePath) -> impl Iterator<Item = SitePath> {
    let text = path.as_str();
    let ends = text.match_indices('/').map(|(at, _)| at);
    ends.map(|end| layout::path(&text[..end]))
}
