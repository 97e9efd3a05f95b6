//! The page that lists the data files and their license.

use serde::Serialize;

use super::components::{Link, PageHead, SiteHead};
use super::context::PageContext;
use crate::index::profile::EXPORTS_TITLE;
use crate::index::routes;
use crate::text::SitePath;

/// The view of `data.html`.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ExportsView {
    pub page: PageHead,
    pub site: SiteHead,
    /// In the order of `exports`.
    pub formats: Vec<FormatView>,
    /// The license of the data, such as `CC-BY-4.0`.
    pub license: Option<String>,
    /// The URL of the license.
    pub license_url: Option<String>,
}

/// An export format and its files.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct FormatView {
    /// Its name on the command line: `stix`.
    pub word: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    /// The main file, then other important files.
    pub files: Vec<Link>,
}

pub fn view(at: &PageContext<'_>) -> ExportsView {
    let config = at.book.config;
    let home = routes::path(routes::EXPORTS);
    let file = |name: &&'static str| {
        let path = home.sibling(name).unwrap_or_else(|_| home.clone());
        Link {
            text: path.name().to_owned(),
            href: at.to(&path),
            tlp: None,
        }
    };
    let formats = config.exports.iter().map(|format| FormatView {
        word: format.word(),
        title: format.title(),
        about: format.about(),
        files: format.files().iter().map(file).collect(),
    });
    ExportsView {
        page: at.head(
            EXPORTS_TITLE,
            "Every claim with its positions, sources and replies, in files for other tools.",
        ),
        site: at.site_head(),
        formats: formats.collect(),
        license: config.license.clone(),
        license_url: config.license_url.clone(),
    }
}

/// Returns the address of the file `name` of a format.
pub fn export_address(name: &SitePath) -> SitePath {
    let home = routes::path(routes::EXPORTS);
    let folder = home.parent().unwrap_or("");
    name.within(&routes::path(folder))
}
