//! The template translator: Tera in, Rust out.
//!
//! The default templates exist once, as Tera, and most books use them unchanged. Rendering them
//! with Tera took 45 % of a build. So `build.rs` translates them to functions that read the views
//! directly, without converting them to Tera's values. `src/theme` uses these functions for pages
//! of which a book overrides nothing, and Tera for all others.
//!
//! The translator supports the constructs that the default templates use. It rejects all others
//! with template and line, so it never guesses. It reads the types of fields from the views in
//! `src/page`, so a template with an unknown field is a compile-time error.

mod ast;
mod code;
mod dependencies;
mod expressions;
pub mod lexer;
mod names;
mod nodes;
mod pages;
mod parser;
mod types;
mod views;

use std::collections::BTreeMap;
use std::fmt;

/// Why the templates cannot be translated.
#[derive(Debug, PartialEq)]
pub struct Fault {
    /// The file, relative to the repository root.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

type Outcome<T> = Result<T, Fault>;

/// Translates templates to one Rust module.
///
/// `templates` are texts by name relative to the templates folder; `sources` are the texts of the
/// files that define the views, by path.
///
/// # Errors
/// Returns the first construct that is unknown or does not match the views.
pub fn translate(
    templates: &BTreeMap<String, String>,
    sources: &BTreeMap<String, String>,
) -> Outcome<String> {
    let views = views::read(sources)?;
    let mut parsed = BTreeMap::new();
    for (name, text) in templates {
        parsed.insert(name.clone(), parser::parse(name, text)?);
    }
    pages::write(&parsed, &views)
}
