//! `book.toml` as text in, [`Config`] out, for every room that has a setting.
//!
//! The file is mdBook's own, with our keys in `[whosaid]`, which may also stand under the name
//! that mdBook gives a preprocessor, `[preprocessor.whosaid]`. First the text is read as TOML
//! with the place of every key, then mdBook's tables, then ours; a key of `[whosaid]` wins over
//! its twin. All mistakes are told at once and each setting that cannot be read keeps its
//! default. Reading never fails, and it touches no file.

mod book;
mod exports;
mod overrides;
mod plugins;
mod reader;
mod table;
mod whosaid;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use toml::de::DeTable;

use crate::diag::{Code, Diagnostic, Level, Severity};
use crate::model::{Extra, PartialDate, Tlp};
use crate::text::{Place, SitePath, Span};
pub use book::HANDLEBARS;
pub use exports::Export;
pub use overrides::Override;
pub use plugins::{Plugin, shared};
use reader::Reader;
use table::Table;

/// Reads the text of the configuration file at `path`.
///
/// A text that is not TOML gives the default configuration and says where reading stopped.
pub fn read(path: &SitePath, text: &str) -> (Config, Vec<Diagnostic>) {
    read_over(path, text, &[])
}

/// A `book.toml` larger than this, in bytes, is not read.
pub const LARGEST: usize = 1024 * 1024;

/// As [`read`], with settings from outside of the file over its own.
pub fn read_over(path: &SitePath, text: &str, overrides: &[Override]) -> (Config, Vec<Diagnostic>) {
    let mut config = Config::default();
    if text.len() > LARGEST {
        return (config, vec![too_large(path, text.len())]);
    }
    let mut document = match DeTable::parse(text) {
        Ok(document) => document,
        Err(error) => return (config, vec![not_toml(path, text, &error)]),
    };
    let lines: Vec<String> = overrides.iter().filter_map(Override::line).collect();
    for line in &lines {
        if let Ok(set) = DeTable::parse(line) {
            overrides::merge(document.get_mut(), set.into_inner());
        }
    }
    let mut reader = Reader::new(path, text);
    let root = Table::root(document.get_ref());
    reader.only_keys(&root, &TABLES);
    book::read(&mut reader, &root, &mut config);
    whosaid::read(&mut reader, &root, &mut config);
    (config, reader.into_diagnostics())
}

/// Gives each diagnostic the weight that the book sets for its code, and drops what it allows.
pub fn apply_levels(config: &Config, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept = Vec::with_capacity(diagnostics.len());
    for mut diagnostic in diagnostics {
        // Nothing that a book says of itself lets out what it withholds.
        let level = match diagnostic.code {
            Code::WithheldWords => Level::Error,
            code => config.level(code),
        };
        diagnostic.severity = match level {
            Level::Error => Severity::Error,
            Level::Warn => Severity::Warning,
            Level::Allow => continue,
        };
        kept.push(diagnostic);
    }
    kept
}

