//! oEmbed 1.0 data for a claim.

use serde_json::json;

use crate::derive;
use crate::index::routes;
use crate::model::{Claim, Id};
use crate::page::{self, Book, Levels};
use crate::text::SitePath;

/// Returns the status of a claim in a sentence, and the legal status of the persons that it
/// concerns.
fn description(book: &Book<'_>, id: Id<Claim>) -> String {
    let standing = &book.facts.standings[id];
    let mut text = format!(
        "{}: {}; {}.",
        standing.status.label(),
        derive::status_words(book.site, standing),
        page::signature_words(standing),
    );
    for sentence in derive::legal_sentences_of(book.site, &book.site.claims()[id]) {
        text.push_str(&format!(" {sentence}."));
    }
    text
}

/// Returns the file for one claim.
pub fn file(book: &Book<'_>, home: &str, id: Id<Claim>) -> (SitePath, Vec<u8>) {
    let claim = &book.site.claims()[id];
    let mut told = json!({
        "version": "1.0",
        "type": "rich",
        "title": derive::with_owner(book.site, claim, &book.facts.standings[id]),
        "description": description(book, id),
        "provider_name": page::site_title(book),
        "provider_url": home,
        "html": page::frame(book, home, id),
        "width": page::EMBED_WIDTH,
        "height": page::EMBED_HEIGHT,
    });
    let level = Levels::new(book.site, book.config).claim(claim);
    if let Some(level) = level {
        // The standard allows more keys.
        told["tlp"] = json!(level.label());
    }
    (
        routes::oembed_address(&claim.id),
        format!("{told}\n").into_bytes(),
    )
}
