//! Tests of the supply chain: which packages are used, their licenses, and their registry.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use whosaid::text::SitePath;

use crate::repository;

/// Returns the metadata of all packages, from the lock file and the local cache.
fn metadata() -> Value {
    #[expect(clippy::disallowed_methods, reason = "cargo knows")]
    let run = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    serde_json::from_slice(&run.stdout).expect("JSON")
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}

/// Returns the ids of the packages that are part of the program or of its build, including this
/// one, without dev-dependencies.
fn shipped(metadata: &Value) -> BTreeSet<&str> {
    let nodes = metadata["resolve"]["nodes"].as_array().expect("nodes");
    let nodes: BTreeMap<&str, &Value> = nodes.iter().map(|it| (text(it, "id"), it)).collect();
    let mut found = BTreeSet::new();
    let mut open = vec![text(&metadata["resolve"], "root")];
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().expect("dependencies") {
            let kinds = dependency["dep_kinds"].as_array().expect("kinds");
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                open.push(text(dependency, "pkg"));
            }
        }
    }
    found
}

/// The allowed licenses; `.ci/deny.toml` has the same list.
fn allowed() -> BTreeSet<String> {
    let settings = repository::text(".ci/deny.toml");
    let list = settings.split_once("\nallow = [").expect("a list").1;
    let list = list.split_once(']').expect("its end").0;
    let quoted = list.split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// True if a license expression can be satisfied: `OR` is a choice, `AND` requires all, parentheses
/// group.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.trim();
    for (word, all) in [(" AND ", true), (" OR ", false), ("/", false)] {
        let mut depth = 0_i32;
        let mut from = 0;
        let mut parts = Vec::new();
        for (at, c) in expression.char_indices() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            if depth == 0 && expression[at..].starts_with(word) && at >= from {
                parts.push(&expression[from..at]);
                from = at + word.len();
            }
        }
        if !parts.is_empty() {
            parts.push(&expression[from..]);
            let mut parts = parts.into_iter().map(|part| is_met(part, allowed));
            return if all {
                parts.all(|it| it)
            } else {
                parts.any(|it| it)
            };
        }
    }
    match expression
        .strip_prefix('(')
        .and_then(|it| it.strip_suffix(')'))
    {
        Some(inner) => is_met(inner, allowed),
        None => allowed.contains(expression),
    }
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = ["MIT", "Zlib"].map(str::to_owned).into();
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("(GPL-3.0 OR MIT) AND Zlib", true),
        ("(GPL-3.0 OR MIT) AND BSD", false),
        ("MIT OR (BSD AND Zlib)", true),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn every_package_comes_from_the_registry_under_a_licence_that_is_allowed() {
    let metadata = metadata();
    let shipped = shipped(&metadata);
    let allowed = allowed();
    assert!(allowed.contains("MIT") && allowed.len() > 5);
    let root = text(&metadata["resolve"], "root");
    for package in metadata["packages"].as_array().expect("packages") {
        let name = text(package, "name");
        let licence = text(package, "license");
        // Dev-dependencies are not distributed.
        let is_shipped = shipped.contains(text(package, "id"));
        assert!(
            !is_shipped || is_met(licence, &allowed),
            "{name}: {licence:?}"
        );
        let source = text(package, "source");
        let is_ours = text(package, "id") == root;
        assert!(
            is_ours || source.starts_with("registry+"),
            "{name}: {source}"
        );
    }
}

#[test]
fn the_manual_says_how_many_packages_the_program_is_made_of() {
    let metadata = metadata();
    let shipped = shipped(&metadata);
    let manual = repository::text("docs/security.md");
    let said = format!("made of {} packages beside its own", shipped.len() - 1);
    assert!(manual.contains(&said), "docs/security.md is to say: {said}");

    // Packages in two versions: the manual gives the reason for each.
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        if shipped.contains(text(package, "id")) {
            let version = text(package, "version");
            versions
                .entry(text(package, "name"))
                .or_default()
                .insert(version);
        }
    }
    let doubled: Vec<&str> = versions
        .iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, _)| *name)
        .collect();
    let list = manual.split_once("In two versions are ").expect("a list").1;
    let list = list.split_once(':').expect("the reasons").0;
    let told: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    assert_eq!(told, doubled);
}

#[test]
fn only_the_translator_of_templates_runs_while_it_is_built() {
    let metadata = metadata();
    let root = text(&metadata["resolve"], "root");
    let packages = metadata["packages"].as_array().expect("packages");
    let own = packages.iter().find(|it| text(it, "id") == root);
    let own = own.expect("this package");
    let targets = own["targets"].as_array().expect("targets");
    assert!(targets.len() > 2);
    for target in targets {
        assert_ne!(target["kind"][0], "proc-macro", "{target}");
        if target["kind"][0] == "custom-build" {
            assert!(text(target, "src_path").ends_with("/build.rs"), "{target}");
        }
    }
    let dependencies = own["dependencies"].as_array().expect("dependencies");
    for dependency in dependencies {
        assert_ne!(dependency["kind"], "build", "{dependency}");
    }
    // Only `build.rs` reads and writes files; it cannot do anything else to the machine.
    let script = repository::text("build.rs");
    let mut texts = repository::texts("build", "rs");
    assert!(texts.len() > 8);
    for (path, text) in &texts {
        assert!(
            !text.contains("std::fs") && !text.contains("std::env"),
            "{path}"
        );
    }
    texts.insert(SitePath::new("build.rs").expect("a path"), script);
    for (path, text) in &texts {
        for word in ["std::net", "process::Command", "unsafe", "extern"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
    let settings = repository::text("Cargo.toml");
    assert!(settings.contains("unsafe_code = \"forbid\""));
}
