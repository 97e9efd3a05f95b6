//! A feed as JSON Feed, version 1.1.

use serde_json::{Value, json};

use super::news::{Channel, Item};

/// Returns the feed for `address`.
pub fn feed(channel: &Channel, address: &str) -> Vec<u8> {
    let authors: Vec<Value> = channel
        .authors
        .iter()
        .map(|name| json!({ "name": name }))
        .collect();
    let items: Vec<Value> = channel.items.iter().map(item).collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.page,
        "feed_url": address,
        "language": channel.language,
        "authors": authors,
        "items": items,
    });
    format!("{feed}\n").into_bytes()
}

fn item(item: &Item) -> Value {
    let mut told = json!({
        "id": item.address,
        "url": item.address,
        "title": item.title,
        "content_text": item.text,
    });
    if let Some(published) = &item.published {
        told["date_published"] = json!(published);
    }
    // Feed readers take the publication date for the date of an entry.
    let updated = match item.published {
        Some(_) => "date_modified",
        None => "date_published",
    };
    told[updated] = json!(item.updated);
    // JSON Feed has no field for a level of sharing.
    let tags: Vec<&String> = item.tags.iter().chain(&item.tlp).collect();
    if !tags.is_empty() {
        told["tags"] = json!(tags);
    }
    told
}
