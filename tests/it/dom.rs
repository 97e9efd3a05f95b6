//! A page as a browser sees it: parsed by html5ever, with what the parser had to forgive.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::collections::BTreeSet;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName};

/// A parsed page.
pub struct Page {
    nodes: Vec<Node>,
    /// The errors that the parser tolerated.
    pub errors: Vec<String>,
}

struct Node {
    kind: Kind,
    parent: Option<usize>,
    children: Vec<usize>,
}

enum Kind {
    Element {
        name: QualName,
        attrs: Vec<(String, String)>,
    },
    Text(String),
    /// The document, a doctype, a comment.
    Other,
}

/// An element of a page.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    page: &'a Page,
    number: usize,
}

impl Page {
    pub fn parse(html: &str) -> Page {
        let mut options = ParseOpts::default();
        options.tokenizer.exact_errors = true;
        options.tree_builder.exact_errors = true;
        html5ever::parse_document(Sink::default(), options).one(html)
    }

    /// Every element, in the order of the page.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        self.below(0)
    }

    /// The elements below a node, in their order.
    fn below(&self, number: usize) -> impl Iterator<Item = Element<'_>> {
        let mut waiting: Vec<usize> = self.nodes[number].children.iter().rev().copied().collect();
        std::iter::from_fn(move || {
            while let Some(number) = waiting.pop() {
                waiting.extend(self.nodes[number].children.iter().rev());
                if let Kind::Element { .. } = self.nodes[number].kind {
                    return Some(Element { page: self, number });
                }
            }
            None
        })
    }

    /// The elements of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = Element<'a>> {
        self.elements()
            .filter(move |element| element.name() == name)
    }

    /// Every id, each as often as it is given.
    pub fn ids(&self) -> Vec<&str> {
        self.elements()
            .filter_map(|element| element.attr("id"))
            .collect()
    }

    pub fn has_id(&self, id: &str) -> bool {
        self.elements()
            .any(|element| element.attr("id") == Some(id))
    }
}

impl<'a> Element<'a> {
    fn parts(self) -> (&'a QualName, &'a [(String, String)]) {
        match &self.page.nodes[self.number].kind {
            Kind::Element { name, attrs } => (name, attrs),
            Kind::Text(_) | Kind::Other => unreachable!("an element's number is an element's"),
        }
    }

    /// Returns the parent element.
    pub fn parent(self) -> Option<Element<'a>> {
        let number = self.page.nodes[self.number].parent?;
        let is_element = matches!(self.page.nodes[number].kind, Kind::Element { .. });
        is_element.then_some(Element { number, ..self })
    }

    pub fn name(self) -> &'a str {
        &self.parts().0.local
    }

    pub fn attrs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let attrs = self.parts().1.iter();
        attrs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn attr(self, wanted: &str) -> Option<&'a str> {
        let mut attrs = self.attrs();
        attrs.find_map(|(name, value)| (name == wanted).then_some(value))
    }

    pub fn has_class(self, wanted: &str) -> bool {
        let classes = self.attr("class").unwrap_or("");
        classes.split_whitespace().any(|class| class == wanted)
    }

    /// The elements in it, in their order.
    pub fn elements(self) -> impl Iterator<Item = Element<'a>> {
        self.page.below(self.number)
    }

    /// Its words, white space folded.
    pub fn text(self) -> String {
        let mut text = String::new();
        let mut waiting = vec![self.number];
        while let Some(number) = waiting.pop() {
            let node = &self.page.nodes[number];
            if let Kind::Text(words) = &node.kind {
                text.push_str(words);
            }
            waiting.extend(node.children.iter().rev());
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Receives the output of html5ever's tree builder.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    errors: RefCell<Vec<String>>,
}

impl Default for Sink {
    fn default() -> Sink {
        let document = Node {
            kind: Kind::Other,
            parent: None,
            children: Vec::new(),
        };
        Sink {
            nodes: RefCell::new(vec![document]),
            errors: RefCell::default(),
        }
    }
}

impl Sink {
    fn add(&self, kind: Kind) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            kind,
            parent: None,
            children: Vec::new(),
        });
        nodes.len() - 1
    }

    /// Puts `child` at place `at` of the children of `parent`; a text joins the text before it.
    fn insert(&self, parent: usize, at: usize, child: NodeOrText<usize>) {
        let child = match child {
            NodeOrText::AppendNode(child) => child,
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before = at.checked_sub(1).map(|at| nodes[parent].children[at]);
                if let Some(before) = before
                    && let Kind::Text(words) = &mut nodes[before].kind
                {
                    words.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(Kind::Text(text.to_string()))
            }
        };
        self.remove_from_parent(&child);
        let mut nodes = self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, child);
    }

    fn place_of(&self, child: usize) -> Option<(usize, usize)> {
        let nodes = self.nodes.borrow();
        let parent = nodes[child].parent?;
        let at = nodes[parent].children.iter().position(|it| *it == child)?;
        Some((parent, at))
    }
}

