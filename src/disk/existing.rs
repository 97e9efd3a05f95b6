//! The existing files in the folder of a site.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::manifest::{MANIFEST, Manifest};
use super::publish::parents;
use super::stage;
use crate::text::SitePath;

/// The files in a site's folder, own and foreign.
///
/// An own file is a regular file in the manifest whose folders are not symbolic links. A symbolic
/// link instead of a page or folder is foreign, and its target is ignored.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Regular files, own and foreign, which may already have the right content.
    pub files: HashSet<SitePath>,
    pub folders: HashSet<SitePath>,
    /// Files that whosaid did not write, by path relative to the folder. Folders are included only
    /// if they are empty.
    pub foreign: BTreeSet<PathBuf>,
}

/// Returns the error for an entry that cannot be read. The text of `walkdir` repeats the cause.
fn unread(error: walkdir::Error, site: &Path) -> anyhow::Error {
    let path = error.path().unwrap_or(site).display().to_string();
    match error.into_io_error() {
        Some(cause) => anyhow::Error::new(cause).context(format!("`{path}`")),
        None => anyhow::anyhow!("`{path}` is a link in a cycle"),
    }
}

impl Found {
    /// Scans the folder `site`, whose manifest is `old`.
    pub fn new(site: &Path, old: &Manifest) -> anyhow::Result<Found> {
        let mut found = Found::default();
        let own: HashSet<SitePath> = old.files.keys().flat_map(parents).collect();
        let entries = WalkDir::new(site).min_depth(1).into_iter();
        let entries = entries.filter_entry(|entry| !stage::is_stage(site, entry.path()));
        for entry in entries {
            let entry = entry.map_err(|error| unread(error, site))?;
            let below = entry.path().strip_prefix(site).unwrap_or(entry.path());
            if below == Path::new(MANIFEST) {
                continue;
            }
            let path = site_path(below);
            let kind = entry.file_type();
            let is_own = |path: &SitePath| {
                if kind.is_dir() {
                    own.contains(path)
                } else {
                    kind.is_file() && old.files.contains_key(path)
                }
            };
            let is_own = path.as_ref().is_some_and(is_own);
            let holds_something = || {
                kind.is_dir() && fs::read_dir(entry.path()).is_ok_and(|mut it| it.next().is_some())
            };
            if !is_own && !holds_something() {
                found.foreign.insert(below.to_owned());
            }
            match path {
                Some(path) if kind.is_dir() => found.folders.insert(path),
                Some(path) if kind.is_file() => found.files.insert(path),
                Some(_) | None => continue,
            };
        }
        Ok(found)
    }

    /// True if a foreign file or folder prevents writing a file at this path.
    pub fn bars_file(&self, path: &SitePath) -> bool {
        let path = Path::new(path.as_str());
        // Paths are sorted part by part, so everything below a path follows it directly.
        let mut from = self
            .foreign
            .range::<Path, _>((Bound::Included(path), Bound::Unbounded));
        from.next().is_some_and(|foreign| foreign.starts_with(path))
    }

    /// True if something foreign that is not a folder prevents creating a folder.
    pub fn bars_folder(&self, path: &SitePath) -> bool {
        !self.folders.contains(path) && self.foreign.contains(Path::new(path.as_str()))
    }

    /// Returns why publishing here needs `--force`: visible foreign files.
    ///
    /// Hidden ones are ignored, because they come from file managers, hosts and version control
    /// (`.DS_Store`, `.nojekyll`, `.well-known`).
    pub fn refusal(&self, old: &Manifest) -> Option<String> {
        let is_hidden = |path: &&PathBuf| {
            let mut parts = path.iter();
            parts.any(|part| part.as_encoded_bytes().starts_with(b"."))
        };
        let seen = self.foreign.iter().filter(|path| !is_hidden(path));
        let names: Vec<String> = seen.map(|path| format!("`{}`", path.display())).collect();
        const SHOWN: usize = 3;
        let listed = names.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        let listed = listed.join(", ");
        match names.len() {
            0 => None,
            _ if old.files.is_empty() => {
                Some("the folder contains files that whosaid did not write".to_owned())
            }
            1..=SHOWN => Some(format!(
                "the folder contains {listed}, which whosaid did not write"
            )),
            all => Some(format!(
                "the folder contains {listed} and {} more, which whosaid did not write",
                all - SHOWN
            )),
        }
    }
}

/// Converts a path to a site path; `None` if it is not valid.
fn site_path(below: &Path) -> Option<SitePath> {
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    SitePath::new(&parts?.join("/")).ok()
}
