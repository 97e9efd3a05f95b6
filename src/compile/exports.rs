//! Exports, and the leak check of everything that is published.

use super::compilation::Compilation;
use super::leak_check::Watch;
use crate::config::Export;
use crate::diag::Diagnostic;
use crate::{export, page};

impl Compilation<'_> {
    /// Returns the leak check, which every published file must pass.
    pub(super) fn watch(&mut self) -> Watch {
        let watch = Watch::new(std::mem::take(&mut self.withheld));
        if watch.is_on() {
            for (path, bytes) in export::unpacked(&self.exported(), &self.config.exports) {
                watch.look(&page::export_address(&path), &bytes);
            }
        }
        watch
    }

    /// Returns the files of one export format, the main one first; or the withheld words that they
    /// would contain.
    ///
    /// # Errors
    /// Returns diagnostics if the files contain words above the TLP level.
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
        if leaks.is_empty() {
            Ok(files)
        } else {
            Err(leaks)
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
