//! One exact number of each row of a fact: its distribution in every period and segment.

mod collected;

use scorewright_domain::{Fault, Grain, Period, SqlName};

use super::cells::GridCells;
use super::context::MeasureContext;
use super::rows::{EventRelation, Grouping, RowReader, everything, latest_column};
use crate::metric::Expression;
use crate::sql::Sql;
use crate::statistics::Distribution;
use collected::Observations;

/// Column of an observation.
pub(super) const VALUE: &str = "_value";

/// What is kept of the rows of a metric that looks at each of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Distributions {
    pub(super) cells: GridCells<Distribution>,
    /// How many digits of an observation follow the point; unknown without observations.
    digits: Option<i8>,
}

/// What is observed on each row of a relation.
pub(super) struct Observed<'a> {
    pub(super) relation: EventRelation,
    /// SQL of an exact number; rows without one are not observed.
    pub(super) value: Sql,
    /// Where it stands in the metric file.
    pub(super) at: &'a Expression,
}

impl Distributions {
    /// The distributions of all observations.
    ///
    /// # Errors
    ///
    /// A [`Fault`] where an observation is no exact number, or the SQL does not run.
    pub(super) fn of(context: &MeasureContext, observed: &Observed) -> Result<Self, Fault> {
        let (mut reader, mut collected) = (RowReader::of(context), Observations::new(context));
        let (columns, rows) = (observed.columns(context), observed.rows());
        let mut fault = None;
        let read = reader.read(&columns, &rows, |rows| {
            fault = collected.add(context, observed.at, rows)?.err();
            if fault.is_none() { Some(()) } else { None }
        })?;
        match (read, fault) {
            (Some(()), _) => {}
            (None, Some(fault)) => return Err(fault),
            // The engine says what is wrong with the query.
            (None, None) => {
                let answer = context.query(&observed.sql(context))?;
                return Err(answer.unusable(VALUE));
            }
        }
        let everything = match collected.everything(context) {
            Some(everything) => everything,
            None => everything_known(context, &observed.relation)?,
        };
        let digits = collected.digits;
        let cells = collected.into_cells(context, &reader.codes, everything);
        Ok(Self { cells, digits })
    }

    /// Those of the observations of both.
    pub(super) fn merged(self, other: Self) -> Self {
        Self {
            cells: self.cells.merged(other.cells, Distribution::merged),
            digits: self.digits.or(other.digits),
        }
    }

    /// What the last digit of an observation stands for.
    pub(super) fn unit(&self) -> f64 {
        10f64.powi(-i32::from(self.digits.unwrap_or_default()))
    }
}

impl Observed<'_> {
    /// One row for each observation: its dimensions, its value, its day; and where only the newest of some rows counts, in
    /// which of its periods it does.
    pub(super) fn sql(&self, context: &MeasureContext) -> Sql {
        let dimensions = Grouping::by_dimensions(context.metric).columns();
        let mut sql = Sql::new();
        sql.add("SELECT ").list(&dimensions).add(if dimensions.is_empty() { "" } else { ", " });
        sql.nested(&self.columns(context)).add("\nFROM (");
        sql.nested(&self.rows()).add(")");
        sql
    }

    /// The columns of an observation that its reader asks for.
    fn columns(&self, context: &MeasureContext) -> Sql {
        let quoted = |name: &str| SqlName(name).to_string();
        let mut columns = vec![quoted(VALUE), quoted("_day")];
        columns.push(format!("{} AS \"_first\"", quoted(self.relation.first_day())));
        if self.relation.has_latest {
            let grains = context.metric.grains.iter();
            columns.extend(grains.map(|grain| quoted(&latest_column(*grain))));
        }
        let mut sql = Sql::new();
        sql.list(&columns);
        sql
    }

    /// The rows that have a value, with it.
    fn rows(&self) -> Sql {
        let mut sql = Sql::new();
        sql.add("SELECT * FROM (SELECT *, (").nested(&self.value);
        sql.add(") AS \"_value\" FROM (").nested(&self.relation.sql);
        sql.add("))\nWHERE \"_value\" IS NOT NULL");
        sql
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
