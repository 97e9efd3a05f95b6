//! The parts that views are made of. A theme may count on every field; one that is renamed is a
//! breaking change and stands in the changelog.

use serde::Serialize;

use super::shared::Shared;
use crate::html::Html;

/// The site around a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SiteHead {
    pub title: String,
    pub description: Option<String>,
    /// BCP 47, such as `en`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// The way to the root of the site: empty, `../` …
    pub root: String,
    pub home: String,
    pub nav: Vec<NavItem>,
    /// Where to report an error or reply as a named party.
    pub contact: Option<String>,
    pub footer: Option<String>,
    /// The page of the whole book.
    pub print: Option<String>,
    /// The theme's style sheet.
    pub style: String,
    /// The theme's script.
    pub script: String,
    /// The page of the data files, where the book publishes any.
    pub exports: Option<String>,
    /// Style sheets of the book, linked behind the theme's: `additional-css`, then `theme.css`.
    pub styles: Vec<String>,
    /// Scripts of the book: `additional-js`.
    pub scripts: Vec<String>,
    /// Where the text of the book is kept: `git-repository-url`.
    pub repository: Option<String>,
    /// The day up to which the record goes.
    pub as_of: Option<Day>,
}

/// An entry of the site's navigation.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NavItem {
    pub label: &'static str,
    pub href: String,
    pub is_current: bool,
}

/// The page itself.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PageHead {
    /// `home`, `briefing`, `actor` …
    pub kind: &'static str,
    /// The anchor of the main part, where the skip link leads; no heading of the page has it.
    pub main: &'static str,
    pub title: String,
    pub description: String,
    /// Its level of the Traffic Light Protocol, as `TLP:GREEN`: its own, else the book's.
    pub tlp: Option<String>,
    /// The absolute address, when the book says where the site lies.
    pub canonical: Option<String>,
    /// What others show of a link to it.
    pub preview: Preview,
    /// Feeds: of the site, and of what the page is of.
    pub alternates: Vec<Alternate>,
    /// What the page says to machines, as JSON-LD; none on a page that is of nothing.
    pub data: Option<Html>,
    /// Set when the lists of this page go on over others.
    pub pager: Option<Pager>,
}

/// What others show of a link to a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Preview {
    /// `article` or `website`.
    pub kind: &'static str,
    /// The title of the page; a claim's begins with its headline.
    pub title: String,
    pub published: Option<String>,
    pub modified: Option<String>,
    /// Its card.
    pub image: Option<PreviewImage>,
}

/// The drawn card of a briefing or claim.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PreviewImage {
    /// The whole address.
    pub url: String,
    pub width: u32,
    pub height: u32,
    /// What stands on it.
    pub alt: String,
}

/// The same in another format, or news of it.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Alternate {
    /// The media type.
    pub kind: &'static str,
    pub title: String,
    pub href: String,
}

/// The pages over which a long list goes on.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Pager {
    /// Which of them this is, from 1.
    pub current: usize,
    pub of: usize,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    /// The first, the last, and those around this one, by their numbers.
    pub near: Vec<Link>,
}

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Hash, Serialize, Default)]
pub struct Link {
    pub text: String,
    pub href: String,
}

/// An image of the book, with its size in pixels where it says one.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ImageView {
    pub href: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// A date, for machines and for people.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Day {
    /// For the `datetime` attribute.
    pub iso: String,
    /// `19 July 2021`.
    pub words: String,
}

/// An actor, named and linked.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ActorLink {
    pub id: String,
    pub name: String,
    pub href: String,
    /// `state`, `government-body` …
    pub kind: &'static str,
    /// The kind in words: `government body`.
    pub kind_words: String,
    /// The id of its card, on pages that have cards.
    pub card: Option<String>,
}

