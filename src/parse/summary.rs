//! `SUMMARY.md`: order and parts of the briefings, in mdBook's grammar.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

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
        /// 0 outside of the list (prefix and suffix), 1 and more within it.
        depth: usize,
    },
    /// A heading between chapters.
    Part(String),
    Separator,
}

/// Reads a summary. Never fails: what is no part of its grammar is said and left out.
pub fn read(file: &SitePath, text: &str) -> Summary {
    let mut entries = Vec::new();
    let mut diagnostics = Vec::new();
    let mut depth = 0;
    let mut heading: Option<(String, u8)> = None;
    let mut link: Option<(String, Option<String>, Span)> = None;
    let mut stray = String::new();
    let mut stray_span = Span::default();
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Item) => {
                stray.clear();
                stray_span = Span::new(range);
            }
            Event::End(TagEnd::Item) if !stray.trim().is_empty() => {
                diagnostics.push(no_link(Place::new(file, stray_span), stray.trim()));
                stray.clear();
            }
            Event::Start(Tag::Heading { level, .. }) => {
                heading = Some((String::new(), level as u8))
            }
            Event::End(TagEnd::Heading(_)) => {
                // The first heading of the file is its title and no part.
                if let Some((text, _)) = heading.take() {
                    let is_title = entries.is_empty() && text.eq_ignore_ascii_case("summary");
                    if !is_title {
                        entries.push(Entry::Part(text));
                    }
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                let target = Some(dest_url.to_string()).filter(|target| !target.is_empty());
                link = Some((String::new(), target, Span::new(range)));
            }
            Event::End(TagEnd::Link) => {
                if let Some((title, target, span)) = link.take() {
                    entries.push(Entry::Chapter {
                        title,
                        path: target.map(|target| (target, span)),
                        depth,
                    });
                }
                stray.clear();
            }
            Event::Rule => entries.push(Entry::Separator),
            Event::Text(text) | Event::Code(text) => {
                let into = match (&mut link, &mut heading) {
                    (Some((title, ..)), _) => title,
                    (None, Some((title, _))) => title,
                    (None, None) if depth > 0 => &mut stray,
                    (None, None) => continue,
                };
                into.push_str(&text);
            }
            _ => {}
        }
    }
    Summary {
        entries,
        diagnostics,
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
