//! The parts of views. Themes can rely on every field; renaming one is a breaking change and must
//! be in the changelog.

use serde::Serialize;

use super::shared::Shared;
use crate::html::Html;
use crate::model::Status;

/// The site of a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SiteHead {
    pub title: String,
    pub description: Option<String>,
    /// BCP 47, such as `en`.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    /// The relative path to the root of the site: empty, `../` …
    pub root: String,
    pub home: String,
    pub nav: Vec<NavItem>,
    /// The address for error reports and replies.
    pub contact: Option<String>,
    pub footer: Option<String>,
    /// The print page.
    pub print: Option<String>,
    /// The theme's style sheet.
    pub style: String,
    /// The theme's script.
    pub script: String,
    /// The page of the data files, if the book publishes any.
    pub exports: Option<String>,
    /// Style sheets of the book, linked after the theme's: `additional-css`, then `theme.css`.
    pub styles: Vec<String>,
    /// Scripts of the book: `additional-js`.
    pub scripts: Vec<String>,
    /// The repository of the book: `git-repository-url`.
    pub repository: Option<String>,
    /// The last day of the record.
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
    /// The anchor of the main part, for the skip link; no heading of the page has it.
    pub main: &'static str,
    pub title: String,
    pub description: String,
    /// Its Traffic Light Protocol label, such as `TLP:GREEN`: the highest level of its parts.
    pub tlp: Option<String>,
    /// The label of the parts without one, if another part has a higher level.
    pub unlabeled_tlp: Option<String>,
    /// The absolute URL, if the book has an absolute `site-url`.
    pub canonical: Option<String>,
    /// The link preview.
    pub preview: Preview,
    /// Feeds: of the site, and of the subject of the page.
    pub alternates: Vec<Alternate>,
    /// The JSON-LD of the page; none for a page without a subject.
    pub data: Option<Html>,
    /// The links to the other pages of a long list.
    pub pager: Option<Pager>,
}

/// The preview of a link to a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Preview {
    /// `article` or `website`.
    pub kind: &'static str,
    /// The title of the page; a claim's begins with its status.
    pub title: String,
    pub published: Option<String>,
    pub modified: Option<String>,
    /// Its card.
    pub image: Option<PreviewImage>,
}

/// The drawn card of a briefing or claim.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PreviewImage {
    /// The absolute URL.
    pub url: String,
    pub width: u32,
    pub height: u32,
    /// The alternative text.
    pub alt: String,
}

/// A feed, or another format of the page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Alternate {
    /// The media type.
    pub kind: &'static str,
    pub title: String,
    pub href: String,
}

/// The pages of a long list.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Pager {
    /// The number of this page, from 1.
    pub current: usize,
    pub of: usize,
    pub previous: Option<Link>,
    pub next: Option<Link>,
    /// The first, the last, and the neighbors, by number.
    pub near: Vec<Link>,
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Hash, Serialize, Default)]
pub struct Link {
    pub text: String,
    pub href: String,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// An image of the book, with its size in pixels if known.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ImageView {
    pub href: String,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// A date, in a machine-readable form and in words.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Day {
    /// For the `datetime` attribute.
    pub iso: String,
    /// `19 July 2021`.
    pub words: String,
}

/// An actor with a link.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ActorLink {
    pub id: String,
    pub name: String,
    pub href: String,
    /// `state`, `government-body` …
    pub kind: &'static str,
    /// The kind in words: `government body`.
    pub kind_words: String,
    /// The id of its hover card, on pages that have them.
    pub card: Option<String>,
}

/// The legal status of a person, with its sources.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct LegalStatusView {
    pub actor: Shared<ActorLink>,
    /// `named`, `suspected`, `charged`, `sanctioned`, `convicted` or `acquitted`.
    pub word: &'static str,
    pub sources: Vec<SourceLine>,
}

