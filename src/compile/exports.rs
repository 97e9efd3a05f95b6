//! The record of a book as data, and the watch over all that leaves the house.

use super::edition::Edition;
use super::leaks::Watch;
use crate::config::Export;
use crate::diag::Diagnostic;
use crate::{export, page};

impl Edition<'_> {
    /// The watch over what is published: everything that is made has to pass it.
    pub(super) fn watch(&mut self) -> Watch {
        let watch = Watch::new(std::mem::take(&mut self.withheld));
        if watch.is_on() {
            for (path, bytes) in export::unpacked(&self.exported(), &self.config.exports) {
                watch.look(&page::export_address(&path), &bytes);
            }
        }
        watch
    }

    /// The files of one data format by their paths, the main one first; or what is withheld and
    /// would be in them.
    ///
    /// # Errors
    /// Words of what is above the ceiling.
    pub fn export(&mut self, format: Export) -> Result<Vec<export::File>, Vec<Diagnostic>> {
        let watch = Watch::new(std::mem::take(&mut self.withheld));
        let files = export::files(&self.exported(), &[format]);
        if watch.is_on() {
            let unpacked = export::unpacked(&self.exported(), &[format]);
            for (path, bytes) in unpacked.iter().chain(&files) {
                watch.look(path, bytes);
            }
        }
        let mut leaks = Vec::new();
        watch.tell(&mut leaks);
        match leaks.is_empty() {
            true => Ok(files),
            false => Err(leaks),
        }
    }

    pub(super) fn exported(&self) -> export::Book<'_> {
        export::Book {
            site: &self.site,
            config: &self.config,
            facts: &self.facts,
        }
    }
}
