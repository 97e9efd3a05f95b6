//! Parses segments to a syntax tree, with the grammar and precedence of Tera.

use super::ast::{
    Arguments, Call, Component, Expr, ExprKind, Node, NodeKind, Operator, Parameter, Template,
};
use super::lexer::{self, SegmentKind, Token};
use super::{Fault, Outcome};

/// Filters bind more tightly than all operators.
const FILTER: u8 = 17;
const TEST: u8 = 5;
const NOT: u8 = 5;
const CHOICE: u8 = 0;

/// Parses the template with this name.
pub fn parse(name: &str, text: &str) -> Outcome<Template> {
    let mut segments = lexer::segments(name, text)?;
    segments.reverse();
    let mut parser = Parser {
        file: name,
        segments,
        template: Template::default(),
        depth: 0,
    };
    parser.template.nodes = parser.nodes(&[])?.0;
    Ok(parser.template)
}

struct Parser<'t> {
    file: &'t str,
    /// The remaining segments, in reverse order.
    segments: Vec<lexer::Segment>,
    template: Template,
    /// The number of open tags.
    depth: usize,
}

impl Parser<'_> {
    fn fault(&self, line: usize, message: impl Into<String>) -> Fault {
        Fault {
            file: format!("templates/{}", self.file),
            line,
            message: message.into(),
        }
    }

    /// Parses nodes up to a tag that begins with one of `ends`, and returns them with the tokens of
    /// that tag. Without `ends`, parses the rest.
    fn nodes(&mut self, ends: &[&str]) -> Outcome<(Vec<Node>, Tokens)> {
        let mut nodes = Vec::new();
        let mut line = 1;
        while let Some(segment) = self.segments.pop() {
            line = segment.line;
            let is_child = self.template.extends.is_some() && self.depth == 0;
            match segment.kind {
                SegmentKind::Text(text) => {
                    // In a template that extends another, Tera ignores text between blocks.
                    if !is_child {
                        let kind = NodeKind::Text(text);
                        nodes.push(Node { line, kind });
                    }
                }
                SegmentKind::Output(tokens) => {
                    let mut tokens = Tokens::new(self.file, line, tokens);
                    let kind = NodeKind::Output(tokens.expression(0)?);
                    tokens.end()?;
                    nodes.push(Node { line, kind });
                }
                SegmentKind::Tag(tokens) => {
                    let mut tokens = Tokens::new(self.file, line, tokens);
                    let is_end = match tokens.peek() {
                        Some(Token::Name(name)) => ends.contains(&name.as_str()),
                        Some(Token::Sign("</")) => ends.contains(&"</"),
                        _ => false,
                    };
                    if is_end {
                        tokens.next();
                        return Ok((nodes, tokens));
                    }
                    if let Some(kind) = self.tag(tokens, line)? {
                        nodes.push(Node { line, kind });
                    }
                }
            }
        }
        match ends.last() {
            Some(end) => Err(self.fault(line, format!("`{end}` is missing"))),
            None => Ok((nodes, Tokens::new(self.file, line, Vec::new()))),
        }
    }

    /// Parses the content of a tag.
    fn inner(&mut self, ends: &[&str]) -> Outcome<(Vec<Node>, Tokens)> {
        self.depth += 1;
        let inner = self.nodes(ends);
        self.depth -= 1;
        inner
    }

    fn tag(&mut self, mut tokens: Tokens, line: usize) -> Outcome<Option<NodeKind>> {
        if tokens.skip("<") {
            return self.call_with_body(tokens).map(Some);
        }
        let word = tokens.name("a tag")?;
        match word.as_str() {
            "extends" => {
                let parent = tokens.text()?;
                tokens.end()?;
                self.template.extends = Some((parent, line));
                Ok(None)
            }
            "include" => {
                let name = tokens.text()?;
                tokens.end()?;
                Ok(Some(NodeKind::Include(name)))
            }
            "block" => {
                let name = tokens.name("the name of the block")?;
                tokens.end()?;
                let (body, _) = self.inner(&["endblock"])?;
                Ok(Some(NodeKind::Block { name, body }))
            }
            "component" => {
                let name = tokens.name("the name of the component")?;
                let parameters = tokens.parameters()?;
                tokens.end()?;
                let (body, _) = self.inner(&["endcomponent"])?;
                self.template.components.push(Component {
                    name,
                    line,
                    parameters,
                    body,
                });
                Ok(None)
            }
            "set" | "set_global" => {
                let name = tokens.name("the name of a variable")?;
                if !tokens.skip("=") {
                    return Err(self.fault(line, "a `set` with a body is not translated"));
                }
                let value = tokens.expression(0)?;
                tokens.end()?;
                Ok(Some(NodeKind::Set {
                    name,
                    value,
                    is_global: word == "set_global",
                }))
            }
            "if" => self.condition(tokens).map(Some),
            "for" => {
                let name = tokens.name("the name of a variable")?;
                if !tokens.skip_word("in") {
                    return Err(self.fault(line, "a `for` over keys and values is not translated"));
                }
                let target = tokens.expression(0)?;
                tokens.end()?;
                let (body, end) = self.inner(&["else", "endfor"])?;
                let otherwise = if end.is_else {
                    self.inner(&["endfor"])?.0
                } else {
                    Vec::new()
                };
                Ok(Some(NodeKind::For {
                    name,
                    target,
                    body,
                    otherwise,
                }))
            }
            other => Err(self.fault(line, format!("the tag `{other}` is not translated"))),
        }
    }

    /// Parses an `if`, from its condition.
    fn condition(&mut self, mut tokens: Tokens) -> Outcome<NodeKind> {
        let condition = tokens.expression(0)?;
        tokens.end()?;
        let (then, end) = self.inner(&["elif", "else", "endif"])?;
        let line = end.line;
        let otherwise = match (end.is_else, end.is_elif) {
            (true, _) => self.inner(&["endif"])?.0,
            (_, true) => {
                let kind = self.condition(end)?;
                vec![Node { line, kind }]
            }
            _ => Vec::new(),
        };
        Ok(NodeKind::If {
            condition,
            then,
            otherwise,
        })
    }

    /// Parses `{% <name …> %}…{% </name> %}`, from the name.
    fn call_with_body(&mut self, mut tokens: Tokens) -> Outcome<NodeKind> {
        let line = tokens.line;
        let name = tokens.name("the name of a component")?;
        let arguments = tokens.attributes()?;
        tokens.sign(">")?;
        tokens.end()?;
        let (body, mut end) = self.inner(&["</"])?;
        let closed = end.name("the name of a component")?;
        if closed != name {
            return Err(self.fault(end.line, format!("`{name}` is closed by `{closed}`")));
        }
        let body = Some(body);
        let call = Box::new(Call {
            name,
            arguments,
            body,
        });
        let kind = ExprKind::Component(call);
        Ok(NodeKind::Output(Expr { line, kind }))
    }
}

