//! Where a site may be published, and where not.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, bail};

use super::layout::{self, is_absent, layout};

/// The folder `to`, absolute and without links, when a site may be published there.
///
/// It need not exist. Links further up its path are followed, the folder itself may be none.
pub(super) fn target(to: &Path, book: &Path) -> anyhow::Result<PathBuf> {
    // A slash behind a link would make the system look at what it leads to.
    let to: PathBuf = Path::new(".").join(to).components().collect();
    if fs::symlink_metadata(&to).is_ok_and(|metadata| metadata.is_symlink()) {
        bail!("it is a symbolic link\n  = hint: name the folder that it leads to");
    }
    let book = layout(book)?;
    let target = resolved(&to)?;
    if target.parent().is_none() {
        bail!("it is the root of a file system{ELSEWHERE}");
    }
    if target == book.root {
        bail!("it is the folder of the book itself{ELSEWHERE}");
    }
    if book.root.starts_with(&target) {
        bail!("it holds the book{ELSEWHERE}");
    }
    for part in [book.source.as_str(), layout::TEMPLATES, layout::STATIC] {
        let (named, real) = (book.root.join(part), resolved(&book.root.join(part))?);
        for real in [named, real] {
            let how = match (real.starts_with(&target), target.starts_with(&real)) {
                (true, true) => "is",
                (true, false) => "holds",
                (false, true) => "lies in",
                (false, false) => continue,
            };
            bail!("it {how} `{part}`, which is part of the book{ELSEWHERE}");
        }
    }
    match fs::metadata(&target) {
        Ok(metadata) if !metadata.is_dir() => bail!("it is not a folder"),
        Ok(_) => {}
        Err(error) if is_absent(&error) => {}
        Err(error) => return Err(error).context("it cannot be looked at"),
    }
    match fs::symlink_metadata(target.join(".git")) {
        Ok(_) => bail!("it holds `.git`, so that it is the home of a repository{ELSEWHERE}"),
        Err(error) if is_absent(&error) => Ok(target),
        Err(error) => Err(error).context("it cannot be looked at"),
    }
}

const ELSEWHERE: &str =
    "\n  = hint: name another folder with `--dest-dir`, or as `build-dir` in `book.toml`";

/// The path made absolute, with links and `..` resolved as the system would, as far as it exists.
fn resolved(path: &Path) -> anyhow::Result<PathBuf> {
    let mut resolved = PathBuf::new();
    let absolute = std::path::absolute(path).context("it is not a path")?;
    for component in absolute.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                resolved.pop();
            }
            Component::Prefix(_) | Component::RootDir => resolved.push(component),
            Component::Normal(name) => {
                resolved.push(name);
                resolved = real(&resolved)?;
            }
        }
    }
    Ok(resolved)
}

fn real(path: &Path) -> anyhow::Result<PathBuf> {
    match fs::canonicalize(path) {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(path.to_owned()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            let parent = path.parent().unwrap_or(path);
            bail!("`{}` is not a folder", parent.display())
        }
        Err(error) => Err(error).with_context(|| format!("`{}`", path.display())),
    }
}

/// Makes the folder and keeps other builds out of it until the handle is dropped.
///
/// Where a file system or the operating system knows no such lock, builds go on without one.
pub(super) fn make_and_lock(target: &Path) -> io::Result<Option<fs::File>> {
    fs::create_dir_all(target)?;
    if cfg!(not(unix)) {
        return Ok(None);
    }
    let folder = fs::File::open(target)?;
    Ok(folder.lock().is_ok().then_some(folder))
}
