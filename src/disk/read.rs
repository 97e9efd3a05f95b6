//! Reads a book's folder into [`Inputs`].

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use jiff::civil::Date;
use walkdir::{DirEntry, WalkDir};

use super::layout::{self, Layout, inside, is_shown, layout};
use super::manifest::MANIFEST;
use super::stat_cache::Known;
use crate::compile::{self, Inputs, Options};
use crate::config::Neighbor;
use crate::text::{SitePath, composed};

/// Reads the book in the folder `dir`.
///
/// It reads `book.toml`; all files in the text folder, `templates` and `static`; `theme.css`; the
/// templates of an mdBook theme, to report that they have no effect; the files in `additional-css`,
/// `additional-js` and `card-fonts`; the inventories of the sites in the configuration; and the
/// files that texts include from the folder or, in a plain mdBook book, from its project. Files and
/// folders whose name begins with a dot are skipped, and so are folders that contain a published
/// site. Symbolic links are followed as long as they stay inside the book or that project.
///
/// # Errors
/// Returns all entries that cannot be read, each with its path, after everything else was read:
/// symbolic links that lead out of the book, to nothing or in a cycle; pipes, sockets and devices;
/// names that no address can contain.
pub fn read(dir: &Path, options: Options, today: Date) -> anyhow::Result<Inputs> {
    read_again(dir, options, today, &mut Known::default())
}

/// Reads the book in the folder `dir` like [`read()`], but takes unchanged files from `known`, and
/// updates it.
///
/// # Errors
/// As [`read()`].
pub fn read_again(
    dir: &Path,
    options: Options,
    today: Date,
    known: &mut Known,
) -> anyhow::Result<Inputs> {
    known.begin();
    let inputs = read_into(dir, options, today, known);
    known.end();
    inputs
}

fn read_into(
    dir: &Path,
    options: Options,
    today: Date,
    known: &mut Known,
) -> anyhow::Result<Inputs> {
    let book = layout(dir, &options.overrides).context("cannot read the book")?;
    known.folder(&book.root);
    let mut reader = Reader {
        known,
        root: &book.root,
        build_dir: normal(&book.root.join(&book.config.build_dir)),
        files: BTreeMap::new(),
        faults: Vec::new(),
        linked: Vec::new(),
        leading_out: Vec::new(),
        followed: 0,
    };
    if let Some(bytes) = &book.book_toml {
        let file = layout::path(layout::BOOK_TOML);
        reader.files.insert(file, bytes.as_slice().into());
    }
    reader.source(&book, dir)?;
    for folder in [layout::TEMPLATES, layout::STATIC] {
        reader.named(&layout::path(folder), Kind::Folder);
    }
    reader.named(&layout::path(layout::THEME_CSS), Kind::File);
    for template in layout::HANDLEBARS {
        reader.named(&layout::path(template), Kind::File);
    }
    let config = &book.config;
    let named = config.additional_css.iter().chain(&config.additional_js);
    for file in named.chain(&config.card_fonts) {
        reader.named(file, Kind::File);
    }
    for name in config.sites.keys() {
        reader.named(&Neighbor::file(name), Kind::File);
    }
    let mut inputs = Inputs {
        files: std::mem::take(&mut reader.files),
        today,
        options: Options {
            vault: book.vault,
            ..options
        },
    };
    let is_plain = compile::is_plain(&inputs, config);
    let project = is_plain.then(|| layout::project(&book.root)).flatten();
    reader.files = std::mem::take(&mut inputs.files);
    reader.led_out(project.as_deref());
    reader.included(project.as_deref());
    inputs.files = std::mem::take(&mut reader.files);
    match reader.faults.as_slice() {
        [] => Ok(inputs),
        [fault] => bail!("cannot read the book: {fault}"),
        faults => bail!(
            "cannot read the book, {} errors:\n  {}",
            faults.len(),
            faults.join("\n  ")
        ),
    }
}

/// The maximum number of folders that are read through symbolic links. Links into each other's
/// folders can multiply without forming a cycle.
const LINKED_FOLDERS: usize = 1_000;

/// Returns the path of an entry whose name differs from `path` only in the form of its letters.
fn respelled(from: &Path, path: &SitePath) -> Option<PathBuf> {
    let mut found = from.to_owned();
    for part in path.as_str().split('/') {
        let here = found.join(part);
        found = if part.is_ascii() || here.exists() {
            here
        } else {
            let entries = fs::read_dir(&found).ok()?.flatten();
            let mut names = entries.map(|entry| entry.file_name());
            let is_same = |name: &OsString| {
                name.to_str()
                    .is_some_and(|name| composed(name) == composed(part))
            };
            found.join(names.find(is_same)?)
        };
    }
    Some(found)
}

/// What is expected at a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

