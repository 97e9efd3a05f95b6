//! The default theme, embedded: the repository's own `templates` and `static` folders.
//!
//! A plain table of `include_str!` needs no crate and no build script; a test holds it to the
//! folders.

macro_rules! embedded {
    ($folder:literal, $($name:literal,)*) => {
        &[$(($name, include_str!(concat!("../../", $folder, "/", $name))),)*]
    };
}

/// The default templates, by name.
pub const TEMPLATES: &[(&str, &str)] = embedded! {
    "templates",
    "404.html",
    "actor.html",
    "actors.html",
    "base.html",
    "briefing.html",
    "chapter.html",
    "claim.html",
    "claims.html",
    "data.html",
    "embed.html",
    "footer.html",
    "head.html",
    "home.html",
    "network.html",
    "parts/briefing.html",
    "parts/card.html",
    "parts/claim.html",
    "parts/contents.html",
    "parts/facts.html",
    "parts/graph.html",
    "parts/inline.html",
    "parts/matrix.html",
    "parts/note.html",
    "parts/passage.html",
    "parts/position.html",
    "parts/reply.html",
    "parts/source.html",
    "parts/strip.html",
    "parts/text.html",
    "parts/timeline.html",
    "print.html",
    "redirect.html",
    "search.html",
    "source.html",
    "sources.html",
    "tag.html",
    "tags.html",
    "timeline.html",
};

/// The default style sheet, script and icon, by name.
pub const STATIC: &[(&str, &str)] = embedded! {
    "static",
    "icon.svg",
    "search.css",
    "search.js",
    "whosaid.css",
    "whosaid.js",
};

/// Those of [`STATIC`] that pages load: every page the first two, the search page all.
pub const LOADED: [&str; 4] = ["whosaid.css", "whosaid.js", "search.css", "search.js"];

/// A file of [`STATIC`] as it is published: a style sheet without its comments and indentation,
/// which are for whoever copies it and a tenth of what a reader's browser would fetch.
pub fn published(name: &str, text: &str) -> String {
    if !name.ends_with(".css") {
        return text.to_string();
    }
    let mut lines = String::with_capacity(text.len());
    let mut rest = text;
    // No string of the sheet holds a comment or a line break; a test reads it both ways.
    while let Some((before, comment)) = rest.split_once("/*") {
        lines.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    lines.push_str(rest);
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}
