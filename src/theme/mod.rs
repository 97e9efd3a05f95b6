//! Renders views with templates.
//!
//! The default theme is embedded; a book's own files take precedence by name. Templates see only
//! their view: no function or filter reaches the site, which makes the cache sound.
//!
//! The default templates are also translated to Rust when the program is compiled (`theme::compiled`). A
//! page is rendered by this translation if the book overrides nothing that the page depends on, and
//! by Tera otherwise. Both give the same bytes.

mod compiled;
mod defaults;
mod value;
mod write;

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};

use tera::{Context, ErrorKind, Tera};

use crate::diag::{Code, Diagnostic};
use crate::page::{Page, View};
use crate::text::{Markup, Place, SitePath, SourceMap, Span, escaped, nearest};
pub use defaults::{LOADED, STATIC, TEMPLATES, published};

/// The folder of a book's own templates.
pub const FOLDER: &str = "templates";

/// The prefixes of template names in Tera, the book's own first.
const OWN: &str = "own/";
const DEFAULT: &str = "default/";

/// The maximum capacity of the buffer that a thread keeps, in bytes.
const ROOM_KEPT: usize = 1 << 20;

/// The templates of a book, compiled once.
pub struct Theme {
    /// Parsed on first use, if the book has no templates of its own.
    tera: OnceLock<Tera>,
    /// The book's own templates, by name relative to the templates folder.
    own: BTreeMap<String, Arc<str>>,
    /// The templates that are rendered by their translation, because the book overrides nothing of
    /// them.
    translated: HashSet<&'static str>,
}

impl Theme {
    /// Creates the theme of a book: the default one, with the book's own templates.
    ///
    /// A template that cannot be parsed is reported and left out, so that the default one is used.
    pub fn new(own: &BTreeMap<String, Arc<str>>) -> (Theme, Vec<Diagnostic>) {
        let mut diagnostics: Vec<Diagnostic> = own
            .keys()
            .filter(|name| is_stray(name, own))
            .map(|name| unknown_template(name))
            .collect();
        let mut kept = own.clone();
        let tera = OnceLock::new();
        while !kept.is_empty() {
            match load(&kept) {
                Ok(read) => {
                    let _ = tera.set(read);
                    break;
                }
                Err(error) => {
                    let (name, diagnostic) = broken(&error, &kept);
                    diagnostics.push(diagnostic);
                    // Without the invalid template, or without all of them if it cannot be
                    // identified.
                    match name.and_then(|name| kept.remove(&name)) {
                        Some(_) => {}
                        None => kept.clear(),
                    }
                }
            }
        }
        let translated = translated(&kept);
        let theme = Theme {
            tera,
            own: kept,
            translated,
        };
        (theme, diagnostics)
    }

    /// True if the book overrides nothing that the pages of this template depend on; they cannot
    /// fail then.
    pub fn is_default(&self, template: &str) -> bool {
        self.translated.contains(template)
    }

    fn tera(&self) -> &Tera {
        // The book's templates are parsed at once, so these are the default ones, which a test
        // checks.
        self.tera
            .get_or_init(|| load(&BTreeMap::new()).expect("the default theme compiles"))
    }

    /// Returns the content security policy of all pages, as in the base template.
    pub fn policy(&self) -> Option<&str> {
        const BASE: &str = "base.html";
        let default = TEMPLATES.iter().find(|(name, _)| *name == BASE);
        let own = self.own.get(BASE).map(AsRef::as_ref);
        let base = own.or(default.map(|(_, text)| *text))?;
        let (_, rest) = base.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
        let (policy, _) = rest.split_once('"')?;
        // A policy with a placeholder differs between pages.
        (!policy.contains("{{")).then_some(policy)
    }

    /// Renders the page.
    ///
    /// # Errors
    /// Returns a diagnostic that names the template.
    pub fn render(&self, page: &Page) -> Result<Arc<[u8]>, Box<Diagnostic>> {
        if !self.is_default(page.view.template()) {
            return self.interpret(page);
        }
        render_translated(&page.view).or_else(|write::Undecided| {
            let interpreted = self.interpret(page);
            // Tera would render such pages more slowly, and no one would notice.
            debug_assert!(interpreted.is_err(), "{}: undecided", page.address);
            interpreted
        })
    }

    /// Renders the page with Tera.
    fn interpret(&self, page: &Page) -> Result<Arc<[u8]>, Box<Diagnostic>> {
        thread_local! {
            /// A buffer for rendering, to avoid an allocation that grows for each page.
            static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let template = page.view.template();
        let context = context(&page.view);
        let rendered = ROOM.with_borrow_mut(|room| {
            let written = self.tera().render_to(template, &context, &mut *room);
            let bytes = written.map(|()| Arc::from(room.as_slice()));
            room.clear();
            room.shrink_to(ROOM_KEPT);
            bytes
        });
        match rendered {
            Ok(html) => Ok(html),
            Err(error) => {
                let (_, diagnostic) = broken(&error, &self.own);
                let address = &page.address;
                let hint = format!("while rendering `{address}` with `{template}`");
                Err(Box::new(diagnostic.hint(hint)))
            }
        }
    }
}

/// Renders a view with the translation of its default template.
fn render_translated(view: &View) -> Result<Arc<[u8]>, write::Undecided> {
    thread_local! {
        static ROOM: RefCell<String> = const { RefCell::new(String::new()) };
    }
    ROOM.with_borrow_mut(|room| {
        let written = compiled::render(view, room);
        let bytes = written.map(|()| Arc::from(room.as_bytes()));
        room.clear();
        room.shrink_to(ROOM_KEPT);
        bytes
    })
}

/// Returns the templates whose translation can be used: those that depend on none of the book's
/// templates and call none of its components.
fn translated(own: &BTreeMap<String, Arc<str>>) -> HashSet<&'static str> {
    let components: HashSet<&str> = own.values().flat_map(|text| components(text)).collect();
    let is_default = |page: &&write::MadeOf| {
        !page.files.iter().any(|file| own.contains_key(*file))
            && !page.components.iter().any(|name| components.contains(name))
    };
    let pages = compiled::PAGES.iter().filter(is_default);
    pages.map(|page| page.template).collect()
}

