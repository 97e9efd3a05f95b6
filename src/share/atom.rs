//! A feed as Atom, RFC 4287.

use std::fmt::Write as _;

use super::news::{Channel, Item};
use super::xml;

/// Returns the feed for `address`.
pub fn feed(channel: &Channel, address: &str) -> Vec<u8> {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let lang = xml(&channel.language);
    let _ = writeln!(
        text,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">"
    );
    element(&mut text, "title", &channel.title);
    element(&mut text, "id", address);
    link(&mut text, "self", "application/atom+xml", address);
    link(&mut text, "alternate", "text/html", &channel.page);
    let newest = channel.items.iter().map(|item| &item.updated).max();
    element(&mut text, "updated", newest.expect("a feed has an entry"));
    for name in &channel.authors {
        let _ = writeln!(text, "<author><name>{}</name></author>", xml(name));
    }
    for item in &channel.items {
        entry(&mut text, item);
    }
    text.push_str("</feed>\n");
    text.into_bytes()
}

fn entry(text: &mut String, item: &Item) {
    text.push_str("<entry>\n");
    element(text, "title", &item.title);
    element(text, "id", &item.address);
    link(text, "alternate", "text/html", &item.address);
    if let Some(published) = &item.published {
        element(text, "published", published);
    }
    element(text, "updated", &item.updated);
    for tag in &item.tags {
        let _ = writeln!(text, "<category term=\"{}\"/>", xml(tag));
    }
    if let Some(tlp) = &item.tlp {
        let _ = writeln!(text, "<category term=\"{}\" scheme=\"{TLP}\"/>", xml(tlp));
        element(text, "rights", tlp);
    }
    element(text, "summary", &item.text);
    text.push_str("</entry>\n");
}

/// The scheme of the categories that give a level of sharing.
const TLP: &str = "https://www.first.org/tlp/";

fn element(text: &mut String, name: &str, content: &str) {
    let _ = writeln!(text, "<{name}>{}</{name}>", xml(content));
}

fn link(text: &mut String, relation: &str, kind: &str, address: &str) {
    let address = xml(address);
    let _ = writeln!(
        text,
        "<link rel=\"{relation}\" type=\"{kind}\" href=\"{address}\"/>"
    );
}
