//! Texts as readers see them: a mention by id reads as the name of its target.
//!
//! `parse` collects the words of marks and headings as they were typed. Ids and anchors are made
//! from those, so that they do not change when an actor is renamed. This module computes the shown
//! texts.

use super::Linker;
use super::names::Names;
use crate::model::{Doc, Entity, Node, Tag};
use crate::parse::{Draft, Front, How, RawHeading};
use crate::text::{Span, one_line};

/// The words of one document, with its mentions by id.
pub struct Wording<'d> {
    /// All parts of the text with their places, in order.
    pieces: Vec<(Span, Piece<'d>)>,
    /// The places of mentions by id, in order.
    mentions: Vec<Span>,
}

enum Piece<'d> {
    Typed(&'d str),
    Name(String),
}

impl Wording<'_> {
    /// Returns the words of `span`, which were typed as `typed`.
    pub fn of(&self, typed: &str, span: Span) -> String {
        let next = self.mentions.partition_point(|m| m.start < span.start);
        if self.mentions.get(next).is_none_or(|m| m.end > span.end) {
            return typed.to_string();
        }
        let first = self.pieces.partition_point(|(at, _)| at.start < span.start);
        let mut words = String::new();
        for (_, piece) in self.pieces[first..]
            .iter()
            .take_while(|(at, _)| at.start < span.end)
        {
            match piece {
                Piece::Typed(text) => words.push_str(text),
                Piece::Name(name) => words.push_str(name),
            }
        }
        one_line(&words).into_owned()
    }
}

impl Linker<'_> {
    pub fn wording<'d>(&self, draft: &'d Draft, names: &Names<'_>) -> Wording<'d> {
        let mut wording = Wording {
            pieces: Vec::new(),
            mentions: Vec::new(),
        };
        let mut name = None;
        for item in &draft.body.items {
            let piece = match &item.node {
                Node::Start(Tag::Mention(to)) => {
                    let is_bare = matches!(
                        to.how,
                        How::Mention {
                            has_text: false,
                            ..
                        }
                    );
                    let found = is_bare.then(|| names.meant_by_id(to)).flatten();
                    name = found
                        .map(|entity| self.shown(entity).to_string())
                        // The text of a claim may not be known yet.
                        .filter(|name| !name.is_empty());
                    continue;
                }
                Node::Text(text) => match name.take() {
                    Some(name) => {
                        wording.mentions.push(item.span);
                        Piece::Name(name)
                    }
                    None => Piece::Typed(text),
                },
                Node::Code(text) => Piece::Typed(text),
                Node::SoftBreak | Node::HardBreak => Piece::Typed(" "),
                Node::Start(Tag::Paragraph | Tag::ListItem) => Piece::Typed(" "),
                Node::Start(_)
                | Node::End
                | Node::Html(_)
                | Node::Rule
                | Node::Footnote(_)
                | Node::Task(_)
                | Node::Cite(_) => continue,
            };
            wording.pieces.push((item.span, piece));
        }
        wording
    }

    /// Sets the title of briefings without `title` to their first heading.
    pub fn titles(&mut self, admitted: &super::ids::Admitted<'_>, names: &Names<'_>) {
        for (doc, draft, _) in &admitted.docs {
            let (Doc::Briefing(id), Front::Briefing(front)) = (doc, &draft.front) else {
                continue;
            };
            if let (None, Some(heading)) = (&front.title, self.titling(draft)) {
                let title = self.wording(draft, names).of(&heading.text, heading.span);
                self.parts.briefings.get_mut(*id).title = title;
            }
        }
    }

    /// Returns the heading that is the title of a briefing without `title`: the first one. The
    /// title of an Obsidian note is its file name, unless the note begins with a heading of level
    /// 1.
    pub fn titling<'d>(&self, draft: &'d Draft) -> Option<&'d RawHeading> {
        let heading = draft.headings.first()?;
        (!self.book.is_vault || heading.level == 1).then_some(heading)
    }

    /// Returns the text of a mention of `entity` by id.
    pub fn shown(&self, entity: Entity) -> &str {
        match entity {
            Entity::Actor(id) => &self.parts.actors[id].name,
            Entity::Claim(id) => &self.parts.claims[id].text,
            Entity::Source(id) => &self.parts.sources[id].title,
            Entity::Briefing(id) => &self.parts.briefings[id].title,
        }
    }
}
