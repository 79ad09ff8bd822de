//! The tables of the identity file: `dim.map_identity`, `dim.identity_conflict`, `dim.identity_match`.

use std::sync::Arc;

use scorewright_domain::{ProjectFile, TableName};
use scorewright_warehouse::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

/// One of the tables that the identity file makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IdentityTable {
    /// Every key with its customer.
    Map,
    /// Claims that did not become the customer's.
    Conflict,
    /// What became of the rows of each table.
    Match,
}

impl IdentityTable {
    pub(crate) const ALL: [Self; 3] = [Self::Map, Self::Conflict, Self::Match];

    pub(crate) fn name(self) -> TableName {
        let noun = match self {
            Self::Map => "map_identity",
            Self::Conflict => "identity_conflict",
            Self::Match => "identity_match",
        };
        TableName::new("dim", noun).expect("each is in lower-case letters")
    }

    /// What the table says of itself, as a companion file says it of a model.
    pub(crate) fn companion(self) -> ProjectFile {
        let text = match self {
            Self::Map => include_str!("map_identity.toml"),
            Self::Conflict => include_str!("identity_conflict.toml"),
            Self::Match => include_str!("identity_match.toml"),
        };
        ProjectFile::new(self.name().to_string(), text)
    }

    pub(crate) fn schema(self) -> SchemaRef {
        let fields = match self {
            Self::Map => vec![
                text("source"),
                text("kind"),
                text("source_key"),
                optional(text("customer_id")),
                optional(moment("valid_from")),
                optional(moment("valid_to")),
                text("method"),
                optional(share("confidence")),
            ],
            Self::Conflict => vec![
                text("source"),
                text("kind"),
                text("source_key"),
                text("claimed_by"),
                text("via"),
                optional(text("customer_id")),
                text("method"),
                share("confidence"),
                text("outcome"),
            ],
            Self::Match => vec![
                text("source"),
                text("table_name"),
                count("rows"),
                count("matched"),
                count("unknown"),
                count("contested"),
                count("without_key"),
            ],
        };
        Arc::new(Schema::new(fields))
    }
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, false)
}

fn moment(name: &str) -> Field {
    let micros = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Field::new(name, micros, false)
}

fn share(name: &str) -> Field {
    Field::new(name, DataType::Float64, false)
}

fn count(name: &str) -> Field {
    Field::new(name, DataType::Int64, false)
}

fn optional(field: Field) -> Field {
    field.with_nullable(true)
}
