//! `SitePath`: the only kind of path in the core.

use std::fmt;
use std::sync::Arc;

use super::{Encoding, percent_encoded};

/// A relative path with `/` separators that cannot leave its root.
///
/// It contains no `..`, no `.`, no empty part, no backslash, no NUL and no drive letter, so joining
/// it to a folder always stays inside that folder. Files that a book includes from its project
/// outside of the root have a special form, see [`SitePath::sibling_around`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(Arc<str>);

/// The name for the folder around the root in such a path. It is hidden, so no file from the folder
/// of a book has it.
const AROUND: &str = ".around";

/// Why a text is not a [`SitePath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    /// It has no parts.
    Empty,
    /// It begins with `/` or a drive letter.
    Rooted,
    /// It leaves the root with `..`.
    Leaves,
    /// It contains a backslash or a control character.
    Unwritable,
}

impl SitePath {
    /// Parses `text` as a path and resolves `.` and `..` in it.
    ///
    /// # Errors
    /// Returns a [`PathFault`] if the path is empty, absolute, leaves the root or is not valid on
    /// every system.
    pub fn new(text: &str) -> Result<SitePath, PathFault> {
        // A fast path: almost all paths come from this program and need no changes.
        if is_settled(text) {
            return Ok(SitePath(text.into()));
        }
        if text.starts_with('/') {
            return Err(PathFault::Rooted);
        }
        if text.contains('\\') || text.chars().any(char::is_control) {
            return Err(PathFault::Unwritable);
        }
        let mut parts: Vec<&str> = Vec::new();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or(PathFault::Leaves)?;
                }
                part => parts.push(part),
            }
        }
        match parts.first() {
            None => Err(PathFault::Empty),
            Some(first) if first.len() == 2 && first.ends_with(':') => Err(PathFault::Rooted),
            Some(_) => Ok(SitePath(parts.join("/").into())),
        }
    }

    /// Returns a path that the program itself writes or puts together from ids and slugs.
    ///
    /// # Panics
    /// If `text` is no path, which is a bug.
    pub fn known(text: &str) -> SitePath {
        SitePath::new(text).expect("a path that the program makes")
    }

    /// Returns the root as a folder: the only path without parts. All paths are below it.
    pub fn root() -> SitePath {
        SitePath("".into())
    }

    /// True for the root itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the path as text, with `/` between its parts; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Resolves `text` relative to the folder of this file.
    ///
    /// # Errors
    /// As [`SitePath::new`].
    pub fn sibling(&self, text: &str) -> Result<SitePath, PathFault> {
        match (text.starts_with('/'), self.parent()) {
            (false, Some(parent)) => SitePath::new(&format!("{parent}/{text}")),
            _ => SitePath::new(text),
        }
    }

    /// Like [`SitePath::sibling`], but `text` can leave the root: each folder around the root
    /// becomes a hidden name at the front. So the path differs from all others, and joining it to a
    /// folder leads to no existing file.
    ///
    /// # Errors
    /// As [`SitePath::new`], and if the text contains that hidden name itself.
    pub fn sibling_around(&self, text: &str) -> Result<SitePath, PathFault> {
        if text.starts_with('/') {
            return Err(PathFault::Rooted);
        }
        let (mut steps, here) = self.steps_around();
        let mut parts: Vec<&str> = here.split('/').collect();
        parts.pop();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.pop().is_none() => steps += 1,
                ".." => {}
                AROUND => return Err(PathFault::Leaves),
                part => parts.push(part),
            }
        }
        let path = SitePath::new(&parts.join("/"))?;
        Ok(match steps {
            0 => path,
            _ => SitePath(format!("{}{path}", format!("{AROUND}/").repeat(steps)).into()),
        })
    }

    /// Returns how many folders above the root it leads, and its path from there; `None` inside the
    /// root.
    pub fn around(&self) -> Option<(usize, SitePath)> {
        let (steps, rest) = self.steps_around();
        (steps > 0).then(|| (steps, SitePath(rest.into())))
    }

    fn steps_around(&self) -> (usize, &str) {
        let (mut steps, mut rest) = (0, self.as_str());
        while let Some((AROUND, below)) = rest.split_once('/') {
            (steps, rest) = (steps + 1, below);
        }
        (steps, rest)
    }

    /// Returns this path inside the folder `folder`.
    pub fn within(&self, folder: &SitePath) -> SitePath {
        if folder.is_root() {
            return self.clone();
        }
        SitePath(format!("{folder}/{self}").into())
    }

    /// Returns this path relative to `folder`; `None` if it is not below it.
    pub fn below(&self, folder: &SitePath) -> Option<SitePath> {
        if folder.is_root() {
            return (!self.is_root()).then(|| self.clone());
        }
        let rest = self.0.strip_prefix(folder.as_str())?.strip_prefix('/')?;
        (!rest.is_empty()).then(|| SitePath(rest.into()))
    }

    /// Returns the folder of the path; `None` at the root.
    pub fn parent(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(parent, _)| parent)
    }

    /// Returns the last part, with its extension.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// Returns the last part without its extension.
    pub fn stem(&self) -> &str {
        let name = self.name();
        name.rsplit_once('.')
            .map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
    }

    /// Returns the extension without its dot; empty if there is none.
    pub fn extension(&self) -> &str {
        match self.name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => "",
        }
    }

    /// Returns the same path with another extension.
    pub fn with_extension(&self, extension: &str) -> SitePath {
        let stem = self.stem();
        SitePath(match self.parent() {
            Some(parent) => format!("{parent}/{stem}.{extension}").into(),
            None => format!("{stem}.{extension}").into(),
        })
    }

    /// True if any part begins with a dot.
    pub fn is_hidden(&self) -> bool {
        self.0.split('/').any(|part| part.starts_with('.'))
    }

    /// Returns the path as part of a URL, percent-encoded.
    pub fn address(&self) -> String {
        percent_encoded(&self.0, Encoding::Path).into_owned()
    }

    /// Returns the URL of this path relative to the page `from`.
    pub fn seen_from(&self, from: &SitePath) -> String {
        let mut here = from.parent();
        let mut rest = self.as_str();
        // The common folders of both.
        while let Some(folders) = here {
            let (folder, deeper) = match folders.split_once('/') {
                Some((folder, deeper)) => (folder, Some(deeper)),
                None => (folders, None),
            };
            match rest.split_once('/') {
                Some((same, below)) if same == folder => (here, rest) = (deeper, below),
                Some(_) | None => break,
            }
        }
        let up = here.map_or(0, |folders| folders.split('/').count());
        let mut address = String::with_capacity(3 * up + rest.len());
        (0..up).for_each(|_| address.push_str("../"));
        address.push_str(&percent_encoded(rest, Encoding::Path));
        address
    }
}

/// True if a text is a plain path that needs no changes and has no faults.
fn is_settled(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    let is_step = |part: &str| matches!(part, "" | "." | "..");
    text.bytes().all(is_plain) && !text.split('/').any(is_step)
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PathFault::Empty => "the path is empty",
            PathFault::Rooted => "the path is absolute",
            PathFault::Leaves => "the path leads out of the book",
            PathFault::Unwritable => "the path contains a backslash or a control character",
        })
    }
}
