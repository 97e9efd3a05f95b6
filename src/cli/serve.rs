//! `whosaid serve`.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use std::{env, io};

use jiff::civil::Date;

use super::{Exit, book, term, trust};
use crate::compile::{Build, Inputs, Options};
use crate::config::RawHtml;
use crate::diag::Code;
use crate::disk;
use crate::model::Tlp;
use crate::report;
use crate::serve::{self, Asked, Said};
use crate::text::SitePath;

/// Serve the site of a book and update it on every save
///
/// Serves the site from memory and writes no file. Open pages show every change immediately,
/// without a reload. Errors are shown in the browser and in the terminal, and the last site without
/// errors stays until they are fixed. Ctrl-C stops the server.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the book, which contains `book.toml`
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// Listen on the interface HOST; default: only this machine can reach the site
    #[arg(short = 'n', long, value_name = "HOST")]
    hostname: Option<String>,
    /// Listen on PORT only; default: the first free port from 3000
    #[arg(short, long, value_name = "PORT")]
    port: Option<u16>,
    /// Open the site in the browser
    #[arg(short, long)]
    open: bool,
    /// Show the page that you edited in the browser, and scroll to the change
    #[arg(long)]
    follow: bool,
    /// Accept requests for the host NAME, for example behind a proxy; can be repeated
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Check for changes at intervals, for network drives that send no change events
    #[arg(long)]
    poll: bool,
    /// Run all mdBook preprocessors that are in `book.toml` at the start; default: those that you
    /// allowed with `whosaid trust`
    #[arg(long)]
    allow_plugins: bool,
    /// Include briefings that are marked as drafts
    #[arg(long)]
    drafts: bool,
    /// Omit everything marked above this TLP level
    #[arg(long, value_name = "LEVEL", value_parser = book::tlp())]
    tlp: Option<Tlp>,
    /// Handle HTML in the text: allow harmless elements (basic), allow everything (allow), show
    /// everything as text (escape)
    #[arg(long, value_name = "MODE", value_parser = book::raw_html())]
    raw_html: Option<RawHtml>,
    /// Leave out statements after DATE: a day, or the last day of a month or year
    #[arg(long, value_name = "DATE", value_parser = book::last_day)]
    as_of: Option<Date>,
}

pub(super) fn run(args: Args) -> anyhow::Result<Exit> {
    let overrides = book::overrides(env::vars_os());
    let (root, config, _) = disk::book(&args.dir, &overrides)?;
    let asked = Asked {
        dir: args.dir,
        options: Options {
            drafts: args.drafts,
            as_of: args.as_of,
            raw_html: args.raw_html,
            tlp: args.tlp,
            at_root: true,
            overrides,
            ..Options::default()
        },
        consent: trust::consent(&root, &config, args.allow_plugins),
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

/// Prints an event: the address to standard output, everything else to standard error.
fn tell(said: &Said<'_>, is_opened: bool, told: &Mutex<Told>) {
    match said {
        Said::Listening(address) => {
            // If standard output is closed, browsers still work.
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
            "error: {failure}\n  = note: the last site without errors is shown until this is \
             fixed\n"
        )),
    }
}

/// The last reported diagnostics, without line numbers.
type Told = Vec<(Code, SitePath, String)>;

/// Reports diagnostics if they differ from the last ones, instead of after every save; the panel in
/// the browser always shows them.
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
        let report = report::terminal(&build.diagnostics, &text, term::style());
        term::talk(&report);
        *told = said;
    }
    drop(told);
    let outcome = match changed {
        Some(1) => "1 file of the site changed".to_owned(),
        Some(files) => format!("{files} files of the site changed"),
        None => "the last site without errors is shown until this is fixed".to_owned(),
    };
    term::talk(&format!(
        "{outcome}, after {:.0} ms\n",
        took.as_secs_f64() * 1000.0
    ));
}

fn cannot_open(error: &io::Error) {
    term::talk(&format!("note: cannot open a browser: {error}\n"));
}
