//! The template contract: the manual shows every template, view and property correctly.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Mutex;

use crate::book;
use crate::repository;
use crate::shape::{self, Shape};
use whosaid::card::Fonts;
use whosaid::compile;
use whosaid::config::{Config, Neighbor};
use whosaid::derive;
use whosaid::html::{Highlighter, Size};
use whosaid::index::{Facts, routes};
use whosaid::model::Dialect;
use whosaid::page;
use whosaid::parse::{self, DocKind, Draft, Reading};
use whosaid::text::{SitePath, SourceText};
use whosaid::{config, link, theme};

/// The lines around the part of the manual that this test generates.
const FROM: &str = "<!-- views: held by tests/it/contract.rs -->\n";
const TO: &str = "<!-- end of views -->\n";

fn manual() -> String {
    repository::text("docs/templates.md")
}

/// Returns the small book that the manual's examples are taken from.
fn example() -> String {
    let manual = manual();
    let (_, rest) = manual
        .split_once("``````book\n")
        .expect("the manual has a book");
    rest.split_once("``````\n")
        .expect("the book ends")
        .0
        .to_string()
}

/// Returns every page of the example with its view, as templates get it.
fn views() -> Vec<(&'static str, Shape)> {
    let files = book::files(&example());
    let path = |text: &str| SitePath::new(text).expect("a path");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (config, said) = config::read(&path("book.toml"), &text(&files[&path("book.toml")]));
    assert!(said.is_empty(), "{said:?}");
    let reading = Reading {
        dialect: Dialect::Annotated,
        annotated: true,
        wikilinks: true,
        smart_punctuation: true,
        definition_lists: true,
        alerts: true,
        is_vault: false,
    };
    let source = path("content");
    let summary = path("content/SUMMARY.md");
    let listed = parse::summary::read(&SourceText::new(&summary, text(&files[&summary]))).entries;
    let drafts: Vec<Draft> = files
        .iter()
        .filter(|(file, _)| **file != summary)
        .filter_map(|(file, bytes)| {
            let kind = match file.below(&source)?.as_str().split_once('/') {
                Some(("actors", _)) => DocKind::Actor,
                Some(("claims", _)) => DocKind::Claim,
                Some(("sources", _)) => DocKind::Source,
                None if file.name() == "404.md" => DocKind::Astray,
                _ => DocKind::Briefing,
            };
            let is_text = file.extension() == "md";
            is_text.then(|| parse::draft(kind, SourceText::new(file, text(bytes)), &reading))
        })
        .collect();
    let sites: Vec<_> = config
        .sites
        .iter()
        .map(|(name, neighbor)| {
            let bytes = files.get(&Neighbor::file(name));
            compile::inventory(name, neighbor, bytes.map(|bytes| &**bytes))
        })
        .collect();
    let (site, said) = link::site(&link::Book {
        drafts: &drafts.iter().collect::<Vec<_>>(),
        bibliographies: &[],
        sites: &sites,
        source,
        files: vec![path("actors/post.png")],
        unpublished: Vec::new(),
        withheld: Default::default(),
        pages: routes::tool_pages(Dialect::Annotated, &Config::default(), 1),
        autolink: false,
        language: "en",
        is_vault: false,
        dialect: Dialect::Annotated,
        contents: Some((summary, &listed)),
        not_found: None,
        readme_is_index: true,
        shows_html: false,
    });
    assert!(said.is_empty(), "{said:?}");
    let site = match config.as_of {
        Some(date) => link::as_of(site, date.last_day()),
        None => site,
    };
    let facts = Facts::new(&site, derive::standings(&site));
    let highlighter = Highlighter::default();
    let fonts = Fonts::new(&[]);
    let book = page::Book {
        links: page::ActorLinksByFolder::default(),
        site: &site,
        config: &config,
        facts: &facts,
        raw_html: config.raw_html,
        highlighter: &highlighter,
        sizes: &BTreeMap::from([(
            path("actors/post.png"),
            Size {
                width: 640,
                height: 480,
            },
        )]),
        styles: &[path("theme.css")],
        scripts: &[path("more.js")],
        names: &BTreeMap::new(),
        fixed: &BTreeMap::new(),
        titles: &BTreeMap::new(),
        fonts: fonts.as_ref(),
    };
    let views = Mutex::new(BTreeMap::new());
    let made = page::each(&book, &|page| {
        let view = (page.view.template(), shape::of(&page.view));
        views
            .lock()
            .expect("no test panicked")
            .insert(page.route, view);
        None
    });
    assert!(made.diagnostics.is_empty(), "{:?}", made.diagnostics);
    // They are sorted in the order of routes, because pages are rendered in no fixed order.
    let views = views.into_inner().expect("no test panicked").into_values();
    views.chain([chapter()]).collect()
}

