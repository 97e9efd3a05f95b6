//! All drafts in, one [`Site`] out: names become ids; duplicates, unknowns and contradictions
//! become diagnostics.
//!
//! In order: ids are given out (`admit`), names are indexed (`Names`), what documents say of
//! themselves is resolved (`entities`), marks become positions and events (`marks`), in the
//! words that readers see (`wording`), and texts are linked (`bodies`). An unknown name becomes plain text and an error, so that a preview
//! always exists. It is sequential and cheap, and the only room that makes ids.

mod addresses;
mod admit;
mod anchors;
mod autolink;
mod bodies;
mod chapters;
mod circles;
mod claims;
mod elsewhere;
mod entities;
mod headings;
mod marks;
mod names;
mod plain;
mod raw;
mod wording;

pub use addresses::split_address;
pub use admit::is_too_many;
pub use bodies::plain;

use std::collections::{BTreeSet, HashSet};

use crate::diag::Diagnostic;
use crate::model::{Dialect, Site, SiteParts};
use crate::parse::Draft;
use crate::parse::bibliography::RawBibliography;
use crate::parse::inventory::Inventory;
use crate::parse::summary::Entry;
use crate::text::{Guess, Place, SitePath, Span};
use elsewhere::Neighbors;

/// All of a book that is to be linked.
pub struct Book<'a> {
    /// The documents: briefings in reading order, the others in the order of their files.
    pub drafts: &'a [&'a Draft],
    pub bibliographies: &'a [RawBibliography],
    /// What other sites have that a text may mention.
    pub sites: &'a [Inventory],
    /// The folder of the source; addresses of pages are relative to it.
    pub source: SitePath,
    /// The other files below the source folder, relative to it.
    pub files: Vec<SitePath>,
    /// Briefings that are drafts and not built, so that a link to one can say so.
    pub unpublished: Vec<SitePath>,
    /// Names of what is left out because it is marked above the book's ceiling, folded.
    pub withheld: BTreeSet<String>,
    /// Pages that the tool makes by itself, so that a text may link to them.
    pub pages: Vec<SitePath>,
    /// Whether the first unmarked occurrence of a known name in a section becomes a mention.
    pub autolink: bool,
    /// Whether the briefings are notes of Obsidian's: of several of one name the nearest is meant.
    pub is_vault: bool,
    pub dialect: Dialect,
    /// `SUMMARY.md`, where there is one, and what it lists.
    pub contents: Option<(SitePath, &'a [Entry])>,
    /// The file whose text is shown for an address that leads nowhere, of a plain book.
    pub not_found: Option<SitePath>,
    /// Whether a `README.md` becomes the index of its folder.
    pub readme_is_index: bool,
    /// Whether raw HTML is shown as it was written, so that nothing in it is an address.
    pub shows_html: bool,
}

/// Links a book. What is wrong is said in the diagnostics; the site stands all the same.
pub fn site(book: Book<'_>) -> (Site, Vec<Diagnostic>) {
    let mut linker = Linker {
        parts: SiteParts::default(),
        diagnostics: Vec::new(),
        book: &book,
        neighbors: Neighbors::default(),
        guess: Guess::default(),
        full: BTreeSet::new(),
        positions: 0,
        unseen: Vec::new(),
    };
    linker.parts.dialect = book.dialect;
    linker.parts.files = book.files.clone();
    match book.dialect {
        Dialect::Annotated => linker.annotated(),
        Dialect::Plain => linker.plain(),
    }
    linker.contents();
    let Linker {
        parts, diagnostics, ..
    } = linker;
    (Site::new(parts), diagnostics)
}

/// The site under construction.
struct Linker<'a> {
    parts: SiteParts,
    diagnostics: Vec<Diagnostic>,
    book: &'a Book<'a>,
    neighbors: Neighbors<'a>,
    guess: Guess,
    /// What there are too many of.
    full: BTreeSet<&'static str>,
    /// How many positions were taken, long ones as several.
    positions: usize,
    /// Links of a plain book to what may stand beside its site, as they are written.
    unseen: Vec<(Place, Box<str>)>,
}

impl Linker<'_> {
    fn annotated(&mut self) {
        let admitted = self.admit();
        let notes = self.book.is_vault.then_some(&self.book.source);
        let names = names::Names::new(&self.parts, &admitted, &self.book.withheld, notes);
        self.entities(&admitted, &names);
        self.titles(&admitted, &names);
        self.count_tags();
        circles::check(&mut self.parts, &admitted, &mut self.diagnostics);
        self.neighbors();
        self.marks(&admitted, &names);
        circles::check_selves(&self.parts, &admitted, &mut self.diagnostics);
        self.bodies(&admitted, &names);
        if self.book.autolink {
            autolink::apply(&mut self.parts, &admitted);
        }
    }
}

impl Linker<'_> {
    /// Tells of the text or claim with the first tag that is too many for a book.
    fn count_tags(&mut self) {
        let briefings = self.parts.briefings.iter();
        let briefings = briefings.map(|(_, it)| (Place::new(&it.file, Span::default()), &it.tags));
        let claims = self.parts.claims.iter();
        let tagged = briefings.chain(claims.map(|(_, it)| (it.place.clone(), &it.tags)));
        let mut known: HashSet<&str> = HashSet::new();
        for (place, tags) in tagged {
            known.extend(tags.iter().map(String::as_str));
            if known.len() > admit::TAGS {
                let told = admit::too_many(place, admit::TAGS, "tags");
                return self.diagnostics.push(told);
            }
        }
    }
}

#[cfg(test)]
mod tests;