/// A claim in one line: what it says, how it stands.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ClaimLine {
    pub id: String,
    pub text: String,
    pub href: String,
    /// One sign per party; beyond six parties counts, `+12 ±3 −1`.
    pub signature: String,
    /// The signature read aloud: `2 say so, 1 denies it`.
    pub signature_words: String,
    /// `denied`, `contested` …
    pub headline: &'static str,
    /// What the headline says, in words.
    pub headline_words: &'static str,
    /// How it is underlined: `contested`, `unanswered` or `plain`.
    pub line: &'static str,
    /// Support and contest in words.
    pub support: String,
    pub support_word: String,
    pub contest: &'static str,
    pub contest_word: &'static str,
}

/// One party's position on a claim.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PositionView {
    /// Its anchor on the claim's page.
    pub anchor: String,
    /// Its place on the claim's page.
    pub href: String,
    /// Where the words stand in our text.
    pub in_text: Link,
    pub by: Shared<ActorLink>,
    /// `accused party`, `speaks for …`; empty for others.
    pub role: String,
    /// The verb: `claim`, `denies` …
    pub stance: &'static str,
    /// `says so`, `denies it` …
    pub words: &'static str,
    /// The sign, with a space for `reports`, which has none.
    pub sign: String,
    /// `says`, `part`, `denies`, `silent`, `asked`, `withdrew` or `reports`.
    pub class: &'static str,
    /// The marked words.
    pub quote: String,
    /// Whether these words are the party's own.
    pub is_verbatim: bool,
    /// The language of these words, where they are its own and not in the book's.
    pub lang: Option<String>,
    /// The language of its sources, where none is in the book's.
    pub source_language: Option<String>,
    pub date: Option<Day>,
    pub voice: Option<Shared<ActorLink>>,
    /// Whether it says more than who holds what since when: any of `voice`, `confidence`,
    /// `likelihood`, `mode`, `said_by`, `asked` and `by_date`.
    pub is_qualified: bool,
    /// The speaker's stated confidence.
    pub confidence: Option<&'static str>,
    /// The speaker's stated likelihood.
    pub likelihood: Option<&'static str>,
    /// Our grading of source and information.
    pub grade: Option<String>,
    pub basis: Option<&'static str>,
    /// How it reached the public, unless on the record.
    pub mode: Option<&'static str>,
    /// The tag of a joint statement.
    pub joint: Option<String>,
    /// … and the event that the claim is of.
    pub joint_event: Option<Link>,
    pub said_by: Vec<Shared<ActorLink>>,
    /// For `corrects`: the claim that replaces this one.
    pub with: Option<Shared<ClaimLine>>,
    pub asked: Option<Day>,
    pub by_date: Option<Day>,
    pub via: Option<String>,
    pub note: Option<String>,
    pub sources: Shared<Vec<CiteView>>,
    /// Whether it is the party's current position, by the cut-off date of this build.
    pub is_current: bool,
}

/// A citation behind a position or event.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct CiteView {
    /// Its number on this page, where the page numbers its sources.
    pub number: Option<usize>,
    pub title: String,
    pub href: String,
    /// The document itself; at the quoted words where a position quotes them.
    pub original: Option<String>,
    pub locator: String,
    pub publisher: Option<String>,
}

/// What an accused party answered.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ReplyView {
    pub accused: Shared<ActorLink>,
    /// `replied`, `by-representative`, `declined`, `no-response`, `unanswered`.
    pub reply: &'static str,
    /// `replied by a representative`.
    pub words: &'static str,
    pub representative: Option<Shared<ActorLink>>,
    /// Whole days from the accusation.
    pub days: Option<i32>,
    pub position: Option<Shared<PositionView>>,
}

/// The note beside a paragraph: one claim with all positions.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NoteView {
    pub id: String,
    /// The claim's number on this page.
    pub number: usize,
    /// Whether an earlier note of this text shows the same claim.
    pub is_again: bool,
    /// Its place in its paragraph, from 1: `k1` ties mark and note together.
    pub key: usize,
    /// What a screen reader says.
    pub label: String,
    pub claim: Shared<ClaimLine>,
    /// Current positions, and reports behind them.
    pub positions: Vec<Shared<PositionView>>,
    pub replies: Vec<ReplyView>,
}

