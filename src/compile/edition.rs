//! A book on its way to a site.
//!
//! In order: configuration, files by role, drafts, site, standings, checks; then views and pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::cache::{Fingerprint, Memo};
use super::leaks::Words;
use super::named::{self, Names};
use super::shelf::{self, Shelf};
use super::withheld::Withheld;
use super::{
    Build, Cache, Counts, Inputs, Outputs, Search, Step, chapters, fixed, hosts, neighbors, order,
    rework, withheld,
};
use crate::card::Fonts;
use crate::config::{Config, Neighbor, RawHtml};
use crate::diag::{Code, Diagnostic, Level};
use crate::html::Highlighter;
use crate::model::{Dialect, Site};
use crate::page::{self, Facts, Page};
use crate::parse::bibliography::{self, RawBibliography};
use crate::parse::inventory::Inventory;
use crate::parse::{self, DocKind, Draft, Front, Reading};
use crate::text::{Place, SitePath, Span};
use crate::theme::{self, Theme};
use crate::{check, derive, diag, export, link, search, share};

/// Who is given the files of a site: an address below the output folder, and what lies there.
pub type Take<'a> = &'a (dyn Fn(SitePath, Arc<[u8]>) + Sync);

/// Who is asked for a file whose address tells what is in it: whether it is there from before and
/// is taken over, so that it need not be made.
pub type Kept<'a> = &'a (dyn Fn(&SitePath) -> bool + Sync);

/// A book that was read, linked and checked; all is ready for its pages, and none is made yet.
///
/// What is wrong with the text is known here, so that nobody needs to make room for a site that
/// will not be published, and pages can go where they belong one by one: a large site need never
/// be in memory as a whole.
pub struct Edition<'a> {
    inputs: &'a Inputs,
    cache: &'a mut Cache,
    pub(super) config: Config,
    shelf: Shelf,
    pub(super) site: Site,
    pub(super) facts: Facts,
    reading: Reading,
    asked: check::Asked,
    /// What files silence in their front matter.
    silenced: BTreeMap<SitePath, Vec<Code>>,
    diagnostics: Vec<Diagnostic>,
    fonts: Option<Fonts>,
    kept: Kept<'a>,
    /// Words that no file of the site may hold.
    pub(super) withheld: Words,
}

/// What a run came to know of a book, for whoever goes on from there.
pub(super) struct Known {
    pub reading: Reading,
    pub shelf: Shelf,
    /// The files of the site that are no pages.
    pub files: Outputs,
    /// Those that bear other names than the pages know them by.
    pub names: Names,
    pub site: Site,
    pub facts: Facts,
    pub theme: Theme,
    pub asked: check::Asked,
    /// The letters of cards, of a book that has cards.
    pub fonts: Option<Fonts>,
}

impl Known {
    /// Lets go of all else.
    fn into_files(self) -> Outputs {
        self.files
    }

