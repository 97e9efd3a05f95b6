//! Rewrites Obsidian syntax as ordinary Markdown.
//!
//! Before a note is parsed, its comments are removed; `==highlights==`, `#tags` and block ids
//! become spans and links; embeds are expanded. Code, mathematics and HTML are not changed.
//! Wikilinks, callouts and image sizes are left to the Markdown parser and to `link`. Unsupported
//! syntax stays in the text and is reported.

mod embeds;
mod properties;

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

use super::DocKind;
use crate::text::{Place, SitePath, SourceBuilder, SourceText, Span};
pub use embeds::{Notes, heading_key};

/// The maximum nesting depth of embeds; deeper ones become links.
const DEEPEST: usize = 5;

/// The characters that begin Obsidian syntax.
const SPECIAL: [char; 9] = ['\\', '%', '!', '[', ']', '=', '^', '#', '<'];

/// Unsupported Obsidian syntax, which stays in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Left {
    Dataview,
    Templater,
    Canvas,
    Mathematics,
    Diagram,
}

impl Left {
    /// Returns its name, for messages.
    pub fn words(self) -> &'static str {
        match self {
            Left::Dataview => "a Dataview query",
            Left::Templater => "a Templater command",
            Left::Canvas => "a canvas, base or drawing",
            Left::Mathematics => "a formula",
            Left::Diagram => "a diagram written as code",
        }
    }
}

/// A rewritten note.
#[derive(Debug, Clone, PartialEq)]
pub struct Rewritten {
    pub text: SourceText,
    /// Unsupported syntax and its places.
    pub left: Vec<(Left, Place)>,
}

/// Rewrites a note from byte `from`, the end of its front matter.
pub fn rewritten(kind: DocKind, text: &SourceText, from: usize, notes: &Notes) -> Rewritten {
    let mut writer = Writer {
        file: text.file(),
        has_tags: kind == DocKind::Briefing,
        notes,
        depth: 0,
        out: SourceBuilder::new(text.file()),
        left: Vec::new(),
        footnotes: Vec::new(),
    };
    writer.out.copy(text, 0..from);
    writer.note(text, from);
    writer.write_footnotes();
    Rewritten {
        text: writer.out.finish(),
        left: writer.left,
    }
}

struct Writer<'a> {
    file: &'a SitePath,
    /// True if tags have pages: those of briefings do.
    has_tags: bool,
    notes: &'a Notes<'a>,
    /// The nesting depth of embeds.
    depth: usize,
    out: SourceBuilder,
    left: Vec<(Left, Place)>,
    /// The texts of inline footnotes.
    footnotes: Vec<SourceText>,
}

/// The current note: its text, and the parts that Markdown does not parse.
struct Page<'t> {
    text: &'t SourceText,
    opaque: Vec<Range<usize>>,
    /// The starts of formulas, which Markdown would read as words.
    formulas: BTreeSet<usize>,
}

