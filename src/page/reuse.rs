//! Parts that were created for a page, or for the pages of a folder, and are used again.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::fast::FixedState;

use super::components::{ActorLink, ClaimLine, Link, PositionView};
use super::shared::Shared;
use crate::model::{Actor, Claim, Doc, Id, Site};
use crate::text::SitePath;

/// The parts created for a page so far.
#[derive(Default)]
pub struct PageParts {
    pub claims: PartCache<Id<Claim>, ClaimLine>,
    pub positions: PartCache<(Id<Claim>, usize), PositionView>,
    pub docs: PartCache<Doc, Link>,
}

/// Parts by their keys. Behind a mutex, because many threads create the print page; all other pages
/// have one thread.
pub struct PartCache<K, T>(Mutex<HashMap<K, Shared<T>, FixedState>>);

impl<K: Eq + Hash, T> PartCache<K, T> {
    /// Returns the part for `key`; `make` can request other parts.
    pub fn get(&self, key: K, make: impl FnOnce() -> T) -> Shared<T> {
        if let Some(part) = self.lock().get(&key) {
            return part.clone();
        }
        let part = Shared::new(make());
        self.lock().insert(key, part.clone());
        part
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, Shared<T>, FixedState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, T> Default for PartCache<K, T> {
    fn default() -> Self {
        PartCache(Mutex::default())
    }
}

/// The links to actors on the pages of one folder: a page has dozens of them, and they repeat on
/// every page.
#[derive(Clone)]
pub struct ActorLinks(Arc<[OnceLock<Shared<ActorLink>>]>);

impl ActorLinks {
    pub fn new(site: &Site) -> ActorLinks {
        ActorLinks(site.actors().ids().map(|_| OnceLock::new()).collect())
    }

    pub fn get(&self, id: Id<Actor>, make: impl FnOnce() -> ActorLink) -> Shared<ActorLink> {
        let link = self.0[id.index()].get_or_init(|| Shared::new(make()));
        link.clone()
    }
}

/// Links to actors by the folder of the pages, with and without hover cards.
#[derive(Default)]
pub struct ActorLinksByFolder(Mutex<HashMap<(Box<str>, bool), ActorLinks, FixedState>>);

impl ActorLinksByFolder {
    /// Returns those for the folder of the page `here`.
    pub fn of(&self, site: &Site, here: &SitePath, has_cards: bool) -> ActorLinks {
        let mut folders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (here.parent().unwrap_or("").into(), has_cards);
        let links = folders.entry(key).or_insert_with(|| ActorLinks::new(site));
        links.clone()
    }
}
