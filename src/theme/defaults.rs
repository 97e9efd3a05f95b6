//! The default theme, embedded: the folders `templates` and `static` of the repository.
//!
//! A table of `include_str!` needs no crate and no build script; a test compares it with the
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

/// The default style sheets, scripts and icon, by name.
pub const STATIC: &[(&str, &str)] = embedded! {
    "static",
    "icon.svg",
    "search.css",
    "search.js",
    "whosaid.css",
    "whosaid.js",
};

/// The files of [`STATIC`] that pages load: every page loads the first two, the search page all.
pub const LOADED: [&str; 4] = ["whosaid.css", "whosaid.js", "search.css", "search.js"];

/// Returns a file of [`STATIC`] as published. Style sheets lose their comments and indentation, a
/// tenth of the download; these are for authors who copy the file.
pub fn published(name: &str, text: &str) -> String {
    if !name.ends_with(".css") {
        return text.to_string();
    }
    let mut lines = String::with_capacity(text.len());
    let mut rest = text;
    // No string in the style sheets contains a comment or a line break; a test checks it.
    while let Some((before, comment)) = rest.split_once("/*") {
        lines.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    lines.push_str(rest);
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| [line, "\n"]).collect()
}
