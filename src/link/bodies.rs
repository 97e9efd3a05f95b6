//! Links texts: `Body<Name>` in, `Body<Target>` out; an unknown name becomes plain text.

use std::collections::BTreeMap;

use super::Linker;
use super::addresses::{scheme, split_address};
use super::anchors::Anchors;
use super::entities::{forbidden_scheme, missing_image};
use super::ids::Admitted;
use super::names::Names;
use super::raw::{self, Use};
use super::unknown::{unknown_fragment, unknown_verb_or_scheme};
use crate::diag::{Code, Diagnostic, Fix};
use crate::model::{Astray, Body, CiteItem, Doc, Entity, Heading, Item, Node, Tag, Target};
use crate::parse::{Draft, Front, How, Name};
use crate::text::{Place, SitePath, Span, composed, percent_decoded, tag_slug};

/// The schemes that a link can have.
const SCHEMES: [&str; 3] = ["https", "http", "mailto"];

/// The possible targets of addresses in a text.
struct Map<'a> {
    names: &'a Names<'a>,
    /// Documents by their files, with their anchors.
    files: BTreeMap<&'a SitePath, (Entity, Option<&'a Anchors>)>,
    /// Briefings by the address of their page.
    pages: BTreeMap<SitePath, (Entity, Option<&'a Anchors>)>,
    /// Anchors by entity, for mentions.
    anchors: BTreeMap<Entity, &'a Anchors>,
}

