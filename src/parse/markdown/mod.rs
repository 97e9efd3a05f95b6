//! Converts Markdown events to a `Body<Name>` with marks, citations and headings.
//!
//! pulldown-cmark parses the masked source once. Brackets arrive as separate texts. The `Builder`
//! matches them within their container and turns a pair with an attribute block after it into a
//! mark or span, and a pair around `@key` into citations. Since a body is a flat list of nodes, the
//! opening bracket is simply replaced.

mod attributions;
mod brackets;
mod callouts;
mod footnotes;
mod headings;
mod lost;
mod marks;
mod tags;
mod told;
mod unclosed;
mod unused_keys;
mod words;

use std::collections::BTreeSet;

use pulldown_cmark::{Event, LinkType, Options};
use pulldown_cmark::{Tag as Md, TagEnd};

use super::attrs::Attrs;
use super::mask::{self, Masked, Verb};
use super::name::Name;
use super::{Attribution, RawHeading, RawMark, Reading, Section};
use crate::diag::Diagnostic;
use crate::model::{Body, CiteItem, Dialect, Item, Node, Tag};
use crate::text::{Place, SourceMap, Span, fold};
use told::{image_without_alt, nested_too_deep, too_long};

/// The maximum nesting depth of quotations, lists and marks; deeper ones are flattened, with a
/// diagnostic.
pub const DEEPEST: usize = 200;
/// The maximum number of pieces of a text: paragraphs, words between marks, marks. The text ends at
/// the next block.
pub const MOST_PIECES: usize = 200_000;

/// The result of `read`: the text and its marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Markdown {
    pub body: Body<Name>,
    pub marks: Vec<RawMark>,
    pub headings: Vec<RawHeading>,
    pub sections: Vec<Section>,
    /// Citation brackets in order; marks refer to them by index.
    pub cites: Vec<Vec<CiteItem<Name>>>,
    /// The attributions of block quotations, by index.
    pub attributions: Vec<Attribution>,
}

/// Reads `source` from byte `from`. Never fails: problems are added to `diagnostics`.
pub fn read(
    map: &SourceMap,
    source: &str,
    from: usize,
    reading: &Reading,
    diagnostics: &mut Vec<Diagnostic>,
) -> Markdown {
    let text = &source[from..];
    let mut masked = if reading.annotated {
        mask::mask(text)
    } else {
        Masked::plain(text)
    };
    let inert = std::mem::take(&mut masked.text);
    let parser = pulldown_cmark::Parser::new_ext(&inert, options(reading));
    // The mask found everything that looks like a definition. Only the parser knows those that are
    // in code, or follow another one with the same label, and define nothing.
    masked.labels = parser
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| is_saying(&definition.dest))
        .filter_map(|(label, definition)| {
            let (_, saying) = mask::definition(text, definition.span.start)?;
            Some((fold(label), saying))
        })
        .collect();
    let defined = parser.reference_definitions().iter();
    let defined = defined.map(|(label, _)| fold(label)).collect();
    let mut builder = Builder::new(map, &masked, from, reading, diagnostics);
    if reading.annotated {
        builder.defined = defined;
        let definitions = mask::all_definitions(text).filter(|it| !it.1.starts_with('^'));
        builder.definitions = definitions.map(|it| (it.0, Some(it.1))).collect();
    }
    for (event, range) in parser.into_offset_iter() {
        if builder.is_full(&range) {
            builder.is_cut = true;
            break;
        }
        builder.event(event, range);
    }
    builder.finish()
}

fn options(reading: &Reading) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    options.set(Options::ENABLE_GFM, reading.alerts);
    options.set(Options::ENABLE_SMART_PUNCTUATION, reading.smart_punctuation);
    options.set(Options::ENABLE_DEFINITION_LIST, reading.definition_lists);
    options.set(
        Options::ENABLE_WIKILINKS,
        reading.wikilinks && reading.annotated,
    );
    // In an annotated book the mask reads them, because headings have more attributes than an
    // anchor.
    options.set(
        Options::ENABLE_HEADING_ATTRIBUTES,
        reading.dialect == Dialect::Plain,
    );
    options
}

/// An open container.
struct Frame {
    /// The index of its `Start`.
    start: usize,
    kind: FrameKind,
    /// The number of open brackets before it.
    brackets: usize,
}

