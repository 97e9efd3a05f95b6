//! The hosts that `init` supports, and the configuration file for each.

use crate::text::SitePath;

/// A host for the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Host {
    /// GitHub Pages: a workflow that builds and publishes
    Github,
    /// GitLab Pages: a pipeline that builds and publishes
    Gitlab,
    /// Cloudflare Pages: the location of the site, for uploads from your machine
    Cloudflare,
    /// Netlify: the build command and the location of the site
    Netlify,
}

impl Host {
    /// Returns the configuration file for a book with this name, relative to the root of a
    /// repository.
    pub fn file(self, name: &str) -> (SitePath, String) {
        let (path, text) = match self {
            Host::Github => (
                ".github/workflows/pages.yml",
                include_str!("hosts/github.yml"),
            ),
            Host::Gitlab => (".gitlab-ci.yml", include_str!("hosts/gitlab.yml")),
            Host::Cloudflare => ("wrangler.toml", include_str!("hosts/cloudflare.toml")),
            Host::Netlify => ("netlify.toml", include_str!("hosts/netlify.toml")),
        };
        let path = SitePath::known(path);
        let text = text.replace("VERSION", env!("CARGO_PKG_VERSION"));
        (path, text.replace("\"NAME\"", &format!("\"{name}\"")))
    }

    /// Returns the remaining steps for the author.
    pub fn rest(self) -> &'static str {
        match self {
            Host::Github => {
                "push it, and choose \"GitHub Actions\" in the settings of the repository under Pages"
            }
            Host::Gitlab => "push it to the default branch",
            Host::Cloudflare => {
                "`whosaid build --tlp clear --dest-dir book`, then `npx wrangler pages deploy`"
            }
            Host::Netlify => "push it, and import the repository in Netlify",
        }
    }
}