/// What a book says of itself and of how it wants to be built.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `[book] title`.
    pub title: Option<String>,
    /// `[book] description`.
    pub description: Option<String>,
    /// `[book] authors`.
    pub authors: Vec<String>,
    /// `[book] language`, as the `lang` attribute of HTML takes it.
    pub language: String,
    /// `[book] text-direction`; see [`Config::direction`].
    pub text_direction: Option<TextDirection>,
    /// `[book] src`, the folder of the text; see [`Config::source_folder`].
    pub src: Option<SitePath>,
    /// `[build] build-dir`, as written: only `disk` can judge where a site may be published.
    pub build_dir: String,

    /// `[output.html] smart-punctuation`.
    pub smart_punctuation: bool,
    /// `[output.html] definition-lists`.
    pub definition_lists: bool,
    /// `[output.html] admonitions`.
    pub admonitions: bool,
    /// `[output.html] site-url`: a path on the host, or a whole http(s) address.
    pub site_url: Option<String>,
    /// `[output.html] hash-files`: whether style sheets and scripts bear names of their bytes.
    pub hash_files: bool,
    /// `[output.html] cname`, the content of the file `CNAME`.
    pub cname: Option<String>,
    /// `[output.html] input-404`, below the source folder; none when set to the empty text.
    pub input_404: Option<SitePath>,
    /// `[output.html] edit-url-template`, an http(s) address that may hold `{path}`.
    pub edit_url_template: Option<String>,
    /// `[output.html] git-repository-url`, an http(s) address.
    pub git_repository_url: Option<String>,
    /// `[output.html] additional-css`, relative to the book.
    pub additional_css: Vec<SitePath>,
    /// `[output.html] additional-js`, relative to the book.
    pub additional_js: Vec<SitePath>,
    /// Where each of `additional-css`, `additional-js` and `card-fonts` is named, for a diagnostic about a file
    /// that is not there.
    pub additional_places: BTreeMap<SitePath, Place>,
    /// `[output.html.redirect]`: old addresses of the site, each with where it moved: a path or
    /// an http(s) address.
    pub redirect: IndexMap<SitePath, Moved>,
    /// `[output.html] no-section-label`: chapters are shown without their numbers.
    pub no_section_label: bool,
    /// `[output.html.fold] enable`: whether chapters below others can be folded away.
    pub fold: bool,
    /// `[output.html.fold] level`: up to which level chapters are unfolded; 0 is none.
    pub fold_level: usize,
    /// `[output.html.code]` and `[output.html.playground]`.
    pub listings: Listings,
    /// Whether `[output.html] theme` names a folder of mdBook's templates, which was told of.
    pub names_theme: bool,
    /// `[build] create-missing`: whether a chapter without a file is a page with its title alone.
    pub create_missing: bool,
    /// Whether includes are put in place: mdBook's preprocessor `links`, which a book has unless
    /// `[build] use-default-preprocessors` is off and no `[preprocessor.links]` asks for it.
    pub puts_includes: bool,
    /// Whether a `README.md` is the index of its folder: mdBook's preprocessor `index`, likewise.
    pub readme_is_index: bool,
    /// Whether a key speaks of annotations, so that the book is no plain one.
    pub is_annotated: bool,
    /// `[output.html.print] enable`: whether there is a page of the whole book; not set, the size
    /// of the book decides.
    pub print_enabled: Option<bool>,
    /// `[output.html.print] page-break`: whether each chapter of it begins a sheet of paper.
    pub print_breaks: bool,

    /// `actors`: their folder, below the source folder.
    pub actors: SitePath,
    /// `claims`: their folder, below the source folder.
    pub claims: SitePath,
    /// `sources`: their folder, below the source folder.
    pub sources: SitePath,
    /// `bibliography`: files below the source folder.
    pub bibliography: Vec<SitePath>,
    /// Where `bibliography` is set, for a diagnostic about a file that is not there.
    pub bibliography_place: Option<Place>,
    /// `autolink`: whether the first unmarked name in a section becomes a mention.
    pub autolink: bool,
    /// `wikilinks`: whether `[[…]]` is a mention.
    pub wikilinks: bool,
    /// `obsidian`: whether the texts are notes of Obsidian's; not set, a folder `.obsidian` tells.
    pub obsidian: Option<bool>,
    /// `raw-html`: what becomes of HTML in a text.
    pub raw_html: RawHtml,
    /// `tlp`: the closest level that the book may hold.
    pub tlp: Option<Tlp>,
    /// `[whosaid.lints]`: levels that differ from a code's own; see [`Config::level`].
    pub lints: BTreeMap<Code, Level>,
    /// `as-of`: the day on which the book stands still.
    pub as_of: Option<PartialDate>,
    /// `drafts`: whether drafts are published.
    pub drafts: bool,
    /// `contact`: a `mailto:` or http(s) address for corrections and replies.
    pub contact: Option<String>,
    /// `footer`: plain text at the foot of every page.
    pub footer: Option<String>,
    /// `[preprocessor.*]`: the programs that the book wants to have run, by name.
    pub plugins: Vec<Plugin>,
    /// `allow-plugins`: names of the preprocessors that may be run.
    pub allow_plugins: Vec<String>,
    /// `plugin-seconds`: how long each of them may take.
    pub plugin_seconds: usize,
    /// `editor`: the link that opens a place in the author's editor, for `serve`.
    pub editor: Option<String>,
    /// `search`, else `[output.html.search] enable`: whether there is a search page.
    pub search: bool,
    /// `exports`: the data formats that are published with the site, each once.
    pub exports: Vec<Export>,
    /// `license`: under which terms the data may be used, such as `CC-BY-4.0`.
    pub license: Option<String>,
    /// `license-url`: where these terms stand.
    pub license_url: Option<String>,
    /// `feeds`: whether the site has feeds, where it says where it lies.
    pub feeds: bool,
    /// `[whosaid.sites]`: other sites that may be mentioned, by the book's names for them.
    pub sites: IndexMap<String, Neighbor>,
    /// `cards`: whether briefings and claims have pictures for those who share a link, where
    /// `site-url` is a whole address.
    pub cards: bool,
    /// `card-fonts`: files relative to the book, for letters that the fonts of the program lack.
    pub card_fonts: Vec<SitePath>,
    /// `[whosaid.extra]`: the author's own keys, for templates.
    pub extra: Extra,
}

