//! Parts that a page shows in several places, created once.
//!
//! A claim is in its notes, in the table of claims and in the matrix; its positions are in a list,
//! a timeline and a reply. All places share the same part, and its value for templates is created
//! once per page.

use std::hash::Hash;
use std::ops::Deref;
use std::sync::Arc;

use serde::Serialize;

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
