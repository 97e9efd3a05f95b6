//! Bracket pairs become marks, spans and citations.

use std::borrow::Cow;

use super::{Bracket, Builder, Frame, FrameKind, Said};
use crate::diag::{Code, Diagnostic};
use crate::model::{CiteItem, Item, MarkNo, Node, SpanStart, Tag};
use crate::parse::attrs::{self, Attrs, Piece, PieceKind};
use crate::parse::mask::{self, BlockKind, Saying, Verb};
use crate::parse::name::{How, Name};
use crate::parse::{RawMark, cite, lists};
use crate::text::{Place, Span, fold};

impl Builder<'_> {
    /// The citations that a bracket pair holds. Prefix and locator are plain text: a bracket with
    /// a mark, mention, link or citation of its own in it is prose.
    pub(super) fn citation(&self, bracket: &Bracket, at: usize) -> Option<Vec<CiteItem<Name>>> {
        let is_prose = self.out.cites.len() > bracket.cites
            || self.out.marks.len() > bracket.marks
            || self.links > bracket.links
            || at - bracket.at > mask::LONGEST;
        if is_prose {
            return None;
        }
        cite::read(self.masked.source, bracket.at + 1..at)
    }

    /// Makes the bracket pair what its block says; `false` when it says nothing here.
    pub(super) fn take_block(&mut self, number: usize, bracket: &Bracket, at: usize) -> bool {
        let block = self.masked.blocks[number];
        let whole = bracket.at..block.span.range().end;
        let said = match block.kind {
            BlockKind::Braces => {
                let pieces = self.masked.pieces(block);
                match verb_of(&pieces) {
                    Some((verb, verb_span)) => Some(self.said_in_braces(verb, verb_span, &pieces)),
                    None => {
                        self.plain_span(&pieces, bracket, whole);
                        return true;
                    }
                }
            }
            BlockKind::Saying => {
                let saying = self.masked.saying(block);
                saying.map(|saying| self.said(&saying))
            }
            BlockKind::Label => {
                let saying = self.masked.labelled(block);
                saying.map(|saying| self.said(saying))
            }
            BlockKind::Heading => None,
        };
        let Some(said) = said else {
            return false;
        };
        let number = self.add_mark(said, &whole, bracket.at + 1..at, bracket.cites);
        let start = &mut self.out.body.items[bracket.item];
        start.node = Node::Start(Tag::Mark(MarkNo(number as u32)));
        start.span = Span::new(whole.clone()).shifted(self.shift);
        self.push(Node::End, &(at..whole.end));
        true
    }

    /// What `(verb:ids "…")` or a definition says.
    pub(super) fn said(&mut self, saying: &Saying<'_>) -> Said {
        if let Some((offset, why)) = saying.fault {
            let place = self.place_at(offset);
            self.diagnostics.push(unreadable_attributes(place, why));
        }
        let mut attrs = self.attrs(&saying.pieces);
        attrs.is_unread = saying.fault.is_some();
        if let Some(gap) = gap(self.masked.source, saying) {
            let place = self.place(gap);
            let told = lists::missing(place, saying.verb.word());
            self.diagnostics.push(told);
        }
        let ids = saying.ids.iter();
        Said {
            verb: saying.verb,
            verb_span: saying.verb_span.shifted(self.shift),
            ids: ids
                .map(|(id, span)| Name::bare(id, span.shifted(self.shift)))
                .collect(),
            attrs,
        }
    }

    /// What `{.verb #id of=ids key=value}` says.
    pub(super) fn said_in_braces(
        &mut self,
        verb: Verb,
        verb_span: Span,
        pieces: &[Piece<'_>],
    ) -> Said {
        let mut ids = Vec::with_capacity(1);
        for piece in pieces {
            if piece.kind == PieceKind::Id {
                ids.push(Name::bare(&piece.name, piece.name_span.shifted(self.shift)));
            } else if is_of(piece) {
                if lists::has_gap(piece) {
                    let place = Place::new(self.file, piece.value_span.shifted(self.shift));
                    self.diagnostics.push(lists::missing(place, "of"));
                }
                let of = lists::parts(piece);
                ids.extend(of.map(|(id, span)| Name::bare(id, span.shifted(self.shift))));
            }
        }
        Said {
            verb,
            verb_span: verb_span.shifted(self.shift),
            ids,
            attrs: self.attrs(pieces.iter().filter(|piece| !is_of(piece))),
        }
    }

    pub(super) fn add_mark(
        &mut self,
        said: Said,
        whole: &std::ops::Range<usize>,
        words: std::ops::Range<usize>,
        cites_before: usize,
    ) -> usize {
        self.told_of_idle(&said);
        let cites: Vec<usize> = (cites_before..self.out.cites.len()).collect();
        let number = self.out.marks.len();
        if cites.is_empty() {
            self.waiting.push(number);
        }
        self.out.marks.push(RawMark {
            verb: said.verb,
            verb_span: said.verb_span,
            ids: said.ids,
            attrs: said.attrs,
            words: String::new(),
            words_span: self.span(&words),
            span: self.span(whole),
            section: self.section,
            quote: self.quotes.last().copied(),
            whole_quote: None,
            cites,
            parent: None,
        });
        number
    }

    pub(super) fn plain_span(
        &mut self,
        pieces: &[Piece<'_>],
        bracket: &Bracket,
        whole: std::ops::Range<usize>,
    ) {
        let of_kind = |kind| pieces.iter().filter(move |piece| piece.kind == kind);
        let classes = of_kind(PieceKind::Class).map(|piece| piece.name.as_ref().into());
        let tag = Tag::Span(Box::new(SpanStart {
            id: of_kind(PieceKind::Id)
                .next()
                .map(|piece| piece.name.as_ref().into()),
            classes: classes.collect(),
        }));
        self.out.body.items[bracket.item].node = Node::Start(tag);
        self.push(Node::End, &(whole.end - 1..whole.end));
    }

    pub(super) fn cite(&mut self, items: Vec<CiteItem<Name>>, bracket: &Bracket, end: usize) {
        let items: Vec<_> = items
            .into_iter()
            .map(|mut item| {
                item.key.span = item.key.span.shifted(self.shift);
                item
            })
            .collect();
        self.out.body.items.truncate(bracket.item);
        self.push(Node::Cite(items.clone().into()), &(bracket.at..end));
        let number = self.out.cites.len();
        self.out.cites.push(items);
        let between = self.masked.source.get(self.served.1..bracket.at);
        let continues = self.served.1 > 0 && between.is_some_and(|b| b.trim().is_empty());
        if !continues {
            self.served.0 = std::mem::take(&mut self.waiting);
        }
        self.served.1 = end;
        for mark in &self.served.0 {
            self.out.marks[*mark].cites.push(number);
        }
    }

    /// Says so where something behind a bracket was meant as a mark and cannot be read.
    pub(super) fn unread_behind(&mut self, end: usize) {
        let rest = &self.masked.source[end..];
        let (open, body) = match rest.as_bytes().first() {
            Some(b'(') => ('(', &rest[1..]),
            Some(b'{') => ('{', &rest[1..]),
            _ => return,
        };
        let word_start = body.trim_start_matches([' ', '.']);
        let word_end = word_start
            .find(|c: char| !(c.is_ascii_lowercase() || c == '-'))
            .unwrap_or(word_start.len());
        let follows = word_start[word_end..].chars().next();
        let is_meant = Verb::parse(&word_start[..word_end]).is_some()
            && match open {
                '(' => follows == Some(':'),
                _ => body.trim_start().starts_with('.'),
            };
        if !is_meant {
            return;
        }
        self.unread = Some(end);
        let why = if open == '{' {
            let near = &body.as_bytes()[..body.len().min(mask::LONGEST)];
            let close = memchr::memchr(b'}', near).unwrap_or(0);
            attrs::lex(self.masked.source, end + 1..end + 1 + close).err()
        } else {
            None
        };
        let (at, why) = why.unwrap_or((end, "it is not closed as it should be"));
        let place = self.place_at(at);
        self.diagnostics.push(unreadable_attributes(place, why));
    }

    /// `[label]` or `[label][]` whose definition is a saying: the mask leaves these to Markdown.
    pub(super) fn end_saying_link(&mut self, frame: &Frame, range: &std::ops::Range<usize>) {
        let whole = self.masked.source.get(range.clone()).unwrap_or("");
        let label = fold(whole.trim_matches(['[', ']']));
        let masked = self.masked;
        let Some(saying) = masked.labels.get(&label) else {
            // An autolink such as `<claim:x>`, or one that the mask could not read.
            return self.push(Node::End, range);
        };
        let words = range.start + 1..range.end.saturating_sub(1);
        let cites = self.out.cites.len();
        let said = self.said(saying);
        let number = self.add_mark(said, range, words, cites);
        self.out.body.items[frame.start].node = Node::Start(Tag::Mark(MarkNo(number as u32)));
        self.push(Node::End, range);
    }

    /// `[label](claim:x …)`, where a definition of the label made the brackets a link: as in
    /// CommonMark the inline form goes first. Gives whether it was one.
    pub(super) fn saying_behind(&mut self, frame: &Frame, range: &std::ops::Range<usize>) -> bool {
        let Some(number) = self.block_at(range.end) else {
            return false;
        };
        let masked = self.masked;
        let block = masked.blocks[number];
        let said = match block.kind {
            BlockKind::Saying => masked.saying(block).map(|saying| self.said(&saying)),
            BlockKind::Label => masked.labelled(block).map(|saying| self.said(saying)),
            BlockKind::Braces | BlockKind::Heading => None,
        };
        let is_link = matches!(
            self.out.body.items[frame.start].node,
            Node::Start(Tag::Link(_))
        );
        let Some(said) = said.filter(|_| is_link) else {
            return false;
        };
        let whole = range.start..block.span.range().end;
        let words = range.start + 1..range.end.saturating_sub(1);
        let mark = self.add_mark(said, &whole, words, self.out.cites.len());
        let span = self.span(&whole);
        let start = &mut self.out.body.items[frame.start];
        start.node = Node::Start(Tag::Mark(MarkNo(mark as u32)));
        start.span = span;
        self.push(Node::End, &(range.end..whole.end));
        self.claimed[number] = true;
        true
    }

    /// `[[name|]]`, which has a bar and nothing behind it.
    pub(super) fn is_empty_mention(&self, frame: &Frame) -> bool {
        let items = &self.out.body.items;
        let is_blank =
            |item: &Item<Name>| matches!(&item.node, Node::Text(text) if text.trim().is_empty());
        matches!(items[frame.start].node, Node::Start(Tag::Mention(_)))
            && items[frame.start + 1..].iter().all(is_blank)
    }

    /// A wikilink without a text of its own shows what was typed; `link` may know better.
    pub(super) fn end_silent(&mut self, frame: &Frame, range: &std::ops::Range<usize>) {
        let shown = match &mut self.out.body.items[frame.start].node {
            Node::Start(Tag::Mention(to)) => {
                if let How::Mention { has_text, .. } = &mut to.how {
                    *has_text = false;
                }
                to.text.clone()
            }
            _ => "".into(),
        };
        self.push(Node::Text(shown), range);
        self.push(Node::End, range);
        self.braces_behind(frame, range);
    }

    /// `[label]{.verb …}` where a definition made the bracket a link: it is a mark all the same.
    pub(super) fn braces_behind(&mut self, frame: &Frame, range: &std::ops::Range<usize>) {
        let Some(number) = self.block_at(range.end) else {
            return;
        };
        let block = self.masked.blocks[number];
        if block.kind != BlockKind::Braces {
            return;
        }
        let pieces = self.masked.pieces(block);
        let place = self.place(range.clone());
        if frame.kind == FrameKind::Inline {
            self.diagnostics.push(shortcut_reference(place));
        }
        let Some((verb, verb_span)) = verb_of(&pieces) else {
            return;
        };
        let whole = range.start..block.span.range().end;
        let said = self.said_in_braces(verb, verb_span, &pieces);
        let mark = self.add_mark(said, &whole, range.clone(), self.out.cites.len());
        let start = Item {
            node: Node::Start(Tag::Mark(MarkNo(mark as u32))),
            span: self.span(&whole),
        };
        self.out.body.items.insert(frame.start, start);
        self.push(Node::End, &(range.end..whole.end));
        self.claimed[number] = true;
    }

    pub(super) fn attrs<'p>(&mut self, pieces: impl IntoIterator<Item = &'p Piece<'p>>) -> Attrs {
        let shift = self.shift;
        let shifted = pieces.into_iter().map(|piece| Piece {
            kind: piece.kind,
            name: Cow::Borrowed(&piece.name),
            value: Cow::Borrowed(&piece.value),
            name_span: piece.name_span.shifted(shift),
            value_span: piece.value_span.shifted(shift),
        });
        attrs::read(self.file, shifted, self.diagnostics)
    }
}