impl Writer<'_> {
    fn note(&mut self, text: &SourceText, from: usize) {
        let page = self.page(text, from);
        self.write(&page, from..text.as_str().len());
    }

    /// Writes the footnotes after the text.
    fn write_footnotes(&mut self) {
        for (number, words) in self.footnotes.iter().enumerate() {
            let start = Span::default();
            let label = format!("\n\n[^inline-{}]: ", number + 1);
            self.out.generate(words, start, &label);
            let mut at = 0;
            for line in words.as_str().split_inclusive('\n') {
                let end = at + line.trim_end_matches('\n').len();
                self.out.copy(words, at..end);
                at += line.len();
                if end < at {
                    self.out.generate(words, Span::new(end..end), " ");
                }
            }
            self.out.generate(words, start, "\n");
        }
    }

    /// Writes a text that Markdown shows unchanged.
    fn escape(&mut self, text: &SourceText, range: Range<usize>) {
        for (at, c) in text.as_str()[range.clone()].char_indices() {
            let at = range.start + at;
            if c.is_ascii_punctuation() {
                self.out.generate(text, Span::new(at..at), "\\");
            }
            self.out.copy(text, at..at + c.len_utf8());
        }
    }

    fn left(&mut self, what: Left, text: &SourceText, range: Range<usize>) {
        // Problems in an embedded note are reported in that note.
        if self.depth == 0 {
            self.left.push((what, text.place(Span::new(range))));
        }
    }

    /// Returns a note with its code, mathematics and HTML.
    #[allow(clippy::wildcard_enum_match_arm, reason = "an enum of pulldown-cmark")]
    fn page<'t>(&mut self, text: &'t SourceText, from: usize) -> Page<'t> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_MATH | Options::ENABLE_FOOTNOTES;
        let mut opaque: Vec<Range<usize>> = Vec::new();
        let mut formulas = BTreeSet::new();
        for (event, range) in Parser::new_ext(&text.as_str()[from..], options).into_offset_iter() {
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
                self.left(what, text, range.clone());
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
                if page.formulas.contains(&code.start) {
                    self.escape(text, at..end)
                } else {
                    self.out.copy(text, at..end)
                }
                at = end;
                continue;
            }
            let rest = &text.as_str()[at..range.end];
            at = match self.special(page, at, rest) {
                Some(past) => past,
                None => {
                    let first = rest.chars().next().map_or(1, char::len_utf8);
                    let code = page.opaque.get(next);
                    let stop = code.map_or(range.end, |code| code.start.min(range.end));
                    let run = &text.as_str()[at + first..stop];
                    let past = at + first + run.find(SPECIAL).unwrap_or(run.len());
                    self.out.copy(text, at..past);
                    past
                }
            };
        }
    }

    /// Writes the Obsidian syntax at `at`, if there is any; returns its end.
    fn special(&mut self, page: &Page<'_>, at: usize, rest: &str) -> Option<usize> {
        match rest.as_bytes()[0] {
            b'\\' => {
                let length = rest.chars().nth(1).map_or(1, |c| 1 + c.len_utf8());
                self.out.copy(page.text, at..at + length);
                Some(at + length)
            }
            b'%' if rest.starts_with("%%") => Some(at + 2 + rest[2..].find("%%")? + 2),
            b'!' if rest.starts_with("![[") => self.embed(page.text, at, rest),
            b'[' if rest.starts_with("[[") => {
                let end = wikilink(rest)?;
                let link = self.attachment(&rest[2..end - 2]);
                self.replace(page.text, at..at + end, link);
                Some(at + end)
            }
            b']' if rest.starts_with("](") => {
                let line = rest.lines().next().unwrap_or("");
                let end = line.find(')')? + 1;
                let led = self.file_of(&rest[2..end - 1]);
                let led = led.map(|it| format!("](<{it}>)"));
                self.replace(page.text, at..at + end, led);
                Some(at + end)
            }
            b'=' if rest.starts_with("==") => self.highlight(page, at, rest),
            b'^' if rest.starts_with("^[") => self.footnote(page, at, rest),
            b'^' => self.block_id(page.text, at, rest),
            b'#' if self.has_tags => self.tag(page.text, at, rest),
            b'<' if rest.starts_with("<%") => {
                let end = rest.find("%>").map_or(2, |end| end + 2);
                self.left(Left::Templater, page.text, at..at + end);
                self.out.copy(page.text, at..at + end);
                Some(at + end)
            }
            _ => None,
        }
    }

    /// Writes `new` for a range of the text, or the range unchanged.
    fn replace(&mut self, text: &SourceText, range: Range<usize>, new: Option<String>) {
        match new {
            Some(new) => self.out.generate(text, Span::new(range), &new),
            None => self.out.copy(text, range),
        }
    }

    /// `==words==` becomes a highlighted span.
    fn highlight(&mut self, page: &Page<'_>, at: usize, rest: &str) -> Option<usize> {
        let is_fence = |c: char| c == '=' || c.is_whitespace();
        let words = &rest[2..];
        let block = words.find("\n\n").map_or(words, |end| &words[..end]);
        let end = block.find("==").filter(|end| *end > 0)?;
        let is_open = words.starts_with(is_fence) || page.text.as_str()[..at].ends_with('=');
        if is_open || words[..end].ends_with(is_fence) || words[end + 2..].starts_with('=') {
            return None;
        }
        let past = at + 2 + end + 2;
        self.out.generate(page.text, Span::new(at..at + 2), "[");
        self.write(page, at + 2..past - 2);
        let fence = Span::new(past - 2..past);
        self.out.generate(page.text, fence, "]{.mark}");
        Some(past)
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
        let inner = SourceBuilder::new(page.text.file());
        let before = std::mem::replace(&mut self.out, inner);
        self.write(page, at + 2..at + end);
        let words = std::mem::replace(&mut self.out, before).finish();
        if words.as_str().trim().is_empty() {
            return None;
        }
        self.footnotes.push(words);
        let reference = format!("[^inline-{}]", self.footnotes.len());
        let whole = Span::new(at..at + end + 1);
        self.out.generate(page.text, whole, &reference);
        Some(at + end + 1)
    }

    /// ` ^id` at the end of a line is an anchor.
    fn block_id(&mut self, text: &SourceText, at: usize, rest: &str) -> Option<usize> {
        let line = rest.lines().next().unwrap_or("").trim_end();
        let id = &line[1..];
        let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let before = &text.as_str()[..at];
        let stands_apart = before.is_empty() || before.ends_with([' ', '\t', '\n']);
        if id.is_empty() || !id.chars().all(is_id) || !stands_apart {
            return None;
        }
        // The anchor of embedded text is in its own note.
        if self.depth == 0 {
            let anchor = format!("[]{{#{}}}", block_anchor(id));
            let whole = Span::new(at..at + line.len());
            self.out.generate(text, whole, &anchor);
        }
        Some(at + line.len())
    }

    /// `#tag` becomes a link to the page of the tag.
    fn tag(&mut self, text: &SourceText, at: usize, rest: &str) -> Option<usize> {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
        let length = rest[1..].find(|c| !is_part(c)).unwrap_or(rest.len() - 1);
        let tag = rest[1..1 + length].trim_end_matches('/');
        let stands_apart = text.as_str()[..at]
            .chars()
            .next_back()
            .is_none_or(|c| c.is_whitespace() || c == '(');
        if !stands_apart || tag.chars().all(|c| c.is_ascii_digit()) {
            return None;
        }
        let link = format!("[\\#{}](tag:{tag})", tag.replace('_', "\\_"));
        let whole = Span::new(at..at + 1 + tag.len());
        self.out.generate(text, whole, &link);
        Some(at + 1 + tag.len())
    }
}

/// Returns the anchor of a block. It contains a dot, which no anchor of a heading does.
pub fn block_anchor(id: &str) -> String {
    format!("b.{id}")
}

/// Returns the length of the wikilink at the start of `text`, in bytes.
fn wikilink(text: &str) -> Option<usize> {
    let line = text.lines().next().unwrap_or("");
    let inside = &line[2..];
    let end = inside.find("]]")?;
    (!inside[..end].contains("[[") && end > 0).then_some(end + 4)
}

#[cfg(test)]
mod tests;
