//! The compact JSON form of a seat: an array instead of an object.

use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Seat;

impl Serialize for Seat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let flags: String = [(self.accessible, 'a'), (self.companion, 'c'), (self.restricted_view, 'r')]
            .into_iter()
            .filter_map(|(set, letter)| set.then_some(letter))
            .collect();
        let mut array = serializer.serialize_seq(Some(if flags.is_empty() { 3 } else { 4 }))?;
        array.serialize_element(&self.number)?;
        array.serialize_element(&Length(self.x))?;
        array.serialize_element(&Length(self.y))?;
        if !flags.is_empty() {
            array.serialize_element(&flags)?;
        }
        array.end()
    }
}

/// A length that is written without `.0` when it is whole.
struct Length(f32);

impl Serialize for Length {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < 1e6 {
            serializer.serialize_i32(self.0 as i32)
        } else {
            serializer.serialize_f32(self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Seat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(SeatVisitor)
    }
}

struct SeatVisitor;

impl<'de> Visitor<'de> for SeatVisitor {
    type Value = Seat;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a seat as [number, x, y] or [number, x, y, flags]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Seat, A::Error> {
        let missing = |at: usize| A::Error::invalid_length(at, &"[number, x, y]");
        let number: String = array.next_element()?.ok_or_else(|| missing(0))?;
        let x = array.next_element()?.ok_or_else(|| missing(1))?;
        let y = array.next_element()?.ok_or_else(|| missing(2))?;
        let mut seat = Seat::new(number, x, y);
        let flags: Option<String> = array.next_element()?;
        for letter in flags.unwrap_or_default().chars() {
            match letter {
                'a' => seat.accessible = true,
                'c' => seat.companion = true,
                'r' => seat.restricted_view = true,
                other => {
                    return Err(A::Error::custom(format!("unknown seat flag {other:?}; known are a, c, r")));
                }
            }
        }
        if array.next_element::<serde::de::IgnoredAny>()?.is_some() {
            return Err(A::Error::invalid_length(5, &"at most [number, x, y, flags]"));
        }
        Ok(seat)
    }
}

#[cfg(feature = "utoipa")]
impl utoipa::PartialSchema for Seat {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, OneOfBuilder, SchemaType, Type};
        let one = |kind| ObjectBuilder::new().schema_type(SchemaType::Type(kind)).build();
        ArrayBuilder::new()
            .items(OneOfBuilder::new().item(one(Type::String)).item(one(Type::Number)))
            .min_items(Some(3))
            .max_items(Some(4))
            .description(Some(
                "A seat: number, x, y in decimetres and, where any apply, flags: \
                 a accessible, c companion, r restricted view.",
            ))
            .examples([serde_json::json!(["12", -30.5, 120, "a"])])
            .build()
            .into()
    }
}

#[cfg(feature = "utoipa")]
impl utoipa::ToSchema for Seat {}
