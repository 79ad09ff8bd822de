//! Median, p90 and mean, from the rows themselves.

mod observations;

use scorewright_domain::{Fault, IntervalMethod, KpiValue, NullReason, SqlName};
use scorewright_warehouse::Cell;

use super::context::MeasureContext;
use super::grid::{GridCells, grid};
use super::measurement::Measurement;
use super::rows::{EventRelation, Grouping, latest_column};
use crate::metric::{Expression, IntervalChoice, QuantileMetric, Statistic};
use crate::sql::Sql;
use crate::statistics::{Distribution, mean_interval};
use observations::Observations;

pub(super) fn measure(
    context: &MeasureContext,
    quantile: &QuantileMetric,
) -> Result<Vec<KpiValue>, Fault> {
    let relation = EventRelation::of(context, &quantile.rows)?;
    let answer = context.query(&observations_sql(context, quantile, &relation))?;
    let value_column = answer.position(VALUE)?;
    let mut observations = Observations::new(context, &answer, &relation)?;
    let mut scale = 0;
    for row in answer.rows() {
        let (number, digits) = whole_number(context, row.at(value_column), &quantile.value)?;
        scale = digits;
        observations.add(row, number)?;
    }
    let unit = 10f64.powi(-i32::from(scale));
    Ok(values(context, quantile, &observations.into_cells(), unit))
}

/// Column of an observation.
pub(super) const VALUE: &str = "_value";

/// One row for each observation: its day, its dimensions, its value.
pub(super) fn sql(context: &MeasureContext, quantile: &QuantileMetric) -> Result<Sql, Fault> {
    let relation = EventRelation::of(context, &quantile.rows)?;
    Ok(observations_sql(context, quantile, &relation))
}

/// The same, and where only the newest of some rows counts, in which of its periods it does.
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

fn values(
    context: &MeasureContext,
    quantile: &QuantileMetric,
    cells: &GridCells<Distribution>,
    unit: f64,
) -> Vec<KpiValue> {
    let all = grid(context, cells).into_iter().flat_map(|key| {
        let distribution = cells.get(&key);
        quantile.statistics.iter().map(move |statistic| {
            let figure = distribution
                .and_then(|distribution| figure(context, distribution, *statistic, unit))
                .unwrap_or_else(|| Measurement::missing(NullReason::NoRows));
            figure.into_value(context, statistic.name(), key.clone())
        })
    });
    all.collect()
}

/// A figure of a distribution; `None` when there is nothing in it.
fn figure(
    context: &MeasureContext,
    all: &Distribution,
    statistic: Statistic,
    unit: f64,
) -> Option<Measurement> {
    let ranked = |share| (all.quantile(share), all.quantile_interval(share));
    let ((value, interval), method) = match statistic {
        Statistic::Median => (ranked(0.5), IntervalMethod::OrderStatistics),
        Statistic::P90 => (ranked(0.9), IntervalMethod::OrderStatistics),
        Statistic::Mean => {
            let interval = mean_interval(all.n(), all.sum(), all.sum_of_squares());
            ((all.mean(), interval), IntervalMethod::StudentT)
        }
    };
    let interval = interval.filter(|_| context.metric.interval != IntervalChoice::None);
    Some(Measurement {
        interval: interval.map(|(low, high)| ((low * unit, high * unit), method)),
        ..Measurement::exact(value? * unit, all.n())
    })
}
