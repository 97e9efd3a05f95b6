//! Inputs in, Outputs and diagnostics out: the whole core as one pure function.
//!
//! In order: configuration, files by role, drafts, site, standings, checks, views, pages.

mod cache;
mod shelf;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::config::{Config, RawHtml};
use crate::diag::{Code, Diagnostic, Level};
use crate::html::Highlighter;
use crate::page::{self, Facts, Page};
use crate::parse::bibliography::{self, RawBibliography};
use crate::parse::{self, DocKind, Draft, Front, Reading, summary};
use crate::text::{Place, SitePath, Span};
use crate::theme::{self, Theme};
use crate::{check, derive, diag, link};
use cache::Memo;
use shelf::Shelf;

/// A book in memory: every file by its path below the book's folder, and what the day is.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// `book.toml`, and all below the source, `templates` and `static` folders.
    pub files: BTreeMap<SitePath, Arc<[u8]>>,
    /// Today; nothing in a page depends on it but what says so.
    pub today: Date,
    pub options: Options,
}

/// What the command line says; it wins over `book.toml`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// Briefings marked `draft: true` are built too.
    pub drafts: bool,
    /// Positions said later do not count.
    pub as_of: Option<Date>,
    pub raw_html: Option<RawHtml>,
    /// The site stands at the root of its host, whatever `site-url` says, as in `serve`.
    pub at_root: bool,
}

/// A site in memory: every file by its address below the output folder.
pub type Outputs = BTreeMap<SitePath, Arc<[u8]>>;

/// What a run gives. With an error among the diagnostics the outputs are a preview only.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    pub outputs: Outputs,
    /// Sorted by place, levels of the book applied, none twice.
    pub diagnostics: Vec<Diagnostic>,
    pub config: Config,
    /// The page of each document, by its file.
    pub documents: BTreeMap<SitePath, SitePath>,
    /// How many briefings, actors, claims and sources there are, to print.
    pub counts: Counts,
}

/// The size of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub pages: usize,
    pub briefings: usize,
    pub actors: usize,
    pub claims: usize,
    pub sources: usize,
}

/// What a run leaves for the next one, so that only what changed is done again.
///
/// The law that keeps it sound, tested on random edits: a build with a warm cache equals a build
/// with a cold one, byte for byte.
#[derive(Default)]
pub struct Cache {
    drafts: Memo<SitePath, (DocKind, Arc<str>, Reading), Arc<Draft>>,
    pages: Memo<SitePath, Arc<Page>, Rendered>,
    highlighter: Highlighter,
    /// The own templates that the pages were rendered with.
    templates: BTreeMap<String, Arc<str>>,
}

/// A page as bytes, or what is wrong with its template.
type Rendered = Result<Arc<[u8]>, Arc<Diagnostic>>;

/// A step of a run, told when it begins, for whoever keeps time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The configuration, and files by role, includes in place.
    Sort,
    /// Drafts of documents and bibliographies.
    Parse,
    /// Names become ids.
    Link,
    /// Standings and everything else that is asked of a site.
    Derive,
    /// Checks.
    Check,
    /// Views, and the texts in them as HTML.
    View,
    /// Templates.
    Render,
    /// Diagnostics, levels, order.
    Report,
}

/// Makes the site of a book.
pub fn compile(inputs: &Inputs, cache: &mut Cache) -> Build {
    compile_observed(inputs, cache, &mut |_| {})
}

