//! Code highlighting at build time, as a dozen short classes.
//!
//! syntect's own class output is thirty times its source; scopes are mapped to twelve classes
//! here, and equal neighbors are merged. A language is loaded when its first block appears, and a
//! block is paid for once however often it stands in the book.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::escape_text;

/// What the blocks of one page may cost together; see [`cost`]. It is some four seconds at worst.
/// 14,000 lines of sixty characters have it, or one line of seven thousand.
pub const EFFORT: u64 = 50_000_000;

/// What highlighting costs: for each line the square of its length in bytes. Grammars look ahead
/// from each place to the end of the line, and again from the next.
pub fn cost(code: &str) -> u64 {
    let squares = code.lines().map(|line| (line.len() as u64).pow(2));
    squares.sum()
}

/// The highlighting of one page: when [`EFFORT`] is spent, code is left plain.
pub struct Highlighting<'a> {
    highlighter: &'a Highlighter,
    left: Cell<u64>,
}

impl<'a> Highlighting<'a> {
    pub fn new(highlighter: &'a Highlighter) -> Highlighting<'a> {
        Highlighting {
            highlighter,
            left: Cell::new(EFFORT),
        }
    }

    /// `code` as HTML: with classes where `language` is known, else only escaped.
    pub fn html(&self, language: &str, code: &str) -> Arc<str> {
        if syntax(language).is_none() {
            return self.highlighter.html("", code);
        }
        match self.left.get().checked_sub(cost(code)) {
            Some(left) => {
                self.left.set(left);
                self.highlighter.html(language, code)
            }
            None => self.highlighter.html("", code),
        }
    }
}

/// The language and text of a block.
type Block = (Box<str>, Box<str>);

/// The most blocks that are kept of runs that are over.
const KEPT: usize = 10_000;

/// The blocks highlighted so far.
///
/// Those that a run did not ask for are dropped at the end of the next.
#[derive(Default)]
pub struct Highlighter {
    done: Mutex<Done>,
}

#[derive(Default)]
struct Done {
    now: HashMap<Block, Arc<str>>,
    before: HashMap<Block, Arc<str>>,
}

impl Highlighter {
    /// `code` as HTML: with classes where `language` is known, else only escaped.
    pub fn html(&self, language: &str, code: &str) -> Arc<str> {
        let key = (language.into(), code.into());
        if let Some(html) = self.done().get(&key) {
            return html;
        }
        // Not under the lock: others have code of their own to highlight.
        let html: Arc<str> = highlight(language, code).into();
        self.done().now.entry(key).or_insert(html).clone()
    }

    /// Ends a run that asked for every block of the book.
    pub fn turn(&self) {
        let mut done = self.done();
        done.before = std::mem::take(&mut done.now);
    }

    /// Ends a run that asked for some blocks only: nothing is dropped until there is much.
    pub fn turn_if_large(&self) {
        if self.done().now.len() > KEPT {
            self.turn();
        }
    }

    fn done(&self) -> MutexGuard<'_, Done> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Done {
    fn get(&mut self, key: &Block) -> Option<Arc<str>> {
        if let Some(html) = self.now.get(key) {
            return Some(html.clone());
        }
        let (key, html) = self.before.remove_entry(key)?;
        self.now.insert(key, html.clone());
        Some(html)
    }
}

fn highlight(language: &str, code: &str) -> String {
    let mut html = String::with_capacity(code.len() * 2);
    let syntax = match holds_javascript(code) {
        true => None,
        false => syntax(language),
    };
    let Some(syntax) = syntax else {
        escape_text(code, &mut html);
        return html;
    };
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut class = "";
    for line in code.split_inclusive('\n') {
        let Ok(ops) = state.parse_line(line, syntaxes()) else {
            write_piece(line, "", &mut class, &mut html);
            continue;
        };
        let mut from = 0;
        for (at, op) in ops {
            let here = class_of(&stack);
            write_piece(
                line.get(from..at).unwrap_or(""),
                here,
                &mut class,
                &mut html,
            );
            from = at;
            if stack.apply(&op).is_err() {
                stack = ScopeStack::new();
            }
        }
        let here = class_of(&stack);
        write_piece(line.get(from..).unwrap_or(""), here, &mut class, &mut html);
    }
    if !class.is_empty() {
        html.push_str("</span>");
    }
    html
}

/// Writes a piece, closing and opening spans only where the class changes.
fn write_piece(piece: &str, class: &'static str, open: &mut &'static str, html: &mut String) {
    if piece.is_empty() {
        return;
    }
    // White space has no color, so it never ends a span.
    let class = if piece.trim().is_empty() {
        *open
    } else {
        class
    };
    if class != *open {
        if !open.is_empty() {
            html.push_str("</span>");
        }
        if !class.is_empty() {
            html.push_str("<span class=\"");
            html.push_str(class);
            html.push_str("\">");
        }
        *open = class;
    }
    escape_text(piece, html);
}

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

fn syntax(language: &str) -> Option<&'static SyntaxReference> {
    if language.is_empty() || matches!(language, "text" | "txt" | "plain" | "plaintext") {
        return None;
    }
    let found = syntaxes().find_syntax_by_token(language)?;
    match found.name.starts_with("JavaScript") {
        // The grammar of JavaScript never ends on some comments, `a /* b` for one; the one of
        // TypeScript does, and colors it as well.
        true => syntaxes().find_syntax_by_name("TypeScript"),
        false => Some(found),
    }
}

/// Whether another grammar may hand a comment over to the one of JavaScript.
fn holds_javascript(code: &str) -> bool {
    let has = |wanted: &str| {
        let windows = code.as_bytes().windows(wanted.len());
        windows
            .into_iter()
            .any(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    code.contains("/*") && (has("<script") || has("```j") || has("~~~j"))
}

/// The class of the innermost scope that has one.
fn class_of(stack: &ScopeStack) -> &'static str {
    static CLASSES: OnceLock<Vec<(Scope, &'static str)>> = OnceLock::new();
    let classes = CLASSES.get_or_init(|| {
        let table = [
            ("comment", "h-com"),
            ("string", "h-str"),
            ("constant.numeric", "h-num"),
            ("constant.character.escape", "h-esc"),
            ("constant", "h-con"),
            ("keyword", "h-kw"),
            ("storage", "h-kw"),
            ("entity.name.function", "h-fn"),
            ("support.function", "h-fn"),
            ("entity.name.tag", "h-tag"),
            ("entity.other.attribute-name", "h-att"),
            ("entity.name", "h-ty"),
            ("support", "h-ty"),
            ("variable", "h-var"),
            ("invalid", "h-err"),
        ];
        let scope = |(name, class)| Some((Scope::new(name).ok()?, class));
        table.into_iter().filter_map(scope).collect()
    });
    stack
        .scopes
        .iter()
        .rev()
        .find_map(|scope| {
            classes
                .iter()
                .find(|(prefix, _)| prefix.is_prefix_of(*scope))
        })
        .map_or("", |(_, class)| class)
}
