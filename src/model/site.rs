//! The site: all entities in their arenas, built once by `link`, then read-only.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Actor, Arena, Body, Briefing, Claim, Elsewhere, Event, Id, Mark, MarkNo, Source, Tlp};
use crate::text::{SitePath, SourceMap, Span};

/// The target of a reference in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    Entity {
        entity: Entity,
        /// An anchor on its page.
        fragment: Option<Box<str>>,
    },
    /// A file of the book that is copied unchanged.
    File {
        path: SitePath,
        /// Query and fragment as written, with `?` and `#`.
        rest: Box<str>,
    },
    /// An entry of another site.
    Elsewhere {
        entry: Id<Elsewhere>,
        /// An anchor on its page.
        fragment: Option<Box<str>>,
    },
    /// An anchor on the same page.
    Here(Box<str>),
    /// A URL with an allowed scheme.
    Url(Box<str>),
}

/// An object with its own page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    Actor(Id<Actor>),
    Claim(Id<Claim>),
    Source(Id<Source>),
    Briefing(Id<Briefing>),
}

/// A document whose text can have marks: the owner of a [`Prose`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doc {
    Briefing(Id<Briefing>),
    Actor(Id<Actor>),
    Claim(Id<Claim>),
}

/// A text with its marks and headings.
#[derive(Debug, Clone, PartialEq)]
pub struct Prose {
    pub body: Body<Target>,
    pub marks: Vec<Mark>,
    pub headings: Vec<Heading>,
    /// The source places of the body.
    pub map: SourceMap,
}

/// A heading of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    pub text: String,
    pub anchor: String,
    pub span: Span,
    /// The level of its section, from its attributes and those of the headings above it.
    pub tlp: Option<Tlp>,
}

impl Prose {
    /// Returns an empty text.
    pub fn empty(map: &SourceMap) -> Prose {
        Prose {
            map: map.clone(),
            body: Body::empty(),
            marks: Vec::new(),
            headings: Vec::new(),
        }
    }

    pub fn mark(&self, no: MarkNo) -> &Mark {
        &self.marks[no.0 as usize]
    }
}

/// The dialect of a book: annotated, or plain mdBook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// Front matter, mentions, marks and citations are read.
    #[default]
    Annotated,
    /// A plain mdBook book: the chapters of its `SUMMARY.md`, in plain Markdown.
    Plain,
}

/// The entries of `SUMMARY.md`, in order.
#[derive(Debug, Clone, PartialEq)]
pub enum Listed {
    Chapter(Chapter),
    /// A heading between chapters.
    Part(String),
    Separator,
}

/// A chapter in the table of contents.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    pub title: String,
    /// `[1, 2]` for chapter 1.2; empty if it has no number.
    pub number: Vec<u32>,
    /// `None` for a draft chapter.
    pub briefing: Option<Id<Briefing>>,
}

/// The text of the 404 page of an annotated book. It is not a briefing: it is not counted, listed
/// or searched.
#[derive(Debug, Clone, PartialEq)]
pub struct Astray {
    pub map: SourceMap,
    pub title: String,
    /// Without the heading that is the title.
    pub body: Body<Target>,
}

/// The parts of a site while `link` builds it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteParts {
    pub actors: Arena<Actor>,
    pub claims: Arena<Claim>,
    pub sources: Arena<Source>,
    pub events: Arena<Event>,
    pub briefings: Arena<Briefing>,
    /// The entries of other sites that texts mention, or that are actors of the book.
    pub elsewhere: Arena<Elsewhere>,
    /// The book's other files, which are copied unchanged: paths below the source folder.
    pub files: Vec<SitePath>,
    pub dialect: Dialect,
    /// The table of contents, if the book has one.
    pub contents: Vec<Listed>,
    /// The text of the 404 page of a plain book, if it has one.
    pub not_found: Option<Id<Briefing>>,
    /// The same for an annotated book.
    pub astray: Option<Astray>,
    /// Entities that no check reports as unused: the candidates of ambiguous names, which are
    /// reported as errors, and entities that statements after the day of the record use.
    pub candidates: BTreeSet<Entity>,
    /// The day of the record, if the site excludes everything later.
    pub as_of: Option<Date>,
    /// True if marks, claims, events or sources later than `as_of` were left out.
    pub is_cut: bool,
    /// True if the book has more of something than a site can have, so that its pages would take
    /// minutes.
    pub is_beyond_limits: bool,
}

