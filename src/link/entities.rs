//! Resolves the references in front matter.

use super::Linker;
use super::ids::{Admitted, SourceOrigin};
use super::names::Names;
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{
    Actor, ActorKind, Body, Claim, Correction, Country, Doc, Event, Id, LegalStatus, Naming, Node,
    Relation, Source,
};
use crate::parse::{ActorFront, BriefingFront, ClaimFront, Draft, Front, Name};
use crate::text::{Place, SitePath, SourceMap, Span, name_key};

impl Linker<'_> {
    /// Completes actors, sources, claims and briefings from their front matter.
    pub fn entities(&mut self, admitted: &Admitted<'_>, names: &Names<'_>) {
        for (doc, draft, anchors) in &admitted.docs {
            self.diagnostics.extend_from_slice(anchors.faults());
            match (doc, &draft.front) {
                (Doc::Actor(id), Front::Actor(front)) => self.fill_actor(*id, draft, front, names),
                (Doc::Claim(id), Front::Claim(front)) => self.fill_claim(*id, draft, front, names),
                (Doc::Briefing(id), Front::Briefing(front)) => {
                    self.fill_briefing(*id, draft, front, names);
                }
                _ => {}
            }
        }
        for (id, origin) in &admitted.sources {
            self.fill_source(*id, *origin, names);
        }
    }

    /// Returns the value, or reports the diagnostic and returns `None`.
    pub fn ok<T>(&mut self, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(diagnostic) => {
                self.diagnostics.push(*diagnostic);
                None
            }
        }
    }

    pub fn actors_of(
        &mut self,
        map: &SourceMap,
        list: &[Name],
        names: &Names<'_>,
    ) -> Vec<Id<Actor>> {
        let mut actors = Vec::new();
        for name in list {
            if let Some(actor) = self.ok(names.actor(map, name))
                && !actors.contains(&actor)
            {
                actors.push(actor);
            }
        }
        actors
    }

    pub fn claims_of(
        &mut self,
        map: &SourceMap,
        list: &[Name],
        names: &Names<'_>,
    ) -> Vec<Id<Claim>> {
        list.iter()
            .filter_map(|name| self.claim_of(names, map, name))
            .collect()
    }

    /// Returns a claim by its id. An invalid id was reported at its definition.
    pub fn claim_of(
        &mut self,
        names: &Names<'_>,
        map: &SourceMap,
        name: &Name,
    ) -> Option<Id<Claim>> {
        let result = names.claim(map, name);
        if result.is_err() && names.is_unreadable(name) {
            None
        } else {
            self.ok(result)
        }
    }

    /// Returns an event by its id. An invalid id was reported at its mark.
    pub fn event_of(
        &mut self,
        names: &Names<'_>,
        map: &SourceMap,
        name: &Name,
    ) -> Option<Id<Event>> {
        let result = names.event(map, name);
        if result.is_err() && names.is_unreadable(name) {
            None
        } else {
            self.ok(result)
        }
    }

    pub fn sources_of<'n>(
        &mut self,
        map: &SourceMap,
        list: impl IntoIterator<Item = &'n Name>,
        names: &Names<'_>,
    ) -> Vec<Id<Source>> {
        list.into_iter()
            .filter_map(|name| self.ok(names.source(map, name)))
            .collect()
    }

    fn fill_actor(&mut self, id: Id<Actor>, draft: &Draft, front: &ActorFront, names: &Names<'_>) {
        let map = draft.text.map();
        let country = front
            .country
            .as_ref()
            .map(|name| match names.maybe_actor(name) {
                Some(actor) => Country::Actor(actor),
                // An ISO code or a plain name is valid, too.
                None => Country::Code(name.text.to_string()),
            });
        let part_of = front
            .part_of
            .as_ref()
            .and_then(|name| self.ok(names.actor(map, name)));
        let member_of = self.actors_of(map, &front.member_of, names);
        let speaks_for = self.actors_of(map, &front.speaks_for, names);
        let keys = front.status_src.iter().map(|item| &item.key);
        let status_sources = self.sources_of(map, keys, names);
        if let Some(status) = front.status
            && status != LegalStatus::Named
            && front.status_src.is_empty()
        {
            self.diagnostics
                .push(status_without_source(super::ids::head(draft), status));
        }
        let mut named_by = Vec::new();
        for naming in &front.named_by {
            named_by.push(Naming {
                alias: naming.alias.clone(),
                by: self.actors_of(map, &naming.by, names),
                sources: self.sources_of(map, naming.sources.iter().map(|item| &item.key), names),
            });
        }
        let image = front
            .image
            .as_ref()
            .and_then(|(path, span)| self.image(map, path, *span));
        let actor = self.parts.actors.get_mut(id);
        if let Some((name, _)) = &front.name {
            actor.name = name.clone();
        }
        actor.kind = front.kind.unwrap_or(ActorKind::Organization);
        actor.aliases = front
            .aliases
            .iter()
            .map(|(alias, _)| alias.clone())
            .collect();
        actor.named_by = named_by;
        actor.summary = front.summary.clone();
        actor.part_of = part_of;
        actor.member_of = member_of;
        actor.speaks_for = speaks_for;
        actor.country = country;
        actor.from = front.from;
        actor.to = front.to;
        actor.legal_status = front.status;
        actor.legal_status_sources = status_sources;
        actor.wikidata = front.wikidata.clone();
        actor.attack_id = front.attack_id.clone();
        actor.stix_id = front.stix_id.clone();
        actor.image = image;
        actor.tlp = draft.common.tlp;
        actor.extra = draft.common.extra.clone();
        let url = self.web_address(map, front.url.as_ref());
        self.parts.actors.get_mut(id).url = url;
    }

    fn image(&mut self, map: &SourceMap, path: &str, span: Span) -> Option<SitePath> {
        let found = map
            .file()
            .sibling(path)
            .ok()
            .and_then(|path| path.below(&self.book.source))
            .or_else(|| SitePath::new(path).ok())
            .map(|path| self.spellings.of(path))
            .filter(|path| self.book.files.binary_search(path).is_ok());
        if found.is_none() {
            self.diagnostics.push(missing_image(map.place(span), path));
        }
        found
    }

    /// Returns a web address; anything else is reported and left out.
    pub fn web_address(&mut self, map: &SourceMap, url: Option<&(String, Span)>) -> Option<String> {
        let (url, span) = url?;
        let lower = url.to_ascii_lowercase();
        if lower.starts_with("https://") || lower.starts_with("http://") {
            return Some(url.clone());
        }
        self.diagnostics
            .push(forbidden_scheme(map.place(*span), url));
        None
    }

    fn fill_claim(&mut self, id: Id<Claim>, draft: &Draft, front: &ClaimFront, names: &Names<'_>) {
        let map = draft.text.map();
        let about = front
            .about
            .as_ref()
            .map(|list| self.actors_of(map, list, names));
        let against = front
            .against
            .as_ref()
            .map(|list| self.actors_of(map, list, names));
        let event = front
            .event
            .as_ref()
            .and_then(|name| self.event_of(names, map, name));
        let supports = self.claims_of(map, &front.supports, names);
        let contradicts = self.claims_of(map, &front.contradicts, names);
        let part = self.claims_of(map, &front.part, names);
        let relation = front
            .relation
            .as_ref()
            .and_then(|(subject, predicate, object)| {
                Some(Relation {
                    subject: self.ok(names.actor(map, subject))?,
                    predicate: predicate.clone(),
                    object: self.ok(names.actor(map, object))?,
                })
            });
        let claim = self.parts.claims.get_mut(id);
        if let Some((text, _)) = &front.text {
            claim.text = text.clone();
        }
        claim.kind = front.kind.clone();
        claim.about = about.unwrap_or_default();
        claim.against = against.unwrap_or_default();
        claim.event = event;
        claim.supports = supports;
        claim.contradicts = contradicts;
        claim.part = part;
        claim.relation = relation;
        claim.tags = front.tags.clone();
        claim.tlp = draft.common.tlp;
        claim.extra = draft.common.extra.clone();
    }

    fn fill_source(&mut self, id: Id<Source>, origin: SourceOrigin<'_>, names: &Names<'_>) {
        let (map, front) = (origin.map(), origin.front());
        let mut authors = Vec::new();
        let mut literal = Vec::new();
        for name in &front.author {
            // An author is an actor of the book or a plain name.
            match names.maybe_actor(name) {
                Some(actor) => authors.push(actor),
                // A withheld actor is not named as an author either.
                None if names.withheld.contains(&name_key(&name.text)) => {}
                None => {
                    self.diagnostics.extend(names.almost_actor(map, name));
                    literal.push(name.text.to_string());
                }
            }
        }
        let based_on = self.sources_of(map, front.based_on.iter().map(|item| &item.key), names);
        let url = self.web_address(map, front.url.as_ref());
        let archive = self.web_address(map, front.archive.as_ref());
        let (tlp, extra) = match origin {
            SourceOrigin::File(draft, _) => (draft.common.tlp, draft.common.extra.clone()),
            SourceOrigin::Entry(entry, _) => (entry.tlp, Default::default()),
        };
        let source = self.parts.sources.get_mut(id);
        source.title = front.title.clone().unwrap_or_else(|| source.id.clone());
        source.authors = authors;
        source.literal_authors = literal;
        source.publisher = front.publisher.clone();
        source.date = front.date;
        source.url = url;
        source.archive = archive;
        source.retrieved = front.retrieved;
        source.sha256 = front.sha256.clone();
        source.kind = front.kind.clone();
        source.language = front.language.clone();
        source.reliability = front.reliability;
        source.mode = front.mode;
        source.based_on = based_on;
        source.tlp = tlp;
        source.extra = extra;
        if let SourceOrigin::File(draft, _) = origin {
            source.kept_words = plain_words(&draft.body);
        }
    }

    fn fill_briefing(
        &mut self,
        id: Id<crate::model::Briefing>,
        draft: &Draft,
        front: &BriefingFront,
        names: &Names<'_>,
    ) {
        let map = draft.text.map();
        let question = front
            .question
            .as_ref()
            .and_then(|name| self.claim_of(names, map, name));
        let event = front
            .event
            .as_ref()
            .and_then(|name| self.event_of(names, map, name));
        let heading = self.titling(draft).map(|heading| heading.text.clone());
        // The title may be in front matter that cannot be read.
        if front.title.is_none() && heading.is_none() && !draft.is_front_unread {
            self.diagnostics.push(untitled(super::ids::head(draft)));
        }
        let mut aliases = Vec::new();
        for (alias, span) in &front.aliases {
            match SitePath::new(alias.trim_start_matches('/')) {
                Ok(path) if path.extension() == "html" => aliases.push(path),
                Ok(path) => aliases.extend(SitePath::new(&format!("{path}/index.html"))),
                Err(fault) => {
                    let place = map.place(*span);
                    self.diagnostics
                        .push(bad_alias(place, alias, &fault.to_string()));
                }
            }
        }
        let title = front.title.clone().or(heading);
        let briefing = self.parts.briefings.get_mut(id);
        briefing.title = title.unwrap_or_else(|| draft.file().stem().to_string());
        briefing.subtitle = front.subtitle.clone();
        briefing.summary = front.summary.clone();
        briefing.date = front.date;
        briefing.updated = front.updated;
        briefing.as_of = front.as_of;
        briefing.authors = front.authors.clone();
        briefing.tags = front.tags.clone();
        briefing.aliases = aliases;
        briefing.question = question;
        briefing.event = event;
        briefing.tlp = draft.common.tlp;
        briefing.extra = draft.common.extra.clone();
        briefing.corrections = front
            .corrections
            .iter()
            .map(|(on, text)| Correction {
                on: *on,
                text: text.clone(),
            })
            .collect();
    }
}

