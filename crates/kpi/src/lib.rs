//! Facts into figures that can defend themselves, and figures into verdicts.
//!
//! [`read_metrics`] checks the files of `pipelines/metrics/`; [`measure`] turns
//! facts into [`KpiValue`](scorewright_domain::KpiValue)s, every period and
//! segment with numerator, denominator, interval and, where there is no value, a
//! reason; [`judge`] sets them beside targets, benchmarks and the period before;
//! [`explain`] shows how one of them came about.

mod calendar;
#[cfg(test)]
mod cases;
mod explain;
mod faults;
mod goal;
mod judge;
mod measure;
mod metric;
mod sql;
pub mod statistics;
mod table;

pub use calendar::{Calendar, UnknownTimeZone};
pub use explain::{Explanation, Role, RowCount, explain};
pub use faults::Faults;
pub use goal::{read_benchmarks, read_targets};
pub use judge::judge;
pub use measure::measure;
pub use metric::{
    Expression, Kind, Method, Metric, Orientation, Question, Rows, Spells, Statistic, read_metrics,
};
pub use table::{
    BadValueRow, standing_schema, standings_to_batch, value_schema, values_from_rows,
    values_to_batch,
};
