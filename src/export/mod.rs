//! Exports a site as data for other tools; every format contains claims with their positions.
//!
//! `compile` uses it to publish the formats in `exports` under `data/`, and the command `export` to
//! write them. First, the site and its facts are converted to one flat record with names instead of
//! ids. Then each format is written from this record only. In all formats, a claim is never a fact,
//! a denial is an opinion on a claim and never a negated relation, ids are derived from names, and
//! nothing depends on the clock, so that the same book gives the same bytes.

mod annotations;
mod bib;
mod changes;
mod csl;
mod csv;
mod ftm;
mod gather;
mod graphml;
mod ical;
mod ids;
mod json;
mod links;
mod misp;
mod parquet;
mod record;
mod sqlite;
mod stix;
mod table;
mod tables;

use crate::config::{Config, Export};
use crate::index::Facts;
use crate::model::Site;
use crate::text::SitePath;
pub use changes::{Changes, changes};

/// The input of an export.
#[derive(Clone, Copy)]
pub struct Book<'a> {
    pub site: &'a Site,
    pub config: &'a Config,
    pub facts: &'a Facts,
}

/// A file of a format: its path in the data folder, and its bytes.
pub type File = (SitePath, Vec<u8>);

/// Returns the files of `formats`, the main file of each first.
pub fn files(book: &Book<'_>, formats: &[Export]) -> Vec<File> {
    use rayon::prelude::*;
    if formats.is_empty() {
        return Vec::new();
    }
    let record = gather::record(book);
    let made = formats.par_iter().flat_map_iter(|format| match format {
        Export::Json => json::files(&record),
        Export::Csv => csv::files(&record),
        Export::Parquet => parquet::files(&record),
        Export::Sqlite => sqlite::files(&record),
        Export::Stix => stix::files(&record),
        Export::Ftm => ftm::files(&record),
        Export::Misp => misp::files(&record),
        Export::Annotations => annotations::files(&record),
        Export::Csl => csl::files(&record),
        Export::Biblatex => bib::files(&record),
        Export::Graphml => graphml::files(&record),
        Export::Ical => ical::files(&record),
    });
    let placed = made.map(|(path, bytes)| {
        let path = SitePath::known(&path);
        (path, bytes)
    });
    placed.collect()
}

/// Returns the content of compressed formats among `formats` as text, under the path of the main
/// file of each, so that withheld words can be found in it.
pub fn unpacked(book: &Book<'_>, formats: &[Export]) -> Vec<File> {
    // Parquet is compressed, and SQLite splits long texts at page boundaries.
    let packed = [Export::Parquet, Export::Sqlite];
    let packed = formats.iter().filter(|format| packed.contains(format));
    let unpacked = packed.flat_map(|format| {
        let path = SitePath::known(format.main_file());
        let tables = files(book, &[Export::Csv]).into_iter();
        tables.map(move |(_, bytes)| (path.clone(), bytes))
    });
    unpacked.collect()
}
