//! The dependencies of a page: if a book overrides one of them, Tera renders the page.

use std::collections::{BTreeMap, BTreeSet};

use super::ast::{Arguments, Component, Expr, ExprKind, Node, NodeKind, Template};

/// The files and components that a template depends on.
#[derive(Default)]
pub struct Reached<'t> {
    pub files: BTreeSet<&'t str>,
    pub components: BTreeSet<&'t str>,
}

/// Returns all dependencies of `template`, including itself.
pub fn of<'t>(
    template: &'t str,
    templates: &'t BTreeMap<String, Template>,
    components: &BTreeMap<&'t str, (&'t str, &'t Component)>,
) -> Reached<'t> {
    let mut reached = Reached::default();
    let mut files = vec![template];
    let mut called = Vec::new();
    loop {
        let nodes = if let Some(file) = files.pop() {
            if !reached.files.insert(file) {
                continue;
            }
            let Some(template) = templates.get(file) else {
                continue;
            };
            files.extend(template.extends.iter().map(|(parent, _)| parent.as_str()));
            &template.nodes
        } else if let Some(name) = called.pop() {
            let Some((file, component)) = components.get(name) else {
                continue;
            };
            if !reached.components.insert(name) {
                continue;
            }
            // Only the file: other components in it are no dependencies.
            reached.files.insert(file);
            &component.body
        } else {
            return reached;
        };
        let mut found = Found::default();
        found.nodes(nodes);
        files.extend(found.files);
        called.extend(found.components);
    }
}

#[derive(Default)]
struct Found<'t> {
    files: Vec<&'t str>,
    components: Vec<&'t str>,
}

impl<'t> Found<'t> {
    fn nodes(&mut self, nodes: &'t [Node]) {
        for node in nodes {
            match &node.kind {
                NodeKind::Text(_) => {}
                NodeKind::Output(expr) => self.expr(expr),
                NodeKind::If {
                    condition,
                    then,
                    otherwise,
                } => {
                    self.expr(condition);
                    self.nodes(then);
                    self.nodes(otherwise);
                }
                NodeKind::For {
                    target,
                    body,
                    otherwise,
                    ..
                } => {
                    self.expr(target);
                    self.nodes(body);
                    self.nodes(otherwise);
                }
                NodeKind::Set { value, .. } => self.expr(value),
                NodeKind::Block { body, .. } => self.nodes(body),
                NodeKind::Include(name) => self.files.push(name),
            }
        }
    }

    fn arguments(&mut self, arguments: &'t Arguments) {
        for (_, value) in arguments {
            self.expr(value);
        }
    }

    fn expr(&mut self, expr: &'t Expr) {
        match &expr.kind {
            ExprKind::Text(_)
            | ExprKind::Number(_)
            | ExprKind::Flag(_)
            | ExprKind::Nothing
            | ExprKind::Name(_)
            | ExprKind::Loop(_)
            | ExprKind::Super => {}
            ExprKind::Field { of, .. } | ExprKind::Not(of) => self.expr(of),
            ExprKind::Index { of, at } => {
                self.expr(of);
                self.expr(at);
            }
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Choice {
                condition,
                then,
                otherwise,
            } => {
                self.expr(condition);
                self.expr(then);
                self.expr(otherwise);
            }
            ExprKind::Filter { of, arguments, .. } | ExprKind::Test { of, arguments, .. } => {
                self.expr(of);
                self.arguments(arguments);
            }
            ExprKind::List {
                item,
                target,
                condition,
                ..
            } => {
                self.expr(item);
                self.expr(target);
                if let Some(condition) = condition {
                    self.expr(condition);
                }
            }
            ExprKind::Component(call) => {
                self.components.push(&call.name);
                self.arguments(&call.arguments);
                if let Some(body) = &call.body {
                    self.nodes(body);
                }
            }
        }
    }
}
