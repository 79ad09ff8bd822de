//! Facts into figures that can defend themselves, and figures into verdicts.
//!
//! ```text
//! pipelines/metrics/*.toml ── metric ──┐
//!                                      ├── measure ── KpiValue ──┐
//! fact.* ───── calendar, sql ──────────┘      │                  ├── judge ── Standing
//!                                        statistics              │
//! pipelines/targets.toml, benchmarks.toml ── targets ────────────┘
//!
//! KpiValue, Standing ── table ── kpi.value, kpi.standing
//! how far sources reach ── coverage ── kpi.coverage: what is late has no total and no verdict
//! one KpiValue ── explain ── its definition, its query and its rows
//! KpiValue ── comparison ── what it changed by from the period before, tested
//! KpiValue of people ── privacy ── nothing that tells of a few
//! no KpiValue ── absence ── the columns that no extract has
//! made-up KpiValues ── sample_values ── a page before there is data
//! ```
//!
//! [`read_metrics`] checks the files of `pipelines/metrics/`; [`measure`] turns
//! facts into [`KpiValue`](scorewright_domain::KpiValue)s, every period and
//! segment with numerator, denominator, interval and, where there is no value, a
//! reason; [`judge`] sets them beside targets, benchmarks and the period before;
//! [`explain`] shows how one of them came about, and [`absent_columns_of`] why one
//! may never have come about.

mod faults;
mod metric;

mod calendar;
mod coverage;
mod sql;
pub mod statistics;

mod privacy;

mod comparison;
mod measure;

mod earlier_rows;

mod explain;

mod absence;

mod sample_values;

mod targets;

mod judge;

mod table;

#[cfg(test)]
mod cases;

pub use absence::absent_columns_of;
pub use calendar::{Calendar, UnknownTimeZone};
pub use coverage::{MetricCoverage, MetricReach};
pub use earlier_rows::{EarlierRows, earlier_rows};
pub use explain::{Explanation, Role, RowCount, explain, measuring_sql};
pub use faults::ProjectFaults;
pub use judge::judge;
pub use measure::{FormerValues, Measured, measure, plan, utc_days};
pub use metric::{
    DerivedMetric, EventRows, Expression, GrowthMetric, IntervalChoice, Lasting, LeftOutRows,
    Metric, MetricKind, MetricOrientation, MetricQuestion, MovementMetric, QuantileMetric,
    RatioMetric, SoundMetrics, StateMetric, Statistic, SurvivalMetric, TotalMetric, ValidIntervals,
    read_metrics, redefined_metrics,
};
pub use sample_values::sample_values;
pub use table::{
    BadKpiRow, coverage_schema, coverage_to_batch, standing_schema, standings_from_batches,
    standings_to_batch, value_schema, values_from_rows, values_to_batch,
};
pub use targets::{read_benchmarks, read_targets, targets_of_no_segment};
