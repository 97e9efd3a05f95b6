//! The data formats in which a book can be taken along, as authors, pages and the command line
//! name them.

/// A data format of `exports` and of `whosaid export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Export {
    Json,
    Csv,
    Parquet,
    Sqlite,
    Stix,
    Ftm,
    Misp,
    Annotations,
    Csl,
    Biblatex,
    Graphml,
    Ical,
}

impl Export {
    /// Every format, in the order in which readers are told of them.
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

    /// The format that an author writes as `word`.
    pub fn parse(word: &str) -> Option<Export> {
        Export::ALL.into_iter().find(|format| format.word() == word)
    }

    /// The word that an author writes.
    pub fn word(self) -> &'static str {
        Export::WORDS[self as usize]
    }

    /// Its name, for readers.
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

    /// What is in it, in one sentence for readers.
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

    /// The files that readers are told of, below the folder of the data: the one to begin with,
    /// then others of weight. What else the format has is named in the first.
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

    /// The file to begin with.
    pub fn main_file(self) -> &'static str {
        self.files()[0]
    }
}
