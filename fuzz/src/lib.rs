//! The bodies of the fuzz targets.
//!
//! The normal tests include this file and run the same bodies over `seeds` and `regressions`. So it
//! uses only crates that the program and its tests already use.

mod mutations;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use whosaid::compile::{self, Cache, Chapter, Inputs, Options, Piece};
use whosaid::diag::Diagnostic;
use whosaid::mdbook::{Envelope, Request};
use whosaid::model::{Dialect, PartialDate};
use whosaid::parse::{
    self, DocKind, Draft, Reading, attrs, bibliography, cite, front, lists, summary,
};
use whosaid::text::{SitePath, SourceMap, SourceText, Span};
use whosaid::{config, report};

pub use mutations::mutations;

/// A body: it panics if its input breaks a promised rule.
pub type Body = fn(&[u8]);

/// Every target, with the name of its file in `fuzz_targets`.
pub const TARGETS: [(&str, Body); 11] = [
    ("attributes", attributes),
    ("bibliography", bibliography),
    ("book_toml", book_toml),
    ("citations", citations),
    ("compile", compile),
    ("dates", dates),
    ("front_matter", front_matter),
    ("marks", marks),
    ("mutations", mutations),
    ("preprocessor", preprocessor),
    ("summary", summary),
];

/// Attribute text, as in braces or in the title of a link.
pub fn attributes(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    match attrs::lex(text, 0..text.len()) {
        Err((at, why)) => assert!(at <= text.len() && !why.is_empty(), "{at} {why}"),
        Ok(pieces) => {
            for piece in &pieces {
                lies_in(text, piece.name_span);
                lies_in(text, piece.value_span);
                lists::parts(piece).for_each(|(_, span)| lies_in(text, span));
            }
            let mut said = Vec::new();
            attrs::read(&SourceMap::new(&path("a.md")), pieces, &mut said);
            all_lie_in(text, &said);
        }
    }
}

/// A bibliography in each of its formats.
pub fn bibliography(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    for name in ["refs.bib", "refs.json", "refs.yml"] {
        let read = bibliography::read(&SourceText::new(&path(name), text));
        read.entries.iter().for_each(|it| lies_in(text, it.span));
        all_lie_in(text, &read.diagnostics);
    }
}

/// `book.toml`.
pub fn book_toml(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let (config, said) = config::read(&path("book.toml"), text);
    all_lie_in(text, &said);
    config::apply_levels(&config, said);
}

/// The text in the brackets of a citation, and in `src`.
pub fn citations(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let cited = cite::read(text, 0..text.len()).unwrap_or_default();
    let named = cite::keys(text, Span::new(0..text.len()));
    for item in cited.iter().chain(&named) {
        assert_eq!(item.key.span.of(text), &*item.key.text, "{item:?}");
    }
    let sentence = format!("It was so [{text}], they say.\n");
    draft(DocKind::Briefing, &sentence, false);
}

/// A whole book: files begin with `//- path` lines. The text before the first one is a briefing.
pub fn compile(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut files = BTreeMap::new();
    for (number, file) in format!("\n{text}").split("\n//- ").enumerate() {
        let (name, body) = match number {
            0 => ("content/index.md", file),
            _ => file.split_once('\n').unwrap_or((file, "")),
        };
        if let Ok(path) = SitePath::new(name.trim())
            && !path.is_root()
        {
            files.insert(path, Arc::from(body.as_bytes()));
        }
    }
    let inputs = inputs(files);
    let mut cache = Cache::default();
    let build = compile::compile(&inputs, &mut cache);
    let text = |path: &SitePath| str::from_utf8(inputs.files.get(path)?).ok();
    for said in &build.diagnostics {
        assert!(!said.message.is_empty(), "{said:?}");
        if let Some(text) = text(&said.place.file) {
            lies_in(text, said.place.span);
        }
    }
    report::terminal(&build.diagnostics, &text, report::Style::default());
    report::json(&build.diagnostics, &text);
    assert_eq!(build, compile::compile(&inputs, &mut cache), "a warm cache");
}

/// A day, a month, a year, or a date range.
pub fn dates(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok(date) = PartialDate::parse(text) {
        assert!(date.first_day() <= date.last_day(), "{date:?}");
        assert!(date.days_until(&date).is_none_or(|days| days == 0));
        assert!(!date.in_words().is_empty());
        let again = PartialDate::parse(&date.to_string());
        assert_eq!(again, Ok(date), "{text}");
    }
}

