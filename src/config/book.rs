//! mdBook 0.5's own tables: `[book]`, `[build]`, `[rust]`, `[preprocessor.*]`, `[output.*]`.
//!
//! All its keys are known here, so that a book for mdBook reads without a warning; those that
//! mean something to this generator are taken over.

use super::reader::{Choice, Reader};
use super::table::Table;
use super::{Config, TextDirection};
use crate::text::SitePath;

/// Takes over what mdBook's tables say.
pub(super) fn read<'a>(reader: &mut Reader<'a>, root: &Table<'a>, config: &mut Config) {
    let book = reader.table(root, "book");
    reader.only_keys(&book, &BOOK);
    read_book(reader, &book, config);

    let build = reader.table(root, "build");
    reader.only_keys(&build, &BUILD);
    if let Some(folder) = reader.text(&build, "build-dir") {
        config.build_dir = folder;
    }

    let rust = reader.table(root, "rust");
    reader.only_keys(&rust, &["edition"]);

    let preprocessors = reader.table(root, "preprocessor");
    check_tables(reader, &preprocessors);
    let outputs = reader.table(root, "output");
    check_tables(reader, &outputs);
    let html = reader.table(&outputs, "html");
    reader.only_keys(&html, &HTML);
    read_html(reader, &html, config);
    read_html_tables(reader, &html, config);
    read_redirects(reader, &html, config);
}

const BOOK: [&str; 6] = [
    "title",
    "description",
    "authors",
    "language",
    "src",
    "text-direction",
];

const BUILD: [&str; 4] = [
    "build-dir",
    "create-missing",
    "use-default-preprocessors",
    "extra-watch-dirs",
];

const HTML: [&str; 25] = [
    "theme",
    "default-theme",
    "preferred-dark-theme",
    "smart-punctuation",
    "definition-lists",
    "admonitions",
    "mathjax-support",
    "additional-css",
    "additional-js",
    "no-section-label",
    "git-repository-url",
    "git-repository-icon",
    "edit-url-template",
    "site-url",
    "cname",
    "input-404",
    "hash-files",
    "sidebar-header-nav",
    "live-reload-endpoint",
    "fold",
    "playground",
    "code",
    "search",
    "print",
    "redirect",
];

/// The tables below `[output.html]` whose keys are fixed. `redirect` is the author's own.
const HTML_TABLES: [(&str, &[&str]); 5] = [
    ("fold", &["enable", "level"]),
    (
        "playground",
        &[
            "editable",
            "copyable",
            "copy-js",
            "line-numbers",
            "runnable",
        ],
    ),
    ("code", &["hidelines"]),
    (
        "search",
        &[
            "enable",
            "limit-results",
            "teaser-word-count",
            "use-boolean-and",
            "boost-title",
            "boost-hierarchy",
            "boost-paragraph",
            "expand",
            "heading-split-level",
            "copy-js",
            "chapter",
        ],
    ),
    ("print", &["enable", "page-break"]),
];

/// Preprocessors and outputs have keys of their own, which only they know, but each is a table.
fn check_tables<'a>(reader: &mut Reader<'a>, parent: &Table<'a>) {
    for entry in parent.entries() {
        // `html` and `whosaid` are told about where they are read.
        if !["html", "whosaid"].contains(&entry.key) {
            reader.table(parent, entry.key);
        }
    }
}

fn read_book<'a>(reader: &mut Reader<'a>, book: &Table<'a>, config: &mut Config) {
    config.title = reader.text(book, "title");
    config.description = reader.text(book, "description");
    if let Some(authors) = reader.texts(book, "authors") {
        config.authors = authors;
    }
    if let Some(language) = reader.text(book, "language") {
        config.language = language;
    }
    let directions = Choice {
        words: TextDirection::WORDS,
        parse: TextDirection::parse,
    };
    config.text_direction = reader.word(book, "text-direction", directions);
    config.src = reader.path(book, "src");
}

fn read_html<'a>(reader: &mut Reader<'a>, html: &Table<'a>, config: &mut Config) {
    for (key, setting) in [
        ("smart-punctuation", &mut config.smart_punctuation),
        ("definition-lists", &mut config.definition_lists),
        ("admonitions", &mut config.admonitions),
    ] {
        if let Some(is_on) = reader.switch(html, key) {
            *setting = is_on;
        }
    }
    config.site_url = site_url(reader, html);
    config.cname = reader.text(html, "cname");
    if let Some(input) = input_404(reader, html) {
        config.input_404 = input;
    }
    config.edit_url_template = reader.address(
        html,
        "edit-url-template",
        &[],
        "https://example.org/edit/{path}",
    );
    config.git_repository_url =
        reader.address(html, "git-repository-url", &[], "https://example.org/book");
    for (key, files) in [
        ("additional-css", &mut config.additional_css),
        ("additional-js", &mut config.additional_js),
    ] {
        *files = reader.paths(html, key).unwrap_or_default();
        if let Some(entry) = html.entry(key) {
            let place = reader.place(entry.span());
            let places = files.iter().map(|file| (file.clone(), place.clone()));
            config.additional_places.extend(places);
        }
    }
}

fn read_html_tables<'a>(reader: &mut Reader<'a>, html: &Table<'a>, config: &mut Config) {
    for (key, known) in HTML_TABLES {
        let table = reader.table(html, key);
        reader.only_keys(&table, known);
        if key == "print" {
            config.print_enabled = reader.switch(&table, "enable");
            config.print_breaks = reader.switch(&table, "page-break").unwrap_or(true);
        }
    }
}

/// `site-url` is a path on the host, as mdBook has it, or a whole address, as feeds need one.
fn site_url<'a>(reader: &mut Reader<'a>, html: &Table<'a>) -> Option<String> {
    let entry = html.entry("site-url")?;
    reader.path_or_address(html, entry, "https://example.org/book/")
}

/// `input-404`: the outer `None` is "not set", the inner one "wanted empty".
fn input_404<'a>(reader: &mut Reader<'a>, html: &Table<'a>) -> Option<Option<SitePath>> {
    match html.entry("input-404")?.value.get_ref().as_str() {
        Some("") => Some(None),
        Some(_) | None => reader.path(html, "input-404").map(Some),
    }
}

/// Old addresses, which mdBook writes from the root of the site, and where each leads now.
fn read_redirects<'a>(reader: &mut Reader<'a>, html: &Table<'a>, config: &mut Config) {
    let redirects = reader.table(html, "redirect");
    for entry in redirects.entries() {
        let from = SitePath::new(entry.key.trim_start_matches('/'));
        let to = reader.path_or_address(&redirects, entry, "../new.html");
        match (from, to) {
            (Ok(from), Some(to)) => {
                config.redirect.insert(from, to);
            }
            (Err(fault), _) => reader.unreadable(
                entry.key_span,
                format!("`{}` cannot be redirected: {fault}", entry.key),
                "not an address of this site",
                "write the old address from the root of the site, such as `/old.html`".to_owned(),
            ),
            (Ok(_), None) => {}
        }
    }
}
