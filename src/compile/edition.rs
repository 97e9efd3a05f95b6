//! The compilation of a book to a site.
//!
//! In order: configuration, files by role, drafts, site, standings, checks; then views and pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::cache::{Fingerprint, Memo};
use super::leaks::Words;
use super::named::{self, Names};
use super::read_drafts::read_drafts;
use super::shelf::{self, Shelf};
use super::withheld::Redacted;
use super::withheld_replies;
use super::{
    Build, Cache, Inputs, Outputs, Search, Step, ceiling, chapters, fixed, hosts, neighbors, order,
    rework, strays, theme_files, withheld,
};
use crate::card::Fonts;
use crate::config::{Config, Neighbor, RawHtml};
use crate::diag::{Code, Diagnostic, Level};
use crate::html::Highlighter;
use crate::index::Facts;
use crate::index::routes;
use crate::model::{Dialect, Site};
use crate::page::{self, ActorLinksByFolder, Page};
use crate::parse::bibliography::{self, RawBibliography};
use crate::parse::inventory::Inventory;
use crate::parse::{self, Draft, Front, Reading};
use crate::text::{SitePath, SourceMap};
use crate::theme::{self, Theme};
use crate::{check, derive, diag, export, link, search, share};

/// Receives the files of a site: an address relative to the output folder, and the bytes.
pub type Sink<'a> = &'a (dyn Fn(SitePath, Arc<[u8]>) + Sync);

/// Returns true if a file with a content hash in its address exists and can be reused.
pub type IsPresent<'a> = &'a (dyn Fn(&SitePath) -> bool + Sync);

/// A book that was read, linked and checked, but whose pages are not rendered yet.
///
/// All diagnostics of the text are known here, so a site that will not be published need not be
/// rendered. Pages can be written one by one, so a large site need never be in memory as a whole.
pub struct Edition<'a> {
    inputs: &'a Inputs,
    cache: &'a mut Cache,
    pub(super) config: Config,
    pub(super) shelf: Shelf,
    pub(super) site: Site,
    pub(super) facts: Facts,
    reading: Reading,
    composed: BTreeMap<SitePath, SourceMap>,
    asked: check::Options,
    /// The codes that files turn off in their front matter.
    silenced: BTreeMap<SitePath, Vec<Code>>,
    pub(super) diagnostics: Vec<Diagnostic>,
    fonts: Option<Fonts>,
    is_present: IsPresent<'a>,
    /// Words that no file of the site can contain.
    pub(super) withheld: Words,
    redacted: Redacted,
}

/// Intermediate results of a build, kept for the next one.
pub(super) struct Known {
    pub reading: Reading,
    pub shelf: Shelf,
    /// The source maps of texts that contain other files.
    pub composed: BTreeMap<SitePath, SourceMap>,
    /// The files of the site that are not pages.
    pub files: Outputs,
    /// Those whose published names differ from the names in pages.
    pub names: Names,
    pub site: Site,
    pub facts: Facts,
    pub theme: Theme,
    pub asked: check::Options,
    /// The fonts of cards, if the book has cards.
    pub fonts: Option<Fonts>,
}

impl Known {
    /// Drops everything else.
    fn into_files(self) -> Outputs {
        self.files
    }

    /// Returns the input of all pages.
    pub fn book<'k>(
        &'k self,
        config: &'k Config,
        inputs: &Inputs,
        highlighter: &'k Highlighter,
    ) -> page::Book<'k> {
        page::Book {
            site: &self.site,
            config,
            facts: &self.facts,
            raw_html: raw_html(inputs, config),
            highlighter,
            sizes: &self.shelf.sizes,
            styles: &self.shelf.styles,
            scripts: &self.shelf.scripts,
            names: &self.names,
            fixed: &self.shelf.fixed,
            titles: &self.shelf.titles,
            fonts: self.fonts.as_ref(),
            links: ActorLinksByFolder::default(),
        }
    }

    /// True if the book has a search page.
    pub fn has_search(&self, config: &Config) -> bool {
        let is_ours = self.site.dialect() == Dialect::Annotated || !self.facts.is_search_taken;
        config.search && is_ours
    }

    /// Returns the search index, which is built on first use.
    pub fn search(&self, config: &Config, inputs: &Inputs, cache: &Cache) -> Option<Search> {
        let book = self.book(config, inputs, &cache.highlighter);
        self.has_search(config).then(|| Search::new(&book))
    }
}

