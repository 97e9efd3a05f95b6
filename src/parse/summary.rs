//! `SUMMARY.md`: order, parts and numbers of the chapters, in mdBook's syntax.
//!
//! Links before the first list are unnumbered, lists are numbered chapters in parts, and links
//! after them are unnumbered again. A heading at the start is the title of the file and not a part.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SourceMap, SourceText, Span};

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
        /// The file as written; `None` for a draft chapter.
        path: Option<(String, Place)>,
        /// `[1, 2]` for chapter 1.2; empty for prefix and suffix chapters.
        number: Vec<u32>,
    },
    /// A heading between chapters.
    Part(String),
    Separator,
}

/// Reads a summary. Never fails: invalid lines are reported and left out.
pub fn read(source: &SourceText) -> Summary {
    let mut reader = Reader {
        map: source.map(),
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
    for (event, range) in Parser::new(source.as_str()).into_offset_iter() {
        reader.event(event, Span::new(range));
    }
    Summary {
        entries: reader.entries,
        diagnostics: reader.diagnostics,
    }
}

/// The current part of the file.
#[derive(PartialEq, Clone, Copy)]
enum Stage {
    /// Before any content, where a title is allowed.
    Title,
    Prefix,
    /// After a heading, where text is allowed.
    Part,
    Numbered,
    Suffix,
}

struct Reader<'a> {
    map: &'a SourceMap,
    stage: Stage,
    /// The number of the last chapter in each open list.
    numbers: Vec<u32>,
    /// The number of chapters at the first level, over all parts.
    chapters: u32,
    /// The open link: its words, its address and its place.
    link: Option<(String, String, Span)>,
    heading: Option<String>,
    /// A list item without a link so far: its words and its place.
    item: Option<(String, Span)>,
    /// The number of open elements whose content is ignored.
    skipped: usize,
    entries: Vec<Entry>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of pulldown-cmark")]
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

    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of pulldown-cmark")]
    fn start(&mut self, tag: &Tag<'_>, span: Span) {
        match tag {
            Tag::Heading {
                level: HeadingLevel::H1,
                ..
            } => self.heading = Some(String::new()),
            Tag::List(_) => {
                if self.stage == Stage::Suffix && self.numbers.is_empty() {
                    self.diagnostics
                        .push(list_behind_suffix(self.map.place(span)));
                }
                self.stage = Stage::Numbered;
                let first = if self.numbers.is_empty() {
                    self.chapters
                } else {
                    0
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
                // An item is one chapter; a second link in it is ignored.
                if self.numbers.is_empty() || self.item.take().is_some() {
                    let address = dest_url.replace("%20", " ");
                    self.link = Some((String::new(), address, span));
                }
            }
            Tag::Paragraph if self.numbers.is_empty() => match self.stage {
                // Text below the heading of a part is allowed.
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

    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of pulldown-cmark")]
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
                        path: (!address.is_empty()).then(|| (address, self.map.place(span))),
                        number: self.numbers.clone(),
                    });
                }
            }
            _ => {}
        }
    }

    /// Reports an item without a link.
    fn end_of_item(&mut self) {
        if let Some((words, span)) = self.item.take() {
            let place = self.map.place(span);
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

/// Numbers the remaining entries as if the removed ones had never been listed: the children of a
/// removed chapter belong to the chapter before it, as they would in the list without its line.
pub fn renumber(entries: &mut [Entry]) {
    // For each open list: the depth at which its items were written, and its last number.
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut chapters = 0;
    for entry in entries {
        let number = match entry {
            Entry::Chapter { number, .. } if !number.is_empty() => number,
            Entry::Chapter { .. } | Entry::Part(_) | Entry::Separator => {
                open.clear();
                continue;
            }
        };
        let depth = number.len();
        while open.len() > 1 && open[open.len() - 2].0 >= depth {
            open.pop();
        }
        let is_first = open.is_empty();
        match open.last_mut().filter(|(written, _)| *written >= depth) {
            Some((written, last)) => (*written, *last) = (depth, *last + 1),
            None => open.push((depth, if is_first { chapters + 1 } else { 1 })),
        }
        chapters = open[0].1;
        *number = open.iter().map(|(_, last)| *last).collect();
    }
}

fn no_link(place: Place, text: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableSummary,
        place,
        format!("`{text}` in SUMMARY.md is not a link"),
    )
    .label("expected a link to a chapter")
    .hint(format!(
        "write `- [{text}](path.md)`, or `- [{text}]()` for a draft"
    ))
}

fn list_behind_suffix(place: Place) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableSummary,
        place,
        "a list after the suffix chapters of SUMMARY.md",
    )
    .label("no numbered chapter can follow a link outside of a list")
    .hint("move the links after the lists, or begin a part with a heading: `# Part`")
}
