//! Rows that are in the tables already, taken over as the source wants them now.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{Field, Schema};
use scorewright_domain::{QuarantinedRow, TableName};
use scorewright_warehouse::Transaction;

use crate::land::IngestError;
use crate::merge::Piece;
use crate::plan::Plan;
use crate::quarantine;
use crate::source::Source;
use crate::table::{FILE, LINE, raw_schema};

/// What the tables of a source hold.
#[derive(Debug, Default)]
pub(crate) struct There {
    /// Accepted rows, a piece for each file or part of one, in the order of the table.
    pub(crate) pieces: Vec<Piece>,
    pub(crate) quarantined: Vec<QuarantinedRow>,
}

/// Reads the tables of a source, unless none of their rows can stay.
pub(crate) fn there(plan: &Plan, transaction: &Transaction) -> Result<There, IngestError> {
    let mut there = There::default();
    if !plan.former.iter().any(|former| plan.stays(former, &[])) {
        return Ok(there);
    }
    let table = |layer| {
        TableName::new(layer, &plan.source.name).expect("a source's name is verified when it is read")
    };
    for batch in transaction.read(&table("raw"))? {
        let adapted = adapt(&batch, plan.source)?;
        let Some(files) = batch.column_by_name(FILE).and_then(|files| files.as_string_opt::<i32>()) else {
            continue;
        };
        let mut start = 0;
        for row in 1..=files.len() {
            if row == files.len() || files.value(row) != files.value(start) {
                let rows = adapted.slice(start, row - start);
                there.pieces.push(Piece { file: files.value(start).to_owned(), rows });
                start = row;
            }
        }
    }
    for batch in transaction.read(&table("quarantine"))? {
        there.quarantined.extend(quarantine::rows(&batch));
    }
    Ok(there)
}

/// The stored columns and the line, with the types the source has now.
///
/// A column that is new is null in old rows; a column that is gone goes.
fn adapt(batch: &RecordBatch, source: &Source) -> Result<RecordBatch, IngestError> {
    let schema = raw_schema(source);
    let fields: Vec<Field> = schema
        .fields()
        .iter()
        .filter(|field| field.name() != FILE)
        .map(|field| field.as_ref().clone())
        .collect();
    let columns = fields.iter().map(|field| column(batch, field, source)).collect::<Result<Vec<_>, _>>()?;
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns)
        .map_err(|error| IngestError::Rows { of: source.name.clone(), source: error })
}

fn column(batch: &RecordBatch, field: &Field, source: &Source) -> Result<ArrayRef, IngestError> {
    debug_assert!(field.name() != LINE || batch.column_by_name(LINE).is_some(), "every raw table has lines");
    let Some(column) = batch.column_by_name(field.name()) else {
        return Ok(new_null_array(field.data_type(), batch.num_rows()));
    };
    if column.data_type() == field.data_type() {
        return Ok(Arc::clone(column));
    }
    let strict = CastOptions { safe: false, ..CastOptions::default() };
    cast_with_options(column, field.data_type(), &strict).map_err(|error| IngestError::CannotCarry {
        of: source.name.clone(),
        column: field.name().clone(),
        source: error,
    })
}
