//! Links, images and citations within a line.

use std::fmt::Write as _;

use super::body::{Closing, Writer};
use super::{Size, escape, escape_address, escape_text};
use crate::config::RawHtml;
use crate::model::{CiteItem, Entity, Node, Target, Width};

/// An image whose alternative text is not complete yet.
pub(super) struct Image {
    alt: String,
    title: Box<str>,
    size: Option<Size>,
    /// The width that the author set.
    width: Option<Width>,
    /// True for an image on another host, which is written as a link.
    is_elsewhere: bool,
}

impl Writer<'_> {
    /// Inside an image, all content is alternative text.
    pub(super) fn in_image(&mut self, node: &Node<Target>) {
        let Some(Image { alt, .. }) = &mut self.image else {
            return;
        };
        match node {
            Node::Text(text) | Node::Code(text) | Node::Html(text) => alt.push_str(text),
            Node::SoftBreak | Node::HardBreak => alt.push(' '),
            Node::Start(_) => self.open.push(Closing::None),
            Node::End => match self.open.pop() {
                Some(Closing::Image) | None => {
                    self.depth -= 1;
                    self.image_end();
                }
                Some(_) => {}
            },
            Node::Rule | Node::Footnote(_) | Node::Task(_) | Node::Cite(_) => {}
        }
    }

    pub(super) fn link(&mut self, to: &Target, title: &str) {
        let link = self.setting.link(to);
        self.in_link += 1;
        self.html.push_str("<a");
        if !link.class.is_empty() {
            let _ = write!(self.html, " class=\"{}\"", link.class);
        }
        self.html.push_str(" href=\"");
        escape_address(&link.href, &mut self.html);
        self.html.push('"');
        if let Some(card) = &link.card {
            self.html.push_str(" data-card=\"");
            escape(card, &mut self.html);
            self.html.push('"');
        }
        if link.is_external {
            self.html.push_str(" rel=\"noopener noreferrer\"");
        }
        self.title(title);
        self.html.push('>');
    }

    pub(super) fn title(&mut self, title: &str) {
        if !title.is_empty() {
            self.html.push_str(" title=\"");
            escape(title, &mut self.html);
            self.html.push('"');
        }
    }

    pub(super) fn image_start(&mut self, to: &Target, title: &str, width: Option<Width>) {
        let link = self.setting.link(to);
        // A page loads nothing from other hosts, so an image on another host becomes a link. With
        // `raw-html = "allow"` it stays an image, but the content security policy blocks it.
        let is_elsewhere = link.is_external
            && !link.href.starts_with("data:")
            && self.setting.raw_html() != RawHtml::Allow;
        self.html.push_str(if is_elsewhere {
            "<a rel=\"noopener noreferrer\" href=\""
        } else {
            "<img src=\""
        });
        escape_address(&link.href, &mut self.html);
        self.html.push('"');
        self.image = Some(Image {
            alt: String::new(),
            title: title.into(),
            size: link.size,
            width,
            is_elsewhere,
        });
    }

    pub(super) fn image_end(&mut self) {
        let Some(image) = self.image.take() else {
            return;
        };
        if image.is_elsewhere {
            self.title(&image.title);
            self.html.push_str(">Image: ");
            escape_text(&image.alt, &mut self.html);
            self.html.push_str("</a>");
        } else {
            self.html.push_str(" alt=\"");
            escape(&image.alt, &mut self.html);
            self.html.push('"');
            self.title(&image.title);
            let size = match image.width {
                Some(asked) => asked_for(asked, image.size),
                None => image.size,
            };
            if let Some(Size { width, height }) = size {
                // Lazy loading only if the size is known, so that the page does not jump.
                let _ = write!(
                    self.html,
                    " width=\"{width}\" height=\"{height}\" loading=\"lazy\""
                );
            } else if let Some(Width { wide, .. }) = image.width {
                let _ = write!(self.html, " width=\"{wide}\"");
            }
            self.html.push('>');
        }
    }

    pub(super) fn cite(&mut self, items: &[CiteItem<Target>]) {
        self.html.push_str("<span class=\"cite\">[");
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.html.push_str("; ");
            }
            let Target::Entity {
                entity: Entity::Source(source),
                ..
            } = &item.key
            else {
                continue;
            };
            let (number, anchor) = self.setting.cited(*source);
            if !item.prefix.is_empty() {
                escape_text(&item.prefix, &mut self.html);
                self.html.push(' ');
            }
            self.html.push_str("<a href=\"#");
            escape_address(&anchor, &mut self.html);
            let _ = write!(self.html, "\">{number}</a>");
            if !item.locator.is_empty() {
                self.html.push_str(", ");
                escape_text(&item.locator, &mut self.html);
            }
        }
        self.html.push_str("]</span>");
    }
}

/// Returns the displayed size of an image for which the author set a width.
fn asked_for(asked: Width, own: Option<Size>) -> Option<Size> {
    let width = u32::from(asked.wide);
    let height = match (asked.tall, own) {
        (Some(tall), _) => u32::from(tall),
        (None, Some(own)) => (width * own.height + own.width / 2) / own.width.max(1),
        (None, None) => return None,
    };
    Some(Size { width, height })
}
