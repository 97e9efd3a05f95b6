//! Files in the text folder that must not be published, or probably should not be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::book_files::Assets;
use super::references;
use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::parse::Draft;
use crate::text::{Place, SitePath};

/// Endings of backups, of unfinished downloads and of files with keys, in lower case.
const NEVER: [&str; 28] = [
    "bak",
    "backup",
    "old",
    "orig",
    "rej",
    "save",
    "swp",
    "swo",
    "swn",
    "tmp",
    "temp",
    "part",
    "crdownload",
    "pem",
    "key",
    "p12",
    "pfx",
    "p8",
    "jks",
    "keystore",
    "kdbx",
    "ppk",
    "gpg",
    "age",
    "env",
    "pyc",
    "lock",
    "log",
];

/// Names of files that are never part of a site, in lower case.
const NEVER_NAMED: [&str; 9] = [
    "book.toml",
    "thumbs.db",
    "desktop.ini",
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    "credentials",
    "credentials.json",
];

/// Folders of other tools, in lower case.
const NEVER_BELOW: [&str; 4] = ["node_modules", "__pycache__", "venv", "__macosx"];

/// Endings of files that sites are made of, in lower case.
const USUAL: [&str; 56] = [
    "css",
    "js",
    "mjs",
    "map",
    "json",
    "jsonld",
    "geojson",
    "webmanifest",
    "html",
    "htm",
    "xhtml",
    "xml",
    "rss",
    "atom",
    "txt",
    "svg",
    "png",
    "apng",
    "jpg",
    "jpeg",
    "gif",
    "webp",
    "avif",
    "ico",
    "bmp",
    "tif",
    "tiff",
    "mp3",
    "ogg",
    "oga",
    "opus",
    "wav",
    "m4a",
    "flac",
    "mp4",
    "m4v",
    "webm",
    "ogv",
    "mov",
    "vtt",
    "srt",
    "pdf",
    "csv",
    "tsv",
    "bib",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "epub",
    "kml",
    "gpx",
    "ics",
    "wasm",
    "yaml",
    "yml",
];

/// Endings of files that pages load by themselves, in lower case.
const OF_PAGES: [&str; 11] = [
    "css",
    "js",
    "mjs",
    "map",
    "webmanifest",
    "ico",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "wasm",
];

/// True for files that are never published, wherever they are in the book.
pub fn is_never_published(path: &SitePath) -> bool {
    let lower = path.as_str().to_lowercase();
    let (folders, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    NEVER_NAMED.contains(&name)
        || NEVER.contains(&extension)
        || name.ends_with('~')
        || folders
            .split('/')
            .any(|folder| NEVER_BELOW.contains(&folder))
}

/// One warning for all copied files that no document refers to and that are probably not meant:
/// files of kinds that sites are rarely made of and, in a book with a TLP ceiling, all others that
/// could say something. Which of them are withheld matter, only their author knows.
pub fn unreferenced(
    drafts: &[Arc<Draft>],
    (source, assets): (&SitePath, &Assets),
    config: &Config,
) -> Option<Diagnostic> {
    let is_asked = |path: &&SitePath| {
        let extension = path.extension().to_lowercase();
        let extension = extension.as_str();
        // Hosts read `_headers`, `CNAME` and `robots.txt`; `LICENSE` is a habit.
        let name = path.name();
        let is_for_hosts = name.starts_with('_')
            || name == "robots.txt"
            || !name.contains('.') && !name.contains(char::is_lowercase);
        let is_served = is_for_hosts
            || config.additional_css.contains(path)
            || config.additional_js.contains(path);
        match config.tlp {
            _ if is_served || path.as_str() == "theme.css" => false,
            Some(_) => !OF_PAGES.contains(&extension),
            None => !USUAL.contains(&extension),
        }
    };
    let mut found: BTreeSet<&SitePath> = assets.copied.keys().filter(is_asked).collect();
    if found.is_empty() {
        return None;
    }
    for draft in drafts {
        for used in references::files(draft, source, assets) {
            found.remove(&used);
        }
    }
    let found: Vec<SitePath> = found.iter().map(|it| it.within(source)).collect();
    let first = found.first()?;
    const SHOWN: usize = 10;
    let names = found.iter().take(SHOWN).map(|path| format!("`{path}`"));
    let names = names.collect::<Vec<_>>().join(", ");
    let more = match found.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = match found.len() {
        1 => format!("{names} is published, but no text refers to it"),
        _ => format!("{names}{more} are published, but no text refers to them"),
    };
    Some(
        Diagnostic::new(Code::StrayFile, Place::whole(first), message)
            .label("every file of the text folder is published")
            .hint("move it out of the text folder, begin its name with a dot, or link to it"),
    )
}

/// Errors for names that some file systems cannot hold, and for names that differ only in case or
/// in the form of their letters, which are one file on macOS and Windows.
pub fn unportable(files: impl Iterator<Item = SitePath>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut folded: BTreeMap<String, SitePath> = BTreeMap::new();
    let mut reported: Vec<String> = Vec::new();
    for file in files {
        let place = Place::whole(&file);
        let mut path = String::new();
        for part in file.as_str().split('/') {
            if !path.is_empty() {
                path.push('/');
            }
            path.push_str(part);
            if reported.contains(&path) {
                continue;
            }
            if let Some(why) = fault(part) {
                reported.push(path.clone());
                diagnostics.push(
                    Diagnostic::new(
                        Code::UnportableName,
                        place.clone(),
                        format!("unportable name: `{part}` {why}"),
                    )
                    .label("this file, or a folder around it")
                    .hint("rename it: letters, digits, `-` and `_` work on all systems"),
                );
            }
            let Ok(whole) = SitePath::new(&path) else {
                continue;
            };
            let key: String = path.nfc().collect::<String>().to_lowercase();
            let other = folded.entry(key).or_insert_with(|| whole.clone());
            if *other != whole {
                reported.push(path.clone());
                diagnostics.push(
                    Diagnostic::new(
                        Code::UnportableName,
                        place.clone(),
                        format!("`{whole}` and `{other}` are the same name on macOS and Windows"),
                    )
                    .label("the names differ only in case or in Unicode normalization")
                    .hint("rename one of them"),
                );
            }
        }
    }
    diagnostics
}

/// What is wrong with a name.
fn fault(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or("").trim_end();
    let stem = stem.to_uppercase();
    let is_port = |lead: &str| {
        let number = stem.strip_prefix(lead).unwrap_or("");
        matches!(number.as_bytes(), [b'1'..=b'9'])
    };
    let is_device =
        matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || is_port("COM") || is_port("LPT");
    if is_device {
        return Some("is the name of a device on Windows");
    }
    if name.contains(|c: char| "<>:\"|?*\\".contains(c) || c.is_control()) {
        return Some("has a character that Windows does not allow in names");
    }
    if name.ends_with(['.', ' ']) {
        return Some("ends in a dot or a space, which Windows removes");
    }
    (name.len() > 255).then_some("is longer than 255 bytes, the maximum of most systems")
}
