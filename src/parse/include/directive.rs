//! Directives in double braces, in mdBook's syntax: `{{#include path:lines}}`.

use std::ops::Range;

use crate::text::nearest;

/// A directive and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive<'a> {
    pub range: Range<usize>,
    pub kind: Kind<'a>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind<'a> {
    /// A backslash before it: the directive is text.
    Escaped,
    Include(&'a str, Part<'a>),
    RustdocInclude(&'a str, Part<'a>),
    /// A file as a Rust block, with the words after its path.
    Playground(&'a str, Vec<&'a str>),
    Title(&'a str),
}

/// The selected lines of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Part<'a> {
    /// By numbers, from 0.
    Lines(Range<usize>),
    /// Between the lines that hold `ANCHOR: name` and `ANCHOR_END: name`.
    Anchor(&'a str),
}

/// Returns the first directive of `text` from byte `from`.
pub fn next(text: &str, from: usize) -> Option<Directive<'_>> {
    let mut at = from;
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        if start > from
            && text[..start].ends_with('\\')
            && let Some(end) = escaped(text, start)
        {
            let range = start - 1..end;
            let kind = Kind::Escaped;
            return Some(Directive { range, kind });
        }
        match open(text, start) {
            Some((Some(kind), end)) => {
                let range = start..end;
                return Some(Directive { range, kind });
            }
            // Unknown names in braces are text.
            Some((None, end)) => at = end,
            None => at = start + 1,
        }
    }
    None
}

/// The names of the directives.
const NAMES: [&str; 4] = ["include", "rustdoc_include", "playground", "title"];

/// Finds braces that look like a mistyped directive: a name with one wrong letter, or no closing
/// braces. Each is returned with the probable name.
pub fn mistyped(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices("{{") {
        let Some(name) = text[start + 2..].trim_start_matches(' ').strip_prefix('#') else {
            continue;
        };
        if text[..start].ends_with('\\') || matches!(open(text, start), Some((Some(_), _))) {
            continue;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = name.find(|c| !is_name(c)).unwrap_or(name.len());
        let written = &name[..length];
        // A text can write about a directive, and other tools have their own ones, most of them
        // short.
        let meant = match NAMES.iter().find(|known| **known == written) {
            Some(_) if name[length..].starts_with("}}") => None,
            Some(known) => Some(*known),
            None if length >= 5 => nearest(written, NAMES),
            None => None,
        };
        if let Some(meant) = meant {
            let end = start + text[start..].find('#').unwrap_or(0) + 1 + length;
            found.push((start..end, meant));
        }
    }
    found
}

/// Returns the end of the escaped braces at `start`: the last pair of the line.
fn escaped(text: &str, start: usize) -> Option<usize> {
    let rest = text[start..].strip_prefix("{{#")?;
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    let last = line.rfind("}}")?;
    Some(start + 3 + last + 2)
}

/// Returns the directive that begins at `start`, and its end.
fn open(text: &str, start: usize) -> Option<(Option<Kind<'_>>, usize)> {
    let name = text[start + 2..].trim_start().strip_prefix('#')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let length = name.find(|c| !is_name(c)).unwrap_or(name.len());
    let (name, rest) = name.split_at(length);
    let argument = rest.trim_start();
    if name.is_empty() || argument.len() == rest.len() {
        return None;
    }
    let end = argument.find('}')?;
    if end == 0 || !argument[end..].starts_with("}}") {
        return None;
    }
    let at = text.len() - argument.len();
    Some((kind(name, &argument[..end]), at + end + 2))
}

fn kind<'a>(name: &str, argument: &'a str) -> Option<Kind<'a>> {
    if name == "title" {
        return Some(Kind::Title(argument));
    }
    let mut words = argument.split_whitespace();
    let first = words.next()?;
    let (path, part) = match first.split_once(':') {
        Some((path, part)) => (path, part_of(part)),
        None => (first, Part::Lines(0..usize::MAX)),
    };
    match name {
        "include" => Some(Kind::Include(path, part)),
        "rustdoc_include" => Some(Kind::RustdocInclude(path, part)),
        "playground" | "playpen" => Some(Kind::Playground(first, words.collect())),
        _ => None,
    }
}

/// Parses `3`, `3:7`, `3:`, `:7`, or the name of an anchor.
fn part_of(written: &str) -> Part<'_> {
    let mut numbers = written.splitn(3, ':');
    let first = numbers.next().unwrap_or("");
    let start = match first.parse::<usize>() {
        Ok(line) => Some(line.saturating_sub(1)),
        Err(_) if first.is_empty() => None,
        Err(_) => return Part::Anchor(first),
    };
    let end = numbers.next().map(str::parse::<usize>);
    Part::Lines(match (start, end) {
        (Some(start), None) => start..start.saturating_add(1),
        (start, Some(Ok(end))) => start.unwrap_or(0)..end,
        (start, Some(Err(_)) | None) => start.unwrap_or(0)..usize::MAX,
    })
}

/// Returns the lines of `text` as ranges without line ends.
pub fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        start..start + line.len()
    })
}

/// True if `text` has the anchor or the first line that `part` selects.
pub fn holds(text: &str, part: &Part<'_>) -> bool {
    match part {
        Part::Lines(wanted) => wanted.start == 0 || lines(text).nth(wanted.start).is_some(),
        Part::Anchor(name) => lines(text).any(|line| anchor(&text[line], "ANCHOR:") == Some(name)),
    }
}

/// How a line of an included file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    Yes,
    /// Hidden with a `#` before it, for the compiler only.
    Hidden,
    No,
}

/// Returns how each line of `text` is shown if `part` is selected; with `hides`, the other lines
/// are hidden instead of removed.
pub fn selected(text: &str, part: &Part<'_>, hides: bool) -> Vec<(Range<usize>, Shown)> {
    let others = if hides { Shown::Hidden } else { Shown::No };
    let name = match part {
        Part::Lines(wanted) => {
            let shown = |number| {
                if wanted.contains(&number) {
                    Shown::Yes
                } else {
                    others
                }
            };
            let numbered = lines(text).enumerate();
            return numbered.map(|(at, line)| (line, shown(at))).collect();
        }
        Part::Anchor(name) => *name,
    };
    let (mut is_inside, mut is_over) = (false, false);
    let mut shown = |line: &str| {
        let (start, end) = (anchor(line, "ANCHOR:"), anchor(line, "ANCHOR_END:"));
        if is_inside {
            match end {
                Some(found) if found == name => {
                    is_inside = false;
                    is_over = !hides;
                    Shown::No
                }
                None if start.is_none() => Shown::Yes,
                _ => Shown::No,
            }
        } else if start == Some(name) && !is_over {
            is_inside = true;
            Shown::No
        } else if start.is_some() || end.is_some() {
            Shown::No
        } else {
            others
        }
    };
    lines(text)
        .map(|line| (line.clone(), shown(&text[line])))
        .collect()
}

/// Returns the name after `marker` in a line.
fn anchor<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    line.match_indices(marker).find_map(|(at, _)| {
        let name = line[at + marker.len()..].trim_start();
        let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
        (end > 0).then(|| &name[..end])
    })
}
