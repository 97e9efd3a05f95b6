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
    let mut tera = Tera::new();
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
    // What is left are the same rules in the same order.
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
