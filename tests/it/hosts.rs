//! Tests of the files for hosts: names with content hashes, headers, the domain, crawlers.

use whosaid::compile::Outputs;
use whosaid::text::SitePath;
use whosaid::theme;

use crate::book::{self, Book, book, files};
use crate::dom::Page;

fn text<'a>(outputs: &'a Outputs, name: &str) -> Option<&'a str> {
    let path = SitePath::new(name).expect("a path in a test");
    let bytes = outputs.get(&path)?;
    Some(std::str::from_utf8(bytes).expect("UTF-8"))
}

fn with(settings: &str) -> Book {
    book(&format!(
        "//- book.toml\n[output.html]\n{settings}\n//- content/a.md\n# A\n\nWords.\n"
    ))
}

/// Returns the files that a page loads.
fn loaded(book: &Book, page: &str) -> Vec<String> {
    let page = Page::parse(book.page(page));
    let all = page.elements().filter_map(|it| match it.name() {
        "link" if it.attr("rel") == Some("stylesheet") => it.attr("href"),
        "script" => it.attr("src"),
        _ => None,
    });
    all.map(str::to_string).collect()
}

#[test]
fn a_name_changes_with_the_bytes_behind_it_and_with_nothing_else() {
    let styled = |color: &str, words: &str| {
        let theme = format!("//- theme.css\np {{ color: {color} }}\n");
        book(&format!("{theme}//- content/a.md\n# A\n\n{words}\n"))
    };
    let [red, other, blue] = [("red", "A"), ("red", "B"), ("blue", "A")]
        .map(|(color, words)| loaded(&styled(color, words), "a.html"));
    assert_eq!(red, other);
    assert_eq!(red[0], blue[0], "the theme's own sheet is the same");
    assert_ne!(red[1], blue[1]);
    assert_eq!(red.len(), 3);
}

#[test]
fn a_book_may_keep_the_plain_names() {
    let book = with("hash-files = false");
    assert_eq!(loaded(&book, "a.html"), ["whosaid.css", "whosaid.js"]);
    let headers = text(&book.build.outputs, "_headers").expect("headers");
    assert!(!headers.contains("immutable"), "{headers}");
}

#[test]
fn serve_keeps_the_plain_names_and_brings_nothing_for_hosts() {
    let mut inputs = book::inputs(files(
        "//- book.toml\n[output.html]\nsite-url = \"https://desk.example/\"\ncname = \"desk.example\"\n//- content/a.md\n# A\n",
    ));
    inputs.options.at_root = true;
    let book = book::build(inputs);
    assert_eq!(loaded(&book, "a.html"), ["whosaid.css", "whosaid.js"]);
    for name in ["_headers", ".nojekyll", "CNAME", "robots.txt"] {
        assert_eq!(text(&book.build.outputs, name), None, "{name}");
    }
}

#[test]
fn a_book_that_is_its_own_text_folder_keeps_files_that_a_text_may_link_to() {
    let book = book(
        "//- book.toml\n[book]\nsrc = \".\"\n[output.html]\nadditional-css = [\"more.css\"]\n\
         //- more.css\np { margin: 0 }\n//- a.md\n# A\n\n[The sheet](more.css)\n",
    );
    assert_eq!(book.report(), "");
    assert!(text(&book.build.outputs, "more.css").is_some());
    assert_eq!(text(&book.build.outputs, "book.toml"), None);
    assert!(loaded(&book, "a.html")[1].starts_with("more-"));
}

