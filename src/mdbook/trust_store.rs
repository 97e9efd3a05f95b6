//! The programs that a user trusts, stored in the user's configuration folder.
//!
//! Each preprocessor of each book has its own file, named by a hash of both, so that two runs at
//! the same time cannot overwrite each other's permissions.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::consent::{Hash, Program, sha256};

/// The folder of the permissions.
#[derive(Debug, Clone)]
pub struct TrustStore {
    folder: PathBuf,
}

/// Permission for one preprocessor of one book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The book's folder.
    pub book: String,
    /// The preprocessor.
    pub name: String,
    pub command: String,
    pub fingerprint: Hash,
}

impl TrustStore {
    /// Returns the store in `folder`, which need not exist.
    pub fn new(folder: PathBuf) -> TrustStore {
        TrustStore { folder }
    }

    /// Returns the permission for the preprocessor `name` of the book in `root`, if there is one.
    ///
    /// A file that another user could have written gives no permission.
    pub fn grant(&self, root: &Path, name: &str) -> Option<Grant> {
        let root = fs::canonicalize(root).ok()?;
        let folder = fs::canonicalize(&self.folder).ok()?;
        if folder.starts_with(&root) || !is_private(&folder) {
            return None;
        }
        let grant = read(&self.file(&root, name))?;
        (grant.name == name && grant.book == shown(&root)).then_some(grant)
    }

    /// Returns all permissions, by book and name.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn grants(&self) -> io::Result<Vec<Grant>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut grants = Vec::new();
        for entry in entries {
            grants.extend(read(&entry?.path()));
        }
        grants.sort_by(|a, b| (&a.book, &a.name).cmp(&(&b.book, &b.name)));
        Ok(grants)
    }

    /// Gives permission for programs of the book in `root`.
    ///
    /// # Errors
    /// If the folder or a file cannot be written, or the folder is in the book.
    pub fn trust(&self, root: &Path, programs: &[Program]) -> io::Result<()> {
        let root = fs::canonicalize(root)?;
        create_private_folder(&self.folder)?;
        if fs::canonicalize(&self.folder)?.starts_with(&root) {
            return Err(io::Error::other(
                "the configuration folder is inside the book, which could change it",
            ));
        }
        for program in programs {
            let text = json!({
                "book": shown(&root),
                "name": program.name,
                "command": program.command,
                "files": program.files,
                "fingerprint": program.fingerprint(),
            });
            write_private(
                &self.file(&root, &program.name),
                format!("{text:#}\n").as_bytes(),
            )?;
        }
        Ok(())
    }

    /// Removes all permissions of the book in `root`, even if that folder does not exist anymore.
    /// Returns the number of removed permissions.
    ///
    /// # Errors
    /// If a file cannot be removed.
    pub fn revoke(&self, root: &Path) -> io::Result<usize> {
        let root = fs::canonicalize(root).or_else(|_| std::path::absolute(root))?;
        let book = shown(&root);
        let grants = self.grants()?;
        let revoked: Vec<&Grant> = grants.iter().filter(|grant| grant.book == book).collect();
        for grant in &revoked {
            fs::remove_file(self.file(&root, &grant.name))?;
        }
        Ok(revoked.len())
    }

    fn file(&self, root: &Path, name: &str) -> PathBuf {
        let key = sha256([shown(root).as_str(), name].into_iter());
        self.folder.join(format!("{key}.json"))
    }
}

/// Returns a path as text. Paths that are not UTF-8 are escaped, so that two of them never look
/// alike.
fn shown(path: &Path) -> String {
    match path.to_str() {
        Some(text) => text.to_owned(),
        None => format!("{path:?}"),
    }
}

fn read(file: &Path) -> Option<Grant> {
    if !is_private(file) {
        return None;
    }
    let value: Value = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
    Some(Grant {
        book: text("book")?,
        name: text("name")?,
        command: text("command")?,
        fingerprint: text("fingerprint")?,
    })
}

/// Returns whether only the owner can write to it.
#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|about| about.permissions().mode() & 0o022 == 0)
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Writes a file that only the user can read, atomically.
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = file.with_extension(format!("{}.new", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // Left by a run with the same process id that was killed.
    let _ = fs::remove_file(&beside);
    let written = options.open(&beside).and_then(|mut open| {
        open.write_all(bytes)?;
        open.sync_all()
    });
    let written = written.and_then(|()| fs::rename(&beside, file));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}