/// A whole book with all names resolved. Read-only.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    parts: SiteParts,
}

impl Site {
    pub fn new(parts: SiteParts) -> Site {
        Site { parts }
    }

    pub fn into_parts(self) -> SiteParts {
        self.parts
    }

    /// True if the book has more of something than a site can have.
    pub fn is_beyond_limits(&self) -> bool {
        self.parts.is_beyond_limits
    }

    /// Returns the day of the record, if the site excludes everything later.
    pub fn as_of(&self) -> Option<Date> {
        self.parts.as_of
    }

    /// True if something later than [`Site::as_of`] was left out, so texts are not as they were
    /// linked.
    pub fn is_cut(&self) -> bool {
        self.parts.is_cut
    }

    pub fn actors(&self) -> &Arena<Actor> {
        &self.parts.actors
    }

    pub fn claims(&self) -> &Arena<Claim> {
        &self.parts.claims
    }

    pub fn sources(&self) -> &Arena<Source> {
        &self.parts.sources
    }

    pub fn events(&self) -> &Arena<Event> {
        &self.parts.events
    }

    /// Returns the briefings in reading order.
    pub fn briefings(&self) -> &Arena<Briefing> {
        &self.parts.briefings
    }

    pub fn elsewhere(&self) -> &Arena<Elsewhere> {
        &self.parts.elsewhere
    }

    pub fn files(&self) -> &[SitePath] {
        &self.parts.files
    }

    pub fn dialect(&self) -> Dialect {
        self.parts.dialect
    }

    pub fn contents(&self) -> &[Listed] {
        &self.parts.contents
    }

    pub fn not_found(&self) -> Option<Id<Briefing>> {
        self.parts.not_found
    }

    pub fn candidates(&self) -> &BTreeSet<Entity> {
        &self.parts.candidates
    }

    pub fn astray(&self) -> Option<&Astray> {
        self.parts.astray.as_ref()
    }

    /// Returns the briefings in `SUMMARY.md`, in its order.
    pub fn chapters(&self) -> impl Iterator<Item = Id<Briefing>> {
        self.parts
            .contents
            .iter()
            .filter_map(|listed| match listed {
                Listed::Chapter(chapter) => chapter.briefing,
                Listed::Part(_) | Listed::Separator => None,
            })
    }

    /// Returns the text of a document.
    pub fn prose(&self, doc: Doc) -> &Prose {
        match doc {
            Doc::Briefing(id) => &self.briefings()[id].prose,
            Doc::Actor(id) => &self.actors()[id].prose,
            Doc::Claim(id) => &self.claims()[id].prose,
        }
    }

    /// Replaces the text of a document with one that has the same marks and headings, for words
    /// that nothing else in the site depends on.
    pub fn set_body(&mut self, doc: Doc, body: Body<Target>) {
        let prose = match doc {
            Doc::Briefing(id) => &mut self.parts.briefings.get_mut(id).prose,
            Doc::Actor(id) => &mut self.parts.actors.get_mut(id).prose,
            Doc::Claim(id) => &mut self.parts.claims.get_mut(id).prose,
        };
        prose.body = body;
    }

    /// Records that a reply of `accused` to `claim` exists and is withheld from this edition.
    pub fn withhold_reply(&mut self, claim: Id<Claim>, accused: Id<super::Actor>) {
        self.parts
            .claims
            .get_mut(claim)
            .withheld_replies
            .push(accused);
    }

    /// Returns the documents with text, in page order: briefings, then actors, then claims.
    pub fn docs(&self) -> impl Iterator<Item = Doc> + use<'_> {
        let briefings = self.briefings().ids().map(Doc::Briefing);
        let actors = self.actors().ids().map(Doc::Actor);
        let claims = self.claims().ids().map(Doc::Claim);
        briefings.chain(actors).chain(claims)
    }

    /// Returns the mark `no` of `doc`.
    pub fn mark(&self, doc: Doc, no: MarkNo) -> &Mark {
        self.prose(doc).mark(no)
    }
}
