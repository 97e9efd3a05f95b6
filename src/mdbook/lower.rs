//! Converts an annotated text for plain mdBook: annotations become links and footnotes, and every
//! other byte is unchanged.

use std::ops::Range;

use super::words::{Shelf, begun, plain};
use crate::model::{
    Body, CiteItem, Doc, Entity, Item, Mark, MarkNo, MarkRole, Node, Prose, Tag, Target,
};
use crate::parse::attrs::{self, PieceKind};
use crate::text::SitePath;

/// A document: its source, and its linked text.
pub(super) struct Written<'a> {
    pub text: &'a str,
    /// The end of the front matter.
    pub body_at: usize,
    pub doc: Doc,
    /// Its chapter.
    pub here: &'a SitePath,
}

/// Returns the document without annotations, with footnotes at its end.
pub(super) fn lowered(shelf: &Shelf<'_>, written: &Written<'_>) -> String {
    let prose = shelf.site.prose(written.doc);
    let mut writer = Writer {
        shelf,
        written,
        prose,
        splices: Vec::new(),
        notes: Vec::new(),
        headings: 0,
    };
    writer.read(&prose.body);
    writer.written()
}

struct Writer<'a> {
    shelf: &'a Shelf<'a>,
    written: &'a Written<'a>,
    prose: &'a Prose,
    /// The replacements of byte ranges.
    splices: Vec<(Range<usize>, String)>,
    notes: Vec<String>,
    /// The number of open headings: a footnote in one would also be in the table of contents.
    headings: usize,
}

