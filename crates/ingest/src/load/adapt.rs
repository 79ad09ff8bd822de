//! Rows of a table as its source wants them now, and as they would have been read.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, Int64Array, RecordBatch, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{Field, Schema};
use arrow::error::ArrowError;
use scorewright_extract::{IS_FIRST, Load, Source};

use crate::error::IngestError;
use crate::rows::row_hashes::{self, has_row_hashes};
use crate::rows::table::{FILE, history_schema, may_conflict, raw_schema, read_schema};

/// Rows of the table as they would have been read; their first byte and length are not known any more.
pub(super) fn with_row_hashes(
    source: &Source,
    rows: &RecordBatch,
) -> Result<RecordBatch, ArrowError> {
    if source.load == Load::Snapshot {
        return Ok(rows.clone());
    }
    let mut columns = rows.columns().to_vec();
    if may_conflict(source) {
        let unknown: ArrayRef = Arc::new(Int64Array::from(vec![0; rows.num_rows()]));
        columns.extend([Arc::clone(&unknown), unknown]);
    }
    if has_row_hashes(source) {
        columns.extend(row_hashes::of(source, &columns[..source.stored().count()]));
    }
    RecordBatch::try_new(read_schema(source), columns)
}

/// The stored columns and the line, with the types the source has now; of snapshots also from when and until when each
/// version held. Of others that is found anew.
///
/// A column that is new is null in old rows; a column that is gone goes.
pub(super) fn adapt(batch: &RecordBatch, source: &Source) -> Result<RecordBatch, IngestError> {
    let schema = if source.load == Load::Snapshot { history_schema } else { raw_schema }(source);
    let is_wanted =
        |name: &str| name != FILE && (source.load != Load::Snapshot || name != IS_FIRST);
    let wanted = schema.fields().iter().filter(|field| is_wanted(field.name()));
    let fields: Vec<Field> = wanted.map(|field| field.as_ref().clone()).collect();
    let columns =
        fields.iter().map(|field| column(batch, field, source)).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|error| IngestError::Rows { of: source.name.clone(), source: error })
}

fn column(batch: &RecordBatch, field: &Field, source: &Source) -> Result<ArrayRef, IngestError> {
    let Some(column) = batch.column_by_name(field.name()) else {
        return Ok(new_null_array(field.data_type(), batch.num_rows()));
    };
    if column.data_type() == field.data_type() {
        return Ok(Arc::clone(column));
    }
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    // The reason quotes the value, which may be somebody's.
    cast_with_options(column, field.data_type(), &strict).map_err(|_| IngestError::CannotCarry {
        of: source.name.clone(),
        column: field.name().clone(),
    })
}
