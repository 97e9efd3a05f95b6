//! mdBook's directives: `{{#include path}}` and its kin, put in place before a text is read.
//!
//! The text of another file of the book stands in its place, in code too. `path:3` takes one line,
//! `path:3:7` these lines, `path:3:` and `path::7` the rest and the beginning, `path:name` what
//! stands between the lines that hold `ANCHOR: name` and `ANCHOR_END: name`. `rustdoc_include`
//! keeps all other lines, hidden by a `#`; `playground` makes a block of Rust; `title` sets the
//! title of the page. A backslash in front keeps the braces: `\{{#include …}}`. What a diagnostic
//! says of included text is told of the file that it came from, by [`Expanded::origin`]; of a file
//! around the book, it is told of the directive in the book that led there.

mod directive;
mod rewritten;

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath, Span};
use directive::{Directive, Kind, Part, Shown};
pub use rewritten::rewritten;

/// Files that include each other deeper than this are not followed.
pub const DEEPEST: usize = 10;
/// A page may grow to this many bytes by what it includes.
pub const LARGEST: usize = 4 * 1024 * 1024;
/// A page may name this many files to include, at all levels together.
pub const MOST: usize = 10_000;
/// The files that a page includes parts of may have this many bytes together, each counted as
/// often as it is named: to find a line, a file is read from its start.
pub const READ: usize = 64 * 1024 * 1024;
/// The pages of a book may grow by this many bytes together.
pub const BOOK: usize = 16 * 1024 * 1024;

/// A text with everything it includes.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    pub text: Arc<str>,
    /// The title that `{{#title …}}` gives the page.
    pub title: Option<String>,
    pieces: Vec<Piece>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A run of the expanded text, and where it came from.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    /// Where it begins in the expanded text.
    at: usize,
    file: SitePath,
    /// Where it begins in its file.
    from: usize,
    /// Whether it stands there word for word. Otherwise it stands in no file, and what is said of
    /// it is told of that point.
    is_copy: bool,
}

/// The files that the directives of `text` name, whether they are there or not.
pub fn named(file: &SitePath, text: &str) -> Vec<SitePath> {
    let mut named = Vec::new();
    let mut from = 0;
    while let Some(Directive { range, kind }) = directive::next(text, from) {
        from = range.end;
        let path = match kind {
            Kind::Include(path, _) | Kind::RustdocInclude(path, _) | Kind::Playground(path, _) => {
                file.sibling_around(path)
            }
            Kind::Escaped | Kind::Title(_) => continue,
        };
        named.extend(path);
    }
    named
}

/// Expands the includes of `text`; `read` gives the text of a file of the book.
pub fn expand(
    file: &SitePath,
    text: &Arc<str>,
    read: &dyn Fn(&SitePath) -> Option<Arc<str>>,
) -> Expanded {
    let diagnostics = mistyped(file, text);
    if directive::next(text, 0).is_none() {
        return Expanded {
            text: text.clone(),
            title: None,
            pieces: Vec::new(),
            diagnostics,
        };
    }
    let mut writer = Writer {
        read,
        text: String::with_capacity(text.len()),
        title: None,
        pieces: Vec::new(),
        diagnostics,
        named: 0,
        read_bytes: 0,
        page: file,
    };
    writer.write(file, text, 0..text.len(), 0);
    Expanded {
        text: writer.text.into(),
        title: writer.title,
        pieces: writer.pieces,
        diagnostics: writer.diagnostics,
    }
}

impl Expanded {
    /// Whether some of it comes from this file.
    pub fn holds(&self, file: &SitePath) -> bool {
        self.pieces.iter().any(|piece| piece.file == *file)
    }

    /// The same text, where the one that was expanded was itself made from another.
    #[must_use]
    pub fn made_from(mut self, file: &SitePath, before: &Expanded) -> Expanded {
        let pieces = std::mem::take(&mut self.pieces);
        self.pieces = rewritten::traced(file, pieces, self.text.len(), before);
        self
    }

    /// Where a span of the expanded text was written; nothing if it is the file itself.
    pub fn origin(&self, span: Span) -> Option<Place> {
        let start = span.start as usize;
        let number = self
            .pieces
            .partition_point(|piece| piece.at <= start)
            .checked_sub(1)?;
        let piece = &self.pieces[number];
        let end = self
            .pieces
            .get(number + 1)
            .map_or(self.text.len(), |next| next.at);
        let end = (span.end as usize).clamp(start, end.max(start));
        if !piece.is_copy {
            return Some(Place::new(&piece.file, Span::new(piece.from..piece.from)));
        }
        Some(Place::new(
            &piece.file,
            Span::new(start..end).moved(piece.at, piece.from),
        ))
    }
}

