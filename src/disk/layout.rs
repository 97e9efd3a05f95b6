//! Where the parts of a book lie, which reading and publishing must agree upon.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::config::{self, Config, Override};
use crate::text::SitePath;

/// A book on disk, its configuration read.
pub(super) struct Layout {
    /// The book's folder, absolute and without links.
    pub root: PathBuf,
    /// `book.toml`, if there is one, as it was read.
    pub book_toml: Option<Vec<u8>>,
    pub config: Config,
    /// The folder of the text.
    pub source: SitePath,
    /// The folder that Obsidian has opened: the whole, or that of the text.
    pub vault: Option<SitePath>,
}

/// What Obsidian leaves in a folder of notes.
const OBSIDIAN: &str = ".obsidian";

/// The configuration file, in the book's folder.
pub(super) const BOOK_TOML: &str = "book.toml";

/// The author's overrides of the theme: two folders and a file.
pub(super) const TEMPLATES: &str = "templates";
pub(super) const STATIC: &str = "static";
pub(super) const THEME_CSS: &str = "theme.css";

/// The templates of a theme of mdBook's, where its folder is not named.
pub(super) const HANDLEBARS: [&str; 6] = [
    "theme/head.hbs",
    "theme/header.hbs",
    "theme/index.hbs",
    "theme/redirect.hbs",
    "theme/toc.html.hbs",
    "theme/toc.js.hbs",
];

/// Looks at the book in the folder `dir`, with what the environment says over its configuration.
pub(super) fn layout(dir: &Path, overrides: &[Override]) -> anyhow::Result<Layout> {
    let root = match fs::canonicalize(dir) {
        Ok(root) if root.is_dir() => root,
        Ok(_) => bail!("`{}` is not a folder", dir.display()),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("there is no folder `{}`", dir.display())
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
    // What is wrong with the text is said by `compile`.
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

/// Where `path` below `root` leads, links followed; nothing when nothing is there.
///
/// # Errors
/// When it leads out of `root`, which is absolute and without links, or nowhere, or from what is
/// shown to what is hidden: a repository keeps tokens in `.git`.
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
            bail!("{} is a link that leads out of the book", name())
        }
        Ok(real) if !is_shown(&real, root) && is_shown(&named, root) => {
            bail!("{} is a link to something hidden", name())
        }
        Ok(real) => Ok(Some(real)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            bail!("{} is a link that leads nowhere", name())
        }
        Err(error) => Err(error).with_context(name),
    }
}

/// What version control leaves in the folder of a project.
const REPOSITORIES: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// What tells of a package, where nothing tells of version control: a release that was unpacked.
const MANIFESTS: [&str; 4] = ["Cargo.toml", "go.mod", "package.json", "pyproject.toml"];

/// The folder of the project that the book in the folder `root` is a part of, above that folder.
///
/// It is the repository that holds the book or, without one, the widest folder around it with the
/// manifest of a package; never the whole disk, the home folder, that of temporary files, or one
/// around these. A book by itself has none.
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

/// Whether the error says that nothing has this path.
pub(super) fn is_absent(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// A path that is written in this room.
pub(super) fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path written in this room is a path")
}

/// Whether a path lies in the folder `around` it, and is not hidden there.
pub(super) fn is_shown(path: &Path, around: &Path) -> bool {
    let below = path.strip_prefix(around);
    below.is_ok_and(|below| !below.iter().any(is_left_aside))
}

/// Whether a file or folder of this name is no part of a book: what is hidden, and what editors
/// keep beside the file that is written (`a.md~`, `#a.md#`), which would tell of older words.
pub(super) fn is_left_aside(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    let is_saved = name.len() > 1 && name.starts_with(b"#") && name.ends_with(b"#");
    name.starts_with(b".") || name.ends_with(b"~") || is_saved
}
