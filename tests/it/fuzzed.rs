//! Runs the seeds and findings of the fuzzers, with the code in `fuzz/`.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

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
        let found = if found.is_dir() {
            repository::files(&format!("fuzz/regressions/{name}"))
        } else {
            Default::default()
        };
        for (path, bytes) in seeds.iter().chain(&found) {
            // A panic gives the reason; this gives the file.
            eprintln!("{path}");
            body(bytes);
        }
    }
}

/// Random marks with one typo each; `WHOSAID_FUZZ_SECONDS` sets the duration.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a long run ends after a time that its caller sets"
)]
fn a_mark_with_one_slip_is_read_or_reported() {
    let seconds = std::env::var("WHOSAID_FUZZ_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    let until = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let seed = seconds.unwrap_or(14);
    // SplitMix64: the same inputs in every run.
    let mut state: u64 = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let mut inputs = 0_u64;
    while until.map_or(inputs < 2_000, |until| Instant::now() < until) {
        let data: Vec<u8> = (0..8).flat_map(|_| next().to_le_bytes()).collect();
        bodies::mutations(&data);
        inputs += 1;
        if inputs.is_multiple_of(100_000) {
            eprintln!("{inputs} inputs so far");
        }
    }
    eprintln!("{inputs} inputs");
}