    /// All that pages are made of.
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
        }
    }

    /// Whether the book has the search page.
    pub fn has_search(&self, config: &Config) -> bool {
        let is_ours = self.site.dialect() == Dialect::Annotated || !self.facts.is_search_taken;
        config.search && is_ours
    }

    /// The index of the search page, to be made when it is asked for.
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
        let mut told = Vec::new();
        let mut config = config(inputs, &mut told);
        if inputs.options.at_root {
            config.site_url = Some("/".to_owned());
        }
        if let Some(ceiling) = inputs.options.tlp {
            config.tlp = Some(config.tlp.map_or(ceiling, |own| own.min(ceiling)));
            // Whoever asks for it knows that something is left out.
            config.lints.insert(Code::AboveTlp, Level::Allow);
        }
        let mut shelf = shelf::sort(inputs, &config);
        let is_vault = shelf::is_vault(inputs, &config);
        match shelf.dialect {
            // Nothing runs the code of a briefing.
            Dialect::Annotated => {
                config.listings.completes_rust = false;
                if is_vault {
                    chapters::forgive_notes(&mut config);
                }
            }
            Dialect::Plain => chapters::forgive(&mut config),
        }
        told.append(&mut shelf.diagnostics);
        told.extend(chapters::idle_theme(inputs, &config));
        told.extend(rework::said(&config, inputs.options.rework.as_deref()));
        begins(Step::Parse);
        let mut diagnostics = Vec::new();
        let documents = std::mem::take(&mut shelf.documents);
        let reading = reading(&config, shelf.dialect, is_vault);
        let (mut drafts, mut unpublished) = drafts(inputs, &config, reading, documents, cache);
        let mut withheld = match config.tlp {
            Some(ceiling) => withheld::take(&mut drafts, ceiling, reading, &mut shelf),
            None => Withheld::default(),
        };
        diagnostics.append(&mut withheld.diagnostics);
        unpublished.append(&mut withheld.files);
        unpublished.append(&mut shelf.unlisted);
        let mut ordered: Vec<&Draft> = drafts.iter().map(Arc::as_ref).collect();
        order::drafts(&shelf, &mut ordered, &mut diagnostics);
        let bibliographies: Vec<RawBibliography> = shelf
            .bibliographies
            .iter()
            .map(|(path, text)| bibliography::read(path, text))
            .collect();
        diagnostics.extend(
            drafts
                .iter()
                .flat_map(|draft| draft.diagnostics.iter().cloned()),
        );
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
        let (site, said) = link::site(link::Book {
            drafts: &ordered,
            bibliographies: &bibliographies,
            sites: &sites,
            source: shelf.source.clone(),
            files: shelf.copied.keys().cloned().collect(),
            unpublished,
            withheld: withheld.names,
            pages: page::tool_pages(shelf.dialect, &config, briefings),
            autolink: config.autolink,
            is_vault,
            dialect: shelf.dialect,
            contents: shelf.summary.clone().map(|path| (path, &shelf.entries[..])),
            not_found: shelf.not_found.clone(),
            readme_is_index: config.readme_is_index,
            shows_html: raw_html(inputs, &config) == RawHtml::Escape,
        });
        diagnostics.extend(said);
        let silenced = drafts
            .iter()
            .filter(|draft| !draft.common.allowed.is_empty())
            .map(|draft| (draft.file.clone(), draft.common.allowed.clone()))
            .collect();
        // A large book's texts weigh more than all that was made of them.
        drop(drafts);
        begins(Step::Derive);
        let as_of = inputs
            .options
            .as_of
            .or(config.as_of.map(|date| date.last_day()));
        let standings = derive::standings(&site, as_of);
        begins(Step::Check);
        let asked = check::Asked {
            unmarked_names: config.level(Code::UnmarkedName) != Level::Allow,
        };
        if !withheld.words.is_empty() {
            withheld.words.allow(&site);
        }
        let is_annotated = shelf.dialect == Dialect::Annotated;
        if is_annotated {
            diagnostics.extend(check::site(&site, &standings, &asked));
        }
        for (name, _) in static_files(&config) {
            if is_annotated && shelf.copied.contains_key(&fixed(name)) {
                diagnostics.push(takes_the_themes_place(&shelf.source, name));
            }
        }
        // Only what was parsed after the includes speaks of expanded text.
        told.extend(diagnostics.into_iter().filter_map(|said| shelf.told(said)));
        begins(Step::Derive);
        // Nobody follows the address of a picture that is not whole.
        let has_cards = is_annotated && config.cards && config.whole_site_url().is_some();
        Edition {
            fonts: has_cards.then(|| Fonts::new(&shelf.fonts)).flatten(),
            kept: &|_| false,
            facts: Facts::new(&site, standings),
            inputs,
            cache,
            config,
            shelf,
            site,
            reading,
            asked,
            silenced,
            diagnostics: told,
            withheld: withheld.words,
        }
    }
}

