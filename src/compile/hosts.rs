//! Files for hosts. Each host reads the file that it knows and serves the others unchanged; a file
//! of the author with the same name takes precedence.

use std::fmt::Write as _;
use std::sync::Arc;

use super::{Outputs, fixed};
use crate::config::Config;
use crate::model::Dialect;
use crate::share;

/// Adds the files for hosts to a site. `policy` is the content security policy of its pages.
pub fn add(
    files: &mut Outputs,
    config: &Config,
    dialect: Dialect,
    lasting: &[String],
    policy: Option<&str>,
) {
    // Without it, GitHub Pages skips names that begin with an underscore.
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

/// Returns the `_headers` file of Cloudflare Pages, Netlify and others.
///
/// There is no caching rule for pages: these hosts combine rules that match the same file, and
/// their default is to revalidate pages. `lasting` are addresses with a content hash, `*` for any
/// suffix; these files can be cached permanently.
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

/// Returns a `robots.txt` that allows everything and names the sitemap. Crawlers look for it only
/// at the root of a host.
fn robots(url: &str, has_map: bool) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if has_map {
        let _ = writeln!(text, "\nSitemap: {url}sitemap.xml");
    }
    text
}
