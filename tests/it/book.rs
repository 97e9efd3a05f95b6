//! A book in one string: `//- path` lines begin its files.
//!
//! `//- path (bytes)` takes the lines below as hexadecimal bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use whosaid::compile::{self, Build, Inputs, Options};
use whosaid::diag::Diagnostic;
use whosaid::report;
use whosaid::text::SitePath;

/// A book and what became of it.
pub struct Book {
    pub inputs: Inputs,
    pub build: Build,
}

/// The files of a book as written in one string.
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

/// Inputs for `files` on a fixed day.
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
    /// The codes of its diagnostics, in order, each once.
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

    /// Its diagnostics as the terminal shows them.
    pub fn report(&self) -> String {
        report(&self.inputs, &self.build.diagnostics)
    }

    /// The page at `address`.
    pub fn page(&self, address: &str) -> &str {
        let path = SitePath::new(address).expect("an address in a test");
        let bytes = self.build.outputs.get(&path);
        let bytes = bytes.unwrap_or_else(|| panic!("no page {address}; said: {}", self.report()));
        std::str::from_utf8(bytes).expect("pages are UTF-8")
    }
}

pub fn report(inputs: &Inputs, diagnostics: &[Diagnostic]) -> String {
    let text = |path: &SitePath| std::str::from_utf8(inputs.files.get(path)?).ok();
    report::terminal(diagnostics, &text, false)
}
