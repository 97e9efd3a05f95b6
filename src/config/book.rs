//! mdBook 0.5's own tables: `[book]`, `[build]`, `[rust]`, `[preprocessor.*]`, `[output.*]`.
//!
//! All its keys are known here, so that a book for mdBook reads without a warning. Keys with a
//! meaning in whosaid are stored.

use super::reader::{Choice, Reader};
use super::table::Table;
use super::{Config, Redirect, TextDirection, plugins};
use crate::text::{SitePath, is_language};

/// Reads mdBook's tables.
pub(super) fn read<'a>(reader: &mut Reader<'a>, root: &Table<'a>, config: &mut Config) {
    let book = reader.table(root, "book");
    reader.only_keys(&book, &BOOK);
    read_book(reader, &book, config);

    let build = reader.table(root, "build");
    reader.only_keys(&build, &BUILD);
    if let Some(folder) = reader.text(&build, "build-dir") {
        config.build_dir = folder;
        let place = build
            .entry("build-dir")
            .map(|entry| reader.place(entry.span()));
        config.build_dir_place = place;
    }

    if let Some(is_on) = reader.switch(&build, "create-missing") {
        config.create_missing = is_on;
    }

    let rust = reader.table(root, "rust");
    reader.only_keys(&rust, &["edition"]);

    let preprocessors = reader.table(root, "preprocessor");
    check_tables(reader, &preprocessors);
    plugins::read(reader, &preprocessors, config);
    if reader.switch(&build, "use-default-preprocessors") == Some(false) {
        config.expand_includes = preprocessors.entry("links").is_some();
        config.readme_is_index = preprocessors.entry("index").is_some();
    }
    let outputs = reader.table(root, "output");
    check_tables(reader, &outputs);
    let html = reader.table(&outputs, "html");
    reader.only_keys(&html, &HTML);
    read_html(reader, &html, config);
    read_html_tables(reader, &html, config);
    read_redirects(reader, &html, config);
    name_idle(reader, &outputs, &html);
    config.names_theme = html.entry("theme").is_some();
}

/// Reports the keys without effect, in one diagnostic.
fn name_idle<'a>(reader: &mut Reader<'a>, outputs: &Table<'a>, html: &Table<'a>) {
    let playground = reader.table(html, "playground");
    let in_html = [
        "theme",
        "mathjax-support",
        "default-theme",
        "preferred-dark-theme",
    ]
    .iter()
    .filter_map(|key| Some((html.entry(key)?, (*key).to_owned())));
    let in_playground = ["copy-js", "line-numbers", "copyable"]
        .iter()
        .filter_map(|key| Some((playground.entry(key)?, (*key).to_owned())));
    let others = outputs
        .entries()
        .into_iter()
        .filter(|entry| !["html", "whosaid"].contains(&entry.key))
        .map(|entry| (entry, format!("[output.{}]", entry.key)));
    // A key that turns off a feature which does not exist has the wanted effect.
    let idle: Vec<_> = in_html
        .chain(in_playground)
        .chain(others)
        .filter(|(entry, _)| entry.value.get_ref().as_bool() != Some(false))
        .collect();
    let Some((first, _)) = idle.first() else {
        return;
    };
    let names: Vec<String> = idle.iter().map(|(_, name)| format!("`{name}`")).collect();
    let hint = match () {
        () if idle.iter().any(|(_, name)| name == "theme") => Some(HANDLEBARS.to_owned()),
        () if idle.iter().any(|(_, name)| name == "[output.linkcheck]") => Some(CHECKED.to_owned()),
        () => None,
    };
    let message = match names.as_slice() {
        [name] => format!("{name} has no effect here"),
        names => format!("{} have no effect here", names.join(", ")),
    };
    reader.idle_key(*first, message, hint);
}

/// The alternative to a link checker.
const CHECKED: &str = "every build reports broken internal links; `whosaid check` only reports";

/// The alternative to an mdBook theme.
pub const HANDLEBARS: &str = "write `templates/chapter.html` for the structure and `theme.css` \
                              for the style: Handlebars templates are not supported";

pub(super) const BOOK: [&str; 6] = [
    "title",
    "description",
    "authors",
    "language",
    "src",
    "text-direction",
];

