//! One shape of text in two states: `Body<Name>` after `parse`, `Body<Target>` after `link`.
//!
//! A body is a flat run of nodes with `Start` and `End` around what they hold, so that no walk
//! over it recurses and hostile nesting cannot overflow a stack.

use std::ops::Range;

use crate::text::Span;

/// A text whose references are of type `R`.
#[derive(Debug, Clone, PartialEq)]
pub struct Body<R> {
    pub items: Vec<Item<R>>,
}

/// A node and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<R> {
    pub node: Node<R>,
    pub span: Span,
}

/// The number of a mark within its document, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarkNo(pub u32);

#[derive(Debug, Clone, PartialEq)]
pub enum Node<R> {
    Start(Tag<R>),
    /// Closes the innermost open tag.
    End,
    Text(Box<str>),
    Code(Box<str>),
    /// A run of raw HTML, as written.
    Html(Box<str>),
    SoftBreak,
    HardBreak,
    Rule,
    /// A reference to the footnote with this label.
    Footnote(Box<str>),
    /// The box of a task, ticked or not.
    Task(bool),
    /// One bracket of citations, `[see @a, p. 4; @b]`.
    Cite(Box<[CiteItem<R>]>),
}

/// What a `Start` opens. A body is a run of nodes that are all as large as the largest, and most
/// are words: what needs more room than these stands behind a pointer.
#[derive(Debug, Clone, PartialEq)]
pub enum Tag<R> {
    Paragraph,
    Heading(Box<HeadingStart>),
    Quote(Option<Alert>),
    /// Obsidian's callout: the first block in it is its title.
    Callout {
        /// `tip`, `bug` or a word of the author's own, in lower case.
        kind: Box<str>,
        /// Whether it is unfolded at first; none for one that does not fold.
        is_open: Option<bool>,
    },
    /// The title of a callout.
    CalloutTitle,
    /// A code block and its info string.
    CodeBlock(Box<str>),
    HtmlBlock,
    /// A list, numbered from the given number or not.
    List(Option<u64>),
    ListItem,
    FootnoteDefinition(Box<str>),
    DefinitionList,
    DefinitionTitle {
        /// Empty where it has none.
        anchor: Box<str>,
    },
    DefinitionBody,
    Table(Box<[Align]>),
    TableHead,
    TableRow,
    TableCell,
    Emphasis,
    Strong,
    Strikethrough,
    Link(Box<LinkStart<R>>),
    Image(Box<ImageStart<R>>),
    /// `[[…]]`: a link to an actor, claim, source or briefing, or an embedded image.
    Mention(Box<R>),
    /// Words that carry positions or an event.
    Mark(MarkNo),
    /// A bracketed span without a verb.
    Span(Box<SpanStart>),
}

/// The start of a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadingStart {
    /// 1 to 6.
    pub level: u8,
    /// Empty where it has none.
    pub anchor: Box<str>,
    pub classes: Vec<Box<str>>,
}

impl HeadingStart {
    /// The same heading, with an anchor.
    pub fn anchored<R>(&self, anchor: Box<str>) -> Tag<R> {
        let (level, classes) = (self.level, self.classes.clone());
        Tag::Heading(Box::new(HeadingStart {
            level,
            anchor,
            classes,
        }))
    }
}

/// The start of a link's words.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkStart<R> {
    pub to: R,
    pub title: Box<str>,
}

impl<R> LinkStart<R> {
    /// The same link, to `to`.
    pub fn leading<T>(&self, to: T) -> Tag<T> {
        let title = self.title.clone();
        Tag::Link(Box::new(LinkStart { to, title }))
    }
}

/// The start of an image's alternative text.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageStart<R> {
    pub to: R,
    pub title: Box<str>,
    /// As the author wants it, where it is not the image's own.
    pub width: Option<Width>,
}

impl<R> ImageStart<R> {
    /// The same image, of `to`.
    pub fn showing<T>(&self, to: T) -> Tag<T> {
        let (title, width) = (self.title.clone(), self.width);
        Tag::Image(Box::new(ImageStart { to, title, width }))
    }
}

/// The start of a bracketed span.
#[derive(Debug, Clone, PartialEq)]
pub struct SpanStart {
    pub id: Option<Box<str>>,
    pub classes: Vec<Box<str>>,
}

/// One item of a citation bracket.
#[derive(Debug, Clone, PartialEq)]
pub struct CiteItem<R> {
    pub key: R,
    /// Words before the key: `see`.
    pub prefix: Box<str>,
    /// Words after it: `p. 4`.
    pub locator: Box<str>,
    /// `-@key`: the author is named in the text already.
    pub suppress_author: bool,
}

/// How wide an image is to be shown, in pixels, and perhaps how tall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    pub wide: u16,
    pub tall: Option<u16>,
}

/// The kinds of alert that GitHub knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alert {
    Note,
    Tip,
    Important,
    Warning,
    Caution,
}

impl Alert {
    pub fn word(self) -> &'static str {
        match self {
            Alert::Note => "note",
            Alert::Tip => "tip",
            Alert::Important => "important",
            Alert::Warning => "warning",
            Alert::Caution => "caution",
        }
    }
}

/// How a table column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    None,
    Left,
    Center,
    Right,
}

impl<R> Body<R> {
    pub fn empty() -> Body<R> {
        Body { items: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The outermost blocks, each as the places of its items.
    pub fn blocks(&self) -> Vec<Range<usize>> {
        let (mut blocks, mut depth, mut start) = (Vec::new(), 0_usize, 0);
        for (at, item) in self.items.iter().enumerate() {
            match item.node {
                Node::Start(_) => depth += 1,
                Node::End => depth = depth.saturating_sub(1),
                Node::Text(_)
                | Node::Code(_)
                | Node::Html(_)
                | Node::SoftBreak
                | Node::HardBreak
                | Node::Rule
                | Node::Footnote(_)
                | Node::Task(_)
                | Node::Cite(_) => {}
            }
            if depth == 0 {
                blocks.push(start..at + 1);
                start = at + 1;
            }
        }
        blocks
    }
}

impl<R> Tag<R> {
    /// What a mention or a link leads to.
    pub fn leads_to(&self) -> Option<&R> {
        match self {
            Tag::Mention(to) => Some(to),
            Tag::Link(link) => Some(&link.to),
            _ => None,
        }
    }

    /// Whether it stands in the block structure rather than within a line.
    pub fn is_block(&self) -> bool {
        match self {
            Tag::Paragraph
            | Tag::Heading(_)
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
            | Tag::TableCell => true,
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Link(_)
            | Tag::Image(_)
            | Tag::Mention(_)
            | Tag::Mark(_)
            | Tag::Span(_) => false,
        }
    }
}
