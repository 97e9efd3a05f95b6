//! Diagnostics as rustc shows them: the line, the words underlined, the hint below.
//!
//! The drawing is left to annotate-snippets, which is given short excerpts only: it reads a
//! source from its start for every diagnostic.

use std::collections::BTreeSet;
use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Element, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use super::located::{Located, Region};
use super::{Files, counts};
use crate::diag::{Diagnostic, Severity};
use crate::text::Place;

/// Writes the diagnostics of a run for people, with a last line that counts them.
///
/// Nothing at all where there are none. With `color` the text holds ANSI escapes; without, it
/// says the same in plain characters.
pub fn terminal(diagnostics: &[Diagnostic], files: &Files<'_>, color: bool) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let (shown, untold) = most_urgent(diagnostics);
    let located = Located::new(diagnostics, files);
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut written = String::new();
    for diagnostic in shown {
        written.push_str(&drawn(diagnostic, &located, &renderer));
        written.push_str("\n\n");
    }
    if untold > 0 {
        written.push_str(&format!(
            "{untold} more are not shown; `--format json` tells all\n\n"
        ));
    }
    written.push_str(&summary(diagnostics));
    written.push('\n');
    written
}

/// The most diagnostics of a run that are drawn; the rest are counted.
pub const DRAWN: usize = 2_000;

/// What is drawn, in its order, and how many are not. Where there is too much, no warning takes
/// the place of an error.
fn most_urgent(diagnostics: &[Diagnostic]) -> (Vec<&Diagnostic>, usize) {
    let of = |severity| {
        let all = diagnostics.iter().filter(move |it| it.severity == severity);
        all.take(DRAWN)
    };
    let mut shown: Vec<&Diagnostic> = of(Severity::Error).collect();
    match diagnostics.len() <= DRAWN {
        true => shown = diagnostics.iter().collect(),
        false => shown.extend(of(Severity::Warning).take(DRAWN - shown.len())),
    }
    let untold = diagnostics.len() - shown.len();
    (shown, untold)
}

/// The most bytes of source that are shown as they are.
const WHOLE: usize = 2_000;
/// The most lines of source that one excerpt spans; the crate leaves out those between marks.
const LINES: usize = 12;
/// The characters shown before and from the start of a mark in a line too long to be shown.
const BEFORE: usize = 40;
const BEHIND: usize = 80;
/// The most other places of one diagnostic; the rest are counted.
const PLACES: usize = 10;
/// The most characters of a message, label or hint.
const WORDS: usize = 400;

/// Stands in front of the number of a place where its path, line and column are to appear.
/// The crate counts columns from the start of the excerpt, so the true ones are put in after it.
const HERE: char = '\u{f8ff}';

/// A piece of a file and the marks in it.
struct Excerpt<'a> {
    source: String,
    /// The number of its first line.
    line: usize,
    /// The bytes of the file that it shows, if it shows them as they are.
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

fn drawn(diagnostic: &Diagnostic, located: &Located<'_>, renderer: &Renderer) -> String {
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
        // Without a text there is no line to show; the file is named all the same.
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
        let note = format!("and {}", counted(more + 1, "further place"));
        elements.push(Level::NOTE.message(note).into());
    }
    for hint in &diagnostic.hints {
        let hint = Level::HELP.with_name("hint").message(shown(hint));
        elements.push(hint.into());
    }
    named(&renderer.render(&[title.elements(elements)]), &origins)
}

/// What is shown of the files: the diagnostic's own place first, then the others, each in the
/// excerpt of the first where it stands nearby.
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

    /// Marks `region` of the same file as well, if that leaves the excerpt short.
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

/// `path:line:column`, or the path alone where the file holds no text.
fn origin(place: &Place, region: Option<&Region<'_>>) -> String {
    match region.map(|region| region.start) {
        Some(at) => format!("{}:{}:{}", place.file, at.line, at.column),
        None => place.file.to_string(),
    }
}

/// The whole lines that hold `range`, without the last line end, if they are short.
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

/// The surroundings of a region within its first line, and where in them it stands.
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

/// A text fit for a terminal: one line, no control characters, not endless.
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

/// A character of as many bytes that means nothing to a terminal or to [`named`]. The crate
/// takes care of the older control characters and of those that turn the direction.
fn tame(c: char) -> char {
    match c {
        HERE => char::REPLACEMENT_CHARACTER,
        '\u{80}'..='\u{9f}' => '·',
        c => c,
    }
}

/// What stands in the drawing for the origin of the excerpt `number`.
fn here(number: usize) -> String {
    format!("{HERE}{number}")
}

/// Puts the true origins into a drawing.
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

/// The last line: how much was found, in how many files.
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
