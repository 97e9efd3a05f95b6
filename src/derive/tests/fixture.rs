//! Small sites for the tests of `derive` and `check`.

use crate::model::*;
use crate::text::{Place, SitePath, SourceMap, Span};

/// A site under construction.
pub(crate) struct Book {
    pub parts: SiteParts,
    marks: u32,
}

/// A text under construction, built mark by mark.
pub(crate) struct Writer {
    body: Body<Target>,
    at: usize,
    headings: Vec<Heading>,
}

pub(crate) fn date(text: &str) -> PartialDate {
    PartialDate::parse(text).expect("a date in a test")
}

pub(crate) fn day(text: &str) -> jiff::civil::Date {
    date(text).first_day()
}

impl Book {
    /// A book with one empty page and the unnamed actor.
    pub fn new() -> Book {
        let mut book = Book {
            parts: SiteParts::default(),
            marks: 0,
        };
        book.page("page", Writer::new());
        book
    }

    pub fn page(&mut self, id: &str, text: Writer) -> Id<Briefing> {
        let file = path(&format!("{id}.md"));
        self.parts.briefings.admit(Briefing {
            id: id.into(),
            file: file.clone(),
            address: file.with_extension("html"),
            title: id.into(),
            subtitle: None,
            summary: None,
            date: None,
            updated: None,
            as_of: None,
            authors: Vec::new(),
            tags: Vec::new(),
            is_draft: false,
            aliases: Vec::new(),
            question: None,
            event: None,
            corrections: Vec::new(),
            tlp: None,
            extra: Extra::new(),
            prose: text.prose(),
            place: Place::whole(&file),
        })
    }

    pub fn first_page(&self) -> Id<Briefing> {
        self.parts
            .briefings
            .ids()
            .next()
            .expect("a book has a page")
    }

    pub fn actor(&mut self, id: &str) -> Id<Actor> {
        self.parts.actors.admit(Actor {
            id: id.into(),
            name: id.to_uppercase(),
            kind: ActorKind::Organization,
            aliases: Vec::new(),
            named_by: Vec::new(),
            summary: None,
            part_of: None,
            member_of: Vec::new(),
            speaks_for: Vec::new(),
            country: None,
            from: None,
            to: None,
            legal_status: None,
            legal_status_sources: Vec::new(),
            wikidata: None,
            attack_id: None,
            stix_id: None,
            url: None,
            also_on: Vec::new(),
            image: None,
            tlp: None,
            extra: Extra::new(),
            prose: Prose::empty(&SourceMap::new(&path("page.md"))),
            place: place(&format!("actors/{id}.md")),
            is_unnamed: id == "unnamed",
        })
    }

    pub fn actor_of(&mut self, id: &str, parent: Id<Actor>) -> Id<Actor> {
        let actor = self.actor(id);
        self.parts.actors.get_mut(actor).part_of = Some(parent);
        actor
    }

    pub fn claim(&mut self, id: &str, against: &[Id<Actor>]) -> Id<Claim> {
        self.parts.claims.admit(Claim {
            id: id.into(),
            text: String::new(),
            kind: None,
            about: Vec::new(),
            against: against.to_vec(),
            event: None,
            supports: Vec::new(),
            contradicts: Vec::new(),
            part: Vec::new(),
            relation: None,
            tags: Vec::new(),
            tlp: None,
            extra: Extra::new(),
            prose: Prose::empty(&SourceMap::new(&path("page.md"))),
            place: place(&format!("claims/{id}.md")),
            positions: Vec::new(),
            withheld_replies: Vec::new(),
            appearances: Vec::new(),
        })
    }

    pub fn source(&mut self, id: &str, based_on: &[Id<Source>]) -> Id<Source> {
        self.parts.sources.admit(Source {
            id: id.into(),
            title: id.into(),
            authors: Vec::new(),
            literal_authors: Vec::new(),
            publisher: None,
            date: None,
            url: None,
            archive: None,
            retrieved: None,
            sha256: None,
            kind: None,
            language: None,
            reliability: None,
            mode: None,
            based_on: based_on.to_vec(),
            tlp: None,
            extra: Extra::new(),
            kept: Body::empty(),
            map: SourceMap::new(&path("page.md")),
            kept_words: String::new(),
            place: place(&format!("sources/{id}.md")),
        })
    }

    pub fn event(&mut self, id: &str, on: &str, who: &[Id<Actor>]) -> Id<Event> {
        let (doc, mark) = (Doc::Briefing(self.first_page()), self.next_mark());
        self.parts.events.admit(Event {
            id: id.into(),
            text: id.into(),
            on: Some(date(on)),
            who: who.to_vec(),
            sources: Vec::new(),
            doc,
            mark,
            place: spot(mark),
        })
    }

    /// Adds the position of one party in its own mark; `on` can be empty.
    pub fn say(
        &mut self,
        claim: Id<Claim>,
        by: Id<Actor>,
        stance: Stance,
        on: &str,
    ) -> &mut Position {
        self.say_together(claim, &[by], stance, on);
        let positions = &mut self.parts.claims.get_mut(claim).positions;
        positions.last_mut().expect("it was just said")
    }