#[derive(PartialEq, Clone, Copy)]
enum FrameKind {
    Block,
    Quote {
        number: usize,
        /// The index of the start of its last paragraph.
        last_paragraph: Option<usize>,
    },
    Heading {
        number: usize,
    },
    Inline,
    /// A link whose destination is a mark, not found by the mask.
    SayingLink,
    /// A wikilink without its own text: its content is dropped.
    Silent,
    /// Nested too deeply: only its content is kept.
    Flattened,
}

/// An opening bracket that can still be matched.
struct Bracket {
    /// The index of its placeholder item: an empty text until its meaning is known.
    item: usize,
    /// Its offset.
    at: usize,
    /// The numbers of brackets, citation brackets, marks and links before it.
    opened: usize,
    cites: usize,
    marks: usize,
    links: usize,
}

/// The content of a mark in any form.
struct Said {
    verb: Verb,
    verb_span: Span,
    ids: Vec<Name>,
    attrs: Attrs,
}

struct Builder<'a> {
    map: &'a SourceMap,
    masked: &'a Masked<'a>,
    /// Added to every offset, for a removed prefix.
    shift: usize,
    reading: &'a Reading,
    diagnostics: &'a mut Vec<Diagnostic>,
    out: Markdown,
    frames: Vec<Frame>,
    /// The open brackets of all containers.
    brackets: Vec<Bracket>,
    /// Pending text and its place: one item for many events.
    run: String,
    run_span: Option<Span>,
    /// The first block after the texts so far.
    next_block: usize,
    claimed: Vec<bool>,
    /// The blocks that are in text, code or HTML.
    seen: Vec<bool>,
    /// The definitions of marks in order: the start of each, and its label. The label is removed if
    /// the line is text or code.
    definitions: Vec<(usize, Option<&'a str>)>,
    /// The folded labels that are defined, for marks or links.
    defined: BTreeSet<String>,
    /// The folded labels of definitions that made a mark.
    used_labels: BTreeSet<String>,
    /// True if the text exceeds the limit.
    is_cut: bool,
    /// Text up to here was reported as a mark that cannot be read.
    lost_until: usize,
    /// The last quotation without an attribution: the number of items at its end, and its end.
    last_quote: Option<(usize, usize)>,
    /// The number of brackets so far.
    opened: usize,
    in_code: bool,
    /// The number of links, mentions and images so far.
    links: usize,
    /// Marks of this block that wait for the next citation group.
    waiting: Vec<usize>,
    /// The marks of the last citation group, and its end.
    served: (Vec<usize>, usize),
    section: Option<usize>,
    quotes: Vec<usize>,
    /// True if emphasis of this block ended before a bracket that began in it.
    left_open: bool,
    is_too_deep: bool,
}

impl<'a> Builder<'a> {
    fn new(
        map: &'a SourceMap,
        masked: &'a Masked<'a>,
        shift: usize,
        reading: &'a Reading,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Builder<'a> {
        Builder {
            map,
            masked,
            shift,
            reading,
            diagnostics,
            out: Markdown {
                // Capacity for a text full of marks, to avoid repeated copying.
                body: Body {
                    items: Vec::with_capacity(masked.source.len() / 12),
                },
                marks: Vec::with_capacity(masked.blocks.len()),
                headings: Vec::new(),
                sections: Vec::new(),
                cites: Vec::new(),
                attributions: Vec::new(),
            },
            frames: Vec::new(),
            brackets: Vec::new(),
            run: String::new(),
            run_span: None,
            next_block: 0,
            claimed: vec![false; masked.blocks.len()],
            seen: vec![false; masked.blocks.len()],
            definitions: Vec::new(),
            defined: BTreeSet::new(),
            used_labels: BTreeSet::new(),
            is_cut: false,
            lost_until: 0,
            last_quote: None,
            opened: 0,
            in_code: false,
            links: 0,
            waiting: Vec::new(),
            served: (Vec::new(), 0),
            section: None,
            quotes: Vec::new(),
            left_open: false,
            is_too_deep: false,
        }
    }

    fn span(&self, range: &std::ops::Range<usize>) -> Span {
        Span::new(range.clone()).shifted(self.shift)
    }

    fn place(&self, range: std::ops::Range<usize>) -> Place {
        self.map.place(self.span(&range))
    }

    /// Returns the place of the character at a byte.
    fn place_at(&self, at: usize) -> Place {
        let source = self.masked.source;
        match source.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => self.place(at..at + c.len_utf8()),
            // At the end of the text, the last character.
            None => {
                self.place(source.floor_char_boundary(source.len().saturating_sub(1))..source.len())
            }
        }
    }

