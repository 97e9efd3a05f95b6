//! A text of the book on a page: its blocks with numbered marks, the notes next to them, the claims
//! and sources after it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::components::{
    ActorLink, BlockView, CardView, ClaimLine, Day, ElsewhereView, NoteView, SourceLine,
    StatusCount, TocEntry,
};
use super::context::{PageContext, source_anchor};
use super::shared::Shared;
use super::source_numbers::{numbered, sources};
use crate::diag::{Code, Diagnostic};
use crate::html::{self, Face, Html, Reference, RenderContext, Rendered, Tongue};
use crate::model::{
    Actor, Briefing, Claim, Doc, Entity, Heading, Id, MarkNo, MarkRole, Node, Prose, Source, Tag,
    Target, Tlp,
};
use crate::text::{Place, SitePath, html_language};

/// A text of the book with its notes, claims and sources.
#[derive(Debug, Clone, PartialEq, Hash, Serialize, Default)]
pub struct TextView {
    /// The prefix of its ids: empty, or `b3.` on the print page.
    pub prefix: String,
    /// Its title or name. On the print page it distinguishes the tables of different texts.
    pub title: String,
    pub blocks: Vec<BlockView>,
    pub footnotes: Option<Html>,
    /// The claims marked in it, by number.
    pub claims: Vec<NumberedClaim>,
    /// The number of these claims with each status, in order.
    pub statuses: Vec<StatusCount>,
    /// The sources cited in it, by number.
    pub sources: Vec<SourceLine>,
    /// The hover cards of the actors that it mentions.
    pub cards: Vec<CardView>,
    /// The hover cards of entries of other sites that it mentions.
    pub elsewhere: Vec<ElsewhereView>,
}

/// A claim with its number on a page.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct NumberedClaim {
    pub number: usize,
    /// Its first mark on the page.
    pub mark: String,
    pub claim: Shared<ClaimLine>,
    /// Who made it first.
    pub first_by: Vec<Shared<ActorLink>>,
    pub first_on: Option<Day>,
}

/// True if a text begins with a heading that equals the title of its page.
fn opens_with_title(prose: &Prose, title: &str) -> bool {
    let opens = matches!(
        prose.body.items.first().map(|item| &item.node),
        Some(Node::Start(Tag::Heading(heading))) if heading.level == 1
    );
    let first = prose.headings.first();
    opens && first.is_some_and(|first| crate::text::fold(&first.text) == crate::text::fold(title))
}

/// A text rendered for its page.
pub struct Laid {
    pub view: TextView,
    pub toc: Vec<TocEntry>,
    /// The anchor of the heading that is the title, which the page prints itself.
    pub title_anchor: Option<String>,
}