impl<'a> Edition<'a> {
    /// Reads, links and checks a book.
    pub(super) fn new(
        inputs: &'a Inputs,
        cache: &'a mut Cache,
        begins: &mut dyn FnMut(Step),
    ) -> Edition<'a> {
        begins(Step::Sort);
        let mut diagnostics = Vec::new();
        let mut config = config(inputs, &mut diagnostics);
        if inputs.options.at_root {
            config.site_url = Some("/".to_owned());
        }
        diagnostics.extend(ceiling::settle(inputs, &mut config));
        let mut shelf = shelf::sort(inputs, &config);
        let is_vault = shelf::is_vault(inputs, &config);
        match shelf.dialect {
            // Code in briefings cannot be run.
            Dialect::Annotated => {
                config.listings.wrap_rust_main = false;
                if is_vault {
                    chapters::relax_levels_of_notes(&mut config);
                }
            }
            Dialect::Plain => chapters::relax_levels(&mut config),
        }
        diagnostics.append(&mut shelf.diagnostics);
        diagnostics.extend(chapters::unused_theme(inputs, &config));
        diagnostics.extend(rework::diagnostics(
            &config,
            inputs.options.rework.as_deref(),
        ));
        begins(Step::Parse);
        let documents = std::mem::take(&mut shelf.documents);
        let maps = documents.iter().map(|document| document.text.map());
        let composed = maps
            .filter(|map| !map.is_identity())
            .map(|map| (map.file().clone(), map.clone()))
            .collect();
        let reading = reading(&config, shelf.dialect, is_vault);
        let (mut drafts, left) = read_drafts(inputs, &config, reading, documents, cache);
        let mut bibliographies: Vec<RawBibliography> = shelf
            .bibliographies
            .iter()
            .map(bibliography::read)
            .collect();
        diagnostics.extend(ceiling::missing(&drafts, &bibliographies, &config));
        let book = withheld::Book {
            drafts: &mut drafts,
            unpublished: left,
            bibliographies: &mut bibliographies,
            shelf: &mut shelf,
        };
        let whole = config.tlp.map(|_| book.drafts.clone());
        let mut withheld = withheld::take(book, config.tlp, reading);
        let is_redacted = !withheld.diagnostics.is_empty();
        diagnostics.append(&mut withheld.diagnostics);
        if shelf.dialect == Dialect::Annotated {
            diagnostics.extend(strays::unreferenced(&drafts, &shelf, &config));
        }
        let redacted = std::mem::take(&mut withheld.redacted);
        let mut unpublished = redacted.files.clone();
        unpublished.append(&mut shelf.unlisted);
        let mut ordered: Vec<&Draft> = drafts.iter().map(Arc::as_ref).collect();
        order::drafts(&shelf, &mut ordered, &mut diagnostics);
        diagnostics.extend(
            drafts
                .iter()
                .flat_map(|draft| draft.diagnostics.iter().cloned()),
        );
        for text in &shelf.bibliographies {
            parse::deceptive::check_names(text, &mut diagnostics);
        }
        diagnostics.extend(
            bibliographies
                .iter()
                .flat_map(|read| read.diagnostics.iter().cloned()),
        );
        let sites: Vec<Inventory> = config
            .sites
            .iter()
            .map(|(name, neighbor)| {
                let bytes = inputs.files.get(&Neighbor::file(name));
                neighbors::inventory(name, neighbor, bytes.map(|bytes| &**bytes))
            })
            .collect();
        diagnostics.extend(
            sites
                .iter()
                .flat_map(|site| site.diagnostics.iter().cloned()),
        );
        begins(Step::Link);
        let briefings = ordered
            .iter()
            .filter(|draft| matches!(draft.front, Front::Briefing(_)))
            .count();
        let mut linked = link::Book {
            drafts: &ordered,
            bibliographies: &bibliographies,
            sites: &sites,
            source: shelf.source.clone(),
            files: shelf.copied.keys().cloned().collect(),
            unpublished,
            withheld: withheld.names,
            pages: routes::tool_pages(shelf.dialect, &config, briefings),
            autolink: config.autolink,
            language: &config.language,
            is_vault,
            dialect: shelf.dialect,
            contents: shelf.summary.clone().map(|path| (path, &shelf.entries[..])),
            not_found: shelf.not_found.clone(),
            readme_is_index: config.readme_is_index,
            shows_html: raw_html(inputs, &config) == RawHtml::Escape,
        };
        let as_of = inputs.options.as_of;
        let as_of = as_of.or(config.as_of.map(|date| date.last_day()));
        let at = |site: Site| match as_of {
            Some(day) => link::as_of(site, day),
            None => site,
        };
        let (site, said) = link::site(&linked);
        let mut site = at(site);
        diagnostics.extend(said);
        if let (Some(whole), true) = (&whole, is_redacted) {
            let mut whole: Vec<&Draft> = whole.iter().map(Arc::as_ref).collect();
            order::drafts(&shelf, &mut whole, &mut Vec::new());
            linked.drafts = &whole;
            let full = at(link::site(&linked).0);
            let setting = config.withheld_reply;
            diagnostics.extend(withheld_replies::check(&mut site, &full, setting));
        }
        let silenced = drafts
            .iter()
            .filter(|draft| !draft.common.allowed.is_empty())
            .map(|draft| (draft.file().clone(), draft.common.allowed.clone()))
            .collect();
        // Dropped here, because the drafts of a large book take more memory than everything made
        // from them.
        drop((drafts, whole));
        begins(Step::Derive);
        let standings = derive::standings(&site);
        begins(Step::Check);
        let asked = check::Options {
            unmarked_names: config.level(Code::UnmarkedName) != Level::Allow,
            is_redacted,
        };
        if !withheld.words.is_empty() {
            withheld.words.allow(&site);
        }
        let is_annotated = shelf.dialect == Dialect::Annotated;
        if is_annotated {
            diagnostics.extend(check::site(&site, &standings, &asked));
        }
        for (name, _) in theme_files::of(&config) {
            if is_annotated && shelf.copied.contains_key(&fixed(name)) {
                diagnostics.push(theme_files::taken(&shelf.source, name));
            }
        }
        begins(Step::Derive);
        // Previews need absolute URLs of images.
        let has_cards = is_annotated && config.cards && config.whole_site_url().is_some();
        Edition {
            fonts: has_cards.then(|| Fonts::new(&shelf.fonts)).flatten(),
            is_present: &|_| false,
            facts: Facts::new(&site, standings),
            inputs,
            cache,
            config,
            shelf,
            site,
            reading,
            composed,
            asked,
            silenced,
            diagnostics,
            withheld: withheld.words,
            redacted,
        }
    }
}

