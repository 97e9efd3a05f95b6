//! What fuzzers start from and what they found, through the same bodies as in `fuzz/`.

use std::collections::BTreeSet;

use crate::repository;

#[path = "../../fuzz/src/lib.rs"]
mod bodies;

#[test]
fn every_target_has_a_body_and_every_body_a_target() {
    let targets = repository::texts("fuzz/fuzz_targets", "rs");
    let files: BTreeSet<&str> = targets.keys().map(|path| path.stem()).collect();
    let bodies: BTreeSet<&str> = bodies::TARGETS.iter().map(|(name, _)| *name).collect();
    assert_eq!(files, bodies);
    let settings = repository::text("fuzz/Cargo.toml");
    for (path, text) in &targets {
        let name = path.stem();
        assert!(text.contains(&format!("whosaid_fuzz::{name}(data)")));
        assert!(settings.contains(&format!("path = \"fuzz_targets/{name}.rs\"")));
    }
}

#[test]
fn what_fuzzers_start_from_and_found_breaks_nothing() {
    for (name, body) in bodies::TARGETS {
        let seeds = repository::files(&format!("fuzz/seeds/{name}"));
        assert!(!seeds.is_empty(), "{name} starts from nothing");
        let found = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/regressions")
            .join(name);
        let found = match found.is_dir() {
            true => repository::files(&format!("fuzz/regressions/{name}")),
            false => Default::default(),
        };
        for (path, bytes) in seeds.iter().chain(&found) {
            // A panic says what; this says where.
            eprintln!("{path}");
            body(bytes);
        }
    }
}
