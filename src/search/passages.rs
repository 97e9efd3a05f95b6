//! A text as passages: what stands under a heading, in parts that are short enough to be shown.

use std::collections::BTreeSet;

use crate::model::{Actor, Entity, Id, MarkRole, Node, Prose, Tag, Target};

/// A passage ends with the block in which it grows beyond this, in bytes …
const LONG: usize = 1_400;

/// … or within it, beyond this.
const LONGEST: usize = 2_800;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Passage {
    /// The anchor of the heading that it stands under.
    pub anchor: Option<Box<str>>,
    /// The heading; empty above the first.
    pub heading: String,
    /// Its words, without citations, images and raw HTML.
    pub text: String,
    /// The actors that are named in it or take a position.
    pub actors: BTreeSet<Id<Actor>>,
}

/// The passages of a text, in its order. Those without a word are left out.
pub fn of(prose: &Prose) -> Vec<Passage> {
    let mut walk = Walk::default();
    let mut open: Vec<Open> = Vec::new();
    for item in &prose.body.items {
        match &item.node {
            Node::Start(tag) => {
                let opened = walk.open(tag, prose);
                open.push(opened);
            }
            Node::End => match open.pop() {
                Some(Open::Heading) => walk.in_heading = false,
                Some(Open::Image) => walk.hidden -= 1,
                Some(Open::Block) => walk.block_ends(),
                Some(Open::Inline) | None => {}
            },
            Node::Text(text) | Node::Code(text) => walk.text(text),
            Node::SoftBreak | Node::HardBreak => walk.space(),
            Node::Cite(_) | Node::Footnote(_) => walk.after_note = true,
            Node::Rule => walk.block_ends(),
            Node::Html(_) | Node::Task(_) => {}
        }
    }
    walk.flush();
    walk.done
}

enum Open {
    Heading,
    /// Its text stands for it, and is not read in line.
    Image,
    Block,
    Inline,
}

#[derive(Default)]
struct Walk {
    done: Vec<Passage>,
    passage: Passage,
    in_heading: bool,
    hidden: usize,
    /// Whether the passage goes on where the one before it ended.
    is_rest: bool,
    /// Whether a citation or the sign of a footnote was just left out.
    after_note: bool,
}

impl Walk {
    fn open(&mut self, tag: &Tag<Target>, prose: &Prose) -> Open {
        if tag.is_block() {
            self.space();
        }
        match tag {
            Tag::Heading(heading) => {
                self.flush();
                self.passage.anchor = Some(heading.anchor.clone());
                self.passage.heading.clear();
                self.in_heading = true;
                return Open::Heading;
            }
            Tag::Image(_) => {
                self.hidden += 1;
                return Open::Image;
            }
            Tag::Mention(_) | Tag::Link(_) => {
                if let Some(Target::Entity {
                    entity: Entity::Actor(id),
                    ..
                }) = tag.leads_to()
                {
                    self.passage.actors.insert(*id);
                }
            }
            Tag::Mark(no) => {
                let role = prose.marks.get(no.0 as usize).map(|mark| &mark.role);
                if let Some(MarkRole::Position { by, .. }) = role {
                    self.passage.actors.extend(by);
                }
            }
            Tag::Paragraph
            | Tag::Quote(_)
            | Tag::Callout { .. }
            | Tag::CalloutTitle
            | Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::List(_)
            | Tag::ListItem
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionTitle { .. }
            | Tag::DefinitionBody
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Span(_) => {}
        }
        match tag.is_block() {
            true => Open::Block,
            false => Open::Inline,
        }
    }

    /// Where words go.
    fn words(&mut self) -> &mut String {
        match self.in_heading {
            true => &mut self.passage.heading,
            false => &mut self.passage.text,
        }
    }

    fn space(&mut self) {
        let words = self.words();
        if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }

    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        let is_after_note = std::mem::take(&mut self.after_note);
        let words = self.words();
        // `said [@wh].` reads `said.` without its citation.
        let closes = [' ', '.', ',', ';', ':', '!', '?', ')'];
        if is_after_note && words.ends_with(' ') && text.starts_with(closes) {
            words.pop();
        }
        let mut rest = text;
        while rest.len() > LONGEST {
            let most = rest.floor_char_boundary(LONGEST);
            let end = rest[..most].rfind(char::is_whitespace);
            let (part, after) = rest.split_at(end.filter(|end| *end > 0).unwrap_or(most));
            self.push(part);
            self.goes_on();
            rest = after;
        }
        self.push(rest);
        if !self.in_heading && self.passage.text.len() > LONGEST {
            self.goes_on();
        }
    }

    /// Adds words on one line.
    fn push(&mut self, text: &str) {
        let words = self.words();
        if !text.contains(['\n', '\t', '\r']) {
            words.push_str(text);
            return;
        }
        for c in text.chars() {
            match c {
                '\n' | '\t' | '\r' if words.ends_with(' ') => {}
                '\n' | '\t' | '\r' => words.push(' '),
                c => words.push(c),
            }
        }
    }

    fn block_ends(&mut self) {
        self.after_note = false;
        self.space();
        if self.passage.text.len() > LONG {
            self.goes_on();
        }
    }

    /// Another passage under the same heading.
    fn goes_on(&mut self) {
        if self.in_heading {
            return;
        }
        let heading = self.passage.heading.clone();
        let anchor = self.passage.anchor.clone();
        self.flush();
        (self.passage.heading, self.passage.anchor) = (heading, anchor);
        self.is_rest = true;
    }

    fn flush(&mut self) {
        let mut passage = std::mem::take(&mut self.passage);
        for words in [&mut passage.heading, &mut passage.text] {
            words.truncate(words.trim_end().len());
        }
        let is_rest = std::mem::take(&mut self.is_rest);
        if !passage.text.is_empty() || (!passage.heading.is_empty() && !is_rest) {
            self.done.push(passage);
        }
    }
}
