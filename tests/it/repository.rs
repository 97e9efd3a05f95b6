//! The repository's own files as they lie on disk, for the tests that read them.

use std::collections::BTreeMap;
use std::sync::Arc;

use walkdir::WalkDir;
use whosaid::text::SitePath;

/// Every file below `folder`, by its path below the repository's root.
pub fn files(folder: &str) -> BTreeMap<SitePath, Arc<[u8]>> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(root.join(folder)) {
        let entry = entry.expect("a readable folder");
        if !entry.file_type().is_file() {
            continue;
        }
        let below = entry.path().strip_prefix(root).expect("below the root");
        let parts = below.iter().map(|part| part.to_str().expect("UTF-8"));
        let path = parts.collect::<Vec<_>>().join("/");
        #[expect(clippy::disallowed_methods, reason = "the repository lies on disk")]
        let bytes = std::fs::read(entry.path()).expect("a readable file");
        files.insert(
            SitePath::new(&path).expect("a path of the repository"),
            bytes.into(),
        );
    }
    files
}

/// Every text below `folder` whose name ends in `extension`.
pub fn texts(folder: &str, extension: &str) -> BTreeMap<SitePath, String> {
    let files = files(folder).into_iter();
    files
        .filter(|(path, _)| path.extension() == extension)
        .map(|(path, bytes)| (path, String::from_utf8(bytes.to_vec()).expect("UTF-8")))
        .collect()
}

/// One text, by its path below the root.
pub fn text(path: &str) -> String {
    let mut found = files(path).into_values();
    let bytes = found.next().unwrap_or_else(|| panic!("there is no {path}"));
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The sample: `book.toml` and all below `content`, built with the embedded theme.
pub fn sample() -> BTreeMap<SitePath, Arc<[u8]>> {
    let mut sample = files("content");
    sample.append(&mut files("book.toml"));
    sample
}
