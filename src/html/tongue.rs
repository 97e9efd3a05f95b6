//! The languages of words that are not in the page's language: of marks and of whole block
//! quotations.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::body::Writer;
use super::{RenderContext, escape};
use crate::model::{Body, Node, Tag, Target};

/// A language and its direction, for the attributes `lang` and `dir`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tongue {
    pub lang: String,
    /// `ltr`, `rtl` or `auto`, if it differs from the page's.
    pub dir: Option<&'static str>,
}

/// The languages of block quotations and of the paragraphs that attribute them, by the item that
/// begins each.
pub(super) type Tongues = BTreeMap<usize, Tongue>;

/// Returns the languages of block quotations that are not in the page's language, by item. The
/// paragraphs that attribute them get the page's language.
pub(super) fn of_quotations(body: &Body<Target>, setting: &dyn RenderContext) -> Tongues {
    let mut tongues = Tongues::new();
    // The open quotations and paragraphs, by item.
    let mut open: Vec<Option<(bool, usize)>> = Vec::new();
    for (at, item) in body.items.iter().enumerate() {
        match &item.node {
            Node::Start(tag) => {
                if let Tag::Mark(number) = tag
                    && open.iter().flatten().any(|(is_quote, _)| *is_quote)
                    && let Some(tongue) = setting.quotation(*number)
                {
                    let last = |wanted: bool| {
                        let mut near = open.iter().rev().flatten();
                        near.find(|(is_quote, _)| *is_quote == wanted)
                            .map(|(_, at)| *at)
                    };
                    // Reset only what the quotation changes.
                    let page = Tongue {
                        dir: setting.tongue().dir.filter(|_| tongue.dir.is_some()),
                        ..setting.tongue()
                    };
                    tongues.extend(last(true).map(|at| (at, tongue)));
                    tongues.extend(last(false).map(|at| (at, page)));
                }
                let is_quote = matches!(tag, Tag::Quote(None));
                let is_asked = is_quote || matches!(tag, Tag::Paragraph);
                open.push(is_asked.then_some((is_quote, at)));
            }
            Node::End => {
                open.pop();
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
    tongues
}

impl Writer<'_> {
    /// Writes the start tag of the current item, with its language if it has one.
    pub(super) fn open_tag(&mut self, tag: &str) {
        let Some(tongue) = self.tongues.remove(&self.at) else {
            return self.html.push_str(tag);
        };
        let end = tag.rfind('>').unwrap_or(tag.len());
        self.html.push_str(&tag[..end]);
        self.tongue(&tongue);
        self.html.push_str(&tag[end..]);
    }

    /// Writes the attributes of a language.
    pub(super) fn tongue(&mut self, tongue: &Tongue) {
        self.html.push_str(" lang=\"");
        escape(&tongue.lang, &mut self.html);
        self.html.push('"');
        if let Some(dir) = tongue.dir {
            let _ = write!(self.html, " dir=\"{dir}\"");
        }
    }
}
