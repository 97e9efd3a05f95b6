//! The state that browsers see: a site, and the diagnostics of the newest state of the book.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::compile::{Outputs, Search};
use crate::text::SitePath;

/// The maximum number of addresses in one event. If there are more, a browser fetches its own page.
const LISTED: usize = 500;

/// A snapshot of the served state. It is never changed, only replaced.
pub(super) struct Snapshot {
    /// The number of the snapshot, from 1.
    pub number: u64,
    /// The last site without errors.
    pub site: Arc<Outputs>,
    /// The index of its search page, which is built on the first request.
    pub search: Option<Search>,
    /// The diagnostics of the newest state of the book, in the format of
    /// [`report::overlay`](crate::report::overlay).
    pub faults: Arc<str>,
    pub changes: Changes,
}

/// The differences from the previous snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub(super) struct Changes {
    /// Addresses of new and changed pages and files.
    pub changed: Vec<String>,
    /// Addresses that were removed.
    pub gone: Vec<String>,
    /// True if there are more than are listed.
    pub many: bool,
    /// The address of the edited page, with the anchor of the change, for `--follow`.
    pub follow: Option<String>,
}

impl Changes {
    /// Returns the differences between two sites.
    pub fn between(before: &Outputs, after: &Outputs) -> Changes {
        let mut changes = Changes::default();
        let mut old = before.iter().peekable();
        for (path, bytes) in after {
            while let Some((gone, _)) = old.next_if(|(old, _)| *old < path) {
                changes.gone.push(gone.to_string());
            }
            // Content that was not built again is the same allocation.
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

    /// Returns the differences, shortened for an event.
    pub fn shortened(mut self) -> Changes {
        if self.len() > LISTED {
            self.changed.clear();
            self.gone.clear();
            self.many = true;
        }
        self
    }

    /// Sets the page to follow: the first of the files whose page has changed, at the change.
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

/// Returns the id of the element that contains or precedes the first difference.
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
