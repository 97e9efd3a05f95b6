//! Permission to run the preprocessors of a book.
//!
//! A book can come from somebody else, so none of its files can give permission to run a program.
//! Only the user can: [`TrustStore`] stores permissions in the user's configuration folder, and
//! [`Consent`] is the set of programs that one run may start. Both identify a program by its
//! fingerprint, so a changed program has no permission.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::program;
use super::trust_store::{Grant, TrustStore};
use crate::config::{Config, Plugin};

/// The largest file of a program, in bytes, that is hashed. A program with a larger file cannot be
/// trusted.
const LARGEST_FILE: u64 = 256 << 20;
/// The largest number of files in the folders of one program.
const MOST_FILES: usize = 20_000;

/// SHA-256, in hexadecimal digits.
pub(super) type Hash = String;

/// A preprocessor with everything that decides what runs; the user is asked about this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub name: String,
    /// The command line in `book.toml`.
    pub command: String,
    /// The file that the command line starts, if it is found.
    pub executable: Option<PathBuf>,
    /// The table `[preprocessor.NAME]` as JSON.
    pub settings: String,
    /// The files in the book's folder that the command line names, each with its SHA-256.
    pub files: BTreeMap<String, Hash>,
    /// The reason why it cannot be trusted, if there is one.
    pub obstacle: Option<String>,
}

impl Program {
    /// Returns what a preprocessor of the book in `root` would run.
    pub fn of(root: &Path, plugin: &Plugin) -> Program {
        let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let mut program = Program {
            name: plugin.name.clone(),
            command: plugin.command_line(),
            executable: None,
            settings: plugin.settings.clone(),
            files: BTreeMap::new(),
            obstacle: None,
        };
        // A command line that cannot be parsed runs nothing, and is reported later, when it would
        // run.
        let words = program::words(&program.command).unwrap_or_default();
        program.executable = words
            .first()
            .and_then(|word| program::executable(word, &root));
        if let Some(executable) = program.executable.clone()
            && let Err(obstacle) = program.add(&root, &executable)
        {
            program.obstacle = Some(obstacle);
        }
        for named in named_paths(&words) {
            if let Err(obstacle) = program.add(&root, &root.join(named)) {
                program.obstacle = Some(obstacle);
            }
        }
        program
    }

    /// Adds the files at `path` if they are in the book, or if the book links to them.
    fn add(&mut self, root: &Path, path: &Path) -> Result<(), String> {
        let Ok(real) = fs::canonicalize(path) else {
            return Ok(());
        };
        let is_in_book = |path: &Path| path != root && path.starts_with(root);
        if !is_in_book(&real) && !is_in_book(&normalized(path)) {
            return Ok(());
        }
        let mut files = Vec::new();
        let walk = walkdir::WalkDir::new(&real).follow_links(true);
        for entry in walk.sort_by_file_name() {
            let entry = entry.map_err(|error| error.to_string())?;
            // Authors edit these files: in a folder of texts, they are the input of the program.
            let is_text =
                entry.depth() > 0 && entry.path().extension().is_some_and(|it| it == "md");
            if entry.file_type().is_file() && !is_text {
                files.push(entry.into_path());
            }
            if files.len() > MOST_FILES {
                return Err(format!("`{}` contains too many files", path.display()));
            }
        }
        for file in files {
            let name = file.strip_prefix(root).unwrap_or(&file);
            let hash = hash_of(&file)?;
            self.files.insert(name.to_string_lossy().into_owned(), hash);
        }
        Ok(())
    }

    /// Returns a hash of what runs: it changes with the command line, the settings and each file in
    /// the book.
    pub fn fingerprint(&self) -> Hash {
        let parts = [&self.name, &self.command, &self.settings].map(String::as_str);
        let files = self.files.iter();
        let files = files.flat_map(|(path, hash)| [path.as_str(), hash.as_str()]);
        sha256(parts.into_iter().chain(files))
    }
}

/// Returns the SHA-256 of texts. The length precedes each text, so that different lists never give
/// the same input.
pub(super) fn sha256<'a>(texts: impl Iterator<Item = &'a str>) -> Hash {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hexadecimal(&hasher.finalize())
}

fn hash_of(file: &Path) -> Result<Hash, String> {
    let described = |error| format!("cannot read `{}`: {error}", file.display());
    let about = fs::metadata(file).map_err(described)?;
    if about.len() > LARGEST_FILE {
        return Err(format!("`{}` is too large", file.display()));
    }
    let bytes = fs::read(file).map_err(described)?;
    Ok(hexadecimal(&Sha256::digest(&bytes)))
}

fn hexadecimal(bytes: &[u8]) -> Hash {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the path without `.` and `..`; symbolic links are not followed.
fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normalized.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::Normal(_) => {
                normalized.push(part);
            }
        }
    }
    normalized
}

/// Returns everything in a command line that could be the path of a file: `tool.py` in
/// `python tool.py`, in `sh -c "python tool.py"` and in `run --script=tool.py`, and the file of
/// `python -m tool`.
fn named_paths(words: &[String]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for word in words {
        paths.insert(word.clone());
        let is_separator = |c: char| c.is_whitespace() || "|&;()<>=`'\"$,{}".contains(c);
        for part in word.split(is_separator).filter(|part| !part.is_empty()) {
            paths.insert(part.to_owned());
        }
    }
    let modules: Vec<String> = paths.iter().map(|path| path.replace('.', "/")).collect();
    for module in modules {
        paths.insert(format!("{module}.py"));
        paths.insert(module);
    }
    paths.retain(|path| !matches!(path.as_str(), "" | "." | "./" | ".."));
    paths
}

/// The preprocessors that one run may start.
///
/// `serve` creates it once, at its start, so later changes to `book.toml` cannot extend it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consent {
    programs: BTreeSet<Hash>,
    /// Names of preprocessors that had permission before they were changed.
    names: BTreeSet<String>,
}

impl Consent {
    /// Returns permission for all preprocessors of a book in their present state.
    pub fn for_all(root: &Path, config: &Config) -> Consent {
        let plugins = config.plugins.iter().filter(|plugin| plugin.is_for_html());
        let programs = plugins.map(|plugin| Program::of(root, plugin));
        let mut consent = Consent::default();
        for program in programs.filter(|program| program.obstacle.is_none()) {
            consent.programs.insert(program.fingerprint());
            consent.names.insert(program.name);
        }
        consent
    }

    /// Returns permission for the preprocessors that the book asks to run and the user trusts.
    pub fn from_store(store: Option<&TrustStore>, root: &Path, config: &Config) -> Consent {
        let mut consent = Consent::default();
        let Some(store) = store else {
            return consent;
        };
        for plugin in config.wanted_plugins() {
            if let Some(Grant { fingerprint, .. }) = store.grant(root, &plugin.name) {
                consent.programs.insert(fingerprint);
                consent.names.insert(plugin.name.clone());
            }
        }
        consent
    }

    /// Returns whether a preprocessor of the book in `root` may run in its present state.
    pub(super) fn judge(&self, root: &Path, plugin: &Plugin) -> Verdict {
        if self.programs.is_empty() {
            return Verdict::Unknown;
        }
        let program = Program::of(root, plugin);
        if program.obstacle.is_none() && self.programs.contains(&program.fingerprint()) {
            return Verdict::Granted;
        }
        if self.names.contains(&plugin.name) {
            return Verdict::Changed;
        }
        Verdict::Unknown
    }
}

/// Whether a preprocessor may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Granted,
    /// It had permission, but was changed since then.
    Changed,
    Unknown,
}
