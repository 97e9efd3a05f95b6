//! Ids that are the same in every build: made of what the site is and what the thing is called.

use uuid::Uuid;

use crate::config::Config;

/// The namespace of sites that do not say where they lie: UUIDv5 of `whosaid` in RFC 9562's
/// namespace of names.
const UNPLACED: &[u8] = b"whosaid";

/// Makes the ids of a site.
///
/// A site is told from others by its `site-url`, else by its title, so that records of several
/// sites can lie in one table.
#[derive(Debug, Clone, Copy)]
pub struct Ids {
    site: Uuid,
}

impl Ids {
    pub fn new(config: &Config) -> Ids {
        let site = match base(config) {
            Some(base) => Uuid::new_v5(&Uuid::NAMESPACE_URL, base.as_bytes()),
            None => {
                let unplaced = Uuid::new_v5(&Uuid::NAMESPACE_OID, UNPLACED);
                let title = config.title.as_deref().unwrap_or("");
                Uuid::new_v5(&unplaced, title.as_bytes())
            }
        };
        Ids { site }
    }

    /// The id of the site itself.
    pub fn site(self) -> String {
        self.site.to_string()
    }

    /// The id of what `kind` and `name` name within the site: a UUID of version 5.
    pub fn of(self, kind: &str, name: &str) -> String {
        self.uuid(kind, name).to_string()
    }

    /// The same with the version digit 4, which STIX asks for in all but observables. Nothing
    /// else differs, so that either can be made of the other.
    pub fn of_version_4(self, kind: &str, name: &str) -> String {
        let mut bytes = self.uuid(kind, name).into_bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        Uuid::from_bytes(bytes).to_string()
    }

    fn uuid(self, kind: &str, name: &str) -> Uuid {
        Uuid::new_v5(&self.site, format!("{kind}/{name}").as_bytes())
    }
}

/// The address of the site with a slash behind it, where the book says it in full.
pub fn base(config: &Config) -> Option<String> {
    let url = config.site_url.as_deref()?;
    let url = url.split(['?', '#']).next()?;
    url.contains("://")
        .then(|| format!("{}/", url.trim_end_matches('/')))
}
