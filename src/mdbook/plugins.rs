//! Runs the preprocessors of a book, with permission.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::consent::{Consent, Verdict};
use super::envelope::Envelope;
use super::order::{self, Turn};
use super::program::{self, Answer, Fault};
use crate::compile::{self, Inputs, Piece, Preprocessed};
use crate::config::{self, Config, Plugin};
use crate::diag::{Code, Diagnostic};
use crate::text::{SitePath, is_hidden};

/// A book after preprocessing.
pub struct PreprocessedBook {
    pub inputs: Inputs,
    /// True if a program was run, which may have left files in the book's folder.
    pub has_run: bool,
    /// The error output of the programs, each line with the program's name.
    pub talk: String,
}

/// Runs the preprocessors of a book and caches the results: a program runs again only if its input
/// has changed.
#[derive(Default)]
pub struct Plugins {
    /// The last book and its result.
    last: Option<(Inputs, Option<Arc<Preprocessed>>)>,
    /// The last input of each preprocessor, and its answer.
    answers: BTreeMap<String, (Vec<u8>, Vec<Piece>)>,
    /// The command lines that were already printed, because `serve` runs them at every edit.
    announced: BTreeSet<String>,
    /// Whether each command line supports HTML, according to the program.
    serves: BTreeMap<Vec<String>, bool>,
}

impl Plugins {
    /// Runs the preprocessors with `consent` for the book that was read from `dir` as `inputs`.
    /// Failures become diagnostics of the book.
    pub fn preprocess(
        &mut self,
        dir: &Path,
        inputs: Inputs,
        consent: &Consent,
    ) -> PreprocessedBook {
        let mut result = PreprocessedBook {
            inputs,
            has_run: false,
            talk: String::new(),
        };
        let config = result.inputs.config();
        if config.plugins.is_empty() {
            return result;
        }
        if let Some((inputs, preprocessed)) = &self.last
            && *inputs == result.inputs
        {
            result.inputs.options.preprocessed = preprocessed.clone();
            return result;
        }
        let given = result.inputs.clone();
        let mut granted = Vec::new();
        let mut changed = Vec::new();
        for plugin in config.plugins.iter().filter(|plugin| plugin.is_for_html()) {
            match consent.judge(dir, plugin) {
                Verdict::Granted => granted.push(plugin),
                Verdict::Changed => changed.push(plugin),
                Verdict::Unknown => {}
            }
        }
        if !granted.is_empty() || !changed.is_empty() {
            let mut run = Run::new(self, dir, &mut result, &config);
            run.all(&granted);
            let mut preprocessed = std::mem::take(&mut run.preprocessed);
            for plugin in changed {
                preprocessed.settled.insert(plugin.name.clone());
                preprocessed.diagnostics.push(changed_since(plugin));
            }
            result.inputs.options.preprocessed = Some(Arc::new(preprocessed));
        }
        self.last = Some((given, result.inputs.options.preprocessed.clone()));
        result
    }
}

/// A run in progress.
struct Run<'a> {
    plugins: &'a mut Plugins,
    book: &'a mut PreprocessedBook,
    root: PathBuf,
    source: SitePath,
    /// The configuration for programs.
    shared: Value,
    limit: Duration,
    preprocessed: Preprocessed,
    expand_includes: bool,
    readme_is_index: bool,
    is_indexed: bool,
    is_expanded: bool,
}

