//! Compares a site with the folder that it was published to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::existing::Found;
use super::manifest::Manifest;
use crate::text::SitePath;

/// A difference between a folder and its site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// The file is in the site, but not in the folder.
    Missing(SitePath),
    /// The content differs.
    Differs(SitePath),
    /// The file is in the folder, but not in the site.
    Extra(PathBuf),
}

/// Compares a folder with a site that is being built. It does not change the folder.
pub struct Verification {
    folder: PathBuf,
    files: BTreeSet<SitePath>,
    /// Everything that is not a regular file.
    others: BTreeSet<PathBuf>,
    seen: Mutex<BTreeSet<SitePath>>,
    differences: Mutex<BTreeSet<Difference>>,
}

impl Verification {
    /// Begins to read the folder.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be read.
    pub fn open(folder: &Path) -> anyhow::Result<Verification> {
        let found = Found::new(folder, &Manifest::default())?;
        let of_site = |path: &SitePath| found.files.contains(path);
        let others = found.foreign.iter().filter(|path| {
            let path = path.to_str().and_then(|path| SitePath::new(path).ok());
            path.is_none_or(|path| !of_site(&path))
        });
        Ok(Verification {
            folder: folder.to_owned(),
            others: others.cloned().collect(),
            files: found.files.into_iter().collect(),
            seen: Mutex::default(),
            differences: Mutex::default(),
        })
    }

    /// Compares a file of the site with the folder.
    pub fn put(&self, path: &SitePath, bytes: &[u8]) {
        let difference = if !self.files.contains(path) {
            Some(Difference::Missing(path.clone()))
        } else if fs::read(self.folder.join(path.as_str())).is_ok_and(|found| found == bytes) {
            None
        } else {
            Some(Difference::Differs(path.clone()))
        };
        lock(&self.seen).insert(path.clone());
        lock(&self.differences).extend(difference);
    }

    /// Returns all differences, sorted. Hidden files that are not part of the site are ignored.
    pub fn finish(self) -> Vec<Difference> {
        let seen = self
            .seen
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let differences = self.differences.into_inner();
        let mut differences = differences.unwrap_or_else(PoisonError::into_inner);
        let files = self.files.iter().filter(|path| !seen.contains(*path));
        let files = files.map(|path| PathBuf::from(path.as_str()));
        let extra = files.chain(self.others);
        let is_seen = |path: &PathBuf| {
            let mut parts = path.iter();
            !parts.any(|part| part.as_encoded_bytes().starts_with(b"."))
        };
        differences.extend(extra.filter(is_seen).map(Difference::Extra));
        differences.into_iter().collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
