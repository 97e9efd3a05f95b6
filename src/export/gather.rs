//! Converts a site and its derived facts to the record.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::Book;
use super::ids::{self, Ids};
use super::record::{self, Counts, Record, When};
use crate::derive::{self, Standing};
use crate::index::routes;
use crate::model::{
    Actor, Citation, Claim, Country, Doc, Id, MarkNo, Position, Reply, Site, Source, Stance, Tlp,
};
use crate::page::Levels;
use crate::text::html_language;

/// Returns the record of a book. Actors, claims and sources are ordered by id, positions by date.
pub fn record<'a>(book: &Book<'a>) -> Record<'a> {
    let gather = Gather {
        site: book.site,
        book: *book,
        ids: Ids::new(book.config),
        levels: Levels::new(book.site, book.config),
        base: ids::base(book.config).unwrap_or_default(),
    };
    let mut actors = gather.actors();
    let mut claims = gather.claims();
    let mut sources = gather.sources();
    actors.sort_by_key(|actor| actor.id);
    claims.sort_by_key(|claim| claim.id);
    sources.sort_by_key(|source| source.id);
    let (events, briefings) = (gather.events(), gather.briefings());
    let config = book.config;
    let (first_day, last_day) = gather.days();
    let levels = actors.iter().map(|it| it.tlp);
    let levels = levels.chain(claims.iter().map(|it| it.tlp));
    let levels = levels.chain(sources.iter().map(|it| it.tlp));
    let levels = levels.chain(events.iter().map(|it| it.tlp));
    let levels = levels.chain(briefings.iter().map(|it| it.tlp));
    let tlp = record::highest(levels.chain([word(gather.levels.book())]));
    Record {
        schema: "record.schema.json",
        version: 1,
        site: record::Site {
            uuid: gather.ids.site(),
            title: config.title.as_deref().unwrap_or("Briefings"),
            description: config.description.as_deref(),
            language: &config.language,
            authors: &config.authors,
            url: ids::base(config),
            license: config.license.as_deref(),
            license_url: config.license_url.as_deref(),
            as_of: book.site.as_of().map(|day| day.to_string()),
            tlp,
        },
        counts: Counts {
            actors: actors.len(),
            claims: claims.len(),
            positions: claims.iter().map(|claim| claim.positions.len()).sum(),
            sources: sources.len(),
            events: events.len(),
            briefings: briefings.len(),
        },
        actors,
        claims,
        sources,
        events,
        briefings,
        ids: gather.ids,
        first_day,
        last_day,
    }
}

struct Gather<'a> {
    site: &'a Site,
    book: Book<'a>,
    ids: Ids,
    levels: Levels<'a>,
    /// The address of the site; empty if it is not set.
    base: String,
}

