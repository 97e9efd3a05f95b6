//! Headings with the attributes they hand down, and quotations with whose words they are.

use super::{Builder, Frame};
use crate::model::{Item, Node, Tag};
use crate::parse::attrs::{Attrs, PieceKind};
use crate::parse::mask::BlockKind;
use crate::parse::{Attribution, RawHeading, Section};
use crate::text::Span;

impl Builder<'_> {
    pub(super) fn start_heading(&mut self, level: u8, range: &std::ops::Range<usize>) -> usize {
        let mut parent = self.section;
        while let Some(section) = parent.filter(|s| self.out.sections[*s].level >= level) {
            parent = self.out.sections[section].parent;
        }
        let heading = self.out.headings.len();
        self.section = Some(self.out.sections.len());
        self.out.sections.push(Section {
            heading,
            level,
            attrs: Attrs::default(),
            parent,
        });
        self.out.headings.push(RawHeading {
            level,
            text: String::new(),
            anchor: None,
            item: self.out.body.items.len(),
            span: self.span(range),
        });
        heading
    }

    pub(super) fn end_heading(&mut self, frame: &Frame, number: usize) {
        let start = self.out.body.items[frame.start].span.start as usize - self.shift;
        let range = start..start + self.out.headings[number].span.range().len();
        let blocks = self.masked.blocks_in(&range);
        let masked = self.masked;
        let mut blocks = masked.blocks[blocks].iter();
        let heading_block = blocks.find(|block| block.kind == BlockKind::Heading);
        self.trim_end_of_heading();
        let Some(block) = heading_block else {
            return;
        };
        let pieces = masked.pieces(*block);
        for piece in &pieces {
            match (piece.kind, &mut self.out.body.items[frame.start].node) {
                (PieceKind::Id, _) => {
                    let span = piece.name_span.shifted(self.shift);
                    self.out.headings[number].anchor = Some((piece.name.to_string(), span));
                }
                (PieceKind::Class, Node::Start(Tag::Heading(heading))) => {
                    heading.classes.push(piece.name.as_ref().into());
                }
                _ => {}
            }
        }
        let attrs = self.attrs(&pieces);
        if let Some(section) = self.section {
            self.out.sections[section].attrs = attrs;
        }
    }

    /// The attributes that ended the heading leave a space behind, or the end of a line.
    pub(super) fn trim_end_of_heading(&mut self) {
        let last = self.out.body.items.last().map(|item| &item.node);
        if matches!(last, Some(Node::SoftBreak)) {
            self.out.body.items.pop();
        }
        if let Some(Item {
            node: Node::Text(text),
            ..
        }) = self.out.body.items.last_mut()
        {
            let trimmed = text.trim_end();
            if trimmed.len() < text.len() {
                *text = trimmed.into();
            }
        }
    }

    /// A last paragraph of a dash and a mark or mention says whose words the quotation is.
    pub(super) fn attribute(&mut self, number: usize, quote: usize, paragraph: usize) {
        let items = &self.out.body.items;
        // A dash that was typed as `---` arrives apart from the space behind it.
        let texts = items[paragraph + 1..]
            .iter()
            .map_while(|item| match &item.node {
                Node::Text(text) => Some(text.as_ref()),
                _ => None,
            });
        let texts: Vec<&str> = texts.take(3).collect();
        let dash = texts.concat();
        if !matches!(dash.trim_end(), "—" | "―" | "–") {
            return;
        }
        match items
            .get(paragraph + 1 + texts.len())
            .map(|item| &item.node)
        {
            Some(Node::Start(Tag::Mark(mark))) => {
                let mark = mark.0 as usize;
                self.out.attributions[number] = Attribution::Mark(mark);
                let words = Span {
                    start: items[quote].span.start,
                    end: items[paragraph].span.start,
                };
                self.out.marks[mark].whole_quote = Some((quote, paragraph));
                self.out.marks[mark].words_span = words;
                self.out.marks[mark].attrs.quote = true;
                self.out.marks[mark].quote = None;
            }
            Some(Node::Start(Tag::Mention(to))) => {
                self.out.attributions[number] = Attribution::Mention((**to).clone());
            }
            _ => {}
        }
    }
}
