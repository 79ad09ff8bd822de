//! Median, p90 and mean, from the rows themselves.

mod observations;

mod figure;

use scorewright_domain::{Fault, Grain, KpiValue, NullReason, Period, SqlName};

use super::cells::GridCells;
use super::context::MeasureContext;
use super::grid::grid;
use super::kind::{FactKind, FactQuery, RowNeed};
use super::measurement::Measurement;
use super::rows::{EventRelation, Grouping, RowReader, everything, latest_column};
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
        let (mut reader, mut observations) = (RowReader::of(context), Observations::new(context));
        let (columns, rows) = (observed_columns(context, &relation), observed(self, &relation));
        let mut fault = None;
        let read = reader.read(&columns, &rows, |rows| {
            fault = observations.add(context, &self.value, rows)?.err();
            if fault.is_none() { Some(()) } else { None }
        })?;
        match (read, fault) {
            (Some(()), _) => {}
            (None, Some(fault)) => return Err(fault),
            // The engine says what is wrong with the query.
            (None, None) => {
                let answer = context.query(&observations_sql(context, self, &relation))?;
                return Err(answer.unusable(VALUE));
            }
        }
        let everything = match observations.everything(context) {
            Some(everything) => everything,
            None => everything_known(context, &relation)?,
        };
        let digits = observations.digits;
        let cells = observations.into_cells(context, &reader.codes, everything);
        Ok(Distributions { cells, digits })
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

/// Everything known without observations.
///
/// Where only the newest of some rows counts it begins with the first row, whether or not that row has a value: other parts
/// may have some.
fn everything_known(context: &MeasureContext, relation: &EventRelation) -> Result<Period, Fault> {
    let until = context.calendar.as_of();
    if !relation.has_latest {
        return Ok(Period { grain: Grain::All, from: until, until });
    }
    let mut sql = Sql::new();
    sql.add("SELECT min(\"_day\") AS \"_first\" FROM (").nested(&relation.sql).add(")");
    everything(context, &context.query(&sql)?, "_first")
}

/// One row for each observation: its dimensions, its value, its day; and where only the newest of some rows counts, in which
/// of its periods it does.
fn observations_sql(
    context: &MeasureContext,
    quantile: &QuantileMetric,
    relation: &EventRelation,
) -> Sql {
    let dimensions = Grouping::by_dimensions(context.metric).columns();
    let mut sql = Sql::new();
    sql.add("SELECT ").list(&dimensions).add(if dimensions.is_empty() { "" } else { ", " });
    sql.nested(&observed_columns(context, relation)).add("\nFROM (");
    sql.nested(&observed(quantile, relation)).add(")");
    sql
}

/// The columns of an observation that its reader asks for.
fn observed_columns(context: &MeasureContext, relation: &EventRelation) -> Sql {
    let quoted = |name: &str| SqlName(name).to_string();
    let mut columns = vec![quoted(VALUE), quoted("_day")];
    columns.push(format!("{} AS \"_first\"", quoted(relation.first_day())));
    if relation.has_latest {
        let grains = context.metric.grains.iter();
        columns.extend(grains.map(|grain| quoted(&latest_column(*grain))));
    }
    let mut sql = Sql::new();
    sql.list(&columns);
    sql
}

/// The rows of a relation that have a value, with it.
fn observed(quantile: &QuantileMetric, relation: &EventRelation) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT * FROM (SELECT *, (").expression(&quantile.value);
    sql.add(") AS \"_value\" FROM (").nested(&relation.sql);
    sql.add("))\nWHERE \"_value\" IS NOT NULL");
    sql
}
