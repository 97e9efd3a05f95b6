//! A text in two states: `Body<Name>` after `parse`, `Body<Target>` after `link`.
//!
//! A body is a flat list of nodes with `Start` and `End` around nested ones. So no function
//! recurses, and deep nesting in hostile input cannot overflow the stack.

use std::ops::Range;

use crate::text::Span;

/// A text whose references are of type `R`.
#[derive(Debug, Clone, PartialEq)]
pub struct Body<R> {
    pub items: Vec<Item<R>>,
}

/// A node and its place in the source.
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
    /// Ends the innermost open tag.
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
    /// The checkbox of a task, checked or not.
    Task(bool),
    /// One bracket of citations, `[see @a, p. 4; @b]`.
    Cite(Box<[CiteItem<R>]>),
}

/// The tag that a `Start` opens. All nodes of a body have the size of the largest, and most are
/// words, so larger contents are boxed.
#[derive(Debug, Clone, PartialEq)]
pub enum Tag<R> {
    Paragraph,
    Heading(Box<HeadingStart>),
    Quote(Option<Alert>),
    /// An Obsidian callout; its first block is its title.
    Callout {
        /// `tip`, `bug` or another type, in lower case.
        kind: Box<str>,
        /// Whether it is initially unfolded; `None` if it is not foldable.
        is_open: Option<bool>,
    },
    /// The title of a callout.
    CalloutTitle,
    /// A code block with its info string.
    CodeBlock(Box<str>),
    HtmlBlock,
    /// A list; `Some` start number if it is ordered.
    List(Option<u64>),
    ListItem,
    FootnoteDefinition(Box<str>),
    DefinitionList,
    DefinitionTitle {
        /// Empty if it has none.
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
    /// Words with positions or an event.
    Mark(MarkNo),
    /// A bracketed span without a verb.
    Span(Box<SpanStart>),
}

/// The start of a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadingStart {
    /// 1 to 6.
    pub level: u8,
    /// Empty if it has none.
    pub anchor: Box<str>,
    pub classes: Vec<Box<str>>,
}

impl HeadingStart {
    /// Returns the same heading with an anchor.
    pub fn anchored<R>(&self, anchor: Box<str>) -> Tag<R> {
        let (level, classes) = (self.level, self.classes.clone());
        Tag::Heading(Box::new(HeadingStart {
            level,
            anchor,
            classes,
        }))
    }
}

/// The start of a link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkStart<R> {
    pub to: R,
    pub title: Box<str>,
}

impl<R> LinkStart<R> {
    /// Returns the same link with the target `to`.
    pub fn leading<T>(&self, to: T) -> Tag<T> {
        let title = self.title.clone();
        Tag::Link(Box::new(LinkStart { to, title }))
    }
}

/// The start of an image, whose content is the alternative text.
#[derive(Debug, Clone, PartialEq)]
pub struct ImageStart<R> {
    pub to: R,
    pub title: Box<str>,
    /// The size that the author set, if any.
    pub width: Option<Width>,
}

impl<R> ImageStart<R> {
    /// Returns the same image with the target `to`.
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

/// One citation in a bracket.
#[derive(Debug, Clone, PartialEq)]
pub struct CiteItem<R> {
    pub key: R,
    /// Words before the key, such as `see`.
    pub prefix: Box<str>,
    /// Words after it, such as `p. 4`.
    pub locator: Box<str>,
    /// `-@key`: the text already names the author.
    pub suppress_author: bool,
}

/// The width of an image in pixels, and optionally its height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    pub wide: u16,
    pub tall: Option<u16>,
}

/// The kinds of alerts on GitHub.
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

/// The alignment of a table column.
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

    /// Returns the outermost blocks, each as a range of items.
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
    /// Returns the target of a mention or link.
    pub fn leads_to(&self) -> Option<&R> {
        if let Tag::Mention(to) = self {
            Some(to)
        } else if let Tag::Link(link) = self {
            Some(&link.to)
        } else {
            None
        }
    }

    /// True for a block tag, false for an inline tag.
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
