//! `whosaid init`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::host::Host;
use super::{Exit, term};
use crate::disk;
use crate::text::{SitePath, slug};

/// Begin a book
///
/// Writes a small book that teaches as it reads: one briefing about one contested claim, with
/// its actors and sources. Nothing is overwritten, and a folder that holds `book.toml` or
/// `content` already is left alone: with `--host` it gets the file that its host needs, and
/// nothing else.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the new book; it is made if need be
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The title of the book
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// Write the file by which this host builds or publishes the book; it belongs into the root
    /// of the repository
    #[arg(long, value_name = "HOST")]
    host: Option<Host>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let dir = args.dir.display();
    let taken = ["book.toml", "content"].map(|name| args.dir.join(name));
    // Who names a title asks for a new book.
    let is_book = args.title.is_none() && taken.iter().any(|path| path.exists());
    let mut said = String::new();
    let mut files = Vec::new();
    if let Some(host) = args.host {
        let file = host.file(&name(args)?);
        if fs::symlink_metadata(args.dir.join(file.0.as_str())).is_ok() {
            bail!(
                "`{}` is there already\n  = hint: the manual shows what it should hold, in its \
                 chapter on hosts",
                args.dir.join(file.0.as_str()).display()
            );
        }
        said = format!("{} publishes the book: {}\n", file.0, host.rest());
        files.push(file);
        if is_book {
            disk::create(&args.dir, &files)?;
            term::say(&said)?;
            return Ok(Exit::Clean);
        }
    }
    files.splice(0..0, starter(args.title.as_deref()));
    disk::create(&args.dir, &files).with_context(|| format!("no book can begin in `{dir}`"))?;
    let (build, page) = match args.dir == Path::new(".") {
        true => ("whosaid build".to_owned(), "book/index.html".to_owned()),
        false => (
            format!("whosaid build {}", quoted(&dir.to_string())),
            args.dir.join("book/index.html").display().to_string(),
        ),
    };
    term::say(&format!(
        "a book stands in {dir}; read on in {}\n`{build}` makes its site, {page}\n{said}",
        args.dir.join(BRIEFING).display()
    ))?;
    Ok(Exit::Clean)
}

/// What the book is called where a host wants a word for it: as its folder is.
fn name(args: &Args) -> anyhow::Result<String> {
    let dir = std::path::absolute(&args.dir)?;
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    Ok(match slug(&name).as_str() {
        "" => "book".to_owned(),
        slug => slug.to_owned(),
    })
}

macro_rules! starter {
    ($($path:literal $file:literal,)*) => {
        &[$(($path, include_str!(concat!("starter/", $file))),)*]
    };
}

/// The files of the book. `gitignore` bears no dot here, since it would work on this repository.
const STARTER: &[(&str, &str)] = starter! {
    "book.toml" "book.toml",
    ".gitignore" "gitignore",
    "content/index.md" "content/index.md",
    "content/postbox.md" "content/postbox.md",
    "content/actors/brennia.md" "content/actors/brennia.md",
    "content/actors/valdoria.md" "content/actors/valdoria.md",
    "content/actors/valdoria-mfa.md" "content/actors/valdoria-mfa.md",
    "content/actors/lumen-hart.md" "content/actors/lumen-hart.md",
    "content/claims/postbox-run.md" "content/claims/postbox-run.md",
    "content/sources/notice-2031.md" "content/sources/notice-2031.md",
    "content/sources/hearing-2031.md" "content/sources/hearing-2031.md",
};

/// The file to begin reading with.
const BRIEFING: &str = "content/postbox.md";

/// The line of the starter's `book.toml` that a title of the author's own replaces.
const TITLE: &str = "title = \"The Postbox affair\"";

/// The files of a new book, of this title if there is one.
pub(super) fn starter(title: Option<&str>) -> Vec<(SitePath, String)> {
    let file = |(path, text): &(&str, &str)| {
        let path = SitePath::new(path).expect("a path of the starter is one");
        let text = match title {
            Some(title) if path.as_str() == "book.toml" => {
                let title = toml::Value::from(title);
                text.replace(TITLE, &format!("title = {title}"))
            }
            Some(_) | None => (*text).to_owned(),
        };
        (path, text)
    };
    STARTER.iter().map(file).collect()
}

/// The word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+~:\\".contains(c);
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}
