//! Links a plain mdBook book: its chapters, their anchors as in mdBook, and their links.
//!
//! There are no names here. A link to a chapter becomes one to its page; a broken link stays as
//! written and is reported.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses::{scheme, split_address};
use super::bodies::{broken_link, plain_tag};
use super::chapters::address_of;
use super::entities::{forbidden_scheme, missing_image};
use super::raw::{self, Use, fixed};
use super::unknown::unknown_fragment;
use super::{Linker, headings, ids};
use crate::diag::{Code, Diagnostic};
use crate::model::{Body, Briefing, Heading, Id, Item, Node, Tag, Target};
use crate::parse::{Draft, Name};
use crate::text::{Place, SitePath, Span, percent_decoded};

/// The possible targets of links.
struct Map<'a> {
    /// The page of each chapter by its file.
    chapters: BTreeMap<&'a SitePath, Chapter>,
    /// The file of each chapter by its page.
    pages: BTreeMap<SitePath, &'a SitePath>,
}

struct Chapter {
    id: Id<Briefing>,
    address: SitePath,
    /// The anchors of headings and terms, in order.
    headings: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Linker<'_> {
    /// Adds and links the chapters of the book.
    pub fn plain(&mut self) {
        let drafts = self.book.drafts;
        let map = self.map_of(drafts);
        for draft in drafts {
            let Some(chapter) = map.chapters.get(draft.file()) else {
                continue;
            };
            let body = self.chapter(draft, chapter, &map);
            let prose = &mut self.parts.briefings.get_mut(chapter.id).prose;
            prose.headings = headings_of(&body);
            prose.body = body;
        }
        self.tell_unseen();
    }

    /// Reports the links out of the book, once. Books of one publisher are often next to each other
    /// and link to each other, and whosaid cannot know whether the others exist: a hundred warnings
    /// would hide the important ones.
    fn tell_unseen(&mut self) {
        let mut unseen = std::mem::take(&mut self.unseen).into_iter();
        if let Some((place, url)) = unseen.next() {
            let others = match unseen.len() {
                0 => None,
                1 => Some("check 1 more link of the book that leads out of it".to_owned()),
                all => Some(format!(
                    "check {all} more links of the book that lead out of it"
                )),
            };
            let message = format!("`{url}` leads out of the book");
            let told = Diagnostic::new(Code::BrokenLink, place, message)
                .label("whosaid cannot check whether the target exists")
                .maybe_hint(others);
            self.diagnostics.push(told);
        }
    }

