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
    "whosaid.css",
    "whosaid.js",
};
