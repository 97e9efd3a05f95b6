//! Links the documents of a book into a site.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Inputs, inventories, order, redact, settings, withheld_replies};
use crate::config::{Config, Neighbor, RawHtml};
use crate::diag::Diagnostic;
use crate::index::routes;
use crate::link;
use crate::model::Site;
use crate::parse::inventory::Inventory;
use crate::parse::{Draft, Front};
use crate::text::SitePath;

/// The input of linking.
pub struct Linking<'l> {
    pub inputs: &'l Inputs,
    pub config: &'l Config,
    pub book: &'l redact::Book,
    /// Files that texts cannot link to.
    pub unpublished: Vec<SitePath>,
    /// The folded names of what is withheld.
    pub names: BTreeSet<String>,
}

impl Linking<'_> {
    /// Links the book, as of the day of the record. If `whole` has the drafts before redaction,
    /// replies that were withheld are reported or announced.
    pub fn site(self, whole: Option<&[Arc<Draft>]>, diagnostics: &mut Vec<Diagnostic>) -> Site {
        let (config, contents) = (self.config, &self.book.contents);
        let sites = read_inventories(self.inputs, config);
        diagnostics.extend(sites.iter().flat_map(|site| &site.diagnostics).cloned());
        let ordered = order::drafts(contents, &self.book.drafts, diagnostics);
        let briefings = ordered
            .iter()
            .filter(|draft| matches!(draft.front, Front::Briefing(_)))
            .count();
        let mut book = link::Book {
            drafts: &ordered,
            bibliographies: &self.book.bibliographies,
            sites: &sites,
            source: contents.source.clone(),
            files: self.book.assets.copied.keys().cloned().collect(),
            unpublished: self.unpublished,
            withheld: self.names,
            pages: routes::tool_pages(contents.dialect, config, briefings),
            autolink: config.autolink,
            language: &config.language,
            is_vault: settings::is_vault(self.inputs, config),
            dialect: contents.dialect,
            contents: contents
                .summary
                .clone()
                .map(|path| (path, &contents.entries[..])),
            not_found: contents.not_found.clone(),
            readme_is_index: config.readme_is_index,
            shows_html: settings::raw_html(self.inputs, config) == RawHtml::Escape,
        };
        let day = self.inputs.options.as_of;
        let day = day.or(config.as_of.map(|date| date.last_day()));
        let as_of = |site: Site| match day {
            Some(day) => link::as_of(site, day),
            None => site,
        };
        let (site, found) = link::site(&book);
        let mut site = as_of(site);
        diagnostics.extend(found);
        if let Some(whole) = whole {
            let whole = order::drafts(contents, whole, &mut Vec::new());
            book.drafts = &whole;
            let full = as_of(link::site(&book).0);
            let setting = config.withheld_reply;
            diagnostics.extend(withheld_replies::check(&mut site, &full, setting));
        }
        site
    }
}

/// Returns the inventories of the sites that a book mentions.
fn read_inventories(inputs: &Inputs, config: &Config) -> Vec<Inventory> {
    let sites = config.sites.iter().map(|(name, site)| {
        let bytes = inputs.files.get(&Neighbor::file(name));
        inventories::inventory(name, site, bytes.map(|bytes| &**bytes))
    });
    sites.collect()
}
