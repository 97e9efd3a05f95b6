//! The compilation of a book to a site.
//!
//! In order: configuration, files by role, drafts, site, standings, checks; then views and pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::asset_names::{self, Names};
use super::book_files::{Assets, BookFiles, Contents, Document};
use super::cache::{Fingerprint, Memo};
use super::leak_check::Words;
use super::linking::Linking;
use super::read_drafts::read_drafts;
use super::redact::Redacted;
use super::{
    Build, Cache, Inputs, Outputs, Search, Step, ceiling, chapters, fixed, hosts, preprocessed,
    redact, settings, sort, strays, theme_files,
};
use crate::card::Fonts;
use crate::config::Config;
use crate::diag::{Code, Diagnostic, Level};
use crate::html::Highlighter;
use crate::index::Facts;
use crate::model::{Dialect, Site};
use crate::page::{self, ActorLinksByFolder, Page};
use crate::parse::bibliography;
use crate::parse::{self, Draft, Reading};
use crate::text::{SitePath, SourceMap};
use crate::theme::{self, Theme};
use crate::{check, derive, diag, export, search, share};

/// Receives the files of a site: an address relative to the output folder, and the bytes.
pub type Sink<'a> = &'a (dyn Fn(SitePath, Arc<[u8]>) + Sync);

/// Returns true if a file with a content hash in its address exists and can be reused.
pub type IsPresent<'a> = &'a (dyn Fn(&SitePath) -> bool + Sync);

/// A book that was read, linked and checked, but whose pages are not rendered yet.
///
/// All diagnostics of the text are known here, so a site that will not be published need not be
/// rendered. Pages can be written one by one, so a large site need never be in memory as a whole.
pub struct Compilation<'a> {
    inputs: &'a Inputs,
    cache: &'a mut Cache,
    pub(super) config: Config,
    pub(super) contents: Contents,
    pub(super) assets: Assets,
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
pub(super) struct BuildState {
    pub reading: Reading,
    pub contents: Contents,
    pub assets: Assets,
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

impl BuildState {
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
            raw_html: settings::raw_html(inputs, config),
            highlighter,
            sizes: &self.assets.sizes,
            styles: &self.assets.styles,
            scripts: &self.assets.scripts,
            names: &self.names,
            fixed: &self.assets.fixed,
            titles: &self.contents.titles,
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

impl<'a> Compilation<'a> {
    /// Reads, links and checks a book.
    pub(super) fn new(
        inputs: &'a Inputs,
        cache: &'a mut Cache,
        begins: &mut dyn FnMut(Step),
    ) -> Compilation<'a> {
        begins(Step::Sort);
        let mut diagnostics = Vec::new();
        let (config, mut files) = settled(inputs, &mut diagnostics);
        diagnostics.append(&mut files.diagnostics);
        begins(Step::Parse);
        let composed = composed(&files.documents);
        let reading = settings::reading(inputs, &config, files.contents.dialect);
        let book = read(inputs, &config, reading, files, cache, &mut diagnostics);
        diagnostics.extend(ceiling::missing(
            &book.drafts,
            &book.bibliographies,
            &config,
        ));
        // What the edition is compared with: replies can be above the ceiling.
        let whole = config.tlp.map(|_| book.drafts.clone());
        let (mut book, mut withheld) = redact::redact(book, config.tlp, reading);
        let is_redacted = !withheld.diagnostics.is_empty();
        diagnostics.append(&mut withheld.diagnostics);
        let whole = whole.filter(|_| is_redacted);
        report(&book, &config, &mut diagnostics);
        begins(Step::Link);
        let names = std::mem::take(&mut withheld.names);
        let mut unpublished = withheld.redacted.files.clone();
        unpublished.append(&mut book.contents.unlisted);
        let linking = Linking {
            inputs,
            config: &config,
            book: &book,
            unpublished,
            names,
        };
        let site = linking.site(whole.as_deref(), &mut diagnostics);
        let silenced = silenced(&book.drafts);
        let redact::Book {
            drafts,
            contents,
            assets,
            ..
        } = book;
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
        let is_annotated = contents.dialect == Dialect::Annotated;
        if is_annotated {
            diagnostics.extend(check::site(&site, &standings, &asked));
            diagnostics.extend(theme_files::replaced(&config, &contents, &assets));
        }
        begins(Step::Derive);
        // Previews need absolute URLs of images.
        let has_cards = is_annotated && config.cards && config.whole_site_url().is_some();
        Compilation {
            fonts: has_cards.then(|| Fonts::new(&assets.fonts)).flatten(),
            is_present: &|_| false,
            facts: Facts::new(&site, standings),
            inputs,
            cache,
            config,
            contents,
            assets,
            site,
            reading,
            composed,
            asked,
            silenced,
            diagnostics,
            withheld: withheld.words,
            redacted: withheld.redacted,
        }
    }
}

/// Returns the settings of a build, with the levels of its dialect, and the files of the book.
fn settled(inputs: &Inputs, diagnostics: &mut Vec<Diagnostic>) -> (Config, BookFiles) {
    let mut config = settings::config(inputs, diagnostics);
    if inputs.options.at_root {
        config.site_url = Some("/".to_owned());
    }
    diagnostics.extend(ceiling::settle(inputs, &mut config));
    let files = sort::sort(inputs, &config);
    match files.contents.dialect {
        Dialect::Annotated => {
            // Code in briefings cannot be run.
            config.listings.wrap_rust_main = false;
            if settings::is_vault(inputs, &config) {
                chapters::relax_levels_of_notes(&mut config);
            }
        }
        Dialect::Plain => chapters::relax_levels(&mut config),
    }
    diagnostics.extend(chapters::unused_theme(inputs, &config));
    let results = inputs.options.preprocessed.as_deref();
    diagnostics.extend(preprocessed::diagnostics(&config, results));
    (config, files)
}

/// Returns the source maps of the texts that contain other files.
fn composed(documents: &[Document]) -> BTreeMap<SitePath, SourceMap> {
    let maps = documents.iter().map(|document| document.text.map());
    let composed = maps.filter(|map| !map.is_identity());
    composed
        .map(|map| (map.file().clone(), map.clone()))
        .collect()
}

/// Reads the documents and bibliographies of a book.
fn read(
    inputs: &Inputs,
    config: &Config,
    reading: Reading,
    files: BookFiles,
    cache: &mut Cache,
    diagnostics: &mut Vec<Diagnostic>,
) -> redact::Book {
    let (drafts, unpublished) = read_drafts(inputs, config, reading, files.documents, cache);
    for text in &files.bibliographies {
        parse::deceptive::check_names(text, diagnostics);
    }
    let bibliographies = files.bibliographies.iter().map(bibliography::read);
    redact::Book {
        drafts,
        unpublished,
        bibliographies: bibliographies.collect(),
        contents: files.contents,
        assets: files.assets,
    }
}

/// Reports what was found in the texts of a book.
fn report(book: &redact::Book, config: &Config, diagnostics: &mut Vec<Diagnostic>) {
    if book.contents.dialect == Dialect::Annotated {
        let (source, assets) = (&book.contents.source, &book.assets);
        let unreferenced = strays::unreferenced(&book.drafts, (source, assets), config);
        diagnostics.extend(unreferenced);
    }
    let drafts = book.drafts.iter().flat_map(|draft| &draft.diagnostics);
    let entries = book.bibliographies.iter().flat_map(|it| &it.diagnostics);
    diagnostics.extend(drafts.chain(entries).cloned());
}

/// Returns the codes that files turn off in their front matter.
fn silenced(drafts: &[Arc<Draft>]) -> BTreeMap<SitePath, Vec<Code>> {
    let silent = drafts
        .iter()
        .filter(|draft| !draft.common.allowed.is_empty());
    silent
        .map(|draft| (draft.file().clone(), draft.common.allowed.clone()))
        .collect()
}

impl<'a> Compilation<'a> {
    /// Returns what is not as its author wrote it, for those who pass texts on.
    pub fn redacted(&self) -> &Redacted {
        &self.redacted
    }

