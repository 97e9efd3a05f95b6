//! Code highlighting at build time, with a dozen short classes.
//!
//! The class output of syntect is thirty times as long as its source. So scopes are mapped to
//! twelve classes here, and adjacent spans of one class are merged. A language is loaded when its
//! first block appears, and equal blocks are highlighted once.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::escape_text;

/// The maximum total [`cost`] of the blocks of one page. It takes about four seconds in the worst
/// case: 14,000 lines of sixty characters, or one line of seven thousand.
pub const EFFORT: u64 = 50_000_000;

/// The estimated cost of highlighting: the sum of the squared line lengths in bytes, because
/// grammars search from each position to the end of the line, and again from the next one.
pub fn cost(code: &str) -> u64 {
    let squares = code.lines().map(|line| (line.len() as u64).pow(2));
    squares.sum()
}

/// The highlighting of one page: when [`EFFORT`] is used up, code stays plain.
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

    /// Returns `code` as HTML: with classes if `language` is known, otherwise only escaped.
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

/// The language and the text of a block.
type Block = (Box<str>, Box<str>);

/// The maximum number of blocks that are kept from earlier runs.
const KEPT: usize = 10_000;

/// A cache of highlighted blocks.
///
/// Blocks that a run does not use are dropped at the end of the next run.
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
    /// Returns `code` as HTML: with classes if `language` is known, otherwise only escaped.
    pub fn html(&self, language: &str, code: &str) -> Arc<str> {
        let key = (language.into(), code.into());
        if let Some(html) = self.done().get(&key) {
            return html;
        }
        // The lock is not held here, so that other threads can highlight in parallel.
        let html: Arc<str> = highlight(language, code).into();
        self.done().now.entry(key).or_insert(html).clone()
    }

    /// Ends a run that used every block of the book.
    pub fn turn(&self) {
        let mut done = self.done();
        done.before = std::mem::take(&mut done.now);
    }

    /// Ends a run that used only some blocks: nothing is dropped unless the cache is large.
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
    let syntax = if holds_javascript(code) {
        None
    } else {
        syntax(language)
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

/// Writes a span of text, and opens and closes elements only if the class changes.
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
    if found.name.starts_with("JavaScript") {
        syntaxes().find_syntax_by_name("TypeScript")
    } else {
        Some(found)
    }
}

/// True if another grammar can pass a comment to the JavaScript grammar.
fn holds_javascript(code: &str) -> bool {
    let has = |wanted: &str| {
        let windows = code.as_bytes().windows(wanted.len());
        windows
            .into_iter()
            .any(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
    };
    code.contains("/*") && (has("<script") || has("```j") || has("~~~j"))
}

/// Returns the class of the innermost scope that has one.
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