#[test]
fn the_headers_say_what_the_pages_say_and_name_every_file_that_may_be_kept() {
    let book = book("//- theme.css\np { color: red }\n//- content/part/a b.md\n# A\n");
    let headers = text(&book.build.outputs, "_headers").expect("headers");
    let page = Page::parse(book.page("part/a b.html"));
    let policy = page
        .elements()
        .find(|it| it.attr("http-equiv") == Some("Content-Security-Policy"))
        .and_then(|it| it.attr("content"))
        .expect("a policy");
    let line = format!("/*\n  Content-Security-Policy: {policy}\n");
    assert!(headers.starts_with(&line), "{headers}");
    assert!(headers.contains("\n  X-Content-Type-Options: nosniff\n"));
    for file in loaded(&book, "part/a b.html") {
        let name = file.trim_start_matches("../");
        let rule = format!("\n/{name}\n  Cache-Control: public, max-age=31536000, immutable\n");
        assert!(headers.contains(&rule), "{name}: {headers}");
    }
    // Two rules for one file would be combined into one contradictory line. The five rules are for
    // the book's style sheet, the theme's two files and those of the search page.
    assert_eq!(headers.matches("Cache-Control").count(), 5);
}

#[test]
fn the_headers_follow_a_skeleton_of_the_books_own() {
    let base = theme::TEMPLATES
        .iter()
        .find(|(name, _)| *name == "base.html");
    let base = base.expect("a skeleton").1;
    let line = base.lines().find(|line| line.contains("http-equiv"));
    let line = line.expect("a policy");
    let headers = |stated: &str| {
        let own = base.replace(line, stated);
        let book = book(&format!(
            "//- content/a.md\n# A\n//- templates/base.html\n{own}"
        ));
        assert_eq!(book.report(), "");
        let headers = text(&book.build.outputs, "_headers");
        headers.expect("headers").to_string()
    };
    assert!(!headers("").contains("Content-Security-Policy"));
    let looser = "<meta http-equiv=\"Content-Security-Policy\" content=\"img-src https:\">";
    assert!(headers(looser).contains("  Content-Security-Policy: img-src https:\n"));
}

#[test]
fn the_domain_and_what_crawlers_read_come_from_the_book() {
    let plain = with("");
    for name in ["CNAME", "robots.txt"] {
        assert_eq!(text(&plain.build.outputs, name), None, "{name}");
    }
    assert_eq!(text(&plain.build.outputs, ".nojekyll"), Some(""));
    let path_only = with("site-url = \"/desk/\"");
    assert_eq!(text(&path_only.build.outputs, "robots.txt"), None);

    let whole = with("site-url = \"https://desk.example/said\"\ncname = \"desk.example\"");
    let outputs = &whole.build.outputs;
    assert_eq!(text(outputs, "CNAME"), Some("desk.example\n"));
    let robots = text(outputs, "robots.txt").expect("robots.txt");
    assert!(robots.starts_with("User-agent: *\nAllow: /\n"), "{robots}");
}

#[test]
fn a_page_says_its_whole_address_and_an_index_that_of_its_folder() {
    let book = with("site-url = \"https://desk.example/said\"");
    for (page, address) in [
        ("index.html", "https://desk.example/said/"),
        ("actors/index.html", "https://desk.example/said/actors/"),
        ("a.html", "https://desk.example/said/a.html"),
    ] {
        let page = Page::parse(book.page(page));
        let mut links = page.all("link");
        let found = links.find(|it| it.attr("rel") == Some("canonical"));
        assert_eq!(found.and_then(|it| it.attr("href")), Some(address));
    }
    let none = with("site-url = \"/said/\"");
    assert!(!none.page("a.html").contains("canonical"));
}

#[test]
fn a_file_of_the_authors_own_wins() {
    let book = book(
        "//- book.toml\n[output.html]\nsite-url = \"https://desk.example/\"\n//- content/a.md\n# A\n\
         //- static/robots.txt\nUser-agent: *\nDisallow: /\n//- content/_headers\n/*\n  X-Mine: 1\n",
    );
    assert_eq!(book.report(), "");
    let outputs = &book.build.outputs;
    let own = |name| text(outputs, name).expect("a file");
    assert_eq!(own("robots.txt"), "User-agent: *\nDisallow: /\n");
    assert_eq!(own("_headers"), "/*\n  X-Mine: 1\n");
}
