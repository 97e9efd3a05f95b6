//! The table of contents: the entries of `SUMMARY.md`, and the page of each chapter.

use super::Linker;
use crate::model::{Chapter, Listed};
use crate::parse::summary::Entry;
use crate::text::SitePath;

/// Returns the page of a file below the source folder. If the book says so, a `README.md` is the
/// index of its folder.
pub fn address_of(below: &SitePath, readme_is_index: bool) -> SitePath {
    let page = below.with_extension("html");
    if readme_is_index && below.stem().eq_ignore_ascii_case("readme") {
        page.sibling("index.html").unwrap_or(page)
    } else {
        page
    }
}

impl Linker<'_> {
    /// Completes the table of contents; in a plain book its titles are those of the pages.
    pub fn contents(&mut self) {
        let Some((summary, entries)) = &self.book.contents else {
            return;
        };
        let found: std::collections::BTreeMap<_, _> = self
            .parts
            .briefings
            .iter()
            .map(|(id, briefing)| (briefing.file.clone(), id))
            .collect();
        for entry in *entries {
            let listed = match entry {
                Entry::Part(title) => Listed::Part(title.clone()),
                Entry::Separator => Listed::Separator,
                Entry::Chapter {
                    title,
                    path,
                    number,
                } => {
                    let file = path
                        .as_ref()
                        .and_then(|(path, _)| summary.sibling(path).ok());
                    let file = file.map(|file| self.spellings.of(file));
                    let briefing = file.and_then(|file| found.get(&file).copied());
                    if let Some(id) = briefing
                        && self.book.dialect == crate::model::Dialect::Plain
                    {
                        self.parts.briefings.get_mut(id).title = title.clone();
                    }
                    Listed::Chapter(Chapter {
                        title: title.clone(),
                        number: number.clone(),
                        briefing,
                    })
                }
            };
            self.parts.contents.push(listed);
        }
    }
}
