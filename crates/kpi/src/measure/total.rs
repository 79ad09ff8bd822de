//! Sums alone.

use scorewright_domain::{Fault, KpiValue};

use super::context::MeasureContext;
use super::sums::{Aggregates, EventSums, event_sql, values};
use crate::metric::TotalMetric;
use crate::sql::Sql;

pub(super) fn measure(
    context: &MeasureContext,
    total: &TotalMetric,
) -> Result<Vec<KpiValue>, Fault> {
    let aggregates = Aggregates::from(total);
    let sums = EventSums::read(context, &total.rows, &aggregates)?;
    Ok(values(context, &aggregates, &sums.cells, |_, figure| figure))
}

/// The query whose rows are the sums.
pub(super) fn sql(context: &MeasureContext, total: &TotalMetric) -> Result<Sql, Fault> {
    event_sql(context, &total.rows, &Aggregates::from(total))
}
