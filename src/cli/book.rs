//! Common parts of `build` and `check`: arguments, reading the book, reporting diagnostics.

use std::collections::BTreeMap;
use std::env::{self, VarError};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use anyhow::{Context as _, anyhow};
use clap::builder::{PossibleValuesParser, TypedValueParser as _};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::{Exit, progress, term, trust};
use crate::compile::{Counts, Inputs, Options};
use crate::config::{Override, RawHtml};
use crate::diag::{Code, Diagnostic, Severity};
use crate::disk;
use crate::mdbook::Plugins;
use crate::model::{DateFault, PartialDate, Tlp};
use crate::report;
use crate::text::SitePath;

/// The arguments about the book.
#[derive(Args)]
pub(super) struct BookArgs {
    /// The folder of the book, which contains `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// Include briefings that are marked as drafts
    #[arg(long)]
    drafts: bool,
    /// Leave out statements after DATE: a day, or the last day of a month or year
    #[arg(long, value_name = "DATE", value_parser = last_day)]
    as_of: Option<Date>,
    /// Omit everything marked above this TLP level
    #[arg(long, value_name = "LEVEL", value_parser = tlp())]
    tlp: Option<Tlp>,
    /// Handle HTML in the text: allow harmless elements (basic), allow everything (allow), show
    /// everything as text (escape)
    #[arg(long, value_name = "MODE", value_parser = raw_html())]
    raw_html: Option<RawHtml>,
    /// Run all mdBook preprocessors in `book.toml`; default: those that you allowed with
    /// `whosaid trust`
    #[arg(long)]
    allow_plugins: bool,
    /// Exit with 1 if there are warnings
    #[arg(long)]
    deny_warnings: bool,
    /// Report diagnostics in this format: human on standard error, json and sarif on standard
    /// output
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text with source lines
    Human,
    /// One JSON object
    Json,
    /// A SARIF 2.1.0 log
    Sarif,
}

impl BookArgs {
    /// The defaults, for the book in `dir`.
    pub fn of(dir: &Path) -> BookArgs {
        BookArgs {
            dir: dir.to_owned(),
            drafts: false,
            as_of: None,
            tlp: None,
            raw_html: None,
            allow_plugins: false,
            deny_warnings: false,
            format: Format::Human,
        }
    }

    /// True if diagnostics go to standard output.
    pub fn tells_programs(&self) -> bool {
        self.format != Format::Human
    }
}

/// A book in memory, with the arguments for its diagnostics.
pub(super) struct Book<'a> {
    pub inputs: Inputs,
    args: &'a BookArgs,
    started: Instant,
}