impl Linker<'_> {
    /// Links every text of the book.
    pub fn bodies(&mut self, admitted: &Admitted<'_>, names: &Names<'_>) {
        let map = self.map(admitted, names);
        for (doc, draft, anchors) in &admitted.docs {
            let body = self.body(draft, &draft.body, anchors, &map);
            let wording = self.wording(draft, names);
            let headings = draft.headings.iter().zip(&anchors.headings);
            let headings = headings
                .enumerate()
                .map(|(number, (heading, anchor))| Heading {
                    level: heading.level,
                    text: wording.of(&heading.text, heading.span),
                    anchor: anchor.clone(),
                    span: heading.span,
                    tlp: super::levels::of_heading(draft, number),
                })
                .collect();
            let prose = match doc {
                Doc::Briefing(id) => &mut self.parts.briefings.get_mut(*id).prose,
                Doc::Actor(id) => &mut self.parts.actors.get_mut(*id).prose,
                Doc::Claim(id) => &mut self.parts.claims.get_mut(*id).prose,
            };
            prose.body = body;
            prose.headings = headings;
            prose.map = draft.text.map().clone();
        }
        for (id, draft) in &admitted.kept {
            let anchors = Anchors::new(draft);
            // Broken links in a kept text are not reported, because the author cannot correct them.
            let said = self.diagnostics.len();
            let body = self.body(draft, &draft.body, &anchors, &map);
            self.diagnostics.truncate(said);
            self.parts.sources.get_mut(*id).kept = body;
        }
        let drafts = self.book.drafts.iter();
        for draft in drafts {
            if let Front::Astray(title) = &draft.front {
                self.parts.astray = Some(self.astray(draft, title.clone(), &map));
            }
        }
    }

    /// Links the text of the 404 page; its first heading is the title.
    fn astray(&mut self, draft: &Draft, title: Option<String>, map: &Map<'_>) -> Astray {
        let mut body = self.body(draft, &draft.body, &Anchors::new(draft), map);
        let heading = draft.headings.first();
        let heading = heading.filter(|heading| heading.level == 1 && heading.item == 0);
        if title.is_none() && heading.is_some() {
            let first = body.blocks().first().map_or(0, |block| block.end);
            body.items.drain(..first);
        }
        let heading = heading.map(|heading| heading.text.clone());
        Astray {
            map: draft.text.map().clone(),
            title: title.or(heading).unwrap_or_default(),
            body,
        }
    }

    fn map<'m>(&self, admitted: &'m Admitted<'_>, names: &'m Names<'_>) -> Map<'m> {
        let mut map = Map {
            names,
            files: BTreeMap::new(),
            pages: BTreeMap::new(),
            anchors: BTreeMap::new(),
        };
        for (doc, draft, anchors) in &admitted.docs {
            let entity = match doc {
                Doc::Briefing(id) => Entity::Briefing(*id),
                Doc::Actor(id) => Entity::Actor(*id),
                Doc::Claim(id) => Entity::Claim(*id),
            };
            map.files.insert(draft.file(), (entity, Some(anchors)));
            map.anchors.insert(entity, anchors);
            if let Doc::Briefing(id) = doc {
                let address = self.parts.briefings[*id].address.clone();
                map.pages.insert(address, (entity, Some(anchors)));
            }
        }
        for (id, draft) in &admitted.kept {
            map.files.insert(draft.file(), (Entity::Source(*id), None));
        }
        map
    }

    fn body(
        &mut self,
        draft: &Draft,
        body: &Body<Name>,
        anchors: &Anchors,
        map: &Map<'_>,
    ) -> Body<Target> {
        let mut items: Vec<Item<Target>> = Vec::with_capacity(body.items.len());
        // For each open tag: whether its start was kept.
        let mut open: Vec<bool> = Vec::new();
        let mut shown: Option<Box<str>> = None;
        let mut heading = anchors.headings.iter();
        for item in &body.items {
            let span = item.span;
            let mut keep = |node| items.push(Item { node, span });
            match &item.node {
                Node::Start(tag) => {
                    let tag = match tag {
                        Tag::Link(link) => self
                            .address(draft, &link.to, anchors, map)
                            .map(|to| link.leading(to)),
                        Tag::Image(image) => self
                            .image_target(draft, &image.to)
                            .map(|to| image.showing(to)),
                        Tag::Mention(to) => match self.mention(draft, to, anchors, map) {
                            Some((to, name)) => {
                                shown = name;
                                Some(Tag::Mention(Box::new(to)))
                            }
                            None => None,
                        },
                        Tag::Heading(start) => {
                            let anchor = heading.next().map_or("", String::as_str);
                            Some(start.anchored(anchor.into()))
                        }
                        tag @ (Tag::Paragraph
                        | Tag::Quote(_)
                        | Tag::Callout { .. }
                        | Tag::CalloutTitle
                        | Tag::CodeBlock(_)
                        | Tag::HtmlBlock
                        | Tag::List(_)
                        | Tag::ListItem
                        | Tag::FootnoteDefinition(_)
                        | Tag::DefinitionList
                        | Tag::DefinitionTitle { .. }
                        | Tag::DefinitionBody
                        | Tag::Table(_)
                        | Tag::TableHead
                        | Tag::TableRow
                        | Tag::TableCell
                        | Tag::Emphasis
                        | Tag::Strong
                        | Tag::Strikethrough
                        | Tag::Mark(_)
                        | Tag::Span(_)) => plain_tag(tag),
                    };
                    open.push(tag.is_some());
                    if let Some(tag) = tag {
                        keep(Node::Start(tag));
                    }
                }
                Node::End => {
                    if open.pop().unwrap_or(true) {
                        keep(Node::End);
                    }
                }
                Node::Text(text) => {
                    keep(Node::Text(shown.take().unwrap_or_else(|| text.clone())));
                    self.bare_keys(draft, span, map.names);
                }
                Node::Cite(cited) => keep(self.cite(draft, cited, span, map)),
                Node::Code(code) => keep(Node::Code(code.clone())),
                Node::Html(html) if self.book.shows_html => keep(Node::Html(html.clone())),
                Node::Html(html) => keep(Node::Html(
                    self.raw_html(draft, html, span, anchors, map).into(),
                )),
                Node::SoftBreak => keep(Node::SoftBreak),
                Node::HardBreak => keep(Node::HardBreak),
                Node::Rule => keep(Node::Rule),
                Node::Footnote(label) => keep(Node::Footnote(label.clone())),
                Node::Task(done) => keep(Node::Task(*done)),
            }
        }
        Body { items }
    }

    fn cite(
        &mut self,
        draft: &Draft,
        cited: &[CiteItem<Name>],
        span: Span,
        map: &Map<'_>,
    ) -> Node<Target> {
        let mut items = Vec::new();
        if map.names.has_sources() {
            for item in cited {
                let source = map.names.source(draft.text.map(), &item.key);
                if let Some(source) = self.ok(source) {
                    items.push(CiteItem {
                        key: Target::Entity {
                            entity: Entity::Source(source),
                            fragment: None,
                        },
                        prefix: item.prefix.clone(),
                        locator: item.locator.clone(),
                        suppress_author: item.suppress_author,
                    });
                }
            }
        }
        if items.is_empty() {
            return Node::Text(span.of(draft.text.as_str()).into());
        }
        Node::Cite(items.into())
    }

    /// Returns the target of a mention, and the name to show if the author wrote an id.
    fn mention(
        &mut self,
        draft: &Draft,
        to: &Name,
        own: &Anchors,
        map: &Map<'_>,
    ) -> Option<(Target, Option<Box<str>>)> {
        if let Some(found) = self.mention_elsewhere(draft, to) {
            return found;
        }
        let has_text = matches!(to.how, How::Mention { has_text: true, .. });
        if let (true, Some(fragment)) = (to.text.is_empty(), &to.fragment) {
            // `[[#Heading]]` is on the same page.
            let words = fragment.trim_start_matches('^');
            let shown = (!has_text).then(|| words.into());
            let target = Target::Here(self.anchor(draft, to, fragment, own)?);
            return Some((target, shown));
        }
        let found = self.ok(map.names.find(draft.text.map(), to, None))?;
        let shown = (found.by_id && !has_text).then(|| match found.entity {
            // A note is shown as it was typed; its title can differ.
            Entity::Briefing(_) if self.book.is_vault => to.text.clone(),
            entity @ (Entity::Actor(_)
            | Entity::Claim(_)
            | Entity::Source(_)
            | Entity::Briefing(_)) => self.shown(entity).into(),
        });
        let fragment = match (&to.fragment, map.anchors.get(&found.entity)) {
            (Some(fragment), Some(anchors)) => self.anchor(draft, to, fragment, anchors),
            (None, _) | (Some(_), None) => None,
        };
        let entity = found.entity;
        Some((Target::Entity { entity, fragment }, shown))
    }

    /// Returns the anchor for the fragment of a mention.
    fn anchor(
        &mut self,
        draft: &Draft,
        to: &Name,
        fragment: &str,
        anchors: &Anchors,
    ) -> Option<Box<str>> {
        let meant = anchors.meant(fragment);
        if meant.is_none() {
            let place = draft.place(to.span);
            let said = unknown_fragment(place, fragment, anchors.all(), &self.guess);
            self.diagnostics.push(said);
        }
        meant.map(String::into_boxed_str)
    }

    /// Returns raw HTML and reports its broken addresses. URLs are left to the content security
    /// policy.
    fn raw_html(
        &mut self,
        draft: &Draft,
        html: &str,
        span: Span,
        anchors: &Anchors,
        map: &Map<'_>,
    ) -> String {
        raw::led_to_pages(
            html,
            span,
            self.book.readme_is_index,
            &mut |span, url, used| {
                let is_here = url.is_empty() || url.starts_with('?');
                if is_here || scheme(url).is_some() || url.starts_with("//") {
                    return None;
                }
                let to = Name::link(url, span);
                match used {
                    Use::Link => drop(self.address(draft, &to, anchors, map)),
                    Use::Image => drop(self.image_target(draft, &to)),
                }
                self.respelled(draft, url)
            },
        )
    }

    /// Returns an address as its file spells it; `None` if that changes nothing.
    pub(super) fn respelled(&self, draft: &Draft, url: &str) -> Option<String> {
        let (path, rest) = split_address(url);
        let written = draft.file().sibling(&percent_decoded(path)).ok()?;
        let below = written.below(&self.book.source)?;
        let spelled = self.spellings.of(below.clone());
        let here = draft.file().below(&self.book.source)?;
        (spelled != below).then(|| format!("{}{rest}", spelled.seen_from(&here)))
    }

    /// Returns the target of a link's address.
    fn address(
        &mut self,
        draft: &Draft,
        to: &Name,
        anchors: &Anchors,
        map: &Map<'_>,
    ) -> Option<Target> {
        let place = draft.place(to.span);
        let url = to.text.as_ref();
        if let Some(fragment) = url.strip_prefix('#') {
            let fragment = anchors.written(percent_decoded(fragment), self.book.is_vault);
            if !fragment.is_empty() && !anchors.holds(&fragment) && !is_footnote(&fragment) {
                self.diagnostics.push(unknown_fragment(
                    place,
                    &fragment,
                    anchors.all(),
                    &self.guess,
                ));
                return None;
            }
            return Some(Target::Here(fragment.into()));
        }
        if let Some(tag) = url.strip_prefix("tag:")
            && self.book.is_vault
        {
            let page = SitePath::new(&format!("tags/{}.html", tag_slug(tag))).ok()?;
            return Some(Target::File {
                path: page,
                rest: "".into(),
            });
        }
        if let Some(scheme) = scheme(url) {
            if SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()) {
                return Some(Target::Url(url.into()));
            }
            self.diagnostics
                .push(unknown_verb_or_scheme(place, scheme, url));
            return None;
        }
        if url.starts_with("//") {
            self.diagnostics.push(forbidden_scheme(place, url));
            return None;
        }
        let (path, rest) = split_address(url);
        let fragment = rest
            .split_once('#')
            .map(|(_, fragment)| percent_decoded(fragment))
            .filter(|fragment| !fragment.is_empty());
        let Ok(file) = draft.file().sibling(&percent_decoded(path)) else {
            self.diagnostics
                .push(broken_link(place, url, "the path leads out of the book"));
            return None;
        };
        let file = self.spellings.of(file);
        let below = file.below(&self.book.source);
        let below = below.map(|below| self.spellings.of(below));
        let document = map
            .files
            .get(&file)
            .or_else(|| map.pages.get(below.as_ref()?))
            .copied()
            .or_else(|| {
                let note = map.names.note(draft.text.map(), &percent_decoded(path))?;
                Some((note, map.anchors.get(&note).copied()))
            });
        if let Some((entity, anchors)) = document {
            let fragment = fragment.map(|written| match anchors {
                Some(anchors) => anchors.written(written, self.book.is_vault),
                None => written,
            });
            if let (Some(fragment), Some(anchors)) = (&fragment, anchors)
                && !anchors.holds(fragment)
            {
                self.diagnostics.push(unknown_fragment(
                    place,
                    fragment,
                    anchors.all(),
                    &self.guess,
                ));
            }
            return Some(Target::Entity {
                entity,
                fragment: fragment.map(Into::into),
            });
        }
        let found = below.and_then(|below| {
            let index = SitePath::new(&format!("{below}/index.html")).ok();
            let index = index.map(|index| self.spellings.of(index));
            [Some(below), index].into_iter().flatten().find(|path| {
                self.book.files.binary_search(path).is_ok() || self.book.pages.contains(path)
            })
        });
        match found {
            Some(path) => Some(Target::File {
                path,
                rest: rest.into(),
            }),
            None if self.book.unpublished.contains(&file) => {
                let why = "this briefing is a draft and is not built";
                let hint = "remove `draft: true` from it, or build with `--drafts`";
                self.diagnostics
                    .push(broken_link(place, url, why).hint(hint));
                None
            }
            None => {
                let told = broken_link(place.clone(), url, "no such file in the book");
                let near = self.nearest_file(&file, map.files.keys().copied());
                let near = near.map(|near| near.seen_from(draft.file()));
                self.diagnostics.push(match near {
                    Some(near) => {
                        let told = told.hint(format!("did you mean `{near}`?"));
                        if place.span.range().len() == url.len() {
                            told.fix(Fix::replace(place, format!("{near}{rest}")))
                        } else {
                            told
                        }
                    }
                    None => told,
                });
                None
            }
        }
    }

    fn image_target(&mut self, draft: &Draft, to: &Name) -> Option<Target> {
        let place = draft.place(to.span);
        let url = to.text.as_ref();
        if let Some(scheme) = scheme(url) {
            let lower = scheme.to_ascii_lowercase();
            if lower == "https" || lower == "http" || is_image_data(url) {
                return Some(Target::Url(url.into()));
            }
            self.diagnostics.push(forbidden_scheme(place, url));
            return None;
        }
        let (path, rest) = split_address(url);
        let path = percent_decoded(path);
        let beside = draft
            .file()
            .sibling(&path)
            .ok()
            .and_then(|path| path.below(&self.book.source))
            .map(|path| self.spellings.of(path));
        let has = |path: &SitePath| self.book.files.binary_search(path).is_ok();
        let found = beside.filter(has).or_else(|| match to.how {
            // `![[file.png]]` finds a file in any folder, like Obsidian.
            How::Embed => self
                .book
                .files
                .iter()
                .find(|file| file.name() == path || composed(file.name()) == composed(&path))
                .cloned(),
            How::Mention { .. } | How::Link | How::Image | How::Cite | How::Bare => None,
        });
        if found.is_none() {
            self.diagnostics.push(missing_image(place, url));
        }
        found.map(|path| Target::File {
            path,
            rest: rest.into(),
        })
    }
}

