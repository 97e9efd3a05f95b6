//! The hosts that a book can be begun for, and the file that each one reads.

use crate::text::SitePath;

/// Where a site is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Host {
    /// GitHub Pages: a workflow that builds and publishes
    Github,
    /// GitLab Pages: a pipeline that builds and publishes
    Gitlab,
    /// Cloudflare Pages: where the site lies, to be sent from your desk
    Cloudflare,
    /// Netlify: how it builds the book, and where the site lies
    Netlify,
}

impl Host {
    /// The file that the host reads, for a book of this name: from the root of a repository.
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
        let path = SitePath::new(path).expect("a path written here is one");
        let text = text.replace("VERSION", env!("CARGO_PKG_VERSION"));
        (path, text.replace("\"NAME\"", &format!("\"{name}\"")))
    }

    /// What is left to do.
    pub fn rest(self) -> &'static str {
        match self {
            Host::Github => {
                "push it, and choose \"GitHub Actions\" in the settings of the repository under Pages"
            }
            Host::Gitlab => "push it to the default branch",
            Host::Cloudflare => "`whosaid build --dest-dir book`, then `npx wrangler pages deploy`",
            Host::Netlify => "push it, and import the repository in Netlify",
        }
    }
}
