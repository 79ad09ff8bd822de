//! Sum over sum, and sums alone.

use scorewright_domain::{Fault, KpiValue, NullReason, Period, Segment};
use scorewright_warehouse::Cell;

use crate::measure::Bench;
use crate::measure::cells::{Cells, Found, frame, period, segment, value};
use crate::measure::intervals::{ClusterIntervals, cluster_intervals, interval};
use crate::measure::number::Number;
use crate::measure::spine::everything;
use crate::measure::timed::{Groups, bucketed};
use crate::metric::{Expression, Kind, Metric, Rows};
use crate::sql::Sql;

/// The sums of one cell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) numerator: Number,
    pub(super) denominator: Number,
    pub(super) sample: Number,
    pub(super) squares: Number,
}

/// The aggregates a metric asks for, in the order of [`Sums`]; absent ones are not queried.
pub(super) fn measures(metric: &Metric) -> [Option<&Expression>; 4] {
    match &metric.kind {
        Kind::Ratio { numerator, denominator, sample, sum_of_squares, .. } => {
            [Some(numerator), Some(denominator), sample.as_ref(), sum_of_squares.as_ref()]
        }
        Kind::Total { numerator, sample, .. } => [Some(numerator), None, sample.as_ref(), None],
        Kind::State { numerator, denominator, sample, .. } => {
            [Some(numerator), denominator.as_ref(), sample.as_ref(), None]
        }
        Kind::Movement { numerator, denominator, .. } => {
            [Some(numerator), Some(denominator), None, None]
        }
        _ => [None; 4],
    }
}

pub(super) fn measure(bench: &Bench) -> Result<Vec<KpiValue>, Fault> {
    let (Kind::Ratio { rows, .. } | Kind::Total { rows, .. }) = &bench.metric.kind else {
        return Ok(Vec::new());
    };
    let relation = bucketed(bench, rows)?;
    let groups = Groups::of(&bench.metric.grains, &bench.metric.by);
    let answer = bench.query(&grouped(bench, &relation, &groups))?;
    let width = groups.width();
    let everything = everything(bench, answer.rows.iter().map(|row| &row[row.len() - 1]));
    let mut cells: Cells<Sums> = Cells::new();
    // Everything as one group has a row even when there is nothing in it.
    let has_rows = |row: &&Vec<Cell>| row[row.len() - 2].as_u64() != Some(0);
    for row in answer.rows.iter().filter(has_rows) {
        let place = place(bench, &groups, row, everything);
        cells.insert(place, sums(bench.metric, &row[width..])?);
    }
    let clusters = cluster_intervals(bench, &relation, &groups, everything)?;
    Ok(values(bench, &cells, &clusters))
}

/// The query whose rows are the cells.
pub(super) fn sql(bench: &Bench, rows: &Rows) -> Result<Sql, Fault> {
    let relation = bucketed(bench, rows)?;
    Ok(grouped(bench, &relation, &Groups::of(&bench.metric.grains, &bench.metric.by)))
}

fn grouped(bench: &Bench, relation: &Sql, groups: &Groups) -> Sql {
    let mut sql = Sql::new();
    sql.add("SELECT ").list(&groups.columns());
    if groups.width() > 0 {
        sql.add(", ");
    }
    add_measures(&mut sql, bench.metric);
    sql.add(", min(\"_day\") AS \"_first\"\nFROM (").nested(relation);
    sql.add(")\n").add(groups.sets(None));
    sql
}

/// Adds the aggregates, separated by commas, and the count of rows.
pub(super) fn add_measures(sql: &mut Sql, metric: &Metric) {
    let names = ["numerator", "denominator", "sample", "sum_of_squares"];
    for (expression, name) in measures(metric).into_iter().zip(names) {
        if let Some(expression) = expression {
            sql.add("(").expression(expression).add(format!(") AS \"_{name}\", "));
        }
    }
    sql.add("count(*) AS \"_rows\"");
}

