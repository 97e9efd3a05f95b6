//! What lies in the folder of a site before a new one comes.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use walkdir::WalkDir;

use super::manifest::{MANIFEST, Manifest};
use super::publish::parents;
use super::stage;
use crate::text::SitePath;

/// The files of a site's folder, own and foreign.
///
/// Own is a regular file that the list of the site names and that lies in plain folders. A link in
/// the place of a page or folder is foreign: what is behind it is not looked at.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Regular files, own and foreign: what may hold already what it should.
    pub files: HashSet<SitePath>,
    pub folders: HashSet<SitePath>,
    /// What whosaid did not write, by its path below the folder. Folders are among it only when
    /// they hold nothing.
    pub foreign: BTreeSet<PathBuf>,
}

impl Found {
    /// Looks at the folder `site`, of which `old` is the list.
    pub fn new(site: &Path, old: &Manifest) -> anyhow::Result<Found> {
        let mut found = Found::default();
        let own: HashSet<SitePath> = old.files.keys().flat_map(parents).collect();
        let entries = WalkDir::new(site).min_depth(1).into_iter();
        let entries = entries.filter_entry(|entry| !stage::is_stage(site, entry.path()));
        for entry in entries {
            let entry = entry.with_context(|| format!("`{}`", site.display()))?;
            let below = entry.path().strip_prefix(site).unwrap_or(entry.path());
            if below == Path::new(MANIFEST) {
                continue;
            }
            let path = site_path(below);
            let kind = entry.file_type();
            let is_own = |path: &SitePath| match kind.is_dir() {
                true => own.contains(path),
                false => kind.is_file() && old.files.contains_key(path),
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

    /// Whether something that is not ours stands where a file is to be, or below.
    pub fn bars_file(&self, path: &SitePath) -> bool {
        let path = Path::new(path.as_str());
        // Paths are ordered part by part, so that what is below one stands right behind it.
        let mut from = self
            .foreign
            .range::<Path, _>((Bound::Included(path), Bound::Unbounded));
        from.next().is_some_and(|foreign| foreign.starts_with(path))
    }

    /// Whether something that is not ours and no folder stands where a folder is to be.
    pub fn bars_folder(&self, path: &SitePath) -> bool {
        !self.folders.contains(path) && self.foreign.contains(Path::new(path.as_str()))
    }

    /// Why a site may not be published here without being told to: foreign files that are seen.
    ///
    /// Hidden ones are carried along without a word: they are what file managers, hosts and
    /// version control leave (`.DS_Store`, `.nojekyll`, `.well-known`).
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
                Some("it is not empty, and whosaid did not write what is in it".to_owned())
            }
            1..=SHOWN => Some(format!("it holds {listed}, which whosaid did not write")),
            all => Some(format!(
                "it holds {listed} and {} more, which whosaid did not write",
                all - SHOWN
            )),
        }
    }
}

/// A path below the site as the site would write it, if it could.
fn site_path(below: &Path) -> Option<SitePath> {
    let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
    SitePath::new(&parts?.join("/")).ok()
}
