//! `whosaid build`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::book::{Book, BookArgs, counted};
use super::{Exit, progress, term};
use crate::compile::{self, Cache};
use crate::disk::{self, Difference, How, Publication, Verification};
use crate::serve;

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
    /// Publish in a folder that holds files of other origin: they stay as they are
    #[arg(long)]
    force: bool,
    /// Publish nothing: make the site in memory and name every file in which the folder differs
    /// from it
    #[arg(long, conflicts_with = "force")]
    verify: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let dir = &args.book.dir;
    let book = Book::read(&args.book)?;
    let to = match &args.dest_dir {
        Some(to) => to.clone(),
        None => plain(dir).join(book.inputs.config().build_dir),
    };
    if args.verify {
        return verify(&book, &to);
    }
    let shown = shown(&to);
    let inputs = disk::fingerprint(&book.inputs);
    let overrides = &book.inputs.options.overrides;
    let publication = Publication::open_over(&to, dir, overrides, args.force);
    if publication.as_ref().is_ok_and(|it| it.is_from(&inputs)) {
        book.tell(&[])?;
        book.conclude(&shown, "as it was, nothing has changed,")?;
        return Ok(Exit::Clean);
    }
    if let Ok(publication) = &publication {
        let withdrawal = publication.withdrawal();
        // Without that, the next build clears what this one leaves.
        let _ = serve::when_asked_to_end(move |signal| {
            withdrawal.withdraw();
            std::process::exit(128 + i32::from(signal));
        });
    }
    let mut cache = Cache::for_one_run();
    let edition = progress::during("building", || compile::understand(&book.inputs, &mut cache));
    let so_far = edition.diagnostics();
    let said_before = format!("{inputs} with warnings");
    if book.exit(&so_far) == Exit::Clean {
        // Nothing but what is said anew each time.
        if publication
            .as_ref()
            .is_ok_and(|it| it.is_from(&said_before))
        {
            book.tell(&so_far)?;
            book.conclude(&shown, "as it was, nothing has changed,")?;
            return Ok(Exit::Clean);
        }
    }
    let open = publication.as_ref().ok();
    let open = open.filter(|_| book.exit(&so_far) == Exit::Clean);
    let put = |path, bytes: Arc<[u8]>| {
        if let Some(publication) = open {
            publication.put(&path, &bytes);
        }
    };
    let kept = |path: &_| open.is_none_or(|publication| publication.keep(path));
    let build = progress::during("building", || edition.keeping(&kept).print(&put));
    let exit = book.tell(&build.diagnostics)?;
    if exit != Exit::Clean {
        // Without a readable configuration nobody knows which folder was meant.
        term::talk(&match exit != Exit::Failed && to.exists() {
            true => format!("nothing was published, `{shown}` is as it was\n"),
            false => "nothing was published\n".to_owned(),
        });
        return Ok(exit);
    }
    let made_from = match build.diagnostics.as_slice() {
        [] => inputs,
        said if said == so_far => said_before,
        _ => String::new(),
    };
    let published = progress::during("publishing", || publication?.finish(&made_from))?;
    if published.how == How::OneByOne {
        term::talk(&format!(
            "the files of `{shown}` were replaced one by one: this folder cannot be exchanged \
             as a whole\n"
        ));
    }
    book.conclude(&shown, &counted(build.counts))?;
    Ok(Exit::Clean)
}

/// Makes the site anew and says in which files the folder differs from it.
fn verify(book: &Book<'_>, to: &Path) -> anyhow::Result<Exit> {
    let verification = Verification::open(to)?;
    let mut cache = Cache::for_one_run();
    let build = progress::during("verifying", || {
        let edition = compile::understand(&book.inputs, &mut cache);
        edition.print(&|path, bytes| verification.put(&path, &bytes))
    });
    let exit = book.tell(&build.diagnostics)?;
    if exit != Exit::Clean {
        return Ok(exit);
    }
    let shown = shown(to);
    let differences = verification.finish();
    for difference in &differences {
        term::talk(&match difference {
            Difference::Missing(path) => format!("missing: {shown}{path}\n"),
            Difference::Differs(path) => format!("differs: {shown}{path}\n"),
            Difference::Extra(path) => format!("extra: {shown}{}\n", path.display()),
        });
    }
    if differences.is_empty() {
        book.conclude(&shown, &format!("verified, {}", counted(build.counts)))?;
        return Ok(Exit::Clean);
    }
    term::talk(&match differences.len() {
        1 => format!("`{shown}` is not the site of this book: 1 file\n"),
        files => format!("`{shown}` is not the site of this book: {files} files\n"),
    });
    Ok(Exit::Mistakes)
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
