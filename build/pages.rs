//! Generates a function for each page: the base template with its blocks inserted.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::ast::{Node, NodeKind, Template};
use super::code::{Book, Function, Lineage};
use super::dependencies;
use super::names::{Root, parameter};
use super::types::Type;
use super::views::{Page, Views};
use super::{Fault, Outcome};

/// Generates the whole module.
pub fn write(templates: &BTreeMap<String, Template>, views: &Views) -> Outcome<String> {
    let mut components = BTreeMap::new();
    for (file, template) in templates {
        for component in &template.components {
            let before = components.insert(component.name.as_str(), (file.as_str(), component));
            if before.is_some() {
                return Err(Fault {
                    file: format!("templates/{file}"),
                    line: component.line,
                    message: format!("two components are called `{}`", component.name),
                });
            }
        }
    }
    let book = Book {
        templates,
        views,
        components,
        instances: Default::default(),
        shared: Default::default(),
        functions: Default::default(),
    };
    let mut arms = String::new();
    let mut made_of = String::new();
    for page in &views.pages {
        let function = page_function(&book, page)?;
        let variant = &page.variant;
        let _ = writeln!(arms, "        View::{variant}(v) => {function}(o, v),");
        let reached = dependencies::of(&page.template, templates, &book.components);
        let (files, components) = (reached.files, reached.components);
        let template = &page.template;
        let _ = writeln!(
            made_of,
            "    MadeOf {{ template: {template:?}, files: &{files:?}, components: &{components:?} }},"
        );
    }
    // The debug format of sets has braces, and slices need brackets.
    let made_of = made_of
        .replace("&{", "&[")
        .replace("\"}", "\"]")
        .replace("{}", "[]");
    let mut module = format!(
        "/// Writes the page of a view.\n\
         pub fn render(view: &View, o: &mut String) -> Drawn {{\n    match view {{\n{arms}    }}\n}}\n\n\
         /// What each page is made of.\n\
         pub const PAGES: &[MadeOf] = &[\n{made_of}];\n"
    );
    for function in book.functions.into_inner() {
        module.push('\n');
        module.push_str(&function);
    }
    Ok(module)
}

/// Generates the function of a page and returns its name.
fn page_function(book: &Book<'_>, page: &Page) -> Outcome<String> {
    let (lineage, skeleton) = lineage(book, page)?;
    let view = page.view.as_str();
    let own = page.template.as_str();
    let name = format!("page_{}", page.variant.to_lowercase());
    let mut made = Function::new(book, &lineage, skeleton, Root::View(view));
    let nodes = &book.templates[skeleton].nodes;
    if skeleton == own {
        made.nodes(nodes, true)?;
    } else {
        let mut rest = nodes.as_slice();
        while !rest.is_empty() {
            let run = rest.iter().take_while(|node| !holds_block(node)).count();
            if run > 0 {
                part(book, &lineage, &mut made, skeleton, view, &rest[..run])?;
                rest = &rest[run..];
                continue;
            }
            let (node, behind) = (&rest[..1], &rest[1..]);
            rest = behind;
            match &node[0].kind {
                NodeKind::Block { name: block, .. } => {
                    let (file, body) = lineage[block.as_str()][0];
                    if file == own || body.iter().any(holds_block) {
                        let function = format!("{name}_{block}");
                        let mut inner = Function::new(book, &lineage, file, Root::View(view));
                        inner.blocks.push((block, 0));
                        inner.nodes(body, true)?;
                        inner.flush();
                        let of = Type::View(view.to_owned());
                        let text = inner.finish(&[("v".to_owned(), of)]);
                        let text = format!("/// `{file}`, block {block}\nfn {function}{text}");
                        book.functions.borrow_mut().push(text);
                        made.line(format!("{function}(o, v)?;"));
                    } else {
                        part(book, &lineage, &mut made, file, view, body)?;
                    }
                }
                _ => made.nodes(node, true)?,
            }
        }
    }
    made.flush();
    let text = made.finish(&[("v".to_owned(), Type::View(view.to_owned()))]);
    let text = format!("/// `{own}`\nfn {name}{text}");
    book.functions.borrow_mut().push(text);
    Ok(name)
}

/// Calls a function for `nodes`, which pages with different views share.
fn part<'t>(
    book: &'t Book<'t>,
    lineage: &'t Lineage<'t>,
    page: &mut Function<'t>,
    file: &'t str,
    view: &'t str,
    nodes: &'t [Node],
) -> Outcome<()> {
    let used = BTreeMap::new();
    let mut made = Function::new(book, lineage, file, Root::Parameters { view, used });
    made.nodes(nodes, true)?;
    made.flush();
    let Root::Parameters { used, .. } = &mut made.root else {
        return Ok(());
    };
    let used: Vec<(String, Type)> = std::mem::take(used).into_iter().collect();
    let renamed = used.iter().map(|(name, of)| (parameter(name), of.clone()));
    let text = made.finish(&renamed.collect::<Vec<_>>());
    let mut shared = book.shared.borrow_mut();
    let count = shared.len() + 1;
    let function = shared.entry(text.clone()).or_insert_with(|| {
        let function = format!("part_{count}");
        let line = nodes.first().map_or(1, |node| node.line);
        let text = format!("/// `{file}`, from line {line}\nfn {function}{text}");
        book.functions.borrow_mut().push(text);
        function
    });
    let mut arguments = String::new();
    for (name, _) in &used {
        let value = page.lookup(name, 1)?;
        let _ = write!(arguments, ", {}", value.borrowed());
    }
    page.line(format!("{function}(o{arguments})?;"));
    Ok(())
}

/// Returns the blocks of a page, and the template at the top of its inheritance chain.
fn lineage<'t>(book: &Book<'t>, page: &'t Page) -> Outcome<(Lineage<'t>, &'t str)> {
    let mut lineage = Lineage::new();
    let mut line = 1;
    let mut by = "src/page/mod.rs".to_owned();
    let mut name = page.template.as_str();
    loop {
        let found = book.templates.get_key_value(name);
        let Some((file, template)) = found else {
            return Err(Fault {
                file: by,
                line,
                message: format!("there is no template `{name}`"),
            });
        };
        collect(file, &template.nodes, &mut lineage);
        match &template.extends {
            Some((parent, at)) => {
                by = format!("templates/{file}");
                line = *at;
                name = parent;
            }
            None => return Ok((lineage, file)),
        }
    }
}

fn collect<'t>(file: &'t str, nodes: &'t [Node], lineage: &mut Lineage<'t>) {
    for node in nodes {
        match &node.kind {
            NodeKind::Block { name, body } => {
                lineage.entry(name).or_default().push((file, body));
                collect(file, body, lineage);
            }
            NodeKind::If {
                then, otherwise, ..
            } => {
                collect(file, then, lineage);
                collect(file, otherwise, lineage);
            }
            // Tera allows no blocks in loops and components.
            NodeKind::For { .. }
            | NodeKind::Text(_)
            | NodeKind::Output(_)
            | NodeKind::Set { .. }
            | NodeKind::Include(_) => {}
        }
    }
}

fn holds_block(node: &Node) -> bool {
    let mut blocks = Lineage::new();
    collect("", std::slice::from_ref(node), &mut blocks);
    !blocks.is_empty()
}
