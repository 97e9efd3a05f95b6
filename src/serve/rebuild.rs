//! The rebuild loop: wait, read, compile, publish a snapshot.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::anyhow;
use tokio::sync::watch::Sender;

use super::snapshot::{Changes, Snapshot};
use super::watch::Watch;
use super::{Asked, Listener, Said, debounce};
use crate::compile::{Build, Cache, Inputs, compile};
use crate::diag::Severity;
use crate::disk::{self, Known};
use crate::mdbook::Plugins;
use crate::report::{self, Editor};
use crate::text::SitePath;

/// Some editors empty or delete a file before they write it. A file that was just emptied or
/// deleted is read again after this interval.
const EMPTIED: Duration = Duration::from_millis(40);

/// Rebuilds one book, and caches everything that makes the next scan fast.
pub(super) struct Rebuilder {
    asked: Asked,
    listener: Arc<Listener>,
    watch: Watch,
    known: Known,
    plugins: Plugins,
    cache: Cache,
    /// The book as last compiled.
    inputs: Inputs,
    /// The duration and the time of the last full scan.
    cost: Duration,
    looked: Instant,
    /// The reason why the last attempt to read or compile the book failed.
    failure: Option<String>,
    shown: Arc<Snapshot>,
    /// True if the shown site has errors, because there was none without errors yet.
    is_preview: bool,
}

impl Rebuilder {
    /// Reads and compiles the book for the first time.
    ///
    /// # Errors
    /// Returns an error if there is no book, or it cannot be read. If the book has errors, the site
    /// is shown as far as possible.
    pub fn begin(
        asked: Asked,
        listener: Arc<Listener>,
    ) -> anyhow::Result<(Rebuilder, Arc<Snapshot>)> {
        let started = Instant::now();
        let mut watch = Watch::new(!asked.poll);
        let mut known = Known::default();
        let inputs = disk::read_again(&asked.dir, asked.options.clone(), asked.today, &mut known)?;
        let cost = started.elapsed();
        if let Some(refused) = watch.folders(known.folders()) {
            listener(Said::Notice(&refused));
        }
        let mut plugins = Plugins::default();
        let inputs = preprocessed(&mut plugins, &asked, inputs, &listener);
        let mut cache = Cache::default();
        let build = compiled(&inputs, &mut cache).map_err(|failure| anyhow!(failure))?;
        listener(Said::Built {
            inputs: &inputs,
            build: &build,
            changed: Some(build.outputs.len()),
            took: started.elapsed(),
        });
        let is_preview = has_errors(&build);
        let shown = Arc::new(Snapshot {
            number: 1,
            faults: faults(&asked, &inputs, &build, true, &[]).into(),
            changes: Changes::default(),
            site: Arc::new(build.outputs),
            search: build.search,
        });
        let rebuilder = Rebuilder {
            is_preview,
            asked,
            listener,
            watch,
            known,
            plugins,
            cache,
            inputs,
            cost,
            looked: Instant::now(),
            failure: None,
            shown: shown.clone(),
        };
        Ok((rebuilder, shown))
    }

    /// Publishes every new state of the book, as long as there are receivers.
    pub fn follow(mut self, tell: &Sender<Arc<Snapshot>>) {
        while !tell.is_closed() {
            let patience = self.watch.patience(self.cost);
            let hints = match self.watch.changes.recv_timeout(patience) {
                Ok(hint) => debounce::settle(hint, &self.watch.changes),
                Err(_) => Vec::new(),
            };
            // A full scan at the latest after this time, even during a constant stream of events.
            let is_late = hints.is_empty() || self.looked.elapsed() > patience;
            let named: Option<Vec<Vec<PathBuf>>> = hints.into_iter().collect();
            let named = named.filter(|_| !is_late && self.failure.is_none());
            let named = named.map(|named| named.into_iter().flatten().collect());
            if let Some(shown) = self.look(named.as_ref()) {
                self.shown = Arc::new(shown);
                tell.send_replace(self.shown.clone());
            }
        }
    }

    /// Reads the named files, or all if none are named, and compiles the book if they have changed.
    /// Returns the new snapshot if it differs.
    fn look(&mut self, named: Option<&BTreeSet<PathBuf>>) -> Option<Snapshot> {
        let started = Instant::now();
        let mut read = self.read(named);
        if let Ok(inputs) = &read
            && is_between(&self.inputs, inputs)
        {
            std::thread::sleep(EMPTIED);
            read = self.read(named);
        }
        if let Some(refused) = self.watch.folders(self.known.folders()) {
            (self.listener)(Said::Notice(&refused));
        }
        let inputs = match read {
            Ok(inputs) => inputs,
            Err(error) => return self.failed(format!("{error:#}")),
        };
        let inputs = preprocessed(&mut self.plugins, &self.asked, inputs, &self.listener);
        if self.failure.is_none() && inputs == self.inputs {
            return None;
        }
        self.failure = None;
        match compiled(&inputs, &mut self.cache) {
            Ok(build) => self.built(inputs, build, started),
            Err(failure) => {
                // A run that panicked may have left the cache inconsistent.
                self.cache = Cache::default();
                self.inputs = inputs;
                self.failed(failure)
            }
        }
    }

