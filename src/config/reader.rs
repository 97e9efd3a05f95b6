//! Reads values of the expected type and reports the others.

use toml::Spanned;
use toml::de::DeValue;

use super::table::{Entry, Table};
use crate::diag::{Code, Diagnostic};
use crate::model::{DateFault, Extra, PartialDate};
use crate::text::{Place, SitePath, SourceMap, Span, nearest};

/// Reads values of the expected type and collects a diagnostic for each other one.
///
/// All methods return `None` both for a missing key and for a reported value, so that callers only
/// need to check whether there is a value.
pub(super) struct Reader<'a> {
    file: &'a SitePath,
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
}

/// A closed list of words with their meanings.
#[derive(Clone, Copy)]
pub(super) struct Choice<T> {
    pub words: &'static [&'static str],
    pub parse: fn(&str) -> Option<T>,
}

impl<'a> Reader<'a> {
    pub fn new(file: &'a SitePath, text: &'a str) -> Reader<'a> {
        Reader {
            file,
            text,
            diagnostics: Vec::new(),
        }
    }

    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    pub fn place(&self, span: Span) -> Place {
        SourceMap::new(self.file).place(span)
    }

    /// Reports every key of `table` that is not in `known`. Keys that begin with `x-` are the
    /// author's own.
    pub fn only_keys(&mut self, table: &Table<'_>, known: &[&str]) {
        for entry in table.entries() {
            let key = entry.key;
            if known.contains(&key) || key.starts_with("x-") {
                continue;
            }
            let (message, label) = match table.name() {
                "" => (
                    format!("unknown table or key `{key}`"),
                    "neither mdBook nor whosaid has this table or key".to_owned(),
                ),
                name => (
                    format!("unknown key `{key}` in `[{name}]`"),
                    format!("`[{name}]` has no such key"),
                ),
            };
            let meant = nearest(key, known.iter().copied());
            let hint = match retired(table.name(), key) {
                Some(hint) => Some(hint.to_owned()),
                None => meant.map(|known| format!("did you mean `{known}`?")),
            };
            self.unknown_key(entry, message, &label, hint);
        }
    }

    /// Returns the table `key` of `table`; an empty one if it does not exist.
    pub fn table(&mut self, table: &Table<'a>, key: &str) -> Table<'a> {
        let entries = table.entry(key).and_then(|entry| {
            let entries = entry.value.get_ref().as_table();
            if entries.is_none() {
                let header = format!("[{}]", table.path_of(key));
                self.wrong_kind(table, entry, "a table", &header);
            }
            entries
        });
        table.inner(key, entries)
    }

    pub fn text(&mut self, table: &Table<'a>, key: &str) -> Option<String> {
        let entry = table.entry(key)?;
        self.text_of(table, entry).map(str::to_owned)
    }

    /// Returns the text at `key`, if it is one.
    pub fn text_at(&self, table: &Table<'a>, key: &str) -> Option<&'a str> {
        table.entry(key)?.value.get_ref().as_str()
    }

    pub fn switch(&mut self, table: &Table<'a>, key: &str) -> Option<bool> {
        let entry = table.entry(key)?;
        let value = entry.value.get_ref().as_bool();
        if value.is_none() {
            self.wrong_kind(table, entry, "`true` or `false`", &format!("{key} = true"));
        }
        value
    }

    /// Reads an integer, zero or more.
    pub fn number(&mut self, table: &Table<'a>, key: &str) -> Option<usize> {
        let entry = table.entry(key)?;
        let value = entry.value.get_ref().as_integer();
        let value = value.and_then(|value| value.to_string().parse().ok());
        if value.is_none() {
            self.wrong_kind(table, entry, "a whole number", &format!("{key} = 1"));
        }
        value
    }

    /// Reads a list of texts.
    pub fn texts(&mut self, table: &Table<'a>, key: &str) -> Option<Vec<String>> {
        let texts = self.spanned_texts(table, table.entry(key)?)?;
        Some(texts.into_iter().map(|(text, _)| text.to_owned()).collect())
    }

    /// Reads a path, which cannot lead out of its folder.
    pub fn path(&mut self, table: &Table<'a>, key: &str) -> Option<SitePath> {
        let entry = table.entry(key)?;
        let text = self.text_of(table, entry)?;
        self.path_of(table, key, text, entry.span())
    }

    /// Reads a list of paths, or a single path.
    pub fn paths(&mut self, table: &Table<'a>, key: &str) -> Option<Vec<SitePath>> {
        let entry = table.entry(key)?;
        let texts = match entry.value.get_ref().as_str() {
            Some(text) => vec![(text, entry.span())],
            None => self.spanned_texts(table, entry)?,
        };
        let paths = texts
            .into_iter()
            .filter_map(|(text, span)| self.path_of(table, key, text, span));
        Some(paths.collect())
    }

    /// Reads a word of a closed list.
    pub fn word<T>(&mut self, table: &Table<'a>, key: &str, choice: Choice<T>) -> Option<T> {
        let entry = table.entry(key)?;
        self.word_of(table, entry, choice)
    }

    pub fn word_of<T>(
        &mut self,
        table: &Table<'a>,
        entry: Entry<'a>,
        choice: Choice<T>,
    ) -> Option<T> {
        let text = self.text_of(table, entry)?;
        self.chosen(table, entry.key, (text, entry.span()), choice)
    }

    /// Reads a list of words of a closed list; other words are reported and left out.
    pub fn words<T>(&mut self, table: &Table<'a>, key: &str, choice: Choice<T>) -> Option<Vec<T>> {
        let texts = self.spanned_texts(table, table.entry(key)?)?;
        let chosen = texts.into_iter().filter_map(|text| {
            let Choice { words, parse } = choice;
            self.chosen(table, key, text, Choice { words, parse })
        });
        Some(chosen.collect())
    }

    fn chosen<T>(
        &mut self,
        table: &Table<'_>,
        key: &str,
        (text, span): (&str, Span),
        choice: Choice<T>,
    ) -> Option<T> {
        let value = (choice.parse)(text);
        if value.is_none() {
            let hint = match nearest(text, choice.words.iter().copied()) {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("write one of {}", listed(choice.words)),
            };
            let message = format!("invalid value `{text}` for `{}`", table.path_of(key));
            self.unreadable(span, message, "not one of the allowed words", hint);
        }
        value
    }

    /// Reads a date, written as a text or as a TOML date.
    pub fn date(&mut self, table: &Table<'a>, key: &str) -> Option<PartialDate> {
        let entry = table.entry(key)?;
        let written = match entry.value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            DeValue::Integer(year) => year.to_string(),
            DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => {
                self.wrong_kind(table, entry, "a date", &format!("{key} = \"2021-07-19\""));
                return None;
            }
        };
        match PartialDate::parse(&written) {
            Ok(date) => Some(date),
            Err(fault) => {
                self.bad_date(table, entry, &written, fault);
                None
            }
        }
    }

    /// Reads an untyped table.
    pub fn extra(&mut self, table: &Table<'a>, key: &str) -> Extra {
        self.table(table, key).free()
    }

    /// Reads an address that a page can link to: http(s), or one of the given `schemes`.
    pub fn address(
        &mut self,
        table: &Table<'a>,
        key: &str,
        schemes: &[&str],
        example: &str,
    ) -> Option<String> {
        let entry = table.entry(key)?;
        let text = self.text_of(table, entry)?;
        if has_scheme(text, schemes) {
            return Some(text.to_owned());
        }
        let message = format!("invalid value `{text}` for `{}`", table.path_of(key));
        let hint = format!("write a URL such as `{example}`");
        self.unreadable(
            entry.span(),
            message,
            "pages cannot link to this address",
            hint,
        );
        None
    }

    /// Reads an http(s) URL, or a path that a page can link to.
    pub fn path_or_address(
        &mut self,
        table: &Table<'a>,
        entry: Entry<'a>,
        example: &str,
    ) -> Option<String> {
        let text = self.text_of(table, entry)?;
        let is_path = !text.contains([':', '\\']) && !text.chars().any(is_skipped);
        if is_path || has_scheme(text, &[]) {
            return Some(text.to_owned());
        }
        let message = format!("invalid value `{text}` for `{}`", table.path_of(entry.key));
        let label = "neither a path nor an HTTP URL";
        let hint = format!("write a path, or a URL such as `{example}`");
        self.unreadable(entry.span(), message, label, hint);
        None
    }

    /// Reports the value at `span`.
    pub fn unreadable(&mut self, span: Span, message: String, label: &str, hint: String) {
        let place = self.place(span);
        let fault = Diagnostic::new(Code::UnreadableConfig, place, message);
        self.diagnostics.push(fault.label(label).hint(hint));
    }

    /// Reports an unknown key.
    pub fn unknown_key(
        &mut self,
        entry: Entry<'_>,
        message: String,
        label: &str,
        hint: Option<String>,
    ) {
        let place = self.place(entry.key_span);
        let fault = Diagnostic::new(Code::UnknownConfigKey, place, message);
        self.diagnostics.push(fault.label(label).maybe_hint(hint));
    }

    /// Reports keys that only have a meaning in mdBook.
    pub fn idle_key(&mut self, entry: Entry<'_>, message: String, hint: Option<String>) {
        let place = self.place(entry.key_span);
        let fault = Diagnostic::new(Code::IdleConfigKey, place, message);
        let label = "only mdBook uses this key; whosaid ignores it";
        self.diagnostics.push(fault.label(label).maybe_hint(hint));
    }

    /// Reports a value that does not have the type `wanted`.
    pub fn wrong_kind(&mut self, table: &Table<'_>, entry: Entry<'_>, wanted: &str, example: &str) {
        let message = format!("`{}` must be {wanted}", table.path_of(entry.key));
        let label = format!("this is {}", kind(entry.value.get_ref()));
        let hint = format!("write `{example}`");
        self.unreadable(entry.span(), message, &label, hint);
    }

    pub fn text_of(&mut self, table: &Table<'_>, entry: Entry<'a>) -> Option<&'a str> {
        let text = entry.value.get_ref().as_str();
        if text.is_none() {
            let example = match self.scalar(entry.value) {
                Some(written) => format!("{} = \"{written}\"", entry.key),
                None => format!("{} = \"…\"", entry.key),
            };
            self.wrong_kind(table, entry, "a string", &example);
        }
        text
    }

    fn spanned_texts(
        &mut self,
        table: &Table<'a>,
        entry: Entry<'a>,
    ) -> Option<Vec<(&'a str, Span)>> {
        let Some(items) = entry.value.get_ref().as_array() else {
            let example = match self.scalar(entry.value) {
                Some(written) => format!("{} = [\"{written}\"]", entry.key),
                None => format!("{} = [\"…\"]", entry.key),
            };
            self.wrong_kind(table, entry, "a list of strings", &example);
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for value in items.iter() {
            let item = Entry { value, ..entry };
            match value.get_ref().as_str() {
                Some(text) => texts.push((text, item.span())),
                None => {
                    let example = format!("{} = [\"…\"]", entry.key);
                    self.wrong_kind(table, item, "a list of strings", &example);
                }
            }
        }
        Some(texts)
    }

    fn path_of(
        &mut self,
        table: &Table<'_>,
        key: &str,
        text: &str,
        span: Span,
    ) -> Option<SitePath> {
        match SitePath::new(text) {
            Ok(path) => Some(path),
            Err(fault) => {
                let message = format!(
                    "invalid value `{text}` for `{}`: {fault}",
                    table.path_of(key)
                );
                let hint = "write a path inside the book, with `/` between its parts".to_owned();
                self.unreadable(span, message, "not a path inside the book", hint);
                None
            }
        }
    }

    fn bad_date(&mut self, table: &Table<'_>, entry: Entry<'_>, written: &str, fault: DateFault) {
        let (label, hint) = match fault {
            DateFault::Unreadable => (
                "not a date",
                "write a year, a month or a day: `2021`, `2021-07` or `2021-07-19`",
            ),
            DateFault::Impossible => (
                "this day does not exist",
                "write an existing day, or only its month or year",
            ),
            DateFault::Backwards => (
                "the interval ends before it begins",
                "write the earlier date first, such as `2021-07/2021-09`",
            ),
        };
        let message = format!(
            "invalid value `{written}` for `{}`",
            table.path_of(entry.key)
        );
        self.unreadable(entry.span(), message, label, hint.to_owned());
    }

    /// Returns the source of a short value that may only lack its quotes.
    fn scalar(&self, value: &Spanned<DeValue<'_>>) -> Option<&'a str> {
        match value.get_ref() {
            DeValue::Array(_) | DeValue::Table(_) => None,
            DeValue::String(text) => self
                .text
                .get(value.span())
                .filter(|_| text.len() < 60)
                .map(|written| written.trim_matches(['"', '\''])),
            DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => self.text.get(value.span()),
        }
    }
}

/// True if `text` has the scheme http, https or one of `schemes`.
fn has_scheme(text: &str, schemes: &[&str]) -> bool {
    let is_clean = !text.chars().any(is_skipped);
    let scheme = text
        .split_once(':')
        .map(|(scheme, _)| scheme.to_lowercase());
    let is_known = |scheme: String| {
        let web = ["http", "https"].contains(&scheme.as_str()) && text.contains("://");
        web || schemes.contains(&scheme.as_str())
    };
    is_clean && scheme.is_some_and(is_known)
}

/// True if browsers can ignore `c` in a scheme, as in `java script:`.
fn is_skipped(c: char) -> bool {
    c.is_control() || c.is_whitespace()
}

/// Returns words in backticks with `or` before the last one.
fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// Returns the hint for a key of older mdBook versions.
fn retired(table: &str, key: &str) -> Option<&'static str> {
    match (table, key) {
        ("book", "multilingual") => Some("remove it: mdBook 0.5 no longer has this key"),
        ("output.html", "curly-quotes") => {
            Some("write `smart-punctuation`, its name since mdBook 0.5")
        }
        ("output.html", "playpen") => Some("write `playground`, its name since mdBook 0.4"),
        ("output.html", "git-branch") => {
            Some("remove it, and write `edit-url-template = \"https://…/edit/main/{path}\"`")
        }
        ("", "preprocess") => Some("write `[preprocessor.NAME]`, its name since mdBook 0.2"),
        ("output.html", "copy-fonts") => Some("remove it: mdBook 0.5 no longer has this key"),
        ("output.html", "google-analytics") => {
            Some("remove it: pages load nothing from other hosts")
        }
        _ => None,
    }
}
