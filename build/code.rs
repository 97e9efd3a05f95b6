//! The generated Rust code: values, and the body of one function.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::ast::{Component, Node, Template};
use super::names::{Root, Scope};
use super::types::Type;
use super::views::Views;
use super::{Fault, Outcome};

/// A Rust expression and its type.
#[derive(Debug, Clone)]
pub struct Value {
    pub rust: String,
    pub of: Type,
    /// True if the expression is a `Cow` or a `Vec` instead of a reference.
    pub is_owned: bool,
    /// True if its `None` can mean Tera's undefined, which is different from Tera's none.
    pub may_be_missing: bool,
}

impl Value {
    pub fn new(rust: impl Into<String>, of: Type) -> Value {
        Value {
            rust: rust.into(),
            of,
            is_owned: false,
            may_be_missing: false,
        }
    }

    pub fn owned(rust: impl Into<String>, of: Type) -> Value {
        Value {
            is_owned: true,
            ..Value::new(rust, of)
        }
    }

    pub fn missing() -> Value {
        Value::new("()", Type::Missing)
    }

    /// Returns the expression as a reference or a plain number.
    pub fn borrowed(&self) -> String {
        match (self.is_owned, &self.of) {
            (true, Type::List(_)) => format!("&({})[..]", self.rust),
            (true, _) => format!("&*({})", self.rust),
            (false, _) => self.rust.clone(),
        }
    }

    /// Returns the value without its `Option`; for `None`, the generated code leaves the page to
    /// Tera.
    pub fn required(self) -> Value {
        match self.of {
            Type::Maybe(of) => Value::new(format!("{}.ok_or(Undecided)?", self.rust), *of),
            _ => self,
        }
    }

    /// Returns the value without its `Option` if its `None` can mean undefined.
    pub fn defined(self) -> Value {
        if self.may_be_missing {
            self.required()
        } else {
            self
        }
    }

    /// Returns an expression that is true if Tera takes the value for true.
    pub fn truth(&self) -> String {
        fn truth(of: &Type, rust: &str) -> String {
            match of {
                Type::Text | Type::Html | Type::List(_) => format!("!{rust}.is_empty()"),
                Type::Flag => rust.to_owned(),
                Type::Number => format!("{rust} != 0"),
                Type::Maybe(of) => match truth(of, "it").as_str() {
                    "true" => format!("{rust}.is_some()"),
                    inner => format!("{rust}.is_some_and(|it| {inner})"),
                },
                Type::View(_) => "true".to_owned(),
                Type::Missing => "false".to_owned(),
            }
        }
        let rust = if self.is_owned {
            format!("({})", self.rust)
        } else {
            self.rust.clone()
        };
        truth(&self.of, &rust)
    }
}

/// The blocks of one page: all definitions of each with their files, that of the page's own
/// template first.
pub type Lineage<'t> = BTreeMap<&'t str, Vec<(&'t str, &'t [Node])>>;

/// The input of all functions, and the functions generated so far.
pub struct Book<'t> {
    pub templates: &'t BTreeMap<String, Template>,
    pub views: &'t Views,
    /// The components, each with its file.
    pub components: BTreeMap<&'t str, (&'t str, &'t Component)>,
    /// The functions generated for components, by component and argument types.
    pub instances: RefCell<BTreeMap<(String, Vec<Type>), String>>,
    /// Functions that several pages share, by their text without the name.
    pub shared: RefCell<BTreeMap<String, String>>,
    /// The text of every function.
    pub functions: RefCell<Vec<String>>,
}

/// A function that is being generated.
pub struct Function<'t> {
    pub book: &'t Book<'t>,
    pub lineage: &'t Lineage<'t>,
    /// The current template.
    pub file: &'t str,
    pub root: Root<'t>,
    pub scopes: Vec<Scope>,
    /// The open blocks: the name of each, and its level in the lineage.
    pub blocks: Vec<(&'t str, usize)>,
    pub body: String,
    /// Text that is written before the next line of code.
    pending: String,
    pub depth: usize,
    numbers: usize,
}

impl<'t> Function<'t> {
    pub fn new(
        book: &'t Book<'t>,
        lineage: &'t Lineage<'t>,
        file: &'t str,
        root: Root<'t>,
    ) -> Function<'t> {
        Function {
            book,
            lineage,
            file,
            root,
            scopes: vec![Scope::default()],
            blocks: Vec::new(),
            body: String::new(),
            pending: String::new(),
            depth: 1,
            numbers: 0,
        }
    }

    pub fn fault<T>(&self, line: usize, message: impl Into<String>) -> Outcome<T> {
        Err(Fault {
            file: format!("templates/{}", self.file),
            line,
            message: message.into(),
        })
    }

    /// Returns a name that no other variable of the function has.
    pub fn fresh(&mut self, name: &str) -> String {
        self.numbers += 1;
        format!("{name}_{}", self.numbers)
    }

    /// Adds text for the function to write.
    pub fn text(&mut self, text: &str) {
        self.pending.push_str(text);
    }

    /// Adds a line of code, after the pending text.
    pub fn line(&mut self, line: impl AsRef<str>) {
        self.flush();
        self.body.push_str(&"    ".repeat(self.depth));
        self.body.push_str(line.as_ref());
        self.body.push('\n');
    }

    /// Adds a line that begins a block of code.
    pub fn open(&mut self, line: impl AsRef<str>) {
        self.line(line);
        self.depth += 1;
    }

    /// Adds a line that ends a block of code.
    pub fn close(&mut self, line: impl AsRef<str>) {
        self.flush();
        self.depth -= 1;
        self.line(line);
    }

    pub fn flush(&mut self) {
        if !self.pending.is_empty() {
            let text = std::mem::take(&mut self.pending);
            self.line(format!("o.push_str({text:?});"));
        }
    }

    /// Returns the function without its name.
    pub fn finish(mut self, parameters: &[(String, Type)]) -> String {
        self.line("Ok(())");
        let parameters = parameters.iter();
        let parameters: String = parameters
            .map(|(name, of)| format!(", {name}: {}", of.rust()))
            .collect();
        format!(
            "(o: &mut String{parameters}) -> Drawn {{\n{}}}\n",
            self.body
        )
    }
}
