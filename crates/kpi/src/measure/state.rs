//! What is there at the local midnight that ends a period.

use jiff::civil::Date;
use scorewright_domain::{Fault, Grain, KpiValue, Period};

use crate::measure::cells::{Cells, frame, value};
use crate::measure::movement::read;
use crate::measure::ratio::{add_measures, found};
use crate::measure::timed::{Groups, add_dimension};
use crate::measure::{Bench, Moment, local_day};
use crate::metric::{Kind, Spells};
use crate::sql::Sql;

/// The periods that a metric over spells is stated for, and what its columns hold.
pub(super) struct Ground {
    pub(super) periods: Vec<Period>,
    moment: Moment,
}

pub(super) fn measure(bench: &Bench) -> Result<Vec<KpiValue>, Fault> {
    let Kind::State { spells, .. } = &bench.metric.kind else { return Ok(Vec::new()) };
    let ground = ground(bench, spells)?;
    let cells = grouped(bench, &ground, spells)
        .map_or(Ok(Cells::new()), |sql| read(bench, &ground, &sql))?;
    let frame = frame(bench.metric, bench.calendar, &cells);
    let has_rows = !cells.is_empty();
    let all = frame.into_iter().map(|place| {
        let found = found(bench.metric, place.0, cells.get(&place), has_rows);
        value(bench.metric, bench.calendar, "value", place, found)
    });
    Ok(all.collect())
}

/// The query whose rows are the cells.
pub(super) fn sql(bench: &Bench) -> Result<Sql, Fault> {
    let Kind::State { spells, .. } = &bench.metric.kind else { return Ok(Sql::new()) };
    Ok(grouped(bench, &ground(bench, spells)?, spells).unwrap_or_default())
}

fn grouped(bench: &Bench, ground: &Ground, spells: &Spells) -> Option<Sql> {
    let groups = Groups::of_column("_number", &bench.metric.by);
    let mut sql = Sql::new();
    sql.add("WITH ");
    add_period_values(&mut sql, bench, ground)?;
    sql.add(",\nspell AS (SELECT *");
    for dimension in &bench.metric.by {
        sql.add(", ");
        add_dimension(&mut sql, dimension);
    }
    sql.add(", ");
    ground.add_ends(&mut sql, spells);
    sql.add(")\nSELECT ").list(&groups.columns()).add(", ");
    add_measures(&mut sql, bench.metric);
    sql.add("\nFROM period JOIN spell ON \"_from\" < \"_ends\" AND (\"_until\" IS NULL OR \"_until\" >= \"_ends\")\n");
    sql.add(groups.sets(None));
    Some(sql)
}

/// Finds the periods from the first spell to the last whole period.
pub(super) fn ground(bench: &Bench, spells: &Spells) -> Result<Ground, Fault> {
    let moment = Moment::of(bench, &spells.fact, &spells.from)?;
    let ends = Moment::of(bench, &spells.fact, &spells.until)?;
    if moment != ends {
        let message = "`from` and `until` must both be timestamps or both be dates";
        return Err(bench.metric.fault(&spells.until, message));
    }
    let mut sql = Sql::new();
    sql.add("SELECT min(\"_from\") FROM (SELECT *, ");
    moment.add_to(&mut sql, &spells.from, "_from");
    sql.add(" FROM").expression(&spells.fact).add(")");
    if let Some(filter) = &spells.filter {
        sql.add("\nWHERE ").expression(filter);
    }
    let answer = bench.query(&sql)?;
    let first = answer.rows.first().and_then(|row| local_day(row.first()?, bench.calendar));
    let as_of = bench.calendar.as_of();
    let periods =
        first.filter(|first| *first < as_of).map(|first| periods(bench, first)).unwrap_or_default();
    Ok(Ground { periods, moment })
}

fn periods(bench: &Bench, first: Date) -> Vec<Period> {
    let as_of = bench.calendar.as_of();
    let of_grain = |grain: &Grain| match grain {
        Grain::All => vec![Period { grain: Grain::All, from: first, until: as_of }],
        grain => std::iter::successors(Some(Period::containing(*grain, first)), |period| {
            Some(period.next())
        })
        .take_while(|period| period.is_complete_on(as_of))
        .collect(),
    };
    bench.metric.grains.iter().flat_map(of_grain).collect()
}

/// Adds the periods as a relation of number, start and end; none when there are none.
pub(super) fn add_period_values(sql: &mut Sql, bench: &Bench, ground: &Ground) -> Option<()> {
    let rows: Vec<String> = ground
        .periods
        .iter()
        .enumerate()
        .map(|(number, period)| {
            format!(
                "({number}, {}, {})",
                ground.tick(period.from, bench),
                ground.tick(period.until, bench)
            )
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    sql.add("period AS (SELECT column1 AS \"_number\", column2 AS \"_starts\", column3 AS \"_ends\" FROM (VALUES ");
    sql.list(&rows).add("))");
    Some(())
}

impl Ground {
    /// The start of a day as a whole number: microseconds for instants, days for days.
    fn tick(&self, day: Date, bench: &Bench) -> i64 {
        match self.moment {
            Moment::Instant => bench.calendar.midnight(day).as_microsecond(),
            Moment::Day => i64::from((day - jiff::civil::date(1970, 1, 1)).get_days()),
        }
    }

    /// Adds both ends of a spell as whole numbers, and the fact they come from.
    pub(super) fn add_ends(&self, sql: &mut Sql, spells: &Spells) {
        let number = match self.moment {
            Moment::Instant => {
                "CAST(\"_begun\" AS BIGINT) AS \"_from\", CAST(\"_ended\" AS BIGINT) AS \"_until\""
            }
            Moment::Day => {
                "CAST(arrow_cast(\"_begun\", 'Int32') AS BIGINT) AS \"_from\", CAST(arrow_cast(\"_ended\", 'Int32') AS BIGINT) AS \"_until\""
            }
        };
        sql.add(number).add("\n  FROM (SELECT *, ");
        self.moment.add_to(sql, &spells.from, "_begun");
        sql.add(", ");
        self.moment.add_to(sql, &spells.until, "_ended");
        sql.add(" FROM").expression(&spells.fact).add(")");
        if let Some(filter) = &spells.filter {
            sql.add("\n  WHERE ").expression(filter);
        }
    }
}
