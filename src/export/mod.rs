//! A site becomes files for other tools: each format carries claims with their positions.
//!
//! For `compile`, which publishes what `exports` names under `data/`, and for the command
//! `export`. First the site and its facts become one record, by name and flat; then each format
//! is made of the record, and of nothing else. What holds for all of them: a claim is never told
//! as a fact, a denial is an opinion on a claim and no relation with a "not" in it, ids are made
//! of names, and no clock is asked, so that the same book gives the same bytes.

mod annotations;
mod bib;
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
use crate::model::Site;
use crate::page::Facts;
use crate::text::SitePath;

/// All that an export is made of.
#[derive(Clone, Copy)]
pub struct Book<'a> {
    pub site: &'a Site,
    pub config: &'a Config,
    pub facts: &'a Facts,
}

/// A file of a format: its path below the folder of the data, and what is in it.
pub type File = (SitePath, Vec<u8>);

/// The files of `formats`, the main file of each before its others.
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
        let path = SitePath::new(&path).expect("the formats name their files by paths");
        (path, bytes)
    });
    placed.collect()
}

/// What stands in those of `formats` whose bytes do not show it, as text: under the path of the
/// main file of each, so that who looks for words finds them.
pub fn unpacked(book: &Book<'_>, formats: &[Export]) -> Vec<File> {
    // Parquet is compressed, and SQLite parts a long text wherever a page of it ends.
    let packed = [Export::Parquet, Export::Sqlite];
    let packed = formats.iter().filter(|format| packed.contains(format));
    let unpacked = packed.flat_map(|format| {
        let path = SitePath::new(format.main_file()).expect("the main files have paths");
        let tables = files(book, &[Export::Csv]).into_iter();
        tables.map(move |(_, bytes)| (path.clone(), bytes))
    });
    unpacked.collect()
}