/// Whether it is the key that names the claims of a mark in braces.
pub(super) fn is_of(piece: &Piece<'_>) -> bool {
    piece.kind == PieceKind::Key && piece.name == "of"
}

/// The verb among the classes of a brace block.
/// The bytes of a comma of the ids on one side of which nothing stands.
fn gap(source: &str, saying: &Saying<'_>) -> Option<std::ops::Range<usize>> {
    let bytes = source.as_bytes();
    let (first, last) = (saying.ids.first()?.1, saying.ids.last()?.1);
    let is_comma = |at: usize| bytes.get(at) == Some(&b',');
    let pairs = saying.ids.windows(2);
    let between = pairs.map(|pair| pair[0].1.end as usize + 1);
    let mut commas = [first.start as usize - 1, last.end as usize]
        .into_iter()
        .chain(between);
    let at = commas.find(|at| is_comma(*at))?;
    Some(at..at + 1)
}

pub(super) fn verb_of(pieces: &[Piece<'_>]) -> Option<(Verb, Span)> {
    pieces
        .iter()
        .filter(|piece| piece.kind == PieceKind::Class)
        .find_map(|piece| Some((Verb::parse(&piece.name)?, piece.name_span)))
}

pub(super) fn crossing_mark(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::CrossingMark,
        place,
        "a mark begins outside the emphasis in which it ends",
    )
    .label("the bracket that these attributes close opens outside")
    .hint("put the whole mark inside the emphasis, or the whole emphasis inside the mark")
}

pub(super) fn stray_attributes(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableAttributes,
        place,
        "attributes behind nothing that they could mark",
    )
    .label("no `[` opens the words that this belongs to")
    .hint(format!(
        "write `[words](verb:id)`, or `\\{}` where a plain brace is meant",
        '{'
    ))
}

pub(super) fn unreadable_attributes(place: Place, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableAttributes,
        place,
        "the attributes of a mark cannot be read",
    )
    .label(why.to_string())
    .hint("write `[words](claim:id \"by=us on=2021-07-19 key='two words'\")`")
}

pub(super) fn shortcut_reference(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ShortcutReference,
        place,
        "the words of this mark are also the label of a link definition",
    )
    .label("read as a link by every other Markdown tool")
    .hint("change the words, or the label of the definition")
}