/// Returns the names of the components that a template defines. Components in comments are
/// included, which only costs time.
fn components(text: &str) -> impl Iterator<Item = &str> {
    let tags = text.split("{%").skip(1);
    tags.filter_map(|tag| {
        let tag = tag.strip_prefix('-').unwrap_or(tag).trim_start();
        let (name, _) = tag.strip_prefix("component")?.split_once('(')?;
        Some(name.trim())
    })
}

/// Tera with the one escaper of the program, which also replaces control characters.
fn new() -> Tera {
    let mut tera = Tera::new();
    tera.set_escape_fn(|text, output| {
        output.write_all(escaped(text, Markup::Attribute).as_bytes())
    });
    tera
}

fn load(own: &BTreeMap<String, Arc<str>>) -> Result<Tera, tera::Error> {
    let mut tera = new();
    tera.set_fallback_prefixes([OWN, DEFAULT])?;
    let defaults = TEMPLATES
        .iter()
        .map(|(name, text)| (format!("{DEFAULT}{name}"), *text));
    let own = own
        .iter()
        .map(|(name, text)| (format!("{OWN}{name}"), text.as_ref()));
    tera.add_raw_templates(defaults.chain(own))?;
    Ok(tera)
}

/// Returns the fields of a view as variables for its template.
fn context(view: &View) -> Context {
    let mut context = Context::new();
    let fields = value::of(view)
        .into_map()
        .expect("a view is a struct with named fields");
    for (name, field) in fields {
        context.insert_value(name.to_string(), field);
    }
    context
}

/// True if no template of the theme has this name and none of the book's own uses it.
fn is_stray(name: &str, own: &BTreeMap<String, Arc<str>>) -> bool {
    let known = TEMPLATES.iter().any(|(known, _)| *known == name);
    let quoted = [format!("\"{name}\""), format!("'{name}'")];
    let used = own.iter().any(|(other, text)| {
        other != name && quoted.iter().any(|quoted| text.contains(quoted.as_str()))
    });
    let is_component = own
        .get(name)
        .is_some_and(|text| text.contains("{% component") || text.contains("{%- component"));
    !known && !used && !is_component
}

/// Returns the diagnostic for a template error, with the template of the book that caused it.
#[allow(clippy::wildcard_enum_match_arm, reason = "an enum of tera")]
fn broken(error: &tera::Error, own: &BTreeMap<String, Arc<str>>) -> (Option<String>, Diagnostic) {
    let (file, message, range) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => (
            report.filename().to_string(),
            report.message().to_string(),
            report.span().range.clone(),
        ),
        _ => {
            let text = error.to_string();
            // Errors about unknown filters and components are rendered text, which names the file.
            let at = own
                .keys()
                .find(|name| text.contains(&format!("{OWN}{name}")));
            let first = text
                .lines()
                .find(|line| !line.trim().is_empty())
                .unwrap_or("")
                .to_string();
            (
                at.map(|name| format!("{OWN}{name}")).unwrap_or_default(),
                first,
                0..0,
            )
        }
    };
    let name = file.strip_prefix(OWN).map(str::to_string);
    let shown = name
        .as_deref()
        .or(file.strip_prefix(DEFAULT))
        .unwrap_or(&file);
    let shown = if shown.is_empty() { "base.html" } else { shown };
    let length = name
        .as_ref()
        .and_then(|name| own.get(name))
        .map_or(0, |text| text.len());
    let range = if range.end <= length { range } else { 0..0 };
    let place = SourceMap::new(&template_path(shown)).place(Span::new(range));
    let message = steady(
        message
            .trim_start_matches("error:")
            .trim()
            .trim_end_matches('.'),
    );
    let diagnostic = Diagnostic::new(
        Code::BrokenTemplate,
        place,
        format!("cannot render the template `{shown}`"),
    )
    .label(message);
    (name.filter(|name| own.contains_key(name)), diagnostic)
}

/// Sorts the lists of names in a message, because Tera takes them from hash maps.
fn steady(message: &str) -> String {
    let mut pieces: Vec<&str> = message.split('`').collect();
    let mut from = 1;
    while from < pieces.len() {
        let mut names = vec![pieces[from]];
        while pieces.get(from + names.len() * 2 - 1) == Some(&", ")
            && from + names.len() * 2 < pieces.len()
        {
            names.push(pieces[from + names.len() * 2]);
        }
        names.sort_unstable();
        for (at, name) in names.iter().enumerate() {
            pieces[from + at * 2] = name;
        }
        from += names.len() * 2;
    }
    pieces.join("`")
}

fn unknown_template(name: &str) -> Diagnostic {
    let known = TEMPLATES.iter().map(|(name, _)| *name);
    let hint = match nearest(name, known) {
        Some(near) => format!("did you mean `{FOLDER}/{near}`?"),
        None => {
            "give it the name of a template of the theme, or include it from a template".to_string()
        }
    };
    let place = Place::whole(&template_path(name));
    Diagnostic::new(
        Code::UnknownTemplate,
        place,
        format!("unknown template `{name}`"),
    )
    .label("no template of the theme has this name, and none includes it")
    .hint(hint)
}

fn template_path(name: &str) -> SitePath {
    SitePath::known(&format!("{FOLDER}/{name}"))
}

#[cfg(test)]
mod tests;
