//! The whole core as one pure function: Inputs in, Outputs and diagnostics out.
//!
//! [`compile()`] does everything and keeps the site in memory. For a site that is written to disk,
//! [`analyze()`] does everything before the pages, and [`Compilation::render`] passes them on one by
//! one.

mod asset_names;
mod book_files;
mod cache;
mod ceiling;
mod chapters;
mod compilation;
mod cuts;
mod examine;
mod exports;
mod fast_path;
mod for_preprocessors;
mod hosts;
mod inventories;
mod leak_check;
mod linking;
mod notes;
mod order;
mod preprocessed;
mod read_drafts;
mod redact;
mod references;
mod settings;
mod sort;
mod strays;
mod theme_files;
mod unused;
mod withheld_replies;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::config::{Config, Override, RawHtml};
use crate::diag::Diagnostic;
pub use crate::export::{Changes, changes};
use crate::html::Highlighter;
use crate::model::Tlp;
use crate::parse::{DocKind, Draft, Reading};
use crate::search;
use crate::text::{SitePath, SourceText};
use cache::{Fingerprint, Memo};
pub use chapters::{included, is_plain};
pub use compilation::{Compilation, IsPresent, Sink};
pub use for_preprocessors::chapters_for_preprocessors;
pub use inventories::inventory;
pub use preprocessed::{Chapter, Piece, Preprocessed};
pub use search::Later as Search;
pub use settings::source;

/// A book in memory: every file by its path in the book's folder, and the current date.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// `book.toml`, and all files in the source, `templates` and `static` folders.
    pub files: BTreeMap<SitePath, Arc<[u8]>>,
    /// The current date. No page depends on it, except where it says so.
    pub today: Date,
    /// Settings from outside of the book's files.
    pub options: Options,
}

impl Inputs {
    /// Returns the configuration in `book.toml`, as far as it can be read.
    pub fn config(&self) -> Config {
        settings::config(self, &mut Vec::new())
    }
}

/// Settings from outside of the book's files: from the command line, which takes precedence over
/// `book.toml`, from the environment, and from preprocessors.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// True if briefings with `draft: true` are built.
    pub drafts: bool,
    /// Later positions are ignored.
    pub as_of: Option<Date>,
    /// How raw HTML in texts is handled; `None` for the setting in `book.toml`.
    pub raw_html: Option<RawHtml>,
    /// Settings from environment variables.
    pub overrides: Vec<Override>,
    /// The TLP level for this run: everything above it is removed without a diagnostic.
    pub tlp: Option<Tlp>,
    /// True for `serve`: the site is at the root of its host, independent of `site-url`, and every
    /// file has its own name, so that a changed style sheet changes no page.
    pub at_root: bool,
    /// The folder that contains `.obsidian`, which marks a vault; `.obsidian` itself is not read.
    /// The root, or the text folder.
    pub vault: Option<SitePath>,
    /// The chapters after preprocessing.
    pub preprocessed: Option<Arc<Preprocessed>>,
}

/// A site in memory: every file by its address relative to the output folder.
pub type Outputs = BTreeMap<SitePath, Arc<[u8]>>;

/// The result of a run. If there is an error, the outputs are only a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// Every file of the site, by its address.
    pub outputs: Outputs,
    /// Sorted by place, with the levels of the book, without duplicates.
    pub diagnostics: Vec<Diagnostic>,
    /// The configuration: `book.toml`, overridden by the environment and by `--tlp`.
    pub config: Config,
    /// The page of each document, by its file.
    pub documents: BTreeMap<SitePath, SitePath>,
    /// The search index, if there is one and its files are not in the outputs: they are built on
    /// first use.
    pub search: Option<Search>,
    /// The numbers of briefings, actors, claims and sources, for the summary line.
    pub counts: Counts,
}

/// The size of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Generated pages, including redirects and overviews.
    pub pages: usize,
    /// All briefings that are built.
    pub briefings: usize,
    /// All actors, without the predefined unnamed party.
    pub actors: usize,
    /// All claims.
    pub claims: usize,
    /// All sources, cited or not.
    pub sources: usize,
}

/// The cache of a run for the next one, so that only changes are processed again.
///
/// A property test on random edits checks that a build with a warm cache equals a build with a cold
/// one, byte for byte.
#[derive(Default)]
pub struct Cache {
    drafts: Memo<SitePath, (DocKind, SourceText, Reading), Arc<Draft>>,
    pages: Memo<SitePath, Fingerprint, Rendered>,
    highlighter: Highlighter,
    /// By their addresses, which have a hash of the content.
    cards: Memo<SitePath, (), Arc<[u8]>>,
    /// The book's own templates with which the pages were rendered.
    templates: BTreeMap<String, Arc<str>>,
    is_for_one_run: bool,
    last: Option<Box<fast_path::Last>>,
}

impl Cache {
    /// Creates a cache for a single run: nothing is kept, and memory is freed as early as possible.
    pub fn for_one_run() -> Cache {
        Cache {
            is_for_one_run: true,
            ..Cache::default()
        }
    }
}

/// A page as bytes, or the error of its template.
type Rendered = Result<Arc<[u8]>, Arc<Diagnostic>>;

/// A step of a run, reported at its start, for measuring time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Configuration, files by role, includes.
    Sort,
    /// Drafts of documents and bibliographies.
    Parse,
    /// Names become ids.
    Link,
    /// Standings and other derived facts.
    Derive,
    /// Checks.
    Check,
    /// Pages: the view of each, with its texts as HTML, and its template.
    Render,
    /// Diagnostics, levels, order.
    Report,
    /// Instead of all others, if only plain words have changed.
    FastPath,
}

/// Builds the site of a book.
pub fn compile(inputs: &Inputs, cache: &mut Cache) -> Build {
    compile_observed(inputs, cache, &mut |_| {})
}

/// Builds the site of a book and reports the start of each step. The core reads no clock; a
/// benchmark does.
pub fn compile_observed(inputs: &Inputs, cache: &mut Cache, begins: &mut dyn FnMut(Step)) -> Build {
    if let Some(build) = fast_path::build(inputs, cache, begins) {
        return build;
    }
    let mut edition = Compilation::new(inputs, cache, begins);
    let watch = edition.watch();
    let made = Mutex::new(Outputs::new());
    let take = |address: SitePath, bytes: Arc<[u8]>| {
        watch.look(&address, &bytes);
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(address, bytes);
    };
    let (mut build, known) = edition.rendered(&take, begins);
    watch.tell(&mut build.diagnostics);
    build.outputs = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    build.search = known.search(&build.config, inputs, cache);
    cache.last = Some(Box::new(fast_path::Last {
        inputs: inputs.clone(),
        known,
        build: build.clone(),
    }));
    build
}

/// Reads, links and checks a book.
pub fn analyze<'a>(inputs: &'a Inputs, cache: &'a mut Cache) -> Compilation<'a> {
    Compilation::new(inputs, cache, &mut |_| {})
}

fn fixed(path: &str) -> SitePath {
    SitePath::known(path)
}

#[cfg(test)]
mod tests;
