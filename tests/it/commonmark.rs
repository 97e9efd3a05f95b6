//! Text without our syntax is rendered as pulldown-cmark renders it.
//!
//! The examples of CommonMark are in the published crate `pulldown-cmark`, as tests. Each example
//! becomes the body of a briefing, passes through `parse`, `link` and `html`, and is compared to
//! plain pulldown-cmark's HTML with the same extensions. Addresses are made absolute on both sides,
//! because relative links would lead to pages that do not exist.

use std::path::{Path, PathBuf};

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag};
use whosaid::config::RawHtml;
use whosaid::html::{self, Face, Highlighter, Link, RenderContext};
use whosaid::link;
use whosaid::model::{self, Id, MarkNo, Node, Source, Target};
use whosaid::parse::{self, DocKind, Draft, How, Reading};
use whosaid::text::{SitePath, SourceText};

/// The files with examples, and how many examples must be found in each.
const SUITES: [(&str, usize); 5] = [
    ("spec.rs", 640),
    ("gfm_strikethrough.rs", 3),
    ("gfm_table.rs", 8),
    ("gfm_tasklist.rs", 2),
    ("regression.rs", 100),
];

/// Examples with different results, each with the reason. None is an example of CommonMark itself.
const DIFFERENT: [(&str, &str); 10] = [
    ("gfm_table_test_2", ALIGNED),
    ("regression_test_4", ALIGNED),
    ("regression_test_48", "a control character becomes U+FFFD"),
    ("regression_test_62", FOOTNOTES),
    ("regression_test_124", FOOTNOTES),
    ("regression_test_135", FOOTNOTES),
    ("regression_test_160", FOOTNOTES),
    ("regression_test_161", FOOTNOTES),
    ("regression_test_206", ATTRIBUTES),
    ("regression_test_207", ATTRIBUTES),
];

const ALIGNED: &str = "columns are aligned by a class, since a page has no inline style";
const FOOTNOTES: &str = "footnotes are gathered behind the text, with a way back";
const ATTRIBUTES: &str = "`{.class}` at the end of a heading is our syntax";

/// An example, named after its test.
struct Example {
    name: String,
    text: String,
}

/// Returns the folder of examples in the pulldown-cmark that this crate is built with.
fn folder_of_examples() -> PathBuf {
    let cargo = |args: &[&str]| {
        #[expect(
            clippy::disallowed_methods,
            reason = "only cargo knows where it keeps a crate"
        )]
        let mut command = std::process::Command::new(env!("CARGO"));
        let output = command
            .args(args)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output();
        output.expect("cargo runs")
    };
    // The lock file lists crates for other platforms, which are not on this machine.
    let version = String::from_utf8(cargo(&["-vV"]).stdout).expect("UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let output = cargo(&[
        "metadata",
        "--format-version=1",
        "--offline",
        "--locked",
        "--filter-platform",
        host.expect("cargo tells its host"),
    ]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let package = packages
        .iter()
        .find(|package| package["name"] == "pulldown-cmark")
        .expect("pulldown-cmark is a dependency");
    let manifest = package["manifest_path"].as_str().expect("a path");
    PathBuf::from(manifest)
        .parent()
        .expect("a manifest lies in a folder")
        .join("tests/suite")
}

/// Returns the examples in a file; each is a function with `let original = r##"…"##;`.
fn examples(folder: &Path, file: &str) -> Vec<Example> {
    let path = folder.join(file);
    #[expect(clippy::disallowed_methods, reason = "the examples lie on disk")]
    let source = std::fs::read_to_string(&path).expect("the crate holds its examples");
    let mut examples = Vec::new();
    for test in source.split("\n#[test]\nfn ").skip(1) {
        let (name, rest) = test.split_once("()").expect("a test is a function");
        let (_, rest) = rest.split_once("let original = r##\"").expect("an example");
        let (text, _) = rest.split_once("\"##;").expect("the end of an example");
        examples.push(Example {
            name: name.to_string(),
            text: text.to_string(),
        });
    }
    examples
}

/// Returns an address of an example; a relative address is made absolute.
fn absolute(address: &str) -> String {
    let is_elsewhere = ["http:", "https:", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme));
    if is_elsewhere {
        address.to_string()
    } else {
        format!("https://example.org/{address}")
    }
}

/// Returns the HTML of pulldown-cmark alone.
fn plain(text: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) if link_type != LinkType::Email => Event::Start(Tag::Link {
            link_type,
            dest_url: CowStr::from(absolute(&dest_url)),
            title,
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: CowStr::from(absolute(&dest_url)),
            title,
            id,
        }),
        event => event,
    });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// A page that knows only absolute addresses.
struct Bare;

impl RenderContext for Bare {
    fn link(&self, target: &Target) -> Link {
        match target {
            Target::Url(url) => Link {
                href: url.to_string(),
                ..Link::default()
            },
            other => panic!("an example leads to {other:?}"),
        }
    }

    fn mark(&self, mark: MarkNo) -> Face {
        panic!("an example holds {mark:?}")
    }

