//! The record of an earlier day: a linked site without what was said, happened or was published
//! later.
//!
//! It is made once, directly after linking, so no page, count, feed, export or check needs code for
//! it. The author's text is not changed, but marks with later words become [`MarkRole::Later`], and
//! references to what does not exist yet become plain text.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::model::{
    Actor, Appearance, Arena, Body, Citation, CiteItem, Claim, Doc, Entity, Event, Id, Item,
    MarkNo, MarkRole, Node, PartialDate, Position, Prose, Site, SiteParts, Source, SpanStart, Tag,
    Target,
};
use crate::text::Span;

/// The class of words that were said, and of documents that were published, after the day of the
/// record.
const LATER: &str = "later";

/// Returns `site` as it was at the end of `day`.
///
/// It contains no claims with only later positions, no later events, and no later sources unless
/// something earlier is based on them. What has no date is included. If a claim is left out, so are
/// its page and the marks on the page.
pub fn as_of(site: Site, day: Date) -> Site {
    let mut parts = site.into_parts();
    let known = Known::new(&parts, day);
    let used_later = used_later(&parts, &known);
    let later = known.later_marks(&parts);
    let to = Renumbered {
        claims: Arena::numbers(&known.made),
        events: Arena::numbers(&known.happened),
        sources: Arena::numbers(&known.published),
    };
    let dates: Vec<_> = parts.sources.iter().map(|(_, it)| it.date).collect();
    let propositions: Vec<String> = parts.claims.iter().map(|(_, it)| it.text.clone()).collect();
    let cut = Cut {
        to: &to,
        later: &later,
        dates: &dates,
        propositions: &propositions,
    };
    for id in parts.briefings.ids() {
        let briefing = parts.briefings.get_mut(id);
        cut.prose(Doc::Briefing(id), &mut briefing.prose);
        briefing.question = briefing.question.and_then(|it| to.claim(it));
        briefing.event = briefing.event.and_then(|it| to.event(it));
        briefing.as_of = briefing.as_of.filter(|it| it.last_day() <= day);
        let corrections = &mut briefing.corrections;
        corrections.retain(|it| has_begun(it.on.as_ref(), day));
    }
    for id in parts.actors.ids() {
        let actor = parts.actors.get_mut(id);
        cut.prose(Doc::Actor(id), &mut actor.prose);
        let was_out = |sources: &[Id<Source>]| {
            sources.is_empty() || sources.iter().any(|it| to.source(*it).is_some())
        };
        if !was_out(&actor.legal_status_sources) {
            actor.legal_status = None;
        }
        to.all_sources(&mut actor.legal_status_sources);
        actor.named_by.retain(|naming| was_out(&naming.sources));
        for naming in &mut actor.named_by {
            to.all_sources(&mut naming.sources);
        }
    }
    for id in parts.claims.ids() {
        let claim = parts.claims.get_mut(id);
        cut.prose(Doc::Claim(id), &mut claim.prose);
        cut.claim(claim, &known);
    }
    for id in parts.events.ids() {
        let event = parts.events.get_mut(id);
        to.citations(&mut event.sources);
        event.doc = to.doc(event.doc).unwrap_or(event.doc);
    }
    for id in parts.sources.ids() {
        let source = parts.sources.get_mut(id);
        to.all_sources(&mut source.based_on);
        cut.body(&mut source.kept);
    }
    if let Some(astray) = &mut parts.astray {
        cut.body(&mut astray.body);
    }
    parts.claims.keep(&known.made);
    parts.events.keep(&known.happened);
    parts.sources.keep(&known.published);
    let unasked = parts.candidates.iter().copied().chain(used_later);
    parts.candidates = unasked.filter_map(|it| to.entity(it)).collect();
    parts.as_of = Some(day);
    let is_all = |kept: &[bool]| kept.iter().all(|it| *it);
    let has_all = is_all(&known.made) && is_all(&known.happened) && is_all(&known.published);
    parts.is_cut = !has_all || later.values().any(|marks| !marks.is_empty());
    Site::new(parts)
}

fn has_begun(on: Option<&PartialDate>, day: Date) -> bool {
    on.is_none_or(|on| on.first_day() <= day)
}

/// What exists on the day, by the index of each entity.
struct Known {
    day: Date,
    made: Vec<bool>,
    happened: Vec<bool>,
    published: Vec<bool>,
}

