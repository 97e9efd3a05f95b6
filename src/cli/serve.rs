//! `whosaid serve`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use std::{env, io};

use jiff::civil::Date;

use super::{Exit, book, term};
use crate::compile::{Build, Inputs, Options};
use crate::diag::Code;
use crate::report;
use crate::serve::{self, Asked, Said};
use crate::text::SitePath;

/// Show the site of a book in a browser, and keep it up to date
///
/// Serves the site from memory and writes no file. Every change of the book is in the browser a
/// moment later, without a reload; mistakes are shown there and here, and the last good site
/// stays until they are mended. Ctrl-C ends it.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the book, which holds `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Listen on the interface HOST; without it, only programs on this machine reach the site
    #[arg(short = 'n', long, value_name = "HOST")]
    hostname: Option<String>,
    /// Listen on PORT and on no other; without it, on the first free port from 3000
    #[arg(short, long, value_name = "PORT")]
    port: Option<u16>,
    /// Open the site in the browser
    #[arg(short, long)]
    open: bool,
    /// Let the browser go to the page that was edited, at the place that changed
    #[arg(long)]
    follow: bool,
    /// Answer to the host NAME too, as behind a proxy; may be given more than once
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Look at the files at intervals, for network drives that tell of no change
    #[arg(long)]
    poll: bool,
    /// Run all preprocessors of mdBook that `book.toml` names; without it, those that
    /// `allow-plugins` in `book.toml` allows
    #[arg(long)]
    allow_plugins: bool,
    /// Take in briefings that are marked as drafts
    #[arg(long)]
    drafts: bool,
    /// Leave out what was said after DATE: a day, or a month or year, whose last day counts
    #[arg(long, value_name = "DATE", value_parser = book::last_day)]
    as_of: Option<Date>,
}

pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let asked = Asked {
        dir: args.dir,
        options: Options {
            drafts: args.drafts,
            as_of: args.as_of,
            raw_html: None,
            tlp: None,
            at_root: true,
            overrides: book::overrides(env::vars_os()),
            ..Options::default()
        },
        plugins: book::allowed(args.allow_plugins),
        today: book::today(env::var("SOURCE_DATE_EPOCH"), SystemTime::now())?,
        host: args.hostname,
        port: args.port,
        allowed_hosts: args.allow_host,
        follow: args.follow,
        poll: args.poll,
    };
    let is_opened = args.open;
    let told = Mutex::new(Vec::new());
    let listener = move |said: Said<'_>| tell(&said, is_opened, &told);
    serve::serve(asked, Arc::new(listener))?;
    Ok(Exit::Clean)
}

/// The address is data; all else is talk.
fn tell(said: &Said<'_>, is_opened: bool, told: &Mutex<Told>) {
    match said {
        Said::Listening(address) => {
            // With nobody reading it any more, there are still browsers.
            let _ = term::say(&format!("{address}\n"));
            if is_opened && let Err(error) = open::that_detached(address) {
                cannot_open(&error);
            }
        }
        Said::Notice(notice) => term::talk(&format!("note: {notice}\n")),
        Said::Built {
            inputs,
            build,
            changed,
            took,
        } => built(inputs, build, *changed, *took, told),
        Said::Failed(failure) => term::talk(&format!(
            "error: {failure}\n  = note: the last good site is shown until this is mended\n"
        )),
    }
}

/// What was said last of the book, wherever it stood.
type Told = Vec<(Code, SitePath, String)>;

/// Diagnostics are told when they differ from the last, and not after every save: the panel in
/// the browser has them all the time.
fn built(
    inputs: &Inputs,
    build: &Build,
    changed: Option<usize>,
    took: Duration,
    told: &Mutex<Told>,
) {
    let said = build.diagnostics.iter();
    let said: Told = said
        .map(|said| (said.code, said.place.file.clone(), said.message.clone()))
        .collect();
    let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
    if *told != said {
        let text = |path: &SitePath| std::str::from_utf8(inputs.files.get(path)?).ok();
        let report = report::terminal(&build.diagnostics, &text, term::is_colored());
        term::talk(&report);
        *told = said;
    }
    drop(told);
    let outcome = match changed {
        Some(1) => "1 file of the site is new".to_owned(),
        Some(files) => format!("{files} files of the site are new"),
        None => "the last good site is shown until this is mended".to_owned(),
    };
    term::talk(&format!(
        "{outcome}, after {:.0} ms\n",
        took.as_secs_f64() * 1000.0
    ));
}

fn cannot_open(error: &io::Error) {
    term::talk(&format!("note: no browser could be opened: {error}\n"));
}
