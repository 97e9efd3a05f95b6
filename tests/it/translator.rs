//! Tests that the template translator rejects unknown constructs with template and line, and
//! handles whitespace control like Tera.

#[path = "../../build/mod.rs"]
#[allow(dead_code, reason = "the build script uses the rest of it")]
mod build;

use std::collections::BTreeMap;

use proptest::prelude::*;
use tera::{Context, Tera};

use crate::laws;
use build::lexer::{self, SegmentKind, Token};

const VIEWS: &str = "
#[derive(Debug, Serialize)]
pub struct Part {
    pub name: String,
    pub count: usize,
}

/// What `page.html` shows.
#[derive(Debug, Serialize)]
pub struct PageView {
    /// Its title.
    pub title: String,
    pub part: Option<Shared<Part>>,
    pub parts: Vec<Part>,
    pub html: Html,
}

pub enum View {
    Page(Box<PageView>),
}

fn template() {
    View::Page(_) => \"page.html\",
}
";

fn translate(page: &str) -> Result<String, String> {
    let templates = BTreeMap::from([
        ("page.html".to_owned(), page.to_owned()),
        (
            "base.html".to_owned(),
            "<p>{% block main %}{% endblock %}".to_owned(),
        ),
        (
            "parts.html".to_owned(),
            "{% component part(p, word=\"x\") %}{{ p.name }}{{ word }}{% endcomponent %}"
                .to_owned(),
        ),
    ]);
    let sources = BTreeMap::from([("src/page/mod.rs".to_owned(), VIEWS.to_owned())]);
    build::translate(&templates, &sources).map_err(|fault| fault.to_string())
}

#[test]
fn what_is_not_known_is_refused_with_template_line_and_construct() {
    for (page, fault) in [
        (
            "a\n{% raw %}x{% endraw %}",
            "2: the tag `raw` is not translated",
        ),
        (
            "{{ title | shout }}",
            "1: the filter `shout` on text is not translated",
        ),
        (
            "\n\n{{ title | replace(of=\"x\") }}",
            "3: `replace` has no argument `of`",
        ),
        (
            "{% if title is odd_looking %}{% endif %}",
            "1: the test `odd_looking` is not translated",
        ),
        (
            "{{ title / 2 }}",
            "1: expected the end of the tag, found `/`",
        ),
        ("{{ title ** 2 }}", "1: the operator `**` is not translated"),
        ("{{ now() }}", "1: the function `now` is not translated"),
        (
            "{% set x %}a{% endset %}",
            "1: a `set` with a body is not translated",
        ),
        (
            "{% for k, v in parts %}{% endfor %}",
            "1: a `for` over keys and values is not translated",
        ),
        (
            "{% for p in title %}{% endfor %}",
            "1: `for` needs a list, this is text",
        ),
        ("{% if title %}", "1: `endif` is missing"),
        ("{{ title", "1: `}}` is missing"),
        (
            "{{ [1, 2] }}",
            "1: a list is translated only as `[x for y in z]`",
        ),
        ("{{ titel }}", "1: unknown variable `titel`"),
        (
            "{{ part.nam }}",
            "1: `Part` has no field `nam`; it has `count`, `name`",
        ),
        ("{{ title.length }}", "1: text has no field `length`"),
        ("{{ parts }}", "1: a list cannot be written"),
        (
            "{% set title = 1 %}",
            "1: `set` would hide the field `title`",
        ),
        (
            "{% if title == 1 %}{% endif %}",
            "1: `==` between text and a number is always the same",
        ),
        ("{{<other p={part} />}}", "1: there is no component `other`"),
        (
            "{{<part q={part} />}}",
            "1: the component `part` has no parameter `q`",
        ),
        ("{{<part />}}", "1: the component `part` needs `p`"),
        (
            "{% include \"none.html\" %}",
            "1: there is no template `none.html`",
        ),
        (
            "{% extends \"none.html\" %}",
            "1: there is no template `none.html`",
        ),
    ] {
        let said = translate(page).expect_err(page);
        assert_eq!(said, format!("templates/page.html:{fault}"));
    }
}

#[test]
fn what_is_known_is_translated() {
    for page in [
        "{% extends \"base.html\" %}{% block main %}{{ title }}{{ super() }}{% endblock %}",
        "{% for p in parts %}{{ loop.index }} {{ p.count | pluralize }}{% else %}no{% endfor %}",
        "{% if part and part.count > 1 or not html %}{{ part.name | upper }}{% endif %}",
        "{{ part?.name or title | truncate(length=3) }}{{ html }}{{ \"<\" }}",
        "{% set n = [p.name for p in parts if p.count] %}{{ n | join(sep=\", \") }}",
        "{{ \"one\" if title == \"1\" else title }}{{ parts[0].name }}",
        "{% set_global n = 0 %}{% for p in parts %}{% set_global n = n + p.count %}{% endfor %}",
        "{% for p in parts %}{{<part p={p} />}}{% endfor %}{% if part %}{{<part p={part} />}}{% endif %}",
    ] {
        let module = translate(page).expect(page);
        assert!(module.contains("fn page_page("), "{module}");
    }
}

#[test]
fn views_that_templates_would_see_otherwise_are_refused() {
    for (from, to, fault) in [
        (
            "pub count: usize",
            "pub count: char2<u8>",
            "cannot read the type `char2<u8>`",
        ),
        (
            "pub count: usize",
            "#[serde(rename = \"n\")]\n    pub count: usize",
            "has attributes of serde",
        ),
        (
            "pub count: usize",
            "count: usize",
            "cannot read the field `count: usize`",
        ),
    ] {
        let sources = VIEWS.replace(from, to);
        assert_ne!(sources, VIEWS);
        let templates = BTreeMap::from([("page.html".to_owned(), String::new())]);
        let sources = BTreeMap::from([("src/page/mod.rs".to_owned(), sources)]);
        let said = build::translate(&templates, &sources).expect_err(to);
        assert!(said.to_string().contains(fault), "{said}");
    }
}

/// Template fragments that only write text.
const PIECES: [&str; 14] = [
    " ",
    "\n",
    "\t a ",
    "b",
    "{{ \"x\" }}",
    "{{- \"x\" }}",
    "{{ \"x\" -}}",
    "{{- \" }} \" -}}",
    "{# c #}",
    "{#- c #}",
    "{# c -#}",
    "{#- {{ c }} -#}",
    "\u{a0}",
    "{",
];

/// Returns the output of the fragments, according to the lexer.
fn written(template: &str) -> String {
    let segments = lexer::segments("x.html", template).expect("a template");
    let written = segments.into_iter().map(|segment| match segment.kind {
        SegmentKind::Text(text) => text,
        SegmentKind::Output(tokens) => match tokens.as_slice() {
            [Token::Text(text)] => text.clone(),
            other => panic!("{other:?}"),
        },
        SegmentKind::Tag(tokens) => panic!("{tokens:?}"),
    });
    written.collect()
}

#[test]
fn whitespace_control_is_that_of_tera() {
    let pieces = prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..12);
    laws::holds(pieces, 500, |pieces| {
        let template = pieces.concat();
        let mut tera = Tera::new();
        // Two fragments can combine to a different tag.
        if tera.add_raw_template("x.txt", &template).is_err() {
            return Ok(());
        }
        let expected = tera.render("x.txt", &Context::new()).expect("text");
        prop_assert_eq!(written(&template), expected, "{:?}", template);
        Ok(())
    });
}
