//! Markdown events become a `Body<Name>` with its marks, citations and headings.
//!
//! pulldown-cmark parses the masked source once. Brackets arrive as texts of their own; the
//! `Builder` matches them within their container and turns a pair with an attribute block behind
//! it into a mark or span, and a pair around `@key` into citations. Since a body is a flat run of
//! nodes, the opening bracket is simply replaced by the start of what it turned out to be.

mod brackets;
mod callouts;
mod footnotes;
mod headings;
mod idle;
mod marks;
mod told;
mod unclosed;
mod words;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, LinkType, Options};
use pulldown_cmark::{Tag as Md, TagEnd};

use super::attrs::Attrs;
use super::mask::{self, Masked, Verb};
use super::name::{How, Name};
use super::{Attribution, RawHeading, RawMark, Reading, Section};
use crate::diag::Diagnostic;
use crate::model::{
    Align, Body, CiteItem, Dialect, HeadingStart, ImageStart, Item, LinkStart, Node, Tag,
};
use crate::text::{Place, SitePath, Span, fold};
use told::{image_without_alt, nested_too_deep, too_long};

/// Quotes, lists and marks nested deeper than this are flattened, with a diagnostic.
pub const DEEPEST: usize = 200;
/// A text of more pieces than this ends at the next block: paragraphs, words between marks, marks.
pub const MOST_PIECES: usize = 200_000;

/// What `read` gives: the text and all that was marked in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Markdown {
    pub body: Body<Name>,
    pub marks: Vec<RawMark>,
    pub headings: Vec<RawHeading>,
    pub sections: Vec<Section>,
    /// Citation brackets in their order; marks refer to them by number.
    pub cites: Vec<Vec<CiteItem<Name>>>,
    /// The attributions of block quotations, by number.
    pub attributions: Vec<Attribution>,
}

/// Reads `source` from byte `from` on. Never fails: what is wrong goes to `diagnostics`.
pub fn read(
    file: &SitePath,
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
    // The mask took what looks like a definition. One that stands in code, or behind another one
    // of its label, defines nothing, and only the parser knows.
    masked.labels = parser
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| is_saying(&definition.dest))
        .filter_map(|(label, definition)| {
            let (_, saying) = mask::definition(text, definition.span.start)?;
            Some((fold(label), saying))
        })
        .collect();
    let mut builder = Builder::new(file, &masked, from, reading, diagnostics);
    for (event, range) in parser.into_offset_iter() {
        if builder.is_full(&range) {
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
    // In an annotated book the mask reads them, for headings hand more down than an anchor.
    options.set(
        Options::ENABLE_HEADING_ATTRIBUTES,
        reading.dialect == Dialect::Plain,
    );
    options
}

/// A container that is open.
struct Frame {
    /// Index of its `Start`.
    start: usize,
    kind: FrameKind,
    /// How many brackets were open before it.
    brackets: usize,
}

#[derive(PartialEq, Clone, Copy)]
enum FrameKind {
    Block,
    Quote {
        number: usize,
        /// Index of the start of its last paragraph.
        last_paragraph: Option<usize>,
    },
    Heading {
        number: usize,
    },
    Inline,
    /// A link whose destination is a saying, not seen by the mask.
    SayingLink,
    /// A wikilink without a text of its own: what stands in it is dropped.
    Silent,
    /// Nested too deeply: it leaves no trace but its content.
    Flattened,
}

/// An opening bracket that may still be matched.
struct Bracket {
    /// Index of the item that keeps its place: an empty text until it is known what it opens.
    item: usize,
    /// Its offset.
    at: usize,
    /// How many citation brackets, marks and links there were before it.
    cites: usize,
    marks: usize,
    links: usize,
}

/// What a mark says, whichever its carrier.
struct Said {
    verb: Verb,
    verb_span: Span,
    ids: Vec<Name>,
    attrs: Attrs,
}

struct Builder<'a> {
    file: &'a SitePath,
    masked: &'a Masked<'a>,
    /// Added to every offset: what was cut off in front.
    shift: usize,
    reading: &'a Reading,
    diagnostics: &'a mut Vec<Diagnostic>,
    out: Markdown,
    frames: Vec<Frame>,
    /// The open brackets of all frames.
    brackets: Vec<Bracket>,
    /// Text that waits for its neighbors, and where it stands: one item for many events.
    run: String,
    run_span: Option<Span>,
    /// The first block that no text has passed yet.
    next_block: usize,
    claimed: Vec<bool>,
    in_code: bool,
    /// Links, mentions and images so far.
    links: usize,
    /// Where attributes begin that could not be read, which was said.
    unread: Option<usize>,
    /// Marks of this block that wait for the next citation group.
    waiting: Vec<usize>,
    /// Marks that the last group served, and where it ended.
    served: (Vec<usize>, usize),
    section: Option<usize>,
    quotes: Vec<usize>,
    /// Whether an emphasis of this block ended before a bracket that opened in it.
    left_open: bool,
    is_too_deep: bool,
}

