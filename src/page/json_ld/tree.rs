//! A JSON-LD tree, which borrows its texts and keeps terms in insertion order.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

/// The value of a term.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Value<'a> {
    Text(Cow<'a, str>),
    Whole(i64),
    Flag(bool),
    List(Vec<Value<'a>>),
    Node(Node<'a>),
}

/// Terms with their values. No term can be added twice.
#[derive(Default)]
pub struct Node<'a>(Vec<(&'static str, Value<'a>)>);

impl<'a> Node<'a> {
    /// Returns a node with a type and an address.
    pub fn new(kind: &'static str, address: impl Into<Value<'a>>) -> Node<'a> {
        let mut node = Node::default();
        node.put("@type", kind);
        node.put("@id", address);
        node
    }

    /// Returns a reference to a node, by its address.
    pub fn at(address: impl Into<Value<'a>>) -> Node<'a> {
        let mut node = Node::default();
        node.put("@id", address);
        node
    }

    pub fn put(&mut self, term: &'static str, value: impl Into<Value<'a>>) {
        self.0.push((term, value.into()));
    }

    pub fn put_some(&mut self, term: &'static str, value: Option<impl Into<Value<'a>>>) {
        if let Some(value) = value {
            self.put(term, value);
        }
    }

    /// Adds one value, or a list of several; nothing if there are none.
    pub fn put_list<V: Into<Value<'a>>>(
        &mut self,
        term: &'static str,
        values: impl Iterator<Item = V>,
    ) {
        let mut values: Vec<Value<'_>> = values.map(Into::into).collect();
        match values.len() {
            0 => {}
            1 => self.put(term, values.remove(0)),
            _ => self.put(term, values),
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(term, value)| (term, value)))
    }
}

macro_rules! from {
    ($($type:ty, $value:ident => $made:expr;)*) => {
        $(impl<'a> From<$type> for Value<'a> {
            fn from($value: $type) -> Value<'a> {
                $made
            }
        })*
    };
}

from! {
    &'a str, text => Value::Text(text.into());
    &'a String, text => Value::Text(text.into());
    String, text => Value::Text(text.into());
    i32, whole => Value::Whole(whole.into());
    bool, flag => Value::Flag(flag);
    Vec<Value<'a>>, list => Value::List(list);
    Node<'a>, node => Value::Node(node);
}
