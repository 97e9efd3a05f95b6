//! Renders a body as HTML, one segment for each top-level block.
//!
//! With segments, a template can put the notes of a paragraph after it. Text without our syntax is
//! rendered as by pulldown-cmark.

mod closing;

use std::fmt::Write as _;

use super::footnotes::Footnotes;
use super::headings::element as heading_element;
use super::links::Image;
use super::tongue::{self, Tongues};
use super::{
    Face, Highlighter, Highlighting, Html, Reference, RenderContext, escape, escape_address,
    escape_text, listing,
};
use crate::model::{Align, Body, HeadingStart, MarkNo, Node, Tag, Target};
use crate::text::Span;
pub(super) use closing::Closing;

/// A rendered body.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rendered {
    pub segments: Vec<Segment>,
    /// The footnotes in the order of their first references.
    pub footnotes: Option<Html>,
    /// Raw HTML that was shown as text, with its place.
    pub refused: Vec<(String, Span)>,
}

/// A top-level block with its marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub html: Html,
    pub marks: Vec<MarkNo>,
    /// The element: `p`, `h2`, `ul`, `table` …
    pub element: &'static str,
    /// The anchor of a heading.
    pub anchor: Option<String>,
}

/// Renders `body` with the context `setting`.
pub fn segments(
    body: &Body<Target>,
    setting: &dyn RenderContext,
    highlighter: &Highlighter,
) -> Rendered {
    let mut writer = Writer {
        setting,
        highlighting: Highlighting::new(highlighter),
        html: String::new(),
        open: Vec::new(),
        written: Rendered::default(),
        raw_block: None,
        refused_open: Vec::new(),
        marks: Vec::new(),
        element: "",
        anchor: None,
        pending: Vec::new(),
        in_link: 0,
        code: None,
        image: None,
        footnotes: Footnotes::default(),
        depth: 0,
        tongues: tongue::of_quotations(body, setting),
        at: 0,
    };
    for (at, item) in body.items.iter().enumerate() {
        writer.at = at;
        writer.node(&item.node, item.span);
    }
    writer.finish()
}

