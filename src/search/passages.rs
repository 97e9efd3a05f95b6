//! Splits a text into passages: the parts below each heading, short enough to be shown.

use std::collections::BTreeSet;

use crate::model::{Actor, Entity, Id, MarkRole, Node, Prose, Tag, Target};

/// A passage ends after the block in which it exceeds this length, in bytes …
const LONG: usize = 1_400;

/// … or within the block, if it exceeds this one.
const LONGEST: usize = 2_800;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Passage {
    /// The anchor of its heading.
    pub anchor: Option<Box<str>>,
    /// The heading; empty before the first one.
    pub heading: String,
    /// The words, without citations, images and raw HTML.
    pub text: String,
    /// The actors that are mentioned or take a position in it.
    pub actors: BTreeSet<Id<Actor>>,
}

/// Returns the passages of a text in order. Passages without words are left out.
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
    /// An image: its alternative text is not part of the sentence.
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
    /// True if the passage continues the previous one.
    is_rest: bool,
    /// True after a citation or footnote reference that was left out.
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
        if tag.is_block() {
            Open::Block
        } else {
            Open::Inline
        }
    }

    /// Returns the text that words are appended to.
    fn words(&mut self) -> &mut String {
        if self.in_heading {
            &mut self.passage.heading
        } else {
            &mut self.passage.text
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
        // `said [@wh].` becomes `said.` without the citation.
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

    /// Appends words, on one line.
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

    /// Begins another passage below the same heading.
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
