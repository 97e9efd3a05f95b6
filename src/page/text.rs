//! A text of the book on a page: its blocks with numbered marks, the notes beside them, the claims
//! and sources behind it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::at::{At, Numbers, source_anchor};
use super::parts::*;
use super::shared::Shared;
use crate::diag::{Code, Diagnostic};
use crate::html::{self, Face, Html, Reference, Setting, Written};
use crate::model::{
    Actor, Briefing, Claim, Doc, Entity, Heading, Id, MarkNo, MarkRole, Node, Prose, Source, Tag,
    Target,
};
use crate::text::{Place, SitePath};

/// A text of the book with all that belongs to it on a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize, Default)]
pub struct TextView {
    /// What ids around it begin with: nothing, and `b3.` on the page of the whole book.
    pub prefix: String,
    /// What it is the text of: a title or a name. On the page of the whole book it tells the tables
    /// of one text from those of another.
    pub title: String,
    pub blocks: Vec<BlockView>,
    pub footnotes: Option<Html>,
    /// The claims marked in it, in order of their numbers.
    pub claims: Vec<NumberedClaim>,
    pub contested: usize,
    pub unanswered: usize,
    /// The sources cited in it, in order of their numbers.
    pub sources: Vec<SourceLine>,
    /// The cards of the actors it mentions.
    pub cards: Vec<CardView>,
    /// The cards of what it mentions of other sites.
    pub elsewhere: Vec<ElsewhereView>,
}

/// A claim with its number on a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NumberedClaim {
    pub number: usize,
    /// Its first mark on the page.
    pub mark: String,
    pub claim: Shared<ClaimLine>,
    /// Who said it first.
    pub first_by: Option<Shared<ActorLink>>,
    pub first_on: Option<Day>,
}

/// Whether a text opens with a heading that says the title of its page.
fn opens_with_title(prose: &Prose, title: &str) -> bool {
    let opens = matches!(
        prose.body.items.first().map(|item| &item.node),
        Some(Node::Start(Tag::Heading(heading))) if heading.level == 1
    );
    let first = prose.headings.first();
    opens && first.is_some_and(|first| crate::text::fold(&first.text) == crate::text::fold(title))
}

/// The claims that a text marks, in the order of their first marks.
pub fn numbered(prose: &Prose) -> Vec<Id<Claim>> {
    let mut seen = BTreeSet::new();
    let claims = prose.marks.iter().flat_map(|mark| match &mark.role {
        MarkRole::Position { claims, .. } => claims.as_slice(),
        MarkRole::Event(_) => &[],
    });
    claims
        .copied()
        .filter(|claim| seen.insert(*claim))
        .collect()
}

/// A text laid out for its page.
pub struct Laid {
    pub view: TextView,
    pub toc: Vec<TocEntry>,
    /// The anchor of the heading that is the title, which the page prints itself.
    pub title_anchor: Option<String>,
}

/// Writes the text of a chapter of a plain book as it is.
pub fn plain(at: &At<'_>, id: Id<Briefing>, refused: &mut Vec<Diagnostic>) -> TextView {
    let briefing = &at.site.briefings()[id];
    let mut stage = Stage::new(at, Doc::Briefing(id), &[]);
    stage.address = Some(briefing.address.clone());
    let written = html::segments(&briefing.prose.body, &stage, at.book.highlighter);
    let told = written.refused.iter();
    refused.extend(told.map(|(tag, span)| raw_html(Place::new(&briefing.file, *span), tag)));
    let blocks = written.segments.into_iter().map(|segment| BlockView {
        html: segment.html,
        element: segment.element,
        notes: Vec::new(),
    });
    TextView {
        blocks: blocks.collect(),
        footnotes: written.footnotes,
        ..TextView::default()
    }
}

