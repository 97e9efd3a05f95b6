use super::*;

fn own(name: &str, text: &str) -> BTreeMap<String, Arc<str>> {
    BTreeMap::from([(name.to_string(), Arc::from(text))])
}

#[test]
fn names_in_a_message_stand_in_order() {
    assert_eq!(
        steady("Unknown `t`, `n` in call, not `b`"),
        "Unknown `n`, `t` in call, not `b`"
    );
    assert_eq!(steady("no names"), "no names");
    assert_eq!(steady("one `x`, `y`, `a`"), "one `a`, `x`, `y`");
}

#[test]
fn a_broken_template_is_left_out_and_told() {
    let (theme, said) = Theme::new(&own("footer.html", "{{ broken"));
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].code, Code::BrokenTemplate);
    assert_eq!(said[0].place.file.as_str(), "templates/footer.html");
    assert!(theme.own.is_empty());
}

#[test]
fn a_file_that_nothing_uses_is_told_with_the_nearest_name() {
    let (_, said) = Theme::new(&own("breifing.html", "x"));
    assert_eq!(said[0].code, Code::UnknownTemplate);
    assert_eq!(said[0].hints, ["did you mean `templates/briefing.html`?"]);
    let parts = "{%- component mine(x) -%}{{ x }}{%- endcomponent mine -%}";
    assert!(Theme::new(&own("mine.html", parts)).1.is_empty());
}

#[test]
fn only_our_html_is_not_escaped() {
    #[derive(serde::Serialize)]
    struct View {
        html: crate::html::Html,
        text: &'static str,
    }
    let view = View {
        html: crate::html::Html::text("a & b"),
        text: "<b>",
    };
    let mut tera = super::new();
    tera.add_raw_template("x.html", "{{ html }} {{ text }}")
        .expect("a template");
    let mut context = Context::new();
    for (name, value) in value::of(&view).as_map().expect("a map") {
        context.insert_value(name.to_string(), value.clone());
    }
    assert_eq!(
        tera.render("x.html", &context).expect("a page"),
        "a &amp; b &lt;b&gt;"
    );
}

#[test]
fn the_style_sheet_is_published_without_what_browsers_skip() {
    let found = STATIC.iter().find(|(name, _)| *name == "whosaid.css");
    let (name, text) = found.expect("the theme has a style sheet");
    let sheet = published(name, text);
    assert!(!sheet.contains("/*") && !sheet.contains("\n ") && !sheet.contains("\n\n"));
    // The result has the same rules in the same order.
    let mut rest = sheet.split_whitespace();
    let mut in_comment = false;
    for word in text.split_whitespace() {
        in_comment |= word.starts_with("/*");
        if !in_comment {
            assert_eq!(rest.next(), Some(word));
        }
        in_comment &= !word.ends_with("*/");
    }
    assert_eq!(rest.next(), None);
    assert_eq!(published("whosaid.js", "  /* kept */"), "  /* kept */");
}

#[test]
fn a_shared_part_becomes_a_value_once() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    struct Counted(AtomicUsize);
    impl serde::Serialize for Counted {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_u64(self.0.fetch_add(1, Ordering::Relaxed) as u64)
        }
    }
    let [part, other] = [7, 7].map(|from| crate::page::Shared::new(Counted(from.into())));
    let value = value::of(&[part.clone(), other.clone(), part.clone()]);
    assert_eq!(value.to_string(), "[7, 7, 7]");
    assert_eq!(part.0.load(Ordering::Relaxed), 8);
    assert_eq!(other.0.load(Ordering::Relaxed), 8);
}

/// Returns the names of the pages that Tera renders in a book with these templates.
fn by_tera(own: &[(&str, &str)]) -> Vec<&'static str> {
    let own = own.iter();
    let own = own.map(|(name, text)| (name.to_string(), Arc::from(*text)));
    let (theme, said) = Theme::new(&own.collect());
    assert!(said.is_empty(), "{said:?}");
    let pages = compiled::PAGES.iter().map(|page| page.template);
    let mut by_tera: Vec<_> = pages
        .filter(|page| !theme.translated.contains(page))
        .collect();
    by_tera.sort_unstable();
    by_tera
}

