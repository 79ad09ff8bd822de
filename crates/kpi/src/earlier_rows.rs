//! Rows of days before the first one that is measured: they count in no period, and somebody has to know.

use std::collections::BTreeSet;

use scorewright_domain::Fault;
use scorewright_warehouse::Session;

use crate::calendar::Calendar;
use crate::faults::ProjectFaults;
use crate::measure::{CountedRows, MeasureContext, MeasuredFrom, TimeType};
use crate::metric::{EventRows, FactRows, Metric};
use crate::sql::Sql;

/// Rows of a fact that lie before the first day that is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierRows {
    /// The fact.
    pub fact: String,
    /// The column, or the expression, by which its rows fall into periods.
    pub time: String,
    /// How many of those that count otherwise.
    pub rows: u64,
}

/// The rows before the first day that is measured, of each fact and moment that metrics ask for; those with none are not
/// named. Intervals that begin earlier are no such rows: they count at the end of every later period.
///
/// # Errors
///
/// [`ProjectFaults`] that point into the metric files.
pub fn earlier_rows(
    metrics: &[Metric],
    session: &Session,
    calendar: &Calendar,
) -> Result<Vec<EarlierRows>, ProjectFaults> {
    let mut asked = BTreeSet::new();
    let mut found = Vec::new();
    for metric in metrics {
        let MeasuredFrom::Fact(kind) = MeasuredFrom::of(&metric.kind) else { continue };
        let FactRows::Events(rows) = kind.rows() else { continue };
        if !asked.insert((rows.fact.text.as_str(), rows.time.text.as_str())) {
            continue;
        }
        let context = MeasureContext { metric, session, calendar, most_segments: usize::MAX };
        let count = count(&context, rows)?;
        if count > 0 {
            let (fact, time) = (rows.fact.text.clone(), rows.time.text.clone());
            found.push(EarlierRows { fact, time, rows: count });
        }
    }
    Ok(found)
}

fn count(context: &MeasureContext, rows: &EventRows) -> Result<u64, Fault> {
    let time_type = TimeType::of(context, &rows.fact, &rows.time)?;
    let counted = CountedRows::of(context, &rows.fact, &rows.left_out)?;
    let since = time_type.start_of(context.calendar.since(), context);
    let mut sql = Sql::new();
    sql.add("SELECT count(*) AS \"_rows\" FROM (SELECT ");
    time_type.add_to(&mut sql, &rows.time, "_at");
    sql.add(" FROM");
    counted.add_to(&mut sql, &rows.fact);
    sql.add(format!(") WHERE \"_at\" < {since}"));
    context.query(&sql)?.only_row()?.count("_rows")
}