pub(super) const BUILD: [&str; 4] = [
    "build-dir",
    "create-missing",
    "use-default-preprocessors",
    "extra-watch-dirs",
];

pub(super) const HTML: [&str; 25] = [
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

/// The tables below `[output.html]` with fixed keys. The keys of `redirect` are addresses.
pub(super) const HTML_TABLES: [(&str, &[&str]); 5] = [
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

/// Checks that each preprocessor and output is a table; their keys are unknown here.
fn check_tables<'a>(reader: &mut Reader<'a>, parent: &Table<'a>) {
    for entry in parent.entries() {
        // `html` and `whosaid` are checked where they are read.
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
    if let Some(language) = language(reader, book) {
        config.language = language;
    }
    let directions = Choice {
        words: TextDirection::WORDS,
        parse: TextDirection::parse,
    };
    config.text_direction = reader.word(book, "text-direction", directions);
    // A book can be its own text folder.
    config.src = match reader.text_at(book, "src") {
        Some("" | "/") => {
            if let Some(entry) = book.entry("src") {
                reader.unreadable(
                    entry.span(),
                    "`book.src` is not a folder of the book".to_owned(),
                    "an empty path, or the root of the disk",
                    "write the folder of the texts, such as `src = \"content\"`, or `src = \
                     \".\"` for the folder of the book"
                        .to_owned(),
                );
            }
            None
        }
        Some("." | "./") => Some(SitePath::root()),
        _ => reader.path(book, "src"),
    };
}

fn read_html<'a>(reader: &mut Reader<'a>, html: &Table<'a>, config: &mut Config) {
    for (key, setting) in [
        ("smart-punctuation", &mut config.smart_punctuation),
        ("definition-lists", &mut config.definition_lists),
        ("admonitions", &mut config.admonitions),
        ("no-section-label", &mut config.no_section_label),
        ("hash-files", &mut config.hash_files),
    ] {
        if let Some(is_on) = reader.switch(html, key) {
            *setting = is_on;
        }
    }
    config.site_url = site_url(reader, html);
    config.cname = cname(reader, html);
    if let Some(input) = input_404(reader, html) {
        config.input_404 = input;
    }
    config.edit_url_template = edit_url(reader, html);
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
        let setting = match key {
            "fold" => ("enable", &mut config.fold),
            "search" => ("enable", &mut config.search),
            "playground" => ("runnable", &mut config.listings.wrap_rust_main),
            _ => continue,
        };
        if let Some(is_on) = reader.switch(&table, setting.0) {
            *setting.1 = is_on;
        }
    }
    let playground = reader.table(html, "playground");
    if let Some(is_on) = reader.switch(&playground, "editable") {
        config.listings.edits_rust = is_on;
    }
    let fold = reader.table(html, "fold");
    if let Some(level) = reader.number(&fold, "level") {
        config.fold_level = level;
    }
    let code = reader.table(html, "code");
    let hidelines = reader.table(&code, "hidelines");
    for entry in hidelines.entries() {
        if let Some(prefix) = reader.text_of(&hidelines, entry) {
            let prefixes = &mut config.listings.hidelines;
            prefixes.insert(entry.key.to_owned(), prefix.to_owned());
        }
    }
}

/// Reads a BCP 47 language tag, for pages and feeds. mdBook accepts any word, so an invalid one is
/// reported and ignored.
fn language<'a>(reader: &mut Reader<'a>, book: &Table<'a>) -> Option<String> {
    let entry = book.entry("language")?;
    let language = reader.text(book, "language")?;
    if is_language(&language) {
        return Some(language);
    }
    let message = format!("unknown language `{language}`");
    let hint = "write a language tag such as `en`, `pt-BR` or `zh-Hans`";
    reader.idle_key(entry, message, Some(hint.to_owned()));
    None
}

/// Reads a host name, for the file `CNAME` of GitHub Pages.
fn cname<'a>(reader: &mut Reader<'a>, html: &Table<'a>) -> Option<String> {
    let entry = html.entry("cname")?;
    let name = reader.text(html, "cname")?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let host = name.trim();
    if !host.is_empty() && host.chars().all(is_part) {
        return Some(host.to_owned());
    }
    let message = format!("invalid host name `{name}` in `cname`");
    let hint = "write only the host name, such as `desk.example.org`";
    reader.idle_key(entry, message, Some(hint.to_owned()));
    None
}

