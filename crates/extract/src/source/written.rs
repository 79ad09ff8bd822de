//! Settings of a column that may be written in more ways than one.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, Deserialize, Deserializer, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};

/// What is done with a local time that the clock shows twice: in the hour before summer time ends, and again after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ambiguous {
    /// It is the earlier of the two instants.
    Earlier,
    /// It is the later one.
    Later,
    /// Its row goes to quarantine: `ambiguous_time`.
    #[default]
    Refuse,
}

/// What is done with a local time that the clock skips when summer time begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// It is moved on by what was skipped: `02:30` is what the clock shows as `03:30`.
    After,
    /// It is moved back by what was skipped: `02:30` is what the clock shows as `01:30`.
    Before,
    /// Its row goes to quarantine: `nonexistent_time`.
    #[default]
    Refuse,
}

/// One word or several, in order of preference: `"Id"` or `["Id", "Ticket ID"]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMore<T>(pub Vec<T>);

/// One text or several.
pub type Names = OneOrMore<String>;

impl<T> Default for OneOrMore<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl fmt::Display for Names {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("` or `"))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMore<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Words<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Words<T> {
            type Value = OneOrMore<T>;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("a text or a list of texts")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<OneOrMore<T>, E> {
                Ok(OneOrMore(vec![T::deserialize(word.into_deserializer())?]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<OneOrMore<T>, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element()? {
                    words.push(word);
                }
                Ok(OneOrMore(words))
            }
        }
        from.deserialize_any(Words(PhantomData))
    }
}

/// A bound of a range, kept as it is written so that decimals stay exact: `5`, `0.5`, `"2020-01-01"`, `2020-01-01`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound(pub String);

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Number;
        impl<'de> Visitor<'de> for Number {
            type Value = Bound;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("a number or a text")
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Bound, E> {
                Ok(Bound(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Bound, E> {
                Ok(Bound(number.to_string()))
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Bound, E> {
                Ok(Bound(number.to_string()))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Bound, E> {
                Ok(Bound(text.to_owned()))
            }

            /// How the TOML reader hands over a date without quotes: a map of one hidden key.
            fn visit_map<A: MapAccess<'de>>(self, mut date: A) -> Result<Bound, A::Error> {
                match date.next_entry::<String, String>()? {
                    Some((key, text)) if key.starts_with("$__toml") => Ok(Bound(text)),
                    _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
                }
            }
        }
        from.deserialize_any(Number)
    }
}