impl<'a> Run<'a> {
    fn new(
        plugins: &'a mut Plugins,
        dir: &Path,
        book: &'a mut PreprocessedBook,
        config: &Config,
    ) -> Run<'a> {
        let root = fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
        let source = compile::source(&book.inputs, config);
        let book_toml = SitePath::new("book.toml").ok();
        let book_toml = book_toml.and_then(|path| book.inputs.files.get(&path));
        let book_toml = book_toml.and_then(|bytes| std::str::from_utf8(bytes).ok());
        let overrides = &book.inputs.options.overrides;
        let mut shared = config::shared(book_toml.unwrap_or(""), overrides);
        // A program that reads the text folder must find it.
        if shared.get("book").is_none() {
            shared["book"] = Value::Object(Default::default());
        }
        shared["book"]["src"] = if source.is_root() {
            ".".into()
        } else {
            source.as_str().into()
        };
        Run {
            plugins,
            book,
            root,
            source,
            shared,
            limit: Duration::from_secs(config.plugin_seconds as u64),
            preprocessed: Preprocessed::default(),
            expand_includes: config.expand_includes,
            readme_is_index: config.readme_is_index,
            is_indexed: false,
            is_expanded: false,
        }
    }

    fn all(&mut self, wanted: &[&Plugin]) {
        self.preprocessed.settled = wanted.iter().map(|plugin| plugin.name.clone()).collect();
        let turns = match order::turns(wanted) {
            Ok(turns) => turns,
            Err(circle) => {
                self.preprocessed.diagnostics.extend(waiting(&circle));
                return;
            }
        };
        for turn in turns {
            match turn {
                Turn::Index => self.is_indexed = self.readme_is_index,
                Turn::Links => self.is_expanded = self.expand_includes,
                Turn::Plugin(plugin) => {
                    if let Err(said) = self.turn(plugin) {
                        self.preprocessed.diagnostics.push(*said);
                    }
                }
            }
        }
    }

    fn turn(&mut self, plugin: &Plugin) -> Result<(), Box<Diagnostic>> {
        let command = plugin.command_line();
        let words = program::words(&command).ok_or_else(|| Box::new(no_command(plugin)))?;
        if !self.serves_html(plugin, &words)? {
            return Ok(());
        }
        let stage = if self.is_expanded {
            &self.preprocessed.expanded
        } else {
            &self.preprocessed.raw
        };
        let pieces = stage.clone().unwrap_or_else(|| {
            let mut inputs = self.book.inputs.clone();
            inputs.options.preprocessed = Some(Arc::new(self.preprocessed.clone()));
            compile::chapters_for_preprocessors(&inputs, self.is_expanded)
        });
        let envelope = Envelope::new(
            &self.root,
            &self.shared,
            &self.source,
            &pieces,
            self.is_indexed,
        );
        let kept = self.plugins.answers.remove(&plugin.name);
        let pieces = match kept.filter(|(asked, _)| *asked == envelope.bytes) {
            Some((_, pieces)) => pieces,
            None => {
                let answer = self.ask(plugin, &words, &[], envelope.bytes.clone())?;
                if !answer.is_success {
                    return Err(Box::new(unsuccessful(plugin, &answer)));
                }
                let read = envelope.read(&self.source, &answer.out);
                read.map_err(|fault| Box::new(unreadable(plugin, &fault, &answer)))?
            }
        };
        let answered = (envelope.bytes, pieces.clone());
        self.plugins.answers.insert(plugin.name.clone(), answered);
        if self.is_expanded {
            self.preprocessed.expanded = Some(pieces)
        } else {
            self.preprocessed.raw = Some(pieces)
        }
        Ok(())
    }

    /// Asks the program whether it supports HTML.
    fn serves_html(&mut self, plugin: &Plugin, words: &[String]) -> Result<bool, Box<Diagnostic>> {
        if let Some(known) = self.plugins.serves.get(words) {
            return Ok(*known);
        }
        let arguments = ["supports", "html"];
        match self.ask(plugin, words, &arguments, Vec::new()) {
            Ok(answer) => {
                self.plugins
                    .serves
                    .insert(words.to_owned(), answer.is_success);
                Ok(answer.is_success)
            }
            Err(said) => Err(said),
        }
    }

    fn ask(
        &mut self,
        plugin: &Plugin,
        words: &[String],
        arguments: &[&str],
        input: Vec<u8>,
    ) -> Result<Answer, Box<Diagnostic>> {
        self.book.has_run = true;
        let announced = format!("{}: {}", plugin.name, plugin.command_line());
        if self.plugins.announced.insert(announced.clone()) {
            let line = format!("running preprocessor {}\n", visible(&announced));
            self.book.talk.push_str(&line);
        }
        let answer = program::ask(words, arguments, &self.root, input, self.limit);
        if let Ok(answer) = &answer {
            for line in answer.talk.lines() {
                self.book
                    .talk
                    .push_str(&format!("{}: {line}\n", plugin.name));
            }
        }
        answer.map_err(|fault| {
            Box::new(match fault {
                Fault::Missing => missing(plugin, &words[0]),
                Fault::Unstarted(error) => failed(plugin, &format!("cannot be started: {error}")),
                Fault::Slow => {
                    let limit = self.limit.as_secs();
                    failed(plugin, &format!("did not finish within {limit} s")).hint(
                        "run it by itself to see why it waits, or raise `plugin-seconds` in \
                         `[whosaid]`",
                    )
                }
            })
        })
    }
}

