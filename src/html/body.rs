//! A body as HTML, one segment for each top-level block.
//!
//! Segments let a template put the notes of a paragraph behind it. What is not our syntax is
//! written as pulldown-cmark writes it.

use std::fmt::Write as _;

use super::footnotes::Footnotes;
use super::headings::element as heading_element;
use super::links::Image;
use super::{
    Face, Highlighter, Highlighting, Html, Reference, Setting, escape, escape_address, escape_text,
    listing,
};
use crate::model::{Align, Body, HeadingStart, MarkNo, Node, Tag, Target};
use crate::text::Span;

/// A body, written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written {
    pub segments: Vec<Segment>,
    /// The footnotes in the order of their first reference.
    pub footnotes: Option<Html>,
    /// Raw HTML that was shown as text: what and where.
    pub refused: Vec<(String, Span)>,
}

/// One top-level block with the marks in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    pub html: Html,
    pub marks: Vec<MarkNo>,
    /// `p`, `h2`, `ul`, `table` …: the element it is.
    pub element: &'static str,
    /// The anchor, where it is a heading.
    pub anchor: Option<String>,
}

/// Writes `body` in its `setting`.
pub fn segments(body: &Body<Target>, setting: &dyn Setting, highlighter: &Highlighter) -> Written {
    let mut writer = Writer {
        setting,
        highlighting: Highlighting::new(highlighter),
        html: String::new(),
        open: Vec::new(),
        written: Written::default(),
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
    };
    for item in &body.items {
        writer.node(&item.node, item.span);
    }
    writer.finish()
}

/// What closes when an `End` comes.
pub(super) enum Closing {
    /// Fixed text.
    Text(&'static str),
    /// A raw element that the author opened.
    Raw(Box<str>),
    Mark(MarkNo),
    Link,
    /// Its level, and where its permalink begins.
    Heading(u8, Option<(usize, Box<str>)>),
    Term(Option<(usize, Box<str>)>),
    Code,
    Image,
    Footnote,
    Row,
    Cell(&'static str),
}

pub(super) struct Writer<'a> {
    pub(super) setting: &'a dyn Setting,
    highlighting: Highlighting<'a>,
    pub(super) html: String,
    pub(super) open: Vec<Closing>,
    pub(super) written: Written,
    /// The block of raw HTML that is open, and where it stands.
    raw_block: Option<(String, Span)>,
    /// Raw elements that were shown as text, so that their ends are too.
    pub(super) refused_open: Vec<String>,
    marks: Vec<MarkNo>,
    element: &'static str,
    anchor: Option<String>,
    /// References of marks that have ended, to be written behind closing punctuation.
    pending: Vec<Reference>,
    pub(super) in_link: usize,
    /// Info string and text of the code block that is open.
    code: Option<(String, String)>,
    /// The image that is open.
    pub(super) image: Option<Image>,
    pub(super) footnotes: Footnotes,
    /// Open Markdown containers.
    pub(super) depth: usize,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node<Target>, span: Span) {
        if let Some((_, code)) = &mut self.code
            && let Node::Text(text) = node
        {
            code.push_str(text);
            return;
        }
        // A block arrives line by line, with an indent as text; a comment or tag may go over several.
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
        // The reference stands behind closing punctuation, and never on a line of its own.
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

    /// Writes the references that wait.
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
            // The signature stands outside of the link, whose name says it in words.
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
        let (open, close, element): (&str, &'static str, &'static str) = match tag {
            Tag::Paragraph => ("<p>", "</p>\n", "p"),
            Tag::ListItem => ("<li>", "</li>\n", "li"),
            Tag::DefinitionList => ("<dl>\n", "</dl>\n", "dl"),
            Tag::DefinitionBody => ("<dd>", "</dd>\n", "dd"),
            Tag::Emphasis => ("<em>", "</em>", ""),
            Tag::Strong => ("<strong>", "</strong>", ""),
            Tag::Strikethrough => ("<del>", "</del>", ""),
            Tag::HtmlBlock => {
                self.raw_block = Some((String::new(), Span::default()));
                ("", "", "html")
            }
            Tag::Quote(None) => ("<blockquote>\n", "</blockquote>\n", "blockquote"),
            Tag::List(None) => ("<ul>\n", "</ul>\n", "ul"),
            Tag::List(Some(1)) => ("<ol>\n", "</ol>\n", "ol"),
            Tag::TableHead => ("<thead><tr>", "</tr></thead><tbody>\n", "thead"),
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
        self.html.push_str(open);
        self.open.push(Closing::Text(close));
    }

    /// Ends the line, for a block that stands behind text.
    fn fresh_line(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with('\n') {
            self.html.push('\n');
        }
    }

    /// Opens what needs more than a fixed text.
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
                (Closing::Heading(*level, permalink), heading_element(*level))
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
                        Closing::Text("</tr></thead><tbody>\n") => Some(true),
                        _ => None,
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
            | Tag::Strikethrough => (Closing::Text(""), ""),
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

    /// Columns that are aligned say so by a class, since a page has no inline style.
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
        if let Some(lang) = &face.lang {
            self.html.push_str(" lang=\"");
            escape(lang, &mut self.html);
            self.html.push('"');
        }
        if let Some(reference) = face.references.first() {
            self.html.push_str(" aria-details=\"");
            escape(&reference.note, &mut self.html);
            self.html.push('"');
        }
        self.html.push('>');
    }

    fn end(&mut self) {
        if let Some((block, span)) = self.raw_block.take() {
            self.raw(&block, span);
        }
        // Raw elements that were opened inside end with what holds them.
        while let Some(Closing::Raw(name)) = self.open.last() {
            let _ = write!(self.html, "</{name}>");
            self.open.pop();
        }
        let Some(closing) = self.open.pop() else {
            return;
        };
        self.depth = self.depth.saturating_sub(1);
        match closing {
            Closing::Text(close) => {
                if !close.starts_with("</em")
                    && !close.starts_with("</strong")
                    && !close.starts_with("</del")
                {
                    self.references();
                }
                self.html.push_str(close);
            }
            Closing::Raw(name) => {
                let _ = write!(self.html, "</{name}>");
            }
            Closing::Heading(level, permalink) => {
                self.references();
                self.end_permalink(permalink);
                let _ = writeln!(self.html, "</h{level}>");
            }
            Closing::Term(permalink) => {
                self.end_permalink(permalink);
                self.html.push_str("</dt>\n");
            }
            Closing::Link => {
                self.html.push_str("</a>");
                self.in_link -= 1;
            }
            Closing::Mark(number) => {
                let face = self.setting.mark(number);
                self.html
                    .push_str(if face.is_event { "</span>" } else { "</mark>" });
                self.pending.extend(face.references);
            }
            Closing::Code => self.code_end(),
            Closing::Image => {}
            Closing::Row => self.html.push_str("</tr>\n"),
            Closing::Cell(close) => {
                self.references();
                self.html.push_str(close);
            }
            Closing::Footnote => {
                if let Some((label, before)) = self.footnotes.open.take() {
                    let text = std::mem::replace(&mut self.html, before);
                    self.footnotes.texts.entry(label).or_insert(text);
                }
            }
        }
        self.end_of_segment();
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

    /// Whether what comes next begins a segment: no block is open, and no raw element either,
    /// since a template could not put one half of it somewhere else.
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

    fn finish(mut self) -> Written {
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

/// Whether the tag is a block that stands on a line of its own.
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
