//! The JSON-LD of a page, in the vocabulary of schema.org, and our own terms for everything that it
//! has no term for.
//!
//! A claim is a `Claim` with the positions of all parties, and never a fact: nothing here says that
//! a claim is true, and there is no `ClaimReview`. Accusations are in the data of the claim, with
//! the reply, and not in that of the actor.

mod tree;

use self::tree::{Node, Value};
use super::context::PageContext;
use super::source_numbers;
use crate::html::Html;
use crate::index::profile::{Structured, Subject};
use crate::index::routes;
use crate::model::{
    Actor, ActorKind, Briefing, Claim, Correction, Doc, Entity, Id, PartialDate, Position,
    PositionState, Source, Stance, Tlp,
};

/// The prefix of our own terms, such as `ws:status`. It is only a name and not a web address; the
/// manual describes the terms.
const TERMS: &str = "urn:x-whosaid:";

impl PageContext<'_> {
    /// Returns the subject of this page and its breadcrumbs, for pages that have a subject.
    pub fn data(&self) -> Option<Html> {
        if self.is_plain() {
            return None;
        }
        let subjects = if self.part.is_first() {
            self.subjects()?
        } else {
            Vec::new()
        };
        let graph = subjects.into_iter().chain(self.breadcrumbs());
        let graph: Vec<Value<'_>> = graph.map(Value::from).collect();
        let mut own = Node::default();
        own.put("ws", TERMS);
        let mut data = Node::default();
        data.put("@context", vec!["https://schema.org".into(), own.into()]);
        data.put("@graph", graph);
        Some(Html::data(&data))
    }

    /// Returns the subject of the page; `None` if it has none.
    fn subjects(&self) -> Option<Vec<Node<'_>>> {
        let profile = self.route.profile();
        let title = profile.title.unwrap_or_default();
        let subject = match profile.structured {
            Structured::None => return None,
            Structured::Site => {
                let report = self.facts.home.map(|id| self.report(id));
                return Some(std::iter::once(self.web_site()).chain(report).collect());
            }
            Structured::Subject => match profile.subject? {
                Subject::Briefing(id) => self.report(id),
                Subject::Actor(id) => self.actor_data(id),
                Subject::Claim(id) => self.claim_data(id),
                Subject::Source(id) => self.source_data(id),
                Subject::Tag(slug) => self.collection(&self.facts.tags.get(slug)?.tag),
            },
            Structured::Collection => self.collection(title),
            Structured::SearchResults => self.listing("SearchResultsPage", title),
        };
        Some(vec![subject])
    }

    fn web_site(&self) -> Node<'_> {
        let config = self.book.config;
        let mut site = Node::new("WebSite", self.to_page("index.html"));
        site.put("name", self.site_title());
        site.put_some("description", config.description.as_deref());
        site.put("inLanguage", config.language.as_str());
        put_level(&mut site, config.tlp);
        site
    }

    fn collection<'s>(&'s self, name: &'s str) -> Node<'s> {
        self.listing("CollectionPage", name)
    }

    fn listing<'s>(&'s self, kind: &'static str, name: &'s str) -> Node<'s> {
        let mut page = Node::new(kind, self.to(self.here));
        page.put("name", name);
        self.put_site(&mut page);
        page
    }

    /// Returns a briefing, the claims that it marks, and the actors that it mentions.
    fn report(&self, id: Id<Briefing>) -> Node<'_> {
        let briefing = &self.site.briefings()[id];
        let mut report = Node::new("Report", self.to(&briefing.address));
        report.put("headline", briefing.title.as_str());
        put_level(&mut report, self.levels().briefing(briefing));
        let summary = briefing.summary.as_ref().or(briefing.subtitle.as_ref());
        report.put_some("description", summary.map(String::as_str));
        put_day(&mut report, "datePublished", briefing.date.as_ref());
        put_day(&mut report, "dateModified", briefing.updated.as_ref());
        if !briefing.authors.is_empty() {
            // A plain name does not tell whether it is a person or an organization.
            report.put("creditText", briefing.authors.join(", "));
        }
        report.put_list("keywords", briefing.tags.iter().map(String::as_str));
        self.put_site(&mut report);
        let question = briefing.question.map(|claim| self.claim_in_line(claim));
        report.put_some("about", question);
        let mut actors: Vec<Id<Actor>> = Vec::new();
        for mention in &self.facts.passages(Doc::Briefing(id)).mentions {
            if let Entity::Actor(actor) = mention.entity
                && !actors.contains(&actor)
            {
                actors.push(actor);
            }
        }
        report.put_list("mentions", actors.iter().map(|id| self.actor_in_line(*id)));
        let claims = source_numbers::numbered(&briefing.prose).into_iter();
        report.put_list("hasPart", claims.map(|claim| self.claim_in_line(claim)));
        let corrections = briefing.corrections.iter();
        report.put_list("correction", corrections.map(corrected));
        report
    }

    fn claim_data(&self, id: Id<Claim>) -> Node<'_> {
        let claim = &self.site.claims()[id];
        let standing = self.standing(id);
        let mut data = Node::new("Claim", self.claim_href(id));
        data.put("text", claim.text.as_str());
        self.put_standing(&mut data, id);
        data.put("ws:support", standing.support.word());
        data.put("ws:contest", standing.contest.word());
        let as_of = self.site.as_of();
        put_day(&mut data, "ws:asOf", as_of.map(PartialDate::on).as_ref());
        self.put_site(&mut data);
        data.put_list("keywords", claim.tags.iter().map(String::as_str));
        let concerned = claim.against.iter().chain(&claim.about);
        data.put_list("about", concerned.map(|id| self.actor_in_line(*id)));
        let replies = standing.replies.iter().map(|reply| {
            let mut told = Node::default();
            told.put("ws:accused", self.reference(reply.accused));
            told.put("ws:answer", reply.reply.word());
            if let Some(place) = reply.position {
                let anchor = super::position::position_anchor(self.site, claim, place);
                told.put("ws:in", Node::at(format!("#{anchor}")));
            }
            told.put_some("ws:days", reply.days);
            told
        });
        data.put_list("ws:reply", replies);
        let mut named = Vec::new();
        let positions = claim.positions.iter().enumerate();
        let positions = positions.map(|(place, position)| {
            let state = crate::derive::fate(claim, standing, place).state;
            let anchor = super::position::position_anchor(self.site, claim, place);
            let level = self.levels().position(claim, position);
            self.position_data((position, level), &anchor, state, &mut named)
        });
        data.put_list("ws:position", positions);
        data
    }

    /// Returns a position. A party or source that is not yet in `named` is described and added.
    fn position_data<'s>(
        &'s self,
        (position, level): (&'s Position, Option<Tlp>),
        anchor: &str,
        state: PositionState,
        named: &mut Vec<Entity>,
    ) -> Node<'s> {
        let mut told = Node::at(format!("#{anchor}"));
        let mut actor = |id: Id<Actor>| {
            let entity = Entity::Actor(id);
            if named.contains(&entity) {
                self.reference(id)
            } else {
                named.push(entity);
                self.actor_in_line(id)
            }
        };
        told.put("ws:party", actor(position.by));
        told.put("ws:stance", position.stance.verb());
        put_level(&mut told, level);
        told.put_some("ws:voice", position.voice.map(&mut actor));
        put_day(&mut told, "ws:date", position.on.as_ref());
        put_day(&mut told, "ws:asked", position.asked.as_ref());
        put_day(&mut told, "ws:byDate", position.by_date.as_ref());
        if position.stance != Stance::NoResponse {
            told.put("ws:words", position.said());
        }
        told.put_some("ws:original", position.original());
        if position.quote {
            told.put("ws:verbatim", true);
        }
        let confidence = position.confidence.as_ref();
        told.put_some("ws:confidence", confidence.map(|it| it.term()));
        let likelihood = position.likelihood.as_ref();
        told.put_some("ws:likelihood", likelihood.map(|it| it.term()));
        let sources = position.sources.iter().map(|cited| {
            let source = &self.site.sources()[cited.source];
            let address = self.to(&routes::source_address(&source.id));
            let entity = Entity::Source(cited.source);
            if named.contains(&entity) {
                return Node::at(address);
            }
            named.push(entity);
            let mut told = Node::new("CreativeWork", address);
            told.put("name", source.title.as_str());
            put_level(&mut told, self.levels().source(source));
            told
        });
        told.put_list("ws:source", sources);
        told.put("ws:state", state.word());
        told
    }

    fn actor_data(&self, id: Id<Actor>) -> Node<'_> {
        let actor = &self.site.actors()[id];
        let mut data = Node::new(kind(actor.kind), self.to(&routes::actor_address(&actor.id)));
        data.put("name", actor.name.as_str());
        data.put("ws:kind", actor.kind.word());
        put_level(&mut data, self.levels().actor(actor));
        self.put_legal_status(&mut data, actor);
        data.put_list("alternateName", actor.aliases.iter().map(String::as_str));
        data.put_some("description", actor.summary.as_deref());
        data.put_some("url", actor.url.as_deref());
        data.put_some("identifier", actor.attack_id.as_deref());
        let wikidata = actor.wikidata.as_deref();
        let same = wikidata.map(|id| format!("https://www.wikidata.org/entity/{id}"));
        data.put_some("sameAs", same);
        let is_part = actor.part_of.map(|whole| {
            let whole_kind = self.site.actors()[whole].kind;
            let is_within = is_organization(actor.kind) && is_organization(whole_kind);
            (
                whole,
                if is_within {
                    "parentOrganization"
                } else {
                    "ws:partOf"
                },
            )
        });
        if let Some((whole, term)) = is_part {
            data.put(term, self.actor_in_line(whole));
        }
        let may_join = is_organization(actor.kind) || actor.kind == ActorKind::Person;
        let (joined, others): (Vec<_>, Vec<_>) = actor
            .member_of
            .iter()
            .partition(|whole| may_join && is_organization(self.site.actors()[**whole].kind));
        let in_line = |id: &Id<Actor>| self.actor_in_line(*id);
        data.put_list("memberOf", joined.into_iter().map(in_line));
        data.put_list("ws:memberOf", others.into_iter().map(in_line));
        data.put_list("ws:speaksFor", actor.speaks_for.iter().map(in_line));
        data
    }

    fn source_data(&self, id: Id<Source>) -> Node<'_> {
        let source = &self.site.sources()[id];
        let mut data = Node::new("CreativeWork", self.to(&routes::source_address(&source.id)));
        data.put("name", source.title.as_str());
        put_level(&mut data, self.levels().source(source));
        // schema.org does not allow a state or a product as author.
        let (authors, others): (Vec<_>, Vec<_>) = source.authors.iter().partition(|author| {
            let kind = self.site.actors()[**author].kind;
            is_organization(kind) || kind == ActorKind::Person
        });
        let in_line = |id: &Id<Actor>| self.actor_in_line(*id);
        data.put_list("author", authors.into_iter().map(in_line));
        data.put_list("ws:author", others.into_iter().map(in_line));
        if !source.literal_authors.is_empty() {
            data.put("creditText", source.literal_authors.join(", "));
        }
        let publisher = source.publisher.as_ref();
        data.put_some(
            "publisher",
            publisher.map(|name| {
                let mut told = Node::default();
                told.put("@type", "Organization");
                told.put("name", name);
                told
            }),
        );
        put_day(&mut data, "datePublished", source.date.as_ref());
        data.put_some("genre", source.kind.as_deref());
        data.put_some("inLanguage", source.language.as_deref());
        data.put_some("url", source.url.as_deref());
        data.put_some("archivedAt", source.archive.as_deref());
        data.put_some("ws:sha256", source.sha256.as_deref());
        let based = source.based_on.iter().map(|id| {
            let source = &self.site.sources()[*id];
            let mut told = Node::new("CreativeWork", self.to(&routes::source_address(&source.id)));
            told.put("name", source.title.as_str());
            put_level(&mut told, self.levels().source(source));
            told
        });
        data.put_list("isBasedOn", based);
        data
    }

    /// Returns the name of an actor, and its legal status if it is a person.
    fn actor_in_line(&self, id: Id<Actor>) -> Node<'_> {
        let actor = &self.site.actors()[id];
        let mut told = Node::new(kind(actor.kind), self.to(&routes::actor_address(&actor.id)));
        told.put("name", actor.name.as_str());
        put_level(&mut told, self.levels().actor(actor));
        self.put_legal_status(&mut told, actor);
        told
    }

    fn put_legal_status<'s>(&'s self, node: &mut Node<'s>, actor: &'s Actor) {
        let status = actor.legal_status.map(|status| status.word());
        node.put_some("ws:legalStatus", status);
        let sources = actor.legal_status_sources.iter().map(|id| {
            let source = &self.site.sources()[*id];
            let mut work = Node::new("CreativeWork", self.to(&routes::source_address(&source.id)));
            work.put("name", source.title.as_str());
            put_level(&mut work, self.levels().source(source));
            work
        });
        node.put_list("ws:legalStatusSource", sources);
    }

    fn reference(&self, id: Id<Actor>) -> Node<'_> {
        let actor = &self.site.actors()[id];
        Node::at(self.to(&routes::actor_address(&actor.id)))
    }

    /// Returns only the text and the status of a claim.
    fn claim_in_line(&self, id: Id<Claim>) -> Node<'_> {
        let mut told = Node::new("Claim", self.claim_href(id));
        told.put("text", self.site.claims()[id].text.as_str());
        self.put_standing(&mut told, id);
        told
    }

    fn put_standing(&self, told: &mut Node<'_>, id: Id<Claim>) {
        let standing = self.standing(id);
        told.put("ws:status", standing.status.word());
        told.put("ws:signature", super::position::signature(standing));
        put_level(told, self.levels().claim(&self.site.claims()[id]));
    }

    fn put_site(&self, told: &mut Node<'_>) {
        let home = Node::new("WebSite", self.to_page("index.html"));
        told.put("isPartOf", home);
    }

    /// Returns the breadcrumbs; `None` on the home page.
    fn breadcrumbs(&self) -> Option<Node<'_>> {
        let step = |name: &str, page: &str| (name.to_owned(), self.to_page(page));
        let profile = self.route.profile();
        let owned;
        let name = match profile.own_subject() {
            Some(Subject::Briefing(id)) => &self.site.briefings()[id].title,
            Some(Subject::Actor(id)) => &self.site.actors()[id].name,
            Some(Subject::Claim(id)) => {
                owned = self.with_owner(id);
                &owned
            }
            Some(Subject::Source(id)) => &self.site.sources()[id].title,
            Some(Subject::Tag(slug)) => &self.facts.tags.get(slug)?.tag,
            None => profile.title?,
        };
        let way = std::iter::once((self.site_title(), self.to_page("index.html")))
            .chain(profile.list.map(|(name, page)| step(name, page)))
            .chain(std::iter::once((name.to_owned(), self.to(self.here))));
        let steps = (1..).zip(way).map(|(number, (name, item))| {
            let mut step = Node::default();
            step.put("@type", "ListItem");
            step.put("position", number);
            step.put("name", name);
            step.put("item", Node::at(item));
            step.into()
        });
        let mut list = Node::default();
        list.put("@type", "BreadcrumbList");
        list.put("itemListElement", steps.collect::<Vec<Value<'_>>>());
        Some(list)
    }
}

