//! The syntax tree of a template.

/// A template without its comments.
#[derive(Debug, Default)]
pub struct Template {
    /// The template that it extends, and the line of the tag.
    pub extends: Option<(String, usize)>,
    pub nodes: Vec<Node>,
    pub components: Vec<Component>,
}

/// `{% component name(…) %}` and its content.
#[derive(Debug)]
pub struct Component {
    pub name: String,
    pub line: usize,
    pub parameters: Vec<Parameter>,
    pub body: Vec<Node>,
}

#[derive(Debug)]
pub struct Parameter {
    pub name: String,
    /// A literal.
    pub default: Option<Expr>,
}

#[derive(Debug)]
pub struct Node {
    pub line: usize,
    pub kind: NodeKind,
}

#[derive(Debug)]
pub enum NodeKind {
    Text(String),
    /// `{{ … }}`, or a component call with a body.
    Output(Expr),
    If {
        condition: Expr,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
    For {
        name: String,
        target: Expr,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Set {
        name: String,
        value: Expr,
        is_global: bool,
    },
    Block {
        name: String,
        body: Vec<Node>,
    },
    Include(String),
}

#[derive(Debug)]
pub struct Expr {
    pub line: usize,
    pub kind: ExprKind,
}

pub type Arguments = Vec<(String, Expr)>;

#[derive(Debug)]
pub enum ExprKind {
    Text(String),
    Number(i64),
    Flag(bool),
    /// `none`
    Nothing,
    Name(String),
    /// `loop.…`
    Loop(String),
    Field {
        of: Box<Expr>,
        name: String,
        /// `?.`
        is_optional: bool,
    },
    Index {
        of: Box<Expr>,
        at: Box<Expr>,
    },
    Not(Box<Expr>),
    Binary {
        operator: Operator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    /// `then if condition else otherwise`
    Choice {
        condition: Box<Expr>,
        then: Box<Expr>,
        otherwise: Box<Expr>,
    },
    Filter {
        of: Box<Expr>,
        name: String,
        arguments: Arguments,
    },
    Test {
        of: Box<Expr>,
        name: String,
        arguments: Arguments,
    },
    /// `[item for name in target if condition]`
    List {
        item: Box<Expr>,
        name: String,
        target: Box<Expr>,
        condition: Option<Box<Expr>>,
    },
    Component(Box<Call>),
    /// `super()`
    Super,
}

/// A component call.
#[derive(Debug)]
pub struct Call {
    pub name: String,
    pub arguments: Arguments,
    /// The content between the tags; `None` for `<name />`.
    pub body: Option<Vec<Node>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Or,
    And,
    In,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Plus,
    Minus,
    Times,
    Concat,
}

impl Operator {
    /// Returns the operator as written in templates.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Or => "or",
            Operator::And => "and",
            Operator::In => "in",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Plus => "+",
            Operator::Minus => "-",
            Operator::Times => "*",
            Operator::Concat => "~",
        }
    }

    /// Returns the binding power on its left and right side, as in Tera.
    pub fn binding(self) -> (u8, u8) {
        match self {
            Operator::Or => (1, 2),
            Operator::And => (3, 4),
            Operator::In => (5, 6),
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Greater
            | Operator::GreaterOrEqual => (7, 8),
            Operator::Plus | Operator::Minus => (11, 12),
            Operator::Times | Operator::Concat => (13, 14),
        }
    }
}
