//! The zone of timestamps that state no offset.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};

/// The zone of timestamps that state no offset: of one column, or of all that have none of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneSetting {
    /// A name of the IANA database: `"Europe/Berlin"`.
    Named(String),
    /// What a file says above its rows: `{ header = '…', otherwise = "UTC" }`.
    InHeader(HeaderZone),
    /// What each row says: `{ column = "site_zone" }`.
    InColumn(ColumnZone),
}

/// Where a file names its zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderZone {
    /// Regular expression whose first group finds the zone in the text above the rows, header rows included.
    pub header: String,
    /// The zone of a file that names none.
    pub otherwise: String,
}

/// Where a row names its zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnZone {
    /// Text column with a name of the IANA database, or an offset such as `+02:00`.
    pub column: String,
    /// The zone of a row that names none; without it such a row goes to quarantine.
    pub otherwise: Option<String>,
}

/// The setting as it is written.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneTable {
    header: Option<String>,
    column: Option<String>,
    otherwise: Option<String>,
}

const EXPECTED: &str =
    "the name of a time zone, `{ header = \"…\", otherwise = \"UTC\" }`, or `{ column = \"…\" }`";

impl ZoneTable {
    fn into_zone<E: de::Error>(self) -> Result<ZoneSetting, E> {
        match self {
            Self { header: Some(header), column: None, otherwise: Some(otherwise) } => {
                Ok(ZoneSetting::InHeader(HeaderZone { header, otherwise }))
            }
            Self { header: None, column: Some(column), otherwise } => {
                Ok(ZoneSetting::InColumn(ColumnZone { column, otherwise }))
            }
            _ => Err(E::custom(format_args!("expected {EXPECTED}"))),
        }
    }
}

impl<'de> Deserialize<'de> for ZoneSetting {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NameOrTable;
        impl<'de> Visitor<'de> for NameOrTable {
            type Value = ZoneSetting;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str(EXPECTED)
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<ZoneSetting, E> {
                Ok(ZoneSetting::Named(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<ZoneSetting, A::Error> {
                ZoneTable::deserialize(MapAccessDeserializer::new(table))?.into_zone()
            }
        }
        from.deserialize_any(NameOrTable)
    }
}