impl Known {
    fn new(parts: &SiteParts, day: Date) -> Known {
        let mut known = Known {
            day,
            made: vec![true; parts.claims.len()],
            happened: Vec::new(),
            published: Vec::new(),
        };
        // If a claim is left out, so are the marks on its page, which may be the only marks of
        // another claim.
        loop {
            let claims = parts.claims.iter();
            let made = claims.map(|(_, claim)| {
                let mut positions = claim.positions.iter();
                claim.positions.is_empty() || positions.any(|it| known.is_said(it))
            });
            let made: Vec<bool> = made.collect();
            if made == known.made {
                break;
            }
            known.made = made;
        }
        let events = parts.events.iter();
        known.happened = events
            .map(|(_, event)| has_begun(event.on.as_ref(), day) && known.has_page(event.doc))
            .collect();
        known.published = known.sources(parts);
        known
    }

    /// Returns the sources that were published by the day, and those that something earlier is
    /// based on.
    fn sources(&self, parts: &SiteParts) -> Vec<bool> {
        let sources = parts.sources.iter();
        let out = sources.filter(|(_, it)| has_begun(it.date.as_ref(), self.day));
        let mut open: Vec<Id<Source>> = out.map(|(id, _)| id).collect();
        let claims = parts.claims.iter();
        let positions = claims.flat_map(|(_, claim)| &claim.positions);
        for position in positions.filter(|it| self.is_said(it)) {
            open.extend(position.sources.iter().map(|it| it.source));
        }
        for (id, event) in parts.events.iter() {
            if self.happened[id.index()] {
                open.extend(event.sources.iter().map(|it| it.source));
            }
        }
        let mut published = vec![false; parts.sources.len()];
        while let Some(id) = open.pop() {
            if !std::mem::replace(&mut published[id.index()], true) {
                open.extend(&parts.sources[id].based_on);
            }
        }
        published
    }

    fn has_page(&self, doc: Doc) -> bool {
        match doc {
            Doc::Claim(id) => self.made[id.index()],
            Doc::Briefing(_) | Doc::Actor(_) => true,
        }
    }

    fn is_said(&self, position: &Position) -> bool {
        has_begun(position.on.as_ref(), self.day) && self.has_page(position.doc)
    }

    /// Returns the marks with later words, by document.
    fn later_marks(&self, parts: &SiteParts) -> BTreeMap<Doc, BTreeSet<MarkNo>> {
        let briefings = parts.briefings.iter();
        let briefings = briefings.map(|(id, it)| (Doc::Briefing(id), &it.prose));
        let actors = parts.actors.iter();
        let actors = actors.map(|(id, it)| (Doc::Actor(id), &it.prose));
        let claims = parts.claims.iter();
        let claims = claims.map(|(id, it)| (Doc::Claim(id), &it.prose));
        let docs = briefings.chain(actors).chain(claims);
        let marked = docs.map(|(doc, prose)| {
            let marks = (0..).map(MarkNo).zip(&prose.marks);
            let later = marks.filter(|(no, mark)| self.is_later(parts, doc, *no, &mark.role));
            (doc, later.map(|(no, _)| no).collect())
        });
        marked.collect()
    }

    /// Returns whether the words of a mark are later: its event is, or all its positions are. A
    /// mark that only repeats a position has the date of the positions of its parties.
    fn is_later(&self, parts: &SiteParts, doc: Doc, no: MarkNo, role: &MarkRole) -> bool {
        let (stance, claims, by) = match role {
            MarkRole::Position { stance, claims, by } => (stance, claims, by),
            MarkRole::Event(event) => return !self.happened[event.index()],
            MarkRole::Later => return true,
        };
        let is_later_of = |claim: &Id<Claim>| {
            let positions = &parts.claims[*claim].positions;
            let own = positions.iter().filter(|it| it.doc == doc && it.mark == no);
            let own: Vec<&Position> = own.collect();
            let repeated = || {
                let same = positions.iter();
                same.filter(|it| it.stance == *stance && by.contains(&it.by))
                    .collect()
            };
            let taken = if own.is_empty() { repeated() } else { own };
            let are_later = taken.iter().all(|it| !has_begun(it.on.as_ref(), self.day));
            !self.made[claim.index()] || !taken.is_empty() && are_later
        };
        !claims.is_empty() && claims.iter().all(is_later_of)
    }
}

