//! Reads files of the repository for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use walkdir::WalkDir;
use whosaid::text::SitePath;

/// Returns every file below `folder`, by path relative to the repository root.
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

/// Returns every text below `folder` with this file extension.
pub fn texts(folder: &str, extension: &str) -> BTreeMap<SitePath, String> {
    let files = files(folder).into_iter();
    files
        .filter(|(path, _)| path.extension() == extension)
        .map(|(path, bytes)| (path, String::from_utf8(bytes.to_vec()).expect("UTF-8")))
        .collect()
}

/// Returns one text, by path relative to the root.
pub fn text(path: &str) -> String {
    let mut found = files(path).into_values();
    let bytes = found.next().unwrap_or_else(|| panic!("there is no {path}"));
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Returns the sample: `book.toml` and all files below `content`. Without cards, which have their
/// own tests: a debug build takes 15 s to draw those of the sample.
pub fn sample() -> BTreeMap<SitePath, Arc<[u8]>> {
    let mut sample = files("content");
    let path = SitePath::new("book.toml").expect("a path");
    let settings = text("book.toml").replace("[whosaid]\n", "[whosaid]\ncards = false\n");
    assert!(settings.contains("cards = false"), "{settings}");
    sample.insert(path, settings.into_bytes().into());
    sample
}
