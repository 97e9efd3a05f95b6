//! mdBook's directives, `{{#include path}}` and others, which are expanded before a text is parsed.
//!
//! The text of another file of the book replaces the directive, also in code. `path:3` selects one
//! line, `path:3:7` these lines, `path:3:` and `path::7` the rest and the beginning, `path:name`
//! the lines between those with `ANCHOR: name` and `ANCHOR_END: name`. `rustdoc_include` keeps all
//! other lines, hidden by a `#`; `playground` makes a Rust block; `title` sets the title of the
//! page. A backslash before it turns it off: `\{{#include …}}`. The source map of the expanded text
//! gives the file of each word; for a file outside of the book, it gives the directive in the book
//! that included it.

mod directive;

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{Code, Diagnostic};
use crate::text::{Place, SitePath, SourceBuilder, SourceText, Span};
use directive::{Directive, Kind, Part, Shown};

/// The maximum nesting depth of includes.
pub const DEEPEST: usize = 10;
/// The maximum size of a page with its includes, in bytes.
pub const LARGEST: usize = 4 * 1024 * 1024;
/// The maximum number of includes of a page, at all levels together.
pub const MOST: usize = 10_000;
/// The maximum total size of the files that a page includes parts of, in bytes, each counted for
/// each include: to find a line, a file is read from its start.
pub const READ: usize = 64 * 1024 * 1024;
/// The maximum number of bytes that includes add to a book.
pub const BOOK: usize = 16 * 1024 * 1024;

/// A text with its includes expanded.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    pub text: SourceText,
    /// The title in `{{#title …}}`.
    pub title: Option<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Returns the files that the directives of `text` name, existing or not.
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

/// Expands the includes of `text`; `read` returns the text of a file of the book.
pub fn expand(text: &SourceText, read: &dyn Fn(&SitePath) -> Option<Arc<str>>) -> Expanded {
    let diagnostics = mistyped(text);
    if directive::next(text.as_str(), 0).is_none() {
        return Expanded {
            text: text.clone(),
            title: None,
            diagnostics,
        };
    }
    let mut writer = Writer {
        read,
        out: SourceBuilder::new(text.file()),
        title: None,
        diagnostics,
        named: 0,
        read_bytes: 0,
    };
    writer.write(text.file(), text, 0..text.as_str().len(), 0);
    Expanded {
        text: writer.out.finish(),
        title: writer.title,
        diagnostics: writer.diagnostics,
    }
}

struct Writer<'a> {
    read: &'a dyn Fn(&SitePath) -> Option<Arc<str>>,
    out: SourceBuilder,
    title: Option<String>,
    diagnostics: Vec<Diagnostic>,
    /// The number of named files, and their total size.
    named: usize,
    read_bytes: usize,
}