/// Makes the site of a book and tells each step as it begins. The core keeps no time; a
/// benchmark does.
pub fn compile_observed(inputs: &Inputs, cache: &mut Cache, begins: &mut dyn FnMut(Step)) -> Build {
    begins(Step::Sort);
    let mut diagnostics = Vec::new();
    let mut config = config(inputs, &mut diagnostics);
    if inputs.options.at_root {
        config.site_url = Some("/".to_owned());
    }
    let mut shelf = shelf::sort(inputs, &config);
    let mut shelf_said = std::mem::take(&mut diagnostics);
    shelf_said.append(&mut shelf.diagnostics);
    begins(Step::Parse);
    let (drafts, unpublished) = drafts(inputs, &config, &shelf, cache);
    let mut ordered: Vec<&Draft> = drafts.iter().map(Arc::as_ref).collect();
    order(&shelf, &mut ordered, &mut diagnostics);
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
    begins(Step::Link);
    let (site, said) = link::site(link::Book {
        drafts: &ordered,
        bibliographies: &bibliographies,
        source: shelf.source.clone(),
        files: shelf.copied.keys().cloned().collect(),
        unpublished,
        pages: page::tool_pages(),
        autolink: config.autolink,
    });
    diagnostics.extend(said);
    begins(Step::Derive);
    let as_of = inputs
        .options
        .as_of
        .or(config.as_of.map(|date| date.last_day()));
    let standings = derive::standings(&site, as_of);
    begins(Step::Check);
    let asked = check::Asked {
        tlp: config.tlp,
        unmarked_names: config.level(Code::UnmarkedName) != Level::Allow,
    };
    diagnostics.extend(check::site(&site, &standings, &asked));
    begins(Step::Derive);
    let facts = Facts::new(&site, standings);
    begins(Step::View);
    let (pages, said) = page::pages(&page::Book {
        site: &site,
        config: &config,
        facts: &facts,
        raw_html: inputs.options.raw_html.unwrap_or(config.raw_html),
        highlighter: &cache.highlighter,
        has_theme: shelf.has_theme,
    });
    diagnostics.extend(said);
    let mut documents = BTreeMap::new();
    for page in &pages {
        if let Some(file) = page.route.document(&site) {
            // A claim that has no file of its own was written in a briefing, which came first.
            let page = || page.address.clone();
            documents.entry(file.clone()).or_insert_with(page);
        }
    }
    let counts = Counts {
        pages: pages.len(),
        briefings: site.briefings().len(),
        actors: site.actors().len() - 1,
        claims: site.claims().len(),
        sources: site.sources().len(),
    };
    begins(Step::Render);
    let mut outputs = render(pages, &shelf, cache, &mut diagnostics);
    for (name, _) in theme::STATIC {
        if shelf.copied.contains_key(&fixed(name)) {
            diagnostics.push(takes_the_themes_place(&shelf.source, name));
        }
    }
    for (name, text) in theme::STATIC {
        outputs.insert(fixed(name), text.as_bytes().into());
    }
    outputs.append(&mut shelf.own_static);
    outputs.append(&mut shelf.copied);
    begins(Step::Report);
    // Only what was parsed after the includes speaks of expanded text.
    let mut told = shelf_said;
    told.extend(diagnostics.into_iter().map(|said| shelf.at_origin(said)));
    cache.drafts.turn();
    cache.pages.turn();
    Build {
        diagnostics: levelled(&config, &drafts, told),
        outputs,
        config,
        documents,
        counts,
    }
}

fn config(inputs: &Inputs, diagnostics: &mut Vec<Diagnostic>) -> Config {
    let path = fixed("book.toml");
    let Some(bytes) = inputs.files.get(&path) else {
        return Config::default();
    };
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let (config, said) = crate::config::read(&path, text);
            diagnostics.extend(said);
            config
        }
        Err(error) => {
            diagnostics.push(shelf::not_utf8(&path, error.valid_up_to()));
            Config::default()
        }
    }
}

/// Every document, read, and the files of the briefings that are drafts and not asked for.
fn drafts(
    inputs: &Inputs,
    config: &Config,
    shelf: &Shelf,
    cache: &Cache,
) -> (Vec<Arc<Draft>>, Vec<SitePath>) {
    let reading = Reading {
        annotated: true,
        wikilinks: config.wikilinks,
        smart_punctuation: config.smart_punctuation,
        definition_lists: config.definition_lists,
        alerts: config.admonitions,
    };
    let with_drafts = inputs.options.drafts || config.drafts;
    let read: Vec<Arc<Draft>> = shelf
        .documents
        .par_iter()
        .map(|(path, kind, text)| {
            let input = (*kind, text.clone(), reading);
            cache
                .drafts
                .get(path.clone(), input, |(kind, text, reading)| {
                    Arc::new(parse::draft(path, *kind, text.clone(), reading))
                })
        })
        .collect();
    let is_kept = |draft: &Arc<Draft>| match &draft.front {
        Front::Briefing(front) => with_drafts || !front.is_draft,
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) => true,
    };
    let (kept, left): (Vec<_>, Vec<_>) = read.into_iter().partition(is_kept);
    (kept, left.iter().map(|draft| draft.file.clone()).collect())
}

