//! What became of tables and figures, for programs: one object a line.

use scorewright_domain::{KpiValue, NullReason};
use serde_json::{Value, json};

use super::figures::{FigureChange, FigureOutcome};
use super::tables::TableDiff;

/// What became of a table.
pub(super) fn table(diff: &TableDiff) -> Value {
    json!({
        "kind": "table",
        "table": diff.table.to_string(),
        "change": diff.change.name(),
        "rows_before": diff.rows_before,
        "rows_after": diff.rows_after,
        "rows_added": diff.rows.map(|rows| rows.added),
        "rows_removed": diff.rows.map(|rows| rows.removed),
        "rows_changed": diff.rows.map(|rows| rows.changed),
        "columns_added": diff.columns_added,
        "columns_removed": diff.columns_removed,
    })
}

/// How many figures of a metric came to what.
pub(super) fn metric((metric, counts): (&str, [u64; 4])) -> Value {
    let mut object = json!({ "kind": "metric", "metric": metric });
    for (change, count) in FigureOutcome::ALL.into_iter().zip(counts) {
        object[change.name()] = count.into();
    }
    object
}

/// What became of a figure.
pub(super) fn figure(change: &FigureChange) -> Value {
    let figure = change.figure();
    let reason = |figure: &Option<KpiValue>| figure.as_ref()?.null_reason.map(NullReason::name);
    let value = |figure: &Option<KpiValue>| figure.as_ref().and_then(|figure| figure.value);
    json!({
        "kind": "figure",
        "metric": figure.metric,
        "statistic": figure.statistic,
        "period": figure.period.label(),
        "dimension": figure.segment.dimension,
        "segment": figure.segment.value,
        "change": change.change.name(),
        "value_before": value(&change.before),
        "value_after": value(&change.after),
        "null_reason_before": reason(&change.before),
        "null_reason_after": reason(&change.after),
    })
}
