//! Raw HTML within a body is balanced with the Markdown around it.

use std::fmt::Write as _;

use super::body::{Closing, Writer};
use super::escape_text;
use super::raw::{self, Token};
use crate::config::RawHtml;
use crate::text::Span;
use crate::text::tags::{self, Piece, Tag};

impl Writer<'_> {
    pub(super) fn raw(&mut self, html: &str, span: Span) {
        match self.setting.raw_html() {
            RawHtml::Allow if self.setting.is_plain() => self.pass(html),
            RawHtml::Allow => self.html.push_str(html),
            RawHtml::Escape => escape_text(html, &mut self.html),
            RawHtml::Basic => {
                let inline = self.is_inline();
                for token in raw::tokens(html, inline, self.setting) {
                    self.token(token, html, span);
                }
            }
        }
    }

    /// Writes raw HTML in balance: an end tag without a start tag and an unfinished tag are left
    /// out, and an open element ends with the Markdown that contains it.
    fn pass(&mut self, html: &str) {
        for piece in tags::pieces(html) {
            match piece {
                Piece::Text(text) => self.html.push_str(&escape_loose(text)),
                Piece::Verbatim(text) => self.html.push_str(text),
                Piece::Comment => {}
                Piece::Open(tag) => {
                    self.pass_tag(&tag);
                    if tag.stays_open() {
                        self.open_raw(tag.name.to_ascii_lowercase().into());
                    }
                }
                Piece::Close(name) => {
                    let in_block = matches!(self.open.last(), Some(Closing::None));
                    let top = self.open.len() - usize::from(in_block);
                    let innermost = top.checked_sub(1).map(|at| &self.open[at]);
                    let is_its_end = matches!(innermost, Some(Closing::Raw(open))
                        if open.eq_ignore_ascii_case(name));
                    if is_its_end {
                        self.open.remove(top - 1);
                        let _ = write!(self.html, "</{}>", name.to_ascii_lowercase());
                    }
                }
            }
        }
    }

    /// Writes a tag unchanged, except for its addresses, which become relative to this page.
    fn pass_tag(&mut self, tag: &Tag<'_>) {
        let wanted = match tag.name.to_ascii_lowercase().as_str() {
            "a" => Some("href"),
            "img" => Some("src"),
            _ => None,
        };
        let address = wanted.and_then(|wanted| tag.attribute(wanted));
        let rebased = address.and_then(|found| Some((found, self.setting.rebased(found.value)?)));
        match rebased {
            Some((found, address)) => {
                self.html.push_str(&tag.source[..found.at]);
                self.html.push_str(&address);
                self.html
                    .push_str(&tag.source[found.at + found.value.len()..]);
            }
            None => self.html.push_str(tag.source),
        }
    }

    /// True within a line, where no block element is allowed.
    fn is_inline(&self) -> bool {
        !matches!(
            self.open.last(),
            None | Some(Closing::None | Closing::Raw(_))
        ) || self
            .open
            .iter()
            .any(|closing| matches!(closing, Closing::Paragraph))
    }

    fn token(&mut self, token: Token<'_>, html: &str, span: Span) {
        match token {
            Token::Text(text) => self.html.push_str(&escape_loose(text)),
            Token::Comment => {}
            Token::Open { html, name } => {
                self.html.push_str(&html);
                if let Some(name) = name {
                    // An element can stay open over several blocks: it then belongs to none of
                    // them.
                    self.open_raw(name.into());
                }
            }
            Token::Close(name, tag) => {
                if !self.close_raw(name) {
                    self.refuse(tag, html, span);
                }
            }
            Token::Refused(tag) => self.refuse(tag, html, span),
        }
    }

    /// Shows a tag as text, and records one diagnostic per element, at its start tag.
    fn refuse(&mut self, tag: &str, html: &str, span: Span) {
        escape_text(tag, &mut self.html);
        let name = tag.trim_start_matches(['<', '/']);
        let end = name.find(|c: char| !c.is_ascii_alphanumeric());
        let name = name[..end.unwrap_or(name.len())].to_ascii_lowercase();
        if tag.starts_with("</") {
            let opened = self.refused_open.iter().rposition(|open| *open == name);
            if let Some(opened) = opened {
                self.refused_open.remove(opened);
                return;
            }
        } else {
            self.refused_open.push(name);
        }
        // The tag is a slice of the run, and the run is unchanged source text.
        let offset = tag.as_ptr() as usize - html.as_ptr() as usize;
        let place = if span.range().len() == html.len() {
            let start = span.start as usize + offset;
            Span::new(start..start + tag.len())
        } else {
            span
        };
        self.written.refused.push((tag.to_string(), place));
    }

    fn open_raw(&mut self, name: Box<str>) {
        match self.open.last() {
            Some(Closing::None) => {
                let at = self.open.len() - 1;
                self.open.insert(at, Closing::Raw(name));
            }
            _ => self.open.push(Closing::Raw(name)),
        }
    }

    fn close_raw(&mut self, name: &'static str) -> bool {
        let in_block = matches!(self.open.last(), Some(Closing::None));
        let top = self.open.len() - usize::from(in_block);
        let from = self.open[..top]
            .iter()
            .rposition(|closing| !matches!(closing, Closing::Raw(_)))
            .map_or(0, |at| at + 1);
        let Some(at) = self.open[from..top]
            .iter()
            .rposition(|closing| matches!(closing, Closing::Raw(open) if **open == *name))
        else {
            return false;
        };
        for closing in self
            .open
            .drain(from + at..top)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            if let Closing::Raw(name) = closing {
                let _ = write!(self.html, "</{name}>");
            }
        }
        true
    }
}

/// Escapes text between raw tags, except for character references.
fn escape_loose(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>']) {
        html.push_str(&rest[..at]);
        let c = rest.as_bytes()[at];
        let is_reference = c == b'&'
            && rest[at + 1..].split_once(';').is_some_and(|(name, _)| {
                !name.is_empty()
                    && name.len() < 12
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#')
            });
        if is_reference {
            html.push('&');
        } else {
            escape_text(&rest[at..=at], &mut html);
        }
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
    html
}
