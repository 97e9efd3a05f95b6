//! What other sites have, as their inventories tell it.

use super::stance::words;

words! {
    /// What an entry of an inventory is, by the prefix with which a mention names it.
    EntryKind { Actor "actor", Claim "claim", Source "source", Page "page", }
}

/// Something with a page on another site.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    /// The name that this book has for the site.
    pub site: String,
    /// The name that the site has for itself.
    pub site_title: String,
    pub kind: EntryKind,
    pub id: String,
    /// Its name, title or text.
    pub title: String,
    /// The whole address of its page.
    pub address: String,
    /// How a claim stood when the inventory was taken, by the word for it.
    pub headline: Option<String>,
    pub signature: Option<String>,
    pub wikidata: Option<String>,
    pub attack_id: Option<String>,
}
