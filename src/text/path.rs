//! `SitePath`: the only kind of path the core knows.

use std::fmt;
use std::sync::Arc;

/// A relative path with `/` between its parts that cannot leave its root.
///
/// It holds no `..`, no `.`, no empty part, no backslash, no NUL and no drive
/// letter, so joining it to a folder always stays inside that folder. What a book includes from
/// the project around it has a path of its own kind, see [`SitePath::sibling_around`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SitePath(Arc<str>);

/// What the folder around the root is called in a path that leads there. The name is hidden, so
/// that no file that is read from a book's folder bears it.
const AROUND: &str = ".around";

/// Why a text is not a [`SitePath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathFault {
    Empty,
    /// It begins with `/` or names a drive.
    Rooted,
    /// It climbs out of the root by `..`.
    Leaves,
    /// It holds a backslash or a control character.
    Unwritable,
}

impl SitePath {
    /// Reads `text` as a path, resolving `.` and `..` within it.
    ///
    /// # Errors
    /// A [`PathFault`] when it is empty, rooted, climbs out or cannot be written on every system.
    pub fn new(text: &str) -> Result<SitePath, PathFault> {
        // Nearly every path is one that the tool itself has put together.
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

    /// The root itself, as a folder: the one path without a part. All paths lie below it.
    pub fn root() -> SitePath {
        SitePath("".into())
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of `text` as written in this file: relative to its folder.
    ///
    /// # Errors
    /// As [`SitePath::new`].
    pub fn sibling(&self, text: &str) -> Result<SitePath, PathFault> {
        match (text.starts_with('/'), self.parent()) {
            (false, Some(parent)) => SitePath::new(&format!("{parent}/{text}")),
            _ => SitePath::new(text),
        }
    }

    /// As [`SitePath::sibling`], but `text` may climb out of the root: each folder around it is
    /// a hidden name in front, so that such a path is told from all others and, joined to a folder
    /// without a second thought, leads nowhere.
    ///
    /// # Errors
    /// As [`SitePath::new`], and for a text that holds that name itself.
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

    /// How many folders above the root it leads, and its path from there; none inside the root.
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

    /// This path inside the folder `folder`.
    pub fn within(&self, folder: &SitePath) -> SitePath {
        if folder.is_root() {
            return self.clone();
        }
        SitePath(format!("{folder}/{self}").into())
    }

    /// What is left of this path below `folder`, if it lies there.
    pub fn below(&self, folder: &SitePath) -> Option<SitePath> {
        if folder.is_root() {
            return (!self.is_root()).then(|| self.clone());
        }
        let rest = self.0.strip_prefix(folder.as_str())?.strip_prefix('/')?;
        (!rest.is_empty()).then(|| SitePath(rest.into()))
    }

    /// The folder that holds it; none at the root.
    pub fn parent(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(parent, _)| parent)
    }

    /// The last part, with its extension.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The last part without its extension.
    pub fn stem(&self) -> &str {
        let name = self.name();
        name.rsplit_once('.')
            .map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
    }

    /// The extension without its dot; empty when there is none.
    pub fn extension(&self) -> &str {
        match self.name().rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => extension,
            _ => "",
        }
    }

    /// The same path with another extension.
    pub fn with_extension(&self, extension: &str) -> SitePath {
        let stem = self.stem();
        SitePath(match self.parent() {
            Some(parent) => format!("{parent}/{stem}.{extension}").into(),
            None => format!("{stem}.{extension}").into(),
        })
    }

    /// Whether any part begins with a dot.
    pub fn is_hidden(&self) -> bool {
        self.0.split('/').any(|part| part.starts_with('.'))
    }

    /// The path as part of an address: what may not stand there is percent-encoded.
    pub fn address(&self) -> String {
        let mut address = String::with_capacity(self.0.len());
        encode(&self.0, &mut address);
        address
    }

    /// The relative address of this path as seen from the page `from`.
    pub fn seen_from(&self, from: &SitePath) -> String {
        let mut here = from.parent();
        let mut rest = self.as_str();
        // The folders that both lie in.
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
        encode(rest, &mut address);
        address
    }
}

/// Whether a text is a path as it stands, of plain letters: nothing to resolve and no fault.
fn is_settled(text: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    let is_step = |part: &str| matches!(part, "" | "." | "..");
    text.bytes().all(is_plain) && !text.split('/').any(is_step)
}

/// A text with what is percent-encoded in it decoded; as it is where that is no text.
pub fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_string();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (bytes[at], hex) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_string())
}

/// Appends `path` with all percent-encoded that may not stand in an address.
fn encode(path: &str, address: &mut String) {
    let is_plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'/' | b'-' | b'_' | b'.' | b'~' | b'!' | b'\'' | b'(' | b')'
            )
            || matches!(byte, b'*' | b'+' | b',' | b';' | b'=' | b'@' | b'$')
    };
    if path.bytes().all(is_plain) {
        return address.push_str(path);
    }
    for byte in path.bytes() {
        match is_plain(byte) {
            true => address.push(char::from(byte)),
            false => address.push_str(&format!("%{byte:02X}")),
        }
    }
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
            PathFault::Empty => "it names nothing",
            PathFault::Rooted => "it begins at the root of the machine",
            PathFault::Leaves => "it leads out of the book",
            PathFault::Unwritable => "it holds a backslash or a control character",
        })
    }
}