/// Returns the same node for a linked body, if it is words, emphasis, code, a list or a table,
/// without names, marks, notes and addresses.
pub fn plain(node: &Node<Name>) -> Option<Node<Target>> {
    Some(match node {
        Node::Start(tag) => Node::Start(plain_tag(tag).filter(is_words)?),
        Node::End => Node::End,
        Node::Text(text) => Node::Text(text.clone()),
        Node::Code(code) => Node::Code(code.clone()),
        Node::SoftBreak => Node::SoftBreak,
        Node::HardBreak => Node::HardBreak,
        Node::Rule => Node::Rule,
        Node::Task(done) => Node::Task(*done),
        Node::Html(_) | Node::Footnote(_) | Node::Cite(_) => return None,
    })
}

fn is_words(tag: &Tag<Target>) -> bool {
    match tag {
        Tag::Paragraph
        | Tag::CodeBlock(_)
        | Tag::List(_)
        | Tag::ListItem
        | Tag::Table(_)
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell
        | Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough => true,
        Tag::Heading(_)
        | Tag::Quote(_)
        | Tag::Callout { .. }
        | Tag::CalloutTitle
        | Tag::HtmlBlock
        | Tag::FootnoteDefinition(_)
        | Tag::DefinitionList
        | Tag::DefinitionTitle { .. }
        | Tag::DefinitionBody
        | Tag::Link(_)
        | Tag::Image(_)
        | Tag::Mention(_)
        | Tag::Mark(_)
        | Tag::Span(_) => false,
    }
}