/// A claim in one line, with its status.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ClaimLine {
    /// Who makes it: up to three parties, then the number of others.
    pub owner: String,
    pub id: String,
    pub text: String,
    pub href: String,
    /// One sign per party; for more than six parties counts, `+12 ±3 −1`.
    pub signature: String,
    /// The signature in words: `2 say so, 1 denies it`.
    pub signature_words: String,
    /// `denied`, `contested` …
    pub status: &'static str,
    /// The meaning of the status.
    pub status_words: String,
    /// The class of its underline: `contested`, `unanswered` or `plain`.
    pub line: &'static str,
    /// Support and contest in words.
    pub support: String,
    pub support_word: String,
    pub contest: String,
    pub contest_word: &'static str,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// The position of one party on a claim.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PositionView {
    /// Its anchor on the claim's page.
    pub anchor: String,
    /// Its address on the claim's page.
    pub href: String,
    /// A link to the words in our text.
    pub in_text: Link,
    pub by: Shared<ActorLink>,
    /// `accused party`, `speaks for …`; empty for others.
    pub role: String,
    /// The verb: `claim`, `denies` …
    pub stance: &'static str,
    /// `says so`, `denies it` …
    pub words: &'static str,
    /// The sign; a space for `reports`, which has none.
    pub sign: String,
    /// `says`, `part`, `denies`, `silent`, `asked`, `withdrew` or `reports`.
    pub class: &'static str,
    /// The marked words; verbatim or translated ones without quotation marks around all of them.
    pub quote: String,
    /// True if these are the party's own words, which templates put in quotation marks.
    pub is_verbatim: bool,
    /// The words in the original language, if `quote` is a translation.
    pub original: Option<OriginalView>,
    /// The beginning of `quote` for notes, if it is longer than 110 characters; cut at a word,
    /// without an ellipsis.
    pub brief: Option<String>,
    /// The same for lists, if it is longer than 220 characters.
    pub short: Option<String>,
    /// The language of these words, if it differs from the book's.
    pub lang: Option<String>,
    /// Their direction, `ltr`, `rtl` or `auto`, if it differs from the book's.
    pub dir: Option<&'static str>,
    /// The language of its sources, if none is in the book's language.
    pub source_language: Option<String>,
    /// The sentence of our text with the words, if they are a paraphrase.
    pub sentence: Option<SentenceView>,
    pub date: Option<Day>,
    pub voice: Option<Shared<ActorLink>>,
    /// True if it has any of `voice`, `confidence`, `likelihood`, `mode`, `said_by`, `asked` and
    /// `by_date`.
    pub is_qualified: bool,
    /// The confidence that the speaker states, in the speaker's own term: `high`.
    pub confidence: Option<String>,
    /// True if `confidence` is a level, as in “with high confidence”.
    pub is_level: bool,
    /// The likelihood that the speaker states, in the speaker's own term: `highly likely`.
    pub likelihood: Option<String>,
    /// The published range for that term, if all scales that have it agree.
    pub likelihood_range: Option<RangeView>,
    /// Our grade of source and information.
    pub grade: Option<String>,
    pub basis: Option<&'static str>,
    /// How it became public, unless on the record.
    pub mode: Option<&'static str>,
    /// The word of a joint statement.
    pub joint: Option<String>,
    /// … and the event of the claim.
    pub joint_event: Option<Link>,
    pub said_by: Vec<Shared<ActorLink>>,
    /// For `corrects`: the new claim.
    pub with: Option<Shared<ClaimLine>>,
    pub asked: Option<Day>,
    pub by_date: Option<Day>,
    pub via: Option<String>,
    pub note: Option<String>,
    pub sources: Shared<Vec<CiteView>>,
    /// Later remarks without a side: `later declined to comment`.
    pub remarks: Vec<Link>,
    /// Its state at the `as-of` day of this build: `current`, `remark` (next to the current
    /// position), `replaced`, `withdrawn` or `report`.
    pub state: &'static str,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// Verbatim words in the original language, next to a translation.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct OriginalView {
    pub words: String,
    /// The beginning of the words, if they are longer than 110 characters; cut at a word.
    pub brief: Option<String>,
    /// Their language, if the source has one.
    pub lang: Option<String>,
    /// Their direction, `ltr`, `rtl` or `auto`, if it differs from the book's.
    pub dir: Option<&'static str>,
}

/// Words in their sentence.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SentenceView {
    pub before: String,
    pub words: String,
    pub after: String,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// The range of a term of likelihood in a published scale.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct RangeView {
    /// `80–95%`.
    pub words: &'static str,
    /// The scale: `ICD 203`.
    pub by: &'static str,
}

/// A citation of a position or event.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct CiteView {
    /// Its number on this page, if the page numbers its sources.
    pub number: Option<usize>,
    pub title: String,
    pub href: String,
    /// The URL of the document; at the quoted words if a position quotes them.
    pub original: Option<String>,
    pub locator: String,
    pub publisher: Option<String>,
    /// The publisher, or at most 48 characters of the title, for lists.
    pub label: String,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// The reply of an accused party.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ReplyView {
    pub accused: Shared<ActorLink>,
    /// `replied`, `by-representative`, `declined`, `no-response`, `unanswered`.
    pub reply: &'static str,
    /// `replied by a representative`.
    pub words: &'static str,
    pub representative: Option<Shared<ActorLink>>,
    /// Days from the accusation.
    pub days: Option<i32>,
    pub position: Option<Shared<PositionView>>,
}

