//! The context of one page: links, dates and parts, relative to its address.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Book;
use super::components::{
    ActorLink, CiteView, Day, ElsewhereView, ImageView, LegalStatusView, Link, PassageView,
    SourceLine, TimelineEntry,
};
use super::levels::{Levels, PageLevels};
use super::reuse::{ActorLinks, PageParts};
use super::shared::Shared;
use crate::card::Card;
use crate::index::{Facts, Part, Route, Subject, routes};
use crate::model::{
    Actor, Briefing, Citation, Claim, Country, Doc, Elsewhere, Entity, Event, Id, MarkNo, Mode,
    PartialDate, Site, Source, Target, Tlp,
};
use crate::text::{SitePath, isolated_runs, slug, tag_slug};

/// Everything that a page is made from, relative to its address.
pub struct PageContext<'a> {
    pub book: &'a Book<'a>,
    pub site: &'a Site,
    pub facts: &'a Facts,
    pub here: &'a SitePath,
    pub route: &'a Route,
    /// The part of its lists on this page.
    pub part: Part,
    /// The numbers of cited sources, on pages with numbers.
    pub numbers: Numbers,
    /// True if actors have hover cards on this page.
    pub has_cards: bool,
    /// The preview image for links to this page.
    pub card: Option<Arc<Card>>,
    /// The current briefing, on the print page.
    pub chapter: Option<Id<Briefing>>,
    /// The address of this page, as written in the page itself.
    own: Arc<str>,
    links: ActorLinks,
    pub(super) parts: PageParts,
    pub(super) tlp: Arc<PageLevels>,
}

/// The number of each source that a page cites.
pub type Numbers = Arc<BTreeMap<Id<Source>, usize>>;

