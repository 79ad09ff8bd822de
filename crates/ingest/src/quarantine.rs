//! Rows set aside, and why.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use scorewright_domain::QuarantinedRow;

/// Why a row cannot be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Reason {
    /// Fewer fields than the header has names.
    TooFewFields,
    /// More fields than the header has names.
    TooManyFields,
    /// A text that is no whole number of 64 bits, as the column declares them.
    NotAnInteger,
    /// A text that is no decimal of 18 digits with the declared scale: nothing is rounded.
    NotADecimal,
    /// A text that no declared format reads as a moment.
    NotATimestamp,
    /// A text that no declared format reads as a day.
    NotADate,
    /// A text that no declared format reads as a time span.
    NotADuration,
    /// A text that is no claim.
    NotABoolean,
    /// No value in a required column.
    MissingValue,
    /// A text that `accepted` does not have.
    NotAccepted,
    /// A number, duration or moment outside `min` and `max`.
    OutOfRange,
    /// A text of more characters than `max_length`, or a key of more than 256 bytes.
    TooLong,
    /// A value in a column that the source does not declare, under `contract = "quarantine"`.
    UndeclaredColumn,
    /// Bytes that are not of the declared encoding.
    BadEncoding,
    /// A quote that opens and does not close.
    UnclosedQuote,
    /// A quote inside a field that is not quoted.
    StrayQuote,
    /// A field of more bytes than the limit allows, whatever the source declares.
    FieldTooLong,
    /// With `append`: a row of the same key is there already, and differs.
    ConflictingKey,
    /// A local time that the clock skips when summer time begins.
    NonexistentTime,
    /// A local time that the clock shows twice when summer time ends.
    AmbiguousTime,
    BadJson,
    TooDeep,
    DuplicateKey,
    WrongType,
}

impl Reason {
    /// The reason as tables and messages state it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TooFewFields => "too_few_fields",
            Self::TooManyFields => "too_many_fields",
            Self::NotAnInteger => "not_an_integer",
            Self::NotADecimal => "not_a_decimal",
            Self::NotATimestamp => "not_a_timestamp",
            Self::NotADate => "not_a_date",
            Self::NotADuration => "not_a_duration",
            Self::NotABoolean => "not_a_boolean",
            Self::MissingValue => "missing_value",
            Self::NotAccepted => "not_accepted",
            Self::OutOfRange => "out_of_range",
            Self::TooLong => "too_long",
            Self::UndeclaredColumn => "undeclared_column",
            Self::BadEncoding => "bad_encoding",
            Self::UnclosedQuote => "unclosed_quote",
            Self::StrayQuote => "stray_quote",
            Self::FieldTooLong => "field_too_long",
            Self::ConflictingKey => "conflicting_key",
            Self::NonexistentTime => "nonexistent_time",
            Self::AmbiguousTime => "ambiguous_time",
            Self::BadJson => "bad_json",
            Self::TooDeep => "too_deep",
            Self::DuplicateKey => "duplicate_key",
            Self::WrongType => "wrong_type",
        }
    }
}

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
    use super::*;

    #[test]
    fn a_row_set_aside_survives_the_table() {
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
        let given = vec![row, other];
        assert_eq!(rows(&batch("tickets", &given).unwrap()), given);
    }
}
