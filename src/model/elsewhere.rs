//! Entries of other sites, from their inventories.

use super::stance::words;

words! {
    /// The kind of an inventory entry, which is also the prefix of a mention.
    EntryKind { Actor "actor", Claim "claim", Source "source", Page "page", }
}

/// An object with a page on another site.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    /// This book's name for the site.
    pub site: String,
    /// The title of the site.
    pub site_title: String,
    pub kind: EntryKind,
    pub id: String,
    /// Its name, title or text.
    pub title: String,
    /// The absolute URL of its page.
    pub address: String,
    /// The status of a claim when the inventory was fetched.
    pub status: Option<String>,
    pub signature: Option<String>,
    pub wikidata: Option<String>,
    pub attack_id: Option<String>,
}
