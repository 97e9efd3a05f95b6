//! A view as Tera's values, with our [`Html`] as text that is not escaped again.
//!
//! Tera's own conversion has no way to say that a string is safe. So this serializer builds the
//! values, and knows the newtype by its name; no other text can claim to be safe.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::{self, Serialize};
use tera::{Value, value::Key};

use crate::html::Html;

/// `view` as a value.
pub fn of(view: &impl Serialize) -> Value {
    view.serialize(Values).expect("views are plain data")
}

struct Values;

/// Views hold nothing that cannot be a value, so this is never seen.
#[derive(Debug)]
pub struct Fault(String);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Fault(message.to_string())
    }
}

struct List(Vec<Value>);

/// Sorted by key: Tera's own map hashes every key, and would be built twice.
struct Fields {
    entries: BTreeMap<Key<'static>, Value>,
    key: Option<Key<'static>>,
}

impl Fields {
    fn new() -> Fields {
        Fields {
            entries: BTreeMap::new(),
            key: None,
        }
    }

    fn put<T: Serialize + ?Sized>(&mut self, key: Key<'static>, value: &T) -> Result<(), Fault> {
        self.entries.insert(key, value.serialize(Values)?);
        Ok(())
    }

    fn value(self) -> Value {
        Value::from(self.entries)
    }
}

macro_rules! plain {
    ($($name:ident $type:ty,)*) => {
        $(fn $name(self, value: $type) -> Result<Value, Fault> { Ok(Value::from(value)) })*
    };
}

impl ser::Serializer for Values {
    type Ok = Value;
    type Error = Fault;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Fields;
    type SerializeStruct = Fields;
    type SerializeStructVariant = Fields;

    plain! {
        serialize_bool bool,
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_u64 u64,
        serialize_f32 f32,
        serialize_f64 f64,
        serialize_char char,
        serialize_str &str,
        serialize_bytes &[u8],
    }

    fn serialize_none(self) -> Result<Value, Fault> {
        Ok(Value::none())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Fault> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Fault> {
        Ok(Value::none())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Fault> {
        Ok(Value::none())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Fault> {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Value, Fault> {
        let value = value.serialize(self)?;
        Ok(if name == Html::NAME {
            value.mark_safe()
        } else {
            value
        })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Fault> {
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List, Fault> {
        Ok(List(Vec::with_capacity(length.unwrap_or(0))))
    }

    fn serialize_tuple(self, length: usize) -> Result<List, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        length: usize,
    ) -> Result<List, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Fields, Fault> {
        Ok(Fields::new())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields, Fault> {
        Ok(Fields::new())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Fields, Fault> {
        Ok(Fields::new())
    }
}

macro_rules! list {
    ($($trait:ident $method:ident,)*) => {
        $(impl ser::$trait for List {
            type Ok = Value;
            type Error = Fault;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.0.push(value.serialize(Values)?);
                Ok(())
            }

            fn end(self) -> Result<Value, Fault> {
                Ok(Value::from(self.0))
            }
        })*
    };
}

list! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! fields {
    ($($trait:ident,)*) => {
        $(impl ser::$trait for Fields {
            type Ok = Value;
            type Error = Fault;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Fault> {
                self.put(Key::Str(key), value)
            }

            fn end(self) -> Result<Value, Fault> {
                Ok(self.value())
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant, }

impl ser::SerializeMap for Fields {
    type Ok = Value;
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        let key = key.serialize(Values)?;
        self.key = key.as_str().map(|key| Key::String(key.into()));
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let key = self.key.take().unwrap_or(Key::Str(""));
        self.put(key, value)
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(self.value())
    }
}