/// Returns what later statements use or continue, so that no check reports it as unused or asks
/// for what the author has already written.
fn used_later(parts: &SiteParts, known: &Known) -> BTreeSet<Entity> {
    let mut used = BTreeSet::new();
    let name = |used: &mut BTreeSet<Entity>,
                sources: &[Citation],
                actors: &mut dyn Iterator<Item = &Id<Actor>>| {
        used.extend(sources.iter().map(|it| Entity::Source(it.source)));
        used.extend(actors.map(|it| Entity::Actor(*it)));
    };
    for (id, claim) in parts.claims.iter() {
        for position in claim.positions.iter().filter(|it| !known.is_said(it)) {
            used.insert(Entity::Claim(id));
            let named = std::iter::once(&position.by).chain(&position.voice);
            let named = named.chain(&position.said_by);
            let concerned = claim.against.iter().chain(&claim.about);
            name(&mut used, &position.sources, &mut named.chain(concerned));
        }
    }
    for (id, event) in parts.events.iter() {
        if !known.happened[id.index()] {
            name(&mut used, &event.sources, &mut event.who.iter());
        }
    }
    used
}

/// The ids in the site of the day; `None` for what does not exist in it.
struct Renumbered {
    claims: Vec<Option<Id<Claim>>>,
    events: Vec<Option<Id<Event>>>,
    sources: Vec<Option<Id<Source>>>,
}

impl Renumbered {
    fn claim(&self, id: Id<Claim>) -> Option<Id<Claim>> {
        self.claims[id.index()]
    }

    fn event(&self, id: Id<Event>) -> Option<Id<Event>> {
        self.events[id.index()]
    }

    fn source(&self, id: Id<Source>) -> Option<Id<Source>> {
        self.sources[id.index()]
    }

    fn entity(&self, entity: Entity) -> Option<Entity> {
        match entity {
            Entity::Claim(id) => self.claim(id).map(Entity::Claim),
            Entity::Source(id) => self.source(id).map(Entity::Source),
            Entity::Actor(_) | Entity::Briefing(_) => Some(entity),
        }
    }

    fn doc(&self, doc: Doc) -> Option<Doc> {
        match doc {
            Doc::Claim(id) => self.claim(id).map(Doc::Claim),
            Doc::Briefing(_) | Doc::Actor(_) => Some(doc),
        }
    }

    fn all_claims(&self, ids: &mut Vec<Id<Claim>>) {
        *ids = ids.iter().filter_map(|id| self.claim(*id)).collect();
    }

    fn all_sources(&self, ids: &mut Vec<Id<Source>>) {
        *ids = ids.iter().filter_map(|id| self.source(*id)).collect();
    }

    fn citations(&self, cited: &mut Vec<Citation>) {
        let all = std::mem::take(cited).into_iter();
        let kept = all.filter_map(|it| {
            let source = self.source(it.source)?;
            Some(Citation { source, ..it })
        });
        *cited = kept.collect();
    }

    /// Returns the target of a reference, if the target exists.
    fn target(&self, target: &Target) -> Option<Target> {
        match target {
            Target::Entity { entity, fragment } => Some(Target::Entity {
                entity: self.entity(*entity)?,
                fragment: fragment.clone(),
            }),
            Target::File { .. } | Target::Elsewhere { .. } | Target::Here(_) | Target::Url(_) => {
                Some(target.clone())
            }
        }
    }
}

/// Changes texts and claims to their state in the site of the day.
struct Cut<'a> {
    to: &'a Renumbered,
    later: &'a BTreeMap<Doc, BTreeSet<MarkNo>>,
    /// The dates of all sources.
    dates: &'a [Option<PartialDate>],
    /// The text of each claim, which a mention without its own words shows.
    propositions: &'a [String],
}

