//! Diagnostics in the style of rustc: the line, the underlined words, the hint below.
//!
//! annotate-snippets draws them. It gets only short excerpts, because it reads the source from its
//! start for every diagnostic.

use std::collections::BTreeSet;
use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Element, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use super::located::{Located, Region};
use super::{Files, counts};
use crate::diag::{Diagnostic, Severity};
use crate::text::Place;

/// The capabilities of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// True if it supports ANSI escape codes.
    pub is_colored: bool,
    /// The width in columns.
    pub width: usize,
}

impl Default for Style {
    /// The default without a terminal: 80 columns, no colors.
    fn default() -> Style {
        Style {
            is_colored: false,
            width: 80,
        }
    }
}

/// The minimum width in columns: less would not show enough of a line.
const NARROWEST: usize = 40;

/// Writes the diagnostics of a run for people, errors first, with a summary in the last line.
///
/// Empty if there are none. Source lines wider than the terminal are cut around the underlined
/// words.
pub fn terminal(diagnostics: &[Diagnostic], files: &Files<'_>, style: Style) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let (shown, untold) = most_urgent(diagnostics);
    let located = Located::new(diagnostics, files);
    let renderer = if style.is_colored {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let width = style.width.max(NARROWEST);
    let mut written = String::new();
    for diagnostic in shown {
        written.push_str(&drawn(diagnostic, &located, &renderer, width));
        written.push_str("\n\n");
    }
    if untold > 0 {
        written.push_str(&format!(
            "{untold} more diagnostics are not shown; use `--format json` to list all\n\n"
        ));
    }
    written.push_str(&summary(diagnostics));
    written.push('\n');
    written
}

/// The maximum number of diagnostics of a run that are shown; the rest are counted.
pub const DRAWN: usize = 2_000;

/// Returns the diagnostics to show, errors before warnings and otherwise in order, and the number
/// of the others.
fn most_urgent(diagnostics: &[Diagnostic]) -> (Vec<&Diagnostic>, usize) {
    let of = |severity| diagnostics.iter().filter(move |it| it.severity == severity);
    let all = of(Severity::Error).chain(of(Severity::Warning));
    let shown: Vec<&Diagnostic> = all.take(DRAWN).collect();
    let untold = diagnostics.len() - shown.len();
    (shown, untold)
}

/// The maximum number of bytes of an excerpt that is not cut.
const WHOLE: usize = 2_000;
/// The maximum number of lines of an excerpt; the crate omits lines between marks.
const LINES: usize = 12;
/// The number of characters before and after the start of a mark in a line that is too long.
const BEFORE: usize = 40;
const BEHIND: usize = 80;
/// The maximum number of related places of a diagnostic; the rest are counted.
const PLACES: usize = 10;
/// The maximum number of characters of a message, label or hint.
const WORDS: usize = 400;

/// A placeholder character before the number of a place, which is later replaced with path, line
/// and column. The crate counts columns from the start of the excerpt, so the real ones are
/// inserted afterwards.
const HERE: char = '\u{f8ff}';

/// An excerpt of a file, and the marks in it.
struct Excerpt<'a> {
    source: String,
    /// The number of its first line.
    line: usize,
    /// The byte range in the file, if the excerpt is an exact copy.
    whole: Option<Range<usize>>,
    marks: Vec<Mark<'a>>,
    /// `path:line:column` of its first mark.
    origin: String,
}

/// Underlined words, as a range of their excerpt.
struct Mark<'a> {
    range: Range<usize>,
    kind: AnnotationKind,
    label: &'a str,
}