/// A scan in progress.
struct Reader<'a> {
    known: &'a mut Known,
    root: &'a Path,
    /// The output folder, which is not read, even if it is in the text folder.
    build_dir: PathBuf,
    files: BTreeMap<SitePath, Arc<[u8]>>,
    faults: Vec<String>,
    /// Folders to read because a symbolic link leads to them.
    linked: Vec<Folder>,
    leading_out: Vec<LeadingOut>,
    followed: usize,
}

/// A symbolic link that leads out of the book's folder.
struct LeadingOut {
    /// The path of the link, and its target.
    link: PathBuf,
    real: PathBuf,
    /// Its path in the book.
    path: SitePath,
    /// See [`Folder::from`].
    from: Vec<PathBuf>,
    /// The error if it must not be followed.
    fault: String,
}

/// A folder to read.
struct Folder {
    /// Its real path.
    real: PathBuf,
    /// Its path in the book.
    path: SitePath,
    /// Canonical folders of the symlinks followed so far.
    from: Vec<PathBuf>,
}

impl Reader<'_> {
    /// Reads the text folder, which must exist.
    fn source(&mut self, book: &Layout, dir: &Path) -> anyhow::Result<()> {
        let place = Path::new(book.source.as_str());
        match inside(&book.root, place).context("cannot read the book")? {
            Some(real) if real.is_dir() => {}
            Some(_) => bail!(
                "cannot read the book: `{}` is not a folder",
                dir.join(place).display()
            ),
            None if book.config.src.is_some() => bail!(
                "cannot read the book: folder `{}` not found\n  = hint: create it, or set `src` \
                 in `book.toml` to another folder",
                dir.join(place).display()
            ),
            None => bail!(
                "no book in `{}`: it has neither a folder `content` nor a folder `src`\n  = \
                 hint: create a book with `whosaid init`",
                dir.display()
            ),
        }
        self.named(&book.source, Kind::Folder);
        Ok(())
    }

    /// Reads a file or folder with a fixed name, if it exists.
    fn named(&mut self, path: &SitePath, kind: Kind) {
        match inside(self.root, Path::new(path.as_str())) {
            Ok(None) => {}
            Ok(Some(real)) if kind == Kind::Folder && real.is_dir() => {
                self.linked.push(Folder {
                    real,
                    path: path.clone(),
                    from: Vec::new(),
                });
                self.folders();
            }
            Ok(Some(real)) if kind == Kind::File && real.is_file() => self.file(&real, path),
            Ok(Some(_)) => self.faults.push(match kind {
                Kind::File => format!("`{path}` is not a regular file"),
                Kind::Folder => format!("`{path}` is not a folder"),
            }),
            Err(error) => self.faults.push(format!("{error:#}")),
        }
    }

    /// Reads the remaining folders.
    fn folders(&mut self) {
        while let Some(folder) = self.linked.pop() {
            self.folder(&folder);
        }
    }

    /// Reads the files that texts include from the book's folder and, for a plain book, from its
    /// project. Missing files are reported at the include.
    fn included(&mut self, project: Option<&Path>) {
        let mut asked = BTreeSet::new();
        loop {
            let wanted = compile::included(&self.files);
            let new: Vec<SitePath> = wanted.difference(&asked).cloned().collect();
            if new.is_empty() {
                return;
            }
            for path in new {
                if let Some(real) = self.reached(&path, project)
                    && real.is_file()
                {
                    if let Some(folder) = real.parent() {
                        self.known.folder(folder);
                    }
                    self.file(&real, &path);
                }
                asked.insert(path);
            }
        }
    }

    /// Returns the real path for a path in the book or its project, if an include can use it.
    fn reached(&self, path: &SitePath, project: Option<&Path>) -> Option<PathBuf> {
        let (steps, path) = path.around().unwrap_or_else(|| (0, path.clone()));
        let from = self.root.ancestors().nth(steps)?;
        let whole = from.join(path.as_str());
        let real = fs::canonicalize(whole).ok();
        let real = real.or_else(|| fs::canonicalize(respelled(from, &path)?).ok())?;
        let is_own = steps == 0 && is_shown(&real, self.root);
        (is_own || project.is_some_and(|project| is_shown(&real, project))).then_some(real)
    }

    fn folder(&mut self, folder: &Folder) {
        self.known.folder(&folder.real);
        let build_dir = self.build_dir.clone();
        let mut entries = WalkDir::new(&folder.real)
            .min_depth(1)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| is_text(entry, &build_dir));
        while let Some(entry) = entries.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unwalked(&error);
                    continue;
                }
            };
            let Some(path) = self.path_of(&entry, folder) else {
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            };
            let kind = entry.file_type();
            if kind.is_file() {
                self.file(entry.path(), &path);
            } else if kind.is_symlink() {
                self.follow(entry.path(), path, folder);
            } else if kind.is_dir() {
                self.known.folder(entry.path());
            } else {
                self.faults.push(neither_file_nor_folder(&path));
            }
        }
    }

    /// Returns the path of the entry in the book; reports an invalid name.
    fn path_of(&mut self, entry: &DirEntry, folder: &Folder) -> Option<SitePath> {
        let below = entry
            .path()
            .strip_prefix(&folder.real)
            .expect("a walk stays below its folder");
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        let Some(parts) = parts else {
            self.faults
                .push(format!("the name of `{}/{}` is not UTF-8", folder.path, {
                    below.display()
                }));
            return None;
        };
        let path = if folder.path.is_root() {
            parts.join("/")
        } else {
            format!("{}/{}", folder.path, parts.join("/"))
        };
        SitePath::new(&path)
            .map_err(|fault| {
                self.faults.push(format!(
                    "the name of `{}` cannot be used: {fault}",
                    path.escape_debug()
                ));
            })
            .ok()
    }

    fn file(&mut self, real: &Path, path: &SitePath) {
        if real.strip_prefix(self.root).ok() != Some(Path::new(path.as_str())) {
            self.known.link();
        }
        match self.known.file(real) {
            Ok(bytes) => {
                self.files.insert(path.clone(), bytes);
            }
            // The file was deleted after its folder was listed, as happens when editors save.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => self.faults.push(format!("`{path}`: {error}")),
        }
    }

    fn follow(&mut self, link: &Path, path: SitePath, folder: &Folder) {
        let below = link.strip_prefix(self.root).unwrap_or(link);
        match inside(self.root, below) {
            Ok(Some(real)) => self.lead(link, real, path, &folder.from),
            Ok(None) => {}
            Err(error) => {
                let fault = format!("{error:#}");
                match fs::canonicalize(link) {
                    Ok(real) => self.leading_out.push(LeadingOut {
                        link: link.to_owned(),
                        real,
                        path,
                        from: folder.from.clone(),
                        fault,
                    }),
                    Err(_) => self.faults.push(fault),
                }
            }
        }
    }

    /// Follows symbolic links that lead out of the book, but not out of its project.
    fn led_out(&mut self, project: Option<&Path>) {
        while !self.leading_out.is_empty() {
            for out in std::mem::take(&mut self.leading_out) {
                match project {
                    Some(project) if is_shown(&out.real, project) => {
                        self.lead(&out.link, out.real, out.path, &out.from);
                        self.folders();
                    }
                    Some(_) | None => self.faults.push(out.fault),
                }
            }
        }
    }

    /// Reads the target of a symbolic link.
    fn lead(&mut self, link: &Path, real: PathBuf, path: SitePath, from: &[PathBuf]) {
        if real.is_file() {
            self.file(&real, &path);
        } else if !real.is_dir() {
            self.faults.push(neither_file_nor_folder(&path));
        } else if real.join(MANIFEST).exists() || real == self.build_dir {
            // A published site is never text.
        } else {
            self.follow_folder(link, real, path, from);
        }
    }

    fn follow_folder(&mut self, link: &Path, real: PathBuf, path: SitePath, from: &[PathBuf]) {
        let mut from = from.to_owned();
        from.push(link.parent().unwrap_or(link).to_owned());
        if from.iter().any(|here| here.starts_with(&real)) {
            self.faults
                .push(format!("`{path}` is a symbolic link that forms a cycle"));
            return;
        }
        self.followed += 1;
        if self.followed == LINKED_FOLDERS + 1 {
            self.faults.push(format!(
                "more than {LINKED_FOLDERS} symbolic links to folders, beginning with `{path}`"
            ));
        }
        if self.followed <= LINKED_FOLDERS {
            self.linked.push(Folder { real, path, from });
        }
    }

    fn unwalked(&mut self, error: &walkdir::Error) {
        let went_away = error.io_error().is_some_and(layout::is_absent);
        if !went_away {
            let path = error.path().unwrap_or(self.root);
            let path = path.strip_prefix(self.root).unwrap_or(path).display();
            let reason = error
                .io_error()
                .map_or_else(String::new, |error| format!(": {error}"));
            self.faults.push(format!("`{path}`{reason}"));
        }
    }
}

/// True if the entry is part of a book: not hidden, not a backup file, and not a published site.
fn is_text(entry: &DirEntry, build_dir: &Path) -> bool {
    let is_site = || {
        entry.file_type().is_dir()
            && (entry.path() == build_dir || entry.path().join(MANIFEST).exists())
    };
    !layout::is_left_aside(entry.file_name()) && !is_site()
}

fn neither_file_nor_folder(path: &SitePath) -> String {
    format!("`{path}` is a pipe, a socket or a device; expected a file or a folder")
}

/// Resolves symbolic links; returns the path unchanged if it does not exist.
fn normal(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
