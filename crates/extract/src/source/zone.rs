//! The zone of all timestamps of a source that have none of their own.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

/// The zone of a source's timestamps: `"Europe/Berlin"`, or the one that a file names above its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceZone {
    /// A name of the IANA database.
    Named(String),
    /// What a file says above its rows.
    InHeader(HeaderZone),
}

/// Where a file names its zone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderZone {
    /// Regular expression whose first group finds the zone in the text above the rows, header rows included.
    pub header: String,
    /// The zone of a file that names none.
    pub otherwise: String,
}

impl<'de> Deserialize<'de> for SourceZone {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameOrTable;
        impl<'de> Visitor<'de> for NameOrTable {
            type Value = SourceZone;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str(
                    "the name of a time zone, or `{ header = \"…\", otherwise = \"UTC\" }`",
                )
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<SourceZone, E> {
                Ok(SourceZone::Named(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<SourceZone, A::Error> {
                HeaderZone::deserialize(MapAccessDeserializer::new(table)).map(SourceZone::InHeader)
            }
        }
        from.deserialize_any(NameOrTable)
    }
}
