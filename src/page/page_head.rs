//! The data in the head of every page: of the page, and of the site.

use super::components::{Link, NavItem, PageHead, Pager, SiteHead};
use super::context::shortened;
use super::levels::Levels;
use super::{Book, MovedAnchor, PageContext, Route};
use crate::index::profile::Subject;
use crate::index::{Part, pagination, routes};
use crate::model::{Dialect, PartialDate};
use crate::text::{SitePath, isolated};

impl PageContext<'_> {
    pub fn head(&self, title: &str, description: &str) -> PageHead {
        let profile = self.route.profile();
        let kind = if self.is_plain() && profile.kind != "redirect" {
            "chapter"
        } else {
            profile.kind
        };
        // The canonical address of an embed is that of the claim's page.
        let claim_page = match profile.subject {
            Some(Subject::Claim(id)) => Some(routes::claim_address(&self.site.claims()[id].id)),
            Some(
                Subject::Briefing(_) | Subject::Actor(_) | Subject::Source(_) | Subject::Tag(_),
            )
            | None => None,
        };
        let canonical = claim_page.as_ref().unwrap_or(self.here);
        let url = self.book.config.whole_site_url();
        let title = match self.part {
            Part { number: 0, .. } if title == self.site_title() => title.to_owned(),
            Part { number: 0, .. } => isolated(title).into_owned(),
            Part { number, of } => format!("{}, page {} of {of}", isolated(title), number + 1),
        };
        PageHead {
            // `label_page` sets them when the view is complete.
            tlp: None,
            unlabeled_tlp: None,
            kind,
            main: if kind == "chapter" { "ws-main" } else { "main" },
            preview: self.preview(&title),
            alternates: self.alternates(),
            title,
            pager: self.pager(),
            data: self.data(),
            description: shortened(description, 200),
            canonical: url.map(|url| format!("{url}{}", routes::shown_as(canonical))),
        }
    }

    /// Sets the level of a page whose view is complete.
    pub fn label_page(&self, head: &mut PageHead) {
        let Some(level) = self.tlp.page() else {
            return;
        };
        head.tlp = Some(level.label().to_owned());
        let rest = self.tlp.base.filter(|rest| *rest != level);
        head.unlabeled_tlp = rest.map(|rest| rest.label().to_owned());
    }

    /// Returns the links to the other parts of a long list.
    fn pager(&self) -> Option<Pager> {
        let Part { number, of } = self.part;
        let first = match number {
            0 => self.here.clone(),
            _ => {
                let end = format!("_{}.html", number + 1);
                let stem = self.here.as_str().trim_end_matches(end.as_str());
                routes::path(&format!("{stem}.html"))
            }
        };
        let link = |number: usize| Link {
            text: (number + 1).to_string(),
            href: self.to(&pagination::part_address(&first, number)),
            tlp: None,
        };
        // The first, the last, and the neighbors.
        let is_near = |other: &usize| *other == 0 || *other + 1 == of || other.abs_diff(number) < 3;
        (of > 1).then(|| Pager {
            current: number + 1,
            of,
            previous: number.checked_sub(1).map(link),
            next: (number + 1 < of).then(|| link(number + 1)),
            near: (0..of).filter(is_near).map(link).collect(),
        })
    }

    pub fn site_head(&self) -> SiteHead {
        let config = self.book.config;
        let root = self.to_page("index.html");
        let root = root.trim_end_matches("index.html").to_string();
        let loaded = |files: &[SitePath]| files.iter().map(|file| self.to_loaded(file)).collect();
        SiteHead {
            title: self.site_title(),
            description: config.description.clone(),
            language: config.language.clone(),
            direction: config.direction().word(),
            home: format!("{root}index.html"),
            root,
            nav: self.nav(),
            contact: config.contact.clone(),
            print: routes::has_print(self.site.dialect(), config, self.site.briefings().len())
                .then(|| self.to_page("print.html")),
            exports: (!self.is_plain() && !config.exports.is_empty())
                .then(|| self.to_page(routes::EXPORTS)),
            footer: config.footer.clone(),
            style: self.to_loaded(&routes::path("whosaid.css")),
            script: self.to_loaded(&routes::path("whosaid.js")),
            styles: loaded(self.book.styles),
            scripts: loaded(self.book.scripts),
            repository: config.git_repository_url.clone(),
            as_of: self.site.as_of().map(|day| self.day(&PartialDate::on(day))),
        }
    }

    pub fn levels(&self) -> Levels<'_> {
        Levels::new(self.site, self.book.config)
    }

    pub fn site_title(&self) -> String {
        site_title(self.book)
    }

    /// True for a plain mdBook book.
    pub fn is_plain(&self) -> bool {
        self.site.dialect() == Dialect::Plain
    }

    /// Returns the target of a redirect relative to this page, so that the site works below any
    /// path.
    pub fn moved(&self, to: &str) -> String {
        let base = self.base();
        let path = base.as_deref().and_then(|base| to.strip_prefix(base));
        let path = path.or_else(|| to.strip_prefix('/').filter(|rest| !rest.starts_with('/')));
        let Some(path) = path else {
            return to.to_owned();
        };
        let end = path.find(['?', '#']).unwrap_or(path.len());
        let (path, rest) = path.split_at(end);
        let page = if path.is_empty() || path.ends_with('/') {
            SitePath::new(&format!("{path}index.html"))
        } else {
            SitePath::new(path)
        };
        match page {
            Ok(page) => format!("{}{rest}", self.to(&page)),
            Err(_) => to.to_owned(),
        }
    }

    /// Returns the moved anchors of this page. The copy of a plain book's first chapter also has
    /// those of the chapter.
    pub fn moved_anchors(&self) -> Vec<MovedAnchor> {
        let redirect = &self.book.config.redirect;
        let is_copy = self.is_plain() && *self.route == Route::Home;
        let first = self.site.chapters().next().filter(|_| is_copy);
        let first = first.map(|id| &self.site.briefings()[id].address);
        let moved = redirect.get(self.here).into_iter();
        let moved = moved.chain(first.and_then(|first| redirect.get(first)));
        let anchors = moved.flat_map(|moved| &moved.anchors);
        let anchors = anchors.map(|(anchor, to)| MovedAnchor {
            anchor: anchor.clone(),
            href: self.moved(to),
            to: to.clone(),
        });
        anchors.collect()
    }

    /// Returns an address in raw HTML of the text `file`, relative to this page.
    pub fn rebased(&self, file: &SitePath, address: &str) -> Option<String> {
        let home = file.parent().unwrap_or("");
        let here = self.here.parent().unwrap_or("");
        let is_fixed = address.is_empty()
            || address.starts_with(['/', '#', '?'])
            || address.split(['/', '?', '#']).next()?.contains(':');
        if home == here || is_fixed {
            return None;
        }
        let end = address.find(['?', '#']).unwrap_or(address.len());
        let (path, rest) = address.split_at(end);
        let path = file.sibling(path).ok()?;
        Some(format!("{}{rest}", self.to(&path)))
    }

    fn nav(&self) -> Vec<NavItem> {
        if self.is_plain() {
            let contents = NavItem {
                label: "Contents",
                href: self.to_page(routes::CONTENTS),
                is_current: matches!(self.route, Route::Contents | Route::Search),
            };
            return std::iter::once(contents).chain(self.search()).collect();
        }
        let entries: [(&'static str, &str, bool); 6] = [
            (
                "Briefings",
                "index.html",
                matches!(self.route, Route::Home | Route::Briefing(_)),
            ),
            (
                "Actors",
                "actors/index.html",
                matches!(self.route, Route::Actor(_) | Route::Actors),
            ),
            (
                "Claims",
                "claims/index.html",
                matches!(self.route, Route::Claim(_) | Route::Claims),
            ),
            ("Timeline", "timeline.html", *self.route == Route::Timeline),
            ("Network", "network.html", *self.route == Route::Network),
            (
                "Sources",
                "sources/index.html",
                matches!(self.route, Route::Source(_) | Route::Sources),
            ),
        ];
        let item = |(label, page, is_current)| NavItem {
            label,
            href: self.to_page(page),
            is_current,
        };
        // Notes that mention no actors, claims and sources need no lists of them.
        let site = self.site;
        let is_bare =
            site.actors().is_empty() && site.claims().is_empty() && site.sources().is_empty();
        let shown = if is_bare { 1 } else { entries.len() };
        let entries = entries.into_iter().take(shown);
        entries.map(item).chain(self.search()).collect()
    }

    /// Returns the link to the search page, if the book has one.
    fn search(&self) -> Option<NavItem> {
        let is_ours = !self.is_plain() || !self.facts.is_search_taken;
        (self.book.config.search && is_ours).then(|| NavItem {
            label: "Search",
            href: format!(
                "{}#ws-q",
                self.to_page(routes::search_page(self.site.dialect()))
            ),
            is_current: *self.route == Route::Search && !self.is_plain(),
        })
    }
}

/// Returns the title of the site: as set, or a generic one.
pub fn site_title(book: &Book<'_>) -> String {
    let title = book.config.title.clone();
    title.unwrap_or_else(|| match book.site.dialect() {
        Dialect::Annotated => "Briefings".into(),
        Dialect::Plain => "Contents".into(),
    })
}
