//! `![[…]]`: embeds notes, sections and blocks, and links other files.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{DEEPEST, Left, Writer};
use crate::text::{SitePath, SourceBuilder, SourceText, Span, composed, percent_decoded};

/// The files that a note can embed.
pub struct Notes<'a> {
    /// The texts of the notes by file, with the end of their front matter.
    pub texts: BTreeMap<SitePath, (Arc<str>, usize)>,
    /// All other files.
    pub files: Vec<SitePath>,
    /// The folder of the notes.
    pub source: &'a SitePath,
}

/// The image formats that a page can show.
const IMAGES: [&str; 9] = [
    "avif", "bmp", "gif", "jpeg", "jpg", "png", "svg", "webp", "apng",
];

impl Notes<'_> {
    /// Returns the file that `target` means in `file`: by its path from the folder of the notes or
    /// from the file, by the end of its path, or only by its name, next to the file if there are
    /// several.
    fn find<'n>(
        &self,
        among: impl Iterator<Item = &'n SitePath>,
        file: &SitePath,
        target: &str,
    ) -> Option<&'n SitePath> {
        let key = |path: &str| {
            if path.is_ascii() {
                path.to_ascii_lowercase()
            } else {
                composed(&path.to_lowercase())
            }
        };
        let target = key(target.trim());
        let beside = file.sibling(&target).ok();
        let whole = SitePath::new(target.trim_start_matches('/')).ok();
        let whole = whole.map(|path| key(path.within(self.source).as_str()));
        let end = format!("/{target}");
        let beside = beside.map(|path| key(path.as_str()));
        let rank = |path: &SitePath| {
            let lower = key(path.as_str());
            let is_whole = whole.as_deref() == Some(&lower);
            let is_beside = beside.as_deref() == Some(&lower);
            match (
                is_whole,
                is_beside,
                lower.ends_with(&end) || lower == target,
            ) {
                (true, ..) => Some(0),
                (_, true, _) => Some(1),
                (.., true) => Some(2 + lower.matches('/').count()),
                _ => None,
            }
        };
        let ranked = among.filter_map(|path| Some((rank(path)?, path)));
        ranked.min_by(|a, b| a.cmp(b)).map(|(_, path)| path)
    }

    /// Returns the note that `target` means in `file`.
    pub fn note(&self, file: &SitePath, target: &str) -> Option<&SitePath> {
        let target = target.strip_suffix(".md").unwrap_or(target);
        match target.trim() {
            "" => self.texts.keys().find(|path| *path == file),
            target => self.find(self.texts.keys(), file, &format!("{target}.md")),
        }
    }

    fn file(&self, file: &SitePath, target: &str) -> Option<&SitePath> {
        self.find(self.files.iter(), file, target)
    }
}

/// `target#section|shown`, parsed.
struct Link<'a> {
    target: &'a str,
    section: Option<&'a str>,
    shown: Option<&'a str>,
}

impl<'a> Link<'a> {
    fn new(inside: &'a str) -> Link<'a> {
        let (link, shown) = match inside.split_once('|') {
            Some((link, shown)) => (link.trim_end_matches('\\'), Some(shown.trim())),
            None => (inside, None),
        };
        let (target, section) = match link.split_once('#') {
            Some((target, section)) => (target, Some(section.trim())),
            None => (link, None),
        };
        Link {
            target: target.trim(),
            section: section.filter(|section| !section.is_empty()),
            shown: shown.filter(|shown| !shown.is_empty()),
        }
    }

    fn extension(&self) -> String {
        let extension = self.target.rsplit_once('.').map_or("", |(_, it)| it);
        extension.to_lowercase()
    }
}

impl Writer<'_> {
    /// Writes the embed at `at`; returns its end.
    pub(super) fn embed(&mut self, text: &SourceText, at: usize, rest: &str) -> Option<usize> {
        let end = super::wikilink(&rest[1..])? + 1;
        let inside = &rest[3..end - 2];
        let link = Link::new(inside);
        let (whole, link_only) = (at..at + end, at + 1..at + end);
        match link.extension().as_str() {
            extension if IMAGES.contains(&extension) => {
                self.out.copy(text, whole.clone());
            }
            "canvas" | "base" | "excalidraw" => {
                self.left(Left::Canvas, text, whole.clone());
                let shown = rest[..end].replace('[', "\\[");
                self.replace(text, whole, Some(shown));
            }
            _ => match self.notes.note(self.file, link.target) {
                Some(note) if self.depth < DEEPEST && stands_alone(text.as_str(), &whole) => {
                    let note = note.clone();
                    match self.whole(&note, &link, inside) {
                        Some(words) => self.out.embed(text, Span::new(whole), &words),
                        None => self.out.copy(text, link_only),
                    }
                }
                Some(_) => self.out.copy(text, link_only),
                None => match self.attachment(inside) {
                    Some(linked) => self.replace(text, whole, Some(linked)),
                    None => self.out.copy(text, link_only),
                },
            },
        }
        Some(at + end)
    }