/// Returns the page of a chapter with its view, as templates get it.
fn chapter() -> (&'static str, Shape) {
    let path = |text: &str| SitePath::new(text).expect("a path");
    let toml = "[book]\ntitle = \"Post\"\n[output.html.redirect]\n\"/letters.html#weight\" = \"parcels.html\"\n";
    let (config, _) = config::read(&path("book.toml"), toml);
    let reading = Reading {
        dialect: Dialect::Plain,
        annotated: false,
        wikilinks: false,
        smart_punctuation: true,
        definition_lists: true,
        alerts: true,
        is_vault: false,
    };
    let text = "# Letters\n\nThey are light.[^a]\n\n[^a]: Most of them.\n";
    let files = [
        ("letters", text),
        ("parcels", "# Parcels\n"),
        ("string", "# String\n"),
    ];
    let drafts = files.map(|(name, text)| {
        let file = path(&format!("src/{name}.md"));
        parse::draft(DocKind::Briefing, SourceText::new(&file, text), &reading)
    });
    let listed = "- [Letters](letters.md)\n- [Parcels](parcels.md)\n  - [String](string.md)\n";
    let summary = parse::summary::read(&SourceText::new(&path("src/SUMMARY.md"), listed));
    let (site, said) = link::site(&link::Book {
        drafts: &drafts.iter().collect::<Vec<_>>(),
        bibliographies: &[],
        sites: &[],
        source: path("src"),
        files: Vec::new(),
        unpublished: Vec::new(),
        withheld: Default::default(),
        pages: Vec::new(),
        autolink: false,
        language: "en",
        is_vault: false,
        dialect: Dialect::Plain,
        contents: Some((path("src/SUMMARY.md"), &summary.entries)),
        not_found: None,
        readme_is_index: true,
        shows_html: false,
    });
    assert!(said.is_empty(), "{said:?}");
    let facts = Facts::new(&site, derive::standings(&site));
    let highlighter = Highlighter::default();
    let book = page::Book {
        links: page::ActorLinksByFolder::default(),
        site: &site,
        config: &config,
        facts: &facts,
        raw_html: config.raw_html,
        highlighter: &highlighter,
        sizes: &BTreeMap::new(),
        styles: &[],
        scripts: &[],
        names: &BTreeMap::new(),
        fixed: &BTreeMap::new(),
        titles: &BTreeMap::new(),
        fonts: None,
    };
    let view = Mutex::new(None);
    page::each(&book, &|page| {
        if page.address == path("letters.html") {
            let shape = shape::of(&page.view);
            *view.lock().expect("no test panicked") = Some((page.view.template(), shape));
        }
        None
    });
    let view = view.into_inner().expect("no test panicked");
    view.expect("there is a page of letters")
}

/// Returns the doc comments of each struct of the views and of its fields.
fn comments() -> BTreeMap<String, (String, Vec<(String, String)>)> {
    let mut comments = BTreeMap::new();
    for (_, text) in repository::texts("src/page", "rs") {
        let mut comment = String::new();
        let mut open: Option<String> = None;
        for line in text.lines() {
            let line = line.trim();
            if let Some(words) = line.strip_prefix("///") {
                comment.push_str(words);
            } else if let Some(rest) = line.strip_prefix("pub struct ") {
                let name = rest.trim_end_matches(" {").to_string();
                comments.insert(name.clone(), (std::mem::take(&mut comment), Vec::new()));
                open = Some(name);
            } else if line == "}" {
                open = None;
            } else if let (Some(name), Some(rest)) = (&open, line.strip_prefix("pub ")) {
                let field = rest.split(':').next().unwrap_or("").to_string();
                let said = std::mem::take(&mut comment);
                if let Some((_, fields)) = comments.get_mut(name) {
                    fields.push((field, said.trim().to_string()));
                }
            } else if !line.starts_with("#[") {
                comment.clear();
            }
        }
    }
    comments
}