/// Returns the nearest type of schema.org.
fn kind(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::State => "Country",
        ActorKind::GovernmentBody => "GovernmentOrganization",
        ActorKind::Alliance | ActorKind::Company | ActorKind::Organization | ActorKind::Group => {
            "Organization"
        }
        ActorKind::Person => "Person",
        ActorKind::Product => "Product",
        ActorKind::Campaign => "Thing",
        ActorKind::Place => "Place",
    }
}

fn is_organization(kind: ActorKind) -> bool {
    match kind {
        ActorKind::GovernmentBody
        | ActorKind::Alliance
        | ActorKind::Company
        | ActorKind::Organization
        | ActorKind::Group => true,
        ActorKind::State
        | ActorKind::Person
        | ActorKind::Product
        | ActorKind::Campaign
        | ActorKind::Place => false,
    }
}

fn corrected(correction: &Correction) -> String {
    let on = correction.on.map(|on| format!("{}: ", on.in_words()));
    format!("{}{}", on.unwrap_or_default(), correction.text)
}

/// Adds a level of the Traffic Light Protocol, if the book gives levels.
fn put_level(node: &mut Node<'_>, level: Option<Tlp>) {
    node.put_some("ws:tlp", level.map(Tlp::label));
}

fn put_day(node: &mut Node<'_>, term: &'static str, date: Option<&PartialDate>) {
    node.put_some(term, date.map(PartialDate::machine));
}
