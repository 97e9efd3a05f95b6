//! Finds the diagnostics of a book, with as few pages as possible.

use super::asset_names::Names;
use super::{Build, Compilation, Counts, Outputs};
use crate::diag::Diagnostic;
use crate::page;
use crate::theme::Theme;

impl Compilation<'_> {
    /// Returns the diagnostics that [`Compilation::render`] would return, and no files.
    ///
    /// Most pages cannot cause a diagnostic, because the book has been checked before. A page is
    /// rendered only if its text has raw HTML, which can be refused, or if the book has its own
    /// template for it, which can fail.
    pub fn examine(mut self) -> Build {
        if !self.withheld.is_empty() {
            // Withheld words are searched in every byte of the site. Cards are not drawn.
            return self.reusing_cards(&|_| true).render(&|_, _| ());
        }
        let (theme, unread) = Theme::new(&self.assets.templates);
        let names = Names::new();
        let made = if self.is_too_large() {
            page::Made::default()
        } else {
            let is_safe = |template: &str| theme.is_default(template);
            page::risky(&self.book(&names), &is_safe, &|page| {
                theme.render(&page).err().map(|said| *said)
            })
        };
        let (made, diagnostics) = self.told(unread, made);
        self.built(made, diagnostics)
    }

    /// Returns all diagnostics, with those of templates and pages, which are moved out of `made`.
    pub(super) fn told(
        &mut self,
        unread: Vec<Diagnostic>,
        mut made: page::Made,
    ) -> (page::Made, Vec<Diagnostic>) {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.extend(unread);
        diagnostics.append(&mut made.diagnostics);
        (made, diagnostics)
    }

    /// Returns the build of these pages, without outputs.
    pub(super) fn built(&self, made: page::Made, diagnostics: Vec<Diagnostic>) -> Build {
        Build {
            diagnostics: self.levelled(diagnostics),
            documents: made.documents,
            outputs: Outputs::new(),
            search: None,
            counts: Counts {
                pages: made.count,
                briefings: self.site.briefings().len(),
                actors: self.site.actors().len().saturating_sub(1),
                claims: self.site.claims().len(),
                sources: self.site.sources().len(),
            },
            config: self.config.clone(),
        }
    }
}
