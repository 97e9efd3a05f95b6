//! One file in, one [`Draft`] out: Markdown, wikilinks, marks, attributes, citations, front
//! matter, `SUMMARY.md` and bibliographies.
//!
//! A draft knows its own file and nothing else: references stay [`Name`]s until `link` has seen
//! them all. Parsing never fails; what is wrong goes to the draft's diagnostics.

pub mod attrs;
pub mod bibliography;
pub mod cite;
pub mod front;
pub mod include;
pub mod inventory;
mod keys;
pub mod lists;
pub mod markdown;
mod mask;
mod name;
pub mod summary;
mod tree;
pub mod vault;

use std::sync::Arc;

use crate::diag::{Code, Diagnostic};
use crate::model::{Body, CiteItem, Dialect};
use crate::text::{SitePath, Span};
pub use attrs::{At, Attrs};
pub use front::{ActorFront, BriefingFront, ClaimFront, Common, Front, RawNaming, SourceFront};
pub use mask::Verb;
pub use name::{How, Name, NameKind};

/// What kind of document a file is; its folder decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocKind {
    Briefing,
    Actor,
    Claim,
    Source,
    /// The text for an address that leads nowhere.
    Astray,
}

/// How texts of this book are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Whether files have front matter, and who reads the attributes of headings.
    pub dialect: Dialect,
    /// Whether our own syntax is read at all; kept texts of sources have none.
    pub annotated: bool,
    pub wikilinks: bool,
    pub smart_punctuation: bool,
    pub definition_lists: bool,
    /// GitHub's alerts, `> [!NOTE]`.
    pub alerts: bool,
    /// Whether the texts are notes of Obsidian's, with its callouts, image sizes and properties.
    pub is_vault: bool,
}

/// One document, read and not yet linked.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub file: SitePath,
    pub text: Arc<str>,
    pub common: Common,
    pub front: Front,
    /// Where the body begins.
    pub body_at: usize,
    pub body: Body<Name>,
    pub marks: Vec<RawMark>,
    pub headings: Vec<RawHeading>,
    pub sections: Vec<Section>,
    /// Citation brackets in their order; marks refer to them by number.
    pub cites: Vec<Vec<CiteItem<Name>>>,
    /// What the last paragraph of each block quotation says of its speaker, by number.
    pub attributions: Vec<Attribution>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A mark with its references unresolved.
#[derive(Debug, Clone, PartialEq)]
pub struct RawMark {
    pub verb: Verb,
    pub verb_span: Span,
    pub ids: Vec<Name>,
    pub attrs: Attrs,
    /// The marked words as plain text, white space folded.
    pub words: String,
    pub words_span: Span,
    /// The whole mark with its attributes.
    pub span: Span,
    /// The innermost section that it stands in.
    pub section: Option<usize>,
    /// The block quotation that it stands in.
    pub quote: Option<usize>,
    /// For the attribution of a quotation: its first and last items before the attribution.
    pub whole_quote: Option<(usize, usize)>,
    /// The citation brackets that serve it, inside it or the next group in its block.
    pub cites: Vec<usize>,
    /// The mark that it stands in.
    pub parent: Option<usize>,
}

/// A heading, its anchor perhaps given by the author.
#[derive(Debug, Clone, PartialEq)]
pub struct RawHeading {
    pub level: u8,
    pub text: String,
    pub anchor: Option<(String, Span)>,
    /// Index of its `Start` in the body.
    pub item: usize,
    pub span: Span,
}

/// What stands below a heading, with the attributes that the heading hands down.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Index of its heading.
    pub heading: usize,
    pub level: u8,
    pub attrs: Attrs,
    /// The section that holds it.
    pub parent: Option<usize>,
}

/// Whose words a block quotation is.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribution {
    None,
    /// `— [name](verb:claim "…")`: the number of the mark.
    Mark(usize),
    /// `— [[name]]`.
    Mention(Name),
}

/// Reads one document.
pub fn draft(file: &SitePath, kind: DocKind, text: Arc<str>, reading: &Reading) -> Draft {
    let mut diagnostics = Vec::new();
    let (common, mut front, body_at) = match reading.dialect {
        Dialect::Annotated => front::read(file, kind, &text, reading.is_vault, &mut diagnostics),
        // mdBook knows no front matter; a mark of byte order says nothing.
        Dialect::Plain => (
            Common::default(),
            Front::Briefing(Box::default()),
            text.len() - text.trim_start_matches('\u{feff}').len(),
        ),
    };
    // A kept text is somebody else's: nothing in it is ours to read. And on the page of an address
    // that leads nowhere nobody says anything.
    let is_ours = !matches!(kind, DocKind::Source | DocKind::Astray);
    let reading = Reading {
        annotated: reading.annotated && is_ours,
        ..*reading
    };
    // What stands in front matter that is never closed is not missing.
    if diagnostics
        .iter()
        .any(|said| said.code == Code::UnclosedFrontMatter)
    {
        diagnostics.retain(|said| said.code != Code::MissingKey);
    }
    let markdown = markdown::read(file, &text, body_at, &reading, &mut diagnostics);
    if let Front::Briefing(front) = &mut front
        && reading.is_vault
    {
        front.tag_by(&markdown.body);
    }
    Draft {
        file: file.clone(),
        common,
        front,
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

/// Where the body of a document begins behind its front matter, in bytes.
pub fn body_at(file: &SitePath, kind: DocKind, text: &str, dialect: Dialect) -> usize {
    match dialect {
        Dialect::Annotated => front::read(file, kind, text, true, &mut Vec::new()).2,
        Dialect::Plain => 0,
    }
}

#[cfg(test)]
mod tests;
