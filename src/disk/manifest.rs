//! The manifest of a published site: the list of its files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context as _, bail};
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::existing::Found;
use super::layout::is_absent;
use crate::text::SitePath;

/// The name of the manifest, in the folder of the site.
pub(super) const MANIFEST: &str = ".whosaid-manifest.json";

/// The files that whosaid published into a folder. Only these can be changed or removed there.
///
/// A file in the manifest is ours, whatever its content. On disk the manifest is a JSON object with
/// `generator`, `version`, `inputs` and `files`. A change that an older program would misread needs
/// a new `version`. It contains no time and no path of the machine, so the same site has the same
/// manifest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Manifest {
    /// Own files with their sizes in bytes.
    pub files: BTreeMap<SitePath, u64>,
    /// The fingerprint of the inputs of the site; empty if unknown.
    pub inputs: String,
}

const VERSION: u64 = 2;

impl Manifest {
    /// Reads the manifest in the folder `site`, if it exists.
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
                bail!("{} was written by a newer version of whosaid", name())
            }
            _ => bail!("{}", unreadable(&file)),
        }
        let files = |files: &Map<String, Value>| -> Option<BTreeMap<SitePath, u64>> {
            let files = files.iter();
            files
                .map(|(path, size)| Some((SitePath::new(path).ok()?, size.as_u64()?)))
                .collect()
        };
        let inputs = list["inputs"].as_str().unwrap_or_default().to_owned();
        match list["files"].as_object().and_then(files) {
            Some(files) => Ok(Some(Manifest { files, inputs })),
            None => bail!("{}", unreadable(&file)),
        }
    }

    /// Returns the text of the manifest, which is equal for equal sites.
    pub fn text(&self) -> String {
        let files = self.files.iter();
        let files: Map<String, Value> = files
            .map(|(path, size)| (path.to_string(), (*size).into()))
            .collect();
        let list = json!({
            "generator": "whosaid",
            "version": VERSION,
            "inputs": self.inputs,
            "files": files,
        });
        format!("{list:#}\n")
    }

    /// Merges two manifests, for the time in which the folder has files of both.
    pub fn and(&self, other: &Manifest) -> Manifest {
        let mut files = self.files.clone();
        files.extend(other.files.clone());
        Manifest {
            files,
            inputs: String::new(),
        }
    }

    /// True if every file of the manifest is in the folder `site`, has its size, and was not
    /// changed after the manifest was written.
    pub fn is_intact(&self, site: &Path, found: &Found) -> bool {
        let Some(written) = written(site) else {
            return false;
        };
        let files = self.files.par_iter();
        files.all(|(path, size)| is_as_it_was(path, *size, written, site, found))
    }

    /// Returns the size of a file in the manifest if the folder `site` has it unchanged.
    pub fn intact(&self, path: &SitePath, site: &Path, found: &Found) -> Option<u64> {
        let size = *self.files.get(path)?;
        is_as_it_was(path, size, written(site)?, site, found).then_some(size)
    }
}

/// Returns the modification time of the manifest in the folder `site`.
fn written(site: &Path) -> Option<SystemTime> {
    fs::metadata(site.join(MANIFEST)).ok()?.modified().ok()
}

fn is_as_it_was(
    path: &SitePath,
    size: u64,
    written: SystemTime,
    site: &Path,
    found: &Found,
) -> bool {
    found.files.contains(path)
        && fs::metadata(site.join(path.as_str()))
            .is_ok_and(|it| it.len() == size && it.modified().is_ok_and(|time| time <= written))
}

fn unreadable(file: &Path) -> String {
    format!("`{}` is not a manifest of published files", file.display())
}
