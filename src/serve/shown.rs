//! What browsers are shown: a site, and what is said of the newest state of the book.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::compile::{Outputs, Search};
use crate::text::SitePath;

/// The most addresses that one event lists. A browser that hears of more asks for its own page.
const LISTED: usize = 500;

/// One state of what is served. Never changed, only replaced.
pub(super) struct Shown {
    /// Counts the states, from 1.
    pub number: u64,
    /// The last site that was made without an error.
    pub site: Arc<Outputs>,
    /// The index of its search page, which is made when a browser first asks for it.
    pub search: Option<Search>,
    /// Diagnostics of the newest state of the book, as [`report::overlay`](crate::report::overlay)
    /// writes them.
    pub faults: Arc<str>,
    pub changes: Changes,
}

/// What differs from the state before.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(super) struct Changes {
    /// Addresses of pages and files that are new or different.
    pub changed: Vec<String>,
    /// Addresses at which nothing is any more.
    pub gone: Vec<String>,
    /// There are more than are listed.
    pub many: bool,
    /// The address of the page that was edited, and the place in it, for browsers that follow.
    pub follow: Option<String>,
}

impl Changes {
    /// What differs between two sites.
    pub fn between(before: &Outputs, after: &Outputs) -> Changes {
        let mut changes = Changes::default();
        let mut old = before.iter().peekable();
        for (path, bytes) in after {
            while let Some((gone, _)) = old.next_if(|(old, _)| *old < path) {
                changes.gone.push(gone.to_string());
            }
            // What was not made anew is the same allocation.
            let is_same = old
                .next_if(|(old, _)| *old == path)
                .is_some_and(|(_, old)| Arc::ptr_eq(old, bytes) || old == bytes);
            if !is_same {
                changes.changed.push(path.to_string());
            }
        }
        changes.gone.extend(old.map(|(path, _)| path.to_string()));
        changes
    }

    pub fn len(&self) -> usize {
        self.changed.len() + self.gone.len()
    }

    /// The same, short enough to be sent to every browser.
    pub fn shortened(mut self) -> Changes {
        if self.len() > LISTED {
            self.changed.clear();
            self.gone.clear();
            self.many = true;
        }
        self
    }

    /// Says which page to follow: the first of the files that has a page which differs, at the
    /// place where it does.
    pub fn following(
        mut self,
        files: &[SitePath],
        documents: &BTreeMap<SitePath, SitePath>,
        before: &Outputs,
        after: &Outputs,
    ) -> Changes {
        let mut pages = files.iter().filter_map(|file| documents.get(file));
        self.follow = pages.find_map(|page| {
            let new = after.get(page)?;
            let old = before.get(page).map_or(&[][..], |old| old);
            (old != &**new).then(|| match anchor(old, new) {
                Some(id) => format!("{}#{id}", page.address()),
                None => page.address(),
            })
        });
        self
    }
}

/// The id of the element in which, or behind which, the first difference stands.
fn anchor<'a>(old: &[u8], new: &'a [u8]) -> Option<&'a str> {
    let differs = old.iter().zip(new).position(|(old, new)| old != new);
    let at = differs.unwrap_or(old.len().min(new.len()));
    let main = memchr::memmem::find(new, b"<main")?;
    let before = new.get(main..at)?;
    let start = memchr::memmem::rfind(before, b" id=\"")? + 5;
    let id = new.get(main + start..)?;
    let end = memchr::memchr(b'"', id)?;
    std::str::from_utf8(&id[..end]).ok()
}