/// Renders the text of a chapter of a plain book.
pub fn plain(at: &PageContext<'_>, id: Id<Briefing>, refused: &mut Vec<Diagnostic>) -> TextView {
    let briefing = &at.site.briefings()[id];
    let mut stage = Stage::new(at, Doc::Briefing(id), &[]);
    stage.address = Some(briefing.address.clone());
    let written = html::segments(&briefing.prose.body, &stage, at.book.highlighter);
    let told = written.refused.iter();
    refused.extend(told.map(|(tag, span)| raw_html(briefing.prose.map.place(*span), tag)));
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

/// Renders the text of a document for a page that prints `title` as its heading. Its sources have
/// the numbers in `at`.
pub fn laid(at: &PageContext<'_>, doc: Doc, title: &str, refused: &mut Vec<Diagnostic>) -> Laid {
    let prose = at.site.prose(doc);
    let claims = numbered(prose);
    let skips = opens_with_title(prose, title);
    let mut stage = Stage::new(at, doc, &claims);
    // The page has one heading of level 1, so others are lowered, and all below them. So are those
    // of a chapter on the print page, whose title is below that of the book.
    let below = &prose.headings[usize::from(skips)..];
    let has_first = below.iter().any(|heading| heading.level == 1);
    stage.demotion = u8::from(has_first) + u8::from(at.chapter.is_some());
    let written = html::segments(&prose.body, &stage, at.book.highlighter);
    refused.extend(
        written
            .refused
            .iter()
            .map(|(tag, span)| raw_html(prose.map.place(*span), tag)),
    );
    let mut under: BTreeMap<String, Vec<Id<Claim>>> = BTreeMap::new();
    let mut heading = String::new();
    let mut shown = BTreeSet::new();
    let mut blocks = Vec::new();
    let Rendered {
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
    // The print page lists its sources once.
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
        statuses: at.statuses(claims.iter().copied()),
        claims: lines,
        sources,
        cards,
        elsewhere: if at.has_cards {
            elsewhere(at, prose)
        } else {
            Vec::new()
        },
        blocks,
        footnotes,
    };
    Laid {
        toc: toc(at, doc, below, stage.demotion, &under),
        title_anchor: skips.then(|| at.id(&prose.headings[0].anchor).into_owned()),
        view,
    }
}

fn numbered_claim(
    at: &PageContext<'_>,
    doc: Doc,
    claim: Id<Claim>,
    number: usize,
) -> NumberedClaim {
    let record = &at.site.claims()[claim];
    let mark = record
        .appearances
        .iter()
        .find(|appearance| appearance.doc == doc);
    let first = at.first(claim);
    NumberedClaim {
        number,
        mark: mark.map_or_else(String::new, |appearance| at.mark_href(doc, appearance.mark)),
        claim: at.claim(claim),
        first_on: first.as_ref().and_then(|first| first.date.clone()),
        first_by: first.map_or_else(Vec::new, |first| first.by),
    }
}

/// Returns the entries of other sites that a text mentions, each once.
fn elsewhere(at: &PageContext<'_>, prose: &Prose) -> Vec<ElsewhereView> {
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

/// Returns the actors of a page: mentioned, with a position on a claim that it marks, or author of
/// a source that it lists.
fn cards(at: &PageContext<'_>, prose: &Prose, claims: &[Id<Claim>]) -> Vec<CardView> {
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
    if at.chapter.is_none() {
        for source in at.numbers.keys() {
            actors.extend(&at.site.sources()[*source].authors);
        }
    }
    actors
        .into_iter()
        .map(|id| {
            let facts = at.facts.actor(id);
            let actor = at.actor(id);
            CardView {
                id: format!("card.{}", actor.id),
                legal: crate::derive::legal_sentences(at.site, [id]).pop(),
                summary: at.site.actors()[id].summary.clone(),
                says: at.facts.spoken_to[id.index()],
                accused: facts.accused_in.len(),
                replied: facts.replies.replied + facts.replies.by_representative,
                tlp: at.part_label(at.levels().actor(&at.site.actors()[id])),
                actor,
            }
        })
        .collect()
}

fn toc(
    at: &PageContext<'_>,
    doc: Doc,
    headings: &[Heading],
    demotion: u8,
    under: &BTreeMap<String, Vec<Id<Claim>>>,
) -> Vec<TocEntry> {
    let headings = headings.iter();
    headings
        .map(|heading| {
            let claims = under.get(&heading.anchor).map_or(&[][..], Vec::as_slice);
            TocEntry {
                text: heading.text.clone(),
                href: format!("#{}", at.id(&heading.anchor)),
                level: (heading.level + demotion).min(6),
                claims: claims.len(),
                statuses: at.statuses(claims.iter().copied()),
                tlp: at.part_label(at.levels().part(doc, heading.tlp)),
            }
        })
        .collect()
}

/// The appearance of a text's marks, links and citations on this page.
struct Stage<'a> {
    at: &'a PageContext<'a>,
    doc: Doc,
    prose: &'a Prose,
    numbers: BTreeMap<Id<Claim>, usize>,
    /// The note of each mark's claim: one per claim and block, named by the first mark.
    notes: BTreeMap<(MarkNo, Id<Claim>), (String, usize)>,
    /// The levels of sections that have one, by anchor.
    headings: BTreeMap<&'a str, Tlp>,
    demotion: u8,
    /// The page of the text, if another page shows it.
    address: Option<SitePath>,
}

impl<'a> Stage<'a> {
    fn new(at: &'a PageContext<'a>, doc: Doc, claims: &[Id<Claim>]) -> Stage<'a> {
        let prose = at.site.prose(doc);
        let headings = prose.headings.iter();
        let mut stage = Stage {
            at,
            doc,
            prose,
            headings: headings
                .filter_map(|heading| Some((heading.anchor.as_str(), heading.tlp?)))
                .collect(),
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

    /// Creates one note per claim and top-level block, named by the first mark there.
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
                Node::Text(_)
                | Node::Code(_)
                | Node::Html(_)
                | Node::SoftBreak
                | Node::HardBreak
                | Node::Rule
                | Node::Footnote(_)
                | Node::Task(_)
                | Node::Cite(_) => {}
            }
        }
    }

    /// Returns the language of verbatim words, if it differs from the book's.
    fn lang_of(&self, number: MarkNo) -> Option<&str> {
        let mut positions = self
            .claims_of(number)
            .iter()
            .flat_map(|claim| &self.at.site.claims()[*claim].positions)
            .filter(|position| position.doc == self.doc && position.mark == number);
        positions.next().and_then(|position| self.at.lang(position))
    }

    fn tongue_of(&self, lang: &str) -> Tongue {
        Tongue {
            lang: html_language(lang),
            dir: self.at.dir(Some(lang)),
        }
    }

    /// Returns the label of a mark: of its own level, or that of a claim in it if it is higher.
    fn level_of(&self, number: MarkNo) -> Option<String> {
        let claims = self.claims_of(number).iter();
        let claims = claims.map(|claim| self.at.site.claims()[*claim].tlp);
        let own = self.at.levels().mark(self.doc, number);
        self.at.part_label(claims.fold(own, Option::max))
    }

    fn claims_of(&self, mark: MarkNo) -> &[Id<Claim>] {
        match &self.prose.mark(mark).role {
            MarkRole::Position { claims, .. } => claims,
            MarkRole::Event(_) | MarkRole::Later => &[],
        }
    }

    /// Returns the notes of a block; `shown` has the claims of earlier notes.
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
        let status = standing.status.word().replace('-', " ");
        format!(
            "Note {number}, {status}: {}",
            super::position::signature_words(standing)
        )
    }
}