    /// Returns the configuration: `book.toml`, overridden by the environment and by `--tlp`.
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
    pub fn reusing_cards(mut self, kept: IsPresent<'a>) -> Self {
        self.is_present = kept;
        self
    }

    /// Renders the site and passes every file to `take` immediately, from many threads and in no
    /// particular order. No address occurs twice, unless the diagnostics report it. The outputs of
    /// the build are empty.
    pub fn render(mut self, take: Sink<'_>) -> Build {
        let (inputs, highlighter) = (self.inputs, Highlighter::default());
        let watch = self.watch();
        let take: Sink<'_> = &|address: SitePath, bytes: Arc<[u8]>| {
            watch.look(&address, &bytes);
            take(address, bytes);
        };
        let (mut build, known) = self.rendered(take, &mut |_| {});
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
    pub(super) fn rendered(
        mut self,
        take: Sink<'_>,
        begins: &mut dyn FnMut(Step),
    ) -> (Build, BuildState) {
        begins(Step::Render);
        let mut files = std::mem::take(&mut self.assets.own_static);
        files.append(&mut self.assets.copied);
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
        let (theme, unread) = Theme::new(&self.assets.templates);
        let names = if self.inputs.options.at_root {
            Names::new()
        } else {
            let names = self.named(&mut files);
            let cards = self.fonts.iter().map(|_| "cards/*".to_owned());
            let lasting: Vec<String> = names.values().map(SitePath::address).chain(cards).collect();
            hosts::add(
                &mut files,
                &self.config,
                self.contents.dialect,
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
        let known = BuildState {
            reading: self.reading,
            composed: self.composed,
            files,
            names,
            contents: self.contents,
            assets: self.assets,
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
        let own = self.assets.styles.iter().chain(&self.assets.scripts);
        let of_theme = theme::LOADED.map(fixed);
        // If the whole book is its text folder, a text can link to any file of it.
        let keeps = |path: &SitePath| self.contents.source.is_root() && !of_theme.contains(path);
        asset_names::by_content(files, own.chain(&of_theme), keeps)
    }

    /// True if it is a plain mdBook book, which has no claims.
    pub fn is_plain(&self) -> bool {
        self.contents.dialect == Dialect::Plain
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
            raw_html: settings::raw_html(self.inputs, &self.config),
            highlighter: &self.cache.highlighter,
            sizes: &self.assets.sizes,
            styles: &self.assets.styles,
            scripts: &self.assets.scripts,
            names,
            fixed: &self.assets.fixed,
            titles: &self.contents.titles,
            fonts: self.fonts.as_ref(),
            links: ActorLinksByFolder::default(),
        }
    }

    /// Renders the pages.
    fn pages(&mut self, theme: &Theme, names: &Names, take: Sink<'_>) -> page::Made {
        if self.is_too_large() {
            return page::Made::default();
        }
        if self.cache.templates != self.assets.templates {
            self.cache.templates = self.assets.templates.clone();
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
        if !self.inputs.options.at_root && self.contents.dialect == Dialect::Annotated {
            let (address, bytes) = share::inventory(&book);
            take(address, bytes.into());
        }
        let formats = match self.contents.dialect {
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
