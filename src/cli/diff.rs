//! `whosaid diff`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use clap::ValueEnum;
use serde_json::Value;

use super::book::{Book, BookArgs};
use super::{Exit, progress, term};
use crate::compile::{self, Cache};
use crate::config::Export;
use crate::text::SitePath;

/// Show how the record of a book changed
///
/// Compares the records of two books, or of two revisions of a book in a Git repository: claims,
/// positions, replies, actors, sources, events and briefings. Changes of prose that do not change
/// the record are not shown.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of a book, or a Git revision
    before: String,
    /// The folder of a book, or a Git revision
    after: String,
    /// The folder of the book whose revisions are compared
    #[arg(long, value_name = "DIR", default_value = ".")]
    book: PathBuf,
    /// The format of the changes
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line for each change
    Human,
    /// One JSON object
    Json,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let mut records = Vec::new();
    for named in [&args.before, &args.after] {
        match record(named, &args.book)? {
            Ok(record) => records.push(record),
            Err(exit) => {
                term::talk("nothing was compared\n");
                return Ok(exit);
            }
        }
    }
    let changes = compile::changes(&records[0], &records[1]);
    match args.format {
        Format::Json => term::say(&changes.json())?,
        Format::Human if changes.count() == 0 => term::say("the records are the same\n")?,
        Format::Human => term::say(&changes.text())?,
    }
    Ok(Exit::Clean)
}

/// Reads the record of a folder or revision. The inner error is the exit code for a book with
/// errors, which were reported.
fn record(named: &str, book: &Path) -> anyhow::Result<Result<Value, Exit>> {
    let revision = if Path::new(named).is_dir() {
        None
    } else {
        Some(Revision::check_out(named, book)?)
    };
    let dir = revision.as_ref().map_or(Path::new(named), |it| &it.book);
    let args = BookArgs::of(dir);
    let book = Book::read(&args)?;
    let mut cache = Cache::for_one_run();
    let mut edition = progress::during("comparing", || compile::analyze(&book.inputs, &mut cache));
    let diagnostics = edition.diagnostics();
    if book.exit(&diagnostics) != Exit::Clean {
        return Ok(Err(book.tell(&diagnostics)?));
    }
    if edition.is_plain() {
        bail!("`{named}` is a plain mdBook book: it has no claims to compare");
    }
    let files = match edition.export(Export::Json) {
        Ok(files) => files,
        Err(leaks) => return Ok(Err(book.tell(&leaks)?)),
    };
    let main = files.into_iter().next().map(|(_, bytes)| bytes);
    let record = serde_json::from_slice(&main.unwrap_or_default());
    Ok(Ok(record.context("cannot read the record")?))
}

/// The files of a Git revision in a temporary folder, which is removed at the end.
struct Revision {
    folder: PathBuf,
    /// The folder of the book in it.
    book: PathBuf,
}

impl Revision {
    /// Writes the files of `revision` of the repository that contains `book`. The index and the
    /// work tree of the repository do not change.
    fn check_out(revision: &str, book: &Path) -> anyhow::Result<Revision> {
        let unknown = || {
            format!(
                "`{revision}` is neither a folder nor a revision of the repository of `{}`",
                book.display()
            )
        };
        if revision.starts_with('-') {
            bail!(unknown());
        }
        let root = git(book, &["rev-parse", "--show-toplevel"]).with_context(unknown)?;
        let prefix = git(book, &["rev-parse", "--show-prefix"])?;
        let name = format!("{revision}^{{commit}}");
        let commit = git(book, &["rev-parse", "--verify", "--quiet", &name]);
        let commit = commit.with_context(unknown)?;
        let folder =
            std::env::temp_dir().join(format!("whosaid-diff-{}-{commit}", std::process::id()));
        fs::create_dir(&folder)
            .with_context(|| format!("cannot create the folder {}", folder.display()))?;
        let revision = Revision {
            book: folder.join("files").join(prefix),
            folder,
        };
        write_files(Path::new(&root), &commit, &revision.folder.join("files"))?;
        Ok(revision)
    }
}

impl Drop for Revision {
    fn drop(&mut self) {
        // The folder is in the system's folder for temporary files, which is cleared in the end.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Writes the files of `commit` below `target`, as they are stored.
///
/// A checkout would run the filters that the repository configures, and a repository can come from
/// a stranger. Symbolic links and submodules are left out.
fn write_files(root: &Path, commit: &str, target: &Path) -> anyhow::Result<()> {
    let listed = output_of(&mut command(
        root,
        &["ls-tree", "-r", "-z", "--full-tree", commit],
    ))?;
    let mut blobs: Vec<(String, SitePath)> = Vec::new();
    for entry in listed.split(|byte| *byte == 0) {
        let Some((kind, path)) = std::str::from_utf8(entry)
            .ok()
            .and_then(|entry| entry.split_once('\t'))
        else {
            continue;
        };
        let mut kind = kind.split(' ');
        let is_file = kind.next().is_some_and(|mode| mode.starts_with("100"));
        if let (true, Some(object), Ok(path)) = (is_file, kind.nth(1), SitePath::new(path)) {
            blobs.push((object.to_owned(), path));
        }
    }
    let mut batch = command(root, &["cat-file", "--batch"]);
    batch.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut git = batch.spawn().context(NO_GIT)?;
    let (Some(mut asked), Some(answers)) = (git.stdin.take(), git.stdout.take()) else {
        bail!(NO_GIT);
    };
    let objects: String = blobs
        .iter()
        .map(|(object, _)| format!("{object}\n"))
        .collect();
    // Git answers while it reads: one thread for both would wait forever.
    let asking = std::thread::spawn(move || asked.write_all(objects.as_bytes()));
    let mut answers = BufReader::new(answers);
    for (object, path) in &blobs {
        let mut head = String::new();
        answers.read_line(&mut head)?;
        let size = head.trim_end().rsplit_once(" blob ").map(|(_, size)| size);
        let size: usize = size
            .and_then(|size| size.parse().ok())
            .with_context(|| format!("cannot read `{path}` ({object}) from the repository"))?;
        let mut bytes = vec![0; size + 1];
        answers.read_exact(&mut bytes)?;
        bytes.truncate(size);
        let file = target.join(path.as_str());
        fs::create_dir_all(file.parent().unwrap_or(target))?;
        fs::write(&file, bytes)?;
    }
    let _ = asking.join();
    git.wait()?;
    Ok(())
}

const NO_GIT: &str = "cannot run `git`";

/// Git in `dir`, without what the configuration of a repository can make it run.
fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(dir);
    for setting in [
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "core.pager=cat",
    ] {
        git.arg("-c").arg(setting);
    }
    // No object is fetched: a remote can name a program.
    git.env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none");
    git.args(arguments);
    git
}

fn output_of(git: &mut Command) -> anyhow::Result<Vec<u8>> {
    let output = git.output().context(NO_GIT)?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!("`git` failed: {}", error.trim());
    }
    Ok(output.stdout)
}

/// Runs Git in `dir` and returns the first line of its output.
fn git(dir: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = output_of(&mut command(dir, arguments))?;
    let output = String::from_utf8_lossy(&output);
    Ok(output.lines().next().unwrap_or_default().to_owned())
}
