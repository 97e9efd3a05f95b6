//! Translates nodes to statements.

use super::Outcome;
use super::ast::{Call, Expr, ExprKind, Node, NodeKind};
use super::code::{Function, Value};
use super::names::{Root, Scope, Turn, Variable, parameter};
use super::types::{Stored, Type};

impl<'t> Function<'t> {
    /// Translates `nodes`. At the top of a scope, variables are declared where they are set.
    pub fn nodes(&mut self, nodes: &'t [Node], is_top: bool) -> Outcome<()> {
        for node in nodes {
            if is_top && !matches!(node.kind, NodeKind::Set { .. }) {
                self.declare(node)?;
            }
            self.node(node, is_top)?;
        }
        Ok(())
    }

    fn node(&mut self, node: &'t Node, is_top: bool) -> Outcome<()> {
        let line = node.line;
        match &node.kind {
            NodeKind::Text(text) => {
                self.text(text);
                Ok(())
            }
            NodeKind::Output(expr) => self.output(expr),
            NodeKind::If {
                condition,
                then,
                otherwise,
            } => self.choice(condition, then, otherwise),
            NodeKind::For {
                name,
                target,
                body,
                otherwise,
            } => self.turns(name, target, body, otherwise, line),
            NodeKind::Set {
                name,
                value,
                is_global,
            } => self.set(name, value, *is_global, is_top, line),
            NodeKind::Block { name, .. } => self.block(name, 0, is_top, line),
            NodeKind::Include(name) => self.include(name, line),
        }
    }

    fn choice(&mut self, condition: &Expr, then: &'t [Node], otherwise: &'t [Node]) -> Outcome<()> {
        match self.condition(condition)?.as_str() {
            "true" => return self.nodes(then, false),
            "false" => return self.nodes(otherwise, false),
            condition => self.open(format!("if {condition} {{")),
        }
        self.nodes(then, false)?;
        if !otherwise.is_empty() {
            self.flush();
            self.depth -= 1;
            self.open("} else {");
            self.nodes(otherwise, false)?;
        }
        self.close("}");
        Ok(())
    }

    fn turns(
        &mut self,
        name: &str,
        target: &Expr,
        body: &'t [Node],
        otherwise: &'t [Node],
        line: usize,
    ) -> Outcome<()> {
        let target = self.value(target)?.required();
        let Type::List(stored) = &target.of else {
            let message = format!("`for` needs a list, this is {}", target.of.words());
            return self.fault(line, message);
        };
        let [list, at, item] = ["list", "at", "item"].map(|name| self.fresh(name));
        self.line(format!("let {list} = {};", target.borrowed()));
        self.open(format!(
            "for ({at}, {item}) in {list}.iter().enumerate() {{"
        ));
        let mut scope = Scope::default();
        let value = read_item(stored, &item);
        scope
            .variables
            .insert(name.to_owned(), Variable::Set(value));
        scope.turn = Some(Turn {
            list: list.clone(),
            at,
        });
        self.scopes.push(scope);
        self.nodes(body, true)?;
        self.scopes.pop();
        self.close("}");
        if !otherwise.is_empty() {
            self.open(format!("if {list}.is_empty() {{"));
            self.nodes(otherwise, false)?;
            self.close("}");
        }
        Ok(())
    }

    /// Declares the variables that are first set inside of `node`.
    fn declare(&mut self, node: &Node) -> Outcome<()> {
        let mut names = Vec::new();
        let is_function = self.scopes.len() == 1;
        sets_within(node, is_function, true, &mut names);
        for name in names {
            let scope = self.scopes.last_mut().expect("a function has a scope");
            if !scope.variables.contains_key(&name) {
                let variable = self.fresh(&name);
                self.line(format!("let mut {variable} = None;"));
                let scope = self.scopes.last_mut().expect("a function has a scope");
                let declared = Variable::Declared(variable);
                scope.variables.insert(name, declared);
            }
        }
        Ok(())
    }

