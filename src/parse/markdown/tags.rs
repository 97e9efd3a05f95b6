//! Converts Markdown tags to our tags.

use pulldown_cmark::{Alignment, CodeBlockKind, LinkType, Tag as Md};

use super::{Builder, callouts};
use crate::model::{Align, HeadingStart, ImageStart, LinkStart, Tag};
use crate::parse::name::{How, Name};

impl Builder<'_> {
    /// Returns our tag for a Markdown tag; `None` for those without an effect.
    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of pulldown-cmark")]
    pub(super) fn tag(&mut self, tag: Md<'_>, range: &std::ops::Range<usize>) -> Option<Tag<Name>> {
        Some(match tag {
            Md::Paragraph => Tag::Paragraph,
            // In an annotated book, anchor and classes are known when the heading ends.
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
            // `<desk@example.org>` gets the scheme `mailto`.
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
                    // In a table cell, the bar after it is written `\\|`.
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
        // The place of the target is the text between the brackets, up to the bar.
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
}

fn align(alignment: Alignment) -> Align {
    match alignment {
        Alignment::None => Align::None,
        Alignment::Left => Align::Left,
        Alignment::Center => Align::Center,
        Alignment::Right => Align::Right,
    }
}