    /// Writes a note, or a part of it, as a callout with its name as title.
    fn whole(&mut self, note: &SitePath, link: &Link<'_>, inside: &str) -> Option<String> {
        let (text, body_at) = self.notes.texts.get(note)?;
        let part = SourceText::new(note, part(text, *body_at, link.section)?);
        let mut inner = Writer {
            file: note,
            has_tags: self.has_tags,
            notes: self.notes,
            depth: self.depth + 1,
            out: SourceBuilder::new(note),
            left: Vec::new(),
            footnotes: std::mem::take(&mut self.footnotes),
        };
        inner.note(&part, 0);
        self.footnotes = inner.footnotes;
        let before = self.out.as_str();
        let mut out = String::new();
        if !before.is_empty() && !before.ends_with("\n\n") {
            out.push('\n');
        }
        out.push_str(&format!("> [!embed] [[{inside}]]\n>\n"));
        for line in inner.out.as_str().trim_matches('\n').lines() {
            out.push_str(if line.is_empty() { ">" } else { "> " });
            out.push_str(line);
            out.push('\n');
        }
        Some(out)
    }

    /// Returns a link to a file that is not a note, if `inside` means one.
    pub(super) fn attachment(&self, inside: &str) -> Option<String> {
        let link = Link::new(inside);
        if matches!(link.extension().as_str(), "" | "md") {
            return None;
        }
        let file = self.notes.file(self.file, link.target)?;
        let shown = link.shown.unwrap_or_else(|| file.name());
        let shown = shown.replace('[', "\\[").replace(']', "\\]");
        let section = link.section.map_or_else(String::new, |it| format!("#{it}"));
        Some(format!(
            "[{shown}](<{}{section}>)",
            file.seen_from(self.file)
        ))
    }

    /// Returns the path of the file that a Markdown link means by the end of its path, as Obsidian
    /// writes it.
    pub(super) fn file_of(&self, address: &str) -> Option<String> {
        let address = address.strip_prefix('<').unwrap_or(address);
        let address = percent_decoded(address.strip_suffix('>').unwrap_or(address));
        let link = Link::new(&address);
        let is_note = matches!(link.extension().as_str(), "" | "md");
        let beside = self.file.sibling(link.target).ok()?;
        if is_note || address.contains([':', '"', '#']) || self.notes.files.contains(&beside) {
            return None;
        }
        let file = self.notes.file(self.file, link.target)?;
        Some(file.seen_from(self.file))
    }
}

/// True if the line contains nothing else.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].rsplit('\n').next().unwrap_or("");
    let behind = text[range.end..].split('\n').next().unwrap_or("");
    before.trim().is_empty() && before.len() < 4 && behind.trim().is_empty()
}

/// Returns a heading's words for comparison with links: Obsidian removes characters that a link
/// cannot contain.
pub fn heading_key(words: &str) -> String {
    let letters = words
        .chars()
        .filter(|c| c.is_alphanumeric() || c.is_whitespace());
    crate::text::fold(&letters.collect::<String>())
}

/// Returns the whole body of a note, the section below a heading, or the block with an id.
fn part(text: &str, body_at: usize, section: Option<&str>) -> Option<String> {
    let body = text.get(body_at..)?;
    let Some(section) = section else {
        return Some(body.to_owned());
    };
    match section
        .rsplit('#')
        .next()
        .unwrap_or(section)
        .strip_prefix('^')
    {
        Some(id) => block(body, id),
        None => below_heading(body, section.rsplit('#').next().unwrap_or(section)),
    }
}

fn below_heading(body: &str, words: &str) -> Option<String> {
    let wanted = heading_key(words);
    let mut start: Option<(usize, HeadingLevel)> = None;
    let mut open: Option<(usize, HeadingLevel, String)> = None;
    for (event, range) in Parser::new_ext(body, Options::ENABLE_TABLES).into_offset_iter() {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { level, .. }), _) => {
                if let Some((from, above)) = start
                    && level <= above
                {
                    return Some(body[from..range.start].to_owned());
                }
                open = Some((range.start, level, String::new()));
            }
            (Event::Text(text) | Event::Code(text), Some((.., heading))) => heading.push_str(&text),
            (Event::End(TagEnd::Heading(_)), Some((from, level, heading))) => {
                if start.is_none() && heading_key(heading) == wanted {
                    start = Some((*from, *level));
                }
                open = None;
            }
            _ => {}
        }
    }
    start.map(|(from, _)| body[from..].to_owned())
}

fn block(body: &str, id: &str) -> Option<String> {
    let lines: Vec<&str> = body.lines().collect();
    let ending = format!("^{id}");
    let at = lines.iter().position(|line| {
        let before = line.trim_end().strip_suffix(&ending);
        before.is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
    })?;
    let is_blank = |line: &&str| line.trim().is_empty();
    let own = lines[at].trim_end().strip_suffix(&ending)?.trim_end();
    // An id on its own line belongs to the block above.
    let last = if own.trim().is_empty() {
        lines[..at].iter().rposition(|line| !is_blank(line))?
    } else {
        at
    };
    let is_item = |line: &str| {
        let line = line.trim_start();
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        ["- ", "* ", "+ "].iter().any(|sign| line.starts_with(sign))
            || number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") "))
    };
    let first = if last == at && is_item(lines[at]) {
        at
    } else {
        lines[..=last]
            .iter()
            .rposition(is_blank)
            .map_or(0, |line| line + 1)
    };
    let mut block = lines[first..last].join("\n");
    if last > first {
        block.push('\n');
    }
    block.push_str(if last == at { own } else { lines[last] });
    Some(block)
}