/// Front matter of every kind of document.
pub fn front_matter(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    for kind in KINDS {
        for is_vault in [false, true] {
            let mut said = Vec::new();
            let map = SourceMap::new(&path("a.md"));
            let (_, _, body_at) = front::read(&map, kind, text, is_vault, &mut said);
            assert!(text.is_char_boundary(body_at), "{body_at}");
            all_lie_in(text, &said);
        }
    }
}

/// A text with marks, read in each mode.
pub fn marks(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    draft(DocKind::Briefing, text, false);
    draft(DocKind::Briefing, text, true);
}

/// The input that mdBook sends to a preprocessor, and the answer of a preprocessor.
pub fn preprocessor(data: &[u8]) {
    let source = path("src");
    let chapter = Piece::Chapter(Chapter {
        title: "One".to_owned(),
        number: vec![1],
        level: 0,
        file: Some(path("src/a.md")),
        text: "# One\n".into(),
        body_at: 0,
    });
    let sent = Envelope::new(Path::new("."), &json!({}), &source, &[chapter], true);
    if let Err(why) = sent.read(&source, data) {
        assert!(!why.is_empty());
    }
    match Request::read(data) {
        Err(why) => assert!(!why.is_empty()),
        Ok(request) => {
            let settings = Arc::from(b"[book]\nsrc = \"src\"\n".as_slice());
            let summary = Arc::from(b"[One](a.md)\n".as_slice());
            let text = Arc::from(b"# One\n".as_slice());
            let response = request.lower(inputs(BTreeMap::from([
                (path("book.toml"), settings),
                (path("src/SUMMARY.md"), summary),
                (path("src/a.md"), text),
            ])));
            let book = serde_json::from_str::<serde_json::Value>(&response.book);
            assert!(book.is_ok_and(|book| book.is_object()));
        }
    }
}

/// `SUMMARY.md`.
pub fn summary(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let read = summary::read(&SourceText::new(&path("SUMMARY.md"), text));
    for entry in &read.entries {
        if let summary::Entry::Chapter {
            path: Some((_, place)),
            ..
        } = entry
        {
            lies_in(text, place.span);
        }
    }
    all_lie_in(text, &read.diagnostics);
}

const KINDS: [DocKind; 5] = [
    DocKind::Briefing,
    DocKind::Actor,
    DocKind::Claim,
    DocKind::Source,
    DocKind::Astray,
];

fn path(text: &str) -> SitePath {
    SitePath::new(text).expect("a fixed path")
}

fn inputs(files: BTreeMap<SitePath, Arc<[u8]>>) -> Inputs {
    Inputs {
        files,
        today: jiff::civil::date(2026, 11, 23),
        options: Options::default(),
    }
}

fn lies_in(text: &str, span: Span) {
    let part = text.get(span.range());
    assert!(part.is_some(), "{span:?} of {}", text.len());
}

fn all_lie_in(text: &str, said: &[Diagnostic]) {
    for said in said {
        lies_in(text, said.place.span);
    }
}

/// Parses a text and checks the draft.
fn draft(kind: DocKind, text: &str, is_vault: bool) -> Draft {
    let reading = Reading {
        dialect: Dialect::Annotated,
        annotated: true,
        wikilinks: true,
        smart_punctuation: true,
        definition_lists: true,
        alerts: true,
        is_vault,
    };
    let draft = parse::draft(kind, SourceText::new(&path("a.md"), text), &reading);
    let mut open = 0_usize;
    for item in &draft.body.items {
        lies_in(text, item.span);
        match &item.node {
            whosaid::model::Node::Start(_) => open += 1,
            whosaid::model::Node::End => open = open.checked_sub(1).expect("an end of nothing"),
            _ => {}
        }
    }
    assert_eq!(open, 0, "a start without an end");
    for mark in &draft.marks {
        lies_in(text, mark.span);
        lies_in(text, mark.words_span);
        assert!(mark.cites.iter().all(|cite| *cite < draft.cites.len()));
        assert!(mark.parent.is_none_or(|mark| mark < draft.marks.len()));
    }
    all_lie_in(text, &draft.diagnostics);
    draft
}
