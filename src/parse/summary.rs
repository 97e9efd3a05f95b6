//! `SUMMARY.md`: order, parts and numbers of the chapters, in mdBook's grammar.
//!
//! Links before the first list are unnumbered, the lists are numbered chapters in parts, links
//! behind them are unnumbered again. A first heading is the title of the file and no part.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath, Span};

/// The summary: its entries in reading order.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    pub entries: Vec<Entry>,
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    Chapter {
        title: String,
        /// The file as written; none for a draft that has no file yet.
        path: Option<(String, Span)>,
        /// `[1, 2]` for chapter 1.2; empty outside of the lists (prefix and suffix).
        number: Vec<u32>,
    },
    /// A heading between chapters.
    Part(String),
    Separator,
}

/// Reads a summary. Never fails: what is no part of its grammar is said and left out.
pub fn read(file: &SitePath, text: &str) -> Summary {
    let mut reader = Reader {
        file,
        stage: Stage::Title,
        numbers: Vec::new(),
        chapters: 0,
        link: None,
        heading: None,
        item: None,
        skipped: 0,
        entries: Vec::new(),
        diagnostics: Vec::new(),
    };
    for (event, range) in Parser::new(text).into_offset_iter() {
        reader.event(event, Span::new(range));
    }
    Summary {
        entries: reader.entries,
        diagnostics: reader.diagnostics,
    }
}

/// Which part of the file it is.
#[derive(PartialEq, Clone, Copy)]
enum Stage {
    /// Nothing was read that a title could not stand behind.
    Title,
    Prefix,
    /// Behind a heading, where text may stand.
    Part,
    Numbered,
    Suffix,
}

struct Reader<'a> {
    file: &'a SitePath,
    stage: Stage,
    /// The number of the last chapter in each open list.
    numbers: Vec<u32>,
    /// How many chapters there are at the first level, over all parts.
    chapters: u32,
    /// The link that is open: its words, its address and its place.
    link: Option<(String, String, Span)>,
    heading: Option<String>,
    /// A list item without a link so far: its words and its place.
    item: Option<(String, Span)>,
    /// How many elements are open whose content says nothing.
    skipped: usize,
    entries: Vec<Entry>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        if self.skipped > 0 {
            match event {
                Event::Start(_) => self.skipped += 1,
                Event::End(_) => self.skipped -= 1,
                _ => {}
            }
            return;
        }
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            Event::Start(tag) => self.start(&tag, span),
            Event::End(tag) => self.end(tag),
            Event::Rule => {
                self.leave_title();
                if self.stage == Stage::Part {
                    self.stage = Stage::Numbered;
                }
                self.entries.push(Entry::Separator);
            }
            Event::Text(text) | Event::Code(text) => self.words(&text),
            Event::SoftBreak => self.words(" "),
            _ => {}
        }
    }

    fn leave_title(&mut self) {
        if self.stage == Stage::Title {
            self.stage = Stage::Prefix;
        }
    }

    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Heading {
                level: HeadingLevel::H1,
                ..
            } => self.heading = Some(String::new()),
            Tag::List(_) => {
                if self.stage == Stage::Suffix && self.numbers.is_empty() {
                    self.diagnostics
                        .push(list_behind_suffix(Place::new(self.file, span)));
                }
                self.stage = Stage::Numbered;
                let first = match self.numbers.is_empty() {
                    true => self.chapters,
                    false => 0,
                };
                self.numbers.push(first);
                self.end_of_item();
            }
            Tag::Item => self.item = Some((String::new(), span)),
            Tag::Link { dest_url, .. } => {
                let is_text = self.stage == Stage::Numbered && self.numbers.is_empty();
                if is_text || self.heading.is_some() {
                    return;
                }
                self.leave_title();
                // An item is one chapter: a second link in it says nothing.
                if self.numbers.is_empty() || self.item.take().is_some() {
                    let address = dest_url.replace("%20", " ");
                    self.link = Some((String::new(), address, span));
                }
            }
            Tag::Paragraph if self.numbers.is_empty() => match self.stage {
                // Text may stand below the heading of a part.
                Stage::Part => {
                    self.stage = Stage::Numbered;
                    self.skipped = 1;
                }
                Stage::Numbered => self.stage = Stage::Suffix,
                Stage::Title | Stage::Prefix | Stage::Suffix => self.leave_title(),
            },
            Tag::Paragraph => {}
            _ if matches!(self.stage, Stage::Part | Stage::Numbered) && self.numbers.is_empty() => {
                self.stage = Stage::Numbered;
                self.skipped = 1;
            }
            _ => self.leave_title(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(HeadingLevel::H1) => {
                let title = self.heading.take().unwrap_or_default();
                if self.stage == Stage::Title {
                    self.stage = Stage::Prefix;
                } else {
                    self.stage = Stage::Part;
                    self.entries.push(Entry::Part(title));
                }
            }
            TagEnd::List(_) => {
                let last = self.numbers.pop().unwrap_or(0);
                if self.numbers.is_empty() {
                    self.chapters = last;
                }
            }
            TagEnd::Item => self.end_of_item(),
            TagEnd::Link => {
                if let Some((title, address, span)) = self.link.take() {
                    if let Some(last) = self.numbers.last_mut() {
                        *last += 1;
                    }
                    self.entries.push(Entry::Chapter {
                        title,
                        path: (!address.is_empty()).then_some((address, span)),
                        number: self.numbers.clone(),
                    });
                }
            }
            _ => {}
        }
    }

    /// Tells of an item that had no link.
    fn end_of_item(&mut self) {
        if let Some((words, span)) = self.item.take() {
            let place = Place::new(self.file, span);
            self.diagnostics.push(no_link(place, words.trim()));
        }
    }

    fn words(&mut self, words: &str) {
        match (&mut self.link, &mut self.heading, &mut self.item) {
            (Some((title, ..)), _, _) | (None, Some(title), _) => title.push_str(words),
            (None, None, Some((stray, _))) => stray.push_str(words),
            (None, None, None) => {}
        }
    }
}

fn no_link(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableSummary,
        place,
        format!("`{text}` in SUMMARY.md is no link"),
    )
    .label("a chapter is a link")
    .hint(format!(
        "write `- [{text}](path.md)`, or `- [{text}]()` for a draft"
    ))
}

fn list_behind_suffix(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableSummary,
        place,
        "a list behind the last chapters of SUMMARY.md",
    )
    .label("links outside of a list end the numbered chapters")
    .hint("put the links behind the lists, or begin a part with a heading: `# Part`")
}
