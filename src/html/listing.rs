//! Code blocks with hidden lines, according to mdBook's info string.
//!
//! Hidden lines stay in the page, so that readers can show and copy them: a Rust line that begins
//! with `# `, or a line of another language that begins with the prefix set for it.

use super::{Highlighting, RenderContext, escape};

/// Appends the block with the info string `info` and the text `code`.
pub(super) fn write(
    info: &str,
    code: &str,
    setting: &dyn RenderContext,
    highlighting: &Highlighting<'_>,
    html: &mut String,
) {
    let listings = setting.listings();
    let mut words = info.split([' ', '\t', ',']).filter(|word| !word.is_empty());
    let language = words.next().unwrap_or("");
    let words: Vec<&str> = words.collect();
    let has = |word: &str| words.contains(&word);
    let is_left = has("ignore") || has("noplayground") || has("noplaypen");
    let is_playground = language == "rust"
        && !code.is_empty()
        && (listings.wrap_rust_main && !is_left || has("mdbook-runnable"));
    let is_whole = listings.edits_rust && has("editable");
    let completed = (is_playground && !is_whole).then(|| with_main(code));
    let completed = completed.flatten();
    let code = completed.as_deref().unwrap_or(code);
    let prefix = words
        .iter()
        .find_map(|word| word.strip_prefix("hidelines="));
    let prefix = prefix.or_else(|| listings.hidelines.get(language).map(String::as_str));
    let lines: Vec<(bool, String)> = match (language, prefix) {
        ("rust", _) => code.lines().map(rust_line).collect(),
        (_, Some(prefix)) if !prefix.is_empty() => {
            code.lines().map(|line| other_line(line, prefix)).collect()
        }
        _ => Vec::new(),
    };
    let hides = lines.iter().any(|(is_hidden, _)| *is_hidden);
    if let Some(file) = named(info).filter(|_| !setting.is_plain()) {
        html.push_str("<p class=\"ui muted\">");
        escape(file, html);
        html.push_str("</p>\n");
    }
    html.push_str(if is_playground {
        "<pre class=\"playground\" tabindex=\"0\">"
    } else {
        "<pre tabindex=\"0\">"
    });
    if hides {
        html.push_str(
            "<label class=\"buttons unhide\"><input type=\"checkbox\"> All lines</label>",
        );
    }
    html.push_str("<code");
    if !language.is_empty() {
        html.push_str(" class=\"language-");
        escape(language, html);
        for word in words.into_iter().filter(|_| setting.is_plain()) {
            html.push(' ');
            escape(word, html);
        }
        html.push('"');
    }
    html.push('>');
    if lines.is_empty() {
        html.push_str(&highlighting.html(language, code));
    } else {
        let mut shown = String::with_capacity(code.len());
        for (_, line) in &lines {
            shown.push_str(line);
            shown.push('\n');
        }
        let highlighted = highlighting.html(language, &shown);
        write_lines(&highlighted, &lines, html);
    }
    html.push_str("</code></pre>\n");
}

/// Writes highlighted lines, with each run of hidden lines in a span of its own. A highlighting
/// span over several lines is closed before it and opened again after it.
fn write_lines(highlighted: &str, lines: &[(bool, String)], html: &mut String) {
    let mut open = String::new();
    let mut is_inside = false;
    let all = highlighted.split_inclusive('\n');
    for (line, (is_hidden, _)) in all.zip(lines) {
        if *is_hidden != is_inside {
            if !open.is_empty() {
                html.push_str("</span>");
            }
            html.push_str(match is_hidden {
                true => "<span class=\"boring\">",
                false => "</span>",
            });
            html.push_str(&open);
            is_inside = *is_hidden;
        }
        html.push_str(line);
        // Highlighting spans are not nested, so the last tag of a line tells which one is open.
        if let Some(last) = line.rfind("<span").max(line.rfind("</span")) {
            open.clear();
            if let Some((tag, _)) = line[last..].split_once('>')
                && tag.starts_with("<span")
            {
                open.push_str(tag);
                open.push('>');
            }
        }
    }
    if is_inside {
        html.push_str(if open.is_empty() {
            "</span>"
        } else {
            "</span></span>"
        });
    } else if !open.is_empty() {
        html.push_str("</span>");
    }
}

/// Returns the file name of a block: `LANGUAGE file PATH`, or `shows` for a part of the file.
fn named(info: &str) -> Option<&str> {
    let (_, rest) = info.trim().split_once(' ')?;
    let file = rest
        .strip_prefix("file ")
        .or_else(|| rest.strip_prefix("shows "));
    file.map(str::trim).filter(|file| !file.is_empty())
}

/// Returns whether a line of Rust is hidden, and the line as shown.
fn rust_line(line: &str) -> (bool, String) {
    let rest = line.trim_start();
    let indent = &line[..line.len() - rest.len()];
    match rest.strip_prefix('#') {
        Some("") => (true, indent.to_owned()),
        Some(rest) if rest.starts_with('#') => (false, format!("{indent}{rest}")),
        Some(rest) if rest.starts_with(' ') => (true, format!("{indent}{}", &rest[1..])),
        _ => (false, line.to_owned()),
    }
}

fn other_line(line: &str, prefix: &str) -> (bool, String) {
    let rest = line.trim_start();
    let indent = &line[..line.len() - rest.len()];
    match rest.strip_prefix(prefix) {
        Some(rest) => (true, format!("{indent}{rest}")),
        None => (false, line.to_owned()),
    }
}

/// Wraps Rust in a hidden `fn main` if it has none; inner attributes stay before it.
fn with_main(code: &str) -> Option<String> {
    if code.contains("fn main") || code.contains("quick_main!") {
        return None;
    }
    let mut end = 0;
    let mut attributes = 0;
    for line in code.split_inclusive('\n') {
        let is_attribute = line.trim_start_matches([' ', '\t']).starts_with("#![");
        if !is_attribute && !line.trim().is_empty() {
            break;
        }
        end += line.len();
        attributes += usize::from(is_attribute);
    }
    let (attributes, code) = code.split_at(if attributes == 0 { 0 } else { end });
    let newline = if code.is_empty() || code.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    Some(format!(
        "# #![allow(unused)]\n{attributes}# fn main() {{\n{code}{newline}# }}"
    ))
}