impl<'a> Book<'a> {
    /// Reads the book.
    pub fn read(args: &'a BookArgs) -> anyhow::Result<Book<'a>> {
        let started = Instant::now();
        let today = today(env::var("SOURCE_DATE_EPOCH"), SystemTime::now())?;
        let options = Options {
            drafts: args.drafts,
            as_of: args.as_of,
            raw_html: args.raw_html,
            tlp: args.tlp,
            at_root: false,
            overrides: overrides(env::vars_os()),
            ..Options::default()
        };
        let read = || disk::read(&args.dir, options.clone(), today);
        let inputs = progress::during("reading", read)?;
        let mut book = progress::during("running preprocessors", || {
            let consent = trust::consent(&args.dir, &inputs.config(), args.allow_plugins);
            Plugins::default().preprocess(&args.dir, inputs, &consent)
        });
        term::talk(&book.talk);
        if book.has_run {
            // A preprocessor may have created an image or a style sheet.
            book.inputs.files = progress::during("reading", read)?.files;
        }
        let inputs = book.inputs;
        Ok(Book {
            inputs,
            args,
            started,
        })
    }

    /// Reports all diagnostics of the run and returns the exit code.
    pub fn tell(&self, diagnostics: &[Diagnostic]) -> anyhow::Result<Exit> {
        tell(diagnostics, &self.inputs, self.args.format)?;
        Ok(self.exit(diagnostics))
    }

    /// Returns the exit code of a run with these diagnostics.
    pub fn exit(&self, diagnostics: &[Diagnostic]) -> Exit {
        exit(diagnostics, self.args.deny_warnings)
    }

    /// Prints the summary line of a successful run.
    pub fn conclude(&self, subject: &str, what: &str) -> anyhow::Result<()> {
        let seconds = self.started.elapsed().as_secs_f64();
        let line = format!("{subject}: {what} in {seconds:.2} s\n");
        // If diagnostics go to standard output, nothing else does.
        match self.args.format {
            Format::Human => term::say(&line)?,
            Format::Json | Format::Sarif => term::talk(&line),
        }
        Ok(())
    }
}

/// Returns the exit code of a run with these diagnostics.
pub(super) fn exit(diagnostics: &[Diagnostic], deny_warnings: bool) -> Exit {
    let is_error = |fault: &Diagnostic| deny_warnings || fault.severity == Severity::Error;
    let is_unconfigured = |fault: &Diagnostic| {
        fault.code == Code::UnreadableConfig && fault.severity == Severity::Error
    };
    if diagnostics.iter().any(is_unconfigured) {
        Exit::Failed
    } else if diagnostics.iter().any(is_error) {
        Exit::Mistakes
    } else {
        Exit::Clean
    }
}

fn tell(diagnostics: &[Diagnostic], inputs: &Inputs, format: Format) -> anyhow::Result<()> {
    let text = |path: &SitePath| {
        let bytes: &Arc<[u8]> = inputs.files.get(path)?;
        std::str::from_utf8(bytes).ok()
    };
    match format {
        Format::Human => {
            term::talk(&report::terminal(diagnostics, &text, term::style()));
            Ok(())
        }
        Format::Json => term::say(&(report::json(diagnostics, &text) + "\n")),
        Format::Sarif => term::say(&(report::sarif(diagnostics, &text) + "\n")),
    }
}

/// `61 pages from 5 briefings, 42 actors, 40 claims, 22 sources`.
pub(super) fn counted(counts: Counts) -> String {
    let some = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    format!(
        "{} from {}, {}, {}, {}",
        some(counts.pages, "page"),
        some(counts.briefings, "briefing"),
        some(counts.actors, "actor"),
        some(counts.claims, "claim"),
        some(counts.sources, "source"),
    )
}

/// Returns the settings from environment variables, in the order of their names.
pub(super) fn overrides(variables: impl Iterator<Item = (OsString, OsString)>) -> Vec<Override> {
    let variables = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let sorted: BTreeMap<String, String> = variables.collect();
    let found = sorted.iter();
    found
        .filter_map(|(name, value)| Override::new(name, value))
        .collect()
}

/// Returns the current date in UTC, so that it is equal everywhere.
///
/// `SOURCE_DATE_EPOCH`, the number of seconds since 1970, replaces the clock if it is set.
pub(super) fn today(epoch: Result<String, VarError>, now: SystemTime) -> anyhow::Result<Date> {
    let now = match epoch {
        Err(VarError::NotPresent) => {
            Timestamp::try_from(now).context("the clock is out of range")?
        }
        Ok(epoch) => seconds(&epoch).ok_or_else(|| unreadable_epoch(&epoch))?,
        Err(VarError::NotUnicode(epoch)) => {
            return Err(unreadable_epoch(&epoch.to_string_lossy()));
        }
    };
    Ok(Offset::UTC.to_datetime(now).date())
}

fn seconds(epoch: &str) -> Option<Timestamp> {
    let is_number = !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = is_number.then(|| epoch.parse().ok()).flatten()?;
    Timestamp::from_second(seconds).ok()
}

fn unreadable_epoch(epoch: &str) -> anyhow::Error {
    anyhow!(
        "invalid `SOURCE_DATE_EPOCH`: `{}`\n  = hint: set it to a number of seconds since 1970, \
         such as `1700000000`, or unset it",
        epoch.escape_debug()
    )
}

/// Returns the last day of the date in an argument.
pub(super) fn last_day(text: &str) -> Result<Date, String> {
    const HINT: &str = "write a day such as `2021-07-19`, a month `2021-07` or a year `2021`";
    match PartialDate::parse(text) {
        Ok(date) if date.end.is_none() => Ok(date.last_day()),
        Err(DateFault::Impossible) => Err(format!("this day does not exist; {HINT}")),
        Ok(_) | Err(DateFault::Unreadable | DateFault::Backwards) => Err(HINT.to_owned()),
    }
}

pub(super) fn tlp() -> impl clap::builder::TypedValueParser<Value = Tlp> {
    PossibleValuesParser::new(Tlp::WORDS)
        .map(|word| Tlp::parse(&word).expect("clap lets the listed words through only"))
}

pub(super) fn raw_html() -> impl clap::builder::TypedValueParser<Value = RawHtml> {
    PossibleValuesParser::new(RawHtml::WORDS)
        .map(|word| RawHtml::parse(&word).expect("clap lets the listed words through only"))
}