/// The name of an element, as the tree builder asks for it.
#[derive(Debug)]
pub struct Named<'a>(Ref<'a, QualName>);

impl html5ever::interface::ElemName for Named<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Page;
    type ElemName<'a> = Named<'a>;

    fn finish(self) -> Page {
        Page {
            nodes: self.nodes.into_inner(),
            errors: self.errors.into_inner(),
        }
    }

    fn parse_error(&self, message: Cow<'static, str>) {
        self.errors.borrow_mut().push(message.into_owned());
    }

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Named<'a> {
        Named(Ref::map(self.nodes.borrow(), |nodes| {
            match &nodes[*target].kind {
                Kind::Element { name, .. } => name,
                Kind::Text(_) | Kind::Other => unreachable!("only elements are asked"),
            }
        }))
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> usize {
        let attrs = attrs
            .into_iter()
            .map(|attr| (attr.name.local.to_string(), attr.value.to_string()))
            .collect();
        self.add(Kind::Element { name, attrs })
    }

    fn create_comment(&self, _: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        let last = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, last, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &usize,
        before: &usize,
        child: NodeOrText<usize>,
    ) {
        match self.place_of(*element) {
            Some(_) => self.append_before_sibling(element, child),
            None => self.append(before, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, a: &usize, b: &usize) -> bool {
        a == b
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        if mode != QuirksMode::NoQuirks {
            self.parse_error("the page is shown in quirks mode".into());
        }
    }

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let (parent, at) = self.place_of(*sibling).expect("a sibling has a parent");
        self.insert(parent, at, child);
    }

    fn add_attrs_if_missing(&self, target: &usize, attrs: Vec<Attribute>) {
        let mut nodes = self.nodes.borrow_mut();
        if let Kind::Element { attrs: own, .. } = &mut nodes[*target].kind {
            let names: BTreeSet<String> = own.iter().map(|(name, _)| name.clone()).collect();
            let attrs = attrs
                .into_iter()
                .map(|attr| (attr.name.local.to_string(), attr.value.to_string()));
            own.extend(attrs.filter(|(name, _)| !names.contains(name)));
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        if let Some((parent, at)) = self.place_of(*target) {
            let mut nodes = self.nodes.borrow_mut();
            nodes[parent].children.remove(at);
            nodes[*target].parent = None;
        }
    }

    fn reparent_children(&self, node: &usize, parent: &usize) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[*node].children);
        for child in children {
            self.nodes.borrow_mut()[child].parent = None;
            self.append(parent, NodeOrText::AppendNode(child));
        }
    }
}

#[test]
fn a_page_is_read_as_a_browser_reads_it() {
    let page = Page::parse(
        "<!doctype html><html lang=en><head><title>T</title></head><body>\
         <p id=a>one <b>two</b> three<p>four</body></html>",
    );
    assert!(page.errors.is_empty(), "{:?}", page.errors);
    let texts: Vec<String> = page.all("p").map(Element::text).collect();
    assert_eq!(texts, ["one two three", "four"]);
    assert!(page.has_id("a"));
    for wrong in [
        "<p>no doctype",
        "<!doctype html><title>t</title><p></b>",
        "<!doctype html><title>t</title><a href='x' href='y'>z</a>",
        "<!doctype html><title>t</title><table><p>x</p></table>",
    ] {
        assert!(!Page::parse(wrong).errors.is_empty(), "{wrong}");
    }
}
