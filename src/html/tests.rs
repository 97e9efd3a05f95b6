use super::raw::{Token, tokens};
use super::*;

/// A page that begins every id of a body with `before`.
struct Before(&'static str);

impl Setting for Before {
    fn link(&self, _: &Target) -> Link {
        Link::default()
    }

    fn mark(&self, _: MarkNo) -> Face {
        Face::default()
    }

    fn cited(&self, _: Id<Source>) -> (usize, String) {
        (0, String::new())
    }

    fn raw_html(&self) -> RawHtml {
        RawHtml::Basic
    }

    fn id<'a>(&self, anchor: &'a str) -> Cow<'a, str> {
        format!("{}{anchor}", self.0).into()
    }
}

/// The run as `basic` writes it, with what was refused in `⟦…⟧`.
fn basic(html: &str, inline: bool) -> String {
    basic_on(&Before(""), html, inline)
}

fn basic_on(page: &dyn Setting, html: &str, inline: bool) -> String {
    let mut written = String::new();
    for token in tokens(html, inline, page) {
        match token {
            Token::Text(text) => written.push_str(text),
            Token::Open { html, .. } => written.push_str(&html),
            Token::Close(name, _) => written.push_str(&format!("</{name}>")),
            Token::Comment => {}
            Token::Refused(tag) => written.push_str(&format!("⟦{tag}⟧")),
        }
    }
    written
}

#[test]
fn harmless_tags_are_written_again() {
    for (html, expected) in [
        ("<kbd>x</kbd>", "<kbd>x</kbd>"),
        ("<KBD CLASS=a>", "<kbd class=\"a\">"),
        ("<br/>", "<br>"),
        ("<br />", "<br>"),
        (
            "<span title='a \"b\" <c>'>",
            "<span title=\"a &quot;b&quot; &lt;c&gt;\">",
        ),
        ("<a href=b.md#c>", "<a href=\"b.md#c\">"),
        (
            "<a href='https://e.org/?a&amp;b'>",
            "<a href=\"https://e.org/?a&amp;b\">",
        ),
        ("<a href=\"mailto:a@b.c\">", "<a href=\"mailto:a@b.c\">"),
        (
            "<img src='a%20b.png' alt=x width=20>",
            "<img src=\"a%20b.png\" alt=\"x\" width=\"20\">",
        ),
        ("<td colspan=2>", "<td colspan=\"2\">"),
        ("<details open>", "<details open=\"\">"),
        ("<!-- a > b -->c<!-- d", "c"),
    ] {
        assert_eq!(basic(html, false), expected, "{html}");
    }
}

#[test]
fn ids_in_raw_html_are_those_of_the_page() {
    for (html, expected) in [
        ("<span id=a>", "<span id=\"b3.a\">"),
        ("<a href=#a>", "<a href=\"#b3.a\">"),
        ("<a href=c.html#a>", "<a href=\"c.html#a\">"),
        ("<a href=#>", "<a href=\"#\">"),
        (
            "<table aria-describedby='a b'>",
            "<table aria-describedby=\"b3.a b3.b\">",
        ),
    ] {
        assert_eq!(basic_on(&Before("b3."), html, false), expected, "{html}");
    }
}

#[test]
fn what_could_run_or_dress_up_is_refused() {
    for html in [
        "<script>",
        "<ScRiPt src=x>",
        "<script/x>",
        "<svg onload=x>",
        "<math>",
        "<style>",
        "<iframe src=x>",
        "<object>",
        "<embed>",
        "<form action=x>",
        "<input>",
        "<button>",
        "<base href=x>",
        "<meta http-equiv=refresh>",
        "<link rel=stylesheet>",
        "<template>",
        "<noscript>",
        "<b onclick=x>",
        "<b ONCLICK=x>",
        "<b style='x'>",
        "<b a\"b>",
        "<b =x>",
        "<b/onclick=x>",
        "<img src=x onerror=y>",
        "<img src=https://e.org/x.png>",
        "<img src=//e.org/x.png>",
        "<img src=data:image/svg+xml,x>",
        "<img srcset=x>",
        "<img src=x width=1e9>",
        "<a href=javascript:x>",
        "<a href=JaVaScRiPt:x>",
        "<a href='java\nscript:x'>",
        "<a href='java&#10;script:x'>",
        "<a href='&#106;avascript:x'>",
        "<a href='&#x6A;avascript&colon;x'>",
        "<a href='java&Tab;script:x'>",
        "<a href='\u{1}javascript:x'>",
        "<a href=' javascript:x'>",
        "<a href=vbscript:x>",
        "<a href=data:text/html,x>",
        "<a href=//e.org>",
        "<a href='\\\\e.org'>",
        "<a ping=x>",
        "<a target=_blank>",
        "<a href='x",
        "<b",
        "< b>",
        "<>",
        "<b<i>",
        "<!DOCTYPE html>",
        "<![CDATA[x]]>",
        "<?php x ?>",
        "</script>",
        "</b onclick=x>",
    ] {
        let written = basic(html, true);
        let shown: String = written.replace(['⟦', '⟧'], "");
        assert!(written.starts_with('⟦'), "{html} became {written}");
        assert_eq!(
            shown.matches('<').count(),
            html.matches('<').count(),
            "{html}"
        );
    }
}

#[test]
fn blocks_do_not_stand_within_a_line() {
    assert_eq!(basic("<div>", false), "<div>");
    assert_eq!(basic("<div>", true), "⟦<div>⟧");
    assert_eq!(basic("<h1>", false), "⟦<h1>⟧");
}

#[test]
fn addresses_are_encoded_for_an_attribute() {
    let encoded = |address: &str| {
        let mut html = String::new();
        escape_address(address, &mut html);
        html
    };
    assert_eq!(
        encoded("a b\"c'd<e>é&f"),
        "a%20b%22c&#x27;d%3Ce%3E%C3%A9&amp;f"
    );
    assert_eq!(
        encoded("https://e.org/%20?q=[1]#x"),
        "https://e.org/%20?q=%5B1%5D#x"
    );
}

#[test]
fn text_is_escaped_once_and_whole() {
    assert_eq!(
        Html::text("<a & 'b' \"c\">").as_str(),
        "&lt;a &amp; &#39;b&#39; &quot;c&quot;&gt;"
    );
    let mut html = String::new();
    escape_text("a\u{0}b\u{1f}c\td\u{7f}", &mut html);
    assert_eq!(html, "a\u{fffd}b\u{fffd}c\td\u{fffd}");
}
