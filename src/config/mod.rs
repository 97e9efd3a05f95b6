//! Reads `book.toml` into [`Config`], for every room that has a setting.
//!
//! The file is mdBook's, with our keys in `[whosaid]`, or in `[preprocessor.whosaid]`, which mdBook
//! accepts. First the text is parsed as TOML with the place of every key, then mdBook's tables are
//! read, then ours; `[whosaid]` takes precedence. All errors are reported at once, and each invalid
//! setting keeps its default. Reading never fails, and it touches no file.

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
use crate::text::{Direction, Place, SitePath, SourceMap, Span, direction_of};
pub use book::HANDLEBARS;
pub use exports::Export;
pub use overrides::Override;
pub use plugins::{Plugin, shared};
use reader::Reader;
use table::Table;

/// Reads the text of the configuration file at `path`.
///
/// A text that is not TOML gives the default configuration and a diagnostic.
pub fn read(path: &SitePath, text: &str) -> (Config, Vec<Diagnostic>) {
    read_over(path, text, &[])
}

/// The maximum size of `book.toml` in bytes.
pub const LARGEST: usize = 1024 * 1024;

/// Like [`read`], with settings from the environment, which take precedence.
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

/// Sets the severity of each diagnostic to the book's level for its code, and removes allowed ones.
pub fn apply_levels(config: &Config, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept = Vec::with_capacity(diagnostics.len());
    for mut diagnostic in diagnostics {
        // No setting of a book can turn off the leak check.
        let level = match diagnostic.code {
            code if code.is_final() => Level::Error,
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

/// The configuration of a book.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// `[book] title`.
    pub title: Option<String>,
    /// `[book] description`.
    pub description: Option<String>,
    /// `[book] authors`.
    pub authors: Vec<String>,
    /// `[book] language`, in the form of HTML's `lang` attribute.
    pub language: String,
    /// `[book] text-direction`; see [`Config::direction`].
    pub text_direction: Option<TextDirection>,
    /// `[book] src`, the text folder; see [`Config::source_folder`].
    pub src: Option<SitePath>,
    /// `[build] build-dir`, as written: only `disk` can decide where a site can be published.
    pub build_dir: String,
    /// Where `build-dir` is set, for a folder in which no site may be published.
    pub build_dir_place: Option<Place>,

    /// `[output.html] smart-punctuation`.
    pub smart_punctuation: bool,
    /// `[output.html] definition-lists`.
    pub definition_lists: bool,
    /// `[output.html] admonitions`.
    pub admonitions: bool,
    /// `[output.html] site-url`: a path on the host, or an absolute http(s) URL.
    pub site_url: Option<String>,
    /// `[output.html] hash-files`: put content hashes into the names of style sheets and scripts.
    pub hash_files: bool,
    /// `[output.html] cname`, the content of the file `CNAME`.
    pub cname: Option<String>,
    /// `[output.html] input-404`, relative to the source folder; `None` if it is set to an empty
    /// text.
    pub input_404: Option<SitePath>,
    /// `[output.html] edit-url-template`, an http(s) URL that can contain `{path}`.
    pub edit_url_template: Option<String>,
    /// `[output.html] git-repository-url`, an http(s) URL.
    pub git_repository_url: Option<String>,
    /// `[output.html] additional-css`, relative to the book.
    pub additional_css: Vec<SitePath>,
    /// `[output.html] additional-js`, relative to the book.
    pub additional_js: Vec<SitePath>,
    /// The place of each of `additional-css`, `additional-js` and `card-fonts`, for a diagnostic
    /// about a missing file.
    pub additional_places: BTreeMap<SitePath, Place>,
    /// `[output.html.redirect]`: old addresses with their targets, a path or an http(s) URL.
    pub redirect: IndexMap<SitePath, Redirect>,
    /// `[output.html] no-section-label`: show chapters without numbers.
    pub no_section_label: bool,
    /// `[output.html.fold] enable`: nested chapters can be folded.
    pub fold: bool,
    /// `[output.html.fold] level`: the level up to which chapters are unfolded; 0 for none.
    pub fold_level: usize,
    /// `[output.html.code]` and `[output.html.playground]`.
    pub listings: Listings,
    /// True if `[output.html] theme` names a folder of mdBook templates, which was reported.
    pub names_theme: bool,
    /// `[build] create-missing`: a chapter without a file is a page with only its title.
    pub create_missing: bool,
    /// True if includes are expanded: mdBook's preprocessor `links`, which is on unless
    /// `[build] use-default-preprocessors` is off and there is no `[preprocessor.links]`.
    pub expand_includes: bool,
    /// True if a `README.md` is the index of its folder: mdBook's preprocessor `index`, under the
    /// same conditions.
    pub readme_is_index: bool,
    /// True if a key concerns annotations, so that the book is not plain.
    pub is_annotated: bool,
    /// `[output.html.print] enable`: whether there is a print page; if not set, the size of the
    /// book decides.
    pub print_enabled: Option<bool>,
    /// `[output.html.print] page-break`: begin each chapter on a new sheet.
    pub print_breaks: bool,

    /// `actors`: their folder, relative to the source folder.
    pub actors: SitePath,
    /// `claims`: their folder, relative to the source folder.
    pub claims: SitePath,
    /// `sources`: their folder, relative to the source folder.
    pub sources: SitePath,
    /// `bibliography`: files relative to the source folder.
    pub bibliography: Vec<SitePath>,
    /// The place of `bibliography`, for a diagnostic about a missing file.
    pub bibliography_place: Option<Place>,
    /// `autolink`: link the first unmarked name in each section.
    pub autolink: bool,
    /// `wikilinks`: read `[[…]]` as a mention.
    pub wikilinks: bool,
    /// `obsidian`: the book is an Obsidian vault; if not set, a folder `.obsidian` decides.
    pub obsidian: Option<bool>,
    /// `raw-html`: how HTML in a text is treated.
    pub raw_html: RawHtml,
    /// `withheld-reply`: what an edition does that withholds a reply and publishes the accusation.
    pub withheld_reply: WithheldReply,
    /// `tlp`: the highest TLP level that the book can contain.
    pub tlp: Option<Tlp>,
    /// Where `tlp` is set.
    pub tlp_place: Option<Place>,
    /// `[whosaid.lints]`: levels that differ from a code's own; see [`Config::level`].
    pub lints: BTreeMap<Code, Level>,
    /// `as-of`: the last day of the record.
    pub as_of: Option<PartialDate>,
    /// `drafts`: publish drafts.
    pub drafts: bool,
    /// `contact`: a `mailto:` or http(s) URL for corrections and replies.
    pub contact: Option<String>,
    /// `footer`: plain text in the footer of every page.
    pub footer: Option<String>,
    /// `[preprocessor.*]`: the programs that the book wants to run, by name.
    pub plugins: Vec<Plugin>,
    /// `allow-plugins`: the preprocessors that the book asks to run. Only the user can give
    /// permission to run them.
    pub allow_plugins: Option<Vec<String>>,
    /// `plugin-seconds`: the time limit of each.
    pub plugin_seconds: usize,
    /// `editor`: the link that opens a place in the author's editor, for `serve`.
    pub editor: Option<String>,
    /// `search`, or else `[output.html.search] enable`: the site has a search page.
    pub search: bool,
    /// `exports`: the export formats that are published with the site, each once.
    pub exports: Vec<Export>,
    /// `license`: the license of the data, such as `CC-BY-4.0`.
    pub license: Option<String>,
    /// `license-url`: the URL of the license.
    pub license_url: Option<String>,
    /// `feeds`: the site has feeds, if `site-url` is absolute.
    pub feeds: bool,
    /// `[whosaid.sites]`: other sites that can be mentioned, by the book's names for them.
    pub sites: IndexMap<String, Neighbor>,
    /// `cards`: briefings and claims have preview images, if `site-url` is absolute.
    pub cards: bool,
    /// `card-fonts`: font files relative to the book, for characters that the embedded fonts do not
    /// have.
    pub card_fonts: Vec<SitePath>,
    /// `[whosaid.extra]`: the author's own keys, for templates.
    pub extra: Extra,
}

/// The settings for code blocks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listings {
    /// The prefix of hidden lines, by language.
    pub hidelines: BTreeMap<String, String>,
    /// True if Rust blocks get a hidden `fn main`, as for a playground.
    pub wrap_rust_main: bool,
    /// True if a block marked `editable` is not changed.
    pub edits_rust: bool,
}

impl Listings {
    /// The default in an annotated book.
    pub const PLAIN: Listings = Listings {
        hidelines: BTreeMap::new(),
        wrap_rust_main: false,
        edits_rust: false,
    };
}

/// A redirect from an old address.
#[derive(Debug, Clone, PartialEq)]
pub struct Redirect {
    /// The new address; `None` if only anchors have moved.
    pub to: Option<String>,
    /// Anchors that have moved, with their targets.
    pub anchors: IndexMap<String, String>,
    /// Its place in `book.toml`.
    pub place: Place,
}

/// Another site that can be mentioned.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbor {
    /// Its absolute URL, or the path of its inventory or of the folder that contains it.
    pub address: String,
    /// Its place in `book.toml`.
    pub place: Place,
}

