//! The view from one page: links, dates and parts, as they read from its address.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::facts::Facts;
use super::parts::*;
use super::routes::{self, Part};
use super::{Book, MovedAnchor, Route};
use crate::model::{
    Actor, Briefing, Citation, Claim, Country, Dialect, Doc, Entity, Event, Id, MarkNo, Mode,
    PartialDate, Site, Source, Target,
};
use crate::text::SitePath;

/// Everything that a page is made of, seen from where it stands.
pub struct At<'a> {
    pub book: &'a Book<'a>,
    pub site: &'a Site,
    pub facts: &'a Facts,
    here: &'a SitePath,
    route: &'a Route,
    /// Which part of its lists this page shows.
    pub part: Part,
    /// Numbers of cited sources, on pages that number them.
    pub numbers: Arc<BTreeMap<Id<Source>, usize>>,
    /// Whether actors have cards on this page.
    pub has_cards: bool,
    /// The briefing whose text is in hand, on the page of the whole book.
    pub chapter: Option<Id<Briefing>>,
}

impl<'a> At<'a> {
    pub fn new(book: &'a Book<'a>, here: &'a SitePath, route: &'a Route, part: Part) -> At<'a> {
        At {
            book,
            site: book.site,
            facts: book.facts,
            here,
            route,
            part,
            numbers: Arc::default(),
            has_cards: false,
            chapter: None,
        }
    }

    /// The same view, to give it numbers and cards of its own.
    pub fn sharing(&self) -> At<'a> {
        At {
            numbers: Arc::default(),
            has_cards: false,
            chapter: None,
            ..*self
        }
    }

    /// The address of `path` as seen from here.
    pub fn to(&self, path: &SitePath) -> String {
        match self.route {
            // This page may be served at any address, so its links begin at the root if that is known.
            Route::NotFound => match self.base() {
                Some(base) => format!("{base}{}", path.address()),
                None => path.address(),
            },
            _ => path.seen_from(self.here),
        }
    }

    /// The path part of `site-url`, with its slash.
    fn base(&self) -> Option<String> {
        let url = self.book.config.site_url.as_deref()?;
        let path = match url.split_once("://") {
            Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
            None => url,
        };
        Some(format!("{}/", path.trim_end_matches('/')))
    }

    pub fn to_page(&self, page: &str) -> String {
        self.to(&routes::path(page))
    }

    // Heads.

    pub fn head(&self, title: &str, description: &str) -> PageHead {
        let kind = match self.route {
            _ if self.is_plain() && !matches!(self.route, Route::Moved(_)) => "chapter",
            Route::Home => "home",
            Route::Briefing(_) => "briefing",
            Route::Actor(_) => "actor",
            Route::Actors => "actors",
            Route::Claim(_) => "claim",
            Route::Claims => "claims",
            Route::Source(_) => "source",
            Route::Sources => "sources",
            Route::Timeline => "timeline",
            Route::Network => "network",
            Route::Print => "print",
            Route::Tag(_) => "tag",
            Route::Tags => "tags",
            Route::NotFound => "not-found",
            Route::Redirect(_) | Route::Moved(_) => "redirect",
            Route::Chapter(_) | Route::Contents => "chapter",
        };
        let url = self
            .book
            .config
            .site_url
            .as_deref()
            .filter(|url| url.contains("://"));
        let site = self.site;
        let own = match self.route {
            Route::Home => self.facts.home.and_then(|id| site.briefings()[id].tlp),
            Route::Briefing(id) | Route::Redirect(id) => site.briefings()[*id].tlp,
            Route::Actor(id) => site.actors()[*id].tlp,
            Route::Claim(id) => site.claims()[*id].tlp,
            Route::Source(id) => site.sources()[*id].tlp,
            Route::Actors
            | Route::Claims
            | Route::Sources
            | Route::Timeline
            | Route::Network
            | Route::Print
            | Route::Tag(_)
            | Route::Tags
            | Route::Chapter(_)
            | Route::Contents
            | Route::Moved(_)
            | Route::NotFound => None,
        };
        let tlp = own.or(self.book.config.tlp);
        let title = match self.part {
            Part { number: 0, .. } => title.to_string(),
            Part { number, of } => format!("{title}, page {} of {of}", number + 1),
        };
        PageHead {
            tlp: tlp.map(|tlp| format!("TLP:{}", tlp.word().to_uppercase())),
            kind,
            main: if kind == "chapter" { "ws-main" } else { "main" },
            title,
            pager: self.pager(),
            description: shortened(description, 200),
            canonical: url
                .map(|url| format!("{}/{}", url.trim_end_matches('/'), self.here.address())),
        }
    }

    /// The way to the other parts of a long list.
    fn pager(&self) -> Option<Pager> {
        let Part { number, of } = self.part;
        let first = match number {
            0 => self.here.clone(),
            _ => {
                let end = format!("_{}.html", number + 1);
                let stem = self.here.as_str().trim_end_matches(end.as_str());
                routes::path(&format!("{stem}.html"))
            }
        };
        let link = |number: usize| Link {
            text: (number + 1).to_string(),
            href: self.to(&routes::part_address(&first, number)),
        };
        // The first, the last, and those around this one.
        let is_near = |other: &usize| *other == 0 || *other + 1 == of || other.abs_diff(number) < 3;
        (of > 1).then(|| Pager {
            current: number + 1,
            of,
            previous: number.checked_sub(1).map(link),
            next: (number + 1 < of).then(|| link(number + 1)),
            near: (0..of).filter(is_near).map(link).collect(),
        })
    }

    pub fn site_head(&self) -> SiteHead {
        let config = self.book.config;
        let root = self.to_page("index.html");
        let root = root.trim_end_matches("index.html").to_string();
        SiteHead {
            title: self.site_title(),
            description: config.description.clone(),
            language: config.language.clone(),
            direction: config.direction().word(),
            home: format!("{root}index.html"),
            root,
            nav: self.nav(),
            contact: config.contact.clone(),
            print: routes::has_print(config, self.site.briefings().len())
                .then(|| self.to_page("print.html")),
            footer: config.footer.clone(),
            styles: self.book.styles.iter().map(|file| self.to(file)).collect(),
            scripts: self.book.scripts.iter().map(|file| self.to(file)).collect(),
            repository: config.git_repository_url.clone(),
            as_of: self
                .facts
                .standings
                .as_of()
                .map(|day| self.day(&PartialDate::on(day))),
        }
    }

    pub fn site_title(&self) -> String {
        let title = self.book.config.title.clone();
        title.unwrap_or_else(|| match self.site.dialect() {
            Dialect::Annotated => "Briefings".into(),
            Dialect::Plain => "Contents".into(),
        })
    }

    /// Whether the book is one for mdBook alone.
    pub fn is_plain(&self) -> bool {
        self.site.dialect() == Dialect::Plain
    }

    /// Where an address leads that `book.toml` gives for one that has moved. What is written from
    /// the root of the site is led from this page, so that the site works below any folder.
    pub fn moved(&self, to: &str) -> String {
        let base = self.base();
        let path = base.as_deref().and_then(|base| to.strip_prefix(base));
        let path = path.or_else(|| to.strip_prefix('/').filter(|rest| !rest.starts_with('/')));
        let Some(path) = path else {
            return to.to_owned();
        };
        let end = path.find(['?', '#']).unwrap_or(path.len());
        let (path, rest) = path.split_at(end);
        let page = match path.is_empty() || path.ends_with('/') {
            true => SitePath::new(&format!("{path}index.html")),
            false => SitePath::new(path),
        };
        match page {
            Ok(page) => format!("{}{rest}", self.to(&page)),
            Err(_) => to.to_owned(),
        }
    }

    /// The anchors of this page that have moved.
    pub fn moved_anchors(&self) -> Vec<MovedAnchor> {
        let redirect = &self.book.config.redirect;
        let moved = redirect.get(self.here).into_iter();
        let anchors = moved.flat_map(|moved| &moved.anchors);
        let anchors = anchors.map(|(anchor, to)| MovedAnchor {
            anchor: anchor.clone(),
            href: self.moved(to),
            to: to.clone(),
        });
        anchors.collect()
    }

    /// An address of raw HTML in the text of `file`, as it reads on this page.
    pub fn rebased(&self, file: &SitePath, address: &str) -> Option<String> {
        let home = file.parent().unwrap_or("");
        let here = self.here.parent().unwrap_or("");
        let is_fixed = address.is_empty()
            || address.starts_with(['/', '#', '?'])
            || address.split(['/', '?', '#']).next()?.contains(':');
        if home == here || is_fixed {
            return None;
        }
        let end = address.find(['?', '#']).unwrap_or(address.len());
        let (path, rest) = address.split_at(end);
        let path = file.sibling(path).ok()?;
        Some(format!("{}{rest}", self.to(&path)))
    }

    fn nav(&self) -> Vec<NavItem> {
        if self.is_plain() {
            return vec![NavItem {
                label: "Contents",
                href: self.to_page(routes::CONTENTS),
                is_current: *self.route == Route::Contents,
            }];
        }
        let entries: [(&'static str, &str, bool); 6] = [
            (
                "Briefings",
                "index.html",
                matches!(self.route, Route::Home | Route::Briefing(_)),
            ),
            (
                "Actors",
                "actors/index.html",
                matches!(self.route, Route::Actor(_) | Route::Actors),
            ),
            (
                "Claims",
                "claims/index.html",
                matches!(self.route, Route::Claim(_) | Route::Claims),
            ),
            ("Timeline", "timeline.html", *self.route == Route::Timeline),
            ("Network", "network.html", *self.route == Route::Network),
            (
                "Sources",
                "sources/index.html",
                matches!(self.route, Route::Source(_) | Route::Sources),
            ),
        ];
        let item = |(label, page, is_current)| NavItem {
            label,
            href: self.to_page(page),
            is_current,
        };
        entries.into_iter().map(item).collect()
    }

    // Links.

    /// Where a briefing can be edited: `edit-url-template` with its file for `{path}`.
    pub fn edit(&self, briefing: &Briefing) -> Option<String> {
        let template = self.book.config.edit_url_template.as_deref()?;
        Some(template.replace("{path}", &briefing.file.address()))
    }

    pub fn day(&self, date: &PartialDate) -> Day {
        Day {
            iso: date.machine(),
            words: date.in_words(),
        }
    }

    pub fn actor(&self, id: Id<Actor>) -> ActorLink {
        let actor = &self.site.actors()[id];
        ActorLink {
            id: actor.id.clone(),
            name: actor.name.clone(),
            href: self.to(&routes::actor_address(&actor.id)),
            kind: actor.kind.word(),
            kind_words: actor.kind.word().replace('-', " "),
            card: self.has_cards.then(|| format!("card.{}", actor.id)),
        }
    }

    pub fn actors(&self, ids: &[Id<Actor>]) -> Vec<ActorLink> {
        ids.iter().map(|id| self.actor(*id)).collect()
    }

    pub fn briefing(&self, id: Id<Briefing>) -> Link {
        let briefing = &self.site.briefings()[id];
        Link {
            text: briefing.title.clone(),
            href: match self.route {
                Route::Print => format!("#{}", chapter_anchor(id)),
                _ => self.to(&briefing.address),
            },
        }
    }

    pub fn claim_href(&self, id: Id<Claim>) -> String {
        self.to(&routes::claim_address(&self.site.claims()[id].id))
    }

    /// The page of a document.
    pub fn doc(&self, doc: Doc) -> Link {
        match doc {
            Doc::Briefing(id) => self.briefing(id),
            Doc::Actor(id) => {
                let ActorLink { name, href, .. } = self.actor(id);
                Link { text: name, href }
            }
            Doc::Claim(id) => Link {
                text: self.site.claims()[id].text.clone(),
                href: self.claim_href(id),
            },
        }
    }

    pub fn source_link(&self, id: Id<Source>) -> Link {
        let source = &self.site.sources()[id];
        Link {
            text: source.title.clone(),
            href: self.to(&routes::source_address(&source.id)),
        }
    }

    /// A mark in its text.
    pub fn mark_href(&self, doc: Doc, mark: MarkNo) -> String {
        let anchor = &self.site.mark(doc, mark).anchor;
        self.anchored(&self.doc(doc).href, anchor)
    }

    /// `href` with an anchor; on this very page the anchor alone, and behind the chapter's where
    /// the page holds several.
    pub fn anchored(&self, href: &str, anchor: &str) -> String {
        if href.starts_with('#') {
            format!("{href}.{anchor}")
        } else if href == self.to(self.here) {
            format!("#{anchor}")
        } else {
            format!("{href}#{anchor}")
        }
    }

    /// The id that an anchor of the text in hand has on this page.
    pub fn id<'t>(&self, anchor: &'t str) -> Cow<'t, str> {
        match self.chapter {
            Some(id) => format!("{}.{anchor}", chapter_anchor(id)).into(),
            None => anchor.into(),
        }
    }

    pub fn entity_href(&self, entity: Entity) -> String {
        match entity {
            Entity::Actor(id) => self.to(&routes::actor_address(&self.site.actors()[id].id)),
            Entity::Claim(id) => self.claim_href(id),
            Entity::Source(id) => self.to(&routes::source_address(&self.site.sources()[id].id)),
            Entity::Briefing(id) => self.briefing(id).href,
        }
    }

    /// A target of a text as a link of this page.
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
            Target::Entity { entity, fragment } => {
                let href = self.entity_href(*entity);
                let href = match fragment {
                    Some(fragment) => self.anchored(&href, fragment),
                    None => href,
                };
                match entity {
                    Entity::Actor(id) => crate::html::Link {
                        card: self.actor(*id).card,
                        ..plain(href, "ent")
                    },
                    Entity::Claim(_) => plain(href, "to-claim"),
                    Entity::Source(_) => plain(href, "to-source"),
                    Entity::Briefing(_) => plain(href, ""),
                }
            }
        }
    }

    /// A file of the book as an image.
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
            href: self.to_page(&format!("tags/{}.html", routes::tag_slug(tag))),
        }
    }

    pub fn tags(&self, tags: &[String]) -> Vec<Link> {
        tags.iter().map(|tag| self.tag(tag)).collect()
    }

    pub fn country(&self, country: &Country) -> Link {
        match country {
            Country::Actor(id) => {
                let ActorLink { name, href, .. } = self.actor(*id);
                Link { text: name, href }
            }
            Country::Code(code) => Link {
                text: code.clone(),
                href: String::new(),
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
                    number,
                    title: source.title.clone(),
                    href: match number {
                        Some(_) => format!("#{}", source_anchor(&source.id)),
                        None => self.to(&routes::source_address(&source.id)),
                    },
                    original: source.url.clone(),
                    locator: cited.locator.clone(),
                    publisher: source.publisher.clone(),
                }
            })
            .collect()
    }

    pub fn source(&self, id: Id<Source>) -> SourceLine {
        let source = &self.site.sources()[id];
        let uses = &self.facts.sources[id.index()];
        let number = self.numbers.get(&id).copied();
        SourceLine {
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
            sources: self.cites(&event.sources),
            parties: Vec::new(),
            gap: None,
        }
    }

    /// The words of a mark in their sentence.
    pub fn mark_passage(&self, doc: Doc, mark: MarkNo) -> PassageView {
        let href = self.mark_href(doc, mark);
        match self.facts.passages(doc).mark(mark) {
            Some(passage) => {
                let section = passage.section.as_deref();
                self.passage(doc, section, href, &passage.sentence, passage.words.clone())
            }
            None => self.passage(doc, None, href, &self.site.mark(doc, mark).words, 0..0),
        }
    }

    pub fn mention(&self, mention: &crate::derive::Mention) -> PassageView {
        let page = self.doc(mention.doc).href;
        let href = match (mention.mark, &mention.section) {
            (Some(mark), _) => self.mark_href(mention.doc, mark),
            (None, Some(section)) => self.anchored(&page, &section.anchor),
            (None, None) => page,
        };
        let section = mention.section.as_deref();
        self.passage(
            mention.doc,
            section,
            href,
            &mention.sentence,
            mention.words.clone(),
        )
    }

    fn passage(
        &self,
        doc: Doc,
        section: Option<&crate::derive::Section>,
        href: String,
        sentence: &str,
        words: std::ops::Range<usize>,
    ) -> PassageView {
        let page = self.doc(doc);
        let part = |range: std::ops::Range<usize>| sentence.get(range).unwrap_or("").to_string();
        PassageView {
            section: section.map(|section| Link {
                text: section.heading.clone(),
                href: self.anchored(&page.href, &section.anchor),
            }),
            page,
            href,
            before: part(0..words.start),
            words: part(words.clone()),
            after: part(words.end..sentence.len()),
        }
    }
}

/// The anchor of a source in the list of a page.
pub fn source_anchor(id: &str) -> String {
    format!("s.{id}")
}

/// The anchor of a briefing on the page of the whole book. What follows its dot is an anchor of
/// the briefing, and since the number ends at the dot, no two can be alike.
pub fn chapter_anchor(id: Id<Briefing>) -> String {
    format!("b{}", id.index() + 1)
}

/// At most `most` characters, cut at a word.
pub fn shortened(text: &str, most: usize) -> String {
    let text = crate::text::one_line(text);
    if text.chars().count() <= most {
        return text.into_owned();
    }
    let cut: String = text.chars().take(most - 1).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', ';', ':', '.']))
}