/// How blocks of code are read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listings {
    /// What begins a hidden line, by language.
    pub hidelines: BTreeMap<String, String>,
    /// Whether a block of Rust is completed by a hidden `fn main`, as a playground would need it.
    pub completes_rust: bool,
    /// Whether a block marked `editable` is left as it is.
    pub edits_rust: bool,
}

impl Listings {
    /// As it is where nothing is set, outside of a book for mdBook.
    pub const PLAIN: Listings = Listings {
        hidelines: BTreeMap::new(),
        completes_rust: false,
        edits_rust: false,
    };
}

/// What became of an old address.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// Where its page is now; none where only anchors of it have moved.
    pub to: Option<String>,
    /// Anchors that have gone elsewhere, and where.
    pub anchors: IndexMap<String, String>,
    /// Where `book.toml` says so.
    pub place: Place,
}

/// Another site that may be mentioned.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbor {
    /// Its whole address, or the path of its inventory or of the folder that holds it.
    pub address: String,
    /// Where `book.toml` names it.
    pub place: Place,
}

impl Neighbor {
    /// The folder of the inventories, below that of the book.
    pub const FOLDER: &'static str = "sites";

    /// The file of the inventory of the site `name`, below the folder of the book.
    pub fn file(name: &str) -> SitePath {
        fixed_path(&format!("{}/{name}.json", Neighbor::FOLDER))
    }

    /// Its address on the web, where the book gives one.
    pub fn web(&self) -> Option<&str> {
        let is_web = ["https://", "http://"].iter();
        let mut is_web = is_web.filter(|scheme| self.address.starts_with(**scheme));
        is_web.next().map(|_| self.address.as_str())
    }
}

/// What becomes of raw HTML in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RawHtml {
    /// A fixed list of harmless elements is written out again; the rest is shown as text.
    Basic,
    /// It passes through, for those who come from mdBook and trust every author.
    Allow,
    /// All of it is shown as text.
    Escape,
}

/// In which direction a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextDirection {
    LeftToRight,
    RightToLeft,
}

impl Config {
    /// How much a mistake of this kind weighs in this book.
    pub fn level(&self, code: Code) -> Level {
        self.lints
            .get(&code)
            .copied()
            .unwrap_or_else(|| code.level())
    }

    /// The folder of the text: as set, else the whole folder where it is one of Obsidian's, else
    /// `content` where the book has a folder of that name, else mdBook's `src`.
    pub fn source_folder(&self, has_content: bool, is_vault: bool) -> SitePath {
        let usual = || match (is_vault && self.obsidian != Some(false), has_content) {
            (true, _) => SitePath::root(),
            (false, true) => fixed_path("content"),
            (false, false) => fixed_path("src"),
        };
        self.src.clone().unwrap_or_else(usual)
    }

    /// `site-url` as a whole address with its slash, where it is one. What leaves the site needs
    /// it: feeds, the sitemap, previews of links.
    pub fn whole_site_url(&self) -> Option<String> {
        let url = self.site_url.as_deref()?;
        let is_whole = url.contains("://");
        is_whole.then(|| format!("{}/", url.trim_end_matches('/')))
    }