/// Returns the words of a body, with its blocks separated.
fn plain_words(body: &Body<Name>) -> String {
    let mut words = String::new();
    for item in &body.items {
        match &item.node {
            Node::Text(text) | Node::Code(text) => words.push_str(text),
            Node::SoftBreak | Node::HardBreak => words.push(' '),
            Node::Start(tag) if tag.is_block() => words.push('\n'),
            Node::Start(_)
            | Node::End
            | Node::Html(_)
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
    }
    words.trim().to_string()
}

pub fn almost_an_actor(place: Place, name: &Name, id: &str, actor: &str) -> Diagnostic {
    let is_exact = place.span.range().len() == name.text.len();
    let told = Diagnostic::new(
        Code::AlmostAnActor,
        place.clone(),
        format!("author `{}` is not an actor of the book", name.text),
    )
    .label("used as a plain name, not linked to an actor")
    .hint(format!("did you mean {actor}?"));
    if is_exact {
        told.fix(Fix::replace(place, id))
    } else {
        told
    }
}

fn status_without_source(place: Place, status: LegalStatus) -> Diagnostic {
    let status = status.word();
    Diagnostic::new(
        Code::StatusWithoutSource,
        place,
        format!("`status: {status}` without a source"),
    )
    .label("a legal status needs a document of the court or authority")
    .hint("add a line `status-src: SOURCE-ID`")
}

pub fn missing_image(place: Place, path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MissingImage,
        place,
        format!("image `{path}` not found"),
    )
    .label("no such file in the book")
    .hint("write the path relative to this file")
}

pub fn forbidden_scheme(place: Place, url: &str) -> Diagnostic {
    let scheme_end = url.find(':').map_or(url.len(), |colon| colon + 1);
    let begins = if url.starts_with("//") {
        "//"
    } else {
        &url[..scheme_end]
    };
    Diagnostic::new(
        Code::ForbiddenScheme,
        place,
        format!("forbidden address scheme `{begins}`"),
    )
    .label("only `https:`, `http:`, `mailto:` and relative addresses are allowed")
    .hint("write a complete URL, such as `https://example.org/page`")
}

fn untitled(place: Place) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, place, "a briefing has no `title`")
        .label("no `title` and no heading")
        .hint("add `title: …` between two lines of `---`, or a heading `# …`")
}

fn bad_alias(place: Place, alias: &str, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableValue,
        place,
        format!("invalid old address `{alias}`"),
    )
    .label(why.to_string())
    .hint("write it relative to the site: `2021/old-name.html`")
}
