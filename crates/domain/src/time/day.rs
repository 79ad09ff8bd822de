//! A day in a TOML file, with or without quotes.

use std::fmt;

use jiff::civil::Date;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads `2026-01-01` or `"2026-01-01"`.
pub(crate) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    from.deserialize_any(Day)
}

/// Reads a day that may be left out.
pub(crate) fn read_some<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Date>, D::Error> {
    read(from).map(Some)
}

/// A day as a TOML file has it, with or without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TomlDay(pub Date);

impl<'de> Deserialize<'de> for TomlDay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read(from).map(Self)
    }
}

struct Day;

impl<'de> Visitor<'de> for Day {
    type Value = Date;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a day such as 2026-01-31")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        text.parse().map_err(|_| E::custom(format!("`{text}` is not a day such as 2026-01-31")))
    }

    // The TOML parser presents its own dates as a map with one private key.
    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Date, M::Error> {
        let written = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&written.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct DayFields {
        #[serde(deserialize_with = "read")]
        day: Date,
        #[serde(default, deserialize_with = "read_some")]
        due: Option<Date>,
    }

    #[test]
    fn a_day_may_have_quotes_or_not() {
        for text in ["day = 2026-01-31", "day = \"2026-01-31\""] {
            let sample: DayFields = toml::from_str(text).unwrap();
            assert_eq!((sample.day, sample.due), (jiff::civil::date(2026, 1, 31), None));
        }
    }

    #[test]
    fn what_is_no_day_is_refused_in_words() {
        for text in ["day = \"soon\"", "day = 2026-01-31T10:00:00Z", "day = 7"] {
            assert!(
                toml::from_str::<DayFields>(text)
                    .unwrap_err()
                    .to_string()
                    .contains("a day such as 2026-01-31"),
                "{text}"
            );
        }
    }
}
