//! What analysts have already, as the first files of a book: clusters of MISP, bundles of STIX and
//! ATT&CK become actors, bibliographies become sources.
//!
//! For the command. Text goes in, files of the book come out, each as an author would write it.
//! Everything of the input is data: an id is made safe, a text cannot become a mark, a mention or
//! HTML, and what cannot be read is told of with its place. What a record says of two parties, that
//! one is attributed to the other or uses what it does, is not taken over: it would have to be
//! somebody's claim, and the record does not say whose.

mod bibliography;
mod misp;
mod stix;
mod write;

use crate::text::SitePath;

/// In which form a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A galaxy cluster.
    Misp,
    /// A bundle of STIX 2.
    Stix,
    /// A bundle of STIX 2 as ATT&CK publishes it.
    Attack,
    /// A list of CSL-JSON items.
    Csl,
    /// BibTeX or BibLaTeX.
    Bibtex,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imported {
    /// The files to write, by their names below the folder of their kind.
    pub files: Vec<(SitePath, String)>,
    /// What was left out, and why.
    pub left: Vec<Left>,
}

/// Something that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Where it stands: `12:4`, or `objects[3]`.
    pub place: String,
    pub why: String,
}

impl Format {
    /// Whether it becomes sources rather than actors.
    pub fn has_sources(self) -> bool {
        match self {
            Format::Misp | Format::Stix | Format::Attack => false,
            Format::Csl | Format::Bibtex => true,
        }
    }
}

/// Reads the text of a file.
///
/// # Errors
/// The place and the reason, when nothing of it can be read.
pub fn read(format: Format, text: &str) -> Result<Imported, Left> {
    match format {
        Format::Misp => misp::read(&json(text)?),
        Format::Stix => stix::read(&json(text)?, stix::Kind::Any),
        Format::Attack => stix::read(&json(text)?, stix::Kind::Attack),
        Format::Csl => bibliography::read("file.json", text),
        Format::Bibtex => bibliography::read("file.bib", text),
    }
}

fn json(text: &str) -> Result<serde_json::Value, Left> {
    // Windows marks text so, and no reader of JSON takes it.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| Left {
        place: format!("{}:{}", error.line(), error.column()),
        why: format!("cannot be read as JSON: {error}"),
    })
}

impl Left {
    fn new(place: impl Into<String>, why: impl Into<String>) -> Left {
        Left {
            place: place.into(),
            why: why.into(),
        }
    }
}