impl<'a> PageContext<'a> {
    pub fn new(
        book: &'a Book<'a>,
        here: &'a SitePath,
        route: &'a Route,
        part: Part,
    ) -> PageContext<'a> {
        PageContext {
            book,
            site: book.site,
            facts: book.facts,
            here,
            route,
            part,
            numbers: Arc::default(),
            has_cards: false,
            card: None,
            chapter: None,
            own: seen_from(book, route, here, here).into(),
            links: if *route == Route::NotFound {
                ActorLinks::new(book.site)
            } else {
                book.links.of(book.site, here, false)
            },
            parts: PageParts::default(),
            tlp: Arc::new(PageLevels::new(base_level(book, route))),
        }
    }

    /// Returns the same context with numbers for the sources of a text, and with or without hover
    /// cards. Cached parts are dropped.
    pub fn numbering(&self, numbers: Numbers, has_cards: bool) -> PageContext<'a> {
        PageContext {
            numbers,
            has_cards,
            links: if has_cards == self.has_cards {
                self.links.clone()
            } else {
                self.book.links.of(self.site, self.here, has_cards)
            },
            own: self.own.clone(),
            parts: PageParts::default(),
            tlp: self.tlp.clone(),
            card: self.card.clone(),
            ..*self
        }
    }

    /// Returns the same context for the text of one of several chapters.
    pub fn in_chapter(&self, id: Id<Briefing>) -> PageContext<'a> {
        PageContext {
            chapter: Some(id),
            numbers: self.numbers.clone(),
            own: self.own.clone(),
            links: self.links.clone(),
            parts: PageParts::default(),
            tlp: self.tlp.clone(),
            card: self.card.clone(),
            ..*self
        }
    }

    /// Returns the address of `path` relative to this page.
    pub fn to(&self, path: &SitePath) -> String {
        seen_from(self.book, self.route, self.here, path)
    }

    /// Returns the path of `site-url`, with a final slash.
    pub fn base(&self) -> Option<String> {
        base(self.book)
    }

    /// Returns the published address of a file that the page loads.
    pub fn to_loaded(&self, file: &SitePath) -> String {
        self.to(self.book.names.get(file).unwrap_or(file))
    }

    pub fn to_page(&self, page: &str) -> String {
        self.to(&routes::path(page))
    }

    // Links.

    /// Returns the URL for editing a briefing: `edit-url-template` with its file for `{path}`.
    pub fn edit(&self, briefing: &Briefing) -> Option<String> {
        let template = self.book.config.edit_url_template.as_deref()?;
        Some(template.replace("{path}", &briefing.file.address()))
    }

    /// Returns the label of a part of this page with this level, if it needs one.
    pub fn part_label(&self, level: Option<Tlp>) -> Option<String> {
        self.tlp.label(level)
    }

    pub fn day(&self, date: &PartialDate) -> Day {
        Day {
            iso: date.machine(),
            words: date.in_words(),
        }
    }

    pub fn actor(&self, id: Id<Actor>) -> Shared<ActorLink> {
        self.links.get(id, || {
            let actor = &self.site.actors()[id];
            ActorLink {
                id: actor.id.clone(),
                name: actor.name.clone(),
                href: self.to(&routes::actor_address(&actor.id)),
                kind: actor.kind.word(),
                kind_words: actor.kind.word().replace('-', " "),
                card: self.has_cards.then(|| format!("card.{}", actor.id)),
            }
        })
    }

    pub fn actors(&self, ids: &[Id<Actor>]) -> Vec<Shared<ActorLink>> {
        ids.iter().map(|id| self.actor(*id)).collect()
    }

    /// Returns the legal status of an actor, if it has one.
    pub fn legal_status(&self, id: Id<Actor>) -> Option<LegalStatusView> {
        let actor = &self.site.actors()[id];
        let sources = actor.legal_status_sources.iter();
        Some(LegalStatusView {
            word: actor.legal_status?.word(),
            actor: self.actor(id),
            sources: sources.map(|source| self.source(*source)).collect(),
        })
    }

    fn actor_link(&self, id: Id<Actor>) -> Link {
        let actor = self.actor(id);
        Link {
            text: actor.name.clone(),
            href: actor.href.clone(),
            tlp: self.part_label(self.levels().actor(&self.site.actors()[id])),
        }
    }

    pub fn briefing_href(&self, id: Id<Briefing>) -> String {
        if *self.route == Route::Print {
            format!("#{}", chapter_anchor(id))
        } else {
            self.to(&self.site.briefings()[id].address)
        }
    }

    pub fn briefing(&self, id: Id<Briefing>) -> Link {
        let briefing = &self.site.briefings()[id];
        Link {
            text: briefing.title.clone(),
            href: self.briefing_href(id),
            tlp: self.part_label(self.levels().briefing(briefing)),
        }
    }

    pub fn claim_href(&self, id: Id<Claim>) -> String {
        self.to(&routes::claim_address(&self.site.claims()[id].id))
    }

    /// Returns a link to the page of a document.
    pub fn doc(&self, doc: Doc) -> Shared<Link> {
        self.parts.docs.get(doc, || self.doc_link(doc))
    }

    pub fn doc_link(&self, doc: Doc) -> Link {
        match doc {
            Doc::Briefing(id) => self.briefing(id),
            Doc::Actor(id) => self.actor_link(id),
            Doc::Claim(id) => Link {
                text: self.site.claims()[id].text.clone(),
                href: self.claim_href(id),
                tlp: self.part_label(self.levels().claim(&self.site.claims()[id])),
            },
        }
    }

    pub fn source_link(&self, id: Id<Source>) -> Link {
        let source = &self.site.sources()[id];
        Link {
            text: source.title.clone(),
            href: self.to(&routes::source_address(&source.id)),
            tlp: self.part_label(self.levels().source(source)),
        }
    }

    /// Returns the address of a mark in its text.
    pub fn mark_href(&self, doc: Doc, mark: MarkNo) -> String {
        let anchor = &self.site.mark(doc, mark).anchor;
        self.anchored(&self.doc(doc).href, anchor)
    }

    /// Returns `href` with an anchor; on this page only the anchor, with the prefix of the chapter
    /// if the page has several.
    pub fn anchored(&self, href: &str, anchor: &str) -> String {
        if href.starts_with('#') {
            [href, ".", anchor].concat()
        } else if *href == *self.own {
            ["#", anchor].concat()
        } else {
            [href, "#", anchor].concat()
        }
    }

    /// Returns the id of an anchor of the current text on this page.
    pub fn id<'t>(&self, anchor: &'t str) -> Cow<'t, str> {
        match self.chapter {
            Some(id) => format!("{}.{anchor}", chapter_anchor(id)).into(),
            None => anchor.into(),
        }
    }

    pub fn entity_href(&self, entity: Entity) -> String {
        match entity {
            Entity::Actor(id) => self.actor(id).href.clone(),
            Entity::Claim(id) => self.claim_href(id),
            Entity::Source(id) => self.to(&routes::source_address(&self.site.sources()[id].id)),
            Entity::Briefing(id) => self.briefing_href(id),
        }
    }

    /// Returns a link for a target in a text.
    pub fn target(&self, target: &Target) -> crate::html::Link {
        let plain = |href: String, class| crate::html::Link {
            href,
            class,
            card: None,
            is_external: false,
            size: None,
        };
        match target {
            Target::Here(anchor) => plain(format!("#{}", self.id(anchor)), ""),
            Target::Url(url) => crate::html::Link {
                is_external: url.starts_with("//") || url.contains(':'),
                ..plain(url.to_string(), "")
            },
            Target::File { path, rest } => crate::html::Link {
                size: self.book.sizes.get(path).copied(),
                ..plain(format!("{}{rest}", self.to(path)), "")
            },
            Target::Elsewhere { entry, fragment } => {
                let elsewhere = &self.site.elsewhere()[*entry];
                let fragment = fragment.as_ref();
                let fragment = fragment.map_or_else(String::new, |it| format!("#{it}"));
                crate::html::Link {
                    is_external: true,
                    card: self.has_cards.then(|| elsewhere_card(elsewhere)),
                    ..plain(format!("{}{fragment}", elsewhere.address), "to-site")
                }
            }
            Target::Entity { entity, fragment } => {
                let href = self.entity_href(*entity);
                let href = match fragment {
                    Some(fragment) => self.anchored(&href, fragment),
                    None => href,
                };
                match entity {
                    Entity::Actor(id) => crate::html::Link {
                        card: self.actor(*id).card.clone(),
                        ..plain(href, "ent")
                    },
                    Entity::Claim(_) => plain(href, "to-claim"),
                    Entity::Source(_) => plain(href, "to-source"),
                    Entity::Briefing(_) => plain(href, ""),
                }
            }
        }
    }

    pub fn elsewhere(&self, id: Id<Elsewhere>) -> ElsewhereView {
        let entry = &self.site.elsewhere()[id];
        ElsewhereView {
            id: elsewhere_card(entry),
            kind: entry.kind.word(),
            title: entry.title.clone(),
            href: entry.address.clone(),
            site: entry.site_title.clone(),
            status: entry.status.clone(),
            signature: entry.signature.clone(),
        }
    }

    /// Returns a file of the book as an image.
    pub fn image(&self, path: &SitePath) -> ImageView {
        let size = self.book.sizes.get(path);
        ImageView {
            href: self.to(path),
            width: size.map(|size| size.width),
            height: size.map(|size| size.height),
        }
    }

    pub fn tag(&self, tag: &str) -> Link {
        Link {
            text: tag.to_string(),
            href: self.to_page(&format!("tags/{}.html", tag_slug(tag))),
            tlp: None,
        }
    }

    pub fn tags(&self, tags: &[String]) -> Vec<Link> {
        tags.iter().map(|tag| self.tag(tag)).collect()
    }

    pub fn country(&self, country: &Country) -> Link {
        match country {
            Country::Actor(id) => self.actor_link(*id),
            Country::Code(code) => Link {
                text: code.clone(),
                href: String::new(),
                tlp: None,
            },
        }
    }

    // Sources, events and passages.

    pub fn cites(&self, citations: &[Citation]) -> Vec<CiteView> {
        citations
            .iter()
            .map(|cited| {
                let source = &self.site.sources()[cited.source];
                let number = self.numbers.get(&cited.source).copied();
                CiteView {
                    tlp: self.part_label(self.levels().source(source)),
                    number,
                    title: source.title.clone(),
                    href: match number {
                        Some(_) => format!("#{}", source_anchor(&source.id)),
                        None => self.to(&routes::source_address(&source.id)),
                    },
                    original: source.url.clone(),
                    locator: cited.locator.clone(),
                    publisher: source.publisher.clone(),
                    label: match &source.publisher {
                        Some(publisher) => publisher.clone(),
                        None => shortened(&source.title, 48),
                    },
                }
            })
            .collect()
    }

    pub fn source(&self, id: Id<Source>) -> SourceLine {
        let source = &self.site.sources()[id];
        let uses = &self.facts.sources[id.index()];
        let number = self.numbers.get(&id).copied();
        SourceLine {
            tlp: self.part_label(self.levels().source(source)),
            id: source.id.clone(),
            number,
            anchor: number.map(|_| source_anchor(&source.id)),
            title: source.title.clone(),
            href: self.to(&routes::source_address(&source.id)),
            authors: self.actors(&source.authors),
            literal_authors: source.literal_authors.clone(),
            publisher: source.publisher.clone(),
            date: source.date.as_ref().map(|date| self.day(date)),
            kind: source.kind.clone(),
            url: source.url.clone(),
            archive: source.archive.clone(),
            retrieved: source.retrieved.as_ref().map(|date| self.day(date)),
            language: source.language.clone(),
            reliability: source.reliability.map(|letter| letter.to_string()),
            mode: source
                .mode
                .filter(|mode| *mode != Mode::OnRecord)
                .map(|mode| mode.word()),
            rests: uses.positions.len() + uses.events.len(),
        }
    }

    pub fn event(&self, id: Id<Event>) -> TimelineEntry {
        let event = &self.site.events()[id];
        let unknown = Day {
            iso: String::new(),
            words: "undated".into(),
        };
        TimelineEntry {
            date: event.on.as_ref().map_or(unknown, |on| self.day(on)),
            kind: "event",
            text: event.text.clone(),
            href: self.mark_href(event.doc, event.mark),
            who: self.actors(&event.who),
            position: None,
            claim: None,
            sources: Shared::new(self.cites(&event.sources)),
            parties: Vec::new(),
            gap: None,
            tlp: self.part_label(self.levels().event(event)),
        }
    }

    /// Returns the words of a mark in their sentence.
    pub fn mark_passage(&self, doc: Doc, mark: MarkNo) -> PassageView {
        let href = self.mark_href(doc, mark);
        match self.facts.passages(doc).mark(mark) {
            Some(passage) => {
                let section = passage.section.as_deref();
                let words = passage.words.clone();
                self.passage((doc, passage.tlp), section, href, &passage.sentence, words)
            }
            None => {
                let mark = self.site.mark(doc, mark);
                self.passage((doc, mark.tlp), None, href, &mark.words, 0..0)
            }
        }
    }

    pub fn mention(&self, mention: &crate::derive::Mention) -> PassageView {
        let page = &self.doc(mention.doc).href;
        let href = match (mention.mark, &mention.section) {
            (Some(mark), _) => self.mark_href(mention.doc, mark),
            (None, Some(section)) => self.anchored(page, &section.anchor),
            (None, None) => page.clone(),
        };
        let section = mention.section.as_deref();
        let (sentence, words) = (&mention.sentence, mention.words.clone());
        self.passage((mention.doc, mention.tlp), section, href, sentence, words)
    }

    /// Returns words next to those of a passage. Its names are plain text here, so in a page from
    /// left to right they are between isolates.
    pub fn around(&self, words: &str) -> String {
        match self.book.config.direction().word() {
            "ltr" => isolated_runs(words).into_owned(),
            _ => words.to_owned(),
        }
    }

    /// Returns a passage of a document with its own level.
    fn passage(
        &self,
        (doc, tlp): (Doc, Option<Tlp>),
        section: Option<&crate::derive::Section>,
        href: String,
        sentence: &str,
        words: std::ops::Range<usize>,
    ) -> PassageView {
        let page = self.doc(doc);
        let part = |range: std::ops::Range<usize>| sentence.get(range).unwrap_or("").to_string();
        let around = |range| self.around(&part(range));
        PassageView {
            section: section.map(|section| Link {
                text: section.heading.clone(),
                href: self.anchored(&page.href, &section.anchor),
                tlp: None,
            }),
            tlp: self.part_label(self.levels().part(doc, tlp)),
            page,
            href,
            before: around(0..words.start),
            words: part(words.clone()),
            after: around(words.end..sentence.len()),
        }
    }
}

