//! Parts that a page shows in several places, created once.
//!
//! A claim is in its notes, in the table of claims and in the matrix; its positions are in a list,
//! a timeline and a reply. All places share the same part, and its value for templates is created
//! once per page.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::fast::FixedState;
use serde::Serialize;

use super::parts::{ActorLink, ClaimLine, Link, PositionView};
use crate::model::{Actor, Claim, Doc, Id, Site};
use crate::text::SitePath;

/// A part of a view that several places share.
///
/// It serializes as a newtype struct with the name [`Shared::NAME`] around the part. The part has
/// the same address in every place, by which the theme recognizes it.
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub struct Shared<T>(Arc<T>);

impl Shared<()> {
    /// Its name in serde.
    pub const NAME: &'static str = "whosaid::Shared";
}

impl<T> Shared<T> {
    pub fn new(part: T) -> Shared<T> {
        Shared(Arc::new(part))
    }
}

// A derived implementation would require `T: Clone`, but the part is not copied.
impl<T> Clone for Shared<T> {
    fn clone(&self) -> Shared<T> {
        Shared(self.0.clone())
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Shared::NAME, &*self.0)
    }
}

/// The parts created for a page so far.
#[derive(Default)]
pub struct Made {
    pub claims: Kept<Id<Claim>, ClaimLine>,
    pub positions: Kept<(Id<Claim>, usize), PositionView>,
    pub docs: Kept<Doc, Link>,
}

/// Parts by their keys. Behind a mutex, because many threads create the print page; all other pages
/// have one thread.
pub struct Kept<K, T>(Mutex<HashMap<K, Shared<T>, FixedState>>);

impl<K: Eq + Hash, T> Kept<K, T> {
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

impl<K, T> Default for Kept<K, T> {
    fn default() -> Self {
        Kept(Mutex::default())
    }
}

/// The links to actors on the pages of one folder: a page has dozens of them, and they repeat on
/// every page.
#[derive(Clone)]
pub struct Faces(Arc<[OnceLock<Shared<ActorLink>>]>);

impl Faces {
    pub fn new(site: &Site) -> Faces {
        Faces(site.actors().ids().map(|_| OnceLock::new()).collect())
    }

    pub fn get(&self, id: Id<Actor>, make: impl FnOnce() -> ActorLink) -> Shared<ActorLink> {
        let face = self.0[id.index()].get_or_init(|| Shared::new(make()));
        face.clone()
    }
}

/// [`Faces`] by the folder of the pages, with and without hover cards.
#[derive(Default)]
pub struct FacesByFolder(Mutex<HashMap<(Box<str>, bool), Faces, FixedState>>);

impl FacesByFolder {
    /// Returns those for the folder of the page `here`.
    pub fn of(&self, site: &Site, here: &SitePath, has_cards: bool) -> Faces {
        let mut folders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (here.parent().unwrap_or("").into(), has_cards);
        let faces = folders.entry(key).or_insert_with(|| Faces::new(site));
        faces.clone()
    }
}
