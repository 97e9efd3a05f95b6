//! The settings of a build: `book.toml` with the options of the run.

use super::book_files::not_utf8;
use super::{Inputs, fixed};
use crate::config::{Config, RawHtml};
use crate::diag::Diagnostic;
use crate::model::Dialect;
use crate::parse::Reading;
use crate::text::SitePath;

/// Returns `book.toml` with the settings of the environment.
pub fn config(inputs: &Inputs, diagnostics: &mut Vec<Diagnostic>) -> Config {
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
            diagnostics.push(not_utf8(&path, error.valid_up_to()));
            Config::default()
        }
    }
}

/// Returns the settings that parsing depends on.
pub fn reading(inputs: &Inputs, config: &Config, dialect: Dialect) -> Reading {
    Reading {
        dialect,
        annotated: dialect == Dialect::Annotated,
        wikilinks: config.wikilinks,
        smart_punctuation: config.smart_punctuation,
        definition_lists: config.definition_lists,
        alerts: config.admonitions,
        is_vault: is_vault(inputs, config),
    }
}

/// Returns what is done with raw HTML: as the options of the run say, else as the book says.
pub fn raw_html(inputs: &Inputs, config: &Config) -> RawHtml {
    inputs.options.raw_html.unwrap_or(config.raw_html)
}

/// True if the whole folder of the book is an Obsidian vault.
fn is_vault_itself(inputs: &Inputs) -> bool {
    inputs.options.vault.as_ref().is_some_and(SitePath::is_root)
}

/// True if the texts are notes of a vault.
pub fn is_vault(inputs: &Inputs, config: &Config) -> bool {
    config.obsidian.unwrap_or(inputs.options.vault.is_some())
}

/// Returns the text folder.
pub fn source(inputs: &Inputs, config: &Config) -> SitePath {
    let content = fixed("content");
    let mut files = inputs.files.keys();
    let has_content = files.any(|path| path.below(&content).is_some());
    config.source_folder(has_content, is_vault_itself(inputs))
}
