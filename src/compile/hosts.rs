//! What hosts read beside the pages. Each host takes the file that it knows and serves the others
//! as they are; a file of the author's own wins by its name.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Outputs, fixed};
use crate::config::Config;
use crate::model::Dialect;
use crate::share;

/// Adds the files that hosts read to those of a site. `policy` is what its pages say may be loaded.
pub fn add(
    files: &mut Outputs,
    config: &Config,
    dialect: Dialect,
    lasting: &[String],
    policy: Option<&str>,
) {
    // GitHub Pages would pass over names that begin with an underscore.
    let jekyll = (".nojekyll", Some(String::new()));
    let cname = config
        .cname
        .as_deref()
        .map(|name| format!("{}\n", name.trim()));
    let robots = config.whole_site_url().map(|url| {
        let has_map =
            share::has_sitemap(config, dialect) || files.contains_key(&fixed("sitemap.xml"));
        robots(&url, has_map)
    });
    let made = [
        jekyll,
        ("CNAME", cname),
        ("_headers", Some(headers(lasting, policy))),
        ("robots.txt", robots),
    ];
    for (name, text) in made {
        if let Some(text) = text {
            let bytes = || Arc::from(text.into_bytes());
            files.entry(fixed(name)).or_insert_with(bytes);
        }
    }
}

/// The headers of Cloudflare Pages, Netlify and those that read the same file.
///
/// No rule is set for how long a page may be kept: where two rules speak of one file these hosts
/// join them, and their own is to ask each time whether a page has changed. `lasting` are the
/// addresses that tell of bytes, `*` standing for any end: what lies there may be kept for good.
fn headers(lasting: &[String], policy: Option<&str>) -> String {
    let mut text = String::from("/*\n");
    if let Some(policy) = policy {
        let _ = writeln!(text, "  Content-Security-Policy: {policy}");
    }
    text.push_str("  X-Content-Type-Options: nosniff\n  Referrer-Policy: same-origin\n");
    for address in lasting {
        let _ = write!(
            text,
            "\n/{address}\n  Cache-Control: public, max-age=31536000, immutable\n"
        );
    }
    text
}

/// Everything may be read, and where the map is. Crawlers look for it at the root of a host only.
fn robots(url: &str, has_map: bool) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if has_map {
        let _ = writeln!(text, "\nSitemap: {url}sitemap.xml");
    }
    text
}
