//! Headings with attributes, which apply to the marks below them.

use super::{Builder, Frame};
use crate::model::{Item, Node, Tag};
use crate::parse::attrs::{Attrs, PieceKind};
use crate::parse::mask::BlockKind;
use crate::parse::{RawHeading, Section};

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

    /// Removes the space or line end before the attributes at the end of the heading.
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
}
