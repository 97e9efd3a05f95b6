//! The index of the search page.
//!
//! It works in a browser without a server: [`Found::files`] makes small scripts, and the browser
//! loads those that a query needs, none before the first key press. The parts, in order: `subjects`
//! decides what can be found and how it is shown, `passages` splits texts, `words` and `stems` find
//! the words and their forms, `index` collects them, `pieces` writes the files. `static/search.js`
//! is the other half and must agree with `words` and `pieces`.
//!
//! The same book gives the same bytes. Nothing here says who is right.

mod index;
mod passages;
mod pieces;
mod stems;
mod subjects;
mod words;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::index::routes;
use crate::index::{Part, Route};
use crate::model::{Briefing, Id};
use crate::page::{self, PageContext};
use crate::text::SitePath;
use rayon::prelude::*;
use stems::Stems;
use subjects::{Subject, Which};

/// The folder of the index in the site.
pub const FOLDER: &str = "search";

/// The index of a book, independent of the book.
pub struct Found {
    index: index::Index,
    language: String,
}

/// Builds the index of a book.
pub fn read(book: &page::Book<'_>) -> Found {
    let index = seen(book, |at| {
        let all = subjects::all(at);
        let subject = |number: usize| Arc::new(subjects::subject(at, &all[number]));
        index::of(&all, &subject, &pieces::shown)
    });
    let language = book.config.language.clone();
    Found { index, language }
}

impl Found {
    /// Passes the files of the index to `take`.
    pub fn files(self, take: &mut dyn FnMut(SitePath, Arc<[u8]>)) {
        pieces::files(self.index, &Stems::new(&self.language), take);
    }
}

/// The index of a book, built on first use: in `serve`, most states of a book are never searched.
#[derive(Debug, Clone)]
pub struct Later(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    language: String,
    all: Arc<[Which]>,
    subjects: Vec<Arc<Subject>>,
    made: OnceLock<BTreeMap<SitePath, Arc<[u8]>>>,
}

impl Later {
    /// Stores everything that the index is built from.
    pub fn new(book: &page::Book<'_>) -> Later {
        seen(book, |at| {
            let all = subjects::all(at);
            let subjects = all
                .par_iter()
                .map(|which| Arc::new(subjects::subject(at, which)));
            Later(Arc::new(Kept {
                language: book.config.language.clone(),
                subjects: subjects.collect(),
                all: all.into(),
                made: OnceLock::new(),
            }))
        })
    }

    /// Returns a copy with the current words of a briefing, if nothing else has changed.
    pub fn with_words_of(&self, book: &page::Book<'_>, id: Id<Briefing>) -> Later {
        let Kept {
            language,
            all,
            subjects,
            made: _,
        } = &*self.0;
        let mut subjects = subjects.clone();
        let wanted = Which::Briefing(id);
        if let Some(at) = all.iter().position(|which| *which == wanted) {
            subjects[at] = seen(book, |at| Arc::new(subjects::subject(at, &wanted)));
        }
        Later(Arc::new(Kept {
            language: language.clone(),
            all: all.clone(),
            subjects,
            made: OnceLock::new(),
        }))
    }

    /// True if `address` could be a file of the index.
    pub fn may_have(&self, address: &SitePath) -> bool {
        address.parent() == Some(FOLDER) && address.extension() == "js"
    }

    /// Returns the files of the index. The first call builds them, which takes a moment for a large
    /// book.
    pub fn files(&self) -> &BTreeMap<SitePath, Arc<[u8]>> {
        let kept = &self.0;
        kept.made.get_or_init(|| {
            let mut files = BTreeMap::new();
            let subject = |number: usize| kept.subjects[number].clone();
            let index = index::of(&kept.all, &subject, &pieces::shown);
            pieces::files(index, &Stems::new(&kept.language), &mut |path, bytes| {
                files.insert(path, bytes);
            });
            files
        })
    }
}

impl PartialEq for Later {
    /// True if the files are equal, whether or not they are built.
    fn eq(&self, other: &Later) -> bool {
        let (a, b) = (&self.0, &other.0);
        a.language == b.language && a.all == b.all && a.subjects == b.subjects
    }
}

/// Calls `see` with the book as seen from the search page.
fn seen<T>(book: &page::Book<'_>, see: impl FnOnce(&PageContext<'_>) -> T) -> T {
    let here = SitePath::known(routes::SEARCH);
    see(&PageContext::new(
        book,
        &here,
        &Route::Search,
        Part::default(),
    ))
}

#[cfg(test)]
mod tests;
