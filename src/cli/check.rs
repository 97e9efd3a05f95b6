//! `whosaid check`.

use super::book::{Book, BookArgs, counted};
use super::{Exit, progress};
use crate::compile::{self, Cache};

/// Report the problems of a book, and publish nothing
///
/// Reports everything that `build` would report, and writes no file.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    book: BookArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let book = Book::read(&args.book)?;
    let mut cache = Cache::for_one_run();
    let build = progress::during("checking", || {
        compile::analyze(&book.inputs, &mut cache).examine()
    });
    let exit = book.tell(&build.diagnostics)?;
    if exit == Exit::Clean {
        book.conclude("checked", &counted(build.counts))?;
    }
    Ok(exit)
}
