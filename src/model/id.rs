//! Typed indices into arenas: an `Id<Actor>` cannot be used as an `Id<Claim>`.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The index of a `T` in its [`Arena`]. Only `link` creates them, by [`Arena::admit`].
pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

/// All `T`s of a site, in a fixed order.
#[derive(Debug, Clone, PartialEq)]
pub struct Arena<T> {
    items: Vec<T>,
}

impl<T> Arena<T> {
    pub fn new() -> Arena<T> {
        Arena { items: Vec::new() }
    }

    /// Adds `item` and returns its id. Only `link` calls it, which a test checks.
    pub fn admit(&mut self, item: T) -> Id<T> {
        self.items.push(item);
        Id {
            index: self.items.len() as u32 - 1,
            of: PhantomData,
        }
    }

    pub fn get_mut(&mut self, id: Id<T>) -> &mut T {
        &mut self.items[id.index as usize]
    }

    /// Returns the ids that items have after [`Arena::keep`]; `None` for a removed item.
    pub fn numbers(kept: &[bool]) -> Vec<Option<Id<T>>> {
        let mut next = 0;
        let ids = kept.iter().map(|is_kept| {
            let index = next;
            next += u32::from(*is_kept);
            is_kept.then_some(Id {
                index,
                of: PhantomData,
            })
        });
        ids.collect()
    }

    /// Drops each item for which `kept` is false. Earlier ids are then invalid.
    pub fn keep(&mut self, kept: &[bool]) {
        let mut kept = kept.iter();
        self.items.retain(|_| kept.next().copied().unwrap_or(true));
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Id<T>, &T)> {
        self.items.iter().enumerate().map(|(index, item)| {
            (
                Id {
                    index: index as u32,
                    of: PhantomData,
                },
                item,
            )
        })
    }

    pub fn ids(&self) -> impl ExactSizeIterator<Item = Id<T>> + use<T> {
        (0..self.items.len() as u32).map(|index| Id {
            index,
            of: PhantomData,
        })
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena::new()
    }
}

impl<T> std::ops::Index<Id<T>> for Arena<T> {
    type Output = T;
    fn index(&self, id: Id<T>) -> &T {
        &self.items[id.index as usize]
    }
}

impl<T> Id<T> {
    /// Returns its index in the arena, from 0.
    pub fn index(self) -> usize {
        self.index as usize
    }
}

// A derived implementation would require the same of `T`, which the id does not contain.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}
