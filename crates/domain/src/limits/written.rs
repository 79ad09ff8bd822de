//! `[limits]` as it is written: sizes with their unit, counts as numbers, nothing unknown, nothing out of bounds.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::keys::{KEYS, LimitKey, LimitUnit};
use super::limit_values::Limits;

/// The keys, for the message about one that is not among them.
const NAMES: [&str; KEYS.len()] = {
    let mut names = [""; KEYS.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = KEYS[place].name;
        place += 1;
    }
    names
};

impl<'de> serde::Deserialize<'de> for Limits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(LimitTable)
    }
}

struct LimitTable;

impl<'de> Visitor<'de> for LimitTable {
    type Value = Limits;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("a table of limits")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Limits, A::Error> {
        let mut limits = Limits::default();
        while let Some(key) = map.next_key_seed(LimitName)? {
            let value = map.next_value_seed(LimitAmount(key))?;
            key.set(&mut limits, value);
        }
        Ok(limits)
    }
}

struct LimitName;

impl<'de> DeserializeSeed<'de> for LimitName {
    type Value = &'static LimitKey;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for LimitName {
    type Value = &'static LimitKey;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("the name of a limit")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        static ALL: [LimitKey; KEYS.len()] = KEYS;
        ALL.iter().find(|key| key.name == name).ok_or_else(|| E::unknown_field(name, &NAMES))
    }
}

/// How much a limit is set to.
struct LimitAmount(&'static LimitKey);

impl<'de> DeserializeSeed<'de> for LimitAmount {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for LimitAmount {
    type Value = u64;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(match self.0.unit {
            LimitUnit::Bytes => "a size such as \"8 MiB\", in B, KiB, MiB, GiB or TiB",
            LimitUnit::Count => "a whole number",
        })
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
        let number = u64::try_from(number).map_err(|_| self.out_of_bounds(&number.to_string()))?;
        self.visit_u64(number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
        let LimitKey { name, unit, least, most, .. } = self.0;
        if !(*least..=*most).contains(&number) {
            return Err(self.out_of_bounds(&unit.in_words(number)));
        }
        if *name == "zstd_window" && !number.is_power_of_two() {
            return Err(E::custom("`zstd_window` must be a power of two: 8 MiB, 16 MiB, 32 MiB"));
        }
        Ok(number)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<u64, E> {
        let number = if self.0.unit == LimitUnit::Bytes { size(text) } else { None };
        let number =
            number.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))?;
        self.visit_u64(number)
    }
}

impl LimitAmount {
    fn out_of_bounds<E: Error>(&self, is: &str) -> E {
        let LimitKey { name, unit, least, most, .. } = self.0;
        let (least, most) = (unit.in_words(*least), unit.in_words(*most));
        E::custom(format!("`{name}` is {is}, and must be from {least} to {most}"))
    }
}

/// Bytes of a size: a whole number, a blank or none, a unit.
fn size(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let power =
        ["B", "KiB", "MiB", "GiB", "TiB"].iter().position(|known| *known == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(1 << (10 * power))
}

#[cfg(test)]
mod tests {
    use crate::project_file::ProjectFile;

    use super::*;

    fn read(text: &str) -> Result<Limits, String> {
        ProjectFile::new("scorewright.toml", text)
            .toml()
            .map_err(|fault| fault.message().to_owned())
    }

    #[test]
    fn sizes_have_units_and_what_is_not_set_is_as_it_was() {
        let limits = read(
            "row_bytes = \"64 MiB\"\nfile_bytes = \"1TiB\"\nkey_bytes = 512\ncolumns = 3_000\n",
        );
        let expected = Limits {
            row_bytes: 64 << 20,
            file_bytes: 1 << 40,
            key_bytes: 512,
            columns: 3_000,
            ..Limits::default()
        };
        assert_eq!(limits.unwrap(), expected);
    }

    #[test]
    fn what_is_no_limit_or_out_of_bounds_is_refused() {
        let refused = |text: &str| read(text).unwrap_err();
        assert_eq!(refused("row_byte = 1"), "unknown key `row_byte`");
        assert_eq!(
            refused("row_bytes = \"2 GiB\""),
            "`row_bytes` is 2 GiB, and must be from 1 KiB to 1 GiB"
        );
        assert_eq!(refused("columns = -1"), "`columns` is -1, and must be from 1 to 100,000");
        assert_eq!(
            refused("zstd_window = \"9 MiB\""),
            "`zstd_window` must be a power of two: 8 MiB, 16 MiB, 32 MiB"
        );
        for slip in
            ["\"8 MB\"", "\"eight\"", "\"\"", "\"8.5 MiB\"", "\"99999999999 TiB\"", "\"-1 B\""]
        {
            let said = refused(&format!("row_bytes = {slip}"));
            assert!(
                said.contains("expected a size such as \"8 MiB\", in B, KiB, MiB, GiB or TiB"),
                "{said}"
            );
        }
        assert!(refused("columns = \"8 MiB\"").contains("expected a whole number"));
    }

    #[test]
    fn the_defaults_are_within_their_bounds_and_read_as_they_are_listed() {
        for limit in Limits::default().listed(1 << 30) {
            let text = match limit.unit {
                LimitUnit::Bytes => {
                    format!(
                        "{} = \"{}\"",
                        limit.key,
                        limit.unit.in_words(limit.value).replace("bytes", "B")
                    )
                }
                LimitUnit::Count => format!("{} = {}", limit.key, limit.value),
            };
            let mut expected = Limits::default();
            if limit.key == "memory" {
                expected.sql.memory = Some(1 << 30);
            }
            assert_eq!(read(&text), Ok(expected), "{text}");
        }
    }
}
