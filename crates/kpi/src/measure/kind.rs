//! What every kind of metric answers.
//!
//! A kind is measured from a fact, or from the values of other metrics: [`MeasuredFrom`] says
//! which, in the one place that lists all kinds. A kind over a fact is measured in halves:
//! `partial` keeps what is needed of its rows, exactly, and `finish` makes values of that.

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
/// Partial results hold whole numbers and decimals: only `finish` rounds.
pub(super) trait FactKind: FactQuery {
    /// What is kept of some rows.
    type Partial;

    /// Reads the rows that the session has.
    fn partial(&self, context: &MeasureContext) -> Result<Self::Partial, Fault>;

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
            MetricKind::Derived(derived) => Self::Metrics(derived),
            MetricKind::Growth(growth) => Self::Metrics(growth),
        }
    }
}