/// A top-level block of a text with the notes of its marks.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct BlockView {
    pub html: Html,
    /// `p`, `h2`, `ul`, `table` …
    pub element: &'static str,
    pub notes: Vec<NoteView>,
}

/// An entry of the contents of a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TocEntry {
    pub text: String,
    pub href: String,
    /// 2 to 6.
    pub level: u8,
    /// Claims marked in this section, and how many of them are contested or unanswered.
    pub claims: usize,
    pub contested: usize,
    pub unanswered: usize,
}

/// The card that says who an actor is.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct CardView {
    pub id: String,
    pub actor: Shared<ActorLink>,
    pub summary: Option<String>,
    pub says: usize,
    pub accused: usize,
    pub replied: usize,
}

/// Something on another site, with how it stood there when its inventory was taken.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ElsewhereView {
    /// The id of its card.
    pub id: String,
    /// `actor`, `claim`, `source` or `page`.
    pub kind: &'static str,
    pub title: String,
    pub href: String,
    /// What the site is called.
    pub site: String,
    /// How a claim stood there: `denied`, `contested` …
    pub headline: Option<String>,
    pub signature: Option<String>,
}

/// A source with the facts of its record.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SourceLine {
    pub id: String,
    /// Its number and anchor on this page, where the page numbers its sources.
    pub number: Option<usize>,
    pub anchor: Option<String>,
    pub title: String,
    pub href: String,
    pub authors: Vec<Shared<ActorLink>>,
    pub literal_authors: Vec<String>,
    pub publisher: Option<String>,
    pub date: Option<Day>,
    pub kind: Option<String>,
    pub url: Option<String>,
    pub archive: Option<String>,
    pub retrieved: Option<Day>,
    pub language: Option<String>,
    pub reliability: Option<String>,
    pub mode: Option<&'static str>,
    /// How many positions and events of the whole site rest on it.
    pub rests: usize,
}

/// A passage of our text, its words in their sentence.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PassageView {
    pub page: Shared<Link>,
    /// The section it stands in.
    pub section: Option<Link>,
    /// The place itself.
    pub href: String,
    pub before: String,
    pub words: String,
    pub after: String,
}

/// An entry of a timeline.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TimelineEntry {
    pub date: Day,
    /// `event`, `position` or `report`.
    pub kind: &'static str,
    /// What happened, for an event.
    pub text: String,
    pub href: String,
    pub who: Vec<Shared<ActorLink>>,
    /// For positions.
    pub position: Option<Shared<PositionView>>,
    pub claim: Option<Shared<ClaimLine>>,
    pub sources: Shared<Vec<CiteView>>,
    /// The numbers of the parties of this page's filter on whose timeline it is too.
    pub parties: Vec<usize>,
    /// What passes before this entry, when it is long: `six months`.
    pub gap: Option<String>,
}

/// A briefing in a list.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct BriefingLine {
    pub title: String,
    pub href: String,
    pub subtitle: Option<String>,
    pub summary: Option<String>,
    pub date: Option<Day>,
    pub updated: Option<Day>,
    pub claims: usize,
    pub contested: usize,
    pub unanswered: usize,
    pub actors: usize,
    pub tags: Vec<Link>,
}

/// Positions of parties on several claims, as a table.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Matrix {
    pub parties: Vec<Shared<ActorLink>>,
    pub rows: Vec<MatrixRow>,
    /// Whether it needs a region of its own to scroll in: more than eight parties.
    pub is_wide: bool,
}

/// One claim of a [`Matrix`].
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct MatrixRow {
    pub claim: Shared<ClaimLine>,
    /// One cell for each party; none where it said nothing.
    pub cells: Vec<Option<MatrixCell>>,
}

/// A position in a [`Matrix`], linked to the words it rests on.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct MatrixCell {
    pub sign: String,
    pub class: &'static str,
    pub words: &'static str,
    pub href: String,
}