/// The tokens of one tag.
struct Tokens {
    file: String,
    line: usize,
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    /// True if the tag began with `else`.
    is_else: bool,
    is_elif: bool,
}

impl Tokens {
    fn new(file: &str, line: usize, tokens: Vec<Token>) -> Tokens {
        let begins = |word: &str| tokens.first() == Some(&Token::Name(word.to_owned()));
        Tokens {
            file: file.to_owned(),
            line,
            is_else: begins("else"),
            is_elif: begins("elif"),
            tokens: tokens.into_iter().peekable(),
        }
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault {
            file: format!("templates/{}", self.file),
            line: self.line,
            message: message.into(),
        }
    }

    fn peek(&mut self) -> Option<&Token> {
        self.tokens.peek()
    }

    fn next(&mut self) -> Option<Token> {
        self.tokens.next()
    }

    fn skip(&mut self, sign: &str) -> bool {
        let is_next = |token: &Token| matches!(token, Token::Sign(next) if *next == sign);
        self.tokens.next_if(is_next).is_some()
    }

    fn skip_word(&mut self, word: &str) -> bool {
        let is_next = |token: &Token| matches!(token, Token::Name(next) if next == word);
        self.tokens.next_if(is_next).is_some()
    }

    fn sign(&mut self, sign: &str) -> Outcome<()> {
        if self.skip(sign) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{sign}`")))
        }
    }

    fn expected(&mut self, what: &str) -> Fault {
        let found = match self.peek() {
            Some(Token::Name(name)) => format!("`{name}`"),
            Some(Token::Text(text)) => format!("{text:?}"),
            Some(Token::Number(number)) => format!("`{number}`"),
            Some(Token::Sign(sign)) => format!("`{sign}`"),
            None => "the end of the tag".to_owned(),
        };
        self.fault(format!("expected {what}, found {found}"))
    }

    fn end(&mut self) -> Outcome<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.expected("the end of the tag")),
        }
    }

    fn name(&mut self, what: &str) -> Outcome<String> {
        match self.tokens.next_if(|token| matches!(token, Token::Name(_))) {
            Some(Token::Name(name)) => Ok(name),
            _ => Err(self.expected(what)),
        }
    }

    fn text(&mut self) -> Outcome<String> {
        match self.tokens.next_if(|token| matches!(token, Token::Text(_))) {
            Some(Token::Text(text)) => Ok(text),
            _ => Err(self.expected("a string")),
        }
    }

    /// Parses the parameters of a component, in parentheses.
    fn parameters(&mut self) -> Outcome<Vec<Parameter>> {
        self.sign("(")?;
        let mut parameters = Vec::new();
        while !self.skip(")") {
            if !parameters.is_empty() {
                self.sign(",")?;
            }
            let name = self.name("the name of a parameter")?;
            let default = if self.skip("=") {
                Some(self.operand()?)
            } else {
                None
            };
            parameters.push(Parameter { name, default });
        }
        Ok(parameters)
    }

    /// Parses the arguments of a component, as attributes.
    fn attributes(&mut self) -> Outcome<Arguments> {
        let mut attributes = Vec::new();
        while let Some(Token::Name(_)) = self.peek() {
            let name = self.name("the name of an argument")?;
            let line = self.line;
            let value = if !self.skip("=") {
                let kind = ExprKind::Name(name.clone());
                Expr { line, kind }
            } else if self.skip("{") {
                let value = self.expression(0)?;
                self.sign("}")?;
                value
            } else {
                let kind = ExprKind::Text(self.text()?);
                Expr { line, kind }
            };
            attributes.push((name, value));
        }
        Ok(attributes)
    }

    /// Parses the optional arguments of a filter or a test.
    fn arguments(&mut self) -> Outcome<Arguments> {
        let mut arguments = Vec::new();
        if !self.skip("(") {
            return Ok(arguments);
        }
        while !self.skip(")") {
            if !arguments.is_empty() {
                self.sign(",")?;
            }
            let name = self.name("the name of an argument")?;
            self.sign("=")?;
            arguments.push((name, self.expression(0)?));
        }
        Ok(arguments)
    }

    /// Parses an expression of operators with a binding power of at least `least`.
    fn expression(&mut self, least: u8) -> Outcome<Expr> {
        let line = self.line;
        let mut left = self.operand()?;
        loop {
            if least <= FILTER && self.skip("|") {
                let name = self.name("the name of a filter")?;
                let arguments = self.arguments()?;
                let of = Box::new(left);
                left = Expr {
                    line,
                    kind: ExprKind::Filter {
                        of,
                        name,
                        arguments,
                    },
                };
            } else if least <= TEST && self.skip_word("is") {
                let is_negated = self.skip_word("not");
                let name = self.name("the name of a test")?;
                let arguments = self.arguments()?;
                let of = Box::new(left);
                let kind = ExprKind::Test {
                    of,
                    name,
                    arguments,
                };
                left = negated(Expr { line, kind }, is_negated);
            } else if least == CHOICE && self.skip_word("if") {
                let condition = Box::new(self.expression(0)?);
                if !self.skip_word("else") {
                    return Err(self.expected("`else`"));
                }
                let otherwise = Box::new(self.expression(0)?);
                let then = Box::new(left);
                let kind = ExprKind::Choice {
                    condition,
                    then,
                    otherwise,
                };
                return Ok(Expr { line, kind });
            } else if let Some((operator, is_negated)) = self.operator(least)? {
                let right = Box::new(self.expression(operator.binding().1)?);
                let kind = ExprKind::Binary {
                    operator,
                    left: Box::new(left),
                    right,
                };
                left = negated(Expr { line, kind }, is_negated);
            } else {
                return Ok(left);
            }
        }
    }

    /// Returns the next operator, if its binding power is at least `least`; `not in` is the
    /// negation of `in`.
    fn operator(&mut self, least: u8) -> Outcome<Option<(Operator, bool)>> {
        let operator = match self.peek() {
            Some(Token::Sign("==")) => Operator::Equal,
            Some(Token::Sign("!=")) => Operator::NotEqual,
            Some(Token::Sign("<")) => Operator::Less,
            Some(Token::Sign("<=")) => Operator::LessOrEqual,
            Some(Token::Sign(">")) => Operator::Greater,
            Some(Token::Sign(">=")) => Operator::GreaterOrEqual,
            Some(Token::Sign("+")) => Operator::Plus,
            Some(Token::Sign("-")) => Operator::Minus,
            Some(Token::Sign("*")) => Operator::Times,
            Some(Token::Sign("~")) => Operator::Concat,
            Some(Token::Sign(sign @ ("/" | "//" | "%" | "**"))) => {
                // A component call ends with `/>`.
                let sign = *sign;
                return match sign {
                    "/" => Ok(None),
                    sign => Err(self.fault(format!("the operator `{sign}` is not translated"))),
                };
            }
            Some(Token::Name(name)) => match name.as_str() {
                "or" => Operator::Or,
                "and" => Operator::And,
                "in" | "not" => Operator::In,
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        if operator.binding().0 < least {
            return Ok(None);
        }
        let is_negated = self.skip_word("not");
        if is_negated && !self.skip_word("in") {
            return Err(self.expected("`in`"));
        }
        if !is_negated {
            self.next();
        }
        Ok(Some((operator, is_negated)))
    }

    /// Parses a value with its fields, or an expression in parentheses.
    fn operand(&mut self) -> Outcome<Expr> {
        let line = self.line;
        let kind = match self.next() {
            Some(Token::Text(text)) => ExprKind::Text(text),
            Some(Token::Number(number)) => ExprKind::Number(number),
            Some(Token::Sign("-")) => match self.next() {
                Some(Token::Number(number)) => ExprKind::Number(-number),
                _ => return Err(self.fault("`-` is allowed only before a number")),
            },
            Some(Token::Sign("(")) => {
                let inner = self.expression(0)?;
                self.sign(")")?;
                return Ok(inner);
            }
            Some(Token::Sign("[")) => return self.list(),
            Some(Token::Sign("<")) => {
                let name = self.name("the name of a component")?;
                let arguments = self.attributes()?;
                self.sign("/")?;
                self.sign(">")?;
                ExprKind::Component(Box::new(Call {
                    name,
                    arguments,
                    body: None,
                }))
            }
            Some(Token::Name(name)) => match name.as_str() {
                "true" | "True" => ExprKind::Flag(true),
                "false" | "False" => ExprKind::Flag(false),
                "none" | "None" | "null" => ExprKind::Nothing,
                "not" => ExprKind::Not(Box::new(self.expression(NOT)?)),
                _ => return self.path(name),
            },
            _ => return Err(self.fault("expected a value")),
        };
        Ok(Expr { line, kind })
    }

    /// Parses a name with its fields.
    fn path(&mut self, name: String) -> Outcome<Expr> {
        let line = self.line;
        if self.skip("(") {
            if name == "super" && self.skip(")") {
                let kind = ExprKind::Super;
                return Ok(Expr { line, kind });
            }
            return Err(self.fault(format!("the function `{name}` is not translated")));
        }
        let kind = if name == "loop" {
            self.sign(".")?;
            ExprKind::Loop(self.name("a field of `loop`")?)
        } else {
            ExprKind::Name(name)
        };
        let mut value = Expr { line, kind };
        loop {
            let of = Box::new(value);
            let kind = if self.skip(".") {
                let name = self.name("the name of a field")?;
                let is_optional = false;
                ExprKind::Field {
                    of,
                    name,
                    is_optional,
                }
            } else if self.skip("?.") {
                let name = self.name("the name of a field")?;
                let is_optional = true;
                ExprKind::Field {
                    of,
                    name,
                    is_optional,
                }
            } else if self.skip("[") {
                let at = Box::new(self.expression(0)?);
                self.sign("]")?;
                ExprKind::Index { of, at }
            } else {
                return Ok(*of);
            };
            value = Expr { line, kind };
        }
    }

    /// Parses a list comprehension, from its item.
    fn list(&mut self) -> Outcome<Expr> {
        let line = self.line;
        let item = Box::new(self.expression(0)?);
        if !self.skip_word("for") {
            return Err(self.fault("a list is translated only as `[x for y in z]`"));
        }
        let name = self.name("the name of a variable")?;
        if !self.skip_word("in") {
            return Err(self.expected("`in`"));
        }
        let target = Box::new(self.expression(CHOICE + 1)?);
        let condition = if self.skip_word("if") {
            Some(Box::new(self.expression(CHOICE + 1)?))
        } else {
            None
        };
        self.sign("]")?;
        let kind = ExprKind::List {
            item,
            name,
            target,
            condition,
        };
        Ok(Expr { line, kind })
    }
}

fn negated(of: Expr, is_negated: bool) -> Expr {
    if is_negated {
        Expr {
            line: of.line,
            kind: ExprKind::Not(Box::new(of)),
        }
    } else {
        of
    }
}
