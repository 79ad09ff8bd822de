//! Conditions that a row meets to be counted.

use scorewright_domain::{Segment, SqlName, SqlText};

use crate::metric::{Expression, Metric};
use crate::sql::Sql;

/// Column that says whether a row is the newest of those that agree in the columns of `latest_of`.
pub(super) const IS_LATEST: &str = "_is_latest";

/// A reason not to count a row, in words and as a condition that holds for rows that stay.
pub(super) struct RowCondition {
    pub(super) excluded: String,
    pub(super) keeps: Sql,
}

impl RowCondition {
    pub(super) fn new(excluded: impl Into<String>, keeps: impl AsRef<str>) -> Self {
        let mut sql = Sql::new();
        sql.add(keeps);
        Self { excluded: excluded.into(), keeps: sql }
    }

    /// Rows that meet the filter of the metric.
    pub(super) fn filter(filter: &Expression) -> Self {
        let mut keeps = Sql::new();
        keeps.add("(").expression(filter).add(")");
        Self { excluded: format!("not `{}`", filter.text), keeps }
    }

    /// Rows that are the newest of those that agree in some columns.
    pub(super) fn latest(columns: &[Expression]) -> Self {
        let columns: Vec<String> =
            columns.iter().map(|column| format!("`{}`", column.text)).collect();
        let excluded = format!("not the latest of {}", columns.join(", "));
        Self::new(excluded, SqlName(IS_LATEST).to_string())
    }

    /// Rows of a segment; every row is in the total.
    pub(super) fn segment(metric: &Metric, segment: &Segment) -> Option<Self> {
        if segment.is_total() {
            return None;
        }
        let column = format!("nullif(CAST({} AS VARCHAR), '')", SqlName(&segment.dimension));
        let value = format!("coalesce({column}, '{}')", Segment::NONE);
        let keeps = match metric.segments.get(&segment.dimension) {
            Some(named) if segment.value == Segment::OTHER => {
                let named = named.iter().map(|name| SqlText(name).to_string());
                let named: Vec<String> = named.chain([format!("'{}'", Segment::NONE)]).collect();
                format!("{value} NOT IN ({})", named.join(", "))
            }
            _ => format!("{value} = {}", SqlText(&segment.value)),
        };
        Some(Self::new(format!("not {segment}"), keeps))
    }
}

/// All conditions at once.
pub(super) fn all_of(conditions: &[RowCondition]) -> Sql {
    let mut sql = Sql::new();
    for (at, condition) in conditions.iter().enumerate() {
        sql.add(if at > 0 { " AND " } else { "" }).nested(&condition.keeps);
    }
    sql
}