/// Reads the aggregates of one row, as [`add_measures`] selected them.
pub(super) fn sums(metric: &Metric, cells: &[Cell]) -> Result<Sums, Fault> {
    let mut cells = cells.iter();
    let mut read = |expression: Option<&Expression>| -> Result<Option<Number>, Fault> {
        let Some(expression) = expression else { return Ok(None) };
        Number::read(cells.next().unwrap_or(&Cell::Null), metric, expression).map(Some)
    };
    let [numerator, denominator, sample, squares] = measures(metric);
    let numerator = read(numerator)?.unwrap_or_default();
    let denominator = read(denominator)?;
    let sample = read(sample)?;
    let squares = read(squares)?.unwrap_or_default();
    let rows = Number::whole(cells.next().and_then(Cell::as_u64).unwrap_or_default());
    let sample = sample.or(denominator).unwrap_or(rows);
    Ok(Sums { numerator, denominator: denominator.unwrap_or_default(), sample, squares })
}

fn place(bench: &Bench, groups: &Groups, row: &[Cell], everything: Period) -> (Period, Segment) {
    let (first_days, rest) = row.split_at(groups.buckets());
    let period = period(bench.metric, bench.calendar, first_days, everything);
    (period, segment(bench.metric, rest))
}

fn values(bench: &Bench, cells: &Cells<Sums>, clusters: &ClusterIntervals) -> Vec<KpiValue> {
    let frame = frame(bench.metric, bench.calendar, cells);
    let has_rows = !cells.is_empty();
    let found = frame.into_iter().map(|place| {
        let found = found(bench.metric, place.0, cells.get(&place), has_rows);
        let found = match clusters.get(&place) {
            Some((interval, method)) => {
                let scale = factor(bench.metric, place.0);
                Found { interval: Some((interval.0 * scale, interval.1 * scale)), method, ..found }
            }
            None => found,
        };
        value(bench.metric, bench.calendar, "value", place, found)
    });
    found.collect()
}

/// The figure of one cell; a cell without rows is zero for a sum over a fact that has rows.
pub(super) fn found(metric: &Metric, period: Period, sums: Option<&Sums>, has_rows: bool) -> Found {
    let is_sum = measures(metric)[1].is_none();
    match sums {
        None if is_sum && has_rows => Found { numerator: Some(0.0), ..Found::exactly(0.0, 0) },
        None => Found::nothing(NullReason::NoRows),
        Some(sums) if is_sum => {
            let value = sums.numerator.as_f64();
            Found {
                numerator: Some(value),
                ..Found::exactly(value, sums.sample.as_u64().unwrap_or_default())
            }
        }
        Some(sums) => quotient(metric, period, sums),
    }
}

fn quotient(metric: &Metric, period: Period, sums: &Sums) -> Found {
    let (numerator, denominator) = (sums.numerator.as_f64(), sums.denominator.as_f64());
    let factor = factor(metric, period);
    let value = if sums.denominator.is_zero() {
        Err(NullReason::EmptyDenominator)
    } else {
        Ok(factor * numerator / denominator)
    };
    let interval = interval(metric, sums).map(|(low, high)| (factor * low, factor * high));
    Found {
        numerator: Some(numerator),
        denominator: Some(denominator),
        n: sums.sample.as_u64().unwrap_or_default(),
        value,
        interval,
        method: metric.interval.name(),
    }
}

/// What the plain quotient is multiplied by.
fn factor(metric: &Metric, period: Period) -> f64 {
    match &metric.kind {
        Kind::Ratio { scale, per_year, .. } => {
            scale * if *per_year { years_in(period) } else { 1.0 }
        }
        _ => 1.0,
    }
}

/// How many such periods a year of 365.25 days holds.
pub(super) fn years_in(period: Period) -> f64 {
    let days = u32::try_from(period.days()).unwrap_or(u32::MAX);
    365.25 / f64::from(days)
}
