//! Addresses in raw HTML.

use super::addresses::{scheme, split_address};
use crate::text::tags::{self, Piece};
use crate::text::{Markup, Span, escaped};

/// The use of an address: link or image.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Use {
    Link,
    Image,
}

/// Rewrites the links in raw HTML from files to pages, as in Markdown. Passes each address of a
/// link or image to `look`, with its place, which can return another address for it.
pub(super) fn led_to_pages(
    html: &str,
    span: Span,
    readme_is_index: bool,
    look: &mut dyn FnMut(Span, &str, Use) -> Option<String>,
) -> String {
    let mut written = String::with_capacity(html.len());
    let mut from = 0;
    for piece in tags::pieces(html) {
        let Piece::Open(tag) = piece else { continue };
        let (name, used) = match () {
            () if tag.is("a") => ("href", Use::Link),
            () if tag.is("img") => ("src", Use::Image),
            () => continue,
        };
        let Some(href) = tag.attribute(name) else {
            continue;
        };
        let tag_at = tag.source.as_ptr() as usize - html.as_ptr() as usize;
        let at = tag_at + href.at;
        let place = if span.range().len() == html.len() {
            let start = span.start as usize + at;
            Span::new(start..start + href.value.len())
        } else {
            span
        };
        let spelled = look(place, &href.value.replace("&amp;", "&"), used);
        let spelled = spelled.map(|it| escaped(&it, Markup::Attribute));
        let address = spelled.as_deref().unwrap_or(href.value);
        let page = match used {
            Use::Link => fixed(address, readme_is_index),
            Use::Image => None,
        };
        if let Some(changed) = page.or(spelled) {
            written.push_str(&html[from..at]);
            written.push_str(&changed);
            from = at + href.value.len();
        }
    }
    written.push_str(&html[from..]);
    written
}

/// Converts the address of a Markdown file to that of its page; `None` if it does not change.
pub(super) fn fixed(url: &str, readme_is_index: bool) -> Option<String> {
    if scheme(url).is_some() {
        return None;
    }
    let (path, rest) = split_address(url);
    let stem = path.strip_suffix(".md")?;
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| {
        (&stem[..folder.len() + 1], name)
    });
    let name = if readme_is_index && name.eq_ignore_ascii_case("readme") {
        "index"
    } else {
        name
    };
    Some(format!("{folder}{name}.html{rest}"))
}
