//! What only Obsidian writes, put into words that every briefing has.
//!
//! Before a note is read, its comments go, `==marks==`, `#tags` and block ids become spans and
//! links, and what it embeds stands in its place. Nothing in code, mathematics or HTML is
//! touched. Wikilinks, callouts and the sizes of images are left to Markdown and to `link`. What
//! has no meaning in a page that stands still stays as it was written, and is told of.

mod embeds;
mod properties;

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::DocKind;
use crate::text::{SitePath, Span};
pub use embeds::{Notes, heading_key};

/// Notes that embed each other deeper than this are linked instead.
const DEEPEST: usize = 5;

/// Something of Obsidian's that stays as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Left {
    Dataview,
    Templater,
    Canvas,
    Mathematics,
    Diagram,
}

impl Left {
    /// What it is, for its author.
    pub fn words(self) -> &'static str {
        match self {
            Left::Dataview => "a query of Dataview",
            Left::Templater => "a command of Templater",
            Left::Canvas => "a canvas, base or drawing",
            Left::Mathematics => "a formula",
            Left::Diagram => "a diagram in code",
        }
    }
}

/// A note in words that every briefing has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rewritten {
    pub text: String,
    /// What stays, and where it was written.
    pub left: Vec<(Left, Span)>,
    /// What comes from other notes, as bytes of the text.
    pub embedded: Vec<Range<usize>>,
}

/// Rewrites a note from byte `from` on, where its front matter ends.
pub fn rewritten(
    file: &SitePath,
    kind: DocKind,
    text: &str,
    from: usize,
    notes: &Notes,
) -> Rewritten {
    let mut writer = Writer {
        file,
        has_tags: kind == DocKind::Briefing,
        notes,
        depth: 0,
        out: Rewritten {
            text: text[..from].to_owned(),
            ..Rewritten::default()
        },
        footnotes: Vec::new(),
    };
    writer.note(text, from);
    for (number, words) in writer.footnotes.iter().enumerate() {
        let note = format!("\n\n[^inline-{}]: {words}\n", number + 1);
        writer.out.text.push_str(&note);
    }
    writer.out
}

struct Writer<'a> {
    file: &'a SitePath,
    /// Whether a tag has a page: those of briefings do.
    has_tags: bool,
    notes: &'a Notes<'a>,
    /// How many notes embed the one in hand.
    depth: usize,
    out: Rewritten,
    /// The words of footnotes that were written where they are referred to.
    footnotes: Vec<String>,
}

/// A note in hand: its text, and what in it is not Markdown's to read.
struct Page<'t> {
    text: &'t str,
    opaque: Vec<Range<usize>>,
    /// Where those begin that are mathematics, which Markdown would read as words.
    formulas: BTreeSet<usize>,
}

/// A text that Markdown shows as it is written.
fn escaped(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|c| {
        let escape = c.is_ascii_punctuation().then_some('\\');
        escape.into_iter().chain([c])
    })
}