impl Neighbor {
    /// The folder of the inventories, relative to that of the book.
    pub const FOLDER: &'static str = "sites";

    /// Returns the inventory file of the site `name`, relative to the folder of the book.
    pub fn file(name: &str) -> SitePath {
        SitePath::known(&format!("{}/{name}.json", Neighbor::FOLDER))
    }

    /// Returns its URL, if the book gives one.
    pub fn web(&self) -> Option<&str> {
        let is_web = ["https://", "http://"].iter();
        let mut is_web = is_web.filter(|scheme| self.address.starts_with(**scheme));
        is_web.next().map(|_| self.address.as_str())
    }
}

/// How raw HTML in a text is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RawHtml {
    /// Elements on a fixed list are parsed and written again; the rest is shown as text.
    Basic,
    /// All HTML is kept, for books from mdBook whose authors are all trusted.
    Allow,
    /// All of it is shown as text.
    Escape,
}

/// What happens if an edition publishes an accusation whose reply is above its TLP level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WithheldReply {
    /// It is an error, and there is no site.
    Error,
    /// The page says that a reply is recorded and withheld, and nothing more.
    Say,
}

/// The direction of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextDirection {
    /// From left to right: `ltr`.
    LeftToRight,
    /// From right to left: `rtl`.
    RightToLeft,
}