/// Returns the part of the manual that shows the views.
fn expected() -> String {
    let views = views();
    let mut structs: BTreeMap<&'static str, shape::Fields> = BTreeMap::new();
    let mut templates: BTreeMap<&'static str, &'static str> = BTreeMap::new();
    for (template, shape) in &views {
        let Shape::Struct(name, _) = shape else {
            panic!("{template} has no struct for a view");
        };
        templates.insert(template, name);
        shape.gather(&mut structs);
    }
    let comments = comments();
    let tops: BTreeSet<&str> = templates.values().copied().collect();
    let mut text = String::new();
    let mut show = |name: &str, title: String| {
        let (said, fields) = &comments[name];
        let _ = writeln!(text, "### {title}\n\n{}\n", said.trim());
        let _ = writeln!(text, "```json\n{}\n```\n", shape::json(&structs[name]));
        let told: Vec<_> = fields.iter().filter(|(_, said)| !said.is_empty()).collect();
        for (field, said) in &told {
            let _ = writeln!(text, "- `{field}`: {said}");
        }
        if !told.is_empty() {
            text.push('\n');
        }
    };
    for (template, name) in &templates {
        show(name, format!("`{template}`"));
    }
    for name in structs.keys().filter(|name| !tops.contains(*name)) {
        show(name, (*name).to_string());
    }
    text
}

#[test]
fn the_manual_shows_every_view_as_templates_get_it() {
    // The manual shows the views of a program with the feature `cards`.
    if !cfg!(feature = "cards") {
        return;
    }
    let manual = manual();
    let (_, rest) = manual.split_once(FROM).expect("the part begins");
    let (shown, _) = rest.split_once(TO).expect("the part ends");
    let expected = expected();
    if shown.trim() == expected.trim() {
        return;
    }
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("views.md");
    #[expect(clippy::disallowed_methods, reason = "for whoever mends the manual")]
    std::fs::write(&path, &expected).expect("a writable folder");
    let mut pairs = shown.trim().lines().zip(expected.trim().lines());
    let differs = pairs.find(|(shown, expected)| shown != expected);
    panic!(
        "docs/templates.md shows other views: {differs:?}; what it should show lies in {}",
        path.display()
    );
}

/// Returns the cells of the table rows of the manual whose first cell is in backticks.
fn rows(manual: &str) -> Vec<(String, String)> {
    let lines = manual.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = lines.filter_map(|line| line.split_once("` | "));
    cells
        .map(|(name, rest)| (name.to_string(), rest.trim_end_matches(" |").to_string()))
        .collect()
}

#[test]
fn the_manual_lists_every_template_and_part_as_it_calls_itself() {
    let manual = manual();
    let mut listed: BTreeMap<String, String> = BTreeMap::new();
    for (name, rest) in rows(&manual) {
        if name.ends_with(".html") {
            assert!(listed.insert(name.clone(), rest).is_none(), "{name} twice");
        }
    }
    let names: BTreeSet<&str> = listed.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = theme::TEMPLATES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, known);
    for (name, text) in theme::TEMPLATES {
        let first = text.lines().next().unwrap_or("");
        let word = if first.contains("Internal.") {
            "internal"
        } else {
            "stable"
        };
        assert!(
            word == "internal" || first.contains("Stable"),
            "{name} says neither"
        );
        assert!(
            listed[*name].starts_with(word),
            "{name} is {word}: {}",
            listed[*name]
        );
    }
}

#[test]
fn the_manual_names_every_component_of_the_parts() {
    let manual = manual();
    for (name, text) in theme::TEMPLATES {
        for piece in text.split("{%- component ").skip(1) {
            let call = piece.split_once(')').map_or("", |(call, _)| call);
            let shown = format!("`{call})`");
            assert!(
                manual.contains(&shown),
                "{name}: {shown} is not in the manual"
            );
        }
    }
}

/// Returns the custom properties that `:root` sets in the style sheet outside of conditions.
fn properties(css: &str) -> BTreeMap<String, String> {
    let (_, rest) = css.split_once("  :root {\n").expect("the tokens");
    let (block, _) = rest.split_once("  }\n").expect("they end");
    let declarations = block.split(';').filter_map(|it| it.trim().split_once(": "));
    declarations
        .filter(|(name, _)| name.starts_with("--ws-"))
        .map(|(name, value)| (name.to_string(), value.to_string()))
        .collect()
}