impl<'a> Gather<'a> {
    fn actor(&self, id: Id<Actor>) -> &'a str {
        &self.site.actors()[id].id
    }

    fn all(&self, ids: &[Id<Actor>]) -> Vec<&'a str> {
        ids.iter().map(|id| self.actor(*id)).collect()
    }

    fn some_claims(&self, ids: &[Id<Claim>]) -> Vec<&'a str> {
        let claims = self.site.claims();
        ids.iter().map(|id| claims[*id].id.as_str()).collect()
    }

    fn some_sources(&self, ids: &[Id<Source>]) -> Vec<&'a str> {
        let sources = self.site.sources();
        ids.iter().map(|id| sources[*id].id.as_str()).collect()
    }

    fn cited(&self, citations: &'a [Citation]) -> Vec<record::Cited<'a>> {
        let cited = citations.iter().map(|cited| record::Cited {
            source: &self.site.sources()[cited.source].id,
            locator: &cited.locator,
        });
        cited.collect()
    }

    fn page(&self, address: &str) -> String {
        format!("{}{address}", self.base)
    }

    /// Returns the place of a mark in its text.
    fn mark(&self, doc: Doc, mark: MarkNo) -> String {
        let page = match doc {
            Doc::Briefing(id) => self.site.briefings()[id].address.clone(),
            Doc::Actor(id) => routes::actor_address(self.actor(id)),
            Doc::Claim(id) => routes::claim_address(&self.site.claims()[id].id),
        };
        let anchor = &self.site.mark(doc, mark).anchor;
        self.page(&format!("{}#{anchor}", page.address()))
    }

    fn actors(&self) -> Vec<record::Actor<'a>> {
        let named = self.with_a_part();
        let actors = self.site.actors().iter();
        let actors = actors.filter(|(id, actor)| !actor.is_unnamed || named.contains(id));
        let actor = |(_, actor): (Id<Actor>, &'a Actor)| record::Actor {
            id: &actor.id,
            uuid: self.ids.of("actor", &actor.id),
            name: &actor.name,
            kind: actor.kind.word(),
            page: self.page(&routes::actor_address(&actor.id).address()),
            aliases: &actor.aliases,
            named_by: actor
                .named_by
                .iter()
                .map(|naming| record::Naming {
                    alias: &naming.alias,
                    by: self.all(&naming.by),
                    sources: self.some_sources(&naming.sources),
                })
                .collect(),
            summary: actor.summary.as_deref(),
            part_of: actor.part_of.map(|id| self.actor(id)),
            member_of: self.all(&actor.member_of),
            speaks_for: self.all(&actor.speaks_for),
            country: actor.country.as_ref().map(|country| match country {
                Country::Actor(id) => self.actor(*id),
                Country::Code(code) => code.as_str(),
            }),
            from: actor.from.map(When),
            to: actor.to.map(When),
            legal_status: actor.legal_status.map(|status| status.word()),
            legal_status_sources: self.some_sources(&actor.legal_status_sources),
            wikidata: actor.wikidata.as_deref(),
            attack_id: actor.attack_id.as_deref(),
            stix_id: actor.stix_id.as_deref(),
            url: actor.url.as_deref(),
            tlp: word(self.levels.actor(actor)),
        };
        actors.map(actor).collect()
    }

    /// Returns all actors that a claim, position, event, source or name refers to.
    fn with_a_part(&self) -> BTreeSet<Id<Actor>> {
        let mut named = BTreeSet::new();
        for (_, claim) in self.site.claims().iter() {
            named.extend(claim.against.iter().chain(&claim.about));
            if let Some(relation) = &claim.relation {
                named.extend([relation.subject, relation.object]);
            }
            for position in &claim.positions {
                named.insert(position.by);
                named.extend(position.said_by.iter().chain(&position.voice));
            }
        }
        for (_, event) in self.site.events().iter() {
            named.extend(&event.who);
        }
        for (_, source) in self.site.sources().iter() {
            named.extend(&source.authors);
        }
        for (_, actor) in self.site.actors().iter() {
            named.extend(actor.named_by.iter().flat_map(|naming| &naming.by));
        }
        named
    }

    fn claims(&self) -> Vec<record::Claim<'a>> {
        let claims = self.site.claims().iter();
        claims.map(|(id, claim)| self.claim(id, claim)).collect()
    }

    fn claim(&self, id: Id<Claim>, claim: &'a Claim) -> record::Claim<'a> {
        let standing = &self.book.facts.standings[id];
        let names = self.position_ids(claim);
        let positions = claim.positions.iter().enumerate();
        record::Claim {
            id: &claim.id,
            uuid: self.ids.of("claim", &claim.id),
            page: self.page(&routes::claim_address(&claim.id).address()),
            text: &claim.text,
            with_owner: derive::with_owner(self.site, claim, standing),
            kind: claim.kind.as_deref(),
            status: standing.status.word(),
            status_words: derive::status_words(self.site, standing),
            support: standing.support.word(),
            support_words: derive::support_words(standing),
            contest: standing.contest.word(),
            contest_words: derive::contest_words(self.site, standing),
            signature: standing.signature(),
            against: self.all(&claim.against),
            about: self.all(&claim.about),
            legal_statuses: derive::with_legal_status(self.site, claim)
                .into_iter()
                .map(|(id, status)| record::Legal {
                    actor: self.actor(id),
                    legal_status: status.word(),
                    sources: self.some_sources(&self.site.actors()[id].legal_status_sources),
                })
                .collect(),
            legal_sentences: derive::legal_sentences_of(self.site, claim),
            replies: self.replies(standing, &names),
            event: claim
                .event
                .map(|event| self.site.events()[event].id.as_str()),
            supports: self.some_claims(&claim.supports),
            contradicts: self.some_claims(&claim.contradicts),
            parts: self.some_claims(&claim.part),
            relation: claim.relation.as_ref().map(|relation| record::Relation {
                subject: self.actor(relation.subject),
                predicate: &relation.predicate,
                object: self.actor(relation.object),
            }),
            tags: &claim.tags,
            first_on: standing.first_on.map(When),
            last_on: standing.last_on.map(When),
            tlp: word(self.levels.claim(claim)),
            positions: positions
                .map(|(at, position)| self.position(claim, position, &names, standing, at))
                .collect(),
        }
    }

    fn replies(&self, standing: &Standing, names: &[String]) -> Vec<record::Reply<'a>> {
        let reply = |reply: &crate::derive::ReplyOf| record::Reply {
            accused: self.actor(reply.accused),
            reply: reply.reply.word(),
            by: match reply.reply {
                Reply::ByRepresentative(by) => Some(self.actor(by)),
                Reply::Replied | Reply::Declined | Reply::NoResponse | Reply::Unanswered => None,
            },
            position: reply.position.map(|at| names[at].clone()),
            days: reply.days,
        };
        standing.replies.iter().map(reply).collect()
    }

    fn position(
        &self,
        claim: &'a Claim,
        position: &'a Position,
        names: &[String],
        standing: &Standing,
        at: usize,
    ) -> record::Position<'a> {
        let fate = derive::fate(claim, standing, at);
        let language = &self.book.config.language;
        let likelihood = position.likelihood.as_ref();
        let range = likelihood.and_then(|it| it.range()).map(|(_, range)| range);
        record::Position {
            id: names[at].clone(),
            uuid: self.ids.of("position", &names[at]),
            page: self.mark(position.doc, position.mark),
            claim: &claim.id,
            by: self.actor(position.by),
            stance: position.stance.verb(),
            stance_words: position.stance.in_words(),
            side: position.stance.side(),
            sign: position.stance.sign(),
            request_words: derive::request_words(position),
            is_silence: position.stance.is_silence(),
            state: fate.state,
            ended_by: fate.ended_by.map(|later| names[later].clone()),
            ended_on: fate
                .ended_by
                .and_then(|later| claim.positions[later].on)
                .map(When),
            on: position.on.map(When),
            words: position.said(),
            quote: position.quote,
            orig: position.original(),
            orig_lang: position
                .orig
                .as_ref()
                .and_then(|_| position.source_language(self.site))
                .map(html_language),
            lang: html_language(position.language(self.site).unwrap_or(language)),
            shown: position.shown(),
            voice: position.voice.map(|voice| self.actor(voice)),
            sources: self.cited(&position.sources),
            confidence: position.confidence.as_ref().map(|it| it.term()),
            likelihood: likelihood.map(|it| it.term()),
            likelihood_yardsticks: likelihood.map_or_else(Vec::new, |it| {
                it.yardsticks().into_iter().map(|by| by.word()).collect()
            }),
            likelihood_low: range.map(|range| range.low),
            likelihood_high: range.map(|range| range.high),
            grade: position.grade.map(|grade| grade.to_string()),
            basis: position.basis.map(|basis| basis.word()),
            mode: position.mode.word(),
            joint: position.joint.as_deref(),
            with: position
                .with
                .map(|with| self.site.claims()[with].id.as_str()),
            said_by: self.all(&position.said_by),
            asked: position.asked.map(When),
            by_date: position.by_date.map(When),
            via: position.via.as_deref(),
            note: position.note.as_deref(),
            tlp: word(self.levels.position(claim, position)),
        }
    }

    /// Returns an id for each position of a claim that does not change with edits elsewhere: claim,
    /// party, stance and day, with a number for repetitions.
    fn position_ids(&self, claim: &Claim) -> Vec<String> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let name = |position: &Position| {
            // The words of the other stances are verbs already.
            let verb: &str = if position.stance == Stance::Claims {
                "claims"
            } else {
                position.stance.verb()
            };
            let mut name = format!("{}:{}:{verb}", claim.id, self.actor(position.by));
            if let Some(on) = &position.on {
                name.push_str(&format!(":{on}"));
            }
            let count = seen.entry(name.clone()).or_default();
            *count += 1;
            if *count > 1 {
                name.push_str(&format!(":{count}"));
            }
            name
        };
        claim.positions.iter().map(name).collect()
    }

    fn sources(&self) -> Vec<record::Source<'a>> {
        let source = |(_, source): (Id<Source>, &'a Source)| record::Source {
            id: &source.id,
            uuid: self.ids.of("source", &source.id),
            page: self.page(&routes::source_address(&source.id).address()),
            title: &source.title,
            authors: self.all(&source.authors),
            other_authors: &source.literal_authors,
            publisher: source.publisher.as_deref(),
            date: source.date.map(When),
            url: source.url.as_deref(),
            archive: source.archive.as_deref(),
            retrieved: source.retrieved.map(When),
            sha256: source.sha256.as_deref(),
            kind: source.kind.as_deref(),
            language: source.language.as_deref(),
            reliability: source.reliability,
            mode: source.mode.map(|mode| mode.word()),
            based_on: self.some_sources(&source.based_on),
            tlp: word(self.levels.source(source)),
        };
        self.site.sources().iter().map(source).collect()
    }

    fn events(&self) -> Vec<record::Event<'a>> {
        let events = self.site.events().iter();
        let event = events.map(|(_, event)| record::Event {
            id: &event.id,
            uuid: self.ids.of("event", &event.id),
            page: self.mark(event.doc, event.mark),
            text: &event.text,
            on: event.on.map(When),
            who: self.all(&event.who),
            sources: self.cited(&event.sources),
            tlp: word(self.levels.event(event)),
        });
        event.collect()
    }

    fn briefings(&self) -> Vec<record::Briefing<'a>> {
        let mut marked: HashMap<Doc, Vec<&'a str>> = HashMap::new();
        for (_, claim) in self.site.claims().iter() {
            for appearance in &claim.appearances {
                let claims = marked.entry(appearance.doc).or_default();
                if claims.last() != Some(&claim.id.as_str()) {
                    claims.push(&claim.id);
                }
            }
        }
        let briefing = self.site.briefings().iter().map(|(id, briefing)| {
            let mut claims = marked.remove(&Doc::Briefing(id)).unwrap_or_default();
            claims.sort_unstable();
            claims.dedup();
            record::Briefing {
                id: &briefing.id,
                uuid: self.ids.of("briefing", &briefing.id),
                page: self.page(&briefing.address.address()),
                title: &briefing.title,
                subtitle: briefing.subtitle.as_deref(),
                summary: briefing.summary.as_deref(),
                date: briefing.date.map(When),
                updated: briefing.updated.map(When),
                as_of: briefing.as_of.map(When),
                authors: &briefing.authors,
                tags: &briefing.tags,
                question: briefing
                    .question
                    .map(|claim| self.site.claims()[claim].id.as_str()),
                claims,
                tlp: word(self.levels.briefing(briefing)),
            }
        });
        briefing.collect()
    }

    /// Returns the first and the last day in the record.
    fn days(&self) -> (Date, Date) {
        let timeline = self.book.facts.timeline.iter().map(|entry| entry.on);
        let sources = self.site.sources().iter();
        let dated = timeline.chain(sources.filter_map(|(_, source)| source.date));
        let first = dated.map(|on| on.first_day()).min();
        let last = self.book.facts.record_day.or(first);
        // The default for a book without dates.
        let last = last.unwrap_or(jiff::civil::date(1970, 1, 1));
        (first.map_or(last, |first| first.min(last)), last)
    }
}

fn word(tlp: Option<Tlp>) -> Option<&'static str> {
    tlp.map(|tlp| tlp.word())
}
