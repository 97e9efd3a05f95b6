//! Converts bracket pairs to marks, spans and citations.

use std::borrow::Cow;

use super::{Bracket, Builder, Frame, FrameKind, Said};
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{CiteItem, Item, MarkNo, Node, SpanStart, Tag};
use crate::parse::attrs::{self, Attrs, Piece, PieceKind};
use crate::parse::mask::{self, Block, BlockKind, MarkTarget, Verb};
use crate::parse::name::{How, Name};
use crate::parse::{RawMark, cite, lists, mend, synonyms};
use crate::text::{Place, Span, fold};

/// The maximum size of a citation group in bytes: about 20,000 keys.
const LONGEST_CITATION: usize = 1 << 20;

/// How a mark and emphasis overlap.
pub(super) enum Crossing {
    /// The mark begins outside of the emphasis and ends inside it.
    In,
    /// The mark begins inside the emphasis and ends outside of it.
    Out,
}

impl Builder<'_> {
    /// Returns the citations in a bracket pair. Prefix and locator are plain text: a bracket with a
    /// mark, mention, link or citation in it is text.
    pub(super) fn citation(&self, bracket: &Bracket, at: usize) -> Option<Vec<CiteItem<Name>>> {
        let is_prose = self.out.cites.len() > bracket.cites
            || self.out.marks.len() > bracket.marks
            || self.links > bracket.links
            || at - bracket.at > self.longest_citation(bracket);
        if is_prose {
            return None;
        }
        cite::read(self.masked.source, bracket.at + 1..at)
    }

    /// Applies an attribute block to the bracket pair; `false` if it has no meaning here.
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
            BlockKind::MarkTarget => {
                let saying = self.masked.saying(block);
                saying.map(|saying| self.said(&saying))
            }
            BlockKind::Label => self.said_of_label(block),
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

    /// Returns the definition for the label in `block`.
    fn said_of_label(&mut self, block: Block) -> Option<Said> {
        let masked = self.masked;
        let saying = masked.labelled(block)?;
        let label = block.span.of(masked.source).trim_matches(['[', ']']);
        self.uses_label(label);
        Some(self.said(saying))
    }

    /// Returns the content of `(verb:ids "…")` or of a definition.
    pub(super) fn said(&mut self, saying: &MarkTarget<'_>) -> Said {
        if let Some((offset, why)) = saying.fault {
            let fault = mend::unlexed(self.masked.source, offset, why);
            self.unreadable(&fault);
        }
        let mut attrs = self.attrs(&saying.pieces);
        attrs.is_unread |= saying.fault.is_some();
        if let Some(gap) = gap(self.masked.source, saying) {
            let place = self.place(gap);
            let told = lists::missing(place.clone(), saying.verb.word());
            self.diagnostics.push(told.fix(Fix::replace(place, "")));
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

    /// Returns the content of `{.verb #id of=ids key=value}`.
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
                    let place = self.map.place(piece.value_span.shifted(self.shift));
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
        if let Some(told) = self.almost_a_mark(pieces, &whole) {
            self.diagnostics.push(told);
        }
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

    /// Reports braces without a verb that were meant as a mark: they have its keys, or a class that
    /// is nearly a verb.
    fn almost_a_mark(
        &self,
        pieces: &[Piece<'_>],
        whole: &std::ops::Range<usize>,
    ) -> Option<Diagnostic> {
        let class = pieces.iter().find(|piece| piece.kind == PieceKind::Class);
        let meant = class.and_then(|class| Some((class, synonyms::verb(&class.name)?)));
        let is_key = |piece: &Piece<'_>| {
            let name = piece.name.as_ref();
            piece.kind == PieceKind::Key && mend::is_ours(name)
        };
        if let Some((class, verb)) = meant {
            let place = self.map.place(class.name_span.shifted(self.shift));
            let message = format!("unknown verb `{}`", class.name);
            return Some(
                Diagnostic::new(Code::UnknownVerb, place.clone(), message)
                    .label("not a verb of marks")
                    .hint(format!("did you mean `.{verb}`?"))
                    .fix(Fix::replace(place, format!(".{verb}"))),
            );
        }
        let is_flag = |piece: &&Piece<'_>| piece.kind == PieceKind::Flag;
        let is_verb = |piece: &&Piece<'_>| Verb::parse(&piece.name).is_some();
        if let Some(flag) = pieces.iter().filter(is_flag).find(is_verb) {
            let place = self.map.place(flag.name_span.shifted(self.shift));
            let verb = format!(".{}", flag.name);
            let message = format!("missing dot before the verb `{}`", flag.name);
            return Some(
                Diagnostic::new(Code::UnknownVerb, place.clone(), message)
                    .label("without the dot, the braces are not a mark")
                    .hint(format!("write `{verb}`"))
                    .fix(Fix::replace(place, verb)),
            );
        }
        let key = pieces.iter().find(|piece| is_key(piece))?;
        let (place, message) = match class {
            Some(class) => (
                self.map.place(class.name_span.shifted(self.shift)),
                format!("unknown verb `{}`", class.name),
            ),
            None => (
                self.place(whole.clone()),
                format!("braces with `{}=` but without a verb", key.name),
            ),
        };
        let verbs: Vec<&str> = Verb::words().collect();
        Some(
            Diagnostic::new(Code::UnknownVerb, place, message)
                .label("not a mark: read as a span of other Markdown tools")
                .hint(format!("write one of: .{}", verbs.join(", ."))),
        )
    }

    pub(super) fn cite(&mut self, items: Vec<CiteItem<Name>>, bracket: &Bracket, end: usize) {
        let items: Vec<_> = items
            .into_iter()
            .map(|mut item| {
                item.key.span = item.key.span.shifted(self.shift);
                item
            })
            .collect();
        self.comma_in_citation(&items, bracket.at..end);
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

    /// Reports an item of a citation that contains the key of another one, after a comma or a
    /// space.
    fn comma_in_citation(&mut self, items: &[CiteItem<Name>], whole: std::ops::Range<usize>) {
        let source = self.masked.source;
        let is_another = |item: &&CiteItem<Name>| {
            let mut words = item.locator.split_whitespace();
            let key = |word: &str| {
                word.trim_start_matches('-')
                    .strip_prefix('@')
                    .is_some_and(|key| key.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            };
            words.any(key)
        };
        if !items.iter().any(|item| is_another(&item)) {
            return;
        }
        let inside = &source[whole.clone()];
        let mut edits = Vec::new();
        for (at, _) in inside.match_indices('@').skip(1) {
            let before = inside[..at].trim_end_matches(['-', ' ', '\n', '\t']);
            let gap = whole.start + before.len()..whole.start + at;
            match before.strip_suffix(',') {
                Some(before) => edits.push((whole.start + before.len()..gap.start, ";")),
                None if before.ends_with(';') || gap.is_empty() => {}
                None => edits.push((gap.start..gap.start, ";")),
            }
        }
        let edits = edits.into_iter();
        let edits = edits.map(|(range, text)| (self.place(range), text.to_owned()));
        let fix = Fix {
            edits: edits.collect(),
        };
        let told = Diagnostic::new(
            Code::CommaInCitation,
            self.place(whole),
            "citations separated by a comma",
        )
        .label("expected `;`: only the first key before each `;` is cited")
        .hint("write `[@one; @two]`")
        .fix(fix);
        self.diagnostics.push(told);
    }

    /// Reports text after a bracket that was meant as a mark and cannot be read.
    pub(super) fn unread_behind(&mut self, end: usize) {
        let source = self.masked.source;
        let rest = &source[end..];
        let (open, body) = match rest.as_bytes().first() {
            Some(b'(') => ('(', &rest[1..]),
            Some(b'{') => ('{', &rest[1..]),
            Some(b'.') => return self.brace_missing(end),
            _ => return,
        };
        let word_start = body.trim_start_matches([' ', '.', '<']);
        let word_end = word_start
            .find(|c: char| !(c.is_ascii_lowercase() || c == '-'))
            .unwrap_or(word_start.len());
        let follows = word_start[word_end..].chars().next();
        let is_meant = Verb::parse(&word_start[..word_end]).is_some()
            && match open {
                '(' => follows == Some(':'),
                _ => body.trim_start().starts_with('.'),
            };
        if !is_meant || self.is_escaped_mark(end) {
            return;
        }
        self.lost_until = mend::extent(source, end);
        let fault = match open {
            '(' => mend::parenthesis(source, end),
            _ => mend::braces(source, end),
        };
        self.unreadable(&fault);
    }

    /// Reports a span whose opening brace is missing.
    fn brace_missing(&mut self, end: usize) {
        let source = self.masked.source;
        let block = &source[end..mend::extent(source, end)];
        let word = block[1..].split([' ', '}']).next().unwrap_or("");
        let says = block.contains(" #") || block.contains('=');
        if Verb::parse(word).is_some() && says && !self.is_escaped_mark(end) {
            self.lost_until = mend::extent(source, end);
            self.unreadable(&mend::without_brace(end));
        }
    }

    /// Reports a bracket that begins like a citation and is too long.
    pub(super) fn citation_too_long(&mut self, bracket: &Bracket, at: usize) {
        let begins = self.masked.source[bracket.at..].starts_with("[@");
        if begins && at - bracket.at > self.longest_citation(bracket) {
            let place = self.place(bracket.at..bracket.at + 2);
            let most = self.longest_citation(bracket);
            self.diagnostics.push(long_citation(place, most));
        }
    }

    /// Returns the maximum length of a bracket that is read as citations. Brackets with nested ones
    /// are read once for each, so they must be short.
    fn longest_citation(&self, bracket: &Bracket) -> usize {
        if self.opened == bracket.opened {
            LONGEST_CITATION
        } else {
            mask::LONGEST
        }
    }

    /// Handles `[label]` or `[label][]` whose definition is a mark: the mask leaves these to
    /// Markdown.
    pub(super) fn end_saying_link(&mut self, frame: &Frame, range: &std::ops::Range<usize>) {
        let whole = self.masked.source.get(range.clone()).unwrap_or("");
        let label = fold(whole.trim_matches(['[', ']']));
        let masked = self.masked;
        let Some(saying) = masked.labels.get(&label) else {
            // An autolink such as `<claim:x>`, or one that the mask could not read.
            return self.push(Node::End, range);
        };
        self.uses_label(&label);
        self.label_without_words(range);
        let words = range.start + 1..range.end.saturating_sub(1);
        let cites = self.out.cites.len();
        let said = self.said(saying);
        let number = self.add_mark(said, range, words, cites);
        self.out.body.items[frame.start].node = Node::Start(Tag::Mark(MarkNo(number as u32)));
        self.push(Node::End, range);
    }

    /// Handles `[label](claim:x …)` if a definition of the label made the brackets a link: as in
    /// CommonMark, the inline form takes precedence. Returns whether it was one.
    pub(super) fn saying_behind(&mut self, frame: &Frame, range: &std::ops::Range<usize>) -> bool {
        let Some(number) = self.block_at(range.end) else {
            return false;
        };
        let masked = self.masked;
        let block = masked.blocks[number];
        let said = match block.kind {
            BlockKind::MarkTarget => masked.saying(block).map(|saying| self.said(&saying)),
            BlockKind::Label => self.said_of_label(block),
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

    /// True for `[[name|]]`, which has a bar and no text.
    pub(super) fn is_empty_mention(&self, frame: &Frame) -> bool {
        let items = &self.out.body.items;
        let is_blank =
            |item: &Item<Name>| matches!(&item.node, Node::Text(text) if text.trim().is_empty());
        matches!(items[frame.start].node, Node::Start(Tag::Mention(_)))
            && items[frame.start + 1..].iter().all(is_blank)
    }

    /// A wikilink without its own text shows the typed text, unless `link` finds a better one.
    pub(super) fn end_silent(&mut self, frame: &Frame, range: &std::ops::Range<usize>) {
        let shown = match &mut self.out.body.items[frame.start].node {
            Node::Start(Tag::Mention(to)) => {
                if let How::Mention { has_text, .. } = &mut to.how {
                    *has_text = false;
                }
                to.text.clone()
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
            | Node::Cite(_) => "".into(),
        };
        self.push(Node::Text(shown), range);
        self.push(Node::End, range);
        self.braces_behind(frame, range);
    }

    /// Handles `[label]{.verb …}` if a definition made the bracket a link: it is still a mark.
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
        attrs::read(self.map, shifted, self.diagnostics)
    }
}

/// True for the key with the claims of a mark in braces.
pub(super) fn is_of(piece: &Piece<'_>) -> bool {
    piece.kind == PieceKind::Key && piece.name == "of"
}

/// Returns the range of a comma with a missing id on one side.
fn gap(source: &str, saying: &MarkTarget<'_>) -> Option<std::ops::Range<usize>> {
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

/// Returns the verb among the classes of a brace block.
pub(super) fn verb_of(pieces: &[Piece<'_>]) -> Option<(Verb, Span)> {
    pieces
        .iter()
        .filter(|piece| piece.kind == PieceKind::Class)
        .find_map(|piece| Some((Verb::parse(&piece.name)?, piece.name_span)))
}

pub(super) fn crossing_mark(place: Place, crossing: Crossing) -> Diagnostic {
    let (message, label) = match crossing {
        Crossing::In => (
            "mark begins outside of the emphasis in which it ends",
            "its opening bracket is outside of the emphasis",
        ),
        Crossing::Out => (
            "mark ends outside of the emphasis in which it begins",
            "its opening bracket is inside the emphasis",
        ),
    };
    Diagnostic::new(Code::CrossingMark, place, message)
        .label(label)
        .hint("put the whole mark inside the emphasis, or the whole emphasis inside the mark")
}

pub(super) fn without_words(place: Place) -> Diagnostic {
    Diagnostic::new(Code::UnreadableAttributes, place, "mark without words")
        .label("the brackets are empty")
        .hint("write the words that it marks, `[words](…)`")
}

fn long_citation(place: Place, most: usize) -> Diagnostic {
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        format!("citation longer than {most} bytes"),
    )
    .label("shown as text, not as a citation")
    .hint("split it into several groups: `[@key; @key][@key]`")
}

pub(super) fn stray_attributes(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableAttributes,
        place,
        "attributes without marked words",
    )
    .label("no `[` before the words")
    .hint(format!(
        "write `[words](verb:id)`, or `\\{}` for a plain brace",
        '{'
    ))
}

pub(super) fn shortcut_reference(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::ShortcutReference,
        place,
        "the words of this mark are also the label of a link",
    )
    .label("other Markdown tools read this as a link")
    .hint("change the words, or the label of the definition")
}