    /// Adds a position of several parties in one mark.
    pub fn say_together(&mut self, claim: Id<Claim>, by: &[Id<Actor>], stance: Stance, on: &str) {
        let (doc, mark) = (Doc::Briefing(self.first_page()), self.next_mark());
        for by in by {
            let position = Position {
                by: *by,
                stance,
                on: (!on.is_empty()).then(|| date(on)),
                sources: Vec::new(),
                words: "the marked words".into(),
                verbatim_place: spot(mark),
                quote: false,
                orig: None,
                lang: None,
                voice: None,
                confidence: None,
                likelihood: None,
                is_cited: false,
                grade: None,
                basis: None,
                mode: Mode::OnRecord,
                joint: None,
                with: None,
                said_by: Vec::new(),
                asked: None,
                by_date: None,
                via: None,
                note: None,
                extra: Vec::new(),
                tlp: None,
                doc,
                mark,
                place: spot(mark),
            };
            self.parts.claims.get_mut(claim).positions.push(position);
        }
    }

    /// Returns the site, with the positions in the order that `link` gives them.
    pub fn site(&self) -> Site {
        let mut parts = self.parts.clone();
        let claims: Vec<_> = parts.claims.ids().collect();
        for claim in claims {
            let positions = &mut parts.claims.get_mut(claim).positions;
            positions.sort_by_key(|p| (p.on.map(|on| on.first_day()), p.doc, p.mark));
        }
        Site::new(parts)
    }

    fn next_mark(&mut self) -> MarkNo {
        self.marks += 1;
        MarkNo(self.marks - 1)
    }
}

impl Position {
    /// Sets the sources of the position.
    pub(crate) fn from(&mut self, sources: &[Id<Source>]) -> &mut Position {
        self.sources = sources
            .iter()
            .map(|source| Citation {
                source: *source,
                locator: String::new(),
            })
            .collect();
        self
    }

    /// Sets the tag of a joint position.
    pub(crate) fn jointly(&mut self, joint: &str) -> &mut Position {
        self.joint = Some(joint.into());
        self
    }
}

impl Writer {
    pub fn new() -> Writer {
        Writer {
            body: Body::empty(),
            at: 0,
            headings: Vec::new(),
        }
    }

    /// Adds a paragraph of plain text.
    pub fn paragraph(self, text: &str) -> Writer {
        self.open(Tag::Paragraph).text(text).close()
    }

    pub fn heading(mut self, text: &str, anchor: &str) -> Writer {
        self.headings.push(Heading {
            level: 2,
            text: text.into(),
            anchor: anchor.into(),
            span: Span::default(),
            tlp: None,
        });
        self.open(Tag::Heading(Box::new(HeadingStart {
            level: 2,
            anchor: anchor.into(),
            classes: Vec::new(),
        })))
        .text(text)
        .close()
    }

    pub fn mention(self, entity: Entity, text: &str) -> Writer {
        let to = Target::Entity {
            entity,
            fragment: None,
        };
        self.open(Tag::Mention(Box::new(to))).text(text).close()
    }

    pub fn mark(self, no: u32, text: &str) -> Writer {
        self.open(Tag::Mark(MarkNo(no))).text(text).close()
    }

    pub fn cite(self, source: Id<Source>) -> Writer {
        let key = Target::Entity {
            entity: Entity::Source(source),
            fragment: None,
        };
        let cited = CiteItem {
            key,
            prefix: "".into(),
            locator: "".into(),
            suppress_author: false,
        };
        self.node(Node::Cite(Box::new([cited])))
    }

    pub fn open(self, tag: Tag<Target>) -> Writer {
        self.node(Node::Start(tag))
    }

    pub fn close(self) -> Writer {
        self.node(Node::End)
    }

    pub fn node(mut self, node: Node<Target>) -> Writer {
        let span = Span::new(self.at..self.at);
        self.body.items.push(Item { node, span });
        self
    }

    /// Adds text whose span covers exactly its bytes.
    pub fn text(mut self, text: &str) -> Writer {
        self.body.items.push(Item {
            node: Node::Text(text.into()),
            span: Span::new(self.at..self.at + text.len()),
        });
        self.at += text.len();
        self
    }

    fn prose(self) -> Prose {
        let marks = self.body.items.iter().filter_map(|item| match &item.node {
            Node::Start(Tag::Mark(no)) => Some(no.0),
            _ => None,
        });
        let count = marks.max().map_or(0, |most| most + 1);
        let mark = |no| Mark {
            role: MarkRole::Position {
                stance: Stance::Claims,
                claims: Vec::new(),
                by: Vec::new(),
            },
            anchor: format!("m-{no}"),
            words: String::new(),
            whole_quote: false,
            lang: None,
            continues: false,
            span: Span::default(),
            tlp: None,
        };
        Prose {
            body: self.body,
            marks: (0..count).map(mark).collect(),
            headings: self.headings,
            map: SourceMap::new(&path("page.md")),
        }
    }
}

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path in a test")
}

fn place(file: &str) -> Place {
    Place::whole(&path(file))
}

/// Returns the place of the mark `no`: every mark gets ten bytes of the page.
fn spot(no: MarkNo) -> Place {
    let start = no.0 as usize * 10;
    SourceMap::new(&path("page.md")).place(Span::new(start..start + 9))
}
