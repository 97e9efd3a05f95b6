//! The page that leads to the data files and says under which terms they may be used.

use serde::Serialize;

use super::at::At;
use super::parts::*;
use super::routes;
use crate::text::SitePath;

/// What `data.html` shows.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct ExportsView {
    pub page: PageHead,
    pub site: SiteHead,
    /// In the order in which the book names them.
    pub formats: Vec<FormatView>,
    /// Under which terms the data may be used, such as `CC-BY-4.0`.
    pub license: Option<String>,
    /// Where these terms stand.
    pub license_url: Option<String>,
}

/// A data format and its files.
#[derive(Debug, Clone, PartialEq, Hash, Serialize)]
pub struct FormatView {
    /// The word that the command line takes: `stix`.
    pub word: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    /// The file to begin with, then others of weight.
    pub files: Vec<Link>,
}

/// What the page is called.
pub const TITLE: &str = "The record as data";

pub fn view(at: &At<'_>) -> ExportsView {
    let config = at.book.config;
    let home = routes::path(routes::EXPORTS);
    let file = |name: &&'static str| {
        let path = home.sibling(name).unwrap_or_else(|_| home.clone());
        Link {
            text: path.name().to_owned(),
            href: at.to(&path),
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
            TITLE,
            "Every claim with its positions, sources and replies, in files for other tools.",
        ),
        site: at.site_head(),
        formats: formats.collect(),
        license: config.license.clone(),
        license_url: config.license_url.clone(),
    }
}

/// Where the file `name` of a format is published.
pub fn export_address(name: &SitePath) -> SitePath {
    let home = routes::path(routes::EXPORTS);
    let folder = home.parent().unwrap_or("");
    name.within(&routes::path(folder))
}