    fn map_of<'m>(&mut self, drafts: &[&'m Draft]) -> Map<'m> {
        let mut map = Map {
            chapters: BTreeMap::new(),
            pages: BTreeMap::new(),
        };
        for draft in drafts {
            let Some(below) = draft.file().below(&self.book.source) else {
                continue;
            };
            let address = address_of(&below, self.book.readme_is_index);
            let mut faults = Vec::new();
            let (headings, anchors) = headings::plain(draft, &mut faults);
            self.diagnostics.append(&mut faults);
            let id = self
                .parts
                .briefings
                .admit(ids::briefing(draft, address.clone()));
            if self.book.not_found.as_ref() == Some(draft.file()) {
                self.parts.not_found = Some(id);
            } else {
                map.pages.insert(address.clone(), draft.file());
            }
            let chapter = Chapter {
                id,
                address,
                headings,
                anchors,
            };
            map.chapters.insert(draft.file(), chapter);
        }
        map
    }

    fn chapter(&mut self, draft: &Draft, chapter: &Chapter, map: &Map<'_>) -> Body<Target> {
        let mut items: Vec<Item<Target>> = Vec::with_capacity(draft.body.items.len());
        // For each open tag: whether its start was kept.
        let mut open: Vec<bool> = Vec::new();
        let mut anchors = chapter.headings.iter();
        let mut anchor = || anchors.next().map_or("", String::as_str).into();
        // A block of raw HTML arrives line by line, and its tags can continue over several lines.
        let mut block: Option<(String, Span)> = None;
        for item in &draft.body.items {
            let span = item.span;
            if let (Some((html, whole)), Node::Html(text) | Node::Text(text)) =
                (&mut block, &item.node)
            {
                html.push_str(text);
                whole.end = span.end;
                continue;
            }
            let node = match &item.node {
                Node::Start(tag) => {
                    let tag = match tag {
                        Tag::Link(link) => self
                            .plain_address(draft, &link.to, Use::Link, map)
                            .map(|to| link.leading(to)),
                        Tag::Image(image) => self
                            .plain_address(draft, &image.to, Use::Image, map)
                            .map(|to| image.showing(to)),
                        Tag::Heading(heading) => Some(heading.anchored(anchor())),
                        Tag::DefinitionTitle { .. } => {
                            Some(Tag::DefinitionTitle { anchor: anchor() })
                        }
                        Tag::HtmlBlock => {
                            block = Some((String::new(), span));
                            Some(Tag::HtmlBlock)
                        }
                        tag @ (Tag::Paragraph
                        | Tag::Quote(_)
                        | Tag::Callout { .. }
                        | Tag::CalloutTitle
                        | Tag::CodeBlock(_)
                        | Tag::List(_)
                        | Tag::ListItem
                        | Tag::FootnoteDefinition(_)
                        | Tag::DefinitionList
                        | Tag::DefinitionBody
                        | Tag::Table(_)
                        | Tag::TableHead
                        | Tag::TableRow
                        | Tag::TableCell
                        | Tag::Emphasis
                        | Tag::Strong
                        | Tag::Strikethrough
                        | Tag::Mention(_)
                        | Tag::Mark(_)
                        | Tag::Span(_)) => plain_tag(tag),
                    };
                    open.push(tag.is_some());
                    let Some(tag) = tag else { continue };
                    Node::Start(tag)
                }
                Node::End => {
                    if let Some((html, span)) = block.take() {
                        let html = self.raw(draft, &html, span, map);
                        let node = Node::Html(html.into());
                        items.push(Item { node, span });
                    }
                    if !open.pop().unwrap_or(true) {
                        continue;
                    }
                    Node::End
                }
                Node::Html(html) => Node::Html(self.raw(draft, html, span, map).into()),
                Node::Text(text) => Node::Text(text.clone()),
                Node::Code(code) => Node::Code(code.clone()),
                Node::SoftBreak => Node::SoftBreak,
                Node::HardBreak => Node::HardBreak,
                Node::Rule => Node::Rule,
                Node::Footnote(label) => Node::Footnote(label.clone()),
                Node::Task(done) => Node::Task(*done),
                Node::Cite(_) => Node::Text(span.of(draft.text.as_str()).into()),
            };
            items.push(Item { node, span });
        }
        Body { items }
    }

    fn raw(&mut self, draft: &Draft, html: &str, span: Span, map: &Map<'_>) -> String {
        raw::led_to_pages(
            html,
            span,
            self.book.readme_is_index,
            &mut |place, url, used| {
                self.target(draft, draft.place(place), url, used, map);
                self.respelled(draft, url)
            },
        )
    }

    fn plain_address(
        &mut self,
        draft: &Draft,
        to: &Name,
        used: Use,
        map: &Map<'_>,
    ) -> Option<Target> {
        let place = draft.place(to.span);
        let url = to.text.as_ref();
        if let Some(scheme) = scheme(url)
            && is_run(scheme, used)
        {
            self.diagnostics.push(forbidden_scheme(place, url));
            return None;
        }
        let found = self.target(draft, place, url, used, map);
        Some(found.unwrap_or_else(|| {
            let url = fixed(url, self.book.readme_is_index).unwrap_or_else(|| url.to_owned());
            Target::Url(url.into())
        }))
    }

    /// Returns the target of an address and reports a broken one; `None` if it stays as written.
    fn target(
        &mut self,
        draft: &Draft,
        place: Place,
        url: &str,
        used: Use,
        map: &Map<'_>,
    ) -> Option<Target> {
        if let Some(fragment) = url.strip_prefix('#') {
            if let Some(chapter) = map.chapters.get(draft.file()) {
                self.fragment(place, fragment, &chapter.anchors);
            }
            return Some(Target::Here(fragment.into()));
        }
        if scheme(url).is_some() || url.starts_with("//") {
            return None;
        }
        let (path, rest) = split_address(url);
        let path = percent_decoded(path);
        let file = match path.strip_prefix('/') {
            Some(path) => SitePath::new(path).map(|path| path.within(&self.book.source)),
            None if path.is_empty() => return None,
            None => draft.file().sibling(&path),
        };
        let file = file.map(|file| self.spellings.of(file));
        let below = file
            .as_ref()
            .ok()
            .and_then(|file| file.below(&self.book.source))
            .map(|below| self.spellings.of(below));
        let (Ok(file), Some(below)) = (file, below) else {
            match used {
                Use::Link => self.unseen.push((place, url.into())),
                Use::Image => self.diagnostics.push(missing_image(place, url)),
            }
            return None;
        };
        let to = |path| {
            let rest = rest.into();
            Some(Target::File { path, rest })
        };
        let is_page = |page: &SitePath| map.pages.contains_key(page);
        let index = || {
            let index = SitePath::new(&format!("{below}/index.html")).ok();
            index.map(|index| self.spellings.of(index))
        };
        let page = match map.chapters.get(&file) {
            Some(chapter) => Some(chapter.address.clone()),
            None => [Some(below.clone()), index()]
                .into_iter()
                .flatten()
                .find(is_page),
        };
        if let Some(page) = page {
            let chapter = map
                .pages
                .get(&page)
                .and_then(|file| map.chapters.get(*file));
            if let (Some(chapter), Some((_, fragment))) = (chapter, rest.split_once('#')) {
                self.fragment(place, fragment, &chapter.anchors);
            }
            return to(page);
        }
        let is_there = |path: &SitePath| {
            self.book.files.binary_search(path).is_ok() || self.book.pages.contains(path)
        };
        if is_there(&below) {
            return to(below);
        }
        if let Some(index) = index().filter(is_there) {
            return to(index);
        }
        if used == Use::Image {
            self.diagnostics.push(missing_image(place, url));
        } else {
            let is_unlisted = self.book.unpublished.contains(&file);
            let (why, hint) = if is_unlisted {
                let hint = Some("add it to `SUMMARY.md`".to_owned());
                ("this file is not in `SUMMARY.md`", hint)
            } else {
                let files = map.chapters.keys().map(|file| file.as_str());
                let near = self.guess.nearest(file.as_str(), files);
                let near = near.and_then(|near| SitePath::new(near).ok());
                let hint =
                    near.map(|near| format!("did you mean `{}`?", near.seen_from(draft.file())));
                ("no such file in the book", hint)
            };
            let told = broken_link(place, url, why).maybe_hint(hint);
            self.diagnostics.push(told);
        }
        match below.extension() {
            "md" => to(address_of(&below, self.book.readme_is_index)),
            _ => mistyped(url).map(|url| Target::Url(url.into())),
        }
    }

    fn fragment(&mut self, place: Place, fragment: &str, anchors: &BTreeSet<String>) {
        let fragment = percent_decoded(fragment);
        if !fragment.is_empty() && !anchors.contains(&fragment) {
            let all = anchors.iter().map(String::as_str);
            self.diagnostics
                .push(unknown_fragment(place, &fragment, all, &self.guess));
        }
    }
}

