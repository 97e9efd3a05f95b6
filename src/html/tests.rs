use std::sync::Arc;

use super::raw::{Token, tokens};
use super::*;

/// A page that prefixes every id of a body with `before`.
struct Before(&'static str);

impl RenderContext for Before {
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

/// Renders the run in mode `basic`, with refused parts in `⟦…⟧`.
fn basic(html: &str, inline: bool) -> String {
    basic_on(&Before(""), html, inline)
}

fn basic_on(page: &dyn RenderContext, html: &str, inline: bool) -> String {
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

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.split_whitespace();
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).expect("two digits"))
        .collect()
}

#[test]
fn images_say_how_large_they_are() {
    let png = "89 50 4e 47 0d 0a 1a 0a 00 00 00 0d 49 48 44 52 00 00 02 80 00 00 01 e0";
    let gif = "47 49 46 38 39 61 80 02 e0 01";
    let lossy = "52 49 46 46 00 00 00 00 57 45 42 50 56 50 38 20 00 00 00 00 \
                 00 00 00 9d 01 2a 80 02 e0 41";
    let lossless = "52 49 46 46 00 00 00 00 57 45 42 50 56 50 38 4c 00 00 00 00 2f 7f c2 77 00";
    let extended = "52 49 46 46 00 00 00 00 57 45 42 50 56 50 38 58 00 00 00 00 \
                    00 00 00 00 7f 02 00 df 01 00";
    let frame = "ff c2 00 08 08 01 e0 02 80 03";
    let jpeg = format!("ff d8 ff e0 00 04 00 00 ff ff c4 00 02 {frame}");
    // The same frame, with the orientation of a photo taken with an upright phone.
    let exif = |order: &str, rest: &str| {
        format!("ff d8 ff e1 00 22 45 78 69 66 00 00 {order} {rest} {frame}")
    };
    let big = "00 2a 00 00 00 08 00 01 01 12 00 03 00 00 00 01 00 06 00 00 00 00 00 00";
    let little = "2a 00 08 00 00 00 01 00 12 01 03 00 01 00 00 00 08 00 00 00 00 00 00 00";
    for (image, expected) in [
        (png, (640, 480)),
        (gif, (640, 480)),
        (lossy, (640, 480)),
        (lossless, (640, 480)),
        (extended, (640, 480)),
        (&jpeg, (640, 480)),
        (&exif("4d 4d", big), (480, 640)),
        (&exif("49 49", little), (480, 640)),
    ] {
        let found = size(&bytes(image)).map(|size| (size.width, size.height));
        assert_eq!(found, Some(expected), "{image}");
        // For a file that is truncated at any byte, it returns `None` or the same size, and does
        // not panic.
        for end in 0..bytes(image).len() {
            let found = size(&bytes(image)[..end]).map(|size| (size.width, size.height));
            assert!(
                found.is_none_or(|found| found == expected),
                "{image} cut at {end}"
            );
        }
    }
}

#[test]
fn drawings_say_how_large_they_are() {
    for (svg, expected) in [
        ("<svg width=\"640\" height=\"480px\">", Some((640, 480))),
        (
            "<?xml version='1.0'?>\n<svg\n viewBox='0 0 640 480'>",
            Some((640, 480)),
        ),
        (
            "<svg viewBox=\"0,0,64.4,48\" width=\"100%\">",
            Some((64, 48)),
        ),
        (
            "<svg stroke-width='9' width = '1in' height='72pt'>",
            Some((96, 96)),
        ),
        ("<svgx width='1' height='1'>", None),
        ("<svg width='0' height='1'>", None),
        ("<svg width='1e99' height='1'>", None),
        ("<svg>", None),
        ("<svg", None),
        ("plain", None),
    ] {
        let found = size(svg.as_bytes()).map(|size| (size.width, size.height));
        assert_eq!(found, expected, "{svg}");
    }
}

#[test]
fn a_comment_that_the_grammar_of_javascript_never_ends_on_is_colored() {
    let highlighter = Highlighter::default();
    for language in ["js", "javascript", "JavaScript"] {
        let html = highlighter.html(language, "  \"a\": true\n  /* Whether or\n");
        assert!(html.contains("class=\"h-com\""), "{html}");
    }
    let html = highlighter.html("html", "<script>\n  true\n  /* Whether or\n</script>\n");
    assert!(!html.contains("<span"), "{html}");
}

#[test]
fn highlighted_code_that_nobody_asks_for_any_more_is_dropped() {
    let highlighter = Highlighter::default();
    let first = highlighter.html("rust", "let a = 1;\n");
    highlighter.turn();
    // The next run returns the same allocation.
    assert!(Arc::ptr_eq(
        &first,
        &highlighter.html("rust", "let a = 1;\n")
    ));
    highlighter.turn();
    highlighter.turn();
    let again = highlighter.html("rust", "let a = 1;\n");
    assert!(!Arc::ptr_eq(&first, &again));
    assert_eq!(first, again);
}