/// Returns the same tag for a linked body, unless it has a reference or is a heading, whose anchor
/// is new.
pub fn plain_tag(tag: &Tag<Name>) -> Option<Tag<Target>> {
    Some(match tag {
        Tag::Paragraph => Tag::Paragraph,
        Tag::Quote(alert) => Tag::Quote(*alert),
        Tag::Callout { kind, is_open } => Tag::Callout {
            kind: kind.clone(),
            is_open: *is_open,
        },
        Tag::CalloutTitle => Tag::CalloutTitle,
        Tag::CodeBlock(info) => Tag::CodeBlock(info.clone()),
        Tag::HtmlBlock => Tag::HtmlBlock,
        Tag::List(first) => Tag::List(*first),
        Tag::ListItem => Tag::ListItem,
        Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(label.clone()),
        Tag::DefinitionList => Tag::DefinitionList,
        Tag::DefinitionTitle { anchor } => Tag::DefinitionTitle {
            anchor: anchor.clone(),
        },
        Tag::DefinitionBody => Tag::DefinitionBody,
        Tag::Table(aligns) => Tag::Table(aligns.clone()),
        Tag::TableHead => Tag::TableHead,
        Tag::TableRow => Tag::TableRow,
        Tag::TableCell => Tag::TableCell,
        Tag::Emphasis => Tag::Emphasis,
        Tag::Strong => Tag::Strong,
        Tag::Strikethrough => Tag::Strikethrough,
        Tag::Mark(number) => Tag::Mark(*number),
        Tag::Span(span) => Tag::Span(span.clone()),
        Tag::Heading(_) | Tag::Link(_) | Tag::Image(_) | Tag::Mention(_) => {
            return None;
        }
    })
}

fn is_image_data(url: &str) -> bool {
    let kinds = [
        "data:image/png;",
        "data:image/jpeg;",
        "data:image/gif;",
        "data:image/webp;",
    ];
    kinds.iter().any(|kind| {
        url.get(..kind.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(kind))
    })
}

/// Footnotes get their anchors when the page is rendered.
fn is_footnote(fragment: &str) -> bool {
    fragment.starts_with("footnote-") || fragment.starts_with("fr-")
}

pub fn broken_link(place: Place, url: &str, why: &str) -> Diagnostic {
    Diagnostic::new(Code::BrokenLink, place, format!("broken link `{url}`")).label(why.to_string())
}