impl<'a> Edition<'a> {
    /// Returns what is not as its author wrote it, for those who pass texts on.
    pub fn redacted(&self) -> &Redacted {
        &self.redacted
    }

    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Returns the linked book.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Returns the diagnostics that are known before pages are rendered. Like
    /// [`Build::diagnostics`]: sorted, with the levels of the book, without duplicates.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.levelled(self.diagnostics.clone())
    }

    /// Skips cards for which `kept` returns true.
    pub fn keeping(mut self, kept: IsPresent<'a>) -> Self {
        self.is_present = kept;
        self
    }

    /// Renders the site and passes every file to `take` immediately, from many threads and in no
    /// particular order. No address occurs twice, unless the diagnostics report it. The outputs of
    /// the build are empty.
    pub fn print(mut self, take: Sink<'_>) -> Build {
        let (inputs, highlighter) = (self.inputs, Highlighter::default());
        let watch = self.watch();
        let take: Sink<'_> = &|address: SitePath, bytes: Arc<[u8]>| {
            watch.look(&address, &bytes);
            take(address, bytes);
        };
        let (mut build, known) = self.printed(take, &mut |_| {});
        let found = known.has_search(&build.config).then(|| {
            let book = known.book(&build.config, inputs, &highlighter);
            search::read(&book)
        });
        // Drops the intermediate results, which are large for a large book.
        let files = known.into_files();
        if let Some(found) = found {
            found.files(&mut |address, bytes| {
                if !files.contains_key(&address) {
                    take(address, bytes);
                }
            });
        }
        watch.tell(&mut build.diagnostics);
        build
    }

    /// Renders the site, and returns the intermediate results.
    pub(super) fn printed(
        mut self,
        take: Sink<'_>,
        begins: &mut dyn FnMut(Step),
    ) -> (Build, Known) {
        begins(Step::Print);
        let mut files = std::mem::take(&mut self.shelf.own_static);
        files.append(&mut self.shelf.copied);
        for (name, text) in theme_files::of(&self.config) {
            let address = fixed(name);
            // A copy without changes equals the theme's file.
            if files
                .get(&address)
                .is_none_or(|own| **own == *text.as_bytes())
            {
                files.insert(address, theme::published(name, text).into_bytes().into());
            }
        }
        let (theme, unread) = Theme::new(&self.shelf.templates);
        let names = if self.inputs.options.at_root {
            Names::new()
        } else {
            let names = self.named(&mut files);
            let cards = self.fonts.iter().map(|_| "cards/*".to_owned());
            let lasting: Vec<String> = names.values().map(SitePath::address).chain(cards).collect();
            hosts::add(
                &mut files,
                &self.config,
                self.shelf.dialect,
                &lasting,
                theme.policy(),
            );
            names
        };
        let made = self.pages(&theme, &names, &|address, bytes| {
            // A file of the author takes precedence, like a template.
            if !files.contains_key(&address) {
                take(address, bytes);
            }
        });
        let (made, diagnostics) = self.told(unread, made);
        files
            .par_iter()
            .for_each(|(address, bytes)| take(address.clone(), bytes.clone()));
        begins(Step::Report);
        let build = self.built(made, diagnostics);
        let known = Known {
            reading: self.reading,
            composed: self.composed,
            files,
            names,
            shelf: self.shelf,
            site: self.site,
            facts: self.facts,
            theme,
            asked: self.asked,
            fonts: self.fonts,
        };
        (build, known)
    }

    /// Adds content hashes to the names of files that pages load, if the book is configured so.
    fn named(&self, files: &mut Outputs) -> Names {
        if !self.config.hash_files {
            return Names::new();
        }
        let own = self.shelf.styles.iter().chain(&self.shelf.scripts);
        let of_theme = theme::LOADED.map(fixed);
        // If the whole book is its text folder, a text can link to any file of it.
        let keeps = |path: &SitePath| self.shelf.source.is_root() && !of_theme.contains(path);
        named::by_content(files, own.chain(&of_theme), keeps)
    }

    /// True if it is a plain mdBook book, which has no claims.
    pub fn is_plain(&self) -> bool {
        self.shelf.dialect == Dialect::Plain
    }

    /// True if the book exceeds a limit: its pages would take minutes and are not published.
    pub(super) fn is_too_large(&self) -> bool {
        self.site.is_beyond_limits()
    }

    /// Returns the input of all pages.
    pub(super) fn book<'b>(&'b self, names: &'b Names) -> page::Book<'b> {
        page::Book {
            site: &self.site,
            config: &self.config,
            facts: &self.facts,
            raw_html: raw_html(self.inputs, &self.config),
            highlighter: &self.cache.highlighter,
            sizes: &self.shelf.sizes,
            styles: &self.shelf.styles,
            scripts: &self.shelf.scripts,
            names,
            fixed: &self.shelf.fixed,
            titles: &self.shelf.titles,
            fonts: self.fonts.as_ref(),
            links: ActorLinksByFolder::default(),
        }
    }

    /// Renders the pages.
    fn pages(&mut self, theme: &Theme, names: &Names, take: Sink<'_>) -> page::Made {
        if self.is_too_large() {
            return page::Made::default();
        }
        if self.cache.templates != self.shelf.templates {
            self.cache.templates = self.shelf.templates.clone();
            self.cache.pages = Memo::default();
        }
        let cache = &*self.cache;
        let render = |page: &Page| theme.render(page).map_err(|said| Arc::new(*said));
        let book = self.book(names);
        let made = page::each(&book, &|page| {
            if let Some((card, fonts)) = page.card.as_ref().zip(book.fonts) {
                let address = card.address(fonts);
                if !(self.is_present)(&address) {
                    let draw = || card.draw(fonts);
                    let bytes = if cache.is_for_one_run {
                        draw()
                    } else {
                        cache.cards.get(address.clone(), (), |()| draw())
                    };
                    take(address, bytes);
                }
            }
            let address = page.address.clone();
            let rendered = if cache.is_for_one_run {
                render(&page)
            } else {
                let fingerprint = Fingerprint::of(&page);
                cache
                    .pages
                    .get(address.clone(), fingerprint, |_| render(&page))
            };
            match rendered {
                Ok(bytes) => {
                    take(address, bytes);
                    None
                }
                Err(said) => Some((*said).clone()),
            }
        });
        share::each(&book, &|address, bytes| take(address, bytes.into()));
        if !self.inputs.options.at_root && self.shelf.dialect == Dialect::Annotated {
            let (address, bytes) = share::inventory(&book);
            take(address, bytes.into());
        }
        let formats = match self.shelf.dialect {
            Dialect::Annotated => self.config.exports.as_slice(),
            Dialect::Plain => &[],
        };
        for (path, bytes) in export::files(&self.exported(), formats) {
            take(page::export_address(&path), bytes.into());
        }
        self.cache.pages.turn();
        self.cache.cards.turn();
        self.cache.highlighter.turn();
        made
    }

    /// Applies the levels of documents and of the book, sorts, and removes duplicates. A problem in
    /// embedded text is reported for the note that it comes from.
    pub(super) fn levelled(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let is_heard = |diagnostic: &Diagnostic| {
            let codes = self.silenced.get(diagnostic.place.document());
            let is_silenced = codes.is_some_and(|codes| codes.contains(&diagnostic.code));
            diagnostic.code.is_final() || !is_silenced && !diagnostic.place.is_embedded()
        };
        let heard = diagnostics.into_iter().filter(is_heard).collect();
        diag::sorted(crate::config::apply_levels(&self.config, heard))
    }
}

pub(super) fn config(inputs: &Inputs, diagnostics: &mut Vec<Diagnostic>) -> Config {
    let path = fixed("book.toml");
    let bytes = inputs.files.get(&path).map_or(&[][..], AsRef::as_ref);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let overrides = &inputs.options.overrides;
            let (config, said) = crate::config::read_over(&path, text, overrides);
            diagnostics.extend(said);
            config
        }
        Err(error) => {
            diagnostics.push(shelf::not_utf8(&path, error.valid_up_to()));
            Config::default()
        }
    }
}

/// Returns the settings that parsing depends on.
fn reading(config: &Config, dialect: Dialect, is_vault: bool) -> Reading {
    Reading {
        dialect,
        annotated: dialect == Dialect::Annotated,
        wikilinks: config.wikilinks,
        smart_punctuation: config.smart_punctuation,
        definition_lists: config.definition_lists,
        alerts: config.admonitions,
        is_vault,
    }
}

pub(super) fn raw_html(inputs: &Inputs, config: &Config) -> RawHtml {
    inputs.options.raw_html.unwrap_or(config.raw_html)
}
