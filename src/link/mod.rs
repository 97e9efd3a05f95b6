//! Links all drafts into one [`Site`]: names become ids; duplicates, unknown names and
//! contradictions become diagnostics.
//!
//! In order: ids are created (`admit`), names are indexed (`Names`), front matter is resolved
//! (`entities`), marks become positions and events (`marks`), with their shown words (`wording`),
//! and texts are linked (`bodies`). An unknown name becomes plain text and an error, so there is
//! always a preview. Linking is sequential and cheap, and only this room creates ids.

mod addresses;
mod anchors;
mod as_of;
mod autolink;
mod bodies;
mod chapters;
mod claims;
mod cycles;
mod elsewhere;
mod entities;
mod headings;
mod hints;
mod id_faults;
mod ids;
mod levels;
mod marks;
mod names;
mod owners;
mod plain;
mod plain_text;
mod raw;
mod repeats;
mod unknown;

pub use addresses::split_address;
pub use as_of::as_of;
pub use bodies::plain;

use std::collections::{BTreeSet, HashSet};

use crate::diag::Diagnostic;
use crate::model::{Dialect, Site, SiteParts};
use crate::parse::Draft;
use crate::parse::bibliography::RawBibliography;
use crate::parse::inventory::Inventory;
use crate::parse::summary::Entry;
use crate::text::{Guess, Place, SitePath, Spellings};
use elsewhere::Neighbors;

/// The input of linking.
pub struct Book<'a> {
    /// The documents: briefings in reading order, the others in the order of their files.
    pub drafts: &'a [&'a Draft],
    pub bibliographies: &'a [RawBibliography],
    /// The inventories of other sites.
    pub sites: &'a [Inventory],
    /// The source folder; addresses of pages are relative to it.
    pub source: SitePath,
    /// The other files below the source folder, relative to it.
    pub files: Vec<SitePath>,
    /// Drafts that are not built, so that the error for a link to one can say so.
    pub unpublished: Vec<SitePath>,
    /// The keys of the names of withheld objects.
    pub withheld: BTreeSet<String>,
    /// Generated pages, which texts can link to.
    pub pages: Vec<SitePath>,
    /// True if the first unmarked occurrence of a known name in each section becomes a mention.
    pub autolink: bool,
    /// The language of the texts (BCP 47).
    pub language: &'a str,
    /// True for an Obsidian vault: of several notes with one name, the nearest is used.
    pub is_vault: bool,
    pub dialect: Dialect,
    /// `SUMMARY.md`, if it exists, and its entries.
    pub contents: Option<(SitePath, &'a [Entry])>,
    /// The file of the 404 page of a plain book.
    pub not_found: Option<SitePath>,
    /// True if a `README.md` is the index of its folder.
    pub readme_is_index: bool,
    /// True if raw HTML is shown as text, so that nothing in it is an address.
    pub shows_html: bool,
}

/// Links a book. Problems are returned as diagnostics; the site is always usable.
pub fn site(book: &Book<'_>) -> (Site, Vec<Diagnostic>) {
    let mut linker = Linker {
        parts: SiteParts::default(),
        diagnostics: Vec::new(),
        book,
        neighbors: Neighbors::default(),
        guess: Guess::default(),
        full: BTreeSet::new(),
        positions: 0,
        unseen: Vec::new(),
        spellings: Spellings::new(book.files.iter().chain(&book.pages)),
    };
    for draft in book.drafts {
        linker.spellings.add(draft.file());
        if let Some(below) = draft.file().below(&book.source) {
            linker.spellings.add(&below.with_extension("html"));
        }
    }
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

/// The site that is being built.
struct Linker<'a> {
    parts: SiteParts,
    diagnostics: Vec<Diagnostic>,
    book: &'a Book<'a>,
    neighbors: Neighbors<'a>,
    guess: Guess,
    /// The kinds of objects that exceed a limit.
    full: BTreeSet<&'static str>,
    /// The number of positions; long ones count as several.
    positions: usize,
    /// Links of a plain book out of the book, as written.
    unseen: Vec<(Place, Box<str>)>,
    /// The files and pages, by the forms of their letters.
    spellings: Spellings,
}

impl Linker<'_> {
    fn annotated(&mut self) {
        let admitted = self.admit();
        let notes = self.book.is_vault.then_some(&self.book.source);
        let names = names::Names::new(&self.parts, &admitted, &self.book.withheld, notes);
        self.entities(&admitted, &names);
        self.titles(&admitted, &names);
        self.count_tags();
        cycles::check(&mut self.parts, &admitted, &mut self.diagnostics);
        self.neighbors();
        self.marks(&admitted, &names);
        cycles::check_selves(&self.parts, &admitted, &mut self.diagnostics);
        self.bodies(&admitted, &names);
        self.parts.candidates = names.into_candidates();
        if self.book.autolink {
            autolink::apply(&mut self.parts, &admitted, self.book.language);
        }
    }
}

impl Linker<'_> {
    /// Reports the text or claim with the first tag beyond the limit of a book.
    fn count_tags(&mut self) {
        if let Some(place) = self.first_tag_too_many() {
            self.too_many(place, ids::TAGS, "tags");
        }
    }

    fn first_tag_too_many(&self) -> Option<Place> {
        let briefings = self.parts.briefings.iter();
        let briefings = briefings.map(|(_, it)| (Place::whole(&it.file), &it.tags));
        let claims = self.parts.claims.iter();
        let mut tagged = briefings.chain(claims.map(|(_, it)| (it.place.clone(), &it.tags)));
        let mut known: HashSet<&str> = HashSet::new();
        let first = tagged.find(|(_, tags)| {
            known.extend(tags.iter().map(String::as_str));
            known.len() > ids::TAGS
        });
        first.map(|(place, _)| place)
    }
}

#[cfg(test)]
mod tests;