impl Writer<'_> {
    fn written(mut self) -> String {
        let text = self.written.text;
        let mut lowered = String::with_capacity(text.len());
        let mut from = self.written.body_at;
        // A title that is only in the front matter would be lost.
        if let Doc::Briefing(id) = self.written.doc
            && from > 0
            && !self.prose.headings.iter().any(|heading| heading.level == 1)
        {
            let title = &self.shelf.site.briefings()[id].title;
            lowered.push_str(&format!("# {}\n\n", plain(title)));
        }
        self.splices
            .sort_by_key(|(range, _)| (range.start, range.end));
        for (range, words) in self.splices {
            // Overlapping ranges are not replaced.
            if range.start < from || text.get(range.clone()).is_none() {
                continue;
            }
            lowered.push_str(&text[from..range.start]);
            lowered.push_str(&words);
            from = range.end;
        }
        lowered.push_str(&text[from..]);
        if !self.notes.is_empty() {
            if !lowered.ends_with('\n') {
                lowered.push('\n');
            }
            for (number, note) in self.notes.iter().enumerate() {
                lowered.push_str(&format!("\n[^whosaid-{}]: {note}\n", number + 1));
            }
        }
        lowered
    }

    fn read(&mut self, body: &Body<Target>) {
        let mut open: Vec<usize> = Vec::new();
        for (at, item) in body.items.iter().enumerate() {
            match &item.node {
                Node::Start(tag) => {
                    open.push(at);
                    if let Tag::Heading(_) = tag {
                        self.headings += 1;
                        self.heading(item.span.range());
                    } else if let Tag::Mention(to) = tag {
                        self.mention(to, body, at);
                    } else if let Tag::Image(image) = tag {
                        self.embed(&image.to, item.span.range());
                    }
                }
                Node::End => {
                    let Some(start) = open.pop() else {
                        continue;
                    };
                    match &body.items[start].node {
                        Node::Start(Tag::Heading(_)) => {
                            self.headings = self.headings.saturating_sub(1);
                        }
                        Node::Start(Tag::Mark(no)) => self.mark(*no, body, start, item),
                        Node::Start(Tag::Span(span)) => {
                            let start = body.items[start].span.range();
                            self.span(span.id.as_deref(), &span.classes, start, item.span.range());
                        }
                        Node::Start(_)
                        | Node::End
                        | Node::Text(_)
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
                Node::Cite(cited) => self.cite(cited, item.span.range()),
                Node::Text(_)
                | Node::Code(_)
                | Node::Html(_)
                | Node::SoftBreak
                | Node::HardBreak
                | Node::Rule
                | Node::Footnote(_)
                | Node::Task(_) => {}
            }
        }
    }

    fn splice(&mut self, range: Range<usize>, words: impl Into<String>) {
        self.splices.push((range, words.into()));
    }

    /// Returns a reference to a new footnote.
    fn note(&mut self, note: String) -> String {
        self.notes.push(note);
        format!("[^whosaid-{}]", self.notes.len())
    }

    /// Returns the relative address of a target; `None` if a text cannot link to it.
    fn address(&self, to: &Target) -> Option<String> {
        let here = self.written.here;
        let hash = |fragment: &Option<Box<str>>| {
            fragment
                .as_ref()
                .map_or_else(String::new, |it| format!("#{it}"))
        };
        match to {
            Target::Entity { entity, fragment } => {
                if let Entity::Actor(id) = entity
                    && self.shelf.site.actors()[*id].is_unnamed
                {
                    return None;
                }
                let path = self.shelf.chapter(*entity);
                Some(format!("{}{}", path.seen_from(here), hash(fragment)))
            }
            Target::Elsewhere { entry, fragment } => {
                let address = &self.shelf.site.elsewhere()[*entry].address;
                Some(format!("{address}{}", hash(fragment)))
            }
            Target::File { path, rest } => Some(format!("{}{rest}", path.seen_from(here))),
            Target::Here(anchor) => Some(format!("#{anchor}")),
            Target::Url(url) => Some(url.to_string()),
        }
    }

    /// Replaces `[[name]]`, or an automatic mention.
    fn mention(&mut self, to: &Target, body: &Body<Target>, at: usize) {
        let range = body.items[at].span.range();
        let written = self.written.text.get(range.clone()).unwrap_or("");
        let shown = match written
            .strip_prefix("[[")
            .and_then(|it| it.strip_suffix("]]"))
        {
            Some(inside) => match inside.split_once('|') {
                Some((_, own)) if !own.trim().is_empty() => own.to_owned(),
                _ => match body.items.get(at + 1).map(|item| &item.node) {
                    Some(Node::Text(shown)) => plain(shown),
                    _ => return,
                },
            },
            // A Markdown link stays.
            None if written.starts_with(['[', '<']) => return,
            None => written.to_owned(),
        };
        let words = match self.address(to) {
            Some(address) => format!("[{shown}]({address})"),
            None => shown,
        };
        self.splice(range, words);
    }

    /// `![[picture.png]]`.
    fn embed(&mut self, to: &Target, range: Range<usize>) {
        let written = self.written.text.get(range.clone()).unwrap_or("");
        let inside = written
            .strip_prefix("![[")
            .and_then(|it| it.strip_suffix("]]"));
        if let (Some(inside), Some(address)) = (inside, self.address(to)) {
            let shown = inside.split_once('|').map_or("", |(_, shown)| shown);
            self.splice(range, format!("![{shown}]({address})"));
        }
    }

    fn mark(&mut self, no: MarkNo, body: &Body<Target>, start: usize, end: &Item<Target>) {
        let text = self.written.text;
        let whole = body.items[start].span.range();
        let close = end.span.range();
        let (open, close) = if close.start == whole.start {
            // `[words]` or `[words][]` with a definition.
            let tail = if text[..close.end].ends_with("][]") {
                3
            } else {
                1
            };
            (Some(whole.start), close.end - tail..close.end)
        } else if text[close.start..].starts_with(']') {
            (Some(whole.start), close)
        } else {
            // Braces after a link or a mention, which stays; or a whole link that attributes made a
            // mark.
            let holds_link = body.items.get(start + 1).is_some_and(|inner| {
                inner.span.range().start == whole.start
                    && matches!(inner.node, Node::Start(Tag::Link(_) | Tag::Mention(_)))
            });
            if holds_link {
                (None, close)
            } else {
                (Some(whole.start), close.start - 1..close.end)
            }
        };
        if let Some(open) = open {
            self.splice(open..open + 1, "");
        }
        let mark = self.prose.mark(no);
        let words = match self.headings {
            0 => {
                let note = self.position(no, mark);
                note.map_or_else(String::new, |note| self.note(note))
            }
            _ => String::new(),
        };
        self.splice(close, words);
    }

    /// Returns the footnote text of a mark.
    fn position(&self, no: MarkNo, mark: &Mark) -> Option<String> {
        let (shelf, here) = (self.shelf, self.written.here);
        match &mark.role {
            MarkRole::Later => Some("Said later.".to_owned()),
            MarkRole::Position { claims, .. } => {
                let notes = claims.iter().map(|id| {
                    let claim = &shelf.site.claims()[*id];
                    let said = claim.positions.iter();
                    let said = said.filter(|it| it.doc == self.written.doc && it.mark == no);
                    let said: Vec<String> = said.map(|it| shelf.position(here, it)).collect();
                    match said.as_slice() {
                        [] => format!("{}.", shelf.claim(here, *id)),
                        said => format!("{}: {}.", shelf.claim(here, *id), said.join("; ")),
                    }
                });
                let notes: Vec<String> = notes.collect();
                (!notes.is_empty()).then(|| notes.join(" "))
            }
            MarkRole::Event(id) => {
                let event = &shelf.site.events()[*id];
                let day = event.on.as_ref().map(|on| on.in_words());
                let mut note = begun(&day.unwrap_or_else(|| "an event".to_owned()));
                if !event.who.is_empty() {
                    note.push_str(&format!(", {}", shelf.actors(here, &event.who)));
                }
                for cited in &event.sources {
                    let source = shelf.source(here, cited.source, &cited.locator);
                    note.push_str(&format!(", {source}"));
                }
                Some(note + ".")
            }
        }
    }

    /// `[@key, p. 4]`.
    fn cite(&mut self, cited: &[CiteItem<Target>], range: Range<usize>) {
        let sources = cited.iter().filter_map(|item| {
            let Target::Entity {
                entity: Entity::Source(id),
                ..
            } = item.key
            else {
                return None;
            };
            let source = self.shelf.source(self.written.here, id, &item.locator);
            Some(match &*item.prefix {
                "" => source,
                prefix => format!("{} {source}", plain(prefix)),
            })
        });
        let sources = sources.collect::<Vec<_>>().join("; ");
        let words = match self.headings {
            0 => self.note(format!("{}.", begun(&sources))),
            _ => format!("({sources})"),
        };
        self.splice(range, words);
    }

    /// `[words]{.class}`.
    fn span(
        &mut self,
        id: Option<&str>,
        classes: &[Box<str>],
        open: Range<usize>,
        end: Range<usize>,
    ) {
        let text = self.written.text;
        let Some(close) = text.get(open.start..end.end).and_then(|it| it.rfind("]{")) else {
            return;
        };
        let mut tag = "<span".to_owned();
        let quoted = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;");
        if let Some(id) = id {
            tag.push_str(&format!(" id=\"{}\"", quoted(id)));
        }
        if !classes.is_empty() {
            tag.push_str(&format!(" class=\"{}\"", quoted(&classes.join(" "))));
        }
        self.splice(open.start..open.start + 1, tag + ">");
        self.splice(open.start + close..end.end, "</span>");
    }

    /// `## Heading {on=2021 by=us}`: id and classes stay, because mdBook also reads them.
    fn heading(&mut self, range: Range<usize>) {
        let text = self.written.text;
        let Some(heading) = text.get(range.clone()) else {
            return;
        };
        let line = heading.trim_end();
        // The underline of a setext heading is below it.
        let line = match line.rsplit_once('\n') {
            Some((above, under)) if under.trim().trim_matches(['=', '-']).is_empty() => {
                above.trim_end()
            }
            _ => line,
        };
        let (Some(open), true) = (line.rfind('{'), line.ends_with('}')) else {
            return;
        };
        let start = range.start + open;
        let end = range.start + line.len();
        let Ok(pieces) = attrs::lex(text, start + 1..end - 1) else {
            return;
        };
        if !pieces.iter().any(|piece| piece.kind == PieceKind::Key) {
            return;
        }
        let kept = pieces.iter().filter_map(|piece| match piece.kind {
            PieceKind::Id => Some(format!("#{}", piece.name)),
            PieceKind::Class => Some(format!(".{}", piece.name)),
            PieceKind::Key | PieceKind::Flag | PieceKind::Note => None,
        });
        let kept: Vec<String> = kept.collect();
        match kept.as_slice() {
            [] => {
                let before = text[..start].trim_end_matches([' ', '\t']).len();
                self.splice(before..end, "");
            }
            kept => self.splice(start..end, format!("{{{}}}", kept.join(" "))),
        }
    }
}