/// True if a browser would run the content of an address with this scheme.
fn is_run(scheme: &str, used: Use) -> bool {
    let runs = ["javascript", "vbscript"].iter();
    let holds = ["data", "blob"].iter().filter(|_| used == Use::Link);
    runs.chain(holds)
        .any(|known| scheme.eq_ignore_ascii_case(known))
}

/// Returns the suggestion for a broken address that mdBook would change: it drops the text between
/// `.md` and a fragment, so that `a.mdr` becomes `a.html`.
fn mistyped(url: &str) -> Option<String> {
    let (path, rest) = url.rsplit_once(".md")?;
    let fragment = if rest.starts_with('#') { rest } else { "" };
    Some(format!("{path}.html{fragment}"))
}

/// Returns the headings of a linked text, for tables of contents.
fn headings_of(body: &Body<Target>) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut open: Vec<bool> = Vec::new();
    for item in &body.items {
        match &item.node {
            Node::Start(tag) => {
                let is_heading = matches!(tag, Tag::Heading(_));
                if let Tag::Heading(heading) = tag {
                    headings.push(Heading {
                        level: heading.level,
                        text: String::new(),
                        anchor: heading.anchor.to_string(),
                        span: item.span,
                        tlp: None,
                    });
                }
                open.push(is_heading);
            }
            Node::End => {
                open.pop();
            }
            Node::Text(text) | Node::Code(text) if open.contains(&true) => {
                if let Some(last) = headings.last_mut() {
                    last.text.push_str(text);
                }
            }
            Node::SoftBreak | Node::HardBreak if open.contains(&true) => {
                if let Some(last) = headings.last_mut() {
                    last.text.push(' ');
                }
            }
            Node::Text(_)
            | Node::Code(_)
            | Node::Html(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
    }
    headings
}

/// Returns the diagnostic for a duplicate anchor.
pub fn duplicate(place: Place, anchor: &str) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateAnchor,
        place,
        format!("duplicate anchor `{anchor}`"),
    )
    .label("links lead to the first one")
    .hint("write another anchor, or change the words of the heading")
}
