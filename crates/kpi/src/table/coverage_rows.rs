//! `kpi.coverage`: whether an absent figure is zero or unknown.

use std::collections::BTreeSet;
use std::sync::Arc;

use scorewright_domain::{Coverage, KpiValue, Period};
use scorewright_warehouse::arrow::array::RecordBatch;
use scorewright_warehouse::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde::Serialize;

use super::serialized::batch;
use crate::coverage::MetricCoverage;

/// A row of `kpi.coverage`, field by column.
#[derive(Serialize)]
struct CoverageRow {
    metric: String,
    grain: &'static str,
    period: String,
    period_from: jiff::civil::Date,
    period_until: jiff::civil::Date,
    coverage: &'static str,
    covered_until: Option<String>,
    coverage_sources: Vec<String>,
}

/// The columns that say how much of a period was delivered, in `kpi.coverage` and `kpi.standing`.
pub(super) fn coverage_fields() -> [Field; 3] {
    let instant = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    [
        Field::new("coverage", DataType::Utf8, false),
        Field::new("covered_until", instant, true),
        Field::new_list("coverage_sources", Field::new_list_field(DataType::Utf8, false), false),
    ]
}

/// Columns of `kpi.coverage`: one row for each metric and period that is measured.
pub fn coverage_schema() -> SchemaRef {
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let day = |name: &str| Field::new(name, DataType::Date32, false);
    let period =
        [text("metric"), text("grain"), text("period"), day("period_from"), day("period_until")];
    Arc::new(Schema::new(period.into_iter().chain(coverage_fields()).collect::<Vec<_>>()))
}

/// How much was delivered of every metric and period that has values, as rows of `kpi.coverage`.
///
/// # Panics
///
/// Never: every field of a row has its column.
pub fn coverage_to_batch(values: &[KpiValue], coverage: &MetricCoverage) -> RecordBatch {
    let measured: BTreeSet<(&str, Period)> =
        values.iter().map(|value| (value.metric.as_str(), value.period)).collect();
    let rows: Vec<CoverageRow> = measured
        .into_iter()
        .map(|(metric, period)| row(metric, period, coverage.of(metric, period)))
        .collect();
    batch(coverage_schema(), &rows)
}

fn row(metric: &str, period: Period, coverage: Coverage) -> CoverageRow {
    CoverageRow {
        metric: metric.into(),
        grain: period.grain.name(),
        period: period.label(),
        period_from: period.from,
        period_until: period.until,
        coverage: coverage.state.name(),
        covered_until: coverage.until.map(|until| until.to_string()),
        coverage_sources: coverage.sources,
    }
}
