//! `whosaid check`.

use super::Exit;
use super::book::{self, BookArgs};

/// Say what is wrong with a book, and publish nothing
///
/// Does all that `build` does, up to the last page, but writes no file.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    book: BookArgs,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let compiled = book::compiled(&args.book, "checking")?;
    if compiled.exit == Exit::Clean {
        compiled.conclude("checked")?;
    }
    Ok(compiled.exit)
}
