//! `whosaid mdbook`.

use std::io::{self, Read as _};
use std::time::SystemTime;
use std::{env, fmt};

use anyhow::{Context as _, anyhow};

use super::{Exit, book, term};
use crate::compile::Options;
use crate::disk;
use crate::mdbook::{self, Request};
use crate::model::Tlp;
use crate::report;
use crate::text::SitePath;

/// Convert the annotations of a book for mdBook, which runs this command
///
/// A preprocessor for mdBook: reads a book as JSON from standard input and writes it to standard
/// output, with links and footnotes instead of mentions, marks and citations, and with chapters for
/// actors, claims and sources. Put `command = "whosaid mdbook"` into `[preprocessor.whosaid]` in
/// `book.toml`.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Omit everything marked above this level of the Traffic Light Protocol
    #[arg(long, value_name = "LEVEL", value_parser = book::tlp())]
    tlp: Option<Tlp>,
    #[command(subcommand)]
    asked: Option<Asked>,
}

#[derive(clap::Subcommand)]
enum Asked {
    /// Exit with 0 if RENDERER is supported, otherwise with 1
    Supports {
        #[arg(value_name = "RENDERER")]
        renderer: String,
    },
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    if let Some(Asked::Supports { renderer }) = &args.asked {
        return Ok(if mdbook::supports(renderer) {
            Exit::Clean
        } else {
            Exit::Mistakes
        });
    }
    let mut bytes = Vec::new();
    io::stdin()
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    let request = Request::read(&bytes).map_err(by_hand)?;
    let overrides = book::overrides(env::vars_os()).into_iter();
    let options = Options {
        overrides: overrides.chain(request.source.clone()).collect(),
        tlp: args.tlp,
        ..Options::default()
    };
    let today = book::today(env::var("SOURCE_DATE_EPOCH"), SystemTime::now())?;
    let inputs = disk::read(&request.root, options, today)?;
    let response = request.lower(inputs.clone());
    let text = |path: &SitePath| std::str::from_utf8(inputs.files.get(path)?).ok();
    term::talk(&report::terminal(
        &response.diagnostics,
        &text,
        term::style(),
    ));
    let exit = book::exit(&response.diagnostics, false);
    if exit == Exit::Clean {
        term::say(&response.book)?;
    }
    Ok(exit)
}

fn by_hand(fault: impl fmt::Display) -> anyhow::Error {
    anyhow!(
        "{fault}\n  = hint: put `command = \"whosaid mdbook\"` into `[preprocessor.whosaid]` in \
         `book.toml` and run `mdbook build`, which runs this command"
    )
}
