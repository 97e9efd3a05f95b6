//! Actors, claims, positions, sources, events and briefings.

use indexmap::IndexMap;

use super::stance::words;
use super::{
    Basis, Body, Confidence, Doc, Elsewhere, Grade, Id, Likelihood, MarkNo, Mode, PartialDate,
    Prose, Stance, Target,
};
use crate::text::{Place, SitePath};

words! {
    /// What kind of entity an actor is.
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
    /// How a person stands with the law, as the named source has it.
    PersonStatus {
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
    Tlp { Clear "clear", Green "green", Amber "amber", Red "red", }
}

/// A value of `extra` or of an `x-…` key, kept for templates.
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

/// An entity that can speak or be spoken of.
#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    pub id: String,
    pub name: String,
    pub kind: ActorKind,
    pub aliases: Vec<String>,
    /// Who uses which alias, on what source.
    pub named_by: Vec<Naming>,
    pub summary: Option<String>,
    pub part_of: Option<Id<Actor>>,
    pub member_of: Vec<Id<Actor>>,
    pub speaks_for: Vec<Id<Actor>>,
    pub country: Option<Country>,
    pub from: Option<PartialDate>,
    pub to: Option<PartialDate>,
    pub status: Option<PersonStatus>,
    pub status_sources: Vec<Id<Source>>,
    pub wikidata: Option<String>,
    pub attack_id: Option<String>,
    pub stix_id: Option<String>,
    pub url: Option<String>,
    /// The same actor on other sites, by an id of the world that both have.
    pub also_on: Vec<Id<Elsewhere>>,
    pub image: Option<SitePath>,
    pub tlp: Option<Tlp>,
    pub extra: Extra,
    pub prose: Prose,
    pub place: Place,
    /// The one actor that nobody wrote: `unnamed`, a party whom a source does not name.
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
    /// What the author wrote: an ISO code or a name.
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
    /// Its file, else its first mark.
    pub place: Place,
    /// Ordered by date (an interval by its start), then by page order and line; undated first.
    pub positions: Vec<Position>,
    /// Every place in a text that marks it, in page order.
    pub appearances: Vec<Appearance>,
}

/// `[subject, predicate, object]`, which rests on its claim and is never drawn as fact.
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
    /// Whether the author named a source for it, even one that the book does not have.
    pub is_cited: bool,
    /// The marked words, as plain text.
    pub words: String,
    /// Whether the words are verbatim.
    pub quote: bool,
    /// The person who spoke for the party.
    pub voice: Option<Id<Actor>>,
    /// The speaker's stated confidence.
    pub confidence: Option<Confidence>,
    /// The speaker's stated likelihood.
    pub likelihood: Option<Likelihood>,
    /// The editors' grading.
    pub grade: Option<Grade>,
    pub basis: Option<Basis>,
    pub mode: Mode,
    /// The tag that ties coordinated statements together.
    pub joint: Option<String>,
    /// For `corrects`: the claim that replaces this one.
    pub with: Option<Id<Claim>>,
    /// For `reports`: whose words they are.
    pub said_by: Vec<Id<Actor>>,
    /// For `no-comment` and `no-response`: when the party was asked.
    pub asked: Option<PartialDate>,
    /// … by when an answer was awaited.
    pub by_date: Option<PartialDate>,
    /// … and by which means.
    pub via: Option<String>,
    /// The author's free note.
    pub note: Option<String>,
    /// Keys that begin with `x-`.
    pub extra: Vec<(String, String)>,
    pub tlp: Option<Tlp>,
    /// The document and mark that it stands in: positions of one mark are held jointly.
    pub doc: Doc,
    pub mark: MarkNo,
    pub place: Place,
}

impl Position {
    /// The words as others show them, who put quotation marks of their own around what is
    /// verbatim: without such a pair where it holds all of them.
    pub fn said(&self) -> &str {
        const PAIRS: [(char, char); 7] = [
            ('“', '”'),
            ('"', '"'),
            ('„', '“'),
            ('«', '»'),
            ('‘', '’'),
            ('「', '」'),
            ('『', '』'),
        ];
        let words = self.words.as_str();
        let inner = PAIRS.iter().find_map(|(open, close)| {
            let inner = words.strip_prefix(*open)?.strip_suffix(*close)?;
            // “Yes” and “no” are two quotations.
            (!inner.contains([*open, *close])).then_some(inner)
        });
        inner.filter(|_| self.quote).unwrap_or(words)
    }
}

/// A cited source and where in it.
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
    /// Its anchor on the page; survives an edit elsewhere on the page.
    pub anchor: String,
    /// The marked words as plain text.
    pub words: String,
    /// Whether it is the attribution line of a whole block quotation.
    pub whole_quote: bool,
    /// The other claims and positions it is tied to by `cont` add none of their own.
    pub continues: bool,
    pub span: crate::text::Span,
}

/// What a mark does.
#[derive(Debug, Clone, PartialEq)]
pub enum MarkRole {
    Position {
        stance: Stance,
        claims: Vec<Id<Claim>>,
        by: Vec<Id<Actor>>,
    },
    Event(Id<Event>),
}

/// A cited document.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub id: String,
    pub title: String,
    pub authors: Vec<Id<Actor>>,
    /// Authors that are no actors of the book.
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
    /// The kept text as plain words, to look quotations up in.
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

/// One page of prose.
#[derive(Debug, Clone, PartialEq)]
pub struct Briefing {
    /// Its path below the source folder, without extension; mentions name it by this or its stem.
    pub id: String,
    /// The file it was read from.
    pub file: SitePath,
    /// The page it becomes, at the path of the file with `.html`.
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
    /// Old addresses that lead here.
    pub aliases: Vec<SitePath>,
    pub question: Option<Id<Claim>>,
    pub event: Option<Id<Event>>,
    pub corrections: Vec<Correction>,
    pub tlp: Option<Tlp>,
    pub extra: Extra,
    pub prose: Prose,
    pub place: Place,
}

/// What was put right in a briefing, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub on: Option<PartialDate>,
    pub text: String,
}
