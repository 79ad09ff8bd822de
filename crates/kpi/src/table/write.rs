//! Values as rows of `kpi.value`.

use std::sync::Arc;

use scorewright_domain::KpiValue;
use scorewright_warehouse::arrow::array::{ArrayRef, RecordBatch};
use scorewright_warehouse::arrow::datatypes::{Field, Schema, SchemaRef};

use super::columns::{ValueColumn, day, maybe_text, maybe_whole, real, text, whole};
use super::row_key::row_key;

/// Columns of `kpi.value`.
pub fn value_schema() -> SchemaRef {
    Arc::new(Schema::new(
        value_columns(&[]).into_iter().map(|(field, _)| field).collect::<Vec<_>>(),
    ))
}

/// Values as rows of `kpi.value`, in one order whatever the order given.
///
/// # Panics
///
/// Never: all columns have one entry for each value.
pub fn values_to_batch(values: &[KpiValue]) -> RecordBatch {
    let mut sorted: Vec<&KpiValue> = values.iter().collect();
    sorted.sort_by(|one, other| row_key(one).cmp(&row_key(other)));
    batch(value_columns(&sorted))
}

fn batch(columns: Vec<ValueColumn>) -> RecordBatch {
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)
        .expect("columns are made from the same rows")
}

fn value_columns(values: &[&KpiValue]) -> Vec<ValueColumn> {
    vec![
        text("metric", values, |value| value.metric.clone()),
        whole("version", values, |value| i64::from(value.version)),
        text("statistic", values, |value| value.statistic.clone()),
        text("grain", values, |value| value.period.grain.name().into()),
        text("period", values, |value| value.period.label()),
        day("period_from", values, |value| value.period.from),
        day("period_until", values, |value| value.period.until),
        text("dimension", values, |value| value.segment.dimension.clone()),
        text("segment", values, |value| value.segment.value.clone()),
        real("numerator", values, |value| value.numerator),
        real("denominator", values, |value| value.denominator),
        maybe_whole("n", values, |value| value.n.map(|n| i64::try_from(n).unwrap_or(i64::MAX))),
        real("value", values, |value| value.value),
        real("low", values, |value| value.low),
        real("high", values, |value| value.high),
        text("interval_method", values, |value| value.interval.name().into()),
        maybe_text("null_reason", values, |value| {
            value.null_reason.map(|reason| reason.name().into())
        }),
        real("change_low", values, |value| value.tested_change.map(|change| change.interval.0)),
        real("change_high", values, |value| value.tested_change.map(|change| change.interval.1)),
        real("standard_error", values, |value| {
            value.tested_change.map(|change| change.standard_error)
        }),
        real("p", values, |value| value.tested_change.map(|change| change.probability)),
        maybe_text("test", values, |value| {
            value.tested_change.map(|change| change.test.name().into())
        }),
    ]
}