/// Reads `site-url`: a path on the host, as in mdBook, or an absolute URL, as feeds need it.
fn site_url<'a>(reader: &mut Reader<'a>, html: &Table<'a>) -> Option<String> {
    const LIKE: &str = "https://example.org/book/";
    let entry = html.entry("site-url")?;
    let url = reader.path_or_address(html, entry, LIKE)?;
    let hint = format!("write a path such as `/book/`, or an absolute URL such as `{LIKE}`");
    let (host, first) = match url.split_once("://") {
        Some((_, rest)) => (rest.split('/').next(), ""),
        None => (None, url.split('/').next().unwrap_or("")),
    };
    let why = match host {
        _ if url.contains(['?', '#', '"', '<', '>']) => {
            "expected a URL without `?`, `#`, `\"`, `<` and `>`"
        }
        Some("") => "the URL has no host",
        Some(host) if host.contains('@') => "the URL contains a user name or a password",
        // mdBook publishes such a book, too.
        None if first.trim_matches('.').contains('.') || url.starts_with("//") => {
            let message = format!("unsupported `site-url = \"{url}\"`");
            reader.idle_key(entry, message, Some(hint));
            return None;
        }
        Some(_) | None => return Some(url),
    };
    let message = format!("invalid `output.html.site-url`: `{url}`");
    reader.unreadable(entry.span(), message, why, hint);
    None
}

/// Reads the URL for editing a briefing, with a placeholder for its file.
fn edit_url<'a>(reader: &mut Reader<'a>, html: &Table<'a>) -> Option<String> {
    const LIKE: &str = "https://example.org/edit/{path}";
    let entry = html.entry("edit-url-template")?;
    let url = reader.address(html, "edit-url-template", &[], LIKE)?;
    if !url.contains("{path}") {
        let message = "`edit-url-template` has the same result for every page";
        let hint = format!("write `{{path}}` in the place of the file: `{LIKE}`");
        reader.idle_key(entry, message.to_owned(), Some(hint));
    }
    Some(url)
}

/// Reads `input-404`: the outer `None` means "not set", the inner one "set to an empty text".
fn input_404<'a>(reader: &mut Reader<'a>, html: &Table<'a>) -> Option<Option<SitePath>> {
    match html.entry("input-404")?.value.get_ref().as_str() {
        Some("") => Some(None),
        Some(_) | None => reader.path(html, "input-404").map(Some),
    }
}

/// Reads redirects: old addresses, which mdBook writes relative to the root of the site, and their
/// targets. An address with a fragment is an anchor that was removed from its page.
fn read_redirects<'a>(reader: &mut Reader<'a>, html: &Table<'a>, config: &mut Config) {
    let redirects = reader.table(html, "redirect");
    for entry in redirects.entries() {
        let (page, anchor) = match entry.key.rsplit_once('#') {
            Some((page, anchor)) => (page, Some(anchor)),
            None => (entry.key, None),
        };
        let page = page.trim_start_matches('/');
        let from = if page.ends_with('/') {
            SitePath::new(&format!("{page}index.html"))
        } else {
            SitePath::new(page)
        };
        let to = reader.path_or_address(&redirects, entry, "../new.html");
        match (from, to) {
            (Ok(from), Some(to)) => {
                let place = reader.place(entry.key_span);
                let moved = config.redirect.entry(from).or_insert_with(|| Redirect {
                    to: None,
                    anchors: Default::default(),
                    place,
                });
                match anchor {
                    Some(anchor) => {
                        moved.anchors.insert(anchor.to_owned(), to);
                    }
                    None => moved.to = Some(to),
                }
            }
            (Err(fault), _) => reader.unreadable(
                entry.key_span,
                format!("invalid redirect from `{}`: {fault}", entry.key),
                "not an address in this site",
                "write the old address from the root of the site, such as `/old.html`".to_owned(),
            ),
            (Ok(_), None) => {}
        }
    }
}
