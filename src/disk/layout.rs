//! The paths of the parts of a book, for reading and publishing.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::config::{self, Config, Override};
use crate::text::SitePath;

/// A book on disk, with its configuration read.
pub(super) struct Layout {
    /// The book's folder, absolute, with symbolic links resolved.
    pub root: PathBuf,
    /// The bytes of `book.toml`, if it exists.
    pub book_toml: Option<Vec<u8>>,
    pub config: Config,
    /// The text folder.
    pub source: SitePath,
    /// The folder of the Obsidian vault: the whole book, or its text folder.
    pub vault: Option<SitePath>,
}

/// The folder that Obsidian creates in a vault.
const OBSIDIAN: &str = ".obsidian";

/// The configuration file, in the book's folder.
pub(super) const BOOK_TOML: &str = "book.toml";

/// The folders and the file that override the theme.
pub(super) const TEMPLATES: &str = "templates";
pub(super) const STATIC: &str = "static";
pub(super) const THEME_CSS: &str = "theme.css";

/// The templates of an mdBook theme in its default folder.
pub(super) const HANDLEBARS: [&str; 6] = [
    "theme/head.hbs",
    "theme/header.hbs",
    "theme/index.hbs",
    "theme/redirect.hbs",
    "theme/toc.html.hbs",
    "theme/toc.js.hbs",
];

/// Finds the parts of the book in the folder `dir`; `overrides` are settings from the environment.
pub(super) fn layout(dir: &Path, overrides: &[Override]) -> anyhow::Result<Layout> {
    let root = match fs::canonicalize(dir) {
        Ok(root) if root.is_dir() => root,
        Ok(_) => bail!("`{}` is not a folder", dir.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("folder `{}` not found", dir.display())
        }
        Err(error) => return Err(error).with_context(|| format!("`{}`", dir.display())),
    };
    let book_toml = match inside(&root, Path::new(BOOK_TOML))? {
        Some(file) if file.is_file() => {
            Some(fs::read(&file).with_context(|| format!("`{BOOK_TOML}`"))?)
        }
        Some(_) => bail!("`{BOOK_TOML}` is not a regular file"),
        None => None,
    };
    // `compile` reports invalid UTF-8.
    let text = String::from_utf8_lossy(book_toml.as_deref().unwrap_or_default());
    let config = config::read_over(&path(BOOK_TOML), &text, overrides).0;
    let has_vault = |folder: &str| root.join(folder).join(OBSIDIAN).is_dir();
    let source = config.source_folder(root.join("content").is_dir(), has_vault(""));
    let vault = [SitePath::root(), source.clone()];
    let vault = vault.into_iter().find(|folder| has_vault(folder.as_str()));
    Ok(Layout {
        root,
        book_toml,
        config,
        source,
        vault,
    })
}

/// Resolves `path` below `root`, with symbolic links; `None` if it does not exist.
///
/// # Errors
/// Returns an error if it leads out of `root` (which is absolute and has no links), to nothing, or
/// from a visible path to a hidden one, because a repository has tokens in `.git`.
pub(super) fn inside(root: &Path, path: &Path) -> anyhow::Result<Option<PathBuf>> {
    let named = root.join(path);
    let name = || format!("`{}`", path.display());
    match fs::symlink_metadata(&named) {
        Ok(_) => {}
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error).with_context(name),
    }
    match fs::canonicalize(&named) {
        Ok(real) if !real.starts_with(root) => {
            bail!("{} is a symbolic link that leads out of the book", name())
        }
        Ok(real) if !is_shown(&real, root) && is_shown(&named, root) => {
            bail!("{} is a symbolic link to a hidden file or folder", name())
        }
        Ok(real) => Ok(Some(real)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("{} is a broken symbolic link", name())
        }
        Err(error) => Err(error).with_context(name),
    }
}

/// Folders of version control systems, which mark a project.
const REPOSITORIES: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// Manifests of packages, which mark a project without version control, such as an unpacked
/// release.
const MANIFESTS: [&str; 4] = ["Cargo.toml", "go.mod", "package.json", "pyproject.toml"];

/// Returns the folder of the project that contains the book in the folder `root`, if it is above
/// that folder.
///
/// It is the repository around the book. If there is none, it is the outermost folder with a
/// package manifest, but never the root of the file system, the home folder, the folder for
/// temporary files, or one that contains these.
pub(super) fn project(root: &Path) -> Option<PathBuf> {
    let wide = [env::home_dir(), Some(env::temp_dir())];
    let wide: Vec<PathBuf> = wide.into_iter().flatten().collect();
    let wide: Vec<PathBuf> = wide
        .iter()
        .filter_map(|it| fs::canonicalize(it).ok())
        .collect();
    let is_wide = |folder: &Path| {
        folder.parent().is_none() || wide.iter().any(|wide| wide.starts_with(folder))
    };
    let around = || root.ancestors().take_while(|folder| !is_wide(folder));
    let holds = |folder: &&Path, names: &[&str]| names.iter().any(|it| folder.join(it).exists());
    around()
        .find(|folder| holds(folder, &REPOSITORIES))
        .or_else(|| around().filter(|it| holds(it, &MANIFESTS)).last())
        .filter(|project| *project != root)
        .map(Path::to_owned)
}

/// True if the error means that the path does not exist.
pub(super) fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Converts a constant path of this room.
pub(super) fn path(text: &str) -> SitePath {
    SitePath::known(text)
}

/// True if a path is in the folder `around` and not hidden there.
pub(super) fn is_shown(path: &Path, around: &Path) -> bool {
    let below = path.strip_prefix(around);
    below.is_ok_and(|below| !below.iter().any(is_left_aside))
}

/// True if a file or folder with this name is not part of a book: hidden files, and backup files of
/// editors (`a.md~`, `#a.md#`), which contain old text.
pub(super) fn is_left_aside(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let is_saved = name.len() > 1 && name.starts_with(b"#") && name.ends_with(b"#");
    name.starts_with(b".") || name.ends_with(b"~") || is_saved
}
