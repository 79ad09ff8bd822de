//! Who was there at the start of a period and at its end.

use scorewright_domain::{Fault, KpiValue, Period, SqlName};

use crate::measure::Bench;
use crate::measure::cells::{Cells, frame, segment, value};
use crate::measure::ratio::{Sums, add_measures, found, sums};
use crate::measure::state::{Ground, add_period_values, ground};
use crate::measure::timed::{Groups, add_dimension};
use crate::metric::{Expression, Kind, Spells};
use crate::sql::Sql;

pub(super) fn measure(bench: &Bench) -> Result<Vec<KpiValue>, Fault> {
    let Kind::Movement { spells, entity, .. } = &bench.metric.kind else { return Ok(Vec::new()) };
    let ground = ground(bench, spells)?;
    let cells = grouped(bench, &ground, spells, entity)
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
    let Kind::Movement { spells, entity, .. } = &bench.metric.kind else { return Ok(Sql::new()) };
    Ok(grouped(bench, &ground(bench, spells)?, spells, entity).unwrap_or_default())
}

/// Reads the cells of a query over numbered periods.
pub(super) fn read(bench: &Bench, ground: &Ground, sql: &Sql) -> Result<Cells<Sums>, Fault> {
    let width = 1 + bench.metric.by.len();
    let mut cells = Cells::new();
    for row in bench.query(sql)?.rows {
        let number = row[0].as_u64().and_then(|number| usize::try_from(number).ok());
        let period: Option<Period> = number.and_then(|number| ground.periods.get(number).copied());
        let Some(period) = period else { continue };
        let place = (period, segment(bench.metric, &row[1..width]));
        cells.insert(place, sums(bench.metric, &row[width..])?);
    }
    Ok(cells)
}

/// One row for each entity and period, then the aggregates over those; none without periods.
///
/// An entity belongs to the segment it was in at the start, else to that at the end, so
/// that segments add up to the total even when somebody moves between them.
fn grouped(bench: &Bench, ground: &Ground, spells: &Spells, entity: &Expression) -> Option<Sql> {
    let groups = Groups::of_column("_number", &bench.metric.by);
    let mut sql = Sql::new();
    sql.add("WITH ");
    add_period_values(&mut sql, bench, ground)?;
    sql.add(",\nspell AS (SELECT (").expression(entity).add(") AS \"_entity\"");
    for dimension in &bench.metric.by {
        sql.add(", ");
        add_dimension(&mut sql, dimension);
    }
    sql.add(", ");
    ground.add_ends(&mut sql, spells);
    sql.add("),\nmoved AS (SELECT \"_number\", \"_entity\"");
    sql.add(format!(", bool_or({}) AS \"at_start\"", there("_starts")));
    sql.add(format!(", bool_or({}) AS \"at_end\"", there("_ends")));
    for dimension in &bench.metric.by {
        let column = SqlName(&format!("_by_{}", dimension.text)).to_string();
        // The smallest value after a rank: one pass finds the value at the start, else at the end, else any.
        let rank = format!(
            "CASE WHEN {} THEN '0' WHEN {} THEN '1' ELSE '2' END",
            there("_starts"),
            there("_ends")
        );
        sql.add(format!(",\n  substr(min({rank} || {column}), 2) AS {column}"));
    }
    sql.add("\n  FROM period JOIN spell ON \"_from\" < \"_ends\" AND (\"_until\" IS NULL OR \"_until\" >= \"_starts\")");
    sql.add("\n  GROUP BY \"_number\", \"_entity\")\nSELECT ").list(&groups.columns()).add(", ");
    add_measures(&mut sql, bench.metric);
    sql.add("\nFROM moved\n").add(groups.sets(None));
    Some(sql)
}

/// Present at an instant: begun before it, and not ended before it.
fn there(instant: &str) -> String {
    format!("\"_from\" < \"{instant}\" AND (\"_until\" IS NULL OR \"_until\" >= \"{instant}\")")
}