    fn read(&mut self, named: Option<&BTreeSet<PathBuf>>) -> anyhow::Result<Inputs> {
        let asked = &self.asked;
        let read =
            named.and_then(|it| disk::read_named(&asked.dir, it, &self.inputs, &mut self.known));
        if let Some(inputs) = read {
            return Ok(inputs);
        }
        let options = asked.options.clone();
        self.looked = Instant::now();
        let read = disk::read_again(&asked.dir, options, asked.today, &mut self.known);
        self.cost = self.looked.elapsed();
        read
    }

    fn built(&mut self, inputs: Inputs, build: Build, started: Instant) -> Option<Snapshot> {
        let edited = edited(&self.inputs, &inputs);
        let is_good = !has_errors(&build);
        let before = self.shown.site.clone();
        let is_shown = is_good || self.is_preview;
        let faults: Arc<str> = faults(&self.asked, &inputs, &build, is_shown, &edited).into();
        let changes = if is_shown {
            Changes::between(&before, &build.outputs)
        } else {
            Changes::default()
        };
        (self.listener)(Said::Built {
            inputs: &inputs,
            build: &build,
            changed: is_shown.then(|| changes.len()),
            took: started.elapsed(),
        });
        self.inputs = inputs;
        self.is_preview &= !is_good;
        let changes = if self.asked.follow && is_shown {
            changes.following(&edited, &build.documents, &before, &build.outputs)
        } else {
            changes
        };
        if changes.len() == 0 && faults == self.shown.faults {
            return None;
        }
        let (site, search) = if is_shown {
            (Arc::new(build.outputs), build.search)
        } else {
            (before, self.shown.search.clone())
        };
        Some(Snapshot {
            number: self.shown.number + 1,
            site,
            search,
            faults,
            changes,
        })
    }

    /// Publishes the reason of a failure, unless it is already shown.
    fn failed(&mut self, failure: String) -> Option<Snapshot> {
        if self.failure.as_ref() == Some(&failure) {
            return None;
        }
        (self.listener)(Said::Failed(&failure));
        let shown = Snapshot {
            number: self.shown.number + 1,
            site: self.shown.site.clone(),
            search: self.shown.search.clone(),
            faults: report::overlay_failure(&failure).into(),
            changes: Changes::default(),
        };
        self.failure = Some(failure);
        Some(shown)
    }
}

/// Runs the preprocessors of the book whose input has changed.
fn preprocessed(
    plugins: &mut Plugins,
    asked: &Asked,
    inputs: Inputs,
    listener: &Arc<Listener>,
) -> Inputs {
    let preprocessed = plugins.preprocess(&asked.dir, inputs, &asked.consent);
    for line in preprocessed.talk.lines() {
        listener(Said::Notice(line));
    }
    preprocessed.inputs
}

/// Compiles, and converts a panic to an error, so that no text can end the server.
fn compiled(inputs: &Inputs, cache: &mut Cache) -> Result<Build, String> {
    catch_unwind(AssertUnwindSafe(|| compile(inputs, cache))).map_err(|_| {
        "whosaid crashed on this state of the book; this is a bug in whosaid, not in the book: \
         please report it"
            .to_owned()
    })
}

fn has_errors(build: &Build) -> bool {
    let mut said = build.diagnostics.iter();
    said.any(|said| said.severity == Severity::Error)
}

/// Returns the diagnostics for the panel over the pages of this state, or of an earlier one. Those
/// of files that were just saved come first, then errors before warnings.
fn faults(
    asked: &Asked,
    inputs: &Inputs,
    build: &Build,
    is_shown: bool,
    saved: &[SitePath],
) -> String {
    let text = |path: &SitePath| std::str::from_utf8(inputs.files.get(path)?).ok();
    let root = asked.dir.canonicalize().unwrap_or_else(|_| PathBuf::new());
    let root = root.to_string_lossy();
    let editor = build.config.editor.as_deref();
    let editor = editor.map(|link| Editor { link, root: &root });
    let mut diagnostics = build.diagnostics.clone();
    diagnostics.sort_by_key(|it| (!saved.contains(&it.place.file), it.severity));
    report::overlay(&diagnostics, &text, editor, is_shown)
}

/// Returns the new and changed files.
fn edited(before: &Inputs, after: &Inputs) -> Vec<SitePath> {
    let after = after.files.iter();
    let differ = after.filter(|(path, bytes)| before.files.get(*path) != Some(*bytes));
    differ.map(|(path, _)| path.clone()).collect()
}

/// True if a file that had content is now empty or missing.
fn is_between(before: &Inputs, after: &Inputs) -> bool {
    let mut after = after.files.iter().peekable();
    before.files.iter().any(|(path, bytes)| {
        while after.next_if(|(other, _)| *other < path).is_some() {}
        let now = after.next_if(|(other, _)| *other == path);
        !bytes.is_empty() && now.is_none_or(|(_, now)| now.is_empty())
    })
}
