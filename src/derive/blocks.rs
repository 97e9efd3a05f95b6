//! Converts a body to blocks of plain text that keep the source node of each word.

use std::ops::Range;

use crate::model::{Body, Node, Tag};

/// A paragraph, heading, cell or other block as readers see it: without citations, footnote
/// references, raw HTML and alternative texts. Code blocks are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub kind: BlockKind,
    pub text: String,
    /// The source item of each part of the text, in order.
    pub runs: Vec<Run>,
    /// Links, mentions, marks and other inline tags, ordered by start.
    pub inlines: Vec<Inline>,
    /// The positions in the text at which citations and footnote references were left out, in
    /// order.
    pub notes: Vec<usize>,
    /// The number of the innermost block quotation that contains the block.
    pub quote: Option<usize>,
}

/// The kind of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    Heading { anchor: String },
    Text,
}

/// A part of a block's text that comes from one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub range: Range<usize>,
    /// Its index in the body's items.
    pub item: usize,
    pub is_code: bool,
}

/// An inline tag and its part of a block's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inline {
    pub range: Range<usize>,
    /// The index of its `Start` in the body's items.
    pub item: usize,
}

/// Returns the blocks of `body`, in one pass. A block with nested blocks is split where they begin.
pub fn blocks<R>(body: &Body<R>) -> Vec<Block> {
    let mut walk = Walk::new();
    for (item, here) in body.items.iter().enumerate() {
        match &here.node {
            Node::Start(tag) => walk.start(item, tag),
            Node::End => walk.end(),
            Node::Text(text) => walk.text(item, text, false),
            Node::Code(text) => walk.text(item, text, true),
            Node::SoftBreak | Node::HardBreak => walk.text(item, " ", false),
            Node::Cite(_) | Node::Footnote(_) => walk.note(),
            Node::Html(_) | Node::Task(_) => {}
            Node::Rule => walk.flush(),
        }
    }
    walk.flush();
    walk.blocks
}

/// An open tag.
enum Open {
    Block,
    Quote,
    /// A block or image whose text is not part of the sentence.
    Hidden,
    /// An inline tag that began in the block with this serial number.
    Inline {
        serial: usize,
        at: usize,
    },
}

struct Walk {
    blocks: Vec<Block>,
    block: Block,
    /// The number of blocks so far, including empty ones.
    serial: usize,
    open: Vec<Open>,
    hidden: usize,
    quotes: Vec<usize>,
    quotes_seen: usize,
    /// True after a citation or footnote reference that was left out.
    after_note: bool,
}

impl Walk {
    fn new() -> Walk {
        Walk {
            blocks: Vec::new(),
            block: Block::new(BlockKind::Text, None),
            serial: 0,
            open: Vec::new(),
            hidden: 0,
            quotes: Vec::new(),
            quotes_seen: 0,
            after_note: false,
        }
    }

    fn start<R>(&mut self, item: usize, tag: &Tag<R>) {
        if tag.is_block() {
            self.flush();
        }
        let open = match tag {
            Tag::CodeBlock(_) | Tag::HtmlBlock | Tag::Image(_) => {
                self.hidden += 1;
                Open::Hidden
            }
            Tag::Quote(_) | Tag::Callout { .. } => {
                self.quotes.push(self.quotes_seen);
                self.quotes_seen += 1;
                self.block.quote = self.quotes.last().copied();
                Open::Quote
            }
            Tag::Heading(heading) => {
                self.block.kind = BlockKind::Heading {
                    anchor: heading.anchor.to_string(),
                };
                Open::Block
            }
            Tag::Paragraph
            | Tag::CalloutTitle
            | Tag::List(_)
            | Tag::ListItem
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionTitle { .. }
            | Tag::DefinitionBody
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell => Open::Block,
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link(_)
            | Tag::Mention(_)
            | Tag::Mark(_)
            | Tag::Span(_) => {
                let at = self.block.text.len();
                self.block.inlines.push(Inline {
                    range: at..usize::MAX,
                    item,
                });
                Open::Inline {
                    serial: self.serial,
                    at: self.block.inlines.len() - 1,
                }
            }
        };
        self.open.push(open);
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Block) => self.flush(),
            Some(Open::Quote) => {
                self.flush();
                self.quotes.pop();
                self.block.quote = self.quotes.last().copied();
            }
            Some(Open::Hidden) => self.hidden -= 1,
            Some(Open::Inline { serial, at }) if serial == self.serial => {
                self.block.inlines[at].range.end = self.block.text.len();
            }
            Some(Open::Inline { .. }) | None => {}
        }
    }

    fn text(&mut self, item: usize, text: &str, is_code: bool) {
        if self.hidden > 0 {
            return;
        }
        let kept = &mut self.block.text;
        // `said [@wh].` becomes `said.` without the citation.
        if std::mem::take(&mut self.after_note)
            && kept.ends_with(' ')
            && text.starts_with([' ', '.', ',', ';', ':', '!', '?', ')'])
        {
            kept.pop();
        }
        let start = kept.len();
        kept.push_str(text);
        self.block.runs.push(Run {
            range: start..kept.len(),
            item,
            is_code,
        });
    }

    fn note(&mut self) {
        self.after_note = true;
        if self.hidden == 0 {
            self.block.notes.push(self.block.text.len());
        }
    }

    fn flush(&mut self) {
        let next = Block::new(BlockKind::Text, self.quotes.last().copied());
        let mut block = std::mem::replace(&mut self.block, next);
        self.serial += 1;
        self.after_note = false;
        if block.text.is_empty() && block.inlines.is_empty() {
            return;
        }
        let len = block.text.len();
        for inline in &mut block.inlines {
            inline.range.start = inline.range.start.min(len);
            inline.range.end = inline.range.end.min(len).max(inline.range.start);
        }
        for note in &mut block.notes {
            *note = (*note).min(len);
        }
        for run in &mut block.runs {
            run.range.end = run.range.end.min(len).max(run.range.start);
        }
        self.blocks.push(block);
    }
}

impl Block {
    fn new(kind: BlockKind, quote: Option<usize>) -> Block {
        Block {
            kind,
            text: String::new(),
            runs: Vec::new(),
            inlines: Vec::new(),
            notes: Vec::new(),
            quote,
        }
    }

    /// Returns the run that contains the byte `at` of the text.
    pub fn run_at(&self, at: usize) -> Option<&Run> {
        let after = self.runs.partition_point(|run| run.range.start <= at);
        // A run that lost its last space can be empty; then the run before it is no better.
        after.checked_sub(1).map(|before| &self.runs[before])
    }
}