impl RenderContext for Stage<'_> {
    fn link(&self, target: &Target) -> html::Link {
        self.at.target(target)
    }

    fn mark(&self, number: MarkNo) -> Face {
        let mark = self.prose.mark(number);
        let own = mark.lang.as_deref().filter(|lang| self.at.is_foreign(lang));
        let plain = |class: &str, flag: Option<&'static str>| Face {
            anchor: self.at.id(&mark.anchor).into_owned(),
            class: class.into(),
            references: Vec::new(),
            is_event: true,
            flag,
            tlp: self.level_of(number),
            tongue: own.map(|lang| self.tongue_of(lang)),
        };
        let (stance, claims) = match &mark.role {
            MarkRole::Position { stance, claims, .. } => (stance, claims),
            MarkRole::Event(_) => return plain("event", None),
            MarkRole::Later => return plain("later", Some("said later")),
        };
        let references = claims.iter().filter_map(|claim| {
            let (note, _) = self.notes.get(&(number, *claim))?;
            Some(Reference {
                number: self.numbers[claim],
                signature: super::position::signature(self.at.standing(*claim)),
                line: super::position::line(self.at.standing(*claim).status),
                note: note.clone(),
                label: self.label(*claim),
            })
        });
        // The words of a whole quotation are in the quotation, which has their language.
        let lang = if mark.whole_quote {
            None
        } else {
            own.or_else(|| self.lang_of(number))
        };
        let mut class = format!("claim {}", super::position::stance_class(*stance));
        if let Some(claim) = claims.first() {
            class.push(' ');
            class.push_str(super::position::line(self.at.standing(*claim).status));
            if let Some((_, key)) = self.notes.get(&(number, *claim)) {
                class.push_str(&format!(" k{key}"));
            }
        }
        Face {
            anchor: self.at.id(&mark.anchor).into_owned(),
            class,
            references: references.collect(),
            is_event: false,
            flag: None,
            tlp: self.level_of(number),
            tongue: lang.map(|lang| self.tongue_of(lang)),
        }
    }

    fn quotation(&self, number: MarkNo) -> Option<Tongue> {
        let mark = self.prose.mark(number);
        let lang = mark.lang.as_deref().or_else(|| self.lang_of(number));
        let lang = lang.filter(|lang| mark.whole_quote && self.at.is_foreign(lang))?;
        Some(self.tongue_of(lang))
    }

    fn tongue(&self) -> Tongue {
        Tongue {
            lang: self.at.book.config.language.clone(),
            dir: Some(self.at.book.config.direction().word()),
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

    fn heading_level(&self, anchor: &str) -> Option<String> {
        let own = self.headings.get(anchor).copied();
        self.at.part_label(self.at.levels().part(self.doc, own))
    }
}

pub fn raw_html(place: Place, tag: &str) -> Diagnostic {
    let shown = super::context::shortened(tag, 60);
    Diagnostic::new(Code::RawHtml, place, format!("`{shown}` is shown as text"))
        .label("not on the list of allowed elements and attributes")
        .hint("write it in Markdown, or set `raw-html = \"allow\"` under `[whosaid]`")
}
