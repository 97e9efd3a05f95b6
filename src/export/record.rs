//! The record: the content of a site, flat and with names instead of ids. `record.json` has it
//! unchanged, and every other format is written from it.
//!
//! A claim is always stored with its positions and its status, so that no format can use it without
//! them. Objects are identified by their authors' ids, never by indices.

use serde::{Serialize, Serializer};

use super::ids::Ids;
use crate::model::{PartialDate, PositionState, Side, Status, Tlp};
use jiff::civil::Date;

/// A date with its precision; as text it is EDTF.
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
    /// The first day in the record. Formats that require a time of creation get it or `last_day`,
    /// because nothing depends on the clock.
    #[serde(skip)]
    pub first_day: Date,
    #[serde(skip)]
    pub last_day: Date,
}

/// The site of the record.
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
    /// The last day of the record; later statements are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The highest level of the Traffic Light Protocol in the record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
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
    pub legal_status: Option<&'static str>,
    pub legal_status_sources: Vec<&'a str>,
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

/// The legal status of a person, with its sources.
#[derive(Debug, Serialize)]
pub struct Legal<'a> {
    pub actor: &'a str,
    pub legal_status: &'static str,
    pub sources: Vec<&'a str>,
}

/// A claim, never without its positions.
#[derive(Debug, Serialize)]
pub struct Claim<'a> {
    pub id: &'a str,
    pub uuid: String,
    pub page: String,
    pub text: &'a str,
    /// The claim with its owner and status, for labels.
    #[serde(skip)]
    pub with_owner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'a str>,
    pub status: &'static str,
    pub status_words: String,
    pub support: String,
    pub support_words: String,
    pub contest: &'static str,
    pub contest_words: String,
    pub signature: String,
    pub against: Vec<&'a str>,
    pub about: Vec<&'a str>,
    /// The legal status of each person that it accuses or is about.
    pub legal_statuses: Vec<Legal<'a>>,
    /// The same as sentences without full stops, with the names of persons and sources.
    #[serde(skip)]
    pub legal_sentences: Vec<String>,
    pub replies: Vec<Reply<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<&'a str>,
    pub supports: Vec<&'a str>,
    pub contradicts: Vec<&'a str>,
    pub parts: Vec<&'a str>,
    /// The relation between two actors that it states; it has no more weight than the claim.
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
    /// The party that answered for the accused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<&'a str>,
    /// The position that is the reply.
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
    /// Claim, party, stance and day, with a number for repetitions.
    pub id: String,
    pub uuid: String,
    pub page: String,
    pub claim: &'a str,
    pub by: &'a str,
    pub stance: &'static str,
    /// The stance in words that follow the party's name.
    pub stance_words: &'static str,
    /// When a silent party was asked, and until when it had not replied.
    #[serde(skip)]
    pub request_words: String,
    /// True for a silence, which the authors record instead of the party.
    #[serde(skip)]
    pub is_silence: bool,
    #[serde(skip)]
    pub side: Side,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<char>,
    /// Its state at the end of the record.
    #[serde(serialize_with = "word")]
    pub state: PositionState,
    /// The later position of the same party that replaced or withdrew it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<String>,
    /// The date of the later position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<When>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<When>,
    pub words: &'a str,
    /// True if the words are verbatim.
    pub quote: bool,
    /// The words in the original language; `words` are then a translation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orig: Option<&'a str>,
    /// The language of `orig`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orig_lang: Option<String>,
    /// The language of `words`.
    pub lang: String,
    /// The words for a line of text.
    #[serde(skip)]
    pub shown: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice: Option<&'a str>,
    pub sources: Vec<Cited<'a>>,
    /// The speaker's own term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<&'a str>,
    /// The speaker's own term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<&'a str>,
    /// The published scales that have the term of `likelihood`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub likelihood_yardsticks: Vec<&'static str>,
    /// The published range in percent, unless the scales disagree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood_low: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood_high: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    pub mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joint: Option<&'a str>,
    /// For `corrects`: the new claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<&'a str>,
    /// For `reports`: the parties whose statement is reported.
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
    /// Authors that are not actors of the book.
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tlp: Option<&'static str>,
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
    /// Returns all positions, in the order of the claims.
    pub fn positions(&self) -> impl Iterator<Item = &Position<'a>> {
        self.claims.iter().flat_map(|claim| &claim.positions)
    }

    /// Returns the actor with this id; every id in the record exists.
    pub fn actor(&self, id: &str) -> &Actor<'a> {
        named(&self.actors, id, |actor| actor.id)
    }

    /// Returns the titles of these sources.
    pub fn titles(&self, ids: &[&str]) -> Vec<&str> {
        ids.iter().map(|id| self.source(id).title).collect()
    }

    /// Returns the claim with this id.
    pub fn claim(&self, id: &str) -> &Claim<'a> {
        named(&self.claims, id, |claim| claim.id)
    }

    /// Returns the source with this id.
    pub fn source(&self, id: &str) -> &Source<'a> {
        named(&self.sources, id, |source| source.id)
    }
}