#[test]
fn the_manual_lists_every_property_with_its_default() {
    let files = theme::STATIC.iter();
    let sheets: Vec<&str> = files
        .filter(|(name, _)| name.ends_with(".css"))
        .map(|(_, text)| *text)
        .collect();
    let of_theme = sheets.iter().find(|text| text.contains("  :root {\n"));
    let properties = properties(of_theme.expect("a sheet has the tokens"));
    assert!(properties.len() >= 28, "only {}", properties.len());
    let listed: BTreeMap<String, String> = rows(&manual())
        .into_iter()
        .filter(|(name, _)| name.starts_with("--ws-"))
        .collect();
    let names = |map: &BTreeMap<String, String>| map.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&listed), names(&properties));
    for (name, value) in properties {
        let row = &listed[&name];
        assert!(
            row.contains(&format!("`{value}`")),
            "{name}: {value} is not in {row}"
        );
    }
    // Every property that is used is also set, so that authors need not guess names.
    for sheet in sheets {
        for (at, _) in sheet.match_indices("var(--ws-") {
            let used = sheet[at + 4..].split([')', ',']).next().unwrap_or("");
            assert!(listed.contains_key(used), "{used} is not listed");
        }
    }
}

#[test]
fn a_theme_of_ones_own_beats_every_layer() {
    let mut layers = 0;
    for (_, css) in theme::STATIC
        .iter()
        .filter(|(name, _)| name.ends_with(".css"))
    {
        layers += layers_of(css);
    }
    assert!(layers >= 7, "only {layers} layers");
    let page = book::book("//- theme.css\np { color: red }\n//- content/a.md\n# A\n");
    let page = page.page("a.html");
    let ours = page
        .find("href=\"whosaid-")
        .expect("the theme's sheet is linked");
    assert!(page.find("href=\"theme-").is_some_and(|own| own > ours));
}

/// Returns the number of layers in a sheet; every rule must be in a layer.
fn layers_of(css: &str) -> usize {
    let (mut rest, mut layers) = (css, 0);
    while let Some(at) = rest.find(|c: char| !c.is_whitespace()) {
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").expect("a comment ends").1;
        } else {
            assert!(
                rest.starts_with("@layer "),
                "{}",
                &rest[..rest.len().min(60)]
            );
            let end = rest.find(['{', ';']).expect("a layer has a body or a list");
            rest = match rest.as_bytes()[end] {
                b';' => &rest[end + 1..],
                _ => &rest[end + closing(&rest[end..])..],
            };
            layers += 1;
        }
    }
    layers
}

/// Returns the length of the block that `css` begins with.
fn closing(css: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in css.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return at + 1,
            b'}' => depth -= 1,
            _ => {}
        }
    }
    css.len()
}

#[test]
fn every_file_of_the_theme_can_be_replaced_alone() {
    let example = example();
    let first = book::book(&example);
    let errors = first.build.diagnostics.iter();
    let errors = errors.filter(|said| said.severity == whosaid::diag::Severity::Error);
    assert_eq!(errors.count(), 0, "{}", first.report());
    for (name, text) in theme::TEMPLATES {
        let own = format!("{example}//- templates/{name}\n{text}");
        let build = book::book(&own).build;
        assert_eq!(build.diagnostics, first.build.diagnostics, "{name}");
        assert_eq!(build.outputs, first.build.outputs, "{name}");
    }
}

#[test]
fn a_block_can_be_replaced_and_the_rest_kept() {
    let own = "//- templates/claim.html\n{% extends \"default/claim.html\" %}\n\
               {% block title %}Mine: {{ claim.text }}{% endblock %}\n\
               //- templates/parts/claim.html\n\
               {%- component claim_line(claim, word=\"\") -%}\n<li>LINE</li>\n\
               {%- endcomponent claim_line -%}\n\
               //- templates/head.html\n<link rel=\"alternate\" href=\"{{ site.root }}feed.xml\">\n";
    let book = book::book(&format!("{}{own}", example()));
    let page = book.page("claims/opened.html");
    assert!(page.contains("<title>Mine: The Ministry opened the letters.</title>"));
    assert!(
        page.contains("<h2 id=\"ws-positions\">"),
        "the rest is kept"
    );
    assert!(page.contains("<li>LINE</li>"), "a part is replaced");
    assert!(page.contains("<link rel=\"alternate\" href=\"../feed.xml\">"));
}