/// The note next to a paragraph: one claim with all positions.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NoteView {
    pub id: String,
    /// The number of the claim on this page.
    pub number: usize,
    /// True if an earlier note of this text shows the same claim.
    pub is_again: bool,
    /// Its number in its paragraph, from 1: the class `k1` connects mark and note.
    pub key: usize,
    /// The accessible name.
    pub label: String,
    pub claim: Shared<ClaimLine>,
    /// Current positions, then reports.
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

/// An entry of the table of contents of a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TocEntry {
    pub text: String,
    pub href: String,
    /// 2 to 6.
    pub level: u8,
    /// The number of claims marked in this section.
    pub claims: usize,
    /// The number of them with each status, in order; they add up to `claims`.
    pub statuses: Vec<StatusCount>,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// The hover card of an actor.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct CardView {
    pub id: String,
    pub actor: Shared<ActorLink>,
    /// The legal status of a person, as a sentence without its full stop.
    pub legal: Option<String>,
    pub summary: Option<String>,
    pub says: usize,
    pub accused: usize,
    pub replied: usize,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// An entry of another site, with the status at the time of its inventory.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ElsewhereView {
    /// The id of its hover card.
    pub id: String,
    /// `actor`, `claim`, `source` or `page`.
    pub kind: &'static str,
    pub title: String,
    pub href: String,
    /// The title of the site.
    pub site: String,
    /// The status of a claim there: `denied`, `contested` …
    pub status: Option<String>,
    pub signature: Option<String>,
}

/// A source with its data.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct SourceLine {
    pub id: String,
    /// Its number and anchor on this page, if the page numbers its sources.
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
    /// The number of positions and events of the whole site that cite it.
    pub rests: usize,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// A passage of our text, with the words in their sentence.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct PassageView {
    pub page: Shared<Link>,
    /// Its section.
    pub section: Option<Link>,
    /// Its address.
    pub href: String,
    pub before: String,
    pub words: String,
    pub after: String,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// An entry of a timeline.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct TimelineEntry {
    pub date: Day,
    /// `event`, `position` or `report`.
    pub kind: &'static str,
    /// The text of an event.
    pub text: String,
    pub href: String,
    pub who: Vec<Shared<ActorLink>>,
    /// For positions.
    pub position: Option<Shared<PositionView>>,
    pub claim: Option<Shared<ClaimLine>>,
    pub sources: Shared<Vec<CiteView>>,
    /// The numbers of the parties of this page's filter that it concerns.
    pub parties: Vec<usize>,
    /// The time since the previous entry, if it is long: `six months`.
    pub gap: Option<String>,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
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
    /// The number of claims with each status, in order; they add up to `claims`.
    pub statuses: Vec<StatusCount>,
    pub actors: usize,
    pub tags: Vec<Link>,
    /// Its level, such as `TLP:AMBER`, if it differs from that of the page's subject.
    pub tlp: Option<String>,
}

/// Positions of parties on several claims, as a table.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct Matrix {
    pub parties: Vec<Shared<ActorLink>>,
    pub rows: Vec<MatrixRow>,
    /// True if it needs its own scroll region: more than eight parties.
    pub is_wide: bool,
}

/// One claim of a [`Matrix`].
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct MatrixRow {
    pub claim: Shared<ClaimLine>,
    /// One cell for each party; empty if it has no position.
    pub cells: Vec<Option<MatrixCell>>,
}

/// Who made a claim first: all parties of the first day, or of the first time if each statement has
/// one.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct FirstSaid {
    pub by: Vec<Shared<ActorLink>>,
    pub date: Option<Day>,
}

/// The number of claims of a list with one status.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct StatusCount {
    /// `denied`, `no-response` …
    pub word: &'static str,
    /// The meaning of the status.
    pub words: &'static str,
    pub count: usize,
}

/// A position in a [`Matrix`], linked to its words.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct MatrixCell {
    pub sign: String,
    pub class: &'static str,
    pub words: &'static str,
    pub href: String,
}

/// Returns the numbers of claims with each status for templates.
pub fn status_counts(counts: &[(Status, usize)]) -> Vec<StatusCount> {
    let counts = counts.iter().map(|(status, count)| StatusCount {
        word: status.word(),
        words: status.in_words(),
        count: *count,
    });
    counts.collect()
}