/// Returns the text with control and invisible characters escaped, so that no part of a command
/// line can be hidden in a terminal.
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_hidden(c) {
            visible.extend(c.escape_unicode())
        } else {
            visible.push(c)
        }
    }
    visible
}

fn changed_since(plugin: &Plugin) -> Diagnostic {
    let name = &plugin.name;
    Diagnostic::new(
        Code::PluginNotRun,
        plugin.place.clone(),
        format!("the preprocessor `{name}` was not run: it changed since it was trusted"),
    )
    .label("its command line, its settings or a file that it runs changed")
    .hint("review it with `whosaid trust`, and restart `serve` if it is running")
}

fn missing(plugin: &Plugin, program: &str) -> Diagnostic {
    let name = &plugin.name;
    let code = if plugin.is_optional {
        Code::PluginNotRun
    } else {
        Code::MissingPlugin
    };
    Diagnostic::new(
        code,
        plugin.place.clone(),
        format!("program `{program}` of the preprocessor `{name}` not found"),
    )
    .label(if plugin.is_optional {
        "the book is built without it"
    } else {
        "the book cannot be built without it"
    })
    .hint(match plugin.command {
        None => format!("install it, for example with `cargo install mdbook-{name}`"),
        Some(_) => "set `command` to a program on the `PATH`, or to a path relative to the folder \
                    of the book"
            .to_owned(),
    })
}

fn failed(plugin: &Plugin, how: &str) -> Diagnostic {
    Diagnostic::new(
        Code::FailedPlugin,
        plugin.place.clone(),
        format!("the preprocessor `{}` {how}", plugin.name),
    )
    .label("the chapters are used as they were before this preprocessor")
}

fn no_command(plugin: &Plugin) -> Diagnostic {
    failed(plugin, "has an unreadable `command`").hint(
        "close all quotation marks in \
                                                                `command`",
    )
}

fn unsuccessful(plugin: &Plugin, answer: &Answer) -> Diagnostic {
    let said = failed(plugin, &format!("failed: {}", answer.status));
    said.maybe_hint(last_words(answer))
}

fn unreadable(plugin: &Plugin, fault: &str, answer: &Answer) -> Diagnostic {
    let said = failed(plugin, &format!("ran, but its output {fault}"));
    said.maybe_hint(last_words(answer))
}

fn last_words(answer: &Answer) -> Option<String> {
    let lines = answer.talk.lines().map(str::trim);
    let last = lines.rev().find(|line| !line.is_empty())?;
    Some(format!("read the last line of its error output: `{last}`"))
}

fn waiting(circle: &[&Plugin]) -> Option<Diagnostic> {
    let first = circle.first()?;
    let names: BTreeSet<String> = circle.iter().map(|it| format!("`{}`", it.name)).collect();
    let names: Vec<String> = names.into_iter().collect();
    let said = failed(
        first,
        "cannot be ordered: `before` and `after` form a cycle",
    );
    Some(said.hint(format!(
        "remove a name from `before` or `after`: {} wait for each other",
        names.join(", ")
    )))
}