    /// The direction of the text: as set, else the one of its language.
    pub fn direction(&self) -> TextDirection {
        const RIGHT_TO_LEFT: [&str; 12] = [
            "ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi",
        ];
        let language = self.language.split(['-', '_']).next().unwrap_or("");
        self.text_direction
            .unwrap_or(if RIGHT_TO_LEFT.contains(&language) {
                TextDirection::RightToLeft
            } else {
                TextDirection::LeftToRight
            })
    }
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: None,
            description: None,
            authors: Vec::new(),
            language: "en".to_owned(),
            text_direction: None,
            src: None,
            build_dir: "book".to_owned(),
            smart_punctuation: true,
            definition_lists: true,
            admonitions: true,
            site_url: None,
            hash_files: true,
            cname: None,
            input_404: Some(fixed_path("404.md")),
            edit_url_template: None,
            git_repository_url: None,
            additional_css: Vec::new(),
            additional_js: Vec::new(),
            additional_places: BTreeMap::new(),
            redirect: IndexMap::new(),
            no_section_label: false,
            fold: false,
            fold_level: 0,
            listings: Listings {
                hidelines: BTreeMap::new(),
                completes_rust: true,
                edits_rust: false,
            },
            names_theme: false,
            create_missing: true,
            puts_includes: true,
            readme_is_index: true,
            is_annotated: false,
            print_enabled: None,
            print_breaks: true,
            actors: fixed_path("actors"),
            claims: fixed_path("claims"),
            sources: fixed_path("sources"),
            bibliography: Vec::new(),
            bibliography_place: None,
            autolink: false,
            wikilinks: true,
            obsidian: None,
            raw_html: RawHtml::Basic,
            tlp: None,
            lints: BTreeMap::new(),
            as_of: None,
            drafts: false,
            search: true,
            contact: None,
            footer: None,
            plugins: Vec::new(),
            allow_plugins: Vec::new(),
            plugin_seconds: 60,
            editor: None,
            exports: Vec::new(),
            feeds: true,
            license: None,
            license_url: None,
            sites: IndexMap::new(),
            cards: true,
            card_fonts: Vec::new(),
            extra: Extra::new(),
        }
    }
}

impl RawHtml {
    /// Every word that `raw-html` takes.
    pub const WORDS: &[&str] = &["basic", "allow", "escape"];

    /// The setting that an author writes as `word`; the command line reads it by this too.
    pub fn parse(word: &str) -> Option<RawHtml> {
        match word {
            "basic" => Some(RawHtml::Basic),
            "allow" => Some(RawHtml::Allow),
            "escape" => Some(RawHtml::Escape),
            _ => None,
        }
    }
}

impl TextDirection {
    const WORDS: &[&str] = &["ltr", "rtl"];

    fn parse(word: &str) -> Option<TextDirection> {
        match word {
            "ltr" => Some(TextDirection::LeftToRight),
            "rtl" => Some(TextDirection::RightToLeft),
            _ => None,
        }
    }

    /// The word that the `dir` attribute of HTML takes.
    pub fn word(self) -> &'static str {
        match self {
            TextDirection::LeftToRight => "ltr",
            TextDirection::RightToLeft => "rtl",
        }
    }
}

/// The tables of a `book.toml`.
const TABLES: [&str; 6] = ["book", "build", "rust", "preprocessor", "output", "whosaid"];

fn fixed_path(text: &str) -> SitePath {
    SitePath::new(text).expect("a path written in this file is a path")
}

fn too_large(path: &SitePath, size: usize) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableConfig,
        Place::new(path, Span::default()),
        format!("`{}` is too large: {size} bytes", path.name()),
    )
    .label(format!("at most {} MiB are read", LARGEST / 1024 / 1024))
    .hint("is it the configuration of a book?")
}

fn not_toml(path: &SitePath, text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let span = span.start.min(text.len())..span.end.min(text.len());
    let reason = error.message().replace('\n', ", ");
    Diagnostic::new(
        Code::UnreadableConfig,
        Place::new(path, Span::new(span)),
        format!("`{}` cannot be read as TOML: {reason}", path.name()),
    )
    .label("reading stops here, and every setting has its default")
}

#[cfg(test)]
mod tests;
