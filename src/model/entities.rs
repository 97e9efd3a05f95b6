//! Actors, claims, positions, sources, events and briefings.

use indexmap::IndexMap;

use super::stance::words;
use super::{
    Basis, Body, Confidence, Doc, Elsewhere, Grade, Id, Likelihood, MarkNo, Mode, PartialDate,
    Prose, Stance, Target,
};
use crate::text::{Place, SitePath, SourceMap, Span};

words! {
    /// The kind of an actor.
    ActorKind {
        State "state",
        GovernmentBody "government-body",
        Alliance "alliance",
        Company "company",
        Organization "organization",
        Group "group",
        Person "person",
        Product "product",
        Campaign "campaign",
        Place "place",
    }
}

words! {
    /// The legal status of a person, according to the sources that the author names.
    LegalStatus {
        Named "named",
        Suspected "suspected",
        Charged "charged",
        Sanctioned "sanctioned",
        Convicted "convicted",
        Acquitted "acquitted",
    }
}

words! {
    /// The Traffic Light Protocol's levels, from the most open to the closest.
    Tlp {
        Clear "clear",
        Green "green",
        Amber "amber",
        AmberStrict "amber+strict",
        Red "red",
    }
}

impl Tlp {
    /// Reads a label as people and tools write it: `TLP:AMBER+STRICT`, `amber`, and TLP 1's
    /// `white`.
    pub fn read(label: &str) -> Option<Tlp> {
        let label = label.trim().to_ascii_lowercase();
        let word = label.strip_prefix("tlp:").unwrap_or(&label);
        match word.trim().trim_matches('"') {
            "white" => Some(Tlp::Clear),
            word => Tlp::parse(word),
        }
    }

    /// Returns the printed form: `TLP:AMBER+STRICT`.
    pub fn label(self) -> &'static str {
        match self {
            Tlp::Clear => "TLP:CLEAR",
            Tlp::Green => "TLP:GREEN",
            Tlp::Amber => "TLP:AMBER",
            Tlp::AmberStrict => "TLP:AMBER+STRICT",
            Tlp::Red => "TLP:RED",
        }
    }
}

/// A value of `extra` or of an `x-…` key, for templates.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Text(String),
    List(Vec<Value>),
    Map(Extra),
}

/// The author's own keys, in their order.
pub type Extra = IndexMap<String, Value>;

/// An entity that can speak or be spoken about.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    pub id: String,
    pub name: String,
    pub kind: ActorKind,
    pub aliases: Vec<String>,
    /// Who uses which alias, with a source.
    pub named_by: Vec<Naming>,
    pub summary: Option<String>,
    pub part_of: Option<Id<Actor>>,
    pub member_of: Vec<Id<Actor>>,
    pub speaks_for: Vec<Id<Actor>>,
    pub country: Option<Country>,
    pub from: Option<PartialDate>,
    pub to: Option<PartialDate>,
    /// A person's legal status.
    pub legal_status: Option<LegalStatus>,
    /// The sources that give the legal status.
    pub legal_status_sources: Vec<Id<Source>>,
    pub wikidata: Option<String>,
    pub attack_id: Option<String>,
    pub stix_id: Option<String>,
    pub url: Option<String>,
    /// The same actor on other sites, by a common external id.
    pub also_on: Vec<Id<Elsewhere>>,
    pub image: Option<SitePath>,
    pub tlp: Option<Tlp>,
    pub extra: Extra,
    pub prose: Prose,
    pub place: Place,
    /// True for the built-in actor `unnamed`, a party that a source does not name.
    pub is_unnamed: bool,
}

/// An alias and who uses it: `"ALIAS = actor @source"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Naming {
    pub alias: String,
    pub by: Vec<Id<Actor>>,
    pub sources: Vec<Id<Source>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Country {
    Actor(Id<Actor>),
    /// The text as written: an ISO code or a name.
    Code(String),
}

/// A proposition with its positions.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub id: String,
    /// The proposition as one full sentence.
    pub text: String,
    pub kind: Option<String>,
    pub about: Vec<Id<Actor>>,
    /// The accused.
    pub against: Vec<Id<Actor>>,
    pub event: Option<Id<Event>>,
    pub supports: Vec<Id<Claim>>,
    pub contradicts: Vec<Id<Claim>>,
    pub part: Vec<Id<Claim>>,
    pub relation: Option<Relation>,
    pub tags: Vec<String>,
    pub tlp: Option<Tlp>,
    pub extra: Extra,
    pub prose: Prose,
    /// Its file, or its first mark.
    pub place: Place,
    /// Ordered by date (an interval by its start), then by page order and line; undated first.
    pub positions: Vec<Position>,
    /// The accused whose reply is on record and withheld from this edition.
    pub withheld_replies: Vec<Id<Actor>>,
    /// All places in texts that mark it, in page order.
    pub appearances: Vec<Appearance>,
}

/// `[subject, predicate, object]`, which has no more weight than its claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    pub subject: Id<Actor>,
    pub predicate: String,
    pub object: Id<Actor>,
}

