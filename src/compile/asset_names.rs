//! Adds content hashes to the names of style sheets and scripts, so that browsers can cache them
//! permanently and never use an old one for a new page.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Outputs;
use crate::text::{self, SitePath};

/// The published name of each file that pages load, by the name that authors and the theme use.
pub type Names = BTreeMap<SitePath, SitePath>;

/// Renames the files of `loaded`. With `keeps`, each is also published under its own name, because
/// a text can link to it.
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

/// `whosaid.css` becomes `whosaid-0f3a9c21.css`.
fn named(path: &SitePath, bytes: &Arc<[u8]>) -> SitePath {
    let (stem, extension) = (path.stem(), path.extension());
    let hash = text::hash(bytes.iter());
    // 32 bits are enough to distinguish versions of a file.
    let hash = (hash >> 32) as u32 ^ hash as u32;
    let name = format!("{stem}-{hash:08x}.{extension}");
    path.sibling(&name).unwrap_or_else(|_| path.clone())
}
