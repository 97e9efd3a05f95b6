//! `whosaid export`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser as _};

use super::book::{Book, BookArgs};
use super::{Exit, progress, term};
use crate::compile::{self, Cache};
use crate::config::Export;
use crate::disk;

/// Write the record of a book as data
///
/// Every format contains claims with their positions, sources and replies. A format of one file
/// goes to standard output, or to the file PATH; a format of several files needs a folder.
/// `exports` in `book.toml` publishes formats with the site.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The format
    #[arg(value_name = "FORMAT", value_parser = format())]
    to: Export,
    #[command(flatten)]
    book: BookArgs,
    /// Write to PATH: a file, or a folder for all files of the format
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Replace existing files
    #[arg(long, requires = "output")]
    force: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let word = args.to.word();
    let is_one_file = !args.to.main_file().contains('/');
    match &args.output {
        None if !is_one_file => bail!(
            "the format `{word}` has several files\n  = hint: add a folder for them: `--output \
             {word}/`"
        ),
        None if args.book.tells_programs() => bail!(
            "diagnostics in this format and the data would both go to standard output\n  = hint: \
             write the data to a file with `--output`"
        ),
        None if args.to == Export::Sqlite && std::io::stdout().is_terminal() => {
            bail!(
                "a database cannot be printed on a terminal\n  = hint: write it to a file with \
                   `--output`"
            )
        }
        None | Some(_) => {}
    }
    let book = Book::read(&args.book)?;
    let mut cache = Cache::for_one_run();
    let mut edition = progress::during("exporting", || compile::analyze(&book.inputs, &mut cache));
    let exit = book.tell(&edition.diagnostics())?;
    if exit != Exit::Clean {
        term::talk("nothing was exported\n");
        return Ok(exit);
    }
    if edition.is_plain() {
        bail!("this is a plain mdBook book: it has no claims to export");
    }
    let files = match progress::during("exporting", || edition.export(args.to)) {
        Ok(files) => files,
        Err(leaks) => {
            let exit = book.tell(&leaks)?;
            term::talk("nothing was exported\n");
            return Ok(exit);
        }
    };
    let Some(output) = &args.output else {
        let main = files.into_iter().next();
        term::give(&main.map(|(_, bytes)| bytes).unwrap_or_default())?;
        return Ok(Exit::Clean);
    };
    let is_folder = !is_one_file || output.is_dir() || ends_in_slash(output);
    let placed: Vec<(PathBuf, Vec<u8>)> = if is_folder {
        files
            .into_iter()
            .map(|(path, bytes)| {
                // The named folder replaces the folder of the format.
                let inner = path.as_str().strip_prefix(&format!("{word}/"));
                (output.join(inner.unwrap_or(path.as_str())), bytes)
            })
            .collect()
    } else {
        files
            .into_iter()
            .take(1)
            .map(|(_, bytes)| (output.clone(), bytes))
            .collect()
    };
    disk::deliver(&placed, args.force)?;
    let size: usize = placed.iter().map(|(_, bytes)| bytes.len()).sum();
    let files = match placed.len() {
        1 => "1 file".to_owned(),
        files => format!("{files} files"),
    };
    book.conclude(
        &output.display().to_string(),
        &format!("{files}, {size} bytes of {}", args.to.title()),
    )?;
    Ok(Exit::Clean)
}

fn ends_in_slash(path: &Path) -> bool {
    path.to_str()
        .is_some_and(|path| path.ends_with(['/', '\\']))
}

fn format() -> impl clap::builder::TypedValueParser<Value = Export> {
    let value = |format: Export| PossibleValue::new(format.word()).help(format.about());
    PossibleValuesParser::new(Export::ALL.map(value))
        .map(|word| Export::parse(&word).expect("clap lets the listed words through only"))
}