impl Writer<'_> {
    fn note(&mut self, text: &str, from: usize) {
        let page = self.page(text, from);
        self.write(&page, from..text.len());
    }

    fn left(&mut self, what: Left, range: Range<usize>) {
        // What is embedded is told of in its own note.
        if self.depth == 0 {
            self.out.left.push((what, Span::new(range)));
        }
    }

    /// A note, with its code, mathematics and HTML.
    fn page<'t>(&mut self, text: &'t str, from: usize) -> Page<'t> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_MATH | Options::ENABLE_FOOTNOTES;
        let mut opaque: Vec<Range<usize>> = Vec::new();
        let mut formulas = BTreeSet::new();
        for (event, range) in Parser::new_ext(&text[from..], options).into_offset_iter() {
            let range = range.start + from..range.end + from;
            let what = match &event {
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let language = info.split_whitespace().next().unwrap_or("");
                    match language {
                        "dataview" | "dataviewjs" | "query" | "tasks" => Some(Left::Dataview),
                        "mermaid" | "plantuml" => Some(Left::Diagram),
                        _ => None,
                    }
                }
                Event::Code(code) if code.starts_with("= ") || code.starts_with("$= ") => {
                    Some(Left::Dataview)
                }
                Event::InlineMath(_) | Event::DisplayMath(_) => Some(Left::Mathematics),
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock)
                | Event::Code(_)
                | Event::Html(_)
                | Event::InlineHtml(_) => None,
                _ => continue,
            };
            if what == Some(Left::Mathematics) {
                formulas.insert(range.start);
            }
            if let Some(what) = what {
                self.left(what, range.clone());
            }
            if opaque.last().is_none_or(|last| last.end <= range.start) {
                opaque.push(range);
            }
        }
        Page {
            text,
            opaque,
            formulas,
        }
    }

    fn write(&mut self, page: &Page<'_>, range: Range<usize>) {
        let text = page.text;
        let mut at = range.start;
        while at < range.end {
            let next = page.opaque.partition_point(|code| code.end <= at);
            if let Some(code) = page.opaque.get(next)
                && code.start <= at
            {
                let end = code.end.min(range.end);
                match page.formulas.contains(&code.start) {
                    true => self.out.text.extend(escaped(&text[at..end])),
                    false => self.out.text.push_str(&text[at..end]),
                }
                at = end;
                continue;
            }
            let rest = &text[at..range.end];
            at = match self.special(page, at, rest) {
                Some(past) => past,
                None => {
                    let length = rest.chars().next().map_or(1, char::len_utf8);
                    self.out.text.push_str(&text[at..at + length]);
                    at + length
                }
            };
        }
    }

    /// Writes what begins at `at`, if it is something of Obsidian's; gives where it ends.
    fn special(&mut self, page: &Page<'_>, at: usize, rest: &str) -> Option<usize> {
        match rest.as_bytes()[0] {
            b'\\' => {
                let length = rest.chars().nth(1).map_or(1, |c| 1 + c.len_utf8());
                self.out.text.push_str(&rest[..length]);
                Some(at + length)
            }
            b'%' if rest.starts_with("%%") => Some(at + 2 + rest[2..].find("%%")? + 2),
            b'!' if rest.starts_with("![[") => self.embed(page.text, at, rest),
            b'[' if rest.starts_with("[[") => {
                let end = wikilink(rest)?;
                let link = self.attachment(&rest[2..end - 2]);
                self.out
                    .text
                    .push_str(link.as_deref().unwrap_or(&rest[..end]));
                Some(at + end)
            }
            b']' if rest.starts_with("](") => {
                let line = rest.lines().next().unwrap_or("");
                let end = line.find(')')? + 1;
                let led = self.file_of(&rest[2..end - 1]);
                let led = led.map(|it| format!("](<{it}>)"));
                let link = led.as_deref().unwrap_or(&rest[..end]);
                self.out.text.push_str(link);
                Some(at + end)
            }
            b'=' if rest.starts_with("==") => self.highlight(page, at, rest),
            b'^' if rest.starts_with("^[") => self.footnote(page, at, rest),
            b'^' => self.block_id(page.text, at, rest),
            b'#' if self.has_tags => self.tag(page.text, at, rest),
            b'<' if rest.starts_with("<%") => {
                let end = rest.find("%>").map_or(2, |end| end + 2);
                self.left(Left::Templater, at..at + end);
                self.out.text.push_str(&rest[..end]);
                Some(at + end)
            }
            _ => None,
        }
    }

    /// `==words==` is a span that the page marks.
    fn highlight(&mut self, page: &Page<'_>, at: usize, rest: &str) -> Option<usize> {
        let is_fence = |c: char| c == '=' || c.is_whitespace();
        let words = &rest[2..];
        let block = words.find("\n\n").map_or(words, |end| &words[..end]);
        let end = block.find("==").filter(|end| *end > 0)?;
        let is_open = words.starts_with(is_fence) || page.text[..at].ends_with('=');
        if is_open || words[..end].ends_with(is_fence) || words[end + 2..].starts_with('=') {
            return None;
        }
        self.out.text.push('[');
        self.write(page, at + 2..at + 2 + end);
        self.out.text.push_str("]{.mark}");
        Some(at + 2 + end + 2)
    }

    /// `^[words]` is a footnote.
    fn footnote(&mut self, page: &Page<'_>, at: usize, rest: &str) -> Option<usize> {
        let block = rest.find("\n\n").map_or(rest, |end| &rest[..end]);
        let mut depth = 0usize;
        let end = block.char_indices().find_map(|(at, c)| {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => return None,
            }
            (depth == 0).then_some(at)
        })?;
        let before = std::mem::take(&mut self.out.text);
        self.write(page, at + 2..at + end);
        let words = std::mem::replace(&mut self.out.text, before);
        if words.trim().is_empty() {
            return None;
        }
        self.footnotes.push(words.replace('\n', " "));
        let reference = format!("[^inline-{}]", self.footnotes.len());
        self.out.text.push_str(&reference);
        Some(at + end + 1)
    }

    /// ` ^id` at the end of a line is an anchor.
    fn block_id(&mut self, text: &str, at: usize, rest: &str) -> Option<usize> {
        let line = rest.lines().next().unwrap_or("").trim_end();
        let id = &line[1..];
        let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let stands_apart = text[..at].is_empty() || text[..at].ends_with([' ', '\t', '\n']);
        if id.is_empty() || !id.chars().all(is_id) || !stands_apart {
            return None;
        }
        // What is embedded has its anchor where it was written.
        if self.depth == 0 {
            self.out
                .text
                .push_str(&format!("[]{{#{}}}", block_anchor(id)));
        }
        Some(at + line.len())
    }

    /// `#tag` leads to the page of the tag.
    fn tag(&mut self, text: &str, at: usize, rest: &str) -> Option<usize> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
        let length = rest[1..].find(|c| !is_part(c)).unwrap_or(rest.len() - 1);
        let tag = rest[1..1 + length].trim_end_matches('/');
        let stands_apart = text[..at]
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || c == '(');
        if !stands_apart || tag.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        self.out
            .text
            .push_str(&format!("[\\#{}](tag:{tag})", tag.replace('_', "\\_")));
        Some(at + 1 + tag.len())
    }
}

/// The anchor of a block. It holds a dot, which none that is made from a heading can.
pub fn block_anchor(id: &str) -> String {
    format!("b.{id}")
}

/// Where the wikilink ends that `text` begins with, in bytes.
fn wikilink(text: &str) -> Option<usize> {
    let line = text.lines().next().unwrap_or("");
    let inside = &line[2..];
    let end = inside.find("]]")?;
    (!inside[..end].contains("[[") && end > 0).then_some(end + 4)
}

#[cfg(test)]
mod tests;
