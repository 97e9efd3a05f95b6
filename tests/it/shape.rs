//! Serializes a view with the names of its structs, which JSON does not have.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use serde::ser::{self, Impossible, Serialize};

/// A serialized value.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A string, number, boolean or null, as JSON.
    Plain(serde_json::Value),
    List(Vec<Shape>),
    Struct(&'static str, Fields),
}

/// The fields of a struct, in order.
pub type Fields = Vec<(&'static str, Shape)>;

pub fn of(value: &impl Serialize) -> Shape {
    value.serialize(Shaper).expect("views serialize")
}

impl Shape {
    /// Collects every struct in it by name; each field has the first non-empty example.
    pub fn gather(&self, structs: &mut BTreeMap<&'static str, Fields>) {
        match self {
            Shape::Plain(_) => {}
            Shape::List(items) => items.iter().for_each(|item| item.gather(structs)),
            Shape::Struct(name, fields) => {
                let known = structs.entry(name).or_insert_with(|| fields.clone());
                for (place, (_, shape)) in fields.iter().enumerate() {
                    if known[place].1.says_nothing() {
                        known[place].1 = shape.clone();
                    }
                }
                fields.iter().for_each(|(_, shape)| shape.gather(structs));
            }
        }
    }

    fn says_nothing(&self) -> bool {
        match self {
            Shape::Plain(value) => value.is_null() || *value == "" || *value == 0,
            Shape::List(items) => items.is_empty(),
            Shape::Struct(..) => false,
        }
    }

    /// Returns JSON with the names of structs instead of their fields.
    fn short(&self) -> serde_json::Value {
        match self {
            Shape::Plain(value) => value.clone(),
            Shape::List(items) => items.iter().take(1).map(Shape::short).collect(),
            Shape::Struct(name, _) => format!("‹{name}›").into(),
        }
    }
}

/// Returns a struct as JSON, with one field per line.
pub fn json(fields: &Fields) -> String {
    let lines = fields
        .iter()
        .map(|(name, shape)| format!("  \"{name}\": {}", shape.short()));
    format!("{{\n{}\n}}", lines.collect::<Vec<_>>().join(",\n"))
}

#[derive(Debug)]
pub struct Fault(String);

impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: Display>(message: T) -> Fault {
        Fault(message.to_string())
    }
}

struct Shaper;

pub struct Items(Vec<Shape>);

pub struct Named(&'static str, Fields);

impl ser::SerializeSeq for Items {
    type Ok = Shape;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        self.0.push(value.serialize(Shaper)?);
        Ok(())
    }

    fn end(self) -> Result<Shape, Fault> {
        Ok(Shape::List(self.0))
    }
}

impl ser::SerializeStruct for Named {
    type Ok = Shape;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Fault> {
        self.1.push((name, value.serialize(Shaper)?));
        Ok(())
    }

    fn end(self) -> Result<Shape, Fault> {
        Ok(Shape::Struct(self.0, self.1))
    }
}

macro_rules! plain {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<Shape, Fault> {
            Ok(Shape::Plain(value.into()))
        })*
    };
}

macro_rules! never {
    ($($method:ident($($arg:ty),*) -> $ok:ty,)*) => {
        $(fn $method(self, $(_: $arg),*) -> Result<$ok, Fault> {
            Err(Fault(format!("no view holds what `{}` writes", stringify!($method))))
        })*
    };
}

impl ser::Serializer for Shaper {
    type Ok = Shape;
    type Error = Fault;
    type SerializeSeq = Items;
    type SerializeTuple = Impossible<Shape, Fault>;
    type SerializeTupleStruct = Impossible<Shape, Fault>;
    type SerializeTupleVariant = Impossible<Shape, Fault>;
    type SerializeMap = Impossible<Shape, Fault>;
    type SerializeStruct = Named;
    type SerializeStructVariant = Impossible<Shape, Fault>;

    plain! {
        serialize_bool: bool,
        serialize_i8: i8,
        serialize_i16: i16,
        serialize_i32: i32,
        serialize_i64: i64,
        serialize_u8: u8,
        serialize_u16: u16,
        serialize_u32: u32,
        serialize_u64: u64,
        serialize_f32: f32,
        serialize_f64: f64,
        serialize_str: &str,
    }

    never! {
        serialize_char(char) -> Shape,
        serialize_bytes(&[u8]) -> Shape,
        serialize_unit_struct(&'static str) -> Shape,
        serialize_unit_variant(&'static str, u32, &'static str) -> Shape,
        serialize_tuple(usize) -> Self::SerializeTuple,
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct,
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant,
        serialize_map(Option<usize>) -> Self::SerializeMap,
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant,
    }

    fn serialize_none(self) -> Result<Shape, Fault> {
        Ok(Shape::Plain(serde_json::Value::Null))
    }

    fn serialize_unit(self) -> Result<Shape, Fault> {
        self.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Shape, Fault> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Shape, Fault> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<Shape, Fault> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Fault> {
        Ok(Items(Vec::new()))
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Named, Fault> {
        Ok(Named(name, Vec::new()))
    }
}
