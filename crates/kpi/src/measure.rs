//! Metrics over facts: every metric, period and segment becomes a [`KpiValue`].
//!
//! ```text
//! fact ── rows ──┬── sums ── ratio, total, state, movement ──┐
//!                └── observations ── quantile, survival ─────┴── measurement ── KpiValue
//!
//! KpiValue ── part_values ── derived, growth ── measurement ── KpiValue
//! ```
//!
//! Each kind of metric has a module of its name, behind a trait in `kind`. `rows` puts
//! the rows of a fact on periods and dimensions, `sums` adds them up exactly, `cells`
//! holds what is known of each period and segment, `grid` names those that must have a
//! value. The engine's answers are read by column name.
//!
//! Sums that add up are made of one reading of the rows, in numbers (`rows/coded_rows`, `sums/coded_sums`); what does not
//! add up, such as different values, is grouped by the engine, once for each length of period with each dimension.

mod answer;
mod context;

mod former_values;

mod cells;
mod clustered_sums;
mod currencies;
mod grid;
mod measurement;
mod rows;
mod sums;

mod kind;

mod movement;
mod observations;
mod quantile;
mod ratio;
mod state;
mod survival;
mod total;

mod lifetime;

mod derived;
mod growth;
mod part_values;

mod number_kinds;
mod utc_days;

#[cfg(test)]
mod amount_tests;

#[cfg(test)]
mod change_tests;

#[cfg(test)]
mod engine_tests;

#[cfg(test)]
mod left_out_tests;

#[cfg(test)]
mod lifetime_tests;

#[cfg(test)]
mod movement_tests;

#[cfg(test)]
mod period_end_tests;

#[cfg(test)]
mod properties;

#[cfg(test)]
mod refusal_tests;

#[cfg(test)]
mod segment_tests;

#[cfg(test)]
mod survival_tests;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use scorewright_domain::{Fault, KpiValue, in_parallel};
use scorewright_warehouse::Session;

use crate::calendar::Calendar;
use crate::comparison::test_changes;
use crate::coverage::MetricCoverage;
use crate::faults::ProjectFaults;
use crate::metric::Metric;
use crate::privacy::protect;

pub(crate) use context::MeasureContext;
pub use former_values::FormerValues;
use kind::DerivedKind;
pub(crate) use kind::{AnyFactKind, MeasuredFrom, RowNeed};
pub(crate) use rows::{CountedRows, LatestRows, TimeType, in_period};

/// Queries that run at the same time: the engine plans each on one thread.
const WORKERS: usize = 4;

/// Measures metrics over the facts of a session.
///
/// - `metrics` as [`crate::read_metrics`] gives them: parts before what is made of them.
/// - `most_segments`: segments of one dimension that are stated at most. Of one that has more, none is, and
///   [`Segment::too_many`](scorewright_domain::Segment::too_many) stands for them.
/// - `former`: the values of the newest version. Those of metrics that are measured from the same things stay; beside
///   them those of metrics with `minimum_group` must not tell of a few people.
/// - Answers with one value for each metric, statistic and whole period, from the first one that begins on a
///   [measured](Calendar::since) day and has rows to the last one over before the as-of day, and for each segment
///   from its first rows until a year after its last, sorted. A silent period is zero for a total and has no value
///   for a quotient. Of a fact without rows, the last whole period has no value.
/// - A period that was not delivered to its end has no total, and nothing that is made of one; a share or a median of
///   it is one of the part that is there.
///
/// # Errors
///
/// [`ProjectFaults`] that point into the metric files: an unknown column, a sum of
/// real numbers, a quantile of a text.
pub fn measure(
    metrics: &[Metric],
    session: &Session,
    coverage: &MetricCoverage,
    most_segments: usize,
    former: &FormerValues<'_>,
) -> Result<Measured, ProjectFaults> {
    let mut kinds = KindsInUse::of(metrics, session, coverage.calendar(), most_segments);
    kinds
        .over_facts
        .retain(|(context, _)| !former.unchanged.contains(context.metric.name.as_str()));
    let measure = |(context, kind): &(MeasureContext, &dyn AnyFactKind)| {
        let mut values = kind.measure(context)?;
        currencies::withhold(context, *kind, &mut values)?;
        Ok(values)
    };
    let measured = in_parallel(&kinds.over_facts, WORKERS, |_| 1, measure);
    let (mut values, mut held) = (former.values_that_stay(), BTreeMap::new());
    for ((context, _), mut of_metric) in
        kinds.over_facts.iter().zip(ProjectFaults::collect(measured)?)
    {
        coverage.withhold(&mut of_metric, metrics);
        let (shown, kept) = protect(context.metric, of_metric, &former.values);
        values.extend(shown);
        held.extend((kept > 0).then(|| (context.metric.name.clone(), kept)));
    }
    for (context, kind) in &kinds.of_metrics {
        let mut made = kind.measure(context, metrics, &values)?;
        coverage.withhold(&mut made, metrics);
        values.extend(made);
    }
    values.sort_by(|one, other| crate::table::row_key(one).cmp(&crate::table::row_key(other)));
    test_changes(&mut values, metrics, coverage);
    Ok(Measured { values, held })
}

/// What metrics say.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// Every figure.
    pub values: Vec<KpiValue>,
    /// How many figures of a metric are those of the newest version: what they changed by would tell of a few people.
    pub held: BTreeMap<String, u64>,
}

/// Proves that metrics can be measured over the facts of a session, whether or not these have rows.
///
/// # Errors
///
/// [`ProjectFaults`] that point into the metric files: what [`measure`] refuses, and a sum or median of values that are
/// no exact numbers.
pub fn plan(
    metrics: &[Metric],
    session: &Session,
    calendar: &Calendar,
) -> Result<(), ProjectFaults> {
    let coverage = MetricCoverage::whole(calendar.clone());
    measure(metrics, session, &coverage, usize::MAX, &FormerValues::default())?;
    let kinds = KindsInUse::of(metrics, session, calendar, usize::MAX).over_facts;
    let checked = kinds.iter().map(|(context, kind)| number_kinds::check(context, *kind));
    ProjectFaults::collect(checked).map(drop)
}

/// Where expressions of metrics cut an instant at midnight of UTC, of a project whose days begin elsewhere.
pub fn utc_days(metrics: &[Metric], session: &Session, calendar: &Calendar) -> Vec<Fault> {
    let kinds = KindsInUse::of(metrics, session, calendar, usize::MAX).over_facts;
    kinds.iter().flat_map(|(context, kind)| utc_days::of_metric(context, *kind)).collect()
}

/// The kinds of some metrics, each with what it is measured by, in the order of the metrics.
struct KindsInUse<'a> {
    over_facts: Vec<(MeasureContext<'a>, &'a dyn AnyFactKind)>,
    of_metrics: Vec<(MeasureContext<'a>, &'a dyn DerivedKind)>,
}

impl<'a> KindsInUse<'a> {
    fn of(
        metrics: &'a [Metric],
        session: &'a Session,
        calendar: &'a Calendar,
        most_segments: usize,
    ) -> Self {
        let mut kinds = Self { over_facts: Vec::new(), of_metrics: Vec::new() };
        for metric in metrics {
            let context = MeasureContext { metric, session, calendar, most_segments };
            match MeasuredFrom::of(&metric.kind) {
                MeasuredFrom::Fact(kind) => kinds.over_facts.push((context, kind)),
                MeasuredFrom::Metrics(kind) => kinds.of_metrics.push((context, kind)),
            }
        }
        kinds
    }
}
