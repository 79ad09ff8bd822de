//! Rejected rows as rows of `quarantine.<source>`.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use scorewright_domain::QuarantinedRow;

/// Columns of every `quarantine.<source>`.
pub fn schema() -> SchemaRef {
    let text = |name: &str, is_nullable| Field::new(name, DataType::Utf8, is_nullable);
    let count = |name: &str| Field::new(name, DataType::Int64, false);
    Arc::new(Schema::new(vec![
        text("source", false),
        text("file", false),
        count("line"),
        count("byte"),
        count("length"),
        text("column", true),
        text("reason", false),
        text("raw", false),
    ]))
}

/// The rows as a batch of `quarantine.<source>`.
pub(crate) fn batch(source: &str, rows: &[QuarantinedRow]) -> Result<RecordBatch, ArrowError> {
    let texts = |of: fn(&QuarantinedRow) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(of)))
    };
    let counts = |of: fn(&QuarantinedRow) -> u64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| of(row).cast_signed())))
    };
    let columns: StringArray = rows.iter().map(|row| row.column.as_deref()).collect();
    RecordBatch::try_new(
        schema(),
        vec![
            Arc::new(StringArray::from_iter_values(std::iter::repeat_n(source, rows.len()))),
            texts(|row| &row.file),
            counts(|row| row.line),
            counts(|row| row.byte),
            counts(|row| row.length),
            Arc::new(columns),
            texts(|row| &row.reason),
            texts(|row| &row.raw),
        ],
    )
}

/// The rows of a batch of `quarantine.<source>`.
pub(crate) fn rows(batch: &RecordBatch) -> Vec<QuarantinedRow> {
    let text =
        |column: usize, row: usize| batch.column(column).as_string::<i32>().value(row).to_owned();
    let count = |column: usize, row| {
        batch.column(column).as_primitive::<Int64Type>().value(row).cast_unsigned()
    };
    (0..batch.num_rows())
        .map(|row| QuarantinedRow {
            file: text(1, row),
            line: count(2, row),
            byte: count(3, row),
            length: count(4, row),
            column: batch.column(5).is_valid(row).then(|| text(5, row)),
            reason: text(6, row),
            raw: text(7, row),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use scorewright_domain::Reason;

    use super::*;

    #[test]
    fn a_rejected_row_survives_the_table() {
        let row = QuarantinedRow {
            file: "a.csv".into(),
            line: 7,
            byte: 120,
            length: 9,
            column: None,
            reason: Reason::TooFewFields.code().into(),
            raw: "1,\"zwölf".into(),
        };
        let other = QuarantinedRow { column: Some("Opened".into()), ..row.clone() };
        let all = vec![row, other];
        assert_eq!(rows(&batch("tickets", &all).unwrap()), all);
    }
}
