//! What every kind of metric answers.
//!
//! A kind is measured from a fact, or from the values of other metrics: [`MeasuredFrom`] says
//! which, in the one place that lists all kinds. A kind over a fact is measured in halves:
//!
//! ```text
//! some rows ──── partial ── P ──┐
//!                               ├── merge ── P ── finish ── KpiValue
//! other rows ─── partial ── P ──┘
//! ```
//!
//! | kind | partial result `P`, for each period and segment with rows | where rows may be split |
//! | --- | --- | --- |
//! | `ratio` | sums | anywhere |
//! | `ratio` with clusters | sums, and those of each cluster or their moments | between clusters |
//! | `total` | sums | anywhere |
//! | `quantile` | distribution: all observations in ascending order | anywhere |
//! | `survival` | distribution of times, with whether they are over | anywhere |
//! | `movement` | sums over entities | between entities |
//! | `state` | sums | anywhere |
//! | `lifetime` | none: a fit to all customers | nowhere |
//!
//! Two things depend on the metric and not on its kind:
//!
//! - Where only the newest of some rows counts, rows that agree in the columns of `latest_of`
//!   stay in one part.
//! - Sums are `sum(…)`, `count(…)` and differences or multiples of them. A sum of nothing is no
//!   value, so what is made of several is made of `coalesce(sum(…), 0)`. A `count(DISTINCT x)`
//!   adds up where all rows of an `x` are in one part. `max(…)`, `avg(…)` and quotients do not
//!   add up: such a metric can only be measured whole.

use scorewright_domain::{Fault, KpiValue};

use super::context::MeasureContext;
use crate::metric::{Expression, FactRows, Metric, MetricKind};
use crate::sql::Sql;

/// What a kind of metric over a fact asks of it.
pub(crate) trait FactQuery: Sync {
    /// The rows it looks at.
    fn rows(&self) -> FactRows<'_>;

    /// What a row needs to be counted, beside its time and the filter.
    fn need(&self) -> RowNeed<'_>;

    /// The query that measures it, for people to read.
    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault>;

    /// What must give numbers that add up exactly, each with its column in the answer.
    fn exact_columns(&self) -> Vec<(&Expression, &'static str)>;
}

/// What a row of a fact needs to be counted.
pub(crate) enum RowNeed<'a> {
    /// Nothing more.
    Nothing,
    /// A value of its own.
    Value(&'a Expression),
    /// Something in what must not be zero over all rows.
    Denominator(&'a Expression),
}

/// A kind of metric over a fact: how its rows become values.
///
/// For rows split as the kind allows, `finish(merge(partial(some), partial(others)))` is
/// `finish(partial(all))`, bit for bit: partial results hold whole numbers and decimals, and only
/// `finish` rounds. `merge` is associative and commutative.
pub(super) trait FactKind: FactQuery {
    /// What is kept of some rows.
    type Partial;

    /// Reads the rows that the session has.
    fn partial(&self, context: &MeasureContext) -> Result<Self::Partial, Fault>;

    /// What is kept of the rows of both; both are of one metric and one as-of day.
    #[cfg_attr(not(test), expect(dead_code, reason = "metrics are measured whole as yet"))]
    fn merge(one: Self::Partial, other: Self::Partial) -> Self::Partial;

    /// The value of every period and segment.
    fn finish(&self, context: &MeasureContext, partial: &Self::Partial) -> Vec<KpiValue>;
}

/// Any kind of metric over a fact, measured whole.
pub(crate) trait AnyFactKind: FactQuery {
    /// The value of every period and segment.
    fn measure(&self, context: &MeasureContext) -> Result<Vec<KpiValue>, Fault>;
}

impl<K: FactKind> AnyFactKind for K {
    fn measure(&self, context: &MeasureContext) -> Result<Vec<KpiValue>, Fault> {
        Ok(self.finish(context, &self.partial(context)?))
    }
}

/// A kind of metric made of metrics.
pub(crate) trait DerivedKind {
    /// The value of every period and segment, from `values` of the metrics measured so far.
    fn measure(
        &self,
        context: &MeasureContext,
        metrics: &[Metric],
        values: &[KpiValue],
    ) -> Result<Vec<KpiValue>, Fault>;
}

/// What a kind of metric is measured from.
pub(crate) enum MeasuredFrom<'a> {
    /// The rows of a fact.
    Fact(&'a dyn AnyFactKind),
    /// The values of other metrics.
    Metrics(&'a dyn DerivedKind),
}

impl<'a> MeasuredFrom<'a> {
    /// Of each kind there is.
    pub(crate) fn of(kind: &'a MetricKind) -> Self {
        match kind {
            MetricKind::Ratio(ratio) => Self::Fact(ratio),
            MetricKind::Total(total) => Self::Fact(total),
            MetricKind::Quantile(quantile) => Self::Fact(quantile),
            MetricKind::Movement(movement) => Self::Fact(movement),
            MetricKind::State(state) => Self::Fact(state),
            MetricKind::Survival(survival) => Self::Fact(survival),
            MetricKind::Lifetime(lifetime) => Self::Fact(lifetime),
            MetricKind::Derived(derived) => Self::Metrics(derived),
            MetricKind::Growth(growth) => Self::Metrics(growth),
        }
    }
}
