//! Resolves names: variables, parameters of components, fields of the view.

use std::collections::BTreeMap;

use super::Outcome;
use super::code::{Function, Value};
use super::types::Type;

/// How a name is resolved that is not a variable.
pub enum Root<'t> {
    /// As a field of the page's view.
    View(&'t str),
    /// As a field of the view, passed as a parameter of the function; only used fields are passed.
    Parameters {
        view: &'t str,
        used: BTreeMap<String, Type>,
    },
    /// Not at all: a component has access only to its arguments.
    Nothing,
}

/// The variables of a function, or of one iteration of a loop.
#[derive(Default)]
pub struct Scope {
    pub variables: BTreeMap<String, Variable>,
    /// The current list and position, for `loop`.
    pub turn: Option<Turn>,
}

pub struct Turn {
    pub list: String,
    pub at: String,
}

/// A variable, by how it is read.
pub enum Variable {
    Set(Value),
    /// Declared before an `if` or a loop that can set it, and not yet set.
    Declared(String),
    /// An `Option`, because it is set in an `if` or a loop.
    Maybe {
        name: String,
        of: Type,
    },
}

impl<'t> Function<'t> {
    pub fn lookup(&mut self, name: &str, line: usize) -> Outcome<Value> {
        for scope in self.scopes.iter().rev() {
            if let Some(variable) = scope.variables.get(name) {
                return Ok(variable.value());
            }
        }
        let structs = &self.book.views.structs;
        let field = |view: &str| structs.get(view).and_then(|fields| fields.get(name));
        match &mut self.root {
            Root::View(view) => {
                if let Some(stored) = field(view) {
                    let (rust, of) = stored.read(&format!("v.{name}"));
                    return Ok(Value::new(rust, of));
                }
            }
            Root::Parameters { view, used } => {
                if let Some(stored) = field(view) {
                    let (_, of) = stored.read("");
                    let parameter = parameter(name);
                    used.insert(name.to_owned(), of.clone());
                    return Ok(Value::new(parameter, of));
                }
            }
            Root::Nothing => {}
        }
        self.fault(line, format!("unknown variable `{name}`"))
    }

    /// True if `set` would hide a name that is not a variable.
    pub fn hides(&self, name: &str) -> bool {
        let view = match &self.root {
            Root::View(view) | Root::Parameters { view, .. } => *view,
            Root::Nothing => return false,
        };
        let fields = self.book.views.structs.get(view);
        fields.is_some_and(|fields| fields.contains_key(name))
    }

    /// Returns the field `name` of a view at `place`.
    pub fn field(&self, view: &str, place: &str, name: &str, line: usize) -> Outcome<Value> {
        let Some(fields) = self.book.views.structs.get(view) else {
            return self.fault(line, format!("`{view}` is no view in src/page"));
        };
        let Some(stored) = fields.get(name) else {
            let known: Vec<&str> = fields.keys().map(String::as_str).collect();
            let known = known.join("`, `");
            let message = format!("`{view}` has no field `{name}`; it has `{known}`");
            return self.fault(line, message);
        };
        let (rust, of) = stored.read(&format!("{place}.{name}"));
        Ok(Value::new(rust, of))
    }
}

impl Variable {
    fn value(&self) -> Value {
        match self {
            Variable::Set(value) => value.clone(),
            Variable::Declared(_) => Value::missing(),
            Variable::Maybe { name, of } => {
                let rust = match of {
                    Type::Text => format!("{name}.as_deref()"),
                    _ => name.clone(),
                };
                Value {
                    may_be_missing: true,
                    ..Value::new(rust, Type::Maybe(Box::new(of.clone())))
                }
            }
        }
    }
}

/// Returns the parameter name for a field or argument; no variable has this suffix.
pub fn parameter(name: &str) -> String {
    format!("{name}_")
}