    fn set(
        &mut self,
        name: &str,
        value: &Expr,
        is_global: bool,
        is_top: bool,
        line: usize,
    ) -> Outcome<()> {
        if self.hides(name) {
            return self.fault(line, format!("`set` would hide the field `{name}`"));
        }
        let value = self.value(value)?.required();
        // A variable can hold both borrowed and owned text.
        let stored = match (&value.of, value.is_owned) {
            (Type::Missing, _) => return self.fault(line, "the value is undefined"),
            (Type::Text, false) => format!("Cow::Borrowed({})", value.rust),
            _ => value.rust.clone(),
        };
        let of = value.of.clone();
        let at = if is_global { 0 } else { self.scopes.len() - 1 };
        let is_here = is_top && at + 1 == self.scopes.len();
        match self.scopes[at].variables.get(name) {
            Some(Variable::Declared(variable)) => {
                let name = name.to_owned();
                let variable = variable.clone();
                self.line(format!("{variable} = Some({stored});"));
                let variable = Variable::Maybe { name: variable, of };
                self.scopes[at].variables.insert(name, variable);
            }
            Some(Variable::Maybe {
                name: known,
                of: before,
            }) if *before == of => {
                let line = format!("{known} = Some({stored});");
                self.line(line);
            }
            Some(Variable::Set(before)) if before.of == of && of == Type::Number => {
                let line = format!("{} = {stored};", before.rust);
                self.line(line);
            }
            Some(_) => {
                let message = format!("`{name}` is set again, to something of another kind");
                return self.fault(line, message);
            }
            None if is_here => {
                let variable = self.fresh(name);
                self.line(format!("let mut {variable} = {};", value.rust));
                let kept = Value {
                    rust: variable,
                    ..value
                };
                let variable = Variable::Set(Value::new(kept.borrowed(), of));
                self.scopes[at].variables.insert(name.to_owned(), variable);
            }
            None => return self.fault(line, format!("`{name}` cannot be set here")),
        }
        Ok(())
    }

    /// Translates the definition of a block that is `level` steps up its lineage.
    fn block(&mut self, name: &str, level: usize, is_top: bool, line: usize) -> Outcome<()> {
        let found = self.lineage.get_key_value(name);
        let found = found.and_then(|(name, all)| Some((*name, *all.get(level)?)));
        let Some((name, (file, nodes))) = found else {
            return self.fault(line, "nothing is above this block");
        };
        let before = std::mem::replace(&mut self.file, file);
        self.blocks.push((name, level));
        let outcome = self.nodes(nodes, is_top);
        self.blocks.pop();
        self.file = before;
        outcome
    }

    fn include(&mut self, name: &str, line: usize) -> Outcome<()> {
        let Some((file, template)) = self.book.templates.get_key_value(name) else {
            return self.fault(line, format!("there is no template `{name}`"));
        };
        if template.extends.is_some() {
            return self.fault(line, "a template that extends another is not included");
        }
        let mut names = Vec::new();
        for node in &template.nodes {
            sets_within(node, true, true, &mut names);
        }
        if !names.is_empty() {
            return self.fault(line, "a `set` in an included template is not translated");
        }
        let before = std::mem::replace(&mut self.file, file);
        self.nodes(&template.nodes, false)?;
        self.file = before;
        Ok(())
    }

    fn output(&mut self, expr: &'t Expr) -> Outcome<()> {
        match &expr.kind {
            ExprKind::Component(call) => self.call(call, expr.line),
            ExprKind::Super => match self.blocks.last() {
                Some((name, level)) => self.block(name, level + 1, false, expr.line),
                None => self.fault(expr.line, "`super()` is allowed only in a block"),
            },
            ExprKind::Text(text) => {
                self.text(&escaped(text));
                Ok(())
            }
            _ => {
                let value = self.value(expr)?.defined();
                self.write(&value, expr.line)
            }
        }
    }

    fn write(&mut self, value: &Value, line: usize) -> Outcome<()> {
        let rust = value.borrowed();
        match &value.of {
            Type::Text => self.line(format!("write::text(o, {rust});")),
            Type::Html => self.line(format!("o.push_str({rust});")),
            Type::Number => self.line(format!("write::number(o, {rust});")),
            Type::Flag => {
                self.line(format!(
                    "o.push_str(if {rust} {{ \"true\" }} else {{ \"false\" }});"
                ));
            }
            Type::Maybe(of) => {
                let it = self.fresh("it");
                self.open(format!("if let Some({it}) = {rust} {{"));
                self.write(&Value::new(it, (**of).clone()), line)?;
                self.close("}");
            }
            other => return self.fault(line, format!("{} cannot be written", other.words())),
        }
        Ok(())
    }