struct Writer<'a> {
    read: &'a dyn Fn(&SitePath) -> Option<Arc<str>>,
    text: String,
    title: Option<String>,
    pieces: Vec<Piece>,
    diagnostics: Vec<Diagnostic>,
    /// Files that were named, and their bytes.
    named: usize,
    read_bytes: usize,
    /// The file whose text is expanded.
    page: &'a SitePath,
}

impl Writer<'_> {
    fn write(&mut self, file: &SitePath, text: &str, range: Range<usize>, depth: usize) {
        let mut from = range.start;
        while let Some(found) = directive::next(&text[..range.end], from) {
            self.copy(file, text, from..found.range.start);
            from = found.range.end;
            self.put(file, text, found, depth);
        }
        self.copy(file, text, from..range.end);
    }

    fn copy(&mut self, file: &SitePath, text: &str, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.piece(file, range.start, true);
        self.text.push_str(&text[range]);
    }

    /// Writes what stands in no file; a diagnostic about it is told of `from` in `file`.
    fn add(&mut self, file: &SitePath, from: usize, text: &str) {
        self.piece(file, from, false);
        self.text.push_str(text);
    }

    fn piece(&mut self, file: &SitePath, from: usize, is_copy: bool) {
        let at = self.text.len();
        let (file, from, is_copy) = match file.around() {
            None => (file.clone(), from, is_copy),
            Some(_) => {
                let (file, at) = self.led_out();
                (file, at, false)
            }
        };
        let goes_on = |last: &Piece| match (last.is_copy, is_copy) {
            (true, true) => last.file == file && last.from + (at - last.at) == from,
            (false, false) => last.file == file && last.from == from,
            (true, false) | (false, true) => false,
        };
        if self.pieces.last().is_some_and(goes_on) {
            return;
        }
        self.pieces.push(Piece {
            at,
            file,
            from,
            is_copy,
        });
    }

    /// The place of a directive.
    fn place(&self, file: &SitePath, whole: &Range<usize>) -> Place {
        match file.around() {
            None => Place::new(file, Span::new(whole.clone())),
            Some(_) => {
                let (file, at) = self.led_out();
                Place::new(&file, Span::new(at..at))
            }
        }
    }

    /// Where in the book the directive stands that led out of it: what was written last from the
    /// book's own files ends there.
    fn led_out(&self) -> (SitePath, usize) {
        match self.pieces.last() {
            Some(last) if last.is_copy => {
                (last.file.clone(), last.from + self.text.len() - last.at)
            }
            Some(last) => (last.file.clone(), last.from),
            None => (self.page.clone(), 0),
        }
    }

    /// Writes what a directive stands for.
    fn put(&mut self, file: &SitePath, text: &str, found: Directive<'_>, depth: usize) {
        let whole = found.range.clone();
        let (path, part, hides) = match found.kind {
            Kind::Escaped => return self.copy(file, text, whole.start + 1..whole.end),
            Kind::Title(title) => {
                self.title = Some(title.trim().to_owned());
                return;
            }
            Kind::Include(path, part) => (path, part, false),
            Kind::RustdocInclude(path, part) => (path, part, true),
            Kind::Playground(path, words) => {
                return self.playground(file, text, whole, (path, &words), depth);
            }
        };
        let Some((target, included)) = self.included(file, text, path, whole.clone(), depth) else {
            return;
        };
        if !directive::holds(&included, &part) {
            let place = self.place(file, &whole);
            self.diagnostics.push(no_part(place, path, &part));
        }
        let mut is_first = true;
        for (line, shown) in directive::selected(&included, &part, hides) {
            if shown == Shown::No {
                continue;
            }
            if self.text.len() + line.len() > LARGEST {
                let place = self.place(file, &whole);
                return self.diagnostics.push(too_much(place));
            }
            if !std::mem::take(&mut is_first) {
                self.add(&target, line.start.saturating_sub(1), "\n");
            }
            if shown == Shown::Hidden {
                self.add(&target, line.start, "# ");
            }
            self.write(&target, &included, line, depth + 1);
        }
    }

    fn playground(
        &mut self,
        file: &SitePath,
        text: &str,
        whole: Range<usize>,
        (path, words): (&str, &[&str]),
        depth: usize,
    ) {
        let Some((target, included)) = self.included(file, text, path, whole.clone(), depth) else {
            return;
        };
        if self.text.len() + included.len() > LARGEST {
            let place = self.place(file, &whole);
            return self.diagnostics.push(too_much(place));
        }
        let comma = if words.is_empty() { "" } else { "," };
        let opening = format!("```rust{comma}{}\n", words.join(","));
        self.add(file, whole.start, &opening);
        self.write(&target, &included, 0..included.len(), depth + 1);
        if !included.ends_with('\n') {
            self.add(file, whole.start, "\n");
        }
        self.add(file, whole.start, "```\n");
    }

    /// The file that a directive names and its text; without one the directive stays as it is.
    fn included(
        &mut self,
        file: &SitePath,
        text: &str,
        path: &str,
        whole: Range<usize>,
        depth: usize,
    ) -> Option<(SitePath, Arc<str>)> {
        let place = self.place(file, &whole);
        self.named += 1;
        if depth >= DEEPEST || self.named > MOST {
            self.diagnostics.push(too_much(place));
            return None;
        }
        let target = file.sibling_around(path).ok();
        let found = target.and_then(|target| Some((target.clone(), (self.read)(&target)?)));
        let Some((target, included)) = found else {
            self.diagnostics.push(missing(place, path));
            self.copy(file, text, whole);
            return None;
        };
        self.read_bytes += included.len();
        if self.read_bytes > READ {
            self.diagnostics.push(too_much(place));
            return None;
        }
        Some((target, included))
    }
}

