//! Converts data of other tools into the first files of a book: MISP clusters, STIX bundles and
//! ATT&CK become actors, bibliographies become sources.
//!
//! Used by the command `import`. Text goes in, and files come out as an author would write them.
//! All input is data: ids are made valid, no text can become a mark, a mention or HTML, and
//! everything that cannot be read is reported with its place. Relations between two parties are not
//! imported, because each would have to be a claim, and the input does not say whose.

mod bibliography;
mod misp;
mod stix;
mod write;

use crate::model::Tlp;
use crate::text::SitePath;

/// The most files of an import: a book has no room for more actors or sources.
const MOST: usize = 50_000;

/// The format of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A MISP galaxy cluster.
    Misp,
    /// A STIX 2 bundle.
    Stix,
    /// The STIX 2 bundle of ATT&CK.
    Attack,
    /// A list of CSL-JSON items.
    Csl,
    /// BibTeX or BibLaTeX.
    Bibtex,
}

/// The result of an import.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Imported {
    /// The files to write, relative to the folder of actors or sources.
    pub files: Vec<(SitePath, String)>,
    /// The entries that were left out, and why.
    pub left: Vec<Left>,
}

/// An entry that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The place in the input: `12:4`, or `objects[3]`.
    pub place: String,
    pub why: String,
}

impl Format {
    /// True if the format becomes sources instead of actors.
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
/// Returns the place and the reason if the text cannot be parsed.
pub fn read(format: Format, text: &str) -> Result<Imported, Left> {
    let mut imported = match format {
        Format::Misp => misp::read(&json(text)?),
        Format::Stix => stix::read(&json(text)?, stix::Kind::Any),
        Format::Attack => stix::read(&json(text)?, stix::Kind::Attack),
        Format::Csl => bibliography::read("file.json", text),
        Format::Bibtex => bibliography::read("file.bib", text),
    }?;
    let more = imported.files.len().saturating_sub(MOST);
    if more > 0 {
        imported.files.truncate(MOST);
        let place = format!("{more} × more");
        let why = format!("left out: a book can have at most {MOST} actors and {MOST} sources");
        imported.left.push(Left::new(place, why));
    }
    Ok(imported)
}

/// The level of a tag such as `tlp:amber` or `misp-galaxy:tlp="red"`. Tags of other things have
/// none; an unknown level is the highest one.
fn tagged(tag: &str) -> Option<Tlp> {
    let tag = tag.trim().to_ascii_lowercase();
    let label = tag.strip_prefix("tlp").or_else(|| {
        let (_, label) = tag.split_once(":tlp")?;
        Some(label)
    })?;
    let label = label.trim_start_matches([':', '=', '-', '/', ' ']);
    Some(Tlp::read(label).unwrap_or(Tlp::Red))
}

fn json(text: &str) -> Result<serde_json::Value, Left> {
    // A byte order mark, which Windows programs write and JSON parsers reject.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    serde_json::from_str(text).map_err(|error| Left {
        place: format!("{}:{}", error.line(), error.column()),
        why: format!("not valid JSON: {error}"),
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