/// Writes the text of a document for a page that prints `title` as its own heading. Its sources
/// have the numbers that `at` gives them.
pub fn laid(at: &At<'_>, doc: Doc, title: &str, refused: &mut Vec<Diagnostic>) -> Laid {
    let prose = at.site.prose(doc);
    let claims = numbered(prose);
    let skips = opens_with_title(prose, title);
    let mut stage = Stage::new(at, doc, &claims);
    // The page has one first heading, its own: others go down a level, and all with them. So do
    // those of a chapter, whose title stands below that of the book.
    let below = &prose.headings[usize::from(skips)..];
    let has_first = below.iter().any(|heading| heading.level == 1);
    stage.demotion = u8::from(has_first) + u8::from(at.chapter.is_some());
    let written = html::segments(&prose.body, &stage, at.book.highlighter);
    let file = file_of(at, doc);
    refused.extend(
        written
            .refused
            .iter()
            .map(|(tag, span)| raw_html(Place::new(&file, *span), tag)),
    );
    let mut under: BTreeMap<String, Vec<Id<Claim>>> = BTreeMap::new();
    let mut heading = String::new();
    let mut shown = BTreeSet::new();
    let mut blocks = Vec::new();
    let Written {
        segments,
        footnotes,
        ..
    } = written;
    for (index, segment) in segments.into_iter().enumerate() {
        if let Some(anchor) = &segment.anchor {
            heading = anchor.clone();
        }
        let here: Vec<Id<Claim>> = segment
            .marks
            .iter()
            .flat_map(|mark| stage.claims_of(*mark).iter().copied())
            .collect();
        let list = under.entry(heading.clone()).or_default();
        list.extend(
            here.iter()
                .filter(|claim| !list.contains(claim))
                .copied()
                .collect::<BTreeSet<_>>(),
        );
        if skips && index == 0 {
            continue;
        }
        let notes = stage.notes(&segment.marks, &mut shown);
        blocks.push(BlockView {
            html: segment.html,
            element: segment.element,
            notes,
        });
    }
    let lines: Vec<NumberedClaim> = claims
        .iter()
        .enumerate()
        .map(|(index, claim)| numbered_claim(at, doc, *claim, index + 1))
        .collect();
    let count = |line: &str| {
        lines
            .iter()
            .filter(|numbered| numbered.claim.line == line)
            .count()
    };
    // The page of the whole book lists its sources once.
    let sources = match at.chapter {
        Some(_) => Vec::new(),
        None => sources(at),
    };
    let cards = if at.has_cards {
        cards(at, prose, &claims)
    } else {
        Vec::new()
    };
    let view = TextView {
        prefix: at.id("").into_owned(),
        title: title.into(),
        contested: count("contested"),
        unanswered: count("unanswered"),
        claims: lines,
        sources,
        cards,
        elsewhere: match at.has_cards {
            true => elsewhere(at, prose),
            false => Vec::new(),
        },
        blocks,
        footnotes,
    };
    Laid {
        toc: toc(at, below, stage.demotion, &under),
        title_anchor: skips.then(|| at.id(&prose.headings[0].anchor).into_owned()),
        view,
    }
}

fn numbered_claim(at: &At<'_>, doc: Doc, claim: Id<Claim>, number: usize) -> NumberedClaim {
    let record = &at.site.claims()[claim];
    let mark = record
        .appearances
        .iter()
        .find(|appearance| appearance.doc == doc);
    let first = super::position::first(record);
    NumberedClaim {
        number,
        mark: mark.map_or_else(String::new, |appearance| at.mark_href(doc, appearance.mark)),
        claim: at.claim(claim),
        first_by: first.map(|place| at.actor(record.positions[place].by)),
        first_on: first
            .and_then(|place| record.positions[place].on.as_ref())
            .map(|on| at.day(on)),
    }
}

/// The sources that this page numbers, in order of their numbers.
pub fn sources(at: &At<'_>) -> Vec<SourceLine> {
    let numbers = at.numbers.iter();
    let mut sources: Vec<(usize, Id<Source>)> =
        numbers.map(|(id, number)| (*number, *id)).collect();
    sources.sort_unstable();
    sources.into_iter().map(|(_, id)| at.source(id)).collect()
}

/// The numbers of the sources of texts by first use: cited in a text, then those behind its
/// claims' positions.
pub fn cited(at: &At<'_>, docs: impl Iterator<Item = Doc>) -> Numbers {
    let mut numbers = BTreeMap::new();
    for doc in docs {
        cite(at, at.site.prose(doc), &mut numbers);
    }
    Arc::new(numbers)
}

fn cite(at: &At<'_>, prose: &Prose, numbers: &mut BTreeMap<Id<Source>, usize>) {
    for item in &prose.body.items {
        let Node::Cite(items) = &item.node else {
            continue;
        };
        for cited in items {
            if let Target::Entity {
                entity: Entity::Source(source),
                ..
            } = cited.key
            {
                let next = numbers.len() + 1;
                numbers.entry(source).or_insert(next);
            }
        }
    }
    for claim in numbered(prose) {
        for place in at.current(claim) {
            for cited in &at.site.claims()[claim].positions[place].sources {
                let next = numbers.len() + 1;
                numbers.entry(cited.source).or_insert(next);
            }
        }
    }
}

