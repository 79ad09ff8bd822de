//! Median, p90 and mean, from the rows themselves.

mod observations;

mod figure;

use scorewright_domain::{Fault, KpiValue, NullReason, Period, SqlName};
use scorewright_warehouse::Cell;

use super::answer::MeasureAnswer;
use super::cells::GridCells;
use super::context::MeasureContext;
use super::grid::grid;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::measurement::Measurement;
use super::rows::{EventRelation, Grouping, everything, latest_column};
use crate::metric::{Expression, FactRows, QuantileMetric};
use crate::sql::Sql;
use crate::statistics::Distribution;
use figure::figure;
use observations::Observations;

/// Column of an observation.
const VALUE: &str = "_value";

/// What is kept of the rows of a quantile.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Distributions {
    cells: GridCells<Distribution>,
    /// How many digits of an observation follow the point; unknown without observations.
    digits: Option<i8>,
}

impl FactQuery for QuantileMetric {
    fn rows(&self) -> FactRows<'_> {
        FactRows::Events(&self.rows)
    }

    fn need(&self) -> RowNeed<'_> {
        RowNeed::Value(&self.value)
    }

    fn sql(&self, context: &MeasureContext) -> Result<Sql, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        Ok(observations_sql(context, self, &relation))
    }

    fn exact_columns(&self) -> Vec<(&Expression, &'static str)> {
        vec![(&self.value, VALUE)]
    }
}

impl FactKind for QuantileMetric {
    type Partial = Distributions;

    fn partial(&self, context: &MeasureContext) -> Result<Distributions, Fault> {
        let relation = EventRelation::of(context, &self.rows)?;
        let answer = context.query(&observations_sql(context, self, &relation))?;
        let value_column = answer.position(VALUE)?;
        let everything = everything_known(context, &relation, &answer)?;
        let mut observations = Observations::new(context, &answer, &relation, everything)?;
        let mut digits = None;
        for row in answer.rows() {
            let (number, scale) = whole_number(context, row.at(value_column), &self.value)?;
            digits = Some(scale);
            observations.add(row, number)?;
        }
        Ok(Distributions { cells: observations.into_cells(), digits })
    }

    fn merge(one: Distributions, other: Distributions) -> Distributions {
        Distributions {
            cells: one.cells.merged(other.cells, Distribution::merged),
            digits: one.digits.or(other.digits),
        }
    }

    fn finish(&self, context: &MeasureContext, partial: &Distributions) -> Vec<KpiValue> {
        let unit = 10f64.powi(-i32::from(partial.digits.unwrap_or_default()));
        let all = grid(context, &partial.cells).into_iter().flat_map(|key| {
            let distribution = partial.cells.get(&key);
            self.statistics.iter().map(move |statistic| {
                let figure = distribution
                    .and_then(|distribution| figure(context, distribution, *statistic, unit))
                    .unwrap_or_else(|| Measurement::missing(NullReason::NoRows));
                figure.into_value(context, statistic.name(), key.clone())
            })
        });
        all.collect()
    }
}

/// Everything known.
///
/// Where only the newest of some rows counts it begins with the first row, whether or not that row
/// has a value: without observations that day is asked for, because other parts may have some.
fn everything_known(
    context: &MeasureContext,
    relation: &EventRelation,
    answer: &MeasureAnswer,
) -> Result<Period, Fault> {
    if !relation.has_latest || answer.rows().next().is_some() {
        return everything(context, answer, relation.first_day());
    }
    let mut sql = Sql::new();
    sql.add("SELECT min(\"_day\") AS \"_first\" FROM (").nested(&relation.sql).add(")");
    everything(context, &context.query(&sql)?, "_first")
}

/// One row for each observation: its day, its dimensions, its value; and where only the newest of
/// some rows counts, in which of its periods it does.
fn observations_sql(
    context: &MeasureContext,
    quantile: &QuantileMetric,
    relation: &EventRelation,
) -> Sql {
    let quoted = |name: &str| SqlName(name).to_string();
    let mut columns = vec![quoted("_day")];
    columns.extend(Grouping::by_dimensions(context.metric).columns());
    if relation.has_latest {
        let grains = context.metric.grains.iter();
        columns.push(quoted(relation.first_day()));
        columns.extend(grains.map(|grain| quoted(&latest_column(*grain))));
    }
    let mut sql = Sql::new();
    sql.add("SELECT ").list(&columns).add(", \"_value\"\nFROM (SELECT *, (");
    sql.expression(&quantile.value).add(") AS \"_value\" FROM (").nested(&relation.sql);
    sql.add("))\nWHERE \"_value\" IS NOT NULL");
    sql
}

/// The observation in units of its last digit, and how many digits follow the point.
fn whole_number(
    context: &MeasureContext,
    cell: &Cell,
    value: &Expression,
) -> Result<(i64, i8), Fault> {
    let number = match cell {
        Cell::Integer(number) => Some((*number, 0)),
        Cell::Decimal { unscaled, scale } => {
            i64::try_from(*unscaled).ok().map(|unscaled| (unscaled, *scale))
        }
        _ => None,
    };
    number.ok_or_else(|| {
        let message = format!("`value` must give whole numbers or decimals, it gives `{cell}`");
        context.metric.fault(value, message).help("a duration is a whole number of seconds")
    })
}
