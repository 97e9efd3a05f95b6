//! The files of a book by their role, as values.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic};
use crate::html;
use crate::model::Dialect;
use crate::parse::DocKind;
use crate::parse::summary::{self, Entry};
use crate::text::{Place, SitePath, SourceMap, SourceText, Span, Spellings};

/// The maximum size of a text or template in bytes.
pub const LARGEST_TEXT: usize = 4 * 1024 * 1024;
/// The maximum size of a bibliography in bytes.
pub const LARGEST_BIBLIOGRAPHY: usize = 32 * 1024 * 1024;

/// A document, or the part of its text that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub kind: DocKind,
    pub text: SourceText,
}

/// The text folder and the table of contents of a book.
pub struct Contents {
    /// The text folder.
    pub source: SitePath,
    pub dialect: Dialect,
    /// The entries of `SUMMARY.md`, if there is one.
    pub entries: Vec<Entry>,
    pub summary: Option<SitePath>,
    /// Markdown files that a plain book does not list.
    pub unlisted: Vec<SitePath>,
    /// The text of the 404 page of a plain book.
    pub not_found: Option<SitePath>,
    /// The titles that files set for their pages.
    pub titles: BTreeMap<SitePath, String>,
}

/// The files of a book that are no texts.
#[derive(Default)]
pub struct Assets {
    /// The book's own templates, by name.
    pub templates: BTreeMap<String, Arc<str>>,
    /// Files that are copied unchanged, by address.
    pub copied: BTreeMap<SitePath, Arc<[u8]>>,
    /// Files in `static`, by name.
    pub own_static: BTreeMap<SitePath, Arc<[u8]>>,
    /// Their places.
    pub fixed: BTreeMap<SitePath, Place>,
    /// The sizes of the images among the copied files.
    pub sizes: BTreeMap<SitePath, html::Size>,
    /// Style sheets of the book, by address, in the order of their links.
    pub styles: Vec<SitePath>,
    /// Scripts of the book, by address, in the order of their links.
    pub scripts: Vec<SitePath>,
    /// Fonts of the book for cards.
    pub fonts: Vec<Arc<[u8]>>,
}

/// The files of a book by their role.
pub struct BookFiles {
    pub contents: Contents,
    pub assets: Assets,
    /// Documents in the order of their paths; in a plain book, in the order of `SUMMARY.md`.
    pub documents: Vec<Document>,
    pub bibliographies: Vec<SourceText>,
    pub diagnostics: Vec<Diagnostic>,
}

impl BookFiles {
    /// Returns a book without files.
    pub fn new(source: SitePath, dialect: Dialect) -> BookFiles {
        BookFiles {
            contents: Contents {
                source,
                dialect,
                entries: Vec::new(),
                summary: None,
                unlisted: Vec::new(),
                not_found: None,
                titles: BTreeMap::new(),
            },
            assets: Assets::default(),
            documents: Vec::new(),
            bibliographies: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Returns the file as text, or reports a diagnostic.
    pub fn text(&mut self, path: &SitePath, bytes: &Arc<[u8]>) -> Option<Arc<str>> {
        self.text_within(LARGEST_TEXT, path, bytes)
    }

    /// Like [`BookFiles::text`], with another limit in bytes.
    pub fn text_within(
        &mut self,
        most: usize,
        path: &SitePath,
        bytes: &Arc<[u8]>,
    ) -> Option<Arc<str>> {
        if bytes.len() > most {
            self.diagnostics.push(too_large(path, bytes.len(), most));
            return None;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.into()),
            Err(error) => {
                self.diagnostics.push(not_utf8(path, error.valid_up_to()));
                None
            }
        }
    }
}

impl Contents {
    /// Removes documents that are not published from the summary.
    pub fn leave_out_of_summary(&mut self, files: &[SitePath]) {
        if let Some(summary) = &self.summary {
            let count = self.entries.len();
            self.entries
                .retain(|entry| !is_one_of(entry, summary, files));
            if self.entries.len() < count {
                summary::renumber(&mut self.entries);
            }
        }
    }
}

/// True if a chapter of the summary is one of `files`.
fn is_one_of(entry: &Entry, summary: &SitePath, files: &[SitePath]) -> bool {
    match entry {
        Entry::Chapter {
            path: Some((written, _)),
            ..
        } => summary
            .sibling(written)
            .is_ok_and(|file| files.contains(&Spellings::new(files).of(file))),
        Entry::Chapter { path: None, .. } | Entry::Part(_) | Entry::Separator => false,
    }
}

/// Returns the diagnostic for a file that is not UTF-8.
pub fn not_utf8(path: &SitePath, at: usize) -> Diagnostic {
    let place = SourceMap::new(path).place(Span::new(at..at + 1));
    Diagnostic::new(Code::NotUtf8, place, format!("`{path}` is not UTF-8"))
        .label(format!("byte {at} is not part of a character"))
        .hint("save the file as UTF-8")
}

fn too_large(path: &SitePath, size: usize, most: usize) -> Diagnostic {
    let place = Place::whole(path);
    let most = most / 1024 / 1024;
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("`{path}` is too large: {size} bytes"),
    )
    .label(format!("the maximum is {most} MiB"))
    .hint("split the file")
}
