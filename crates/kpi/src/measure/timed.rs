//! Rows that fall into a period by one moment, and their groups.

use scorewright_domain::{Fault, Grain, Period, SqlName};

use crate::measure::{Bench, Moment};
use crate::metric::{Expression, Rows};
use crate::sql::Sql;

/// Rows known on the as-of day that meet the filter, with their local time as `_local`.
pub(super) fn known_rows(bench: &Bench, rows: &Rows, moment: Moment) -> Sql {
    let as_of = moment.start_of(bench.calendar.as_of(), bench);
    let local = moment.local("\"_at\"", bench.calendar.time_zone());
    let mut sql = Sql::new();
    sql.add(format!("SELECT *, {local} AS \"_local\"\nFROM (SELECT *, "));
    moment.add_to(&mut sql, &rows.time, "_at");
    sql.add(" FROM").expression(&rows.fact);
    sql.add(format!(")\nWHERE \"_at\" < {as_of}"));
    if let Some(filter) = &rows.filter {
        sql.add(" AND (").expression(filter).add(")");
    }
    sql
}

/// A condition that puts `_local` or a day into a period.
pub(crate) fn in_period(period: Period, moment: Moment, column: &str, bench: &Bench) -> String {
    let (from, until) = (moment.start_of(period.from, bench), moment.start_of(period.until, bench));
    format!("{column} >= {from} AND {column} < {until}")
}

/// The columns that rows are grouped by: first days of the periods, then dimensions.
pub(super) struct Groups {
    buckets: Vec<String>,
    dimensions: Vec<String>,
    has_all: bool,
}

impl Groups {
    pub(super) fn of(grains: &[Grain], by: &[Expression]) -> Self {
        Self {
            buckets: grains
                .iter()
                .filter(|grain| **grain != Grain::All)
                .map(|grain| bucket(*grain))
                .collect(),
            dimensions: by
                .iter()
                .map(|dimension| SqlName(&format!("_by_{}", dimension.text)).to_string())
                .collect(),
            has_all: grains.contains(&Grain::All),
        }
    }

    /// Groups by one column that stands for the period.
    pub(super) fn of_column(column: &str, by: &[Expression]) -> Self {
        Self { buckets: vec![SqlName(column).to_string()], ..Self::of(&[], by) }
    }

    /// Number of columns before the dimensions.
    pub(super) fn buckets(&self) -> usize {
        self.buckets.len()
    }

    /// Number of columns before the measures.
    pub(super) fn width(&self) -> usize {
        self.buckets.len() + self.dimensions.len()
    }

    /// All columns, in the order they are selected.
    pub(super) fn columns(&self) -> Vec<String> {
        self.buckets.iter().chain(&self.dimensions).cloned().collect()
    }

    /// One set for each period length, alone and with each dimension; `also` joins every set.
    pub(super) fn sets(&self, also: Option<&str>) -> String {
        let everything = self.has_all.then_some(None);
        let buckets = self.buckets.iter().map(Some).chain(everything);
        let sets = buckets.flat_map(|bucket| {
            std::iter::once(None).chain(self.dimensions.iter().map(Some)).map(move |dimension| {
                let columns = bucket.into_iter().chain(dimension).map(String::as_str);
                format!("({})", columns.chain(also).collect::<Vec<_>>().join(", "))
            })
        });
        format!("GROUP BY GROUPING SETS ({})", sets.collect::<Vec<_>>().join(", "))
    }
}

fn bucket(grain: Grain) -> String {
    SqlName(&format!("_{}", grain.name())).to_string()
}

/// Known rows with the first day of each of their periods and with their dimensions, none of them null.
pub(super) fn bucketed(bench: &Bench, rows: &Rows) -> Result<Sql, Fault> {
    let moment = Moment::of(bench, &rows.fact, &rows.time)?;
    let known = known_rows(bench, rows, moment);
    let mut sql = Sql::new();
    sql.add("SELECT *, CAST(\"_local\" AS DATE) AS \"_day\"");
    for grain in bench.metric.grains.iter().filter(|grain| **grain != Grain::All) {
        let name = grain.name();
        sql.add(format!(
            ",\n  CAST(date_trunc('{name}', \"_local\") AS DATE) AS {}",
            bucket(*grain)
        ));
    }
    for dimension in &bench.metric.by {
        sql.add(",\n  ");
        add_dimension(&mut sql, dimension);
    }
    sql.add("\nFROM (").nested(&known).add(")");
    Ok(sql)
}

/// A dimension as text; a missing value is a value of its own, told apart from "not grouped".
pub(super) fn add_dimension(sql: &mut Sql, dimension: &Expression) {
    let none = scorewright_domain::Segment::NONE;
    sql.add("coalesce(nullif(CAST(").expression(dimension);
    sql.add(format!(
        " AS VARCHAR), ''), '{none}') AS {}",
        SqlName(&format!("_by_{}", dimension.text)).to_string()
    ));
}
