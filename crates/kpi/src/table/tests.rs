//! Values written and read back.

use scorewright_domain::{IntervalMethod, KpiValue, NullReason, Period, Segment};
use scorewright_warehouse::arrow::array::{Array, ArrayRef, RecordBatch};
use scorewright_warehouse::arrow::datatypes::DataType;
use scorewright_warehouse::{Cell, QueryResult};

use super::{standing_schema, standings_to_batch, value_schema, values_from_rows, values_to_batch};

fn value(label: &str, segment: Segment, value: Option<f64>) -> KpiValue {
    KpiValue {
        metric: "csat_top2".into(),
        version: 2,
        statistic: "value".into(),
        period: Period::from_label(label).unwrap(),
        segment,
        numerator: value.map(|_| 8.0),
        denominator: Some(10.0),
        n: 10,
        value,
        low: value.map(|_| 0.49),
        high: value.map(|_| 0.94),
        interval: IntervalMethod::Wilson,
        null_reason: value.is_none().then_some(NullReason::Immature),
    }
}

/// The cells of a batch as the warehouse would answer them.
fn rows(batch: &RecordBatch) -> QueryResult {
    use scorewright_warehouse::arrow::array::AsArray;
    use scorewright_warehouse::arrow::datatypes::{Date32Type, Float64Type, Int64Type};
    let cell = |array: &ArrayRef, row: usize| match array.data_type() {
        _ if array.is_null(row) => Cell::Null,
        DataType::Utf8 => Cell::Text(array.as_string::<i32>().value(row).into()),
        DataType::Int64 => Cell::Integer(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => Cell::Float(array.as_primitive::<Float64Type>().value(row)),
        _ => {
            let since = array.as_primitive::<Date32Type>().value(row);
            Cell::Date(jiff::civil::date(1970, 1, 1) + jiff::ToSpan::days(since))
        }
    };
    let rows = (0..batch.num_rows())
        .map(|row| batch.columns().iter().map(|array| cell(array, row)).collect());
    let columns = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    QueryResult { rows: rows.collect(), columns }
}

#[test]
fn values_come_back_as_they_went_sorted() {
    let total = value("2026-W47", Segment::total(), Some(0.8));
    let team = value("2026-W47", Segment::of("team", "Billing"), None);
    let month = value("2026-10", Segment::total(), Some(0.7));
    let batch = values_to_batch(&[month.clone(), team.clone(), total.clone()]);
    assert_eq!(batch.schema(), value_schema());
    assert_eq!(values_from_rows(&rows(&batch)), Ok(vec![total, team, month]));
}

#[test]
fn a_missing_column_is_named() {
    let mut rows = rows(&values_to_batch(&[value("2026-10", Segment::total(), Some(0.7))]));
    rows.columns[12] = "worth".into();
    let bad = values_from_rows(&rows).unwrap_err();
    assert_eq!(bad.to_string(), "row 1 of `kpi.value` has no usable `value`");
}

#[test]
fn an_unknown_method_of_an_interval_is_refused() {
    let mut rows = rows(&values_to_batch(&[value("2026-10", Segment::total(), Some(0.7))]));
    let column = rows.column("interval").unwrap();
    rows.rows[0][column] = Cell::Text("wilsn".into());
    let bad = values_from_rows(&rows).unwrap_err();
    assert_eq!(bad.to_string(), "row 1 of `kpi.value` has no usable `interval`");
}

#[test]
fn no_values_are_a_table_without_rows() {
    assert_eq!(values_to_batch(&[]).num_rows(), 0);
    assert_eq!(standings_to_batch(&[]).schema(), standing_schema());
}
