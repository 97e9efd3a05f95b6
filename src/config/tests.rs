use insta::assert_snapshot;

use super::*;
use crate::model::Value;
use crate::text::LineIndex;

fn book() -> SitePath {
    SitePath::new("book.toml").expect("a path in a test")
}

/// Returns the configuration in a text that is expected to contain no mistake.
fn config(text: &str) -> Config {
    let (config, told) = read(&book(), text);
    // Keys without effect are not mistakes; another test covers them.
    let is_mistake = |fault: &&Diagnostic| fault.code != Code::IdleConfigKey;
    assert_eq!(told.iter().find(is_mistake), None);
    config
}

/// Returns the diagnostics of a text, one on each line.
fn check(text: &str) -> String {
    let lines = LineIndex::new(text);
    let told = read(&book(), text).1.into_iter().map(|fault| {
        let at = lines.column(text, fault.place.span.start);
        let words = fault.place.span.of(text);
        let hints = fault.hints.join("; ");
        let (code, message, label) = (fault.code, fault.message, fault.label);
        format!(
            "{}:{} {code} {message}\n    {words} <- {label}\n    {hints}\n",
            at.line, at.column
        )
    });
    told.collect()
}

#[test]
fn an_empty_text_is_the_default() {
    assert_eq!(config(""), Config::default());
    assert_eq!(config("\u{feff}"), Config::default());
}

