//! Raw HTML, filtered by an allow-list.
//!
//! A tag is parsed here, and only elements and attributes on the lists are written again. Anything
//! else is shown as text. The input is never passed on and cleaned afterwards.

use std::borrow::Cow;

use super::{RenderContext, escape, escape_address};

/// Elements that are allowed within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
    "wbr",
];
/// Elements that are allowed only as blocks.
const BLOCK: &[&str] = &[
    "aside",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Elements without an end tag.
const VOID: &[&str] = &["br", "col", "hr", "img", "wbr"];
/// Attributes that every element can have.
const ATTRIBUTES: &[&str] = &["class", "dir", "id", "lang", "title"];

/// A token of a run of raw HTML.
pub enum Token<'a> {
    /// Text between tags, or a malformed tag: shown as text.
    Text(&'a str),
    /// An allowed start tag, written again. The name is `None` for an element without an end tag.
    Open {
        html: String,
        name: Option<&'static str>,
    },
    /// The end tag of an allowed element, and its source.
    Close(&'static str, &'a str),
    /// A comment, which is removed.
    Comment,
    /// A tag that is not on the lists: shown as text.
    Refused(&'a str),
}

/// Splits a run of raw HTML into tokens. `inline` is true within a line.
pub fn tokens<'a>(html: &'a str, inline: bool, setting: &dyn RenderContext) -> Vec<Token<'a>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if at > 0 {
            tokens.push(Token::Text(&rest[..at]));
        }
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--") {
            let end = after.find("-->").map_or(rest.len(), |end| end + 7);
            tokens.push(Token::Comment);
            rest = &rest[end..];
            continue;
        }
        let end = tag_end(rest);
        let (tag, after) = rest.split_at(end);
        tokens.push(read_tag(tag, inline, setting).unwrap_or(Token::Refused(tag)));
        rest = after;
    }
    if !rest.is_empty() {
        tokens.push(Token::Text(rest));
    }
    tokens
}

/// Returns the end of the tag at the start of `html`: after its `>`, with quoted values skipped.
fn tag_end(html: &str) -> usize {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate().skip(1) {
        match (byte, quote) {
            (byte, Some(open)) if byte == open => quote = None,
            (b'"' | b'\'', None) => quote = Some(byte),
            (b'>', None) => return at + 1,
            (b'<', None) => return at,
            _ => {}
        }
    }
    html.len()
}

fn read_tag<'a>(tag: &'a str, inline: bool, setting: &dyn RenderContext) -> Option<Token<'a>> {
    let inside = tag.strip_prefix('<')?.strip_suffix('>')?;
    if let Some(name) = inside.strip_prefix('/') {
        return allowed(name.trim(), inline).map(|name| Token::Close(name, tag));
    }
    let inside = inside.strip_suffix('/').unwrap_or(inside);
    let name_end = inside
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(inside.len());
    let name = allowed(&inside[..name_end], inline)?;
    let mut html = format!("<{name}");
    for (attribute, value) in attributes(&inside[name_end..])? {
        let value = on_page(&attribute, &value, setting);
        write_attribute(name, &attribute, &value, &mut html)?;
    }
    html.push('>');
    let is_void = VOID.contains(&name);
    Some(Token::Open {
        html,
        name: (!is_void).then_some(name),
    })
}

fn allowed(name: &str, inline: bool) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let find = |list: &'static [&'static str]| list.iter().copied().find(|known| *known == lower);
    find(INLINE).or_else(|| if inline { None } else { find(BLOCK) })
}

/// Returns the attributes of a tag, with names in lower case and decoded values. Returns `None` if
/// the tag is malformed.
fn attributes(text: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name_end = rest
            .find(|c: char| c == '=' || c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let name = rest[..name_end].to_ascii_lowercase();
        let well_named = name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if name.is_empty() || !well_named {
            return None;
        }
        rest = rest[name_end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quoted = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (raw, left) = match quoted {
                Some(quote) => after[1..].split_once(quote)?,
                None => {
                    let end = after
                        .find(|c: char| c.is_ascii_whitespace())
                        .unwrap_or(after.len());
                    after.split_at(end)
                }
            };
            value = decode(raw);
            rest = left.trim_start();
        }
        found.push((name, value));
    }
    Some(found)
}

/// Returns the value of an attribute, with the ids in it as they are on this page.
fn on_page<'a>(name: &str, value: &'a str, setting: &dyn RenderContext) -> Cow<'a, str> {
    match name {
        "id" => setting.id(value),
        "href" => match value.strip_prefix('#') {
            Some(anchor) if !anchor.is_empty() => format!("#{}", setting.id(anchor)).into(),
            _ => value.into(),
        },
        "aria-controls" | "aria-describedby" | "aria-details" | "aria-labelledby" | "aria-owns" => {
            let ids = value.split_whitespace().map(|id| setting.id(id));
            ids.collect::<Vec<_>>().join(" ").into()
        }
        _ => value.into(),
    }
}

/// Writes an attribute if it is on the lists. Returns `None` if it makes the whole tag refused.
fn write_attribute(element: &str, name: &str, value: &str, html: &mut String) -> Option<()> {
    let is_size = matches!(
        name,
        "width" | "height" | "colspan" | "rowspan" | "span" | "start"
    );
    let known = match (element, name) {
        (_, name) if ATTRIBUTES.contains(&name) => true,
        (_, name) if name.starts_with("data-") || name.starts_with("aria-") => true,
        ("a", "href") | ("img", "src") => {
            if !is_safe_address(value, element == "img") {
                return None;
            }
            html.push_str(&format!(" {name}=\""));
            escape_address(value, html);
            html.push('"');
            return Some(());
        }
        ("img", "alt")
        | ("details", "open" | "name")
        | ("th", "scope")
        | ("time" | "del" | "ins", "datetime") => true,
        ("img" | "td" | "th" | "col" | "colgroup" | "ol", _) if is_size => {
            value.parse::<u32>().is_ok()
        }
        _ => false,
    };
    if known {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        escape(value, html);
        html.push('"');
        Some(())
    } else {
        // Event handlers, styles and so on: the whole tag is shown as text, so that nothing is lost
        // silently.
        None
    }
}

/// True for a relative address, and for a scheme that pages can link to. Images must be on the same
/// site.
fn is_safe_address(address: &str, is_image: bool) -> bool {
    let cleaned: String = address
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect();
    let lower = cleaned.to_ascii_lowercase();
    if cleaned.len() != address.trim().len() || lower.starts_with("//") || lower.starts_with('\\') {
        return false;
    }
    let head = lower.split(['/', '?', '#']).next().unwrap_or("");
    match head.split_once(':') {
        None => true,
        Some((scheme, _)) => !is_image && matches!(scheme, "http" | "https" | "mailto"),
    }
}

/// Decodes the character references that matter for checking an address.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest
            .char_indices()
            .take(12)
            .find(|(_, c)| *c == ';')
            .map(|(end, _)| end);
        let reference = end.and_then(|end| Some((one(&rest[1..end])?, end)));
        match reference {
            Some((c, end)) => {
                decoded.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

fn one(reference: &str) -> Option<char> {
    match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "colon" => Some(':'),
        "Tab" => Some('\t'),
        "NewLine" => Some('\n'),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
