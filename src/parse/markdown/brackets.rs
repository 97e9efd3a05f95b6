//! Texts, and the brackets in them: matched within their container, masked blocks beside them.

use pulldown_cmark::CowStr;

use super::marks::{crossing_mark, stray_attributes, verb_of};
use super::{Bracket, Builder, FrameKind};
use crate::model::Node;
use crate::parse::mask::{self, BlockKind, Verb};

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
            self.stray_braces(&range);
            return self.push_text(&text, &range);
        }
        for (index, c) in text.char_indices() {
            // A failed image arrives as `![` in one text.
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

    /// Whether the bracket stands in the source as such, neither escaped nor a character reference.
    pub(super) fn is_bracket(&self, at: usize, bracket: u8) -> bool {
        let bytes = self.masked.source.as_bytes();
        bytes.get(at) == Some(&bracket) && !mask::is_escaped(bytes, at)
    }

    pub(super) fn open_bracket(&mut self, at: usize) {
        self.push(Node::Text("".into()), &(at..at + 1));
        self.brackets.push(Bracket {
            item: self.out.body.items.len() - 1,
            at,
            cites: self.out.cites.len(),
            marks: self.out.marks.len(),
            links: self.links,
        });
    }

    /// The brackets beyond the first `kept` open nothing: they are text.
    pub(super) fn end_of_brackets(&mut self, kept: usize) {
        // Of `[[` the first tells.
        let mut told = None;
        for bracket in self.brackets.split_off(kept) {
            self.out.body.items[bracket.item].node = Node::Text("[".into());
            if told != Some(bracket.at) {
                self.told_of_bracket(bracket.at);
                told = Some(bracket.at + 1);
            }
        }
    }

    /// The numbers of the blocks that overlap `range`. Texts mostly come in their order.
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

    /// A text that holds masked blocks: those in use are left out, the others written back.
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
                self.push_text(&source[before.clone()], &before);
            }
            from = block.end.clamp(from, range.end);
            let piece = block.start.max(range.start)..from;
            if !self.claimed[number] && !self.is_heading_block(number) {
                self.unclaimed(number);
                self.push_text(&source[piece.clone()], &piece);
            }
        }
        if from < range.end {
            self.push_text(&source[from..range.end], &(from..range.end));
        }
    }

    /// Says so where braces with a verb stand behind nothing that they could mark.
    pub(super) fn stray_braces(&mut self, range: &std::ops::Range<usize>) {
        let source = self.masked.source;
        if !self.reading.annotated {
            return;
        }
        let text = source.get(range.clone()).unwrap_or("");
        for found in memchr::memmem::find_iter(text.as_bytes(), b"{.") {
            let open = range.start + found;
            let word = &source[open + 2..];
            let word_end = word.find(|c: char| !(c.is_ascii_lowercase() || c == '-'));
            let is_verb = Verb::parse(&word[..word_end.unwrap_or(word.len())]).is_some();
            let is_told = self.unread == Some(open);
            if is_verb && !is_told && !mask::is_escaped(source.as_bytes(), open) {
                let place = self.place(open..open + 2);
                self.diagnostics.push(stray_attributes(place));
            }
        }
    }

    /// Whether the block ends the heading that is open, which then takes it.
    pub(super) fn is_heading_block(&self, number: usize) -> bool {
        self.masked.blocks[number].kind == BlockKind::Heading
            && self
                .frames
                .iter()
                .any(|frame| matches!(frame.kind, FrameKind::Heading { .. }))
    }

    pub(super) fn unclaimed(&mut self, number: usize) {
        let block = self.masked.blocks[number];
        let says_verb = match block.kind {
            BlockKind::Braces => verb_of(&self.masked.pieces(block)).is_some(),
            BlockKind::Saying => true,
            BlockKind::Label => self.masked.labelled(block).is_some(),
            BlockKind::Heading => false,
        };
        if !says_verb || self.is_escaped_mark(block.span.start as usize) {
            return;
        }
        self.claimed[number] = true;
        let crosses = self.left_open || !self.brackets.is_empty();
        let place = self.place(block.span.range());
        self.diagnostics.push(if crosses {
            crossing_mark(place)
        } else {
            stray_attributes(place)
        });
    }

    /// Whether the words in front of the attributes at `end` open with `\[`: then all of it is text.
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
        } else if let Some(items) = self.citation(&bracket, at) {
            return self.cite(items, &bracket, end);
        } else {
            self.unread_behind(end);
            self.told_of_address(end);
            self.told_of_footnote(bracket.at..end);
        }
        self.out.body.items[bracket.item].node = Node::Text("[".into());
        self.push_text("]", &(at..end));
    }

    /// The number of the block that begins at `offset`.
    pub(super) fn block_at(&self, offset: usize) -> Option<usize> {
        match self.masked.source.as_bytes().get(offset)? {
            b'{' | b'(' | b'[' => self.masked.block_at(offset),
            _ => None,
        }
    }
}