    fn push(&mut self, node: Node<Name>, range: &std::ops::Range<usize>) {
        self.end_of_run();
        let span = self.span(range);
        self.out.body.items.push(Item { node, span });
    }

    /// Appends to the pending text.
    fn push_text(&mut self, text: &str, range: &std::ops::Range<usize>) {
        let Span { start, end } = self.span(range);
        let start = self.run_span.map_or(start, |span| span.start);
        self.run_span = Some(Span { start, end });
        self.run.push_str(text);
    }

    /// Stores the pending text as an item.
    fn end_of_run(&mut self) {
        if let Some(span) = self.run_span.take() {
            let node = Node::Text(self.run.as_str().into());
            self.out.body.items.push(Item { node, span });
            self.run.clear();
        }
    }

    /// True if the text ends here, between two blocks, because it exceeds the limit.
    fn is_full(&mut self, range: &std::ops::Range<usize>) -> bool {
        let is_full = self.frames.is_empty() && self.out.body.items.len() > MOST_PIECES;
        if is_full {
            let place = self.place(range.start..range.start);
            self.diagnostics.push(too_long(place));
        }
        is_full
    }

    fn event(&mut self, event: Event<'_>, range: std::ops::Range<usize>) {
        if self
            .frames
            .last()
            .is_some_and(|frame| frame.kind == FrameKind::Silent)
            && !matches!(event, Event::End(_))
        {
            return;
        }
        if !matches!(event, Event::Text(_)) {
            self.end_of_run();
        }
        if matches!(
            event,
            Event::Text(_) | Event::Code(_) | Event::Html(_) | Event::InlineHtml(_)
        ) {
            self.sees(&range);
        }
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(text, range),
            Event::Code(code) => {
                let code = self.masked.restore(&code, &range).into();
                self.push(Node::Code(code), &range);
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = self.masked.restore(&html, &range).into();
                self.push(Node::Html(html), &range);
            }
            Event::InlineMath(text) | Event::DisplayMath(text) => self.push_text(&text, &range),
            Event::FootnoteReference(label) => {
                self.push(Node::Footnote(label.as_ref().into()), &range)
            }
            Event::SoftBreak => self.push(Node::SoftBreak, &range),
            Event::HardBreak => self.push(Node::HardBreak, &range),
            Event::Rule => {
                self.end_of_block();
                self.push(Node::Rule, &range);
            }
            Event::TaskListMarker(done) => self.push(Node::Task(done), &range),
        }
    }

    /// Records our syntax in a text or code, where readers see it.
    fn sees(&mut self, range: &std::ops::Range<usize>) {
        if !self.masked.blocks.is_empty() {
            let blocks = self.blocks_in(range);
            self.seen[blocks].fill(true);
        }
        let first = self.definitions.partition_point(|it| it.0 < range.start);
        let here = self.definitions[first..].iter_mut();
        for definition in here.take_while(|it| it.0 < range.end) {
            definition.1 = None;
        }
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of pulldown-cmark")]
    fn start(&mut self, tag: Md<'_>, range: std::ops::Range<usize>) {
        let start = self.out.body.items.len();
        if self.frames.len() >= DEEPEST {
            self.too_deep(&range);
            return self.open(start, FrameKind::Flattened);
        }
        let kind = match &tag {
            Md::Paragraph => {
                if let Some(FrameKind::Quote { last_paragraph, .. }) =
                    self.frames.last_mut().map(|frame| &mut frame.kind)
                {
                    *last_paragraph = Some(start);
                }
                FrameKind::Block
            }
            Md::BlockQuote(_) => {
                let number = self.out.attributions.len();
                self.out.attributions.push(Attribution::None);
                self.quotes.push(number);
                FrameKind::Quote {
                    number,
                    last_paragraph: None,
                }
            }
            Md::Heading { level, .. } => FrameKind::Heading {
                number: self.start_heading(*level as u8, &range),
            },
            Md::Link {
                link_type: LinkType::WikiLink { has_pothole },
                ..
            } if !has_pothole => FrameKind::Silent,
            Md::Link { dest_url, .. } if is_saying(dest_url) && self.reading.annotated => {
                FrameKind::SayingLink
            }
            Md::Emphasis
            | Md::Strong
            | Md::Strikethrough
            | Md::Superscript
            | Md::Subscript
            | Md::Link { .. }
            | Md::Image { .. } => FrameKind::Inline,
            _ => FrameKind::Block,
        };
        let Some(tag) = self.tag(tag, &range) else {
            return self.open(start, FrameKind::Flattened);
        };
        if tag.is_block() && !matches!(tag, Tag::TableCell) {
            self.end_of_block();
        }
        self.in_code |= matches!(tag, Tag::CodeBlock(_));
        self.links += usize::from(matches!(
            tag,
            Tag::Link(_) | Tag::Image(_) | Tag::Mention(_)
        ));
        self.push(Node::Start(tag), &range);
        self.open(start, kind);
    }

    fn open(&mut self, start: usize, kind: FrameKind) {
        self.frames.push(Frame {
            start,
            kind,
            brackets: self.brackets.len(),
        });
    }

    fn end(&mut self, tag: TagEnd, range: std::ops::Range<usize>) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        if matches!(tag, TagEnd::BlockQuote(_)) {
            self.quotes.pop();
        }
        let left_open = self.brackets.len() > frame.brackets;
        self.end_of_brackets(frame.brackets);
        self.told_of_block(&tag, &range);
        match frame.kind {
            FrameKind::Flattened => {}
            FrameKind::SayingLink | FrameKind::Inline if self.saying_behind(&frame, &range) => {}
            FrameKind::SayingLink => self.end_saying_link(&frame, &range),
            FrameKind::Silent => self.end_silent(&frame, &range),
            FrameKind::Inline if self.is_empty_mention(&frame) => {
                self.out.body.items.truncate(frame.start + 1);
                self.end_silent(&frame, &range);
            }
            FrameKind::Inline => {
                let is_image = matches!(tag, TagEnd::Image);
                if is_image && self.reading.is_vault {
                    self.width(&frame);
                }
                if is_image
                    && self.reading.annotated
                    && self.out.body.items.len() == frame.start + 1
                {
                    let place = self.place(range.clone());
                    self.diagnostics.push(image_without_alt(place));
                }
                self.left_open |= left_open;
                self.push(Node::End, &range);
                self.braces_behind(&frame, &range);
            }
            FrameKind::Heading { number } => {
                self.end_heading(&frame, number);
                self.push(Node::End, &range);
                self.end_of_block();
            }
            FrameKind::Quote {
                number,
                last_paragraph,
            } => {
                if let Some(paragraph) = last_paragraph {
                    self.attribute(number, frame.start, paragraph);
                }
                self.push(Node::End, &range);
                if self.reading.is_vault {
                    self.callout(&frame);
                }
                if self.out.attributions[number] == Attribution::None {
                    let quote = self.masked.source.get(range.clone()).unwrap_or("");
                    let end = range.start + quote.trim_end_matches(['\n', '>', ' ', '\r']).len();
                    self.last_quote = Some((self.out.body.items.len(), end));
                }
                self.end_of_block();
            }
            FrameKind::Block => {
                self.in_code = false;
                if tag == TagEnd::Paragraph && self.reading.annotated {
                    self.attribution_outside(frame.start);
                }
                self.push(Node::End, &range);
                if tag != TagEnd::TableCell {
                    self.end_of_block();
                }
            }
        }
    }

    /// Later citations do not apply to the marks of this block.
    fn end_of_block(&mut self) {
        self.left_open = false;
        self.waiting.clear();
        self.served.0.clear();
    }

    fn too_deep(&mut self, range: &std::ops::Range<usize>) {
        if !std::mem::replace(&mut self.is_too_deep, true) {
            let place = self.place_at(range.start);
            self.diagnostics.push(nested_too_deep(place));
        }
    }

    fn finish(mut self) -> Markdown {
        self.end_of_run();
        self.end_of_brackets(0);
        self.told_of_notes();
        if !self.is_cut {
            self.told_of_unused();
        }
        let mut out = self.out;
        if self.reading.dialect == Dialect::Annotated {
            words::drop_wide_line_ends(&mut out.body.items);
        }
        words::merge_texts(&mut out);
        // A quotation with only an attribution line has no words of its own.
        let empty = out
            .marks
            .iter()
            .filter(|mark| mark.words.is_empty() && mark.whole_quote.is_none());
        let told = empty.map(|mark| marks::without_words(self.map.place(mark.span)));
        self.diagnostics.extend(told);
        out
    }
}

/// True if an address begins with a verb.
fn is_saying(url: &str) -> bool {
    let verb = url.split_once(':').map(|(verb, _)| verb);
    verb.and_then(Verb::parse).is_some()
}