#[test]
fn a_page_is_left_to_tera_where_the_book_has_a_part_of_it() {
    assert!(by_tera(&[]).is_empty());
    assert_eq!(by_tera(&[("claim.html", "x")]), ["claim.html"]);
    // The files that a page includes, extends or calls count, and the files that these call.
    let all = compiled::PAGES.len();
    assert_eq!(by_tera(&[("footer.html", "x")]).len(), all - 1);
    let base = TEMPLATES.iter().find(|(name, _)| *name == "base.html");
    assert_eq!(by_tera(&[*base.expect("a skeleton")]).len(), all - 1);
    let strip = "{% component strip(s, prefix=\"\", level=2) %}{% endcomponent strip %}";
    let pages = ["briefing.html", "print.html"];
    assert_eq!(by_tera(&[("parts/strip.html", strip)]), pages);
    // A component with that name that is defined in a file with another name.
    let own = [("head.html", ""), ("mine.html", strip)];
    assert_eq!(by_tera(&own[1..]), pages);
    assert_eq!(by_tera(&own).len(), all - 1);
    let other = "{%- component  mine(s) -%}{% endcomponent mine %}";
    assert!(by_tera(&[("mine.html", other)]).is_empty());
}

#[test]
fn a_template_of_the_books_own_shows_and_the_others_are_translated() {
    let own = own("redirect.html", "{{ to.href }}");
    let (theme, _) = Theme::new(&own);
    assert!(!theme.translated.contains("redirect.html"));
    assert!(theme.translated.contains("claim.html"));
}

#[test]
fn the_default_theme_is_one_that_tera_reads() {
    let (theme, _) = Theme::new(&BTreeMap::new());
    assert!(theme.tera.get().is_none());
    let mut names: Vec<_> = theme.tera().get_template_names().collect();
    names.sort_unstable();
    let all = TEMPLATES.iter().map(|(name, _)| format!("{DEFAULT}{name}"));
    assert_eq!(names, all.collect::<Vec<_>>());
}

#[test]
fn filters_and_escaping_of_translated_templates_are_those_of_tera() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    type Filter = fn(&str) -> String;
    let filters: [(&str, Filter); 9] = [
        ("{{ t }}", |t| t.to_owned()),
        ("{{ t | capitalize }}", write::capitalized),
        ("{{ t | replace(from='-', to=' ') }}", |t| {
            write::replaced(t, "-", " ").into()
        }),
        ("{{ t | replace(from='', to='.') }}", |t| {
            write::replaced(t, "", ".").into()
        }),
        ("{{ t | truncate(length=3) }}", |t| {
            write::truncated(t, 3, "…").into()
        }),
        ("{{ t | truncate(length=0, end='!') }}", |t| {
            write::truncated(t, 0, "!").into()
        }),
        ("{{ t ~ 3 }}", |t| write::joined(t, 3).into()),
        ("{{ [t][0] }}", |t| {
            write::item(&[t], 0).copied().unwrap_or("").to_owned()
        }),
        ("{{ [t][-1] }}", |t| {
            write::item(&[t], -1).copied().unwrap_or("").to_owned()
        }),
    ];
    let mut tera = super::new();
    for (at, (template, _)) in filters.iter().enumerate() {
        let name = format!("{at}.html");
        tera.add_raw_template(&name, template).expect("a template");
    }
    let config = Config {
        cases: 300,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let text = prop_oneof!["[-a-cÄß<>&'\"… ]{0,8}", any::<String>()];
    let outcome = TestRunner::new_with_rng(config, rng).run(&text, |text| {
        let mut context = Context::new();
        context.insert("t", &text);
        for (at, (template, filter)) in filters.iter().enumerate() {
            let expected = tera.render(&format!("{at}.html"), &context).expect("text");
            let mut o = String::new();
            write::text(&mut o, &filter(&text));
            prop_assert_eq!(o, expected, "{}", template);
        }
        Ok(())
    });
    if let Err(fault) = outcome {
        panic!("{fault}");
    }
    assert_eq!(write::item(&[1, 2], 2), None);
    assert_eq!(write::item(&[1, 2], -3), None);
    let mut o = String::new();
    write::number(&mut o, -12);
    assert_eq!(o, "-12");
}