/// One party's stance on a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    pub by: Id<Actor>,
    pub stance: Stance,
    pub on: Option<PartialDate>,
    pub sources: Vec<Citation>,
    /// True if the author named a source, even an unknown one.
    pub is_cited: bool,
    /// The marked words, as plain text.
    pub words: String,
    /// The place of the words that the source must contain: the value of `orig`, or the marked
    /// words; if a whole block quotation is marked, the quotation.
    pub verbatim_place: Place,
    /// True if `words` are verbatim; never with `orig`.
    pub quote: bool,
    /// The words in the original language, verbatim; `words` are then a translation.
    pub orig: Option<String>,
    /// The language of `words`, if the mark sets it.
    pub lang: Option<String>,
    /// The person who spoke for the party.
    pub voice: Option<Id<Actor>>,
    /// The confidence that the speaker states.
    pub confidence: Option<Confidence>,
    /// The likelihood that the speaker states.
    pub likelihood: Option<Likelihood>,
    /// The authors' grade.
    pub grade: Option<Grade>,
    pub basis: Option<Basis>,
    pub mode: Mode,
    /// The word that connects joint statements.
    pub joint: Option<String>,
    /// For `corrects`: the claim that replaces this one.
    pub with: Option<Id<Claim>>,
    /// For `reports`: the parties whose statement is reported.
    pub said_by: Vec<Id<Actor>>,
    /// For `no-comment` and `no-response`: when the party was asked.
    pub asked: Option<PartialDate>,
    /// … the deadline for the reply,
    pub by_date: Option<PartialDate>,
    /// … and the channel.
    pub via: Option<String>,
    /// The author's note.
    pub note: Option<String>,
    /// Keys that begin with `x-`.
    pub extra: Vec<(String, String)>,
    pub tlp: Option<Tlp>,
    /// Its document and mark: positions of one mark are joint.
    pub doc: Doc,
    pub mark: MarkNo,
    pub place: Place,
}

/// A cited source and the place in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    pub source: Id<Source>,
    /// `p. 4`; may be empty.
    pub locator: String,
}

/// A place in a text where a claim is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appearance {
    pub doc: Doc,
    pub mark: MarkNo,
}

/// Marked words of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub role: MarkRole,
    /// Its anchor on the page, which does not change with edits elsewhere.
    pub anchor: String,
    /// The marked words as plain text.
    pub words: String,
    /// True if it is the attribution line of a whole block quotation.
    pub whole_quote: bool,
    /// True for `cont`: it adds no positions.
    pub continues: bool,
    pub span: Span,
    /// The language of the words, if the mark sets it.
    pub lang: Option<Box<str>>,
    /// Its level, from its attributes, its headings or `defaults`.
    pub tlp: Option<Tlp>,
}

/// The function of a mark.
#[derive(Debug, Clone, PartialEq)]
pub enum MarkRole {
    Position {
        stance: Stance,
        claims: Vec<Id<Claim>>,
        by: Vec<Id<Actor>>,
    },
    Event(Id<Event>),
    /// Words that were said after the day of the record: the site contains nothing of their
    /// content.
    Later,
}

/// A cited document.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub id: String,
    pub title: String,
    pub authors: Vec<Id<Actor>>,
    /// Authors that are not actors of the book.
    pub literal_authors: Vec<String>,
    pub publisher: Option<String>,
    pub date: Option<PartialDate>,
    pub url: Option<String>,
    pub archive: Option<String>,
    pub retrieved: Option<PartialDate>,
    pub sha256: Option<String>,
    pub kind: Option<String>,
    pub language: Option<String>,
    /// `A` to `F` of the Admiralty code.
    pub reliability: Option<char>,
    pub mode: Option<Mode>,
    pub based_on: Vec<Id<Source>>,
    pub tlp: Option<Tlp>,
    pub extra: Extra,
    /// The kept text, if the file has one.
    pub kept: Body<Target>,
    /// The source places of `kept`.
    pub map: SourceMap,
    /// The kept text as plain words, for checking quotations.
    pub kept_words: String,
    pub place: Place,
}

/// A dated entry of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub id: String,
    /// The marked words.
    pub text: String,
    pub on: Option<PartialDate>,
    pub who: Vec<Id<Actor>>,
    pub sources: Vec<Citation>,
    pub doc: Doc,
    pub mark: MarkNo,
    pub place: Place,
}

/// A briefing.
#[derive(Debug, Clone, PartialEq)]
pub struct Briefing {
    /// Its path below the source folder, without extension; mentions use it or its last part.
    pub id: String,
    /// Its file.
    pub file: SitePath,
    /// Its page: the path of the file with `.html`.
    pub address: SitePath,
    pub title: String,
    pub subtitle: Option<String>,
    pub summary: Option<String>,
    pub date: Option<PartialDate>,
    pub updated: Option<PartialDate>,
    pub as_of: Option<PartialDate>,
    pub authors: Vec<String>,
    pub tags: Vec<String>,
    pub is_draft: bool,
    /// Old addresses that redirect to it.
    pub aliases: Vec<SitePath>,
    pub question: Option<Id<Claim>>,
    pub event: Option<Id<Event>>,
    pub corrections: Vec<Correction>,
    pub tlp: Option<Tlp>,
    pub extra: Extra,
    pub prose: Prose,
    pub place: Place,
}

/// A correction of a briefing, with its date.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub on: Option<PartialDate>,
    pub text: String,
}
