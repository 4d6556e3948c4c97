//! Reads what the app answers into its types, with as little code as can be.
//!
//! Everything a screen shows is a type of `ipc`, and serde compiles each of them anew for the
//! deserializer that reads it. `serde_json`'s reads text as it comes, records as maps and as lists,
//! and words its errors: that was a third of the whole wasm. The app and its screens are built
//! together, so that the screens need none of it: here the text is parsed once, and the types are
//! read from the tree.

use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde_json::{Map, Value};

/// What JSON text says; nothing when it is not of this type.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    T::deserialize(Tree(serde_json::from_str(text).ok()?)).ok()
}

/// It is not of this type. Why is not kept: wording it would cost more than reading it.
#[derive(Debug)]
struct Unreadable;

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unreadable")
    }
}

impl std::error::Error for Unreadable {}

impl Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// A value that was parsed.
struct Tree(Value);

impl Tree {
    /// A whole number; the keys of a map are text.
    fn whole(&self) -> Result<i64, Unreadable> {
        match &self.0 {
            Value::Number(number) => number.as_i64(),
            Value::String(key) => key.parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
        .ok_or(Unreadable)
    }

    fn natural(&self) -> Result<u64, Unreadable> {
        match &self.0 {
            Value::Number(number) => number.as_u64(),
            Value::String(key) => key.parse().ok(),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        }
        .ok_or(Unreadable)
    }

    fn list(self) -> Result<List, Unreadable> {
        let Value::Array(values) = self.0 else { return Err(Unreadable) };
        Ok(List(values.into_iter()))
    }

    fn record(self) -> Result<Record, Unreadable> {
        let Value::Object(entries) = self.0 else { return Err(Unreadable) };
        Ok(Record { entries: entries.into_iter(), value: Value::Null })
    }

    fn text(self) -> Result<String, Unreadable> {
        let Value::String(text) = self.0 else { return Err(Unreadable) };
        Ok(text)
    }
}

/// Methods that read the same shape.
macro_rules! reads {
    ($($method:ident)* => $visit:ident($shape:ident)) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.$visit(self.$shape()?)
        })*
    };
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Unreadable;

    reads!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => visit_i64(whole));
    reads!(deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => visit_u64(natural));
    reads!(deserialize_char deserialize_str deserialize_string deserialize_identifier
           => visit_string(text));
    reads!(deserialize_seq deserialize_bytes deserialize_byte_buf => visit_seq(list));
    reads!(deserialize_map => visit_map(record));

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => visitor.visit_u64(value),
                (None, Some(value)) => visitor.visit_i64(value),
                (None, None) => visitor.visit_f64(number.as_f64().ok_or(Unreadable)?),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(_) => visitor.visit_seq(self.list()?),
            Value::Object(_) => visitor.visit_map(self.record()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.0.as_bool().ok_or(Unreadable)?)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_f64(self.0.as_f64().ok_or(Unreadable)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(Unreadable) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(Choice { name, with: Value::Null }),
            Value::Object(entries) => {
                let (name, with) = only(entries).ok_or(Unreadable)?;
                visitor.visit_enum(Choice { name, with })
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => Err(Unreadable),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }
}

fn only(entries: Map<String, Value>) -> Option<(String, Value)> {
    let mut entries = entries.into_iter();
    let entry = entries.next();
    if entries.next().is_some() { None } else { entry }
}

struct List(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for List {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Record {
    entries: serde_json::map::IntoIter,
    /// Of the key that was read last.
    value: Value,
}

impl<'de> MapAccess<'de> for Record {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Unreadable> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Tree(Value::String(key))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, Unreadable> {
        seed.deserialize(Tree(self.value.take()))
    }
}

/// One variant: its name, and what it holds.
struct Choice {
    name: String,
    with: Value,
}

impl<'de> EnumAccess<'de> for Choice {
    type Error = Unreadable;
    type Variant = Held;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Held), Unreadable> {
        Ok((seed.deserialize(Tree(Value::String(self.name)))?, Held(Tree(self.with))))
    }
}

struct Held(Tree);

impl<'de> VariantAccess<'de> for Held {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.0.0.is_null() { Ok(()) } else { Err(Unreadable) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, Unreadable> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.0.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.0.deserialize_map(visitor)
    }
}
