//! The order of rows.

use jiff::civil::Date;
use scorewright_domain::{Grain, KpiValue, Segment};

/// What one row of `kpi.value` is about: the order of the table.
pub(crate) fn row_key(value: &KpiValue) -> (&str, &str, Grain, Date, &Segment) {
    (&value.metric, &value.statistic, value.period.grain, value.period.from, &value.segment)
}
