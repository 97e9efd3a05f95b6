//! What a page says to machines: JSON-LD in the words of schema.org, and a few of our own for
//! what schema.org has no word for.
//!
//! A claim is a `Claim` with every party's position beside its text, and never a fact: nothing
//! here says that a claim is true, and no `ClaimReview` rates one. What is accused of an actor
//! stands at the claim, with the reply, and not at the actor.

use serde_json::{Map, Value, json};

use super::at::At;
use super::{Route, exports, routes, text};
use crate::html::Html;
use crate::model::{
    Actor, ActorKind, Briefing, Claim, Correction, Doc, Entity, Id, PartialDate, Position, Source,
    Stance,
};

/// The names of our own terms begin with it: `ws:headline`. It leads nowhere, since a name is all
/// that it has to be; the manual tells what each means.
const TERMS: &str = "urn:x-whosaid:";

impl At<'_> {
    /// The subject of this page and the way to it, for pages that have one.
    pub fn data(&self) -> Option<Html> {
        if self.is_plain() {
            return None;
        }
        let subjects = match self.part.is_first() {
            true => self.subjects()?,
            false => Vec::new(),
        };
        let graph = subjects.into_iter().chain(self.breadcrumbs());
        let graph: Vec<Value> = graph.collect();
        let context = json!(["https://schema.org", { "ws": TERMS }]);
        let data = json!({ "@context": context, "@graph": graph });
        Some(Html::data(&data))
    }

    /// What the page is of; none for a page that is of nothing.
    fn subjects(&self) -> Option<Vec<Value>> {
        let subject = match self.route {
            Route::Home => {
                let report = self.facts.home.map(|id| self.report(id));
                return Some(std::iter::once(self.web_site()).chain(report).collect());
            }
            Route::Briefing(id) => self.report(*id),
            Route::Actor(id) => self.actor_data(*id),
            Route::Claim(id) => self.claim_data(*id),
            Route::Source(id) => self.source_data(*id),
            Route::Actors => self.collection("Actors"),
            Route::Claims => self.collection("Claims"),
            Route::Sources => self.collection("Sources"),
            Route::Timeline => self.collection("Timeline"),
            Route::Network => self.collection("Network"),
            Route::Tags => self.collection("Tags"),
            Route::Tag(slug) => self.collection(&self.facts.tags.get(slug)?.tag),
            Route::Print => self.collection("The whole book"),
            Route::Search => self.listing("SearchResultsPage", "Search"),
            Route::Exports => self.collection(exports::TITLE),
            Route::Chapter(_)
            | Route::Contents
            | Route::Embed(_)
            | Route::NotFound
            | Route::Redirect(_)
            | Route::Moved(_) => return None,
        };
        Some(vec![subject])
    }

    fn web_site(&self) -> Value {
        let config = self.book.config;
        let mut site = node("WebSite", self.to_page("index.html"));
        put(&mut site, "name", self.site_title());
        put_some(&mut site, "description", config.description.as_deref());
        put(&mut site, "inLanguage", config.language.as_str());
        Value::Object(site)
    }

    fn collection(&self, name: &str) -> Value {
        self.listing("CollectionPage", name)
    }

    fn listing(&self, kind: &'static str, name: &str) -> Value {
        let mut page = node(kind, self.to(self.here));
        put(&mut page, "name", name);
        self.put_site(&mut page);
        Value::Object(page)
    }

    /// A briefing, the claims that it marks, and whom it speaks of.
    fn report(&self, id: Id<Briefing>) -> Value {
        let briefing = &self.site.briefings()[id];
        let mut report = node("Report", self.to(&briefing.address));
        put(&mut report, "headline", briefing.title.as_str());
        let summary = briefing.summary.as_ref().or(briefing.subtitle.as_ref());
        put_some(&mut report, "description", summary.map(String::as_str));
        put_day(&mut report, "datePublished", briefing.date.as_ref());
        put_day(&mut report, "dateModified", briefing.updated.as_ref());
        if !briefing.authors.is_empty() {
            // A name alone does not tell a person from a desk.
            put(&mut report, "creditText", briefing.authors.join(", "));
        }
        put_list(
            &mut report,
            "keywords",
            briefing.tags.iter().map(String::as_str),
        );
        self.put_site(&mut report);
        let question = briefing.question.map(|claim| self.claim_in_line(claim));
        put_some(&mut report, "about", question);
        let mut actors: Vec<Id<Actor>> = Vec::new();
        for mention in &self.facts.passages(Doc::Briefing(id)).mentions {
            if let Entity::Actor(actor) = mention.entity
                && !actors.contains(&actor)
            {
                actors.push(actor);
            }
        }
        put_list(
            &mut report,
            "mentions",
            actors.iter().map(|id| self.actor_in_line(*id)),
        );
        let claims = text::numbered(&briefing.prose).into_iter();
        put_list(
            &mut report,
            "hasPart",
            claims.map(|claim| self.claim_in_line(claim)),
        );
        let corrections = briefing.corrections.iter();
        put_list(&mut report, "correction", corrections.map(corrected));
        Value::Object(report)
    }

    fn claim_data(&self, id: Id<Claim>) -> Value {
        let claim = &self.site.claims()[id];
        let standing = self.standing(id);
        let mut data = node("Claim", self.claim_href(id));
        put(&mut data, "text", claim.text.as_str());
        self.put_standing(&mut data, id);
        put(&mut data, "ws:support", standing.support.word());
        put(&mut data, "ws:contest", standing.contest.word());
        let as_of = self.facts.standings.as_of();
        put_day(&mut data, "ws:asOf", as_of.map(PartialDate::on).as_ref());
        self.put_site(&mut data);
        put_list(&mut data, "keywords", claim.tags.iter().map(String::as_str));
        let concerned = claim.against.iter().chain(&claim.about);
        put_list(
            &mut data,
            "about",
            concerned.map(|id| self.actor_in_line(*id)),
        );
        let replies = standing.replies.iter().map(|reply| {
            let mut told = Map::new();
            put(&mut told, "ws:accused", self.reference(reply.accused));
            put(&mut told, "ws:answer", reply.reply.word());
            if let Some(place) = reply.position {
                let anchor = super::position::position_anchor(self.site, claim, place);
                put(&mut told, "ws:in", json!({ "@id": format!("#{anchor}") }));
            }
            put_some(&mut told, "ws:days", reply.days);
            Value::Object(told)
        });
        put_list(&mut data, "ws:reply", replies);
        let counted = claim.positions.iter().enumerate();
        let counted =
            counted.filter(|(_, position)| crate::derive::counts_by(position.on.as_ref(), as_of));
        let mut named = Vec::new();
        let positions: Vec<Value> = counted
            .map(|(place, position)| {
                let is_current = standing.parties.iter().any(|party| party.position == place);
                let mut told = self.position_data(position, is_current, &mut named);
                let anchor = super::position::position_anchor(self.site, claim, place);
                told.shift_insert(0, "@id".to_owned(), json!(format!("#{anchor}")));
                Value::Object(told)
            })
            .collect();
        put_list(&mut data, "ws:position", positions.into_iter());
        Value::Object(data)
    }

    /// A position. A party or source that `named` does not hold yet is named, and is then.
    fn position_data(
        &self,
        position: &Position,
        is_current: bool,
        named: &mut Vec<Entity>,
    ) -> Map<String, Value> {
        let mut told = Map::new();
        let mut actor = |id: Id<Actor>| {
            let entity = Entity::Actor(id);
            match named.contains(&entity) {
                true => self.reference(id),
                false => {
                    named.push(entity);
                    self.actor_in_line(id)
                }
            }
        };
        put(&mut told, "ws:party", actor(position.by));
        put(&mut told, "ws:stance", position.stance.verb());
        put_some(&mut told, "ws:voice", position.voice.map(&mut actor));
        put_day(&mut told, "ws:date", position.on.as_ref());
        if position.stance != Stance::NoResponse {
            put(&mut told, "ws:words", position.said());
        }
        if position.quote {
            put(&mut told, "ws:verbatim", true);
        }
        let sources = position.sources.iter().map(|cited| {
            let source = &self.site.sources()[cited.source];
            let address = self.to(&routes::source_address(&source.id));
            let entity = Entity::Source(cited.source);
            if named.contains(&entity) {
                return json!({ "@id": address });
            }
            named.push(entity);
            let mut told = node("CreativeWork", address);
            put(&mut told, "name", source.title.as_str());
            Value::Object(told)
        });
        let sources: Vec<Value> = sources.collect();
        put_list(&mut told, "ws:source", sources.into_iter());
        if !is_current && position.stance != Stance::Reports {
            put(&mut told, "ws:superseded", true);
        }
        told
    }

    fn actor_data(&self, id: Id<Actor>) -> Value {
        let actor = &self.site.actors()[id];
        let mut data = node(kind(actor.kind), self.to(&routes::actor_address(&actor.id)));
        put(&mut data, "name", actor.name.as_str());
        put(&mut data, "ws:kind", actor.kind.word());
        put_list(
            &mut data,
            "alternateName",
            actor.aliases.iter().map(String::as_str),
        );
        put_some(&mut data, "description", actor.summary.as_deref());
        put_some(&mut data, "url", actor.url.as_deref());
        put_some(&mut data, "identifier", actor.attack_id.as_deref());
        let wikidata = actor.wikidata.as_deref();
        let same = wikidata.map(|id| format!("https://www.wikidata.org/entity/{id}"));
        put_some(&mut data, "sameAs", same);
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
            put(&mut data, term, self.actor_in_line(whole));
        }
        let may_join = is_organization(actor.kind) || actor.kind == ActorKind::Person;
        let (joined, others): (Vec<_>, Vec<_>) = actor
            .member_of
            .iter()
            .partition(|whole| may_join && is_organization(self.site.actors()[**whole].kind));
        let in_line = |id: &Id<Actor>| self.actor_in_line(*id);
        put_list(&mut data, "memberOf", joined.into_iter().map(in_line));
        put_list(&mut data, "ws:memberOf", others.into_iter().map(in_line));
        put_list(
            &mut data,
            "ws:speaksFor",
            actor.speaks_for.iter().map(in_line),
        );
        Value::Object(data)
    }

    fn source_data(&self, id: Id<Source>) -> Value {
        let source = &self.site.sources()[id];
        let mut data = node("CreativeWork", self.to(&routes::source_address(&source.id)));
        put(&mut data, "name", source.title.as_str());
        // A state or a product is no author that schema.org knows.
        let (authors, others): (Vec<_>, Vec<_>) = source.authors.iter().partition(|author| {
            let kind = self.site.actors()[**author].kind;
            is_organization(kind) || kind == ActorKind::Person
        });
        let in_line = |id: &Id<Actor>| self.actor_in_line(*id);
        put_list(&mut data, "author", authors.into_iter().map(in_line));
        put_list(&mut data, "ws:author", others.into_iter().map(in_line));
        if !source.literal_authors.is_empty() {
            put(&mut data, "creditText", source.literal_authors.join(", "));
        }
        let publisher = source.publisher.as_ref();
        put_some(
            &mut data,
            "publisher",
            publisher.map(|name| json!({ "@type": "Organization", "name": name })),
        );
        put_day(&mut data, "datePublished", source.date.as_ref());
        put_some(&mut data, "genre", source.kind.as_deref());
        put_some(&mut data, "inLanguage", source.language.as_deref());
        put_some(&mut data, "url", source.url.as_deref());
        put_some(&mut data, "archivedAt", source.archive.as_deref());
        put_some(&mut data, "ws:sha256", source.sha256.as_deref());
        let based = source.based_on.iter().map(|id| {
            let source = &self.site.sources()[*id];
            let mut told = node("CreativeWork", self.to(&routes::source_address(&source.id)));
            put(&mut told, "name", source.title.as_str());
            Value::Object(told)
        });
        put_list(&mut data, "isBasedOn", based);
        Value::Object(data)
    }

    /// Who it is, and no more.
    fn actor_in_line(&self, id: Id<Actor>) -> Value {
        let actor = &self.site.actors()[id];
        let mut told = node(kind(actor.kind), self.to(&routes::actor_address(&actor.id)));
        put(&mut told, "name", actor.name.as_str());
        Value::Object(told)
    }

    fn reference(&self, id: Id<Actor>) -> Value {
        let actor = &self.site.actors()[id];
        json!({ "@id": self.to(&routes::actor_address(&actor.id)) })
    }

    /// What a claim says and how it stands, and no more.
    fn claim_in_line(&self, id: Id<Claim>) -> Value {
        let mut told = node("Claim", self.claim_href(id));
        put(&mut told, "text", self.site.claims()[id].text.as_str());
        self.put_standing(&mut told, id);
        Value::Object(told)
    }

    fn put_standing(&self, told: &mut Map<String, Value>, id: Id<Claim>) {
        let standing = self.standing(id);
        put(told, "ws:headline", standing.headline.word());
        put(told, "ws:signature", super::position::signature(standing));
    }

    fn put_site(&self, told: &mut Map<String, Value>) {
        let home = json!({ "@type": "WebSite", "@id": self.to_page("index.html") });
        put(told, "isPartOf", home);
    }

    /// The way from the home page to this one; none on the home page.
    fn breadcrumbs(&self) -> Option<Value> {
        let step = |name: &str, page: &str| (name.to_owned(), self.to_page(page));
        let list = match self.route {
            Route::Actor(_) => Some(("Actors", "actors/index.html")),
            Route::Claim(_) => Some(("Claims", "claims/index.html")),
            Route::Source(_) => Some(("Sources", "sources/index.html")),
            Route::Tag(_) => Some(("Tags", "tags/index.html")),
            Route::Home
            | Route::Briefing(_)
            | Route::Actors
            | Route::Claims
            | Route::Embed(_)
            | Route::Sources
            | Route::Timeline
            | Route::Network
            | Route::Print
            | Route::Exports
            | Route::Tags
            | Route::Search
            | Route::NotFound
            | Route::Redirect(_)
            | Route::Chapter(_)
            | Route::Contents
            | Route::Moved(_) => None,
        };
        let name = match self.route {
            Route::Briefing(id) => &self.site.briefings()[*id].title,
            Route::Actor(id) => &self.site.actors()[*id].name,
            Route::Claim(id) => &self.site.claims()[*id].text,
            Route::Source(id) => &self.site.sources()[*id].title,
            Route::Tag(slug) => &self.facts.tags.get(slug)?.tag,
            Route::Actors => "Actors",
            Route::Claims => "Claims",
            Route::Sources => "Sources",
            Route::Timeline => "Timeline",
            Route::Network => "Network",
            Route::Print => "The whole book",
            Route::Exports => exports::TITLE,
            Route::Tags => "Tags",
            Route::Search => "Search",
            Route::Home
            | Route::Embed(_)
            | Route::NotFound
            | Route::Redirect(_)
            | Route::Chapter(_)
            | Route::Contents
            | Route::Moved(_) => return None,
        };
        let way = std::iter::once((self.site_title(), self.to_page("index.html")))
            .chain(list.map(|(name, page)| step(name, page)))
            .chain(std::iter::once((name.to_owned(), self.to(self.here))));
        let steps: Vec<Value> = way
            .enumerate()
            .map(|(at, (name, item))| {
                json!({ "@type": "ListItem", "position": at + 1, "name": name, "item": { "@id": item } })
            })
            .collect();
        Some(json!({ "@type": "BreadcrumbList", "itemListElement": steps }))
    }
}

/// The nearest type of schema.org.
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

fn corrected(correction: &Correction) -> Value {
    let on = correction.on.map(|on| format!("{}: ", on.in_words()));
    json!(format!("{}{}", on.unwrap_or_default(), correction.text))
}

fn node(kind: &str, id: String) -> Map<String, Value> {
    let mut node = Map::new();
    put(&mut node, "@type", kind);
    put(&mut node, "@id", id);
    node
}

fn put(node: &mut Map<String, Value>, term: &str, value: impl Into<Value>) {
    node.insert(term.to_owned(), value.into());
}

fn put_some(node: &mut Map<String, Value>, term: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        put(node, term, value);
    }
}

fn put_day(node: &mut Map<String, Value>, term: &str, date: Option<&PartialDate>) {
    put_some(node, term, date.map(PartialDate::machine));
}

/// The one value, or a list of several; nothing where there is none.
fn put_list<V: Into<Value>>(
    node: &mut Map<String, Value>,
    term: &str,
    values: impl Iterator<Item = V>,
) {
    let mut values: Vec<Value> = values.map(Into::into).collect();
    match values.len() {
        0 => {}
        1 => put(node, term, values.remove(0)),
        _ => put(node, term, values),
    }
}
