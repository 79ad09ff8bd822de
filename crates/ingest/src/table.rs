//! The columns of raw tables, and what a table is made from.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use scorewright_domain::{Fingerprint, Landing, TableName};

use crate::marks::{self, has_marks};
use crate::source::{Load, Source};
use crate::typed::data_type;

/// Name of the column that holds the file of a row.
pub(crate) const FILE: &str = "_file";
/// Name of the column that holds the line a row starts on.
pub(crate) const LINE: &str = "_line";
/// First byte of a row, and how many it has; for rows that may still go to quarantine.
pub(crate) const BYTE: &str = "_byte";
pub(crate) const LENGTH: &str = "_length";

/// Column that says since when a version of a key is valid; of `load = "snapshot"` only.
pub(crate) const VALID_FROM: &str = "valid_from";
/// Column that says until when it was; null while it is.
pub(crate) const VALID_TO: &str = "valid_to";

/// The columns of history.
pub(crate) fn valid_fields() -> [Field; 2] {
    let instant = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    [Field::new(VALID_FROM, instant(), false), Field::new(VALID_TO, instant(), true)]
}

impl Source {
    /// Name of the table its rows land in: `raw.<source>`.
    ///
    /// # Panics
    ///
    /// Never for a source that was read: its name was found to be a word.
    pub fn table(&self) -> TableName {
        TableName::new("raw", &self.name).expect("a source's name is a word")
    }

    /// Name of the table its bad rows go to: `quarantine.<source>`.
    ///
    /// # Panics
    ///
    /// Never for a source that was read: its name was found to be a word.
    pub fn quarantine(&self) -> TableName {
        TableName::new("quarantine", &self.name).expect("a source's name is a word")
    }

    /// Columns of its table: the stored ones, then `_file` and `_line`.
    pub fn schema(&self) -> SchemaRef {
        raw_schema(self)
    }
}

/// Columns of `raw.<source>`: the stored ones, those of history if it has one, then file and line.
pub(crate) fn raw_schema(source: &Source) -> SchemaRef {
    let mut fields = stored(source);
    if source.load == Load::Snapshot {
        fields.extend(valid_fields());
    }
    fields.push(Field::new(FILE, DataType::Utf8, false));
    fields.push(Field::new(LINE, DataType::Int64, false));
    Arc::new(Schema::new(fields))
}

/// Columns of rows just read: the stored ones, then the line; then first byte and length where they may be asked for,
/// and the marks of rows that are told apart by key.
pub(crate) fn read_schema(source: &Source) -> SchemaRef {
    let mut fields = stored(source);
    fields.push(Field::new(LINE, DataType::Int64, false));
    fields.extend(hidden_fields(source));
    Arc::new(Schema::new(fields))
}

/// Columns of rows on their way into a table: those of the table, and what only the way needs.
pub(crate) fn packed_schema(source: &Source) -> SchemaRef {
    let mut fields: Vec<Field> =
        raw_schema(source).fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.extend(hidden_fields(source));
    Arc::new(Schema::new(fields))
}

fn hidden_fields(source: &Source) -> Vec<Field> {
    let places: &[&str] = if may_conflict(source) { &[BYTE, LENGTH] } else { &[] };
    let mut fields: Vec<Field> =
        places.iter().map(|name| Field::new(*name, DataType::Int64, false)).collect();
    if has_marks(source) {
        fields.extend(marks::fields());
    }
    fields
}

/// Whether a good row may still go to quarantine, because another has its key.
pub(crate) fn may_conflict(source: &Source) -> bool {
    source.load != Load::Upsert && !source.key.is_empty()
}

fn stored(source: &Source) -> Vec<Field> {
    source.stored().map(|(name, column)| Field::new(name, data_type(column), true)).collect()
}

/// What the tables of a source are made from: its file, and the contents that have landed.
pub(crate) fn input_hash(source: &Source, landings: &[Landing]) -> String {
    let mut parts: Vec<String> = landings
        .iter()
        .filter(|landing| landing.extract.source == source.name)
        .map(|landing| {
            format!("{} {}", landing.extract.file.display(), landing.extract.fingerprint)
        })
        .collect();
    parts.sort();
    parts.push(source.fingerprint.to_string());
    Fingerprint::of(parts.join("\n").as_bytes()).to_string()
}