/// What a text mentions of other sites, each once.
fn elsewhere(at: &At<'_>, prose: &Prose) -> Vec<ElsewhereView> {
    let mut entries = BTreeSet::new();
    for item in &prose.body.items {
        if let Node::Start(Tag::Mention(to)) = &item.node
            && let Target::Elsewhere { entry, .. } = &**to
        {
            entries.insert(*entry);
        }
    }
    entries.into_iter().map(|id| at.elsewhere(id)).collect()
}

/// The actors on a page: mentioned, or holding a position on a claim that it marks.
fn cards(at: &At<'_>, prose: &Prose, claims: &[Id<Claim>]) -> Vec<CardView> {
    let mut actors: BTreeSet<Id<Actor>> = BTreeSet::new();
    for item in &prose.body.items {
        if let Node::Start(tag) = &item.node
            && let Some(Target::Entity {
                entity: Entity::Actor(actor),
                ..
            }) = tag.leads_to()
        {
            actors.insert(*actor);
        }
    }
    for claim in claims {
        let claim = &at.site.claims()[*claim];
        actors.extend(claim.positions.iter().map(|position| position.by));
        actors.extend(claim.positions.iter().flat_map(|position| position.voice));
        actors.extend(
            claim
                .positions
                .iter()
                .flat_map(|position| &position.said_by),
        );
        actors.extend(claim.against.iter().chain(&claim.about));
    }
    actors
        .into_iter()
        .map(|id| {
            let facts = at.facts.actor(id);
            let actor = at.actor(id);
            CardView {
                id: format!("card.{}", actor.id),
                summary: at.site.actors()[id].summary.clone(),
                says: at.facts.spoken_to[id.index()],
                accused: facts.accused_in.len(),
                replied: facts.replied,
                actor,
            }
        })
        .collect()
}

fn toc(
    at: &At<'_>,
    headings: &[Heading],
    demotion: u8,
    under: &BTreeMap<String, Vec<Id<Claim>>>,
) -> Vec<TocEntry> {
    let headings = headings.iter();
    headings
        .map(|heading| {
            let claims = under.get(&heading.anchor).map_or(&[][..], Vec::as_slice);
            let count = |line: &str| {
                let lines = claims
                    .iter()
                    .map(|claim| super::position::line(at.standing(*claim).headline));
                lines.filter(|other| *other == line).count()
            };
            TocEntry {
                text: heading.text.clone(),
                href: format!("#{}", at.id(&heading.anchor)),
                level: (heading.level + demotion).min(6),
                claims: claims.len(),
                contested: count("contested"),
                unanswered: count("unanswered"),
            }
        })
        .collect()
}

fn file_of(at: &At<'_>, doc: Doc) -> crate::text::SitePath {
    match doc {
        Doc::Briefing(id) => at.site.briefings()[id].place.file.clone(),
        Doc::Actor(id) => at.site.actors()[id].place.file.clone(),
        Doc::Claim(id) => at.site.claims()[id].place.file.clone(),
    }
}

/// What a text's marks, links and citations are on this page.
struct Stage<'a> {
    at: &'a At<'a>,
    doc: Doc,
    prose: &'a Prose,
    numbers: BTreeMap<Id<Claim>, usize>,
    /// The note of each mark's claim: by claim and block, the first mark's own.
    notes: BTreeMap<(MarkNo, Id<Claim>), (String, usize)>,
    demotion: u8,
    /// The page that the text was written for, where another one may show it.
    address: Option<SitePath>,
}

