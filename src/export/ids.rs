//! Ids that are equal in every build: derived from the site, the kind and the name.

use uuid::Uuid;

use crate::config::Config;

/// The namespace of sites without an address: UUIDv5 of `whosaid` in the DNS namespace of RFC 9562.
const UNPLACED: &[u8] = b"whosaid";

/// Creates the ids of a site.
///
/// A site is identified by its `site-url`, or else by its title, so that data of several sites can
/// be combined.
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

    /// Returns the id of the site.
    pub fn site(self) -> String {
        self.site.to_string()
    }

    /// Returns the id of the object with this `kind` and `name`: a UUID of version 5.
    pub fn of(self, kind: &str, name: &str) -> String {
        self.uuid(kind, name).to_string()
    }

    /// Returns the same id with version digit 4, which STIX requires for all objects except
    /// observables. So either can be derived from the other.
    pub fn of_version_4(self, kind: &str, name: &str) -> String {
        let mut bytes = self.uuid(kind, name).into_bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        Uuid::from_bytes(bytes).to_string()
    }

    fn uuid(self, kind: &str, name: &str) -> Uuid {
        Uuid::new_v5(&self.site, format!("{kind}/{name}").as_bytes())
    }
}

/// Returns the absolute URL of the site with a final slash, if it is set.
pub fn base(config: &Config) -> Option<String> {
    let url = config.site_url.as_deref()?;
    let url = url.split(['?', '#']).next()?;
    url.contains("://")
        .then(|| format!("{}/", url.trim_end_matches('/')))
}