fn drawn(
    diagnostic: &Diagnostic,
    located: &Located<'_>,
    renderer: &Renderer,
    width: usize,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(shown(&diagnostic.message))
        .id(diagnostic.code.id());
    let excerpts = excerpts(diagnostic, located);
    let mut origins: Vec<&str> = excerpts.iter().map(|it| it.origin.as_str()).collect();
    let mut elements: Vec<Element<'_>> = Vec::new();
    if excerpts.is_empty() {
        // Without a text there is no line to show, but the file is named.
        origins.push(diagnostic.place.file.as_str());
        elements.push(Origin::path(here(0)).into());
        if !diagnostic.label.is_empty() {
            elements.push(Level::NOTE.message(shown(&diagnostic.label)).into());
        }
    }
    for (number, excerpt) in excerpts.iter().enumerate() {
        let marks = excerpt.marks.iter().map(|mark| {
            let label = (!mark.label.is_empty()).then(|| shown(mark.label));
            mark.kind.span(mark.range.clone()).label(label)
        });
        let source: String = excerpt.source.chars().map(tame).collect();
        let snippet = Snippet::source(source)
            .line_start(excerpt.line)
            .path(here(number))
            .annotations(marks);
        elements.push(snippet.into());
    }
    for (place, label) in diagnostic.others.iter().take(PLACES) {
        let region = located.region(place);
        if excerpts.is_empty() || region.is_none() {
            let note = format!("{}: {label}", origin(place, region.as_ref()));
            elements.push(Level::NOTE.message(shown(&note)).into());
        }
    }
    if let Some(more) = diagnostic.others.len().checked_sub(PLACES + 1) {
        let note = format!("and {}", counted(more + 1, "related place"));
        elements.push(Level::NOTE.message(note).into());
    }
    for hint in &diagnostic.hints {
        let hint = Level::HELP.with_name("hint").message(shown(hint));
        elements.push(hint.into());
    }
    let groups = [title.elements(elements)];
    // If a label leaves no space for source text, the terminal wraps the line.
    let others = diagnostic.others.iter().map(|(_, label)| label);
    let labels = others.chain([&diagnostic.label]);
    let longest = labels.map(|label| label.chars().count()).max().unwrap_or(0);
    let is_wrapped = longest + LEAST + 8 > width;
    let room = room(width, is_wrapped, |room| {
        Renderer::plain().term_width(room).render(&groups)
    });
    let renderer = renderer.clone().term_width(room);
    named(&renderer.render(&groups), &origins)
}

/// An excerpt with fewer columns than this is not useful.
const LEAST: usize = 16;

/// Returns the width to draw for, so that lines of source and marks fit into `width` columns.
///
/// The crate cuts source lines to the width, but does not count what it writes around them: the
/// line number, the omission sign and the label. So the excess is subtracted from the width that it
/// gets.
fn room(width: usize, is_wrapped: bool, drawn: impl Fn(usize) -> String) -> usize {
    let mut room = width;
    for _ in 0..3 {
        let drawing = drawn(room);
        let lines = drawing.lines().filter(|line| is_snippet(line, is_wrapped));
        let widest = lines.map(|line| line.trim_end().chars().count()).max();
        let excess = widest.unwrap_or(0).saturating_sub(width);
        if excess == 0 {
            break;
        }
        room = room.saturating_sub(excess).max(LEAST);
    }
    room
}

/// True for a line that shows source or, unless `is_source`, marks below it.
fn is_snippet(line: &str, is_source: bool) -> bool {
    let is_marks = !line.trim_start().starts_with(|c: char| c.is_ascii_digit());
    if is_source && is_marks {
        return false;
    }
    let behind = line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
    behind.starts_with('|')
}

/// Returns the excerpts of a diagnostic: its own place first, then related places, in the same
/// excerpt if they are near.
fn excerpts<'a>(diagnostic: &'a Diagnostic, located: &Located<'_>) -> Vec<Excerpt<'a>> {
    let Some(region) = located.region(&diagnostic.place) else {
        return Vec::new();
    };
    let mut first = Excerpt::new(
        &diagnostic.place,
        &region,
        AnnotationKind::Primary,
        &diagnostic.label,
    );
    let mut further = Vec::new();
    for (place, label) in diagnostic.others.iter().take(PLACES) {
        if let Some(region) = located.region(place) {
            let is_same_file = place.file == diagnostic.place.file;
            if !(is_same_file && first.take_in(&region, label)) {
                further.push(Excerpt::new(place, &region, AnnotationKind::Context, label));
            }
        }
    }
    further.insert(0, first);
    further
}

impl<'a> Excerpt<'a> {
    fn new(
        place: &Place,
        region: &Region<'_>,
        kind: AnnotationKind,
        label: &'a str,
    ) -> Excerpt<'a> {
        let whole = lines_around(region.text, &region.range);
        let (source, range) = match &whole {
            Some(whole) => (
                region.text[whole.clone()].to_owned(),
                moved(&region.range, whole.start),
            ),
            None => cut(region),
        };
        Excerpt {
            source,
            line: region.start.line,
            whole,
            marks: vec![Mark { range, kind, label }],
            origin: origin(place, Some(region)),
        }
    }

    /// Also marks `region` of the same file, if the excerpt stays short.
    fn take_in(&mut self, region: &Region<'_>, label: &'a str) -> bool {
        let around = lines_around(region.text, &region.range);
        let (Some(whole), Some(around)) = (&self.whole, around) else {
            return false;
        };
        let joined = whole.start.min(around.start)..whole.end.max(around.end);
        let Some(source) = region.text.get(joined.clone()).filter(|it| is_short(it)) else {
            return false;
        };
        let shift = whole.start - joined.start;
        for mark in &mut self.marks {
            mark.range = mark.range.start + shift..mark.range.end + shift;
        }
        self.marks.push(Mark {
            range: moved(&region.range, joined.start),
            kind: AnnotationKind::Context,
            label,
        });
        self.line = self.line.min(region.start.line);
        self.source = source.to_owned();
        self.whole = Some(joined);
        true
    }
}