    fn call(&mut self, call: &'t Call, line: usize) -> Outcome<()> {
        let name = call.name.as_str();
        let Some((file, component)) = self.book.components.get(name).copied() else {
            return self.fault(line, format!("there is no component `{name}`"));
        };
        let known = |name: &str| component.parameters.iter().any(|known| known.name == name);
        if let Some((unknown, _)) = call.arguments.iter().find(|(name, _)| !known(name)) {
            let message = format!("the component `{name}` has no parameter `{unknown}`");
            return self.fault(line, message);
        }
        let mut values = Vec::new();
        for parameter in &component.parameters {
            let mut given = call.arguments.iter();
            let given = given.find(|(name, _)| *name == parameter.name);
            let given = given.map(|(_, value)| value).or(parameter.default.as_ref());
            let Some(given) = given else {
                let message = format!("the component `{name}` needs `{}`", parameter.name);
                return self.fault(line, message);
            };
            values.push((parameter.name.clone(), self.value(given)?.defined()));
        }
        if let Some(body) = &call.body {
            let variable = self.fresh("body");
            self.line(format!("let mut {variable} = String::new();"));
            self.open("{");
            self.line(format!("let o = &mut {variable};"));
            self.nodes(body, false)?;
            self.close("}");
            let value = Value::new(format!("{variable}.as_str()"), Type::Html);
            values.push(("body".to_owned(), value));
        }
        let function = self.instance(file, name, &values)?;
        let arguments = values.iter().filter(|(_, value)| value.of != Type::Missing);
        let arguments: String = arguments
            .map(|(_, value)| format!(", {}", value.borrowed()))
            .collect();
        self.line(format!("{function}(o{arguments})?;"));
        Ok(())
    }

    /// Returns the function of a component for these argument types.
    fn instance(
        &self,
        file: &'t str,
        name: &'t str,
        values: &[(String, Value)],
    ) -> Outcome<String> {
        let book = self.book;
        let types = values.iter().map(|(_, value)| value.of.clone());
        let key = (name.to_owned(), types.collect::<Vec<Type>>());
        if let Some(known) = book.instances.borrow().get(&key) {
            return Ok(known.clone());
        }
        let mut instances = book.instances.borrow_mut();
        let count = instances.keys().filter(|(known, _)| known == name).count();
        let function = match count {
            0 => format!("component_{name}"),
            count => format!("component_{name}_{}", count + 1),
        };
        instances.insert(key, function.clone());
        drop(instances);
        let (_, component) = book.components[name];
        let mut made = Function::new(book, self.lineage, file, Root::Nothing);
        let mut parameters = Vec::new();
        let variables = &mut made.scopes[0].variables;
        variables.insert("body".into(), Variable::Set(Value::missing()));
        for (name, value) in values {
            let read = match value.of {
                Type::Missing => Value::missing(),
                _ => {
                    parameters.push((parameter(name), value.of.clone()));
                    Value::new(parameter(name), value.of.clone())
                }
            };
            variables.insert(name.clone(), Variable::Set(read));
        }
        made.nodes(&component.body, true)?;
        made.flush();
        let text = made.finish(&parameters);
        let text = format!("/// `{file}`, line {}\nfn {function}{text}", component.line);
        book.functions.borrow_mut().push(text);
        Ok(function)
    }
}

/// Returns the item of a list; `item` is a reference to it.
pub fn read_item(stored: &Stored, item: &str) -> Value {
    let (rust, of) = stored.read(&format!("(*{item})"));
    Value::new(rust, of)
}

/// Collects the variables of a scope that are set inside of `node`. Variables of loops are
/// excluded, except global ones in a function.
fn sets_within(node: &Node, is_function: bool, is_near: bool, names: &mut Vec<String>) {
    match &node.kind {
        NodeKind::Set {
            name, is_global, ..
        } => {
            if (is_near && !is_global) || (is_function && *is_global) {
                names.push(name.clone());
            }
        }
        NodeKind::If {
            then, otherwise, ..
        } => {
            for node in then.iter().chain(otherwise) {
                sets_within(node, is_function, is_near, names);
            }
        }
        NodeKind::For {
            body, otherwise, ..
        } => {
            for node in body {
                sets_within(node, is_function, false, names);
            }
            for node in otherwise {
                sets_within(node, is_function, is_near, names);
            }
        }
        NodeKind::Output(expr) => {
            if let ExprKind::Component(call) = &expr.kind {
                for node in call.body.iter().flat_map(|body| body.iter()) {
                    sets_within(node, is_function, is_near, names);
                }
            }
        }
        NodeKind::Text(_) | NodeKind::Include(_) | NodeKind::Block { .. } => {}
    }
}

/// Escapes text for HTML.
fn escaped(text: &str) -> String {
    let mut html = String::new();
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}
