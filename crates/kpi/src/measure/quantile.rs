//! Median, p90 and mean, from the rows themselves.

use std::collections::HashMap;

use jiff::civil::Date;
use scorewright_domain::{Fault, Grain, KpiValue, NullReason, Period, Segment};
use scorewright_warehouse::Cell;

use crate::measure::Bench;
use crate::measure::cells::{Cells, Found, frame, value as kpi_value};
use crate::measure::spine::everything;
use crate::measure::timed::{Groups, bucketed};
use crate::metric::{Expression, Method, Rows, Statistic};
use crate::sql::Sql;
use crate::statistics::{Distribution, mean_interval};

pub(super) fn measure(
    bench: &Bench,
    rows: &Rows,
    value: &Expression,
    statistics: &[Statistic],
) -> Result<Vec<KpiValue>, Fault> {
    let answer = bench.query(&sql(bench, rows, value)?)?;
    let everything = everything(bench, answer.rows.iter().map(|row| &row[0]));
    let mut gathered = Gathered::new(bench, everything);
    let mut scale = 0;
    for row in &answer.rows {
        let (observation, digits) = whole(bench, &row[row.len() - 1], value)?;
        scale = digits;
        gathered.add(row, observation);
    }
    Ok(values(bench, &gathered.cells(), statistics, 10f64.powi(-i32::from(scale))))
}

/// One row for each observation: its day, its dimensions, its value.
pub(super) fn sql(bench: &Bench, rows: &Rows, value: &Expression) -> Result<Sql, Fault> {
    let relation = bucketed(bench, rows)?;
    let groups = Groups::of(&[], &bench.metric.by);
    let mut sql = Sql::new();
    sql.add("SELECT \"_day\", ").list(&groups.columns());
    sql.add(if groups.width() > 0 { ", \"_value\"" } else { "\"_value\"" });
    sql.add("\nFROM (SELECT *, (")
        .expression(value)
        .add(") AS \"_value\" FROM (")
        .nested(&relation);
    sql.add("))\nWHERE \"_value\" IS NOT NULL");
    Ok(sql)
}

/// The observation in units of its last digit, and how many digits follow the point.
fn whole(bench: &Bench, cell: &Cell, value: &Expression) -> Result<(i64, i8), Fault> {
    let found = match cell {
        Cell::Integer(number) => Some((*number, 0)),
        Cell::Decimal { unscaled, scale } => {
            i64::try_from(*unscaled).ok().map(|unscaled| (unscaled, *scale))
        }
        _ => None,
    };
    found.ok_or_else(|| {
        let message = format!("`value` must give whole numbers or decimals, it gives `{cell}`");
        bench.metric.fault(value, message).help("a duration is a whole number of seconds")
    })
}

/// Observations of every period and segment. Periods and segments are numbered once,
/// because each row belongs to many.
struct Gathered<'a> {
    bench: &'a Bench<'a>,
    everything: Period,
    periods: Vec<Period>,
    periods_of: HashMap<Date, Vec<usize>>,
    segments: Vec<Segment>,
    segment_of: HashMap<(usize, &'a str), usize>,
    observations: Vec<Vec<Vec<i64>>>,
}

impl<'a> Gathered<'a> {
    fn new(bench: &'a Bench, everything: Period) -> Self {
        Self {
            bench,
            everything,
            periods: Vec::new(),
            periods_of: HashMap::new(),
            segments: vec![Segment::total()],
            segment_of: HashMap::new(),
            observations: Vec::new(),
        }
    }

    fn add(&mut self, row: &'a [Cell], observation: i64) {
        let Some(day) = row[0].as_date() else { return };
        let mut segments = vec![0];
        for (dimension, cell) in row[1..row.len() - 1].iter().enumerate() {
            segments.push(self.segment(dimension, cell.as_text().unwrap_or(Segment::NONE)));
        }
        for period in self.periods(day) {
            let of_period = &mut self.observations[period];
            of_period.resize_with(self.segments.len().max(of_period.len()), Vec::new);
            for segment in &segments {
                of_period[*segment].push(observation);
            }
        }
    }

    fn segment(&mut self, dimension: usize, value: &'a str) -> usize {
        *self.segment_of.entry((dimension, value)).or_insert_with(|| {
            self.segments.push(Segment::of(&self.bench.metric.by[dimension].text, value));
            self.segments.len() - 1
        })
    }

    fn periods(&mut self, day: Date) -> Vec<usize> {
        if let Some(known) = self.periods_of.get(&day) {
            return known.clone();
        }
        let of_grain = |grain: &Grain| match grain {
            Grain::All => self.everything,
            grain => Period::containing(*grain, day),
        };
        let periods: Vec<Period> = self.bench.metric.grains.iter().map(of_grain).collect();
        let numbers: Vec<usize> = periods.into_iter().map(|period| self.number(period)).collect();
        self.periods_of.insert(day, numbers.clone());
        numbers
    }

    fn number(&mut self, period: Period) -> usize {
        self.periods.iter().position(|known| *known == period).unwrap_or_else(|| {
            self.periods.push(period);
            self.observations.push(Vec::new());
            self.periods.len() - 1
        })
    }

    fn cells(self) -> Cells<Distribution> {
        let of_period = self.periods.into_iter().zip(self.observations);
        let all = of_period.flat_map(|(period, of_segment)| {
            let of_segment =
                self.segments.iter().zip(of_segment).filter(|(_, values)| !values.is_empty());
            of_segment.map(move |(segment, values)| {
                ((period, segment.clone()), Distribution::new(values))
            })
        });
        all.collect()
    }
}

fn values(
    bench: &Bench,
    cells: &Cells<Distribution>,
    statistics: &[Statistic],
    unit: f64,
) -> Vec<KpiValue> {
    let frame = frame(bench.metric, bench.calendar, cells);
    let all = frame.into_iter().flat_map(|place| {
        let cell = cells.get(&place);
        statistics.iter().map(move |statistic| {
            let found = cell.map_or(Found::nothing(NullReason::NoRows), |cell| {
                found(bench, cell, *statistic, unit)
            });
            kpi_value(bench.metric, bench.calendar, statistic.name(), place.clone(), found)
        })
    });
    all.collect()
}

fn found(bench: &Bench, all: &Distribution, statistic: Statistic, unit: f64) -> Found {
    let (value, interval, method) = match statistic {
        Statistic::Median => {
            (all.quantile(0.5), all.quantile_interval(0.5), Method::OrderStatistics)
        }
        Statistic::P90 => (all.quantile(0.9), all.quantile_interval(0.9), Method::OrderStatistics),
        Statistic::Mean => {
            (all.mean(), mean_interval(all.n(), all.sum(), all.sum_of_squares()), Method::StudentT)
        }
    };
    let interval = interval.filter(|_| bench.metric.interval != Method::None);
    Found {
        interval: interval.map(|(low, high)| (low * unit, high * unit)),
        method: method.name(),
        ..Found::exactly(value.unwrap_or_default() * unit, all.n())
    }
}
