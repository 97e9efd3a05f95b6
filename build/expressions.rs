//! Translates expressions.

use super::Outcome;
use super::ast::{Arguments, Expr, ExprKind, Operator};
use super::code::{Function, Value};
use super::names::{Scope, Variable};
use super::nodes::read_item;
use super::types::{Stored, Type};

impl Function<'_> {
    pub fn value(&mut self, expr: &Expr) -> Outcome<Value> {
        let line = expr.line;
        match &expr.kind {
            ExprKind::Text(text) => Ok(Value::new(format!("{text:?}"), Type::Text)),
            ExprKind::Number(number) => {
                let rust = match number {
                    0.. => format!("{number}_i64"),
                    _ => format!("({number}_i64)"),
                };
                Ok(Value::new(rust, Type::Number))
            }
            ExprKind::Flag(flag) => Ok(Value::new(flag.to_string(), Type::Flag)),
            ExprKind::Nothing => self.fault(line, "`none` is allowed only in `is none`"),
            ExprKind::Name(name) => self.lookup(name, line),
            ExprKind::Loop(field) => self.turn(field, line),
            ExprKind::Field {
                of,
                name,
                is_optional,
            } => {
                let of = self.value(of)?;
                self.step(of, name, *is_optional, line)
            }
            ExprKind::Index { of, at } => {
                let of = self.value(of)?.required();
                let at = self.value(at)?.required();
                let (Type::List(stored), Type::Number) = (&of.of, &at.of) else {
                    return self.fault(line, "only a list is indexed, by a number");
                };
                let item = read_item(stored, "it");
                let rust = format!("write::item({}, {})", of.borrowed(), at.rust);
                Ok(Value {
                    may_be_missing: true,
                    ..Value::new(
                        format!("{rust}.map(|it| {})", item.rust),
                        Type::Maybe(Box::new(item.of)),
                    )
                })
            }
            ExprKind::Not(_) | ExprKind::Test { .. } => {
                Ok(Value::new(self.condition(expr)?, Type::Flag))
            }
            ExprKind::Binary {
                operator,
                left,
                right,
            } => match operator {
                Operator::Or => {
                    let left = self.value(left)?;
                    let right = self.value(right)?;
                    self.either(&left, right, line)
                }
                Operator::And => self.fault(line, "`and` is translated in conditions only"),
                Operator::Plus | Operator::Minus | Operator::Times => {
                    let left = self.value(left)?.required();
                    let right = self.value(right)?.required();
                    if left.of != Type::Number || right.of != Type::Number {
                        return self.fault(line, "only numbers are reckoned with");
                    }
                    let sign = operator.sign();
                    let rust = format!("({} {sign} {})", left.rust, right.rust);
                    Ok(Value::new(rust, Type::Number))
                }
                Operator::Concat => {
                    let left = self.value(left)?.required();
                    let right = self.value(right)?.required();
                    let fits = |value: &Value| matches!(value.of, Type::Text | Type::Number);
                    if !fits(&left) || !fits(&right) {
                        return self.fault(line, "`~` joins text and numbers only");
                    }
                    let [left, right] = [left.borrowed(), right.borrowed()];
                    let rust = format!("write::joined({left}, {right})");
                    Ok(Value::owned(rust, Type::Text))
                }
                Operator::In
                | Operator::Equal
                | Operator::NotEqual
                | Operator::Less
                | Operator::LessOrEqual
                | Operator::Greater
                | Operator::GreaterOrEqual => Ok(Value::new(self.condition(expr)?, Type::Flag)),
            },
            ExprKind::Choice {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.condition(condition)?;
                let then = self.value(then)?.defined();
                let otherwise = self.value(otherwise)?.defined();
                let (then, otherwise, is_owned) = alike(then, otherwise);
                if then.of != otherwise.of {
                    return self.fault(line, "the two values are of different kinds");
                }
                let rust = format!(
                    "(if {condition} {{ {} }} else {{ {} }})",
                    then.rust, otherwise.rust
                );
                Ok(Value {
                    is_owned,
                    ..Value::new(rust, then.of)
                })
            }
            ExprKind::Filter {
                of,
                name,
                arguments,
            } => self.filter(of, name, arguments, line),
            ExprKind::List {
                item,
                name,
                target,
                condition,
            } => self.list(item, name, target, condition.as_deref()),
            ExprKind::Component(_) => self.fault(line, "a component can only be written"),
            ExprKind::Super => self.fault(line, "`super()` can only be written"),
        }
    }

    /// Returns an expression for whether Tera takes `expr` for true, or `true` or `false`.
    pub fn condition(&mut self, expr: &Expr) -> Outcome<String> {
        let line = expr.line;
        Ok(match &expr.kind {
            ExprKind::Not(of) => match self.condition(of)?.as_str() {
                "true" => "false".to_owned(),
                "false" => "true".to_owned(),
                condition => format!("!({condition})"),
            },
            ExprKind::Binary {
                operator: operator @ (Operator::And | Operator::Or),
                left,
                right,
            } => {
                // The result of one operand that decides the whole, and the Rust operator for the
                // other case.
                let (decisive, sign) = match operator {
                    Operator::And => ("false", "&&"),
                    _ => ("true", "||"),
                };
                let left = self.condition(left)?;
                if left == decisive {
                    return Ok(left);
                }
                let right = self.condition(right)?;
                let is_fixed = |side: &str| side == "true" || side == "false";
                match (is_fixed(&left), is_fixed(&right)) {
                    (true, _) => right,
                    (_, true) if right != decisive => left,
                    // An operand with `?` must be kept, because it can leave the page to Tera.
                    (_, true) if !left.contains('?') => right,
                    _ => format!("({left}) {sign} ({right})"),
                }
            }
            ExprKind::Binary {
                operator: operator @ (Operator::Equal | Operator::NotEqual),
                left,
                right,
            } => {
                let [left, right] = [self.value(left)?, self.value(right)?];
                self.equal(left, right, operator.sign(), line)?
            }
            ExprKind::Binary {
                operator:
                    operator @ (Operator::Less
                    | Operator::LessOrEqual
                    | Operator::Greater
                    | Operator::GreaterOrEqual),
                left,
                right,
            } => {
                let left = self.value(left)?.required();
                let right = self.value(right)?.required();
                if left.of != Type::Number || right.of != Type::Number {
                    return self.fault(line, "only numbers are compared by size");
                }
                format!("{} {} {}", left.rust, operator.sign(), right.rust)
            }
            ExprKind::Binary {
                operator: Operator::In,
                left,
                right,
            } => {
                let [item, of] = [self.value(left)?.required(), self.value(right)?.required()];
                self.contains(&of, &item, line)?
            }
            ExprKind::Test {
                of,
                name,
                arguments,
            } => {
                let of = self.value(of)?;
                match name.as_str() {
                    "none" if of.may_be_missing => {
                        return self.fault(line, "this may be undefined, which is not none");
                    }
                    "none" => match of.of {
                        Type::Maybe(_) => format!("{}.is_none()", of.rust),
                        _ => "false".to_owned(),
                    },
                    "containing" => {
                        let pattern = self.argument(arguments, "pat", line)?;
                        self.contains(&of.required(), &pattern, line)?
                    }
                    "starting_with" | "ending_with" => {
                        let pattern = self.argument(arguments, "pat", line)?;
                        let of = of.required();
                        if of.of != Type::Text || pattern.of != Type::Text {
                            return self.fault(line, format!("the test `{name}` is for text"));
                        }
                        let method = name.replace("ing", "s");
                        format!("({}).{method}({})", of.borrowed(), pattern.borrowed())
                    }
                    "odd" | "even" => {
                        let of = of.required();
                        if of.of != Type::Number {
                            return self.fault(line, format!("the test `{name}` is for numbers"));
                        }
                        let sign = if name == "odd" { "!=" } else { "==" };
                        format!("{} % 2 {sign} 0", of.rust)
                    }
                    _ => return self.fault(line, format!("the test `{name}` is not translated")),
                }
            }
            _ => self.value(expr)?.truth(),
        })
    }

    /// Translates a field of `loop`.
    fn turn(&mut self, field: &str, line: usize) -> Outcome<Value> {
        let turn = self
            .scopes
            .iter()
            .rev()
            .find_map(|scope| scope.turn.as_ref());
        let Some(turn) = turn else {
            return self.fault(line, "`loop` is allowed only in a `for`");
        };
        let (list, at) = (&turn.list, &turn.at);
        Ok(match field {
            "index" => Value::new(format!("({at} as i64 + 1)"), Type::Number),
            "index0" => Value::new(format!("({at} as i64)"), Type::Number),
            "first" => Value::new(format!("({at} == 0)"), Type::Flag),
            "last" => Value::new(format!("({at} + 1 == {list}.len())"), Type::Flag),
            "length" => Value::new(format!("({list}.len() as i64)"), Type::Number),
            _ => return self.fault(line, format!("`loop` has no field `{field}`")),
        })
    }

    /// Returns the field `name` of a value.
    fn step(&self, of: Value, name: &str, is_optional: bool, line: usize) -> Outcome<Value> {
        // Tera accepts a field of none, but not of undefined; Rust cannot distinguish them.
        let of = if is_optional { of } else { of.defined() };
        match &of.of {
            Type::View(view) => {
                let place = of
                    .rust
                    .strip_prefix("(&")
                    .and_then(|rest| rest.strip_suffix(')'));
                self.field(view, place.unwrap_or(&of.rust), name, line)
            }
            Type::Maybe(inner) => {
                let Type::View(view) = &**inner else {
                    let message = format!("{} has no fields", inner.words());
                    return self.fault(line, message);
                };
                let field = self.field(view, "it", name, line)?;
                let (method, inner) = match field.of {
                    Type::Maybe(inner) => ("and_then", inner),
                    other => ("map", Box::new(other)),
                };
                let rust = format!("{}.{method}(|it| {})", of.rust, field.rust);
                Ok(Value {
                    may_be_missing: true,
                    ..Value::new(rust, Type::Maybe(inner))
                })
            }
            other => self.fault(line, format!("{} has no field `{name}`", other.words())),
        }
    }

    /// Translates `left or right` as a value.
    fn either(&mut self, left: &Value, right: Value, line: usize) -> Outcome<Value> {
        let (inner, is_maybe) = match &left.of {
            Type::Missing => return Ok(right),
            Type::Maybe(inner) => ((**inner).clone(), true),
            other => (other.clone(), false),
        };
        let right = right.defined();
        if inner != right.of {
            let message = format!("`or` between {} and {}", inner.words(), right.of.words());
            return self.fault(line, message);
        }
        let it = Value {
            is_owned: left.is_owned,
            ..Value::new("it", inner)
        };
        let truth = it.truth();
        let (it, right, is_owned) = alike(it, right);
        let pattern = if is_maybe { "Some(it)" } else { "it" };
        let rust = format!(
            "(match {} {{ {pattern} if {truth} => {}, _ => {} }})",
            left.rust, it.rust, right.rust
        );
        Ok(Value {
            is_owned,
            ..Value::new(rust, right.of)
        })
    }

    fn equal(&mut self, left: Value, right: Value, sign: &str, line: usize) -> Outcome<String> {
        let is_maybe = |value: &Value| matches!(value.of, Type::Maybe(_));
        let inner = |value: &Value| match &value.of {
            // Comparisons treat HTML as text.
            Type::Html => Type::Text,
            Type::Maybe(inner) => (**inner).clone(),
            other => other.clone(),
        };
        let kinds = [inner(&left), inner(&right)];
        if kinds[0] != kinds[1] || !matches!(kinds[0], Type::Text | Type::Number | Type::Flag) {
            let [left, right] = kinds.map(|kind| kind.words());
            let message = format!("`{sign}` between {left} and {right} is always the same");
            return self.fault(line, message);
        }
        let [left, right] = match (is_maybe(&left), is_maybe(&right)) {
            // None is not equal to undefined.
            (true, true) => [left.defined(), right.defined()],
            _ => [left, right],
        };
        Ok(match (is_maybe(&left), is_maybe(&right)) {
            (true, false) => format!("{} {sign} Some({})", left.rust, right.borrowed()),
            (false, true) => format!("Some({}) {sign} {}", left.borrowed(), right.rust),
            _ => format!("{} {sign} {}", left.borrowed(), right.borrowed()),
        })
    }

    fn contains(&mut self, of: &Value, item: &Value, line: usize) -> Outcome<String> {
        let (rust, wanted) = (of.borrowed(), item.borrowed());
        match (&of.of, &item.of) {
            (Type::Text, Type::Text) => Ok(format!("({rust}).contains({wanted})")),
            (Type::List(Stored::Text | Stored::Word), Type::Text) => {
                Ok(format!("({rust}).iter().any(|it| *it == *{wanted})"))
            }
            _ => {
                let message = format!("{} in {}", item.of.words(), of.of.words());
                self.fault(line, format!("not translated: {message}"))
            }
        }
    }

    pub fn argument(&mut self, arguments: &Arguments, name: &str, line: usize) -> Outcome<Value> {
        match arguments.iter().find(|(known, _)| known == name) {
            Some((_, value)) => Ok(self.value(value)?.required()),
            None => self.fault(line, format!("the argument `{name}` is missing")),
        }
    }

    fn filter(
        &mut self,
        of: &Expr,
        name: &str,
        arguments: &Arguments,
        line: usize,
    ) -> Outcome<Value> {
        let of = self.value(of)?.required();
        let known: &[&str] = match name {
            "replace" => &["from", "to"],
            "trim" | "trim_start" | "trim_end" => &["pat"],
            "truncate" => &["length", "end"],
            "join" => &["sep"],
            "pluralize" => &["singular", "plural"],
            _ => &[],
        };
        if let Some((other, _)) = arguments.iter().find(|(name, _)| !known.contains(&&**name)) {
            return self.fault(line, format!("`{name}` has no argument `{other}`"));
        }
        let mut given = |name: &str, default: Option<&str>| -> Outcome<String> {
            match default {
                Some(default) if !arguments.iter().any(|(known, _)| known == name) => {
                    Ok(default.to_owned())
                }
                _ => Ok(self.argument(arguments, name, line)?.borrowed()),
            }
        };
        let rust = of.borrowed();
        let is_text = of.of == Type::Text;
        Ok(match (name, &of.of) {
            ("length", Type::Text) => {
                Value::new(format!("(({rust}).chars().count() as i64)"), Type::Number)
            }
            ("length", Type::List(_)) => {
                Value::new(format!("(({rust}).len() as i64)"), Type::Number)
            }
            ("pluralize", Type::Number) => {
                let [one, many] = [
                    given("singular", Some("\"\""))?,
                    given("plural", Some("\"s\""))?,
                ];
                let rust = format!("(if {rust}.abs() == 1 {{ {one} }} else {{ {many} }})");
                Value::new(rust, Type::Text)
            }
            ("join", Type::List(Stored::Text | Stored::Word)) => {
                let separator = given("sep", Some("\"\""))?;
                let rust = format!("Cow::Owned(({rust}).join({separator}))");
                Value::owned(rust, Type::Text)
            }
            ("replace", _) if is_text => {
                let [from, to] = [given("from", None)?, given("to", None)?];
                Value::owned(format!("write::replaced({rust}, {from}, {to})"), Type::Text)
            }
            ("truncate", _) if is_text => {
                let [length, end] = [given("length", None)?, given("end", Some("\"…\""))?];
                let rust = format!("write::truncated({rust}, {length}, {end})");
                Value::owned(rust, Type::Text)
            }
            ("capitalize" | "upper" | "lower", _) if is_text => {
                let function = match name {
                    "capitalize" => "write::capitalized",
                    "upper" => "str::to_uppercase",
                    _ => "str::to_lowercase",
                };
                Value::owned(format!("Cow::Owned({function}({rust}))"), Type::Text)
            }
            ("trim" | "trim_start" | "trim_end", _) if is_text => {
                let methods: &[&str] = match name {
                    "trim" => &["trim_start", "trim_end"],
                    "trim_start" => &["trim_start"],
                    _ => &["trim_end"],
                };
                let mut trimmed = format!("({rust})");
                for method in methods {
                    trimmed.push_str(&if arguments.is_empty() {
                        format!(".{method}()")
                    } else {
                        format!(".{method}_matches({})", given("pat", None)?)
                    });
                }
                if of.is_owned {
                    Value::owned(format!("Cow::Owned({trimmed}.to_owned())"), Type::Text)
                } else {
                    Value::new(trimmed, Type::Text)
                }
            }
            (_, of) => {
                let of = of.words();
                return self.fault(
                    line,
                    format!("the filter `{name}` on {of} is not translated"),
                );
            }
        })
    }

    /// Translates `[item for name in target if condition]`.
    fn list(
        &mut self,
        item: &Expr,
        name: &str,
        target: &Expr,
        condition: Option<&Expr>,
    ) -> Outcome<Value> {
        let target = self.value(target)?.required();
        let Type::List(stored) = &target.of else {
            return self.fault(item.line, format!("{} is no list", target.of.words()));
        };
        let each = self.fresh("item");
        let mut scope = Scope::default();
        let value = read_item(stored, &each);
        scope
            .variables
            .insert(name.to_owned(), Variable::Set(value));
        self.scopes.push(scope);
        let condition = match condition {
            Some(condition) => self.condition(condition)?,
            None => "true".to_owned(),
        };
        let made = self.value(item)?.required();
        self.scopes.pop();
        let stored = match (&made.of, made.is_owned) {
            (Type::Text, false) => Stored::Word,
            (Type::Number, _) => Stored::Number("i64".to_owned()),
            (Type::Flag, _) => Stored::Flag,
            (Type::View(view), _) => Stored::Pointer("&", Box::new(Stored::View(view.clone()))),
            (other, _) => {
                let message = format!("a list of {} is not translated", other.words());
                return self.fault(item.line, message);
            }
        };
        let rust = format!(
            "{{ let mut list = Vec::new(); for {each} in {}.iter() {{ if {condition} {{ \
             list.push({}); }} }} list }}",
            target.borrowed(),
            made.rust
        );
        Ok(Value::owned(rust, Type::List(stored)))
    }
}

/// Converts two values to the same kind of text: both owned if one is.
fn alike(left: Value, right: Value) -> (Value, Value, bool) {
    let is_owned = left.is_owned || right.is_owned;
    let owned = |value: Value| {
        if is_owned && !value.is_owned && value.of == Type::Text {
            Value::owned(format!("Cow::Borrowed({})", value.rust), Type::Text)
        } else {
            value
        }
    };
    (owned(left), owned(right), is_owned)
}
