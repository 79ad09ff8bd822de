//! What one column must be.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// One column of a source: its name in the extract, its type, and what its values may be.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Names it may have in the extract, the first found wins; empty means the canonical name.
    #[serde(default)]
    pub from: Names,
    /// Type of its values.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Whether a row without a value goes to quarantine. Key columns always are.
    #[serde(default)]
    pub required: bool,
    /// Whether the file may lack the column; its values are then all null.
    #[serde(default)]
    pub optional: bool,
    /// Texts that mean "no value".
    #[serde(default = "Column::empty_is_null")]
    pub null: Vec<String>,
    /// How a date or timestamp is written (strptime); absent means ISO: `2026-11-22 10:00:00`.
    #[serde(default)]
    pub format: Option<String>,
    /// Zone of timestamps that state no offset; UTC when absent.
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Digits kept after the decimal point; 4 when absent.
    #[serde(default)]
    pub scale: Option<u8>,
    /// The only texts accepted, after `map`; empty means any.
    #[serde(default)]
    pub accepted: Vec<String>,
    /// Texts replaced before anything else looks at them.
    #[serde(default)]
    pub map: IndexMap<String, String>,
    /// Smallest number accepted.
    #[serde(default)]
    pub min: Option<Bound>,
    /// Largest number accepted.
    #[serde(default)]
    pub max: Option<Bound>,
    /// What is done with personal data.
    #[serde(default)]
    pub personal: Personal,
    /// Which survey question it answers.
    #[serde(default)]
    pub question: Option<Question>,
    /// Which end of a customer effort question is good.
    #[serde(default)]
    pub orientation: Option<Orientation>,
}

impl Column {
    fn empty_is_null() -> Vec<String> {
        vec![String::new()]
    }

    /// Digits kept after the decimal point.
    pub fn scale(&self) -> u8 {
        self.scale.unwrap_or(4)
    }

    /// Names it may have in the extract, in order of preference.
    pub fn names<'a>(&'a self, canonical: &'a str) -> Vec<&'a str> {
        if self.from.0.is_empty() {
            vec![canonical]
        } else {
            self.from.0.iter().map(String::as_str).collect()
        }
    }
}

/// Type of a column's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any text, kept as it is.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A number with a fixed count of decimal digits, 18 digits in all.
    Decimal,
    /// An instant, stored as microseconds in UTC.
    Timestamp,
    /// A day.
    Date,
    /// `true`, `false`, `1`, `0`, `yes`, `no`, `t`, `f`, in any case.
    Boolean,
}

/// What is done with personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// Kept as received.
    #[default]
    Keep,
    /// Replaced by the first 32 hexadecimal digits of its SHA-256.
    ///
    /// The hash has no secret key: it hides a value from a reader, but whoever
    /// guesses the value can prove the guess.
    Hash,
    /// Left out of the table.
    Drop,
}

/// Which survey question a column answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Would you recommend us, 0 to 10.
    Nps,
    /// How satisfied are you.
    Csat,
    /// How easy, or how much effort, was it.
    Ces,
    /// Another question.
    Other,
}

/// Which end of a customer effort question is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orientation {
    /// High means easy.
    Ease,
    /// High means much effort.
    Effort,
}

/// One name or several alternatives: `"Id"` or `["Id", "Ticket ID"]`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(pub Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = Names;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("a name or a list of names")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = list.next_element()? {
                    names.push(name);
                }
                Ok(Names(names))
            }
        }
        from.deserialize_any(OneOrMore)
    }
}

/// A bound of a range, kept as it is written so that decimals stay exact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound(pub String);

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Bound;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("a number")
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
        }
        from.deserialize_any(Number)
    }
}
