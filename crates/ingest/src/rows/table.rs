//! The columns of raw tables, and what a table is made from.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use scorewright_domain::{Fingerprint, Landing, TableName};
use scorewright_extract::{IS_FIRST, Load, Source, VALID_FROM, VALID_TO, data_type};

use crate::quarantine;
use crate::rows::row_hashes::{self, has_row_hashes};

/// Name of the column that holds the file of a row.
pub(crate) const FILE: &str = "_file";
/// Name of the column that holds the line a row starts on.
pub(crate) const LINE: &str = "_line";
/// First byte of a row, and how many it has; for rows that may still go to quarantine.
pub(crate) const BYTE: &str = "_byte";
pub(crate) const LENGTH: &str = "_length";

/// What tells versions of a key apart: from when and until when each held, and whether it is the first one known.
pub(crate) fn version_fields() -> [Field; 3] {
    let instant = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    [
        Field::new(VALID_FROM, instant(), true),
        Field::new(VALID_TO, instant(), true),
        Field::new(IS_FIRST, DataType::Boolean, false),
    ]
}

/// Columns of `raw.<source>`: the stored ones, then file and line.
pub fn raw_schema(source: &Source) -> SchemaRef {
    with_origin(stored(source))
}

/// Columns of `history.<source>`: the stored ones, those that tell versions apart, then file and line.
pub fn history_schema(source: &Source) -> SchemaRef {
    let mut fields = stored(source);
    fields.extend(version_fields());
    with_origin(fields)
}

/// Columns of the files of a source: with history, those of `history.<source>`, whose current files are those of
/// `raw.<source>` too.
pub(crate) fn file_schema(source: &Source) -> SchemaRef {
    if source.has_history() { history_schema(source) } else { raw_schema(source) }
}

fn with_origin(mut fields: Vec<Field>) -> SchemaRef {
    fields.push(Field::new(FILE, DataType::Utf8, false));
    fields.push(Field::new(LINE, DataType::Int64, false));
    Arc::new(Schema::new(fields))
}

/// The tables that landing makes of a source, with their columns.
pub fn landed_schemas(source: &Source) -> Vec<(TableName, SchemaRef)> {
    let history = source.has_history().then(|| (source.history_table(), history_schema(source)));
    let raw = (source.raw_table(), raw_schema(source));
    let quarantine = (source.quarantine_table(), quarantine::schema());
    [raw, quarantine].into_iter().chain(history).collect()
}

/// Columns of rows just read: the stored ones, then the line; then first byte and length where they may be asked for,
/// and the hashes of rows that have a key.
pub(crate) fn read_schema(source: &Source) -> SchemaRef {
    let mut fields = stored(source);
    fields.push(Field::new(LINE, DataType::Int64, false));
    fields.extend(hidden_fields(source));
    Arc::new(Schema::new(fields))
}

/// Columns of rows on their way into a table: those of the table, and what only the way needs.
pub(crate) fn encoded_schema(source: &Source) -> SchemaRef {
    let mut fields: Vec<Field> =
        file_schema(source).fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.extend(hidden_fields(source));
    Arc::new(Schema::new(fields))
}

fn hidden_fields(source: &Source) -> Vec<Field> {
    let places: &[&str] = if may_conflict(source) { &[BYTE, LENGTH] } else { &[] };
    let mut fields: Vec<Field> =
        places.iter().map(|name| Field::new(*name, DataType::Int64, false)).collect();
    if has_row_hashes(source) {
        fields.extend(row_hashes::fields());
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
    let mut partitions: Vec<String> = landings
        .iter()
        .filter(|landing| landing.extract.source == source.name)
        .map(|landing| {
            format!("{} {}", landing.extract.file.display(), landing.extract.fingerprint)
        })
        .collect();
    partitions.sort();
    partitions.push(source.fingerprint.to_string());
    Fingerprint::of(partitions.join("\n").as_bytes()).to_string()
}
