//! A view as Tera's values, with our [`Html`] as text that is not escaped again.
//!
//! Tera's own conversion has no way to say that a string is safe. So this serializer builds the
//! values, and knows the newtype by its name; no other text can claim to be safe. A [`Shared`] part
//! of a view becomes one value, which is shared as well.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use foldhash::fast::FixedState;
use indexmap::IndexMap;
use serde::ser::{self, Serialize};
use tera::Value;

use crate::html::Html;
use crate::page::Shared;

/// `view` as a value.
pub fn of(view: &impl Serialize) -> Value {
    let made = Made::default();
    view.serialize(Values(&made)).expect("views are plain data")
}

/// The values of shared parts, by the addresses of the parts. The view holds these as long as its
/// value is made, so that none can be taken by another.
type Made = RefCell<HashMap<usize, Value, FixedState>>;

#[derive(Clone, Copy)]
struct Values<'m>(&'m Made);

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

struct List<'m>(Values<'m>, Vec<Value>);

/// The fields of a struct, in their order.
struct Fields<'m>(Values<'m>, Vec<(&'static str, Value)>);

/// The entries of a map.
struct Entries<'m> {
    values: Values<'m>,
    entries: IndexMap<String, Value>,
    key: String,
}

macro_rules! plain {
    ($($name:ident $type:ty,)*) => {
        $(fn $name(self, value: $type) -> Result<Value, Fault> { Ok(Value::from(value)) })*
    };
}

impl<'m> ser::Serializer for Values<'m> {
    type Ok = Value;
    type Error = Fault;
    type SerializeSeq = List<'m>;
    type SerializeTuple = List<'m>;
    type SerializeTupleStruct = List<'m>;
    type SerializeTupleVariant = List<'m>;
    type SerializeMap = Entries<'m>;
    type SerializeStruct = Fields<'m>;
    type SerializeStructVariant = Fields<'m>;

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
        match name {
            Html::NAME => Ok(value.serialize(self)?.mark_safe()),
            Shared::NAME => {
                let address = std::ptr::from_ref(value).addr();
                let known = self.0.borrow().get(&address).cloned();
                known.map_or_else(
                    || {
                        let value = value.serialize(self)?;
                        self.0.borrow_mut().insert(address, value.clone());
                        Ok(value)
                    },
                    Ok,
                )
            }
            _ => value.serialize(self),
        }
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

    fn serialize_seq(self, length: Option<usize>) -> Result<List<'m>, Fault> {
        Ok(List(self, Vec::with_capacity(length.unwrap_or(0))))
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'m>, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'m>, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        length: usize,
    ) -> Result<List<'m>, Fault> {
        self.serialize_seq(Some(length))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Entries<'m>, Fault> {
        Ok(Entries {
            values: self,
            entries: IndexMap::with_capacity(length.unwrap_or(0)),
            key: String::new(),
        })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Fields<'m>, Fault> {
        Ok(Fields(self, Vec::with_capacity(length)))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        length: usize,
    ) -> Result<Fields<'m>, Fault> {
        self.serialize_struct("", length)
    }
}

macro_rules! list {
    ($($trait:ident $method:ident,)*) => {
        $(impl ser::$trait for List<'_> {
            type Ok = Value;
            type Error = Fault;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
                self.1.push(value.serialize(self.0)?);
                Ok(())
            }

            fn end(self) -> Result<Value, Fault> {
                Ok(Value::from(self.1))
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
        $(impl ser::$trait for Fields<'_> {
            type Ok = Value;
            type Error = Fault;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Fault> {
                self.1.push((key, value.serialize(self.0)?));
                Ok(())
            }

            fn end(self) -> Result<Value, Fault> {
                Ok(Value::from_serializable(&Struct(&self.1)))
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant, }

/// A struct of values, for Tera's own serializer: it takes values as they are, and hashes each key
/// once where every other way into one of its maps hashes them twice.
struct Struct<'f>(&'f [(&'static str, Value)]);

impl Serialize for Struct<'_> {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use ser::SerializeStruct as _;
        let mut fields = serializer.serialize_struct("", self.0.len())?;
        for (key, value) in self.0 {
            fields.serialize_field(key, value)?;
        }
        fields.end()
    }
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = Value;
    type Error = Fault;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Fault> {
        let key = key.serialize(self.values)?;
        self.key = key.as_str().unwrap_or("").to_owned();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Fault> {
        let value = value.serialize(self.values)?;
        self.entries.insert(std::mem::take(&mut self.key), value);
        Ok(())
    }

    fn end(self) -> Result<Value, Fault> {
        Ok(Value::from(self.entries))
    }
}