impl<'a> Stage<'a> {
    fn new(at: &'a At<'a>, doc: Doc, claims: &[Id<Claim>]) -> Stage<'a> {
        let mut stage = Stage {
            at,
            doc,
            prose: at.site.prose(doc),
            numbers: claims
                .iter()
                .enumerate()
                .map(|(index, claim)| (*claim, index + 1))
                .collect(),
            notes: BTreeMap::new(),
            demotion: 0,
            address: None,
        };
        stage.name_notes();
        stage
    }

    /// One note a claim and top-level block, named after the first mark there.
    fn name_notes(&mut self) {
        let mut here: BTreeMap<Id<Claim>, (String, usize)> = BTreeMap::new();
        let mut depth = 0usize;
        for item in &self.prose.body.items {
            match &item.node {
                Node::Start(tag) => {
                    if depth == 0 {
                        here.clear();
                    }
                    depth += 1;
                    if let Tag::Mark(mark) = tag {
                        for claim in self.claims_of(*mark).to_vec() {
                            let key = here.len() + 1;
                            let anchor = &self.prose.mark(*mark).anchor;
                            let several = self.claims_of(*mark).len() > 1;
                            let note = here.entry(claim).or_insert_with(|| {
                                let name = format!("n.{}", anchor.trim_start_matches("c."));
                                let mut id = self.at.id(&name).into_owned();
                                if several {
                                    id = format!("{id}.{}", self.at.site.claims()[claim].id);
                                }
                                (id, key)
                            });
                            self.notes.insert((*mark, claim), note.clone());
                        }
                    }
                }
                Node::End => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn claims_of(&self, mark: MarkNo) -> &[Id<Claim>] {
        match &self.prose.mark(mark).role {
            MarkRole::Position { claims, .. } => claims,
            MarkRole::Event(_) => &[],
        }
    }

    /// The notes of a block; `shown` holds the claims that earlier blocks have notes of.
    fn notes(&self, marks: &[MarkNo], shown: &mut BTreeSet<Id<Claim>>) -> Vec<NoteView> {
        let at = self.at;
        let mut seen = BTreeSet::new();
        let mut notes = Vec::new();
        for mark in marks {
            for claim in self.claims_of(*mark) {
                let Some((id, key)) = self.notes.get(&(*mark, *claim)) else {
                    continue;
                };
                if seen.insert(id) {
                    notes.push(NoteView {
                        id: id.clone(),
                        number: self.numbers[claim],
                        is_again: !shown.insert(*claim),
                        key: *key,
                        label: self.label(*claim),
                        claim: at.claim(*claim),
                        positions: at.current_positions(*claim),
                        replies: at.replies(*claim),
                    });
                }
            }
        }
        notes
    }

    fn label(&self, claim: Id<Claim>) -> String {
        let standing = self.at.standing(claim);
        let number = self.numbers[&claim];
        let headline = standing.headline.word().replace('-', " ");
        format!(
            "Note {number}, {headline}: {}",
            super::position::signature_words(standing)
        )
    }
}

impl Setting for Stage<'_> {
    fn link(&self, target: &Target) -> html::Link {
        self.at.target(target)
    }

    fn mark(&self, number: MarkNo) -> Face {
        let mark = self.prose.mark(number);
        let MarkRole::Position { stance, claims, .. } = &mark.role else {
            return Face {
                anchor: self.at.id(&mark.anchor).into_owned(),
                class: "event".into(),
                references: Vec::new(),
                is_event: true,
                lang: None,
            };
        };
        let references = claims.iter().filter_map(|claim| {
            let (note, _) = self.notes.get(&(number, *claim))?;
            Some(Reference {
                number: self.numbers[claim],
                signature: super::position::signature(self.at.standing(*claim)),
                line: super::position::line(self.at.standing(*claim).headline),
                note: note.clone(),
                label: self.label(*claim),
            })
        });
        let mut positions = claims
            .iter()
            .flat_map(|claim| &self.at.site.claims()[*claim].positions)
            .filter(|position| position.doc == self.doc && position.mark == number);
        let lang = positions.next().and_then(|position| self.at.lang(position));
        let mut class = format!("claim {}", super::position::stance_class(*stance));
        if let Some(claim) = claims.first() {
            class.push(' ');
            class.push_str(super::position::line(self.at.standing(*claim).headline));
            if let Some((_, key)) = self.notes.get(&(number, *claim)) {
                class.push_str(&format!(" k{key}"));
            }
        }
        Face {
            anchor: self.at.id(&mark.anchor).into_owned(),
            class,
            references: references.collect(),
            is_event: false,
            lang: lang.map(str::to_string),
        }
    }

    fn cited(&self, source: Id<Source>) -> (usize, String) {
        let number = self.at.numbers.get(&source).copied().unwrap_or(0);
        (number, source_anchor(&self.at.site.sources()[source].id))
    }

    fn raw_html(&self) -> crate::config::RawHtml {
        self.at.book.raw_html
    }

    fn id<'t>(&self, anchor: &'t str) -> Cow<'t, str> {
        self.at.id(anchor)
    }

    fn listings(&self) -> &crate::config::Listings {
        &self.at.book.config.listings
    }

    fn is_plain(&self) -> bool {
        self.at.is_plain()
    }

    fn rebased(&self, address: &str) -> Option<String> {
        self.at.rebased(self.address.as_ref()?, address)
    }

    fn demotion(&self) -> u8 {
        self.demotion
    }
}

pub fn raw_html(place: Place, tag: &str) -> Diagnostic {
    let shown = super::at::shortened(tag, 60);
    Diagnostic::new(Code::RawHtml, place, format!("`{shown}` is shown as text"))
        .label("not on the list of harmless elements and attributes")
        .hint("write it in Markdown, or set `raw-html = \"allow\"` under `[whosaid]`")
}
