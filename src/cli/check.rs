//! `whosaid check`.

use super::book::{Book, BookArgs, counted};
use super::{Exit, progress};
use crate::compile::{self, Cache};

/// Say what is wrong with a book, and publish nothing
///
/// Does all that `build` does, up to the last page, but writes no file.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    book: BookArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let book = Book::read(&args.book)?;
    let mut cache = Cache::for_one_run();
    let build = progress::during("checking", || {
        // Nobody looks at a picture that is not published.
        let edition = compile::understand(&book.inputs, &mut cache).keeping(&|_| true);
        edition.print(&|_, _| ())
    });
    let exit = book.tell(&build.diagnostics)?;
    if exit == Exit::Clean {
        book.conclude("checked", &counted(build.counts))?;
    }
    Ok(exit)
}