    fn cited(&self, source: Id<Source>) -> (usize, String) {
        panic!("an example cites {source:?}")
    }

    fn raw_html(&self) -> RawHtml {
        RawHtml::Allow
    }
}

fn draft(number: usize, text: &str) -> Draft {
    let reading = Reading {
        dialect: whosaid::model::Dialect::Annotated,
        annotated: true,
        wikilinks: false,
        smart_punctuation: false,
        definition_lists: false,
        alerts: false,
        is_vault: false,
    };
    let file = SitePath::new(&format!("content/{number:04}.md")).expect("a path");
    let text = format!("---\ntitle: An example\n---\n{text}");
    let mut draft = parse::draft(DocKind::Briefing, SourceText::new(&file, text), &reading);
    for item in &mut draft.body.items {
        let to = match &mut item.node {
            Node::Start(model::Tag::Link(link)) => &mut link.to,
            Node::Start(model::Tag::Image(image)) => &mut image.to,
            _ => continue,
        };
        to.how = How::Link;
        to.text = absolute(&to.text).into();
    }
    draft
}

/// Returns whosaid's HTML of each example, in their order.
fn written(examples: &[Example]) -> Vec<String> {
    let drafts: Vec<Draft> = examples
        .iter()
        .enumerate()
        .map(|(number, example)| draft(number, &example.text))
        .collect();
    let (site, _) = link::site(&link::Book {
        drafts: &drafts.iter().collect::<Vec<_>>(),
        bibliographies: &[],
        sites: &[],
        source: SitePath::new("content").expect("a path"),
        files: Vec::new(),
        unpublished: Vec::new(),
        withheld: Default::default(),
        pages: Vec::new(),
        autolink: false,
        language: "en",
        is_vault: false,
        dialect: whosaid::model::Dialect::Annotated,
        contents: None,
        not_found: None,
        readme_is_index: true,
        shows_html: false,
    });
    let highlighter = Highlighter::default();
    let briefings = site.briefings().iter();
    briefings
        .map(|(_, briefing)| {
            let written = html::segments(&briefing.prose.body, &Bare, &highlighter);
            let segments = written.segments.iter();
            let mut html: String = segments.map(|segment| segment.html.as_str()).collect();
            html.push_str(
                written
                    .footnotes
                    .as_ref()
                    .map_or("", |notes| notes.as_str()),
            );
            html
        })
        .collect()
}

/// Returns HTML without whosaid's intended additions (anchors of headings, scopes of table headers,
/// tab stops and colors of code), with empty elements written in one way.
fn normal(html: &str) -> String {
    let mut normal = String::with_capacity(html.len());
    let mut rest = html;
    let mut in_code_block = false;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        normal.push_str(before);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, behind) = tag.split_at(end);
        rest = behind;
        let name: String = tag[1..]
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
            .collect();
        in_code_block |= name == "pre";
        in_code_block &= name != "/pre";
        match name.as_str() {
            "span" | "/span" if in_code_block => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => normal.push_str(&without(tag, "id")),
            "th" => normal.push_str(&without(tag, "scope")),
            "pre" => normal.push_str(&without(tag, "tabindex")),
            "br" | "hr" | "img" => normal.push_str(&tag.replace(" />", ">")),
            "input" if tag.contains(" checked") => normal.push_str("<input checked>\n"),
            "input" => normal.push_str("<input>\n"),
            _ => normal.push_str(tag),
        }
    }
    normal.push_str(rest);
    normal
}

/// Returns a tag without an attribute.
fn without(tag: &str, attribute: &str) -> String {
    let start = format!(" {attribute}=\"");
    let Some(at) = tag.find(&start) else {
        return tag.to_string();
    };
    let value = &tag[at + start.len()..];
    let end = value.find('"').map_or(value.len(), |end| end + 1);
    format!("{}{}", &tag[..at], &value[end..])
}

#[test]
fn every_example_of_commonmark_renders_as_pulldown_cmark_renders_it() {
    let folder = folder_of_examples();
    let mut faults = Vec::new();
    let mut known: Vec<&str> = DIFFERENT.iter().map(|(name, _)| *name).collect();
    for (file, least) in SUITES {
        let examples = examples(&folder, file);
        let found = examples.len();
        assert!(found >= least, "only {found} examples in {file}");
        for (example, html) in examples.iter().zip(written(&examples)) {
            let (ours, theirs) = (normal(&html), normal(&plain(&example.text)));
            let is_known = known.iter().position(|name| *name == example.name);
            match (ours == theirs, is_known) {
                (true, None) => {}
                (true, Some(_)) => faults.push(format!("{} is equal by now", example.name)),
                (false, Some(at)) => {
                    known.remove(at);
                }
                (false, None) => faults.push(format!(
                    "{}\n{}\nis written\n{ours}\nand by pulldown-cmark\n{theirs}",
                    example.name, example.text
                )),
            }
        }
    }
    assert!(known.is_empty(), "no such examples: {known:?}");
    assert!(
        faults.is_empty(),
        "{} differ:\n{}",
        faults.len(),
        faults.join("\n----\n")
    );
}
