//! `whosaid init`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::host::Host;
use super::{Exit, term};
use crate::disk;
use crate::text::{SitePath, slug};

/// Create a book
///
/// Creates a small example book with explanations: one briefing about one contested claim, with its
/// actors and sources. No file is overwritten. In a folder that already has `book.toml` or
/// `content`, `--host` adds the configuration file for the host and nothing else.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The folder of the new book; created if necessary
    #[arg(value_name = "DIR", default_value = ".")]
    dir: PathBuf,
    /// The title of the book
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// Write the configuration file for this host; it belongs in the root of the repository
    #[arg(long, value_name = "HOST")]
    host: Option<Host>,
}

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let dir = args.dir.display();
    let taken = ["book.toml", "content"].map(|name| args.dir.join(name));
    // A title always means a new book.
    let is_book = args.title.is_none() && taken.iter().any(|path| path.exists());
    let mut said = String::new();
    let mut files = Vec::new();
    if let Some(host) = args.host {
        let file = host.file(&name(args)?);
        if fs::symlink_metadata(args.dir.join(file.0.as_str())).is_ok() {
            bail!(
                "`{}` already exists\n  = hint: edit it as the chapter on hosts in the manual \
                 shows",
                args.dir.join(file.0.as_str()).display()
            );
        }
        said = format!(
            "created {}, which publishes the book: {}\n",
            file.0,
            host.rest()
        );
        files.push(file);
        if is_book {
            disk::create(&args.dir, &files)?;
            term::say(&said)?;
            return Ok(Exit::Clean);
        }
    }
    files.splice(0..0, starter(args.title.as_deref()));
    disk::create(&args.dir, &files).with_context(|| format!("cannot create a book in `{dir}`"))?;
    let (build, page) = if args.dir == Path::new(".") {
        ("whosaid build".to_owned(), "book/index.html".to_owned())
    } else {
        (
            format!("whosaid build {}", quoted(&dir.to_string())),
            args.dir.join("book/index.html").display().to_string(),
        )
    };
    term::say(&format!(
        "created a book in {dir}; start with {}\n`{build}` builds its site, {page}\n{said}",
        args.dir.join(BRIEFING).display()
    ))?;
    Ok(Exit::Clean)
}

/// Returns the name of the book for hosts that need one: that of its folder.
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

/// The files of the book. The name `gitignore` has no dot here, because git would apply it to this
/// repository.
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

/// The file to read first.
const BRIEFING: &str = "content/postbox.md";

/// The line in the starter's `book.toml` that `--title` replaces.
const TITLE: &str = "title = \"The Postbox affair\"";

/// Returns the files of a new book, with this title if it is set.
pub(super) fn starter(title: Option<&str>) -> Vec<(SitePath, String)> {
    let file = |(path, text): &(&str, &str)| {
        let path = SitePath::known(path);
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

/// Quotes a word for the shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+~:\\".contains(c);
    if word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}
