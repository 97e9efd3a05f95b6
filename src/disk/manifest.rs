//! The list of own files that a published site carries.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::layout::is_absent;
use crate::text::SitePath;

/// The name of the list, in the folder of the site.
pub(super) const MANIFEST: &str = ".whosaid-manifest.json";

/// What was published into a folder, and nothing else, may be changed or removed there.
///
/// Paths only: a file that the list names is ours whatever it holds. On disk it is a JSON object
/// with `generator`, `version`, `files` and `folders`; a change that an older program would
/// misread gets a new `version`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Manifest {
    pub files: BTreeSet<SitePath>,
    /// The folders that did not exist before; they are removed when they are empty.
    pub folders: BTreeSet<SitePath>,
}

const VERSION: u64 = 1;

impl Manifest {
    /// The list in the folder `site`, if there is one.
    pub fn read(site: &Path) -> anyhow::Result<Option<Manifest>> {
        let file = site.join(MANIFEST);
        let name = || format!("`{}`", file.display());
        match fs::symlink_metadata(&file) {
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(error).with_context(name),
            Ok(metadata) if metadata.is_file() => {}
            Ok(_) => bail!("{} is not a regular file", name()),
        }
        let text = fs::read_to_string(&file).with_context(name)?;
        let list: Value = serde_json::from_str(&text).with_context(|| unreadable(&file))?;
        match list["version"].as_u64() {
            Some(VERSION) => {}
            Some(version) if version > VERSION => {
                bail!("{} was written by a newer whosaid", name())
            }
            _ => bail!("{}", unreadable(&file)),
        }
        let paths = |key: &str| -> Option<BTreeSet<SitePath>> {
            let paths = list[key].as_array()?.iter();
            paths
                .map(|path| SitePath::new(path.as_str()?).ok())
                .collect()
        };
        match (paths("files"), paths("folders")) {
            (Some(files), Some(folders)) => Ok(Some(Manifest { files, folders })),
            _ => bail!("{}", unreadable(&file)),
        }
    }

    /// The text of the list, the same for the same paths.
    pub fn text(&self) -> String {
        let paths = |set: &BTreeSet<SitePath>| -> Vec<Value> {
            set.iter().map(|path| path.as_str().into()).collect()
        };
        let list = json!({
            "generator": "whosaid",
            "version": VERSION,
            "files": paths(&self.files),
            "folders": paths(&self.folders),
        });
        format!("{list:#}\n")
    }

    /// Both lists in one.
    pub fn and(&self, other: &Manifest) -> Manifest {
        Manifest {
            files: &self.files | &other.files,
            folders: &self.folders | &other.folders,
        }
    }
}

fn unreadable(file: &Path) -> String {
    format!("`{}` is not a list of published files", file.display())
}
