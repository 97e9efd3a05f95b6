//! What a program is told of how to show a claim, as oEmbed 1.0.

use serde_json::json;

use crate::model::{Claim, Id};
use crate::page::{self, Book};
use crate::text::SitePath;

/// The file for one claim.
pub fn file(book: &Book<'_>, home: &str, id: Id<Claim>) -> (SitePath, Vec<u8>) {
    let claim = &book.site.claims()[id];
    let headline = page::headline(book.facts.standings[id].headline);
    let told = json!({
        "version": "1.0",
        "type": "rich",
        "title": format!("{headline}: {}", claim.text),
        "provider_name": page::site_title(book),
        "provider_url": home,
        "html": page::frame(book, home, id),
        "width": page::EMBED_WIDTH,
        "height": page::EMBED_HEIGHT,
    });
    (
        page::oembed_address(&claim.id),
        format!("{told}\n").into_bytes(),
    )
}
