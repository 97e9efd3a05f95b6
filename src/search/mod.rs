//! The index of the search page: what a book says, by the words that readers look for.
//!
//! For a browser that has no server: [`Found::files`] makes small scripts, of which it asks for those
//! that a query needs, and none before the first key is pressed. In order: `subjects` says what
//! can be found and how it is shown, `passages` takes texts apart, `words` and `stems` find the
//! words and which of them are forms of one, `index` gathers, `pieces` writes files.
//! `static/search.js` is the other half and must agree with `words` and `pieces`.
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

use crate::model::{Briefing, Id};
use crate::page::{self, At, Part, Route};
use crate::text::SitePath;
use rayon::prelude::*;
use stems::Stems;
use subjects::{Subject, Which};

/// The folder of the site in which the index lies.
pub const FOLDER: &str = "search";

/// The index of a book, which needs the book no longer.
pub struct Found {
    index: index::Index,
    language: String,
}

/// Reads all that a book says.
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
    /// Makes the files of the index and gives them to `take`.
    pub fn files(self, take: &mut dyn FnMut(SitePath, Arc<[u8]>)) {
        pieces::files(self.index, &Stems::new(&self.language), take);
    }
}

/// The index of a book, made when somebody first asks for it: in front of an author most states
/// of a book are never searched.
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
    /// All that the index will be made of.
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

    /// The same with the words that a briefing has now, when nothing else has changed.
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

    /// Whether a file of this address would be one of the index.
    pub fn may_have(&self, address: &SitePath) -> bool {
        address.parent() == Some(FOLDER) && address.extension() == "js"
    }

    /// The files of the index. The first call makes them, which takes a moment for a large book.
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
    /// Equal when the files are, whether or not they are made.
    fn eq(&self, other: &Later) -> bool {
        let (a, b) = (&self.0, &other.0);
        a.language == b.language && a.all == b.all && a.subjects == b.subjects
    }
}

/// The book as it reads from the search page.
fn seen<T>(book: &page::Book<'_>, see: impl FnOnce(&At<'_>) -> T) -> T {
    let here = SitePath::new(page::SEARCH).expect("a fixed path");
    see(&At::new(book, &here, &Route::Search, Part::default()))
}

#[cfg(test)]
mod tests;
