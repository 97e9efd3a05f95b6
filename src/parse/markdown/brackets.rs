//! Reads text events: matches brackets within their container, with masked blocks after them.

use pulldown_cmark::CowStr;

use super::marks::{Crossing, crossing_mark, stray_attributes, verb_of};
use super::{Bracket, Builder, FrameKind};
use crate::model::Node;
use crate::parse::mask::{self, BlockKind};

impl Builder<'_> {
    pub(super) fn text(&mut self, text: CowStr<'_>, range: std::ops::Range<usize>) {
        if self.in_code {
            let text = self.masked.restore(&text, &range);
            return self.push_text(&text, &range);
        }
        let blocks = self.blocks_in(&range);
        if !blocks.is_empty() {
            return self.text_with_blocks(range, blocks);
        }
        if !self.reading.annotated || text.len() > 2 || !text.contains(['[', ']']) {
            self.look_alikes(&range);
            return self.push_text(&text, &range);
        }
        for (index, c) in text.char_indices() {
            // A failed image arrives as `![` in one text event.
            let at = range.start + index;
            match c {
                '[' if self.is_bracket(at, b'[') && !self.frames.is_empty() => {
                    self.open_bracket(at);
                }
                ']' if self.is_bracket(at, b']') => self.close(at),
                c => self.push_text(c.encode_utf8(&mut [0; 4]), &(at..at + c.len_utf8())),
            }
        }
    }

    /// True if the source has this bracket, neither escaped nor as a character reference.
    pub(super) fn is_bracket(&self, at: usize, bracket: u8) -> bool {
        let bytes = self.masked.source.as_bytes();
        bytes.get(at) == Some(&bracket) && !mask::is_escaped(bytes, at)
    }

    pub(super) fn open_bracket(&mut self, at: usize) {
        self.push(Node::Text("".into()), &(at..at + 1));
        self.opened += 1;
        self.brackets.push(Bracket {
            item: self.out.body.items.len() - 1,
            at,
            opened: self.opened,
            cites: self.out.cites.len(),
            marks: self.out.marks.len(),
            links: self.links,
        });
    }

    /// Drops the open brackets beyond the first `kept`: they are text.
    pub(super) fn end_of_brackets(&mut self, kept: usize) {
        // Of `[[`, only the first bracket is reported.
        let mut told = None;
        for bracket in self.brackets.split_off(kept) {
            self.out.body.items[bracket.item].node = Node::Text("[".into());
            if told != Some(bracket.at) {
                self.told_of_bracket(bracket.at);
                told = Some(bracket.at + 1);
            }
        }
    }

    /// Returns the numbers of the blocks that overlap `range`. The cursor makes it fast, because
    /// texts usually come in order.
    pub(super) fn blocks_in(&mut self, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let blocks = &self.masked.blocks;
        let is_before = |number: usize| {
            let block = blocks.get(number);
            block.is_some_and(|block| block.span.end as usize <= range.start)
        };
        let next = self.next_block;
        if (next > 0 && !is_before(next - 1)) || is_before(next) {
            self.next_block =
                blocks.partition_point(|block| block.span.end as usize <= range.start);
        }
        let first = self.next_block;
        let overlapping = blocks[first..].iter();
        let count = overlapping.take_while(|block| (block.span.start as usize) < range.end);
        first..first + count.count()
    }

    /// Reads a text with masked blocks: used ones are left out, the others are restored.
    pub(super) fn text_with_blocks(
        &mut self,
        range: std::ops::Range<usize>,
        blocks: std::ops::Range<usize>,
    ) {
        let source = self.masked.source;
        let mut from = range.start;
        for number in blocks {
            let block = self.masked.blocks[number].span.range();
            let before = from..block.start.clamp(from, range.end);
            if !before.is_empty() {
                self.look_alikes(&before);
                self.push_text(&source[before.clone()], &before);
            }
            from = block.end.clamp(from, range.end);
            let piece = block.start.max(range.start)..from;
            if !self.claimed[number] && !self.is_heading_block(number) {
                self.unclaimed(number);
                if !self.claimed[number] {
                    self.look_alikes(&piece);
                }
                self.push_text(&source[piece.clone()], &piece);
            }
        }
        if from < range.end {
            self.look_alikes(&(from..range.end));
            self.push_text(&source[from..range.end], &(from..range.end));
        }
    }

    /// True if the block ends the open heading, which then takes its attributes.
    pub(super) fn is_heading_block(&self, number: usize) -> bool {
        self.masked.blocks[number].kind == BlockKind::Heading
            && self
                .frames
                .iter()
                .any(|frame| matches!(frame.kind, FrameKind::Heading { .. }))
    }

    /// True if the block has a verb.
    pub(super) fn says_verb(&self, number: usize) -> bool {
        let block = self.masked.blocks[number];
        match block.kind {
            BlockKind::Braces => verb_of(&self.masked.pieces(block)).is_some(),
            BlockKind::MarkTarget => true,
            BlockKind::Label => self.masked.labelled(block).is_some(),
            BlockKind::Heading => false,
        }
    }

    pub(super) fn unclaimed(&mut self, number: usize) {
        let block = self.masked.blocks[number];
        if !self.says_verb(number) || self.is_escaped_mark(block.span.start as usize) {
            self.lost_until = if self.is_escaped_mark(block.span.start as usize) {
                block.span.end as usize
            } else {
                self.lost_until
            };
            return;
        }
        self.claimed[number] = true;
        let place = self.place(block.span.range());
        // The bracket began in emphasis that ended before it, or outside of emphasis in which it
        // ends.
        let crossing = match (self.left_open, self.brackets.is_empty()) {
            (true, _) => Some(Crossing::Out),
            (false, false) => Some(Crossing::In),
            (false, true) => None,
        };
        self.diagnostics.push(match crossing {
            Some(crossing) => crossing_mark(place, crossing),
            None => stray_attributes(place),
        });
    }

    /// True if the words before the attributes at `end` begin with `\[`: then all of it is text.
    pub(super) fn is_escaped_mark(&self, end: usize) -> bool {
        let bytes = self.masked.source.as_bytes();
        let mut depth = 0usize;
        let window = end.saturating_sub(mask::LONGEST)..end;
        for (at, byte) in window.clone().zip(&bytes[window]).rev() {
            match (byte, mask::is_escaped(bytes, at)) {
                (b'[', true) if depth == 1 => return true,
                (b']', false) => depth += 1,
                (b'[', false) => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return false;
            }
        }
        false
    }

    pub(super) fn close(&mut self, at: usize) {
        self.end_of_run();
        let end = at + 1;
        let outside = self.frames.last().map_or(0, |frame| frame.brackets);
        let is_open = self.brackets.len() > outside;
        let Some(bracket) = self.brackets.pop_if(|_| is_open) else {
            return self.push_text("]", &(at..end));
        };
        if let Some(number) = self.block_at(end) {
            if self.take_block(number, &bracket, at) {
                self.claimed[number] = true;
                return;
            }
            self.undefined_label(bracket.at..end);
        } else if let Some(items) = self.citation(&bracket, at) {
            return self.cite(items, &bracket, end);
        } else {
            self.unread_behind(end);
            self.undefined_label(bracket.at..end);
            self.citation_too_long(&bracket, at);
            self.link_around_link(&bracket, end);
            self.told_of_address(end);
            self.told_of_footnote(bracket.at..end);
        }
        self.out.body.items[bracket.item].node = Node::Text("[".into());
        self.push_text("]", &(at..end));
    }

    /// Returns the number of the block that begins at `offset`.
    pub(super) fn block_at(&self, offset: usize) -> Option<usize> {
        match self.masked.source.as_bytes().get(offset)? {
            b'{' | b'(' | b'[' => self.masked.block_at(offset),
            _ => None,
        }
    }
}
