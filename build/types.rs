//! Types of values: in a view, and in the code that reads it.

/// The type of a field in a view.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stored {
    /// `String`
    Text,
    /// `&str`
    Word,
    Html,
    Flag,
    /// An integer, with its type name.
    Number(String),
    Maybe(Box<Stored>),
    List(Box<Stored>),
    /// A pointer that dereferences to its content: `Shared`, `Box`, or a reference.
    Pointer(&'static str, Box<Stored>),
    View(String),
}

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `&str`
    Text,
    /// `&str` that is already HTML
    Html,
    Flag,
    /// `i64`
    Number,
    /// `Option` of the inner type
    Maybe(Box<Type>),
    /// A slice of the stored type
    List(Stored),
    /// A reference to a view
    View(String),
    /// Tera's undefined
    Missing,
}

impl Stored {
    /// Returns the Rust type.
    pub fn rust(&self) -> String {
        match self {
            Stored::Text => "String".into(),
            Stored::Word => "&str".into(),
            Stored::Html => "crate::html::Html".into(),
            Stored::Flag => "bool".into(),
            Stored::Number(kind) => kind.clone(),
            Stored::Maybe(of) => format!("Option<{}>", of.rust()),
            Stored::List(of) => format!("Vec<{}>", of.rust()),
            Stored::Pointer("&", of) => format!("&{}", of.rust()),
            Stored::Pointer("Shared", of) => format!("page::Shared<{}>", of.rust()),
            Stored::Pointer(pointer, of) => format!("{pointer}<{}>", of.rust()),
            Stored::View(name) => format!("page::{name}"),
        }
    }

    /// Returns the expression that reads the value at `place`, and its type.
    pub fn read(&self, place: &str) -> (String, Type) {
        match self {
            Stored::Text => (format!("{place}.as_str()"), Type::Text),
            Stored::Word => (place.to_owned(), Type::Text),
            Stored::Html => (format!("{place}.as_str()"), Type::Html),
            Stored::Flag => (place.to_owned(), Type::Flag),
            Stored::Number(kind) if kind == "i64" => (place.to_owned(), Type::Number),
            Stored::Number(_) => (format!("({place} as i64)"), Type::Number),
            Stored::Maybe(of) => {
                let (inner, of) = of.read("(*it)");
                let rust = format!("{place}.as_ref().map(|it| {inner})");
                (rust, Type::Maybe(Box::new(of)))
            }
            Stored::List(of) => (format!("{place}.as_slice()"), Type::List((**of).clone())),
            Stored::Pointer(_, of) => of.read(&format!("(*{place})")),
            Stored::View(name) => (format!("(&{place})"), Type::View(name.clone())),
        }
    }
}

impl Type {
    /// Returns the Rust type.
    pub fn rust(&self) -> String {
        match self {
            Type::Text | Type::Html => "&str".into(),
            Type::Flag => "bool".into(),
            Type::Number => "i64".into(),
            Type::Maybe(of) => format!("Option<{}>", of.rust()),
            Type::List(of) => format!("&[{}]", of.rust()),
            Type::View(name) => format!("&page::{name}"),
            Type::Missing => "()".into(),
        }
    }

    /// Returns the type in words, for messages.
    pub fn words(&self) -> String {
        match self {
            Type::Text => "text".into(),
            Type::Html => "HTML".into(),
            Type::Flag => "true or false".into(),
            Type::Number => "a number".into(),
            Type::Maybe(of) => format!("{} or none", of.words()),
            Type::List(_) => "a list".into(),
            Type::View(name) => format!("a `{name}`"),
            Type::Missing => "undefined".into(),
        }
    }
}