impl Claim<'_> {
    /// True if every party that made it has withdrawn it or replaced it with another claim.
    pub fn is_given_up(&self) -> bool {
        let given_up = [Status::Withdrawn, Status::Corrected];
        given_up.iter().any(|status| status.word() == self.status)
    }

    /// Returns the claim as sentences, with its status before the proposition and the legal status
    /// of persons after it, for formats in which a text can be read without the fields around it.
    pub fn in_words(&self) -> String {
        let mut words = format!(
            "Claim, {}: {}; {}. The claim: {}",
            self.status.replace('-', " "),
            self.support_words,
            self.contest_words,
            self.text
        );
        if !self.legal_sentences.is_empty() && !words.ends_with(['.', '!', '?', '。']) {
            words.push('.');
        }
        for sentence in &self.legal_sentences {
            words.push_str(&format!(" {sentence}."));
        }
        words
    }
}

impl Position<'_> {
    /// Returns the words in the source, if the record has them.
    pub fn verbatim(&self) -> Option<&str> {
        let words = self.orig.or_else(|| self.quote.then_some(self.words));
        words.filter(|words| !words.is_empty())
    }

    /// True if the party holds it at the end of the record.
    pub fn is_current(&self) -> bool {
        self.state == PositionState::Current
    }

    /// Returns the position in words: `China's foreign ministry denies it`, with the details of an
    /// unanswered question, and whether the party no longer holds it.
    pub fn in_words(&self, record: &Record<'_>) -> String {
        let name = record.actor(self.by).name;
        format!(
            "{name} {}{}{}",
            self.stance_words,
            self.request_words,
            self.fate_in_words()
        )
    }

    /// Returns the suffix for a position that the party no longer holds.
    fn fate_in_words(&self) -> String {
        let did = match self.state {
            PositionState::Current | PositionState::Remark | PositionState::Report => {
                return String::new();
            }
            PositionState::Replaced => "an earlier position, replaced",
            PositionState::Withdrawn => "withdrawn",
        };
        match self.ended_on {
            Some(When(on)) => format!(" ({did} on {})", on.in_words()),
            None => format!(" ({did} since)"),
        }
    }
}

/// Serializes a state as its stable word.
fn word<S: Serializer>(state: &PositionState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state.word())
}

impl When {
    pub fn first(&self) -> Date {
        self.0.first_day()
    }

    /// Returns the last day that it can mean; `None` if it has no end.
    pub fn last(&self) -> Option<Date> {
        Some(self.0.last_day()).filter(|day| *day != Date::MAX)
    }
}

/// Returns the highest of these levels of the Traffic Light Protocol.
pub fn highest(levels: impl IntoIterator<Item = Option<&'static str>>) -> Option<&'static str> {
    let levels = levels.into_iter().flatten();
    levels.max_by_key(|word| Tlp::parse(word))
}

/// Looks up an id in a list that is not sorted by id; a linear search would be quadratic in total.
fn named<'r, T>(list: &'r [T], id: &str, of: impl Fn(&T) -> &str) -> &'r T {
    let at = list.binary_search_by(|item| of(item).cmp(id));
    &list[at.expect("the record holds what it names, in the order of ids")]
}
