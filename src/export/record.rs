//! The record: what a site holds, flat and by name, as `record.json` has it and as every other
//! format is made of it.
//!
//! A claim stands here with all of its positions and with how it stands, so that no format can
//! take the one without the other. Nothing refers to a place in an arena: things are named by
//! the ids that authors gave them.

use serde::{Serialize, Serializer};

use super::ids::Ids;
use crate::model::{PartialDate, Side};
use jiff::civil::Date;

/// A date as precise as the author knew it; EDTF where it is text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct When(pub PartialDate);

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Everything that is exported.
#[derive(Debug, Serialize)]
pub struct Record<'a> {
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    pub version: u32,
    pub site: Site<'a>,
    pub counts: Counts,
    pub actors: Vec<Actor<'a>>,
    pub claims: Vec<Claim<'a>>,
    pub sources: Vec<Source<'a>>,
    pub events: Vec<Event<'a>>,
    pub briefings: Vec<Briefing<'a>>,
    #[serde(skip)]
    pub ids: Ids,
    /// The first day that the record speaks of; with `last_day` it stands where a format wants
    /// to know when things were made, since no clock is asked.
    #[serde(skip)]
    pub first_day: Date,
    #[serde(skip)]
    pub last_day: Date,
}

/// The desk whose record it is.
#[derive(Debug, Serialize)]
pub struct Site<'a> {
    pub uuid: String,
    pub title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    pub language: &'a str,
    pub authors: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub license_url: Option<&'a str>,
    /// What was said later is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct Counts {
    pub actors: usize,
    pub claims: usize,
    pub positions: usize,
    pub sources: usize,
    pub events: usize,
    pub briefings: usize,
}

#[derive(Debug, Serialize)]
pub struct Actor<'a> {
    pub id: &'a str,
    pub uuid: String,
    pub name: &'a str,
    pub kind: &'static str,
    pub page: String,
    pub aliases: &'a [String],
    pub named_by: Vec<Naming<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part_of: Option<&'a str>,
    pub member_of: Vec<&'a str>,
    pub speaks_for: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<&'static str>,
    pub status_sources: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attack_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stix_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub struct Naming<'a> {
    pub alias: &'a str,
    pub by: Vec<&'a str>,
    pub sources: Vec<&'a str>,
}

/// A claim, never without its positions.
#[derive(Debug, Serialize)]
pub struct Claim<'a> {
    pub id: &'a str,
    pub uuid: String,
    pub page: String,
    pub text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'a str>,
    pub headline: &'static str,
    pub headline_words: &'static str,
    pub support: String,
    pub support_words: String,
    pub contest: &'static str,
    pub contest_words: &'static str,
    pub signature: String,
    pub against: Vec<&'a str>,
    pub about: Vec<&'a str>,
    pub replies: Vec<Reply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'a str>,
    pub supports: Vec<&'a str>,
    pub contradicts: Vec<&'a str>,
    pub parts: Vec<&'a str>,
    /// What it states of two actors; of no more weight than the claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation<'a>>,
    pub tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_on: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_on: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
    pub positions: Vec<Position<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Reply<'a> {
    pub accused: &'a str,
    pub reply: &'static str,
    /// Who answered for the accused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<&'a str>,
    /// The position that is the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Days from the first accusation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
}

#[derive(Debug, Serialize)]
pub struct Relation<'a> {
    pub subject: &'a str,
    pub predicate: &'a str,
    pub object: &'a str,
}

/// One party's stance on a claim.
#[derive(Debug, Serialize)]
pub struct Position<'a> {
    /// Claim, party, stance and day, with a number where that is not enough.
    pub id: String,
    pub uuid: String,
    pub page: String,
    pub claim: &'a str,
    pub by: &'a str,
    pub stance: &'static str,
    /// The stance in words that follow the party's name.
    pub stance_words: &'static str,
    #[serde(skip)]
    pub side: Side,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<char>,
    /// Whether it is what the party holds by the end of the record.
    pub stands: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<When>,
    pub words: &'a str,
    /// Whether the words are verbatim.
    pub quote: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<&'a str>,
    pub sources: Vec<Cited<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    pub mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joint: Option<&'a str>,
    /// For `corrects`: the claim that replaces it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<&'a str>,
    /// For `reports`: whose words they are.
    pub said_by: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_date: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
}

/// A source and the place in it.
#[derive(Debug, Serialize)]
pub struct Cited<'a> {
    pub source: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub locator: &'a str,
}

#[derive(Debug, Serialize)]
pub struct Source<'a> {
    pub id: &'a str,
    pub uuid: String,
    pub page: String,
    pub title: &'a str,
    pub authors: Vec<&'a str>,
    /// Authors that are no actors of the book.
    pub other_authors: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archive: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retrieved: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reliability: Option<char>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
    pub based_on: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub struct Event<'a> {
    pub id: &'a str,
    pub uuid: String,
    pub page: String,
    pub text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<When>,
    pub who: Vec<&'a str>,
    pub sources: Vec<Cited<'a>>,
}

#[derive(Debug, Serialize)]
pub struct Briefing<'a> {
    pub id: &'a str,
    pub uuid: String,
    pub page: String,
    pub title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<When>,
    pub authors: &'a [String],
    pub tags: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<&'a str>,
    /// The claims that its text marks.
    pub claims: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
}

impl<'a> Record<'a> {
    /// All positions, in the order of the claims.
    pub fn positions(&self) -> impl Iterator<Item = &Position<'a>> {
        self.claims.iter().flat_map(|claim| &claim.positions)
    }

    /// The actor of this id; every id of the record leads to one.
    pub fn actor(&self, id: &str) -> &Actor<'a> {
        named(&self.actors, id, |actor| actor.id)
    }

    /// The source of this id.
    pub fn source(&self, id: &str) -> &Source<'a> {
        named(&self.sources, id, |source| source.id)
    }
}

impl Claim<'_> {
    /// The claim as a sentence that says how it stands before it says what it states: for
    /// formats in which a text may be read without what stands beside it.
    pub fn told(&self) -> String {
        format!(
            "Claim, {}: {}; {}. “{}”",
            self.headline.replace('-', " "),
            self.support_words,
            self.contest_words,
            self.text
        )
    }
}

impl Position<'_> {
    /// Who does what, in words: `China's foreign ministry denies it`.
    pub fn told(&self, record: &Record<'_>) -> String {
        format!("{} {}", record.actor(self.by).name, self.stance_words)
    }
}

impl When {
    pub fn first(&self) -> Date {
        self.0.first_day()
    }

    /// The last day that it may mean; none for what has no end.
    pub fn last(&self) -> Option<Date> {
        Some(self.0.last_day()).filter(|day| *day != Date::MAX)
    }
}

/// Ids are sorted as `link` gives them out in the order of files, which need not be theirs, so
/// that a plain walk would be quadratic on a large record.
fn named<'r, T>(list: &'r [T], id: &str, of: impl Fn(&T) -> &str) -> &'r T {
    let at = list.binary_search_by(|item| of(item).cmp(id));
    &list[at.expect("the record holds what it names, in the order of ids")]
}
