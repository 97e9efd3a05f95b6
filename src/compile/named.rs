//! Style sheets and scripts under names that change with their bytes, so that a browser may keep
//! each one for good and never shows a page with the look of another day.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Outputs;
use crate::text::{self, SitePath};

/// The files that pages load, by the names that authors and the theme know them by: under which
/// name each one is published.
pub type Names = BTreeMap<SitePath, SitePath>;

/// Gives the files of `loaded` the names of their bytes. With `keeps`, each is left under its own
/// name too, since a text may link to it.
pub fn by_content<'a>(
    files: &mut Outputs,
    loaded: impl Iterator<Item = &'a SitePath>,
    keeps: impl Fn(&SitePath) -> bool,
) -> Names {
    let mut names = Names::new();
    for path in loaded {
        let Some(bytes) = files.get(path).cloned() else {
            continue;
        };
        let name = named(path, &bytes);
        if !keeps(path) {
            files.remove(path);
        }
        files.insert(name.clone(), bytes);
        names.insert(path.clone(), name);
    }
    names
}

/// `whosaid.css` as `whosaid-0f3a9c21.css`.
fn named(path: &SitePath, bytes: &Arc<[u8]>) -> SitePath {
    let (stem, extension) = (path.stem(), path.extension());
    let hash = text::hash(bytes.iter());
    // Half of it is enough to tell two days of one file apart.
    let hash = (hash >> 32) as u32 ^ hash as u32;
    let name = format!("{stem}-{hash:08x}.{extension}");
    path.sibling(&name).unwrap_or_else(|_| path.clone())
}