/// Puts briefings in reading order: as `SUMMARY.md` has them, the rest behind; without one the
/// home page first, then by path. Actors, claims and sources stand in the order of their ids.
fn order(shelf: &Shelf, drafts: &mut [&Draft], diagnostics: &mut Vec<Diagnostic>) {
    let mut places: BTreeMap<SitePath, usize> = BTreeMap::new();
    if let Some((path, text)) = &shelf.summary {
        let summary = summary::read(path, text);
        diagnostics.extend(summary.diagnostics);
        for entry in summary.entries {
            let summary::Entry::Chapter {
                path: Some((target, span)),
                ..
            } = entry
            else {
                continue;
            };
            let place = Place::new(path, span);
            match path.sibling(&target) {
                Ok(file) if drafts.iter().any(|draft| draft.file == file) => {
                    let next = places.len();
                    places.entry(file).or_insert(next);
                }
                _ => diagnostics.push(no_chapter(place, &target)),
            }
        }
    }
    drafts.sort_by_cached_key(|draft| {
        let listed = places.get(&draft.file).copied().unwrap_or(usize::MAX);
        let is_home = matches!(draft.file.name(), "index.md" | "README.md")
            && draft.file.parent() == Some(shelf.source.as_str());
        (listed, !is_home, sorted_as(draft), draft.file.clone())
    });
}

/// The path by which a document is sorted: a briefing's file, and for anything else its id in
/// place of the file's name, so that no page changes when a file that says its id is renamed.
fn sorted_as(draft: &Draft) -> String {
    match &draft.front {
        Front::Briefing(_) => draft.file.to_string(),
        Front::Actor(_) | Front::Claim(_) | Front::Source(_) => {
            let id = draft.common.id.as_ref();
            let id = id.map_or(draft.file.stem(), |(id, _)| id);
            format!("{}/{id}", draft.file.parent().unwrap_or(""))
        }
    }
}

fn render(
    pages: Vec<Page>,
    shelf: &Shelf,
    cache: &mut Cache,
    diagnostics: &mut Vec<Diagnostic>,
) -> Outputs {
    let (theme, said) = Theme::new(&shelf.templates);
    diagnostics.extend(said);
    if cache.templates != shelf.templates {
        cache.templates = shelf.templates.clone();
        cache.pages = Memo::default();
    }
    let rendered: Vec<(SitePath, Rendered)> = pages
        .into_par_iter()
        .map(|page| {
            let address = page.address.clone();
            let bytes = cache.pages.get(address.clone(), Arc::new(page), |page| {
                theme
                    .render(page)
                    .map(Into::into)
                    .map_err(|said| Arc::new(*said))
            });
            (address, bytes)
        })
        .collect();
    let mut outputs = Outputs::new();
    for (address, bytes) in rendered {
        match bytes {
            Ok(bytes) => {
                outputs.insert(address, bytes);
            }
            Err(said) => diagnostics.push((*said).clone()),
        }
    }
    outputs
}

/// Applies what files silence and the book's levels, sorts, and drops what was said twice.
fn levelled(
    config: &Config,
    drafts: &[Arc<Draft>],
    diagnostics: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let silenced: BTreeMap<&SitePath, &[Code]> = drafts
        .iter()
        .filter(|draft| !draft.common.allowed.is_empty())
        .map(|draft| (&draft.file, draft.common.allowed.as_slice()))
        .collect();
    let is_heard = |diagnostic: &Diagnostic| {
        let codes = silenced.get(&diagnostic.place.file);
        codes.is_none_or(|codes| !codes.contains(&diagnostic.code))
    };
    let heard = diagnostics.into_iter().filter(is_heard).collect();
    diag::sorted(crate::config::apply_levels(config, heard))
}

fn fixed(path: &str) -> SitePath {
    SitePath::new(path).expect("a fixed path")
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

fn no_chapter(place: Place, target: &str) -> Diagnostic {
    Diagnostic::new(
        Code::BrokenLink,
        place,
        format!("there is no chapter `{target}`"),
    )
    .label("no such file below the source folder")
    .hint("write the file, or leave the address empty for a chapter to come")
}

#[cfg(test)]
mod tests;
