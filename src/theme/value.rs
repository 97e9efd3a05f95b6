//! Converts a view to Tera's values, with [`Html`] as text that is not escaped again.
//!
//! Tera's serializer creates the values, but cannot mark a string as safe. So the view is
//! serialized through [`Marking`], which recognizes the newtype by its name; no other text can be
//! marked as safe. A [`Shared`] part of a view becomes one value, which is shared as well.

use std::cell::RefCell;
use std::collections::HashMap;

use foldhash::fast::FixedState;
use serde::ser::{self, Serialize, Serializer};
use tera::Value;

use crate::html::Html;
use crate::page::Shared;

/// Converts `view` to a value.
pub fn of(view: &impl Serialize) -> Value {
    Made::default().value(view)
}

/// The values of shared parts, by the addresses of the parts. The view owns the parts during the
/// conversion, so addresses are not reused.
#[derive(Default)]
struct Made(RefCell<HashMap<usize, Value, FixedState>>);

impl Made {
    fn value<T: Serialize + ?Sized>(&self, part: &T) -> Value {
        Value::from_serializable(&Part { part, made: self })
    }

    /// Returns the value of a part, which is created when the part is first seen.
    fn once<T: Serialize + ?Sized>(&self, part: &T) -> Value {
        let address = std::ptr::from_ref(part).addr();
        let known = self.0.borrow().get(&address).cloned();
        known.unwrap_or_else(|| {
            let value = self.value(part);
            self.0.borrow_mut().insert(address, value.clone());
            value
        })
    }
}

/// A part of a view, for any serializer.
struct Part<'p, T: ?Sized> {
    part: &'p T,
    made: &'p Made,
}

impl<T: Serialize + ?Sized> Serialize for Part<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let made = self.made;
        self.part.serialize(Marking { to, made })
    }
}

/// Passes everything on to another serializer, or to a list or map that it has begun. HTML and
/// shared parts are passed on as finished values.
struct Marking<'m, S> {
    to: S,
    made: &'m Made,
}

/// A nested value is also a [`Part`], so that deeper parts are handled.
macro_rules! part {
    ($self:ident, $value:ident) => {
        &Part {
            part: $value,
            made: $self.made,
        }
    };
}

macro_rules! plain {
    ($($method:ident $type:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<S::Ok, S::Error> { self.to.$method(value) })*
    };
}

macro_rules! begun {
    ($($method:ident($($name:ident: $type:ty),*) -> $begun:ident,)*) => {
        $(fn $method(self, $($name: $type),*) -> Result<Self::$begun, S::Error> {
            let (to, made) = (self.to.$method($($name),*)?, self.made);
            Ok(Marking { to, made })
        })*
    };
}

impl<'m, S: Serializer> Serializer for Marking<'m, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Marking<'m, S::SerializeSeq>;
    type SerializeTuple = Marking<'m, S::SerializeTuple>;
    type SerializeTupleStruct = Marking<'m, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Marking<'m, S::SerializeTupleVariant>;
    type SerializeMap = Marking<'m, S::SerializeMap>;
    type SerializeStruct = Marking<'m, S::SerializeStruct>;
    type SerializeStructVariant = Marking<'m, S::SerializeStructVariant>;

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
        serialize_unit_struct &'static str,
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.to.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        match name {
            Html::NAME => self.made.value(value).mark_safe().serialize(self.to),
            Shared::NAME => self.made.once(value).serialize(self.to),
            _ => value.serialize(self),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let part = part!(self, value);
        self.to
            .serialize_newtype_variant(name, index, variant, part)
    }

    begun! {
        serialize_seq(length: Option<usize>) -> SerializeSeq,
        serialize_tuple(length: usize) -> SerializeTuple,
        serialize_tuple_struct(name: &'static str, length: usize) -> SerializeTupleStruct,
        serialize_tuple_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> SerializeTupleVariant,
        serialize_map(length: Option<usize>) -> SerializeMap,
        serialize_struct(name: &'static str, length: usize) -> SerializeStruct,
        serialize_struct_variant(name: &'static str, index: u32, variant: &'static str, length: usize) -> SerializeStructVariant,
    }
}

macro_rules! entries {
    ($($trait:ident $($method:ident)*,)*) => {
        $(impl<S: ser::$trait> ser::$trait for Marking<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            $(fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                self.to.$method(part!(self, value))
            })*

            fn end(self) -> Result<S::Ok, S::Error> {
                self.to.end()
            }
        })*
    };
}

entries! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
    SerializeMap serialize_key serialize_value,
}

macro_rules! fields {
    ($($trait:ident,)*) => {
        $(impl<S: ser::$trait> ser::$trait for Marking<'_, S> {
            type Ok = S::Ok;
            type Error = S::Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), S::Error> {
                self.to.serialize_field(key, part!(self, value))
            }

            fn end(self) -> Result<S::Ok, S::Error> {
                self.to.end()
            }
        })*
    };
}

fields! { SerializeStruct, SerializeStructVariant, }
