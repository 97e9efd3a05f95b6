//! The export formats, with their names for authors, pages and the command line.

/// A format of `exports` and of `whosaid export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Export {
    /// The whole record as JSON, with its schema.
    Json,
    /// Tables as CSV, with a data package that describes them.
    Csv,
    /// The same tables as Apache Parquet.
    Parquet,
    /// The same tables as one SQLite database.
    Sqlite,
    /// A STIX 2.1 bundle.
    Stix,
    /// FollowTheMoney entities, one per line.
    Ftm,
    /// Two MISP galaxies with their clusters.
    Misp,
    /// W3C Web Annotations of the quoted words.
    Annotations,
    /// The sources as CSL-JSON.
    Csl,
    /// The sources as BibLaTeX.
    Biblatex,
    /// Actors, claims and positions as a GraphML graph.
    Graphml,
    /// The timeline as an iCalendar file.
    Ical,
}

impl Export {
    /// All formats, in the order of lists.
    pub const ALL: [Export; 12] = [
        Export::Json,
        Export::Csv,
        Export::Parquet,
        Export::Sqlite,
        Export::Stix,
        Export::Ftm,
        Export::Misp,
        Export::Annotations,
        Export::Csl,
        Export::Biblatex,
        Export::Graphml,
        Export::Ical,
    ];

    /// The words of [`Export::word`], in the order of [`Export::ALL`].
    pub const WORDS: &[&str] = &[
        "json",
        "csv",
        "parquet",
        "sqlite",
        "stix",
        "ftm",
        "misp",
        "annotations",
        "csl",
        "biblatex",
        "graphml",
        "ical",
    ];

    /// Returns the format with this name.
    pub fn parse(word: &str) -> Option<Export> {
        Export::ALL.into_iter().find(|format| format.word() == word)
    }

    /// Returns the name in `book.toml` and on the command line.
    pub fn word(self) -> &'static str {
        Export::WORDS[self as usize]
    }

    /// Returns the title for readers.
    pub fn title(self) -> &'static str {
        match self {
            Export::Json => "JSON",
            Export::Csv => "CSV",
            Export::Parquet => "Parquet",
            Export::Sqlite => "SQLite",
            Export::Stix => "STIX 2.1",
            Export::Ftm => "FollowTheMoney",
            Export::Misp => "MISP galaxy",
            Export::Annotations => "Web Annotations",
            Export::Csl => "CSL-JSON",
            Export::Biblatex => "BibLaTeX",
            Export::Graphml => "GraphML",
            Export::Ical => "iCalendar",
        }
    }

    /// Returns a description in one sentence.
    pub fn about(self) -> &'static str {
        match self {
            Export::Json => "Everything, each claim with all of its positions; with its schema.",
            Export::Csv => "Tables for spreadsheets, described by a data package.",
            Export::Parquet => "The same tables for analysis, to load beside other records.",
            Export::Sqlite => "The same tables as one database.",
            Export::Stix => "Actors, claims as notes and positions as opinions on them.",
            Export::Ftm => "Actors, claims, positions and documents as entities, one a line.",
            Export::Misp => "Actors and claims as two galaxies with their clusters.",
            Export::Annotations => "The quoted words of positions, each with its document.",
            Export::Csl => "The sources, for reference managers.",
            Export::Biblatex => "The sources, for LaTeX and others.",
            Export::Graphml => "Actors, claims and who holds what, as a graph.",
            Export::Ical => "The timeline, for calendars.",
        }
    }

    /// Returns the files that the page of exports lists, relative to the data folder: the main
    /// file, then other important ones. The main file refers to the rest.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            Export::Json => &["record.json", "record.schema.json"],
            Export::Csv => &[
                "csv/datapackage.json",
                "csv/claims.csv",
                "csv/positions.csv",
                "csv/actors.csv",
                "csv/sources.csv",
            ],
            Export::Parquet => &["parquet/datapackage.json"],
            Export::Sqlite => &["record.sqlite"],
            Export::Stix => &["stix.json"],
            Export::Ftm => &["entities.ftm.json"],
            Export::Misp => &["misp/clusters/claims.json", "misp/clusters/actors.json"],
            Export::Annotations => &["annotations.jsonld"],
            Export::Csl => &["sources.csl.json"],
            Export::Biblatex => &["sources.bib"],
            Export::Graphml => &["graph.graphml"],
            Export::Ical => &["timeline.ics"],
        }
    }

    /// Returns the main file.
    pub fn main_file(self) -> &'static str {
        self.files()[0]
    }
}