impl<'a> Edition<'a> {
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The book with every name resolved.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// What is wrong with the book as far as it is known before there are pages. As in
    /// [`Build::diagnostics`]: sorted, levels of the book applied, none twice.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.levelled(self.diagnostics.clone())
    }

    /// With cards left out of the printing that `kept` says are there.
    pub fn keeping(mut self, kept: Kept<'a>) -> Self {
        self.kept = kept;
        self
    }

    /// Makes the site and gives every file of it to `take` as soon as it is made: from many
    /// threads and in no order. No address comes twice, unless the book is at fault and the
    /// diagnostics say so. The outputs of the build are empty.
    pub fn print(mut self, take: Take<'_>) -> Build {
        let (inputs, highlighter) = (self.inputs, Highlighter::default());
        let watch = self.watch();
        let take: Take<'_> = &|address: SitePath, bytes: Arc<[u8]>| {
            watch.look(&address, &bytes);
            take(address, bytes);
        };
        let (mut build, known) = self.printed(take, &mut |_| {});
        let found = known.has_search(&build.config).then(|| {
            let book = known.book(&build.config, inputs, &highlighter);
            search::read(&book)
        });
        // A large book weighs more than all that was found in it.
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

    /// Makes the site, and gives what came to be known of it.
    pub(super) fn printed(
        mut self,
        take: Take<'_>,
        begins: &mut dyn FnMut(Step),
    ) -> (Build, Known) {
        begins(Step::Print);
        let mut files = std::mem::take(&mut self.shelf.own_static);
        files.append(&mut self.shelf.copied);
        for (name, text) in static_files(&self.config) {
            let address = fixed(name);
            // A copy that its author has not changed is the theme's.
            if files
                .get(&address)
                .is_none_or(|own| **own == *text.as_bytes())
            {
                files.insert(address, theme::published(name, text).into_bytes().into());
            }
        }
        let (theme, unread) = Theme::new(&self.shelf.templates);
        let names = match self.inputs.options.at_root {
            true => Names::new(),
            false => {
                let names = self.named(&mut files);
                let cards = self.fonts.iter().map(|_| "cards/*".to_owned());
                let lasting: Vec<String> =
                    names.values().map(SitePath::address).chain(cards).collect();
                hosts::add(
                    &mut files,
                    &self.config,
                    self.shelf.dialect,
                    &lasting,
                    theme.policy(),
                );
                names
            }
        };
        let made = self.pages(&theme, &names, &|address, bytes| {
            // A file of the author's wins, as a template does.
            if !files.contains_key(&address) {
                take(address, bytes);
            }
        });
        let said = unread.into_iter().chain(made.diagnostics);
        let said = said.filter_map(|said| self.shelf.told(said));
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        diagnostics.extend(said);
        files
            .par_iter()
            .for_each(|(address, bytes)| take(address.clone(), bytes.clone()));
        begins(Step::Report);
        let build = Build {
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
        };
        let known = Known {
            reading: self.reading,
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

    /// Gives what pages load the names of their bytes, if the book wants it.
    fn named(&self, files: &mut Outputs) -> Names {
        if !self.config.hash_files {
            return Names::new();
        }
        let own = self.shelf.styles.iter().chain(&self.shelf.scripts);
        let of_theme = theme::LOADED.map(fixed);
        // Where the whole book is its text, a text may link to any file of it.
        let keeps = |path: &SitePath| self.shelf.source.is_root() && !of_theme.contains(path);
        named::by_content(files, own.chain(&of_theme), keeps)
    }

    /// Whether it is a book for mdBook, which holds no claims.
    pub fn is_plain(&self) -> bool {
        self.shelf.dialect == Dialect::Plain
    }

    /// Makes the pages.
    fn pages(&mut self, theme: &Theme, names: &Names, take: Take<'_>) -> page::Made {
        if self.diagnostics.iter().any(link::is_too_many) {
            // Nobody will publish them, and to make them all takes minutes.
            return page::Made::default();
        }
        if self.cache.templates != self.shelf.templates {
            self.cache.templates = self.shelf.templates.clone();
            self.cache.pages = Memo::default();
        }
        let cache = &*self.cache;
        let render = |page: &Page| theme.render(page).map_err(|said| Arc::new(*said));
        let book = page::Book {
            site: &self.site,
            config: &self.config,
            facts: &self.facts,
            raw_html: raw_html(self.inputs, &self.config),
            highlighter: &cache.highlighter,
            sizes: &self.shelf.sizes,
            styles: &self.shelf.styles,
            scripts: &self.shelf.scripts,
            names,
            fixed: &self.shelf.fixed,
            titles: &self.shelf.titles,
            fonts: self.fonts.as_ref(),
        };
        let made = page::each(&book, &|page| {
            if let Some((card, fonts)) = page.card.as_ref().zip(book.fonts) {
                let address = card.address(fonts);
                if !(self.kept)(&address) {
                    let draw = || card.draw(fonts);
                    let bytes = match cache.is_for_one_run {
                        true => draw(),
                        false => cache.cards.get(address.clone(), (), |()| draw()),
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

    /// Applies what files silence and the book's levels, sorts, and drops what was said twice.
    fn levelled(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let is_heard = |diagnostic: &Diagnostic| {
            let codes = self.silenced.get(&diagnostic.place.file);
            diagnostic.code == Code::WithheldWords
                || codes.is_none_or(|codes| !codes.contains(&diagnostic.code))
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

/// What reading depends on.
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

/// Every document, read, and the files of the briefings that are drafts and not asked for.
fn drafts(
    inputs: &Inputs,
    config: &Config,
    reading: Reading,
    documents: Vec<(SitePath, DocKind, Arc<str>)>,
    cache: &mut Cache,
) -> (Vec<Arc<Draft>>, Vec<SitePath>) {
    let with_drafts = inputs.options.drafts || config.drafts;
    let read: Vec<Arc<Draft>> = documents
        .into_par_iter()
        .map(|(path, kind, text)| {
            if cache.is_for_one_run {
                return Arc::new(parse::draft(&path, kind, text, &reading));
            }
            let input = (kind, text, reading);
            cache
                .drafts
                .get(path.clone(), input, |(kind, text, reading)| {
                    Arc::new(parse::draft(&path, *kind, text.clone(), reading))
                })
        })
        .collect();
    cache.drafts.turn();
    let is_kept = |draft: &Arc<Draft>| match &draft.front {
        Front::Briefing(front) => with_drafts || !front.is_draft,
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) | Front::Astray(_) => true,
    };
    let (kept, left): (Vec<_>, Vec<_>) = read.into_iter().partition(is_kept);
    (kept, left.iter().map(|draft| draft.file.clone()).collect())
}

/// The files of the theme that a book has: those of the search page only with it.
fn static_files(config: &Config) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let has_search = config.search;
    let files = theme::STATIC.iter();
    files.filter(move |(name, _)| has_search || !name.starts_with("search."))
}

fn takes_the_themes_place(source: &SitePath, name: &str) -> Diagnostic {
    let place = Place::new(&fixed(name).within(source), Span::default());
    let message = format!("the file `{name}` and one of the theme would have one address");
    Diagnostic::new(Code::DuplicateAddress, place, message)
        .label("this file of the book")
        .hint(format!(
            "move it to `static/{name}` to take the theme's place, or rename it"
        ))
}
