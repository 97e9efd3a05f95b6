//! Translates the default templates to Rust; see `build/mod.rs`.

#[path = "build/mod.rs"]
mod translator;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Reads the texts below `folder` with this file extension, by path relative to `root`.
#[expect(clippy::disallowed_methods, reason = "a build script reads files")]
fn texts(root: &Path, folder: &Path, extension: &str, texts: &mut BTreeMap<String, String>) {
    let entries = std::fs::read_dir(folder).expect("a folder of the repository");
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            self::texts(root, &path, extension, texts);
        } else if path.extension().is_some_and(|found| found == extension) {
            let text = std::fs::read_to_string(&path).expect("a readable text");
            let below = path.strip_prefix(root).expect("a path below the folder");
            let below = below.to_str().expect("a path in UTF-8").replace('\\', "/");
            texts.insert(below, text);
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a build script reads and writes files"
)]
fn main() -> ExitCode {
    for changed in ["build.rs", "build", "templates", "src/page"] {
        println!("cargo::rerun-if-changed={changed}");
    }
    let variable = |name: &str| std::env::var(name).expect("a variable that Cargo sets");
    let root = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    let mut templates = BTreeMap::new();
    let folder = root.join("templates");
    texts(&folder, &folder, "html", &mut templates);
    let mut sources = BTreeMap::new();
    texts(&root, &root.join("src/page"), "rs", &mut sources);
    match translator::translate(&templates, &sources) {
        Ok(module) => {
            let out = Path::new(&variable("OUT_DIR")).join("templates.rs");
            std::fs::write(out, module).expect("a writable build folder");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("cargo::error={fault}");
            ExitCode::FAILURE
        }
    }
}
