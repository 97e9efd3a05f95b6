//! Inputs in, Outputs and diagnostics out: the whole core as one pure function.
//!
//! [`compile()`] does all of it and keeps the site in memory. For a site that goes to disk
//! [`understand()`] does what comes before the pages, and [`Edition::print`] gives them away one
//! by one.

mod cache;
mod chapters;
mod edition;
mod exports;
mod hosts;
mod leaks;
mod named;
mod neighbors;
mod notes;
mod order;
mod retouch;
mod rework;
mod shelf;
mod withheld;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;

use crate::config::{Config, Override, RawHtml};
use crate::diag::Diagnostic;
use crate::html::Highlighter;
use crate::model::Tlp;
use crate::parse::{DocKind, Draft, Reading};
use crate::search;
use crate::text::SitePath;
use cache::{Fingerprint, Memo};
pub use chapters::{included, is_plain};
pub use edition::{Edition, Kept, Take};
pub use neighbors::inventory;
pub use rework::{Chapter, Piece, Rework, manuscript};
pub use search::Later as Search;
pub use shelf::source;

/// A book in memory: every file by its path below the book's folder, and what the day is.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// `book.toml`, and all below the source, `templates` and `static` folders.
    pub files: BTreeMap<SitePath, Arc<[u8]>>,
    /// Today; nothing in a page depends on it but what says so.
    pub today: Date,
    pub options: Options,
}

impl Inputs {
    /// What `book.toml` says, as far as it can be read.
    pub fn config(&self) -> Config {
        edition::config(self, &mut Vec::new())
    }
}

/// What is said of a book outside of its files: by the command line, which wins over `book.toml`,
/// by the environment, and by programs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// Briefings marked `draft: true` are built too.
    pub drafts: bool,
    /// Positions said later do not count.
    pub as_of: Option<Date>,
    pub raw_html: Option<RawHtml>,
    /// What the environment says over `book.toml`.
    pub overrides: Vec<Override>,
    /// The ceiling of the Traffic Light Protocol for this run: what is above it is left out
    /// without being told of.
    pub tlp: Option<Tlp>,
    /// The site is shown by `serve`: at the root of its host, whatever `site-url` says, and with
    /// every file under its own name, so that a changed style sheet changes no page.
    pub at_root: bool,
    /// Where a folder `.obsidian` lies, which says that the notes around it are Obsidian's; such
    /// folders are not read. The root, or the folder of the text.
    pub vault: Option<SitePath>,
    /// What preprocessors made of the chapters.
    pub rework: Option<Arc<Rework>>,
}

/// A site in memory: every file by its address below the output folder.
pub type Outputs = BTreeMap<SitePath, Arc<[u8]>>;

/// What a run gives. With an error among the diagnostics the outputs are a preview only.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    pub outputs: Outputs,
    /// Sorted by place, levels of the book applied, none twice.
    pub diagnostics: Vec<Diagnostic>,
    pub config: Config,
    /// The page of each document, by its file.
    pub documents: BTreeMap<SitePath, SitePath>,
    /// The index of the search page, where there is one and its files are not among the outputs:
    /// they are made when somebody asks for them.
    pub search: Option<Search>,
    /// How many briefings, actors, claims and sources there are, to print.
    pub counts: Counts,
}

/// The size of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub pages: usize,
    pub briefings: usize,
    pub actors: usize,
    pub claims: usize,
    pub sources: usize,
}

/// What a run leaves for the next one, so that only what changed is done again.
///
/// The law that keeps it sound, tested on random edits: a build with a warm cache equals a build
/// with a cold one, byte for byte.
#[derive(Default)]
pub struct Cache {
    drafts: Memo<SitePath, (DocKind, Arc<str>, Reading), Arc<Draft>>,
    pages: Memo<SitePath, Fingerprint, Rendered>,
    highlighter: Highlighter,
    /// By their addresses, which tell what is in them.
    cards: Memo<SitePath, (), Arc<[u8]>>,
    /// The own templates that the pages were rendered with.
    templates: BTreeMap<String, Arc<str>>,
    is_for_one_run: bool,
    last: Option<Box<retouch::Last>>,
}

impl Cache {
    /// For a run that no other follows: nothing is kept, and memory is free as soon as it can be.
    pub fn for_one_run() -> Cache {
        Cache {
            is_for_one_run: true,
            ..Cache::default()
        }
    }
}

/// A page as bytes, or what is wrong with its template.
type Rendered = Result<Arc<[u8]>, Arc<Diagnostic>>;

/// A step of a run, told when it begins, for whoever keeps time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The configuration, and files by role, includes in place.
    Sort,
    /// Drafts of documents and bibliographies.
    Parse,
    /// Names become ids.
    Link,
    /// Standings and everything else that is asked of a site.
    Derive,
    /// Checks.
    Check,
    /// Pages: the view of each, with the texts in it as HTML, and at once its template.
    Print,
    /// Diagnostics, levels, order.
    Report,
    /// In place of all the others, when plain words are all that changed.
    Retouch,
}

/// Makes the site of a book.
pub fn compile(inputs: &Inputs, cache: &mut Cache) -> Build {
    compile_observed(inputs, cache, &mut |_| {})
}

/// Makes the site of a book and tells each step as it begins. The core keeps no time; a
/// benchmark does.
pub fn compile_observed(inputs: &Inputs, cache: &mut Cache, begins: &mut dyn FnMut(Step)) -> Build {
    if let Some(build) = retouch::build(inputs, cache, begins) {
        return build;
    }
    let mut edition = Edition::new(inputs, cache, begins);
    let watch = edition.watch();
    let made = Mutex::new(Outputs::new());
    let take = |address: SitePath, bytes: Arc<[u8]>| {
        watch.look(&address, &bytes);
        let mut made = made.lock().unwrap_or_else(PoisonError::into_inner);
        made.insert(address, bytes);
    };
    let (mut build, known) = edition.printed(&take, begins);
    watch.tell(&mut build.diagnostics);
    build.outputs = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    build.search = known.search(&build.config, inputs, cache);
    cache.last = Some(Box::new(retouch::Last {
        inputs: inputs.clone(),
        known,
        build: build.clone(),
    }));
    build
}

/// Reads, links and checks a book.
pub fn understand<'a>(inputs: &'a Inputs, cache: &'a mut Cache) -> Edition<'a> {
    Edition::new(inputs, cache, &mut |_| {})
}

fn fixed(path: &str) -> SitePath {
    SitePath::new(path).expect("a fixed path")
}

#[cfg(test)]
mod tests;
