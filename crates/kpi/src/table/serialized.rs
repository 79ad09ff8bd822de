//! Rows that name their columns as the columns of a table.

use std::sync::Arc;

use scorewright_warehouse::arrow::array::RecordBatch;
use scorewright_warehouse::arrow::datatypes::SchemaRef;
use scorewright_warehouse::arrow::json::ReaderBuilder;
use serde::Serialize;

/// Rows as a table of a schema, in the order given.
///
/// # Panics
///
/// When a row has no field of a column's name and type, which a test of its table finds.
pub(super) fn batch<T: Serialize>(schema: SchemaRef, rows: &[T]) -> RecordBatch {
    let mut decoder = ReaderBuilder::new(Arc::clone(&schema))
        .with_strict_mode(true)
        .build_decoder()
        .expect("the types of the columns are ones that can be decoded");
    decoder.serialize(rows).expect("a row has the columns of the schema");
    let batch = decoder.flush().expect("every field has the type of its column");
    batch.unwrap_or_else(|| RecordBatch::new_empty(schema))
}
