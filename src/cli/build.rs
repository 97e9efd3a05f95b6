//! `whosaid build`.

use std::path::{Path, PathBuf};

use super::book::{self, BookArgs};
use super::{Exit, term};
use crate::disk;

/// Build the site of a book
///
/// Reads the book, says what is wrong with it, and publishes its site when it holds no error.
/// Otherwise nothing is published and the site stays as it was.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    book: BookArgs,
    /// Publish in the folder OUT; without it, in the folder that `build-dir` in `book.toml`
    /// names, else in `book` inside the book
    #[arg(short, long, value_name = "OUT")]
    dest_dir: Option<PathBuf>,
    /// Publish in a folder that holds files of other origin: those of the same name are
    /// replaced, all others stay
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let dir = &args.book.dir;
    let compiled = book::compiled(&args.book, "building")?;
    let build_dir = &compiled.build.config.build_dir;
    let to = match &args.dest_dir {
        Some(to) => to.clone(),
        None => plain(dir).join(build_dir),
    };
    let shown = shown(&to);
    if compiled.exit != Exit::Clean {
        // Without a readable configuration nobody knows which folder was meant.
        term::talk(&match compiled.exit != Exit::Failed && to.exists() {
            true => format!("nothing was published, `{shown}` is as it was\n"),
            false => "nothing was published\n".to_owned(),
        });
        return Ok(compiled.exit);
    }
    disk::publish(&compiled.build.outputs, &to, dir, args.force)?;
    compiled.conclude(&shown)?;
    Ok(Exit::Clean)
}

/// The folder without a `.` that says nothing.
fn plain(dir: &Path) -> &Path {
    if dir == Path::new(".") {
        Path::new("")
    } else {
        dir
    }
}

/// The folder as its author would write it, with a slash behind it.
fn shown(folder: &Path) -> String {
    let shown = folder.display().to_string();
    format!("{}/", shown.trim_end_matches(['/', '\\']))
}