/// Returns `path:line:column`, or only the path if the file has no text.
fn origin(place: &Place, region: Option<&Region<'_>>) -> String {
    match region.map(|region| region.start) {
        Some(at) => format!("{}:{}:{}", place.file, at.line, at.column),
        None => place.file.to_string(),
    }
}

/// Returns the whole lines that contain `range`, without the last line end, if they are short.
fn lines_around(text: &str, range: &Range<usize>) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let from = range.start.saturating_sub(WHOLE);
    let to = (range.end + WHOLE).min(bytes.len());
    let start = match memchr::memrchr(b'\n', &bytes[from..range.start]) {
        Some(at) => from + at + 1,
        None if from == 0 => 0,
        None => return None,
    };
    let end = match memchr::memchr(b'\n', &bytes[range.end..to]) {
        Some(at) => range.end + at,
        None if to == bytes.len() => to,
        None => return None,
    };
    let has_return = end > range.end && bytes[end - 1] == b'\r';
    let end = end - usize::from(has_return);
    is_short(&text[start..end]).then_some(start..end)
}

fn is_short(source: &str) -> bool {
    source.len() <= WHOLE && source.lines().count() <= LINES
}

/// Returns the text around a region within its first line, and the position of the region in it.
fn cut(region: &Region<'_>) -> (String, Range<usize>) {
    let (before, behind) = region.text.split_at(region.range.start);
    let is_line_end = |c: &char| *c == '\n';
    let start: usize = before
        .chars()
        .rev()
        .take(BEFORE)
        .take_while(|c| !is_line_end(c))
        .map(char::len_utf8)
        .sum();
    let end: usize = behind
        .chars()
        .take(BEHIND)
        .take_while(|c| !is_line_end(c))
        .map(char::len_utf8)
        .sum();
    let (left, lead) = before.split_at(before.len() - start);
    let (tail, right) = behind.split_at(end);
    let mut source = String::new();
    if !left.is_empty() && !left.ends_with('\n') {
        source.push('…');
    }
    source.push_str(lead);
    let at = source.len();
    source.push_str(tail);
    if !right.is_empty() && !right.starts_with(['\n', '\r']) {
        source.push('…');
    }
    (source, at..at + region.range.len().min(tail.len()))
}

fn moved(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start - by..range.end - by
}

/// Cleans a text for a terminal: one line, no control characters, limited length.
fn shown(text: &str) -> String {
    let mut short: String = text
        .chars()
        .take(WORDS)
        .map(|c| match c {
            '\n' | '\r' => ' ',
            c => tame(c),
        })
        .collect();
    if text.chars().nth(WORDS).is_some() {
        short.push('…');
    }
    normalize_untrusted_str(&short)
}

/// Replaces a character that a terminal or [`named`] would interpret with one of the same number of
/// bytes. The crate handles C0 control characters and bidirectional controls.
fn tame(c: char) -> char {
    match c {
        HERE => char::REPLACEMENT_CHARACTER,
        '\u{80}'..='\u{9f}' => '·',
        c => c,
    }
}

/// Returns the placeholder for the origin of the excerpt `number`.
fn here(number: usize) -> String {
    format!("{HERE}{number}")
}

/// Inserts the real origins into a drawing.
fn named(drawing: &str, origins: &[&str]) -> String {
    let mut parts = drawing.split(HERE);
    let mut written = parts.next().unwrap_or("").to_owned();
    for part in parts {
        let is_origin = |c: char| c.is_ascii_digit() || c == ':';
        let rest = part.trim_start_matches(is_origin);
        let number = part[..part.len() - rest.len()].split(':').next();
        let number: Option<usize> = number.and_then(|number| number.parse().ok());
        match number.and_then(|number| origins.get(number)) {
            Some(origin) => written.push_str(&normalize_untrusted_str(origin)),
            None => written.push(char::REPLACEMENT_CHARACTER),
        }
        written.push_str(rest);
    }
    written
}

/// Returns the last line: the number of errors, warnings and files.
fn summary(diagnostics: &[Diagnostic]) -> String {
    let (errors, warnings) = counts(diagnostics);
    let files: BTreeSet<_> = diagnostics.iter().map(|fault| &fault.place.file).collect();
    let mut found = Vec::new();
    if errors > 0 {
        found.push(counted(errors, "error"));
    }
    if warnings > 0 {
        found.push(counted(warnings, "warning"));
    }
    format!("{} in {}", found.join(", "), counted(files.len(), "file"))
}

fn counted(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
