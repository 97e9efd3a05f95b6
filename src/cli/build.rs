//! `whosaid build`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::book::{Book, BookArgs, counted};
use super::{Exit, progress, term};
use crate::compile::{self, Cache};
use crate::diag::{self, Code, Diagnostic};
use crate::disk::{self, Difference, How, Publication, Verification};
use crate::serve;
use crate::text::Place;

/// Build the site of a book
///
/// Builds the book, reports its problems, and publishes its site if there is no error. Otherwise
/// nothing is published, and the old site does not change.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    book: BookArgs,
    /// Publish into the folder OUT; default: `build-dir` in `book.toml`, else `book` in the folder
    /// of the book
    #[arg(short, long, value_name = "OUT")]
    dest_dir: Option<PathBuf>,
    /// Publish into a folder that contains files of other programs, which do not change
    #[arg(long)]
    force: bool,
    /// List the files in which the folder differs from the site; publish nothing
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
        book.conclude(&shown, "already up to date,")?;
        return Ok(Exit::Clean);
    }
    if let Ok(publication) = &publication {
        let withdrawal = publication.withdrawal();
        // If this fails, the next build removes the temporary files.
        let _ = serve::when_asked_to_end(move |signal| {
            withdrawal.withdraw();
            std::process::exit(128 + i32::from(signal));
        });
    }
    let mut cache = Cache::for_one_run();
    let edition = progress::during("building", || compile::analyze(&book.inputs, &mut cache));
    let so_far = edition.diagnostics();
    let said_before = format!("{inputs} with warnings");
    if book.exit(&so_far) == Exit::Clean {
        // Only the warnings are new, and they are printed each time.
        if publication
            .as_ref()
            .is_ok_and(|it| it.is_from(&said_before))
        {
            book.tell(&so_far)?;
            book.conclude(&shown, "already up to date,")?;
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
    let mut build = progress::during("building", || edition.reusing_cards(&kept).render(&put));
    // A folder that `book.toml` names is reported where it is named.
    let named = build.config.build_dir_place.clone();
    if let (Err(error), Some(place), None) = (&publication, named, &args.dest_dir) {
        build.diagnostics.push(no_folder(error, place));
        build.diagnostics = diag::sorted(build.diagnostics);
    }
    let exit = book.tell(&build.diagnostics)?;
    if exit != Exit::Clean {
        // Without a readable configuration, the output folder is unknown.
        term::talk(&if exit != Exit::Failed && to.exists() {
            format!("nothing was published; `{shown}` has not changed\n")
        } else {
            "nothing was published\n".to_owned()
        });
        return Ok(exit);
    }
    let made_from = match build.diagnostics.as_slice() {
        // A hash of all inputs would change with what is withheld, and confirm guesses about it.
        _ if build.config.tlp.is_some() => String::new(),
        [] => inputs,
        said if said == so_far => said_before,
        _ => String::new(),
    };
    let published = progress::during("publishing", || publication?.finish(&made_from))?;
    if published.how == How::OneByOne {
        term::talk(&format!(
            "the files of `{shown}` were replaced one by one, because the folder cannot be \
             replaced as a whole\n"
        ));
    }
    book.conclude(&shown, &counted(build.counts))?;
    Ok(Exit::Clean)
}

/// Returns a diagnostic for a `build-dir` in which no site can be published.
fn no_folder(error: &anyhow::Error, place: Place) -> Diagnostic {
    let text = format!("{error:#}");
    let mut lines = text.lines();
    let message = lines.next().unwrap_or_default().to_owned();
    let hints = lines.filter_map(|line| line.trim().strip_prefix("= hint: "));
    let diagnostic = Diagnostic::new(Code::UnreadableConfig, place, message);
    hints.fold(
        diagnostic.label("cannot publish a site in this folder"),
        |diagnostic, hint| diagnostic.hint(hint),
    )
}

/// Builds the site and lists the files in which the folder differs from it.
fn verify(book: &Book<'_>, to: &Path) -> anyhow::Result<Exit> {
    let verification = Verification::open(to)?;
    let mut cache = Cache::for_one_run();
    let build = progress::during("verifying", || {
        let edition = compile::analyze(&book.inputs, &mut cache);
        edition.render(&|path, bytes| verification.put(&path, &bytes))
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
        1 => format!("`{shown}` is not the site of this book: 1 file differs\n"),
        files => format!("`{shown}` is not the site of this book: {files} files differ\n"),
    });
    Ok(Exit::Mistakes)
}

/// Removes a `.` without meaning from the path.
fn plain(dir: &Path) -> &Path {
    if dir == Path::new(".") {
        Path::new("")
    } else {
        dir
    }
}

/// Returns the folder as the author would write it, with a final slash.
fn shown(folder: &Path) -> String {
    let shown = folder.display().to_string();
    format!("{}/", shown.trim_end_matches(['/', '\\']))
}
