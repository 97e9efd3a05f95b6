//! Splits a template into segments: text, and tags as tokens. Handles whitespace control as Tera
//! does, and removes comments.

use super::{Fault, Outcome};

#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Name(String),
    Text(String),
    Number(i64),
    /// An operator or a bracket.
    Sign(&'static str),
}

#[derive(Debug)]
pub struct Segment {
    pub line: usize,
    pub kind: SegmentKind,
}

#[derive(Debug)]
pub enum SegmentKind {
    Text(String),
    /// `{{ … }}`
    Output(Vec<Token>),
    /// `{% … %}`
    Tag(Vec<Token>),
}

/// Operators and brackets, the longest first.
const SIGNS: [&str; 28] = [
    "...", "//", "**", "==", "!=", ">=", "<=", "</", "?.", "?[", "+", "-", "*", "/", "%", "!", ".",
    ",", ":", "~", "|", "=", ">", "<", "(", ")", "[", "]",
];
const BRACES: [&str; 3] = ["{", "}", "@"];

/// Returns the position of the next tag or comment.
fn marker(text: &str) -> Option<usize> {
    let starts = ["{{", "{%", "{#"].iter();
    starts.filter_map(|start| text.find(start)).min()
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    at: usize,
}

/// Splits a template into segments.
pub fn segments(file: &str, text: &str) -> Outcome<Vec<Segment>> {
    let mut reader = Reader { file, text, at: 0 };
    let mut segments = Vec::new();
    // True if the next text loses its leading whitespace.
    let mut trims = false;
    while reader.at < text.len() {
        let line = reader.line();
        let rest = reader.rest();
        let end = marker(rest).unwrap_or(rest.len());
        if end > 0 {
            let mut shown = &rest[..end];
            if std::mem::take(&mut trims) {
                shown = shown.trim_start();
            }
            if rest[end..].get(2..3) == Some("-") {
                shown = shown.trim_end();
            }
            if !shown.is_empty() {
                let kind = SegmentKind::Text(shown.to_owned());
                segments.push(Segment { line, kind });
            }
            reader.at += end;
            continue;
        }
        let start = &rest[..2];
        reader.at += if rest.get(2..3) == Some("-") { 3 } else { 2 };
        if start == "{#" {
            let end = reader.rest().find("#}");
            let end = end.ok_or_else(|| reader.fault("the comment is not closed"))?;
            trims |= reader.rest()[..end].ends_with('-');
            reader.at += end + 2;
            continue;
        }
        let close = if start == "{{" { "}}" } else { "%}" };
        let tokens = reader.tokens(close)?;
        trims = reader.text[..reader.at - 2].ends_with('-');
        let kind = if start == "{{" {
            SegmentKind::Output(tokens)
        } else {
            SegmentKind::Tag(tokens)
        };
        segments.push(Segment { line, kind });
    }
    Ok(segments)
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn line(&self) -> usize {
        self.text[..self.at].matches('\n').count() + 1
    }

    fn fault(&self, message: &str) -> Fault {
        Fault {
            file: format!("templates/{}", self.file),
            line: self.line(),
            message: message.to_owned(),
        }
    }

    /// Returns the tokens up to `close`, which is skipped.
    fn tokens(&mut self, close: &str) -> Outcome<Vec<Token>> {
        let mut tokens = Vec::new();
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_ascii_start().len();
            self.at += blank;
            let rest = self.rest();
            let Some(first) = rest.chars().next() else {
                return Err(self.fault(&format!("`{close}` is missing")));
            };
            if let Some(tail) = rest.strip_prefix('-')
                && tail.starts_with(close)
            {
                self.at += 1 + close.len();
                return Ok(tokens);
            }
            if rest.starts_with(close) {
                self.at += close.len();
                return Ok(tokens);
            }
            tokens.push(match first {
                '"' | '\'' | '`' => self.string(first)?,
                '0'..='9' => self.number()?,
                'a'..='z' | 'A'..='Z' | '_' => {
                    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
                    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                    self.at += end;
                    Token::Name(rest[..end].to_owned())
                }
                _ => {
                    let mut signs = SIGNS.iter().chain(&BRACES);
                    let sign = signs.find(|sign| rest.starts_with(**sign));
                    let sign = sign.ok_or_else(|| self.fault(&format!("unexpected `{first}`")))?;
                    self.at += sign.len();
                    Token::Sign(sign)
                }
            });
        }
    }

    fn string(&mut self, quote: char) -> Outcome<Token> {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            if c == quote {
                self.at += at + 1;
                return Ok(Token::Text(text));
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            match chars.next() {
                Some((_, c @ ('"' | '\'' | '/' | '\\'))) => text.push(c),
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, 'r')) => text.push('\r'),
                _ => return Err(self.fault("unknown escape in a string")),
            }
        }
        Err(self.fault("the string is not closed"))
    }

    fn number(&mut self) -> Outcome<Token> {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit());
        let digits = &rest[..end.unwrap_or(rest.len())];
        if rest[digits.len()..].starts_with('.') {
            return Err(self.fault("numbers with a point are not translated"));
        }
        let number = digits
            .parse()
            .map_err(|_| self.fault("too large a number"))?;
        self.at += digits.len();
        Ok(Token::Number(number))
    }
}