impl Cut<'_> {
    fn claim(&self, claim: &mut Claim, known: &Known) {
        let to = self.to;
        claim.event = claim.event.and_then(|it| to.event(it));
        to.all_claims(&mut claim.supports);
        to.all_claims(&mut claim.contradicts);
        to.all_claims(&mut claim.part);
        claim.positions.retain(|it| known.is_said(it));
        for position in &mut claim.positions {
            to.citations(&mut position.sources);
            position.with = position.with.and_then(|it| to.claim(it));
            position.doc = to.doc(position.doc).unwrap_or(position.doc);
        }
        let appearances = std::mem::take(&mut claim.appearances).into_iter();
        let kept = appearances.filter_map(|it| {
            let doc = to.doc(it.doc)?;
            (!self.is_later(it.doc, it.mark)).then_some(Appearance { doc, ..it })
        });
        claim.appearances = kept.collect();
    }

    fn is_later(&self, doc: Doc, mark: MarkNo) -> bool {
        let marks = self.later.get(&doc);
        marks.is_some_and(|marks| marks.contains(&mark))
    }

    fn prose(&self, doc: Doc, prose: &mut Prose) {
        for (no, mark) in (0..).map(MarkNo).zip(&mut prose.marks) {
            if self.is_later(doc, no) {
                mark.role = MarkRole::Later;
                // The mark's own anchor names a claim that does not exist.
                mark.anchor = format!("{LATER}.{}", no.0 + 1);
            }
            match &mut mark.role {
                MarkRole::Position { claims, .. } => self.to.all_claims(claims),
                MarkRole::Event(event) => *event = self.to.event(*event).unwrap_or(*event),
                MarkRole::Later => {}
            }
        }
        self.body(&mut prose.body);
    }

    fn body(&self, body: &mut Body<Target>) {
        let items = std::mem::take(&mut body.items);
        let mut proposition = None;
        for Item { node, span } in items {
            let unsaid = proposition.take();
            let node = match node {
                // Text that was not said yet must not appear as the desk's own text.
                Node::Text(words) if unsaid.is_some_and(|it: &String| **it == *words) => {
                    Node::Text("a later claim".into())
                }
                Node::Start(Tag::Mention(target)) => {
                    let to = self.to.target(&target);
                    if let (
                        None,
                        Target::Entity {
                            entity: Entity::Claim(id),
                            ..
                        },
                    ) = (&to, &*target)
                    {
                        proposition = Some(&self.propositions[id.index()]);
                    }
                    Node::Start(to.map_or_else(later, |to| Tag::Mention(Box::new(to))))
                }
                Node::Start(Tag::Link(link)) => {
                    let to = self.to.target(&link.to);
                    Node::Start(to.map_or_else(later, |to| link.leading(to)))
                }
                Node::Start(Tag::Image(image)) => {
                    let to = self.to.target(&image.to);
                    Node::Start(to.map_or_else(later, |to| image.showing(to)))
                }
                Node::Cite(cited) => {
                    self.cite(&cited, span, body);
                    continue;
                }
                node @ (Node::Start(_)
                | Node::End
                | Node::Text(_)
                | Node::Code(_)
                | Node::Html(_)
                | Node::SoftBreak
                | Node::HardBreak
                | Node::Rule
                | Node::Footnote(_)
                | Node::Task(_)) => node,
            };
            body.items.push(Item { node, span });
        }
    }

    /// Writes a bracket of citations without its later sources, whose dates follow it.
    fn cite(&self, cited: &[CiteItem<Target>], span: Span, body: &mut Body<Target>) {
        let kept = cited.iter().filter_map(|it| {
            Some(CiteItem {
                key: self.to.target(&it.key)?,
                prefix: it.prefix.clone(),
                locator: it.locator.clone(),
                suppress_author: it.suppress_author,
            })
        });
        let kept: Box<[CiteItem<Target>]> = kept.collect();
        let mut nodes = Vec::new();
        if !kept.is_empty() {
            nodes.push(Node::Cite(kept));
        }
        let mut days = Vec::new();
        for item in cited {
            if let Target::Entity {
                entity: Entity::Source(id),
                ..
            } = &item.key
                && self.to.source(*id).is_none()
                && let Some(date) = &self.dates[id.index()]
                && !days.contains(&date.in_words())
            {
                days.push(date.in_words());
            }
        }
        if !days.is_empty() {
            let words = format!(" [published {}]", days.join(", "));
            nodes.extend([Node::Start(later()), Node::Text(words.into()), Node::End]);
        }
        let items = nodes.into_iter().map(|node| Item { node, span });
        body.items.extend(items);
    }
}

/// Returns the start of text that referred to what does not exist yet.
fn later() -> Tag<Target> {
    Tag::Span(Box::new(SpanStart {
        id: None,
        classes: vec![LATER.into()],
    }))
}