/// Returns the level of the subject of a page, else that of the book.
fn base_level(book: &Book<'_>, route: &Route) -> Option<Tlp> {
    let (site, levels) = (book.site, Levels::new(book.site, book.config));
    match route.profile().subject {
        Some(Subject::Briefing(id)) => levels.briefing(&site.briefings()[id]),
        Some(Subject::Actor(id)) => levels.actor(&site.actors()[id]),
        Some(Subject::Claim(id)) => levels.claim(&site.claims()[id]),
        Some(Subject::Source(id)) => levels.source(&site.sources()[id]),
        Some(Subject::Tag(_)) => levels.book(),
        None => {
            let home = book.facts.home.filter(|_| *route == Route::Home);
            home.map_or(levels.book(), |id| levels.briefing(&site.briefings()[id]))
        }
    }
}

/// Returns the address of `path` as written on the page `here`.
fn seen_from(book: &Book<'_>, route: &Route, here: &SitePath, path: &SitePath) -> String {
    if *route != Route::NotFound {
        return path.seen_from(here);
    }
    // This page can be served at any address, so its links begin at the root if that is known.
    match base(book) {
        Some(base) => format!("{base}{}", path.address()),
        None => path.address(),
    }
}

/// Returns the path of `site-url`, with a final slash.
pub(super) fn base(book: &Book<'_>) -> Option<String> {
    let url = book.config.site_url.as_deref()?;
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => url,
    };
    Some(format!("{}/", path.trim_end_matches('/')))
}

/// Returns the id of the hover card for an entry of another site. No actor's id has a colon.
pub fn elsewhere_card(entry: &Elsewhere) -> String {
    format!(
        "card.{}:{}:{}",
        entry.site,
        entry.kind.word(),
        slug(&entry.id)
    )
}

/// Returns the anchor of a source in the list of a page.
pub fn source_anchor(id: &str) -> String {
    format!("s.{id}")
}

/// Returns the anchor of a briefing on the print page. The part after its dot is an anchor of the
/// briefing; since the number ends at the dot, anchors are unique.
pub fn chapter_anchor(id: Id<Briefing>) -> String {
    format!("b{}", id.index() + 1)
}

/// Returns at most `most` characters, cut at a word, with an ellipsis. Not for quotations, because
/// the ellipsis is not part of them.
pub fn shortened(text: &str, most: usize) -> String {
    let text = crate::text::one_line(text);
    match crate::text::excerpt(&text, most) {
        Some(_) => {
            let cut = crate::text::excerpt(&text, most - 1).unwrap_or(&text);
            format!("{}…", cut.trim_end_matches('.'))
        }
        None => text.into_owned(),
    }
}
