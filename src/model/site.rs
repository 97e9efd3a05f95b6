//! The site: every noun in its arena, built once by `link`, read by everyone above.

use super::{Actor, Arena, Body, Briefing, Claim, Elsewhere, Event, Id, Mark, MarkNo, Source};
use crate::text::{SitePath, Span};

/// What a reference in a text leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    Entity {
        entity: Entity,
        /// An anchor on its page.
        fragment: Option<Box<str>>,
    },
    /// A file of the book that is copied as it is.
    File {
        path: SitePath,
        /// Query and fragment as written, with their `?` and `#`.
        rest: Box<str>,
    },
    /// Something on another site.
    Elsewhere {
        entry: Id<Elsewhere>,
        /// An anchor on its page.
        fragment: Option<Box<str>>,
    },
    /// An anchor on the same page.
    Here(Box<str>),
    /// An address elsewhere, of an allowed scheme.
    Url(Box<str>),
}

/// Something with a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    Actor(Id<Actor>),
    Claim(Id<Claim>),
    Source(Id<Source>),
    Briefing(Id<Briefing>),
}

/// A document whose text can hold marks: the owner of some [`Prose`].
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
}

/// A heading of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    pub text: String,
    pub anchor: String,
    pub span: Span,
}

impl Prose {
    pub fn empty() -> Prose {
        Prose {
            body: Body::empty(),
            marks: Vec::new(),
            headings: Vec::new(),
        }
    }

    pub fn mark(&self, no: MarkNo) -> &Mark {
        &self.marks[no.0 as usize]
    }
}

/// Whether a book speaks our language or is one for mdBook alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dialect {
    /// Front matter, mentions, marks and citations are read.
    #[default]
    Annotated,
    /// A book for mdBook: the chapters of its `SUMMARY.md`, in plain Markdown.
    Plain,
}

/// What `SUMMARY.md` lists, in its order.
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
    /// `[1, 2]` for chapter 1.2; empty for one that has no number.
    pub number: Vec<u32>,
    /// None for a chapter to come.
    pub briefing: Option<Id<Briefing>>,
}

/// The text for an address that leads nowhere, of an annotated book. It is no briefing: nobody
/// counts, lists or finds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Astray {
    pub file: SitePath,
    pub title: String,
    /// Without the heading that is the title.
    pub body: Body<Target>,
}

/// The parts of a site, as `link` puts them together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteParts {
    pub actors: Arena<Actor>,
    pub claims: Arena<Claim>,
    pub sources: Arena<Source>,
    pub events: Arena<Event>,
    pub briefings: Arena<Briefing>,
    /// What texts mention of other sites, and what is an actor of the book there.
    pub elsewhere: Arena<Elsewhere>,
    /// The book's other files, copied as they are: paths below the source folder.
    pub files: Vec<SitePath>,
    pub dialect: Dialect,
    /// The table of contents, of a book that has one.
    pub contents: Vec<Listed>,
    /// The text for an address that leads nowhere, where a plain book brings one.
    pub not_found: Option<Id<Briefing>>,
    /// The same of an annotated book.
    pub astray: Option<Astray>,
}

/// A whole book with every name resolved. Read-only once built.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    parts: SiteParts,
}

impl Site {
    pub fn new(parts: SiteParts) -> Site {
        Site { parts }
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

    /// In reading order.
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

    pub fn astray(&self) -> Option<&Astray> {
        self.parts.astray.as_ref()
    }

    /// The briefings that `SUMMARY.md` lists, in its order.
    pub fn chapters(&self) -> impl Iterator<Item = Id<Briefing>> {
        self.parts
            .contents
            .iter()
            .filter_map(|listed| match listed {
                Listed::Chapter(chapter) => chapter.briefing,
                Listed::Part(_) | Listed::Separator => None,
            })
    }

    /// The text of a document.
    pub fn prose(&self, doc: Doc) -> &Prose {
        match doc {
            Doc::Briefing(id) => &self.briefings()[id].prose,
            Doc::Actor(id) => &self.actors()[id].prose,
            Doc::Claim(id) => &self.claims()[id].prose,
        }
    }

    /// Gives a document another text with the same marks and headings: for words that nothing
    /// else in the site depends on.
    pub fn set_body(&mut self, doc: Doc, body: Body<Target>) {
        let prose = match doc {
            Doc::Briefing(id) => &mut self.parts.briefings.get_mut(id).prose,
            Doc::Actor(id) => &mut self.parts.actors.get_mut(id).prose,
            Doc::Claim(id) => &mut self.parts.claims.get_mut(id).prose,
        };
        prose.body = body;
    }

    /// The documents that hold text, in page order: briefings, then actors, then claims.
    pub fn docs(&self) -> impl Iterator<Item = Doc> + use<'_> {
        let briefings = self.briefings().ids().map(Doc::Briefing);
        let actors = self.actors().ids().map(Doc::Actor);
        let claims = self.claims().ids().map(Doc::Claim);
        briefings.chain(actors).chain(claims)
    }

    /// The mark `no` of `doc`.
    pub fn mark(&self, doc: Doc, no: MarkNo) -> &Mark {
        self.prose(doc).mark(no)
    }
}