pub(super) struct Writer<'a> {
    pub(super) setting: &'a dyn RenderContext,
    highlighting: Highlighting<'a>,
    pub(super) html: String,
    pub(super) open: Vec<Closing>,
    pub(super) written: Rendered,
    /// The open block of raw HTML, and its place.
    raw_block: Option<(String, Span)>,
    /// Raw elements that were shown as text, whose end tags are also shown as text.
    pub(super) refused_open: Vec<String>,
    marks: Vec<MarkNo>,
    element: &'static str,
    anchor: Option<String>,
    /// References of ended marks, which are written after closing punctuation.
    pending: Vec<Reference>,
    pub(super) in_link: usize,
    /// The info string and text of the open code block.
    code: Option<(String, String)>,
    /// The open image.
    pub(super) image: Option<Image>,
    pub(super) footnotes: Footnotes,
    /// The number of open Markdown containers.
    pub(super) depth: usize,
    /// The languages of block quotations and of their attributions, by the item that begins them.
    pub(super) tongues: Tongues,
    /// The current item.
    pub(super) at: usize,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node<Target>, span: Span) {
        if let Some((_, code)) = &mut self.code
            && let Node::Text(text) = node
        {
            code.push_str(text);
            return;
        }
        // A block arrives line by line, with indentation as text; a comment or tag can continue
        // over several lines.
        if let Some((block, whole)) = &mut self.raw_block
            && let Node::Html(text) | Node::Text(text) = node
        {
            if block.is_empty() {
                *whole = span;
            }
            whole.end = span.end;
            block.push_str(text);
            return;
        }
        if self.image.is_some() {
            return self.in_image(node);
        }
        match node {
            Node::Text(text) => self.text(text),
            Node::End => self.end(),
            Node::Start(tag) => self.start(tag),
            Node::Code(code) => {
                self.references();
                self.html.push_str("<code>");
                escape_text(code, &mut self.html);
                self.html.push_str("</code>");
            }
            Node::Html(html) => {
                self.references();
                self.raw(html, span);
            }
            Node::SoftBreak => {
                self.references();
                self.html.push('\n');
            }
            Node::HardBreak => {
                self.references();
                self.html.push_str("<br>\n");
            }
            Node::Rule => {
                self.fresh_line();
                self.html.push_str("<hr>\n");
                if self.is_at_top() {
                    self.element = "hr";
                }
                self.end_of_segment();
            }
            Node::Footnote(label) => self.footnote(label),
            Node::Task(done) => {
                let (state, word) = if *done {
                    (" checked", "done")
                } else {
                    ("", "to do")
                };
                let _ = writeln!(
                    self.html,
                    "<input type=\"checkbox\" disabled{state} aria-label=\"{word}\">"
                );
            }
            Node::Cite(items) => {
                self.references();
                self.cite(items);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.pending.is_empty() || self.in_link > 0 {
            return escape_text(text, &mut self.html);
        }
        // The reference follows closing punctuation, and is never on a line of its own.
        let closing = |c: char| {
            matches!(
                c,
                '.' | ',' | ';' | ':' | '!' | '?' | ')' | '”' | '’' | '"' | '»' | '…'
            )
        };
        let end = text.find(|c| !closing(c)).unwrap_or(text.len());
        escape_text(&text[..end], &mut self.html);
        self.references();
        escape_text(&text[end..], &mut self.html);
    }

    /// Writes the pending references.
    pub(super) fn references(&mut self) {
        if self.in_link > 0 {
            return;
        }
        for reference in std::mem::take(&mut self.pending) {
            let Reference {
                number,
                signature,
                line,
                note,
                label,
            } = &reference;
            let _ = write!(self.html, "\u{2060}<span class=\"ref {line}\"><a href=\"#");
            escape_address(note, &mut self.html);
            self.html.push_str("\" aria-label=\"");
            escape(label, &mut self.html);
            let _ = write!(
                self.html,
                "\">{number}</a><button type=\"button\" popovertarget=\""
            );
            escape(note, &mut self.html);
            self.html.push_str("\" aria-label=\"");
            escape(label, &mut self.html);
            // The signature is outside of the link, whose name has it in words.
            let _ = write!(
                self.html,
                "\">{number}</button><i aria-hidden=\"true\">{signature}</i></span>"
            );
        }
    }

    fn start(&mut self, tag: &Tag<Target>) {
        self.references();
        let at_top = self.is_at_top();
        if begins_a_line(tag) {
            self.fresh_line();
        }
        self.depth += 1;
        let (open, closing, element): (&str, Closing, &'static str) = match tag {
            Tag::Paragraph => ("<p>", Closing::Paragraph, "p"),
            Tag::ListItem => ("<li>", Closing::Text("</li>\n"), "li"),
            Tag::DefinitionList => ("<dl>\n", Closing::Text("</dl>\n"), "dl"),
            Tag::DefinitionBody => ("<dd>", Closing::Text("</dd>\n"), "dd"),
            Tag::Emphasis => ("<em>", Closing::Emphasis("</em>"), ""),
            Tag::Strong => ("<strong>", Closing::Emphasis("</strong>"), ""),
            Tag::Strikethrough => ("<del>", Closing::Emphasis("</del>"), ""),
            Tag::HtmlBlock => {
                self.raw_block = Some((String::new(), Span::default()));
                ("", Closing::None, "html")
            }
            Tag::Quote(None) => (
                "<blockquote>\n",
                Closing::Text("</blockquote>\n"),
                "blockquote",
            ),
            Tag::List(None) => ("<ul>\n", Closing::Text("</ul>\n"), "ul"),
            Tag::List(Some(1)) => ("<ol>\n", Closing::Text("</ol>\n"), "ol"),
            Tag::TableHead => ("<thead><tr>", Closing::TableHead, "thead"),
            Tag::Quote(Some(_))
            | Tag::Callout { .. }
            | Tag::CalloutTitle
            | Tag::List(Some(_))
            | Tag::Heading(_)
            | Tag::DefinitionTitle { .. }
            | Tag::CodeBlock(_)
            | Tag::FootnoteDefinition(_)
            | Tag::Table(_)
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Link(_)
            | Tag::Image(_)
            | Tag::Mention(_)
            | Tag::Mark(_)
            | Tag::Span(_) => {
                let element = self.start_rich(tag);
                if at_top {
                    self.element = element;
                }
                return;
            }
        };
        if at_top {
            self.element = element;
        }
        self.open_tag(open);
        self.open.push(closing);
    }

    /// Ends the line, before a block that follows text.
    fn fresh_line(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }

    /// Writes a start tag that is not a constant.
    fn start_rich(&mut self, tag: &Tag<Target>) -> &'static str {
        let (closing, element) = match tag {
            Tag::Quote(alert) => self.alert(*alert),
            Tag::Callout { kind, is_open } => self.callout(kind, *is_open),
            Tag::CalloutTitle => self.callout_title(),
            Tag::List(start) => {
                let _ = writeln!(self.html, "<ol start=\"{}\">", start.unwrap_or(1));
                (Closing::Text("</ol>\n"), "ol")
            }
            Tag::Heading(heading) => {
                let HeadingStart {
                    level,
                    anchor,
                    classes,
                } = &**heading;
                let level = &(level + self.setting.demotion()).min(6);
                let _ = write!(self.html, "<h{level}");
                self.id(anchor);
                self.classes(classes);
                self.html.push('>');
                if self.depth == 1 {
                    self.anchor = Some(anchor.to_string());
                }
                let permalink = self.permalink(anchor);
                let tlp = self.setting.heading_level(anchor);
                let tlp = super::level(tlp.as_deref());
                (
                    Closing::Heading(*level, permalink, tlp),
                    heading_element(*level),
                )
            }
            Tag::DefinitionTitle { anchor } => {
                self.html.push_str("<dt");
                self.id(anchor);
                self.html.push('>');
                (Closing::Term(self.permalink(anchor)), "dt")
            }
            Tag::CodeBlock(info) => {
                self.code = Some((info.to_string(), String::new()));
                (Closing::Code, "pre")
            }
            Tag::FootnoteDefinition(label) => {
                let before = std::mem::take(&mut self.html);
                self.footnotes.open = Some((label.clone(), before));
                (Closing::Footnote, "footnote")
            }
            Tag::Table(aligns) => {
                self.html.push_str("<table>");
                self.columns(aligns);
                (Closing::Text("</tbody></table>\n"), "table")
            }
            Tag::TableRow => {
                self.html.push_str("<tr>");
                (Closing::Row, "tr")
            }
            Tag::TableCell => {
                let in_head = self
                    .open
                    .iter()
                    .rev()
                    .find_map(|closing| match closing {
                        Closing::Row => Some(false),
                        Closing::TableHead => Some(true),
                        Closing::None
                        | Closing::Text(_)
                        | Closing::Emphasis(_)
                        | Closing::Paragraph
                        | Closing::Details
                        | Closing::Raw(_)
                        | Closing::Mark(_)
                        | Closing::Link
                        | Closing::Heading(..)
                        | Closing::Term(_)
                        | Closing::Code
                        | Closing::Image
                        | Closing::Footnote
                        | Closing::Cell(_) => None,
                    })
                    .unwrap_or(false);
                self.html.push_str(if in_head {
                    "<th scope=\"col\">"
                } else {
                    "<td>"
                });
                (Closing::Cell(if in_head { "</th>" } else { "</td>" }), "td")
            }
            Tag::Link(link) => {
                self.link(&link.to, &link.title);
                (Closing::Link, "")
            }
            Tag::Mention(to) => {
                self.link(to, "");
                (Closing::Link, "")
            }
            Tag::Image(image) => {
                self.image_start(&image.to, &image.title, image.width);
                (Closing::Image, "img")
            }
            Tag::Mark(number) => {
                let face = self.setting.mark(*number);
                self.mark_start(&face);
                self.marks.push(*number);
                (Closing::Mark(*number), "")
            }
            Tag::Span(span) if span.id.is_none() && span.classes == ["mark".into()] => {
                self.html.push_str("<mark>");
                (Closing::Text("</mark>"), "")
            }
            Tag::Span(span) => {
                self.html.push_str("<span");
                if let Some(id) = &span.id {
                    self.html.push_str(" id=\"");
                    escape(&self.setting.id(id), &mut self.html);
                    self.html.push('"');
                }
                self.classes(&span.classes);
                self.html.push('>');
                (Closing::Text("</span>"), "")
            }
            Tag::Paragraph
            | Tag::HtmlBlock
            | Tag::ListItem
            | Tag::DefinitionList
            | Tag::DefinitionBody
            | Tag::TableHead
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough => (Closing::None, ""),
        };
        self.open.push(closing);
        element
    }

    fn classes(&mut self, classes: &[Box<str>]) {
        if !classes.is_empty() {
            self.html.push_str(" class=\"");
            escape(&classes.join(" "), &mut self.html);
            self.html.push('"');
        }
    }

    /// Writes classes for aligned columns, because pages have no inline styles.
    fn columns(&mut self, aligns: &[Align]) {
        if aligns.iter().all(|align| *align == Align::None) {
            return;
        }
        self.html.truncate(self.html.len() - 1);
        self.html.push_str(" class=\"");
        for (number, align) in aligns.iter().enumerate() {
            let letter = match align {
                Align::None => continue,
                Align::Left => "l",
                Align::Center => "c",
                Align::Right => "r",
            };
            let _ = write!(self.html, "{letter}{} ", number + 1);
        }
        let trimmed = self.html.trim_end().len();
        self.html.truncate(trimmed);
        self.html.push_str("\">");
    }

    fn mark_start(&mut self, face: &Face) {
        let element = if face.is_event { "span" } else { "mark" };
        let _ = write!(self.html, "<{element} class=\"{}\" id=\"", face.class);
        escape(&face.anchor, &mut self.html);
        self.html.push('"');
        if let Some(tongue) = &face.tongue {
            self.tongue(tongue);
        }
        if let Some(reference) = face.references.first() {
            self.html.push_str(" aria-details=\"");
            escape(&reference.note, &mut self.html);
            self.html.push('"');
        }
        self.html.push('>');
    }

    fn code_end(&mut self) {
        if let Some((info, code)) = self.code.take() {
            listing::write(
                &info,
                &code,
                self.setting,
                &self.highlighting,
                &mut self.html,
            );
        }
    }

    // Segments.

    /// True if the next item begins a segment: no block and no raw element is open, because a
    /// template could not split one.
    fn is_at_top(&self) -> bool {
        self.depth == 0 && self.open.is_empty()
    }

    fn end_of_segment(&mut self) {
        if !self.is_at_top() {
            return;
        }
        self.references();
        let html = std::mem::take(&mut self.html);
        let marks = std::mem::take(&mut self.marks);
        let anchor = self.anchor.take();
        if html.is_empty() && marks.is_empty() {
            return;
        }
        self.written.segments.push(Segment {
            html: Html(html),
            marks,
            element: std::mem::take(&mut self.element),
            anchor,
        });
    }

    fn finish(mut self) -> Rendered {
        self.depth = 0;
        while let Some(closing) = self.open.pop() {
            if let Closing::Raw(name) = closing {
                let _ = write!(self.html, "</{name}>");
            }
        }
        self.end_of_segment();
        self.written.footnotes = self.footnotes.html(self.setting);
        self.written
    }
}

/// True if the tag is a block on its own line.
fn begins_a_line(tag: &Tag<Target>) -> bool {
    match tag {
        Tag::Paragraph
        | Tag::Heading(_)
        | Tag::Quote(_)
        | Tag::Callout { .. }
        | Tag::CalloutTitle
        | Tag::CodeBlock(_)
        | Tag::List(_)
        | Tag::ListItem
        | Tag::DefinitionList
        | Tag::DefinitionTitle { .. }
        | Tag::DefinitionBody
        | Tag::Table(_) => true,
        Tag::HtmlBlock
        | Tag::FootnoteDefinition(_)
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell
        | Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough
        | Tag::Link(_)
        | Tag::Image(_)
        | Tag::Mention(_)
        | Tag::Mark(_)
        | Tag::Span(_) => false,
    }
}