#[test]
fn a_text_that_is_not_toml_says_where_reading_stops() {
    assert_snapshot!(check("[book]\ntitle = \"Postbox\"\n[whosaid\n"), @r"
    3:9 WS036 `book.toml` is not valid TOML: unclosed table, expected `]`
         <- parsing stops here; all settings have their defaults
        
    ");
    assert_snapshot!(check("[book]\r\ntitle = 'a'\r\ntitle = 'b'\r\n"), @r"
    3:1 WS036 `book.toml` is not valid TOML: duplicate key
        title <- parsing stops here; all settings have their defaults
        
    ");
    assert_eq!(read(&book(), "[book]\ntitle = 'a'\n[").0, Config::default());
}

#[test]
fn every_key_of_mdbook_is_known() {
    let config = config(
        r##"
        [book]
        title = "Postbox"
        description = "Who said what"
        authors = ["R. Amsel", "N. N."]
        language = "fa-IR"
        src = "content"
        [build]
        build-dir = "public"
        create-missing = false
        use-default-preprocessors = false
        extra-watch-dirs = ["data"]
        [rust]
        edition = "2024"
        [preprocessor.katex]
        anything = 1
        [output.html]
        theme = "theme"
        default-theme = "light"
        preferred-dark-theme = "navy"
        smart-punctuation = false
        definition-lists = false
        admonitions = false
        mathjax-support = false
        additional-css = ["custom.css", "./theme/more.css"]
        additional-js = ["custom.js"]
        no-section-label = false
        git-repository-url = "https://example.org/book"
        git-repository-icon = "fab-git"
        edit-url-template = "https://example.org/edit/{path}"
        site-url = "/book/"
        cname = "book.example.org"
        input-404 = "lost.md"
        hash-files = true
        sidebar-header-nav = true
        [output.html.fold]
        enable = false
        level = 0
        [output.html.playground]
        editable = false
        copyable = true
        copy-js = true
        line-numbers = false
        runnable = true
        [output.html.code]
        hidelines = { python = "~" }
        [output.html.search]
        enable = true
        limit-results = 30
        teaser-word-count = 30
        use-boolean-and = true
        boost-title = 2
        boost-hierarchy = 1
        boost-paragraph = 1
        expand = true
        heading-split-level = 3
        copy-js = true
        chapter = { "a" = { enable = false } }
        [output.html.print]
        enable = false
        page-break = false
        [output.html.redirect]
        "/old.html" = "new.html"
        "gone.html" = "https://example.org/"
        [output.epub]
        anything = 1
        "##,
    );
    assert_eq!(config.title.as_deref(), Some("Postbox"));
    assert_eq!(config.authors, ["R. Amsel", "N. N."]);
    assert_eq!(config.direction(), TextDirection::RightToLeft);
    assert_eq!(config.src, Some(SitePath::known("content")));
    assert_eq!(config.build_dir, "public");
    assert!(!config.smart_punctuation && !config.definition_lists && !config.admonitions);
    assert_eq!(config.print_enabled, Some(false));
    assert!(!config.print_breaks);
    assert_eq!(
        config.additional_css,
        [
            SitePath::known("custom.css"),
            SitePath::known("theme/more.css")
        ]
    );
    assert_eq!(config.site_url.as_deref(), Some("/book/"));
    assert_eq!(config.input_404, Some(SitePath::known("lost.md")));
    let moved = &config.redirect[&SitePath::known("old.html")];
    assert_eq!(moved.to.as_deref(), Some("new.html"));
    assert_eq!(config.redirect.len(), 2);
}

#[test]
fn our_keys_are_read() {
    let config = config(
        r#"
        [preprocessor.katex]
        [whosaid]
        actors = "parties"
        claims = "data/claims"
        bibliography = ["a.bib", "b.yml"]
        autolink = true
        wikilinks = false
        raw-html = "escape"
        tlp = "green"
        as-of = 2021-07-19
        drafts = true
        contact = "mailto:desk@example.org"
        footer = "Printed on recycled bits"
        allow-plugins = ["katex"]
        editor = "vscode://file/{path}:{line}:{column}"
        exports = ["csv", "stix", "csv"]
        license = "CC-BY-4.0"
        license-url = "https://example.org/by"
        x-mine = { anything = [1, 2] }
        [whosaid.lints]
        WS101 = "allow"
        ws102 = "error"
        unmarked-name = "warn"
        [whosaid.sites]
        other = "https://example.org/"
        [whosaid.extra]
        zeal = 1.10
        desk = { name = "R. Amsel", open = true, since = 2021-07-19, list = ["a"] }
        "#,
    );
    assert_eq!(config.actors, SitePath::known("parties"));
    assert_eq!(config.sources, SitePath::known("sources"));
    assert_eq!(
        config.bibliography,
        [SitePath::known("a.bib"), SitePath::known("b.yml")]
    );
    assert!(config.bibliography_place.is_some());
    assert!(config.autolink && !config.wikilinks && config.drafts);
    assert_eq!(config.raw_html, RawHtml::Escape);
    assert_eq!(config.tlp, Some(Tlp::Green));
    assert_eq!(config.exports, [Export::Csv, Export::Stix]);
    assert_eq!(config.license.as_deref(), Some("CC-BY-4.0"));
    assert_eq!(
        config.license_url.as_deref(),
        Some("https://example.org/by")
    );
    assert_eq!(config.as_of, PartialDate::parse("2021-07-19").ok());
    assert_eq!(config.level(Code::ClaimWithoutSource), Level::Allow);
    assert_eq!(config.level(Code::AccusationWithoutReply), Level::Error);
    assert_eq!(config.level(Code::UnmarkedName), Level::Warn);
    assert_eq!(config.level(Code::OrphanActor), Level::Warn);
    let keys: Vec<_> = config.extra.keys().collect();
    assert_eq!(keys, ["zeal", "desk"]);
    assert_eq!(config.extra["zeal"], Value::Text("1.10".to_owned()));
}

#[test]
fn one_bibliography_needs_no_list() {
    let config = config("whosaid.bibliography = 'all.bib'");
    assert_eq!(config.bibliography, [SitePath::known("all.bib")]);
}

#[test]
fn our_table_may_stand_under_the_name_that_mdbook_gives_it() {
    let config = config(
        r#"
        [preprocessor.whosaid]
        command = "whosaid mdbook"
        renderers = ["html"]
        before = ["links"]
        after = []
        optional = true
        autolink = true
        raw-html = "allow"
        lints = { WS101 = "error", WS103 = "error" }
        [whosaid]
        raw-html = "escape"
        lints = { WS101 = "allow" }
        "#,
    );
    assert!(config.autolink);
    assert_eq!(config.raw_html, RawHtml::Escape);
    assert_eq!(config.level(Code::ClaimWithoutSource), Level::Allow);
    assert_eq!(config.level(Code::ClaimWithoutId), Level::Error);
    assert_snapshot!(check("[whosaid]\ncommand = 'x'"), @r"
    2:1 WS123 unknown key `command` in `[whosaid]`
        command <- `[whosaid]` has no such key
        
    ");
}

#[test]
fn unknown_keys_are_told_with_the_nearest_known_one() {
    let text = "\
        boook = 1\n\
        [book]\nauthor = 'R. Amsel'\nmultilingual = false\nx-mine = 1\n\
        [output.html]\nsmart-punctation = true\ncurly-quotes = true\nprint = { enabled = true }\n\
        [whosaid]\nautolnk = true\nlints = { WS1O1 = 'warn', nonsense = 'warn' }\n";
    assert_snapshot!(check(text), @r"
    1:1 WS123 unknown table or key `boook`
        boook <- neither mdBook nor whosaid has this table or key
        did you mean `book`?
    3:1 WS123 unknown key `author` in `[book]`
        author <- `[book]` has no such key
        did you mean `authors`?
    4:1 WS123 unknown key `multilingual` in `[book]`
        multilingual <- `[book]` has no such key
        remove it: mdBook 0.5 no longer has this key
    7:1 WS123 unknown key `smart-punctation` in `[output.html]`
        smart-punctation <- `[output.html]` has no such key
        did you mean `smart-punctuation`?
    8:1 WS123 unknown key `curly-quotes` in `[output.html]`
        curly-quotes <- `[output.html]` has no such key
        write `smart-punctuation`, its name since mdBook 0.5
    9:11 WS123 unknown key `enabled` in `[output.html.print]`
        enabled <- `[output.html.print]` has no such key
        did you mean `enable`?
    11:1 WS123 unknown key `autolnk` in `[whosaid]`
        autolnk <- `[whosaid]` has no such key
        did you mean `autolink`?
    12:11 WS123 unknown code `WS1O1` in `[whosaid.lints]`
        WS1O1 <- no diagnostic has this code or name
        did you mean `WS101`?
    12:27 WS123 unknown code `nonsense` in `[whosaid.lints]`
        nonsense <- no diagnostic has this code or name
        write a code such as `WS101`, or its name
    ");
}

#[test]
fn values_that_do_not_fit_are_told_with_what_to_write() {
    let text = r#"
output = 3
[book]
title = 1984
authors = "R. Amsel"
src = "../elsewhere"
text-direction = "left"
[whosaid]
as-of = "2021-02-30"
tlp = "gren"
drafts = "yes"
exports = ["csv", 3]
lints = { WS101 = "loud" }
[preprocessor]
whosaid = true
"#;
    assert_snapshot!(check(text), @r#"
    4:9 WS036 `book.title` must be a string
        1984 <- this is a number
        write `title = "1984"`
    5:11 WS036 `book.authors` must be a list of strings
        "R. Amsel" <- this is a text
        write `authors = ["R. Amsel"]`
    7:18 WS036 invalid value `left` for `book.text-direction`
        "left" <- not one of the allowed words
        write one of `ltr` or `rtl`
    6:7 WS036 invalid value `../elsewhere` for `book.src`: the path leads out of the book
        "../elsewhere" <- not a path inside the book
        write a path inside the book, with `/` between its parts
    2:10 WS036 `output` must be a table
        3 <- this is a number
        write `[output]`
    15:11 WS036 `preprocessor.whosaid` must be a table
        true <- this is `true` or `false`
        write `[preprocessor.whosaid]`
    11:10 WS036 `whosaid.drafts` must be `true` or `false`
        "yes" <- this is a text
        write `drafts = true`
    10:7 WS036 invalid value `gren` for `whosaid.tlp`
        "gren" <- not one of the allowed words
        did you mean `green`?
    9:9 WS036 invalid value `2021-02-30` for `whosaid.as-of`
        "2021-02-30" <- this day does not exist
        write an existing day, or only its month or year
    12:19 WS036 `whosaid.exports` must be a list of strings
        3 <- this is a number
        write `exports = ["…"]`
    13:19 WS036 invalid value `loud` for `whosaid.lints.WS101`
        "loud" <- not one of the allowed words
        write one of `error`, `warn` or `allow`
    "#);
}

#[test]
fn no_setting_carries_a_script_into_a_page() {
    for line in [
        "whosaid.contact = 'javascript:alert(1)'",
        "whosaid.contact = 'java\tscript:alert(1)'",
        "whosaid.editor = ' JavaScript:alert(1)'",
        "whosaid.editor = 'JavaScript:alert(1)'",
        "whosaid.editor = 'smb://evil/{path}'",
        "whosaid.editor = 'file:///usr/bin/{path}'",
        "whosaid.editor = 'ms-msdt:/id PCWDiagnostic'",
        "whosaid.editor = 'vscode://vscode.git/clone?url=https://evil/{path}'",
        "whosaid.editor = 'cursor://anysphere.cursor-deeplink/mcp/install?{path}'",
        "whosaid.editor = 'vscode://file/{path}\tx'",
        "output.html.git-repository-url = 'data:text/html,x'",
        "output.html.edit-url-template = 'vbscript:x'",
        "output.html.site-url = 'javascript:x//'",
        "output.html.redirect.'a.html' = 'javascript:alert(1)'",
        "output.html.redirect.'../a.html' = 'b.html'",
    ] {
        assert!(check(line).contains("WS036"), "{line}");
    }
}

#[test]
fn hostile_depth_is_a_diagnostic() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("[whosaid.extra]\na{} = 1", ".a".repeat(100_000)),
        format!("[whosaid.extra]\na = {}1", "{ a = ".repeat(100_000)),
    ] {
        assert!(check(&text).contains("WS036"));
    }
}

#[test]
fn levels_are_applied() {
    let config = config("[whosaid.lints]\nWS101 = 'error'\nWS001 = 'warn'\nWS103 = 'allow'");
    let codes = [
        Code::ClaimWithoutSource,
        Code::UnknownActor,
        Code::ClaimWithoutId,
        Code::UnmarkedName,
        Code::UnknownClaim,
    ];
    let place = Place::whole(&book());
    let told = codes.map(|code| Diagnostic::new(code, place.clone(), "x"));
    let weighed: Vec<_> = apply_levels(&config, told.to_vec())
        .into_iter()
        .map(|fault| (fault.code, fault.severity))
        .collect();
    assert_eq!(
        weighed,
        [
            (Code::ClaimWithoutSource, Severity::Error),
            (Code::UnknownActor, Severity::Warning),
            (Code::UnknownClaim, Severity::Error),
        ]
    );
}

/// The settings in the manual's examples cause the diagnostics that their section names, and no
/// others.
#[test]
fn the_examples_of_the_manual_are_read() {
    let mut seen = 0;
    for code in Code::ALL {
        for example in crate::diag::explain(*code).split("\n```book ").skip(1) {
            let (info, books) = example.split_once('\n').expect("an example has a body");
            let Some((_, rest)) = books.split_once("//- book.toml\n") else {
                continue;
            };
            let text = rest.split("//- ").next().unwrap_or(rest);
            let (config, told) = read(&book(), text);
            let told = apply_levels(&config, told);
            let codes: Vec<_> = told.iter().map(|fault| fault.code).collect();
            let is_about_settings = [
                Code::UnreadableConfig,
                Code::UnknownConfigKey,
                Code::IdleConfigKey,
            ]
            .contains(code);
            if info == "fails" && is_about_settings {
                assert_eq!(codes, [*code]);
            } else {
                assert_eq!(codes, [], "{code} {info}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 10, "the manual has {seen} examples with settings");
}

#[test]
fn the_example_of_the_manual_reads_without_a_word() {
    let manual = include_str!("../../docs/configuration.md");
    let start = manual.find("```toml\n").expect("the example") + "```toml\n".len();
    let example = &manual[start..];
    let example = &example[..example.find("\n```").expect("its end")];
    let path = SitePath::new("book.toml").expect("a fixed path");
    let (config, said) = super::read(&path, example);
    assert!(said.is_empty(), "{said:#?}");
    assert_eq!(config.title.as_deref(), Some("The Attribution Desk"));
    assert!(config.tlp.is_some() && config.as_of.is_some() && config.lints.len() == 1);
}

/// Returns whether the manual shows the key as it is typed: in backticks or in a block.
fn is_shown(manual: &str, key: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let code = manual.split('`').skip(1).step_by(2);
    let mut words = code.flat_map(|code| code.split(|c| !is_part(c)));
    words.any(|word| word == key)
}

#[test]
fn the_manual_has_every_key() {
    let manual = include_str!("../../docs/configuration.md").replace("```", "`");
    let tables = book::HTML_TABLES;
    let in_tables = tables
        .iter()
        .flat_map(|(name, keys)| keys.iter().chain([name]));
    let known = [
        whosaid::KEYS,
        &book::BOOK,
        &book::BUILD,
        &book::HTML,
        &TABLES,
    ];
    let known = known.into_iter().flatten().chain(in_tables);
    let missing: Vec<_> = known.filter(|key| !is_shown(&manual, key)).collect();
    assert!(
        missing.is_empty(),
        "not in docs/configuration.md: {missing:?}"
    );
    assert!(!is_shown(&manual, "autolnk"));
}

#[test]
fn the_environment_wins_over_the_file() {
    let variables = [
        ("MDBOOK_BOOK__TITLE", "From outside"),
        ("MDBOOK_BOOK__TEXT_DIRECTION", "rtl"),
        (
            "MDBOOK_OUTPUT__HTML__FOLD",
            r#"{"enable": true, "level": 2}"#,
        ),
        ("MDBOOK_BOOK__AUTHORS", r#"["A \"B\"", "C"]"#),
        ("MDBOOK_VERSION", "0.5.4"),
        ("OTHER_BOOK__TITLE", "no"),
        ("MDBOOK_BUILD__BUILD_DIR", "null"),
        ("MDBOOK_BOOK__SRC", "7"),
        ("MDBOOK_WHOSAID__TLP", "green"),
    ];
    let overrides: Vec<Override> = variables
        .iter()
        .filter_map(|(name, value)| Override::new(name, value))
        .collect();
    let text = "[book]\ntitle = \"Inside\"\ndescription = \"Kept\"\n";
    let (config, said) = read_over(&SitePath::known("book.toml"), text, &overrides);
    assert_eq!(config.title.as_deref(), Some("From outside"));
    assert_eq!(config.description.as_deref(), Some("Kept"));
    assert_eq!(config.direction(), TextDirection::RightToLeft);
    assert_eq!(config.authors, ["A \"B\"", "C"]);
    assert!(config.fold);
    assert_eq!(config.fold_level, 2);
    assert_eq!(config.build_dir, "book");
    assert_eq!(config.tlp, Some(Tlp::Green));
    // A value of the wrong type is reported at the start of the file.
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].message, "`book.src` must be a string");
    assert_eq!(said[0].place.span, Span::new(0..0));
}

#[test]
fn keys_that_mean_something_to_mdbook_alone_are_named_once() {
    let text = "[output.html]\ntheme = \"theme\"\nmathjax-support = true\n[output.html.playground]\ncopyable = false\n[output.linkcheck]\n";
    assert_snapshot!(check(text), @r"
    2:1 WS124 `theme`, `mathjax-support`, `[output.linkcheck]` have no effect here
        theme <- only mdBook uses this key; whosaid ignores it
        write `templates/chapter.html` for the structure and `theme.css` for the style: Handlebars templates are not supported
    ");
}

#[test]
fn what_no_host_or_reader_could_use_is_told() {
    let html = |line: &str| check(&format!("[output.html]\n{line}\n"));
    for url in [
        "https://",
        "https:///desk/",
        "https://desk.example/?a=b",
        "https://desk.example/#a",
        "https://me:secret@desk.example/",
        "/desk\\\"/",
    ] {
        let said = html(&format!("site-url = \"{url}\""));
        assert!(
            said.contains("WS036 invalid `output.html.site-url`"),
            "{url}: {said}"
        );
    }
    for line in [
        "site-url = \"desk.example/book\"",
        "site-url = \"//desk.example/\"",
        "cname = \"https://desk.example\"",
        "cname = \"desk.example/book\"",
        "cname = \" \"",
        "edit-url-template = \"https://git.example/edit/\"",
    ] {
        let said = html(line);
        assert!(said.contains("2:1 WS124 "), "{line}: {said}");
    }
    for line in [
        "site-url = \"https://desk.example\"",
        "site-url = \"/desk/\"",
        "site-url = \"./\"",
        "site-url = \"\"",
        "cname = \"b\u{fc}cher.example\"",
    ] {
        assert_eq!(html(line), "", "{line}");
    }
    for language in ["../..", "", "English", "e", "en-"] {
        let said = check(&format!("[book]\nlanguage = \"{language}\"\n"));
        assert!(
            said.contains("2:1 WS124 unknown language"),
            "{language}: {said}"
        );
    }
    for language in ["en", "pt-BR", "zh-Hans", "en_US", "zh-cn"] {
        assert_eq!(check(&format!("[book]\nlanguage = \"{language}\"\n")), "");
    }
}
