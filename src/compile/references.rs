//! The files of a book that documents refer to.

use std::collections::BTreeSet;

use super::book_files::Assets;
use crate::link;
use crate::model::{Node, Tag};
use crate::parse::{Draft, Front};
use crate::text::{SitePath, Spellings, composed, percent_decoded};

/// The copied files that a document refers to, by their addresses: with a link, an image, an embed,
/// raw HTML or a key of its front matter. Includes every file that an ambiguous path can mean.
pub fn files(draft: &Draft, source: &SitePath, assets: &Assets) -> BTreeSet<SitePath> {
    let mut named: Vec<String> = Vec::new();
    match &draft.front {
        Front::Actor(front) => named.extend(front.image.iter().map(|(path, _)| path.clone())),
        Front::Source(front) => {
            let urls = front.url.iter().chain(&front.archive);
            named.extend(urls.map(|(path, _)| path.clone()));
        }
        Front::Briefing(_) | Front::Claim(_) | Front::Astray(_) => {}
    }
    for item in &draft.body.items {
        match &item.node {
            Node::Start(Tag::Image(image)) => named.push(image.to.text.to_string()),
            Node::Start(Tag::Link(link)) => named.push(link.to.text.to_string()),
            Node::Start(Tag::Mention(to)) => named.push(to.text.to_string()),
            Node::Html(html) => named.extend(values(html)),
            Node::Text(text) => named.extend(unread_embeds(text)),
            Node::Start(_)
            | Node::End
            | Node::Code(_)
            | Node::SoftBreak
            | Node::HardBreak
            | Node::Rule
            | Node::Footnote(_)
            | Node::Task(_)
            | Node::Cite(_) => {}
        }
    }
    let paths = named.iter();
    let paths = paths.map(|written| percent_decoded(link::split_address(written).0));
    let paths: Vec<String> = paths.collect();
    let spellings = if paths.iter().all(|path| path.is_ascii()) {
        Spellings::default()
    } else {
        Spellings::new(assets.copied.keys())
    };
    let mut files = BTreeSet::new();
    for path in paths {
        let beside = draft.file().sibling(&path).ok();
        let beside = beside.and_then(|path| path.below(source));
        let meant = beside.into_iter().chain(SitePath::new(&path).ok());
        files.extend(meant.map(|path| spellings.of(path)));
        // Obsidian finds a file by its name, in any folder.
        let copied = assets.copied.keys();
        files.extend(copied.filter(|file| is_named(file, &path)).cloned());
    }
    files.retain(|path| assets.copied.contains_key(path));
    files
}

fn is_named(file: &SitePath, name: &str) -> bool {
    let name_of_file = file.name();
    name_of_file == name || !name_of_file.is_ascii() && composed(name_of_file) == composed(name)
}

/// The targets of wikilinks that stay text, as embeds of Obsidian's canvases do.
fn unread_embeds(text: &str) -> impl Iterator<Item = String> {
    let opened = text.split("[[").skip(1);
    let targets = opened.filter_map(|rest| rest.split_once("]]"));
    targets.map(|(target, _)| target.split(['|', '#']).next().unwrap_or(target).to_owned())
}

/// Everything in raw HTML that can be an address: attribute values, and the parts of a `srcset`.
fn values(html: &str) -> Vec<String> {
    let html = html.replace("&amp;", "&");
    let is_end = |c: char| c.is_whitespace() || "\"'=<>,".contains(c);
    let words = html.split(is_end).filter(|word| !word.is_empty());
    let quoted = html.split(['"', '\'']);
    words.chain(quoted).map(str::to_owned).collect()
}
