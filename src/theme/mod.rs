//! A view through a template becomes a page.
//!
//! The default theme is embedded; a book's own files win name by name. Templates see nothing but
//! their view: no function or filter here reaches the site, which is what makes the cache sound.

mod defaults;
mod value;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Context, ErrorKind, Tera};

use crate::diag::{Code, Diagnostic};
use crate::page::{Page, View};
use crate::text::{Place, SitePath, Span, nearest};
pub use defaults::{LOADED, STATIC, TEMPLATES, published};

/// The folder of a book's own templates.
pub const FOLDER: &str = "templates";

/// Prefixes under which templates are kept, the book's own first.
const OWN: &str = "own/";
const DEFAULT: &str = "default/";

/// Bytes of room that a thread keeps from one page to the next.
const ROOM_KEPT: usize = 1 << 20;

/// The templates of a book, compiled once.
pub struct Theme {
    tera: Tera,
    /// The book's own templates, by name below the templates folder.
    own: BTreeMap<String, Arc<str>>,
}

impl Theme {
    /// The theme of a book: the default one, with the book's own templates over it.
    ///
    /// A template that cannot be read is said and left out, so that the default one shows.
    pub fn new(own: &BTreeMap<String, Arc<str>>) -> (Theme, Vec<Diagnostic>) {
        let mut diagnostics: Vec<Diagnostic> = own
            .keys()
            .filter(|name| is_stray(name, own))
            .map(|name| unknown_template(name))
            .collect();
        let mut kept = own.clone();
        loop {
            match load(&kept) {
                Ok(tera) => return (Theme { tera, own: kept }, diagnostics),
                Err(error) => {
                    let (name, diagnostic) = broken(&error, &kept);
                    diagnostics.push(diagnostic);
                    // Without the template at fault, or without any where it cannot be told.
                    match name.and_then(|name| kept.remove(&name)) {
                        Some(_) => {}
                        None if kept.is_empty() => panic!("the default theme compiles: {error}"),
                        None => kept.clear(),
                    }
                }
            }
        }
    }

    /// The content policy that every page states, as the skeleton has it.
    pub fn policy(&self) -> Option<&str> {
        const BASE: &str = "base.html";
        let default = TEMPLATES.iter().find(|(name, _)| *name == BASE);
        let own = self.own.get(BASE).map(AsRef::as_ref);
        let base = own.or(default.map(|(_, text)| *text))?;
        let (_, rest) = base.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
        let (policy, _) = rest.split_once('"')?;
        // What is made page by page holds for none of the others.
        (!policy.contains("{{")).then_some(policy)
    }

    /// The page as bytes.
    ///
    /// # Errors
    /// A diagnostic that names the template at fault.
    pub fn render(&self, page: &Page) -> Result<Arc<[u8]>, Box<Diagnostic>> {
        thread_local! {
            /// Room for a page in the making: each would ask for it anew, and outgrow it.
            static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        let template = page.view.template();
        let context = context(&page.view);
        let rendered = ROOM.with_borrow_mut(|room| {
            let written = self.tera.render_to(template, &context, &mut *room);
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
                let hint = format!("it was rendering `{address}` by `{template}`");
                Err(Box::new(diagnostic.hint(hint)))
            }
        }
    }
}

fn load(own: &BTreeMap<String, Arc<str>>) -> Result<Tera, tera::Error> {
    let mut tera = Tera::new();
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

/// The fields of a view, as names that its template sees.
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

/// Whether no template of the theme has this name and none of the book's own names it.
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

/// What a template error means for the author, and which own template it is in.
fn broken(error: &tera::Error, own: &BTreeMap<String, Arc<str>>) -> (Option<String>, Diagnostic) {
    let (file, message, range) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => (
            report.filename().to_string(),
            report.message().to_string(),
            report.span().range.clone(),
        ),
        _ => {
            let text = error.to_string();
            // Unknown filters and components come as rendered text, which names the file.
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
    let place = Place::new(&template_path(shown), Span::new(range));
    let message = steady(
        message
            .trim_start_matches("error:")
            .trim()
            .trim_end_matches('.'),
    );
    let diagnostic = Diagnostic::new(
        Code::BrokenTemplate,
        place,
        format!("the template `{shown}` cannot be rendered"),
    )
    .label(message);
    (name.filter(|name| own.contains_key(name)), diagnostic)
}

/// The message with its lists of names in order: Tera takes them from hash maps.
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
        None => "name it after a template of the theme, or include it from one".to_string(),
    };
    let place = Place::new(&template_path(name), Span::default());
    Diagnostic::new(
        Code::UnknownTemplate,
        place,
        format!("the theme has no template `{name}`"),
    )
    .label("nothing uses this file")
    .hint(hint)
}

fn template_path(name: &str) -> SitePath {
    SitePath::new(&format!("{FOLDER}/{name}"))
        .expect("names of templates are paths below their folder")
}

#[cfg(test)]
mod tests;