impl<'a> Builder<'a> {
    fn new(
        file: &'a SitePath,
        masked: &'a Masked<'a>,
        shift: usize,
        reading: &'a Reading,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Builder<'a> {
        Builder {
            file,
            masked,
            shift,
            reading,
            diagnostics,
            out: Markdown {
                // Room for a text full of marks: growing would copy it over and over.
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
            in_code: false,
            links: 0,
            unread: None,
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
        Place::new(self.file, self.span(&range))
    }

    /// The place of the character at a byte.
    fn place_at(&self, at: usize) -> Place {
        let rest = self.masked.source.get(at..).unwrap_or("");
        let long = rest.chars().next().map_or(1, char::len_utf8);
        self.place(at..at + long)
    }

    fn push(&mut self, node: Node<Name>, range: &std::ops::Range<usize>) {
        self.end_of_run();
        let span = self.span(range);
        self.out.body.items.push(Item { node, span });
    }

    /// Adds to the text that waits.
    fn push_text(&mut self, text: &str, range: &std::ops::Range<usize>) {
        let Span { start, end } = self.span(range);
        let start = self.run_span.map_or(start, |span| span.start);
        self.run_span = Some(Span { start, end });
        self.run.push_str(text);
    }

    /// Makes an item of the text that waits.
    fn end_of_run(&mut self) {
        if let Some(span) = self.run_span.take() {
            let node = Node::Text(self.run.as_str().into());
            self.out.body.items.push(Item { node, span });
            self.run.clear();
        }
    }

    /// Whether the text ends here, between two blocks, because it is too long.
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

    /// Our tag for a tag of Markdown; nothing for those that leave no trace.
    fn tag(&mut self, tag: Md<'_>, range: &std::ops::Range<usize>) -> Option<Tag<Name>> {
        Some(match tag {
            Md::Paragraph => Tag::Paragraph,
            // In an annotated book anchor and classes are known when the heading ends.
            Md::Heading {
                level, id, classes, ..
            } => Tag::Heading(Box::new(HeadingStart {
                level: level as u8,
                anchor: id.as_deref().unwrap_or("").into(),
                classes: classes.iter().map(|class| class.as_ref().into()).collect(),
            })),
            Md::BlockQuote(kind) => Tag::Quote(kind.map(callouts::alert)),
            Md::CodeBlock(CodeBlockKind::Indented) => Tag::CodeBlock("".into()),
            Md::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Tag::CodeBlock(self.masked.restore(&info, range).into())
            }
            Md::HtmlBlock => Tag::HtmlBlock,
            Md::List(first) => Tag::List(first),
            Md::Item => Tag::ListItem,
            Md::FootnoteDefinition(label) => Tag::FootnoteDefinition(label.as_ref().into()),
            Md::DefinitionList => Tag::DefinitionList,
            Md::DefinitionListTitle => Tag::DefinitionTitle { anchor: "".into() },
            Md::DefinitionListDefinition => Tag::DefinitionBody,
            Md::Table(aligns) => Tag::Table(aligns.into_iter().map(align).collect()),
            Md::TableHead => Tag::TableHead,
            Md::TableRow => Tag::TableRow,
            Md::TableCell => Tag::TableCell,
            Md::Emphasis => Tag::Emphasis,
            Md::Strong => Tag::Strong,
            Md::Strikethrough => Tag::Strikethrough,
            Md::Superscript | Md::Subscript | Md::MetadataBlock(_) => return None,
            Md::Link {
                link_type: LinkType::WikiLink { has_pothole },
                dest_url,
                ..
            } => Tag::Mention(Box::new(self.mention(&dest_url, has_pothole, range))),
            // `<desk@example.org>`: the scheme is understood.
            Md::Link {
                link_type: LinkType::Email,
                dest_url,
                ..
            } => {
                let mut to = self.address(How::Link, &dest_url, range);
                to.text = format!("mailto:{}", to.text).into();
                let title = "".into();
                Tag::Link(Box::new(LinkStart { to, title }))
            }
            Md::Link {
                dest_url, title, ..
            } => Tag::Link(Box::new(LinkStart {
                to: self.address(How::Link, &dest_url, range),
                title: self.masked.restore(&title, range).into(),
            })),
            Md::Image {
                link_type,
                dest_url,
                title,
                ..
            } => Tag::Image(Box::new(ImageStart {
                to: self.address(
                    match link_type {
                        LinkType::WikiLink { .. } => How::Embed,
                        _ => How::Image,
                    },
                    // In a table cell the bar behind it is written `\\|`.
                    match link_type {
                        LinkType::WikiLink { has_pothole: true } => {
                            dest_url.strip_suffix('\\').unwrap_or(&dest_url)
                        }
                        _ => &dest_url,
                    },
                    range,
                ),
                title: self.masked.restore(&title, range).into(),
                width: None,
            })),
        })
    }

    fn mention(&self, written: &str, has_text: bool, range: &std::ops::Range<usize>) -> Name {
        let written = self.masked.restore(written, range);
        // The place of the target is what stands between the brackets, up to the bar.
        let start = range.start + 2;
        let end = (start + written.len())
            .min(range.end.saturating_sub(2))
            .max(start);
        Name::mention(&written, has_text, self.span(&(start..end)))
    }

    fn address(&self, how: How, url: &str, range: &std::ops::Range<usize>) -> Name {
        let url = self.masked.restore(url, range);
        let whole = self.masked.source.get(range.clone()).unwrap_or("");
        let span = match whole.rfind(url.as_ref()) {
            Some(at) if !url.is_empty() => range.start + at..range.start + at + url.len(),
            _ => range.clone(),
        };
        Name {
            how,
            text: url.as_ref().into(),
            fragment: None,
            span: self.span(&span),
        }
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
                self.end_of_block();
            }
            FrameKind::Block => {
                self.in_code = false;
                self.push(Node::End, &range);
                if tag != TagEnd::TableCell {
                    self.end_of_block();
                }
            }
        }
    }

    /// No citation further on serves the marks of this block.
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
        let mut out = self.out;
        words::merge_texts(&mut out);
        out
    }
}

/// Whether an address begins with a verb.
fn is_saying(url: &str) -> bool {
    let verb = url.split_once(':').map(|(verb, _)| verb);
    verb.and_then(Verb::parse).is_some()
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None => Align::None,
        Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}