impl Writer<'_> {
    /// Writes a part of `text`, whose directives are relative to `file`.
    fn write(&mut self, file: &SitePath, text: &SourceText, range: Range<usize>, depth: usize) {
        let mut from = range.start;
        while let Some(found) = directive::next(&text.as_str()[..range.end], from) {
            self.out.copy(text, from..found.range.start);
            from = found.range.end;
            self.expand(file, text, found, depth);
        }
        self.out.copy(text, from..range.end);
    }

    /// Writes the text for a directive.
    fn expand(&mut self, file: &SitePath, text: &SourceText, found: Directive<'_>, depth: usize) {
        let whole = Span::new(found.range.clone());
        let (path, part, hides) = match found.kind {
            Kind::Escaped => {
                let range = found.range.start + 1..found.range.end;
                return self.out.copy(text, range);
            }
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
        let Some((target, included)) = self.included(file, text, path, whole, depth) else {
            return;
        };
        if !directive::holds(included.as_str(), &part) {
            self.diagnostics
                .push(no_part(text.place(whole), path, &part));
        }
        let mut is_first = true;
        for (line, shown) in directive::selected(included.as_str(), &part, hides) {
            if shown == Shown::No {
                continue;
            }
            if self.out.as_str().len() + line.len() > LARGEST {
                return self.diagnostics.push(too_much(text.place(whole)));
            }
            let point = |at: usize| Span::new(at..at);
            if !std::mem::take(&mut is_first) {
                let end_of_last = point(line.start.saturating_sub(1));
                self.out.generate(&included, end_of_last, "\n");
            }
            if shown == Shown::Hidden {
                self.out.generate(&included, point(line.start), "# ");
            }
            self.write(&target, &included, line, depth + 1);
        }
    }

    fn playground(
        &mut self,
        file: &SitePath,
        text: &SourceText,
        whole: Span,
        (path, words): (&str, &[&str]),
        depth: usize,
    ) {
        let Some((target, included)) = self.included(file, text, path, whole, depth) else {
            return;
        };
        let length = included.as_str().len();
        if self.out.as_str().len() + length > LARGEST {
            return self.diagnostics.push(too_much(text.place(whole)));
        }
        let comma = if words.is_empty() { "" } else { "," };
        let opening = format!("```rust{comma}{}\n", words.join(","));
        self.out.generate(text, whole, &opening);
        self.write(&target, &included, 0..length, depth + 1);
        if !included.as_str().ends_with('\n') {
            self.out.generate(text, whole, "\n");
        }
        self.out.generate(text, whole, "```\n");
    }

    /// Returns the file of a directive and its text; `None` if the directive stays in the text.
    fn included(
        &mut self,
        file: &SitePath,
        text: &SourceText,
        path: &str,
        whole: Span,
        depth: usize,
    ) -> Option<(SitePath, SourceText)> {
        let place = || text.place(whole);
        self.named += 1;
        if depth >= DEEPEST || self.named > MOST {
            self.diagnostics.push(too_much(place()));
            return None;
        }
        let target = file.sibling_around(path).ok();
        let found = target.and_then(|target| Some((target.clone(), (self.read)(&target)?)));
        let Some((target, included)) = found else {
            self.diagnostics.push(missing(place(), path));
            self.out.copy(text, whole.range());
            return None;
        };
        self.read_bytes += included.len();
        if self.read_bytes > READ {
            self.diagnostics.push(too_much(place()));
            return None;
        }
        // Readers of the book cannot open a file outside of it.
        let included = match target.around() {
            None => SourceText::new(&target, included),
            Some(_) => SourceText::generated(included, text, whole),
        };
        Some((target, included))
    }
}

/// Returns the diagnostic for a book that includes more than [`BOOK`]; this page is not expanded.
pub fn too_much_together(file: &SitePath) -> Diagnostic {
    let most = BOOK / 1024 / 1024;
    Diagnostic::new(
        Code::BeyondLimit,
        Place::whole(file),
        "includes are too large or too deep",
    )
    .label(format!(
        "the maximum for all pages is {most} MiB; this include is not expanded"
    ))
    .hint("link to the file, or include a part of it")
}

fn missing(place: Place, path: &str) -> Diagnostic {
    let is_hidden = |part: &str| part.len() > 2 && part.starts_with('.');
    let label = if path.split('/').any(is_hidden) {
        "hidden files cannot be included"
    } else {
        "no such file in the book"
    };
    Diagnostic::new(
        Code::MissingInclude,
        place,
        format!("included file `{path}` not found"),
    )
    .label(label)
    .hint("write the path relative to this file; the target must be UTF-8")
}

/// Reports braces that look like a mistyped directive.
fn mistyped(text: &SourceText) -> Vec<Diagnostic> {
    let found = directive::mistyped(text.as_str()).into_iter();
    let told = found.map(|(range, meant)| {
        let place = text.place(Span::new(range));
        Diagnostic::new(Code::MissingInclude, place, "unknown directive in braces")
            .label("shown as plain text")
            .hint(match meant {
                "title" => "write `{{#title …}}`, or `\\{{` for plain text".to_owned(),
                meant => format!("write `{{{{#{meant} FILE}}}}`, or `\\{{{{` for plain text"),
            })
    });
    told.collect()
}

fn no_part(place: Place, path: &str, part: &Part<'_>) -> Diagnostic {
    let (message, label) = match part {
        Part::Anchor(name) => (
            format!("unknown anchor `{name}` in `{path}`"),
            format!("no line of the file contains `ANCHOR: {name}`"),
        ),
        Part::Lines(wanted) => (
            format!("no line {} in `{path}`", wanted.start + 1),
            "the file is shorter".to_owned(),
        ),
    };
    Diagnostic::new(Code::MissingInclude, place, message).label(label)
}

fn too_much(place: Place) -> Diagnostic {
    let (most, read) = (LARGEST / 1024 / 1024, READ / 1024 / 1024);
    Diagnostic::new(
        Code::BeyondLimit,
        place,
        "includes are too large or too deep",
    )
    .label(format!(
        "the maximum is {DEEPEST} levels and {most} MiB per page"
    ))
    .hint(format!(
        "check whether a file includes itself; a page can include {MOST} files of {read} MiB \
             in total"
    ))
}
