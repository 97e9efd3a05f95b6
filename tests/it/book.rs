//! A book in one string: lines `//- path` begin its files.
//!
//! After `//- path (bytes)`, the lines are hexadecimal bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use whosaid::compile::{self, Build, Inputs, Options};
use whosaid::diag::Diagnostic;
use whosaid::report;
use whosaid::text::SitePath;

/// Actors and sources that several files of tests use.
pub const SHARED: &str = "\
//- content/actors/us.md
---
name: United States
---
//- content/actors/uk.md
---
name: United Kingdom
---
//- content/actors/prc.md
---
name: China
---
//- content/actors/mss.md
---
name: Ministry of State Security
part-of: prc
---
//- content/sources/wh.md
---
title: Statement
author: us
date: 2021-07-19
---
//- content/sources/fc.md
---
title: Paper
author: uk
date: 2021-07-19
---
";

/// A book and the result of its build.
pub struct Book {
    pub inputs: Inputs,
    pub build: Build,
}

/// Returns the files of a book written in one string.
pub fn files(text: &str) -> BTreeMap<SitePath, Arc<[u8]>> {
    let mut files = BTreeMap::new();
    let mut current: Option<(String, String)> = None;
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("//- ") {
            put(&mut files, current.take());
            current = Some((path.trim().to_string(), String::new()));
        } else if let Some((_, body)) = &mut current {
            body.push_str(line);
        }
    }
    put(&mut files, current);
    files
}

fn put(files: &mut BTreeMap<SitePath, Arc<[u8]>>, file: Option<(String, String)>) {
    let Some((path, body)) = file else {
        return;
    };
    let (path, bytes) = match path.strip_suffix(" (bytes)") {
        Some(path) => (path, hex(&body)),
        None => (path.as_str(), body.into_bytes()),
    };
    files.insert(
        SitePath::new(path).expect("a path in a fixture"),
        bytes.into(),
    );
}

fn hex(text: &str) -> Vec<u8> {
    let bytes = text.split_whitespace();
    bytes
        .map(|byte| u8::from_str_radix(byte, 16).expect("hexadecimal bytes"))
        .collect()
}

/// Returns the inputs for `files`, with a fixed date.
pub fn inputs(files: BTreeMap<SitePath, Arc<[u8]>>) -> Inputs {
    Inputs {
        files,
        today: jiff::civil::date(2026, 11, 23),
        options: Options::default(),
    }
}

/// Builds the book in `text`.
pub fn book(text: &str) -> Book {
    build(inputs(files(text)))
}

pub fn build(inputs: Inputs) -> Book {
    let build = compile::compile(&inputs, &mut compile::Cache::default());
    Book { inputs, build }
}

impl Book {
    /// Returns the codes of its diagnostics in order, each once.
    pub fn codes(&self) -> Vec<&'static str> {
        let mut codes: Vec<_> = self
            .build
            .diagnostics
            .iter()
            .map(|said| said.code.id())
            .collect();
        codes.dedup();
        codes
    }

    /// Returns its diagnostics as the terminal shows them.
    pub fn report(&self) -> String {
        report(&self.inputs, &self.build.diagnostics)
    }

    /// Returns the page at `address`.
    pub fn page(&self, address: &str) -> &str {
        let path = SitePath::new(address).expect("an address in a test");
        let bytes = self.build.outputs.get(&path);
        let bytes = bytes.unwrap_or_else(|| panic!("no page {address}; said: {}", self.report()));
        std::str::from_utf8(bytes).expect("pages are UTF-8")
    }
}

pub fn report(inputs: &Inputs, diagnostics: &[Diagnostic]) -> String {
    let text = |path: &SitePath| std::str::from_utf8(inputs.files.get(path)?).ok();
    report::terminal(diagnostics, &text, report::Style::default())
}