/// Says that a book includes more than [`BOOK`]; this page is left as it is.
pub fn too_much_together(file: &SitePath) -> Diagnostic {
    let most = BOOK / 1024 / 1024;
    Diagnostic::new(
        Code::BeyondLimit,
        Place::new(file, Span::default()),
        "includes go too far",
    )
    .label(format!(
        "all pages together may grow by {most} MiB, and this one is left as it is"
    ))
    .hint("link to the file, or include a part of it")
}

fn missing(place: Place, path: &str) -> Diagnostic {
    let is_hidden = |part: &str| part.len() > 2 && part.starts_with('.');
    let label = match path.split('/').any(is_hidden) {
        true => "what begins with a dot is not included",
        false => "no such text in the book",
    };
    Diagnostic::new(
        Code::MissingInclude,
        place,
        format!("there is no text `{path}` to include"),
    )
    .label(label)
    .hint("a path is relative to the file that names it, and leads to a file in UTF-8")
}

/// Says what may have been meant by braces that include nothing.
fn mistyped(file: &SitePath, text: &str) -> Vec<Diagnostic> {
    let found = directive::mistyped(text).into_iter();
    let told = found.map(|(range, meant)| {
        let place = Place::new(file, Span::new(range));
        Diagnostic::new(Code::MissingInclude, place, "these braces include nothing")
            .label("shown as they stand")
            .hint(match meant {
                "title" => "write `{{#title …}}`, or `\\{{` if none is meant".to_owned(),
                meant => format!("write `{{{{#{meant} FILE}}}}`, or `\\{{{{` if none is meant"),
            })
    });
    told.collect()
}

fn no_part(place: Place, path: &str, part: &Part<'_>) -> Diagnostic {
    let (message, label) = match part {
        Part::Anchor(name) => (
            format!("`{path}` has no part `{name}` to include"),
            format!("no line of the file holds `ANCHOR: {name}`"),
        ),
        Part::Lines(wanted) => (
            format!("`{path}` has no line {} to include", wanted.start + 1),
            "the file ends before it".to_owned(),
        ),
    };
    Diagnostic::new(Code::MissingInclude, place, message).label(label)
}

fn too_much(place: Place) -> Diagnostic {
    let (most, read) = (LARGEST / 1024 / 1024, READ / 1024 / 1024);
    Diagnostic::new(Code::BeyondLimit, place, "includes go too far")
        .label(format!("at most {DEEPEST} levels deep, {most} MiB a page"))
        .hint(format!(
            "does a file include itself? A page may name {MOST} files, of {read} MiB together"
        ))
}
