//! Reads one file into one [`Draft`]: Markdown, wikilinks, marks, attributes, citations, front
//! matter, `SUMMARY.md` and bibliographies.
//!
//! A draft depends only on its own file: references stay [`Name`]s until `link` resolves them.
//! Parsing never fails; problems are diagnostics of the draft.

pub mod attrs;
mod autolink;
pub mod bibliography;
pub mod cite;
mod dates;
pub mod deceptive;
pub mod front;
pub mod include;
pub mod inventory;
mod keys;
pub mod lists;
pub mod markdown;
mod mask;
mod mend;
mod name;
mod registers;
pub mod summary;
pub mod synonyms;
mod terms;
mod tree;
pub mod vault;

use crate::diag::{Code, Diagnostic, Severity};
use crate::model::{Body, CiteItem, Dialect};
use crate::text::{Place, SitePath, SourceText, Span};
pub use attrs::{At, Attrs};
pub use autolink::Autolink;
pub use front::{ActorFront, BriefingFront, ClaimFront, Common, Front, RawNaming, SourceFront};
pub use mask::Verb;
pub use name::{How, Name, NameKind};

/// The kind of a document, which depends on its folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocKind {
    Briefing,
    Actor,
    Claim,
    Source,
    /// The text of the 404 page.
    Astray,
}

/// The settings for parsing the texts of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Whether files have front matter, and how attributes of headings are read.
    pub dialect: Dialect,
    /// True if our own syntax is read; kept texts of sources have none.
    pub annotated: bool,
    pub wikilinks: bool,
    pub smart_punctuation: bool,
    pub definition_lists: bool,
    /// GitHub's alerts, `> [!NOTE]`.
    pub alerts: bool,
    /// True for notes of an Obsidian vault, with its callouts, image sizes and properties.
    pub is_vault: bool,
}

/// A parsed document that is not linked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub text: SourceText,
    pub common: Common,
    pub front: Front,
    /// True if the front matter has an error, so that a missing key may be in it.
    pub is_front_unread: bool,
    /// The start of the body.
    pub body_at: usize,
    pub body: Body<Name>,
    pub marks: Vec<RawMark>,
    pub headings: Vec<RawHeading>,
    pub sections: Vec<Section>,
    /// Citation brackets in order; marks refer to them by index.
    pub cites: Vec<Vec<CiteItem<Name>>>,
    /// The attribution of each block quotation, by index.
    pub attributions: Vec<Attribution>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A mark with unresolved references.
#[derive(Debug, Clone, PartialEq)]
pub struct RawMark {
    pub verb: Verb,
    pub verb_span: Span,
    pub ids: Vec<Name>,
    pub attrs: Attrs,
    /// The marked words as plain text, with white space collapsed.
    pub words: String,
    pub words_span: Span,
    /// The whole mark with its attributes.
    pub span: Span,
    /// The index of its innermost section.
    pub section: Option<usize>,
    /// The index of its block quotation.
    pub quote: Option<usize>,
    /// For the attribution of a quotation: the first and last items of the quotation before it.
    pub whole_quote: Option<(usize, usize)>,
    /// The citation brackets that apply to it: inside it, or the next group in its block.
    pub cites: Vec<usize>,
    /// The mark that contains it.
    pub parent: Option<usize>,
}

/// A heading, with an anchor if the author set one.
#[derive(Debug, Clone, PartialEq)]
pub struct RawHeading {
    pub level: u8,
    pub text: String,
    pub anchor: Option<(String, Span)>,
    /// The index of its `Start` in the body.
    pub item: usize,
    pub span: Span,
}

/// A section, with the attributes that marks inherit from its heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The index of its heading.
    pub heading: usize,
    pub level: u8,
    pub attrs: Attrs,
    /// The section that contains it.
    pub parent: Option<usize>,
}

/// The speaker of a block quotation.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribution {
    None,
    /// `— [name](verb:claim "…")`: the index of the mark.
    Mark(usize),
    /// `— [[name]]`.
    Mention(Name),
}

impl Draft {
    /// Returns the file of the document. Some of its words can come from other files.
    pub fn file(&self) -> &SitePath {
        self.text.file()
    }

    /// Returns the source place of `span`.
    pub fn place(&self, span: Span) -> Place {
        self.text.place(span)
    }
}

/// Reads one document.
pub fn draft(kind: DocKind, text: SourceText, reading: &Reading) -> Draft {
    let mut diagnostics = Vec::new();
    let (common, mut front, body_at) = match reading.dialect {
        Dialect::Annotated => front::read(
            text.map(),
            kind,
            text.as_str(),
            reading.is_vault,
            &mut diagnostics,
        ),
        // mdBook has no front matter, and ignores a byte order mark.
        Dialect::Plain => (
            Common::default(),
            Front::Briefing(Box::default()),
            text.as_str().len() - text.as_str().trim_start_matches('\u{feff}').len(),
        ),
    };
    // Stored source texts are third-party text: our syntax is off. The 404 page has no positions.
    let is_ours = !matches!(kind, DocKind::Source | DocKind::Astray);
    let reading = Reading {
        annotated: reading.annotated && is_ours,
        ..*reading
    };
    // Missing keys may be in front matter that cannot be read.
    if diagnostics.iter().any(|said| {
        matches!(
            said.code,
            Code::UnclosedFrontMatter | Code::UnreadableFrontMatter
        )
    }) {
        diagnostics.retain(|said| said.code != Code::MissingKey);
    }
    let is_front_unread = diagnostics.iter().any(|it| it.severity == Severity::Error);
    let markdown = markdown::read(
        text.map(),
        text.as_str(),
        body_at,
        &reading,
        &mut diagnostics,
    );
    if let Front::Briefing(front) = &mut front
        && reading.is_vault
    {
        front.tag_by(&markdown.body);
    }
    if reading.dialect == Dialect::Annotated {
        deceptive::check(&text, kind, body_at, &markdown, &mut diagnostics);
    }
    Draft {
        common,
        front,
        is_front_unread,
        body_at,
        body: markdown.body,
        marks: markdown.marks,
        headings: markdown.headings,
        sections: markdown.sections,
        cites: markdown.cites,
        attributions: markdown.attributions,
        diagnostics,
        text,
    }
}

/// Returns the start of the body after the front matter, in bytes.
pub fn body_at(kind: DocKind, text: &SourceText, dialect: Dialect) -> usize {
    match dialect {
        Dialect::Annotated => front::read(text.map(), kind, text.as_str(), true, &mut Vec::new()).2,
        Dialect::Plain => 0,
    }
}

#[cfg(test)]
mod tests;