impl Config {
    /// Returns the preprocessors that the book asks to run: those of `allow-plugins`, or all if the
    /// key is missing.
    pub fn wanted_plugins(&self) -> impl Iterator<Item = &Plugin> {
        let wanted = self.allow_plugins.as_ref();
        self.plugins.iter().filter(move |plugin| {
            plugin.is_for_html() && wanted.is_none_or(|names| names.contains(&plugin.name))
        })
    }

    /// Returns the level of a code in this book.
    pub fn level(&self, code: Code) -> Level {
        self.lints
            .get(&code)
            .copied()
            .unwrap_or_else(|| code.level())
    }

    /// Returns the text folder: as set; else the whole folder if it is a vault; else `content` if
    /// the book has it; else mdBook's `src`.
    pub fn source_folder(&self, has_content: bool, is_vault: bool) -> SitePath {
        let usual = || match (is_vault && self.obsidian != Some(false), has_content) {
            (true, _) => SitePath::root(),
            (false, true) => SitePath::known("content"),
            (false, false) => SitePath::known("src"),
        };
        self.src.clone().unwrap_or_else(usual)
    }

    /// Returns `site-url` with a final slash if it is an absolute URL, which feeds, the sitemap and
    /// previews need.
    pub fn whole_site_url(&self) -> Option<String> {
        let url = self.site_url.as_deref()?;
        let is_whole = url.contains("://");
        is_whole.then(|| format!("{}/", url.trim_end_matches('/')))
    }

    /// Returns the direction of the text: as set, or that of its language.
    pub fn direction(&self) -> TextDirection {
        self.text_direction
            .unwrap_or(match direction_of(&self.language) {
                Direction::RightToLeft => TextDirection::RightToLeft,
                Direction::LeftToRight | Direction::Auto => TextDirection::LeftToRight,
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
            build_dir_place: None,
            smart_punctuation: true,
            definition_lists: true,
            admonitions: true,
            site_url: None,
            hash_files: true,
            cname: None,
            input_404: Some(SitePath::known("404.md")),
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
                wrap_rust_main: true,
                edits_rust: false,
            },
            names_theme: false,
            create_missing: true,
            expand_includes: true,
            readme_is_index: true,
            is_annotated: false,
            print_enabled: None,
            print_breaks: true,
            actors: SitePath::known("actors"),
            claims: SitePath::known("claims"),
            sources: SitePath::known("sources"),
            bibliography: Vec::new(),
            bibliography_place: None,
            autolink: false,
            wikilinks: true,
            obsidian: None,
            raw_html: RawHtml::Basic,
            withheld_reply: WithheldReply::Error,
            tlp: None,
            tlp_place: None,
            lints: BTreeMap::new(),
            as_of: None,
            drafts: false,
            search: true,
            contact: None,
            footer: None,
            plugins: Vec::new(),
            allow_plugins: None,
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

impl WithheldReply {
    const WORDS: &[&str] = &["error", "say"];

    fn parse(word: &str) -> Option<WithheldReply> {
        match word {
            "error" => Some(WithheldReply::Error),
            "say" => Some(WithheldReply::Say),
            _ => None,
        }
    }
}

impl RawHtml {
    /// All words of `raw-html`.
    pub const WORDS: &[&str] = &["basic", "allow", "escape"];

    /// Returns the setting for a word of `raw-html`; the command line also uses it.
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

    /// Returns the value of HTML's `dir` attribute.
    pub fn word(self) -> &'static str {
        match self {
            TextDirection::LeftToRight => "ltr",
            TextDirection::RightToLeft => "rtl",
        }
    }
}

/// The tables of a `book.toml`.
const TABLES: [&str; 6] = ["book", "build", "rust", "preprocessor", "output", "whosaid"];

fn too_large(path: &SitePath, size: usize) -> Diagnostic {
    Diagnostic::new(
        Code::UnreadableConfig,
        Place::whole(path),
        format!("`{}` is too large: {size} bytes", path.name()),
    )
    .label(format!("the maximum is {} MiB", LARGEST / 1024 / 1024))
    .hint("check that this file is the configuration of a book")
}

fn not_toml(path: &SitePath, text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(0..0);
    let span = span.start.min(text.len())..span.end.min(text.len());
    let reason = error.message().replace('\n', ", ");
    Diagnostic::new(
        Code::UnreadableConfig,
        SourceMap::new(path).place(Span::new(span)),
        format!("`{}` is not valid TOML: {reason}", path.name()),
    )
    .label("parsing stops here; all settings have their defaults")
}

#[cfg(test)]
mod tests;
